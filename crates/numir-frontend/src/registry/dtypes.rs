//! Dtypes as values: `a.dtype`, `np.dtype(…)`, and what may stand for one.

use super::Meaning;
use crate::specialize::{Evaluated, Frame};
use crate::types::Scalar;
use crate::value::Value;
use numir_runtime::DType;
use numir_runtime::dates::{Time, Unit};
use numir_runtime::dtype::Kind;

pub(super) static MEANINGS: &[Meaning] = &[Meaning {
    name: "numpy.dtype",
    parameters: "dtype, /, align=False, copy=False",
    doc: "The dtype that a scalar type, a dtype or a name stands for, or of records that have these fields.",
    evaluate: |frame, arguments| {
        let given = arguments[0].clone().unwrap_or(Value::None);
        let align = arguments[1].as_ref().and_then(Value::number).is_some_and(|align| align.truth());
        match super::record_types::layout(frame, &given, align)? {
            Some(layout) => Ok(Value::RecordType(layout)),
            None => dtype_argument(frame, &given).map(Value::DType),
        }
    },
}];

/// NumPy's letters for dtypes, and those of its array interface, in which the number counts bytes.
const SHORT: &[(&str, DType)] = &[
    ("?", DType::Bool),
    ("b1", DType::Bool),
    ("b", DType::Int8),
    ("i1", DType::Int8),
    ("h", DType::Int16),
    ("i2", DType::Int16),
    ("i", DType::Int32),
    ("i4", DType::Int32),
    ("l", DType::Int64),
    ("i8", DType::Int64),
    ("B", DType::UInt8),
    ("u1", DType::UInt8),
    ("H", DType::UInt16),
    ("u2", DType::UInt16),
    ("I", DType::UInt32),
    ("u4", DType::UInt32),
    ("L", DType::UInt64),
    ("u8", DType::UInt64),
    ("e", DType::Float16),
    ("f2", DType::Float16),
    ("f", DType::Float32),
    ("f4", DType::Float32),
    ("d", DType::Float64),
    ("f8", DType::Float64),
    ("F", DType::Complex64),
    ("c8", DType::Complex64),
    ("D", DType::Complex128),
    ("c16", DType::Complex128),
    ("int", DType::Int64),
    ("float", DType::Float64),
    ("complex", DType::Complex128),
];

/// The dtype of a text as NumPy reads it, in the order of bytes that this machine has.
fn from_text(text: &str) -> Option<DType> {
    let short =
        || SHORT.iter().find(|(name, _)| *name == text.trim_start_matches(['<', '=', '|'])).map(|(_, dtype)| *dtype);
    let time = || Time::from_short(text.trim_start_matches(['<', '='])).map(DType::Time);
    DType::from_name(text).or_else(short).or_else(time)
}

/// The dtype that a value stands for, if it does for one.
pub(super) fn named(value: &Value) -> Option<DType> {
    match value {
        Value::DType(dtype) => Some(*dtype),
        Value::ScalarType(scalar) => Some(scalar.dtype()),
        Value::Text(text) => from_text(text),
        _ => None,
    }
}

/// The dtype that a value given as `dtype=` names.
pub(crate) fn dtype_argument(frame: &Frame<'_, '_>, value: &Value) -> Evaluated<DType> {
    match (named(value), value) {
        (Some(dtype), _) => Ok(dtype),
        (None, Value::Text(text)) => Err(frame.typing(format!("data type '{text}' not understood"))),
        (None, other) => {
            let seen = frame.describe(other);
            Err(frame.typing(format!("dtype must be a scalar type such as np.float64, not {seen}")))
        }
    }
}

/// NumPy's letter for dates or spans.
fn letter(dtype: DType) -> &'static str {
    match dtype {
        DType::Time(Time { is_span: true, .. }) => "m",
        _ => "M",
    }
}

/// The attributes of a dtype.
pub(super) const ATTRIBUTES: [&str; 9] =
    ["alignment", "char", "isnative", "itemsize", "kind", "name", "ndim", "shape", "type"];

/// An attribute of a dtype.
pub(super) fn attribute(dtype: DType, name: &str) -> Option<Value> {
    let text = |text: &str| Value::Text(text.into());
    let size = dtype.size() as i128;
    Some(match name {
        "alignment" if matches!(dtype, DType::Complex64 | DType::Complex128) => Value::int(size / 2),
        "alignment" | "itemsize" => Value::int(size),
        "char" if dtype.kind() == Kind::Time => text(letter(dtype)),
        "char" => text(SHORT.iter().find(|(_, of)| *of == dtype)?.0),
        "isnative" => Value::bool(true),
        "kind" => text(match dtype.kind() {
            Kind::Bool => "b",
            Kind::Signed => "i",
            Kind::Unsigned => "u",
            Kind::Float => "f",
            Kind::Complex => "c",
            Kind::Time => letter(dtype),
        }),
        "name" => text(dtype.name()),
        "ndim" => Value::int(0),
        "shape" => Value::tuple(Vec::new()),
        "type" => match dtype {
            // NumPy has one type for all units.
            DType::Time(time) => Value::ScalarType(Scalar::Of(DType::Time(Time { unit: Unit::Generic, ..time }))),
            number => Value::ScalarType(Scalar::Of(number)),
        },
        _ => return None,
    })
}
