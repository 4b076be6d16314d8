//! The host asks for an array before it touches it, outside of loops in which nothing is launched.

use crate::harness::before_and_after;
use insta::assert_snapshot;

#[test]
fn guards() {
    const SOURCE: &str = r#"
    module attributes {gpu.container_module} {
      func.func @f(%a: memref<?xf64>, %b: memref<?xf64>, %n: index) {
        %zero = arith.constant 0 : index
        %one = arith.constant 1 : index
        scf.for %i = %zero to %n step %one {
          gpu.launch_func @kernels::@k blocks in (%n, %one, %one) threads in (%one, %one, %one) args(%a : memref<?xf64>)
          scf.for %j = %zero to %n step %one {
            %x = memref.load %a[%j] : memref<?xf64>
            memref.store %x, %b[%j] : memref<?xf64>
          }
        }
        scf.for %i = %zero to %n step %one {
          scf.for %j = %zero to %n step %one {
            %x = memref.load %a[%j] : memref<?xf64>
            memref.store %x, %a[%i] : memref<?xf64>
          }
        }
        return
      }
      gpu.module @kernels {
        gpu.func @k(%a: memref<?xf64>) kernel {
          gpu.return
        }
      }
    }
    "#;
    assert_snapshot!(before_and_after("guard-host-access", SOURCE));
}

/// Its argument may live on the device.
#[test]
fn a_function_that_launches_nothing_is_guarded() {
    const SOURCE: &str = r#"
    module attributes {gpu.container_module} {
      func.func @f(%a: memref<?xf64>, %i: index) -> f64 {
        %x = memref.load %a[%i] : memref<?xf64>
        memref.store %x, %a[%i] : memref<?xf64>
        return %x : f64
      }
    }
    "#;
    assert_snapshot!(before_and_after("guard-host-access", SOURCE));
}
