//! Arrays come from the runtime.

use crate::harness::before_and_after;
use insta::assert_snapshot;

/// Sizes that overflow cannot be had; what is not row by row is column by column.
#[test]
fn arrays() {
    const SOURCE: &str = r#"
    func.func @f(%n: index, %m: index) {
      %a = numeric.alloc(%n, %m) zero : memref<?x?xf64>
      %b = numeric.alloc(%n, %m) : memref<?x?xi8, strided<[?, ?], offset: ?>>
      numeric.retain %a : memref<?x?xf64>
      numeric.release %a : memref<?x?xf64>
      numeric.release %b : memref<?x?xi8, strided<[?, ?], offset: ?>>
      return
    }
    "#;
    assert_snapshot!(before_and_after("lower-memory", SOURCE));
}
