//! Chains of whole-array operations become one, unless somebody could tell.

use crate::harness::{before_and_after, context, transform};
use insta::assert_snapshot;

const PIPELINE: &str = "func.func(fuse-elementwise)";

/// `np.sum((a - b) ** 2)`: the check of the shapes stays where the difference was, and the array's extent is what it gives.
#[test]
fn chain() {
    const SOURCE: &str = r#"
    func.func @f(%a: !numeric.array<1xf64, C>, %b: !numeric.array<1xf64, C>) -> (f64, index) {
      %d = numeric.map ins(%x = %a : !numeric.array<1xf64, C>, %y = %b : !numeric.array<1xf64, C>) -> !numeric.array<1xf64, C> {
        %0 = numeric.sub %x, %y : f64
        numeric.yield %0 : f64
      }
      %n = numeric.dim %d, 0 : !numeric.array<1xf64, C>
      %s = numeric.map ins(%x = %d : !numeric.array<1xf64, C>) -> !numeric.array<1xf64, C> {
        %0 = numeric.mul %x, %x : f64
        numeric.yield %0 : f64
      }
      %r = numeric.reduce add %s : !numeric.array<1xf64, C>
      return %r, %n : f64, index
    }
    "#;
    assert_snapshot!(before_and_after(PIPELINE, SOURCE));
}

/// An assignment takes up its right side; what has the destination's shape is checked against it there.
#[test]
fn assignment() {
    const SOURCE: &str = r#"
    func.func @f(%a: !numeric.array<1xf64, C>, %b: !numeric.array<1xf64, C>, %c: !numeric.array<1xf64, A>, %k: f64) {
      %p = numeric.map ins(%x = %a : !numeric.array<1xf64, C>, %y = %b : !numeric.array<1xf64, C>) -> !numeric.array<1xf64, C> {
        %0 = numeric.add %x, %y : f64
        numeric.yield %0 : f64
      }
      numeric.assign %c ins(%x = %p : !numeric.array<1xf64, C>, %y = %k : f64) : !numeric.array<1xf64, A> {
        %0 = numeric.mul %x, %y : f64
        numeric.yield %0 : f64
      }
      return
    }
    "#;
    assert_snapshot!(before_and_after(PIPELINE, SOURCE));
}

/// A difference that is used twice is computed twice: that costs less than an array.
#[test]
fn several_users() {
    const SOURCE: &str = r#"
    func.func @f(%a: !numeric.array<1xf64, C>, %m: f64) -> (!numeric.array<1xf64, C>, f64) {
      %d = numeric.map ins(%x = %a : !numeric.array<1xf64, C>, %y = %m : f64) -> !numeric.array<1xf64, C> {
        %0 = numeric.sub %x, %y : f64
        numeric.yield %0 : f64
      }
      %s = numeric.map ins(%x = %d : !numeric.array<1xf64, C>) -> !numeric.array<1xf64, C> {
        %0 = numeric.libm sqrt(%x) : f64
        numeric.yield %0 : f64
      }
      %r = numeric.reduce max %d : !numeric.array<1xf64, C>
      return %s, %r : !numeric.array<1xf64, C>, f64
    }
    "#;
    assert_snapshot!(before_and_after(PIPELINE, SOURCE));
}

/// Whether the map `%m` of `%a` (and `%b`, of one axis more), with `%b` given that rank and the body given, is fused, where `between`
/// stands between it and its users, and `users` are these.
fn is_fused(body: &str, between: &str, users: &str) -> bool {
    let source = format!(
        "func.func private @g(!numeric.array<1xf64, C>)
         func.func @f(%a: !numeric.array<1xf64, C>, %b: !numeric.array<1xf64, C>, %c: !numeric.array<2xf64, C>, %k: f64, %t: i1, %whole: !numeric.array<1xsi64, C>, %n: si64) {{
           %0 = numeric.constant 0 : index
           %1 = numeric.constant 1 : index
           %own = numeric.alloc(%1) : !numeric.array<1xf64, C>
           %m = numeric.map ins(%x = %a : !numeric.array<1xf64, C>) -> !numeric.array<1xf64, C> {{
             {body}
             numeric.yield %y : f64
           }}
           {between}
           {users}
           return
         }}"
    );
    let after = transform(&context(), PIPELINE, &source).as_operation().to_string();
    !after.contains("numeric.map ins(%arg7 = %arg0 :")
}

const CHEAP: &str = "%y = numeric.mul %x, %x : f64";
const COSTLY: &str = "%y = numeric.libm exp(%x) : f64";
const SUM: &str = "%s = numeric.reduce add %m : !numeric.array<1xf64, C>";
const SUM_AND_MAXIMUM: &str = "%s = numeric.reduce add %m : !numeric.array<1xf64, C>
    %l = numeric.reduce max %m : !numeric.array<1xf64, C>";
const SUM_OF_ROWS: &str =
    "%p = numeric.map_reduce add ins(%x = %m : !numeric.array<1xf64, C>, %z = %c : !numeric.array<2xf64, C>) -> f64 {
      %y = numeric.mul %x, %z : f64
      numeric.yield %y : f64
    }";

#[test]
fn what_is_written_in_between() {
    assert!(is_fused(CHEAP, "", SUM));
    assert!(is_fused(CHEAP, "numeric.store %k, %own[%0] : !numeric.array<1xf64, C>", SUM), "an array of its own");
    assert!(!is_fused(CHEAP, "numeric.store %k, %a[%0] : !numeric.array<1xf64, C>", SUM));
    assert!(!is_fused(CHEAP, "numeric.store %k, %b[%0] : !numeric.array<1xf64, C>", SUM), "another may be the same");
    let other_type = "numeric.store %n, %whole[%0] : !numeric.array<1xsi64, C>";
    assert!(!is_fused(CHEAP, other_type, SUM), "another may be a view of its bytes");
    assert!(!is_fused(CHEAP, "func.call @g(%own) : (!numeric.array<1xf64, C>) -> ()", SUM));
    let within = "scf.if %t {
        scf.for %i = %0 to %1 step %1 {
          numeric.store %k, %b[%i] : !numeric.array<1xf64, C>
        }
      }";
    assert!(!is_fused(CHEAP, within, SUM));
    let view = "%v = numeric.view %b starts(%0) sizes(%1) steps(%1) axes [0] : !numeric.array<1xf64, C> -> !numeric.array<1xf64, A>
      numeric.assign %v ins(%x = %k : f64) : !numeric.array<1xf64, A> {
        numeric.yield %x : f64
      }";
    assert!(!is_fused(CHEAP, view, SUM));
    assert!(is_fused(CHEAP, "numeric.print_text \"between\"", SUM));
}

/// What is written to is itself the result of a fusion: the write is known by the new result.
#[test]
fn writes_to_what_has_been_fused() {
    let between = "%p = numeric.map ins(%x = %b : !numeric.array<1xf64, C>) -> !numeric.array<1xf64, C> {
        %y = numeric.mul %x, %x : f64
        numeric.yield %y : f64
      }
      %q = numeric.map ins(%x = %p : !numeric.array<1xf64, C>) -> !numeric.array<1xf64, C> {
        %y = numeric.add %x, %x : f64
        numeric.yield %y : f64
      }
      numeric.store %k, %q[%0] : !numeric.array<1xf64, C>";
    assert!(is_fused(CHEAP, between, SUM));
    let after = "%w = numeric.map ins(%x = %q : !numeric.array<1xf64, C>) -> !numeric.array<1xf64, C> {
        %y = numeric.add %x, %x : f64
        numeric.yield %y : f64
      }
      numeric.store %k, %q[%1] : !numeric.array<1xf64, C>
      %r = numeric.reduce add %w : !numeric.array<1xf64, C>";
    let source = [between, after].concat();
    assert!(is_fused(CHEAP, &source, SUM), "the store is to another array");
}

#[test]
fn what_would_be_computed_again() {
    assert!(is_fused(COSTLY, "", SUM));
    assert!(is_fused(CHEAP, "", SUM_AND_MAXIMUM));
    assert!(!is_fused(COSTLY, "", SUM_AND_MAXIMUM), "twice");
    assert!(is_fused(CHEAP, "", SUM_OF_ROWS));
    assert!(!is_fused(COSTLY, "", SUM_OF_ROWS), "for each row");
}

#[test]
fn what_else_uses_it() {
    assert!(!is_fused(CHEAP, "%e = numeric.load %m[%0] : !numeric.array<1xf64, C>", SUM));
    let view = "%v = numeric.view %m starts(%0) sizes(%1) steps(%1) axes [0] : !numeric.array<1xf64, C> -> !numeric.array<1xf64, A>";
    assert!(!is_fused(CHEAP, view, SUM));
    let within = "scf.if %t {
        %u = numeric.reduce add %m : !numeric.array<1xf64, C>
      }";
    assert!(!is_fused(CHEAP, within, ""), "perhaps not at all, or more than once");
}

/// `np.sum(a - b, axis=0)`: a reduction along an axis takes up what computes its items.
#[test]
fn along_an_axis() {
    const SOURCE: &str = r#"
    func.func @f(%a: !numeric.array<2xf64, C>, %b: !numeric.array<1xf64, C>) -> !numeric.array<1xf64, C> {
      %d = numeric.map ins(%x = %a : !numeric.array<2xf64, C>, %y = %b : !numeric.array<1xf64, C>) -> !numeric.array<2xf64, C> {
        %0 = numeric.sub %x, %y : f64
        numeric.yield %0 : f64
      }
      %s = numeric.reduce_axes add axes [0] ins(%x = %d : !numeric.array<2xf64, C>) -> !numeric.array<1xf64, C> {
        numeric.yield %x : f64
      }
      return %s : !numeric.array<1xf64, C>
    }
    "#;
    assert_snapshot!(before_and_after(PIPELINE, SOURCE));
}
