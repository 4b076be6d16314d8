//! `np.datetime64(…)` and `np.timedelta64(…)`, and Python's numbers of times.

use super::conversion::{converted, no_time};
use super::{COUNT, count, iso, time_of};
use crate::registry::{cast, operators};
use crate::specialize::{Evaluated, Frame, Stop};
use crate::types::{Kind, Scalar};
use crate::value::{Number, Value};
use numir_runtime::DType;
use numir_runtime::dates::{Time, Unit};

/// A call of the type: a text or a count with its unit, another time, or nothing.
pub(crate) fn construct(frame: &mut Frame<'_, '_>, time: Time, arguments: &[Value]) -> Evaluated {
    let (value, unit) = match arguments {
        [] if time.is_span => (Value::int(0), None),
        [] => (Value::None, None),
        [value] => (value.clone(), None),
        [value, unit] => (value.clone(), Some(named_unit(frame, unit)?)),
        _ => {
            let name = time.name();
            let message = format!("{name}() takes at most 2 arguments ({} given)", arguments.len());
            return Err(frame.error(crate::diagnostic::ErrorKind::Argument, message));
        }
    };
    if let Value::Array(ty, id) = &value
        && ty.rank == 0
    {
        let item = crate::registry::load_item(frame, *ty, *id, &[])?;
        let rest: Vec<Value> = std::iter::once(item).chain(arguments.get(1).cloned()).collect();
        return construct(frame, time, &rest);
    }
    let wanted = Time { unit: unit.unwrap_or(time.unit), ..time };
    if let Some(known) = of_constant(frame, &value, wanted)? {
        return Ok(known);
    }
    match time_of(&value) {
        Some(from) if from.is_span == time.is_span => {
            return crate::registry::times::assigned(frame, &value, Scalar::Of(DType::Time(wanted)));
        }
        Some(_) => return Err(no_time(frame, &value, wanted)),
        None => {}
    }
    match value.scalar().map(Scalar::kind) {
        Some(Kind::Bool | Kind::Integer) if !time.is_span && wanted.unit == Unit::Generic => {
            Err(frame.typing("Converting an integer to a NumPy datetime requires a specified unit"))
        }
        Some(Kind::Bool | Kind::Integer) => converted(frame, &value, Scalar::Of(DType::Time(wanted))),
        _ => Err(no_time(frame, &value, wanted)),
    }
}

/// The unit that an argument names.
fn named_unit(frame: &mut Frame<'_, '_>, unit: &Value) -> Evaluated<Unit> {
    let Value::Text(letters) = unit else {
        let seen = frame.describe(unit);
        return Err(frame.typing(format!("the unit of a time must be a constant string, not {seen}")));
    };
    if let Some(unit) = Unit::from_letters(letters) {
        return Ok(unit);
    }
    let digits = letters.trim_start_matches(|letter: char| letter.is_ascii_digit());
    if digits.len() < letters.len() && Unit::from_letters(digits).is_some() {
        return Err(frame.unsupported(format!("multiples of units of time (\"{letters}\")")));
    }
    Err(frame.typing(format!("Invalid datetime unit \"{letters}\" in metadata")))
}

/// A constant that stands for a time: None, a text.
pub(crate) fn of_constant(frame: &mut Frame<'_, '_>, value: &Value, wanted: Time) -> Evaluated<Option<Value>> {
    let of = |unit: Unit, count: i64| {
        let time = DType::Time(Time { unit, ..wanted });
        Some(Value::Number(Scalar::Of(time), Number::Integer(count.into())))
    };
    let text = match value {
        Value::None => return Ok(of(wanted.unit, Time::NAT)),
        Value::Text(text) => text,
        _ => return Ok(None),
    };
    if text.is_empty() || text.eq_ignore_ascii_case("nat") {
        return Ok(of(wanted.unit, Time::NAT));
    }
    if wanted.is_span {
        return match text.parse() {
            Ok(count) => Ok(of(wanted.unit, count)),
            Err(_) => {
                Err(frame.raise("ValueError", &format!("Error parsing timedelta string \"{}\"", quoted(text)), &[]))
            }
        };
    }
    match iso::parse(text) {
        Ok(moment) => {
            let unit = if wanted.unit == Unit::Generic { moment.unit } else { wanted.unit };
            Ok(of(unit, moment.count(unit)))
        }
        Err(iso::Error::Unsupported(what)) => Err(frame.unsupported(what)),
        Err(iso::Error::At(place)) => {
            let message = format!("Error parsing datetime string \"{}\" at position {place}", quoted(text));
            Err(frame.raise("ValueError", &message, &[]))
        }
        Err(iso::Error::Range(part)) => {
            let message = format!("{part} out of range in datetime string \"{}\"", quoted(text));
            Err(frame.raise("ValueError", &message, &[]))
        }
    }
}

/// Nested tuples of texts as times; None where there is no text among them.
pub(crate) fn of_texts(frame: &mut Frame<'_, '_>, value: &Value, wanted: Time) -> Evaluated<Option<Value>> {
    match value {
        Value::Text(_) => of_constant(frame, value, wanted),
        Value::Tuple(parts) => {
            let mut found = false;
            let mut times = Vec::with_capacity(parts.len());
            for part in parts.iter() {
                let time = of_texts(frame, part, wanted)?;
                found |= time.is_some();
                times.push(time.unwrap_or_else(|| part.clone()));
            }
            Ok(found.then(|| Value::tuple(times)))
        }
        _ => Ok(None),
    }
}

/// A text within a message, whose braces would stand for values.
fn quoted(text: &str) -> String {
    text.replace(['{', '}'], "?")
}

/// `int(x)` and `float(x)`: of the units for which Python has no type of its own.
pub(crate) fn python_number(frame: &mut Frame<'_, '_>, scalar: Scalar, value: &Value, time: Time) -> Evaluated {
    if time.unit < Unit::Nano || scalar.kind() == Kind::Complex {
        let message = format!(
            "{scalar}() argument must be a string, a bytes-like object or a real number, not '{}'",
            time.name()
        );
        let Stop::Error(diagnostic) = frame.typing(message) else { return Err(Stop::Dead) };
        return Err(diagnostic.help("`.astype('int64')` gives the count of its units").into());
    }
    let nat = super::is_nat(frame, value)?;
    let fine = operators::unary(frame, "~", &nat)?;
    let fine = frame.materialize(&fine)?;
    let message = format!("{scalar}() argument must be a string, a bytes-like object or a real number, not 'NoneType'");
    frame.check(fine, "TypeError", &message, &[]);
    let number = cast(frame, &count(value), COUNT)?;
    cast(frame, &number, scalar)
}
