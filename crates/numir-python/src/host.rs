//! `objmode`: blocks of compiled functions that Python runs. A block is a Python function made from the lines of its `with` statement;
//! compiled code hands over its values as results are handed out, and gets back what the block has set.

use crate::attached::attached;
use crate::numpy_api::{ArrayView, Types};
use crate::results::boxed;
use crate::slots::{DESCRIPTOR_WORDS, Room, Slot, scalar_of};
use numir_interface::live::HostCode;
use numir_interface::{ArrayType, Layout, Type};
use numir_runtime::memory::Header;
use pyo3::exceptions::{PyRuntimeError, PyTypeError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use std::collections::HashMap;
use std::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

/// A block: what runs it, and what goes in and comes out.
struct Block {
    function: Py<PyAny>,
    inputs: Vec<Type>,
    outputs: Vec<(String, Type)>,
}

#[derive(Default)]
struct Blocks {
    /// They are kept for as long as the process lives, as compiled code may be.
    all: Vec<Arc<Block>>,
    /// Exceptions that blocks have raised and no call has yet.
    raised: HashMap<i64, PyErr>,
    /// The number of the last of them.
    last: i64,
}

fn blocks() -> MutexGuard<'static, Blocks> {
    static BLOCKS: LazyLock<Mutex<Blocks>> = LazyLock::new(Mutex::default);
    BLOCKS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From now on compiled code can call Python.
pub(crate) fn install() {
    numir_runtime::host::set_call(call);
}

/// A new block, as the compiler is told of it.
pub(crate) fn add(function: Py<PyAny>, inputs: Vec<Type>, outputs: Vec<(String, Type)>) -> HostCode {
    let mut blocks = blocks();
    blocks.all.push(Arc::new(Block { function, inputs, outputs: outputs.clone() }));
    HostCode { number: blocks.all.len() as i64 - 1, outputs }
}

/// The exception of a block, by the number that compiled code has for it.
pub(crate) fn raised(number: &str) -> Option<PyErr> {
    blocks().raised.remove(&number.parse().ok()?)
}

unsafe extern "C" fn call(number: i64, inputs: *const c_void, outputs: *mut c_void) -> i64 {
    let done = catch_unwind(AssertUnwindSafe(|| {
        // While the interpreter shuts down there is nobody to run the block.
        Python::try_attach(|py| {
            // SAFETY: compiled code has laid the slots out as the block's types say.
            let result = unsafe { run(py, number, inputs.cast(), outputs.cast()) };
            result.map_or_else(
                |error| {
                    let mut blocks = blocks();
                    blocks.last += 1;
                    let number = blocks.last;
                    blocks.raised.insert(number, error);
                    number
                },
                |()| 0,
            )
        })
    }));
    done.ok().flatten().unwrap_or(-1)
}

unsafe fn run(py: Python<'_>, number: i64, inputs: *const Slot, outputs: *mut Slot) -> PyResult<()> {
    let block = usize::try_from(number).ok().and_then(|number| blocks().all.get(number).cloned());
    let block = block.ok_or_else(|| PyRuntimeError::new_err("there is no such block of Python"))?;
    let types = Types::get(py)?;
    let count = block.inputs.iter().map(Room::result_slots).sum();
    // SAFETY: the caller's promise; each part is read once, and its reference taken over.
    let arguments = unsafe {
        let mut slots = std::slice::from_raw_parts(inputs, count);
        let made: Vec<_> = block.inputs.iter().map(|ty| boxed(py, &mut slots, ty, &[])).collect();
        let made = made.into_iter().map(|object| Bound::from_owned_ptr_or_err(py, object));
        made.collect::<PyResult<Vec<_>>>()?
    };
    let result = block.function.bind(py).call1(PyTuple::new(py, arguments)?)?;
    let result = result.cast_into::<PyTuple>().map_err(PyErr::from)?;
    let mut slots = Vec::new();
    for ((name, ty), value) in block.outputs.iter().zip(result.iter()) {
        if let Err(error) = write(py, types, &mut slots, &value, ty) {
            // SAFETY: what was written up to here, in this layout.
            slots.iter().for_each(|entry: &Entry| unsafe { entry.release() });
            return Err(said_of(py, name, ty, &value, error));
        }
    }
    let mut place = outputs;
    for entry in &slots {
        for words in entry.words() {
            // SAFETY: as many slots as the types take.
            unsafe {
                place.write(Slot(words));
                place = place.add(1);
            }
        }
    }
    Ok(())
}

/// A value that is to be written: its words, and whether the first is an owner.
enum Entry {
    Scalar([u64; 2]),
    Array(Vec<u64>),
}

impl Entry {
    fn words(&self) -> Vec<[u64; 2]> {
        match self {
            Self::Scalar(words) => vec![*words],
            Self::Array(words) => words.chunks(2).map(|pair| [pair[0], pair.get(1).copied().unwrap_or(0)]).collect(),
        }
    }

    /// Gives up the reference to the owner.
    unsafe fn release(&self) {
        if let Self::Array(words) = self {
            // SAFETY: a header of ours, which nobody else has seen.
            unsafe { numir_runtime::memory::numir_release(std::ptr::with_exposed_provenance_mut(words[0] as usize)) };
        }
    }
}

fn said_of(py: Python<'_>, name: &str, ty: &Type, value: &Bound<'_, PyAny>, error: PyErr) -> PyErr {
    if !error.is_instance_of::<PyTypeError>(py) {
        return error;
    }
    let seen = value.get_type().name().map_or_else(|_| "?".to_owned(), |name| name.to_string());
    let seen = match (value.getattr("dtype"), value.getattr("ndim")) {
        (Ok(dtype), Ok(ndim)) => format!("{seen} of dtype {dtype} and {ndim} dimensions"),
        _ => seen,
    };
    PyTypeError::new_err(format!("objmode says that `{name}` is {ty}, but Python's code has set it to {seen}"))
}

fn mismatch() -> PyErr {
    PyTypeError::new_err("")
}

fn write(py: Python<'_>, types: &Types, out: &mut Vec<Entry>, value: &Bound<'_, PyAny>, ty: &Type) -> PyResult<()> {
    match ty {
        Type::None if value.is_none() => Ok(()),
        Type::Scalar(scalar) => {
            out.push(Entry::Scalar(scalar_of(py, types, value.as_ptr(), *scalar)?));
            Ok(())
        }
        Type::Array(array) => {
            out.push(Entry::Array(descriptor(types, value, *array)?));
            Ok(())
        }
        Type::Tuple(items) => {
            let tuple = value.cast::<PyTuple>().map_err(|_| mismatch())?;
            if tuple.len() != items.len() {
                return Err(mismatch());
            }
            tuple.iter().zip(items).try_for_each(|(value, ty)| write(py, types, out, &value, ty))
        }
        Type::Optional(inner) if value.is_none() => {
            out.push(Entry::Scalar([0, 0]));
            absent(out, inner);
            Ok(())
        }
        Type::Optional(inner) => {
            out.push(Entry::Scalar([1, 0]));
            write(py, types, out, value, inner)
        }
        _ => Err(mismatch()),
    }
}

/// Something in place of a value that is not there.
fn absent(out: &mut Vec<Entry>, ty: &Type) {
    (0..Room::result_slots(ty)).for_each(|_| out.push(Entry::Scalar([0, 0])));
}

/// The descriptor of an array that Python owns: its reference is given up with the last of compiled code's.
fn descriptor(types: &Types, value: &Bound<'_, PyAny>, ty: ArrayType) -> PyResult<Vec<u64>> {
    if !types.is_array_like(value.as_ptr()) {
        return Err(mismatch());
    }
    // SAFETY: it is an array.
    let view = unsafe { ArrayView::new(value.as_ptr()) };
    let found = view.ty().map_err(|_| mismatch())?;
    let fits = found.dtype == ty.dtype && found.rank == ty.rank && (found.writable || !ty.writable);
    if !fits || (ty.layout != Layout::Any && ty.layout != found.layout) {
        return Err(mismatch());
    }
    let item = ty.dtype.size() as i64;
    let bytes = view.shape().iter().product::<isize>() as i64 * item;
    let header = Box::new(Header::foreign(bytes, value.clone().into_ptr().cast(), forget));
    let mut words = Vec::with_capacity(DESCRIPTOR_WORDS + 2 * ty.rank);
    words.extend([Box::into_raw(header).expose_provenance() as u64, view.data().expose_provenance() as u64, 0]);
    words.extend(view.shape().iter().map(|extent| *extent as u64));
    words.extend(view.strides().iter().map(|stride| (*stride as i64 / item) as u64));
    Ok(words)
}

/// Frees the header of an array that Python owns.
pub(crate) unsafe extern "C" fn forget(header: *mut Header) {
    // SAFETY: made by `descriptor`, whose references both were; the last one of compiled code is gone.
    let header = unsafe { Box::from_raw(header) };
    Python::try_attach(|py| {
        attached(py, |py| drop(unsafe { Bound::from_owned_ptr(py, header.owner().cast::<ffi::PyObject>()) }));
    });
}
