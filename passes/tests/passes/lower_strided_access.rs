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
    assert_snapshot!(before_and_after("func.func(lower-strided-access)", SOURCE));
}
