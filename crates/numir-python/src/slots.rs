//! Arguments into the slots that a compiled entry reads, without allocation for up to some hundred words.
//!
//! A scalar takes one slot of 16 bytes, its value at the start. An array takes one slot with a pointer to its descriptor: owner,
//! data, offset, extents, strides in items. The owner is a header on this stack, or that of an array on a device: when a result still refers to one after
//! the call, it is a view of that argument. A tuple is its items one after the other, an optional a bool and its value; None and strings
//! take no slot.

use crate::attached::attached;
use crate::cuda::DeviceArray;
use crate::generators::{WORDS, is_generator, words_of};
use crate::numpy_api::{ArrayView, Types, scalar_words};
use numir_interface::types::Kind;
use numir_interface::{Scalar, Type};
use numir_runtime::DType;
use numir_runtime::memory::Header;
use pyo3::exceptions::{PyOverflowError, PyTypeError};
use pyo3::ffi;
use pyo3::prelude::*;
use std::mem::MaybeUninit;

/// 16 bytes of arguments or results.
#[repr(C, align(16))]
#[derive(Clone, Copy, Default)]
pub(crate) struct Slot(pub(crate) [u64; 2]);

/// Owner, data, offset; then extents and strides.
pub(crate) const DESCRIPTOR_WORDS: usize = 3;

/// How much memory the arguments of some types take, and the results.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Room {
    /// Slots.
    pub(crate) slots: usize,
    /// Words of descriptors.
    pub(crate) words: usize,
    /// Arrays.
    pub(crate) arrays: usize,
}

impl Room {
    /// The room of arguments.
    pub(crate) fn of<'t>(types: impl IntoIterator<Item = &'t Type>) -> Self {
        let mut room = Self::default();
        types.into_iter().for_each(|ty| room.add(ty));
        room
    }

    fn add(&mut self, ty: &Type) {
        match ty {
            Type::None | Type::Text(_) | Type::Ellipsis | Type::DType(_) | Type::Static(_) | Type::Object(_) => {}
            Type::Scalar(_) | Type::Pointer(_) => self.slots += 1,
            Type::Array(array) => self.add_array(array.rank),
            Type::Generator => self.add_array(1),
            Type::Records(_, rank, _) => self.add_array(rank + 1),
            Type::Tuple(types) => types.iter().for_each(|ty| self.add(ty)),
            Type::Formatted(parts) => parts.iter().for_each(|part| self.add(part)),
            Type::Member(_, value) => self.add(value),
            Type::Optional(inner) => {
                self.slots += 1;
                self.add(inner);
            }
            Type::Range => self.slots += 3,
            Type::Slice(parts) => parts.iter().for_each(|part| self.add(part)),
        }
    }

    /// Makes room for one more array.
    pub(crate) fn add_array(&mut self, rank: usize) {
        self.slots += 1;
        self.words += DESCRIPTOR_WORDS + 2 * rank;
        self.arrays += 1;
    }

    /// The slots of a result: an array fills as many as its descriptor takes.
    pub(crate) fn result_slots(ty: &Type) -> usize {
        match ty {
            Type::None | Type::Text(_) | Type::Ellipsis | Type::DType(_) | Type::Static(_) | Type::Object(_) => 0,
            Type::Scalar(_) | Type::Pointer(_) => 1,
            Type::Array(array) => (DESCRIPTOR_WORDS + 2 * array.rank).div_ceil(2),
            Type::Generator => (DESCRIPTOR_WORDS + 2).div_ceil(2),
            Type::Records(_, rank, _) => (DESCRIPTOR_WORDS + 2 * (rank + 1)).div_ceil(2),
            Type::Tuple(types) => types.iter().map(Self::result_slots).sum(),
            Type::Formatted(parts) => parts.iter().map(Self::result_slots).sum(),
            Type::Member(_, value) => Self::result_slots(value),
            Type::Optional(inner) => 1 + Self::result_slots(inner),
            Type::Range => 3,
            Type::Slice(parts) => parts.iter().map(Self::result_slots).sum(),
        }
    }
}

/// An array argument that was handed over.
#[derive(Clone, Copy)]
pub(crate) struct Borrowed {
    /// The header that stands for it.
    pub(crate) header: *const Header,
    /// The array; a borrowed reference.
    pub(crate) array: *mut ffi::PyObject,
}

/// The memory of one call: filled from the front, never moved.
pub(crate) struct Arguments<'m> {
    pub(crate) slots: &'m mut [MaybeUninit<Slot>],
    pub(crate) words: &'m mut [MaybeUninit<u64>],
    pub(crate) headers: &'m mut [MaybeUninit<Header>],
    pub(crate) borrowed: &'m mut [MaybeUninit<Borrowed>],
    used: Room,
    /// Whether the code can have arrays that live on a device.
    pub(crate) takes_device_arrays: bool,
}

impl<'m> Arguments<'m> {
    /// Memory for as much as [`Room`] says.
    pub(crate) fn new(
        slots: &'m mut [MaybeUninit<Slot>],
        words: &'m mut [MaybeUninit<u64>],
        headers: &'m mut [MaybeUninit<Header>],
        borrowed: &'m mut [MaybeUninit<Borrowed>],
    ) -> Self {
        Self { slots, words, headers, borrowed, used: Room::default(), takes_device_arrays: false }
    }

    /// The arrays that were handed over.
    pub(crate) fn borrowed(&self) -> &[Borrowed] {
        // SAFETY: the first ones were written by `push_array`.
        unsafe { std::slice::from_raw_parts(self.borrowed.as_ptr().cast(), self.used.arrays) }
    }

    fn push(&mut self, words: [u64; 2]) {
        self.slots[self.used.slots].write(Slot(words));
        self.used.slots += 1;
    }

    /// Adds an object as a parameter of that type.
    ///
    /// # Errors
    /// Where the object is no value of the type, which its code rules out unless the type was declared.
    pub(crate) fn add(&mut self, py: Python<'_>, types: &Types, object: *mut ffi::PyObject, ty: &Type) -> PyResult<()> {
        match ty {
            Type::None | Type::Text(_) | Type::Ellipsis | Type::DType(_) | Type::Static(_) | Type::Object(_) => Ok(()),
            Type::Scalar(scalar) => {
                let words = scalar_of(py, types, object, *scalar)?;
                self.push(words);
                Ok(())
            }
            Type::Pointer(_) => {
                // SAFETY: a live object, as what calls this says.
                let address = attached(py, |py| pointer(&unsafe { Bound::from_borrowed_ptr(py, object) }))?;
                self.push([address, 0]);
                Ok(())
            }
            Type::Records(layout, ..) if types.is_array_like(object) => {
                self.push_items(object, Some(layout.size));
                Ok(())
            }
            // SAFETY: a live object.
            Type::Records(layout, 0, _) if types.is_scalar(object) => attached(py, |py| {
                let record = unsafe { Bound::from_borrowed_ptr(py, object) };
                let data = record_data(&record, layout.size).ok_or_else(|| mismatch(py, object, ty))?;
                self.push_record(object, data, layout.size);
                Ok(())
            }),
            Type::Generator => {
                // SAFETY: a live object.
                attached(py, |py| {
                    let generator = unsafe { Bound::from_borrowed_ptr(py, object) };
                    if !is_generator(&generator)? {
                        return Err(mismatch(py, object, ty));
                    }
                    self.push_generator(&generator)
                })
            }
            Type::Array(_) if types.is_array_like(object) => {
                self.push_array(object);
                Ok(())
            }
            Type::Array(_) | Type::Records(..) if let Some(array) = DeviceArray::of(py, &object) => {
                let record = if let Type::Records(layout, ..) = ty { Some(layout.size) } else { None };
                self.push_device_array(object, array, record)
            }
            // SAFETY: the check says that it is a tuple; its items live as long as it.
            Type::Tuple(items)
                if unsafe {
                    ffi::PyTuple_Check(object) != 0 && ffi::PyTuple_GET_SIZE(object) as usize == items.len()
                } =>
            {
                items.iter().enumerate().try_for_each(|(place, ty)| {
                    self.add(py, types, unsafe { ffi::PyTuple_GET_ITEM(object, place as isize) }, ty)
                })
            }
            Type::Member(_, ty) => {
                // SAFETY: a live object; the value belongs to the member, which is alive during the call.
                attached(py, |py| {
                    let value = unsafe { Bound::from_borrowed_ptr(py, object) }.getattr("_value_")?;
                    self.add(py, types, value.as_ptr(), ty)
                })
            }
            Type::Optional(inner) if object == unsafe { ffi::Py_None() } => {
                self.push([0, 0]);
                self.add_absent(inner);
                Ok(())
            }
            Type::Optional(inner) => {
                self.push([1, 0]);
                self.add(py, types, object, inner)
            }
            Type::Slice(parts) if unsafe { ffi::PySlice_Check(object) != 0 } => {
                // SAFETY: a live slice, which keeps its parts alive.
                let slice = unsafe { &*object.cast::<ffi::PySliceObject>() };
                [slice.start, slice.stop, slice.step]
                    .into_iter()
                    .zip(&**parts)
                    .try_for_each(|(part, ty)| self.add(py, types, part, ty))
            }
            Type::Array(_) | Type::Records(..) | Type::Formatted(_) | Type::Tuple(_) | Type::Slice(_) | Type::Range => {
                Err(mismatch(py, object, ty))
            }
        }
    }

    /// Adds something in place of a value that is not there: its bits do not matter, but an array is unpacked from a descriptor.
    fn add_absent(&mut self, ty: &Type) {
        match ty {
            Type::None | Type::Text(_) | Type::Ellipsis | Type::DType(_) | Type::Static(_) | Type::Object(_) => {}
            Type::Scalar(_) | Type::Pointer(_) => self.push([0, 0]),
            Type::Range => (0..3).for_each(|_| self.push([0, 0])),
            Type::Slice(parts) => parts.iter().for_each(|part| self.add_absent(part)),
            Type::Tuple(types) => types.iter().for_each(|ty| self.add_absent(ty)),
            Type::Formatted(parts) => parts.iter().for_each(|part| self.add_absent(part)),
            Type::Member(_, value) => self.add_absent(value),
            Type::Optional(inner) => {
                self.push([0, 0]);
                self.add_absent(inner);
            }
            Type::Array(array) => self.add_absent_array(array.rank),
            Type::Generator => self.add_absent_array(1),
            Type::Records(_, rank, _) => self.add_absent_array(rank + 1),
        }
    }

    fn add_absent_array(&mut self, rank: usize) {
        let from = self.used.words;
        let count = DESCRIPTOR_WORDS + 2 * rank;
        self.words[from..from + count].fill(MaybeUninit::new(0));
        self.used.words += count;
        self.push([self.words[from].as_ptr().expose_provenance() as u64, 0]);
    }

    /// Adds an array.
    pub(crate) fn push_array(&mut self, object: *mut ffi::PyObject) {
        self.push_items(object, None);
    }

    /// Adds an array that lives on a device, whose header is its own.
    fn push_device_array(
        &mut self,
        object: *mut ffi::PyObject,
        array: &DeviceArray,
        record: Option<usize>,
    ) -> PyResult<()> {
        if !self.takes_device_arrays {
            return Err(PyTypeError::new_err(
                "an array on a device is passed to a function that is compiled for the CPU: pass what its copy_to_host() gives, or compile the function \
                 with target=\"cuda\"",
            ));
        }
        self.push_view(object, array.shell(), array.header(), record);
        Ok(())
    }

    /// Adds a generator of random numbers, by the words of its bit generator.
    ///
    /// # Errors
    /// TypeError where it has no bit generator that C can use.
    pub(crate) fn push_generator(&mut self, generator: &Bound<'_, PyAny>) -> PyResult<()> {
        let words = words_of(generator)?;
        self.push_line(generator.as_ptr(), words, WORDS, size_of::<u64>());
        Ok(())
    }

    /// Adds a record by the address of its bytes.
    fn push_record(&mut self, object: *mut ffi::PyObject, data: *mut u8, size: usize) {
        self.push_line(object, data, size, 1);
    }

    /// Adds so many items of that size, one behind the other, that an object keeps.
    fn push_line(&mut self, object: *mut ffi::PyObject, data: *mut u8, count: usize, item: usize) {
        let bytes = (count * item) as i64;
        let header = self.headers[self.used.arrays].write(Header::lent(bytes, object.cast())) as *const Header;
        self.borrowed[self.used.arrays].write(Borrowed { header, array: object });
        let from = self.used.words;
        let words = &mut self.words[from..from + DESCRIPTOR_WORDS + 2];
        let values = [header.expose_provenance() as u64, data.expose_provenance() as u64, 0, count as u64, 1];
        for (word, value) in words.iter_mut().zip(values) {
            word.write(value);
        }
        let descriptor = words.as_ptr().expose_provenance() as u64;
        self.used.words += DESCRIPTOR_WORDS + 2;
        self.used.arrays += 1;
        self.push([descriptor, 0]);
    }

    /// Adds an array of numbers, or of records of so many bytes: as bytes, with one more axis for those of a record.
    fn push_items(&mut self, object: *mut ffi::PyObject, record: Option<usize>) {
        // SAFETY: the caller has seen that it is an array, which its caller keeps alive.
        let view = unsafe { ArrayView::new(object) };
        let item = if record.is_some() { 1 } else { view.dtype().map_or(1, |dtype| dtype.size()) };
        let bytes = view.shape().iter().product::<isize>() * (record.unwrap_or(1) * item) as isize;
        let header = self.headers[self.used.arrays].write(Header::lent(bytes as i64, object.cast())) as *const Header;
        self.push_view(object, object, header, record);
    }

    /// Adds an object that stands for memory with that header, as the array `shell` says.
    fn push_view(
        &mut self,
        object: *mut ffi::PyObject,
        shell: *mut ffi::PyObject,
        header: *const Header,
        record: Option<usize>,
    ) {
        // SAFETY: the caller has seen that it is an array, which its caller keeps alive.
        let view = unsafe { ArrayView::new(shell) };
        let axes = view.rank();
        let rank = axes + usize::from(record.is_some());
        let item = if record.is_some() { 1 } else { view.dtype().map_or(1, |dtype| dtype.size()) } as isize;
        self.borrowed[self.used.arrays].write(Borrowed { header, array: object });
        let from = self.used.words;
        let words = &mut self.words[from..from + DESCRIPTOR_WORDS + 2 * rank];
        words[0].write(header.expose_provenance() as u64);
        words[1].write(view.data().expose_provenance() as u64);
        words[2].write(0);
        for axis in 0..axes {
            words[DESCRIPTOR_WORDS + axis].write(view.shape()[axis] as u64);
            words[DESCRIPTOR_WORDS + rank + axis].write((view.strides()[axis] / item) as u64);
        }
        if let Some(size) = record {
            words[DESCRIPTOR_WORDS + axes].write(size as u64);
            words[DESCRIPTOR_WORDS + rank + axes].write(1);
        }
        let descriptor = words.as_ptr().expose_provenance() as u64;
        self.used.words += DESCRIPTOR_WORDS + 2 * rank;
        self.used.arrays += 1;
        self.push([descriptor, 0]);
    }
}

/// The bytes of one of NumPy's records, which stay where they are as long as it lives; None of another object or size.
fn record_data(record: &Bound<'_, PyAny>, size: usize) -> Option<*mut u8> {
    // SAFETY: a live object; a buffer that was given is released. The bytes outlive that: they are the record's.
    unsafe {
        let mut view = std::mem::zeroed::<ffi::Py_buffer>();
        if ffi::PyObject_GetBuffer(record.as_ptr(), &raw mut view, ffi::PyBUF_SIMPLE) != 0 {
            ffi::PyErr_Clear();
            return None;
        }
        let data = (view.len == size as isize).then_some(view.buf.cast());
        ffi::PyBuffer_Release(&raw mut view);
        data
    }
}

/// A number as the words of a slot.
pub(crate) fn scalar_of(py: Python<'_>, types: &Types, object: *mut ffi::PyObject, to: Scalar) -> PyResult<[u64; 2]> {
    // SAFETY: the object is alive in all that follows.
    unsafe {
        let ty = ffi::Py_TYPE(object);
        match to {
            // Subclasses too, of which np.float64 is one.
            Scalar::Float | Scalar::Of(DType::Float64) if ffi::PyFloat_Check(object) != 0 => {
                return Ok([ffi::PyFloat_AS_DOUBLE(object).to_bits(), 0]);
            }
            Scalar::Int | Scalar::Index if ffi::PyLong_Check(object) != 0 => {
                let value = ffi::PyLong_AsLongLong(object);
                if value == -1
                    && let Some(error) = PyErr::take(py)
                {
                    return Err(error);
                }
                return Ok([value as u64, 0]);
            }
            Scalar::Bool if ty == &raw mut ffi::PyBool_Type => return Ok([u64::from(object == ffi::Py_True()), 0]),
            Scalar::Of(wanted) if types.scalar(object) == Some(wanted) => return Ok(scalar_words(py, object)),
            _ => {}
        }
    }
    attached(py, |py| converted(py, object, to))
}

/// A number of another type than the parameter's, as a declared signature allows.
fn converted(py: Python<'_>, object: *mut ffi::PyObject, to: Scalar) -> PyResult<[u64; 2]> {
    // SAFETY: a live object.
    let value = unsafe { Bound::from_borrowed_ptr(py, object) };
    let no_integer = |error: PyErr| {
        if error.is_instance_of::<PyOverflowError>(py) { error } else { mismatch(py, object, &Type::Scalar(to)) }
    };
    let number = match to.kind() {
        Kind::Time => {
            let dtype = value.getattr("dtype").and_then(|dtype| crate::environment::dtype(&dtype));
            let from = dtype.ok().flatten().map(Scalar::Of);
            if from.is_none_or(|from| !from.widens_to(to)) {
                return Err(mismatch(py, object, &Type::Scalar(to)));
            }
            let converted = value.call_method1("astype", (to.dtype().name(),))?;
            // SAFETY: a live scalar of that dtype.
            return Ok(unsafe { scalar_words(py, converted.as_ptr()) });
        }
        Kind::Bool => numir_runtime::Number::Bool(value.is_truthy()?),
        Kind::Integer if to.is_unsigned() => numir_runtime::Number::UInt(value.extract().map_err(no_integer)?),
        Kind::Integer => numir_runtime::Number::Int(value.extract().map_err(no_integer)?),
        Kind::Float => numir_runtime::Number::Float(value.extract::<f64>()?),
        Kind::Complex => {
            // SAFETY: a live object; -1 tells of an error.
            let complex = unsafe { ffi::PyComplex_AsCComplex(object) };
            if complex.real == -1.0
                && let Some(error) = PyErr::take(py)
            {
                return Err(error);
            }
            numir_runtime::Number::Complex(complex.real, complex.imag)
        }
    };
    let scalar = numir_runtime::Scalar::new(to.dtype(), number);
    scalar.map(numir_runtime::Scalar::to_words).ok_or_else(|| mismatch(py, object, &Type::Scalar(to)))
}

/// The address that an object stands for: an int, None, or a pointer of ctypes.
fn pointer(object: &Bound<'_, PyAny>) -> PyResult<u64> {
    if object.is_exact_instance_of::<pyo3::types::PyInt>() {
        return object.extract();
    }
    object.py().import("numir._foreign")?.call_method1("address_of", (object,))?.extract()
}

fn mismatch(py: Python<'_>, object: *mut ffi::PyObject, ty: &Type) -> PyErr {
    // SAFETY: a live object.
    let given = unsafe { Bound::from_borrowed_ptr(py, object) };
    let name = given.get_type().name().map_or_else(|_| "?".to_owned(), |name| name.to_string());
    PyTypeError::new_err(format!("an object of type {name} is no {ty}"))
}
