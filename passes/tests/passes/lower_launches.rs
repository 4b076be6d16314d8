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
