//! Functions of the host get bodies that hand values over in slots.

use crate::harness::before_and_after;
use insta::assert_snapshot;

/// A number, an array and a truth value go in; an array and a number come out, behind the number of an error.
#[test]
fn host() {
    const SOURCE: &str = r#"
    func.func private @block(f64, memref<?xf64>, i1) -> (i64, memref<?xf64, strided<[?], offset: ?>>, i64)
        attributes {numeric.host = 7 : i64}
    "#;
    assert_snapshot!(before_and_after("wrap-host-calls", SOURCE));
}
