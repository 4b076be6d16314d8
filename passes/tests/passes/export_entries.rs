//! Entries are called through slots.

use crate::harness::before_and_after;
use insta::assert_snapshot;

/// Scalars, arrays and booleans in slots of 16 bytes.
#[test]
fn entry() {
    const SOURCE: &str = r#"
    func.func @f(%a: memref<?x?xf64>, %b: memref<?xi8, strided<[?], offset: ?>>, %c: i1, %z: complex<f32>)
        -> (memref<?xi8, strided<[?], offset: ?>>, i1, i32) attributes {numeric.entry, numir.status} {
      %status = arith.constant 0 : i32
      return %b, %c, %status : memref<?xi8, strided<[?], offset: ?>>, i1, i32
    }
    func.func @helper() {
      return
    }
    "#;
    assert_snapshot!(before_and_after("export-entries", SOURCE));
}

/// A function of C beside the entry: an error is reported, and the result is 0.
#[test]
fn function_of_c() {
    const SOURCE: &str = r#"
    func.func @f(%a: f64, %b: i1, %n: index) -> (i8, i32) attributes {numeric.entry, numir.status, numir.c_result = "si8"} {
      %status = arith.constant 0 : i32
      %one = arith.constant 1 : i8
      return %one, %status : i8, i32
    }
    func.func @g() attributes {numeric.entry, numir.c_result = "void"} {
      return
    }
    "#;
    assert_snapshot!(before_and_after("export-entries", SOURCE));
}
