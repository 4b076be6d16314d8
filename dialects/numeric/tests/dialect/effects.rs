//! Side effects, seen through the passes of MLIR that rely on them.

use crate::support::after;
use insta::assert_snapshot;
use melior::pass::transform;

/// An operation without uses goes if all it does is to read or allocate.
#[test]
fn what_nobody_uses_goes() {
    let source = "
func.func @f(%a: !numeric.array<1xf64, C>, %b: !numeric.array<1xf64, C>, %n: index) {
  %0 = numeric.alloc(%n) : !numeric.array<1xf64, C>
  %1 = numeric.load %a[%n] : !numeric.array<1xf64, C>
  %2 = numeric.reduce add %a : !numeric.array<1xf64, C>
  %3 = numeric.map ins(%x = %a : !numeric.array<1xf64, C>) -> !numeric.array<1xf64, C> {
    numeric.yield %x : f64
  }
  return
}";
    assert_snapshot!(after(source, vec![transform::create_canonicalizer()]), @"
    func.func @f(%arg0: !numeric.array<1xf64, C>, %arg1: !numeric.array<1xf64, C>, %arg2: index) {
      return
    }
    ");
}

/// The maximum of nothing and shapes that do not fit raise, so these stay.
#[test]
fn what_may_raise_stays() {
    let source = "
func.func @f(%a: !numeric.array<1xf64, C>, %b: !numeric.array<1xf64, C>) {
  %0 = numeric.reduce max %a : !numeric.array<1xf64, C>
  %1 = numeric.map ins(%x = %a : !numeric.array<1xf64, C>, %y = %b : !numeric.array<1xf64, C>) -> !numeric.array<1xf64, C> {
    numeric.yield %x : f64
  }
  return
}";
    assert_snapshot!(after(source, vec![transform::create_canonicalizer()]), @"
    func.func @f(%arg0: !numeric.array<1xf64, C>, %arg1: !numeric.array<1xf64, C>) {
      %0 = numeric.reduce max %arg0 : !numeric.array<1xf64, C>
      %1 = numeric.map ins(%arg2 = %arg0 : !numeric.array<1xf64, C>, %arg3 = %arg1 : !numeric.array<1xf64, C>) -> !numeric.array<1xf64, C> {
        numeric.yield %arg2 : f64
      }
      return
    }
    ");
}

/// Loads are merged unless a store lies between; checks and prints are never merged.
#[test]
fn equal_loads_and_checks() {
    let source = r#"
func.func @f(%a: !numeric.array<1xf64, C>, %b: i1, %n: index) -> (f64, f64, f64) {
  %0 = numeric.load %a[%n] : !numeric.array<1xf64, C>
  %1 = numeric.load %a[%n] : !numeric.array<1xf64, C>
  numeric.store %0, %a[%n] : !numeric.array<1xf64, C>
  %2 = numeric.load %a[%n] : !numeric.array<1xf64, C>
  numeric.check %b, "ValueError", "once"
  numeric.check %b, "ValueError", "twice"
  return %0, %1, %2 : f64, f64, f64
}"#;
    assert_snapshot!(after(source, vec![transform::create_cse()]), @r#"
    func.func @f(%arg0: !numeric.array<1xf64, C>, %arg1: i1, %arg2: index) -> (f64, f64, f64) {
      %0 = numeric.load %arg0[%arg2] : !numeric.array<1xf64, C>
      numeric.store %0, %arg0[%arg2] : !numeric.array<1xf64, C>
      %1 = numeric.load %arg0[%arg2] : !numeric.array<1xf64, C>
      numeric.check %arg1, "ValueError", "once"
      numeric.check %arg1, "ValueError", "twice"
      return %0, %0, %1 : f64, f64, f64
    }
    "#);
}

/// Pure operations are total, so they may run even if the loop does not.
#[test]
fn invariants_leave_parallel_loops() {
    let source = "
func.func @f(%a: !numeric.array<1xf64, C>, %n: index, %x: f64) {
  numeric.parallel %i in %n {
    %0 = numeric.libm sin(%x) : f64
    %1 = numeric.dim %a, 0 : !numeric.array<1xf64, C>
    numeric.check_index %i, %1 axis 0
    numeric.store %0, %a[%i] : !numeric.array<1xf64, C>
  }
  return
}";
    assert_snapshot!(after(source, vec![transform::create_loop_invariant_code_motion()]), @"
    func.func @f(%arg0: !numeric.array<1xf64, C>, %arg1: index, %arg2: f64) {
      %0 = numeric.libm sin(%arg2) : f64
      %1 = numeric.dim %arg0, 0 : !numeric.array<1xf64, C>
      numeric.parallel %arg3 in %arg1 {
        numeric.check_index %arg3, %1 axis 0
        numeric.store %0, %arg0[%arg3] : !numeric.array<1xf64, C>
      }
      return
    }
    ");
}

/// A body is isolated: what folds in it is not hoisted out of it.
#[test]
fn constants_stay_in_their_body() {
    let source = "
func.func @f(%a: !numeric.array<1xf64, C>) -> !numeric.array<1xf64, C> {
  %m = numeric.map ins(%x = %a : !numeric.array<1xf64, C>) -> !numeric.array<1xf64, C> {
    %c1 = numeric.constant 1.0 : f64
    %c2 = numeric.add %c1, %c1 : f64
    %0 = numeric.mul %x, %c2 : f64
    numeric.yield %0 : f64
  }
  return %m : !numeric.array<1xf64, C>
}";
    assert_snapshot!(after(source, vec![transform::create_canonicalizer()]), @"
    func.func @f(%arg0: !numeric.array<1xf64, C>) -> !numeric.array<1xf64, C> {
      %0 = numeric.map ins(%arg1 = %arg0 : !numeric.array<1xf64, C>) -> !numeric.array<1xf64, C> {
        %1 = numeric.constant 2.0 : f64
        %2 = numeric.mul %arg1, %1 : f64
        numeric.yield %2 : f64
      }
      return %0 : !numeric.array<1xf64, C>
    }
    ");
}
