//! Checks that depend on data are tested ahead, a strip at a time.

use crate::harness::{before_and_after, context, transform};
use crate::machine::{Borrowed, Slots, call, compile};
use insta::assert_snapshot;

const PIPELINE: &str = "func.func(simplify-indices,version-loops,strip-checks)";

/// `for i in range(len(at)): y[i] = x[at[i]]`, y and x of one type, at of another.
#[test]
fn gather() {
    assert_snapshot!(before_and_after("func.func(simplify-indices,strip-checks)", GATHER));
}

const GATHER: &str = r#"
    func.func @gather(%y: !numeric.array<1xf64, C>, %x: !numeric.array<1xf64, C>, %at: !numeric.array<1xsi64, A>) -> index
        attributes {numeric.entry, numeric.python_name = "gather"} {
      %zero = numeric.constant 0 : index
      %one = numeric.constant 1 : index
      %n = numeric.dim %at, 0 : !numeric.array<1xsi64, A>
      %size = numeric.dim %x, 0 : !numeric.array<1xf64, C>
      %count = scf.for %i = %zero to %n step %one iter_args(%done = %zero) -> index {
        %0 = numeric.load %at[%i] : !numeric.array<1xsi64, A>
        %1 = numeric.cast %0 : si64 to index
        numeric.check_index %1, %size axis 0 loc("demo.py":4:9)
        %2 = numeric.wrap_index %1, %size
        %3 = numeric.load %x[%2] : !numeric.array<1xf64, C>
        numeric.store %3, %y[%i] : !numeric.array<1xf64, C>
        %next = numeric.add %done, %one : index
        scf.yield %next : index
      }
      return %count : index
    }
"#;

/// `total += 100 // d[i]` with a check of each divisor.
#[test]
fn divisors() {
    const SOURCE: &str = r#"
    func.func @divided(%d: !numeric.array<1xsi32, C>) -> !numeric.int {
      %zero = numeric.constant 0 : index
      %one = numeric.constant 1 : index
      %0 = numeric.constant 0 : !numeric.int
      %100 = numeric.constant 100 : !numeric.int
      %n = numeric.dim %d, 0 : !numeric.array<1xsi32, C>
      %sum = scf.for %i = %zero to %n step %one iter_args(%total = %0) -> !numeric.int {
        %1 = numeric.load %d[%i] : !numeric.array<1xsi32, C>
        %2 = numeric.cast %1 : si32 to !numeric.int
        %3 = numeric.cmp ne, %2, %0 : !numeric.int
        numeric.check %3, "ZeroDivisionError", "integer division or modulo by zero"
        %4 = numeric.floordiv %100, %2 : !numeric.int
        %next = numeric.add %total, %4 : !numeric.int
        scf.yield %next : !numeric.int
      }
      return %sum : !numeric.int
    }
    "#;
    assert_snapshot!(before_and_after(PIPELINE, SOURCE));
}

/// Every strip, whole or not, tested or not: the results are those of the plain loop, and so are errors.
#[test]
fn strips_mean_the_same() {
    let jit = compile("numeric", GATHER);
    let gather = |at: &mut [i64]| {
        let mut x: Vec<f64> = (0..50).map(f64::from).collect();
        let mut y = vec![-1.0; at.len()];
        let (length, results) = (at.len() as i64, &mut Slots::room(1));
        let (x, at) = (Borrowed::new(&mut x, 0, &[50], &[1]), Borrowed::new(at, 0, &[length], &[1]));
        let target = Borrowed::new(&mut y, 0, &[length], &[1]);
        let arguments = Slots::default().array(&target).array(&x).array(&at);
        let outcome = call(&jit, "gather", &arguments, results).map_err(|error| error.to_string());
        (y, outcome.map(|()| results.word(0)))
    };
    for length in [0_i64, 1, 15, 16, 17, 2047, 2048, 2049, 2063, 2064, 4096, 5000] {
        let mut at: Vec<i64> = (0..length).map(|i| 7 * i % 50).collect();
        let wanted: Vec<f64> = at.iter().map(|at| *at as f64).collect();
        assert_eq!(gather(&mut at), (wanted.clone(), Ok(length as u64)));
        // Negative indices count from the end.
        let mut negative: Vec<i64> = at.iter().map(|at| if at % 3 == 0 { at - 50 } else { *at }).collect();
        assert_eq!(gather(&mut negative), (wanted.clone(), Ok(length as u64)));
        for (place, index) in [(0, 50), (length / 2, -51), (length - 1, i64::MAX), (length - 1, i64::MIN)] {
            let mut broken = at.clone();
            let Some(item) = usize::try_from(place).ok().and_then(|place| broken.get_mut(place)) else { continue };
            *item = index;
            let message = format!("IndexError: index {index} is out of bounds for axis 0 with size 50");
            let stored: Vec<f64> = (0..length).map(|i| if i < place { wanted[i as usize] } else { -1.0 }).collect();
            assert_eq!(gather(&mut broken), (stored, Err(message)), "{length}, {place}");
        }
    }
}

/// Arrays that the loop may write are not read ahead of it.
#[test]
fn what_is_written_is_not_read_ahead() {
    let context = context();
    let strips = |source: &str| {
        let module = transform(&context, "func.func(simplify-indices,strip-checks)", source);
        module.as_operation().to_string().contains("numir.exact")
    };
    assert!(strips(GATHER));
    // Indices of the target's type may lie in the same memory …
    let same_type = GATHER.replace("xf64, C>", "xsi64, C>");
    assert!(!strips(&same_type));
    // … unless the target is new.
    let new = same_type.replace("%count =", "%new = numeric.alloc(%n) : !numeric.array<1xsi64, C>\n%count =");
    assert!(strips(&new.replace("%3, %y[", "%3, %new[")));
    // What has to be checked itself is not read ahead.
    let unchecked =
        GATHER.replace("%0 = numeric.load %at[%i]", "%k = numeric.add %i, %one : index\n%0 = numeric.load %at[%k]");
    assert!(!strips(&unchecked));
}
