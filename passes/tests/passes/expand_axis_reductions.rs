//! Reductions along axes become loops over the axes that stay.

use crate::harness::before_and_after;
use insta::assert_snapshot;

const PIPELINE: &str = "func.func(expand-axis-reductions)";

/// `np.sum(a * a, axis=1)`: each row by itself.
#[test]
fn rows() {
    const SOURCE: &str = r#"
    func.func @f(%a: !numeric.array<2xf64, C>) -> !numeric.array<1xf64, C> {
      %s = numeric.reduce_axes add axes [1] ins(%x = %a : !numeric.array<2xf64, C>) -> !numeric.array<1xf64, C> {
        %0 = numeric.mul %x, %x : f64
        numeric.yield %0 : f64
      }
      return %s : !numeric.array<1xf64, C>
    }
    "#;
    assert_snapshot!(before_and_after(PIPELINE, SOURCE));
}

/// `np.max(a, axis=0)`: rows are combined with a row of results.
#[test]
fn columns() {
    const SOURCE: &str = r#"
    func.func @f(%a: !numeric.array<2xsi32, A>) -> !numeric.array<1xsi32, C> {
      %s = numeric.reduce_axes max axes [0] ins(%x = %a : !numeric.array<2xsi32, A>) -> !numeric.array<1xsi32, C> {
        numeric.yield %x : si32
      }
      return %s : !numeric.array<1xsi32, C>
    }
    "#;
    assert_snapshot!(before_and_after(PIPELINE, SOURCE));
}

/// `np.sum(a, axis=(0, 2))`: rows by themselves, and their results added up.
#[test]
fn rows_and_columns() {
    const SOURCE: &str = r#"
    func.func @f(%a: !numeric.array<3xcomplex<f64>, C>) -> !numeric.array<1xcomplex<f64>, C> {
      %s = numeric.reduce_axes add axes [0, 2] ins(%x = %a : !numeric.array<3xcomplex<f64>, C>) -> !numeric.array<1xcomplex<f64>, C> {
        numeric.yield %x : complex<f64>
      }
      return %s : !numeric.array<1xcomplex<f64>, C>
    }
    "#;
    assert_snapshot!(before_and_after(PIPELINE, SOURCE));
}

/// `np.sum(a - b, axis=1)`: whether one of them is stretched is asked once. `a - m[:, None]` needs no such question along the rows.
#[test]
fn stretched() {
    const SOURCE: &str = r#"
    func.func @f(%a: !numeric.array<2xf64, C>, %b: !numeric.array<1xf64, C>, %m: !numeric.array<1xf64, C>, %n: index) -> !numeric.array<1xf64, C> {
      %one = numeric.constant 1 : index
      %zero = numeric.constant 0 : index
      %column = numeric.view %m starts(%zero) sizes(%n) steps(%one) axes [0, -1] : !numeric.array<1xf64, C> -> !numeric.array<2xf64, A>
      %s = numeric.reduce_axes add axes [1] ins(%x = %a : !numeric.array<2xf64, C>, %y = %b : !numeric.array<1xf64, C>, %z = %column : !numeric.array<2xf64, A>)
        -> !numeric.array<1xf64, C> {
        %0 = numeric.sub %x, %y : f64
        %1 = numeric.sub %0, %z : f64
        numeric.yield %1 : f64
      }
      return %s : !numeric.array<1xf64, C>
    }
    "#;
    assert_snapshot!(before_and_after(PIPELINE, SOURCE));
}

/// In a parallel function, the axis that stays is cut into pieces.
#[test]
fn pieces() {
    const SOURCE: &str = r#"
    func.func @f(%a: !numeric.array<2xf64, C>) -> !numeric.array<1xf64, C> attributes {numir.parallel} {
      %s = numeric.reduce_axes add axes [0] ins(%x = %a : !numeric.array<2xf64, C>) -> !numeric.array<1xf64, C> {
        %0 = numeric.mul %x, %x : f64
        numeric.yield %0 : f64
      }
      return %s : !numeric.array<1xf64, C>
    }
    "#;
    assert_snapshot!(before_and_after(PIPELINE, SOURCE));
}
