//! Objects, assembly and LLVM IR, for this machine and for others.

use std::path::{Path, PathBuf};
use std::process::Command;

use numir_codegen::IrForm;

use crate::{SAXPY, context, generator, parse};

#[test]
fn loops_are_vectorized_for_avx2() {
    let context = context();
    let assembly = generator("x86-64-v3").assembly(&parse(&context, SAXPY)).unwrap();
    assert!(assembly.contains("%ymm") && !assembly.contains("vfmadd"), "{assembly}");
    assert!(assembly.contains("vmulps") && assembly.contains("vaddps"), "{assembly}");
}

#[test]
fn ir_is_shown_before_and_after_optimisation() {
    let context = context();
    let module = parse(&context, SAXPY);
    let generator = generator("x86-64-v3");
    let before = generator.llvm_ir(&module, IrForm::Translated).unwrap();
    let after = generator.llvm_ir(&module, IrForm::Optimized).unwrap();
    assert!(before.contains("define void @saxpy") && !before.contains("<8 x float>"), "{before}");
    assert!(before.contains(r#"target triple = "x86_64-unknown-linux-gnu""#), "{before}");
    assert!(after.contains("<8 x float>"), "{after}");
}

/// The target's alignment, not that of LLVM's default layout, where an i64 has 4 bytes.
#[test]
fn accesses_have_the_targets_alignment() {
    let context = context();
    let module = parse(
        &context,
        r#"
        llvm.func @copy(%from: !llvm.ptr, %to: !llvm.ptr) {
          %0 = llvm.load %from : !llvm.ptr -> i64
          llvm.store %0, %to : i64, !llvm.ptr
          llvm.return
        }"#,
    );
    for target in ["x86-64-v3", "aarch64"] {
        let ir = generator(target).llvm_ir(&module, IrForm::Translated).unwrap();
        assert!(ir.contains("load i64, ptr %0, align 8") && ir.contains("ptr %1, align 8"), "{ir}");
        assert!(ir.contains("target datalayout = \"e-m:e-"), "{ir}");
    }
    assert!(!module.as_operation().to_string().contains("data_layout"), "the module is as it was");
}

#[test]
fn an_object_links_with_gcc() {
    let context = context();
    let object = generator("x86-64").object(&parse(&context, SAXPY)).unwrap();
    let said = link_and_run(
        &object,
        r#"
        #include <stdio.h>
        void saxpy(long n, float a, const float *x, float *y);
        int main(void) {
            float x[3] = {1, 2, 3}, y[3] = {10, 20, 30};
            saxpy(3, 2, x, y);
            printf("%g %g %g\n", y[0], y[1], y[2]);
        }"#,
        &[],
    );
    assert_eq!(said, "12 24 36\n");
}

#[test]
fn an_object_links_with_the_runtime() {
    let context = context();
    let module = parse(
        &context,
        r#"
        llvm.func @numir_print_int(i64, i32, i32)
        llvm.func @numir_print_flush()
        llvm.func @show(%x: f64) {
          %bits = llvm.mlir.constant(64 : i32) : i32
          %plain = llvm.mlir.constant(0 : i32) : i32
          %half = llvm.fptrunc %x : f64 to f16
          %value = llvm.fptosi %half : f16 to i64
          llvm.call @numir_print_int(%value, %bits, %plain) : (i64, i32, i32) -> ()
          llvm.call @numir_print_flush() : () -> ()
          llvm.return
        }"#,
    );
    let object = generator("x86-64").object(&module).unwrap();
    let main = "void show(double x); int main(void) { show(42.01); }";
    assert_eq!(link_and_run(&object, main, &[runtime_library(), "-lm".into()]), "42");
}

/// The limit holds on a main thread too, however large the shell lets its stack be.
#[test]
fn the_main_thread_knows_its_stack() {
    const MAIN: &str = r#"
        #include <stdio.h>
        #include <string.h>
        void *numir_stack_limit(void);
        static long depth(char *limit, long levels) {
            volatile char frame[32 << 10];
            frame[0] = 1;
            return (char *)frame < limit ? levels : depth(limit, levels + frame[0]) + frame[0] - 1;
        }
        int main(void) {
            printf("%ld\n", depth(numir_stack_limit(), 0) * 32 / 1024);
            return 0;
        }"#;
    let folder = tempfile::tempdir().unwrap();
    let program = link(folder.path(), None, MAIN, &[runtime_library(), "-lm".into()]);
    // In MiB: the shell's limit; the depth that may be reached.
    for (limit, depths) in [("1024", 0..=1), ("8192", 6..=8), ("65536", 62..=64), ("unlimited", 1000..=1024)] {
        let script = format!("ulimit -s {limit} && exec {}", program.display());
        let output = Command::new("sh").args(["-c", &script]).output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        // Where the hard limit is lower, there is nothing to see.
        if !String::from_utf8_lossy(&output.stderr).contains("limit") {
            assert!(output.status.success(), "{limit}: {:?}", output.status);
            assert!(depths.contains(&said.trim().parse().unwrap()), "{limit}: {said}");
        }
    }
}

/// The static library that cargo built for this very test run.
fn runtime_library() -> PathBuf {
    let beside = std::env::current_exe().unwrap().parent().unwrap().read_dir().unwrap();
    let libraries = beside.map(|entry| entry.unwrap().path()).filter(|path| {
        let name = path.file_name().unwrap().to_string_lossy();
        name.starts_with("libnumir_runtime") && name.ends_with(".a")
    });
    libraries.max_by_key(|path| path.metadata().unwrap().modified().unwrap()).expect("the runtime is a dependency")
}

fn link_and_run(object: &[u8], main: &str, libraries: &[PathBuf]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(link(folder.path(), Some(object), main, libraries)).output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

/// Links a program of C, an object and libraries; returns where it is.
fn link(folder: &Path, object: Option<&[u8]>, main: &str, libraries: &[PathBuf]) -> PathBuf {
    let program = folder.join("main");
    std::fs::write(folder.join("main.c"), main).unwrap();
    let mut gcc = Command::new("gcc");
    gcc.arg("-o").arg(&program).arg(folder.join("main.c"));
    if let Some(object) = object {
        std::fs::write(folder.join("module.o"), object).unwrap();
        gcc.arg(folder.join("module.o"));
    }
    assert!(gcc.args(libraries).status().unwrap().success());
    program
}

#[test]
fn objects_for_aarch64_come_from_the_same_module() {
    const EM_AARCH64: u16 = 183;
    let context = context();
    let module = parse(&context, SAXPY);
    let generator = generator("aarch64");
    let object = generator.object(&module).unwrap();
    assert!(object.starts_with(b"\x7fELF"));
    assert_eq!(u16::from_le_bytes([object[18], object[19]]), EM_AARCH64);
    let assembly = generator.assembly(&module).unwrap();
    assert!(assembly.contains("fmul\tv") && assembly.contains(".4s"), "{assembly}");
}
