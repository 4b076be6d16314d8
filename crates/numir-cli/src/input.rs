//! Arguments of the command line as values: Python literals, or arrays in .npy and .npz files.

use crate::failure::Failure;
use crate::literal::{Literal, LiteralError};
use crate::npz;
use numir::{Array, ArrayType, DType, Parameter, Type, Value};
use numir_rt::npy;
use numir_runtime::{Number, Scalar};
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

/// `name=value` apart, where the text is a keyword argument.
pub fn keyword(text: &str) -> Option<(&str, &str)> {
    let (name, value) = text.split_once('=')?;
    let first = name.chars().next()?;
    let word = |character: char| character == '_' || character.is_alphanumeric();
    (word(first) && !first.is_numeric() && name.chars().all(word) && !value.starts_with('=')).then_some((name, value))
}

/// The value of an argument given to a parameter, whose annotation decides the dtype of a list.
pub fn value(text: &str, parameter: &Parameter) -> Result<Value, Failure> {
    if let Some((path, array)) = array_file(text.trim_start()) {
        return read_array(&path, array.as_deref()).map(Value::Array);
    }
    let name = &parameter.name;
    let literal = Literal::parse(text).map_err(|error| {
        let text = text.trim();
        match error {
            LiteralError::Syntax | LiteralError::NotLiteral("a name") => Failure::plain(format!(
                "argument `{name}`: `{text}` is neither a Python literal nor a .npy or .npz file"
            ))
            .with_help(format!("a string needs quotes that the shell leaves alone: \"'{text}'\"")),
            LiteralError::NotLiteral(what) => {
                Failure::plain(format!("argument `{name}`: `{text}` is {what}, not a literal"))
            }
            LiteralError::TooLarge => too_large(name),
        }
    })?;
    let wanted = match &parameter.annotation {
        Some(Type::Array(array)) => Some(*array),
        _ => None,
    };
    literal_value(literal, wanted).map_err(|error| match error {
        ListError::TooLarge => too_large(name),
        ListError::Ragged => Failure::plain(format!("argument `{name}`: the lists in it have different lengths")),
        ListError::NotNumbers(what) => {
            Failure::plain(format!("argument `{name}`: a list becomes an array and holds numbers only, not {what}"))
        }
        ListError::DoesNotFit(what, dtype) => {
            Failure::plain(format!("argument `{name}`: a list with a {what} does not fit the declared {dtype}"))
        }
        ListError::Memory => Failure::plain(format!("argument `{name}`: there is no memory for the list")),
    })
}

fn too_large(name: &str) -> Failure {
    Failure::plain(format!("argument `{name}`: the integer is too large: it does not fit 64 bits"))
}

enum ListError {
    TooLarge,
    Ragged,
    NotNumbers(&'static str),
    DoesNotFit(&'static str, DType),
    Memory,
}

fn literal_value(literal: Literal, wanted: Option<ArrayType>) -> Result<Value, ListError> {
    Ok(match literal {
        Literal::None => Value::None,
        Literal::Bool(value) => Value::Bool(value),
        Literal::Int(value) => match (i64::try_from(value), u64::try_from(value)) {
            (Ok(value), _) => Value::Int(value),
            (Err(_), Ok(value)) => {
                Scalar::new(DType::UInt64, Number::UInt(value)).map(Value::Scalar).ok_or(ListError::TooLarge)?
            }
            _ => return Err(ListError::TooLarge),
        },
        Literal::Float(value) => Value::Float(value),
        Literal::Complex(real, imag) => Value::Complex(real, imag),
        Literal::Str(text) => Value::Str(text),
        Literal::Tuple(items) => {
            Value::Tuple(items.into_iter().map(|item| literal_value(item, None)).collect::<Result<_, _>>()?)
        }
        Literal::List(_) => Value::Array(list_array(&literal, wanted)?),
        Literal::Dict(_) => return Err(ListError::NotNumbers("a dict")),
    })
}

/// A list of numbers, or of lists of equal length, as a C-contiguous array: of the declared dtype if there is one, else of
/// the dtype that NumPy gives it.
fn list_array(list: &Literal, wanted: Option<ArrayType>) -> Result<Array, ListError> {
    let mut shape = Vec::new();
    let mut items = Vec::new();
    flatten(list, 0, &mut shape, &mut items)?;
    let natural = items.iter().map(|item| natural_dtype(item)).collect::<Result<Vec<_>, _>>()?;
    let natural = natural.into_iter().reduce(DType::promote).unwrap_or(DType::Float64);
    let dtype = wanted.map_or(natural, |wanted| wanted.dtype);
    let mut bytes = Vec::with_capacity(items.len() * dtype.size());
    for item in items {
        let scalar = convert(item, dtype).ok_or(ListError::DoesNotFit(item.type_name(), dtype))?;
        let words = scalar.to_words().map(u64::to_le_bytes);
        bytes.extend_from_slice(&words.as_flattened()[..dtype.size()]);
    }
    Array::from_bytes(dtype, &shape, &bytes).map_err(|_| ListError::Memory)
}

fn flatten<'a>(
    literal: &'a Literal,
    depth: usize,
    shape: &mut Vec<usize>,
    items: &mut Vec<&'a Literal>,
) -> Result<(), ListError> {
    match literal {
        Literal::List(inner) => {
            match shape.get(depth) {
                None if items.is_empty() => shape.push(inner.len()),
                Some(length) if *length == inner.len() => {}
                _ => return Err(ListError::Ragged),
            }
            inner.iter().try_for_each(|item| flatten(item, depth + 1, shape, items))
        }
        _ if depth == shape.len() => {
            items.push(literal);
            Ok(())
        }
        _ => Err(ListError::Ragged),
    }
}

fn natural_dtype(literal: &Literal) -> Result<DType, ListError> {
    match literal {
        Literal::Bool(_) => Ok(DType::Bool),
        Literal::Int(value) if i64::try_from(*value).is_ok() => Ok(DType::Int64),
        Literal::Int(value) if u64::try_from(*value).is_ok() => Ok(DType::UInt64),
        Literal::Int(_) => Err(ListError::TooLarge),
        Literal::Float(_) => Ok(DType::Float64),
        Literal::Complex(..) => Ok(DType::Complex128),
        other => Err(ListError::NotNumbers(other.type_name())),
    }
}

/// A number at a dtype, if no kind is lost and an integer is in range.
fn convert(literal: &Literal, dtype: DType) -> Option<Scalar> {
    use numir_runtime::dtype::Kind;
    let real = match literal {
        Literal::Bool(value) => f64::from(u8::from(*value)),
        Literal::Int(value) => *value as f64,
        Literal::Float(value) => *value,
        _ => 0.0,
    };
    let integer = match literal {
        Literal::Bool(value) => Some(i128::from(*value)),
        Literal::Int(value) => Some(*value),
        _ => None,
    };
    let number = match (dtype.kind(), literal) {
        (Kind::Bool, Literal::Bool(value)) => Number::Bool(*value),
        (Kind::Bool | Kind::Time, _) | (Kind::Float, Literal::Complex(..)) => return None,
        (Kind::Signed, _) => Number::Int(integer.and_then(|value| i64::try_from(value).ok())?),
        (Kind::Unsigned, _) => Number::UInt(integer.and_then(|value| u64::try_from(value).ok())?),
        (Kind::Float, _) => Number::Float(real),
        (Kind::Complex, Literal::Complex(real, imag)) => Number::Complex(*real, *imag),
        (Kind::Complex, _) => Number::Complex(real, 0.0),
    };
    let scalar = Scalar::new(dtype, number)?;
    // An integer that was wrapped to the width did not fit.
    let exact = match scalar.number() {
        Number::Int(value) => Some(i128::from(value)) == integer,
        Number::UInt(value) => Some(i128::from(value)) == integer,
        _ => true,
    };
    exact.then_some(scalar)
}

/// The file, and the array's name in it, that a text names by its ending.
fn array_file(text: &str) -> Option<(PathBuf, Option<String>)> {
    let has_ending = |path: &str, ending: &str| path.to_ascii_lowercase().ends_with(ending);
    if text.starts_with(['"', '\'']) {
        return None;
    }
    if has_ending(text, ".npy") || has_ending(text, ".npz") {
        return Some((PathBuf::from(text), None));
    }
    let (path, array) = text.rsplit_once(':')?;
    has_ending(path, ".npz").then(|| (PathBuf::from(path), Some(array.to_owned())))
}

fn read_array(path: &Path, array: Option<&str>) -> Result<Array, Failure> {
    let reading = |error: std::io::Error| Failure::reading(path, &error);
    let mut file = File::open(path).map_err(reading)?;
    let metadata = file.metadata().map_err(reading)?;
    if metadata.is_dir() {
        return Err(Failure::plain(format!("cannot read {}: it is a folder", path.display())));
    }
    let outcome = if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("npz")) {
        npz::read(BufReader::new(file), array).map_err(|error| error.to_string())
    } else {
        // What is no file, such as a pipe, has no length to check.
        let length = if metadata.is_file() { metadata.len() } else { u64::MAX };
        npy::read(&mut file, length).map_err(|error| error.to_string())
    };
    outcome.map_err(|message| Failure::plain(format!("cannot read {}: {message}", path.display())))
}
