//! Exceptions: what compiled code raised as the same Python exception, with the lines of the compiled functions at the end
//! of its traceback; and what the compiler found as one of numir's own.

use crate::interrupt;
use numir_interface::wire::Failure;
use numir_runtime::{Frame, RaisedError, take_pending_error};
use pyo3::exceptions::PySystemError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple, PyType};
use std::ffi::{CString, c_char, c_int};

unsafe extern "C" {
    // Exported by every CPython from 3.10 to 3.14, though not declared for extensions in all of them.
    fn PyCode_NewEmpty(file: *const c_char, function: *const c_char, line: c_int) -> *mut ffi::PyCodeObject;
    fn PyTraceBack_Here(frame: *mut ffi::PyFrameObject) -> c_int;
    fn PyFrame_New(
        thread: *mut ffi::PyThreadState,
        code: *mut ffi::PyCodeObject,
        globals: *mut ffi::PyObject,
        locals: *mut ffi::PyObject,
    ) -> *mut ffi::PyFrameObject;
}

/// Sets the exception that an entry has left on this thread. Some files may have other names than the code knows; some classes are
/// the program's own.
pub(crate) fn restore(py: Python<'_>, renamed: &[(String, String)], classes: &[(String, Py<PyAny>)]) {
    let Some(raised) = take_pending_error() else {
        return PySystemError::new_err("compiled code failed without an error").restore(py);
    };
    // What a signal handler raised is more than the word that ended the work.
    let error = interrupt::take().map_or_else(|| exception(py, &raised, classes), Ok);
    let error = error.unwrap_or_else(|error| error);
    set_context(py, &error);
    error.restore(py);
    // The library's functions have no frames, as CPython's own have none.
    let is_library = |frame: &Frame| frame.file.starts_with("<library>");
    let whole = raised.traceback.iter().all(is_library);
    for frame in raised.traceback.iter().rev().filter(|frame| whole || !is_library(frame)) {
        let now = renamed.iter().find(|(then, _)| *then == frame.file);
        add_frame(py, now.map_or(&frame.file, |(_, now)| now), &frame.function, frame.line);
    }
}

/// Makes the exception that is being handled the context of one that is raised now, as a `raise` in Python does; setting an exception
/// does that up to CPython 3.11 alone.
fn set_context(py: Python<'_>, error: &PyErr) {
    let handled = || py.import("sys")?.call_method0("exc_info")?.get_item(1);
    let Ok(handled) = handled() else { return };
    let value = error.value(py);
    if !handled.is_none() && !handled.is(value) {
        // SAFETY: an exception, and one that is given away.
        unsafe { ffi::PyException_SetContext(value.as_ptr(), handled.into_ptr()) };
    }
}

/// An error of the runtime, outside of compiled code.
pub(crate) fn of_runtime(py: Python<'_>, raised: &RaisedError) -> PyErr {
    exception(py, raised, &[]).unwrap_or_else(|error| error)
}

/// The classes of errors that only devices make.
const OWN: [&str; 3] = ["BarrierError", "DeviceError", "RaceError"];

fn exception(py: Python<'_>, raised: &RaisedError, classes: &[(String, Py<PyAny>)]) -> PyResult<PyErr> {
    if raised.kind == numir_runtime::host::ERROR
        && let Some(error) = crate::host::raised(&raised.message)
    {
        return Ok(error);
    }
    let class = match classes.iter().find(|(name, _)| *name == raised.kind) {
        Some((_, class)) => class.bind(py).clone(),
        None if raised.kind == "AxisError" => py.import("numpy.exceptions")?.getattr("AxisError")?,
        None if raised.kind == "LinAlgError" => py.import("numpy.linalg")?.getattr("LinAlgError")?,
        None if OWN.contains(&raised.kind.as_str()) => py.import("numir.errors")?.getattr(raised.kind.as_str())?,
        None => py.import("builtins")?.getattr(raised.kind.as_str())?,
    };
    let class = class.cast_into::<PyType>().map_err(|_| PySystemError::new_err(raised.to_string()))?;
    let arguments = match raised.message.as_str() {
        "" => PyTuple::empty(py),
        message if raised.has_arguments => arguments(py, message)?,
        message => PyTuple::new(py, [message])?,
    };
    // Made when it is set, so that what is being handled becomes its context. The class's own constructor may refuse the
    // arguments: then that is the error, as in Python.
    Ok(PyErr::from_type(class, arguments.unbind()))
}

/// An exception's arguments from their source: literals, among which Python has no infinity and no NaN.
fn arguments<'py>(py: Python<'py>, source: &str) -> PyResult<Bound<'py, PyTuple>> {
    let names = PyDict::new(py);
    names.set_item("inf", f64::INFINITY)?;
    names.set_item("nan", f64::NAN)?;
    names.set_item("__builtins__", PyDict::new(py))?;
    Ok(py.eval(&CString::new(source)?, Some(&names), None)?.cast_into()?)
}

/// Adds an entry in front of the current exception's traceback. Where that fails the traceback is shorter.
fn add_frame(py: Python<'_>, file: &str, function: &str, line: u32) {
    let error = PyErr::take(py);
    let frame = make_frame(py, file, function, line);
    if let Some(error) = error {
        error.restore(py);
    }
    if let Ok(frame) = frame {
        // SAFETY: the frame is ours, and an exception is set.
        unsafe {
            PyTraceBack_Here(frame);
            ffi::Py_DECREF(frame.cast());
        }
    }
}

/// An error that was found in Python while a function was compiled: one of numir's own tells of the function and not of where
/// numir found it.
pub(crate) fn at_function(dispatcher: &Bound<'_, PyAny>, error: PyErr) -> PyErr {
    let py = dispatcher.py();
    let place = (|| {
        let ours = py.import("numir.errors")?.getattr("NumirError")?;
        if !error.value(py).is_instance(&ours)? {
            return Ok(None);
        }
        let code = dispatcher.getattr("__wrapped__")?.getattr("__code__")?;
        let file: String = code.getattr("co_filename")?.extract()?;
        let (name, line) = (code.getattr("co_name")?.extract()?, code.getattr("co_firstlineno")?.extract()?);
        PyResult::Ok(Some((file, name, line)))
    })();
    let Ok(Some((file, name, line))): PyResult<Option<(String, String, u32)>> = place else { return error };
    error.set_traceback(py, None);
    error.restore(py);
    add_frame(py, &file, &name, line);
    PyErr::fetch(py)
}

fn make_frame(py: Python<'_>, file: &str, function: &str, line: u32) -> PyResult<*mut ffi::PyFrameObject> {
    let [file, function] = [file, function].map(|text| CString::new(text.replace('\0', "?")).unwrap_or_default());
    let globals = pyo3::types::PyDict::new(py);
    // SAFETY: C strings that live during the call; what is made is released or handed over.
    unsafe {
        let code = PyCode_NewEmpty(file.as_ptr(), function.as_ptr(), line as c_int);
        if code.is_null() {
            return Err(PyErr::fetch(py));
        }
        let frame = PyFrame_New(ffi::PyThreadState_Get(), code, globals.as_ptr(), std::ptr::null_mut());
        ffi::Py_DECREF(code.cast());
        if frame.is_null() { Err(PyErr::fetch(py)) } else { Ok(frame) }
    }
}

/// An exception of numir.errors, of the class for what the compiler calls so.
pub(crate) fn of_kind(py: Python<'_>, kind: &str, message: String) -> PyErr {
    let class = py.import("numir.errors").and_then(|errors| errors.call_method1("of_kind", (kind,)));
    match class.and_then(|class| Ok(class.cast_into::<PyType>()?)) {
        Ok(class) => PyErr::from_type(class, (message,)),
        Err(error) => error,
    }
}

/// The exception that tells of a failed compilation of `name`, one of numir.errors. Its traceback ends at the place in the user's file.
pub(crate) fn failure(py: Python<'_>, name: &str, failure: &Failure) -> PyErr {
    // Python writes the class in front of the message.
    let title = ["error", &failure.kind].into_iter().find_map(|kind| failure.rendered.strip_prefix(kind));
    let message = title.and_then(|rest| rest.strip_prefix(": ")).unwrap_or(&failure.rendered);
    let error = of_kind(py, &failure.kind, message.trim_end().to_owned());
    let Some((file, line, _, function)) = &failure.place else { return error };
    error.restore(py);
    add_frame(py, file, if function.is_empty() { name } else { function }, *line);
    PyErr::fetch(py)
}
