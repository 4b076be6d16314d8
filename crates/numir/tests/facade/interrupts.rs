//! Loops of interruptible programs end when the host says so, and compute what they always do.

use crate::support::{function, program};
use numir::{Artifact, CompileOptions, Error, Module, Options, Value, types_of};
use numir_runtime::interrupt::set_check;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The check is the process's.
static TURN: Mutex<()> = Mutex::new(());
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

fn compiled(text: &str, arguments: &[Option<Value>], interruptible: bool) -> Artifact {
    let program = program(text);
    let function = function(&program);
    let types = types_of(&function, arguments).expect("types");
    let language = Options { interruptible, ..Options::default() };
    let options = CompileOptions { language, ..CompileOptions::default() };
    let module = Module::from_program(&program, &function.name, &types, &options);
    module.and_then(|module| module.load(&options)).unwrap_or_else(|error| panic!("{error}"))
}

/// Runs a program that would take hours, interrupts it after 50 ms, and sees it end.
#[track_caller]
fn ends(name: &str, text: &str) {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let arguments = [Some(Value::Int(1 << 40))];
    let compiled = compiled(text, &arguments, true);
    INTERRUPTED.store(false, Ordering::Relaxed);
    set_check(Some(|| INTERRUPTED.load(Ordering::Relaxed)));
    let interruption = std::thread::spawn(|| {
        std::thread::sleep(Duration::from_millis(50));
        INTERRUPTED.store(true, Ordering::Relaxed);
    });
    let start = Instant::now();
    let result = compiled.call(&arguments);
    let elapsed = start.elapsed();
    set_check(None);
    interruption.join().expect("it only sleeps");
    println!("{name}: ended after {elapsed:?}");
    match result {
        Err(Error::Raised(error)) => assert_eq!(error.kind, "KeyboardInterrupt"),
        other => panic!("{name}: {other:?}"),
    }
    assert!(elapsed < Duration::from_secs(10), "{name}: {elapsed:?}");
}

/// Arithmetic that no compiler sums up in closed form.
const STEP: &str = "s = (s * 6364136223846793005 + i) ^ (s >> 7)";

#[test]
fn a_counted_loop_ends() {
    ends("counted", &format!("def f(n):\n    s = 1\n    for i in range(n):\n        {STEP}\n    return s\n"));
}

#[test]
fn a_while_loop_ends() {
    ends(
        "while",
        &format!("def f(n):\n    s = 1\n    i = 0\n    while i < n:\n        {STEP}\n        i += 1\n    return s\n"),
    );
}

#[test]
fn nested_loops_end() {
    for (outer, inner) in [("n", "3"), ("3", "n"), ("n", "n")] {
        let text = format!(
            "def f(n):\n    s = 1\n    for j in range({outer}):\n        for i in range({inner}):\n            {STEP}\n    return s\n"
        );
        ends(&format!("{outer} by {inner}"), &text);
    }
}

#[test]
fn a_parallel_loop_ends() {
    let text = format!(
        "from numir import prange\n\ndef f(n):\n    t = 0\n    for j in prange(1000):\n        s = j\n        for i in range(n):\n            {STEP}\n        t += s\n    return t\n"
    );
    ends("parallel", &text);
}

#[test]
fn results_are_the_same() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let text = "def f(n):\n    s = 0.1\n    for j in range(3):\n        for i in range(n):\n            s += 1.0 / (i + j + 1)\n    i = 0\n    while i < n:\n        s *= 1.0000001\n        i += 1\n    return s\n";
    for n in [0, 1, 1000, (1 << 18) - 1, 1 << 18, (1 << 18) + 1, 1_000_000] {
        let arguments = [Some(Value::Int(n))];
        let [with, without] = [true, false].map(|interruptible| {
            compiled(text, &arguments, interruptible).call(&arguments).unwrap_or_else(|error| panic!("{error}")).repr()
        });
        assert_eq!(with, without, "{n}");
    }
}
