//! Methods of tuples.

use super::Meaning;
use crate::value::Value;

pub(super) static MEANINGS: &[Meaning] = &[
    Meaning {
        name: "tuple.index",
        parameters: "self, value, start=0, stop=None, /",
        doc: "The position of the first element that equals a value.",
        evaluate: |frame, arguments| {
            let elements = arguments[0].clone().unwrap_or(Value::None);
            let value = arguments[1].clone().unwrap_or(Value::None);
            let start = arguments[2].clone().unwrap_or(Value::int(0));
            let length = Value::int(if let Value::Tuple(elements) = &elements { elements.len() as i128 } else { 0 });
            let stop = arguments[3].clone().unwrap_or(length);
            frame.call_library("_tuples", "index", vec![elements, value, start, stop])
        },
    },
    Meaning {
        name: "tuple.count",
        parameters: "self, value, /",
        doc: "How many elements equal a value.",
        evaluate: |frame, arguments| {
            let elements = arguments[0].clone().unwrap_or(Value::None);
            let value = arguments[1].clone().unwrap_or(Value::None);
            frame.call_library("_tuples", "count", vec![elements, value])
        },
    },
];
