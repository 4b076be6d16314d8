//! Results take over the memory of operands that are not needed afterwards, and of no others.

use crate::harness::{context, transform};

const PIPELINE: &str = "func.func(release-values,reuse-arrays)";

/// Whether the operation `%r` of a function with this body takes over an operand. There are two arrays of the caller's, one made here, and a number.
fn is_reused(body: &str) -> bool {
    let source = format!(
        "func.func @f(%a: !numeric.array<2xf64, C>, %b: !numeric.array<2xf64, C>, %x: f64, %n: index) -> !numeric.array<2xf64, C> {{
           %zero = numeric.constant 0 : index
           %one = numeric.constant 1 : index
           %t = numeric.alloc(%n, %n) : !numeric.array<2xf64, C>
           {body}
         }}"
    );
    transform(&context(), PIPELINE, &source).as_operation().to_string().contains("numir.reused")
}

fn sum(left: &str, right: &str) -> String {
    format!(
        "numeric.map ins(%p = {left} : !numeric.array<2xf64, C>, %q = {right} : !numeric.array<2xf64, C>) -> !numeric.array<2xf64, C> {{
           %s = numeric.add %p, %q : f64
           numeric.yield %s : f64
         }}"
    )
}

const RETURN: &str = "return %r : !numeric.array<2xf64, C>";

#[test]
fn what_was_made_here_and_ends_here() {
    assert!(is_reused(&format!("%r = {} {RETURN}", sum("%t", "%a"))));
    assert!(is_reused(&format!("%r = {} {RETURN}", sum("%a", "%t"))));
    assert!(is_reused(&format!("%r = {} {RETURN}", sum("%t", "%t"))));
    assert!(is_reused(&format!(
        "%item = numeric.load %t[%zero, %zero] : !numeric.array<2xf64, C>
         numeric.store %item, %t[%one, %zero] : !numeric.array<2xf64, C>
         %r = {} {RETURN}",
        sum("%t", "%b")
    )));
}

#[test]
fn what_is_the_callers_or_needed_later() {
    assert!(!is_reused(&format!("%r = {} {RETURN}", sum("%a", "%b"))));
    assert!(!is_reused(&format!(
        "%r = {}
         %item = numeric.load %t[%zero, %zero] : !numeric.array<2xf64, C>
         numeric.store %item, %r[%zero, %zero] : !numeric.array<2xf64, C>
         {RETURN}",
        sum("%t", "%a")
    )));
}

/// `a + t[::-1]` reads items after they would have been written.
#[test]
fn what_is_read_by_another_name() {
    let view = "%v = numeric.view %t starts(%zero, %zero) sizes(%n, %n) steps(%one, %one) axes [1, 0] \
                : !numeric.array<2xf64, C> -> !numeric.array<2xf64, C>";
    assert!(!is_reused(&format!("{view} %r = {} {RETURN}", sum("%t", "%v"))));
    assert!(!is_reused(&format!("{view} %r = {} {RETURN}", sum("%v", "%a"))));
}

#[test]
fn what_another_name_keeps() {
    assert!(!is_reused(&format!(
        "%test = numeric.cmp lt, %n, %one : index
         %kept = scf.if %test -> (!numeric.array<2xf64, C>) {{
           scf.yield %t : !numeric.array<2xf64, C>
         }} else {{
           scf.yield %a : !numeric.array<2xf64, C>
         }}
         %r = {}
         numeric.store %x, %kept[%zero, %zero] : !numeric.array<2xf64, C>
         {RETURN}",
        sum("%t", "%b")
    )));
}

/// Both arrays of an iteration are allocated before the loop.
#[test]
fn what_lives_within_an_iteration() {
    assert!(!is_reused(
        "%r = numeric.alloc(%n, %n) : !numeric.array<2xf64, C>
         scf.for %i = %zero to %n step %one {
           %u = numeric.alloc(%n, %n) : !numeric.array<2xf64, C>
           %v = numeric.map ins(%p = %u : !numeric.array<2xf64, C>) -> !numeric.array<2xf64, C> {
             %s = numeric.add %p, %p : f64
             numeric.yield %s : f64
           }
           %item = numeric.load %v[%zero, %zero] : !numeric.array<2xf64, C>
           numeric.store %item, %r[%zero, %zero] : !numeric.array<2xf64, C>
         }
         return %r : !numeric.array<2xf64, C>"
    ));
}
