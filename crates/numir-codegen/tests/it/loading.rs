//! Code in executable memory, placed by the runtime's loader.

use std::ffi::c_void;

use numir_codegen::{CodeGenerator, OptLevel, Target};
use numir_runtime::loader::{self, Loaded};

use crate::{SAXPY, context, function, generator, load, parse};

#[test]
fn adds_at_every_level() {
    let context = context();
    let module =
        parse(&context, "llvm.func @add(%a: i64, %b: i64) -> i64 { %0 = llvm.add %a, %b : i64  llvm.return %0 : i64 }");
    for level in [OptLevel::None, OptLevel::Less, OptLevel::Default, OptLevel::Aggressive] {
        let generator = CodeGenerator::new(Target::host().unwrap(), level).unwrap();
        let code = load(&generator, &module);
        let add: extern "C" fn(i64, i64) -> i64 = function(&code, "add");
        assert_eq!(add(40, 2), 42);
        assert!(code.symbol("sub").is_none());
        let timings = generator.timings();
        assert!(timings.translate > std::time::Duration::ZERO && timings.emit > std::time::Duration::ZERO);
    }
}

#[test]
fn runs_a_loop() {
    let context = context();
    let code = load(&generator("host"), &parse(&context, SAXPY));
    let saxpy: extern "C" fn(i64, f32, *const f32, *mut f32) = function(&code, "saxpy");
    let x: Vec<f32> = (0..1000).map(|i| i as f32).collect();
    let mut y = vec![1.0f32; 1000];
    saxpy(1000, 2.0, x.as_ptr(), y.as_mut_ptr());
    assert!(y.iter().enumerate().all(|(i, y)| *y == 2.0 * i as f32 + 1.0));
}

#[test]
fn calls_what_was_defined_and_what_the_process_has() {
    extern "C" fn twice(x: i64) -> i64 {
        2 * x
    }
    let context = context();
    let module = parse(
        &context,
        r#"
        llvm.func @twice(i64) -> i64
        llvm.func @labs(i64) -> i64
        llvm.func @f(%x: i64) -> i64 {
          %0 = llvm.call @twice(%x) : (i64) -> i64
          %1 = llvm.call @labs(%0) : (i64) -> i64
          llvm.return %1 : i64
        }"#,
    );
    let object = generator("host").object(&module).unwrap();
    let code = Loaded::load(&object, &|name| match name {
        "twice" => Some(twice as *const c_void),
        _ => loader::resolve(name),
    });
    let code = code.unwrap();
    let f: extern "C" fn(i64) -> i64 = function(&code, "f");
    assert_eq!(f(-21), 42);
}

#[test]
fn a_module_may_shadow_what_it_could_import() {
    let context = context();
    let module = parse(
        &context,
        r#"
        llvm.func @labs(%x: i64) -> i64 attributes {no_inline} { llvm.return %x : i64 }
        llvm.func @f(%x: i64) -> i64 { %0 = llvm.call @labs(%x) : (i64) -> i64  llvm.return %0 : i64 }"#,
    );
    let code = load(&generator("host"), &module);
    let f: extern "C" fn(i64) -> i64 = function(&code, "f");
    assert_eq!(f(-21), -21);
}

#[test]
fn dropping_gives_the_memory_back() {
    let mapped = || std::fs::read_to_string("/proc/self/maps").unwrap();
    let executable_at = |address: usize| {
        mapped().lines().any(|line| {
            let (range, rest) = line.split_once(' ').unwrap();
            let (start, end) = range.split_once('-').unwrap();
            let start = usize::from_str_radix(start, 16).unwrap();
            let end = usize::from_str_radix(end, 16).unwrap();
            rest.starts_with("r-x") && (start..end).contains(&address)
        })
    };
    let context = context();
    let code = load(&generator("host"), &parse(&context, SAXPY));
    let address = code.symbol("saxpy").unwrap() as usize;
    assert!(executable_at(address));
    drop(code);
    assert!(!executable_at(address));
}

#[test]
fn an_empty_module_is_fine() {
    let context = context();
    let code = load(&generator("host"), &parse(&context, "module {}"));
    assert!(code.symbol("anything").is_none());
}

#[test]
fn a_local_function_may_have_the_name_of_a_library_function() {
    let context = context();
    let module = parse(
        &context,
        r#"
        llvm.func internal @sin(%x: f64) -> f64 attributes {no_inline} {
          %0 = llvm.intr.sin(%x) : (f64) -> f64
          %1 = llvm.fadd %0, %0 : f64
          llvm.return %1 : f64
        }
        llvm.func @f(%x: f64) -> f64 { %0 = llvm.call @sin(%x) : (f64) -> f64  llvm.return %0 : f64 }"#,
    );
    let code = load(&generator("host"), &module);
    let f: extern "C" fn(f64) -> f64 = function(&code, "f");
    assert_eq!(f(0.5), 2.0 * 0.5f64.sin());
}

#[test]
fn calls_the_runtime() {
    let context = context();
    let module = parse(
        &context,
        r#"
        llvm.func @numir_alloc(i64, i32) -> !llvm.ptr
        llvm.func @numir_release(!llvm.ptr)
        llvm.func @f(%bytes: i64) -> i64 {
          %zero = llvm.mlir.constant(1 : i32) : i32
          %owner = llvm.call @numir_alloc(%bytes, %zero) : (i64, i32) -> !llvm.ptr
          %data = llvm.getelementptr %owner[64] : (!llvm.ptr) -> !llvm.ptr, i8
          %first = llvm.load volatile %data : !llvm.ptr -> i64
          %address = llvm.ptrtoint %data : !llvm.ptr to i64
          %sum = llvm.add %first, %address : i64
          llvm.call @numir_release(%owner) : (!llvm.ptr) -> ()
          llvm.return %sum : i64
        }"#,
    );
    let code = load(&generator("host"), &module);
    let f: extern "C" fn(i64) -> i64 = function(&code, "f");
    let address = f(800);
    assert!(address != 0 && address % 64 == 0);
}

#[test]
fn helpers_of_llvm_are_found() {
    let context = context();
    let module = parse(
        &context,
        r#"
        llvm.func @through_half(%x: f64) -> f64 {
          %0 = llvm.fptrunc %x : f64 to f16
          %1 = llvm.fpext %0 : f16 to f64
          llvm.return %1 : f64
        }
        llvm.func @divide(%a: i64, %b: i64) -> i64 {
          %0 = llvm.sext %a : i64 to i128
          %1 = llvm.sext %b : i64 to i128
          %2 = llvm.mul %0, %0 : i128
          %3 = llvm.sdiv %2, %1 : i128
          %4 = llvm.trunc %3 : i128 to i64
          llvm.return %4 : i64
        }"#,
    );
    for target in ["host", if cfg!(target_arch = "x86_64") { "x86-64" } else { "aarch64" }] {
        let code = load(&generator(target), &module);
        let through_half: extern "C" fn(f64) -> f64 = function(&code, "through_half");
        let divide: extern "C" fn(i64, i64) -> i64 = function(&code, "divide");
        assert_eq!(through_half(1.0 / 3.0), 0.333251953125);
        assert_eq!(through_half(65520.0), f64::INFINITY);
        assert_eq!(divide(i64::MAX, i64::MAX), i64::MAX);
    }
}

#[test]
fn threads_compile_on_their_own() {
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let generator = generator("host");
            std::thread::spawn(move || {
                let context = context();
                load(&generator, &parse(&context, SAXPY))
            })
        })
        .collect();
    for thread in threads {
        assert!(thread.join().unwrap().symbol("saxpy").is_some());
    }
}
