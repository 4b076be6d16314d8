//! What compiled code prints goes to `sys.stdout`, in order with what Python prints. Where writing fails, the call goes on to its
//! end and raises then.

use crate::attached::attached;
use pyo3::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

static HAS_FAILED: AtomicBool = AtomicBool::new(false);
/// The first failure of a print that no call has raised yet.
static FAILURE: Mutex<Option<PyErr>> = Mutex::new(None);

/// From now on.
pub(crate) fn install() {
    numir_runtime::print::set_sink(Some(Box::new(|bytes| {
        // While the interpreter shuts down there is nobody to print for.
        Python::try_attach(|py| {
            let text = String::from_utf8_lossy(bytes);
            let written = py.import("sys").and_then(|sys| {
                let stdout = sys.getattr("stdout")?;
                // Without a console there is nowhere to print to.
                if stdout.is_none() { Ok(()) } else { stdout.call_method1("write", (text,)).map(|_| ()) }
            });
            if let Err(error) = written {
                FAILURE.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
                HAS_FAILED.store(true, Ordering::Release);
            }
        });
    })));
}

/// Whether a print has failed that no call has raised yet.
pub(crate) fn has_failed() -> bool {
    HAS_FAILED.load(Ordering::Relaxed)
}

/// Sets the failure of a print as the current exception; false where another call has it.
pub(crate) fn raise(py: Python<'_>) -> bool {
    HAS_FAILED.store(false, Ordering::Relaxed);
    let failure = FAILURE.lock().unwrap_or_else(PoisonError::into_inner).take();
    failure.is_some_and(|error| {
        attached(py, |py| error.restore(py));
        true
    })
}
