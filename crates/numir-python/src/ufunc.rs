//! Compiled kernels as NumPy's own ufunc objects, with all that these can do: broadcasting, `out`, `where`, reduce and accumulate.
//!
//! The kernel of an element-wise function is its loop over one dimension: it gets one-dimensional arrays. It is compiled twice, for
//! items that are neighbours and for any whole strides; what lies otherwise goes item by item. A loop that runs on all threads is there a
//! third time, on one: `accumulate` and `reduce` are calls in which a result is an operand of the next item. The kernel of a generalised
//! function is a loop over the outer positions; it gets arrays of one more axis than the function's core dimensions.

use crate::compile::specialisation_for;
use crate::numpy_api::number_of;
use crate::slots::{DESCRIPTOR_WORDS, Slot};
use crate::specialisation::Specialisation;
use numir_runtime::DType;
use numir_runtime::memory::Header;
use numpy::npyffi::{NPY_ITER_READWRITE, NPY_ITER_UPDATEIFCOPY, PY_UFUNC_API, PyUFuncObject};
use pyo3::exceptions::{PySystemError, PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use std::ffi::{CStr, CString, c_char, c_void};
use std::iter::once;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::sync::Arc;

/// An operand of a kernel.
struct Operand {
    dtype: DType,
    /// The core dimensions, as places in NumPy's list of them; none for a plain ufunc.
    core: Vec<usize>,
}

/// A loop of a ufunc for one choice of types.
struct Kernel {
    /// For operands whose items are neighbours.
    contiguous: Arc<Specialisation>,
    /// For operands of any whole strides.
    strided: Arc<Specialisation>,
    /// On one thread, for operands of any whole strides, where the others run on all.
    serial: Option<Arc<Specialisation>>,
    operands: Vec<Operand>,
    inputs: usize,
    generalised: bool,
}

/// The name of the capsules of [`Parts`].
const PARTS: &CStr = c"numir.ufunc";

/// What a ufunc object refers to as long as it lives.
struct Parts {
    functions: Vec<numpy::npyffi::PyUFuncGenericFunction>,
    data: Vec<*mut c_void>,
    types: Vec<c_char>,
    name: CString,
    doc: CString,
    _kernels: Box<[Kernel]>,
    /// What has made the ufunc.
    owner: Py<PyAny>,
}

/// What NumPy hands to an inner loop, which its promise makes safe to read.
#[derive(Clone, Copy)]
struct Handed {
    addresses: *const *mut c_char,
    dimensions: *const isize,
    steps: *const isize,
}

impl Handed {
    fn outer(self) -> isize {
        // SAFETY: the first dimension is the loop's own.
        unsafe { *self.dimensions }
    }

    fn address(self, place: usize) -> *mut u8 {
        // SAFETY: there is an address for each operand.
        unsafe { *self.addresses.add(place) }.cast()
    }

    fn step(self, place: usize) -> isize {
        // SAFETY: there is a step for each operand.
        unsafe { *self.steps.add(place) }
    }

    /// The first byte of an operand and the one behind its last.
    fn span(self, place: usize, item: isize) -> (isize, isize) {
        let first = self.address(place).expose_provenance() as isize;
        let last = first + (self.outer() - 1) * self.step(place);
        (first.min(last), first.max(last) + item)
    }
}

/// An operand's address, and extent and stride (bytes) of each axis.
type Array = (*mut u8, Vec<(isize, isize)>);

impl Kernel {
    fn item(&self, place: usize) -> isize {
        self.operands[place].dtype.size() as isize
    }

    /// Hands the operands over and calls; false with an error pending if it raised.
    ///
    /// # Safety
    /// The arrays are NumPy's operands, or parts of these.
    unsafe fn call(&self, code: &Specialisation, arrays: &[Array]) -> bool {
        let axes = arrays.iter().map(|(_, axes)| axes.len()).sum::<usize>();
        let mut words = Vec::with_capacity(arrays.len() * DESCRIPTOR_WORDS + 2 * axes);
        let extents = |place: usize| arrays[place].1.iter().map(|axis| axis.0);
        let headers: Vec<_> = (0..arrays.len())
            .map(|place| Header::borrowed((extents(place).product::<isize>() * self.item(place)) as i64))
            .collect();
        let mut starts = Vec::with_capacity(arrays.len());
        for (place, (address, axes)) in arrays.iter().enumerate() {
            starts.push(words.len());
            words.extend([
                ptr::from_ref(&headers[place]).expose_provenance() as u64,
                address.expose_provenance() as u64,
                0,
            ]);
            words.extend(extents(place).map(|extent| extent as u64));
            words.extend(axes.iter().map(|axis| (axis.1 / self.item(place)) as u64));
        }
        // Nothing grows from here on, so addresses hold.
        let slots: Vec<_> =
            starts.iter().map(|start| Slot([ptr::from_ref(&words[*start]).expose_provenance() as u64, 0])).collect();
        // SAFETY: the slots are as the kernel's types say; it returns None.
        unsafe { code.enter(slots.as_ptr(), ptr::null_mut()) == 0 }
    }

    /// Whether a result is an operand of another item, as where `accumulate` calls: then the items have an order.
    fn in_order(&self, handed: Handed) -> bool {
        (self.inputs..self.operands.len()).any(|result| {
            let (first, end) = handed.span(result, self.item(result));
            handed.step(result) == 0
                || (0..self.inputs).any(|input| {
                    let (other, behind) = handed.span(input, self.item(input));
                    let same =
                        handed.address(input) == handed.address(result) && handed.step(input) == handed.step(result);
                    first < behind && other < end && !same
                })
        })
    }

    /// False with an error pending if it raised.
    ///
    /// # Safety
    /// NumPy's promise to an inner loop.
    unsafe fn run(&self, handed: Handed) -> bool {
        let count = self.operands.len();
        let outer = handed.outer();
        if outer == 0 {
            return true;
        }
        let Some(core) = (unsafe { self.core(handed) }) else {
            let message =
                "the items of an operand do not lie at whole multiples of their size: pass a copy, as in `a.copy()`";
            Python::attach(|py| PyValueError::new_err(message).restore(py));
            return false;
        };
        let part = |from: isize, extent: isize| -> Vec<Array> {
            let array = |place: usize| {
                let step = if extent == 1 { self.item(place) } else { handed.step(place) };
                let own = core[place].iter().copied();
                (
                    handed.address(place).wrapping_offset(from * handed.step(place)),
                    once((extent, step)).chain(own).collect(),
                )
            };
            (0..count).map(array).collect()
        };
        let neighbours = !self.generalised && (0..count).all(|place| handed.step(place) == self.item(place));
        let code = match &self.serial {
            Some(serial) if outer > 1 && self.in_order(handed) => serial,
            _ if neighbours => &self.contiguous,
            _ => &self.strided,
        };
        // SAFETY: the arrays are what NumPy has handed over.
        unsafe {
            if (0..count).all(|place| handed.step(place) % self.item(place) == 0) {
                return self.call(code, &part(0, outer));
            }
            (0..outer).all(|at| self.call(&self.contiguous, &part(at, 1)))
        }
    }

    /// Extents and strides of each operand's core dimensions; None where a stride is no multiple of the item's size.
    ///
    /// # Safety
    /// NumPy's promise to an inner loop: behind the operands' steps are those of their core dimensions.
    unsafe fn core(&self, handed: Handed) -> Option<Vec<Vec<(isize, isize)>>> {
        let mut next = self.operands.len();
        let operands = self.operands.iter().enumerate().map(|(place, operand)| {
            let axes = operand.core.iter().map(|dimension| {
                next += 1;
                // SAFETY: as above.
                let (extent, step) = unsafe { (*handed.dimensions.add(1 + dimension), *handed.steps.add(next - 1)) };
                if extent <= 1 {
                    return Some((extent, self.item(place)));
                }
                (step % self.item(place) == 0).then_some((extent, step))
            });
            axes.collect()
        });
        operands.collect()
    }
}

unsafe extern "C" fn inner_loop(
    arguments: *mut *mut c_char,
    dimensions: *mut isize,
    steps: *mut isize,
    kernel: *mut c_void,
) {
    // SAFETY: NumPy hands back the kernel with operands as it was registered for.
    let work = || unsafe { (*kernel.cast::<Kernel>()).run(Handed { addresses: arguments, dimensions, steps }) };
    let ran = catch_unwind(AssertUnwindSafe(work));
    // NumPy may have left the interpreter to others; it looks for an exception after the loop.
    match ran {
        Ok(true) => {}
        Err(_) => Python::attach(|py| PySystemError::new_err("numir failed while it ran a ufunc's loop").restore(py)),
        Ok(false) => Python::attach(|py| {
            if PyErr::occurred(py) {
                drop(numir_runtime::take_pending_error());
            } else {
                // SAFETY: as above.
                unsafe { &*kernel.cast::<Kernel>() }.contiguous.restore_error(py);
            }
        }),
    }
}

/// A kernel: a dispatcher of what is to be called, its parameters' types for neighbouring items and for any strides, each operand's
/// dtype and core dimensions, and a dispatcher of the same loop on one thread where the first runs on all.
type Described<'py> =
    (Bound<'py, PyAny>, Vec<String>, Vec<String>, Vec<(String, Vec<usize>)>, Option<Bound<'py, PyAny>>);

/// Makes a ufunc of a function, `owner.function`, for so many inputs and outputs from kernels, in the order in which NumPy looks for one that takes the arguments. The
/// identity is NumPy's number: 0, 1, -1 for none, -2 for none but in any order. `writable` are the inputs that the kernels write to.
#[pyfunction]
#[pyo3(signature = (owner, operands, kernels, signature, identity, writable=Vec::new()))]
pub(crate) fn make_ufunc<'py>(
    py: Python<'py>,
    owner: Bound<'py, PyAny>,
    operands: (i32, i32),
    kernels: Vec<Described<'py>>,
    signature: Option<&str>,
    identity: i32,
    writable: Vec<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let function = owner.getattr("function")?;
    let name: String = function.getattr("__name__")?.extract()?;
    let doc: Option<String> = function.getattr("__doc__")?.extract()?;
    let text = |text: &str| CString::new(text).map_err(|_| PyTypeError::new_err("a null character in a name"));
    let (inputs, outputs) = operands;
    let signature = signature.map(text).transpose()?;
    let mut parts = Parts {
        functions: Vec::new(),
        data: Vec::new(),
        types: Vec::new(),
        name: text(&name)?,
        doc: text(&doc.unwrap_or_default())?,
        _kernels: Box::default(),
        owner: owner.unbind(),
    };
    let mut made = Vec::with_capacity(kernels.len());
    for (dispatcher, contiguous, strided, operands, serial) in kernels {
        let operands = operands.into_iter().map(|(dtype, core)| {
            let dtype = DType::from_name(&dtype).ok_or_else(|| PyTypeError::new_err(format!("no dtype {dtype}")))?;
            Ok(Operand { dtype, core })
        });
        let operands: Vec<Operand> = operands.collect::<PyResult<_>>()?;
        made.push(Kernel {
            contiguous: specialisation_for(&dispatcher, &contiguous)?,
            strided: specialisation_for(&dispatcher, &strided)?,
            serial: serial.map(|serial| specialisation_for(&serial, &strided)).transpose()?,
            operands,
            inputs: inputs as usize,
            generalised: signature.is_some(),
        });
    }
    parts._kernels = made.into_boxed_slice();
    for kernel in &parts._kernels {
        parts.functions.push(Some(inner_loop));
        parts.data.push(ptr::from_ref(kernel).cast_mut().cast());
        parts.types.extend(kernel.operands.iter().map(|operand| number_of(operand.dtype) as c_char));
    }
    let mut parts = Box::new(parts);
    // SAFETY: the tables live as long as the capsule that the object keeps; NumPy neither changes nor frees them.
    unsafe {
        let (functions, data, types) =
            (parts.functions.as_mut_ptr(), parts.data.as_mut_ptr(), parts.types.as_mut_ptr());
        let loops = parts.functions.len() as i32;
        let (name, doc) = (parts.name.as_ptr(), parts.doc.as_ptr());
        let object = match &signature {
            None => PY_UFUNC_API
                .PyUFunc_FromFuncAndData(py, functions, data, types, loops, inputs, outputs, identity, name, doc, 0),
            Some(signature) => PY_UFUNC_API.PyUFunc_FromFuncAndDataAndSignature(
                py,
                functions,
                data,
                types,
                loops,
                inputs,
                outputs,
                identity,
                name,
                doc,
                0,
                signature.as_ptr(),
            ),
        };
        let object = Bound::from_owned_ptr_or_err(py, object)?;
        let capsule = ffi::PyCapsule_New(Box::into_raw(parts).cast(), PARTS.as_ptr(), Some(release));
        if capsule.is_null() {
            return Err(PySystemError::new_err("no memory for a ufunc"));
        }
        let fields = &mut (*object.as_ptr().cast::<PyUFuncObject>()).fields;
        fields.obj = capsule;
        for input in writable.into_iter().filter(|input| *input < inputs as usize) {
            *fields.op_flags.add(input) = NPY_ITER_READWRITE | NPY_ITER_UPDATEIFCOPY;
        }
        Ok(object)
    }
}

/// What has made a ufunc; None for one that is not from here.
#[pyfunction]
pub(crate) fn ufunc_owner(ufunc: &Bound<'_, PyAny>) -> PyResult<Option<Py<PyAny>>> {
    let py = ufunc.py();
    if !ufunc.is_instance(&py.import("numpy")?.getattr("ufunc")?)? {
        return Ok(None);
    }
    // SAFETY: only a ufunc's own field is read, and a capsule of that name holds these parts.
    unsafe {
        let capsule = (*ufunc.as_ptr().cast::<PyUFuncObject>()).fields.obj;
        if capsule.is_null() || ffi::PyCapsule_IsValid(capsule, PARTS.as_ptr()) == 0 {
            return Ok(None);
        }
        let parts = ffi::PyCapsule_GetPointer(capsule, PARTS.as_ptr()).cast::<Parts>();
        Ok(Some((*parts).owner.clone_ref(py)))
    }
}

unsafe extern "C" fn release(capsule: *mut ffi::PyObject) {
    // SAFETY: made above with these parts; the ufunc that used them is gone.
    drop(unsafe { Box::from_raw(ffi::PyCapsule_GetPointer(capsule, PARTS.as_ptr()).cast::<Parts>()) });
}
