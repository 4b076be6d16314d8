//! Powers stay the library's kernel where a loop computes several at once, and are C's elsewhere.

use crate::harness::{context, transform};

const PIPELINE: &str = "func.func(choose-powers)";
const FLOATS: &str = "(!numeric.float, !numeric.float) -> !numeric.float";

/// A function with this body, between two floats and what it returns, after the pass.
fn after(attributes: &str, body: &str) -> String {
    let source = format!(
        "func.func @f(%x: !numeric.float, %y: !numeric.float, %a: !numeric.array<1xf64, C>, %n: index) -> !numeric.float {attributes} {{
           %zero = arith.constant 0 : index
           %one = arith.constant 1 : index
           {body}
           return %x : !numeric.float
         }}
         func.func private @_kernels_power.pow(%a: !numeric.float, %b: !numeric.float) -> !numeric.float {{
           return %a : !numeric.float
         }}
         func.func private @_kernels_power.pow_narrow(%a: !numeric.float, %b: !numeric.float) -> !numeric.float {{
           return %a : !numeric.float
         }}"
    );
    transform(&context(), PIPELINE, &source).as_operation().to_string()
}

fn is_kernel(attributes: &str, body: &str) -> bool {
    let text = after(attributes, body);
    let is_kernel = text.contains("numeric.apply @_kernels_power");
    assert_ne!(is_kernel, text.contains("numeric.libm"), "one or the other:\n{text}");
    is_kernel
}

/// A loop that stores a power in each iteration, with more in its body.
fn storing(more: &str) -> String {
    format!(
        "scf.for %i = %zero to %n step %one {{
           {more}
           %p = numeric.apply @_kernels_power.pow(%x, %y) : {FLOATS}
           %item = numeric.cast %p : !numeric.float to f64
           numeric.store %item, %a[%i] : !numeric.array<1xf64, C>
         }}"
    )
}

#[test]
fn single_powers_are_those_of_c() {
    assert!(!is_kernel("", &format!("%p = numeric.apply @_kernels_power.pow(%x, %y) : {FLOATS}")));
}

#[test]
fn loops_that_may_be_vectorised_keep_the_kernel() {
    assert!(is_kernel("", &storing("")));
}

#[test]
fn checks_and_inner_loops_are_in_the_way() {
    assert!(!is_kernel("", &storing("numeric.check_index %i, %n axis 0")));
    assert!(!is_kernel("", &storing("scf.for %j = %zero to %n step %one {}")));
}

#[test]
fn floats_from_one_iteration_to_the_next_are_in_the_way_unless_they_may_be_reordered() {
    let chain = format!(
        "%last = scf.for %i = %zero to %n step %one iter_args(%s = %x) -> (!numeric.float) {{
           %p = numeric.apply @_kernels_power.pow(%s, %y) : {FLOATS}
           scf.yield %p : !numeric.float
         }}"
    );
    assert!(!is_kernel("", &chain));
    assert!(is_kernel("attributes {numir.fast_math = \"reassoc\"}", &chain));
}

#[test]
fn functions_that_are_applied_in_loops_keep_the_kernel() {
    assert!(is_kernel(
        "attributes {numir.short}",
        &format!("%p = numeric.apply @_kernels_power.pow(%x, %y) : {FLOATS}")
    ));
}

#[test]
fn narrow_powers_are_those_of_narrow_floats() {
    let text = after("", &format!("%p = numeric.apply @_kernels_power.pow_narrow(%x, %y) : {FLOATS}"));
    assert!(text.contains("numeric.libm") && text.contains("f32"), "{text}");
}

#[test]
fn copies_of_a_loop_do_as_the_one_that_is_vectorised() {
    let here = "loc(\"program.py\":3:4)";
    let body = |more: &str| {
        format!(
            "scf.for %i = %zero to %n step %one {{
               {more}
               %p = numeric.apply @_kernels_power.pow(%x, %y) : {FLOATS} {here}
               %item = numeric.cast %p : !numeric.float to f64
               numeric.store %item, %a[%i] : !numeric.array<1xf64, C>
             }}"
        )
    };
    let both = format!("{}\n{}", body(""), body("numeric.check_index %i, %n axis 0"));
    assert!(is_kernel("", &both));
    assert!(!is_kernel("", &body("numeric.check_index %i, %n axis 0")));
}
