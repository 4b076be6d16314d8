//! Products of all orders in memory, whole and in parts.

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
