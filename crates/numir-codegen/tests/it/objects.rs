//! Objects, assembly and LLVM IR, for this machine and for others.

use std::process::Command;

use numir_codegen::IrForm;

use crate::{SAXPY, context, generator, parse};

#[test]
fn loops_are_vectorized_for_avx2() {
    let context = context();
    let assembly = generator("x86-64-v3").assembly(&parse(&context, SAXPY)).unwrap();
    assert!(assembly.contains("%ymm") && assembly.contains("vfmadd") == false, "{assembly}");
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
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("saxpy.o"), object).unwrap();
    std::fs::write(
        path("main.c"),
        r#"
        #include <stdio.h>
        void saxpy(long n, float a, const float *x, float *y);
        int main(void) {
            float x[3] = {1, 2, 3}, y[3] = {10, 20, 30};
            saxpy(3, 2, x, y);
            printf("%g %g %g\n", y[0], y[1], y[2]);
        }"#,
    )
    .unwrap();
    let linked = Command::new("gcc")
        .args(["-o".as_ref(), path("main").as_os_str(), path("main.c").as_os_str(), path("saxpy.o").as_os_str()])
        .status()
        .unwrap();
    assert!(linked.success());
    let output = Command::new(path("main")).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "12 24 36\n");
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
