//! NumPy's objects by their C layout: the types of its scalars and arrays, found once, and what an array says of itself.

use crate::times;
use numir_interface::{ArrayType, Layout};
use numir_runtime::DType;
use numpy::npyffi::{self, NPY_TYPES, NpyTypes, PY_ARRAY_API, PyArrayObject};
use pyo3::exceptions::PyImportError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

/// Pointers to NumPy's types, which live as long as the interpreter.
pub(crate) struct Types {
    array: *mut ffi::PyTypeObject,
    generic: *mut ffi::PyTypeObject,
    scalars: Vec<(*mut ffi::PyTypeObject, DType)>,
    /// Of dates and of spans of time.
    times: [*mut ffi::PyTypeObject; 2],
}

// SAFETY: the pointers are compared, and the types behind them are immortal.
unsafe impl Send for Types {}
// SAFETY: as above.
unsafe impl Sync for Types {}

impl Types {
    /// NumPy's types; NumPy is imported when this is first called.
    pub(crate) fn get(py: Python<'_>) -> PyResult<&'static Self> {
        static TYPES: PyOnceLock<Types> = PyOnceLock::new();
        TYPES.get_or_try_init(py, || {
            let module = py.import("numpy")?;
            let pointer =
                |name: &str| -> PyResult<*mut ffi::PyTypeObject> { Ok(module.getattr(name)?.as_ptr().cast()) };
            // Also fills the table of NumPy's C API.
            // SAFETY: the interpreter is attached.
            let array = unsafe { npyffi::get_type_object(py, NpyTypes::PyArray_Type) };
            if array != pointer("ndarray")? {
                return Err(PyImportError::new_err("numir and numpy disagree about what an array is"));
            }
            let mut scalars = Vec::new();
            for dtype in DType::all() {
                let name = if dtype == DType::Bool { "bool_" } else { dtype.name() };
                scalars.push((pointer(name)?, dtype));
            }
            // C's `long long` has a type of its own beside int64.
            scalars.push((pointer("longlong")?, DType::Int64));
            scalars.push((pointer("ulonglong")?, DType::UInt64));
            let times = [pointer("datetime64")?, pointer("timedelta64")?];
            Ok(Self { array, generic: pointer("generic")?, scalars, times })
        })
    }

    /// Whether an object is an array and nothing more special.
    pub(crate) fn is_array(&self, object: *mut ffi::PyObject) -> bool {
        // SAFETY: a live object.
        unsafe { ffi::Py_TYPE(object) == self.array }
    }

    /// Whether an object is an array, of a subclass perhaps.
    pub(crate) fn is_array_like(&self, object: *mut ffi::PyObject) -> bool {
        // SAFETY: a live object and a live type.
        unsafe { ffi::PyObject_TypeCheck(object, self.array) != 0 }
    }

    /// Whether an object is one of NumPy's scalars, of any kind.
    pub(crate) fn is_scalar(&self, object: *mut ffi::PyObject) -> bool {
        // SAFETY: a live object and a live type.
        unsafe { ffi::PyObject_TypeCheck(object, self.generic) != 0 }
    }

    /// The dtype of a NumPy scalar that numir knows.
    pub(crate) fn scalar(&self, object: *mut ffi::PyObject) -> Option<DType> {
        // SAFETY: a live object.
        let ty = unsafe { ffi::Py_TYPE(object) };
        if self.times.contains(&ty) {
            // SAFETY: a live scalar of that type.
            return unsafe { times::of_scalar(object, ty == self.times[1]) }.map(DType::Time);
        }
        self.scalars.iter().find(|(known, _)| *known == ty).map(|(_, dtype)| *dtype)
    }
}

/// Why an array cannot be handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Its dtype is none of numir's.
    DType,
    /// Its bytes are in the other order.
    Swapped,
    /// Items do not lie at whole multiples of their size.
    Unaligned,
}

/// An array behind a pointer, as NumPy lays it out.
#[derive(Clone, Copy)]
pub(crate) struct ArrayView(*mut PyArrayObject);

impl ArrayView {
    /// # Safety
    /// `object` is an array that outlives the view.
    pub(crate) const unsafe fn new(object: *mut ffi::PyObject) -> Self {
        Self(object.cast())
    }

    pub(crate) fn data(self) -> *mut u8 {
        // SAFETY: alive by `new`; so in what follows.
        unsafe { (*self.0).fields.data.cast() }
    }

    pub(crate) fn rank(self) -> usize {
        unsafe { (*self.0).fields.nd as usize }
    }

    pub(crate) fn shape(&self) -> &[isize] {
        // An array without axes may have no table.
        match self.rank() {
            0 => &[],
            rank => unsafe { std::slice::from_raw_parts((*self.0).fields.dimensions, rank) },
        }
    }

    pub(crate) fn strides(&self) -> &[isize] {
        match self.rank() {
            0 => &[],
            rank => unsafe { std::slice::from_raw_parts((*self.0).fields.strides, rank) },
        }
    }

    fn flags(self) -> i32 {
        unsafe { (*self.0).fields.flags }
    }

    /// Whether its items lie one behind the other, in either order of axes.
    pub(crate) fn is_one_piece(self) -> bool {
        self.flags() & (npyffi::NPY_ARRAY_C_CONTIGUOUS | npyffi::NPY_ARRAY_F_CONTIGUOUS) != 0
    }

    pub(crate) fn dtype(self) -> Result<DType, Refused> {
        let descriptor = unsafe { (*self.0).fields.descr };
        let (number, order) = unsafe { ((*descriptor).fields.type_num, (*descriptor).fields.byteorder) };
        let time = || unsafe { times::of_descriptor(descriptor) }.map(DType::Time);
        let dtype = dtype_of_number(number).or_else(time).ok_or(Refused::DType)?;
        if order as u8 == OTHER_ORDER { Err(Refused::Swapped) } else { Ok(dtype) }
    }

    /// Its type as compiled code sees it.
    pub(crate) fn ty(self) -> Result<ArrayType, Refused> {
        let dtype = self.dtype()?;
        let flags = self.flags();
        let layout = if flags & npyffi::NPY_ARRAY_C_CONTIGUOUS != 0 {
            Layout::C
        } else if flags & npyffi::NPY_ARRAY_F_CONTIGUOUS != 0 {
            Layout::F
        } else {
            Layout::Any
        };
        let item = dtype.size() as isize;
        let whole = || self.strides().iter().all(|stride| stride % item == 0);
        if flags & npyffi::NPY_ARRAY_ALIGNED == 0 || (layout == Layout::Any && !whole()) {
            return Err(Refused::Unaligned);
        }
        let writable = flags & npyffi::NPY_ARRAY_WRITEABLE != 0;
        Ok(ArrayType { dtype, rank: self.rank(), layout, writable })
    }
}

#[cfg(target_endian = "little")]
const OTHER_ORDER: u8 = b'>';
#[cfg(target_endian = "big")]
const OTHER_ORDER: u8 = b'<';

/// The dtype of NumPy's type number.
fn dtype_of_number(number: i32) -> Option<DType> {
    const LONG: DType = if size_of::<std::ffi::c_long>() == 8 { DType::Int64 } else { DType::Int32 };
    const ULONG: DType = if size_of::<std::ffi::c_ulong>() == 8 { DType::UInt64 } else { DType::UInt32 };
    const TABLE: [Option<DType>; 24] = [
        Some(DType::Bool),
        Some(DType::Int8),
        Some(DType::UInt8),
        Some(DType::Int16),
        Some(DType::UInt16),
        Some(DType::Int32),
        Some(DType::UInt32),
        Some(LONG),
        Some(ULONG),
        Some(DType::Int64),
        Some(DType::UInt64),
        Some(DType::Float32),
        Some(DType::Float64),
        None,
        Some(DType::Complex64),
        Some(DType::Complex128),
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        Some(DType::Float16),
    ];
    TABLE.get(usize::try_from(number).ok()?).copied().flatten()
}

/// NumPy's type number of a dtype.
pub(crate) fn number_of(dtype: DType) -> i32 {
    let number = match dtype {
        DType::Time(time) if time.is_span => NPY_TYPES::NPY_TIMEDELTA,
        DType::Time(_) => NPY_TYPES::NPY_DATETIME,
        DType::Bool => NPY_TYPES::NPY_BOOL,
        DType::Int8 => NPY_TYPES::NPY_BYTE,
        DType::Int16 => NPY_TYPES::NPY_SHORT,
        DType::Int32 => NPY_TYPES::NPY_INT,
        DType::Int64 => NPY_TYPES::NPY_LONG,
        DType::UInt8 => NPY_TYPES::NPY_UBYTE,
        DType::UInt16 => NPY_TYPES::NPY_USHORT,
        DType::UInt32 => NPY_TYPES::NPY_UINT,
        DType::UInt64 => NPY_TYPES::NPY_ULONG,
        DType::Float16 => NPY_TYPES::NPY_HALF,
        DType::Float32 => NPY_TYPES::NPY_FLOAT,
        DType::Float64 => NPY_TYPES::NPY_DOUBLE,
        DType::Complex64 => NPY_TYPES::NPY_CFLOAT,
        DType::Complex128 => NPY_TYPES::NPY_CDOUBLE,
    };
    number as i32
}

/// The bytes of a NumPy scalar, which has that dtype.
///
/// # Safety
/// `object` is a live scalar of that dtype.
pub(crate) unsafe fn scalar_words(py: Python<'_>, object: *mut ffi::PyObject) -> [u64; 2] {
    let mut words = [0_u64; 2];
    // SAFETY: no scalar of numir's has more than 16 bytes.
    unsafe { PY_ARRAY_API.PyArray_ScalarAsCtype(py, object, words.as_mut_ptr().cast()) };
    words
}

/// A new array object over memory that `base` keeps alive; `base` is taken over. Null with an error set if it fails.
///
/// # Safety
/// The memory behind `data`, shape and byte strides belongs to `base`.
pub(crate) unsafe fn new_array(
    py: Python<'_>,
    ty: ArrayType,
    shape: &mut [isize],
    strides: &mut [isize],
    data: *mut u8,
    base: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    let flags = if ty.writable { npyffi::NPY_ARRAY_WRITEABLE } else { 0 };
    // SAFETY: shape and strides have `rank` items; the descriptor is taken over; flags that follow from the strides are
    // set by NumPy.
    unsafe {
        let descriptor = dtype(py, ty.dtype);
        if descriptor.is_null() {
            ffi::Py_DECREF(base);
            return descriptor;
        }
        let array = PY_ARRAY_API.PyArray_NewFromDescr(
            py,
            npyffi::get_type_object(py, NpyTypes::PyArray_Type),
            descriptor.cast(),
            ty.rank as i32,
            shape.as_mut_ptr(),
            strides.as_mut_ptr(),
            data.cast(),
            flags,
            std::ptr::null_mut(),
        );
        if array.is_null() {
            ffi::Py_DECREF(base);
            return array;
        }
        if PY_ARRAY_API.PyArray_SetBaseObject(py, array.cast(), base) < 0 {
            ffi::Py_DECREF(array);
            return std::ptr::null_mut();
        }
        array
    }
}

/// NumPy's object of a dtype, a new reference; of a time's null with an error set if it fails.
pub(crate) fn dtype(py: Python<'_>, dtype: DType) -> *mut ffi::PyObject {
    if let DType::Time(time) = dtype {
        return times::descriptor(py, time);
    }
    // SAFETY: the interpreter is attached; the number is one of NumPy's.
    unsafe { PY_ARRAY_API.PyArray_DescrFromType(py, number_of(dtype)).cast() }
}
