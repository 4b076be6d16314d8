//! Recursion ends in RecursionError on every stack that compiled code may run on.

use crate::harness::before_and_after;
use crate::machine::{Slots, call, compile};
use insta::assert_snapshot;
use numir_runtime::loader::Loaded;

/// Each calls the other; only one of them checks. `spread` recurses in all iterations of a parallel loop.
const MUTUAL: &str = r#"
    func.func @even(%n: index) -> index attributes {numeric.entry, numeric.python_name = "even"} {
      numeric.check_recursion loc("demo.py":1:1)
      %zero = numeric.constant 0 : index
      %one = numeric.constant 1 : index
      %end = numeric.cmp eq, %n, %zero : index
      %r = scf.if %end -> (index) {
        scf.yield %zero : index
      } else {
        %before = numeric.sub %n, %one : index
        %calls = func.call @odd(%before) : (index) -> index loc("demo.py":2:5)
        %more = numeric.add %calls, %one : index
        scf.yield %more : index
      }
      return %r : index
    }
    func.func @odd(%n: index) -> index {
      %one = numeric.constant 1 : index
      %before = numeric.sub %n, %one : index
      %calls = func.call @even(%before) : (index) -> index loc("demo.py":4:5)
      %more = numeric.add %calls, %one : index
      return %more : index
    }
    func.func @spread(%n: index, %times: index) -> index attributes {numeric.entry, numeric.python_name = "spread"} {
      %zero = numeric.constant 0 : index
      %sum = numeric.parallel %i in %times reduce(add %acc = %zero : index) {
        %calls = func.call @even(%n) : (index) -> index
        %next = numeric.add %acc, %calls : index
        numeric.yield %next : index
      }
      return %sum : index
    }
"#;

const END: &str = "RecursionError: maximum recursion depth exceeded";

/// The limit is asked for outside of the recursion and handed down in it, also by the function that does not check.
#[test]
fn the_limit_is_handed_down() {
    const ELEMENTS: &str = "func.func(release-values),lower-numeric,hold-owners,outline-parallel,lower-memory,\
                            convert-scf-to-cf,lower-errors,export-entries";
    assert_snapshot!(before_and_after(ELEMENTS, MUTUAL));
}

fn calls(code: &Loaded, name: &str, arguments: &Slots) -> Result<u64, String> {
    let mut results = Slots::room(1);
    call(code, name, arguments, &mut results).map(|()| results.word(0)).map_err(|error| error.to_string())
}

#[test]
fn recursion_ends_on_every_stack() {
    let code = compile("numeric", MUTUAL);
    for kibibytes in [256, 1024, 64 << 10] {
        let thread = std::thread::Builder::new().stack_size(kibibytes << 10);
        std::thread::scope(|scope| {
            let work = || {
                assert_eq!(calls(&code, "even", &Slots::default().int(1000)), Ok(1000));
                assert_eq!(calls(&code, "even", &Slots::default().int(1 << 40)), Err(END.to_owned()));
                assert_eq!(calls(&code, "even", &Slots::default().int(1000)), Ok(1000));
            };
            thread.spawn_scoped(scope, work).expect("a thread").join().expect("no panic");
        });
    }
}

#[test]
fn recursion_ends_on_the_threads_of_the_pool() {
    let code = compile("numeric", MUTUAL);
    assert_eq!(calls(&code, "spread", &Slots::default().int(100).int(5000)), Ok(500_000));
    assert_eq!(calls(&code, "spread", &Slots::default().int(1 << 40).int(5000)), Err(END.to_owned()));
}
