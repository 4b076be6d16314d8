//! Products of matrices, as compiled code calls them: of the crate `gemm`, on one core, with the vector instructions that the
//! processor has.

use gemm::{Parallelism, c32, c64};

/// A matrix in memory: the address of its first item, and the distance of rows and of columns, in items.
#[derive(Clone, Copy)]
struct Matrix {
    address: i64,
    row: i64,
    column: i64,
}

impl Matrix {
    fn first<T>(self) -> *mut T {
        std::ptr::with_exposed_provenance_mut(self.address.cast_unsigned() as usize)
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
        ) -> i64 {
            let matrices = [
                Matrix { address: result, row: columns, column: 1 },
                Matrix { address: left, row: left_row, column: left_column },
                Matrix { address: right, row: right_row, column: right_column },
            ];
            // SAFETY: the caller's promise.
            unsafe { product::<$item>(matrices, [rows, depth, columns], $zero, $one) }
        }
    )*};
}

products! {
    numir_product_f32 f32, 0.0, 1.0;
    numir_product_f64 f64, 0.0, 1.0;
    numir_product_c64 c32, c32::new(0.0, 0.0), c32::new(1.0, 0.0);
    numir_product_c128 c64, c64::new(0.0, 0.0), c64::new(1.0, 0.0);
}

/// Always 0.
///
/// # Safety
/// As above.
unsafe fn product<T: 'static>(matrices: [Matrix; 3], extents: [i64; 3], zero: T, one: T) -> i64 {
    let [rows, depth, columns] = extents.map(|extent| usize::try_from(extent).unwrap_or(0));
    let [result, left, right] = matrices;
    let stride = |distance: i64| distance as isize;
    // SAFETY: the caller's promise; the old items of the result are not read.
    unsafe {
        gemm::gemm(
            rows,
            columns,
            depth,
            result.first::<T>(),
            stride(result.column),
            stride(result.row),
            false,
            left.first::<T>(),
            stride(left.column),
            stride(left.row),
            right.first::<T>(),
            stride(right.column),
            stride(right.row),
            zero,
            one,
            false,
            false,
            false,
            Parallelism::None,
        );
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
            assert_eq!(numir_product_f64(to, rows, depth, columns, left, depth, 1, right, 1, depth), 0);
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
        unsafe { numir_product_f64(to, 2, 0, 2, to, 0, 1, to, 2, 1) };
        assert_eq!(result, [0.0; 4]);
    }
}
