//! `numir-rt`: runs and times what `numir build` has written. It knows no Python and no LLVM.

mod arguments;
mod device;
mod files;
mod measure;

use clap::{Args, Parser, Subcommand};
use numir_rt::{CallError, Package, PackageError, traceback};
use numir_runtime::Value;
use numir_runtime::device::Activity;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Run compiled functions where numir's compiler is not
#[derive(Parser)]
#[command(name = "numir-rt", version)]
struct Command {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Call a function once, and print or write what it returns
    Run(Run),
    /// Call a function for a while, and print its times as a line of JSON
    Time(measure::Time),
    /// Say what a file holds
    Show {
        /// A file of `numir build`
        file: PathBuf,
    },
    /// Print as a line of JSON what device there is
    Device(device::Which),
    /// Copy within the device's memory for a while, and print the times as a line of JSON
    Copy(device::Copy),
}

/// A call of a function.
#[derive(Args)]
struct Call {
    /// A file of `numir build`
    file: PathBuf,
    /// One argument per parameter: True, False, None, an int, a float, a text in quotes, a .npy file, or a tuple of these in brackets
    #[arg(allow_negative_numbers = true)]
    arguments: Vec<String>,
}

#[derive(Args)]
struct Run {
    #[command(flatten)]
    call: Call,
    /// Where an array that is returned is written; once per item of a tuple
    #[arg(short, long, value_name = "FILE")]
    output: Vec<PathBuf>,
    /// Where an array that is given is written as it is after the call
    #[arg(long, value_name = "PARAMETER=FILE")]
    save: Vec<String>,
    /// Say on standard error what was launched on the device, and what was copied
    #[arg(long)]
    remarks: bool,
}

fn main() -> ExitCode {
    let done = match Command::parse().verb {
        Verb::Run(arguments) => run(&arguments),
        Verb::Time(arguments) => measure::time(&arguments),
        Verb::Show { file } => show(&file),
        Verb::Device(which) => device::describe(&which),
        Verb::Copy(arguments) => device::copy(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(PackageError::Call(CallError::Raised(raised))) => {
            eprint!("{}", traceback::text(&raised));
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Run) -> Result<(), PackageError> {
    let package = read(&arguments.call.file)?;
    let values = arguments::values(&package, &arguments.call.arguments)?;
    let saved = arguments.save.iter().map(|text| saved(&package, &values, text)).collect::<Result<Vec<_>, _>>()?;
    let callable = package.load()?;
    let before = Activity::so_far();
    let result = callable.call(&values)?;
    if arguments.remarks {
        eprint!("{}", Activity::so_far().since(&before));
    }
    saved.into_iter().try_for_each(|(value, path)| files::write(path, value))?;
    if arguments.output.is_empty() {
        return if matches!(result, Value::None) { Ok(()) } else { print(&result.to_string()) };
    }
    let items = match &result {
        Value::Tuple(items) => items.iter().collect(),
        one => vec![one],
    };
    if items.len() != arguments.output.len() {
        let message = format!("it returned {} values, and {} outputs are named", items.len(), arguments.output.len());
        return Err(PackageError::Value(message));
    }
    items.into_iter().zip(&arguments.output).try_for_each(|(item, path)| files::write(path, item))
}

/// The array of PARAMETER=FILE, and its file.
fn saved<'a>(
    package: &Package,
    values: &'a [Option<Value>],
    text: &'a str,
) -> Result<(&'a Value, &'a Path), PackageError> {
    let (name, path) = text.split_once('=').unwrap_or((text, ""));
    let place = package.parameters.iter().position(|parameter| parameter.name == name);
    match place.and_then(|place| values.get(place)) {
        Some(Some(value @ Value::Array(_))) if !path.is_empty() => Ok((value, Path::new(path))),
        Some(_) if path.is_empty() => {
            Err(PackageError::Value(format!("--save {text}: no file is named: {name}=FILE.npy")))
        }
        Some(_) => Err(PackageError::Value(format!("--save {text}: `{name}` is no array"))),
        None => Err(PackageError::Value(format!("--save {text}: {}() has no parameter `{name}`", package.name))),
    }
}

fn show(file: &Path) -> Result<(), PackageError> {
    let package = read(file)?;
    let parameters: Vec<_> = package
        .parameters
        .iter()
        .map(|parameter| match &parameter.ty {
            Some(ty) => format!("{}: {ty}", parameter.name),
            None => format!("{} by its default", parameter.name),
        })
        .collect();
    print(&format!("{}({}) -> {} for {}", package.name, parameters.join(", "), package.result(), package.made.target))
}

fn read(file: &Path) -> Result<Package, PackageError> {
    Package::read(file).map_err(|error| match error {
        PackageError::Io(error) => files::at(file, &error),
        other => PackageError::Value(format!("{}: {other}", file.display())),
    })
}

/// Writes a line to standard output; that nobody reads it is no panic.
fn print(line: &str) -> Result<(), PackageError> {
    Ok(writeln!(io::stdout(), "{line}")?)
}
