//! Arrays that live on a device, as Python has them. `DeviceMemory` is the memory; `DeviceArray` an array in it, whose *shell* is one of NumPy's over the
//! host addresses of that memory. The shell says what the array's shape, strides and type are, and NumPy makes its views; nobody looks
//! at its items, which are not there.

use super::{ask, drop_without_interpreter, place_of};
use crate::numpy_api::{ArrayView, Types};
use numir_runtime::RaisedError;
use numir_runtime::device::{Pinned, Place, Resident};
use numir_runtime::memory::Header;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyDict;
use std::sync::{Mutex, PoisonError};

/// Adds the classes to the extension module.
pub(super) fn install(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<DeviceMemory>()?;
    module.add_class::<PinnedMemory>()?;
    module.add_class::<Pinning>()?;
    module.add_class::<DeviceArray>()
}

/// Memory on a device.
#[pyclass(frozen, module = "numir")]
pub(crate) struct DeviceMemory {
    target: String,
    bytes: usize,
    /// There until this goes.
    memory: Option<Resident>,
}

/// A Python object that keeps memory of somebody else's alive.
struct Keeper(Option<Py<PyAny>>);

impl Drop for Keeper {
    fn drop(&mut self) {
        // Without the interpreter the object would go at some time later.
        Python::try_attach(|_| drop(self.0.take()));
    }
}

impl Drop for DeviceMemory {
    fn drop(&mut self) {
        drop_without_interpreter(&mut self.memory);
    }
}

impl DeviceMemory {
    fn of(
        py: Python<'_>,
        target: &str,
        make: impl FnOnce(Place) -> Result<Resident, RaisedError> + Send,
    ) -> PyResult<Self> {
        let place = place_of(target)?;
        let memory = ask(py, || make(place))?;
        Ok(Self { target: target.to_owned(), bytes: memory.bytes(), memory: Some(memory) })
    }

    fn memory(&self) -> PyResult<&Resident> {
        self.memory.as_ref().ok_or_else(|| PyValueError::new_err("the memory is gone"))
    }
}

#[pymethods]
impl DeviceMemory {
    /// So many bytes on the device of a target.
    #[new]
    fn new(py: Python<'_>, target: &str, bytes: usize) -> PyResult<Self> {
        Self::of(py, target, |place| Resident::allocate(place, bytes))
    }

    /// The bytes from an address of the device on, which an object keeps alive.
    #[staticmethod]
    fn around(py: Python<'_>, target: &str, address: u64, bytes: usize, keeper: Py<PyAny>) -> PyResult<Self> {
        let keeper = Box::new(Keeper(Some(keeper)));
        // SAFETY: the object's promise, by its interface.
        Self::of(py, target, |place| unsafe { Resident::around(place, address, bytes, keeper) })
    }

    /// The target whose device it is on.
    #[getter]
    fn target(&self) -> &str {
        &self.target
    }

    /// Its bytes.
    #[getter]
    fn bytes(&self) -> usize {
        self.bytes
    }

    /// Where host code finds it.
    #[getter]
    fn host_address(&self) -> usize {
        self.memory.as_ref().map_or(0, |memory| memory.data().addr())
    }

    /// Where it is on the device.
    fn address(&self, py: Python<'_>) -> PyResult<u64> {
        let memory = self.memory()?;
        ask(py, || memory.address())
    }

    /// Copies to an array of the host, which has its items in one piece.
    fn read(&self, py: Python<'_>, offset: usize, array: &Bound<'_, PyAny>) -> PyResult<()> {
        let (data, bytes) = piece(array)?;
        let data = data.expose_provenance();
        // SAFETY: the array's memory, which the caller keeps alive.
        let memory = self.memory()?;
        ask(py, || unsafe { memory.read(offset, std::ptr::with_exposed_provenance_mut(data), bytes) })
    }

    /// Copies from an array of the host, which has its items in one piece.
    fn write(&self, py: Python<'_>, offset: usize, array: &Bound<'_, PyAny>) -> PyResult<()> {
        let (data, bytes) = piece(array)?;
        let data = data.expose_provenance();
        // SAFETY: as above.
        let memory = self.memory()?;
        ask(py, || unsafe { memory.write(offset, std::ptr::with_exposed_provenance(data), bytes) })
    }

    /// Copies from memory of the same device.
    fn copy(&self, py: Python<'_>, offset: usize, from: &Self, from_offset: usize, bytes: usize) -> PyResult<()> {
        let (to, from) = (self.memory()?, from.memory()?);
        ask(py, || to.copy(offset, from, from_offset, bytes))
    }

    /// How many references there are to it.
    fn references(&self) -> PyResult<i64> {
        // SAFETY: the header lives.
        Ok(unsafe { &*self.memory()?.header() }.count())
    }

    /// As an array of bytes of the host's, which has what the device has once compiled code of the host has asked for it.
    #[getter]
    fn __array_interface__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        bytes_interface(py, self.host_address(), self.bytes)
    }
}

/// NumPy's interface of an array of bytes.
fn bytes_interface(py: Python<'_>, address: usize, bytes: usize) -> PyResult<Bound<'_, PyDict>> {
    let interface = PyDict::new(py);
    interface.set_item("version", 3)?;
    interface.set_item("shape", (bytes,))?;
    interface.set_item("typestr", "|u1")?;
    interface.set_item("data", (address, false))?;
    Ok(interface)
}

/// Memory of the host that a device copies from and to by itself.
#[pyclass(frozen, module = "numir")]
struct PinnedMemory(Option<Pinned>);

#[pymethods]
impl PinnedMemory {
    /// So many bytes.
    #[new]
    fn new(py: Python<'_>, target: &str, bytes: usize) -> PyResult<Self> {
        let place = place_of(target)?;
        Ok(Self(Some(ask(py, || Pinned::allocate(place, bytes))?)))
    }

    /// As an array of bytes.
    #[getter]
    fn __array_interface__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let (start, bytes) = self.0.as_ref().map_or((0, 0), |memory| (memory.start().addr(), memory.bytes()));
        bytes_interface(py, start, bytes)
    }
}

impl Drop for PinnedMemory {
    fn drop(&mut self) {
        drop_without_interpreter(&mut self.0);
    }
}

/// Memory of an array of the host that is pinned for a while.
#[pyclass(frozen, module = "numir")]
struct Pinning(Mutex<Option<(Pinned, Py<PyAny>)>>);

#[pymethods]
impl Pinning {
    /// That of an array whose items lie in one piece.
    #[new]
    fn new(target: &str, array: &Bound<'_, PyAny>) -> PyResult<Self> {
        let place = place_of(target)?;
        let (data, bytes) = piece(array)?;
        let data = data.expose_provenance();
        // SAFETY: the array's memory, which lives as long as this holds the array.
        let pinned =
            ask(array.py(), || unsafe { Pinned::register(place, std::ptr::with_exposed_provenance_mut(data), bytes) });
        Ok(Self(Mutex::new(Some((pinned?, array.clone().unbind())))))
    }

    /// From now on the memory is as any other.
    fn end(&self) {
        if let Some((pinned, _array)) = self.0.lock().unwrap_or_else(PoisonError::into_inner).take() {
            drop_without_interpreter(&mut Some(pinned));
        }
    }
}

/// The memory of an array of NumPy's whose items lie in one piece.
fn piece(array: &Bound<'_, PyAny>) -> PyResult<(*mut u8, usize)> {
    let types = Types::get(array.py())?;
    if !types.is_array_like(array.as_ptr()) {
        return Err(PyTypeError::new_err("an array is expected"));
    }
    // SAFETY: it is an array.
    let view = unsafe { ArrayView::new(array.as_ptr()) };
    if !view.is_one_piece() {
        return Err(PyValueError::new_err("the array's items do not lie in one piece"));
    }
    Ok((view.data(), array.getattr("nbytes")?.extract()?))
}

/// An array on a device. `numir.cuda.DeviceNDArray` derives from it.
#[pyclass(frozen, subclass, module = "numir")]
pub(crate) struct DeviceArray {
    memory: Py<DeviceMemory>,
    shell: Py<PyAny>,
}

#[pymethods]
impl DeviceArray {
    #[new]
    fn new(memory: Bound<'_, DeviceMemory>, shell: Bound<'_, PyAny>) -> PyResult<Self> {
        let types = Types::get(memory.py())?;
        if !types.is_array(shell.as_ptr()) {
            return Err(PyTypeError::new_err("the shell of an array on a device is an array"));
        }
        Ok(Self { memory: memory.unbind(), shell: shell.unbind() })
    }

    /// The memory that it lives in.
    #[getter]
    fn _memory<'py>(&self, py: Python<'py>) -> &Bound<'py, DeviceMemory> {
        self.memory.bind(py)
    }

    /// Bytes from the memory's start to the first item.
    #[getter]
    fn _offset(&self) -> usize {
        // SAFETY: the shell is an array.
        let data = unsafe { ArrayView::new(self.shell.as_ptr()) }.data();
        data.addr().wrapping_sub(self.memory.get().host_address())
    }

    /// An array of NumPy's that is like it, at the host's addresses of its memory.
    #[getter]
    fn _shell<'py>(&self, py: Python<'py>) -> &Bound<'py, PyAny> {
        self.shell.bind(py)
    }
}

impl DeviceArray {
    /// The object as an array on a device, if it is one.
    pub(crate) fn of<'a>(py: Python<'_>, object: &'a *mut ffi::PyObject) -> Option<&'a Self> {
        // SAFETY: a live object, which the caller keeps alive for as long as what is given.
        let object = unsafe { Bound::from_borrowed_ptr(py, *object) };
        let array = object.cast::<Self>().ok()?;
        let array = std::ptr::from_ref(array.get());
        // SAFETY: as above: the value lies in the object.
        Some(unsafe { &*array })
    }

    /// The shell; a borrowed reference.
    pub(crate) fn shell(&self) -> *mut ffi::PyObject {
        self.shell.as_ptr()
    }

    /// The header of its memory; this holds a reference.
    pub(crate) fn header(&self) -> *mut Header {
        self.memory.get().memory.as_ref().map_or(std::ptr::null_mut(), Resident::header)
    }

    /// Another array in the same memory.
    ///
    /// # Errors
    /// What making an object raises.
    pub(crate) fn with_shell<'py>(&self, py: Python<'py>, shell: Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let class = CLASS.get_or_try_init(py, || {
            PyResult::Ok(py.import("numir.cuda._arrays")?.getattr("DeviceNDArray")?.unbind())
        })?;
        class.bind(py).call1((self.memory.bind(py), shell))
    }
}
