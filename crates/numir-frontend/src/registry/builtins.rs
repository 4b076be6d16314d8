//! Python's built-in functions, as far as they are primitives; the rest is Python in `library/builtins.py`.

use super::kernels::elementary;
use super::operators::{self, map};
use super::{Meaning, abstract_types, cast};
use crate::function_ir::{IrType, ValueId};
use crate::specialize::{Evaluated, Frame};
use crate::types::{Kind, Scalar};
use crate::value::{Iteration, Number, Value};
use std::rc::Rc;

pub(super) static MEANINGS: &[Meaning] = &[
    Meaning { name: "builtins.len", parameters: "obj, /", doc: "The number of elements.", evaluate: len },
    Meaning {
        name: "builtins.range",
        parameters: "*args",
        doc: "The ints from start to stop by step.",
        evaluate: range,
    },
    Meaning {
        name: "numir.prange",
        parameters: "*args",
        doc: "A range whose iterations may run in parallel, in any order.",
        evaluate: |frame, arguments| {
            let bounds = range(frame, arguments)?;
            match super::meaning("numir.prange") {
                Some(meaning) => Ok(Value::Bound(Rc::new(bounds), meaning)),
                None => Ok(bounds),
            }
        },
    },
    Meaning {
        name: "numir.literally",
        parameters: "obj",
        doc: "The value itself: what is known when a function is compiled stays known without it.",
        evaluate: |_, arguments| Ok(arguments[0].clone().unwrap_or(Value::None)),
    },
    Meaning {
        name: "numir.literal_unroll",
        parameters: "container",
        doc: "The container itself: a loop over a tuple is unrolled without it.",
        evaluate: |frame, arguments| match &arguments[0] {
            Some(container @ Value::Tuple(_)) => Ok(container.clone()),
            other => {
                let seen = frame.describe(other.as_ref().unwrap_or(&Value::None));
                Err(frame.typing(format!("literal_unroll takes a tuple, not {seen}")))
            }
        },
    },
    Meaning { name: "builtins.abs", parameters: "x, /", doc: "The absolute value.", evaluate: abs },
    Meaning {
        name: "builtins.enumerate",
        parameters: "iterable, start=0",
        doc: "Pairs of a count and an element.",
        evaluate: |frame, arguments| {
            let start = arguments[1].clone().unwrap_or(Value::int(0));
            if start.scalar().is_none_or(|scalar| scalar.kind() > Kind::Integer) {
                let seen = frame.describe(&start);
                return Err(frame.typing(format!("Only integers supported as start value in enumerate, not {seen}")));
            }
            let iterable = arguments[0].clone().unwrap_or(Value::None);
            Ok(Value::Iteration(Rc::new(Iteration::Enumerate(iterable, start))))
        },
    },
    Meaning {
        name: "builtins.zip",
        parameters: "*iterables, strict=False",
        doc: "Tuples of the elements at one position, as long as the shortest lasts.",
        evaluate: |_, arguments| match &arguments[0] {
            Some(Value::Tuple(parts)) => Ok(Value::Iteration(Rc::new(Iteration::Zip(parts.to_vec())))),
            _ => Ok(Value::tuple(Vec::new())),
        },
    },
    Meaning {
        name: "builtins.reversed",
        parameters: "sequence, /",
        doc: "The elements from the last to the first.",
        evaluate: |_, arguments| {
            Ok(Value::Iteration(Rc::new(Iteration::Reversed(arguments[0].clone().unwrap_or(Value::None)))))
        },
    },
    Meaning {
        name: "builtins.min",
        parameters: "*args, default=None",
        doc: "The smallest.",
        evaluate: |f, a| extreme(f, a, "<"),
    },
    Meaning {
        name: "builtins.max",
        parameters: "*args, default=None",
        doc: "The largest.",
        evaluate: |f, a| extreme(f, a, ">"),
    },
    Meaning {
        name: "builtins.divmod",
        parameters: "x, y, /",
        doc: "The floor quotient and the rest.",
        evaluate: |frame, arguments| {
            let x = arguments[0].clone().unwrap_or(Value::None);
            let y = arguments[1].clone().unwrap_or(Value::None);
            let quotient = operators::binary(frame, "//", &x, &y)?;
            let rest = operators::binary(frame, "%", &x, &y)?;
            Ok(Value::tuple(vec![quotient, rest]))
        },
    },
    Meaning {
        name: "builtins.pow",
        parameters: "base, exp, mod=None",
        doc: "base ** exp, modulo mod where that is given.",
        evaluate: |frame, arguments| {
            let base = arguments[0].clone().unwrap_or(Value::None);
            let exponent = arguments[1].clone().unwrap_or(Value::None);
            match &arguments[2] {
                None | Some(Value::None) => operators::binary(frame, "**", &base, &exponent),
                Some(modulus) => {
                    frame.call_library("arithmetic", "power_modulo", vec![base, exponent, modulus.clone()])
                }
            }
        },
    },
    Meaning {
        name: "builtins.isinstance",
        parameters: "obj, classinfo, /",
        doc: "Whether a value is of a type.",
        evaluate: isinstance,
    },
    Meaning {
        name: "builtins.tuple",
        parameters: "iterable=(), /",
        doc: "A tuple of the elements of a tuple.",
        evaluate: |frame, arguments| match &arguments[0] {
            None => Ok(Value::tuple(Vec::new())),
            Some(Value::Tuple(elements)) => Ok(Value::Tuple(elements.iter().cloned().collect())),
            Some(other) => {
                let seen = frame.describe(other);
                Err(frame.unsupported(format!("tuple() of {seen}, whose length is known only at run time")))
            }
        },
    },
    Meaning {
        name: "builtins.slice",
        parameters: "*args",
        doc: "A slice.",
        evaluate: |frame, arguments| {
            let parts = match &arguments[0] {
                Some(Value::Tuple(parts)) => parts.to_vec(),
                _ => Vec::new(),
            };
            Ok(Value::Slice(Rc::new(match parts.as_slice() {
                [stop] => [Value::None, stop.clone(), Value::None],
                [start, stop] => [start.clone(), stop.clone(), Value::None],
                [start, stop, step] => [start.clone(), stop.clone(), step.clone()],
                [] => return Err(frame.typing("slice expected at least 1 argument, got 0")),
                more => return Err(frame.typing(format!("slice expected at most 3 arguments, got {}", more.len()))),
            })))
        },
    },
];

fn len(frame: &mut Frame<'_, '_>, arguments: &[Option<Value>]) -> Evaluated {
    match &arguments[0] {
        Some(Value::Tuple(elements)) => Ok(Value::int(elements.len() as i128)),
        Some(Value::Text(text)) => Ok(Value::int(text.chars().count() as i128)),
        Some(Value::RecordType(layout)) => Ok(Value::int(layout.fields.len() as i128)),
        Some(Value::Records(layout, ty, _)) if ty.rank == 1 => Ok(Value::int(layout.fields.len() as i128)),
        Some(Value::Array(ty, _)) if ty.rank == 0 => Err(frame.raise("TypeError", "len() of unsized object", &[])),
        Some(value)
            if matches!(value, Value::Array(..) | Value::Records(..) | Value::Range(_))
                || super::items::flat(value).is_some() =>
        {
            let length = frame.length(value)?;
            Ok(frame.index_as_int(length))
        }
        other => {
            let seen = other.as_ref().map_or_else(|| "nothing".to_owned(), |value| frame.describe(value));
            Err(frame.typing(format!("object of type {seen} has no len()")))
        }
    }
}

fn range(frame: &mut Frame<'_, '_>, arguments: &[Option<Value>]) -> Evaluated {
    let parts = match &arguments[0] {
        Some(Value::Tuple(parts)) => parts.to_vec(),
        _ => Vec::new(),
    };
    let mut ints = Vec::with_capacity(3);
    for part in &parts {
        match part.scalar() {
            Some(scalar) if scalar.kind() <= Kind::Integer => ints.push(super::casts::integer_to_int(frame, part)?),
            _ => {
                let seen = frame.describe(part);
                return Err(frame.typing(format!("range() takes ints, not {seen}")));
            }
        }
    }
    let [start, stop, step] = match ints.as_slice() {
        [stop] => [Value::int(0), stop.clone(), Value::int(1)],
        [start, stop] => [start.clone(), stop.clone(), Value::int(1)],
        [start, stop, step] => [start.clone(), stop.clone(), step.clone()],
        _ => {
            let message = format!("range expected 1 to 3 arguments, got {}", ints.len());
            return Err(frame.error(crate::diagnostic::ErrorKind::Argument, message));
        }
    };
    if step.known_integer() == Some(0) {
        return Err(frame.raise("ValueError", "range() arg 3 must not be zero", &[]));
    }
    Ok(Value::Range(Rc::new([start, stop, step])))
}

fn abs(frame: &mut Frame<'_, '_>, arguments: &[Option<Value>]) -> Evaluated {
    let value = arguments[0].clone().unwrap_or(Value::None);
    absolute(frame, &value)
}

pub(super) fn absolute(frame: &mut Frame<'_, '_>, value: &Value) -> Evaluated {
    if let Value::Array(..) = value {
        return map(frame, std::slice::from_ref(value), |frame, items| absolute(frame, &items[0]));
    }
    let Some(scalar) = value.scalar() else {
        let seen = frame.describe(value);
        return Err(frame.typing(format!("bad operand type for abs(): {seen}")));
    };
    if let Some(time) = scalar.time() {
        return super::times::absolute(frame, value, time);
    }
    match value.number() {
        Some(Number::Integer(number)) if scalar == Scalar::Int => return Ok(Value::int(number.abs())),
        Some(Number::Float(number)) if scalar == Scalar::Float => return Ok(Value::float(number.abs())),
        _ => {}
    }
    let scalar = if scalar == Scalar::Bool { Scalar::Int } else { scalar };
    if scalar.kind() == Kind::Bool || scalar.is_unsigned() {
        return Ok(value.clone());
    }
    let value = cast(frame, value, scalar)?;
    let id = frame.materialize(&value)?;
    let result = scalar.real();
    if scalar.kind() == Kind::Complex && scalar != Scalar::Complex {
        let parts = ["numeric.real", "numeric.imag"]
            .map(|part| Value::Scalar(result, frame.emit(part, &[id], IrType::Scalar(result), Vec::new())));
        return elementary(frame, "hypot", &parts);
    }
    Ok(Value::Scalar(result, frame.emit("numeric.abs", &[id], IrType::Scalar(result), Vec::new())))
}

/// min and max: of several arguments, or of one iterable.
fn extreme(frame: &mut Frame<'_, '_>, arguments: &[Option<Value>], symbol: &'static str) -> Evaluated {
    let given = match &arguments[0] {
        Some(Value::Tuple(parts)) => parts.to_vec(),
        _ => Vec::new(),
    };
    let name = if symbol == "<" { "min" } else { "max" };
    let candidates = match given.as_slice() {
        [] => {
            return Err(frame
                .error(crate::diagnostic::ErrorKind::Argument, format!("{name} expected at least 1 argument, got 0")));
        }
        [Value::Tuple(elements)] => elements.to_vec(),
        [one] => {
            let (plain, with_default) =
                if symbol == "<" { ("smallest", "smallest_or") } else { ("largest", "largest_or") };
            return match &arguments[1] {
                None => frame.call_library("arithmetic", plain, vec![one.clone()]),
                Some(default) => frame.call_library("arithmetic", with_default, vec![one.clone(), default.clone()]),
            };
        }
        several => {
            if arguments[1].is_some() {
                let message = format!("Cannot specify a default for {name}() with multiple positional arguments");
                return Err(frame.error(crate::diagnostic::ErrorKind::Argument, message));
            }
            several.to_vec()
        }
    };
    let Some((first, rest)) = candidates.split_first() else {
        return match &arguments[1] {
            Some(default) => Ok(default.clone()),
            None => Err(frame.raise("ValueError", &format!("{name}() arg is an empty sequence"), &[])),
        };
    };
    let mut best = first.clone();
    for candidate in rest {
        let better = operators::compare(frame, symbol, candidate, &best)?;
        let better = frame.truth(&better)?;
        best = match better.number() {
            Some(known) => {
                if known.truth() {
                    candidate.clone()
                } else {
                    best
                }
            }
            None => {
                let condition = frame.materialize(&better)?;
                chosen(frame, symbol, condition, candidate, &best)?
            }
        };
    }
    Ok(best)
}

/// The smaller or larger of two values by a condition, without a branch where both are numbers.
fn chosen(frame: &mut Frame<'_, '_>, symbol: &str, condition: ValueId, yes: &Value, no: &Value) -> Evaluated {
    let unsigned = Scalar::Of(numir_runtime::DType::UInt64);
    let common = match (yes.scalar(), no.scalar()) {
        // The smaller of an int and a uint64 is an int, the larger no negative number.
        (Some(Scalar::Int), Some(other)) | (Some(other), Some(Scalar::Int)) if other == unsigned => {
            Some(if symbol == "<" { Scalar::Int } else { unsigned })
        }
        (Some(_), Some(_)) => yes.join(no).and_then(|template| template.scalar()),
        _ => None,
    };
    match common {
        Some(scalar) => {
            let (yes, no) = (cast(frame, yes, scalar)?, cast(frame, no, scalar)?);
            let (yes, no) = (frame.materialize(&yes)?, frame.materialize(&no)?);
            Ok(Value::Scalar(
                scalar,
                frame.emit("numeric.select", &[condition, yes, no], IrType::Scalar(scalar), Vec::new()),
            ))
        }
        None => {
            let (yes, no) = (yes.clone(), no.clone());
            frame.conditional(condition, &[], |_| Ok(yes), |_| Ok(no))
        }
    }
}

fn isinstance(frame: &mut Frame<'_, '_>, arguments: &[Option<Value>]) -> Evaluated {
    let value = arguments[0].clone().unwrap_or(Value::None);
    let classes: Vec<Value> = match &arguments[1] {
        Some(Value::Tuple(classes)) => classes.to_vec(),
        Some(one) => vec![one.clone()],
        None => Vec::new(),
    };
    for class in &classes {
        if is_instance(frame, &value, class)? {
            return Ok(Value::bool(true));
        }
    }
    Ok(Value::bool(false))
}

fn is_instance(frame: &Frame<'_, '_>, value: &Value, class: &Value) -> Evaluated<bool> {
    use numir_runtime::DType;
    Ok(match (value, class) {
        (Value::Number(scalar, _) | Value::Scalar(scalar, _), Value::ScalarType(class)) => {
            scalar == class
                || matches!((scalar.time(), class.time()), (Some(time), Some(class)) if time.is_span == class.is_span)
                || matches!(
                    (scalar, class),
                    // bool is a subclass of int; np.float64 and np.complex128 derive from Python's.
                    (Scalar::Bool, Scalar::Int)
                        | (Scalar::Of(DType::Float64), Scalar::Float)
                        | (Scalar::Of(DType::Complex128), Scalar::Complex)
                )
        }
        (Value::Number(scalar, _) | Value::Scalar(scalar, _), class @ Value::Meaning(_)) => {
            abstract_types::is_instance(*scalar, class).unwrap_or(false)
        }
        (Value::Tuple(tuple), Value::TupleClass(class, _)) => tuple.class.as_ref() == Some(class),
        (Value::Tuple(_), Value::Meaning(class)) => class.name == "builtins.tuple",
        (Value::Text(_), Value::Meaning(class)) => class.name == "builtins.str",
        (Value::Array(..), Value::Meaning(class)) => class.name == "numpy.ndarray",
        (Value::Slice(_), Value::Meaning(class)) => class.name == "builtins.slice",
        (Value::Range(_), Value::Meaning(class)) => class.name == "builtins.range",
        (Value::DType(_), Value::Meaning(class)) => class.name == "numpy.dtype",
        (_, Value::ScalarType(_) | Value::Meaning(_) | Value::TupleClass(..)) => false,
        (_, other) => {
            let seen = frame.describe(other);
            return Err(frame.typing(format!("isinstance() arg 2 must be a type or a tuple of types, not {seen}")));
        }
    })
}
