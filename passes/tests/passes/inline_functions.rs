//! Small functions are put into their callers.

use crate::harness::{before_and_after, context, transform};
use crate::machine::{Slots, call, compile};
use insta::assert_snapshot;

/// A chain of functions ends up in the outermost one; what may call itself stays; what nobody calls any more goes.
#[test]
fn chain() {
    const SOURCE: &str = r#"
    func.func private @twice(%x: f64) -> f64 attributes {numeric.python_name = "twice"} {
      %0 = numeric.add %x, %x : f64
      return %0 : f64
    }
    func.func private @both(%x: f64, %y: f64) -> (f64, f64) attributes {numeric.python_name = "both"} {
      %0 = func.call @twice(%x) : (f64) -> f64
      return %y, %0 : f64, f64
    }
    func.func private @countdown(%n: index) -> index attributes {numeric.python_name = "countdown"} {
      %one = numeric.constant 1 : index
      %next = numeric.sub %n, %one : index
      %0 = func.call @again(%next) : (index) -> index
      return %0 : index
    }
    func.func private @again(%n: index) -> index attributes {numeric.python_name = "again"} {
      numeric.check_recursion
      %0 = func.call @countdown(%n) : (index) -> index
      return %0 : index
    }
    func.func @entry(%x: f64, %n: index) -> (f64, f64, index) attributes {numeric.entry, numeric.python_name = "entry"} {
      %0:2 = func.call @both(%x, %x) : (f64, f64) -> (f64, f64)
      %1:2 = func.call @both(%0#1, %0#0) : (f64, f64) -> (f64, f64)
      %2 = func.call @countdown(%n) : (index) -> index
      return %1#0, %1#1, %2 : f64, f64, index
    }
    "#;
    assert_snapshot!(before_and_after("inline-functions", SOURCE));
}

const NESTED: &str = r#"
    func.func private @inner(%x: index) -> index attributes {numeric.python_name = "inner"} {
      %zero = numeric.constant 0 : index
      %ok = numeric.cmp ne, %x, %zero : index loc("demo.py":2:8)
      numeric.check %ok, "ValueError", "zero" loc("demo.py":2:8)
      return %x : index
    }
    func.func private @outer(%x: index) -> index attributes {numeric.python_name = "outer"} {
      %0 = func.call @inner(%x) : (index) -> index loc("demo.py":5:12)
      return %0 : index
    }
    func.func @entry(%x: index) -> index attributes {numeric.entry, numeric.python_name = "entry"} {
      %0 = func.call @outer(%x) : (index) -> index loc("demo.py":8:4)
      return %0 : index
    }
"#;

/// Limits are options: nothing is put in where all functions are too large.
#[test]
fn limits() {
    let context = context();
    let text = |pipeline: &str| transform(&context, pipeline, NESTED).as_operation().to_string();
    assert!(!text("inline-functions").contains("call @"));
    let once = text("inline-functions{small=0}");
    assert!(!once.contains("call @"), "what is called once is put in: {once}");
    assert_eq!(text("inline-functions{small=0 single=0}").matches("call @").count(), 2);
    assert_eq!(text("inline-functions{limit=0}").matches("call @").count(), 2);
}

/// A traceback shows the functions that were put in, each with its line.
#[test]
fn tracebacks_show_what_was_put_in() {
    let jit = compile("numeric", NESTED);
    let error = call(&jit, "entry", &Slots::default().int(0), &mut Slots::room(1)).unwrap_err();
    let frames: Vec<_> = error.traceback.iter().map(|frame| (frame.function.as_str(), frame.line)).collect();
    assert_eq!(frames, [("entry", 8), ("outer", 5), ("inner", 2)]);
}

/// Every operation that was put in has a line.
#[test]
fn places_are_kept() {
    let context = context();
    transform(&context, "inline-functions,check-locations{limit=100}", NESTED);
    let sources = NESTED.replace("index loc(\"demo.py\":5:12)", "index");
    transform(&context, "inline-functions,check-locations{limit=100}", &sources);
}
