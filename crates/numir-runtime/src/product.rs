//! Products of matrices, as compiled code calls them: of the crate `gemm`, with the vector instructions that the processor has, and
//! where one of the matrices is a vector our own ([`vector`]); on one core or on all threads. Threads share the columns or the rows of the result, whichever are more. An item is the same sum in the same
//! order whoever computes it, so that results do not depend on the number of threads. One of the matrices may be multiplied by a number
//! first ([`scaled`]).

mod scaled;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_any_strides() {
        let (rows, depth, columns) = (19_i64, 23, 17);
        let left: Vec<f64> = (0..rows * depth).map(|place| (place % 7) as f64).collect();
        // Its columns lie one after the other.
        let right: Vec<f64> = (0..depth * columns).map(|place| (place % 5) as f64).collect();
        let mut result = vec![f64::NAN; (rows * columns) as usize];
        let address = |items: &[f64]| items.as_ptr().expose_provenance() as i64;
        // SAFETY: the items are there.
        unsafe {
            let to = result.as_mut_ptr().expose_provenance() as i64;
            let (left, right) = (address(&left), address(&right));
            assert_eq!(numir_product_f64(to, rows, depth, columns, left, depth, 1, right, 1, depth, 0), 0);
        }
        for row in 0..rows {
            for column in 0..columns {
                let items = (0..depth).map(|k| left[(row * depth + k) as usize] * right[(column * depth + k) as usize]);
                assert_eq!(result[(row * columns + column) as usize], items.sum::<f64>());
            }
        }
    }

    #[test]
    fn of_no_depth() {
        let mut result = vec![f64::NAN; 4];
        let to = result.as_mut_ptr().expose_provenance() as i64;
        // SAFETY: nothing is read.
        unsafe { numir_product_f64(to, 2, 0, 2, to, 0, 1, to, 2, 1, 0) };
        assert_eq!(result, [0.0; 4]);
    }

    /// The product of matrices without gaps.
    fn work_on<T>(
        result: &mut [T],
        left: &[T],
        right: &[T],
        [rows, depth, columns]: [usize; 3],
        [zero, one]: [T; 2],
    ) -> Work<T> {
        let matrix = |address: usize, row: usize| Matrix { address: address as i64, row: row as i64, column: 1 };
        Work {
            result: matrix(result.as_mut_ptr().expose_provenance(), columns),
            left: matrix(left.as_ptr().expose_provenance(), depth),
            right: matrix(right.as_ptr().expose_provenance(), columns),
            rows,
            depth,
            columns,
            zero,
            one,
            scaling: None,
        }
    }

    #[test]
    fn squares_come_to_the_same_bits() {
        let (rows, depth, columns) = (1100, 1900, 1200);
        let item = |place: usize| ((place * 7919) % 1013) as f32 / 1013.0 - 0.5;
        let left: Vec<f32> = (0..rows * depth).map(item).collect();
        let right: Vec<f32> = (0..depth * columns).map(item).collect();
        let mut result = vec![f32::NAN; rows * columns];
        let work = work_on(&mut result, &left, &right, [rows, depth, columns], [0.0, 1.0]);
        assert!(work.products() > SHORT);
        // SAFETY: the items are there.
        unsafe { work.square(0..rows, 0..columns) };
        let whole = result.clone();
        result.fill(f32::NAN);
        // SAFETY: as above.
        assert!(unsafe { work.part(0..rows, 0..columns) });
        assert_eq!(result, whole);
    }

    #[test]
    fn shares_come_to_the_same_bits() {
        for (rows, depth, columns) in [
            (129, 700, 65),
            (65, 300, 257),
            (1000, 33, 20),
            (97, 97, 97),
            (333, 700, 1),
            (1, 700, 333),
            (130, 700, 50),
            (600, 1500, 3),
        ] {
            let item = |place: usize| ((place * 7919) % 1013) as f64 / 1013.0 - 0.5;
            let left: Vec<f64> = (0..rows * depth).map(item).collect();
            let right: Vec<f64> = (0..depth * columns).map(item).collect();
            let mut result = vec![f64::NAN; rows * columns];
            let work = work_on(&mut result, &left, &right, [rows, depth, columns], [0.0, 1.0]);
            // SAFETY: the items are there.
            assert!(unsafe { work.part(0..rows, 0..columns) });
            let alone = result.clone();
            // One at least, where there are too few rows and columns for several.
            let most = rows.max(columns) / least_part(rows.min(columns));
            for shares in [2, 3, 5].map(|shares: usize| shares.min(most.max(1))) {
                result.fill(f64::NAN);
                let sharing = Sharing { work: &work, shares };
                let context = std::ptr::from_ref(&sharing).cast_mut().cast();
                // SAFETY: as above.
                unsafe { share::<f64>(context, 0, 1, 0) };
                // SAFETY: as above.
                unsafe { share::<f64>(context, 1, shares as i64, 0) };
                assert_eq!(result, alone, "{rows} {depth} {columns} by {shares}");
            }
        }
    }
}
