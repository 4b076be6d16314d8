//! Reductions along the last axes and what uses them become one loop over blocks of rows.

use crate::harness::before_and_after;
use insta::assert_snapshot;

const PIPELINE: &str = "func.func(fuse-rows)";

/// `e = exp(x - x.max(axis=1, keepdims=True)); e / e.sum(axis=1, keepdims=True)`
#[test]
fn softmax() {
    const SOURCE: &str = r#"
    func.func @f(%x: !numeric.array<2xf64, C>) -> !numeric.array<2xf64, C> {
      %one = numeric.constant 1 : index
      %m = numeric.reduce_axes max axes [1] ins(%i = %x : !numeric.array<2xf64, C>) -> !numeric.array<1xf64, C> {
        numeric.yield %i : f64
      }
      %n = numeric.dim %m, 0 : !numeric.array<1xf64, C>
      %k = numeric.reshape %m(%n, %one) : !numeric.array<1xf64, C> -> !numeric.array<2xf64, C>
      %e = numeric.map ins(%i = %x : !numeric.array<2xf64, C>, %j = %k : !numeric.array<2xf64, C>) -> !numeric.array<2xf64, C> {
        %0 = numeric.sub %i, %j : f64
        %1 = numeric.libm sqrt(%0) : f64
        numeric.yield %1 : f64
      }
      %s = numeric.reduce_axes add axes [1] ins(%i = %e : !numeric.array<2xf64, C>) -> !numeric.array<1xf64, C> {
        numeric.yield %i : f64
      }
      %o = numeric.dim %s, 0 : !numeric.array<1xf64, C>
      %t = numeric.reshape %s(%o, %one) : !numeric.array<1xf64, C> -> !numeric.array<2xf64, C>
      %r = numeric.map ins(%i = %e : !numeric.array<2xf64, C>, %j = %t : !numeric.array<2xf64, C>) -> !numeric.array<2xf64, C> {
        %0 = numeric.truediv %i, %j : f64
        numeric.yield %0 : f64
      }
      return %r : !numeric.array<2xf64, C>
    }
    "#;
    assert_snapshot!(before_and_after(PIPELINE, SOURCE));
}

/// `m = x.sum(axis=2); x -= m[:, :, None]; return m`: the array is written row by row, in a parallel function in pieces along the first axis.
#[test]
fn in_place_and_in_pieces() {
    const SOURCE: &str = r#"
    func.func @f(%x: !numeric.array<3xf64, A>) -> !numeric.array<2xf64, C> attributes {numir.parallel} {
      %zero = numeric.constant 0 : index
      %one = numeric.constant 1 : index
      %m = numeric.reduce_axes add axes [2] ins(%i = %x : !numeric.array<3xf64, A>) -> !numeric.array<2xf64, C> {
        numeric.yield %i : f64
      }
      %n = numeric.dim %m, 0 : !numeric.array<2xf64, C>
      %o = numeric.dim %m, 1 : !numeric.array<2xf64, C>
      %k = numeric.view %m starts(%zero, %zero) sizes(%n, %o) steps(%one, %one) axes [0, 1, -1] : !numeric.array<2xf64, C> -> !numeric.array<3xf64, A>
      numeric.assign %x ins(%i = %x : !numeric.array<3xf64, A>, %j = %k : !numeric.array<3xf64, A>) : !numeric.array<3xf64, A> {
        %0 = numeric.sub %i, %j : f64
        numeric.yield %0 : f64
      }
      return %m : !numeric.array<2xf64, C>
    }
    "#;
    assert_snapshot!(before_and_after(PIPELINE, SOURCE));
}

/// Nothing changes where the sums of rows are taken along rows, and where the array is written in between.
#[test]
fn left_alone() {
    const SOURCE: &str = r#"
    func.func @f(%x: !numeric.array<2xf64, C>, %v: f64) -> (!numeric.array<2xf64, C>, !numeric.array<1xf64, C>) {
      %zero = numeric.constant 0 : index
      %s = numeric.reduce_axes add axes [1] ins(%i = %x : !numeric.array<2xf64, C>) -> !numeric.array<1xf64, C> {
        numeric.yield %i : f64
      }
      %r = numeric.map ins(%i = %x : !numeric.array<2xf64, C>, %j = %s : !numeric.array<1xf64, C>) -> !numeric.array<2xf64, C> {
        %0 = numeric.sub %i, %j : f64
        numeric.yield %0 : f64
      }
      %t = numeric.reduce_axes max axes [1] ins(%i = %x : !numeric.array<2xf64, C>) -> !numeric.array<1xf64, C> {
        numeric.yield %i : f64
      }
      numeric.store %v, %x[%zero, %zero] : !numeric.array<2xf64, C>
      %u = numeric.reduce_axes min axes [1] ins(%i = %x : !numeric.array<2xf64, C>, %j = %t : !numeric.array<1xf64, C>) -> !numeric.array<1xf64, C> {
        %0 = numeric.sub %i, %j : f64
        numeric.yield %0 : f64
      }
      return %r, %u : !numeric.array<2xf64, C>, !numeric.array<1xf64, C>
    }
    "#;
    assert_snapshot!(before_and_after(PIPELINE, SOURCE));
}
