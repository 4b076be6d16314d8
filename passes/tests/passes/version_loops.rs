//! Loops get a version without the checks that can be decided before they run.

use crate::harness::{before_and_after, context, transform};
use crate::machine::{Borrowed, Slots, call, compile};
use insta::assert_snapshot;

const PIPELINE: &str = "func.func(simplify-indices,version-loops)";

/// `for i in range(n): for j in range(i): a[i, j] += b[j]`: the nest is tested once, by its parameter and the extents.
#[test]
fn nest() {
    const SOURCE: &str = r#"
    func.func @nest(%a: !numeric.array<2xf64, C>, %b: !numeric.array<1xf64, A>, %n: !numeric.int) {
      %zero = numeric.constant 0 : index
      %one = numeric.constant 1 : index
      %0 = numeric.cast %n : !numeric.int to index
      %trip = numeric.maximum %0, %zero : index
      %rows = numeric.dim %a, 0 : !numeric.array<2xf64, C>
      %columns = numeric.dim %a, 1 : !numeric.array<2xf64, C>
      %size = numeric.dim %b, 0 : !numeric.array<1xf64, A>
      scf.for %i = %zero to %trip step %one {
        scf.for %j = %zero to %i step %one {
          numeric.check_index %j, %size axis 0
          %1 = numeric.wrap_index %j, %size
          %x = numeric.load %b[%1] : !numeric.array<1xf64, A>
          numeric.check_index %i, %rows axis 0
          %2 = numeric.wrap_index %i, %rows
          numeric.check_index %j, %columns axis 1
          %3 = numeric.wrap_index %j, %columns
          %y = numeric.load %a[%2, %3] : !numeric.array<2xf64, C>
          %z = numeric.add %x, %y : f64
          numeric.store %z, %a[%2, %3] : !numeric.array<2xf64, C>
        }
      }
      return
    }
    "#;
    assert_snapshot!(before_and_after(PIPELINE, SOURCE));
}

/// `a[i * m + j]`: a stride that only the caller knows; numbers so large that the test itself could wrap around run exactly.
#[test]
fn flattened() {
    const SOURCE: &str = r#"
    func.func @flattened(%a: !numeric.array<1xf64, C>, %n: index, %m: index) -> f64 {
      %zero = numeric.constant 0 : index
      %one = numeric.constant 1 : index
      %start = numeric.constant 0.0 : f64
      %size = numeric.dim %a, 0 : !numeric.array<1xf64, C>
      %sum = numeric.parallel %i in %n reduce(add %outer = %start : f64) {
        %row = numeric.mul %i, %m : index
        %part = scf.for %j = %zero to %m step %one iter_args(%inner = %outer) -> f64 {
          %k = numeric.add %row, %j : index
          numeric.check_index %k, %size axis 0
          %0 = numeric.wrap_index %k, %size
          %x = numeric.load %a[%0] : !numeric.array<1xf64, C>
          %next = numeric.add %inner, %x : f64
          scf.yield %next : f64
        }
        numeric.yield %part : f64
      }
      return %sum : f64
    }
    "#;
    assert_snapshot!(before_and_after(PIPELINE, SOURCE));
}

/// A row that is known inside of the outer loop only: the inner loop is versioned.
#[test]
fn inner() {
    const SOURCE: &str = r#"
    func.func @inner(%starts: !numeric.array<1xsi64, C>, %data: !numeric.array<1xf64, C>) {
      %zero = numeric.constant 0 : index
      %one = numeric.constant 1 : index
      %x = numeric.constant 1.0 : f64
      %width = numeric.constant 100 : index
      %n = numeric.dim %starts, 0 : !numeric.array<1xsi64, C>
      %size = numeric.dim %data, 0 : !numeric.array<1xf64, C>
      scf.for %i = %zero to %n step %one {
        %0 = numeric.load %starts[%i] : !numeric.array<1xsi64, C>
        %start = numeric.cast %0 : si64 to index
        scf.for %j = %zero to %width step %one {
          %k = numeric.add %start, %j : index
          numeric.check_index %k, %size axis 0
          %1 = numeric.wrap_index %k, %size
          numeric.store %x, %data[%1] : !numeric.array<1xf64, C>
        }
      }
      return
    }
    "#;
    assert_snapshot!(before_and_after(PIPELINE, SOURCE));
}

const FILL: &str = r#"
    func.func @fill(%a: !numeric.array<1xf64, C>, %first: index, %n: index) attributes {numeric.entry, numeric.python_name = "fill"} {
      %zero = numeric.constant 0 : index
      %one = numeric.constant 1 : index
      %x = numeric.constant 1.0 : f64
      %size = numeric.dim %a, 0 : !numeric.array<1xf64, C>
      scf.for %p = %zero to %n step %one {
        %i = numeric.add %first, %p : index
        numeric.check_index %i, %size axis 0 loc("demo.py":4:9)
        %0 = numeric.wrap_index %i, %size
        numeric.store %x, %a[%0] : !numeric.array<1xf64, C>
      }
      return
    }
"#;

/// Whichever version runs: indices may be negative, ranges empty, and an error has its index and comes after the stores
/// before it.
#[test]
fn both_versions_mean_the_same() {
    let context = context();
    let text = transform(&context, PIPELINE, FILL).as_operation().to_string();
    assert_eq!((text.matches("scf.for").count(), text.matches("check_index").count()), (2, 1), "{text}");

    let jit = compile("numeric", FILL);
    let fill = |first: i64, n: i64| {
        let mut data = [0.0; 10];
        let array = Borrowed::new(&mut data, 0, &[10], &[1]);
        let arguments = Slots::default().array(&array).int(first).int(n);
        let outcome = call(&jit, "fill", &arguments, &mut Slots::default()).map_err(|error| error.to_string());
        let filled: String = data.iter().map(|item| if *item == 1.0 { 'x' } else { '.' }).collect();
        (filled, outcome)
    };
    let out_of_bounds = |index: i64| Err(format!("IndexError: index {index} is out of bounds for axis 0 with size 10"));
    assert_eq!(fill(0, 10), ("xxxxxxxxxx".to_owned(), Ok(())));
    assert_eq!(fill(3, 4), ("...xxxx...".to_owned(), Ok(())));
    assert_eq!(fill(-2, 5), ("xxx.....xx".to_owned(), Ok(())));
    assert_eq!(fill(8, 4), ("........xx".to_owned(), out_of_bounds(10)));
    assert_eq!(fill(-11, 4), ("..........".to_owned(), out_of_bounds(-11)));
    for (first, n) in [(0, 0), (50, 0), (0, -3), (i64::MAX, 0), (i64::MIN, i64::MIN)] {
        assert_eq!(fill(first, n), ("..........".to_owned(), Ok(())), "{first}, {n}");
    }
    // Sums that wrap around choose the exact version.
    for first in [i64::MAX, i64::MIN] {
        assert_eq!(fill(first, i64::MAX), ("..........".to_owned(), out_of_bounds(first)));
    }
}

const STRIDE: &str = r#"
    func.func @stride(%a: !numeric.array<1xf64, C>, %start: index, %step: index) attributes {numeric.entry, numeric.python_name = "stride"} {
      %zero = numeric.constant 0 : index
      %one = numeric.constant 1 : index
      %x = numeric.constant 1.0 : f64
      %size = numeric.dim %a, 0 : !numeric.array<1xf64, C>
      %forward = numeric.cmp gt, %step, %zero : index
      scf.if %forward {
        %span = numeric.sub %size, %start : index
        %0 = numeric.add %span, %step : index
        %1 = numeric.sub %0, %one : index
        %2 = numeric.floordiv %1, %step : index
        %trip = numeric.maximum %2, %zero : index
        scf.for %k = %zero to %trip step %one {
          %3 = numeric.mul %k, %step : index
          %i = numeric.add %start, %3 : index
          numeric.check_index %i, %size axis 0 loc("demo.py":4:9)
          %4 = numeric.wrap_index %i, %size
          numeric.store %x, %a[%4] : !numeric.array<1xf64, C>
        }
      }
      return
    }
"#;

/// `for i in range(start, len(a), step): a[i] = 1` of a step that is only known to be positive: the trip count is a quotient, and
/// what it says of the product with the step is used.
#[test]
fn stride() {
    assert_snapshot!(before_and_after(PIPELINE, STRIDE));
}

/// The same as the loop would do in Python's place, for starts and steps so large that sums wrap around too.
#[test]
fn strides_mean_the_same() {
    const SIZE: i64 = 10;
    let jit = compile("numeric", STRIDE);
    let numbers = [i64::MIN, i64::MIN + 5, -11, -10, -3, 0, 1, 4, 9, 10, 50, i64::MAX / 2, i64::MAX - 3, i64::MAX];
    for (start, step) in numbers.into_iter().flat_map(|start| numbers.map(|step| (start, step))) {
        let (mut data, mut wanted) = ([0.0; SIZE as usize], [0.0; SIZE as usize]);
        let array = Borrowed::new(&mut data, 0, &[SIZE], &[1]);
        let arguments = Slots::default().array(&array).int(start).int(step);
        let outcome = call(&jit, "stride", &arguments, &mut Slots::default()).map_err(|error| error.to_string());
        let mut expected = Ok(());
        let dividend = SIZE.wrapping_sub(start).wrapping_add(step).wrapping_sub(1);
        let trip = if step > 0 { dividend.div_euclid(step).max(0) } else { 0 };
        for k in 0..trip {
            let index = start.wrapping_add(k.wrapping_mul(step));
            if !(-SIZE..SIZE).contains(&index) {
                expected = Err(format!("IndexError: index {index} is out of bounds for axis 0 with size {SIZE}"));
                break;
            }
            wanted[index.rem_euclid(SIZE) as usize] = 1.0;
        }
        assert_eq!((data, outcome), (wanted, expected), "{start}, {step}");
    }
}

/// The least number is its own negative: it does not pass for a small one.
#[test]
fn the_least_number_is_not_small() {
    const SOURCE: &str = r#"
    func.func @back(%a: !numeric.array<1xf64, C>, %m: index, %n: index) attributes {numeric.entry, numeric.python_name = "back"} {
      %zero = numeric.constant 0 : index
      %one = numeric.constant 1 : index
      %x = numeric.constant 1.0 : f64
      %size = numeric.dim %a, 0 : !numeric.array<1xf64, C>
      %back = numeric.cmp le, %m, %zero : index
      scf.if %back {
        scf.for %i = %zero to %n step %one {
          %0 = numeric.mul %i, %m : index
          %j = numeric.sub %zero, %0 : index
          numeric.check_index %j, %size axis 0 loc("demo.py":4:9)
          %1 = numeric.wrap_index %j, %size
          numeric.store %x, %a[%1] : !numeric.array<1xf64, C>
        }
      }
      return
    }
    "#;
    let jit = compile("numeric", SOURCE);
    let back = |m: i64, n: i64| {
        let mut data = [0.0; 10];
        let array = Borrowed::new(&mut data, 0, &[10], &[1]);
        let arguments = Slots::default().array(&array).int(m).int(n);
        let outcome = call(&jit, "back", &arguments, &mut Slots::default()).map_err(|error| error.to_string());
        (data.iter().sum::<f64>(), outcome)
    };
    assert_eq!(back(-3, 4), (4.0, Ok(())));
    let message = format!("IndexError: index {} is out of bounds for axis 0 with size 10", i64::MIN);
    for n in 2..6 {
        assert_eq!(back(i64::MIN, n), (1.0, Err(message.clone())), "{n}");
    }
}

/// The body of a while loop knows the values that its condition passes on by other names.
#[test]
fn while_loops_pass_values_on() {
    const SOURCE: &str = r#"
    func.func @rows(%a: !numeric.array<1xf64, C>, %n: index) {
      %zero = numeric.constant 0 : index
      %one = numeric.constant 1 : index
      %x = numeric.constant 1.0 : f64
      %size = numeric.dim %a, 0 : !numeric.array<1xf64, C>
      %last = scf.while (%k = %one) : (index) -> index {
        %go = numeric.cmp lt, %k, %n : index
        scf.condition(%go) %k : index
      } do {
      ^bb0(%length: index):
        scf.for %i = %zero to %length step %one {
          numeric.check_index %i, %size axis 0
          numeric.store %x, %a[%i] : !numeric.array<1xf64, C>
        }
        %next = numeric.add %length, %length : index
        scf.yield %next : index
      }
      return
    }
    "#;
    let context = context();
    let text = transform(&context, PIPELINE, SOURCE).as_operation().to_string();
    assert_eq!((text.matches("scf.for").count(), text.matches("check_index").count()), (2, 1), "{text}");
}

/// Two arrays that a loop swaps, of unknown extents: the inner loop is versioned by the extents that they have there. That one
/// item is checked before says nothing about a whole row.
#[test]
fn swapped_rows() {
    const SOURCE: &str = r#"
    func.func @rows(%a: !numeric.array<1xf64, C>, %b: !numeric.array<1xf64, C>, %n: index, %m: index) {
      %zero = numeric.constant 0 : index
      %one = numeric.constant 1 : index
      %x = numeric.constant 1.0 : f64
      %r:2 = scf.for %t = %zero to %n step %one iter_args(%old = %a, %new = %b)
          -> (!numeric.array<1xf64, C>, !numeric.array<1xf64, C>) {
        %size = numeric.dim %new, 0 : !numeric.array<1xf64, C>
        numeric.check_index %zero, %size axis 0
        scf.for %i = %zero to %m step %one {
          numeric.check_index %i, %size axis 0
          numeric.store %x, %new[%i] : !numeric.array<1xf64, C>
        }
        scf.yield %new, %old : !numeric.array<1xf64, C>, !numeric.array<1xf64, C>
      }
      return
    }
    "#;
    assert_snapshot!(before_and_after(PIPELINE, SOURCE));
}

/// A loop of more operations than the limit stays as it is.
#[test]
fn limit() {
    let context = context();
    let text = |pipeline: &str| transform(&context, pipeline, FILL).as_operation().to_string();
    assert_eq!(text("func.func(version-loops{limit=3})").matches("scf.for").count(), 1);
    assert_eq!(text("func.func(version-loops{conditions=0})").matches("scf.for").count(), 1);
}

/// A loop that sums an array in each iteration checks its index there; the one in it that only stores has two versions.
#[test]
fn whole_arrays() {
    const SOURCE: &str = r#"
    func.func @sums(%a: !numeric.array<1xf64, C>, %b: !numeric.array<1xf64, C>, %n: index, %m: index) {
      %zero = numeric.constant 0 : index
      %one = numeric.constant 1 : index
      %size = numeric.dim %b, 0 : !numeric.array<1xf64, C>
      scf.for %i = %zero to %n step %one {
        numeric.check_index %i, %size axis 0
        %s = numeric.reduce add %a : !numeric.array<1xf64, C>
        numeric.store %s, %b[%i] : !numeric.array<1xf64, C>
        scf.for %j = %zero to %m step %one {
          numeric.check_index %j, %size axis 0
          numeric.store %s, %b[%j] : !numeric.array<1xf64, C>
        }
      }
      return
    }
    "#;
    let context = context();
    let text = transform(&context, PIPELINE, SOURCE).as_operation().to_string();
    assert_eq!((text.matches("scf.for").count(), text.matches("check_index").count()), (3, 2), "{text}");
    let outer = text.find("scf.for").unwrap_or_default();
    let inner = text[outer + 1..].find("scf.for").unwrap_or_default();
    assert!(text[outer..outer + inner].contains("check_index"), "{text}");
}
