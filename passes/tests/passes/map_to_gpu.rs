//! Parallel loops become launches; what needs the host stays there.

use crate::harness::before_and_after;
use insta::assert_snapshot;

/// A loop inside of one that is mapped is done in order by each thread.
#[test]
fn loops() {
    const SOURCE: &str = r#"
    func.func @f(%a: memref<?x?xf64>, %n: index, %m: index) {
      %zero = arith.constant 0.0 : f64
      numeric.parallel %i in %n {
        numeric.check_index %i, %m axis 0
        numeric.parallel %j in %m {
          memref.store %zero, %a[%i, %j] : memref<?x?xf64>
        }
      }
      return
    }
    "#;
    assert_snapshot!(before_and_after("map-to-gpu", SOURCE));
}

/// Printing, arrays of the iteration and addresses of the frame need the host, wherever they are reached from.
#[test]
fn host() {
    const SOURCE: &str = r#"
    func.func @f(%n: index, %room: !llvm.ptr, %x: f64) {
      numeric.parallel %i in %n {
        func.call @prints() : () -> ()
      }
      numeric.parallel %i in %n {
        %a = numeric.alloc(%n) : memref<?xf64>
        numeric.release %a : memref<?xf64>
      }
      numeric.parallel %i in %n {
        llvm.store %x, %room : f64, !llvm.ptr
      }
      return
    }
    func.func private @prints() {
      numeric.print_flush
      return
    }
    "#;
    assert_snapshot!(before_and_after("map-to-gpu", SOURCE));
}

/// Lanes have accumulators of their own; what the warps come to is combined on the host.
#[test]
fn reductions() {
    const SOURCE: &str = r#"
    func.func @f(%a: memref<?xf64>, %n: index, %start: f64) -> f64 {
      %r = numeric.parallel %i in %n reduce(add %acc = %start : f64)
        attributes {accumulator_types = ["f64"]} {
        %x = memref.load %a[%i] : memref<?xf64>
        %next = arith.addf %acc, %x : f64
        numeric.yield %next : f64
      }
      return %r : f64
    }
    "#;
    assert_snapshot!(before_and_after("map-to-gpu", SOURCE));
}
