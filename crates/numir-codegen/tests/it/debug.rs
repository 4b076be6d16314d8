//! DWARF that points into the Python file, and gdb that hears of it.

use std::ffi::c_void;
use std::path::Path;
use std::process::Command;

use melior::pass::{PassManager, llvm::create_di_scope_for_llvm_func_op_pass};
use numir_codegen::{CodeGenerator, OptLevel, Target};
use numir_runtime::loader::Loaded;

use crate::{context, function, parse};

/// Set in the process that gdb runs: it calls the function instead of starting gdb.
const IN_GDB: &str = "NUMIR_TEST_IN_GDB";

const PYTHON: &str = "\
def total(n):
    s = 0
    i = 0
    while i < n:
        s = s + note(i * i)
        i = i + 1
    return s
";

fn module_text(file: &str) -> String {
    r#"
module {
  llvm.func @note(i64) -> i64
  llvm.func @total(%n: i64) -> i64 {
    %zero = llvm.mlir.constant(0 : i64) : i64 loc(FILE:2:5)
    %one = llvm.mlir.constant(1 : i64) : i64 loc(FILE:6:9)
    llvm.br ^head(%zero, %zero : i64, i64) loc(FILE:4:5)
  ^head(%s: i64, %i: i64):
    %more = llvm.icmp "slt" %i, %n : i64 loc(FILE:4:11)
    llvm.cond_br %more, ^body, ^exit loc(FILE:4:5)
  ^body:
    %square = llvm.mul %i, %i : i64 loc(FILE:5:22)
    %noted = llvm.call @note(%square) : (i64) -> i64 loc(FILE:5:17)
    %sum = llvm.add %s, %noted : i64 loc(FILE:5:13)
    %next = llvm.add %i, %one : i64 loc(FILE:6:13)
    llvm.br ^head(%sum, %next : i64, i64) loc(FILE:4:5)
  ^exit:
    llvm.return %s : i64 loc(FILE:7:5)
  } loc(FILE:1:1)
}
"#
    .replace("FILE", &format!("{file:?}"))
}

extern "C" fn note(x: i64) -> i64 {
    x
}

/// The function `total` of that file as an object with debug information.
pub(crate) fn object(file: &str) -> Vec<u8> {
    let context = context();
    let mut module = parse(&context, &module_text(file));
    let passes = PassManager::new(&context);
    passes.add_pass(create_di_scope_for_llvm_func_op_pass());
    passes.run(&mut module).unwrap();
    let generator = CodeGenerator::new(Target::host().unwrap(), OptLevel::default()).unwrap();
    generator.object(&module).unwrap()
}

fn run_total(file: &str) -> i64 {
    let object = object(file);
    let code = Loaded::load(&object, &|name| (name == "note").then_some(note as *const c_void)).unwrap();
    let total: extern "C" fn(i64) -> i64 = function(&code, "total");
    total(4)
}

/// What gdb says when `program`, which is this test binary or a copy, is to stop in line 5 of the Python file.
fn stop_in_gdb(program: &Path, test: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("total.py");
    std::fs::write(&file, PYTHON).unwrap();
    let output = Command::new("gdb")
        .args(["--nx", "--batch", "-ex", "set breakpoint pending on", "-ex", "break total.py:5", "-ex", "run"])
        .args(["-ex", "backtrace 2", "-ex", "delete", "-ex", "continue", "--args"])
        .arg(program)
        .args(["--exact", test, "--nocapture"])
        .env(IN_GDB, &file)
        .env("DEBUGINFOD_URLS", "")
        .output()
        .unwrap();
    format!("{}\n{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn assert_stopped(said: &str) {
    assert!(said.contains("total.py:5\n"), "{said}");
    assert!(said.contains("5\t        s = s + note(i * i)"), "{said}");
    assert!(said.contains("#0  total") && said.contains("\n#1  "), "{said}");
    // What the program says itself may be cut in two by what gdb says.
    assert!(said.contains("exited normally]"), "{said}");
}

#[test]
fn gdb_stops_at_a_python_line() {
    if let Ok(file) = std::env::var(IN_GDB) {
        assert_eq!(run_total(&file), 14);
        return;
    }
    let program = std::env::current_exe().unwrap();
    assert_stopped(&stop_in_gdb(&program, "debug::gdb_stops_at_a_python_line"));
}

#[test]
fn gdb_stops_in_a_stripped_program() {
    let folder = tempfile::tempdir().unwrap();
    let stripped = folder.path().join("stripped");
    let strip = Command::new("strip").arg("-o").arg(&stripped).arg(std::env::current_exe().unwrap()).status().unwrap();
    assert!(strip.success());
    assert_stopped(&stop_in_gdb(&stripped, "debug::gdb_stops_at_a_python_line"));
}
