//! N-dimensional arrays as the host sees them: counted memory, shape and byte strides.

use crate::dtype::DType;
use crate::memory::{Owner, array_bytes};
use crate::scalar::Scalar;

/// Why an array could not be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArrayError {
    /// The machine (or a size type) has no room for an array of this shape: the program's fault, or the machine's.
    OutOfMemory {
        /// The shape asked for.
        shape: Vec<usize>,
        /// The items.
        dtype: DType,
    },
    /// The bytes given do not fill the shape: the caller's fault.
    WrongLength {
        /// Bytes that the shape takes.
        wanted: usize,
        /// Bytes given.
        given: usize,
    },
}

impl std::fmt::Display for ArrayError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::OutOfMemory { shape, dtype } => {
                write!(f, "no memory for an array with shape {} and data type {dtype}", shape_text(shape))
            }
            Self::WrongLength { wanted, given } => write!(f, "{given} bytes given for an array of {wanted} bytes"),
        }
    }
}

impl std::error::Error for ArrayError {}

/// A shape as Python writes the tuple: `(3,)`.
#[must_use]
pub fn shape_text(shape: &[usize]) -> String {
    let extents: Vec<_> = shape.iter().map(usize::to_string).collect();
    format!("({}{})", extents.join(", "), if shape.len() == 1 { "," } else { "" })
}

/// A mutable, possibly shared array: cloning it gives another reference to the same items.
#[derive(Clone, Debug)]
pub struct Array {
    owner: Owner,
    data: *mut u8,
    dtype: DType,
    shape: Vec<usize>,
    strides: Vec<isize>,
}

// SAFETY: the memory may be used from any thread; that two threads do not use it at once is what `from_parts` demands of
// those who make arrays from shared memory, and compiled code demands of its callers.
unsafe impl Send for Array {}

/// The byte strides of a C-contiguous array.
#[must_use]
pub fn c_strides(shape: &[usize], item: usize) -> Vec<isize> {
    let mut step = item as isize;
    let mut strides: Vec<_> = shape
        .iter()
        .rev()
        .map(|extent| {
            let stride = step;
            step = step.wrapping_mul((*extent).max(1) as isize);
            stride
        })
        .collect();
    strides.reverse();
    strides
}

impl Array {
    /// A new C-contiguous array of zeros.
    ///
    /// # Errors
    /// [`ArrayError::OutOfMemory`].
    pub fn zeros(dtype: DType, shape: &[usize]) -> Result<Self, ArrayError> {
        let owner = array_bytes(shape, dtype.size()).and_then(|bytes| Owner::allocate(bytes, true));
        let owner = owner.ok_or_else(|| ArrayError::OutOfMemory { shape: shape.to_vec(), dtype })?;
        let (data, strides) = (owner.data(), c_strides(shape, dtype.size()));
        Ok(Self { owner, data, dtype, shape: shape.to_vec(), strides })
    }

    /// A new C-contiguous array with a copy of these bytes: items in C order, little-endian.
    ///
    /// # Errors
    /// [`ArrayError`].
    pub fn from_bytes(dtype: DType, shape: &[usize], bytes: &[u8]) -> Result<Self, ArrayError> {
        let wanted = array_bytes(shape, dtype.size());
        let wanted = wanted.ok_or_else(|| ArrayError::OutOfMemory { shape: shape.to_vec(), dtype })?;
        if wanted != bytes.len() {
            return Err(ArrayError::WrongLength { wanted, given: bytes.len() });
        }
        let array = Self::zeros(dtype, shape)?;
        // SAFETY: the new block holds `wanted` bytes.
        unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), array.data, wanted) };
        Ok(array)
    }

    /// An array in memory that `owner` keeps alive ([`Owner::keeping`] for memory of others). `data` is the item at index
    /// zero, strides are bytes.
    ///
    /// # Safety
    /// While a reference to `owner` exists, every index of the shape leads to an item that may be read and written from
    /// the threads that use the array; shape and strides have the same length.
    #[must_use]
    pub unsafe fn from_parts(
        owner: Owner,
        data: *mut u8,
        dtype: DType,
        shape: Vec<usize>,
        strides: Vec<isize>,
    ) -> Self {
        Self { owner, data, dtype, shape, strides }
    }

    /// The owner of the memory.
    #[must_use]
    pub const fn owner(&self) -> &Owner {
        &self.owner
    }

    /// The item at index zero.
    #[must_use]
    pub const fn data(&self) -> *mut u8 {
        self.data
    }

    /// The type of the items.
    #[must_use]
    pub const fn dtype(&self) -> DType {
        self.dtype
    }

    /// The extents.
    #[must_use]
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The strides in bytes.
    #[must_use]
    pub fn strides(&self) -> &[isize] {
        &self.strides
    }

    /// The number of axes.
    #[must_use]
    pub fn rank(&self) -> usize {
        self.shape.len()
    }

    /// The number of items.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shape.iter().product()
    }

    /// Are there no items?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.shape.contains(&0)
    }

    /// Do the items lie without gaps, the last axis running fastest? Strides of axes with one item do not matter.
    #[must_use]
    pub fn is_c_contiguous(&self) -> bool {
        self.runs_on(self.shape.iter().zip(&self.strides).rev())
    }

    /// Do the items lie without gaps, the first axis running fastest?
    #[must_use]
    pub fn is_f_contiguous(&self) -> bool {
        self.runs_on(self.shape.iter().zip(&self.strides))
    }

    fn runs_on<'a>(&self, mut axes: impl Iterator<Item = (&'a usize, &'a isize)>) -> bool {
        let mut step = self.dtype.size() as isize;
        self.is_empty()
            || axes.all(|(extent, stride)| {
                let fits = *extent == 1 || *stride == step;
                step *= *extent as isize;
                fits
            })
    }

    /// The address of an item; `None` outside the shape.
    fn item(&self, index: &[usize]) -> Option<*mut u8> {
        let inside = index.len() == self.rank() && index.iter().zip(&self.shape).all(|(at, extent)| at < extent);
        let offset: isize = index.iter().zip(&self.strides).map(|(at, stride)| *at as isize * stride).sum();
        inside.then(|| self.data.wrapping_offset(offset))
    }

    /// An item; `None` outside the shape.
    #[must_use]
    pub fn get(&self, index: &[usize]) -> Option<Scalar> {
        // SAFETY: an item of the array, by the promise of `from_parts`.
        self.item(index).map(|item| unsafe { Scalar::read(self.dtype, item) })
    }

    /// Sets an item; false, and nothing is written, outside the shape or when the scalar has another type.
    pub fn set(&mut self, index: &[usize], value: Scalar) -> bool {
        let item = self.item(index).filter(|_| value.dtype() == self.dtype);
        // SAFETY: an item of the array, by the promise of `from_parts`.
        item.map(|item| unsafe { value.write(item) }).is_some()
    }

    /// A copy of the items in C order, little-endian.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let item = self.dtype.size();
        let mut bytes = Vec::with_capacity(self.len() * item);
        if self.is_c_contiguous() {
            // SAFETY: the items lie one after the other from `data` on; an empty array may have no address.
            bytes.extend_from_slice(if self.is_empty() {
                &[]
            } else {
                unsafe { self.run(self.data, self.len() * item) }
            });
            return bytes;
        }
        self.for_each_item(self.data, 0, &mut |address| {
            // SAFETY: an item of the array.
            bytes.extend_from_slice(unsafe { self.run(address, item) });
        });
        bytes
    }

    /// # Safety
    /// `bytes` bytes from `start` on are items of this array.
    unsafe fn run(&self, start: *mut u8, bytes: usize) -> &[u8] {
        // SAFETY: the caller's promise.
        unsafe { std::slice::from_raw_parts(start, bytes) }
    }

    fn for_each_item(&self, from: *mut u8, axis: usize, visit: &mut impl FnMut(*mut u8)) {
        let (Some(extent), Some(stride)) = (self.shape.get(axis), self.strides.get(axis)) else { return visit(from) };
        for at in 0..*extent {
            self.for_each_item(from.wrapping_offset(at as isize * stride), axis + 1, visit);
        }
    }
}

/// `str(array)`.
impl std::fmt::Display for Array {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&crate::format::array_str(self))
    }
}
