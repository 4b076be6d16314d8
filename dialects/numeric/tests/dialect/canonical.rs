//! Canonical forms: what `canonicalize` makes of small functions.

use crate::support::canonicalized;
use insta::assert_snapshot;

#[test]
fn offsets_have_one_form() {
    let source = "
func.func @f(%i: index) -> index {
  %c1 = numeric.constant 1 : index
  %0 = numeric.sub %i, %c1 : index
  %1 = numeric.add %0, %c1 : index
  %2 = numeric.add %c1, %1 : index
  return %2 : index
}";
    assert_snapshot!(canonicalized(source), @"
    func.func @f(%arg0: index) -> index {
      %0 = numeric.constant 1 : index
      %1 = numeric.add %arg0, %0 : index
      return %1 : index
    }
    ");
}

#[test]
fn multiplication_by_one_and_zero() {
    let source = "
func.func @f(%i: si32) -> si32 {
  %c1 = numeric.constant 1 : si32
  %c0 = numeric.constant 0 : si32
  %0 = numeric.mul %i, %c1 : si32
  %1 = numeric.mul %0, %c0 : si32
  %2 = numeric.or %0, %1 : si32
  return %2 : si32
}";
    assert_snapshot!(canonicalized(source), @"
    func.func @f(%arg0: si32) -> si32 {
      return %arg0 : si32
    }
    ");
}

#[test]
fn float_identities_keep_the_sign_of_zero() {
    let source = "
func.func @f(%x: f64) -> f64 {
  %c0 = numeric.constant 0.0 : f64
  %c1 = numeric.constant 1.0 : f64
  %0 = numeric.sub %x, %c0 : f64
  %1 = numeric.mul %0, %c1 : f64
  %2 = numeric.add %1, %c0 : f64
  return %2 : f64
}";
    assert_snapshot!(canonicalized(source), @"
    func.func @f(%arg0: f64) -> f64 {
      %0 = numeric.constant 0.0 : f64
      %1 = numeric.add %arg0, %0 : f64
      return %1 : f64
    }
    ");
}

#[test]
fn square_of_integers() {
    let source = "
func.func @f(%i: !numeric.int) -> !numeric.int {
  %c2 = numeric.constant 2 : !numeric.int
  %0 = numeric.pow %i, %c2 : !numeric.int
  return %0 : !numeric.int
}";
    assert_snapshot!(canonicalized(source), @"
    func.func @f(%arg0: !numeric.int) -> !numeric.int {
      %0 = numeric.mul %arg0, %arg0 : !numeric.int
      return %0 : !numeric.int
    }
    ");
}

#[test]
fn constants_of_comparisons_go_right() {
    let source = "
func.func @f(%i: si64) -> i1 {
  %c1 = numeric.constant 1 : si64
  %0 = numeric.cmp lt, %c1, %i : si64
  return %0 : i1
}";
    assert_snapshot!(canonicalized(source), @"
    func.func @f(%arg0: si64) -> i1 {
      %0 = numeric.constant 1 : si64
      %1 = numeric.cmp gt, %arg0, %0 : si64
      return %1 : i1
    }
    ");
}

#[test]
fn negated_comparison_of_integers() {
    let source = "
func.func @f(%i: si64, %i2: si64) -> i1 {
  %0 = numeric.cmp lt, %i, %i2 : si64
  %1 = numeric.invert %0 : i1
  return %1 : i1
}";
    assert_snapshot!(canonicalized(source), @"
    func.func @f(%arg0: si64, %arg1: si64) -> i1 {
      %0 = numeric.cmp ge, %arg0, %arg1 : si64
      return %0 : i1
    }
    ");
}

#[test]
fn negated_comparison_of_floats_stays() {
    let source = "
func.func @f(%x: f64, %x2: f64) -> i1 {
  %0 = numeric.cmp lt, %x, %x2 : f64
  %1 = numeric.invert %0 : i1
  return %1 : i1
}";
    assert_snapshot!(canonicalized(source), @"
    func.func @f(%arg0: f64, %arg1: f64) -> i1 {
      %0 = numeric.cmp lt, %arg0, %arg1 : f64
      %1 = numeric.invert %0 : i1
      return %1 : i1
    }
    ");
}

#[test]
fn booleans_compared_with_constants() {
    let source = "
func.func @f(%b: i1) -> i1 {
  %t = numeric.constant true : i1
  %f = numeric.constant false : i1
  %0 = numeric.cmp eq, %b, %t : i1
  %1 = numeric.cmp eq, %0, %f : i1
  return %1 : i1
}";
    assert_snapshot!(canonicalized(source), @"
    func.func @f(%arg0: i1) -> i1 {
      %0 = numeric.invert %arg0 : i1
      return %0 : i1
    }
    ");
}

#[test]
fn choice_by_a_negation() {
    let source = "
func.func @f(%b: i1, %x: f64, %y: f64) -> f64 {
  %0 = numeric.invert %b : i1
  %1 = numeric.select %0, %x, %y : f64
  return %1 : f64
}";
    assert_snapshot!(canonicalized(source), @"
    func.func @f(%arg0: i1, %arg1: f64, %arg2: f64) -> f64 {
      %0 = numeric.select %arg0, %arg2, %arg1 : f64
      return %0 : f64
    }
    ");
}

#[test]
fn choice_of_truth_values() {
    let source = "
func.func @f(%b: i1) -> i1 {
  %t = numeric.constant true : i1
  %f = numeric.constant false : i1
  %0 = numeric.select %b, %f, %t : i1
  return %0 : i1
}";
    assert_snapshot!(canonicalized(source), @"
    func.func @f(%arg0: i1) -> i1 {
      %0 = numeric.invert %arg0 : i1
      return %0 : i1
    }
    ");
}

#[test]
fn cast_there_and_back() {
    let source = "
func.func @f(%i: si64) -> si64 {
  %0 = numeric.cast %i : si64 to !numeric.int
  %1 = numeric.cast %0 : !numeric.int to si64
  return %1 : si64
}";
    assert_snapshot!(canonicalized(source), @"
    func.func @f(%arg0: si64) -> si64 {
      return %arg0 : si64
    }
    ");
}

#[test]
fn cast_through_a_wider_type() {
    let source = "
func.func @f(%i: ui8) -> f64 {
  %0 = numeric.cast %i : ui8 to si32
  %1 = numeric.cast %0 : si32 to f64
  return %1 : f64
}";
    assert_snapshot!(canonicalized(source), @"
    func.func @f(%arg0: ui8) -> f64 {
      %0 = numeric.cast %arg0 : ui8 to f64
      return %0 : f64
    }
    ");
}

#[test]
fn cast_through_a_narrower_type_stays() {
    let source = "
func.func @f(%i: si64) -> si64 {
  %0 = numeric.cast %i : si64 to si32
  %1 = numeric.cast %0 : si32 to si64
  return %1 : si64
}";
    assert_snapshot!(canonicalized(source), @"
    func.func @f(%arg0: si64) -> si64 {
      %0 = numeric.cast %arg0 : si64 to si32
      %1 = numeric.cast %0 : si32 to si64
      return %1 : si64
    }
    ");
}

#[test]
fn cast_through_a_boolean_stays() {
    let source = "
func.func @f(%i: si64) -> si64 {
  %0 = numeric.cast %i : si64 to i1
  %1 = numeric.cast %0 : i1 to si64
  return %1 : si64
}";
    assert_snapshot!(canonicalized(source), @"
    func.func @f(%arg0: si64) -> si64 {
      %0 = numeric.cast %arg0 : si64 to i1
      %1 = numeric.cast %0 : i1 to si64
      return %1 : si64
    }
    ");
}

#[test]
fn narrowing_step_by_step() {
    let source = "
func.func @f(%i: si64) -> ui8 {
  %0 = numeric.cast %i : si64 to ui32
  %1 = numeric.cast %0 : ui32 to ui8
  return %1 : ui8
}";
    assert_snapshot!(canonicalized(source), @"
    func.func @f(%arg0: si64) -> ui8 {
      %0 = numeric.cast %arg0 : si64 to ui8
      return %0 : ui8
    }
    ");
}

#[test]
fn parts_of_a_complex_number() {
    let source = "
func.func @f(%x: f64, %y: f64) -> complex<f64> {
  %0 = numeric.complex %x, %y : f64
  %1 = numeric.real %0 : complex<f64>
  %2 = numeric.imag %0 : complex<f64>
  %3 = numeric.complex %2, %1 : f64
  return %3 : complex<f64>
}";
    assert_snapshot!(canonicalized(source), @"
    func.func @f(%arg0: f64, %arg1: f64) -> complex<f64> {
      %0 = numeric.complex %arg1, %arg0 : f64
      return %0 : complex<f64>
    }
    ");
}

#[test]
fn decided_checks() {
    let source = r#"
func.func @f(%x: f64) {
  %t = numeric.constant true : i1
  %f = numeric.constant false : i1
  numeric.check %t, "ValueError", "never"
  numeric.check %f, "ValueError", "{} always"(%x : f64)
  return
}"#;
    assert_snapshot!(canonicalized(source), @r#"
    func.func @f(%arg0: f64) {
      numeric.raise "ValueError", "{} always"(%arg0 : f64)
      return
    }
    "#);
}

#[test]
fn indices_inside_go_unchecked() {
    let source = "
func.func @f() -> index {
  %n = numeric.constant 5 : index
  %a = numeric.alloc(%n) : !numeric.array<1xf64, C>
  %m = numeric.dim %a, 0 : !numeric.array<1xf64, C>
  %i = numeric.constant -1 : index
  %j = numeric.constant 5 : index
  numeric.check_index %i, %m axis 0
  numeric.check_index %j, %m axis 0
  %w = numeric.wrap_index %i, %m
  return %w : index
}";
    assert_snapshot!(canonicalized(source), @"
    func.func @f() -> index {
      %0 = numeric.constant 4 : index
      %1 = numeric.constant 5 : index
      numeric.check_index %1, %1 axis 0
      return %0 : index
    }
    ");
}

#[test]
fn extents_of_views() {
    let source = "
func.func @f(%a: !numeric.array<2xf64, C>, %i: index, %n: index) -> (index, index, index) {
  %c1 = numeric.constant 1 : index
  %v = numeric.view %a starts(%i, %i) sizes(%n, %c1) steps(%c1, %c1) axes [0, -1] : !numeric.array<2xf64, C> -> !numeric.array<2xf64, A>
  %0 = numeric.dim %v, 0 : !numeric.array<2xf64, A>
  %1 = numeric.dim %v, 1 : !numeric.array<2xf64, A>
  %2 = numeric.stride %a, 1 : !numeric.array<2xf64, C>
  return %0, %1, %2 : index, index, index
}";
    assert_snapshot!(canonicalized(source), @"
    func.func @f(%arg0: !numeric.array<2xf64, C>, %arg1: index, %arg2: index) -> (index, index, index) {
      %0 = numeric.constant 1 : index
      return %arg2, %0, %0 : index, index, index
    }
    ");
}

#[test]
fn extents_of_a_map() {
    let source = "
func.func @f(%a: !numeric.array<1xf64, C>, %k: f64) -> index {
  %m = numeric.map ins(%x = %a : !numeric.array<1xf64, C>, %y = %k : f64) -> !numeric.array<1xf64, C> {
    %0 = numeric.add %x, %y : f64
    numeric.yield %0 : f64
  }
  %n = numeric.dim %m, 0 : !numeric.array<1xf64, C>
  return %n : index
}";
    assert_snapshot!(canonicalized(source), @"
    func.func @f(%arg0: !numeric.array<1xf64, C>, %arg1: f64) -> index {
      %0 = numeric.dim %arg0, 0 : !numeric.array<1xf64, C>
      return %0 : index
    }
    ");
}

#[test]
fn view_of_the_whole() {
    let source = "
func.func @f(%a: !numeric.array<1xf64, A>) -> !numeric.array<1xf64, A> {
  %c0 = numeric.constant 0 : index
  %c1 = numeric.constant 1 : index
  %n = numeric.dim %a, 0 : !numeric.array<1xf64, A>
  %v = numeric.view %a starts(%c0) sizes(%n) steps(%c1) axes [0] : !numeric.array<1xf64, A> -> !numeric.array<1xf64, A>
  return %v : !numeric.array<1xf64, A>
}";
    assert_snapshot!(canonicalized(source), @"
    func.func @f(%arg0: !numeric.array<1xf64, A>) -> !numeric.array<1xf64, A> {
      return %arg0 : !numeric.array<1xf64, A>
    }
    ");
}

#[test]
fn view_of_a_view() {
    let source = "
func.func @f(%a: !numeric.array<2xf64, C>, %n: index) -> !numeric.array<1xf64, A> {
  %c0 = numeric.constant 0 : index
  %c1 = numeric.constant 1 : index
  %c2 = numeric.constant 2 : index
  %v = numeric.view %a starts(%c1, %c2) sizes(%n, %n) steps(%c2, %c1) axes [1, -1, 0] : !numeric.array<2xf64, C> -> !numeric.array<3xf64, A>
  %w = numeric.view %v starts(%c1, %c0, %c1) sizes(%n, %c1, %n) steps(%c2, %c1, %c2) axes [2] : !numeric.array<3xf64, A> -> !numeric.array<1xf64, A>
  return %w : !numeric.array<1xf64, A>
}";
    assert_snapshot!(canonicalized(source), @"
    func.func @f(%arg0: !numeric.array<2xf64, C>, %arg1: index) -> !numeric.array<1xf64, A> {
      %0 = numeric.constant 3 : index
      %1 = numeric.constant 2 : index
      %2 = numeric.constant 4 : index
      %3 = numeric.view %arg0 starts(%0, %0) sizes(%arg1, %arg1) steps(%2, %1) axes [0] : !numeric.array<2xf64, C> -> !numeric.array<1xf64, A>
      return %3 : !numeric.array<1xf64, A>
    }
    ");
}

#[test]
fn reshape_of_a_reshape() {
    let source = "
func.func @f(%a: !numeric.array<2xf64, C>, %n: index) -> !numeric.array<2xf64, C> {
  %v = numeric.reshape %a(%n) : !numeric.array<2xf64, C> -> !numeric.array<1xf64, C>
  %w = numeric.reshape %v(%n, %n) : !numeric.array<1xf64, C> -> !numeric.array<2xf64, C>
  return %w : !numeric.array<2xf64, C>
}";
    assert_snapshot!(canonicalized(source), @"
    func.func @f(%arg0: !numeric.array<2xf64, C>, %arg1: index) -> !numeric.array<2xf64, C> {
      %0 = numeric.reshape %arg0(%arg1, %arg1) : !numeric.array<2xf64, C> -> !numeric.array<2xf64, C>
      return %0 : !numeric.array<2xf64, C>
    }
    ");
}

#[test]
fn inputs_of_a_map_that_can_go() {
    let source = "
func.func @f(%a: !numeric.array<1xf64, C>, %k: f64) -> !numeric.array<1xf64, C> {
  %c2 = numeric.constant 2.0 : f64
  %m = numeric.map ins(%x = %a : !numeric.array<1xf64, C>, %u = %k : f64, %y = %a : !numeric.array<1xf64, C>, %z = %c2 : f64) -> !numeric.array<1xf64, C> {
    %0 = numeric.add %x, %y : f64
    %1 = numeric.mul %0, %z : f64
    numeric.yield %1 : f64
  }
  return %m : !numeric.array<1xf64, C>
}";
    assert_snapshot!(canonicalized(source), @"
    func.func @f(%arg0: !numeric.array<1xf64, C>, %arg1: f64) -> !numeric.array<1xf64, C> {
      %0 = numeric.map ins(%arg2 = %arg0 : !numeric.array<1xf64, C>) -> !numeric.array<1xf64, C> {
        %1 = numeric.constant 2.0 : f64
        %2 = numeric.add %arg2, %arg2 : f64
        %3 = numeric.mul %2, %1 : f64
        numeric.yield %3 : f64
      }
      return %0 : !numeric.array<1xf64, C>
    }
    ");
}

/// Constants and unused scalars that are there twice: what takes the place of the second is not what went with the first.
#[test]
fn inputs_that_go_twice() {
    let source = "
func.func @f(%a: !numeric.array<1xf64, C>, %k: f64) -> !numeric.array<1xf64, C> {
  %c2 = numeric.constant 2.0 : f64
  %m = numeric.map ins(%x = %a : !numeric.array<1xf64, C>, %u = %k : f64, %v = %k : f64, %y = %c2 : f64, %z = %c2 : f64) -> !numeric.array<1xf64, C> {
    %0 = numeric.add %x, %y : f64
    %1 = numeric.mul %0, %z : f64
    %2 = numeric.sub %1, %v : f64
    numeric.yield %2 : f64
  }
  return %m : !numeric.array<1xf64, C>
}";
    assert_snapshot!(canonicalized(source), @"
    func.func @f(%arg0: !numeric.array<1xf64, C>, %arg1: f64) -> !numeric.array<1xf64, C> {
      %0 = numeric.map ins(%arg2 = %arg0 : !numeric.array<1xf64, C>, %arg3 = %arg1 : f64) -> !numeric.array<1xf64, C> {
        %1 = numeric.constant 2.0 : f64
        %2 = numeric.add %arg2, %1 : f64
        %3 = numeric.mul %2, %1 : f64
        %4 = numeric.sub %3, %arg3 : f64
        numeric.yield %4 : f64
      }
      return %0 : !numeric.array<1xf64, C>
    }
    ");
}

#[test]
fn array_input_that_is_not_read_stays() {
    let source = "
func.func @f(%a: !numeric.array<1xf64, C>, %d: !numeric.array<1xf64, C>, %k: f64) {
  numeric.assign %d ins(%x = %a : !numeric.array<1xf64, C>, %y = %k : f64) : !numeric.array<1xf64, C> {
    numeric.yield %y : f64
  }
  return
}";
    assert_snapshot!(canonicalized(source), @"
    func.func @f(%arg0: !numeric.array<1xf64, C>, %arg1: !numeric.array<1xf64, C>, %arg2: f64) {
      numeric.assign %arg1 ins(%arg3 = %arg0 : !numeric.array<1xf64, C>, %arg4 = %arg2 : f64) : !numeric.array<1xf64, C> {
        numeric.yield %arg4 : f64
      }
      return
    }
    ");
}
