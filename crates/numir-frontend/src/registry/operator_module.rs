//! The module `operator`: Python's operators as functions, each the operator itself.

use super::Meaning;
use super::operators::{binary, compare, in_place, unary};
use crate::specialize::{Evaluated, Frame};
use crate::value::Value;

/// The operands of a function of the module; all are required.
fn operand(arguments: &[Option<Value>], place: usize) -> Value {
    arguments.get(place).cloned().flatten().unwrap_or(Value::None)
}

macro_rules! functions {
    ($($kind:ident: $($name:literal $symbol:literal),*;)*) => {
        &[$($(functions!(@ $kind $name $symbol)),*),*]
    };
    (@ binary $name:literal $symbol:literal) => {
        functions!(@ $name, "a, b, /", concat!("a ", $symbol, " b."), binary, $symbol, [0, 1])
    };
    (@ compare $name:literal $symbol:literal) => {
        functions!(@ $name, "a, b, /", concat!("a ", $symbol, " b."), compare, $symbol, [0, 1])
    };
    (@ in_place $name:literal $symbol:literal) => {
        functions!(@ $name, "a, b, /", concat!("a ", $symbol, "= b, whose value is a's new one."), in_place, $symbol, [0, 1])
    };
    (@ unary $name:literal $symbol:literal) => {
        Meaning {
            name: concat!("operator.", $name),
            parameters: "a, /",
            doc: concat!($symbol, "a."),
            evaluate: |frame, arguments| unary(frame, $symbol, &operand(arguments, 0)),
        }
    };
    (@ $name:literal, $parameters:literal, $doc:expr, $function:ident, $symbol:literal, [$left:literal, $right:literal]) => {
        Meaning {
            name: concat!("operator.", $name),
            parameters: $parameters,
            doc: $doc,
            evaluate: |frame, arguments| {
                $function(frame, $symbol, &operand(arguments, $left), &operand(arguments, $right))
            },
        }
    };
}

/// The functions that are an operator on their arguments in order.
pub(super) static OPERATORS: &[Meaning] = functions! {
    binary: "add" "+", "sub" "-", "mul" "*", "truediv" "/", "floordiv" "//", "mod" "%", "pow" "**", "matmul" "@",
        "lshift" "<<", "rshift" ">>", "and_" "&", "or_" "|", "xor" "^";
    in_place: "iadd" "+", "isub" "-", "imul" "*", "itruediv" "/", "ifloordiv" "//", "imod" "%", "ipow" "**", "imatmul" "@",
        "ilshift" "<<", "irshift" ">>", "iand" "&", "ior" "|", "ixor" "^";
    compare: "eq" "==", "ne" "!=", "lt" "<", "le" "<=", "gt" ">", "ge" ">=", "is_" "is", "is_not" "is not";
    unary: "neg" "-", "pos" "+", "invert" "~", "inv" "~";
};

/// The others.
pub(super) static MEANINGS: &[Meaning] = &[
    Meaning {
        name: "operator.contains",
        parameters: "a, b, /",
        doc: "b in a.",
        evaluate: |frame, arguments| compare(frame, "in", &operand(arguments, 1), &operand(arguments, 0)),
    },
    Meaning {
        name: "operator.getitem",
        parameters: "a, b, /",
        doc: "a[b].",
        evaluate: |frame, arguments| super::subscript(frame, &operand(arguments, 0), &operand(arguments, 1)),
    },
    Meaning {
        name: "operator.setitem",
        parameters: "a, b, c, /",
        doc: "a[b] = c.",
        evaluate: |frame, arguments| {
            super::store_item(frame, &operand(arguments, 0), &operand(arguments, 1), &operand(arguments, 2))?;
            Ok(Value::None)
        },
    },
    Meaning { name: "operator.truth", parameters: "a, /", doc: "Whether a is true.", evaluate: truth },
    Meaning {
        name: "operator.not_",
        parameters: "a, /",
        doc: "not a.",
        evaluate: |frame, arguments| {
            let truth = truth(frame, arguments)?;
            compare(frame, "==", &truth, &Value::bool(false))
        },
    },
    Meaning {
        name: "operator.abs",
        parameters: "a, /",
        doc: "The absolute value.",
        evaluate: |frame, arguments| match super::meaning("builtins.abs") {
            Some(abs) => (abs.evaluate)(frame, arguments),
            None => Ok(Value::None),
        },
    },
];

fn truth(frame: &mut Frame<'_, '_>, arguments: &[Option<Value>]) -> Evaluated {
    frame.truth(&operand(arguments, 0))
}
