//! Products of which one matrix is multiplied by a number first, `alpha * a @ b`: block by block, into memory that stays in the caches, so
//! that no matrix is made of `alpha * a`. Each item is rounded as it would be there, and the product is the same to the bit.
//!
//! A block is some rows of the left matrix, or some columns of the right one. It is as deep as the product, so that sums are cut where they
//! would be in the whole. For each block the other matrix is packed once more, so a block has some hundred rows: with 131 a product of 1000 x 1000
//! took 61 ms, where the product of an array made before took 54. Where the other one is a vector, blocks cost nothing: 9 ms of 4000 x 4000, not 19.

use super::{Matrix, Number, STEP, Work, cut, least_part};
use crate::interrupt::numir_poll;
use gemm::{c32, c64};
use std::ops::Range;

/// A block has so many bytes at most, unless its rows would be too few.
const BLOCK: usize = 4 << 20;

/// The same where the other matrix is a vector.
const BLOCK_BY_VECTOR: usize = 128 << 10;

/// So many rows at least are computed at once.
const LEAST_ROWS: usize = 384;

/// What a matrix of a product is multiplied by. The matrix of the product has the strides that the result of this would have; nothing
/// lies at its address.
#[derive(Clone, Copy)]
pub(super) struct Scaling<T> {
    /// The matrix on the right, else that on the left.
    pub(super) is_right: bool,
    /// The matrix before.
    pub(super) source: Matrix,
    pub(super) factor: T,
}

impl Matrix {
    /// The same items with the axes exchanged.
    fn turned(self) -> Self {
        Self { row: self.column, column: self.row, ..self }
    }
}

impl<T: Number> Work<T> {
    /// As [`Work::part`], one of the matrices being multiplied before.
    ///
    /// # Safety
    /// As [`Work::part`].
    pub(super) unsafe fn scaled_part(&self, scaling: &Scaling<T>, rows: Range<usize>, columns: Range<usize>) -> bool {
        // The columns of the right matrix are the rows of it with its axes exchanged.
        let (source, made, along, others) = match scaling.is_right {
            false => (scaling.source, self.left, rows.clone(), columns.len()),
            true => (scaling.source.turned(), self.right.turned(), columns.clone(), rows.len()),
        };
        let row = self.depth.max(1) * size_of::<T>();
        let (parts, step) = match T::by_vector(self, &rows, &columns) {
            Some(_) => (along.len().div_ceil((BLOCK_BY_VECTOR / row).max(4)), 1),
            None => {
                let least = least_part(others).max(LEAST_ROWS);
                // No part may have fewer.
                (along.len().div_ceil((BLOCK / row).max(least)).min(along.len() / least), STEP)
            }
        };
        let mut block: Vec<T> = Vec::new();
        for part in cut(along, parts.max(1), step) {
            if numir_poll() != 0 {
                return false;
            }
            block.clear();
            // SAFETY: the caller's promise.
            let strides = unsafe { fill(&mut block, source, made, &part, self.depth, scaling.factor) };
            let size = size_of::<T>() as i64;
            let first = block.as_mut_ptr().expose_provenance() as i64;
            // Where row 0 would be, if this were all of the matrix.
            let address = first.wrapping_sub((part.start as i64).wrapping_mul(strides.row).wrapping_mul(size));
            let matrix = Matrix { address, ..strides };
            let mut work = Self { scaling: None, ..*self };
            // SAFETY: the caller's promise, and of the matrix that was multiplied only what lies in the block is read.
            let is_done = unsafe {
                if scaling.is_right {
                    work.right = matrix.turned();
                    work.part(rows.clone(), part)
                } else {
                    work.left = matrix;
                    work.part(part, columns.clone())
                }
            };
            if !is_done {
                return false;
            }
        }
        true
    }
}

/// Fills an empty block with rows of a matrix, multiplied; gives its strides: as in the whole, items or rows lie side by side.
///
/// # Safety
/// The rows are there.
unsafe fn fill<T: Number>(
    block: &mut Vec<T>,
    source: Matrix,
    made: Matrix,
    rows: &Range<usize>,
    depth: usize,
    factor: T,
) -> Matrix {
    let count = rows.len();
    block.reserve_exact(count * depth);
    let has_rows = made.column == 1;
    let (lines, length) = if has_rows { (count, depth) } else { (depth, count) };
    let step = if has_rows { source.column } else { source.row } as isize;
    for line in 0..lines {
        let (row, column) = if has_rows { (rows.start + line, 0) } else { (rows.start, line) };
        let first = source.at::<T>(row, column);
        // SAFETY: the caller's promise.
        unsafe {
            if step == 1 {
                let items = std::slice::from_raw_parts(first.cast_const(), length);
                block.extend(items.iter().map(|item| *item * factor));
            } else {
                block.extend((0..length).map(|place| *first.offset(place as isize * step) * factor));
            }
        }
    }
    if has_rows { made } else { Matrix { row: 1, column: count as i64, ..made } }
}

macro_rules! products {
    ($($name:ident $item:ty, $zero:expr, $one:expr, ($($part:ident: $of:ty),*) => $factor:expr;)*) => {$(
        /// See [`abi`](crate::abi).
        ///
        /// # Safety
        /// The matrices are there, the result is nobody else's and has the extents of the product, in C order.
        pub(crate) unsafe extern "C" fn $name(
            result: i64, rows: i64, depth: i64, columns: i64,
            left: i64, left_row: i64, left_column: i64,
            right: i64, right_row: i64, right_column: i64,
            parallel: i64, is_right: i64, row: i64, column: i64, $($part: $of),*
        ) -> i64 {
            let [rows, depth, across] = [rows, depth, columns].map(|extent| usize::try_from(extent).unwrap_or(0));
            let is_right = is_right != 0;
            let source = Matrix { address: if is_right { right } else { left }, row, column };
            let work = Work::<$item> {
                result: Matrix { address: result, row: columns, column: 1 },
                left: Matrix { address: left, row: left_row, column: left_column },
                right: Matrix { address: right, row: right_row, column: right_column },
                rows, depth, columns: across, zero: $zero, one: $one,
                scaling: Some(Scaling { is_right, source, factor: $factor }),
            };
            // SAFETY: the caller's promise.
            unsafe { work.run(parallel != 0) }
        }
    )*};
}

products! {
    numir_scaled_product_f32 f32, 0.0, 1.0, (factor: f32) => factor;
    numir_scaled_product_f64 f64, 0.0, 1.0, (factor: f64) => factor;
    numir_scaled_product_c64 c32, c32::new(0.0, 0.0), c32::new(1.0, 0.0), (real: f32, imag: f32) => c32::new(real, imag);
    numir_scaled_product_c128 c64, c64::new(0.0, 0.0), c64::new(1.0, 0.0), (real: f64, imag: f64) => c64::new(real, imag);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(items: &[f64]) -> i64 {
        items.as_ptr().expose_provenance() as i64
    }

    /// Of all orders in memory, on either side: as if the matrix had been multiplied before.
    #[test]
    fn as_of_a_matrix_that_was_multiplied() {
        for (rows, depth, columns) in [
            (19, 23, 17),
            (900, 700, 130),
            (130, 700, 900),
            (400, 1500, 3),
            (3, 1500, 400),
            (500, 1200, 1),
            (1, 1200, 500),
            (130, 700, 50),
            (2, 0, 3),
        ] {
            let item = |place: usize| ((place * 7919) % 1013) as f64 / 1013.0 - 0.5;
            let left: Vec<f64> = (0..rows * depth).map(item).collect();
            let right: Vec<f64> = (0..depth * columns).map(item).collect();
            let [m, k, n] = [rows, depth, columns].map(|extent| extent as i64);
            let scaled = |items: &[f64]| items.iter().map(|item| 0.7 * item).collect::<Vec<_>>();
            for is_turned in [false, true] {
                // Rows of the left matrix, or its columns, lie side by side; so do those of the right one.
                let ([lr, lc], [rr, rc]) = if is_turned { ([1, m], [1, k]) } else { ([k, 1], [n, 1]) };
                let mut results = vec![vec![f64::NAN; rows * columns]; 4];
                let to: Vec<i64> = results.iter_mut().map(|one| one.as_mut_ptr().expose_provenance() as i64).collect();
                let (own, others) = ([address(&left), address(&right)], [scaled(&left), scaled(&right)]);
                let [l, r] = own;
                let [by_l, by_r] = [address(&others[0]), address(&others[1])];
                // SAFETY: the items are there.
                unsafe {
                    super::super::numir_product_f64(to[0], m, k, n, by_l, lr, lc, r, rr, rc, 0);
                    numir_scaled_product_f64(to[1], m, k, n, l, lr, lc, r, rr, rc, 0, 0, lr, lc, 0.7);
                    super::super::numir_product_f64(to[2], m, k, n, l, lr, lc, by_r, rr, rc, 0);
                    numir_scaled_product_f64(to[3], m, k, n, l, lr, lc, r, rr, rc, 0, 1, rr, rc, 0.7);
                }
                assert_eq!(results[0], results[1], "left {rows} {depth} {columns} {is_turned}");
                assert_eq!(results[2], results[3], "right {rows} {depth} {columns} {is_turned}");
            }
        }
    }
}
