//! Hand-written modules of stage `llvm`, taken to machine code and run.

use melior::Context;
use melior::dialect::DialectHandle;
use melior::ir::Module;
use numir_codegen::{CodeGenerator, OptLevel, Target};

fn context() -> Context {
    let context = Context::new_with_threading(false);
    DialectHandle::llvm().register_dialect(&context);
    context
}

#[test]
fn adds() {
    let context = context();
    let module = Module::parse(
        &context,
        "llvm.func @add(%a: i64, %b: i64) -> i64 { %0 = llvm.add %a, %b : i64  llvm.return %0 : i64 }",
    )
    .unwrap();
    let generator = CodeGenerator::new(Target::host().unwrap(), OptLevel::default()).unwrap();
    let jit = generator.jit(&module).unwrap();
    let add: extern "C" fn(i64, i64) -> i64 = unsafe { std::mem::transmute(jit.lookup("add").unwrap()) };
    assert_eq!(add(40, 2), 42);
    println!("{:?}", generator.timings());
    drop(jit);
    generator.jit(&module).unwrap();
    println!("{:?}", generator.timings());
}
