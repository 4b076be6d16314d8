//! Programs as texts, compiled and called.

use numir::{Artifact, CompileOptions, Error, FunctionInfo, Module, Program, Value, bind, types_of};

/// The program of a text.
pub fn program(text: &str) -> Program {
    Program::from_text("p.py".as_ref(), text.to_owned()).expect("the program is Python")
}

/// The last function of a program.
pub fn function(program: &Program) -> FunctionInfo {
    program.functions().expect("annotations name types").pop().expect("a function")
}

/// Compiles the last function of a program for these arguments.
pub fn compile(text: &str, arguments: &[Option<Value>]) -> Result<Artifact, Error> {
    let program = program(text);
    let function = function(&program);
    let types = types_of(&function, arguments)?;
    let options = CompileOptions::default();
    Module::from_program(&program, &function.name, &types, &options)?.load(&options)
}

/// Compiles and calls the last function of a program.
pub fn call(text: &str, arguments: Vec<Value>) -> Result<Value, Error> {
    let function = function(&program(text));
    let arguments = bind(&function, arguments, Vec::new())?;
    compile(text, &arguments)?.call(&arguments)
}

/// The text of what a function returns.
#[track_caller]
pub fn shown(text: &str, arguments: Vec<Value>) -> String {
    match call(text, arguments) {
        Ok(value) => value.repr(),
        Err(error) => panic!("{error}"),
    }
}
