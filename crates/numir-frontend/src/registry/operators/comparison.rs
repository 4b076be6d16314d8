//! Comparisons, identity and membership.

use super::{aggregates, beside, both_scalars_with_time, map, mismatch, predicate, present};
use crate::registry::records::read_as_array;
use crate::registry::{cast, dtypes, record_values, times, ufuncs};
use crate::specialize::{Evaluated, Frame};
use crate::types::{Kind, Scalar};
use crate::value::{Number, Value, fits};
use numir_runtime::DType;

/// The predicate of an order or equality symbol.
fn predicate_of(symbol: &str) -> Option<&'static str> {
    Some(match symbol {
        "==" => "eq",
        "!=" => "ne",
        "<" => "lt",
        "<=" => "le",
        ">" => "gt",
        ">=" => "ge",
        _ => return None,
    })
}

/// `left symbol right`, for every comparison of Python.
pub(crate) fn compare(frame: &mut Frame<'_, '_>, symbol: &'static str, left: &Value, right: &Value) -> Evaluated {
    match symbol {
        "is" | "is not" => return identity(frame, symbol == "is not", left, right),
        "in" => return aggregates::contains(frame, right, left),
        "not in" => {
            let contained = aggregates::contains(frame, right, left)?;
            return negated(frame, &contained);
        }
        _ => {}
    }
    if !matches!(symbol, "==" | "!=") && [left, right].iter().any(|side| matches!(side, Value::Optional(..))) {
        let message = format!("'{symbol}' not supported between values of which one is 'NoneType'");
        let (left, right) = (present(frame, left, &message), present(frame, right, &message));
        return compare(frame, symbol, &left, &right);
    }
    let (left, right) = (&read_as_array(frame, left)?, &read_as_array(frame, right)?);
    if matches!(left, Value::Records(..)) || matches!(right, Value::Records(..)) {
        return record_values::compare(frame, symbol, left, right);
    }
    if matches!(left, Value::Formatted(_)) || matches!(right, Value::Formatted(_)) {
        return Err(frame.unsupported("comparing a string that is known only when the function runs"));
    }
    let (left, right) = (&beside(frame, left, right)?, &beside(frame, right, left)?);
    if matches!(left, Value::Array(..)) || matches!(right, Value::Array(..)) {
        // Nothing equals None.
        if let (Value::None, array) | (array, Value::None) = (left, right)
            && matches!(symbol, "==" | "!=")
        {
            let unequal = Value::Number(Scalar::Of(DType::Bool), Number::Bool(symbol == "!="));
            return map(frame, std::slice::from_ref(array), |_, _| Ok(unequal));
        }
        return map(frame, &[left.clone(), right.clone()], |frame, items| compare(frame, symbol, &items[0], &items[1]));
    }
    let Some(name) = predicate_of(symbol) else { return Err(mismatch(frame, symbol, left, right)) };
    if both_scalars_with_time(left, right) {
        return times::compare(frame, symbol, left, right);
    }
    if let (Some(from), Some(with)) = (left.scalar(), right.scalar()) {
        return numbers(frame, symbol, name, (left, from), (right, with));
    }
    if let Some(result) = aggregates::compare(frame, symbol, left, right)? {
        return Ok(result);
    }
    if let (Value::Slice(left), Value::Slice(right)) = (left, right) {
        // As CPython has it, slices compare as tuples of their parts do.
        let [left, right] = [left, right].map(|parts| Value::tuple(parts.to_vec()));
        return compare(frame, symbol, &left, &right);
    }
    match (symbol, left, right) {
        ("==" | "!=", Value::Optional(flag, inner), other) | ("==" | "!=", other, Value::Optional(flag, inner)) => {
            let (inner, other) = (inner.clone(), other.clone());
            let equal = frame.conditional(
                *flag,
                &[],
                |frame| {
                    let equal = compare(frame, "==", &inner, &other)?;
                    frame.truth(&equal)
                },
                |_| Ok(Value::bool(matches!(other, Value::None))),
            )?;
            if symbol == "==" { Ok(equal) } else { negated(frame, &equal) }
        }
        ("==" | "!=", Value::Member(class, left), Value::Member(other, right)) if class == other => {
            let equal = compare(frame, "==", left, right)?;
            if symbol == "==" { Ok(equal) } else { negated(frame, &equal) }
        }
        ("==" | "!=", Value::Pointer(_, left), Value::Pointer(_, right)) => {
            let scalar = Scalar::Of(DType::UInt64);
            compare(frame, symbol, &Value::Scalar(scalar, *left), &Value::Scalar(scalar, *right))
        }
        // Values of unlike types are unequal.
        ("==", ..) => Ok(Value::bool(same_thing(left, right))),
        ("!=", ..) => Ok(Value::bool(!same_thing(left, right))),
        _ => Err(mismatch(frame, symbol, left, right)),
    }
}

/// Whether two values that exist only while compiling are the same. A type equals a dtype of its items, by name too.
fn same_thing(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::ScalarType(left), Value::ScalarType(right)) => left.dtype() == right.dtype(),
        (Value::DType(dtype), other) | (other, Value::DType(dtype)) => dtypes::named(other) == Some(*dtype),
        (Value::ScalarType(scalar), Value::Text(_)) | (Value::Text(_), Value::ScalarType(scalar)) => {
            [left, right].into_iter().all(|one| dtypes::named(one) == Some(scalar.dtype()))
        }
        _ => left.parts().is_empty() && right.parts().is_empty() && left.has_form_of(right),
    }
}

/// The negation of a bool.
pub(super) fn negated(frame: &mut Frame<'_, '_>, value: &Value) -> Evaluated {
    let truth = frame.truth(value)?;
    if let Some(known) = truth.number() {
        return Ok(Value::bool(!known.truth()));
    }
    let id = frame.materialize(&truth)?;
    Ok(Value::Scalar(Scalar::Bool, frame.negate(id)))
}

fn numbers(
    frame: &mut Frame<'_, '_>,
    symbol: &'static str,
    name: &'static str,
    (left, from): (&Value, Scalar),
    (right, with): (&Value, Scalar),
) -> Evaluated {
    let both_python = from.is_python() && with.is_python();
    let result = if both_python { Scalar::Bool } else { Scalar::Of(DType::Bool) };
    if let (Some(a), Some(b)) = (left.number(), right.number())
        && both_python
        && let Some(known) = known(name, a, b)
    {
        return Ok(Value::bool(known));
    }
    if from.kind().max(with.kind()) == Kind::Complex && !matches!(name, "eq" | "ne") {
        if both_python {
            return Err(mismatch(frame, symbol, left, right));
        }
        return ufuncs::ordered(frame, symbol, &[left.clone(), right.clone()]);
    }
    if from.kind() <= Kind::Integer && with.kind() <= Kind::Integer {
        return integers(frame, name, (left, from), (right, with), result);
    }
    let common = from.promote(with);
    let (left, right) = (cast(frame, left, common)?, cast(frame, right, common)?);
    let (left, right) = (frame.materialize(&left)?, frame.materialize(&right)?);
    Ok(Value::Scalar(result, predicate(frame, name, left, right)))
}

/// Integers compare by value, whatever their widths and signs.
fn integers(
    frame: &mut Frame<'_, '_>,
    name: &'static str,
    (left, from): (&Value, Scalar),
    (right, with): (&Value, Scalar),
    result: Scalar,
) -> Evaluated {
    // A number known now that the other's type cannot hold lies beyond all its values.
    for (one, other, flipped) in [(left, with, false), (right, from, true)] {
        if let Some(value) = one.known_integer()
            && other.kind() == Kind::Integer
            && !fits(Number::Integer(value), if other.is_python() { Scalar::Of(DType::Int64) } else { other })
        {
            let one_is_less = (value < 0) != flipped;
            let truth = match name {
                "eq" => false,
                "ne" => true,
                "lt" | "le" => one_is_less,
                _ => !one_is_less,
            };
            return Ok(Value::Number(result, Number::Bool(truth)));
        }
    }
    let unsigned = Scalar::Of(DType::UInt64);
    let joined = |one: &Value, scalar: Scalar, other: Scalar| match one.number() {
        Some(number) if fits(number.widen(Kind::Integer), other) && other.kind() == Kind::Integer => other,
        _ => scalar,
    };
    let (a, b) = (joined(left, from, with), joined(right, with, from));
    let common = a.join(b);
    let signed = |scalar: Scalar| scalar.kind() == Kind::Integer && !scalar.is_unsigned();
    let apart = (a == unsigned && signed(b)) || (b == unsigned && signed(a));
    if !apart {
        let (left, right) = (cast(frame, left, common)?, cast(frame, right, common)?);
        let (left, right) = (frame.materialize(&left)?, frame.materialize(&right)?);
        return Ok(Value::Scalar(result, predicate(frame, name, left, right)));
    }
    // Signed against uint64: a negative number is less than all; else both are compared as uint64.
    let (signed, flipped) = if a == unsigned { (right, true) } else { (left, false) };
    let wide = cast(frame, signed, Scalar::Of(DType::Int64))?;
    let wide = frame.materialize(&wide)?;
    let zero = frame.materialize_number(Scalar::Of(DType::Int64), Number::Integer(0))?;
    let negative = predicate(frame, "lt", wide, zero);
    let (x, y) = (cast(frame, left, unsigned)?, cast(frame, right, unsigned)?);
    let (x, y) = (frame.materialize(&x)?, frame.materialize(&y)?);
    let plain = predicate(frame, name, x, y);
    let truth = match name {
        "eq" => false,
        "ne" => true,
        "lt" | "le" => !flipped,
        _ => flipped,
    };
    let decided = frame.materialize(&Value::bool(truth))?;
    let id = frame.emit("numeric.select", &[negative, decided, plain], crate::function_ir::IrType::BOOL, Vec::new());
    Ok(Value::Scalar(result, id))
}

fn known(name: &str, left: Number, right: Number) -> Option<bool> {
    let order = match (left, right) {
        (Number::Complex(..), _) | (_, Number::Complex(..)) => return None,
        (Number::Float(_), _) | (_, Number::Float(_)) => left.as_float().partial_cmp(&right.as_float()),
        _ => left.as_integer()?.partial_cmp(&right.as_integer()?),
    };
    use std::cmp::Ordering::{Equal, Greater, Less};
    Some(match name {
        "eq" => order == Some(Equal),
        "ne" => order != Some(Equal),
        "lt" => order == Some(Less),
        "le" => matches!(order, Some(Less | Equal)),
        "gt" => order == Some(Greater),
        _ => matches!(order, Some(Greater | Equal)),
    })
}

fn identity(frame: &mut Frame<'_, '_>, negate: bool, left: &Value, right: &Value) -> Evaluated {
    let same = match (left, right) {
        (Value::None, Value::None) => Value::bool(true),
        (Value::Optional(flag, _), Value::None) | (Value::None, Value::Optional(flag, _)) => {
            Value::Scalar(Scalar::Bool, frame.negate(*flag))
        }
        (Value::None, _) | (_, Value::None) => Value::bool(false),
        (Value::Member(..), Value::Member(..)) | (Value::Pointer(..), Value::Pointer(..)) => {
            compare(frame, "==", left, right)?
        }
        (Value::Foreign(left), Value::Foreign(right)) => Value::bool(left == right),
        (Value::Records(..), Value::Records(..)) => {
            return Err(frame.unsupported("`is` between records: compare their fields"));
        }
        (Value::Array(a, x), Value::Array(b, y)) => Value::bool(a == b && x == y),
        (left, right) => match (left.scalar(), right.scalar()) {
            (Some(Scalar::Bool), Some(Scalar::Bool)) => compare(frame, "==", left, right)?,
            (Some(a), Some(b)) if a.kind() != b.kind() => Value::bool(false),
            // Numbers have no identity of their own: those of one kind are the same if they are equal.
            (Some(_), Some(_)) => compare(frame, "==", left, right)?,
            _ => Value::bool(left.join(right).is_some_and(|_| {
                matches!(
                    (left, right),
                    (Value::Text(_), Value::Text(_))
                        | (Value::ScalarType(_), Value::ScalarType(_))
                        | (Value::DType(_), Value::DType(_))
                        | (Value::Ellipsis, Value::Ellipsis)
                        | (Value::Function(_), Value::Function(_))
                        | (Value::Meaning(_), Value::Meaning(_))
                        | (Value::ExceptionClass(_), Value::ExceptionClass(_))
                )
            })),
        },
    };
    if negate { negated(frame, &same) } else { Ok(same) }
}
