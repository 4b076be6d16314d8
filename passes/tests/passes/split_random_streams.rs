//! Iterations that draw random numbers begin streams of their own.

use crate::harness::before_and_after;
use insta::assert_snapshot;

/// A loop that draws, one that calls who draws, and one that does neither.
#[test]
fn loops() {
    const SOURCE: &str = r#"
    func.func @draw() -> f64 {
      %0 = numeric.random "double" of "python" : f64
      return %0 : f64
    }
    func.func @f(%n: index, %a: !numeric.array<1xf64, C>) {
      numeric.parallel %i in %n {
        %0 = numeric.random "gauss" of "numpy" : f64
        numeric.store %0, %a[%i] : !numeric.array<1xf64, C>
      }
      numeric.parallel %i in %n {
        %0 = func.call @draw() : () -> f64
        numeric.store %0, %a[%i] : !numeric.array<1xf64, C>
      }
      numeric.parallel %i in %n {
        %0 = numeric.load %a[%i] : !numeric.array<1xf64, C>
        numeric.store %0, %a[%i] : !numeric.array<1xf64, C>
      }
      return
    }
    "#;
    assert_snapshot!(before_and_after("split-random-streams", SOURCE));
}
