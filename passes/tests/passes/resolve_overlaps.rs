//! Assignments between views of one array are marked where the two sides surely lie apart.

use crate::harness::{before_and_after, context, transform};
use insta::assert_snapshot;

const PIPELINE: &str = "func.func(resolve-overlaps)";

/// Whether `a[written] = a[read]` is marked, each given as start, count and step; `%k` is any position in `a`.
fn is_marked(written: [&str; 3], read: [&str; 3]) -> bool {
    let view = |name: &str, [start, count, step]: [&str; 3]| {
        format!(
            "{name} = numeric.view %a starts({start}) sizes({count}) steps({step}) axes [0] : !numeric.array<1xf64, C> -> !numeric.array<1xf64, A>"
        )
    };
    let source = format!(
        "func.func @f(%a: !numeric.array<1xf64, C>) {{
           %n = numeric.dim %a, 0 : !numeric.array<1xf64, C>
           %0 = numeric.constant 0 : index
           %1 = numeric.constant 1 : index
           %2 = numeric.constant 2 : index
           %3 = numeric.constant 3 : index
           %m2 = numeric.constant -2 : index
           %less = numeric.sub %n, %1 : index
           scf.for %k = %0 to %n step %1 {{
             %next = numeric.add %k, %1 : index
             {}
             {}
             numeric.assign %w ins(%x = %r : !numeric.array<1xf64, A>) : !numeric.array<1xf64, A> {{
               numeric.yield %x : f64
             }}
           }}
           return
         }}",
        view("%w", written),
        view("%r", read)
    );
    transform(&context(), PIPELINE, &source).as_operation().to_string().contains("numir.apart")
}

#[test]
fn what_lies_apart() {
    assert!(is_marked(["%0", "%1", "%1"], ["%1", "%1", "%1"]));
    assert!(is_marked(["%1", "%1", "%1"], ["%0", "%1", "%1"]));
    assert!(is_marked(["%0", "%k", "%1"], ["%k", "%less", "%1"]));
    assert!(is_marked(["%k", "%1", "%1"], ["%next", "%1", "%1"]));
    assert!(is_marked(["%0", "%k", "%2"], ["%1", "%k", "%2"]), "every other item");
    assert!(is_marked(["%3", "%2", "%m2"], ["%2", "%k", "%m2"]), "backwards");
    assert!(is_marked(["%3", "%2", "%m2"], ["%0", "%1", "%1"]), "3 and 1, and 0");
}

#[test]
fn what_may_overlap() {
    assert!(!is_marked(["%0", "%less", "%1"], ["%1", "%less", "%1"]));
    assert!(!is_marked(["%0", "%1", "%1"], ["%0", "%1", "%1"]), "the same items");
    assert!(!is_marked(["%0", "%1", "%1"], ["%k", "%1", "%1"]), "k may be 0");
    assert!(!is_marked(["%0", "%k", "%2"], ["%2", "%k", "%2"]));
    assert!(!is_marked(["%0", "%k", "%2"], ["%3", "%k", "%3"]), "0 and 3 meet at 6");
    assert!(!is_marked(["%3", "%2", "%m2"], ["%0", "%2", "%1"]), "both have 1");
    assert!(!is_marked(["%0", "%1", "%k"], ["%1", "%1", "%k"]), "any step");
}

#[test]
fn rows() {
    const SOURCE: &str = r#"
    func.func @edges(%a: !numeric.array<2xf64, C>, %b: !numeric.array<1xf64, C>) {
      %0 = numeric.constant 0 : index
      %1 = numeric.constant 1 : index
      %n = numeric.dim %a, 0 : !numeric.array<2xf64, C>
      %m = numeric.dim %a, 1 : !numeric.array<2xf64, C>
      %first = numeric.view %a starts(%0, %0) sizes(%1, %m) steps(%1, %1) axes [1] : !numeric.array<2xf64, C> -> !numeric.array<1xf64, C>
      %second = numeric.view %a starts(%1, %0) sizes(%1, %m) steps(%1, %1) axes [1] : !numeric.array<2xf64, C> -> !numeric.array<1xf64, C>
      numeric.assign %first ins(%x = %second : !numeric.array<1xf64, C>) : !numeric.array<1xf64, C> {
        numeric.yield %x : f64
      }
      numeric.assign %first ins(%x = %b : !numeric.array<1xf64, C>) : !numeric.array<1xf64, C> {
        numeric.yield %x : f64
      }
      return
    }
    "#;
    assert_snapshot!(before_and_after(PIPELINE, SOURCE));
}

/// Whether `new[...] = old` is marked in a loop that carries both, with the first arrays and what is passed on.
fn is_marked_in_a_loop(first: [&str; 2], passed_on: [&str; 2]) -> bool {
    let array = "!numeric.array<1xf64, C>";
    let source = format!(
        "func.func @f(%a: {array}, %b: {array}, %n: index) {{
           %0 = numeric.constant 0 : index
           %1 = numeric.constant 1 : index
           %u = numeric.alloc(%n) : {array}
           %v = numeric.alloc(%n) : {array}
           %part = numeric.view %u starts(%0) sizes(%n) steps(%1) axes [0] : {array} -> {array}
           %r:2 = scf.for %t = %0 to %n step %1 iter_args(%old = {}, %new = {}) -> ({array}, {array}) {{
             %made = numeric.alloc(%n) : {array}
             %other = numeric.alloc(%n) : {array}
             %slice = numeric.view %old starts(%0) sizes(%n) steps(%1) axes [0] : {array} -> {array}
             numeric.assign %new ins(%x = %old : {array}) : {array} {{
               %y = numeric.add %x, %x : f64
               numeric.yield %y : f64
             }}
             scf.yield {}, {} : {array}, {array}
           }}
           return
         }}",
        first[0], first[1], passed_on[0], passed_on[1]
    );
    transform(&context(), PIPELINE, &source).as_operation().to_string().contains("numir.apart")
}

/// A loop that swaps two arrays, or passes on one that it has made, writes one and reads the other.
#[test]
fn what_loops_swap_lies_apart() {
    assert!(is_marked_in_a_loop(["%u", "%v"], ["%new", "%old"]));
    assert!(is_marked_in_a_loop(["%u", "%v"], ["%old", "%new"]));
    assert!(is_marked_in_a_loop(["%u", "%v"], ["%made", "%old"]));
    assert!(is_marked_in_a_loop(["%u", "%v"], ["%made", "%other"]));
    assert!(is_marked_in_a_loop(["%a", "%v"], ["%new", "%old"]));
}

#[test]
fn what_loops_carry_may_overlap() {
    // Two names of one array at first, a part of the other, arguments of the function.
    assert!(!is_marked_in_a_loop(["%u", "%u"], ["%new", "%old"]));
    assert!(!is_marked_in_a_loop(["%u", "%part"], ["%new", "%old"]));
    assert!(!is_marked_in_a_loop(["%a", "%b"], ["%new", "%old"]));
    // Two names of one array afterwards, a part of the other, an array from before.
    assert!(!is_marked_in_a_loop(["%u", "%v"], ["%new", "%new"]));
    assert!(!is_marked_in_a_loop(["%u", "%v"], ["%made", "%made"]));
    assert!(!is_marked_in_a_loop(["%u", "%v"], ["%old", "%slice"]));
    assert!(!is_marked_in_a_loop(["%u", "%v"], ["%new", "%u"]));
}

/// `a[1:, 1:] -= np.outer(a[1:, 0], a[0, 1:])`: what is written is read at the same places, all else lies beside it, also where it has
/// been given another axis.
#[test]
fn updates() {
    let source = |column: &str| {
        format!(
            "func.func @f(%a: !numeric.array<2xf64, C>) {{
               %n = numeric.dim %a, 0 : !numeric.array<2xf64, C>
               %m = numeric.dim %a, 1 : !numeric.array<2xf64, C>
               %0 = numeric.constant 0 : index
               %1 = numeric.constant 1 : index
               %rows = numeric.sub %n, %1 : index
               %columns = numeric.sub %m, %1 : index
               %w = numeric.view %a starts(%1, %1) sizes(%rows, %columns) steps(%1, %1) axes [0, 1] : !numeric.array<2xf64, C> -> !numeric.array<2xf64, A>
               %x = numeric.view %a starts(%1, {column}) sizes(%rows, %1) steps(%1, %1) axes [0] : !numeric.array<2xf64, C> -> !numeric.array<1xf64, A>
               %c = numeric.view %x starts(%0) sizes(%rows) steps(%1) axes [0, -1] : !numeric.array<1xf64, A> -> !numeric.array<2xf64, A>
               %y = numeric.view %a starts(%0, %1) sizes(%1, %columns) steps(%1, %1) axes [1] : !numeric.array<2xf64, C> -> !numeric.array<1xf64, C>
               numeric.assign %w ins(%i = %w : !numeric.array<2xf64, A>, %j = %c : !numeric.array<2xf64, A>, %k = %y : !numeric.array<1xf64, C>) : !numeric.array<2xf64, A> {{
                 %p = numeric.mul %j, %k : f64
                 %d = numeric.sub %i, %p : f64
                 numeric.yield %d : f64
               }}
               return
             }}"
        )
    };
    let is_marked =
        |column| transform(&context(), PIPELINE, &source(column)).as_operation().to_string().contains("numir.apart");
    assert!(is_marked("%0"));
    assert!(!is_marked("%1"), "the column is written");
}
