//! What is launched becomes a kernel, with copies of what it calls.

use crate::harness::before_and_after;
use insta::assert_snapshot;

#[test]
fn kernels() {
    const SOURCE: &str = r#"
    func.func @module.f(%a: memref<?xf64>, %n: index, %x: f64) {
      %one = arith.constant 1 : index
      %two = arith.constant 2.0 : f64
      gpu.launch blocks(%bx, %by, %bz) in (%gx = %n, %gy = %one, %gz = %one)
                 threads(%tx, %ty, %tz) in (%sx = %one, %sy = %one, %sz = %one) {
        %y = func.call @twice(%x, %two) : (f64, f64) -> f64
        memref.store %y, %a[%bx] : memref<?xf64>
        gpu.terminator
      }
      return
    }
    func.func private @twice(%x: f64, %y: f64) -> f64 {
      %z = arith.mulf %x, %y : f64
      return %z : f64
    }
    "#;
    assert_snapshot!(before_and_after("outline-kernels", SOURCE));
}
