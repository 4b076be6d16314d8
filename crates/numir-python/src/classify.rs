//! The code of an argument's type, and what is said of an object that has none.

use crate::attached::attached;
use crate::classes::class_of;
use crate::codes::{self, Code};
use crate::cuda::DeviceArray;
use crate::environment::{Live, layout_of};
use crate::generators::is_generator;
use crate::numpy_api::{ArrayView, Refused, Types};
use numir_interface::live::Object;
use numir_runtime::DType;
use pyo3::exceptions::{PyOverflowError, PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PySlice, PyString, PyTuple};

/// How deep tuples may nest.
const NESTING: usize = 50;

/// The code of an argument.
///
/// # Errors
/// A Python exception for what cannot be handed to compiled code.
pub(crate) fn classify(py: Python<'_>, types: &Types, object: *mut ffi::PyObject) -> PyResult<Code> {
    // SAFETY: a live object; so in what follows.
    let ty = unsafe { ffi::Py_TYPE(object) };
    if ty == &raw mut ffi::PyFloat_Type {
        return Ok(codes::FLOAT);
    }
    if types.is_array(object) {
        // SAFETY: it is an array.
        let view = unsafe { ArrayView::new(object) };
        return match view.ty() {
            Ok(ty) => Ok(codes::array(ty)),
            Err(why) => attached(py, |py| records(&unsafe { Bound::from_borrowed_ptr(py, object) }, why)),
        };
    }
    if ty == &raw mut ffi::PyLong_Type {
        return integer(py, object);
    }
    if ty == &raw mut ffi::PyBool_Type {
        return Ok(codes::BOOL);
    }
    if ty == &raw mut ffi::PyComplex_Type {
        return Ok(codes::COMPLEX);
    }
    if object == unsafe { ffi::Py_None() } {
        return Ok(codes::NONE);
    }
    if let Some(dtype) = types.scalar(object) {
        return Ok(codes::scalar(dtype));
    }
    if let Some(array) = DeviceArray::of(py, &object) {
        return classify(py, types, array.shell());
    }
    attached(py, |py| other(types, &unsafe { Bound::from_borrowed_ptr(py, object) }, 0))
}

/// An int that fits 64 bits; from 2**63 on it is a uint64, as in NumPy.
fn integer(py: Python<'_>, object: *mut ffi::PyObject) -> PyResult<Code> {
    let mut overflow = 0;
    // SAFETY: a live int.
    unsafe { ffi::PyLong_AsLongLongAndOverflow(object, &mut overflow) };
    if overflow == 0 {
        return Ok(codes::INT);
    }
    attached(py, |py| {
        // SAFETY: a live int.
        unsafe { ffi::PyLong_AsUnsignedLongLong(object) };
        let fits = PyErr::take(py).is_none();
        if overflow > 0 && fits {
            return Ok(codes::scalar(DType::UInt64));
        }
        Ok(codes::LONG)
    })
}

/// What is less common.
fn other(types: &Types, object: &Bound<'_, PyAny>, depth: usize) -> PyResult<Code> {
    if depth > NESTING {
        return Err(PyTypeError::new_err(format!("tuples nest deeper than {NESTING}")));
    }
    if let Ok(text) = object.cast::<PyString>() {
        return Ok(codes::text(text.to_str()?));
    }
    if object.is(object.py().Ellipsis()) {
        return Ok(codes::ELLIPSIS);
    }
    if let Ok(slice) = object.cast::<PySlice>() {
        return slice_code(slice);
    }
    if let Ok(tuple) = object.cast::<PyTuple>() {
        let items = tuple.iter().map(|item| nested(types, &item, depth + 1)).collect::<PyResult<_>>()?;
        let class = if tuple.is_exact_instance_of::<PyTuple>() { None } else { class_of(&tuple.get_type())? };
        return Ok(codes::tuple(class, items));
    }
    let pointer = object.as_ptr();
    if types.is_array_like(pointer) {
        if object.hasattr("mask")? {
            let message = "a masked array cannot be passed to compiled code: pass its `.data` or `.filled(…)`";
            return Err(PyTypeError::new_err(message));
        }
        // SAFETY: an array of a subclass, whose items lie as in any array.
        return unsafe { ArrayView::new(pointer) }
            .ty()
            .map_or_else(|why| records(object, why), |ty| Ok(codes::array(ty)));
    }
    // SAFETY: live objects.
    let is = |ty: *mut ffi::PyTypeObject| unsafe { ffi::PyObject_TypeCheck(pointer, ty) != 0 };
    if is(&raw mut ffi::PyLong_Type) {
        // IntEnum and the like count as their value.
        return integer(object.py(), pointer);
    }
    if is(&raw mut ffi::PyFloat_Type) {
        return Ok(codes::FLOAT);
    }
    if is(&raw mut ffi::PyComplex_Type) {
        return Ok(codes::COMPLEX);
    }
    // Classes have the methods of their instances.
    if !is(&raw mut ffi::PyType_Type) && !types.is_scalar(pointer) {
        for name in ["__cuda_array_interface__", "__array_interface__", "__array__", "__dlpack__"] {
            if object.hasattr(name)? {
                return Ok(codes::ARRAY_LIKE);
            }
        }
    }
    if types.is_scalar(pointer)
        && let Some(layout) = layout_of(object)?
    {
        let writable = object.getattr("flags")?.getattr("writeable")?.extract()?;
        return Ok(codes::records(layout, 0, writable));
    }
    if is_enum(object)?
        && let Some(class) = class_of(&object.get_type())?
    {
        let value = nested(types, &object.getattr("_value_")?, depth + 1)?;
        return Ok(codes::member(class, value));
    }
    if is_generator(object)? {
        return Ok(codes::GENERATOR);
    }
    // Functions, classes and modules are known when a function is compiled.
    match Live::default().describe(object)? {
        Object::Other(_) | Object::None => Err(unsupported(object)),
        _ => Ok(codes::object(object)),
    }
}

/// The code of a slice. What has `__index__` counts as an int.
fn slice_code(slice: &Bound<'_, PySlice>) -> PyResult<Code> {
    let py = slice.py();
    let part = |name| {
        let part = slice.getattr(name)?;
        if part.is_none() {
            return Ok(codes::NONE);
        }
        let index = py.import("operator")?.call_method1("index", (&part,));
        match index
            .map_err(|_| PyTypeError::new_err("slice indices must be integers or None or have an __index__ method"))?
            .extract::<i64>()
        {
            Ok(_) => Ok(codes::INT),
            Err(_) => Err(PyOverflowError::new_err("Int value is too large for a part of a slice, which has 64 bits")),
        }
    };
    Ok(codes::slice([part("start")?, part("stop")?, part("step")?]))
}

/// The array behind an array-like object.
///
/// # Errors
/// What the conversion raised.
pub(crate) fn array_of<'py>(object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    object.py().import("numir._arguments")?.call_method1("array_of", (object,))
}

fn nested(types: &Types, object: &Bound<'_, PyAny>, depth: usize) -> PyResult<Code> {
    if object.is_instance_of::<PyTuple>() {
        return other(types, object, depth);
    }
    match classify(object.py(), types, object.as_ptr())? {
        codes::ARRAY_LIKE => Err(unsupported(object)),
        code => Ok(code),
    }
}

/// The code of an array of records, which is no array of numbers for the reason given.
fn records(array: &Bound<'_, PyAny>, why: Refused) -> PyResult<Code> {
    if !matches!(why, Refused::DType) {
        return Err(refused(array, why));
    }
    let Some(layout) = layout_of(array)? else { return Err(refused(array, why)) };
    let writable = array.getattr("flags")?.getattr("writeable")?.extract()?;
    Ok(codes::records(layout, array.getattr("ndim")?.extract()?, writable))
}

/// What is said of an array that cannot be handed over.
fn refused(array: &Bound<'_, PyAny>, why: Refused) -> PyErr {
    let dtype = array.getattr("dtype").map_or_else(|_| "?".to_owned(), |dtype| dtype.to_string());
    match why {
        Refused::DType if dtype == "object" => PyTypeError::new_err(
            "an array of dtype object cannot be passed to compiled code: convert it, as in `a.astype(np.float64)`",
        ),
        Refused::DType => PyTypeError::new_err(format!(
            "an array of dtype {dtype} cannot be passed to compiled code, which has numbers, bools, dates and records of these"
        )),
        Refused::Swapped => PyTypeError::new_err(format!(
            "an array of dtype {dtype} has its bytes in another order than this machine: convert it, as in \
             `a.astype(a.dtype.newbyteorder('='))`"
        )),
        Refused::Unaligned => PyValueError::new_err(
            "the array's items do not lie at whole multiples of their size (an unaligned array, or a field of records): \
             pass a copy, as in `a.copy()`",
        ),
    }
}

fn is_enum(object: &Bound<'_, PyAny>) -> PyResult<bool> {
    object.is_instance(&object.py().import("enum")?.getattr("Enum")?)
}

fn has_buffer(object: &Bound<'_, PyAny>) -> bool {
    // SAFETY: any object may be asked.
    unsafe { pyo3::ffi::PyObject_CheckBuffer(object.as_ptr()) != 0 }
}

fn unsupported(object: &Bound<'_, PyAny>) -> PyErr {
    let ty = object.get_type();
    let name = ty.fully_qualified_name().map_or_else(|_| "?".to_owned(), |name| name.to_string());
    let name = name.strip_prefix("builtins.").unwrap_or(&name);
    let help = match name {
        "list" => ": pass a tuple, or an array as in `np.array(a)`",
        "dict" | "set" => ": pass arrays or tuples of what it holds",
        "bytes" | "bytearray" => ": pass it as an array, as in `np.frombuffer(a, np.uint8)`",
        "range" => ": pass its bounds, or an array as in `np.arange(n)`",
        _ if object.hasattr("__array__").unwrap_or(false) || has_buffer(object) => {
            ": pass it as an array, as in `np.asarray(a)`"
        }
        _ if object.hasattr("__next__").unwrap_or(false) => {
            ": pass a tuple, or an array as in `np.fromiter(a, np.float64)`"
        }
        "type" => ": pass what you need of it",
        _ if object.hasattr("__dict__").unwrap_or(false) => ": pass what it holds, as numbers, arrays or tuples",
        _ => "",
    };
    PyTypeError::new_err(format!("an object of type {name} cannot be passed to compiled code{help}"))
}
