//! What is done with the counts of times: without branches, as the bodies of operations on arrays are.

use super::COUNT;
use crate::function_ir::{Attribute, IrType, ValueId};
use crate::registry::operators::predicate;
use crate::specialize::{Evaluated, Frame};
use crate::types::Scalar;
use crate::value::{Number, Value};
use numir_runtime::DType;
use numir_runtime::dates::Time;

const FLOAT: Scalar = Scalar::Of(DType::Float64);
const BOOL: Scalar = Scalar::Of(DType::Bool);

/// 1970-01-01, counted from the first of March of the year 0, with which the calendar's leap years end.
const EPOCH: i64 = 719_468;

/// Emits operations on counts.
struct Counts<'a, 'f, 'p>(&'a mut Frame<'f, 'p>);

impl Counts<'_, '_, '_> {
    fn number(&mut self, value: i64) -> Evaluated<ValueId> {
        self.0.materialize_number(COUNT, Number::Integer(value.into()))
    }

    fn op(&mut self, name: &'static str, left: ValueId, right: ValueId) -> ValueId {
        self.0.emit(name, &[left, right], IrType::Scalar(COUNT), Vec::new())
    }

    /// An operation with a number.
    fn with(&mut self, name: &'static str, left: ValueId, right: i64) -> Evaluated<ValueId> {
        let right = self.number(right)?;
        Ok(self.op(name, left, right))
    }

    fn is(&mut self, name: &str, left: ValueId, right: i64) -> Evaluated<ValueId> {
        let right = self.number(right)?;
        Ok(predicate(self.0, name, left, right))
    }

    fn logic(&mut self, name: &'static str, left: ValueId, right: ValueId) -> ValueId {
        self.0.emit(name, &[left, right], IrType::BOOL, Vec::new())
    }

    fn select(&mut self, condition: ValueId, yes: ValueId, no: ValueId) -> ValueId {
        self.0.emit("numeric.select", &[condition, yes, no], IrType::Scalar(COUNT), Vec::new())
    }

    /// The value, or NaT where the condition holds.
    fn unless(&mut self, condition: ValueId, value: ValueId) -> Evaluated<ValueId> {
        let nat = self.number(Time::NAT)?;
        Ok(self.select(condition, nat, value))
    }

    fn either_nat(&mut self, left: ValueId, right: ValueId) -> Evaluated<ValueId> {
        let (left, right) = (self.is("eq", left, Time::NAT)?, self.is("eq", right, Time::NAT)?);
        Ok(self.logic("numeric.or", left, right))
    }

    fn float(&mut self, count: ValueId) -> ValueId {
        self.0.emit("numeric.cast", &[count], IrType::Scalar(FLOAT), Vec::new())
    }

    /// A float without its fraction; NaT where it is infinite or not a number.
    fn truncated(&mut self, float: ValueId) -> Evaluated<ValueId> {
        let kind = vec![("kind", Attribute::Text("isfinite".into()))];
        let finite = self.0.emit("numeric.classify", &[float], IrType::BOOL, kind);
        let count = self.0.emit("numeric.cast", &[float], IrType::Scalar(COUNT), Vec::new());
        let nat = self.number(Time::NAT)?;
        Ok(self.select(finite, count, nat))
    }

    /// A quotient rounded towards zero.
    fn quotient(&mut self, left: ValueId, right: ValueId) -> Evaluated<ValueId> {
        let quotient = self.op("numeric.floordiv", left, right);
        let back = self.op("numeric.mul", quotient, right);
        let rounded = predicate(self.0, "ne", back, left);
        let negative = self.is("lt", quotient, 0)?;
        let up = self.logic("numeric.and", rounded, negative);
        let next = self.with("numeric.add", quotient, 1)?;
        Ok(self.select(up, next, quotient))
    }

    /// The day with which a month begins, both from 1970 on.
    fn first_day(&mut self, month: ValueId) -> Evaluated<ValueId> {
        // Years begin with March here: a leap day is a year's last.
        let march = self.with("numeric.add", month, 10)?;
        let year = self.with("numeric.floordiv", march, 12)?;
        let year = self.with("numeric.add", year, 1969)?;
        let of_year = self.with("numeric.mod", march, 12)?;
        let of_year = self.with("numeric.mul", of_year, 153)?;
        let of_year = self.with("numeric.add", of_year, 2)?;
        let of_year = self.with("numeric.floordiv", of_year, 5)?;
        let days = self.with("numeric.mul", year, 365)?;
        let days = self.op("numeric.add", days, of_year);
        let mut days = self.with("numeric.sub", days, EPOCH)?;
        for (years, operation) in [(4, "numeric.add"), (100, "numeric.sub"), (400, "numeric.add")] {
            let leaps = self.with("numeric.floordiv", year, years)?;
            days = self.op(operation, days, leaps);
        }
        Ok(days)
    }

    /// The month in which a day lies, both from 1970 on.
    fn month(&mut self, day: ValueId) -> Evaluated<ValueId> {
        let day = self.with("numeric.add", day, EPOCH)?;
        let era = self.with("numeric.floordiv", day, 146_097)?;
        let of_era = self.with("numeric.mod", day, 146_097)?;
        let mut year = of_era;
        for (days, operation) in [(1460, "numeric.sub"), (36_524, "numeric.add"), (146_096, "numeric.sub")] {
            let leaps = self.with("numeric.floordiv", of_era, days)?;
            year = self.op(operation, year, leaps);
        }
        let year = self.with("numeric.floordiv", year, 365)?;
        let before = self.with("numeric.mul", year, 365)?;
        let leaps = self.with("numeric.floordiv", year, 4)?;
        let before = self.op("numeric.add", before, leaps);
        let leaps = self.with("numeric.floordiv", year, 100)?;
        let before = self.op("numeric.sub", before, leaps);
        let of_year = self.op("numeric.sub", of_era, before);
        let month = self.with("numeric.mul", of_year, 5)?;
        let month = self.with("numeric.add", month, 2)?;
        let month = self.with("numeric.floordiv", month, 153)?;
        let years = self.with("numeric.mul", era, 400)?;
        let years = self.op("numeric.add", years, year);
        let years = self.with("numeric.sub", years, 1970)?;
        let months = self.with("numeric.mul", years, 12)?;
        let months = self.op("numeric.add", months, month);
        self.with("numeric.add", months, 2)
    }
}

/// A function of counts by its name.
pub(super) fn call(frame: &mut Frame<'_, '_>, name: &'static str, values: &[Value]) -> Evaluated {
    let mut ids = Vec::with_capacity(values.len());
    for value in values {
        let value = match value {
            Value::Number(Scalar::Int, number) => Value::Number(COUNT, *number),
            other => other.clone(),
        };
        ids.push(frame.materialize(&value)?);
    }
    let (a, b) = (ids[0], ids.get(1).copied().unwrap_or(ids[0]));
    let counts = &mut Counts(frame);
    let comparison = |name: &str| match name {
        "equal" => Some(("eq", true)),
        "unequal" => Some(("ne", true)),
        "less" => Some(("lt", true)),
        "no_greater" => Some(("le", true)),
        "greater" => Some(("gt", false)),
        "no_less" => Some(("ge", false)),
        _ => None,
    };
    // NaT is less than all, as an integer: only on that side must it be looked for.
    if let Some((kind, on_left)) = comparison(name) {
        let plain = predicate(counts.0, kind, a, b);
        let (nat, logic) = if kind == "ne" { ("eq", "numeric.or") } else { ("ne", "numeric.and") };
        let nat = counts.is(nat, if on_left { a } else { b }, Time::NAT)?;
        return Ok(Value::Scalar(BOOL, counts.logic(logic, plain, nat)));
    }
    let id = match name {
        "isnat" => return Ok(Value::Scalar(BOOL, counts.is("eq", a, Time::NAT)?)),
        "ratio" => {
            let (x, y) = (counts.float(a), counts.float(b));
            let ratio = counts.0.emit("numeric.truediv", &[x, y], IrType::Scalar(FLOAT), Vec::new());
            let nan = counts.0.materialize_number(FLOAT, Number::Float(f64::NAN))?;
            let nat = counts.either_nat(a, b)?;
            let id = counts.0.emit("numeric.select", &[nat, nan, ratio], IrType::Scalar(FLOAT), Vec::new());
            return Ok(Value::Scalar(FLOAT, id));
        }
        "added" | "subtracted" | "remainder" | "floor_divided" => {
            let mut nat = counts.either_nat(a, b)?;
            if matches!(name, "remainder" | "floor_divided") {
                let zero = counts.is("eq", b, 0)?;
                nat = counts.logic("numeric.or", nat, zero);
            }
            let operation = match name {
                "added" => "numeric.add",
                "subtracted" => "numeric.sub",
                "remainder" => "numeric.mod",
                _ => "numeric.floordiv",
            };
            let result = counts.op(operation, a, b);
            if name == "floor_divided" {
                let zero = counts.number(0)?;
                counts.select(nat, zero, result)
            } else {
                counts.unless(nat, result)?
            }
        }
        "multiplied" => {
            let (nat, result) = (counts.is("eq", a, Time::NAT)?, counts.op("numeric.mul", a, b));
            counts.unless(nat, result)?
        }
        "divided" => {
            let (nat, zero) = (counts.is("eq", a, Time::NAT)?, counts.is("eq", b, 0)?);
            let (nat, result) = (counts.logic("numeric.or", nat, zero), counts.quotient(a, b)?);
            counts.unless(nat, result)?
        }
        "multiplied_by_float" | "divided_by_float" => {
            let operation = if name == "divided_by_float" { "numeric.truediv" } else { "numeric.mul" };
            let (nat, float) = (counts.is("eq", a, Time::NAT)?, counts.float(a));
            let result = counts.0.emit(operation, &[float, b], IrType::Scalar(FLOAT), Vec::new());
            let result = counts.truncated(result)?;
            counts.unless(nat, result)?
        }
        "of_number" => counts.truncated(a)?,
        "minimum" => {
            let less = predicate(counts.0, "lt", a, b);
            counts.select(less, a, b)
        }
        "maximum" => {
            let (nat, greater) = (counts.either_nat(a, b)?, predicate(counts.0, "gt", a, b));
            let result = counts.select(greater, a, b);
            counts.unless(nat, result)?
        }
        "largest" => {
            let nat = counts.is("eq", a, Time::NAT)?;
            counts.unless(nat, b)?
        }
        "total" => counts.unless(a, b)?,
        "scaled" => {
            let (nat, product) = (counts.is("eq", a, Time::NAT)?, counts.op("numeric.mul", a, b));
            let result = counts.op("numeric.floordiv", product, ids[2]);
            counts.unless(nat, result)?
        }
        "day_of_year" | "day_of_month" => {
            let nat = counts.is("eq", a, Time::NAT)?;
            let month = if name == "day_of_year" { counts.with("numeric.mul", a, 12)? } else { a };
            let day = counts.first_day(month)?;
            counts.unless(nat, day)?
        }
        _ => {
            let nat = counts.is("eq", a, Time::NAT)?;
            let month = counts.month(a)?;
            let result = if name == "year_of_day" { counts.with("numeric.floordiv", month, 12)? } else { month };
            counts.unless(nat, result)?
        }
    };
    Ok(Value::Scalar(COUNT, id))
}
