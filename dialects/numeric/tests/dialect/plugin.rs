//! A stock mlir-opt loads the dialect as a plugin, where one is installed, and its passes work on the operations.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// MLIR's own mlir-opt of the version that the dialect was built with.
fn mlir_opt() -> Option<PathBuf> {
    let prefix = env::var("MLIR_SYS_220_PREFIX").unwrap_or("/usr/lib/llvm-22".into());
    Some(Path::new(&prefix).join("bin/mlir-opt")).filter(|tool| tool.exists())
}

/// Runs mlir-opt with the plugin on a file of this folder; None where it is not installed.
fn run(file: &str, arguments: &[&str]) -> Option<Output> {
    let Some(tool) = mlir_opt() else {
        eprintln!("mlir-opt is not installed: skipped");
        return None;
    };
    let output = Command::new(tool)
        .arg(format!("--load-dialect-plugin={}", env!("NUMIR_NUMERIC_PLUGIN")))
        .args(arguments)
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/dialect").join(file))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(output)
}

#[test]
fn stock_mlir_opt_knows_the_dialect() {
    let arguments = ["--canonicalize", "--cse", "--loop-invariant-code-motion", "--emit-bytecode", "-o", "-"];
    if let Some(output) = run("sample.mlir", &arguments) {
        assert!(output.stdout.starts_with(b"ML\xefR"));
    }
}

/// An operation that raises may be inlined: it leaves the function by its own means.
#[test]
fn stock_inliner_takes_every_operation() {
    if let Some(output) = run("sample.mlir", &["--inline"]) {
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(!text.contains("call @"), "{text}");
    }
}
