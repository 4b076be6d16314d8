//! The arguments of a call in the order of the parameters, as Python binds them.

use pyo3::exceptions::PyTypeError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};

/// The parameters of a Python function.
pub(crate) struct Parameters {
    function: String,
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
        let function = function.getattr("__qualname__")?.extract()?;
        Ok(Self { function, names, positional_only: count("co_posonlyargcount")?, positional, has_default, rest })
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

/// One object per parameter, null where it is left to its default; then those that `*args` takes.
///
/// # Errors
/// TypeError, in Python's words.
///
/// # Safety
/// `arguments` are `count` objects and as many more as `names`, a tuple of strings or null, has items.
pub(crate) unsafe fn bind(
    py: Python<'_>,
    parameters: &Parameters,
    arguments: *const *mut ffi::PyObject,
    count: usize,
    names: *mut ffi::PyObject,
) -> PyResult<Vec<*mut ffi::PyObject>> {
    let Parameters { function, positional, .. } = parameters;
    let total = parameters.names.len();
    let mut objects = vec![std::ptr::null_mut(); total];
    // SAFETY: the caller's promise; so below.
    let given = |place: usize| unsafe { *arguments.add(place) };
    for (place, object) in objects.iter_mut().enumerate().take(count.min(*positional)) {
        *object = given(place);
    }
    if count > *positional && !parameters.rest {
        let plural = if *positional == 1 { "" } else { "s" };
        let verb = if count == 1 { "was" } else { "were" };
        return Err(PyTypeError::new_err(format!(
            "{function}() takes {positional} positional argument{plural} but {count} {verb} given"
        )));
    }
    let keywords = if names.is_null() { 0 } else { unsafe { ffi::PyTuple_GET_SIZE(names) as usize } };
    for keyword in 0..keywords {
        let name = unsafe { ffi::PyTuple_GET_ITEM(names, keyword as isize) };
        let name = unsafe { Bound::from_borrowed_ptr(py, name) };
        let mut place = None;
        for (candidate, known) in parameters.names.iter().enumerate().skip(parameters.positional_only) {
            if known.as_ptr() == name.as_ptr() || known.bind(py).as_any().eq(&name)? {
                place = Some(candidate);
                break;
            }
        }
        let Some(place) = place else {
            return Err(PyTypeError::new_err(format!("{function}() got an unexpected keyword argument '{name}'")));
        };
        if !objects[place].is_null() {
            return Err(PyTypeError::new_err(format!("{function}() got multiple values for argument '{name}'")));
        }
        objects[place] = given(count + keyword);
    }
    let missing: Vec<String> = (0..total)
        .filter(|place| objects[*place].is_null() && !parameters.has_default[*place])
        .map(|place| format!("'{}'", parameters.names[place].bind(py)))
        .collect();
    if let [first, ..] = missing.as_slice() {
        let (plural, list) = match missing.as_slice() {
            [_] => ("", first.clone()),
            [firsts @ .., last] => ("s", format!("{} and {last}", firsts.join(", "))),
            [] => ("", String::new()),
        };
        return Err(PyTypeError::new_err(format!(
            "{function}() missing {} required argument{plural}: {list}",
            missing.len()
        )));
    }
    objects.extend((*positional..count).map(given));
    Ok(objects)
}
