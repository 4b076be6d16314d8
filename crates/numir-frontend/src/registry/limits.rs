//! The limits of number types, `np.finfo` and `np.iinfo`, and what is asked about types: `np.can_cast`, `np.promote_types`.

use super::Meaning;
use super::dtypes::{dtype_argument, named};
use crate::specialize::{Evaluated, Frame, Stop};
use crate::types::{Class, Kind, Scalar};
use crate::value::{Elements, Number, Value};
use numir_runtime::DType;
use std::sync::Arc;

pub(super) static MEANINGS: &[Meaning] = &[
    Meaning {
        name: "numpy.finfo",
        parameters: "dtype, /",
        doc: "The limits of a floating-point type: eps, max, tiny and so on.",
        evaluate: |frame, arguments| {
            if matches!(arguments[0], Some(Value::Array(..))) {
                return Err(wrong(frame, "data type <class 'numpy.object_'> not inexact"));
            }
            let dtype = Scalar::Of(of(frame, arguments[0].as_ref())?).real().dtype();
            let Some(format) = FORMATS.iter().find(|format| format.dtype == dtype) else {
                return Err(wrong(frame, &format!("data type <class 'numpy.{}'> not inexact", dtype.name())));
            };
            Ok(float_limits(format))
        },
    },
    Meaning {
        name: "numpy.iinfo",
        parameters: "type, /",
        doc: "The limits of an integer type: min, max, bits.",
        evaluate: |frame, arguments| {
            if matches!(arguments[0], Some(Value::Array(..))) {
                return Err(wrong(frame, "Invalid integer data type 'O'."));
            }
            let dtype = of(frame, arguments[0].as_ref())?;
            let scalar = Scalar::Of(dtype);
            if scalar.kind() != Kind::Integer {
                return Err(wrong(frame, &format!("Invalid integer data type '{}'.", dtype.name())));
            }
            let bits = 8 * dtype.size();
            let (low, high) = match scalar.is_unsigned() {
                true => (0, (1_i128 << bits) - 1),
                false => (-(1_i128 << (bits - 1)), (1_i128 << (bits - 1)) - 1),
            };
            let bits = Value::int(bits as i128);
            Ok(record(
                "iinfo",
                vec![
                    ("bits", bits),
                    ("min", Value::int(low)),
                    ("max", Value::int(high)),
                    ("dtype", Value::DType(dtype)),
                ],
            ))
        },
    },
    Meaning {
        name: "numpy.promote_types",
        parameters: "type1, type2, /",
        doc: "The smallest dtype that two dtypes widen to.",
        evaluate: |frame, arguments| {
            let (first, second) = (of(frame, arguments[0].as_ref())?, of(frame, arguments[1].as_ref())?);
            Ok(Value::DType(Scalar::Of(first).promote(Scalar::Of(second)).dtype()))
        },
    },
    Meaning {
        name: "numpy.can_cast",
        parameters: "from_, to, casting='safe'",
        doc: "Whether a dtype may be converted to another by a rule.",
        evaluate: |frame, arguments| {
            if arguments[0].as_ref().is_some_and(|from| from.scalar().is_some_and(Scalar::is_python)) {
                let message = "can_cast() does not support Python ints, floats, and complex because the result used to \
                               depend on the value.";
                return Err(frame.raise("TypeError", message, &[]));
            }
            let (from, to) = (of(frame, arguments[0].as_ref())?, of(frame, arguments[1].as_ref())?);
            let (from, to) = (Scalar::Of(from), Scalar::Of(to));
            let rule = match &arguments[2] {
                None => "safe".into(),
                Some(Value::Text(rule)) => rule.clone(),
                Some(_) => return Err(frame.unsupported("a rule of casting known only at run time")),
            };
            let safe = from.promote(to) == to;
            Ok(Value::bool(match &*rule {
                "no" | "equiv" => from == to,
                "safe" => safe,
                "same_kind" => {
                    let signs = from.kind() == Kind::Integer && to.kind() == Kind::Integer;
                    safe || from.kind() < to.kind()
                        || (from.kind() == to.kind() && !(signs && to.is_unsigned() && !from.is_unsigned()))
                }
                "unsafe" => true,
                other => {
                    let message = format!(
                        "casting must be one of 'no', 'equiv', 'safe', 'same_kind', 'unsafe', or 'same_value' (got '{other}')"
                    );
                    return Err(frame.raise("ValueError", &message, &[]));
                }
            }))
        },
    },
];

/// The dtype that a value names or has.
fn of(frame: &Frame<'_, '_>, value: Option<&Value>) -> Evaluated<DType> {
    let value = value.cloned().unwrap_or(Value::None);
    match (named(&value), &value) {
        (Some(dtype), _) => Ok(dtype),
        (None, Value::Array(ty, _)) => Ok(ty.dtype),
        (None, other) => match other.scalar() {
            Some(scalar) => Ok(scalar.dtype()),
            None => dtype_argument(frame, other),
        },
    }
}

fn wrong(frame: &mut Frame<'_, '_>, message: &str) -> Stop {
    frame.raise("ValueError", message, &[])
}

/// What is told, by name.
fn record(name: &str, fields: Vec<(&str, Value)>) -> Value {
    let names = fields.iter().map(|(field, _)| (*field).to_owned()).collect();
    let class = Class { identity: format!("numpy.{name}"), name: name.to_owned(), fields: names };
    Value::Tuple(Elements::new(Some(Arc::new(class)), fields.into_iter().map(|(_, value)| value)))
}

/// A binary format of IEEE 754.
struct Format {
    dtype: DType,
    /// Bits of the exponent, and of the fraction that is stored.
    exponent: i32,
    fraction: i32,
    /// Decimal digits that survive.
    precision: i32,
    max: f64,
}

const FORMATS: [Format; 3] = [
    Format { dtype: DType::Float16, exponent: 5, fraction: 10, precision: 3, max: 65504.0 },
    Format { dtype: DType::Float32, exponent: 8, fraction: 23, precision: 6, max: f32::MAX as f64 },
    Format { dtype: DType::Float64, exponent: 11, fraction: 52, precision: 15, max: f64::MAX },
];

fn float_limits(format: &Format) -> Value {
    let float = |value: f64| Value::Number(Scalar::Of(format.dtype), Number::Float(value));
    let int = |value: i32| Value::int(value.into());
    let top = 1 << (format.exponent - 1);
    let power = |exponent: i32| 2.0_f64.powi(exponent);
    record(
        "finfo",
        vec![
            ("bits", int(1 + format.exponent + format.fraction)),
            ("eps", float(power(-format.fraction))),
            ("epsneg", float(power(-format.fraction - 1))),
            ("iexp", int(format.exponent)),
            ("machep", int(-format.fraction)),
            ("max", float(format.max)),
            ("maxexp", int(top)),
            ("min", float(-format.max)),
            ("minexp", int(2 - top)),
            ("negep", int(-format.fraction - 1)),
            ("nexp", int(format.exponent)),
            ("nmant", int(format.fraction)),
            ("precision", int(format.precision)),
            ("resolution", float(format!("1e-{}", format.precision).parse().unwrap_or(0.0))),
            ("smallest_normal", float(power(2 - top))),
            ("smallest_subnormal", float(power(2 - top) * power(-format.fraction))),
            ("tiny", float(power(2 - top))),
            ("dtype", Value::DType(format.dtype)),
        ],
    )
}
