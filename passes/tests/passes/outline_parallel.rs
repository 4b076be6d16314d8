//! Parallel loops become calls of the pool.

use crate::harness::before_and_after;
use insta::assert_snapshot;

/// A body gets what it needs in a context; constants and extents it finds itself.
#[test]
fn captures() {
    const SOURCE: &str = r#"
    func.func @f(%a: memref<?x?xf64>, %b: memref<?xf32, strided<[?], offset: ?>>, %k: f64) {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %n = memref.dim %a, %c0 : memref<?x?xf64>
      %m = memref.dim %a, %c1 : memref<?x?xf64>
      numeric.parallel %i in %n {
        scf.for %j = %c0 to %m step %c1 {
          memref.store %k, %a[%i, %j] : memref<?x?xf64>
        }
        %x = arith.truncf %k : f64 to f32
        memref.store %x, %b[%i] : memref<?xf32, strided<[?], offset: ?>>
      }
      return
    }
    "#;
    assert_snapshot!(before_and_after("outline-parallel", SOURCE));
}

/// Partial results are combined in order, and an error is passed on after.
#[test]
fn reduction() {
    const SOURCE: &str = r#"
    func.func @f(%n: index, %m: index, %init: f64) -> f64 {
      %r = numeric.parallel %i in %n reduce(max %acc = %init : f64) attributes {accumulator_types = ["f64"]} {
        numeric.check_index %i, %m axis 0
        %c = arith.index_cast %i : index to i64
        %x = arith.sitofp %c : i64 to f64
        %next = arith.maximumf %acc, %x : f64
        numeric.yield %next : f64
      }
      return %r : f64
    }
    "#;
    assert_snapshot!(before_and_after("outline-parallel", SOURCE));
}

/// Each chunk adds up in an array of its own.
#[test]
fn array_reduction() {
    const SOURCE: &str = r#"
    func.func @f(%n: index, %init: memref<?xi32>) -> memref<?xi32> {
      %one = arith.constant 1 : i32
      %r = numeric.parallel %i in %n reduce(add %acc = %init : memref<?xi32>) attributes {accumulator_types = ["si32"]} {
        %x = memref.load %acc[%i] : memref<?xi32>
        %y = arith.addi %x, %one : i32
        memref.store %y, %acc[%i] : memref<?xi32>
        numeric.yield %acc : memref<?xi32>
      }
      return %r : memref<?xi32>
    }
    "#;
    assert_snapshot!(before_and_after("outline-parallel", SOURCE));
}

/// Inner loops are called from the outer body.
#[test]
fn nest() {
    const SOURCE: &str = r#"
    func.func @f(%n: index, %a: memref<?xf64>) {
      %zero = arith.constant 0.0 : f64
      numeric.parallel %i in %n {
        numeric.parallel %j in %i {
          memref.store %zero, %a[%j] : memref<?xf64>
        }
      }
      return
    }
    "#;
    assert_snapshot!(before_and_after("outline-parallel", SOURCE));
}
