//! NumPy's generators of random numbers as arguments and captured objects of compiled code, which draws by the functions of C that a bit
//! generator has for its state: the object's own, so that it goes on where compiled code stopped.
//!
//! During a call the bit generator's lock is held, as NumPy's methods hold it, since compiled code leaves the interpreter to others.

use numir_interface::Type;
use pyo3::exceptions::PyTypeError;
use pyo3::ffi;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

/// How many words NumPy's `bitgen_t` has: the state's address and four functions.
pub(crate) const WORDS: usize = 5;

/// Whether an object is a `numpy.random.Generator`. Whoever has one has imported the module, which takes longer than a first call from the
/// cache and is not imported for others.
pub(crate) fn is_generator(object: &Bound<'_, PyAny>) -> PyResult<bool> {
    static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let py = object.py();
    if let Some(class) = CLASS.get(py) {
        return object.is_instance(class.bind(py));
    }
    let modules = py.import("sys")?.getattr("modules")?;
    let module = modules.call_method1("get", ("numpy.random",))?;
    let Some(class) = module.getattr_opt("Generator")? else { return Ok(false) };
    object.is_instance(CLASS.get_or_init(py, || class.unbind()).bind(py))
}

/// Whether a type is that of a generator of random numbers, or of something with one.
pub(crate) fn holds_generator(ty: &Type) -> bool {
    match ty {
        Type::Generator => true,
        Type::Tuple(items) => items.iter().any(holds_generator),
        Type::Optional(inner) => holds_generator(inner),
        _ => false,
    }
}

/// The address of the words of its bit generator, which lives as long as the generator does.
///
/// # Errors
/// TypeError where it has none that C can use.
pub(crate) fn words_of(generator: &Bound<'_, PyAny>) -> PyResult<*mut u8> {
    let py = generator.py();
    let bit_generator = generator.getattr(intern!(py, "bit_generator"))?;
    let capsule = bit_generator.getattr(intern!(py, "capsule"))?;
    // SAFETY: a live object; null with an error set where it is no capsule of that name.
    let words = unsafe { ffi::PyCapsule_GetPointer(capsule.as_ptr(), c"BitGenerator".as_ptr()) };
    match PyErr::take(py) {
        None => {
            introduce(&bit_generator, words.cast())?;
            Ok(words.cast())
        }
        Some(error) => {
            let refused = PyTypeError::new_err("the generator's bit generator has no functions of C");
            refused.set_cause(py, Some(error));
            Err(refused)
        }
    }
}

/// Tells the runtime NumPy's PCG64, as soon as there is one, if its state lies where compiled code looks for it: within the object, which the
/// words point to by way of the state's first word, and equal to what Python is told of it.
fn introduce(bit_generator: &Bound<'_, PyAny>, words: *const u8) -> PyResult<()> {
    static IS_DONE: AtomicBool = AtomicBool::new(false);
    if IS_DONE.load(Ordering::Relaxed) {
        return Ok(());
    }
    let py = bit_generator.py();
    let class = bit_generator.get_type();
    if !class.is(&py.import("numpy.random")?.getattr("PCG64")?) || IS_DONE.swap(true, Ordering::Relaxed) {
        return Ok(());
    }
    let size: usize = class.getattr("__basicsize__")?.extract()?;
    let start = bit_generator.as_ptr().expose_provenance();
    let is_inside = |address: usize, bytes: usize| {
        address >= start && address.saturating_add(bytes) <= start + size && address.is_multiple_of(align_of::<u64>())
    };
    let word = |address: usize| std::ptr::with_exposed_provenance::<usize>(address);
    if !is_inside(words.expose_provenance(), size_of::<u64>() * WORDS) {
        return Ok(());
    }
    // SAFETY: what is read lies within the object.
    let state = unsafe { *word(words.expose_provenance()) };
    if !is_inside(state, size_of::<u64>()) {
        return Ok(());
    }
    // SAFETY: as above.
    let place = unsafe { *word(state) };
    if !is_inside(place, 4 * size_of::<u64>()) {
        return Ok(());
    }
    // SAFETY: as above; the generator's lock is held.
    let found = unsafe { *std::ptr::with_exposed_provenance::<[u64; 4]>(place) };
    let told = bit_generator.getattr("state")?.get_item("state")?;
    let wide = |low: u64, high: u64| u128::from(high) << 64 | u128::from(low);
    let told: [u128; 2] = [told.get_item("state")?.extract()?, told.get_item("inc")?.extract()?];
    if told == [wide(found[0], found[1]), wide(found[2], found[3])] {
        // SAFETY: this is NumPy's PCG64, with that layout.
        unsafe { numir_runtime::random::know_pcg64(words) };
    }
    Ok(())
}

/// The locks of the generators of one call, held until this is dropped.
pub(crate) struct Held(Vec<Py<PyAny>>);

impl Held {
    /// Takes the locks of those of the objects that are generators, in one order for all threads. A lock may be taken again by the thread that has it.
    ///
    /// # Errors
    /// What taking a lock raised.
    pub(crate) fn of<'py>(objects: impl Iterator<Item = Bound<'py, PyAny>>) -> PyResult<Self> {
        let mut locks = Vec::new();
        for object in objects {
            if is_generator(&object)? {
                let py = object.py();
                locks.push(object.getattr(intern!(py, "bit_generator"))?.getattr(intern!(py, "lock"))?);
            }
        }
        locks.sort_by_key(|lock| lock.as_ptr());
        let mut held = Self(Vec::with_capacity(locks.len()));
        for lock in locks {
            let py = lock.py();
            lock.call_method0(intern!(py, "acquire"))?;
            held.0.push(lock.unbind());
        }
        Ok(held)
    }

    /// Lets them go, the last first.
    ///
    /// # Errors
    /// What letting go of a lock raised.
    fn release(&mut self, py: Python<'_>) -> PyResult<()> {
        while let Some(lock) = self.0.pop() {
            lock.call_method0(py, intern!(py, "release"))?;
        }
        Ok(())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        Python::attach(|py| {
            // The call's own error stays the one that is seen.
            let pending = PyErr::take(py);
            if let Err(error) = self.release(py) {
                error.write_unraisable(py, None);
            }
            if let Some(pending) = pending {
                pending.restore(py);
            }
        });
    }
}
