//! One compiler for all threads, which survives a fork.

use crate::support::{call, compile, shown};
use numir::Value;
use std::sync::Arc;

#[test]
fn threads_compile_and_call_at_once() {
    let artifact = Arc::new(compile("def f(n):\n    return n + 1\n", &[Some(Value::Int(0))]).expect("it compiles"));
    let threads: Vec<_> = (0..4_i64)
        .map(|thread| {
            let artifact = artifact.clone();
            std::thread::spawn(move || {
                for round in 0..5 {
                    let program = format!("def f(n):\n    return n * {thread} + {round}\n");
                    assert_eq!(shown(&program, vec![Value::Int(10)]), (10 * thread + round).to_string());
                    let result = artifact.call(&[Some(Value::Int(thread))]).expect("it returns");
                    assert_eq!(result.repr(), (thread + 1).to_string());
                }
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().expect("no thread fails"));
}

#[test]
fn a_process_compiles_before_and_after_a_fork() {
    const PROGRAM: &str =
        "from numir import prange\ndef f(n: int):\n    s = 0\n    for i in prange(n):\n        s += i\n    return s\n";
    assert_eq!(shown(PROGRAM, vec![Value::Int(1000)]), "499500");
    // SAFETY: the child compiles, calls and ends without unwinding into the test's own threads.
    let child = unsafe { libc::fork() };
    assert!(child >= 0, "a process");
    if child == 0 {
        let right = matches!(call(PROGRAM, vec![Value::Int(100)]), Ok(Value::Int(4950)));
        // SAFETY: ends the child at once, without the handlers of the parent.
        unsafe { libc::_exit(i32::from(!right)) };
    }
    let mut status = 0;
    // A child that hangs is no child that fails: the alarm ends the wait.
    for _ in 0..2000 {
        // SAFETY: the child is ours; the status is written during the call.
        if unsafe { libc::waitpid(child, &raw mut status, libc::WNOHANG) } == child {
            assert_eq!(status, 0, "the child compiled and called");
            assert_eq!(shown(PROGRAM, vec![Value::Int(10)]), "45");
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    // SAFETY: the child is ours.
    unsafe { libc::kill(child, libc::SIGKILL) };
    panic!("the child hangs");
}
