//! DLPack: how libraries hand each other arrays on a device, by a structure of C in a capsule. What is described here is an address, extents, strides
//! and a type of items; `numir.cuda._dlpack` makes arrays of that, and the other way round.

use pyo3::exceptions::{PyBufferError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use std::ffi::{CStr, c_void};

/// Adds the functions to the extension module.
pub(super) fn install(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(export_dlpack, module)?)?;
    module.add_function(wrap_pyfunction!(import_dlpack, module)?)
}

const NAME: &CStr = c"dltensor";
const USED: &CStr = c"used_dltensor";
const VERSIONED: &CStr = c"dltensor_versioned";
const USED_VERSIONED: &CStr = c"used_dltensor_versioned";

/// The bit of a versioned structure's flags that says that the array is not to be written.
const READ_ONLY: u64 = 1;

/// The items' type: its kind (0 integers, 1 unsigned, 2 floats, 5 complex numbers, 6 bools), bits, and how many there are to an item.
#[repr(C)]
#[derive(Clone, Copy)]
struct DataType {
    code: u8,
    bits: u8,
    lanes: u16,
}

/// An array.
#[repr(C)]
struct Tensor {
    data: *mut c_void,
    device: [i32; 2],
    rank: i32,
    dtype: DataType,
    shape: *mut i64,
    /// In items; null in C's order.
    strides: *mut i64,
    offset: u64,
}

/// An array with its owner, in the first form of the structure.
#[repr(C)]
struct Managed {
    tensor: Tensor,
    owner: *mut c_void,
    delete: Option<unsafe extern "C" fn(*mut Self)>,
}

/// The same in the later one.
#[repr(C)]
struct ManagedVersioned {
    version: [u32; 2],
    owner: *mut c_void,
    delete: Option<unsafe extern "C" fn(*mut Self)>,
    flags: u64,
    tensor: Tensor,
}

/// What an array of ours is kept by while another library has it.
struct Exported {
    managed: Managed,
    extents: Vec<i64>,
    object: Option<Py<PyAny>>,
}

unsafe extern "C" fn delete(managed: *mut Managed) {
    // SAFETY: the owner is the box that was leaked for this structure, which is in it.
    let mut exported = unsafe { Box::from_raw((*managed).owner.cast::<Exported>()) };
    // Whoever gives it back may do so without the interpreter.
    Python::try_attach(|_| drop(exported.object.take()));
}

/// Ends a capsule that nobody has taken.
unsafe extern "C" fn end(capsule: *mut ffi::PyObject) {
    // SAFETY: a live capsule, which still has its first name only if nobody has taken what is in it.
    unsafe {
        if ffi::PyCapsule_IsValid(capsule, NAME.as_ptr()) != 0 {
            delete(ffi::PyCapsule_GetPointer(capsule, NAME.as_ptr()).cast());
        }
    }
}

/// A capsule with an array, which an object keeps alive: where it is on which device, what its items are, extents, and strides in items.
#[pyfunction]
#[pyo3(signature = (object, address, device, dtype, shape, strides))]
fn export_dlpack(
    py: Python<'_>,
    object: Py<PyAny>,
    address: u64,
    device: (i32, i32),
    dtype: (u8, u8),
    shape: Vec<i64>,
    strides: Vec<i64>,
) -> PyResult<Py<PyAny>> {
    let rank = shape.len();
    let tensor = Tensor {
        data: std::ptr::with_exposed_provenance_mut(address as usize),
        device: [device.0, device.1],
        rank: rank as i32,
        dtype: DataType { code: dtype.0, bits: dtype.1, lanes: 1 },
        shape: std::ptr::null_mut(),
        strides: std::ptr::null_mut(),
        offset: 0,
    };
    let managed = Managed { tensor, owner: std::ptr::null_mut(), delete: Some(delete) };
    let exported = Box::new(Exported { managed, extents: [shape, strides].concat(), object: Some(object) });
    let exported = Box::into_raw(exported);
    // SAFETY: the box is ours until the capsule has it; the extents stay where they are.
    unsafe {
        let extents = (*exported).extents.as_mut_ptr();
        (*exported).managed.tensor.shape = extents;
        (*exported).managed.tensor.strides = extents.add(rank);
        (*exported).managed.owner = exported.cast();
        let managed = &raw mut (*exported).managed;
        let capsule = ffi::PyCapsule_New(managed.cast(), NAME.as_ptr(), Some(end));
        if capsule.is_null() {
            delete(managed);
        }
        Ok(Bound::from_owned_ptr_or_err(py, capsule)?.unbind())
    }
}

/// Another library's array, given back as this goes.
#[pyclass(frozen, module = "numir")]
struct Imported(Owned);

enum Owned {
    First(*mut Managed),
    Versioned(*mut ManagedVersioned),
}

// SAFETY: whoever gives such an array away lets any thread give it back.
unsafe impl Send for Imported {}
// SAFETY: nothing is done with it but giving it back.
unsafe impl Sync for Imported {}

impl Drop for Imported {
    fn drop(&mut self) {
        // SAFETY: taken from its capsule, and given back once.
        unsafe {
            match self.0 {
                Owned::First(managed) => {
                    if let Some(delete) = (*managed).delete {
                        delete(managed);
                    }
                }
                Owned::Versioned(managed) => {
                    if let Some(delete) = (*managed).delete {
                        delete(managed);
                    }
                }
            }
        }
    }
}

/// What a capsule's array is: what keeps it, its device, address, type of items, extents, strides in items if they are given, and whether it is
/// not to be written. The capsule is used up.
type Described = (Py<PyAny>, (i32, i32), u64, (u8, u8), Vec<i64>, Option<Vec<i64>>, bool);

/// Takes the array of a capsule.
#[pyfunction]
fn import_dlpack(capsule: &Bound<'_, PyAny>) -> PyResult<Described> {
    let py = capsule.py();
    let take = |name: &CStr, used: &'static CStr| {
        // SAFETY: a live object; the pointer is asked for where it is a capsule of that name.
        unsafe {
            if ffi::PyCapsule_IsValid(capsule.as_ptr(), name.as_ptr()) == 0 {
                return None;
            }
            let pointer = ffi::PyCapsule_GetPointer(capsule.as_ptr(), name.as_ptr());
            (ffi::PyCapsule_SetName(capsule.as_ptr(), used.as_ptr()) == 0).then_some(pointer)
        }
    };
    // SAFETY: what capsules of these names hold.
    let (owned, tensor, is_read_only) = unsafe {
        if let Some(pointer) = take(VERSIONED, USED_VERSIONED) {
            let managed = pointer.cast::<ManagedVersioned>();
            if (*managed).version[0] > 1 {
                drop(Imported(Owned::Versioned(managed)));
                return Err(PyBufferError::new_err("the array is of a newer version of DLPack than 1"));
            }
            let is_read_only = (*managed).flags & READ_ONLY != 0;
            (Imported(Owned::Versioned(managed)), &raw const (*managed).tensor, is_read_only)
        } else if let Some(pointer) = take(NAME, USED) {
            let managed = pointer.cast::<Managed>();
            (Imported(Owned::First(managed)), &raw const (*managed).tensor, false)
        } else {
            return Err(PyValueError::new_err("a capsule of DLPack is expected, which nobody has used"));
        }
    };
    // SAFETY: the tensor lives as long as its owner, and has as many extents as axes.
    let (tensor, shape, strides) = unsafe {
        let tensor = &*tensor;
        let rank = usize::try_from(tensor.rank).unwrap_or(0);
        let list = |start: *mut i64| {
            if start.is_null() { Vec::new() } else { std::slice::from_raw_parts(start, rank).to_vec() }
        };
        (tensor, list(tensor.shape), (!tensor.strides.is_null()).then(|| list(tensor.strides)))
    };
    let DataType { code, bits, lanes } = tensor.dtype;
    if lanes != 1 {
        return Err(PyBufferError::new_err(format!("the array has items of {lanes} numbers, and numir's have one")));
    }
    let [kind, number] = tensor.device;
    let address = tensor.data.addr() as u64 + tensor.offset;
    Ok((Py::new(py, owned)?.into_any(), (kind, number), address, (code, bits), shape, strides, is_read_only))
}
