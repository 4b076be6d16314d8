//! What threads do together is the simulator's, and accesses of kernels that are written by hand are checked.

use crate::harness::{before_and_after, context, try_transform};
use insta::assert_snapshot;

#[test]
fn kernels() {
    const SOURCE: &str = r#"
    module attributes {gpu.container_module} {
      gpu.module @kernels {
        func.func private @k.thread(%a: memref<?xf64>, %mask: i32) -> i32 attributes {numir.parallel_body} {
          %fine = arith.constant 0 : i32
          %tile = numeric.device_array "shared" [4, 2] : memref<?x?xf32>
          %more = numeric.device_array "shared" [3] : memref<?xi8>
          %own = numeric.device_array "local" [2] : memref<?xf64>
          %rest = numeric.device_array "dynamic" [0] : memref<?xf32>
          %i = gpu.thread_id x
          %x = memref.load %a[%i] : memref<?xf64>
          memref.store %x, %own[%i] : memref<?xf64>
          numeric.barrier "block"() : () -> ()
          %n = numeric.barrier "count"(%mask) : (i32) -> i32
          numeric.barrier "warp"(%mask) : (i32) -> ()
          %y, %there = numeric.warp "shuffle_up"(%mask, %x, %n, %n) : (i32, f64, i32, i32) -> (f64, i1)
          %all = numeric.warp "all"(%mask, %there) : (i32, i1) -> i1
          %same, %are = numeric.warp "match_all"(%mask, %y) : (i32, f64) -> (i32, i1)
          %here = numeric.warp "active"() : () -> i32
          %old = numeric.atomic "add" %a[%i], %y {operand_types = ["f64"]} : memref<?xf64>, f64
          func.call @use(%tile, %more, %rest, %all, %are, %here, %same) : (memref<?x?xf32>, memref<?xi8>, memref<?xf32>, i1, i1, i32, i32) -> ()
          return %fine : i32
        }
        func.func private @use(memref<?x?xf32>, memref<?xi8>, memref<?xf32>, i1, i1, i32, i32)
        gpu.func @k(%a: memref<?xf64>, %mask: i32) kernel attributes {numir.written = "k"} {
          %status = func.call @k.thread(%a, %mask) : (memref<?xf64>, i32) -> i32
          gpu.return
        }
      }
    }
    "#;
    assert_snapshot!(before_and_after("simulate-threads", SOURCE));
}

/// Matrices of a warp, and copies that go on meanwhile.
pub(crate) const TILES: &str = r#"
    module attributes {gpu.container_module} {
      llvm.mlir.global internal @numir.kernel.k() : !llvm.struct<(ptr, ptr, i64, ptr, ptr)> {
        %zero = llvm.mlir.zero : !llvm.struct<(ptr, ptr, i64, ptr, ptr)>
        llvm.return %zero : !llvm.struct<(ptr, ptr, i64, ptr, ptr)>
      }
      gpu.module @kernels {
        func.func private @k.thread(%a: memref<?x?xf16>, %c: memref<?xf32>, %i: index) -> i32 attributes {numir.parallel_body} {
          %fine = arith.constant 0 : i32
          %x = arith.constant 0.0 : f32
          %tile = numeric.device_array "shared" [16, 32] : memref<?x?xf16>
          numeric.copy_async %tile, %a[%i, %i, %i, %i], %i : memref<?x?xf16>, memref<?x?xf16>
          numeric.await_copies 1
          %r:4 = numeric.load_matrix transposed %tile[%i, %i] : memref<?x?xf16> -> i32, i32, i32, i32
          %p:4 = numeric.warp "mma_f16"(%r#0, %r#1, %r#2, %r#3, %r#0, %r#1, %x, %x, %x, %x) : (i32, i32, i32, i32, i32, i32, f32, f32, f32, f32) -> (f32, f32, f32, f32)
          memref.store %p#3, %c[%i] : memref<?xf32>
          return %fine : i32
        }
        gpu.func @k(%a: memref<?x?xf16>, %c: memref<?xf32>, %i: index) kernel attributes {numir.written = "k"} {
          %status = func.call @k.thread(%a, %c, %i) : (memref<?x?xf16>, memref<?xf32>, index) -> i32
          gpu.return
        }
      }
    }
"#;

#[test]
fn tiles() {
    assert_snapshot!(before_and_after("simulate-threads", TILES));
}

/// What does not fit is told when the kernel is compiled.
#[test]
fn shared_arrays_fit() {
    const SOURCE: &str = r#"
    module attributes {gpu.container_module} {
      gpu.module @kernels {
        func.func private @k.thread() -> i32 attributes {numir.parallel_body} {
          %fine = arith.constant 0 : i32
          %tile = numeric.device_array "shared" [100, 100] : memref<?x?xf64>
          return %fine : i32
        }
        gpu.func @k() kernel {
          %status = func.call @k.thread() : () -> i32
          gpu.return
        }
      }
    }
    "#;
    let context = context();
    let said = try_transform(&context, "simulate-threads", SOURCE).err().unwrap_or_default();
    assert!(said.contains("have 80000 bytes by now, of 49152 at most"), "{said}");
}
