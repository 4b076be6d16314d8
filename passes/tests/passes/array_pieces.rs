//! Whole-array operations of parallel functions, cut into pieces.

use crate::harness::before_and_after;
use insta::assert_snapshot;

/// A map of one axis and a sum, which is cut at multiples of blocks; what lies within a parallel loop stays whole.
#[test]
fn pieces() {
    const SOURCE: &str = r#"
    func.func @f(%a: !numeric.array<2xf64, A>, %b: !numeric.array<1xf64, C>) -> f64 attributes {numir.parallel} {
      numeric.assign %a ins(%x = %b : !numeric.array<1xf64, C>) : !numeric.array<2xf64, A> {
        %0 = numeric.libm exp(%x) : f64
        numeric.yield %0 : f64
      }
      %n = numeric.dim %b, 0 : !numeric.array<1xf64, C>
      numeric.parallel %i in %n {
        numeric.assign %a ins(%x = %b : !numeric.array<1xf64, C>) : !numeric.array<2xf64, A> {
          numeric.yield %x : f64
        }
      }
      %s = numeric.reduce add %b : !numeric.array<1xf64, C>
      return %s : f64
    }
    "#;
    assert_snapshot!(before_and_after("lower-numeric", SOURCE));
}

/// A short operation within a loop stands there as one piece, too; numbers of rows are read before their rows.
#[test]
fn short_rows() {
    const SOURCE: &str = r#"
    func.func @f(%a: !numeric.array<2xf64, C>, %b: !numeric.array<1xf64, C>, %n: index) attributes {numir.parallel} {
      %zero = numeric.constant 0 : index
      %one = numeric.constant 1 : index
      %k = numeric.view %b starts(%zero) sizes(%n) steps(%one) axes [0, -1] : !numeric.array<1xf64, C> -> !numeric.array<2xf64, A>
      scf.for %i = %zero to %n step %one {
        numeric.assign %a ins(%x = %k : !numeric.array<2xf64, A>) : !numeric.array<2xf64, C> attributes {fits, numir.apart} {
          numeric.yield %x : f64
        }
      }
      return
    }
    "#;
    assert_snapshot!(before_and_after("lower-numeric", SOURCE));
}

/// A function that is not parallel calls one that is.
#[test]
fn calls() {
    const SOURCE: &str = r#"
    func.func private @small(%a: !numeric.array<1xf64, C>) -> f64 attributes {numir.parallel} {
      %s = numeric.reduce add %a : !numeric.array<1xf64, C>
      return %s : f64
    }
    func.func @serial(%a: !numeric.array<1xf64, C>) -> f64 {
      %s = func.call @small(%a) : (!numeric.array<1xf64, C>) -> f64
      return %s : f64
    }
    func.func @parallel(%a: !numeric.array<1xf64, C>) -> f64 attributes {numir.parallel} {
      %s = func.call @small(%a) : (!numeric.array<1xf64, C>) -> f64
      return %s : f64
    }
    "#;
    assert_snapshot!(before_and_after("inline-functions", SOURCE));
}
