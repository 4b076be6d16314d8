//! Strides that may be negative are plain arithmetic.

use crate::harness::before_and_after;
use insta::assert_snapshot;

/// Contiguous arrays stay as they are.
#[test]
fn access() {
    const SOURCE: &str = r#"
    func.func @f(%a: memref<?x?xf64, strided<[?, ?], offset: ?>>, %b: memref<?x?xf64>, %i: index) {
      %x = memref.load %a[%i, %i] : memref<?x?xf64, strided<[?, ?], offset: ?>>
      memref.store %x, %b[%i, %i] : memref<?x?xf64>
      memref.store %x, %a[%i, %i] : memref<?x?xf64, strided<[?, ?], offset: ?>>
      return
    }
    "#;
    assert_snapshot!(before_and_after("lower-strided-access", SOURCE));
}

/// What is known of the strides is a constant, all else comes from the descriptor.
#[test]
fn metadata() {
    const SOURCE: &str = r#"
    func.func @f(%a: memref<?x4xf64, strided<[?, 1], offset: ?>>) -> (memref<f64>, index, index, index, index, index) {
      %base, %offset, %sizes:2, %strides:2 = memref.extract_strided_metadata %a
        : memref<?x4xf64, strided<[?, 1], offset: ?>> -> memref<f64>, index, index, index, index, index
      return %base, %offset, %sizes#0, %sizes#1, %strides#0, %strides#1
        : memref<f64>, index, index, index, index, index
    }
    "#;
    assert_snapshot!(before_and_after("lower-strided-access", SOURCE));
}
