//! Index checks that cannot fail are dropped, and indices are computed as such.

use crate::harness::{before_and_after, context, transform};
use insta::assert_snapshot;

const PIPELINE: &str = "func.func(simplify-indices)";

/// How many checks and negative positions are left of a function with this body.
fn left(body: &str) -> [usize; 2] {
    let text = simplified(body);
    ["numeric.check", "numeric.wrap_index"].map(|name| text.matches(name).count())
}

/// A function with this body after the pass. It has two arrays, their extents, and two numbers.
fn simplified(body: &str) -> String {
    let source = format!(
        "func.func @f(%a: !numeric.array<1xf64, C>, %c: !numeric.array<2xf64, A>, %k: index, %n: !numeric.int) {{
           %zero = numeric.constant 0 : index
           %one = numeric.constant 1 : index
           %two = numeric.constant 2 : index
           %x = numeric.constant 0.0 : f64
           %size = numeric.dim %a, 0 : !numeric.array<1xf64, C>
           %rows = numeric.dim %c, 0 : !numeric.array<2xf64, A>
           {body}
           return
         }}"
    );
    transform(&context(), PIPELINE, &source).as_operation().to_string()
}

/// A subscript as the front end writes it.
fn item(index: &str) -> String {
    format!(
        "numeric.check_index {index}, %size axis 0
         %w = numeric.wrap_index {index}, %size
         numeric.store %x, %a[%w] : !numeric.array<1xf64, C>"
    )
}

/// `for i in range(1, n - 1): for j in range(1, m - 1): … a[i - 1, j + 1] …`, `n, m = a.shape`: no check is left.
#[test]
fn stencil() {
    const SOURCE: &str = r#"
    func.func @stencil(%a: !numeric.array<2xf64, C>) {
      %zero = numeric.constant 0 : index
      %one = numeric.constant 1 : index
      %1 = numeric.constant 1 : !numeric.int
      %0 = numeric.dim %a, 0 : !numeric.array<2xf64, C>
      %rows = numeric.cast %0 : index to !numeric.int
      %2 = numeric.dim %a, 1 : !numeric.array<2xf64, C>
      %columns = numeric.cast %2 : index to !numeric.int
      %3 = numeric.sub %rows, %1 : !numeric.int
      %4 = numeric.cast %3 : !numeric.int to index
      %5 = numeric.sub %4, %one : index
      %height = numeric.maximum %5, %zero : index
      %6 = numeric.sub %columns, %1 : !numeric.int
      %7 = numeric.cast %6 : !numeric.int to index
      %8 = numeric.sub %7, %one : index
      %width = numeric.maximum %8, %zero : index
      scf.for %p = %zero to %height step %one {
        %9 = numeric.cast %p : index to !numeric.int
        %i = numeric.add %1, %9 : !numeric.int
        scf.for %q = %zero to %width step %one {
          %10 = numeric.cast %q : index to !numeric.int
          %j = numeric.add %1, %10 : !numeric.int
          %11 = numeric.sub %i, %1 : !numeric.int
          %12 = numeric.cast %11 : !numeric.int to index
          numeric.check_index %12, %0 axis 0
          %13 = numeric.wrap_index %12, %0
          %14 = numeric.add %j, %1 : !numeric.int
          %15 = numeric.cast %14 : !numeric.int to index
          numeric.check_index %15, %2 axis 1
          %16 = numeric.wrap_index %15, %2
          %x = numeric.load %a[%13, %16] : !numeric.array<2xf64, C>
          %17 = numeric.cast %i : !numeric.int to index
          numeric.check_index %17, %0 axis 0
          %18 = numeric.wrap_index %17, %0
          %19 = numeric.cast %j : !numeric.int to index
          numeric.check_index %19, %2 axis 1
          %20 = numeric.wrap_index %19, %2
          numeric.store %x, %a[%18, %20] : !numeric.array<2xf64, C>
        }
      }
      return
    }
    "#;
    assert_snapshot!(before_and_after(PIPELINE, SOURCE));
}

/// Positions of what is filtered: a counter that grows by at most 1 in each iteration stays below the number of iterations.
#[test]
fn counter() {
    const SOURCE: &str = r#"
    func.func @filtered(%a: !numeric.array<1xf64, C>) -> !numeric.int {
      %zero = numeric.constant 0 : index
      %one = numeric.constant 1 : index
      %0 = numeric.constant 0 : !numeric.int
      %1 = numeric.constant 1 : !numeric.int
      %least = numeric.constant 0.0 : f64
      %n = numeric.dim %a, 0 : !numeric.array<1xf64, C>
      %kept = numeric.alloc(%n) : !numeric.array<1xf64, C>
      %count = scf.for %i = %zero to %n step %one iter_args(%k = %0) -> !numeric.int {
        %x = numeric.load %a[%i] : !numeric.array<1xf64, C>
        %keep = numeric.cmp gt, %x, %least : f64
        %next = scf.if %keep -> !numeric.int {
          %2 = numeric.cast %k : !numeric.int to index
          numeric.check_index %2, %n axis 0
          %3 = numeric.wrap_index %2, %n
          numeric.store %x, %kept[%3] : !numeric.array<1xf64, C>
          %4 = numeric.add %k, %1 : !numeric.int
          scf.yield %4 : !numeric.int
        } else {
          scf.yield %k : !numeric.int
        }
        scf.yield %next : !numeric.int
      }
      return %count : !numeric.int
    }
    "#;
    assert_snapshot!(before_and_after(PIPELINE, SOURCE));
}

#[test]
fn bounds_of_loops_count() {
    let inside = |index: &str, computed: &str| {
        left(&format!("scf.for %i = %zero to %size step %one {{\n{computed}\n{}\n}}", item(index)))
    };
    assert_eq!(inside("%i", ""), [0, 0]);
    assert_eq!(inside("%j", "%j = numeric.floordiv %i, %two : index"), [0, 0]);
    assert_eq!(inside("%j", "%last = numeric.sub %size, %one : index\n%j = numeric.sub %last, %i : index"), [0, 0]);
    assert_eq!(inside("%j", "%s = numeric.mul %i, %i : index\n%j = numeric.mod %s, %size : index"), [0, 0]);
    // It may be negative, but not too small.
    assert_eq!(inside("%j", "%j = numeric.sub %i, %one : index"), [0, 1]);
    // It may be too large, but not negative.
    assert_eq!(inside("%j", "%j = numeric.add %i, %one : index"), [1, 0]);
    assert_eq!(inside("%j", "%j = numeric.add %i, %k : index"), [1, 1]);
    assert_eq!(inside("%j", "%j = numeric.mul %i, %two : index"), [1, 0]);
}

#[test]
fn conditions_count() {
    let within = |condition: &str| {
        let body = format!("{condition}\nscf.if %both {{\n{}\n}}", item("%k"));
        left(&body)
    };
    let low = "%low = numeric.cmp ge, %k, %zero : index";
    let high = "%high = numeric.cmp lt, %k, %size : index";
    assert_eq!(within(&format!("{low}\n{high}\n%both = numeric.and %low, %high : i1")), [0, 0]);
    assert_eq!(within(&format!("{low}\n{high}\n%both = numeric.or %low, %high : i1")), [1, 1]);
    let short_circuit = format!(
        "{low}\n%both = scf.if %low -> i1 {{\n{high}\nscf.yield %high : i1\n}} else {{\nscf.yield %low : i1\n}}"
    );
    assert_eq!(within(&short_circuit), [0, 0]);
    let negated = format!("{low}\n{high}\n%inside = numeric.and %low, %high : i1\n%both = numeric.invert %inside : i1");
    assert_eq!(within(&negated), [1, 1]);
}

/// What is raised otherwise holds afterwards, and what a check has let through is not checked again.
#[test]
fn what_was_checked_holds() {
    let raised = "%few = numeric.cmp lt, %size, %two : index
                  scf.if %few {
                    numeric.raise \"ValueError\", \"too short\"
                  }";
    assert_eq!(left(&format!("{raised}\n{}", item("%one"))), [0, 0]);
    assert_eq!(left(&item("%one")), [1, 0]);
    assert_eq!(left(&format!("{}\nnumeric.check_index %k, %size axis 0", item("%k"))), [1, 1]);
    // Another array's extent is another matter.
    assert_eq!(left(&format!("{}\nnumeric.check_index %k, %rows axis 0", item("%k"))), [2, 1]);
}

/// Sums that may wrap around prove nothing.
#[test]
fn numbers_wrap_around() {
    let body = "%m = numeric.constant 9223372036854775807 : index
                %j = numeric.add %k, %m : index
                %up = numeric.cmp ge, %k, %zero : index
                scf.if %up {
                  %yes = numeric.cmp ge, %j, %zero : index
                  numeric.check %yes, \"ValueError\", \"wrapped\"
                }";
    assert_eq!(left(body), [1, 0]);
    // k + 1 - 1 is k whatever k is.
    let body = "%j = numeric.add %k, %one : index
                %l = numeric.sub %j, %one : index
                %yes = numeric.cmp eq, %l, %k : index
                numeric.check %yes, \"ValueError\", \"different\"";
    assert_eq!(left(body), [0, 0]);
}

/// `while j >= 0 and …: j -= 1`, then `a[j + 1]`: the guess that j does not fall below -1 is verified.
#[test]
fn loops_that_count_down_end_below_zero() {
    let body = format!(
        "%last = numeric.sub %size, %two : index
         %some = numeric.cmp gt, %size, %one : index
         scf.if %some {{
           %j = scf.while (%j = %last) : (index) -> index {{
             %go = numeric.cmp ge, %j, %zero : index
             scf.condition(%go) %j : index
           }} do {{
           ^bb0(%j: index):
             %next = numeric.sub %j, %one : index
             {}
             scf.yield %next : index
           }}
           %after = numeric.add %j, %one : index
           {}
         }}",
        item("%j"),
        item("%after").replace("%w", "%v"),
    );
    assert_eq!(left(&body), [0, 0]);
}

/// Two arrays that a loop swaps have one extent, if they had at the start.
#[test]
fn swapped_arrays_have_one_extent() {
    let swapping = |other: &str| {
        left(&format!(
            "%b = numeric.alloc({other}) zero : !numeric.array<1xf64, C>
             %r:2 = scf.for %t = %zero to %k step %one iter_args(%old = %a, %new = %b)
                 -> (!numeric.array<1xf64, C>, !numeric.array<1xf64, C>) {{
               scf.for %i = %zero to %size step %one {{
                 %s = numeric.dim %new, 0 : !numeric.array<1xf64, C>
                 numeric.check_index %i, %s axis 0
                 numeric.store %x, %new[%i] : !numeric.array<1xf64, C>
               }}
               scf.yield %new, %old : !numeric.array<1xf64, C>, !numeric.array<1xf64, C>
             }}"
        ))
    };
    assert_eq!(swapping("%size"), [0, 0]);
    assert_eq!(swapping("%rows"), [1, 0]);
}

/// Their extents are asked for before the loop, and a view of all of one is that one.
#[test]
fn swapped_arrays_ask_for_the_first_extent() {
    let body = "%b = numeric.alloc(%size) zero : !numeric.array<1xf64, C>
         %r:2 = scf.for %t = %zero to %k step %one iter_args(%old = %a, %new = %b)
             -> (!numeric.array<1xf64, C>, !numeric.array<1xf64, C>) {
           %s = numeric.dim %new, 0 : !numeric.array<1xf64, C>
           %all = numeric.view %new starts(%zero) sizes(%s) steps(%one) axes [0]
               : !numeric.array<1xf64, C> -> !numeric.array<1xf64, C>
           %f = numeric.cast %s : index to f64
           numeric.store %f, %all[%zero] : !numeric.array<1xf64, C>
           scf.yield %new, %old : !numeric.array<1xf64, C>, !numeric.array<1xf64, C>
         }";
    let text = simplified(body);
    assert_eq!(text.matches("numeric.view").count(), 0, "{text}");
    let (before, inside) = text.split_once("scf.for").unwrap_or_default();
    assert!(before.contains("numeric.dim %arg0") && !inside.contains("numeric.dim %arg"), "{text}");
}

/// Of arrays that loops and branches give, the extents are known if all ways agree.
#[test]
fn extents_are_those_of_all_ways() {
    const ARRAY: &str = "!numeric.array<1xf64, C>";
    let item = |array: &str| {
        format!(
            "scf.for %i = %zero to %size step %one {{
               %s = numeric.dim {array}, 0 : {ARRAY}
               numeric.check_index %i, %s axis 0
             }}"
        )
    };
    let replaced = |other: &str, after: &str| {
        left(&format!(
            "%most = numeric.minimum %size, %rows : index
             %b = numeric.alloc({other}) zero : {ARRAY}
             %go = numeric.cmp lt, %k, %one : index
             %chosen = scf.if %go -> {ARRAY} {{
               scf.yield %a : {ARRAY}
             }} else {{
               scf.yield %b : {ARRAY}
             }}
             %last = scf.for %t = %zero to %k step %one iter_args(%now = %chosen) -> ({ARRAY}) {{
               %new = numeric.alloc({after}) zero : {ARRAY}
               {}
               scf.yield %new : {ARRAY}
             }}
             {}",
            item("%now"),
            item("%last"),
        ))
    };
    assert_eq!(replaced("%size", "%size"), [0, 0]);
    // The first iteration's array, or a later one's, may be shorter.
    assert_eq!(replaced("%most", "%size"), [2, 0]);
    assert_eq!(replaced("%size", "%most"), [2, 0]);
    assert_eq!(replaced("%size", "%t"), [2, 0]);
}

/// What was found out about an inner loop while an outer one was supposed to be otherwise does not stay: a number that grows in
/// some of very many iterations may wrap around, and an array then has more items than it.
#[test]
fn wrong_guesses_leave_nothing_behind() {
    let growing = |trip: &str| {
        left(&format!(
            "%start = numeric.constant 1000 : index
             %result = scf.for %t = %zero to {trip} step %one iter_args(%m = %start) -> (index) {{
               %length = numeric.maximum %m, %zero : index
               %new = numeric.alloc(%length) zero : !numeric.array<1xf64, C>
               %same = scf.for %u = %zero to %k step %one iter_args(%now = %new) -> (!numeric.array<1xf64, C>) {{
                 %s = numeric.dim %now, 0 : !numeric.array<1xf64, C>
                 %yes = numeric.cmp eq, %s, %m : index
                 numeric.check %yes, \"ValueError\", \"different\"
                 scf.yield %now : !numeric.array<1xf64, C>
               }}
               %grows = numeric.cmp lt, %rows, %size : index
               %more = numeric.add %m, %one : index
               %next = numeric.select %grows, %more, %m : index
               scf.yield %next : index
             }}"
        ))
    };
    assert_eq!(growing("%size"), [0, 0]);
    assert_eq!(growing("%k"), [1, 0]);
}

/// `for i in range(start, stop, step)` of a step that is known only to be positive, as in a sieve: the bounds say that
/// `start + k * step < stop`, whatever the step.
#[test]
fn steps_that_vary() {
    let body = |least: &str| {
        left(&format!(
            "%natural = numeric.cmp ge, %k, {least} : index
             scf.if %natural {{
               %span = numeric.cast %size : index to !numeric.int
               %back = numeric.cast %span : !numeric.int to index
               %before = numeric.sub %back, %one : index
               %count = numeric.floordiv %before, %k : index
               scf.for %i = %zero to %count step %one {{
                 %j = numeric.mul %i, %k : index
                 {}
               }}
             }}",
            item("%j"),
        ))
    };
    assert_eq!(body("%one"), [0, 0]);
    assert_eq!(body("%zero"), [1, 1]);
}

/// A kernel that asks whether its thread has an item needs no check.
#[test]
fn where_a_thread_is() {
    const SOURCE: &str = r#"
    func.func @kernel(%a: !numeric.array<1xf64, C>) {
      %n = numeric.dim %a, 0 : !numeric.array<1xf64, C>
      %t = gpu.thread_id x
      %b = gpu.block_id x
      %d = gpu.block_dim x
      %before = numeric.mul %b, %d : index
      %i = numeric.add %before, %t : index
      %has = numeric.cmp lt, %i, %n : index
      scf.if %has {
        numeric.check_index %i, %n axis 0
        %j = numeric.wrap_index %i, %n
        %x = numeric.load %a[%j] : !numeric.array<1xf64, C>
        numeric.store %x, %a[%j] : !numeric.array<1xf64, C>
      }
      return
    }
    "#;
    let text = before_and_after("func.func(simplify-indices)", SOURCE);
    let after = text.split("// -----").nth(1).unwrap_or_default();
    assert!(!after.contains("check_index") && !after.contains("wrap_index"), "{after}");
}
