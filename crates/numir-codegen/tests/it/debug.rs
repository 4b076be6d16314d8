//! DWARF that points into the Python file, and gdb that hears of it.

use std::process::Command;

use melior::pass::{PassManager, llvm::create_di_scope_for_llvm_func_op_pass};
use numir_codegen::{CodeGenerator, OptLevel, Target};

use crate::{context, parse};

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

fn run_total(file: &str) -> i64 {
    let context = context();
    let mut module = parse(&context, &module_text(file));
    let passes = PassManager::new(&context);
    passes.add_pass(create_di_scope_for_llvm_func_op_pass());
    passes.run(&mut module).unwrap();
    let mut generator = CodeGenerator::new(Target::host().unwrap(), OptLevel::default()).unwrap();
    generator.define("note", note as *const ());
    let jit = generator.jit(&module).unwrap();
    // SAFETY: the module defines `total` with this signature.
    let total: extern "C" fn(i64) -> i64 = unsafe { std::mem::transmute(jit.lookup("total").unwrap()) };
    total(4)
}

#[test]
fn gdb_stops_at_a_python_line() {
    if let Ok(file) = std::env::var(IN_GDB) {
        assert_eq!(run_total(&file), 14);
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("total.py");
    std::fs::write(&file, PYTHON).unwrap();
    let output = Command::new("gdb")
        .args(["--nx", "--batch", "-ex", "set breakpoint pending on", "-ex", "break total.py:5", "-ex", "run"])
        .args(["-ex", "backtrace 2", "-ex", "info breakpoints", "-ex", "delete", "-ex", "continue", "--args"])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "debug::gdb_stops_at_a_python_line", "--nocapture"])
        .env(IN_GDB, &file)
        .env("DEBUGINFOD_URLS", "")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("total.py:5\n"), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("5\t        s = s + note(i * i)"), "{said}");
    assert!(said.contains("#0  total"), "{said}");
    assert!(said.contains("test result: ok"), "{said}");
}
