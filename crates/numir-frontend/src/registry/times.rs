//! Dates and spans of time, NumPy's datetime64 and timedelta64: which operators they have and in which unit.
//!
//! A time is an integer of 64 bits in `numeric`; only its type here says that it is none. What is done with the counts is in `counts`; here
//! is what goes together, and how units meet.

mod construct;
mod conversion;
mod counts;
mod iso;

pub(super) use construct::{construct, of_texts, python_number};
pub(crate) use conversion::{assigned, converted, widened};

use super::{Meaning, cast, operators};
use crate::diagnostic::ErrorKind;
use crate::function_ir::{Attribute, IrType};
use crate::specialize::{Evaluated, Frame, Stop};
use crate::types::{ArrayType, Kind, Scalar};
use crate::value::{Number, Value};
use numir_runtime::DType;
use numir_runtime::dates::{Time, Unit};

pub(super) static MEANINGS: &[Meaning] = &[
    Meaning {
        name: "intrinsics.isnat",
        parameters: "x, /",
        doc: "Whether a date or a span of time is NaT.",
        evaluate: |frame, arguments| is_nat(frame, &arguments[0].clone().unwrap_or(Value::None)),
    },
    Meaning {
        name: "intrinsics.named_days",
        parameters: "text",
        doc: "The days of a week that a text names, as `1111100` or `Mon Tue`: seven flags.",
        evaluate: |frame, arguments| {
            let text = match &arguments[0] {
                Some(Value::Text(text)) => text.clone(),
                _ => return Err(frame.typing("the days of a week are named by a constant text")),
            };
            match named_days(&text) {
                Some(flags) => Ok(Value::tuple(flags.into_iter().map(Value::bool).collect())),
                None => {
                    let message = format!("Invalid business day weekmask string \"{text}\"");
                    Err(frame.raise("ValueError", &message, &[]))
                }
            }
        },
    },
    Meaning {
        name: "generic.astype",
        parameters: "x, dtype, order='K', casting='unsafe', subok=True, copy=True",
        doc: "A date or a span of time as a scalar of another dtype.",
        evaluate: |frame, arguments| {
            let dtype = super::dtypes::dtype_argument(frame, &arguments[1].clone().unwrap_or(Value::None))?;
            converted(frame, &arguments[0].clone().unwrap_or(Value::None), Scalar::Of(dtype))
        },
    },
    Meaning {
        name: "generic.view",
        parameters: "x, dtype",
        doc: "The count of a date or a span of time, or that count as another of them.",
        evaluate: |frame, arguments| {
            let dtype = super::dtypes::dtype_argument(frame, &arguments[1].clone().unwrap_or(Value::None))?;
            let value = count(&arguments[0].clone().unwrap_or(Value::None));
            match dtype {
                DType::Int64 => Ok(value),
                DType::Time(time) => Ok(of_count(&value, time)),
                other => Err(frame.unsupported(format!("a view of a time as {other}"))),
            }
        },
    },
];

/// The days of a week, Monday first, that a text names.
fn named_days(text: &str) -> Option<[bool; 7]> {
    const NAMES: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let mut flags = [false; 7];
    if text.len() == 7 && text.chars().all(|flag| matches!(flag, '0' | '1')) {
        for (flag, letter) in flags.iter_mut().zip(text.chars()) {
            *flag = letter == '1';
        }
        return Some(flags);
    }
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let day = NAMES.iter().position(|name| rest.starts_with(name))?;
        flags[day] = true;
        rest = rest[3..].trim_start();
    }
    Some(flags)
}

/// The type of items that counts have.
const COUNT: Scalar = Scalar::Of(DType::Int64);

/// The type of times that a value has.
pub(crate) fn time_of(value: &Value) -> Option<Time> {
    value.scalar().and_then(Scalar::time)
}

/// A time as the integer that it is.
fn count(value: &Value) -> Value {
    match value {
        Value::Number(_, number) => Value::Number(COUNT, *number),
        Value::Scalar(_, id) => Value::Scalar(COUNT, *id),
        other => other.clone(),
    }
}

/// An integer as a time.
fn of_count(value: &Value, time: Time) -> Value {
    let scalar = Scalar::Of(DType::Time(time));
    match value {
        Value::Number(_, number) => Value::Number(scalar, *number),
        Value::Scalar(_, id) => Value::Scalar(scalar, *id),
        other => other.clone(),
    }
}

fn call(frame: &mut Frame<'_, '_>, name: &'static str, values: Vec<Value>) -> Evaluated {
    counts::call(frame, name, &values)
}

/// A function of counts whose result is a time.
fn timed(frame: &mut Frame<'_, '_>, name: &'static str, values: Vec<Value>, time: Time) -> Evaluated {
    let result = call(frame, name, values)?;
    let result = cast(frame, &result, COUNT)?;
    Ok(of_count(&result, time))
}

/// What an operand is to an operator of times.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Operand {
    Date(Unit),
    Span(Unit),
    Bool,
    Integer,
    Float,
    Other,
}

fn operand(value: &Value) -> Operand {
    match (time_of(value), value.scalar().map(Scalar::kind)) {
        (Some(Time { is_span: false, unit }), _) => Operand::Date(unit),
        (Some(Time { unit, .. }), _) => Operand::Span(unit),
        (_, Some(Kind::Bool)) => Operand::Bool,
        (_, Some(Kind::Integer)) => Operand::Integer,
        (_, Some(Kind::Float)) => Operand::Float,
        _ => Operand::Other,
    }
}

/// Bools and integers are spans of whatever the other operand counts where times are added or compared.
fn as_span(operand: Operand) -> Operand {
    match operand {
        Operand::Bool | Operand::Integer => Operand::Span(Unit::Generic),
        other => other,
    }
}

/// `left symbol right`, one of which is a time.
pub(super) fn binary(frame: &mut Frame<'_, '_>, symbol: &'static str, left: &Value, right: &Value) -> Evaluated {
    use Operand::{Bool, Date, Float, Integer, Span};
    let (a, b) = (operand(left), operand(right));
    match (symbol, as_span(a), as_span(b)) {
        ("+", Date(x), Span(y)) | ("+", Span(y), Date(x)) | ("-", Date(x), Span(y)) => {
            let unit = of_date_and_span(frame, symbol, x, y)?;
            let name = if symbol == "+" { "added" } else { "subtracted" };
            let values = counted(frame, [left, right], unit)?;
            return timed(frame, name, values, Time::date(unit));
        }
        ("-", Date(x), Date(y)) => {
            let unit = common(frame, Time::date(x), Time::date(y))?;
            let values = counted(frame, [left, right], unit)?;
            return timed(frame, "subtracted", values, Time::span(unit));
        }
        ("+" | "-", Span(x), Span(y)) => {
            let unit = common(frame, Time::span(x), Time::span(y))?;
            let name = if symbol == "+" { "added" } else { "subtracted" };
            let values = counted(frame, [left, right], unit)?;
            return timed(frame, name, values, Time::span(unit));
        }
        _ => {}
    }
    match (symbol, a, b) {
        ("*", Span(unit), Bool | Integer) => by_integer(frame, "multiplied", left, right, unit),
        ("*", Bool | Integer, Span(unit)) => by_integer(frame, "multiplied", right, left, unit),
        ("*", Span(unit), Float) => by_float(frame, "multiplied_by_float", left, right, unit),
        ("*", Float, Span(unit)) => by_float(frame, "multiplied_by_float", right, left, unit),
        ("/" | "//", Span(unit), Integer) => by_integer(frame, "divided", left, right, unit),
        ("/" | "//", Span(unit), Float) => by_float(frame, "divided_by_float", left, right, unit),
        ("/" | "//" | "%", Span(x), Span(y)) => {
            let unit = common(frame, Time::span(x), Time::span(y))?;
            let values = counted(frame, [left, right], unit)?;
            if symbol == "%" {
                return timed(frame, "remainder", values, Time::span(unit));
            }
            let (name, to) = if symbol == "/" { ("ratio", DType::Float64) } else { ("floor_divided", DType::Int64) };
            let result = call(frame, name, values)?;
            cast(frame, &result, Scalar::Of(to))
        }
        _ => Err(refused(frame, symbol, left, right)),
    }
}

fn by_integer(frame: &mut Frame<'_, '_>, name: &'static str, span: &Value, number: &Value, unit: Unit) -> Evaluated {
    let number = cast(frame, number, COUNT)?;
    timed(frame, name, vec![count(span), number], Time::span(unit))
}

fn by_float(frame: &mut Frame<'_, '_>, name: &'static str, span: &Value, number: &Value, unit: Unit) -> Evaluated {
    let number = cast(frame, number, Scalar::Of(DType::Float64))?;
    timed(frame, name, vec![count(span), number], Time::span(unit))
}

/// Both operands as counts of a unit; a number is such a count.
fn counted(frame: &mut Frame<'_, '_>, values: [&Value; 2], unit: Unit) -> Evaluated<Vec<Value>> {
    let mut counts = Vec::with_capacity(2);
    for value in values {
        counts.push(match time_of(value) {
            Some(time) => count(&converted(frame, value, Scalar::Of(DType::Time(Time { unit, ..time })))?),
            None => cast(frame, value, COUNT)?,
        });
    }
    Ok(counts)
}

/// The unit in which two dates or two spans meet.
fn common(frame: &mut Frame<'_, '_>, left: Time, right: Time) -> Evaluated<Unit> {
    if let Some(time) = left.common(right) {
        return Ok(time.unit);
    }
    let (x, y) = (left.unit.letters(), right.unit.letters());
    Err(frame.typing(if left.unit.is_comparable(right.unit) || !left.is_span {
        format!("Integer overflow getting a common metadata divisor for NumPy datetime metadata [{x}] and [{y}].")
    } else {
        format!(
            "Cannot get a common metadata divisor for Numpy datetime metadata [{x}] and [{y}] because they have \
             incompatible nonlinear base time units."
        )
    }))
}

/// The unit of the sum of a date and a span: years and months are no number of days.
fn of_date_and_span(frame: &mut Frame<'_, '_>, symbol: &str, date: Unit, span: Unit) -> Evaluated<Unit> {
    let unit = common(frame, Time::date(date), Time::date(span))?;
    if Time::span(span).common(Time::span(unit)).is_none() {
        return Err(frame.typing(format!(
            "Cannot cast ufunc '{}' input 1 from dtype('<m8[{}]') to dtype('<m8[{}]') with casting rule 'same_kind'",
            ufunc(symbol),
            span.letters(),
            unit.letters()
        )));
    }
    Ok(unit)
}

/// The name of NumPy's function for an operator.
fn ufunc(symbol: &str) -> &str {
    match symbol {
        "+" => "add",
        "-" => "subtract",
        "*" => "multiply",
        "/" => "divide",
        "//" => "floor_divide",
        "%" => "remainder",
        "**" => "power",
        "<<" => "left_shift",
        ">>" => "right_shift",
        "&" => "bitwise_and",
        "|" => "bitwise_or",
        "^" => "bitwise_xor",
        "<" => "less",
        "<=" => "less_equal",
        ">" => "greater",
        ">=" => "greater_equal",
        other => other,
    }
}

/// A type as NumPy's messages name it.
fn shown(value: &Value) -> String {
    match value.scalar() {
        Some(Scalar::Of(DType::Time(time))) => {
            let name = time.name().replace("datetime64", "<M8").replace("timedelta64", "<m8");
            format!("dtype('{name}')")
        }
        Some(scalar) => format!("dtype('{}')", scalar.dtype().name()),
        None => value.ty().to_string(),
    }
}

fn refused(frame: &mut Frame<'_, '_>, symbol: &str, left: &Value, right: &Value) -> Stop {
    let (left, right) = (shown(left), shown(right));
    let message = format!("ufunc '{}' cannot use operands with types {left} and {right}", ufunc(symbol));
    frame.error(ErrorKind::Typing, message)
}

/// `left symbol right` for a comparison, one of which is a time. What does not go together is unequal.
pub(super) fn compare(frame: &mut Frame<'_, '_>, symbol: &'static str, left: &Value, right: &Value) -> Evaluated {
    let unsigned = |value: &Value| value.scalar() == Some(Scalar::Of(DType::UInt64));
    let unit = match (as_span(operand(left)), as_span(operand(right))) {
        _ if unsigned(left) || unsigned(right) => None,
        (Operand::Date(x), Operand::Date(y)) => Some(common(frame, Time::date(x), Time::date(y))?),
        (Operand::Span(x), Operand::Span(y)) => Some(common(frame, Time::span(x), Time::span(y))?),
        _ => None,
    };
    let bool = Scalar::Of(DType::Bool);
    let Some(unit) = unit else {
        return match symbol {
            "==" | "!=" => Ok(Value::Number(bool, Number::Bool(symbol == "!="))),
            _ => Err(refused(frame, symbol, left, right)),
        };
    };
    let name = match symbol {
        "==" => "equal",
        "!=" => "unequal",
        "<" => "less",
        "<=" => "no_greater",
        ">" => "greater",
        _ => "no_less",
    };
    let values = counted(frame, [left, right], unit)?;
    let result = call(frame, name, values)?;
    cast(frame, &result, bool)
}

/// `-x`, `+x`, `~x` of a time.
pub(super) fn unary(frame: &mut Frame<'_, '_>, symbol: &'static str, value: &Value, time: Time) -> Evaluated {
    match symbol {
        // The least integer, NaT, is its own negative.
        "-" if time.is_span => Ok(of_count(&operators::unary(frame, "-", &count(value))?, time)),
        "+" if time.is_span => Ok(value.clone()),
        _ => {
            let name = match symbol {
                "-" => "negative",
                "+" => "positive",
                _ => "invert",
            };
            Err(frame.typing(format!("ufunc '{name}' cannot use an operand of type {}", shown(value))))
        }
    }
}

/// `abs(x)` of a time.
pub(super) fn absolute(frame: &mut Frame<'_, '_>, value: &Value, time: Time) -> Evaluated {
    if !time.is_span {
        return Err(frame.typing(format!("ufunc 'absolute' cannot use an operand of type {}", shown(value))));
    }
    let id = frame.materialize(&count(value))?;
    let id = frame.emit("numeric.abs", &[id], IrType::Scalar(COUNT), Vec::new());
    Ok(of_count(&Value::Scalar(COUNT, id), time))
}

/// `np.sign` of a span of time: a span of -1, 0 or 1, and NaT of NaT.
pub(super) fn sign(frame: &mut Frame<'_, '_>, value: &Value, time: Time) -> Evaluated {
    let result = frame.call_library("_ufuncs", "sign_of_count", vec![count(value)])?;
    Ok(of_count(&result, time))
}

/// The truth of a time: all but a count of zero, NaT too.
pub(crate) fn truth(frame: &mut Frame<'_, '_>, value: &Value) -> Evaluated {
    frame.truth(&count(value))
}

/// Whether a time, or each of an array, is NaT.
pub(super) fn is_nat(frame: &mut Frame<'_, '_>, value: &Value) -> Evaluated {
    if matches!(value, Value::Array(..)) {
        return operators::map(frame, std::slice::from_ref(value), |frame, items| is_nat(frame, &items[0]));
    }
    if time_of(value).is_none() {
        return Err(frame.typing("ufunc 'isnat' is only defined for np.datetime64 and np.timedelta64."));
    }
    let result = call(frame, "isnat", vec![count(value)])?;
    cast(frame, &result, Scalar::Of(DType::Bool))
}

/// `np.isnan`, `np.isfinite` and `np.isinf` of a time.
pub(super) fn classify(frame: &mut Frame<'_, '_>, kind: &str, value: &Value) -> Evaluated {
    match kind {
        "isnan" => is_nat(frame, value),
        "isfinite" => {
            let nat = is_nat(frame, value)?;
            operators::unary(frame, "~", &nat)
        }
        _ => Ok(Value::Number(Scalar::Of(DType::Bool), Number::Bool(false))),
    }
}

/// `np.minimum` and `np.maximum` of two values, one of which is a time: NaT if either is.
pub(super) fn extreme(frame: &mut Frame<'_, '_>, name: &'static str, left: &Value, right: &Value) -> Evaluated {
    let time = match (as_span(operand(left)), as_span(operand(right))) {
        (Operand::Date(x), Operand::Date(y)) => Time::date(common(frame, Time::date(x), Time::date(y))?),
        (Operand::Span(x), Operand::Span(y)) => Time::span(common(frame, Time::span(x), Time::span(y))?),
        _ => return Err(refused(frame, name, left, right)),
    };
    let values = counted(frame, [left, right], time.unit)?;
    timed(frame, name, values, time)
}

/// The sum, the least or the greatest of an array of times: NaT if any is.
pub(super) fn reduce(frame: &mut Frame<'_, '_>, kind: &'static str, array: &Value, time: Time) -> Evaluated {
    let Value::Array(ty, id) = array else { return Err(frame.typing("an array is needed here")) };
    let _: &ArrayType = ty;
    let reduced = |frame: &mut Frame<'_, '_>, kind: &str| {
        let attributes = vec![("kind", Attribute::Text(kind.into()))];
        Value::Scalar(COUNT, frame.emit("numeric.reduce", &[*id], IrType::Scalar(COUNT), attributes))
    };
    match kind {
        "min" => Ok(of_count(&reduced(frame, "min"), time)),
        "max" => {
            let values = vec![reduced(frame, "min"), reduced(frame, "max")];
            timed(frame, "largest", values, time)
        }
        "add" if time.is_span => {
            let nat = is_nat(frame, array)?;
            let Value::Array(_, nat) = nat else { return Err(Stop::Dead) };
            let attributes = vec![("kind", Attribute::Text("or".into()))];
            let bool = Scalar::Of(DType::Bool);
            let any = Value::Scalar(bool, frame.emit("numeric.reduce", &[nat], IrType::Scalar(bool), attributes));
            let values = vec![any, reduced(frame, "add")];
            timed(frame, "total", values, time)
        }
        _ => {
            let name = if kind == "add" { "add" } else { "multiply" };
            let item = shown(&Value::Number(Scalar::Of(DType::Time(time)), Number::Integer(0)));
            Err(frame.typing(format!("ufunc '{name}' cannot use operands with types {item} and {item}")))
        }
    }
}
