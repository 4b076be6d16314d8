//! Results as the types that a signature declares for them: numbers are converted as an assignment in C converts them.

use crate::attached::attached;
use crate::results::{of_class, scalar_object};
use numir_interface::types::{Kind, Layout};
use numir_interface::{Scalar, Type};
use numir_runtime::Number;
use pyo3::exceptions::PyTypeError;
use pyo3::ffi;
use pyo3::prelude::*;
use std::ptr;

/// Whether results of one type can be handed out as another.
pub(crate) fn is_castable(from: &Type, to: &Type) -> bool {
    match (from, to) {
        (from, to) if from == to => true,
        (Type::Scalar(from), Type::Scalar(to)) if from.kind().max(to.kind()) == Kind::Time => false,
        (Type::Scalar(from), Type::Scalar(to)) => from.kind() != Kind::Complex || to.kind() == Kind::Complex,
        (Type::Array(from), Type::Array(to)) => {
            let same = (from.dtype, from.rank) == (to.dtype, to.rank) && (from.writable || !to.writable);
            same && (to.layout == Layout::Any || to.layout == from.layout || from.rank == 0)
        }
        (Type::Tuple(from), Type::Tuple(to)) => {
            from.class == to.class
                && from.len() == to.len()
                && from.iter().zip(to).all(|(from, to)| is_castable(from, to))
        }
        (Type::Slice(from), Type::Slice(to)) => from.iter().zip(&**to).all(|(from, to)| is_castable(from, to)),
        (Type::None, Type::Optional(_)) => true,
        (Type::Optional(from), Type::Optional(to)) => is_castable(from, to),
        (from, Type::Optional(to)) => is_castable(from, to),
        // None, where it comes up, is an error then.
        (Type::Optional(from), to) => is_castable(from, to),
        _ => false,
    }
}

/// Whether casting changes the object that Python gets.
pub(crate) fn changes(from: &Type, to: &Type) -> bool {
    match (from, to) {
        (Type::Scalar(from), Type::Scalar(to)) => from.dtype() != to.dtype(),
        (Type::Tuple(from), Type::Tuple(to)) => from.iter().zip(to).any(|(from, to)| changes(from, to)),
        (Type::None, _) => false,
        (Type::Optional(from), Type::Optional(to)) => changes(from, to),
        (from, Type::Optional(to)) => changes(from, to),
        (Type::Optional(_), _) => true,
        _ => false,
    }
}

/// A result as one of the declared type; `object` is taken over. A new reference, or null with an error set.
///
/// # Safety
/// `object` is a live result of a type that [`is_castable`] to `to`.
pub(crate) unsafe fn cast(py: Python<'_>, object: *mut ffi::PyObject, to: &Type) -> *mut ffi::PyObject {
    // SAFETY: the caller's promise, for each part in turn; `object` is released once.
    unsafe {
        let result = match to {
            Type::Scalar(_) | Type::Tuple(_) | Type::Array(_) if object == ffi::Py_None() => {
                let error = PyTypeError::new_err(format!("expected {to}, got None"));
                attached(py, |py| error.restore(py));
                ptr::null_mut()
            }
            Type::Scalar(scalar) => {
                number(object).map_or_else(|| ffi::Py_NewRef(object), |value| as_scalar(py, value, *scalar))
            }
            Type::Optional(inner) if object != ffi::Py_None() => return cast(py, object, inner),
            Type::Tuple(types) if ffi::PyTuple_Check(object) != 0 => {
                let tuple = ffi::PyTuple_New(types.len() as isize);
                for (place, ty) in types.iter().enumerate() {
                    if tuple.is_null() {
                        break;
                    }
                    let item = cast(py, ffi::Py_NewRef(ffi::PyTuple_GET_ITEM(object, place as isize)), ty);
                    if item.is_null() {
                        ffi::Py_DECREF(tuple);
                        ffi::Py_DECREF(object);
                        return ptr::null_mut();
                    }
                    ffi::PyTuple_SET_ITEM(tuple, place as isize, item);
                }
                of_class(py, tuple, types)
            }
            _ => return object,
        };
        ffi::Py_DECREF(object);
        result
    }
}

/// The value of one of Python's numbers.
unsafe fn number(object: *mut ffi::PyObject) -> Option<Number> {
    // SAFETY: a live object.
    unsafe {
        if ffi::PyBool_Check(object) != 0 {
            return Some(Number::Bool(object == ffi::Py_True()));
        }
        if ffi::PyLong_Check(object) != 0 {
            let mut overflow = 0;
            let value = ffi::PyLong_AsLongLongAndOverflow(object, &mut overflow);
            // No result has more than 64 bits.
            return Some(match overflow {
                0 => Number::Int(value),
                _ => Number::UInt(ffi::PyLong_AsUnsignedLongLong(object)),
            });
        }
        if ffi::PyFloat_Check(object) != 0 {
            return Some(Number::Float(ffi::PyFloat_AS_DOUBLE(object)));
        }
        if ffi::PyComplex_Check(object) != 0 {
            return Some(Number::Complex(ffi::PyComplex_RealAsDouble(object), ffi::PyComplex_ImagAsDouble(object)));
        }
        None
    }
}

/// A number as an object of a type.
unsafe fn as_scalar(py: Python<'_>, value: Number, to: Scalar) -> *mut ffi::PyObject {
    let (integer, real, imaginary) = match value {
        Number::Bool(value) => (i64::from(value), f64::from(u8::from(value)), 0.0),
        Number::Int(value) => (value, value as f64, 0.0),
        Number::UInt(value) => (value as i64, value as f64, 0.0),
        Number::Float(value) if value >= 9.2e18 => (value as u64 as i64, value, 0.0),
        Number::Float(value) => (value as i64, value, 0.0),
        Number::Complex(real, imaginary) => (real as i64, real, imaginary),
    };
    let number = match to.kind() {
        Kind::Bool => Number::Bool(real != 0.0 || imaginary != 0.0),
        Kind::Integer if to.is_unsigned() => Number::UInt(integer as u64),
        Kind::Integer | Kind::Time => Number::Int(integer),
        Kind::Float => Number::Float(real),
        Kind::Complex => Number::Complex(real, imaginary),
    };
    let words = numir_runtime::Scalar::new(to.dtype(), number).map_or([0, 0], numir_runtime::Scalar::to_words);
    // SAFETY: the interpreter is attached, by the caller.
    unsafe { scalar_object(py, words, to) }
}
