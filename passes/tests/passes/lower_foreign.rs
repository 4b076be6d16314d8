//! C functions are called as C does, and memory is reached by its address.

use crate::harness::before_and_after;
use insta::assert_snapshot;

#[test]
fn calls() {
    const SOURCE: &str = r#"
    func.func @f(%x: f64, %i: i8, %u: i8, %b: i1, %n: index) -> (f64, i8, i1, index) {
      %0 = numeric.call_foreign "ldexp" at 4096(%x, %i, %u, %b) {operand_types = ["f64", "si8", "ui8", "bool"]}
        : (f64, i8, i8, i1) -> f64
      %1 = numeric.call_foreign "small" at 4100() : () -> i8
      %2 = numeric.call_foreign "flag" at 4104() : () -> i1
      %3 = numeric.call_foreign "size" at 4108(%n) {operand_types = ["index"]} : (index) -> index
      numeric.call_foreign "nothing" at 4112() : () -> ()
      return %0, %1, %2, %3 : f64, i8, i1, index
    }
    "#;
    assert_snapshot!(before_and_after("lower-foreign", SOURCE));
}

#[test]
fn addresses() {
    const SOURCE: &str = r#"
    func.func @f(%a: memref<?xf64, strided<[?], offset: ?>>, %p: i64, %n: index, %m: index)
        -> (i64, memref<?x?xf32>, memref<?x?xi16, strided<[?, ?], offset: ?>>) {
      %0 = numeric.address %a : memref<?xf64, strided<[?], offset: ?>> -> i64
      %1 = numeric.array_at %p(%n, %m) : i64 -> memref<?x?xf32>
      %2 = numeric.array_at %p(%n, %m) : i64 -> memref<?x?xi16, strided<[?, ?], offset: ?>>
      return %0, %1, %2 : i64, memref<?x?xf32>, memref<?x?xi16, strided<[?, ?], offset: ?>>
    }
    "#;
    assert_snapshot!(before_and_after("lower-foreign", SOURCE));
}
