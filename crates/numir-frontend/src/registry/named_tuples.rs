//! Named tuples: their fields, and the methods that `collections.namedtuple` gives them.

use super::Meaning;
use crate::types::Class;
use crate::value::{Elements, Value};
use std::rc::Rc;
use std::sync::Arc;

/// The method that takes any field as a keyword, which no list of parameters says.
pub(crate) const REPLACE: &str = "namedtuple._replace";
const MAKE: &str = "namedtuple._make";

pub(super) static MEANINGS: &[Meaning] = &[
    Meaning {
        name: REPLACE,
        parameters: "self, /",
        doc: "The same with other values for the fields that are given.",
        evaluate: |_, arguments| Ok(arguments[0].clone().unwrap_or(Value::None)),
    },
    Meaning {
        name: MAKE,
        parameters: "cls, iterable, /",
        doc: "A named tuple of the items of a tuple.",
        evaluate: |frame, arguments| match (&arguments[0], &arguments[1]) {
            (Some(Value::TupleClass(class, _)), Some(Value::Tuple(items))) => {
                if items.len() == class.fields.len() {
                    return Ok(Value::Tuple(Elements::new(Some(class.clone()), items.iter().cloned())));
                }
                let message = format!("Expected {} arguments, got {}", class.fields.len(), items.len());
                Err(frame.raise("TypeError", &message, &[]))
            }
            (_, other) => {
                let seen = frame.describe(other.as_ref().unwrap_or(&Value::None));
                Err(frame.unsupported(format!("_make() of {seen}: it takes a tuple here")))
            }
        },
    },
];

fn fields(class: &Class) -> Value {
    Value::tuple(class.fields.iter().map(|field| Value::Text(field.as_str().into())).collect())
}

/// An attribute of a named tuple.
pub(super) fn attribute(tuple: &Elements, name: &str) -> Option<Value> {
    let class = tuple.class.as_ref()?;
    if let Some(place) = class.fields.iter().position(|field| field == name) {
        return tuple.get(place).cloned();
    }
    match name {
        "_fields" => Some(fields(class)),
        "_replace" => Some(Value::Bound(Rc::new(Value::Tuple(tuple.clone())), super::meaning(REPLACE)?)),
        _ => None,
    }
}

/// An attribute of a class of named tuples.
pub(super) fn class_attribute(class: &Arc<Class>, defaults: &Rc<[Value]>, name: &str) -> Option<Value> {
    match name {
        "_fields" => Some(fields(class)),
        "__name__" => Some(Value::Text(class.name.as_str().into())),
        "_make" => {
            let class = Value::TupleClass(class.clone(), defaults.clone());
            Some(Value::Bound(Rc::new(class), super::meaning(MAKE)?))
        }
        _ => None,
    }
}
