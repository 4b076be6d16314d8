//! `numir.cuda`'s part that is not Python: devices, and arrays and work on them. Each function takes the target that tells which devices are meant.

mod activity;
mod arrays;
mod dlpack;
mod kernels;
mod places;
mod streams;

use numir_runtime::RaisedError;
use numir_runtime::device::Place;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::raised;
pub(crate) use arrays::DeviceArray;

/// Adds the functions and classes to the extension module.
pub(crate) fn install(module: &Bound<'_, PyModule>) -> PyResult<()> {
    activity::install(module)?;
    arrays::install(module)?;
    dlpack::install(module)?;
    kernels::install(module)?;
    places::install(module)?;
    streams::install(module)
}

/// The devices that a target means.
fn place_of(target: &str) -> PyResult<Place> {
    Place::of_target(target).ok_or_else(|| PyValueError::new_err(format!("the target {target:?} has no device")))
}

/// Does something that may wait for a device, without the interpreter; its error as a Python exception.
fn ask<T: Send>(py: Python<'_>, work: impl FnOnce() -> Result<T, RaisedError> + Send) -> PyResult<T> {
    py.detach(work).map_err(|error| raised::of_runtime(py, &error))
}

/// Drops what may wait for a device as it goes: meanwhile the interpreter is left to others, of whom the device may be waiting for one.
fn drop_without_interpreter<T: Send>(value: &mut Option<T>) {
    if let Some(value) = value.take() {
        let mut value = Some(value);
        // While the interpreter shuts down there is nobody to leave it to, and the value goes behind this.
        Python::try_attach(|py| py.detach(|| drop(value.take())));
    }
}
