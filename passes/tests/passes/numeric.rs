//! From the stage `numeric` to code that runs: arrays live as long as they are needed, whatever happens.

use crate::machine::{Borrowed, Slots, call, compile, live_blocks_are_kept};
use numir_runtime::memory::{Header, numir_release};

/// Two temporaries, a loop that replaces an array, a check in its midst.
const STEPS: &str = r#"
    func.func @halve(%a: !numeric.array<1xf64, C>) -> !numeric.array<1xf64, C> {
      %two = numeric.constant 2.0 : f64
      %r = numeric.map ins(%x = %a : !numeric.array<1xf64, C>, %k = %two : f64) -> !numeric.array<1xf64, C> {
        %0 = numeric.truediv %x, %k : f64
        numeric.yield %0 : f64
      }
      return %r : !numeric.array<1xf64, C>
    }
    func.func @steps(%a: !numeric.array<1xf64, C>, %n: index, %bad: index) -> !numeric.array<1xf64, C>
        attributes {numeric.entry, numeric.python_name = "steps"} {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %first = func.call @halve(%a) : (!numeric.array<1xf64, C>) -> !numeric.array<1xf64, C>
      %temporary = numeric.alloc(%n) zero : !numeric.array<1xf64, C>
      %last = scf.for %i = %c0 to %n step %c1 iter_args(%current = %first) -> (!numeric.array<1xf64, C>) {
        %ok = numeric.cmp ne, %i, %bad : index
        numeric.check %ok, "ValueError", "step {} of {}"(%i, %n : index, index)
        %x = numeric.load %current[%c0] : !numeric.array<1xf64, C>
        numeric.store %x, %temporary[%i] : !numeric.array<1xf64, C>
        %next = func.call @halve(%current) : (!numeric.array<1xf64, C>) -> !numeric.array<1xf64, C>
        scf.yield %next : !numeric.array<1xf64, C>
      }
      %seen = numeric.load %temporary[%c1] : !numeric.array<1xf64, C>
      numeric.store %seen, %last[%c1] : !numeric.array<1xf64, C>
      return %last : !numeric.array<1xf64, C>
    }
"#;

#[test]
fn nothing_leaks_when_it_does_not_raise() {
    live_blocks_are_kept(|| {
        let jit = compile("numeric", STEPS);
        let mut data = vec![64.0; 10];
        let array = Borrowed::new(&mut data, 0, &[10], &[1]);
        let mut results = Slots::room(3);
        call(&jit, "steps", &Slots::default().array(&array).int(4).int(100), &mut results).expect("fine");
        assert_eq!((array.count(), results.word(3), results.word(4)), (1, 10, 1));
        // SAFETY: the result is an array of ten numbers, of which the caller owns a reference.
        unsafe {
            let data = std::slice::from_raw_parts(results.word(1) as *const f64, 10);
            assert_eq!(data[..3], [2.0, 16.0, 2.0]);
            numir_release(results.word(0) as *mut Header);
        }
    });
}

#[test]
fn nothing_leaks_when_it_raises() {
    live_blocks_are_kept(|| {
        let jit = compile("numeric", STEPS);
        let mut data = vec![64.0; 10];
        let array = Borrowed::new(&mut data, 0, &[10], &[1]);
        for bad in 0..4 {
            let arguments = Slots::default().array(&array).int(4).int(bad);
            let error = call(&jit, "steps", &arguments, &mut Slots::room(3)).unwrap_err();
            assert_eq!(error.to_string(), format!("ValueError: step {bad} of 4"));
        }
        assert_eq!(array.count(), 1);
    });
}
