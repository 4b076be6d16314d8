//! What is dropped where PyO3 has not attached the thread itself is released later, at its next attachment: after many failing calls
//! that is a leak. Whatever makes or drops owned references on the call path runs through here.

use pyo3::prelude::*;

/// Runs `work` on this thread, which holds the interpreter, with PyO3 knowing so. While the interpreter shuts down PyO3 refuses; then
/// references are released late or never.
#[cold]
pub(crate) fn attached<R>(py: Python<'_>, work: impl FnOnce(Python<'_>) -> R) -> R {
    let mut work = Some(work);
    let mut result = None;
    let mut once = |py: Python<'_>| result = work.take().map(|work| work(py));
    if Python::try_attach(&mut once).is_none() {
        once(py);
    }
    result.unwrap_or_else(|| unreachable!("either attachment runs the work"))
}
