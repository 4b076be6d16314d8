//! Arguments on the command line.

use crate::files;
use numir_rt::{Package, PackageError};
use numir_runtime::Value;
use std::path::Path;

/// How deep tuples may be nested.
const DEEPEST: usize = 32;

/// The values of a call, one for each parameter.
pub fn values(package: &Package, arguments: &[String]) -> Result<Vec<Option<Value>>, PackageError> {
    let values = arguments.iter().map(|text| value(text, 0)).collect::<Result<_, _>>()?;
    package.bind(values)
}

/// A value by its text, which is within so many tuples.
fn value(text: &str, depth: usize) -> Result<Value, PackageError> {
    let text = text.trim();
    let quoted = ['\'', '"'].iter().find_map(|quote| text.strip_prefix(*quote)?.strip_suffix(*quote));
    if let Some(text) = quoted {
        return Ok(Value::Str(text.to_owned()));
    }
    if let Some(inside) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).filter(|_| depth < DEEPEST) {
        let items = items(inside);
        // Brackets around one value without a comma are brackets.
        return match items.as_slice() {
            [one] if !inside.trim_end().ends_with(',') => value(one, depth + 1),
            items => items.iter().map(|item| value(item, depth + 1)).collect::<Result<_, _>>().map(Value::Tuple),
        };
    }
    if text.ends_with(".npy") {
        return files::read(Path::new(text)).map(Value::Array);
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
        let what = "neither a number, nor a text in quotes, nor a .npy file, nor a tuple of these in brackets";
        PackageError::Value(format!("`{text}` is {what}"))
    })
}

/// The texts of a tuple's items; behind the last one there may be a comma.
fn items(text: &str) -> Vec<&str> {
    let (mut items, mut start, mut depth, mut quote) = (Vec::new(), 0, 0_usize, None);
    for (place, character) in text.char_indices() {
        match (quote, character) {
            (Some(open), _) => quote = Some(open).filter(|open| *open != character),
            (None, '\'' | '"') => quote = Some(character),
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.saturating_sub(1),
            (None, ',') if depth == 0 => {
                items.push(&text[start..place]);
                start = place + 1;
            }
            (None, _) => {}
        }
    }
    items.extend(Some(&text[start..]).filter(|rest| !rest.trim().is_empty()));
    items
}
