//! Which devices there are, and what they say of themselves.

use super::{ask, place_of};
use pyo3::prelude::*;

/// Adds the functions to the extension module.
pub(super) fn install(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(device_version, module)?)?;
    module.add_function(wrap_pyfunction!(device_count, module)?)?;
    module.add_function(wrap_pyfunction!(device_description, module)?)?;
    module.add_function(wrap_pyfunction!(device_attribute, module)?)?;
    module.add_function(wrap_pyfunction!(current_device, module)?)?;
    module.add_function(wrap_pyfunction!(select_device, module)?)?;
    module.add_function(wrap_pyfunction!(device_memory, module)?)?;
    module.add_function(wrap_pyfunction!(synchronize_device, module)?)?;
    module.add_function(wrap_pyfunction!(close_device, module)?)
}

/// The version of CUDA that the driver is for: 12040 for 12.4.
#[pyfunction]
fn device_version(py: Python<'_>, target: &str) -> PyResult<u32> {
    let place = place_of(target)?;
    ask(py, || place.version())
}

/// How many devices there are.
#[pyfunction]
fn device_count(py: Python<'_>, target: &str) -> PyResult<u32> {
    let place = place_of(target)?;
    ask(py, || place.count())
}

/// A device's name, compute capability and identity.
#[pyfunction]
fn device_description(py: Python<'_>, target: &str, number: u32) -> PyResult<(String, (u32, u32), [u8; 16])> {
    let place = place_of(target)?;
    let device = ask(py, || place.describe(number))?;
    Ok((device.name, device.capability, device.identity))
}

/// An attribute of a device, by the driver's number of it.
#[pyfunction]
fn device_attribute(py: Python<'_>, target: &str, number: u32, name: u32) -> PyResult<u32> {
    let place = place_of(target)?;
    ask(py, || place.attribute(number, name))
}

/// The number of the device that kernels run on.
#[pyfunction]
fn current_device(py: Python<'_>, target: &str) -> PyResult<u32> {
    let place = place_of(target)?;
    ask(py, || place.current())
}

/// From now on kernels run on that device.
#[pyfunction]
fn select_device(py: Python<'_>, target: &str, number: u32) -> PyResult<()> {
    let place = place_of(target)?;
    ask(py, || place.select(number))
}

/// Bytes of the device's memory that are free, and all.
#[pyfunction]
fn device_memory(py: Python<'_>, target: &str) -> PyResult<(usize, usize)> {
    let place = place_of(target)?;
    ask(py, || place.memory())
}

/// Waits for all that was launched on the device.
#[pyfunction]
fn synchronize_device(py: Python<'_>, target: &str) -> PyResult<()> {
    let place = place_of(target)?;
    ask(py, || place.synchronize())
}

/// Waits for all that was launched on the device; arrays that live there are gone.
#[pyfunction]
fn close_device(py: Python<'_>, target: &str) -> PyResult<()> {
    let place = place_of(target)?;
    ask(py, || place.close())
}
