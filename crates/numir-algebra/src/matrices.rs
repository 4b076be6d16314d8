//! Matrices at addresses: their kinds of numbers, views of them, and what the functions of the table have in common.

use faer::MatMut;
use faer::traits::ComplexField;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What a function gives where all is well.
pub(crate) const DONE: i64 = 0;
/// Where the matrix is singular, is not definite, or has eigenvalues that are not found.
pub(crate) const FAILED: i64 = 2;
/// Where there is no memory.
pub(crate) const NO_MEMORY: i64 = 1;

/// Work that is the same for every kind of number.
pub(crate) trait Work {
    fn run<T: ComplexField>(self) -> i64;
}

/// Does work in the kind of number that the library calls so: 0 float32, 1 float64, 2 complex64, 3 complex128. A panic, which faer
/// raises where memory cannot be had, does not go on into compiled code.
pub(crate) fn dispatch(kind: i64, work: impl Work) -> i64 {
    let done = catch_unwind(AssertUnwindSafe(|| match kind {
        0 => work.run::<f32>(),
        1 => work.run::<f64>(),
        2 => work.run::<faer::c32>(),
        _ => work.run::<faer::c64>(),
    }));
    done.unwrap_or(NO_MEMORY)
}

/// An extent, which is never negative.
pub(crate) fn extent(value: i64) -> usize {
    usize::try_from(value).unwrap_or(0)
}

/// An address as a pointer.
pub(crate) fn pointer<T>(address: i64) -> *mut T {
    std::ptr::with_exposed_provenance_mut(address.cast_unsigned() as usize)
}

/// A matrix in C order.
///
/// # Safety
/// At the address lie so many numbers, which nobody else uses while the result lives.
pub(crate) unsafe fn rows_of<'a, T>(address: i64, rows: usize, columns: usize) -> MatMut<'a, T> {
    // SAFETY: the caller's promise.
    unsafe { MatMut::from_raw_parts_mut(pointer(address), rows, columns, columns.cast_signed(), 1) }
}
