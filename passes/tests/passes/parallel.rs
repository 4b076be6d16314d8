//! Parallel loops, run: reductions of every kind, arrays as accumulators, nests, errors.

use crate::machine::{Borrowed, Slots, call, compile, live_blocks_are_kept};

/// A histogram, each chunk into an array of its own.
const HISTOGRAM: &str = r#"
    func.func @histogram(%values: !numeric.array<1xsi64, A>, %counts: !numeric.array<1xsi32, C>)
        -> !numeric.array<1xsi32, C> attributes {numeric.entry, numeric.python_name = "histogram"} {
      %n = numeric.dim %values, 0 : !numeric.array<1xsi64, A>
      %bins = numeric.dim %counts, 0 : !numeric.array<1xsi32, C>
      %one = numeric.constant 1 : si32
      %result = numeric.parallel %i in %n reduce(add %acc = %counts : !numeric.array<1xsi32, C>) {
        %value = numeric.load %values[%i] : !numeric.array<1xsi64, A>
        %bin = numeric.cast %value : si64 to index
        numeric.check_index %bin, %bins axis 0
        %old = numeric.load %acc[%bin] : !numeric.array<1xsi32, C>
        %new = numeric.add %old, %one : si32
        numeric.store %new, %acc[%bin] : !numeric.array<1xsi32, C>
        numeric.yield %acc : !numeric.array<1xsi32, C>
      }
      return %result : !numeric.array<1xsi32, C>
    }
"#;

#[test]
fn arrays_are_accumulated_per_chunk() {
    live_blocks_are_kept(|| {
        let jit = compile("numeric", HISTOGRAM);
        for trip in [0, 1, 7, 63, 64, 65, 1000, 10_007] {
            let mut values: Vec<i64> = (0..trip).map(|i| i * i % 10).collect();
            let mut counts: Vec<i32> = (0..10).collect();
            let expected: Vec<i32> = (0..10)
                .map(|bin| bin + values.iter().filter(|value| **value == i64::from(bin)).count() as i32)
                .collect();
            let values = Borrowed::new(&mut values, 0, &[trip], &[1]);
            let array = Borrowed::new(&mut counts, 0, &[10], &[1]);
            let mut results = Slots::room(3);
            call(&jit, "histogram", &Slots::default().array(&values).array(&array), &mut results).expect("fine");
            assert_eq!(array.count(), 2, "the result is the initial array");
            assert_eq!((results.word(1), results.word(3)), (counts.as_ptr() as u64, 10));
            assert_eq!(counts, expected);
        }
    });
}

#[test]
fn private_arrays_do_not_leak_on_errors() {
    live_blocks_are_kept(|| {
        let jit = compile("numeric", HISTOGRAM);
        let mut values: Vec<i64> = (0..1000).collect();
        let mut counts = vec![0; 500];
        let values = Borrowed::new(&mut values, 0, &[1000], &[1]);
        let array = Borrowed::new(&mut counts, 0, &[500], &[1]);
        let error = call(&jit, "histogram", &Slots::default().array(&values).array(&array), &mut Slots::room(3));
        let message = "IndexError: index 500 is out of bounds for axis 0 with size 500";
        assert_eq!(error.unwrap_err().to_string(), message);
        assert_eq!(array.count(), 1);
        assert_eq!(counts, vec![0; 500]);
    });
}

#[test]
fn loops_nest_and_know_all_kinds() {
    const SOURCE: &str = r#"
        func.func @kinds(%a: !numeric.array<2xui8, F>) -> (f64, ui8, ui8, si8, i1, complex<f64>)
            attributes {numeric.entry, numeric.python_name = "kinds"} {
          %n = numeric.dim %a, 0 : !numeric.array<2xui8, F>
          %m = numeric.dim %a, 1 : !numeric.array<2xui8, F>
          %zero = numeric.constant 0.5 : f64
          %low = numeric.constant 200 : ui8
          %high = numeric.constant 3 : ui8
          %most = numeric.constant -100 : si8
          %true = numeric.constant 1 : i1
          %unit = numeric.complex %zero, %zero : f64
          %r:6 = numeric.parallel %i in %n reduce(add %sum = %zero : f64, min %min = %low : ui8, max %max = %high : ui8,
              max %smax = %most : si8, and %all = %true : i1, mul %product = %unit : complex<f64>) {
            %f:4 = numeric.parallel %j in %m reduce(add %s = %sum : f64, min %lo = %min : ui8, max %hi = %max : ui8,
                and %both = %all : i1) {
              %x = numeric.load %a[%i, %j] : !numeric.array<2xui8, F>
              %y = numeric.cast %x : ui8 to f64
              %s2 = numeric.add %s, %y : f64
              %lo2 = numeric.minimum %lo, %x : ui8
              %hi2 = numeric.maximum %hi, %x : ui8
              %big = numeric.cmp gt, %x, %high : ui8
              %both2 = numeric.and %both, %big : i1
              numeric.yield %s2, %lo2, %hi2, %both2 : f64, ui8, ui8, i1
            }
            %x = numeric.cast %f#1 : ui8 to si8
            %smax2 = numeric.maximum %smax, %x : si8
            %re = numeric.constant 0.0 : f64
            %im = numeric.constant 1.0 : f64
            %z = numeric.complex %re, %im : f64
            %product2 = numeric.mul %product, %z : complex<f64>
            numeric.yield %f#0, %f#1, %f#2, %smax2, %f#3, %product2 : f64, ui8, ui8, si8, i1, complex<f64>
          }
          return %r#0, %r#1, %r#2, %r#3, %r#4, %r#5 : f64, ui8, ui8, si8, i1, complex<f64>
        }
    "#;
    let jit = compile("numeric", SOURCE);
    // 21 rows of 30, column by column.
    let mut data: Vec<u8> = (0..21 * 30).map(|i| 10 + (i * 7 % 230) as u8).collect();
    let sum: f64 = data.iter().map(|x| f64::from(*x)).sum();
    let (min, max) = (*data.iter().min().unwrap(), *data.iter().max().unwrap());
    let array = Borrowed::new(&mut data, 0, &[21, 30], &[1, 21]);
    let mut results = Slots::room(6);
    call(&jit, "kinds", &Slots::default().array(&array), &mut results).expect("fine");
    assert_eq!(results.float_at(0), sum + 0.5);
    assert_eq!((results.word(2) as u8, results.word(4) as u8), (min, max));
    let row_minima = (0..21).map(|row| (0..30).map(|column| data[row + 21 * column]).min().unwrap() as i8);
    // A row's minimum has been combined with those of the rows before it in its chunk; each chunk is one row here.
    assert_eq!(results.word(6) as i8, row_minima.max().unwrap());
    assert_eq!(results.word(8) as u8, 1);
    // (0.5 + 0.5i) · i²¹
    assert_eq!((results.float_at(5), f64::from_bits(results.word(11))), (-0.5, 0.5));
}

#[test]
fn what_a_body_captures_keeps_its_layout() {
    const SOURCE: &str = r#"
        func.func @copy(%a: !numeric.array<2xf32, A>, %b: !numeric.array<2xf32, C>, %k: f32)
            attributes {numeric.entry, numeric.python_name = "copy"} {
          %n = numeric.dim %a, 0 : !numeric.array<2xf32, A>
          %m = numeric.dim %a, 1 : !numeric.array<2xf32, A>
          %one = numeric.constant 1 : index
          %two = numeric.constant 2.0 : f32
          numeric.parallel %i in %n {
            numeric.parallel %j in %m {
              %x = numeric.load %a[%i, %j] : !numeric.array<2xf32, A>
              %kx = numeric.mul %x, %k : f32
              %y = numeric.mul %kx, %two : f32
              numeric.store %y, %b[%i, %j] : !numeric.array<2xf32, C>
            }
          }
          return
        }
    "#;
    let jit = compile("numeric", SOURCE);
    let mut data: Vec<f32> = (0..600).map(|i| i as f32).collect();
    let mut copy = vec![0.0f32; 200];
    // Every other column of the last ten rows, from the bottom up.
    let a = Borrowed::new(&mut data, 19 * 30, &[10, 15], &[-30, 2]);
    let b = Borrowed::new(&mut copy, 5, &[10, 15], &[15, 1]);
    let arguments = Slots::default().array(&a).array(&b).float32(3.0);
    call(&jit, "copy", &arguments, &mut Slots::default()).expect("fine");
    for (position, value) in copy[5..155].iter().enumerate() {
        let (i, j) = (position / 15, position % 15);
        assert_eq!(*value, 6.0 * ((19 - i) * 30 + 2 * j) as f32);
    }
}
