//! Launches are calls of the runtime, which get the arrays' addresses on the device.

use crate::harness::before_and_after;
use insta::assert_snapshot;

/// An array whose strides are not known may reach below its first item. What the program has promised of a kernel's blocks, the runtime is told.
#[test]
fn launches() {
    const SOURCE: &str = r#"
    module attributes {gpu.container_module} {
      func.func @f(%a: memref<?xf64>, %b: memref<?xf32, strided<[?], offset: ?>>, %n: index) {
        %one = arith.constant 1 : index
        gpu.launch_func @kernels::@k blocks in (%n, %one, %one) threads in (%one, %one, %one)
          args(%a : memref<?xf64>, %b : memref<?xf32, strided<[?], offset: ?>>, %n : index)
        return
      }
      gpu.module @kernels {
        gpu.func @k(%a: memref<?xf64>, %b: memref<?xf32, strided<[?], offset: ?>>, %n: index) kernel
            attributes {numir.max_threads = 128 : i64} {
          gpu.return
        }
      }
    }
    "#;
    assert_snapshot!(before_and_after("lower-launches", SOURCE));
}

/// Memory that nobody has written to is not copied (mode 6); what is zeroed, or was written to before, is (mode 2).
#[test]
fn fresh_arrays() {
    const SOURCE: &str = r#"
    module attributes {gpu.container_module} {
      func.func @f(%n: index, %x: f64) {
        %one = arith.constant 1 : index
        %fresh = numeric.alloc(%n) : memref<?xf64>
        %zeroed = numeric.alloc(%n) {zero = true} : memref<?xf64>
        %written = numeric.alloc(%n) : memref<?xf64>
        memref.store %x, %written[%one] : memref<?xf64>
        gpu.launch_func @kernels::@k blocks in (%n, %one, %one) threads in (%one, %one, %one)
          args(%fresh : memref<?xf64>, %zeroed : memref<?xf64>, %written : memref<?xf64>)
        memref.store %x, %fresh[%one] : memref<?xf64>
        return
      }
      gpu.module @kernels {
        gpu.func @k(%a: memref<?xf64>, %b: memref<?xf64>, %c: memref<?xf64>) kernel attributes {numir.modes = array<i64: 2, 2, 2>} {
          gpu.return
        }
      }
    }
    "#;
    assert_snapshot!(before_and_after("lower-launches", SOURCE));
}
