//! `numir-rt`: runs and times what `numir build` has written. It knows no Python and no LLVM.

use clap::{Args, Parser, Subcommand};
use numir_rt::{CallError, Package, PackageError, npy, traceback};
use numir_runtime::{Array, Value};
use std::fs::{self, File};
use std::io::{self, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

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
    Time(Time),
    /// Say what a file holds
    Show {
        /// A file of `numir build`
        file: PathBuf,
    },
}

#[derive(Args)]
struct Call {
    /// A file of `numir build`
    file: PathBuf,
    /// One argument per parameter: True, False, None, an int, a float, a text in quotes, or a .npy file
    #[arg(allow_negative_numbers = true)]
    arguments: Vec<String>,
}

#[derive(Args)]
struct Run {
    #[command(flatten)]
    call: Call,
    /// Where an array that is returned is written; once per item of a tuple
    #[arg(short, long)]
    output: Vec<PathBuf>,
}

#[derive(Args)]
struct Time {
    #[command(flatten)]
    call: Call,
    /// How long, in seconds
    #[arg(long, default_value_t = 1.0)]
    seconds: f64,
    /// How often at least
    #[arg(long, default_value_t = 5)]
    repeat: usize,
}

fn main() -> ExitCode {
    let done = match Command::parse().verb {
        Verb::Run(arguments) => run(&arguments),
        Verb::Time(arguments) => time(&arguments),
        Verb::Show { file } => show(&file),
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
    let values = values(&package, &arguments.call.arguments)?;
    let result = package.load()?.call(&values)?;
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
    for (item, path) in items.into_iter().zip(&arguments.output) {
        let Value::Array(array) = item else {
            return Err(PackageError::Value(format!("{item} is no array, which {} could hold", path.display())));
        };
        write(path, array).map_err(|error| at(path, &error))?;
    }
    Ok(())
}

fn time(arguments: &Time) -> Result<(), PackageError> {
    let start = Instant::now();
    let package = read(&arguments.call.file)?;
    let values = values(&package, &arguments.call.arguments)?;
    let callable = package.load()?;
    let load = start.elapsed().as_secs_f64();
    let mut call = callable.prepare(&values)?;
    let mut measure = || -> Result<f64, PackageError> {
        let start = Instant::now();
        drop(call.call()?);
        Ok(start.elapsed().as_secs_f64())
    };
    let first = measure()?;
    let end = Instant::now() + Duration::try_from_secs_f64(arguments.seconds.min(1e6)).unwrap_or_default();
    let mut calls = Vec::new();
    while calls.len() < arguments.repeat || Instant::now() < end {
        calls.push(measure()?);
    }
    print(&format!("{{\"load_seconds\":{load:?},\"first_call_seconds\":{first:?},\"call_seconds\":{calls:?}}}"))
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
    print(&format!("{}({}) -> {} for {}", package.name, parameters.join(", "), package.result(), package.target))
}

fn read(file: &Path) -> Result<Package, PackageError> {
    Package::read(file).map_err(|error| match error {
        PackageError::Io(error) => at(file, &error),
        other => PackageError::Value(format!("{}: {other}", file.display())),
    })
}

/// Writes an array to a file; of one that could not be written whole nothing is left, and what was there before stays.
fn write(path: &Path, array: &Array) -> io::Result<()> {
    if fs::metadata(path).is_ok_and(|known| !known.is_file()) {
        // A device or a pipe cannot be replaced by a file.
        return npy::write(&mut File::options().write(true).open(path)?, array);
    }
    let mut partial = path.as_os_str().to_owned();
    partial.push(".partial");
    let written = File::create(&partial).and_then(|mut file| npy::write(&mut file, array));
    written.and_then(|()| fs::rename(&partial, path)).inspect_err(|_| _ = fs::remove_file(&partial))
}

/// Writes a line to standard output; that nobody reads it is no panic.
fn print(line: &str) -> Result<(), PackageError> {
    Ok(writeln!(io::stdout(), "{line}")?)
}

fn at(path: &Path, error: &std::io::Error) -> PackageError {
    PackageError::Value(format!("{}: {error}", path.display()))
}

fn values(package: &Package, arguments: &[String]) -> Result<Vec<Option<Value>>, PackageError> {
    let values = arguments.iter().map(|text| value(text)).collect::<Result<_, _>>()?;
    package.bind(values)
}

/// An argument of the command line.
fn value(text: &str) -> Result<Value, PackageError> {
    let quoted = ['\'', '"'].iter().find_map(|quote| text.strip_prefix(*quote)?.strip_suffix(*quote));
    if let Some(text) = quoted {
        return Ok(Value::Str(text.to_owned()));
    }
    if text.ends_with(".npy") {
        return array(Path::new(text)).map(Value::Array);
    }
    let known = match text {
        "None" => Some(Value::None),
        "True" => Some(Value::Bool(true)),
        "False" => Some(Value::Bool(false)),
        number => match (number.parse(), number.parse()) {
            (Ok(int), _) => Some(Value::Int(int)),
            // An int of more than 64 bits is no float.
            (Err(_), Ok(float)) if number.contains(['.', 'e', 'E', 'n']) => Some(Value::Float(float)),
            _ => None,
        },
    };
    known.ok_or_else(|| {
        PackageError::Value(format!("`{text}` is neither a number, nor a text in quotes, nor a .npy file"))
    })
}

fn array(path: &Path) -> Result<Array, PackageError> {
    let file = File::open(path).map_err(|error| at(path, &error))?;
    let length = file.metadata().map_err(|error| at(path, &error))?.len();
    npy::read(&mut BufReader::new(file), length)
        .map_err(|error| PackageError::Value(format!("{}: {error}", path.display())))
}
