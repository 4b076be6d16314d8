//! Modules through their stages.

use crate::support::program;
use numir::{CompileOptions, Error, Form, Module, Scalar, Stage, Target, Type};

const PROGRAM: &str = "def f(n: int):\n    s = 0\n    for i in range(n):\n        s += i * i\n    return s\n";

fn module(options: &CompileOptions) -> Module {
    let types = [Some(Type::Scalar(Scalar::Int))];
    Module::from_program(&program(PROGRAM), "f", &types, options).expect("it is typed")
}

/// A text with its values numbered in order of their first occurrence.
fn nameless(text: &str) -> String {
    let mut known = Vec::new();
    let mut parts = text.split('%');
    let mut out = parts.next().unwrap_or("").to_owned();
    for part in parts {
        let end = part.find(|c: char| !(c.is_alphanumeric() || "_-".contains(c))).unwrap_or(part.len());
        let (name, rest) = part.split_at(end);
        let number = known.iter().position(|other| *other == name).unwrap_or_else(|| {
            known.push(name);
            known.len() - 1
        });
        out += &format!("%{number}{rest}");
    }
    out
}

#[test]
fn a_module_goes_down_stage_by_stage() {
    goes_down("host", &["numeric", "linalg", "scf", "llvm"]);
}

#[test]
fn a_module_goes_down_to_a_device() {
    goes_down("cuda:sm_80", &["numeric", "linalg", "scf", "gpu", "nvvm"]);
    goes_down("cuda-sim", &["numeric", "linalg", "scf", "gpu", "llvm"]);
}

fn goes_down(target: &str, stages: &[&str]) {
    let options = CompileOptions { target: Target::named(target).expect("it exists"), ..CompileOptions::default() };
    let mut module = module(&options);
    let mut seen = Vec::new();
    for stage in stages.iter().map(|name| name.parse().expect("a stage")) {
        module.lower(stage, &options).expect("there is a way");
        assert_eq!(module.stage(), stage);
        seen.push(module.text(false));
        let again = Module::parse_text("f", &module.text(true), stage).expect("its text is a module of its stage");
        // The text does not say where the arguments of a loop come from, and so not how they are called.
        assert_eq!(nameless(&again.text(false)), nameless(&module.text(false)));
    }
    assert!(matches!(module.lower(Stage::numeric(), &options), Err(Error::Target(_))));
    let assembly = module.generate(Form::Assembly, &options).expect("LLVM takes it");
    assert!(String::from_utf8_lossy(&assembly).contains("numir_entry_f:"));

    let mut visited = Vec::new();
    let visit = |_, text| {
        visited.push(text);
        Ok(())
    };
    self::module(&options).lower_visiting(&options, false, visit).expect("there is a way");
    assert_eq!(visited.len(), seen.len());
    assert_eq!(visited[0], seen[0]);
}

#[test]
fn targets_have_names() {
    assert!(matches!(Target::named("z80"), Err(Error::Target(message)) if message.contains("x86-64-v3")));
    let options = CompileOptions { target: Target::named("x86-64-v3").expect("it exists"), ..Default::default() };
    let object = module(&options).generate(Form::Object, &options).expect("LLVM takes it");
    assert!(object.starts_with(b"\x7fELF"));
}

#[test]
fn levels_change_the_effort_and_not_the_result() {
    for level in 0..=3 {
        let options = CompileOptions { level, ..Default::default() };
        let artifact = module(&options).load(&options).expect("it compiles");
        let result = artifact.call(&[Some(numir::Value::Int(10))]).expect("it returns");
        assert_eq!(result.to_string(), "285");
    }
}

#[test]
fn foreign_modules_are_blamed_on_who_made_them() {
    let numeric = Stage::numeric();
    let Err(Error::Input(error)) = Module::parse_text("m", "func.func @f(", numeric) else { panic!("no module") };
    assert_eq!((error.file.as_str(), error.place.as_ref().map(|place| place.line)), ("m", Some(1)));
    let allocates = "func.func @f() { %0 = memref.alloc() : memref<1xi32> return }";
    let Err(Error::Input(error)) = Module::parse_text("m", allocates, numeric) else { panic!("not numeric") };
    assert_eq!(error.message, "the module is not at stage `numeric`: `memref.alloc` may not occur");
    let valid = Module::parse_text("m", "func.func @f() { return }", numeric).expect("valid");
    assert!(matches!(valid.load(&CompileOptions::default()), Err(Error::Target(_))));
}

#[test]
fn phases_are_measured() {
    let options = CompileOptions::default();
    let mut module = module(&options);
    module.time_passes();
    let artifact = module.load(&options).expect("it compiles");
    let names: Vec<_> = artifact.phases().steps().map(|(name, _)| name.to_owned()).collect();
    for step in ["types", "emit numeric", "passes", "  lower-numeric", "LLVM: optimise", "LLVM: emit", "load"] {
        assert!(names.iter().any(|name| name == step), "{step} in {names:?}");
    }
}
