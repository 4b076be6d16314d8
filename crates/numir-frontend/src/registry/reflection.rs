//! What asks about values while a function is compiled: `type`, and attributes by names that are constants.

use super::{Meaning, attribute_names};
use crate::specialize::{Evaluated, Frame, Stop};
use crate::value::{Elements, Value};
use std::rc::Rc;

pub(super) static MEANINGS: &[Meaning] = &[
    Meaning { name: "builtins.type", parameters: "object, /", doc: "The type of a value.", evaluate: type_of },
    Meaning {
        name: "builtins.getattr",
        parameters: "object, name, default=None, /",
        doc: "An attribute by its name, a constant.",
        evaluate: getattr,
    },
    Meaning {
        name: "builtins.hasattr",
        parameters: "object, name, /",
        doc: "Whether there is an attribute of that name, a constant.",
        evaluate: hasattr,
    },
];

fn type_of(frame: &mut Frame<'_, '_>, arguments: &[Option<Value>]) -> Evaluated {
    let value = arguments[0].clone().unwrap_or(Value::None);
    let class = match &value {
        Value::Tuple(Elements { class: Some(class), .. }) => return Ok(Value::TupleClass(class.clone(), Rc::from([]))),
        Value::Tuple(_) => "builtins.tuple",
        Value::Text(_) => "builtins.str",
        Value::Array(..) => "numpy.ndarray",
        Value::Range(_) => "builtins.range",
        Value::Slice(_) => "builtins.slice",
        other => match other.scalar() {
            Some(scalar) => return Ok(Value::ScalarType(scalar)),
            None => {
                let seen = frame.describe(other);
                return Err(frame.unsupported(format!("the type of {seen}")));
            }
        },
    };
    match super::meaning(class) {
        Some(meaning) => Ok(Value::Meaning(meaning)),
        None => Err(frame.unsupported(format!("`{class}` as a value"))),
    }
}

/// The attribute that the arguments name, where it is compiled; else whether CPython has it, as far as that is known.
fn found(frame: &mut Frame<'_, '_>, arguments: &[Option<Value>]) -> Evaluated<Result<Value, Option<bool>>> {
    let base = arguments[0].clone().unwrap_or(Value::None);
    let Some(Value::Text(name)) = &arguments[1] else {
        return Err(frame.typing("argument 'name' must be a literal string: a constant"));
    };
    let name = frame.specializer.program.intern(name.to_string());
    match frame.attribute_of(&base, name) {
        Ok(value) => Ok(Ok(value)),
        Err(Stop::Error(_)) => Ok(Err(attribute_names::has(&base, name))),
        Err(stop) => Err(stop),
    }
}

/// The value and the name, for messages.
fn described(frame: &Frame<'_, '_>, arguments: &[Option<Value>]) -> (String, String) {
    let seen = frame.describe(arguments[0].as_ref().unwrap_or(&Value::None));
    let name = match &arguments[1] {
        Some(Value::Text(name)) => name.to_string(),
        _ => String::new(),
    };
    (seen, name)
}

fn hasattr(frame: &mut Frame<'_, '_>, arguments: &[Option<Value>]) -> Evaluated {
    match found(frame, arguments)? {
        Ok(_) => Ok(Value::bool(true)),
        Err(Some(known)) => Ok(Value::bool(known)),
        Err(None) => {
            let (seen, name) = described(frame, arguments);
            Err(frame.unsupported(format!("hasattr() of {seen} and '{name}'")))
        }
    }
}

fn getattr(frame: &mut Frame<'_, '_>, arguments: &[Option<Value>]) -> Evaluated {
    match (found(frame, arguments)?, &arguments[2]) {
        (Ok(value), _) => Ok(value),
        (Err(Some(false)), Some(default)) => Ok(default.clone()),
        (Err(Some(false)), None) => {
            let (seen, name) = described(frame, arguments);
            Err(frame.raise("AttributeError", &format!("'{seen}' object has no attribute '{name}'"), &[]))
        }
        (Err(_), _) => {
            let (seen, name) = described(frame, arguments);
            Err(frame.unsupported(format!("attribute '{name}' of {seen}")))
        }
    }
}
