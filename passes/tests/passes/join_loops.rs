//! Whole-array operations over one array stand together and are marked, unless somebody could tell.

use crate::harness::before_and_after;
use insta::assert_snapshot;

const PIPELINE: &str = "func.func(join-loops)";

/// `e = np.exp(x); e.sum()`, and the least item of `x`: one pass. What needs the sum comes later.
#[test]
fn one_pass() {
    const SOURCE: &str = r#"
    func.func @f(%x: !numeric.array<1xf64, C>) -> (!numeric.array<1xf64, C>, f64) {
      %e = numeric.map ins(%i = %x : !numeric.array<1xf64, C>) -> !numeric.array<1xf64, C> {
        %0 = numeric.libm exp(%i) : f64
        numeric.yield %0 : f64
      }
      %s = numeric.reduce add %e : !numeric.array<1xf64, C>
      %k = numeric.mul %s, %s : f64
      %m = numeric.reduce add %x : !numeric.array<1xf64, C>
      %r = numeric.map ins(%i = %e : !numeric.array<1xf64, C>, %j = %k : f64) -> !numeric.array<1xf64, C> {
        %0 = numeric.truediv %i, %j : f64
        numeric.yield %0 : f64
      }
      return %r, %m : !numeric.array<1xf64, C>, f64
    }
    "#;
    assert_snapshot!(before_and_after(PIPELINE, SOURCE));
}

/// A write to the array stands in between; then what raises without items, behind a print.
#[test]
fn what_stays_apart() {
    const SOURCE: &str = r#"
    func.func @f(%x: !numeric.array<1xf64, C>, %y: !numeric.array<1xf64, C>, %i: index) -> (f64, f64, f64, f64) {
      %a = numeric.reduce add %x : !numeric.array<1xf64, C>
      numeric.store %a, %x[%i] : !numeric.array<1xf64, C>
      %b = numeric.reduce add %x : !numeric.array<1xf64, C>
      %c = numeric.reduce mul %y : !numeric.array<1xf64, C>
      numeric.print_flush
      %d = numeric.reduce max %y : !numeric.array<1xf64, C>
      return %a, %b, %c, %d : f64, f64, f64, f64
    }
    "#;
    assert_snapshot!(before_and_after(PIPELINE, SOURCE));
}

/// The marked operations as one function, which takes pieces.
#[test]
fn lowered() {
    const SOURCE: &str = r#"
    func.func @f(%x: !numeric.array<2xf64, C>) -> (f64, f64) {
      %a = numeric.reduce min %x {numir.joined = 0} : !numeric.array<2xf64, C>
      %b = numeric.reduce max %x {numir.joined = 0} : !numeric.array<2xf64, C>
      return %a, %b : f64, f64
    }
    "#;
    assert_snapshot!(before_and_after("lower-numeric", SOURCE));
}
