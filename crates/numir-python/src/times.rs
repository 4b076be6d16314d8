//! NumPy's dates and spans of time at the border: what they count, their dtypes, and their scalars, which come back as such.

use crate::attached::attached;
use numir_runtime::dates::{Time, Unit};
use numpy::npyffi::{NPY_TYPES, NpyAuxData, PY_ARRAY_API, PyArray_Descr, PyDataType_C_METADATA};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use std::ffi::c_int;

/// What NumPy keeps of a unit: its number, and how many of it are counted as one.
#[repr(C)]
#[derive(Clone, Copy)]
struct Meta {
    base: c_int,
    count: c_int,
}

/// NumPy's scalar object of a date or a span.
#[repr(C)]
struct ScalarObject {
    head: ffi::PyObject,
    value: i64,
    meta: Meta,
}

/// What is behind the dtype of a date or a span.
#[repr(C)]
struct DTypeMeta {
    head: NpyAuxData,
    meta: Meta,
}

/// None for multiples of units.
fn of_meta(meta: Meta, is_span: bool) -> Option<Time> {
    // NumPy's numbers have a gap behind weeks, where business days were.
    let place = match meta.base {
        0..=2 => meta.base,
        3 => return None,
        later => later - 1,
    };
    let unit = *Unit::ALL.get(usize::try_from(place).ok()?)?;
    (meta.count == 1 || unit == Unit::Generic).then_some(Time { is_span, unit })
}

/// The type of a scalar.
///
/// # Safety
/// A live `numpy.datetime64`, or `numpy.timedelta64` where `is_span` says so.
pub(crate) unsafe fn of_scalar(object: *mut ffi::PyObject, is_span: bool) -> Option<Time> {
    // SAFETY: the caller's promise.
    of_meta(unsafe { (*object.cast::<ScalarObject>()).meta }, is_span)
}

/// The type of a dtype's items, if they are times that the language has.
///
/// # Safety
/// A live dtype.
pub(crate) unsafe fn of_descriptor(descriptor: *mut PyArray_Descr) -> Option<Time> {
    // SAFETY: the caller's promise; dtypes of these numbers have that behind them.
    unsafe {
        let number = (*descriptor).fields.type_num;
        let is_span = number == NPY_TYPES::NPY_TIMEDELTA as i32;
        if !is_span && number != NPY_TYPES::NPY_DATETIME as i32 {
            return None;
        }
        let meta = PyDataType_C_METADATA(Python::assume_attached(), descriptor).cast::<DTypeMeta>();
        of_meta(meta.as_ref()?.meta, is_span)
    }
}

/// NumPy's dtype, a new reference, or null with an error set.
pub(crate) fn descriptor(py: Python<'_>, time: Time) -> *mut ffi::PyObject {
    static KNOWN: [[PyOnceLock<Py<PyAny>>; 14]; 2] = [const { [const { PyOnceLock::new() }; 14] }; 2];
    let known = &KNOWN[usize::from(time.is_span)][time.unit as usize];
    if let Some(dtype) = known.get(py) {
        // SAFETY: kept alive by the table.
        return unsafe { ffi::Py_NewRef(dtype.as_ptr()) };
    }
    attached(py, |py| {
        let made = known.get_or_try_init(py, || {
            let dtype = py.import("numpy")?.getattr("dtype")?.call1((time.name(),))?;
            Ok::<_, PyErr>(dtype.unbind())
        });
        match made {
            Ok(dtype) => dtype.clone_ref(py).into_ptr(),
            Err(error) => {
                error.restore(py);
                std::ptr::null_mut()
            }
        }
    })
}

/// A scalar of NumPy, a new reference, or null with an error set.
pub(crate) fn scalar(py: Python<'_>, mut count: i64, time: Time) -> *mut ffi::PyObject {
    let descriptor = descriptor(py, time);
    if descriptor.is_null() {
        return descriptor;
    }
    // SAFETY: the value is as wide as the dtype's items.
    unsafe {
        let scalar = PY_ARRAY_API.PyArray_Scalar(py, (&raw mut count).cast(), descriptor.cast(), std::ptr::null_mut());
        ffi::Py_DECREF(descriptor);
        scalar
    }
}
