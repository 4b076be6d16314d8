//! Named tuples: their fields, and the methods that `collections.namedtuple` gives them.

use super::Meaning;
use crate::types::Class;
use crate::value::{Elements, Value};
use std::rc::Rc;
use std::sync::Arc;

/// The method that takes any field as a keyword, which no list of parameters says.
pub(crate) const REPLACE: &str = "namedtuple._replace";
const MAKE: &str = "namedtuple._make";

/// The named tuples that NumPy's functions return, by the names that their classes have there, and their fields.
const RESULTS: [(&str, &[&str]); 8] = [
    ("numpy.linalg._linalg.EigResult", &["eigenvalues", "eigenvectors"]),
    ("numpy.linalg._linalg.EighResult", &["eigenvalues", "eigenvectors"]),
    ("numpy.linalg._linalg.QRResult", &["Q", "R"]),
    ("numpy.linalg._linalg.SVDResult", &["U", "S", "Vh"]),
    ("numpy.linalg._linalg.SlogdetResult", &["sign", "logabsdet"]),
    ("numpy.lib._arraysetops_impl.UniqueAllResult", &["values", "indices", "inverse_indices", "counts"]),
    ("numpy.lib._arraysetops_impl.UniqueCountsResult", &["values", "counts"]),
    ("numpy.lib._arraysetops_impl.UniqueInverseResult", &["values", "inverse_indices"]),
];

/// The class of results of that name.
fn result_class(name: &str) -> Option<Class> {
    let is_named = |(path, _): &&(&str, &[&str])| path.rsplit('.').next() == Some(name);
    RESULTS.iter().find(is_named).map(|(path, fields)| Class {
        identity: (*path).to_owned(),
        name: name.to_owned(),
        fields: fields.iter().map(|field| (*field).to_owned()).collect(),
    })
}

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
    Meaning {
        name: "intrinsics.named",
        parameters: "name, *items",
        doc: "The items as the named tuple that NumPy has by that name.",
        evaluate: |frame, arguments| match (&arguments[0], &arguments[1]) {
            (Some(Value::Text(name)), Some(Value::Tuple(items))) => match result_class(name) {
                Some(class) => Ok(Value::Tuple(Elements::new(Some(Arc::new(class)), items.iter().cloned()))),
                None => Err(frame.typing(format!("NumPy has no results of the name {name}"))),
            },
            _ => Err(frame.typing("named takes the name of a class, a constant, and items")),
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
