//! Factors are multiplied within a product, unless somebody could tell.

use crate::harness::{before_and_after, context, transform};
use insta::assert_snapshot;

const PIPELINE: &str = "func.func(scale-products)";

/// A function that multiplies `%a` by `%x` and computes the product with `%b` into `%r`, by loops or by the runtime, as the library does.
fn product(made: &str, between: &str, behind: &str) -> String {
    format!(
        r#"
    func.func @f(%a: !numeric.array<2xf64, A>, %b: !numeric.array<2xf64, C>, %x: f64, %n: index, %small: i1) -> !numeric.array<2xf64, C> {{
      %zero = numeric.constant 0 : index
      %one = numeric.constant 1 : index
      %t = {made}
      {between}
      %r = numeric.alloc(%n, %n) : !numeric.array<2xf64, C>
      scf.if %small {{
        %item = numeric.load %t[%zero, %zero] : !numeric.array<2xf64, C>
        numeric.store %item, %r[%zero, %zero] : !numeric.array<2xf64, C>
      }} else {{
        %width = numeric.dim %t, 1 : !numeric.array<2xf64, C>
        %row = numeric.stride %t, 0 : !numeric.array<2xf64, C>
        %column = numeric.stride %t, 1 : !numeric.array<2xf64, C>
        %to = numeric.address %r : !numeric.array<2xf64, C> -> ui64
        %left = numeric.address %t : !numeric.array<2xf64, C> -> ui64
        %right = numeric.address %b : !numeric.array<2xf64, C> -> ui64
        %ended = numeric.call_runtime "product_f64"(%to, %n, %width, %n, %left, %row, %column, %right, %n, %one, %zero)
          : (ui64, index, index, index, ui64, index, index, ui64, index, index, index) -> index
      }}
      {behind}
      return %r : !numeric.array<2xf64, C>
    }}
    "#
    )
}

const SCALED: &str = "numeric.map ins(%p = %x : f64, %q = %a : !numeric.array<2xf64, A>) -> !numeric.array<2xf64, C> {
        %s = numeric.mul %p, %q : f64
        numeric.yield %s : f64
      }";

const NEGATIVE: &str = "numeric.map ins(%q = %a : !numeric.array<2xf64, A>) -> !numeric.array<2xf64, C> {
        %s = numeric.neg %q : f64
        numeric.yield %s : f64
      }";

const SUM: &str = "numeric.map ins(%p = %x : f64, %q = %a : !numeric.array<2xf64, A>) -> !numeric.array<2xf64, C> {
        %s = numeric.add %p, %q : f64
        numeric.yield %s : f64
      }";

const SQUARE: &str = "numeric.map ins(%q = %a : !numeric.array<2xf64, A>) -> !numeric.array<2xf64, C> {
        %s = numeric.mul %q, %q : f64
        numeric.yield %s : f64
      }";

fn is_scaled(source: &str) -> bool {
    transform(&context(), PIPELINE, source).as_operation().to_string().contains("scaled_product_f64")
}

#[test]
fn times_a_number() {
    assert_snapshot!(before_and_after(PIPELINE, &product(SCALED, "", "")));
}

#[test]
fn negative() {
    assert_snapshot!(before_and_after(PIPELINE, &product(NEGATIVE, "", "")));
}

#[test]
fn something_else_than_a_number_times_an_array() {
    assert!(!is_scaled(&product(SUM, "", "")));
    assert!(!is_scaled(&product(SQUARE, "", "")));
}

#[test]
fn what_is_written_in_between() {
    let store = |array: &str, layout: &str| {
        format!("numeric.store %x, %{array}[%zero, %zero] : !numeric.array<2xf64, {layout}>")
    };
    assert!(!is_scaled(&product(SCALED, &store("a", "A"), "")));
    // The caller's arrays may be one.
    assert!(!is_scaled(&product(SCALED, &store("b", "C"), "")));
    assert!(!is_scaled(&product(SCALED, &store("t", "C"), "")));
    assert!(is_scaled(&product(SCALED, "", &store("a", "A"))));
    let other = format!("%c = numeric.alloc(%n, %n) : !numeric.array<2xf64, C> {}", store("c", "C"));
    assert!(is_scaled(&product(SCALED, &other, "")));
}

#[test]
fn what_is_read_elsewhere() {
    let sum = "%s = numeric.reduce add %t : !numeric.array<2xf64, C>";
    assert!(!is_scaled(&product(SCALED, sum, "")));
    assert!(!is_scaled(&product(SCALED, "", sum)));
    let address = "%other = numeric.address %t : !numeric.array<2xf64, C> -> ui64";
    assert!(!is_scaled(&product(SCALED, "", address)));
}
