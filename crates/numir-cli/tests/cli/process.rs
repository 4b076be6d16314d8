//! Signals, pipes, stacks and limits.

use crate::support::{Folder, Outcome};
use std::fs::File;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

#[test]
fn recursion_without_bottom_ends_in_an_exception() {
    let folder = Folder::with_program("def f(n: int):\n    if n < 0:\n        return 0\n    return f(n + 1) + 1\n");
    let refused = folder.refused(&["f", "0"]);
    assert!(refused.ends_with("RecursionError: maximum recursion depth exceeded\n"), "{refused}");
    assert!(refused.contains("[Previous line repeated "), "{refused}");
    assert!(refused.lines().count() < 15, "{refused}");
    let folder = Folder::with_program(
        "def g(n: int):\n    if n < 0:\n        return 0\n    return f(n) + 2\n\n\ndef f(n: int):\n    return g(n + 1) * 3\n",
    );
    let refused = folder.refused(&["f", "0"]);
    assert!(refused.contains("  [Previous 2 lines repeated "), "{refused}");
    assert!(refused.lines().count() < 25, "{refused}");
}

#[test]
fn a_closed_pipe_is_no_error() {
    let folder = Folder::with_program("def f(n: int):\n    for i in range(n):\n        print(i)\n");
    let numir = env!("CARGO_BIN_EXE_numir");
    let script = format!("{numir} run p.py f 100000 | head -n 1");
    let output = Command::new("sh").args(["-c", &script]).current_dir(folder.path()).output().expect("a shell");
    let outcome = Outcome::of(output);
    assert_eq!((outcome.out.as_str(), outcome.err.as_str()), ("0\n", ""));
}

#[test]
fn a_full_standard_output_is_an_error() {
    let folder = Folder::with_program("def f(n: int):\n    print(n)\n    return n\n");
    let full = File::options().write(true).open("/dev/full").expect("Linux has it");
    let output = folder.command(&["run", "p.py", "f", "1"]).stdout(full).output().expect("the command starts");
    let outcome = Outcome::of(output);
    assert_eq!(outcome.code, Some(1));
    assert_eq!(outcome.err, "error: cannot write to standard output: No space left on device\n");
}

#[test]
fn an_interrupt_ends_it_at_once() {
    let folder = Folder::with_program(
        "def f(n: int):\n    print('started')\n    i = 0\n    while i >= 0:\n        i = (i + n) % 1000\n    return i\n",
    );
    let mut child =
        folder.command(&["run", "p.py", "f", "7"]).stdout(Stdio::null()).spawn().expect("the command starts");
    std::thread::sleep(Duration::from_millis(500));
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    assert!(kill.success());
    let start = Instant::now();
    assert_eq!(child.wait().expect("an end").code(), Some(130));
    assert!(start.elapsed() < Duration::from_secs(2));
}

#[test]
fn an_allocation_that_cannot_be_had() {
    let folder = Folder::with_program("import numpy as np\ndef f(n: int):\n    return np.ones((n, n))\n");
    let refused = folder.refused(&["f", "100000000"]);
    assert!(refused.contains("MemoryError"), "{refused}");
    assert!(refused.contains("line 3, in f"), "{refused}");
}

#[test]
fn foreign_modules_have_limits() {
    let folder = Folder::with_program("");
    let depth = 20_000;
    let deep = format!("func.func @f(%c: i1) {{ {}{} return }}", "scf.if %c { ".repeat(depth), "}".repeat(depth));
    folder.write("deep.mlir", deep);
    let output = folder.command(&["compile", "deep.mlir"]).env("NUMIR_TIME_LIMIT", "1").output().expect("it starts");
    let outcome = Outcome::of(output);
    assert_eq!(outcome.code, Some(1));
    assert!(outcome.err.contains("it took longer than 1 s"), "{}", outcome.err);
    let kept = outcome.err.split("reproducer ").nth(1).expect("a reproducer").trim();
    let kept = std::fs::read_to_string(kept).expect("the reproducer is there");
    assert!(kept.starts_with("// ") && kept.contains("compile deep.mlir\nfunc.func @f"), "{}", &kept[..200]);

    let output =
        folder.command(&["compile", "deep.mlir"]).env("NUMIR_MEMORY_LIMIT", "200").output().expect("it starts");
    let outcome = Outcome::of(output);
    assert_eq!(outcome.code, Some(1));
    assert!(outcome.err.contains("it needed more than 200 MiB of memory"), "{}", outcome.err);
    let output = folder.command(&["compile", "deep.mlir"]).env("NUMIR_TIME_LIMIT", "soon").output().expect("it starts");
    assert_eq!(Outcome::of(output).code, Some(2));
}

#[test]
fn calls_are_timed() {
    let folder = Folder::with_program("def f(n: int):\n    return n + 1\n");
    let outcome = folder.numir(&["time", "p.py", "f", "1", "--repeat", "3", "--seconds", "0"]);
    assert_eq!((outcome.code, outcome.err.as_str()), (Some(0), ""));
    assert_eq!(outcome.out.lines().count(), 1);
    for key in ["{\"call_seconds\":[", "\"compile_seconds\":", "\"first_call_seconds\":"] {
        assert!(outcome.out.contains(key), "{}", outcome.out);
    }
    let folder = Folder::with_program("def f(n: int):\n    return n // 0\n");
    assert!(folder.fails(&["time", "p.py", "f", "1"]).contains("ZeroDivisionError"));
}
