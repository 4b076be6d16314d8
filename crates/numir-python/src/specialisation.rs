//! A function compiled for the types of its arguments, and calling it.

use crate::attached::attached;
use crate::cast::cast;
use crate::environment::Live;
use crate::generators::{Held, holds_generator, is_generator};
use crate::numpy_api::{ArrayView, Types};
use crate::output;
use crate::raised;
use crate::results::boxed;
use crate::slots::{Arguments, Room, Slot};
use numir_interface::Type;
use numir_interface::wire::Compiled;
use numir_runtime::RaisedError;
use numir_runtime::loader::{self, Loaded};
use numir_runtime::memory::Header;
use pyo3::exceptions::PySystemError;
use pyo3::ffi;
use pyo3::prelude::*;
use std::ffi::c_void;
use std::mem::MaybeUninit;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// The entry of a compiled module: slots of arguments, slots of results, status.
type Entry = unsafe extern "C" fn(*const Slot, *mut Slot) -> i32;

/// The number of the next specialisation.
static SERIAL: AtomicU64 = AtomicU64::new(0);

/// What fits on the stack of a call; more is allocated.
const INLINE: Room = Room { slots: 24, words: 96, arrays: 8 };
const INLINE_RESULTS: usize = 16;

/// A compiled function. It may be called on several threads at a time.
pub(crate) struct Specialisation {
    entry: Entry,
    /// The same as a function of C: its address and its symbol.
    pub(crate) c_entry: Option<(usize, String)>,
    /// Owns the code behind `entry`.
    loaded: Loaded,
    /// The types of the parameters; None for one that was left to its default.
    pub(crate) parameters: Vec<Option<Type>>,
    pub(crate) result: Type,
    /// What the result is turned into, where a signature says another type.
    pub(crate) declared: OnceLock<Type>,
    /// Its place in the order in which specialisations were made.
    pub(crate) serial: u64,
    /// Arrays and generators of random numbers that the function refers to by name, handed over after the arguments.
    captured: Vec<Py<PyAny>>,
    /// Whether there are generators among those or the arguments.
    has_generators: bool,
    /// Classes of exceptions that are none of Python's own, by the names that the code has for them.
    exceptions: Vec<(String, Py<PyAny>)>,
    /// What the code knows by its address, kept alive.
    _addressed: Vec<Py<PyAny>>,
    /// Files that have another name than when the code was compiled: both names.
    renamed: Vec<(String, String)>,
    may_take_long: bool,
    /// Whether it is compiled for a device.
    on_device: bool,
    room: Room,
    result_slots: usize,
    /// What compiling took, step by step, in seconds.
    pub(crate) phases: Vec<(String, f64)>,
}

impl Specialisation {
    /// Loads what the compiler made.
    ///
    /// # Errors
    /// SystemError: the object is not what the compiler and the loader agreed on.
    pub(crate) fn load(
        py: Python<'_>,
        compiled: Compiled,
        parameters: Vec<Option<Type>>,
        live: &Live,
        renamed: Vec<(String, String)>,
        on_device: bool,
    ) -> PyResult<Self> {
        let broken = |message: String| PySystemError::new_err(format!("compiled code cannot be loaded: {message}"));
        let loaded = Loaded::load(&compiled.object, &loader::resolve).map_err(|error| broken(error.to_string()))?;
        let entry = loaded.symbol(&compiled.entry).ok_or_else(|| broken(format!("no symbol {}", compiled.entry)))?;
        // SAFETY: the pass that wraps entries gives every symbol of that form this signature.
        let entry = unsafe { std::mem::transmute::<*const c_void, Entry>(entry) };
        let c_entry = compiled.c_entry.map(|name| match loaded.symbol(&name) {
            Some(address) => Ok((address.expose_provenance(), name)),
            None => Err(broken(format!("no symbol {name}"))),
        });
        let captured: Vec<Py<PyAny>> = compiled
            .captured
            .iter()
            .filter_map(|number| live.arrays.get(*number as usize).map(|array| array.clone_ref(py)))
            .collect();
        let mut room = Room::of(parameters.iter().flatten());
        let mut has_generators = parameters.iter().flatten().any(holds_generator);
        for object in &captured {
            if is_generator(object.bind(py))? {
                has_generators = true;
                room.add_array(1);
            } else {
                // SAFETY: only arrays and generators are captured.
                room.add_array(unsafe { ArrayView::new(object.as_ptr()) }.rank());
            }
        }
        Ok(Self {
            entry,
            c_entry: c_entry.transpose()?,
            loaded,
            result_slots: Room::result_slots(&compiled.result),
            result: compiled.result,
            declared: OnceLock::new(),
            serial: SERIAL.fetch_add(1, Ordering::Relaxed),
            may_take_long: compiled.may_take_long,
            on_device,
            parameters,
            captured,
            has_generators,
            exceptions: live.exceptions.iter().map(|(name, class)| (name.clone(), class.clone_ref(py))).collect(),
            _addressed: live.addressed.iter().map(|object| object.clone_ref(py)).collect(),
            renamed,
            room,
            phases: compiled.phases,
        })
    }

    /// What its kernels use, one after the other, by the number that CUDA's driver has for an attribute of functions.
    pub(crate) fn kernel_attributes(&self, name: u32) -> Result<Vec<u32>, RaisedError> {
        // SAFETY: the records live as long as the code, which is compiled by numir.
        self.loaded.kernels().map(|kernel| unsafe { (*kernel).attribute(name) }).collect()
    }

    /// Sets the exception that the code has left on this thread.
    pub(crate) fn restore_error(&self, py: Python<'_>) {
        raised::restore(py, &self.renamed, &self.exceptions);
    }

    /// Enters the code.
    ///
    /// # Safety
    /// The slots are laid out as parameters and result say; what they point to lives during the call.
    pub(crate) unsafe fn enter(&self, arguments: *const Slot, results: *mut Slot) -> i32 {
        // SAFETY: the caller's promise.
        unsafe { (self.entry)(arguments, results) }
    }

    /// Calls it with one object per parameter, null where it was left to its default. A new reference, or null with an error set.
    ///
    /// # Safety
    /// The objects live during the call and have the types it was compiled for, or declared types that they fit.
    pub(crate) unsafe fn call(
        &self,
        py: Python<'_>,
        types: &Types,
        objects: &[*mut ffi::PyObject],
    ) -> *mut ffi::PyObject {
        let fits = self.room.slots <= INLINE.slots
            && self.room.words <= INLINE.words
            && self.room.arrays <= INLINE.arrays
            && self.result_slots <= INLINE_RESULTS;
        if fits {
            let mut results = [const { MaybeUninit::uninit() }; INLINE_RESULTS];
            let mut slots = [const { MaybeUninit::uninit() }; INLINE.slots];
            let mut words = [const { MaybeUninit::uninit() }; INLINE.words];
            let mut headers = [const { MaybeUninit::uninit() }; INLINE.arrays];
            let mut borrowed = [const { MaybeUninit::uninit() }; INLINE.arrays];
            let arguments = Arguments::new(&mut slots, &mut words, &mut headers, &mut borrowed);
            // SAFETY: the caller's promise.
            unsafe { self.call_in(py, types, objects, arguments, &mut results) }
        } else {
            let mut slots = Vec::with_capacity(self.room.slots);
            let mut words = Vec::with_capacity(self.room.words);
            let mut headers: Vec<Header> = Vec::with_capacity(self.room.arrays);
            let mut borrowed = Vec::with_capacity(self.room.arrays);
            let mut results = Vec::with_capacity(self.result_slots);
            let arguments = Arguments::new(
                slots.spare_capacity_mut(),
                words.spare_capacity_mut(),
                headers.spare_capacity_mut(),
                borrowed.spare_capacity_mut(),
            );
            // SAFETY: the caller's promise.
            unsafe { self.call_in(py, types, objects, arguments, results.spare_capacity_mut()) }
        }
    }

    /// Hands over what the function refers to by name, where generators are among it.
    fn push_captured(&self, py: Python<'_>, types: &Types, arguments: &mut Arguments<'_>) -> PyResult<()> {
        for object in &self.captured {
            if types.is_array_like(object.as_ptr()) {
                arguments.push_array(object.as_ptr());
            } else {
                arguments.push_generator(object.bind(py))?;
            }
        }
        Ok(())
    }

    unsafe fn call_in(
        &self,
        py: Python<'_>,
        types: &Types,
        objects: &[*mut ffi::PyObject],
        mut arguments: Arguments<'_>,
        results: &mut [MaybeUninit<Slot>],
    ) -> *mut ffi::PyObject {
        arguments.takes_device_arrays = self.on_device;
        for (object, ty) in objects.iter().zip(&self.parameters) {
            let Some(ty) = ty else { continue };
            if let Err(error) = arguments.add(py, types, *object, ty) {
                attached(py, |py| error.restore(py));
                return std::ptr::null_mut();
            }
        }
        let mut held = None;
        if self.has_generators {
            let prepared = attached(py, |py| {
                self.push_captured(py, types, &mut arguments)?;
                // SAFETY: what was handed over is alive.
                Held::of(arguments.borrowed().iter().map(|one| unsafe { Bound::from_borrowed_ptr(py, one.array) }))
            });
            match prepared {
                Ok(locks) => held = Some(locks),
                Err(error) => {
                    attached(py, |py| error.restore(py));
                    return std::ptr::null_mut();
                }
            }
        } else {
            for array in &self.captured {
                arguments.push_array(array.as_ptr());
            }
        }
        let (inputs, outputs) = (arguments.slots.as_ptr().cast(), results.as_mut_ptr().cast());
        // SAFETY: the slots are laid out as the types say, and what they point to lives during the call. Where the interpreter is
        // left to others, compiled code touches no object of it: data of arrays is all it reads and writes.
        let status = unsafe {
            if self.may_take_long {
                let thread = ffi::PyEval_SaveThread();
                let status = self.enter(inputs, outputs);
                ffi::PyEval_RestoreThread(thread);
                status
            } else {
                self.enter(inputs, outputs)
            }
        };
        drop(held);
        if status != 0 {
            let here = 0_u8;
            numir_runtime::pool::leave_all_below(&raw const here);
            attached(py, |py| self.restore_error(py));
            return std::ptr::null_mut();
        }
        // SAFETY: the entry succeeded, so it wrote the results, which are read once.
        unsafe {
            let written: &[Slot] = std::slice::from_raw_parts(results.as_ptr().cast(), self.result_slots);
            let mut result = boxed(py, &mut { written }, &self.result, arguments.borrowed());
            if let Some(declared) = self.declared.get()
                && !result.is_null()
            {
                result = cast(py, result, declared);
            }
            if output::has_failed() && !result.is_null() && output::raise(py) {
                ffi::Py_DECREF(result);
                result = std::ptr::null_mut();
            }
            result
        }
    }
}
