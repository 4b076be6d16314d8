//! Streams and events.

use super::{ask, drop_without_interpreter, place_of};
use numir_runtime::device::{self, Event, Place, Stream};
use pyo3::prelude::*;

/// Adds the functions and classes to the extension module.
pub(super) fn install(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<DeviceStream>()?;
    module.add_class::<DeviceEvent>()?;
    module.add_function(wrap_pyfunction!(current_stream, module)?)?;
    module.add_function(wrap_pyfunction!(enter_stream, module)?)?;
    module.add_function(wrap_pyfunction!(wait_for_stream, module)?)?;
    module.add_function(wrap_pyfunction!(is_stream_done, module)?)?;
    module.add_function(wrap_pyfunction!(call_after_stream, module)?)
}

/// A stream of a device, which ends with this unless it is another library's.
#[pyclass(frozen, module = "numir")]
struct DeviceStream(Option<Stream>);

#[pymethods]
impl DeviceStream {
    /// A new one.
    #[new]
    fn new(py: Python<'_>, target: &str) -> PyResult<Self> {
        let place = place_of(target)?;
        Ok(Self(Some(ask(py, || Stream::new(place))?)))
    }

    /// That of another library, by its handle.
    #[staticmethod]
    fn external(target: &str, handle: u64) -> PyResult<Self> {
        Ok(Self(Some(Stream::external(place_of(target)?, handle))))
    }

    /// The driver's handle.
    #[getter]
    fn handle(&self) -> u64 {
        self.0.as_ref().map_or(0, Stream::handle)
    }
}

impl Drop for DeviceStream {
    fn drop(&mut self) {
        drop_without_interpreter(&mut self.0);
    }
}

/// The handle of the stream that this thread's work goes to.
#[pyfunction]
fn current_stream() -> u64 {
    device::current_stream()
}

/// From now on this thread's work goes to that stream. The former one.
#[pyfunction]
fn enter_stream(handle: u64) -> u64 {
    device::enter_stream(handle)
}

/// Waits for all that was begun in a stream.
#[pyfunction]
fn wait_for_stream(py: Python<'_>, target: &str, handle: u64) -> PyResult<()> {
    let place = place_of(target)?;
    ask(py, || place.wait_for_stream(handle))
}

/// Whether all that was begun in a stream is done.
#[pyfunction]
fn is_stream_done(py: Python<'_>, target: &str, handle: u64) -> PyResult<bool> {
    let place = place_of(target)?;
    ask(py, || place.is_stream_done(handle))
}

/// Calls a Python function once all that was begun in a stream is done. What it raises is told as unraisable.
#[pyfunction]
fn call_after_stream(py: Python<'_>, target: &str, handle: u64, function: Py<PyAny>) -> PyResult<()> {
    let place = place_of(target)?;
    let call = move || {
        // While the interpreter shuts down there is nobody to call.
        Python::try_attach(|py| {
            if let Err(error) = function.call0(py) {
                error.write_unraisable(py, Some(function.bind(py)));
            }
        });
    };
    ask(py, move || place.call_after(handle, Box::new(call)))
}

/// An event.
#[pyclass(frozen, module = "numir")]
struct DeviceEvent(Event);

#[pymethods]
impl DeviceEvent {
    #[new]
    fn new(py: Python<'_>, target: &str, timing: bool) -> PyResult<Self> {
        let place: Place = place_of(target)?;
        Ok(Self(ask(py, || Event::new(place, timing))?))
    }

    /// The driver's handle.
    #[getter]
    fn handle(&self) -> u64 {
        self.0.handle()
    }

    /// Puts the event behind all that was begun in a stream.
    fn record(&self, py: Python<'_>, stream: u64) -> PyResult<()> {
        ask(py, || self.0.record(stream))
    }

    /// Waits until it is reached.
    fn synchronize(&self, py: Python<'_>) -> PyResult<()> {
        ask(py, || self.0.wait())
    }

    /// Whether it is reached.
    fn is_done(&self, py: Python<'_>) -> PyResult<bool> {
        ask(py, || self.0.is_done())
    }

    /// Has what is begun in a stream from now on come after it.
    fn hold(&self, py: Python<'_>, stream: u64) -> PyResult<()> {
        ask(py, || self.0.hold(stream))
    }

    /// Milliseconds from this to another.
    fn elapsed(&self, py: Python<'_>, end: &Self) -> PyResult<f32> {
        ask(py, || self.0.elapsed(&end.0))
    }
}
