//! Times as other types: another unit, a number, an item of an array.

use super::{COUNT, call, construct, count, of_count, shown, time_of, timed};
use crate::registry::cast;
use crate::specialize::{Evaluated, Frame};
use crate::types::{Kind, Scalar};
use crate::value::Value;
use numir_runtime::DType;
use numir_runtime::dates::{Conversion, Time, Unit};

/// A value as another type, as `astype` has it, where either is a time.
pub(crate) fn converted(frame: &mut Frame<'_, '_>, value: &Value, to: Scalar) -> Evaluated {
    match (time_of(value), to.time()) {
        (Some(from), Some(to)) if from.is_span == to.is_span => in_unit(frame, value, from, to.unit),
        (Some(from), Some(to)) => {
            // The counts are taken over, in the unit of what they come from.
            let same = of_count(&count(value), Time { unit: from.unit, ..to });
            converted(frame, &same, Scalar::Of(DType::Time(to)))
        }
        (Some(_), None) if to.kind() == Kind::Bool => {
            let truth = super::truth(frame, value)?;
            cast(frame, &truth, to)
        }
        (Some(_), None) => cast(frame, &count(value), to),
        (None, Some(to)) => match value.scalar().map(Scalar::kind) {
            Some(Kind::Bool | Kind::Integer) => Ok(of_count(&cast(frame, value, COUNT)?, to)),
            Some(Kind::Float) => {
                let wide = cast(frame, value, Scalar::Of(DType::Float64))?;
                timed(frame, "of_number", vec![wide], to)
            }
            _ => Err(no_time(frame, value, to)),
        },
        (None, None) => cast(frame, value, to),
    }
}

/// A date or span in another unit.
fn in_unit(frame: &mut Frame<'_, '_>, value: &Value, from: Time, unit: Unit) -> Evaluated {
    let to = Time { unit, ..from };
    let Some(conversion) = from.unit.convert(unit, from.is_span) else {
        return Err(frame.typing(format!(
            "Integer overflow while computing the conversion factor between NumPy datetime units {} and {}",
            from.unit.letters(),
            unit.letters()
        )));
    };
    let value = count(value);
    match conversion {
        // What has no unit takes one; what has one keeps it where none is asked for.
        Conversion::Same if unit == Unit::Generic => Ok(of_count(&value, from)),
        Conversion::Same => Ok(of_count(&value, to)),
        Conversion::Ratio(numerator, denominator) => scaled(frame, value, (numerator, denominator), to),
        Conversion::FromCalendar(calendar, numerator, denominator) => {
            let name = if calendar == Unit::Year { "day_of_year" } else { "day_of_month" };
            let day = call(frame, name, vec![value])?;
            scaled(frame, day, (numerator, denominator), to)
        }
        Conversion::ToCalendar(numerator, denominator, calendar) => {
            let day = count(&scaled(frame, value, (numerator, denominator), to)?);
            let name = if calendar == Unit::Year { "year_of_day" } else { "month_of_day" };
            timed(frame, name, vec![day], to)
        }
    }
}

/// A count times a fraction, rounded down.
fn scaled(frame: &mut Frame<'_, '_>, value: Value, (numerator, denominator): (i64, i64), to: Time) -> Evaluated {
    if (numerator, denominator) == (1, 1) {
        return Ok(of_count(&cast(frame, &value, COUNT)?, to));
    }
    let factors = [numerator, denominator].map(|factor| Value::int(factor.into()));
    let [numerator, denominator] = factors;
    timed(frame, "scaled", vec![value, numerator, denominator], to)
}

/// A value of which a name or a choice needs the other type: a time in a finer unit, without loss.
pub(crate) fn widened(frame: &mut Frame<'_, '_>, value: &Value, to: Scalar) -> Evaluated {
    if value.scalar().is_some_and(|from| from.widens_to(to)) {
        return converted(frame, value, to);
    }
    let seen = frame.describe(value);
    let help = if to.time().is_some() { "" } else { ": `.astype('int64')` gives its count" };
    Err(frame.typing(format!("{seen} cannot be converted to {to}{help}")))
}

/// A value as an item of an array of times, or a time as one of numbers, as NumPy's `same_kind` has it.
pub(crate) fn assigned(frame: &mut Frame<'_, '_>, value: &Value, to: Scalar) -> Evaluated {
    let Some(wanted) = to.time() else { return widened(frame, value, to) };
    if let Some(known) = construct::of_constant(frame, value, wanted)? {
        return Ok(known);
    }
    match time_of(value) {
        Some(from) if from.is_span == wanted.is_span => {
            if from.is_span && !from.unit.is_comparable(wanted.unit) {
                return Err(frame.typing(format!(
                    "Cannot cast NumPy timedelta64 scalar from metadata [{}] to [{}] according to the rule 'same_kind'",
                    from.unit.letters(),
                    wanted.unit.letters()
                )));
            }
            converted(frame, value, to)
        }
        None if value.scalar().is_some_and(|scalar| scalar.kind() <= Kind::Integer) => converted(frame, value, to),
        _ => Err(no_time(frame, value, wanted)),
    }
}

/// The error that a value is no date, or no span.
pub(super) fn no_time(frame: &mut Frame<'_, '_>, value: &Value, wanted: Time) -> crate::specialize::Stop {
    let kind = if wanted.is_span { "timedelta" } else { "datetime" };
    let seen = shown(value);
    frame.typing(format!("Could not convert object to NumPy {kind}: it is of type {seen}"))
}
