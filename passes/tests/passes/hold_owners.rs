//! Arrays that an exception could lose are held in slots.

use crate::harness::before_and_after;
use insta::assert_snapshot;

/// An array is held while a check may fail, and no longer.
#[test]
fn held() {
    const SOURCE: &str = r#"
    func.func @f(%n: index, %i: index) -> memref<?xf64> {
      %a = numeric.alloc(%n) : memref<?xf64>
      %b = numeric.alloc(%n) : memref<?xf64>
      numeric.check_index %i, %n axis 0
      %x = memref.load %a[%i] : memref<?xf64>
      memref.store %x, %b[%i] : memref<?xf64>
      numeric.release %a : memref<?xf64>
      return %b : memref<?xf64>
    }
    "#;
    assert_snapshot!(before_and_after("hold-owners", SOURCE));
}

/// What a loop carries is held by its body.
#[test]
fn carried() {
    const SOURCE: &str = r#"
    func.func @f(%n: index) {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %a = numeric.alloc(%n) : memref<?xf64>
      %r = scf.for %i = %c0 to %n step %c1 iter_args(%x = %a) -> (memref<?xf64>) {
        %new = numeric.alloc(%n) : memref<?xf64>
        numeric.release %x : memref<?xf64>
        scf.yield %new : memref<?xf64>
      }
      numeric.release %r : memref<?xf64>
      return
    }
    "#;
    assert_snapshot!(before_and_after("hold-owners", SOURCE));
}
