//! Hand-written modules of stage `llvm`, taken to machine code, loaded and run. One binary, since each links all of LLVM.

mod damage;
mod debug;
mod errors;
mod loading;
mod objects;
mod relocations;

use melior::Context;
use melior::dialect::DialectHandle;
use melior::ir::Module;
use numir_codegen::{CodeGenerator, OptLevel, Target};
use numir_runtime::loader::{self, Loaded};

/// A context that knows the `llvm` dialect alone.
fn context() -> Context {
    let context = Context::new_with_threading(false);
    DialectHandle::llvm().register_dialect(&context);
    context
}

fn parse<'c>(context: &'c Context, source: &str) -> Module<'c> {
    Module::parse(context, source).expect("the test's module is well formed")
}

fn generator(target: &str) -> CodeGenerator {
    let target = Target::named(target).expect("the test's target exists");
    CodeGenerator::new(target, OptLevel::default()).expect("the target has a code generator")
}

/// The module in this process's memory, linked with the runtime.
fn load(generator: &CodeGenerator, module: &Module) -> Loaded {
    let object = generator.object(module).expect("the module compiles");
    Loaded::load(&object, &loader::resolve).expect("the object loads")
}

/// A function of a compiled module, as the function pointer type `F`.
fn function<F: Copy>(code: &Loaded, name: &str) -> F {
    let address = code.symbol(name).expect("the module defines the function");
    assert_eq!(size_of::<F>(), size_of_val(&address));
    // SAFETY: every test asks for the type of the function that its module defines.
    unsafe { std::mem::transmute_copy(&address) }
}

/// y[i] += a * x[i] for 0 <= i < n.
const SAXPY: &str = r#"
llvm.func @saxpy(%n: i64, %a: f32, %x: !llvm.ptr {llvm.noalias}, %y: !llvm.ptr {llvm.noalias}) {
  %zero = llvm.mlir.constant(0 : i64) : i64
  %one = llvm.mlir.constant(1 : i64) : i64
  llvm.br ^head(%zero : i64)
^head(%i: i64):
  %more = llvm.icmp "slt" %i, %n : i64
  llvm.cond_br %more, ^body, ^exit
^body:
  %px = llvm.getelementptr %x[%i] : (!llvm.ptr, i64) -> !llvm.ptr, f32
  %py = llvm.getelementptr %y[%i] : (!llvm.ptr, i64) -> !llvm.ptr, f32
  %vx = llvm.load %px : !llvm.ptr -> f32
  %vy = llvm.load %py : !llvm.ptr -> f32
  %ax = llvm.fmul %a, %vx : f32
  %sum = llvm.fadd %ax, %vy : f32
  llvm.store %sum, %py : f32, !llvm.ptr
  %next = llvm.add %i, %one : i64
  llvm.br ^head(%next : i64)
^exit:
  llvm.return
}
"#;
