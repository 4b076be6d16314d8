//! What is refused, how, and that the process survives it.

use numir_codegen::{Blame, CodeGenerator, Error, OptLevel, Step, Target};
use numir_runtime::loader::{self, LoadError, Loaded};

use crate::{context, generator, parse};

#[test]
fn an_unknown_target_lists_the_known_ones() {
    let error = Target::named("z80").err().unwrap();
    assert_eq!(error.blame(), Blame::User);
    assert!(error.to_string().starts_with("there is no target `z80`; known are host, x86-64, "), "{error}");
}

#[test]
fn foreign_code_is_not_loaded() {
    let context = context();
    let (foreign, number) = if cfg!(target_arch = "aarch64") { ("x86-64", 62) } else { ("aarch64", 183) };
    let object = generator(foreign).object(&parse(&context, "module {}")).unwrap();
    let error = Loaded::load(&object, &loader::resolve).err().unwrap();
    assert!(matches!(error, LoadError::ForeignMachine(found) if found == number), "{error}");
}

#[test]
fn another_dialect_is_not_at_this_stage() {
    let context = context();
    melior::dialect::DialectHandle::func().register_dialect(&context);
    let module = parse(&context, r#"func.func private @f() loc("hills.py":3:5)"#);
    let error = generator("host").object(&module).err().unwrap();
    assert_eq!(error.blame(), Blame::Module);
    let Error::NotAtStage { diagnostics } = &error else { panic!("{error}") };
    assert_eq!(diagnostics[0].location, r#"loc("hills.py":3:5)"#);
    assert!(diagnostics[0].message.contains("func.func"), "{error}");
}

#[test]
fn undefined_symbols_are_named() {
    let context = context();
    let module = parse(
        &context,
        r#"
        llvm.func @no_such_function(i64) -> i64
        llvm.func @f(%x: i64) -> i64 { %0 = llvm.call @no_such_function(%x) : (i64) -> i64  llvm.return %0 : i64 }"#,
    );
    let object = generator("host").object(&module).unwrap();
    let error = Loaded::load(&object, &loader::resolve).err().unwrap();
    let LoadError::Undefined(names) = &error else { panic!("{error}") };
    assert_eq!(names, &["no_such_function"]);
    assert_eq!(error.to_string(), "undefined symbol: no_such_function");
}

#[test]
fn a_fatal_error_of_llvm_is_a_value() {
    let context = context();
    let module = parse(
        &context,
        r#"
        llvm.func @f() -> i32 {
          %0 = llvm.call_intrinsic "llvm.nvvm.read.ptx.sreg.tid.x"() : () -> i32
          llvm.return %0 : i32
        }"#,
    );
    for _ in 0..3 {
        let error = generator("host").object(&module).err().unwrap();
        let Error::Llvm { step: Step::Emit, message } = &error else { panic!("{error}") };
        assert!(message.contains("Cannot select"), "{message}");
        assert_eq!(error.blame(), Blame::Numir);
    }
    let good =
        parse(&context, "llvm.func @one() -> i64 { %0 = llvm.mlir.constant(1 : i64) : i64  llvm.return %0 : i64 }");
    assert!(generator("host").object(&good).is_ok());
}

#[test]
fn bad_inline_assembly_is_a_value() {
    let context = context();
    let module = parse(
        &context,
        r#"
        llvm.func @f() {
          llvm.inline_asm has_side_effects "no such instruction", "" : () -> ()
          llvm.return
        }"#,
    );
    let generator = CodeGenerator::new(Target::host().unwrap(), OptLevel::None).unwrap();
    let error = generator.object(&module).err().unwrap();
    assert!(matches!(error, Error::Llvm { step: Step::Emit, .. }), "{error}");
}

#[test]
fn what_llvm_finds_wrong_is_a_value() {
    let context = context();
    let module = parse(
        &context,
        r#"
        llvm.func @f(%p: !llvm.ptr) -> i64 {
          %0 = llvm.load %p {alignment = 4611686018427387904 : i64} : !llvm.ptr -> i64
          llvm.return %0 : i64
        }"#,
    );
    let error = generator("host").object(&module).err().unwrap();
    let Error::InvalidIr { message } = &error else { panic!("{error}") };
    assert!(message.starts_with("huge alignment values are unsupported"), "{message}");
    assert_eq!(error.blame(), Blame::Module);
}
