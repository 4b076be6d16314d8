//! `numir compile`: a function, or a module of MLIR, to a stage, to assembly or to an object.

use crate::arguments::{Compile, Emit};
use crate::failure::Failure;
use crate::run::find;
use crate::{child, cubin, output, show};
use numir::{CompileOptions, Form, FunctionInfo, Module, Program, Stage, Type, parse_types};
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

pub fn compile(arguments: &Compile) -> Result<(), Failure> {
    let is_binary = matches!(arguments.emit, Emit::Obj | Emit::Cubin);
    if is_binary && arguments.output.is_none() && !arguments.child && std::io::stdout().is_terminal() {
        return Err(Failure::usage("machine code is not shown on a terminal").with_help("name a file for it with -o"));
    }
    let foreign = is_module(Path::new(&arguments.file));
    if foreign && arguments.types.is_some() {
        return Err(Failure::usage("--types is for Python files: a module has its types in it"));
    }
    let result =
        if foreign && !arguments.child { child::compile(Path::new(&arguments.file))? } else { make(arguments)? };
    match &arguments.output {
        Some(path) if !arguments.child => {
            output::write(path, |file| file.write_all(&result)).map_err(|error| Failure::writing(path, &error))
        }
        _ => output::print(result).map_err(Failure::output),
    }
}

/// Whether a file holds MLIR's text or bytecode.
pub fn is_module(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "mlir" || ending == "mlirbc")
}

fn make(arguments: &Compile) -> Result<Vec<u8>, Failure> {
    let options = CompileOptions { target: arguments.machine.target()?, ..arguments.language.options() };
    let mut module = module(arguments, &options)?;
    if arguments.timing {
        module.time_passes();
    }
    if let Some(folder) = &arguments.print_stages {
        print_stages(&mut module, folder, arguments.locations, &options)?;
        // The module is at its end now; what is asked for besides is made of a fresh one.
        module = self::module(arguments, &options)?;
    }
    let lowered = |module: &mut Module, stage: Stage| -> Result<Vec<u8>, Failure> {
        module.lower(stage, &options)?;
        Ok(module.text(arguments.locations).into_bytes())
    };
    let stage = |name: &str| name.parse::<Stage>().map_err(|error| Failure::usage(error.to_string()));
    let result = match arguments.emit {
        Emit::Numeric => lowered(&mut module, stage("numeric")?)?,
        Emit::Linalg => lowered(&mut module, stage("linalg")?)?,
        Emit::Scf => lowered(&mut module, stage("scf")?)?,
        Emit::Gpu => lowered(&mut module, stage("gpu")?)?,
        Emit::Nvvm => lowered(&mut module, stage("nvvm")?)?,
        Emit::Ptx => module.generate(Form::Ptx, &options)?,
        Emit::Cubin => cubin::of_ptx(&module.generate(Form::Ptx, &options)?, &options.target)?,
        Emit::Llvm => lowered(&mut module, stage("llvm")?)?,
        Emit::LlvmIr => module.generate(Form::LlvmIr, &options)?,
        Emit::Asm => module.generate(Form::Assembly, &options)?,
        Emit::Obj => module.generate(Form::Object, &options)?,
    };
    if arguments.timing {
        eprint!("{}", show::timing(module.phases()));
    }
    if arguments.remarks {
        eprint!("{}", show::remarks(&self::module(arguments, &options)?.remarks(&options)?));
    }
    Ok(result)
}

fn module(arguments: &Compile, options: &CompileOptions) -> Result<Module, Failure> {
    let path = Path::new(&arguments.file);
    if is_module(path) {
        return Ok(Module::parse_file(path, arguments.from)?);
    }
    if arguments.from != Stage::numeric() {
        return Err(Failure::usage(format!(
            "--from {} is for .mlir files: a Python file starts at the top",
            arguments.from
        )));
    }
    let chosen = Chosen::new(&arguments.file, arguments.types.as_deref())?;
    chosen.module(options)
}

/// A function of a program, and the types that it is compiled for.
pub struct Chosen {
    program: Program,
    pub function: FunctionInfo,
    pub types: Vec<Option<Type>>,
}

impl Chosen {
    /// That of FILE:FUNCTION, or the only one of a file; of given types, or those of its annotations.
    pub fn new(file: &str, types: Option<&str>) -> Result<Self, Failure> {
        let (path, function) = split(file);
        let program = Program::load(&path)?;
        let function = match function {
            Some(name) => find(&program, name)?,
            None => only_function(&program, &path)?,
        };
        let types = match types {
            Some(types) => given_types(types, &function)?,
            None => annotated_types(&function)?,
        };
        Ok(Self { program, function, types })
    }

    /// Its module.
    pub fn module(&self, options: &CompileOptions) -> Result<Module, Failure> {
        Ok(Module::from_program(&self.program, &self.function.name, &self.types, options)?)
    }
}

/// FILE:FUNCTION apart. A file whose own name ends in a colon and a word is a file all the same.
fn split(text: &str) -> (PathBuf, Option<&str>) {
    match text.rsplit_once(':') {
        Some((path, function)) if !function.is_empty() && !function.contains('/') && !Path::new(text).exists() => {
            (PathBuf::from(path), Some(function))
        }
        _ => (PathBuf::from(text), None),
    }
}

fn only_function(program: &Program, path: &Path) -> Result<FunctionInfo, Failure> {
    let functions = program.functions()?;
    match functions.as_slice() {
        [function] => Ok(function.clone()),
        [] => Err(Failure::plain(format!("{} has no function", path.display()))),
        several => {
            let names: Vec<_> =
                several.iter().map(|function| format!("{}:{}", path.display(), function.name)).collect();
            Err(Failure::usage(format!("{} has several functions", path.display()))
                .with_help(format!("name one of them: {}", names.join(", "))))
        }
    }
}

fn given_types(text: &str, function: &FunctionInfo) -> Result<Vec<Option<Type>>, Failure> {
    let given = parse_types(text).map_err(|message| {
        Failure::usage(format!("--types: {message}")).with_help("for example: --types 'f64[:, :], i64'")
    })?;
    let (most, count) = (function.parameters.len(), given.len());
    let mut given = given.into_iter().map(Some);
    let mut types: Vec<_> = function.parameters.iter().map(|_| given.next().flatten()).collect();
    let missing = function.parameters.iter().zip(&types).find(|(parameter, ty)| ty.is_none() && !parameter.has_default);
    match missing {
        None if count <= most || function.rest.is_some() => {
            types.extend(given);
            Ok(types)
        }
        _ => Err(Failure::usage(format!("--types names {count} types, but {}() has {most} parameters", function.name))),
    }
}

fn annotated_types(function: &FunctionInfo) -> Result<Vec<Option<Type>>, Failure> {
    let typed = function.parameters.iter().map(|parameter| match &parameter.annotation {
        None if !parameter.has_default => Err(Failure::usage(format!(
            "the parameter `{}` of {}() has no annotation that names a type",
            parameter.name, function.name
        ))
        .with_help("name the types of all parameters: --types 'f64[:, :], i64'")),
        annotation => Ok(annotation.clone()),
    });
    typed.collect()
}

fn print_stages(module: &mut Module, folder: &Path, locations: bool, options: &CompileOptions) -> Result<(), Failure> {
    std::fs::create_dir_all(folder).map_err(|error| Failure::writing(folder, &error))?;
    let mut texts = Vec::new();
    module.lower_visiting(options, locations, |stage, text| {
        texts.push((stage, text));
        Ok(())
    })?;
    texts.into_iter().try_for_each(|(stage, text)| {
        let path = folder.join(format!("{stage}.mlir"));
        output::write(&path, |file| file.write_all(text.as_bytes())).map_err(|error| Failure::writing(&path, &error))
    })
}
