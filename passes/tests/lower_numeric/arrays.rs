//! Arrays from `numeric` to running code: views, broadcasting, assignments that overlap, reductions in their fixed order.

use crate::machine::{Borrowed, Slots, call, compile};
use numir_runtime::RaisedError;
use numir_runtime::loader::Loaded;

/// Calls an entry whose result is an array of `rank` axes of f64, and gives back its items in C order with its extents.
fn call_for_array(
    code: &Loaded,
    name: &str,
    arguments: &Slots,
    rank: usize,
) -> Result<(Vec<i64>, Vec<f64>), RaisedError> {
    let mut results = Slots::room((24 + 16 * rank).div_ceil(16));
    call(code, name, arguments, &mut results)?;
    let word = |position: usize| results.word(position) as i64;
    let extents: Vec<i64> = (0..rank).map(|axis| word(3 + axis)).collect();
    let count: i64 = extents.iter().product();
    let items = (0..count).map(|index| {
        let (mut rest, mut position) = (index, word(2));
        for axis in (0..rank).rev() {
            position += rest % extents[axis] * word(3 + rank + axis);
            rest /= extents[axis];
        }
        // SAFETY: the descriptor that the function gave back describes these items; nobody else writes them.
        unsafe { *(word(1) as *const f64).offset(position as isize) }
    });
    let items = items.collect();
    // SAFETY: the caller of an entry owns one reference to the header.
    unsafe { numir_runtime::memory::numir_release(word(0) as *mut _) };
    Ok((extents, items))
}

#[test]
fn views_follow_their_strides() {
    let code = compile("numeric", include_str!("views.mlir"));
    let mut data: Vec<f64> = (0..12).map(f64::from).collect();
    let rows = Borrowed::new(&mut data, 0, &[3, 4], &[4, 1]);
    let arguments = Slots::default().array(&rows).int(1);
    let row = call_for_array(&code, "row", &arguments, 1).expect("fine");
    assert_eq!(row, (vec![4], vec![4.0, 5.0, 6.0, 7.0]));
    let turned = call_for_array(&code, "turned", &arguments, 3).expect("fine");
    assert_eq!(turned, (vec![4, 1, 2], vec![11.0, 3.0, 10.0, 2.0, 9.0, 1.0, 8.0, 0.0]));
    assert_eq!(rows.count(), 1);
}

/// `a + b` by NumPy's rules, for 2-d arrays given as extents and items.
fn broadcast_sum(a: (&[i64; 2], &[f64]), b: (&[i64; 2], &[f64])) -> (Vec<i64>, Vec<f64>) {
    let extents: Vec<i64> = (0..2).map(|axis| if a.0[axis] == 1 { b.0[axis] } else { a.0[axis] }).collect();
    let item = |(own, items): (&[i64; 2], &[f64]), i: i64, j: i64| items[(i % own[0] * own[1] + j % own[1]) as usize];
    let sums =
        (0..extents[0]).flat_map(|i| (0..extents[1]).map(move |j| (i, j))).map(|(i, j)| item(a, i, j) + item(b, i, j));
    let sums = sums.collect();
    (extents, sums)
}

#[test]
fn shapes_broadcast_at_run_time() {
    let code = compile("numeric", include_str!("statements.mlir"));
    let shapes = [[2, 3], [1, 3], [2, 1], [1, 1], [0, 3], [2, 4], [1, 0]];
    for left in &shapes {
        for right in &shapes {
            let count = |extents: &[i64; 2]| (extents[0] * extents[1]) as usize;
            let mut a: Vec<f64> = (0..count(left)).map(|x| x as f64).collect();
            let mut b: Vec<f64> = (0..count(right)).map(|x| 100.0 * x as f64).collect();
            let fits = (0..2).all(|axis| left[axis] == right[axis] || left[axis] == 1 || right[axis] == 1);
            let expected = fits.then(|| broadcast_sum((left, &a), (right, &b)));
            let x = Borrowed::new(&mut a, 0, left, &[left[1], 1]);
            let y = Borrowed::new(&mut b, 0, right, &[right[1], 1]);
            let result = call_for_array(&code, "sum", &Slots::default().array(&x).array(&y), 2);
            match (result, expected) {
                (Ok(result), Some(expected)) => assert_eq!(result, expected, "{left:?} + {right:?}"),
                (Err(error), None) => assert_eq!(
                    error.to_string(),
                    format!(
                        "ValueError: operands could not be broadcast together with shapes ({},{}) ({},{}) ",
                        left[0], left[1], right[0], right[1]
                    )
                ),
                (result, expected) => panic!("{left:?} + {right:?} gives {result:?}, not {expected:?}"),
            }
            assert_eq!((x.count(), y.count()), (1, 1));
        }
    }
}

#[test]
fn an_assignment_reads_before_it_writes() {
    const COUNT: i64 = 9;
    let code = compile("numeric", include_str!("statements.mlir"));
    for (write_at, read_at) in (0..8).flat_map(|write_at| (0..8).map(move |read_at| (write_at, read_at))) {
        for (write_step, read_step) in [(1, 1), (1, -1), (-1, 1), (2, 1), (1, 2), (-2, 1), (2, -1), (1, 0)] {
            let start = |at: i64, step: i64| if step < 0 { at + (COUNT - 1) * -step } else { at };
            let (write_from, read_from) = (start(write_at, write_step), start(read_at, read_step));
            let mut memory: Vec<f64> = (0..32).map(f64::from).collect();
            let mut expected = memory.clone();
            for i in 0..COUNT {
                expected[(write_from + i * write_step) as usize] = 0.5 + (read_from + i * read_step) as f64;
            }
            let dest = Borrowed::new(&mut memory, write_from, &[COUNT], &[write_step]);
            let source = Borrowed::new(&mut memory, read_from, &[COUNT], &[read_step]);
            let arguments = Slots::default().array(&dest).array(&source);
            call(&code, "shift", &arguments, &mut Slots::default()).expect("fine");
            assert_eq!(memory, expected, "from {read_from} by {read_step} to {write_from} by {write_step}");
        }
    }
}

#[test]
fn an_assignment_stretches_its_input_but_not_its_destination() {
    let code = compile("numeric", include_str!("statements.mlir"));
    let (mut memory, mut one) = (vec![0.0; 3], vec![7.0, 8.0]);
    let dest = Borrowed::new(&mut memory, 0, &[3], &[1]);
    let source = Borrowed::new(&mut one, 0, &[1], &[1]);
    call(&code, "shift", &Slots::default().array(&dest).array(&source), &mut Slots::default()).expect("fine");
    assert_eq!(memory, [7.5; 3]);
    let source = Borrowed::new(&mut one, 0, &[2], &[1]);
    let error = call(&code, "shift", &Slots::default().array(&dest).array(&source), &mut Slots::default()).unwrap_err();
    assert_eq!(error.to_string(), "ValueError: could not broadcast input array from shape (2,) into shape (3,)");
    assert_eq!(memory, [7.5; 3]);
}

/// The order that `meaning/pairwise.mlir` fixes.
fn pairwise(items: &[f64]) -> f64 {
    let block = |items: &[f64]| {
        let mut lanes = [-0.0; 32];
        for (k, lane) in lanes.iter_mut().enumerate() {
            let item = |row: usize| items.get(32 * row + k).copied().unwrap_or(-0.0);
            *lane = ((item(0) + item(1)) + item(2)) + item(3);
        }
        for half in [16, 8, 4, 2, 1] {
            for lane in 0..half {
                lanes[lane] += lanes[lane + half];
            }
        }
        lanes[0]
    };
    // Whole trees of blocks, the largest first, each with all that follows it.
    fn tree(sums: &[f64]) -> f64 {
        match sums.len() {
            0 => -0.0,
            1 => sums[0],
            count => {
                let whole = 1 << count.ilog2();
                let half = if whole == count { count / 2 } else { whole };
                tree(&sums[..half]) + tree(&sums[half..])
            }
        }
    }
    let sums: Vec<f64> = items.chunks(128).map(block).collect();
    if items.is_empty() { 0.0 } else { tree(&sums) }
}

#[test]
fn sums_have_one_order_whatever_the_layout() {
    let code = compile("numeric", include_str!("folds.mlir"));
    for count in [0, 1, 2, 31, 32, 33, 127, 128, 129, 255, 256, 300, 640, 897, 4096, 10_001] {
        let items: Vec<f64> = (0..count).map(|i| ((i * 7919 + 13) % 1009) as f64 * 1.1e-3 - 0.3).collect();
        let expected = pairwise(&items).to_bits();
        let sum = |name: &str, array: &Borrowed| {
            let mut results = Slots::room(1);
            call(&code, name, &Slots::default().array(array), &mut results).expect("fine");
            results.word(0)
        };
        let (mut rows, size) = (items.clone(), count as i64);
        assert_eq!(sum("sum", &Borrowed::new(&mut rows, 0, &[size], &[1])), expected, "{count} in a row");
        let mut backwards: Vec<f64> = items.iter().rev().copied().collect();
        let array = Borrowed::new(&mut backwards, (size - 1).max(0), &[size], &[-1]);
        assert_eq!(sum("sum_strided", &array), expected, "{count} backwards");
        if count % 3 == 0 {
            // The same items in C order, stored column by column.
            let (height, width) = (count / 3, 3);
            let mut columns: Vec<f64> =
                (0..width).flat_map(|j| (0..height).map(move |i| (i, j))).map(|(i, j)| items[i * width + j]).collect();
            let array = Borrowed::new(&mut columns, 0, &[height as i64, 3], &[1, height as i64]);
            assert_eq!(sum("sum_columns", &array), expected, "{count} in columns");
        }
    }
}

#[test]
fn folds_of_every_kind() {
    let code = compile("numeric", include_str!("folds.mlir"));
    let word = |name: &str, array: &Borrowed| {
        let mut results = Slots::room(1);
        call(&code, name, &Slots::default().array(array), &mut results).map(|()| results.word(0))
    };
    let mut numbers: Vec<i64> = (0..1000).map(|i| (i * 7919) % 1009 - 500).collect();
    let (least, greatest) = (numbers.iter().min().copied(), numbers.iter().max().copied());
    let total: i64 = numbers.iter().sum();
    let xor = numbers.iter().fold(0, |all, x| all ^ x);
    let array = Borrowed::new(&mut numbers, 0, &[40, 25], &[25, 1]);
    assert_eq!(word("least", &array).map(|bits| bits as i64).ok(), least);
    assert_eq!(word("greatest", &array).map(|bits| bits as i64).ok(), greatest);
    assert_eq!(word("total", &array).map(|bits| bits as i64), Ok(total));
    assert_eq!(word("xor", &array).map(|bits| bits as i64), Ok(xor));
    let nothing = Borrowed::new(&mut numbers, 0, &[0, 25], &[25, 1]);
    let error = word("least", &nothing).unwrap_err();
    assert_eq!(error.to_string(), "ValueError: zero-size array to reduction operation minimum which has no identity");
    assert_eq!(word("total", &nothing), Ok(0));

    let mut floats = vec![1.0, f64::NAN, -3.0];
    assert_eq!(word("lowest", &Borrowed::new(&mut floats, 2, &[1], &[1])).map(f64::from_bits), Ok(-3.0));
    assert!(word("lowest", &Borrowed::new(&mut floats, 0, &[3], &[1])).map(f64::from_bits).is_ok_and(f64::is_nan));

    let mut flags = [1u8, 1, 0];
    assert_eq!(word("all", &Borrowed::new(&mut flags, 0, &[2], &[1])).map(|bits| bits as u8), Ok(1));
    assert_eq!(word("all", &Borrowed::new(&mut flags, 0, &[3], &[1])).map(|bits| bits as u8), Ok(0));
}

#[test]
fn folds_of_wide_and_narrow_numbers() {
    let code = compile("numeric", include_str!("folds.mlir"));
    let words = |name: &str, array: &Borrowed| {
        let mut results = Slots::room(1);
        call(&code, name, &Slots::default().array(array), &mut results).expect("fine");
        (results.word(0), results.word(1))
    };
    // (1 + 2i)(3 - i)(0.5i)
    let mut numbers = [1.0f64, 2.0, 3.0, -1.0, 0.0, 0.5];
    let (re, im) = words("product", &Borrowed::new(&mut numbers, 0, &[3], &[1]));
    assert_eq!((f64::from_bits(re), f64::from_bits(im)), (-2.5, 2.5));
    // 3000 times 1.0 in half precision: added up there, it would stop at 2048.
    let mut ones = vec![0x3C00u16; 3000];
    assert_eq!(words("halves", &Borrowed::new(&mut ones, 0, &[3000], &[1])).0 as u16, 0x69DC);
    let mut pairs: Vec<f32> = (0..24).map(|i| i as f32).collect();
    let (sum, _) = words("complexes", &Borrowed::new(&mut pairs, 2, &[3, 2], &[4, -1]));
    let (re, im) = (f32::from_bits(sum as u32), f32::from_bits((sum >> 32) as u32));
    assert_eq!((re, im), (66.0, 72.0));
}
