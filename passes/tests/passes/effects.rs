//! What compiled code does besides computing, run: printing, running out of stack, running out of memory.

use crate::machine::{Slots, call, compile, live_blocks_are_kept};
use std::sync::{Arc, Mutex};

#[test]
fn values_are_printed_as_python_prints_them() {
    const SOURCE: &str = r#"
        func.func @show(%i: si8, %u: ui64, %x: f64, %b: i1) attributes {numeric.entry, numeric.python_name = "show"} {
          numeric.print_value str %i : si8
          numeric.print_text " "
          numeric.print_value repr np %u : ui64
          numeric.print_text " "
          numeric.print_value str %x : f64
          numeric.print_text " "
          %z = numeric.complex %x, %x : f64
          numeric.print_value str %z : complex<f64>
          numeric.print_text " "
          numeric.print_value str %b : i1
          numeric.print_text "\n"
          numeric.print_flush
          return
        }
    "#;
    let jit = compile("numeric", SOURCE);
    let seen = Arc::new(Mutex::new(Vec::new()));
    let sink = seen.clone();
    numir_runtime::print::set_sink(Some(Box::new(move |line| sink.lock().expect("fine").extend_from_slice(line))));
    let arguments = Slots::default().int(-3).int(-1).float(0.5).int(1);
    call(&jit, "show", &arguments, &mut Slots::default()).expect("fine");
    numir_runtime::print::set_sink(None);
    let seen = String::from_utf8(seen.lock().expect("fine").clone()).expect("text");
    assert_eq!(seen, "-3 np.uint64(18446744073709551615) 0.5 (0.5+0.5j) True\n");
}

#[test]
fn bottomless_recursion_raises() {
    const SOURCE: &str = r#"
        func.func @down(%n: index) -> index attributes {numeric.entry, numeric.python_name = "down"} {
          numeric.check_recursion
          %one = numeric.constant 1 : index
          %next = numeric.add %n, %one : index
          %r = func.call @down(%next) : (index) -> index loc("demo.py":4:9)
          %s = numeric.add %r, %n : index
          return %s : index
        }
    "#;
    let jit = compile("numeric", SOURCE);
    let error = call(&jit, "down", &Slots::default().int(0), &mut Slots::room(1)).unwrap_err();
    assert_eq!(error.to_string(), "RecursionError: maximum recursion depth exceeded");
    assert_eq!(error.traceback[0].line, 4);
    assert!(error.omitted > 100);
}

#[test]
fn memory_that_cannot_be_had_is_an_error() {
    const SOURCE: &str = r#"
        func.func @big(%n: index, %m: index) -> index attributes {numeric.entry, numeric.python_name = "big"} {
          %first = numeric.alloc(%n) : !numeric.array<1xf64, C>
          %second = numeric.alloc(%n, %m, %m) zero : !numeric.array<3xf64, C>
          %x = numeric.load %first[%n] : !numeric.array<1xf64, C>
          numeric.store %x, %second[%n, %n, %n] : !numeric.array<3xf64, C>
          return %n : index
        }
    "#;
    live_blocks_are_kept(|| {
        let jit = compile("numeric", SOURCE);
        // 2⁶⁴ bytes would wrap around to 0.
        for (m, kind, message) in [
            (1 << 30, "ValueError", "array is too big; ".to_owned()),
            (
                1 << 28,
                "MemoryError",
                format!("Unable to allocate 1.00 EiB for an array with shape (2, {0}, {0})", 1 << 28),
            ),
        ] {
            let arguments = Slots::default().int(2).int(m);
            let error = call(&jit, "big", &arguments, &mut Slots::room(1)).unwrap_err();
            assert_eq!(error.kind, kind);
            assert!(error.message.starts_with(&message), "{}", error.message);
        }
    });
}
