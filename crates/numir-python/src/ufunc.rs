//! Compiled kernels as NumPy's own ufunc objects, with all that these can do: broadcasting, `out`, `where`, reduce and accumulate.
//!
//! The kernel of an element-wise function is its loop over one dimension: it gets one-dimensional arrays. It is compiled twice, for
//! items that are neighbours and for any whole strides; what lies otherwise goes item by item. The kernel of a generalised function is the
//! function itself, called once per outer position with arrays of its core dimensions.

use crate::compile::specialisation_for;
use crate::numpy_api::number_of;
use crate::slots::{DESCRIPTOR_WORDS, Slot};
use crate::specialisation::Specialisation;
use numir_runtime::DType;
use numir_runtime::memory::Header;
use numpy::npyffi::{NPY_ITER_READWRITE, NPY_ITER_UPDATEIFCOPY, PY_UFUNC_API, PyUFuncObject};
use pyo3::exceptions::{PySystemError, PyTypeError};
use pyo3::ffi;
use pyo3::prelude::*;
use std::ffi::{CStr, CString, c_char, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::sync::Arc;

/// An operand of a kernel.
struct Operand {
    dtype: DType,
    /// The core dimensions, as places in NumPy's list of them; none for a plain ufunc. An array without any has one item.
    core: Vec<usize>,
    /// Whether it is handed over as a number and not as an array.
    scalar: bool,
}

/// A loop of a ufunc for one choice of types.
struct Kernel {
    /// For operands whose items are neighbours.
    contiguous: Arc<Specialisation>,
    /// For operands of any whole strides.
    strided: Arc<Specialisation>,
    operands: Vec<Operand>,
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

/// One operand's slot and the descriptor that it points to.
struct Frame {
    slots: Vec<Slot>,
    words: Vec<u64>,
    headers: Vec<Header>,
}

impl Kernel {
    /// Hands the operands over and calls; false with an error pending if it raised.
    ///
    /// # Safety
    /// `addresses` lead to items as NumPy says; `extents` and `strides` (bytes) belong to each operand's axes.
    unsafe fn call(
        &self,
        code: &Specialisation,
        frame: &mut Frame,
        operands: impl Iterator<Item = (*mut u8, Vec<(isize, isize)>)>,
    ) -> bool {
        frame.slots.clear();
        frame.words.clear();
        frame.headers.clear();
        let mut arrays = Vec::with_capacity(self.operands.len());
        for ((address, axes), operand) in operands.zip(&self.operands) {
            if operand.scalar {
                let mut words = [0_u64; 2];
                // SAFETY: an item of the operand's dtype stands there.
                unsafe { ptr::copy_nonoverlapping(address, words.as_mut_ptr().cast(), operand.dtype.size()) };
                frame.slots.push(Slot(words));
                continue;
            }
            let item = operand.dtype.size() as isize;
            frame
                .headers
                .push(Header::borrowed(axes.iter().map(|axis| axis.0).product::<isize>() as i64 * item as i64));
            arrays.push((frame.slots.len(), frame.words.len(), frame.headers.len() - 1));
            frame.words.extend([0, address.expose_provenance() as u64, 0]);
            frame.words.extend(axes.iter().map(|axis| axis.0 as u64));
            frame.words.extend(axes.iter().map(|axis| (axis.1 / item) as u64));
            frame.slots.push(Slot([0, 0]));
        }
        // Nothing grows from here on, so addresses hold.
        for (slot, word, header) in arrays {
            frame.words[word] = ptr::from_ref(&frame.headers[header]).expose_provenance() as u64;
            frame.slots[slot] = Slot([ptr::from_ref(&frame.words[word]).expose_provenance() as u64, 0]);
        }
        // SAFETY: the slots are as the kernel's types say; it returns None.
        unsafe { code.enter(frame.slots.as_ptr(), ptr::null_mut()) == 0 }
    }

    /// # Safety
    /// NumPy's promise to an inner loop.
    unsafe fn run(&self, arguments: *const *mut c_char, dimensions: *const isize, steps: *const isize) -> bool {
        let count = self.operands.len();
        let mut frame = Frame {
            slots: Vec::with_capacity(count),
            words: Vec::with_capacity(count * (DESCRIPTOR_WORDS + 2)),
            headers: Vec::with_capacity(count),
        };
        // SAFETY: as many arguments and steps as operands, then the steps of the core dimensions.
        unsafe {
            let outer = *dimensions;
            let address = |place: usize| (*arguments.add(place)).cast::<u8>();
            let step = |place: usize| *steps.add(place);
            if self.generalised {
                return (0..outer).all(|at| {
                    let mut core = count;
                    let operands = self.operands.iter().enumerate().map(|(place, operand)| {
                        let axes = operand.core.iter().map(|dimension| {
                            core += 1;
                            (*dimensions.add(1 + dimension), *steps.add(core - 1))
                        });
                        let mut axes: Vec<_> = axes.collect();
                        if axes.is_empty() {
                            axes.push((1, operand.dtype.size() as isize));
                        }
                        (address(place).wrapping_offset(at * step(place)), axes)
                    });
                    self.call(&self.strided, &mut frame, operands.collect::<Vec<_>>().into_iter())
                });
            }
            let item = |place: usize| self.operands[place].dtype.size() as isize;
            let whole = |from: isize, extent: isize| {
                move |place: usize| (address(place).wrapping_offset(from * step(place)), vec![(extent, step(place))])
            };
            if (0..count).all(|place| step(place) == item(place)) {
                return self.call(&self.contiguous, &mut frame, (0..count).map(whole(0, outer)));
            }
            if (0..count).all(|place| step(place) % item(place) == 0) {
                return self.call(&self.strided, &mut frame, (0..count).map(whole(0, outer)));
            }
            (0..outer).all(|at| {
                let one = |place: usize| (address(place).wrapping_offset(at * step(place)), vec![(1, item(place))]);
                self.call(&self.contiguous, &mut frame, (0..count).map(one))
            })
        }
    }
}

unsafe extern "C" fn inner_loop(
    arguments: *mut *mut c_char,
    dimensions: *mut isize,
    steps: *mut isize,
    kernel: *mut c_void,
) {
    // SAFETY: NumPy hands back the kernel with operands as it was registered for.
    let work = || unsafe { (*kernel.cast::<Kernel>()).run(arguments, dimensions, steps) };
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

/// A kernel: a dispatcher of what is to be called, its parameters' types for neighbouring items and for any strides, and
/// each operand's dtype, core dimensions, and whether it is a number.
type Described<'py> = (Bound<'py, PyAny>, Vec<String>, Vec<String>, Vec<(String, Vec<usize>, bool)>);

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
    for (dispatcher, contiguous, strided, operands) in kernels {
        let operands = operands.into_iter().map(|(dtype, core, scalar)| {
            let dtype = DType::from_name(&dtype).ok_or_else(|| PyTypeError::new_err(format!("no dtype {dtype}")))?;
            Ok(Operand { dtype, core, scalar })
        });
        let operands: Vec<Operand> = operands.collect::<PyResult<_>>()?;
        made.push(Kernel {
            contiguous: specialisation_for(&dispatcher, &contiguous)?,
            strided: specialisation_for(&dispatcher, &strided)?,
            operands,
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
