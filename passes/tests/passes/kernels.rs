//! Kernels as CUDA launches them, and as the simulator calls them.

use crate::harness::before_and_after;
use insta::assert_snapshot;

/// A kernel whose threads exchange numbers of 64 and of 16 bits, and whose registers and blocks are limited.
const SOURCE: &str = r#"
    llvm.mlir.global internal @numir.kernel.k() : !llvm.struct<(ptr, ptr, i64, ptr, ptr)> {
      %zero = llvm.mlir.zero : !llvm.struct<(ptr, ptr, i64, ptr, ptr)>
      llvm.return %zero : !llvm.struct<(ptr, ptr, i64, ptr, ptr)>
    }
    gpu.module @kernels {
      func.func private @k.thread(%t: index, %a: memref<?xf64>, %h: f16) -> i32 attributes {numir.parallel_body} {
        %lanes = arith.constant 32 : i32
        %one = arith.constant 1 : i32
        %fine = arith.constant 0 : i32
        %x = memref.load %a[%t] : memref<?xf64>
        %y, %v = gpu.shuffle xor %x, %one, %lanes : f64
        %g, %w = gpu.shuffle idx %h, %one, %lanes : f16
        memref.store %y, %a[%t] : memref<?xf64>
        return %fine : i32
      }
      gpu.func @k(%a: memref<?xf64>, %h: f16) kernel
          attributes {numir.max_registers = 40 : i64, numir.max_threads = 128 : i64, numir.min_blocks = 2 : i64} {
        %t = gpu.thread_id y
        %status = func.call @k.thread(%t, %a, %h) : (index, memref<?xf64>, f16) -> i32
        gpu.return
      }
    }
    "#;

#[test]
fn for_cuda() {
    assert_snapshot!(before_and_after("lower-kernels", SOURCE));
}

/// Matrices of a warp, and copies to shared memory.
#[test]
fn tiles_for_cuda() {
    let source = crate::simulate_threads::TILES
        .replace("module attributes {gpu.container_module} {", "")
        .trim_end()
        .trim_end_matches('}')
        .to_owned();
    assert_snapshot!(before_and_after("lower-kernels", &source));
}

#[test]
fn for_the_simulator() {
    assert_snapshot!(before_and_after("simulate-kernels", SOURCE));
}

/// A line goes to CUDA's function in one piece; what stands in another block is a line of its own.
#[test]
fn prints() {
    const PRINTS: &str = r#"
    gpu.module @kernels {
      func.func private @p.thread(%i: i8, %x: f32, %b: i1, %z: complex<f64>) -> i32 attributes {numir.parallel_body} {
        %fine = arith.constant 0 : i32
        numeric.print_text "100% of "
        numeric.print_value str %i {operand_types = ["si8"]} : i8
        numeric.print_flush
        cf.cond_br %b, ^bb1, ^bb2
      ^bb1:
        numeric.print_value str %x {operand_types = ["f32"]} : f32
        numeric.print_text " "
        numeric.print_value str %b {operand_types = ["bool"]} : i1
        numeric.print_value str %z {operand_types = ["complex128"]} : complex<f64>
        cf.br ^bb2
      ^bb2:
        numeric.print_text "end"
        numeric.print_flush
        return %fine : i32
      }
    }
    "#;
    assert_snapshot!(before_and_after("lower-print,lower-kernels", PRINTS));
}
