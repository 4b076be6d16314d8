//! Loops that LLVM need not unroll.

use crate::harness::before_and_after;
use insta::assert_snapshot;

/// A loop that is vectorised, one that carries a sum, one with a branch, an exact copy, and one that has its annotation.
#[test]
fn kinds() {
    const SOURCE: &str = r#"
    func.func @f(%a: memref<?xf64>, %n: index, %x: f64, %p: i1) -> f64 {
      %zero = arith.constant 0 : index
      %one = arith.constant 1 : index
      scf.for %i = %zero to %n step %one {
        scf.for %j = %zero to %n step %one {
          memref.store %x, %a[%j] : memref<?xf64>
        }
      }
      %sum = scf.for %i = %zero to %n step %one iter_args(%s = %x) -> (f64) {
        %item = memref.load %a[%i] : memref<?xf64>
        %next = arith.addf %s, %item : f64
        scf.yield %next : f64
      }
      scf.for %i = %zero to %n step %one {
        scf.if %p {
          memref.store %x, %a[%i] : memref<?xf64>
        }
      }
      scf.for %i = %zero to %n step %one {
        scf.for %j = %zero to %n step %one {
          memref.store %x, %a[%j] : memref<?xf64>
        }
      } {numir.exact}
      scf.for %i = %zero to %n step %one {
        memref.store %x, %a[%i] : memref<?xf64>
      } {loop_annotation = #llvm.loop_annotation<unroll = #llvm.loop_unroll<full = true>>}
      return %sum : f64
    }
    "#;
    assert_snapshot!(before_and_after("func.func(annotate-loops)", SOURCE));
}
