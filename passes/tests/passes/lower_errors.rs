//! Checks become branches to the error exit.

use crate::harness::before_and_after;
use insta::assert_snapshot;

/// Every check has a cold block and a site.
#[test]
fn checks() {
    const SOURCE: &str = r#"
    func.func @f(%a: memref<?xf64>, %i: index, %x: i64) -> f64 attributes {numeric.python_name = "f"} {
      %c0 = arith.constant 0 : index
      %n = memref.dim %a, %c0 : memref<?xf64>
      %ok = arith.cmpi ne, %i, %n : index
      numeric.check %ok, "ValueError", "{} and {}"(%x, %n : i64, index) {operand_types = ["ui64", "index"]} loc("demo.py":3:5)
      numeric.check_index %i, %n axis 0 loc("demo.py":4:9)
      %v = memref.load %a[%i] : memref<?xf64>
      return %v : f64
    }
    "#;
    assert_snapshot!(before_and_after("lower-errors", SOURCE));
}

/// A caller tests the status, and adds its frame to the traceback.
#[test]
fn calls() {
    const SOURCE: &str = r#"
    func.func private @callee(%c: i1) -> (i32, memref<?xf64>) attributes {numeric.python_name = "callee"} {
      numeric.check_recursion loc("demo.py":1:1)
      numeric.raise "KeyError", "never" loc("demo.py":2:5)
      %zero = arith.constant 0 : i32
      %c1 = arith.constant 1 : index
      %null = llvm.mlir.zero : !llvm.struct<(ptr, ptr, i64, array<1 x i64>, array<1 x i64>)>
      %m = builtin.unrealized_conversion_cast %null : !llvm.struct<(ptr, ptr, i64, array<1 x i64>, array<1 x i64>)> to memref<?xf64>
      return %zero, %m : i32, memref<?xf64>
    }
    func.func @harmless() {
      return
    }
    func.func @caller(%c: i1) -> i32 attributes {numeric.python_name = "<lambda>"} {
      call @harmless() : () -> ()
      %r:2 = call @callee(%c) : (i1) -> (i32, memref<?xf64>) loc(callsite("inlined"("demo.py":7:3) at "demo.py":9:1))
      return %r#0 : i32
    }
    "#;
    assert_snapshot!(before_and_after("lower-errors", SOURCE));
}

/// The error exit releases what the slots hold.
#[test]
fn slots() {
    const SOURCE: &str = r#"
    func.func @f(%i: index, %n: index) {
      %one = llvm.mlir.constant(1 : i64) : i64
      %slot = llvm.alloca %one x !llvm.ptr {numir.slot} : (i64) -> !llvm.ptr
      numeric.check_index %i, %n axis 1
      return
    }
    "#;
    assert_snapshot!(before_and_after("lower-errors", SOURCE));
}
