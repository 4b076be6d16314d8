//! Results of a compiled entry as Python objects, without copies: a new array's memory belongs to a capsule behind it, a view of an
//! argument keeps that alive, and an argument that comes back unchanged is the same object.

use crate::attached::attached;
use crate::classes::class_named;
use crate::cuda::DeviceArray;
use crate::numpy_api::ArrayView;
use crate::slots::{Borrowed, DESCRIPTOR_WORDS, Room, Slot};
use numir_interface::{ArrayType, Class, Layout, Scalar, TupleType, Type};
use numir_runtime::DType;
use numir_runtime::format::{Style, push_scalar};
use numir_runtime::memory::Header;
use pyo3::ffi;
use pyo3::prelude::*;
use std::ptr;

/// Reads a result, advancing `slots` past it.
///
/// # Safety
/// An entry whose result has this type has written the slots, and they are read once: the references in them are taken over.
/// What is returned is a new reference, or null with an error set.
pub(crate) unsafe fn boxed(
    py: Python<'_>,
    slots: &mut &[Slot],
    ty: &Type,
    arguments: &[Borrowed],
) -> *mut ffi::PyObject {
    // SAFETY: the caller's promise, for each part in turn.
    unsafe {
        match ty {
            Type::Records(layout, rank, writable) => {
                let bytes = ArrayType::new(DType::UInt8, rank + 1, Layout::Any);
                let bytes = ArrayType { writable: *writable, ..bytes };
                let slots = take(slots, Room::result_slots(ty));
                let owner = slots[0].0[0];
                let argument = arguments.iter().find(|argument| argument.header.addr() == owner as usize);
                let bytes = array_object(py, slots, bytes, arguments);
                records_object(py, bytes, &layout.spelling(), argument.map(|argument| argument.array))
            }
            Type::None | Type::Static(_) | Type::Object(_) => ffi::Py_NewRef(ffi::Py_None()),
            Type::Text(text) => ffi::PyUnicode_FromStringAndSize(text.as_ptr().cast(), text.len() as isize),
            Type::Formatted(parts) => {
                let mut text = String::new();
                push_parts(&mut text, slots, parts);
                ffi::PyUnicode_FromStringAndSize(text.as_ptr().cast(), text.len() as isize)
            }
            Type::Scalar(scalar) => scalar_object(py, take(slots, 1)[0].0, *scalar),
            Type::Optional(inner) => {
                if take(slots, 1)[0].0[0] & 1 == 0 {
                    take(slots, Room::result_slots(inner));
                    return ffi::Py_NewRef(ffi::Py_None());
                }
                boxed(py, slots, inner, arguments)
            }
            Type::Tuple(types) => {
                let tuple = ffi::PyTuple_New(types.len() as isize);
                for (place, ty) in types.iter().enumerate() {
                    // Every part is read even after an error, so that its reference is not lost.
                    let item = boxed(py, slots, ty, arguments);
                    if !tuple.is_null() {
                        ffi::PyTuple_SET_ITEM(tuple, place as isize, item);
                    }
                }
                if !tuple.is_null()
                    && (0..types.len()).any(|place| ffi::PyTuple_GET_ITEM(tuple, place as isize).is_null())
                {
                    ffi::Py_DECREF(tuple);
                    return ptr::null_mut();
                }
                of_class(py, tuple, types)
            }
            Type::Range => {
                let parts = take(slots, 3);
                let [start, stop, step] = [0, 1, 2].map(|part| parts[part].0[0] as i64);
                let range = (&raw mut ffi::PyRange_Type).cast::<ffi::PyObject>();
                ffi::PyObject_CallFunction(range, c"LLL".as_ptr(), start, stop, step)
            }
            Type::Slice(types) => {
                let parts = [0, 1, 2].map(|part| boxed(py, slots, &types[part], arguments));
                let slice = if parts.iter().any(|part| part.is_null()) {
                    ptr::null_mut()
                } else {
                    ffi::PySlice_New(parts[0], parts[1], parts[2])
                };
                parts.iter().for_each(|part| ffi::Py_XDECREF(*part));
                slice
            }
            Type::Member(class, ty) => member_of(py, class, boxed(py, slots, ty, arguments)),
            Type::Pointer(_) => ffi::PyLong_FromUnsignedLongLong(take(slots, 1)[0].0[0]),
            Type::Generator => {
                let message = c"a Generator of compiled code cannot leave it";
                ffi::PyErr_SetString(ffi::PyExc_SystemError, message.as_ptr());
                ptr::null_mut()
            }
            Type::Ellipsis => ffi::Py_NewRef(ffi::Py_Ellipsis()),
            Type::DType(dtype) => crate::numpy_api::dtype(py, *dtype),
            Type::Array(array) => array_object(py, take(slots, Room::result_slots(ty)), *array, arguments),
        }
    }
}

/// Records by their bytes, which are taken over, and perhaps lie in an argument.
///
/// # Safety
/// `bytes` is a new reference, or null with an error set; the argument is alive.
unsafe fn records_object(
    py: Python<'_>,
    bytes: *mut ffi::PyObject,
    layout: &str,
    argument: Option<*mut ffi::PyObject>,
) -> *mut ffi::PyObject {
    if bytes.is_null() {
        return bytes;
    }
    attached(py, |py| {
        // SAFETY: the caller's promise.
        let (bytes, argument) = unsafe {
            (Bound::from_owned_ptr(py, bytes), argument.map(|argument| Bound::from_borrowed_ptr(py, argument)))
        };
        let module = py.import("numir._records");
        match module.and_then(|module| module.call_method1("result_of", (bytes, layout, argument))) {
            Ok(records) => records.into_ptr(),
            Err(error) => {
                error.restore(py);
                ptr::null_mut()
            }
        }
    })
}

/// Writes the parts of a string, advancing `slots` past them.
fn push_parts(text: &mut String, slots: &mut &[Slot], parts: &[Type]) {
    for part in parts {
        match part {
            Type::Text(constant) => text.push_str(constant),
            Type::Scalar(scalar) => {
                let value = numir_runtime::Scalar::from_words(scalar.dtype(), take(slots, 1)[0].0);
                push_scalar(text, value, Style::Str);
            }
            // Strings are made of nothing else, as the compiler has seen to.
            _ => {}
        }
    }
}

/// A tuple as one of the class that its type names; it is taken over.
///
/// # Safety
/// `tuple` is a new tuple, or null with an error set.
pub(crate) unsafe fn of_class(py: Python<'_>, tuple: *mut ffi::PyObject, ty: &TupleType) -> *mut ffi::PyObject {
    let Some(class) = ty.class.as_ref().and_then(|class| class_named(py, &class.identity)) else { return tuple };
    if tuple.is_null() {
        return tuple;
    }
    // SAFETY: a live tuple, and a class derived from `tuple`, whose own constructor takes one iterable.
    unsafe {
        let arguments = ffi::PyTuple_New(1);
        if arguments.is_null() {
            ffi::Py_DECREF(tuple);
            return ptr::null_mut();
        }
        ffi::PyTuple_SET_ITEM(arguments, 0, tuple);
        let made = match ffi::PyTuple_Type.tp_new {
            Some(new) => new(class.as_ptr().cast(), arguments, ptr::null_mut()),
            None => ffi::Py_NewRef(tuple),
        };
        ffi::Py_DECREF(arguments);
        made
    }
}

/// The member of an enumeration that has a value; it is taken over.
///
/// # Safety
/// `value` is a new reference, or null with an error set.
unsafe fn member_of(py: Python<'_>, class: &Class, value: *mut ffi::PyObject) -> *mut ffi::PyObject {
    let Some(class) = class_named(py, &class.identity) else { return value };
    if value.is_null() {
        return value;
    }
    // SAFETY: live objects.
    unsafe {
        let member = ffi::PyObject_CallFunctionObjArgs(class.as_ptr(), value, ptr::null_mut::<ffi::PyObject>());
        ffi::Py_DECREF(value);
        member
    }
}

fn take<'a>(slots: &mut &'a [Slot], count: usize) -> &'a [Slot] {
    let (taken, rest) = slots.split_at(count);
    *slots = rest;
    taken
}

/// Numba's rule: NumPy's numbers come back as Python's own, times as NumPy's.
pub(crate) unsafe fn scalar_object(py: Python<'_>, words: [u64; 2], scalar: Scalar) -> *mut ffi::PyObject {
    use numir_runtime::Number;
    // SAFETY: the interpreter is attached.
    unsafe {
        match scalar {
            Scalar::Float => ffi::PyFloat_FromDouble(f64::from_bits(words[0])),
            Scalar::Int | Scalar::Index => ffi::PyLong_FromLongLong(words[0] as i64),
            Scalar::Of(DType::Time(time)) => crate::times::scalar(py, words[0] as i64, time),
            other => match numir_runtime::Scalar::from_words(other.dtype(), words).number() {
                Number::Bool(value) => ffi::PyBool_FromLong(value.into()),
                Number::Int(value) => ffi::PyLong_FromLongLong(value),
                Number::UInt(value) => ffi::PyLong_FromUnsignedLongLong(value),
                Number::Float(value) => ffi::PyFloat_FromDouble(value),
                Number::Complex(real, imag) => ffi::PyComplex_FromDoubles(real, imag),
            },
        }
    }
}

/// The highest rank of NumPy's arrays.
const MOST_AXES: usize = 64;

/// An array object over memory of compiled code, or over that of an argument; the argument itself where nothing of it changed.
unsafe fn array_object(py: Python<'_>, slots: &[Slot], ty: ArrayType, arguments: &[Borrowed]) -> *mut ffi::PyObject {
    let rank = ty.rank;
    let word = |at: usize| slots[at / 2].0[at % 2];
    let item = ty.dtype.size() as isize;
    let (mut shape, mut strides) = ([0_isize; MOST_AXES], [0_isize; MOST_AXES]);
    for axis in 0..rank.min(MOST_AXES) {
        shape[axis] = word(DESCRIPTOR_WORDS + axis) as isize;
        strides[axis] = word(DESCRIPTOR_WORDS + rank + axis) as isize * item;
    }
    let header: *mut Header = ptr::with_exposed_provenance_mut(word(0) as usize);
    let data = ptr::with_exposed_provenance_mut::<u8>(word(1) as usize).wrapping_offset(word(2) as isize * item);
    // SAFETY: the entry wrote a live owner, whose reference is ours now; arguments are alive during the call.
    unsafe {
        let argument = arguments.iter().find(|argument| ptr::eq(argument.header, header));
        if let Some(argument) = argument {
            let view = view_of(py, argument.array, ty, &mut shape[..rank], &mut strides[..rank], data);
            if DeviceArray::of(py, &argument.array).is_some() {
                numir_runtime::memory::numir_release(header);
            }
            return view;
        }
        if let Some(array) = python_array(header) {
            let view = view_of(py, array, ty, &mut shape[..rank], &mut strides[..rank], data);
            numir_runtime::memory::numir_release(header);
            return view;
        }
        if header.is_null() {
            // Memory of C's, which nobody here owns.
            let base = ffi::Py_NewRef(ffi::Py_None());
            return crate::numpy_api::new_array(py, ty, &mut shape[..rank], &mut strides[..rank], data, base);
        }
        let base = ffi::PyCapsule_New(header.cast(), ptr::null(), Some(release));
        if base.is_null() {
            numir_runtime::memory::numir_release(header);
            return base;
        }
        crate::numpy_api::new_array(py, ty, &mut shape[..rank], &mut strides[..rank], data, base)
    }
}

/// An array over the memory of one of Python's: that itself where nothing of it changed.
unsafe fn view_of(
    py: Python<'_>,
    array: *mut ffi::PyObject,
    ty: ArrayType,
    shape: &mut [isize],
    strides: &mut [isize],
    data: *mut u8,
) -> *mut ffi::PyObject {
    if let Some(device) = DeviceArray::of(py, &array) {
        // SAFETY: the shell is an array.
        let shell = unsafe { view_of(py, device.shell(), ty, shape, strides, data) };
        return view_on_device(py, array, device, shell);
    }
    // SAFETY: a live array.
    unsafe {
        // A field of a record.
        if ffi::PyObject_TypeCheck(array, numpy::npyffi::get_type_object(py, numpy::npyffi::NpyTypes::PyArray_Type))
            == 0
        {
            return crate::numpy_api::new_array(py, ty, shape, strides, data, ffi::Py_NewRef(array));
        }
        let view = ArrayView::new(array);
        let same_items = view.data() == data && view.dtype() == Ok(ty.dtype) && view.shape() == shape;
        if same_items && same_steps(shape, strides, view.strides()) {
            return ffi::Py_NewRef(array);
        }
        crate::numpy_api::new_array(py, ty, shape, strides, data, ffi::Py_NewRef(array))
    }
}

/// An array on a device with that shell, which is taken over, or null with an error set: the same where it is the array's own.
fn view_on_device(
    py: Python<'_>,
    array: *mut ffi::PyObject,
    device: &DeviceArray,
    shell: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    if shell.is_null() {
        return shell;
    }
    // SAFETY: a new reference; a live array.
    let shell = unsafe { Bound::from_owned_ptr(py, shell) };
    if shell.as_ptr() == device.shell() {
        // SAFETY: as above.
        return unsafe { ffi::Py_NewRef(array) };
    }
    attached(py, |py| match device.with_shell(py, shell) {
        Ok(view) => view.into_ptr(),
        Err(error) => {
            error.restore(py);
            ptr::null_mut()
        }
    })
}

/// The array of Python that a header stands for: one that is lent to compiled code, or that a block of Python has given it; None for one
/// that compiled code has made.
unsafe fn python_array(header: *mut Header) -> Option<*mut ffi::PyObject> {
    // SAFETY: a live header with a reference of ours.
    let header = unsafe { header.as_ref()? };
    let is_pythons = header.is_borrowed() || header.is_freed_by(crate::host::forget);
    Some(header.owner()).filter(|owner| is_pythons && !owner.is_null()).map(|owner| owner.cast())
}

/// Whether strides lead to the same items: along an axis of one item they do not matter, and without items none does. NumPy and
/// compiled code differ in what they write there.
fn same_steps(shape: &[isize], left: &[isize], right: &[isize]) -> bool {
    shape.contains(&0)
        || shape.iter().zip(left.iter().zip(right)).all(|(extent, (left, right))| *extent == 1 || left == right)
}

unsafe extern "C" fn release(capsule: *mut ffi::PyObject) {
    // SAFETY: made above with a header whose reference the capsule holds.
    unsafe { numir_runtime::memory::numir_release(ffi::PyCapsule_GetPointer(capsule, ptr::null()).cast()) }
}
