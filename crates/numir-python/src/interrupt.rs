//! Ctrl-C in compiled loops: they ask now and then, and the answer is Python's signal handler.

use pyo3::prelude::*;
use std::cell::RefCell;

thread_local! {
    /// What a signal handler raised while compiled code ran on this thread.
    static RAISED: RefCell<Option<PyErr>> = const { RefCell::new(None) };
}

/// Has compiled code ask from now on.
pub(crate) fn install() {
    numir_runtime::interrupt::set_check(Some(check));
}

/// Runs Python's signal handlers; true if one raised. Only the main thread has signals, and no other waits for the interpreter.
fn check() -> bool {
    // SAFETY: both only tell a number.
    if unsafe { libc::gettid() != libc::getpid() } {
        return false;
    }
    Python::attach(|py| match py.check_signals() {
        Ok(()) => false,
        Err(error) => {
            RAISED.with_borrow_mut(|raised| *raised = Some(error));
            true
        }
    })
}

/// What a signal handler raised, if that ended the work of this thread.
pub(crate) fn take() -> Option<PyErr> {
    RAISED.take()
}
