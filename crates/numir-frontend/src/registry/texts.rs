//! Strings: constants, and what is made of constants and numbers. The latter are not put together by compiled code: they are printed,
//! raised or returned part by part.

use super::Meaning;
use crate::specialize::{Evaluated, Frame};
use crate::types::{Kind, Scalar};
use crate::value::{Number, Value};
use numir_runtime::format::{Style, push_scalar};

pub(super) static MEANINGS: &[Meaning] = &[
    Meaning {
        name: "builtins.str",
        parameters: "object=''",
        doc: "A number, a tuple or a string as a string.",
        evaluate: |frame, arguments| match &arguments[0] {
            None => Ok(Value::Text("".into())),
            Some(value) => joined(frame, std::slice::from_ref(value), "as a string"),
        },
    },
    Meaning {
        name: "builtins.hex",
        parameters: "number, /",
        doc: "A constant in hexadecimal.",
        evaluate: |frame, arguments| radix(frame, arguments, |size| format!("0x{size:x}")),
    },
    Meaning {
        name: "builtins.oct",
        parameters: "number, /",
        doc: "A constant in octal.",
        evaluate: |frame, arguments| radix(frame, arguments, |size| format!("0o{size:o}")),
    },
    Meaning {
        name: "builtins.bin",
        parameters: "number, /",
        doc: "A constant in binary.",
        evaluate: |frame, arguments| radix(frame, arguments, |size| format!("0b{size:b}")),
    },
];

fn radix(frame: &mut Frame<'_, '_>, arguments: &[Option<Value>], write: fn(u128) -> String) -> Evaluated {
    let value = arguments[0].clone().unwrap_or(Value::None);
    match value.known_integer() {
        Some(number) => {
            let digits = write(number.unsigned_abs());
            Ok(Value::Text(if number < 0 { format!("-{digits}") } else { digits }.as_str().into()))
        }
        None => {
            let seen = frame.describe(&value);
            Err(frame.unsupported(format!("digits of {seen} that is no constant: there are no strings at run time")))
        }
    }
}

/// One string of several values, each as `str` has it. `place` says in messages where they stand.
pub(crate) fn joined(frame: &mut Frame<'_, '_>, values: &[Value], place: &str) -> Evaluated {
    let mut parts: Vec<Value> = Vec::new();
    for value in values {
        add(frame, &mut parts, value, place)?;
    }
    Ok(match parts.as_slice() {
        [] => Value::Text("".into()),
        [Value::Text(text)] => Value::Text(text.clone()),
        _ => Value::Formatted(parts.into()),
    })
}

fn add(frame: &mut Frame<'_, '_>, parts: &mut Vec<Value>, value: &Value, place: &str) -> Evaluated<()> {
    let part = match value {
        Value::Formatted(inner) => return inner.iter().try_for_each(|part| add(frame, parts, part, place)),
        Value::Number(scalar, number) => match known(*scalar, *number) {
            Some(text) => Value::Text(text.as_str().into()),
            None => value.clone(),
        },
        Value::None => Value::Text("None".into()),
        time if super::times::time_of(time).is_some() => {
            let seen = frame.describe(time);
            return Err(frame.unsupported(format!("{seen} {place}")));
        }
        Value::Text(_) | Value::Scalar(..) | Value::Tuple(_) => value.clone(),
        other => {
            let seen = frame.describe(other);
            return Err(frame.unsupported(format!("{seen} {place}")));
        }
    };
    match (parts.last_mut(), &part) {
        (Some(Value::Text(before)), Value::Text(text)) => *before = format!("{before}{text}").as_str().into(),
        _ => parts.push(part),
    }
    Ok(())
}

/// The text of a number that is known now.
fn known(scalar: Scalar, number: Number) -> Option<String> {
    use numir_runtime::Number as Runtime;
    let number = match (scalar.kind(), number.widen(scalar.kind())) {
        (Kind::Bool, number) => Runtime::Bool(number.truth()),
        (Kind::Integer, number) => match i64::try_from(number.as_integer()?) {
            Ok(value) => Runtime::Int(value),
            Err(_) => return Some(number.as_integer()?.to_string()),
        },
        (Kind::Time, _) => return None,
        (_, Number::Complex(real, imaginary)) => Runtime::Complex(real, imaginary),
        (_, number) => Runtime::Float(number.as_float()),
    };
    let mut text = String::new();
    push_scalar(&mut text, numir_runtime::Scalar::new(scalar.dtype(), number)?, Style::Str);
    Some(text)
}

/// `float(text)` and `int(text, base)` of constant strings.
pub(super) fn number(frame: &mut Frame<'_, '_>, scalar: Scalar, text: &str, base: Option<&Value>) -> Evaluated {
    let quoted = || {
        let mut quoted = String::new();
        numir_runtime::format::push_str_repr(&mut quoted, text);
        quoted
    };
    match scalar.kind() {
        Kind::Integer => {
            let base = match base.map(Value::known_integer) {
                None => 10,
                Some(Some(base)) if base == 0 || (2..=36).contains(&base) => base as u32,
                Some(Some(_)) => return Err(frame.raise("ValueError", "int() base must be >= 2 and <= 36, or 0", &[])),
                Some(None) => return Err(frame.unsupported("int() of a string with a base that is no constant")),
            };
            match integer(text, base) {
                Some(value) => super::cast_checked(frame, &Value::int(value), scalar),
                None => {
                    let message = format!("invalid literal for int() with base {base}: {}", quoted());
                    Err(frame.raise("ValueError", &message, &[]))
                }
            }
        }
        Kind::Float => match digits(text.trim(), |digit| digit.is_ascii_digit()).and_then(|text| text.parse().ok()) {
            Some(value) => super::cast(frame, &Value::float(value), scalar),
            None => Err(frame.raise("ValueError", &format!("could not convert string to float: {}", quoted()), &[])),
        },
        Kind::Bool | Kind::Complex | Kind::Time => Err(frame.unsupported(format!("{scalar}() of a string"))),
    }
}

/// An integer as `int` reads it.
fn integer(text: &str, base: u32) -> Option<i128> {
    let text = text.trim();
    let (sign, rest) = match text.strip_prefix(['+', '-']) {
        Some(rest) => (if text.starts_with('-') { -1 } else { 1 }, rest),
        None => (1, text),
    };
    let lower = rest.to_ascii_lowercase();
    let prefixed = [("0x", 16), ("0o", 8), ("0b", 2)].into_iter().find_map(|(prefix, its)| {
        let rest = lower.strip_prefix(prefix)?;
        (base == its || base == 0).then(|| (rest.strip_prefix('_').unwrap_or(rest).to_owned(), its))
    });
    let (text, base) = match prefixed {
        Some(found) => found,
        // Without a base a leading zero is not one of a decimal number.
        None if base == 0 && lower.starts_with('0') && lower.bytes().any(|byte| (b'1'..=b'9').contains(&byte)) => {
            return None;
        }
        None => (lower, if base == 0 { 10 } else { base }),
    };
    let text = digits(&text, |digit| digit.is_digit(base))?;
    if text.is_empty() || !text.chars().all(|digit| digit.is_digit(base)) {
        return None;
    }
    i128::from_str_radix(&text, base).ok().map(|value| sign * value)
}

/// A text without the underscores that stand singly between digits; None where one stands elsewhere.
fn digits(text: &str, is_digit: impl Fn(char) -> bool) -> Option<String> {
    let letters: Vec<char> = text.chars().collect();
    let between = |at: usize| {
        let before = at.checked_sub(1).and_then(|at| letters.get(at));
        before.is_some_and(|letter| is_digit(*letter)) && letters.get(at + 1).is_some_and(|letter| is_digit(*letter))
    };
    let kept = letters.iter().enumerate().filter(|(_, letter)| **letter != '_');
    let fits = letters.iter().enumerate().all(|(at, letter)| *letter != '_' || between(at));
    fits.then(|| kept.map(|(_, letter)| *letter).collect())
}
