//! Memory of the host that does not leave its place, so that a device copies from and to it by itself. The simulator has no need of that, and
//! gives memory as any other.

use super::failure::DeviceError;
use super::reserved::Reserved;
use super::{Place, cuda};
use crate::error::RaisedError;

/// Memory that is pinned as long as this lives.
pub struct Pinned {
    start: usize,
    bytes: usize,
    kind: Kind,
}

enum Kind {
    /// The simulator's.
    Plain(#[expect(dead_code, reason = "it is kept to be dropped")] Option<Reserved>),
    /// The driver's.
    Driver,
    /// The program's, which the driver knows.
    Registered,
}

impl Pinned {
    /// New memory of so many bytes.
    ///
    /// # Errors
    /// There is no device, or no memory.
    pub fn allocate(place: Place, bytes: usize) -> Result<Self, RaisedError> {
        let none = || DeviceError::Stated("MemoryError", format!("no memory for a pinned array of {bytes} bytes"));
        let (start, kind) = match place {
            Place::Cuda => (cuda::get()?.allocate_pinned(bytes.max(1))?, Kind::Driver),
            Place::Simulator => {
                let range = Reserved::new(bytes).ok_or_else(none)?;
                (range.start(), Kind::Plain(Some(range)))
            }
        };
        Ok(Self { start: start.expose_provenance(), bytes, kind })
    }

    /// Memory of the program's, from now on until this goes.
    ///
    /// # Errors
    /// There is no device, or the driver cannot pin that memory.
    ///
    /// # Safety
    /// The memory lives for as long as this.
    pub unsafe fn register(place: Place, start: *mut u8, bytes: usize) -> Result<Self, RaisedError> {
        let kind = match place {
            Place::Cuda if bytes > 0 => {
                // SAFETY: the caller's promise.
                unsafe { cuda::get()?.register_pinned(start, bytes) }?;
                Kind::Registered
            }
            _ => Kind::Plain(None),
        };
        Ok(Self { start: start.expose_provenance(), bytes, kind })
    }

    /// Where it starts.
    #[must_use]
    pub fn start(&self) -> *mut u8 {
        std::ptr::with_exposed_provenance_mut(self.start)
    }

    /// Its bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }
}

impl Drop for Pinned {
    fn drop(&mut self) {
        // Where the device cannot be had any more, as in the child of a fork, the memory stays.
        match (&self.kind, cuda_if_opened(&self.kind)) {
            (Kind::Driver, Some(cuda)) => cuda.free_pinned(self.start()),
            (Kind::Registered, Some(cuda)) => cuda.unregister_pinned(self.start()),
            _ => {}
        }
    }
}

fn cuda_if_opened(kind: &Kind) -> Option<&'static cuda::Cuda> {
    if matches!(kind, Kind::Plain(_)) { None } else { cuda::get().ok() }
}
