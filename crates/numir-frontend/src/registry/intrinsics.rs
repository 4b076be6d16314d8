//! What the library is written with and a user's program does not see: `numir.intrinsics`.

use super::indexing::{store_item, subscript};
use super::operators::map;
use super::{Meaning, cast};
use crate::function_ir::{Attribute, IrType};
use crate::specialize::{Evaluated, Frame};
use crate::types::{Kind, RecordLayout, Scalar};
use crate::value::Value;
use numir_runtime::DType;
use std::sync::Arc;

pub(super) static MEANINGS: &[Meaning] = &[
    Meaning {
        name: "intrinsics.libm",
        parameters: "function, *args",
        doc: "A function of the C math library, of floats.",
        evaluate: |frame, arguments| {
            let Some(Value::Text(function)) = &arguments[0] else {
                return Err(frame.typing("the name must be constant"));
            };
            let Some(Value::Tuple(values)) = &arguments[1] else { return Err(frame.typing("libm takes arguments")) };
            libm(frame, function, values)
        },
    },
    Meaning {
        name: "intrinsics.classify",
        parameters: "kind, x",
        doc: "Whether a float isnan, isinf, isfinite or has its signbit set.",
        evaluate: |frame, arguments| {
            let Some(Value::Text(kind)) = &arguments[0] else { return Err(frame.typing("the kind must be constant")) };
            let value = arguments[1].clone().unwrap_or(Value::None);
            classify(frame, kind, &value)
        },
    },
    Meaning {
        name: "intrinsics.require",
        parameters: "condition, kind, message",
        doc: "Raises an exception of a kind unless a condition holds. Unlike an `if` around a `raise`, a loop can test it ahead.",
        evaluate: |frame, arguments| {
            let (Some(condition), Some(Value::Text(kind)), Some(Value::Text(message))) =
                (&arguments[0], &arguments[1], &arguments[2])
            else {
                return Err(frame.typing("require takes a condition, and a kind and a message that are constant"));
            };
            if !condition.number().is_some_and(|known| known.truth()) {
                let condition = frame.materialize(condition)?;
                frame.check(condition, kind, message, &[]);
            }
            Ok(Value::None)
        },
    },
    Meaning {
        name: "intrinsics.power",
        parameters: "x, y",
        doc: "x ** y of floats without Python's errors, by C's function.",
        evaluate: |frame, arguments| {
            let (x, y) = (arguments[0].clone().unwrap_or(Value::None), arguments[1].clone().unwrap_or(Value::None));
            let scalar = Scalar::Float;
            let (x, y) = (cast(frame, &x, scalar)?, cast(frame, &y, scalar)?);
            let (x, y) = (frame.materialize(&x)?, frame.materialize(&y)?);
            Ok(Value::Scalar(scalar, frame.emit("numeric.pow", &[x, y], IrType::Scalar(scalar), Vec::new())))
        },
    },
    Meaning {
        name: "intrinsics.to_int",
        parameters: "x",
        doc: "A float as an int, truncated and unchecked.",
        evaluate: |frame, arguments| {
            let value = arguments[0].clone().unwrap_or(Value::None);
            cast(frame, &value, Scalar::Int)
        },
    },
    Meaning {
        name: "intrinsics.bits",
        parameters: "x",
        doc: "The bits of a float as an int, or of an int as a float.",
        evaluate: |frame, arguments| {
            let value = arguments[0].clone().unwrap_or(Value::None);
            let from = value.scalar().unwrap_or(Scalar::Float);
            let to = if from.kind() == Kind::Float { Scalar::Int } else { Scalar::Float };
            let id = frame.materialize(&value)?;
            Ok(Value::Scalar(to, frame.emit("numeric.bitcast", &[id], IrType::Scalar(to), Vec::new())))
        },
    },
    Meaning {
        name: "intrinsics.like",
        parameters: "x, value",
        doc: "A number as one of x's type.",
        evaluate: |frame, arguments| {
            let value = arguments[1].clone().unwrap_or(Value::None);
            match arguments[0].as_ref().and_then(Value::scalar) {
                Some(scalar) => cast(frame, &value, scalar),
                None => Err(frame.typing("only a number has a type for another")),
            }
        },
    },
    Meaning {
        name: "intrinsics.reinterpret",
        parameters: "x, dtype",
        doc: "The bits of a number as one of a type of that size.",
        evaluate: |frame, arguments| {
            let value = arguments[0].clone().unwrap_or(Value::None);
            let (Some(from), Some(Value::ScalarType(to))) = (value.scalar(), &arguments[1]) else {
                return Err(frame.typing("reinterpret takes a number and a type"));
            };
            if from.dtype().size() != to.dtype().size() {
                return Err(frame.typing("the type has another size than the number"));
            }
            let to = Scalar::Of(to.dtype());
            let id = frame.materialize(&value)?;
            Ok(Value::Scalar(to, frame.emit("numeric.bitcast", &[id], IrType::Scalar(to), Vec::new())))
        },
    },
    Meaning {
        name: "intrinsics.width",
        parameters: "x",
        doc: "How many bits the type of a number has.",
        evaluate: |frame, arguments| match arguments[0].as_ref().and_then(Value::scalar) {
            Some(scalar) => Ok(Value::int(8 * scalar.dtype().size() as i128)),
            None => Err(frame.typing("only a number has a width")),
        },
    },
    Meaning {
        name: "intrinsics.result_type",
        parameters: "*args",
        doc: "The dtype of arithmetic between the arguments.",
        evaluate: |frame, arguments| {
            let Some(Value::Tuple(values)) = &arguments[0] else {
                return Err(frame.typing("result_type takes arguments"));
            };
            let records = values.iter().find_map(|value| match value {
                Value::Records(layout, ..) | Value::RecordType(layout) => Some(layout),
                _ => None,
            });
            if let Some(layout) = records {
                let layout = Arc::new(RecordLayout { unit: layout.size, ..(**layout).clone() });
                return Ok(Value::RecordType(layout));
            }
            let dtype = values.iter().filter_map(type_of).reduce(Scalar::promote).map_or(DType::Float64, Scalar::dtype);
            Ok(Value::ScalarType(Scalar::Of(dtype)))
        },
    },
    Meaning {
        name: "intrinsics.kind",
        parameters: "x",
        doc: "What a value is: 'bool', 'int', 'float', 'complex', 'time', 'array', 'tuple', 'range', 'text', 'generator' or 'none'.",
        evaluate: |_, arguments| {
            let kind = match &arguments[0] {
                Some(Value::Array(..)) => "array",
                Some(Value::Records(layout, ty, _)) if ty.rank > 1 && layout.number().is_none() => "array",
                Some(Value::Generator(_)) => "generator",
                Some(Value::Text(_)) => "text",
                Some(Value::Tuple(_)) => "tuple",
                Some(Value::Range(_)) => "range",
                Some(value) => match value.scalar().map(Scalar::kind) {
                    Some(Kind::Bool) => "bool",
                    Some(Kind::Integer) => "int",
                    Some(Kind::Float) => "float",
                    Some(Kind::Complex) => "complex",
                    Some(Kind::Time) => "time",
                    None => "none",
                },
                None => "none",
            };
            Ok(Value::Text(kind.into()))
        },
    },
    Meaning {
        name: "intrinsics.item_at",
        parameters: "a, place",
        doc: "a[place] of a place that is in bounds, or counts from the end: unchecked.",
        evaluate: |frame, arguments| {
            let [array, place] = [0, 1].map(|number: usize| arguments[number].clone().unwrap_or(Value::None));
            unchecked(frame, |frame| subscript(frame, &array, &place))
        },
    },
    Meaning {
        name: "intrinsics.put_at",
        parameters: "a, place, value",
        doc: "a[place] = value at a place that is in bounds, or counts from the end: unchecked.",
        evaluate: |frame, arguments| {
            let [array, place, value] = [0, 1, 2].map(|number: usize| arguments[number].clone().unwrap_or(Value::None));
            unchecked(frame, |frame| store_item(frame, &array, &place, &value))?;
            Ok(Value::None)
        },
    },
    Meaning {
        name: "intrinsics.is_parallel",
        parameters: "",
        doc: "Whether the program wants whole-array operations to run on all threads.",
        evaluate: |frame, _| Ok(Value::bool(frame.specializer.options.parallel)),
    },
    Meaning {
        name: "intrinsics.device",
        parameters: "",
        doc: "The compute capability of the device that kernels are compiled for, times ten; 0 where there is none.",
        evaluate: |frame, _| Ok(Value::int(frame.specializer.options.device.into())),
    },
    Meaning {
        name: "intrinsics.allows",
        parameters: "liberty",
        doc: "Whether the program lets arithmetic on floats take that liberty, a name of `fastmath`.",
        evaluate: |frame, arguments| {
            let Some(Value::Text(liberty)) = &arguments[0] else {
                return Err(frame.typing("the liberty must be a constant text"));
            };
            let allowed = frame.specializer.options.fast_math.split(',').any(|flag| flag == &**liberty);
            Ok(Value::bool(allowed))
        },
    },
    Meaning {
        name: "intrinsics.python_errors",
        parameters: "",
        doc: "Whether Python's arithmetic errors are raised here.",
        evaluate: |frame, _| Ok(Value::bool(frame.specializer.options.python_errors && !frame.element_wise)),
    },
];

/// Works on indices that are in bounds.
fn unchecked<T>(frame: &mut Frame<'_, '_>, work: impl FnOnce(&mut Frame<'_, '_>) -> T) -> T {
    let outer = std::mem::replace(&mut frame.unchecked, true);
    let result = work(frame);
    frame.unchecked = outer;
    result
}

/// The type with which a value takes part in promotion: a tuple counts as the array of its items.
fn type_of(value: &Value) -> Option<Scalar> {
    match value {
        Value::Array(ty, _) => Some(Scalar::Of(ty.dtype)),
        Value::ScalarType(scalar) => Some(*scalar),
        Value::DType(dtype) => Some(Scalar::Of(*dtype)),
        Value::Tuple(items) => {
            let types = items.iter().filter_map(type_of);
            types.map(|scalar| Scalar::Of(scalar.dtype())).reduce(Scalar::promote)
        }
        other => other.scalar(),
    }
}

/// A function of the C math library on numbers, or element by element on arrays.
pub(super) fn libm(frame: &mut Frame<'_, '_>, function: &str, values: &[Value]) -> Evaluated {
    if values.iter().any(|value| matches!(value, Value::Array(..))) {
        let function = function.to_owned();
        return map(frame, values, |frame, items| libm(frame, &function, items));
    }
    let common = common_float(frame, values)?;
    let mut operands = Vec::with_capacity(values.len());
    for value in values {
        let value = cast(frame, value, common)?;
        operands.push(frame.materialize(&value)?);
    }
    let attributes = vec![("function", Attribute::Text(function.to_owned()))];
    Ok(Value::Scalar(common, frame.emit("numeric.libm", &operands, IrType::Scalar(common), attributes)))
}

/// The type of floats that holds some real numbers, as NumPy's functions choose it.
pub(super) fn common_float(frame: &Frame<'_, '_>, values: &[Value]) -> Evaluated<Scalar> {
    let mut common: Option<Scalar> = None;
    for value in values {
        let Some(scalar) = value.scalar().filter(|scalar| scalar.kind() < Kind::Complex) else {
            let seen = frame.describe(value);
            return Err(frame.typing(format!("must be real number, not {seen}")));
        };
        common = Some(common.map_or(scalar, |other| other.promote(scalar)));
    }
    Ok(match common {
        Some(scalar) if scalar.kind() == Kind::Float => scalar,
        Some(scalar) if !scalar.is_python() && scalar.dtype().size() == 1 => Scalar::Of(DType::Float16),
        Some(scalar) if !scalar.is_python() && scalar.dtype().size() == 2 => Scalar::Of(DType::Float32),
        Some(scalar) if !scalar.is_python() => Scalar::Of(DType::Float64),
        _ => Scalar::Float,
    })
}

/// A predicate of floats, on numbers or arrays.
pub(super) fn classify(frame: &mut Frame<'_, '_>, kind: &str, value: &Value) -> Evaluated {
    if matches!(value, Value::Array(..)) {
        let kind = kind.to_owned();
        return map(frame, std::slice::from_ref(value), |frame, items| classify(frame, &kind, &items[0]));
    }
    if super::times::time_of(value).is_some() {
        return super::times::classify(frame, kind, value);
    }
    let scalar = value.scalar().unwrap_or(Scalar::Float);
    let result = if scalar.is_python() { Scalar::Bool } else { Scalar::Of(DType::Bool) };
    let float = if scalar.kind() == Kind::Float { scalar } else { Scalar::Float };
    let value = cast(frame, value, float)?;
    let id = frame.materialize(&value)?;
    let attributes = vec![("kind", Attribute::Text(kind.to_owned()))];
    Ok(Value::Scalar(result, frame.emit("numeric.classify", &[id], IrType::BOOL, attributes)))
}
