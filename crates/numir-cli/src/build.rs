//! `numir build`: a function as a file that `numir-rt` runs.

use crate::arguments::Build;
use crate::compile::{Chosen, is_module};
use crate::failure::Failure;
use crate::output;
use numir::{CompileOptions, Form};
use numir_rt::{Made, Package, Parameter};
use std::io::Write;
use std::path::Path;

pub fn build(arguments: &Build) -> Result<(), Failure> {
    if is_module(Path::new(&arguments.file)) {
        return Err(
            Failure::usage("a function is built from a Python file").with_help("modules are for `numir compile`")
        );
    }
    let options = CompileOptions { target: arguments.machine.target()?, ..arguments.language.options() };
    let chosen = Chosen::new(&arguments.file, arguments.types.as_deref())?;
    let mut module = chosen.module(&options)?;
    let signature = module.signature().cloned();
    let signature = signature.ok_or_else(|| Failure::plain("the module has no function that could be called"))?;
    let code = module.generate(Form::Object, &options)?;
    // What goes to `*args` has no name of its own.
    let names = chosen.function.parameters.iter().map(|parameter| &parameter.name);
    let names = names.chain(chosen.function.rest.iter().map(|rest| &rest.name).cycle());
    let parameters =
        names.zip(&chosen.types).map(|(name, ty)| Parameter { name: name.clone(), ty: ty.clone() }).collect();
    let made = Made { target: options.target.name().to_owned(), cpu_features: options.target.cpu_features()? };
    let package = Package::new(&chosen.function.name, made, parameters, signature, code);
    let bytes = package.encode().map_err(|error| Failure::plain(error.to_string()))?;
    output::write(&arguments.output, |file| file.write_all(&bytes))
        .map_err(|error| Failure::writing(&arguments.output, &error))
}
