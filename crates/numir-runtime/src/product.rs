//! Products of matrices, as compiled code calls them: of the crate `gemm`, with the vector instructions that the processor has, and
//! where one of the matrices is a vector our own ([`vector`]); on one core or on all threads. Threads share the columns or the rows of the result, whichever are more. An item is the same sum in the same
//! order whoever computes it, so that results do not depend on the number of threads. One of the matrices may be multiplied by a number
//! first ([`scaled`]).

mod scaled;
#[cfg(test)]
mod tests;
mod vector;

use crate::error::take_pending_error;
use crate::interrupt::{ENDED, numir_poll};
use crate::pool;
use gemm::{Parallelism, c32, c64};
use scaled::Scaling;
pub(crate) use scaled::{
    numir_scaled_product_c64, numir_scaled_product_c128, numir_scaled_product_f32, numir_scaled_product_f64,
};
use std::ffi::c_void;
use std::ops::{Mul, Range};

/// So many products of numbers are worth a second thread.
const WORTH_SHARING: usize = 64 * 64 * 64;

/// A larger product is computed in squares with about this edge, between which it is asked whether to go on.
const EDGE: usize = 1024;

/// So many products of numbers take less than a tenth of a second.
const SHORT: usize = 1 << 31;

/// Shares begin at multiples of this: no thread computes at the border what `gemm` would do at once.
const STEP: usize = 16;

/// A matrix in memory: the address of its first item, and the distance of rows and of columns, in items.
#[derive(Clone, Copy)]
struct Matrix {
    address: i64,
    row: i64,
    column: i64,
}

impl Matrix {
    /// The item at a place.
    fn at<T>(self, row: usize, column: usize) -> *mut T {
        let first: *mut T = std::ptr::with_exposed_provenance_mut(self.address.cast_unsigned() as usize);
        first.wrapping_offset(self.row as isize * row as isize + self.column as isize * column as isize)
    }
}

macro_rules! products {
    ($($name:ident $item:ty, $zero:expr, $one:expr;)*) => {$(
        /// See [`abi`](crate::abi).
        ///
        /// # Safety
        /// The matrices are there, the result is nobody else's and has the extents of the product, in C order.
        pub(crate) unsafe extern "C" fn $name(
            result: i64, rows: i64, depth: i64, columns: i64,
            left: i64, left_row: i64, left_column: i64,
            right: i64, right_row: i64, right_column: i64,
            parallel: i64,
        ) -> i64 {
            let [rows, depth, across] = [rows, depth, columns].map(|extent| usize::try_from(extent).unwrap_or(0));
            let work = Work::<$item> {
                result: Matrix { address: result, row: columns, column: 1 },
                left: Matrix { address: left, row: left_row, column: left_column },
                right: Matrix { address: right, row: right_row, column: right_column },
                rows, depth, columns: across, zero: $zero, one: $one, scaling: None,
            };
            // SAFETY: the caller's promise.
            unsafe { work.run(parallel != 0) }
        }
    )*};
}

products! {
    numir_product_f32 f32, 0.0, 1.0;
    numir_product_f64 f64, 0.0, 1.0;
    numir_product_c64 c32, c32::new(0.0, 0.0), c32::new(1.0, 0.0);
    numir_product_c128 c64, c64::new(0.0, 0.0), c64::new(1.0, 0.0);
}

/// A product to be computed.
#[derive(Clone, Copy)]
struct Work<T> {
    result: Matrix,
    left: Matrix,
    right: Matrix,
    rows: usize,
    depth: usize,
    columns: usize,
    zero: T,
    one: T,
    /// What one of the matrices is first multiplied by.
    scaling: Option<Scaling<T>>,
}

/// How many rows or columns of a result have to be computed together, if there are so many of the others, for their items to be the same
/// sums as in the whole result: `gemm` cuts long sums at other places where both are 64 or fewer, and adds all of a sum at once where there
/// are no more than 256 items.
fn least_part(others: usize) -> usize {
    match others {
        65.. => 32,
        4.. => 96,
        _ => 288,
    }
}

/// Where part `number` begins of an extent that is cut into so many of about the same size, at multiples of a step.
fn border(extent: usize, parts: usize, number: usize, step: usize) -> usize {
    if number >= parts { extent } else { extent * number / parts / step * step }
}

/// Places, cut into so many parts of about the same size, at multiples of a step.
fn cut(places: Range<usize>, parts: usize, step: usize) -> impl Iterator<Item = Range<usize>> {
    let start = move |number| places.start + border(places.len(), parts, number, step);
    (0..parts).map(move |number| start(number)..start(number + 1))
}

/// Numbers that matrices are made of.
trait Number: Copy + Mul<Output = Self> + 'static {
    /// Some rows and columns of a product, as one with a vector; None where that is left to `gemm`.
    fn by_vector(_: &Work<Self>, _: &Range<usize>, _: &Range<usize>) -> Option<vector::Product<Self>> {
        None
    }

    /// Computes such a product.
    ///
    /// # Safety
    /// As [`Work::part`].
    unsafe fn compute(_: &vector::Product<Self>) {}
}

impl Number for c32 {}
impl Number for c64 {}

macro_rules! real {
    ($($item:ty)*) => {$(
        impl Number for $item {
            fn by_vector(
                work: &Work<Self>,
                rows: &Range<usize>,
                columns: &Range<usize>,
            ) -> Option<vector::Product<Self>> {
                // A row times a matrix is the matrix, its axes exchanged, times the row.
                let (left, right) = (work.left, work.right);
                let (places, matrix, vector, total) = match (work.columns, work.rows) {
                    (1, all) => (rows, left, (right, right.row), all),
                    (all, 1) => {
                        let turned = Matrix { row: right.column, column: right.row, ..right };
                        (columns, turned, (left, left.column), all)
                    }
                    _ => return None,
                };
                let product = vector::Product::<$item> {
                    matrix: matrix.at(places.start, 0),
                    vector: vector.0.at(0, 0),
                    result: Matrix { row: 1, ..work.result }.at(places.start, 0),
                    rows: places.len(),
                    depth: work.depth,
                    row: matrix.row as isize,
                    column: matrix.column as isize,
                    step: vector.1 as isize,
                    chunk: vector::chunk(total),
                };
                product.is_served().then_some(product)
            }

            unsafe fn compute(product: &vector::Product<Self>) {
                // SAFETY: the caller's promise.
                unsafe { vector::Item::compute(product) };
            }
        }
    )*};
}

real!(f32 f64);

impl<T: Number> Work<T> {
    /// Computes all of the result, on all threads if that is wanted and pays: 0, or [`ENDED`].
    ///
    /// # Safety
    /// As above.
    unsafe fn run(&self, is_parallel: bool) -> i64 {
        // SAFETY: the caller's promise.
        let is_done = unsafe { if is_parallel { self.shared() } else { self.part(0..self.rows, 0..self.columns) } };
        if is_done { 0 } else { ENDED }
    }

    /// The same on all threads if that pays; false if it has ended early.
    ///
    /// # Safety
    /// As above.
    unsafe fn shared(&self) -> bool {
        let most = self.rows.max(self.columns) / least_part(self.rows.min(self.columns));
        let shares = if self.products() <= WORTH_SHARING { 1 } else { pool::allowed().min(most).max(1) };
        if shares == 1 {
            // SAFETY: the caller's promise.
            return unsafe { self.part(0..self.rows, 0..self.columns) };
        }
        let sharing = Sharing { work: self, shares };
        let context = std::ptr::from_ref(&sharing).cast_mut().cast();
        // SAFETY: shares of the result are apart, and all are done before this returns.
        let status = unsafe { pool::numir_parallel_pieces(share::<T>, context, shares as i64) };
        if status != 0 {
            // The caller raises it, with its place.
            drop(take_pending_error());
        }
        status == 0
    }

    fn products(&self) -> usize {
        self.rows.saturating_mul(self.depth).saturating_mul(self.columns)
    }

    /// Computes some rows and columns of the result; false if it has ended early. An item is the same sum in a square as in the whole.
    ///
    /// # Safety
    /// As above; nobody else computes them at the time.
    unsafe fn part(&self, rows: Range<usize>, columns: Range<usize>) -> bool {
        if let Some(scaling) = &self.scaling {
            // SAFETY: the caller's promise.
            return unsafe { self.scaled_part(scaling, rows, columns) };
        }
        if let Some(product) = T::by_vector(self, &rows, &columns) {
            // SAFETY: the caller's promise.
            unsafe { T::compute(&product) };
            return true;
        }
        if rows.len().saturating_mul(columns.len()).saturating_mul(self.depth) <= SHORT {
            // SAFETY: the caller's promise.
            unsafe { self.square(rows, columns) };
            return true;
        }
        for rows in cut(rows.clone(), rows.len().div_ceil(EDGE), STEP) {
            for columns in cut(columns.clone(), columns.len().div_ceil(EDGE), STEP) {
                if numir_poll() != 0 {
                    return false;
                }
                // SAFETY: the caller's promise.
                unsafe { self.square(rows.clone(), columns) };
            }
        }
        true
    }

    /// Computes some rows and columns of the result at once.
    ///
    /// # Safety
    /// As above.
    unsafe fn square(&self, rows: Range<usize>, columns: Range<usize>) {
        let stride = |distance: i64| distance as isize;
        // SAFETY: the caller's promise; the old items of the result are not read.
        unsafe {
            gemm::gemm(
                rows.len(),
                columns.len(),
                self.depth,
                self.result.at::<T>(rows.start, columns.start),
                stride(self.result.column),
                stride(self.result.row),
                false,
                self.left.at::<T>(rows.start, 0),
                stride(self.left.column),
                stride(self.left.row),
                self.right.at::<T>(0, columns.start),
                stride(self.right.column),
                stride(self.right.row),
                self.zero,
                self.one,
                false,
                false,
                false,
                Parallelism::None,
            );
        }
    }
}

/// A product and how many share it.
struct Sharing<'a, T> {
    work: &'a Work<T>,
    shares: usize,
}

/// Computes shares `low` to `high` of a product.
///
/// # Safety
/// The context is a [`Sharing`] of this type, whose product may be computed.
unsafe extern "C" fn share<T: Number>(context: *mut c_void, low: i64, high: i64, _: i64) -> i32 {
    // SAFETY: the caller's promise.
    let Sharing { work, shares } = unsafe { &*context.cast_const().cast::<Sharing<'_, T>>() };
    let by_columns = work.columns >= work.rows;
    let extent = if by_columns { work.columns } else { work.rows };
    let border = |number: i64| border(extent, *shares, usize::try_from(number).unwrap_or(0), STEP);
    let range = border(low)..border(high);
    if !range.is_empty() {
        // SAFETY: the caller's promise.
        let is_done =
            unsafe { if by_columns { work.part(0..work.rows, range) } else { work.part(range, 0..work.columns) } };
        return i32::from(!is_done);
    }
    0
}
