//! Long loops ask now and then whether they are to end, where the module says that they can be interrupted.

use crate::harness::before_and_after;
use insta::assert_snapshot;

/// A loop that is long, one in another, a while loop; and one that is known to be short, which is left as it is.
#[test]
fn loops() {
    const SOURCE: &str = r#"
    module attributes {numir.interruptible} {
      func.func @f(%a: memref<?xf64>, %n: index) {
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %c7 = arith.constant 7 : index
        %x = arith.constant 1.0 : f64
        scf.for %i = %c0 to %n step %c1 {
          memref.store %x, %a[%i] : memref<?xf64>
        }
        scf.for %i = %c0 to %n step %c1 {
          scf.for %k = %c0 to %c7 step %c1 {
            memref.store %x, %a[%k] : memref<?xf64>
          }
          func.call @g(%a) : (memref<?xf64>) -> ()
        }
        %last = scf.while (%i = %c0) : (index) -> index {
          %more = arith.cmpi ult, %i, %n : index
          scf.condition(%more) %i : index
        } do {
        ^bb0(%i: index):
          %next = arith.addi %i, %c1 : index
          scf.yield %next : index
        }
        return
      }
      func.func private @g(memref<?xf64>)
    }
    "#;
    assert_snapshot!(before_and_after("poll-interrupts", SOURCE));
}

/// Functions whose loops are short by construction, and modules that nobody interrupts, stay as they are.
#[test]
fn left_alone() {
    const SOURCE: &str = r#"
    module attributes {numir.interruptible} {
      func.func @f(%a: memref<?xf64>, %n: index) attributes {numir.short} {
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %x = arith.constant 1.0 : f64
        scf.for %i = %c0 to %n step %c1 {
          memref.store %x, %a[%i] : memref<?xf64>
        }
        return
      }
    }
    "#;
    let text = before_and_after("poll-interrupts", SOURCE);
    assert!(!text.contains("numir_poll"), "{text}");
}
