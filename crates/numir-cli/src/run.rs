//! `numir run`: one function, once, on literals and files.

use crate::arguments::{Call, Run};
use crate::colormap::Colormap;
use crate::compile::is_module;
use crate::failure::Failure;
use crate::picture::Picture;
use crate::{input, npz, output, show};
use numir::{
    Array, Artifact, CompileOptions, FunctionInfo, Module, Phases, Program, Remark, Target, Value, bind, types_of,
};
use numir_rt::npy;
use numir_runtime::device::Activity;
use std::io;
use std::path::Path;

/// What a file holds, by its ending.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Npy,
    Npz,
    Png,
}

impl Format {
    fn of(path: &Path) -> Result<Self, Failure> {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
        match ending.as_deref() {
            Some("npy") => Ok(Self::Npy),
            Some("npz") => Ok(Self::Npz),
            Some("png") => Ok(Self::Png),
            _ => Err(Failure::usage(format!("cannot tell the format of {}", path.display()))
                .with_help("the name of an output ends in .npy, .npz or .png")),
        }
    }
}

pub fn run(arguments: Run) -> Result<(), Failure> {
    let formats = arguments.output.iter().map(|path| writable(path)).collect::<Result<Vec<_>, _>>()?;
    let mut ready = Ready::new(&arguments.call, arguments.remarks)?;
    let before = Activity::so_far();
    let result = ready.call()?;
    ready.phases.time("write the result", || match formats.as_slice() {
        [] => output::print(show::result(&result)).map_err(Failure::output),
        formats => write(&result, &arguments.output, formats, arguments.colormap),
    })?;
    if arguments.remarks {
        eprint!("{}", show::remarks(&ready.remarks));
        if ready.has_kernels {
            eprint!("{}", Activity::so_far().since(&before));
        }
    }
    if arguments.timing {
        eprint!("{}", show::timing(&ready.phases));
    }
    Ok(())
}

/// A function, compiled, with its arguments.
pub struct Ready {
    artifact: Artifact,
    values: Vec<Option<Value>>,
    /// How long the steps took.
    phases: Phases,
    /// What the passes said, if that was asked for.
    remarks: Vec<Remark>,
    /// Whether parallel loops run on a device.
    has_kernels: bool,
}

impl Ready {
    /// Reads, types and compiles what a call needs; with what the passes say of it, if that is wanted.
    pub fn new(call: &Call, remarks: bool) -> Result<Self, Failure> {
        if let Some(threads) = call.threads {
            // SAFETY: no other thread reads the environment: the main one waits, and the pool has not been started.
            unsafe { std::env::set_var("NUMIR_NUM_THREADS", threads.to_string()) };
        }
        if is_module(&call.file) {
            return Err(
                Failure::usage("a function is run from a Python file").with_help("modules are for `numir compile`")
            );
        }
        let mut phases = Phases::default();
        let program = phases.time("read the program", || Program::load(&call.file))?;
        let function = find(&program, &call.function)?;
        let values = phases.time("read the arguments", || values(&function, &call.arguments))?;
        let options = CompileOptions { target: Target::named(&call.target)?, ..call.language.options() };
        let types = types_of(&function, &values)?;
        let module = || Module::from_program(&program, &function.name, &types, &options);
        let artifact = module()?.load(&options)?;
        let remarks = if remarks { module()?.remarks(&options)? } else { Vec::new() };
        artifact.phases().steps().for_each(|(name, time)| phases.add(name, time));
        Ok(Self { artifact, values, phases, remarks, has_kernels: options.target.has_kernels() })
    }

    /// The call, to be made many times.
    pub fn prepare(&self) -> Result<numir::Call<'_>, Failure> {
        Ok(self.artifact.prepare(&self.values)?)
    }

    /// Makes the call.
    fn call(&mut self) -> Result<Value, Failure> {
        Ok(self.phases.time("run", || self.artifact.call(&self.values))?)
    }
}

/// The function of that name at the top of a program.
pub fn find(program: &Program, name: &str) -> Result<FunctionInfo, Failure> {
    let functions = program.functions()?;
    match functions.iter().rfind(|function| function.name == name) {
        Some(function) => Ok(function.clone()),
        // The front end's own words for it.
        None => match program.specialize(name, &[], &numir::Options::default()) {
            Err(diagnostic) => Err(diagnostic.into()),
            Ok(_) => Err(Failure::plain(format!("there is no function `{name}`"))),
        },
    }
}

/// The values of the arguments, one per parameter.
fn values(function: &FunctionInfo, arguments: &[String]) -> Result<Vec<Option<Value>>, Failure> {
    let mut positional = Vec::new();
    let mut keywords = Vec::new();
    for argument in arguments {
        match input::keyword(argument) {
            Some((name, value)) => keywords.push((name.to_owned(), value)),
            None if keywords.is_empty() => positional.push(argument.as_str()),
            None => return Err(Failure::usage(format!("`{}` follows a keyword argument", argument.trim()))),
        }
    }
    let bound = bind(function, positional, keywords)?;
    let values = bound.into_iter().zip(function.parameters.iter().chain(function.rest.iter().cycle()));
    values.map(|(text, parameter)| text.map(|text| input::value(text, parameter)).transpose()).collect()
}

/// The format of an output, whose folder must exist: better said before the work than after it.
fn writable(path: &Path) -> Result<Format, Failure> {
    let format = Format::of(path)?;
    let folder = output::parent(path);
    match folder.is_dir() {
        true => Ok(format),
        false => {
            Err(Failure::plain(format!("cannot write {}: there is no folder {}", path.display(), folder.display())))
        }
    }
}

fn write(result: &Value, paths: &[impl AsRef<Path>], formats: &[Format], colormap: Colormap) -> Result<(), Failure> {
    let items: Vec<&Value> = match result {
        Value::Tuple(items) if formats != [Format::Npz] => items.iter().collect(),
        one => vec![one],
    };
    if items.len() != paths.len() {
        let (outputs, s) = (paths.len(), if paths.len() == 1 { "" } else { "s" });
        let message = format!("the function returned {} values, but {outputs} output{s} are named", items.len());
        return Err(Failure::plain(message).with_help("give -o once per value, or one .npz file for all"));
    }
    items
        .iter()
        .zip(paths)
        .zip(formats)
        .try_for_each(|((item, path), format)| write_one(item, path.as_ref(), *format, colormap))
}

fn write_one(value: &Value, path: &Path, format: Format, colormap: Colormap) -> Result<(), Failure> {
    let arrays = match (value, format) {
        (Value::Tuple(items), Format::Npz) => items.iter().map(as_array).collect::<Option<Vec<_>>>(),
        (value, _) => as_array(value).map(|array| vec![array]),
    };
    let Some(arrays) = arrays else {
        let message = format!("the function returned {}, which {} cannot hold", value.type_name(), path.display());
        return Err(Failure::plain(message).with_help("-o takes arrays and numbers; without it the result is printed"));
    };
    let picture = match (format, arrays.as_slice()) {
        (Format::Png, [array]) => Some(
            Picture::of(array, colormap)
                .map_err(|error| Failure::plain(format!("cannot write {}: {error}", path.display())))?,
        ),
        _ => None,
    };
    let written = output::write(path, |file| match (&picture, format, arrays.as_slice()) {
        (Some(picture), ..) => picture.write(file),
        (None, Format::Npz, arrays) => npz::write(file, arrays),
        (None, _, arrays) => arrays.iter().try_for_each(|array| npy::write(file, array)),
    });
    written.map_err(|error: io::Error| Failure::writing(path, &error))
}

/// A value as an array; a number as one without dimensions.
fn as_array(value: &Value) -> Option<Array> {
    use numir_runtime::{DType, Number, Scalar};
    let scalar = match value {
        Value::Array(array) => return Some(array.clone()),
        Value::Bool(value) => Scalar::new(DType::Bool, Number::Bool(*value))?,
        Value::Int(value) => Scalar::new(DType::Int64, Number::Int(*value))?,
        Value::Float(value) => Scalar::new(DType::Float64, Number::Float(*value))?,
        Value::Complex(real, imag) => Scalar::new(DType::Complex128, Number::Complex(*real, *imag))?,
        Value::Scalar(scalar) => *scalar,
        Value::None | Value::Str(_) | Value::Tuple(_) => return None,
    };
    let bytes = scalar.to_words().map(u64::to_le_bytes);
    Array::from_bytes(scalar.dtype(), &[], &bytes.as_flattened()[..scalar.dtype().size()]).ok()
}
