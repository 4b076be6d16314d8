//! Objects, assembly and LLVM IR, for this machine and for others.

use std::path::PathBuf;
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
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("module.o"), object).unwrap();
    std::fs::write(path("main.c"), main).unwrap();
    let mut gcc = Command::new("gcc");
    gcc.arg("-o").arg(path("main")).arg(path("main.c")).arg(path("module.o")).args(libraries);
    assert!(gcc.status().unwrap().success());
    let output = Command::new(path("main")).output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
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
