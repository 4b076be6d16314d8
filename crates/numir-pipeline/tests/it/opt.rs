//! `numir-opt`'s driver, run in a process of its own: this program again, which then is no test but the driver.

use crate::run::SOURCE;
use std::io::Write;
use std::process::{Command, Output, Stdio};

const ARGUMENTS: &str = "NUMIR_TEST_OPT_ARGUMENTS";

/// Not a test unless `opt` has started it.
#[test]
fn driver() {
    if let Ok(arguments) = std::env::var(ARGUMENTS) {
        let arguments =
            std::iter::once("numir-opt").chain(arguments.split('\n').filter(|argument| !argument.is_empty()));
        let status = numir_pipeline::opt_main(arguments.map(Into::into), &[numir_numeric::handle]);
        std::process::exit(status.expect("the passes of the tests are consistent"));
    }
}

fn opt(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(std::env::current_exe().expect("it runs"))
        .args(["opt::driver", "--exact", "--nocapture", "--test-threads=1"])
        .env(ARGUMENTS, arguments.join("\n"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    child.stdin.take().expect("it is piped").write_all(input.as_bytes()).expect("it reads");
    child.wait_with_output().expect("it ends")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_rust_pass_takes_options_and_counts() {
    let pipeline = "--pass-pipeline=builtin.module(func.func(test-probe{mark=3},cse))";
    // Whether the count is shown depends on how LLVM was built; Debian's counts nothing.
    let output = opt(&[pipeline, "--mlir-pass-statistics"], SOURCE);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("test.mark = 3"));
}

#[test]
fn a_failing_pass_ends_with_one_error_at_its_place() {
    let output =
        opt(&["--pass-pipeline=builtin.module(func.func(test-probe{blame=program}))"], "func.func private @f()");
    assert_eq!(output.status.code(), Some(1));
    let error = text(&output.stderr);
    assert!(error.starts_with("<stdin>:1:1: error: this cannot work\n"), "{error}");
}

#[test]
fn a_panic_is_no_abort() {
    let output = opt(&["--pass-pipeline=builtin.module(func.func(test-probe{panic=true}))"], "func.func private @f()");
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("this is a bug in numir"));
}

#[test]
fn a_reproducer_runs() {
    let input = numir_pipeline::run::reproducer(SOURCE, "builtin.module(func.func(test-probe{mark=5}))");
    let output = opt(&["--run-reproducer"], &input);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("test.mark = 5"));
}

#[test]
fn targets_are_named_pipelines() {
    let output = opt(&["--numir-test"], SOURCE);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("test.mark = 7"));
    let output = opt(&["--pass-pipeline=builtin.module(numir-test{opt=0},cse)"], SOURCE);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(!text(&output.stdout).contains("test.mark"));
    let output = opt(&["--numir-test=to=llvm"], SOURCE);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("does not pass stage `llvm`"), "{}", text(&output.stderr));
}
