//! Tests of floats that surely fail are decided, and no others.

use crate::harness::{context, transform};

const PIPELINE: &str = "func.func(prove-domains)";

/// Of a function with the floats `%x` and `%y`, the half `%h`, the integer `%i` and this body, which ends in a test `%test` that raises: the function
/// after the pass.
fn after(body: &str) -> String {
    let source = format!(
        "func.func @f(%x: !numeric.float, %y: !numeric.float, %h: f16, %i: si64) {{
           %zero = numeric.constant 0.0 : !numeric.float
           %one = numeric.constant 1.0 : !numeric.float
           %half = numeric.constant 0.5 : !numeric.float
           {body}
           %passes = numeric.invert %test : i1
           numeric.check %passes, \"ValueError\", \"math domain error\"
           return
         }}
         func.func private @_kernels_arc.atan2(%a: !numeric.float, %b: !numeric.float) -> !numeric.float {{
           return %a : !numeric.float
         }}
         func.func private @_kernels_exp.exp(%a: !numeric.float) -> !numeric.float {{
           return %a : !numeric.float
         }}"
    );
    transform(&context(), PIPELINE, &source).as_operation().to_string()
}

fn is_decided(body: &str) -> bool {
    !after(body).contains("numeric.check")
}

const SQUARES: &str = "
    %xx = numeric.mul %x, %x : !numeric.float
    %yy = numeric.mul %y, %y : !numeric.float
    %sum = numeric.add %xx, %yy : !numeric.float";

const ANGLE: &str = "
    %angle = numeric.apply @_kernels_arc.atan2(%y, %x) : (!numeric.float, !numeric.float) -> !numeric.float";

#[test]
fn squares_are_not_negative() {
    assert!(is_decided(&format!("{SQUARES} %test = numeric.cmp lt, %sum, %zero : !numeric.float")));
    assert!(is_decided(&format!("{SQUARES} %test = numeric.cmp gt, %zero, %sum : !numeric.float")));
    assert!(
        !is_decided(&format!("{SQUARES} %test = numeric.cmp le, %sum, %zero : !numeric.float")),
        "both may be zero"
    );
    assert!(is_decided(&format!(
        "{SQUARES} %more = numeric.add %sum, %one : !numeric.float
         %test = numeric.cmp le, %more, %zero : !numeric.float"
    )));
}

#[test]
fn products_and_differences_may_be_negative() {
    assert!(!is_decided(
        "%xy = numeric.mul %x, %y : !numeric.float
         %test = numeric.cmp lt, %xy, %zero : !numeric.float"
    ));
    assert!(!is_decided(&format!(
        "{SQUARES} %rest = numeric.sub %one, %sum : !numeric.float
         %test = numeric.cmp lt, %rest, %zero : !numeric.float"
    )));
    assert!(!is_decided(&format!(
        "{SQUARES} %ratio = numeric.truediv %one, %sum : !numeric.float
         %test = numeric.classify isinf %ratio : !numeric.float"
    )));
}

#[test]
fn angles_are_finite() {
    assert!(is_decided(&format!("{ANGLE} %test = numeric.classify isinf %angle : !numeric.float")));
    assert!(!is_decided(&format!("{ANGLE} %test = numeric.classify isnan %angle : !numeric.float")));
    assert!(!is_decided("%test = numeric.classify isinf %x : !numeric.float"));
    assert!(!is_decided(&format!("{SQUARES} %test = numeric.classify isinf %sum : !numeric.float")));
    assert!(!is_decided(
        "%power = numeric.apply @_kernels_exp.exp(%x) : (!numeric.float) -> !numeric.float
         %test = numeric.classify isinf %power : !numeric.float"
    ));
}

/// A difference to a number that is bounded is infinite exactly if the other one is.
#[test]
fn what_is_bounded_is_not_asked() {
    let after = after(
        "%less = numeric.mul %x, %half : !numeric.float
         %shifted = numeric.sub %one, %less : !numeric.float
         %opposite = numeric.neg %shifted : !numeric.float
         %test = numeric.classify isinf %opposite : !numeric.float",
    );
    assert!(after.contains("numeric.classify isinf %arg0 : !numeric.float"), "{after}");
    assert!(after.contains("numeric.check"));
}

/// What may be NaN makes NaN of an infinite number: that the other one is finite is enough, and not all there is to ask. In a loop that is offered.
#[test]
fn what_is_enough_is_offered_in_loops() {
    let test = format!(
        "{ANGLE} %turned = numeric.sub %x, %angle : !numeric.float
         %test = numeric.classify isinf %turned : !numeric.float"
    );
    assert!(!after(&test).contains("numeric.or"));
    let looping = format!(
        "%first = numeric.constant 0 : index
         %step = numeric.constant 1 : index
         %last = numeric.cast %i : si64 to index
         scf.for %k = %first to %last step %step {{
           {test}
           %finite = numeric.invert %test : i1
           numeric.check %finite, \"ValueError\", \"math domain error\"
         }}
         %test = numeric.cmp lt, %one, %zero : !numeric.float"
    );
    let after = after(&looping);
    let lines: Vec<_> =
        after.lines().map(str::trim).filter(|line| line.contains("numeric.or") || line.contains("isinf")).collect();
    assert_eq!(lines.len(), 3, "{after}");
    assert!(lines[0].contains("isinf %") && !lines[0].contains("isinf %arg0"), "{after}");
    assert!(lines[1].contains("isinf %arg0 : !numeric.float") && lines[2].contains("numeric.or"), "{after}");
}

/// In half precision what is finite in double precision may overflow.
#[test]
fn types_have_limits() {
    assert!(is_decided(
        "%wide = numeric.cast %i : si64 to !numeric.float
         %test = numeric.classify isinf %wide : !numeric.float"
    ));
    assert!(!is_decided(
        "%narrow = numeric.cast %i : si64 to f16
         %test = numeric.classify isinf %narrow : f16"
    ));
    assert!(!is_decided(
        "%big = numeric.constant 60000.0 : f16
         %least = numeric.minimum %h, %big : f16
         %most = numeric.maximum %least, %big : f16
         %sum = numeric.add %most, %most : f16
         %test = numeric.classify isinf %sum : f16"
    ));
}
