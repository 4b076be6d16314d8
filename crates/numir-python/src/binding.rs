//! The arguments of a call in the order of the parameters, as Python binds them.

use pyo3::exceptions::PyTypeError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};

/// The parameters of a Python function.
pub(crate) struct Parameters {
    /// Positional ones, then those that are given by keyword only.
    names: Vec<Py<PyString>>,
    positional_only: usize,
    positional: usize,
    has_default: Vec<bool>,
    /// Whether further positional arguments are taken.
    rest: bool,
}

impl Parameters {
    /// Those of a function.
    ///
    /// # Errors
    /// TypeError for what is no Python function.
    pub(crate) fn of(function: &Bound<'_, PyAny>) -> PyResult<Self> {
        const VARARGS: u32 = 4;
        let Ok(code) = function.getattr("__code__") else {
            return Err(PyTypeError::new_err(format!(
                "only Python functions can be compiled, not {}",
                function.get_type().name()?
            )));
        };
        let count = |name: &str| -> PyResult<usize> { code.getattr(name)?.extract() };
        let (positional, keyword_only) = (count("co_argcount")?, count("co_kwonlyargcount")?);
        let variables = code.getattr("co_varnames")?.cast_into::<PyTuple>()?;
        let names = (0..positional + keyword_only)
            .map(|place| Ok(variables.get_item(place)?.cast_into::<PyString>()?.unbind()))
            .collect::<PyResult<Vec<_>>>()?;
        let defaults = function.getattr("__defaults__")?.cast::<PyTuple>().map_or(0, |values| values.len());
        let keyword_defaults = function.getattr("__kwdefaults__")?;
        let has_default = names.iter().enumerate().map(|(place, name)| {
            if place < positional {
                return Ok(place + defaults >= positional);
            }
            keyword_defaults.cast::<PyDict>().map_or(Ok(false), |values| values.contains(name))
        });
        let has_default = has_default.collect::<PyResult<_>>()?;
        let rest = code.getattr("co_flags")?.extract::<u32>()? & VARARGS != 0;
        Ok(Self { names, positional_only: count("co_posonlyargcount")?, positional, has_default, rest })
    }

    /// Whether so many positional arguments fill the parameters, one each.
    pub(crate) fn are_exactly(&self, count: usize) -> bool {
        count == self.names.len() && count == self.positional
    }

    /// Their number.
    pub(crate) fn count(&self) -> usize {
        self.names.len()
    }

    /// Whether further positional arguments are taken.
    pub(crate) fn has_rest(&self) -> bool {
        self.rest
    }
}

/// One object per parameter, null where it is left to its default; then those that `*args` takes. None where the arguments do not
/// fit the parameters: [`misfit`] tells why.
///
/// # Errors
/// What comparing names raised.
///
/// # Safety
/// `arguments` are `count` objects and as many more as `names`, a tuple of strings or null, has items.
pub(crate) unsafe fn bind(
    py: Python<'_>,
    parameters: &Parameters,
    arguments: *const *mut ffi::PyObject,
    count: usize,
    names: *mut ffi::PyObject,
) -> PyResult<Option<Vec<*mut ffi::PyObject>>> {
    let positional = parameters.positional;
    if count > positional && !parameters.rest {
        return Ok(None);
    }
    let mut objects = vec![std::ptr::null_mut(); parameters.names.len()];
    // SAFETY: the caller's promise; so below.
    let given = |place: usize| unsafe { *arguments.add(place) };
    for (place, object) in objects.iter_mut().enumerate().take(count.min(positional)) {
        *object = given(place);
    }
    let keywords = if names.is_null() { 0 } else { unsafe { ffi::PyTuple_GET_SIZE(names) as usize } };
    for keyword in 0..keywords {
        let name = unsafe { Bound::from_borrowed_ptr(py, ffi::PyTuple_GET_ITEM(names, keyword as isize)) };
        let mut place = None;
        for (candidate, known) in parameters.names.iter().enumerate().skip(parameters.positional_only) {
            if known.as_ptr() == name.as_ptr() || known.bind(py).as_any().eq(&name)? {
                place = Some(candidate);
                break;
            }
        }
        match place {
            Some(place) if objects[place].is_null() => objects[place] = given(count + keyword),
            _ => return Ok(None),
        }
    }
    if objects.iter().zip(&parameters.has_default).any(|(object, has_default)| object.is_null() && !has_default) {
        return Ok(None);
    }
    objects.extend((positional..count).map(given));
    Ok(Some(objects))
}

/// What Python says of arguments that do not fit a function's parameters.
///
/// # Safety
/// As for [`bind`].
pub(crate) unsafe fn misfit(
    function: &Bound<'_, PyAny>,
    arguments: *const *mut ffi::PyObject,
    count: usize,
    names: *mut ffi::PyObject,
) -> PyErr {
    let py = function.py();
    let keywords = PyDict::new(py);
    let told = (|| {
        // SAFETY: the caller's promise.
        let given = |place: usize| unsafe { Bound::from_borrowed_ptr(py, *arguments.add(place)) };
        if !names.is_null() {
            // SAFETY: a tuple.
            let names = unsafe { Bound::from_borrowed_ptr(py, names) }.cast_into::<PyTuple>()?;
            for (place, name) in names.iter().enumerate() {
                keywords.set_item(name, given(count + place))?;
            }
        }
        let positional = PyTuple::new(py, (0..count).map(given))?;
        py.import("numir._arguments")?.call_method1("explain", (function, positional, &keywords))
    })();
    told.err().unwrap_or_else(|| PyTypeError::new_err("the arguments do not fit the function's parameters"))
}
