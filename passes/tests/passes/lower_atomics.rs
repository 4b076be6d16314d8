//! Atomic operations of all kinds, on numbers of several types.

use crate::harness::before_and_after;
use insta::assert_snapshot;

#[test]
fn kinds() {
    const SOURCE: &str = r#"
    func.func @f(%a: memref<?xf64>, %c: memref<?x?xi32, strided<[?, ?], offset: ?>>, %i: index, %x: f64, %k: i32) -> (f64, i32) {
      %0 = numeric.atomic "max" %a[%i], %x {operand_types = ["f64"]} : memref<?xf64>, f64
      %1 = numeric.atomic "nanmin" %a[%i], %0 {operand_types = ["float"]} : memref<?xf64>, f64
      %2 = numeric.atomic "max" %c[%i, %i], %k {operand_types = ["ui32"]} : memref<?x?xi32, strided<[?, ?], offset: ?>>, i32
      numeric.fence "block"
      %3 = numeric.compare_exchange %a[%i], %0, %1 : memref<?xf64>, f64
      numeric.fence "system"
      %4 = numeric.compare_exchange %c[%i, %i], %2, %k : memref<?x?xi32, strided<[?, ?], offset: ?>>, i32
      return %3, %4 : f64, i32
    }
    "#;
    assert_snapshot!(before_and_after("lower-atomics", SOURCE));
}
