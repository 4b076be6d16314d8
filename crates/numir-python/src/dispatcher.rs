//! The object that `njit` puts in a function's place: a heap type of our own with vectorcall, whose other methods the Python
//! package adds. A call with types that were seen before goes from the codes of its arguments to compiled code.

use crate::attached::attached;
use crate::binding::{Parameters, bind, misfit};
use crate::cache::Counts;
use crate::classify::{array_of, classify};
use crate::codes::{self, Code};
use crate::compile;
use crate::numpy_api::Types;
use crate::table::Table;
use numir_interface::types::TypeError;
use numir_interface::wire::Options;
use pyo3::exceptions::{PySystemError, PyTypeError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use std::ffi::{c_int, c_void};
use std::mem::offset_of;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::sync::atomic::{AtomicBool, Ordering};

unsafe extern "C" {
    fn PyMethod_New(function: *mut ffi::PyObject, instance: *mut ffi::PyObject) -> *mut ffi::PyObject;
}

/// The object as C sees it.
#[repr(C)]
struct Object {
    base: ffi::PyObject,
    vectorcall: Option<ffi::vectorcallfunc>,
    dict: *mut ffi::PyObject,
    weak_references: *mut ffi::PyObject,
    /// The Python function; null only after the garbage collector has cleared it.
    function: *mut ffi::PyObject,
    state: *mut State,
}

/// What a dispatcher knows.
pub(crate) struct State {
    pub(crate) parameters: Parameters,
    pub(crate) options: Options,
    pub(crate) table: Table,
    /// Whether only declared types are taken.
    pub(crate) closed: AtomicBool,
    /// What the cache on disk has given; None where the function is not kept there.
    pub(crate) cached: Option<Counts>,
}

/// How many arguments a call may have before their codes are put on the heap.
const INLINE: usize = 16;

/// The type, made when the module is.
pub(crate) fn dispatcher_type(py: Python<'_>) -> PyResult<&'static Bound<'static, PyAny>> {
    static TYPE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let ty = TYPE.get_or_try_init(py, || make_type(py))?;
    // SAFETY: the type is kept for ever; the interpreter outlives every use.
    Ok(unsafe { &*ptr::from_ref(ty.bind(py)).cast() })
}

fn make_type(py: Python<'_>) -> PyResult<Py<PyAny>> {
    let member = |name: &'static std::ffi::CStr, offset: usize| ffi::PyMemberDef {
        name: name.as_ptr(),
        type_code: ffi::Py_T_PYSSIZET,
        offset: offset as ffi::Py_ssize_t,
        flags: ffi::Py_READONLY,
        doc: ptr::null(),
    };
    // The type refers to these tables for ever.
    let members = Box::leak(Box::new([
        member(c"__vectorcalloffset__", offset_of!(Object, vectorcall)),
        member(c"__dictoffset__", offset_of!(Object, dict)),
        member(c"__weaklistoffset__", offset_of!(Object, weak_references)),
        // SAFETY: all zero ends the table.
        unsafe { std::mem::zeroed() },
    ]));
    let getters = Box::leak(Box::new([
        ffi::PyGetSetDef {
            name: c"__dict__".as_ptr(),
            get: Some(ffi::PyObject_GenericGetDict),
            set: Some(ffi::PyObject_GenericSetDict),
            doc: ptr::null(),
            closure: ptr::null_mut(),
        },
        ffi::PyGetSetDef {
            name: c"py_func".as_ptr(),
            get: Some(get_function),
            set: None,
            doc: c"The Python function.".as_ptr(),
            closure: ptr::null_mut(),
        },
        // SAFETY: all zero ends the table.
        unsafe { std::mem::zeroed() },
    ]));
    let slot = |slot: c_int, pfunc: *mut c_void| ffi::PyType_Slot { slot, pfunc };
    let mut slots = [
        slot(ffi::Py_tp_call, ffi::PyVectorcall_Call as *mut c_void),
        slot(ffi::Py_tp_descr_get, bind_method as *mut c_void),
        slot(ffi::Py_tp_dealloc, deallocate as *mut c_void),
        slot(ffi::Py_tp_traverse, traverse as *mut c_void),
        slot(ffi::Py_tp_clear, clear as *mut c_void),
        slot(ffi::Py_tp_members, members.as_mut_ptr().cast()),
        slot(ffi::Py_tp_getset, getters.as_mut_ptr().cast()),
        slot(ffi::Py_tp_getattro, ffi::PyObject_GenericGetAttr as *mut c_void),
        slot(ffi::Py_tp_setattro, ffi::PyObject_GenericSetAttr as *mut c_void),
        slot(
            ffi::Py_tp_doc,
            c"A function that is compiled for the types of its arguments when it is called.".as_ptr().cast_mut().cast(),
        ),
        slot(0, ptr::null_mut()),
    ];
    let flags = ffi::Py_TPFLAGS_DEFAULT
        | ffi::Py_TPFLAGS_HAVE_GC
        | ffi::Py_TPFLAGS_HAVE_VECTORCALL
        | ffi::Py_TPFLAGS_METHOD_DESCRIPTOR
        | ffi::Py_TPFLAGS_DISALLOW_INSTANTIATION;
    let mut spec = ffi::PyType_Spec {
        name: c"numir.Dispatcher".as_ptr(),
        basicsize: size_of::<Object>() as c_int,
        itemsize: 0,
        flags: flags as u32,
        slots: slots.as_mut_ptr(),
    };
    // SAFETY: the tables are complete; Python copies what it does not refer to for ever.
    unsafe { Bound::from_owned_ptr_or_err(py, ffi::PyType_FromSpec(&mut spec)) }.map(Bound::unbind)
}

/// Makes a dispatcher of a Python function.
#[pyfunction]
#[allow(clippy::too_many_arguments, reason = "keywords, which one table in Python gives")]
#[pyo3(signature = (function, *, boundscheck, python_errors, interruptible, fast_math, parallel, level, target, cache, c_result=None))]
pub(crate) fn make_dispatcher<'py>(
    function: &Bound<'py, PyAny>,
    boundscheck: bool,
    python_errors: bool,
    interruptible: bool,
    fast_math: String,
    parallel: bool,
    level: u8,
    target: String,
    cache: bool,
    c_result: Option<&str>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = function.py();
    let parameters = Parameters::of(function)?;
    let c_result = c_result.map(str::parse).transpose();
    let c_result = c_result.map_err(|error: TypeError| PyTypeError::new_err(error.to_string()))?;
    let options = Options {
        bounds_check: boundscheck,
        python_errors,
        interruptible,
        fast_math,
        parallel,
        level,
        target,
        c_result,
    };
    let state = State {
        parameters,
        options,
        table: Table::new(),
        closed: AtomicBool::new(false),
        cached: cache.then(Counts::default),
    };
    let ty = dispatcher_type(py)?.as_ptr().cast::<ffi::PyTypeObject>();
    // SAFETY: the type's objects are laid out as `Object`; the fields behind the base are zero after allocation.
    unsafe {
        let object = ffi::PyType_GenericAlloc(ty, 0).cast::<Object>();
        let owned = Bound::from_owned_ptr_or_err(py, object.cast())?;
        (*object).vectorcall = Some(vectorcall);
        (*object).function = function.clone().into_ptr();
        (*object).state = Box::into_raw(Box::new(state));
        Ok(owned)
    }
}

/// A dispatcher's state.
///
/// # Errors
/// TypeError for another object.
pub(crate) fn state<'a>(dispatcher: &'a Bound<'_, PyAny>) -> PyResult<&'a State> {
    if !is_dispatcher(dispatcher) {
        return Err(PyTypeError::new_err("not a function compiled by numir"));
    }
    // SAFETY: its type says that it is laid out so; the state lives as long as the object.
    Ok(unsafe { &*(*dispatcher.as_ptr().cast::<Object>()).state })
}

fn is_dispatcher(object: &Bound<'_, PyAny>) -> bool {
    dispatcher_type(object.py()).is_ok_and(|ty| object.get_type().is(ty))
}

/// The Python function behind a dispatcher; None for another object.
pub(crate) fn python_function<'py>(object: &Bound<'py, PyAny>) -> Option<Bound<'py, PyAny>> {
    if !is_dispatcher(object) {
        return None;
    }
    // SAFETY: as in `state`; the function is alive or null.
    unsafe { Bound::from_borrowed_ptr_or_opt(object.py(), (*object.as_ptr().cast::<Object>()).function) }
}

unsafe extern "C" fn vectorcall(
    callable: *mut ffi::PyObject,
    arguments: *const *mut ffi::PyObject,
    count: usize,
    names: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: Python calls with the interpreter attached, a live dispatcher, and as many arguments as it says.
    unsafe {
        let py = Python::assume_attached();
        let count = ffi::PyVectorcall_NARGS(count) as usize;
        let state = &*(*callable.cast::<Object>()).state;
        let given = if count == 0 && names.is_null() { &[] } else { std::slice::from_raw_parts(arguments, count) };
        let called = catch_unwind(AssertUnwindSafe(|| {
            if names.is_null() && state.parameters.are_exactly(count) {
                return call(py, callable, state, given);
            }
            match bind(py, &state.parameters, arguments, count, names)? {
                Some(objects) => call(py, callable, state, &objects),
                None => {
                    let function = Bound::from_borrowed_ptr(py, (*callable.cast::<Object>()).function);
                    Err(attached(py, |_| misfit(&function, arguments, count, names)))
                }
            }
        }));
        match called {
            Ok(Ok(result)) => result,
            Ok(Err(error)) => {
                attached(py, |py| error.restore(py));
                ptr::null_mut()
            }
            Err(_) => {
                let error = PySystemError::new_err("numir failed while it handed over the arguments");
                attached(py, |py| error.restore(py));
                ptr::null_mut()
            }
        }
    }
}

/// Calls with one object per parameter, null where it is left to its default.
unsafe fn call(
    py: Python<'_>,
    callable: *mut ffi::PyObject,
    state: &State,
    objects: &[*mut ffi::PyObject],
) -> PyResult<*mut ffi::PyObject> {
    let types = Types::get(py)?;
    let mut inline: [Code; INLINE] = [0; INLINE];
    let mut heap = Vec::new();
    let codes = match inline.get_mut(..objects.len()) {
        Some(codes) => codes,
        None => {
            heap.resize(objects.len(), 0);
            &mut heap[..]
        }
    };
    for (code, object) in codes.iter_mut().zip(objects) {
        if !object.is_null() {
            *code = classify(py, types, *object)?;
        }
    }
    // SAFETY: the codes are those of the objects, which the caller keeps alive.
    unsafe {
        if let Some(found) = state.table.find(codes) {
            return Ok(found.call(py, types, objects));
        }
        if codes.contains(&codes::ARRAY_LIKE) {
            // They live until the call is over. The call itself is as any other: it may leave the interpreter to others.
            let (arrays, replaced) = attached(py, |py| with_arrays(py, objects, codes))?;
            let result = call(py, callable, state, &replaced);
            attached(py, |_| drop(arrays));
            return result;
        }
        let found = attached(py, |py| {
            let dispatcher = Bound::from_borrowed_ptr(py, callable);
            compile::specialise(&dispatcher, state, codes)
        })?;
        Ok(found.call(py, types, objects))
    }
}

/// The arrays behind objects that are not arrays themselves, and the objects with these in their places.
///
/// # Safety
/// The objects are alive.
unsafe fn with_arrays(
    py: Python<'_>,
    objects: &[*mut ffi::PyObject],
    codes: &[Code],
) -> PyResult<(Vec<Py<PyAny>>, Vec<*mut ffi::PyObject>)> {
    let mut arrays = Vec::new();
    let mut replaced = objects.to_vec();
    for (object, code) in replaced.iter_mut().zip(codes) {
        if *code == codes::ARRAY_LIKE {
            // SAFETY: the caller's promise.
            let array = array_of(&unsafe { Bound::from_borrowed_ptr(py, *object) })?;
            *object = array.as_ptr();
            arrays.push(array.unbind());
        }
    }
    Ok((arrays, replaced))
}

unsafe extern "C" fn get_function(object: *mut ffi::PyObject, _: *mut c_void) -> *mut ffi::PyObject {
    // SAFETY: a dispatcher.
    unsafe {
        let function = (*object.cast::<Object>()).function;
        ffi::Py_NewRef(if function.is_null() { ffi::Py_None() } else { function })
    }
}

/// As a function's: an attribute of a class is bound to the instance.
unsafe extern "C" fn bind_method(
    function: *mut ffi::PyObject,
    instance: *mut ffi::PyObject,
    _: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: live objects; an instance of None or null means that the class was asked.
    unsafe {
        if instance.is_null() || instance == ffi::Py_None() {
            ffi::Py_NewRef(function)
        } else {
            PyMethod_New(function, instance)
        }
    }
}

unsafe extern "C" fn traverse(object: *mut ffi::PyObject, visit: ffi::visitproc, argument: *mut c_void) -> c_int {
    // SAFETY: a dispatcher; null fields are skipped.
    unsafe {
        let this = object.cast::<Object>();
        let ty = ffi::Py_TYPE(object).cast::<ffi::PyObject>();
        for field in [ty, (*this).dict, (*this).function] {
            if !field.is_null() {
                let status = visit(field, argument);
                if status != 0 {
                    return status;
                }
            }
        }
        0
    }
}

unsafe extern "C" fn clear(object: *mut ffi::PyObject) -> c_int {
    // SAFETY: a dispatcher.
    unsafe {
        let this = object.cast::<Object>();
        for field in [&raw mut (*this).dict, &raw mut (*this).function] {
            let old = ptr::replace(field, ptr::null_mut());
            ffi::Py_XDECREF(old);
        }
        0
    }
}

unsafe extern "C" fn deallocate(object: *mut ffi::PyObject) {
    // SAFETY: the last reference is gone.
    unsafe {
        ffi::PyObject_GC_UnTrack(object.cast());
        let this = object.cast::<Object>();
        if !(*this).weak_references.is_null() {
            ffi::PyObject_ClearWeakRefs(object);
        }
        clear(object);
        if !(*this).state.is_null() {
            let state = Box::from_raw((*this).state);
            attached(Python::assume_attached(), |_| drop(state));
        }
        let ty = ffi::Py_TYPE(object);
        ffi::PyObject_GC_Del(object.cast());
        ffi::Py_DECREF(ty.cast());
    }
}

/// Whether only declared types are taken.
#[pyfunction]
pub(crate) fn is_closed(dispatcher: &Bound<'_, PyAny>) -> PyResult<bool> {
    Ok(state(dispatcher)?.closed.load(Ordering::Acquire))
}

/// From now on only declared types are taken, or any again.
#[pyfunction]
pub(crate) fn set_closed(dispatcher: &Bound<'_, PyAny>, closed: bool) -> PyResult<()> {
    state(dispatcher)?.closed.store(closed, Ordering::Release);
    Ok(())
}
