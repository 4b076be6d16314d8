//! Operators on tuples, strings and ranges.

use super::binary as binary_operator;
use crate::registry::texts;
use crate::specialize::{Evaluated, Frame};
use crate::types::Scalar;
use crate::value::{Number, Value};

/// How many elements a repeated tuple or string may have.
const REPEAT_LIMIT: usize = 10_000;

/// Concatenation and repetition; None where neither side is a tuple or string.
pub(super) fn binary(frame: &mut Frame<'_, '_>, symbol: &str, left: &Value, right: &Value) -> Evaluated<Option<Value>> {
    let count = |value: &Value| value.known_integer().map(|count| usize::try_from(count.max(0)).unwrap_or(usize::MAX));
    Ok(Some(match (symbol, left, right) {
        ("+", Value::Tuple(left), Value::Tuple(right)) => {
            Value::Tuple(left.iter().chain(right.iter()).cloned().collect())
        }
        ("+", Value::Text(left), Value::Text(right)) => Value::Text(format!("{left}{right}").as_str().into()),
        ("+", Value::Text(_) | Value::Formatted(_), Value::Text(_) | Value::Formatted(_)) => {
            return texts::joined(frame, &[left.clone(), right.clone()], "in a string").map(Some);
        }
        ("*", Value::Tuple(elements), times) | ("*", times, Value::Tuple(elements)) => {
            let Some(count) = count(times).filter(|count| count.saturating_mul(elements.len()) <= REPEAT_LIMIT) else {
                return Err(frame.unsupported("a tuple repeated as often as is known only at run time"));
            };
            Value::tuple(std::iter::repeat_n(elements.iter().cloned(), count).flatten().collect())
        }
        ("*", Value::Text(text), times) | ("*", times, Value::Text(text)) => {
            let Some(count) = count(times).filter(|count| count.saturating_mul(text.len()) <= REPEAT_LIMIT) else {
                return Err(frame.unsupported("a string repeated as often as is known only at run time"));
            };
            Value::Text(text.repeat(count).as_str().into())
        }
        _ => return Ok(None),
    }))
}

fn compare_known(symbol: &str, order: std::cmp::Ordering) -> bool {
    match symbol {
        "==" => order.is_eq(),
        "!=" => order.is_ne(),
        "<" => order.is_lt(),
        "<=" => order.is_le(),
        ">" => order.is_gt(),
        _ => order.is_ge(),
    }
}

/// Lexicographic comparison; None where the two are not both tuples or both strings.
pub(super) fn compare(
    frame: &mut Frame<'_, '_>,
    symbol: &'static str,
    left: &Value,
    right: &Value,
) -> Evaluated<Option<Value>> {
    match (left, right) {
        (Value::Text(left), Value::Text(right)) => Ok(Some(Value::bool(compare_known(symbol, left.cmp(right))))),
        (Value::Tuple(left), Value::Tuple(right)) => tuples(frame, symbol, left, right).map(Some),
        _ => Ok(None),
    }
}

fn tuples(frame: &mut Frame<'_, '_>, symbol: &'static str, left: &[Value], right: &[Value]) -> Evaluated {
    let (Some(a), Some(b)) = (left.first(), right.first()) else {
        return Ok(Value::bool(compare_known(symbol, left.len().cmp(&right.len()))));
    };
    let (rest_left, rest_right) = (&left[1..], &right[1..]);
    let equal = comparison_of_elements(frame, "==", a, b)?;
    let decided = |frame: &mut Frame<'_, '_>| match symbol {
        "==" => Ok(Value::bool(false)),
        "!=" => Ok(Value::bool(true)),
        _ => comparison_of_elements(frame, symbol, a, b),
    };
    match equal.number() {
        Some(Number::Bool(true)) => tuples(frame, symbol, rest_left, rest_right),
        Some(_) => decided(frame),
        None => {
            let equal = frame.materialize(&equal)?;
            frame.conditional(equal, &[], |frame| tuples(frame, symbol, rest_left, rest_right), decided)
        }
    }
}

fn comparison_of_elements(frame: &mut Frame<'_, '_>, symbol: &'static str, left: &Value, right: &Value) -> Evaluated {
    let result = super::compare(frame, symbol, left, right)?;
    frame.truth(&result)
}

/// `element in container`.
pub(super) fn contains(frame: &mut Frame<'_, '_>, container: &Value, element: &Value) -> Evaluated {
    match container {
        Value::Tuple(elements) => {
            let mut found = Value::bool(false);
            for candidate in elements.iter() {
                let equal = comparison_of_elements(frame, "==", element, candidate)?;
                found = match (found.number(), equal.number()) {
                    (Some(Number::Bool(true)), _) | (_, Some(Number::Bool(true))) => Value::bool(true),
                    (Some(_), _) => equal,
                    (_, Some(_)) => found,
                    _ => {
                        let (a, b) = (frame.materialize(&found)?, frame.materialize(&equal)?);
                        Value::Scalar(
                            Scalar::Bool,
                            frame.emit("numeric.or", &[a, b], crate::function_ir::IrType::BOOL, Vec::new()),
                        )
                    }
                };
            }
            Ok(found)
        }
        Value::Text(text) => match element {
            Value::Text(part) => Ok(Value::bool(text.contains(&**part))),
            other => {
                let seen = frame.describe(other);
                Err(frame.typing(format!("'in <string>' requires string as left operand, not {seen}")))
            }
        },
        Value::Range(bounds) => {
            let [start, stop, step] = &**bounds;
            let length = frame.range_length(&[start.clone(), stop.clone(), step.clone()])?;
            let offset = binary_operator(frame, "-", element, start)?;
            let position = binary_operator(frame, "//", &offset, step)?;
            let rest = binary_operator(frame, "%", &offset, step)?;
            let exact = super::compare(frame, "==", &rest, &Value::int(0))?;
            let length = frame.index_as_int(length);
            let below = super::compare(frame, "<", &position, &length)?;
            let above = super::compare(frame, ">=", &position, &Value::int(0))?;
            let (exact, below, above) =
                (frame.materialize(&exact)?, frame.materialize(&below)?, frame.materialize(&above)?);
            let inside = frame.emit("numeric.and", &[below, above], crate::function_ir::IrType::BOOL, Vec::new());
            let id = frame.emit("numeric.and", &[inside, exact], crate::function_ir::IrType::BOOL, Vec::new());
            Ok(Value::Scalar(Scalar::Bool, id))
        }
        Value::Array(..) => {
            let equal = super::compare(frame, "==", container, element)?;
            let any = frame.call_meaning("ndarray.any", vec![equal])?;
            frame.truth(&any)
        }
        other => {
            let seen = frame.describe(other);
            Err(frame.typing(format!("{seen} is not a container that `in` can look into")))
        }
    }
}
