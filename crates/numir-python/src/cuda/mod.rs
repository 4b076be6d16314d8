//! `numir.cuda`'s part that is not Python: devices, and arrays and work on them. Each function takes the target that tells which devices are meant.

mod arrays;
mod places;

use numir_runtime::RaisedError;
use numir_runtime::device::Place;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::raised;
pub(crate) use arrays::DeviceArray;

/// Adds the functions and classes to the extension module.
pub(crate) fn install(module: &Bound<'_, PyModule>) -> PyResult<()> {
    arrays::install(module)?;
    places::install(module)
}

/// The devices that a target means.
fn place_of(target: &str) -> PyResult<Place> {
    Place::of_target(target).ok_or_else(|| PyValueError::new_err(format!("the target {target:?} has no device")))
}

/// Does something that may wait for a device, without the interpreter; its error as a Python exception.
fn ask<T: Send>(py: Python<'_>, work: impl FnOnce() -> Result<T, RaisedError> + Send) -> PyResult<T> {
    py.detach(work).map_err(|error| raised::of_runtime(py, &error))
}
