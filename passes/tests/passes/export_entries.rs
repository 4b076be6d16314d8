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
