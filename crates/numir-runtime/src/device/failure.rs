//! What can go wrong with a device: an error of the runtime's own, or one that a kernel has raised.

use crate::error::{Pending, RaisedError, swap_pending};

/// An error on its way to the host.
#[derive(Debug)]
pub(super) enum DeviceError {
    /// The exception's class, and what is wrong and what to do about it.
    Stated(&'static str, String),
    /// What a thread of a kernel has raised.
    Raised(Box<Pending>),
}

impl DeviceError {
    /// As an error that can become pending.
    pub(super) fn into_pending(self) -> Box<Pending> {
        match self {
            Self::Stated(kind, message) => Box::new(Pending::without_place(kind, message)),
            Self::Raised(pending) => pending,
        }
    }
}

impl From<DeviceError> for RaisedError {
    fn from(error: DeviceError) -> Self {
        error.into_pending().finish()
    }
}

/// 0, or 1 with the error pending on this thread.
pub(super) fn status(result: Result<(), DeviceError>) -> i32 {
    result.map_or_else(raise, |()| 0)
}

/// Makes the error the thread's pending one. 1.
pub(super) fn raise(error: DeviceError) -> i32 {
    swap_pending(Some(error.into_pending()));
    1
}
