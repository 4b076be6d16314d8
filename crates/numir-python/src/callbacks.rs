//! Functions that C calls: their addresses, and what becomes of the errors in them.

use crate::compile::specialisation_for;
use crate::specialisation::Specialisation;
use pyo3::exceptions::PySystemError;
use pyo3::ffi;
use pyo3::prelude::*;
use std::collections::HashMap;
use std::ffi::c_void;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// A function that C calls: its code, and the object that stands for it in messages.
type Callback = (Arc<Specialisation>, Py<PyAny>);

/// Those there are, by their addresses. C may keep an address as long as the process lives, so the code stays.
fn callbacks() -> MutexGuard<'static, HashMap<usize, Callback>> {
    static CALLBACKS: OnceLock<Mutex<HashMap<usize, Callback>>> = OnceLock::new();
    CALLBACKS.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner)
}

/// Has errors in functions that C calls reported as Python reports what it cannot raise.
pub(crate) fn install() {
    numir_runtime::unraisable::set_report(Some(report));
}

/// Address and symbol of the function of C that a dispatcher is, for these types of its parameters. `owner` stands for it where an
/// error is reported.
#[pyfunction]
pub(crate) fn c_entry(
    dispatcher: &Bound<'_, PyAny>,
    types: Vec<String>,
    owner: Py<PyAny>,
) -> PyResult<(usize, String)> {
    let specialisation = specialisation_for(dispatcher, &types)?;
    let entry = specialisation.c_entry.clone();
    let entry = entry.ok_or_else(|| PySystemError::new_err("the function was not compiled for C"))?;
    callbacks().insert(entry.0, (specialisation, owner));
    Ok(entry)
}

fn report(function: *const c_void) {
    Python::attach(|py| {
        let known = callbacks().get(&function.addr()).map(|(code, owner)| (code.clone(), owner.clone_ref(py)));
        // What is being raised where C was called from stays as it is.
        let pending = PyErr::take(py);
        let owner = match &known {
            Some((code, owner)) => {
                code.restore_error(py);
                owner.as_ptr()
            }
            None => {
                crate::raised::restore(py, &[], &[]);
                std::ptr::null_mut()
            }
        };
        // SAFETY: an error is set, and the object is alive.
        unsafe { ffi::PyErr_WriteUnraisable(owner) };
        if let Some(pending) = pending {
            pending.restore(py);
        }
    });
}
