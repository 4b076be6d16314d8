//! Every verifier error, as a person reads it.

use crate::support::{context, parse};
use insta::assert_snapshot;

/// What is said of a function with these lines, in which values of some types are at hand.
fn error(lines: &str) -> String {
    let source = format!(
        "func.func @f(%b: i1, %i: si64, %x: f64, %h: f16, %z: complex<f64>, %n: index, %foreign: i64,
            %a: !numeric.array<2xf64, C>, %v: !numeric.array<1xf64, A>) {{\n{lines}\nreturn\n}}"
    );
    let context = context();
    let said = parse(&context, &source).err().unwrap_or("nothing\n".to_owned());
    said.trim_end().to_owned()
}

#[test]
fn constant_out_of_range() {
    let said = error("%0 = numeric.constant 300 : ui8");
    assert_snapshot!(said, @"'numeric.constant' op value 300 does not fit 'ui8'");
}

#[test]
fn constant_of_wrong_kind() {
    let said = error("%0 = numeric.constant 1.0 : si64");
    assert_snapshot!(said, @"'numeric.constant' op of type 'si64' needs an i64 integer as its value, not 1.000000e+00 : f64");
}

#[test]
fn constant_float_from_integer() {
    let said = error("%0 = numeric.constant 1 : f64");
    assert_snapshot!(said, @"'numeric.constant' op of type 'f64' needs an f64 number as its value, not 1 : i64");
}

#[test]
fn constant_complex_from_float() {
    let said = error("%0 = numeric.constant 1.0 : complex<f64>");
    assert_snapshot!(said, @"'numeric.constant' op of type 'complex<f64>' needs two f64 numbers, the real and the imaginary part, as its value, not 1.000000e+00 : f64");
}

#[test]
fn constant_too_wide() {
    let said = error("%0 = numeric.constant 36893488147419103232 : si64");
    assert_snapshot!(said, @"custom op 'numeric.constant' the constant does not fit 64 bits");
}

#[test]
fn constant_above_the_signed_range() {
    let said = error("%0 = numeric.constant 9223372036854775808 : si64");
    assert_snapshot!(said, @"custom op 'numeric.constant' the constant does not fit 'si64'");
}

#[test]
fn constant_of_array() {
    let said = error("%0 = numeric.constant 1 : !numeric.array<1xf64, C>");
    assert_snapshot!(said, @"'numeric.constant' op result #0 must be a scalar (i1, an integer, a float, a complex number, index), but got '!numeric.array<1xf64, C>'");
}

#[test]
fn signless_integers_are_foreign() {
    let said = error("%0 = numeric.add %foreign, %foreign : i64");
    assert_snapshot!(said, @"'numeric.add' op operand #0 must be an integer, an index, a float or a complex number, but got 'i64'");
}

#[test]
fn no_arithmetic_on_booleans() {
    let said = error("%0 = numeric.add %b, %b : i1");
    assert_snapshot!(said, @"'numeric.add' op operand #0 must be an integer, an index, a float or a complex number, but got 'i1'");
}

#[test]
fn operands_of_one_type() {
    let said = error(r#"%0 = "numeric.add"(%x, %i) : (f64, si64) -> f64"#);
    assert_snapshot!(said, @"'numeric.add' op requires the same type for all operands and results");
}

#[test]
fn true_quotient_of_integers() {
    let said = error("%0 = numeric.truediv %i, %i : si64");
    assert_snapshot!(said, @"'numeric.truediv' op operand #0 must be a float or a complex number, but got 'si64'");
}

#[test]
fn no_order_of_complex_numbers() {
    let said = error("%0 = numeric.cmp lt, %z, %z : complex<f64>");
    assert_snapshot!(said, @"'numeric.cmp' op cannot order complex numbers by `lt`: they can only be compared for eq and ne");
}

#[test]
fn unknown_predicate() {
    let said = error("%0 = numeric.cmp slt, %i, %i : si64");
    assert_snapshot!(said, @"'numeric.cmp' op attribute 'predicate' failed to satisfy constraint: one of the strings eq, ne, lt, le, gt, ge");
}

#[test]
fn no_extremum_of_complex_numbers() {
    let said = error("%0 = numeric.minimum %z, %z : complex<f64>");
    assert_snapshot!(said, @"'numeric.minimum' op operand #0 must be a boolean, an integer, an index or a float, but got 'complex<f64>'");
}

#[test]
fn bitcast_of_other_width() {
    let said = error("%0 = numeric.bitcast %x : f64 to si32");
    assert_snapshot!(said, @"'numeric.bitcast' op needs types of one width, but 'f64' has 64 bits and 'si32' has 32");
}

#[test]
fn complex_of_halves() {
    let said = error("%0 = numeric.complex %h, %h : f16");
    assert_snapshot!(said, @"custom op 'numeric.complex' 're' must be a part of a complex number (f32, f64, !numeric.float), but got 'f16'");
}

#[test]
fn unknown_function() {
    let said = error("%0 = numeric.libm sine(%x) : f64");
    assert_snapshot!(said, @"'numeric.libm' op knows no function `sine` in the C math library that takes and gives floats");
}

#[test]
fn arity_of_a_function() {
    let said = error("%0 = numeric.libm atan2(%x) : f64");
    assert_snapshot!(said, @"'numeric.libm' op `atan2` takes 2 operands, not 1");
}

#[test]
fn function_without_operands() {
    let said = error("%0 = numeric.libm sin() : f64");
    assert_snapshot!(said, @"'numeric.libm' op expected 1 or more operands, but found 0");
}

#[test]
fn unknown_class() {
    let said = error("%0 = numeric.classify isreal %x : f64");
    assert_snapshot!(said, @"'numeric.classify' op attribute 'kind' failed to satisfy constraint: one of the strings isnan, isinf, isfinite, signbit");
}

#[test]
fn message_with_too_few_places() {
    let said = error(r#"numeric.check %b, "ValueError", "{} of"(%x, %x : f64, f64)"#);
    assert_snapshot!(said, @r#"'numeric.check' op has 2 operands to show, but its message has 1 place `{}`: "{} of""#);
}

#[test]
fn random_numbers() {
    let said = error(r#"numeric.random "dice" of "numpy""#);
    assert_snapshot!(said, @r#"'numeric.random' op knows no kind "dice""#);
    let said = error(r#"numeric.random "seed" of "numpy""#);
    assert_snapshot!(said, @"'numeric.random' op takes 1 operand as seed, but has 0");
    let said = error(r#"%r = numeric.random "bits" of "pascal" : index"#);
    assert_snapshot!(said, @r#"'numeric.random' op knows the generators "numpy" and "python", not "pascal""#);
    let said = error(r#"%r = numeric.random "bits" of "numpy" : f64"#);
    assert_snapshot!(said, @"'numeric.random' op as bits gives index");
}

#[test]
fn foreign() {
    let said = error(r#"numeric.call_foreign "f" at 0(%x) : (f64) -> ()"#);
    assert_snapshot!(said, @"'numeric.call_foreign' op calls no function: its address is 0");
    let said = error(r#"%r = numeric.call_foreign "f" at 64() : () -> complex<f64>"#);
    assert_snapshot!(said, @"'numeric.call_foreign' op has no way to take 'complex<f64>' from C");
    let said = error("%r = numeric.address %a : !numeric.array<2xf64, C> -> si64");
    assert_snapshot!(said, @"'numeric.address' op has an address of type ui64, not 'si64'");
    let said = error("%p = numeric.constant 64 : ui64 %r = numeric.array_at %p() : ui64 -> !numeric.array<1xf64, C>");
    assert_snapshot!(said, @"'numeric.array_at' op needs one extent per axis of '!numeric.array<1xf64, C>', that is 1, but has 0");
    let said = error("%p = numeric.constant 64 : ui64 %r = numeric.array_at %p(%n) : ui64 -> !numeric.array<1xf64, A>");
    assert_snapshot!(said, @"'numeric.array_at' op gives arrays of layout C or F, not '!numeric.array<1xf64, A>'");
}

#[test]
fn threads() {
    let said = error(r#"%r = numeric.threads "colour""#);
    assert_snapshot!(said, @r#"'numeric.threads' op knows no kind "colour""#);
    let said = error(r#"%r = numeric.threads "set_count""#);
    assert_snapshot!(said, @"'numeric.threads' op as set_count takes what to set");
}

#[test]
fn exception_without_class() {
    let said = error(r#"numeric.raise "", "text""#);
    assert_snapshot!(said, @"'numeric.raise' op needs the name of an exception class as its `kind`");
}

#[test]
fn array_in_a_message() {
    let said = error(r#"numeric.raise "ValueError", "{}"(%a : !numeric.array<2xf64, C>)"#);
    assert_snapshot!(said, @"'numeric.raise' op operand #0 must be variadic of a scalar (i1, an integer, a float, a complex number, index), but got '!numeric.array<2xf64, C>'");
}

#[test]
fn alloc_of_any_layout() {
    let said = error("%0 = numeric.alloc(%n) : !numeric.array<1xf64, A>");
    assert_snapshot!(said, @"'numeric.alloc' op makes arrays of layout C or F, not '!numeric.array<1xf64, A>'");
}

#[test]
fn alloc_of_wrong_rank() {
    let said = error("%0 = numeric.alloc(%n) : !numeric.array<2xf64, C>");
    assert_snapshot!(said, @"'numeric.alloc' op needs one extent per axis of '!numeric.array<2xf64, C>', that is 2, but has 1");
}

#[test]
fn axis_that_is_not_there() {
    let said = error("%0 = numeric.dim %a, 2 : !numeric.array<2xf64, C>");
    assert_snapshot!(said, @"'numeric.dim' op axis 2 does not exist in '!numeric.array<2xf64, C>', which has rank 2");
}

#[test]
fn negative_axis() {
    let said = error("%0 = numeric.dim %a, -1 : !numeric.array<2xf64, C>");
    assert_snapshot!(said, @"'numeric.dim' op attribute 'axis' failed to satisfy constraint: 64-bit signless integer attribute whose value is non-negative");
}

#[test]
fn too_few_indices() {
    let said = error("%0 = numeric.load %a[%n] : !numeric.array<2xf64, C>");
    assert_snapshot!(said, @"'numeric.load' op needs one index per axis of '!numeric.array<2xf64, C>', that is 2, but has 1");
}

#[test]
fn store_of_another_type() {
    let said = error(r#""numeric.store"(%i, %a, %n, %n) : (si64, !numeric.array<2xf64, C>, index, index) -> ()"#);
    assert_snapshot!(said, @"'numeric.store' op failed to verify that the value is an element of the array");
}

#[test]
fn view_with_too_few_starts() {
    let said = error(
        "%0 = numeric.view %a starts(%n) sizes(%n) steps(%n) axes [0] : !numeric.array<2xf64, C> -> !numeric.array<1xf64, A>",
    );
    assert_snapshot!(said, @"'numeric.view' op needs one start, one size and one step per axis of '!numeric.array<2xf64, C>', that is 6 operands after the source, but has 3");
}

#[test]
fn view_with_an_operand_too_many() {
    let said = error(
        r#"%s = numeric.undef : !numeric.array<0xf64, C>
           %0 = "numeric.view"(%s, %n) {axes = array<i64>} : (!numeric.array<0xf64, C>, index) -> !numeric.array<0xf64, C>"#,
    );
    assert_snapshot!(said, @"'numeric.view' op needs one start, one size and one step per axis of '!numeric.array<0xf64, C>', that is 0 operands after the source, but has 1");
}

#[test]
fn view_with_too_few_axes() {
    let said = error(
        "%0 = numeric.view %a starts(%n, %n) sizes(%n, %n) steps(%n, %n) axes [0] : !numeric.array<2xf64, C> -> !numeric.array<2xf64, A>",
    );
    assert_snapshot!(said, @"'numeric.view' op needs one entry of `axes` per axis of its result '!numeric.array<2xf64, A>', that is 2, but has 1");
}

#[test]
fn view_of_a_missing_axis() {
    let said = error(
        "%0 = numeric.view %a starts(%n, %n) sizes(%n, %n) steps(%n, %n) axes [2] : !numeric.array<2xf64, C> -> !numeric.array<1xf64, A>",
    );
    assert_snapshot!(said, @"'numeric.view' op `axes` names axis 2, but the source '!numeric.array<2xf64, C>' has rank 2 (-1 makes a new axis)");
}

#[test]
fn view_of_an_axis_twice() {
    let said = error(
        "%0 = numeric.view %a starts(%n, %n) sizes(%n, %n) steps(%n, %n) axes [1, 1] : !numeric.array<2xf64, C> -> !numeric.array<2xf64, A>",
    );
    assert_snapshot!(said, @"'numeric.view' op `axes` names axis 1 of the source twice");
}

#[test]
fn view_as_other_elements() {
    let said = error(
        "%0 = numeric.view %a starts(%n, %n) sizes(%n, %n) steps(%n, %n) axes [0] : !numeric.array<2xf64, C> -> !numeric.array<1xf32, A>",
    );
    assert_snapshot!(said, @"'numeric.view' op cannot change the element type from 'f64' to 'f32'");
}

#[test]
fn reinterpret_with_a_stride_too_few() {
    let said = error(
        r#"%0 = "numeric.reinterpret"(%a, %n, %n) : (!numeric.array<2xf64, C>, index, index) -> !numeric.array<1xf32, A>"#,
    );
    assert_snapshot!(said, @"'numeric.reinterpret' op needs one size and one stride per axis of its result '!numeric.array<1xf32, A>', that is 2 operands after the offset, but has 1");
}

#[test]
fn reshape_of_any_layout() {
    let said = error("%0 = numeric.reshape %v(%n) : !numeric.array<1xf64, A> -> !numeric.array<1xf64, C>");
    assert_snapshot!(said, @"'numeric.reshape' op works on arrays of layout C, not on '!numeric.array<1xf64, A>'; copy it with numeric.map first");
}

#[test]
fn reshape_to_wrong_rank() {
    let said = error("%0 = numeric.reshape %a(%n) : !numeric.array<2xf64, C> -> !numeric.array<2xf64, C>");
    assert_snapshot!(said, @"'numeric.reshape' op needs one extent per axis of '!numeric.array<2xf64, C>', that is 2, but has 1");
}

#[test]
fn map_into_any_layout() {
    let said = error(
        "%0 = numeric.map ins(%e = %v : !numeric.array<1xf64, A>) -> !numeric.array<1xf64, A> {
           numeric.yield %e : f64
         }",
    );
    assert_snapshot!(said, @"'numeric.map' op makes arrays of layout C or F, not '!numeric.array<1xf64, A>'");
}

#[test]
fn map_into_wrong_rank() {
    let said = error(
        "%0 = numeric.map ins(%e = %a : !numeric.array<2xf64, C>) -> !numeric.array<1xf64, C> {
           numeric.yield %e : f64
         }",
    );
    assert_snapshot!(said, @"'numeric.map' op broadcasts its inputs to rank 2, but its result is '!numeric.array<1xf64, C>'");
}

#[test]
fn map_that_yields_another_type() {
    let said = error(
        "%0 = numeric.map ins(%e = %a : !numeric.array<2xf64, C>) -> !numeric.array<2xf32, C> {
           numeric.yield %e : f64
         }",
    );
    assert_snapshot!(said, @"'numeric.map' op makes elements of type 'f32', but its body yields 'f64'");
}

#[test]
fn map_with_side_effects() {
    let said = error(
        r#"%0 = numeric.map ins(%e = %a : !numeric.array<2xf64, C>) -> !numeric.array<2xf64, C> {
  numeric.print_text "no"
  numeric.yield %e : f64
}"#,
    );
    assert_snapshot!(said, @"
    'numeric.map' op body may hold pure scalar operations of the numeric dialect alone
      note: `numeric.print_text` is none
    ");
}

#[test]
fn map_that_captures() {
    let said = error(
        "%0 = numeric.map ins(%e = %a : !numeric.array<2xf64, C>) -> !numeric.array<2xf64, C> {
           %1 = numeric.add %e, %x : f64
           numeric.yield %1 : f64
         }",
    );
    assert_snapshot!(said, @"
    'numeric.add' op using value defined outside the region
      note: required by region isolation constraints
    ");
}

#[test]
fn map_without_an_element() {
    let said = error(
        "%0 = numeric.map ins(%e = %a : !numeric.array<2xf64, C>) -> !numeric.array<2xf64, C> {
           numeric.yield
         }",
    );
    assert_snapshot!(said, @"'numeric.map' op body must yield one value, the element, not 0");
}

#[test]
fn map_without_a_body() {
    let said = error("%0 = numeric.map ins(%e = %a : !numeric.array<2xf64, C>) -> !numeric.array<2xf64, C> {\n}");
    assert_snapshot!(said, @"'numeric.map' op expects a non-empty block");
}

#[test]
fn body_with_other_arguments() {
    let said = error(
        r#"%0 = "numeric.map"(%a) ({
^bb0(%e: f32):
  numeric.yield %e : f32
}) : (!numeric.array<2xf64, C>) -> !numeric.array<2xf32, C>"#,
    );
    assert_snapshot!(said, @"'numeric.map' op input 0 is '!numeric.array<2xf64, C>', so the body's argument 0 must be 'f64', not 'f32'");
}

#[test]
fn body_with_too_few_arguments() {
    let said = error(
        r#""numeric.assign"(%a, %x, %x) ({
^bb0(%e: f64):
  numeric.yield %e : f64
}) : (!numeric.array<2xf64, C>, f64, f64) -> ()"#,
    );
    assert_snapshot!(said, @"'numeric.assign' op has 2 inputs, but its body takes 1 argument");
}

#[test]
fn assign_of_more_axes() {
    let said = error(
        "numeric.assign %v ins(%e = %a : !numeric.array<2xf64, C>) : !numeric.array<1xf64, A> {
           numeric.yield %e : f64
         }",
    );
    assert_snapshot!(said, @"'numeric.assign' op cannot broadcast an input of type '!numeric.array<2xf64, C>' to the destination '!numeric.array<1xf64, A>', which has fewer axes");
}

#[test]
fn assign_of_another_type() {
    let said = error(
        "numeric.assign %a ins(%e = %i : si64) : !numeric.array<2xf64, C> {
           numeric.yield %e : si64
         }",
    );
    assert_snapshot!(said, @"'numeric.assign' op makes elements of type 'f64', but its body yields 'si64'");
}

#[test]
fn bits_of_floats_reduced() {
    let said = error("%0 = numeric.reduce xor %a : !numeric.array<2xf64, C>");
    assert_snapshot!(said, @"'numeric.reduce' op cannot reduce 'f64' by `xor`");
}

#[test]
fn unknown_reduction() {
    let said = error("%0 = numeric.reduce mean %a : !numeric.array<2xf64, C>");
    assert_snapshot!(said, @"'numeric.reduce' op attribute 'kind' failed to satisfy constraint: one of the strings add, mul, min, max, and, or, xor");
}

#[test]
fn parallel_that_yields_too_little() {
    let said = error(
        "%0 = numeric.parallel %k in %n reduce(add %s = %x : f64) {
         }",
    );
    assert_snapshot!(said, @"'numeric.parallel' op body must yield one value per reduction, of the accumulator's type");
}

#[test]
fn parallel_minimum_of_complex() {
    let said = error(
        "%0 = numeric.parallel %k in %n reduce(min %s = %z : complex<f64>) {
           numeric.yield %s : complex<f64>
         }",
    );
    assert_snapshot!(said, @"'numeric.parallel' op cannot reduce 'complex<f64>' by `min`");
}

#[test]
fn parallel_without_index() {
    let said = error(
        r#""numeric.parallel"(%n) <{kinds = []}> ({
  numeric.yield
}) : (index) -> ()"#,
    );
    assert_snapshot!(said, @"'numeric.parallel' op body must take the index and then one accumulator per reduction, of its type");
}

#[test]
fn yield_outside() {
    let said = error("numeric.yield %x : f64");
    assert_snapshot!(said, @"'numeric.yield' op expects parent op to be one of 'numeric.map, numeric.assign, numeric.map_reduce, numeric.reduce_axes, numeric.parallel'");
}

#[test]
fn array_of_indices() {
    let said = error("%0 = numeric.undef : !numeric.array<1xindex, C>");
    assert_snapshot!(said, @"'index' cannot be the element type of an array: use i1, si8..si64, ui8..ui64, f16, f32, f64, complex<f32>, complex<f64>, !numeric.int, !numeric.float or !numeric.complex");
}

#[test]
fn array_of_unknown_layout() {
    let said = error("%0 = numeric.undef : !numeric.array<1xf64, K>");
    assert_snapshot!(said, @"`K` is no layout: expected C (row-major), F (column-major) or A (any)");
}

#[test]
fn array_of_too_many_axes() {
    let said = error("%0 = numeric.undef : !numeric.array<65xf64, C>");
    assert_snapshot!(said, @"an array has at most 64 axes, not 65");
}

#[test]
fn array_without_rank() {
    let said = error("%0 = numeric.undef : !numeric.array<f64, C>");
    assert_snapshot!(said, @"expected one number, the rank, and `x` before the element type, as in !numeric.array<2xf64, C>");
}

#[test]
fn entry_not_on_a_function() {
    let said = error("%0 = numeric.undef {numeric.entry} : f64");
    assert_snapshot!(said, @"`numeric.entry` belongs on a function");
}

#[test]
fn unknown_attribute_of_the_dialect() {
    let said = error("%0 = numeric.undef {numeric.fast} : f64");
    assert_snapshot!(said, @"`numeric.fast` is no attribute that the numeric dialect knows: expected `numeric.entry`, `numeric.python_name` or `numeric.host`");
}

#[test]
fn style_of_printing() {
    let said = error("numeric.print_value long %x : f64");
    assert_snapshot!(said, @"'numeric.print_value' op attribute 'style' failed to satisfy constraint: one of the strings str, repr");
}

#[test]
fn entry_with_a_value() {
    let source = "func.func @f() attributes {numeric.entry = 1} {\n  return\n}";
    assert_snapshot!(parse(&context(), source).err().unwrap_or_default().trim_end(), @"`numeric.entry` takes no value");
}

#[test]
fn functions_of_the_host() {
    let said = |source: &str| parse(&context(), source).err().unwrap_or_default().trim_end().to_owned();
    let bodied = "func.func @f() -> i64 attributes {numeric.host = 1 : i64} {\n  %0 = arith.constant 0 : i64\n  return %0 : i64\n}";
    assert_snapshot!(said(bodied), @"a function of the host has no body");
    let other = "func.func private @f() -> f64 attributes {numeric.host = 1 : i64}";
    assert_snapshot!(said(other), @"the first result of a function of the host must be an int, the number of an error");
    let unnumbered = "func.func private @f() -> i64 attributes {numeric.host}";
    assert_snapshot!(said(unnumbered), @"`numeric.host` must be an integer, the number that the host knows its code by");
}

#[test]
fn name_that_is_no_string() {
    let source = "func.func @f() attributes {numeric.python_name = 1} {\n  return\n}";
    assert_snapshot!(parse(&context(), source).err().unwrap_or_default().trim_end(), @"`numeric.python_name` must be a string, the name that tracebacks show");
}

#[test]
fn reduction_of_scalars() {
    let said = error(
        "%0 = numeric.map_reduce add ins(%e = %x : f64) -> f64 {
           numeric.yield %e : f64
         }",
    );
    assert_snapshot!(said, @"'numeric.map_reduce' op needs an array with axes among its inputs");
}

#[test]
fn reduction_to_another_type() {
    let said = error(
        "%0 = numeric.map_reduce add ins(%e = %a : !numeric.array<2xf64, C>) -> f32 {
           numeric.yield %e : f64
         }",
    );
    assert_snapshot!(said, @"'numeric.map_reduce' op makes elements of type 'f32', but its body yields 'f64'");
}

#[test]
fn broadcast_of_one_shape() {
    assert_snapshot!(error("%0 = numeric.broadcast(%n) ranks [1] : index"), @"'numeric.broadcast' op takes two shapes at least, not 1");
}

#[test]
fn broadcast_without_an_extent() {
    assert_snapshot!(error("%0:2 = numeric.broadcast(%n, %n) ranks [1, 2] : index, index"), @"'numeric.broadcast' op has 2 extents for ranks that make 3");
}

#[test]
fn broadcast_of_another_rank() {
    assert_snapshot!(error("%0 = numeric.broadcast(%n, %n, %n) ranks [1, 2] : index"), @"'numeric.broadcast' op broadcasts to rank 2, but has 1 result");
}

#[test]
fn broadcast_into_fewer_axes() {
    assert_snapshot!(error("numeric.broadcast(%n, %n, %n) ranks [2, 1] into"), @"'numeric.broadcast' op has a destination of rank 1, but a shape of rank 2");
}

/// A reduction of the array `%a` of two axes, with some text in the place of the axes and of the result.
fn along(axes: &str, result: &str) -> String {
    error(&format!(
        "%0 = numeric.reduce_axes add axes {axes} ins(%e = %a : !numeric.array<2xf64, C>) -> !numeric.array<{result}> {{
           numeric.yield %e : f64
         }}"
    ))
}

#[test]
fn reduction_along_axes() {
    assert_snapshot!(along("[0, 1]", "0xf64, C"), @"'numeric.reduce_axes' op reduces some of 2 axes, not 2");
    assert_snapshot!(along("[2]", "1xf64, C"), @"'numeric.reduce_axes' op reduces axes in ascending order, from 0 to 1, not [2]");
    assert_snapshot!(along("[0]", "2xf64, C"), @"'numeric.reduce_axes' op reduces 1 of 2 axes, but its result is '!numeric.array<2xf64, C>'");
    assert_snapshot!(along("[0]", "1xf64, A"), @"'numeric.reduce_axes' op makes arrays of layout C, not '!numeric.array<1xf64, A>'");
    assert_snapshot!(along("[0]", "1xf32, C"), @"'numeric.reduce_axes' op makes elements of type 'f32', but its body yields 'f64'");
}

#[test]
fn kernels() {
    let said = error(r#"%r = numeric.barrier "block"() : () -> si32"#);
    assert_snapshot!(said, @"'numeric.barrier' op as block has 0 results, not 1");
    let said = error(r#"numeric.barrier "warp"(%x) : (f64) -> ()"#);
    assert_snapshot!(said, @"'numeric.barrier' op as warp has an integer of 32 bits as operand, not 'f64'");
    let said = error(r#"%r = numeric.barrier "count"() : () -> si32"#);
    assert_snapshot!(said, @"'numeric.barrier' op as count has 1 operand, not 0");
    let said = error(r#"%m = numeric.constant 1 : ui32 %r = numeric.warp "ballot"(%m, %i) : (ui32, si64) -> ui32"#);
    assert_snapshot!(said, @"'numeric.warp' op as ballot has an i1 as operand, not 'si64'");
    let said = error(
        r#"%m = numeric.constant 1 : ui32 %r, %w = numeric.warp "shuffle"(%m, %x, %m, %m) : (ui32, f64, ui32, ui32) -> (f16, i1)"#,
    );
    assert_snapshot!(said, @"'numeric.warp' op gives what it takes, 'f64', not 'f16'");
    let said = error(
        r#"%m = numeric.constant 1 : ui32 %r, %w = numeric.warp "shuffle"(%m, %z, %m, %m) : (ui32, complex<f64>, ui32, ui32) -> (complex<f64>, i1)"#,
    );
    assert_snapshot!(said, @"'numeric.warp' op as shuffle has an integer or a float as operand, not 'complex<f64>'");
}

#[test]
fn matrices_of_warps() {
    let halves = "%t = numeric.undef : !numeric.array<2xf16, C>";
    let said = error(&format!("{halves} %r = numeric.load_matrix %t[%n, %n] : !numeric.array<2xf16, C> -> ui32"));
    assert_snapshot!(said, @"'numeric.load_matrix' op as load_matrix has 4 results, not 1");
    let said = error(&format!(
        "{halves} %r:4 = numeric.load_matrix %t[%n] : !numeric.array<2xf16, C> -> ui32, ui32, ui32, ui32"
    ));
    assert_snapshot!(said, @"'numeric.load_matrix' op needs one index per axis of '!numeric.array<2xf16, C>', that is 2, but has 1");
    let said = error("%r:4 = numeric.load_matrix %a[%n, %n] : !numeric.array<2xf64, C> -> ui32, ui32, ui32, ui32");
    assert_snapshot!(said, @"'numeric.load_matrix' op reads items of 16 bits, or of 32 if it does not transpose, not of type 'f64'");
    let said = error(&format!(
        "{halves} numeric.copy_async %t, %a[%n, %n, %n, %n], %n : !numeric.array<2xf16, C>, !numeric.array<2xf64, C>"
    ));
    assert_snapshot!(said, @"'numeric.copy_async' op copies to items of the same type, not of 'f64' to 'f16'");
    let said = error("numeric.copy_async %a, %a[%n, %n], %n : !numeric.array<2xf64, C>, !numeric.array<2xf64, C>");
    assert_snapshot!(said, @"'numeric.copy_async' op needs one index per axis of both arrays, that is 4, but has 2");
    let said = error("numeric.await_copies 8");
    assert_snapshot!(said, @"'numeric.await_copies' op attribute 'pending' failed to satisfy constraint: 64-bit signless integer attribute whose minimum value is 0 whose maximum value is 7");
    let said = error(r#"%r = numeric.warp "mma_f16"(%x) : (f64) -> f64"#);
    assert_snapshot!(said, @"'numeric.warp' op as mma_f16 has 10 operands, not 1");
}

#[test]
fn atomics() {
    let said = error(r#"%r = numeric.atomic "add" %a[%n], %x : !numeric.array<2xf64, C>, f64"#);
    assert_snapshot!(said, @"'numeric.atomic' op needs one index per axis of '!numeric.array<2xf64, C>', that is 2, but has 1");
    let said = error(r#"%r = numeric.atomic "add" %v[%n], %i : !numeric.array<1xf64, A>, si64"#);
    assert_snapshot!(said, @"'numeric.atomic' op changes items of '!numeric.array<1xf64, A>' by a value of their type, not of 'si64'");
    let said = error(r#"%r = numeric.atomic "xor" %v[%n], %x : !numeric.array<1xf64, A>, f64"#);
    assert_snapshot!(said, @"'numeric.atomic' op as xor changes no items of type 'f64'");
    let said = error(
        r#"%c = numeric.undef : !numeric.array<1xsi32, C> %k = numeric.constant 1 : si32 %r = numeric.atomic "inc" %c[%n], %k : !numeric.array<1xsi32, C>, si32"#,
    );
    assert_snapshot!(said, @"'numeric.atomic' op as inc changes no items of type 'si32'");
    let said = error(
        r#"%c = numeric.undef : !numeric.array<1xi1, C> %r = numeric.compare_exchange %c[%n], %b, %b : !numeric.array<1xi1, C>, i1"#,
    );
    assert_snapshot!(said, @"'numeric.compare_exchange' op compares no items of type 'i1'");
}

#[test]
fn device_arrays() {
    let said = error(r#"%r = numeric.device_array "shared" [2] : !numeric.array<2xf64, C>"#);
    assert_snapshot!(said, @"'numeric.device_array' op needs one extent per axis of '!numeric.array<2xf64, C>', that is 2, but has 1");
    let said = error(r#"%r = numeric.device_array "local" [0] : !numeric.array<1xf64, C>"#);
    assert_snapshot!(said, @"'numeric.device_array' op has an extent that is not positive");
    let said = error(r#"%r = numeric.device_array "dynamic" [4] : !numeric.array<1xf64, C>"#);
    assert_snapshot!(said, @"'numeric.device_array' op as dynamic makes an array of one axis, with the extents [0]");
    let said = error(r#"%r = numeric.device_array "local" [4] : !numeric.array<1xf64, A>"#);
    assert_snapshot!(said, @"'numeric.device_array' op makes arrays of layout C, not '!numeric.array<1xf64, A>'");
}
