//! The references of arrays begin and end where the discipline of the pass says.

use crate::harness::before_and_after;
use insta::assert_snapshot;

/// A temporary is released after its last use, the result is handed on.
#[test]
fn temporaries() {
    const SOURCE: &str = r#"
    func.func @f(%a: !numeric.array<1xf64, C>, %n: index) -> !numeric.array<1xf64, C> {
      %zero = numeric.constant 0 : index
      %t = numeric.alloc(%n) : !numeric.array<1xf64, C>
      %r = numeric.alloc(%n) : !numeric.array<1xf64, C>
      %x = numeric.load %t[%zero] : !numeric.array<1xf64, C>
      numeric.store %x, %r[%zero] : !numeric.array<1xf64, C>
      return %r : !numeric.array<1xf64, C>
    }
    "#;
    assert_snapshot!(before_and_after("func.func(release-values)", SOURCE));
}

/// An array whose address is taken lives to the end of the block: who has the address uses it unseen.
#[test]
fn addresses() {
    const SOURCE: &str = r#"
    func.func @f(%n: index) -> f64 {
      %t = numeric.alloc(%n) : !numeric.array<1xf64, C>
      %p = numeric.address %t : !numeric.array<1xf64, C> -> ui64
      %x = numeric.call_foreign "read" at 4096(%p) : (ui64) -> f64
      return %x : f64
    }
    "#;
    assert_snapshot!(before_and_after("func.func(release-values)", SOURCE));
}

/// What is borrowed, or a view, is retained before it is handed on.
#[test]
fn borrowed() {
    const SOURCE: &str = r#"
    func.func @f(%a: !numeric.array<1xf64, C>, %n: index) -> (!numeric.array<1xf64, C>, !numeric.array<1xf64, A>) {
      %zero = numeric.constant 0 : index
      %two = numeric.constant 2 : index
      %t = numeric.alloc(%n) : !numeric.array<1xf64, C>
      %v = numeric.view %t starts(%zero) sizes(%n) steps(%two) axes [0] : !numeric.array<1xf64, C> -> !numeric.array<1xf64, A>
      return %a, %v : !numeric.array<1xf64, C>, !numeric.array<1xf64, A>
    }
    "#;
    assert_snapshot!(before_and_after("func.func(release-values)", SOURCE));
}

/// A loop owns what it carries; two arrays that change places are not counted.
#[test]
fn loops() {
    const SOURCE: &str = r#"
    func.func @f(%a: !numeric.array<1xf64, C>, %n: index) {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %t = numeric.alloc(%n) : !numeric.array<1xf64, C>
      %r:2 = scf.for %i = %c0 to %n step %c1 iter_args(%x = %a, %y = %t) -> (!numeric.array<1xf64, C>, !numeric.array<1xf64, C>) {
        scf.yield %y, %x : !numeric.array<1xf64, C>, !numeric.array<1xf64, C>
      }
      %v = numeric.load %r#0[%c0] : !numeric.array<1xf64, C>
      numeric.store %v, %a[%c0] : !numeric.array<1xf64, C>
      return
    }
    "#;
    assert_snapshot!(before_and_after("func.func(release-values)", SOURCE));
}

/// A branch that yields what it does not own retains it.
#[test]
fn branches() {
    const SOURCE: &str = r#"
    func.func @f(%a: !numeric.array<1xf64, C>, %n: index, %c: i1) -> f64 {
      %c0 = arith.constant 0 : index
      %r = scf.if %c -> (!numeric.array<1xf64, C>) {
        %t = numeric.alloc(%n) : !numeric.array<1xf64, C>
        scf.yield %t : !numeric.array<1xf64, C>
      } else {
        scf.yield %a : !numeric.array<1xf64, C>
      }
      %v = numeric.load %r[%c0] : !numeric.array<1xf64, C>
      return %v : f64
    }
    "#;
    assert_snapshot!(before_and_after("func.func(release-values)", SOURCE));
}

/// An array that a loop uses besides is retained before it is handed to it.
#[test]
fn used_within() {
    const SOURCE: &str = r#"
    func.func @f(%n: index) -> !numeric.array<1xf64, C> {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %t = numeric.alloc(%n) : !numeric.array<1xf64, C>
      %r = scf.for %i = %c0 to %n step %c1 iter_args(%x = %t) -> (!numeric.array<1xf64, C>) {
        %v = numeric.load %t[%i] : !numeric.array<1xf64, C>
        numeric.store %v, %x[%i] : !numeric.array<1xf64, C>
        %new = numeric.alloc(%n) : !numeric.array<1xf64, C>
        scf.yield %new : !numeric.array<1xf64, C>
      }
      return %r : !numeric.array<1xf64, C>
    }
    "#;
    assert_snapshot!(before_and_after("func.func(release-values)", SOURCE));
}
