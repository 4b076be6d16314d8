//! NumPy's abstract types, `np.floating` and its like, and what asks whether a type is one of a kind: `isinstance`, `np.issubdtype`,
//! `np.isdtype`.

use super::Meaning;
use super::dtypes::dtype_argument;
use crate::specialize::{Evaluated, Frame};
use crate::types::Scalar;
use crate::value::Value;
use numir_runtime::DType;
use numir_runtime::dates::Time;
use numir_runtime::dtype::Kind;

const DOC: &str = "An abstract type of NumPy's: to ask for, not to be made.";

const fn entry(name: &'static str) -> Meaning {
    Meaning { name, parameters: "*args", doc: DOC, evaluate: refused }
}

pub(super) static MEANINGS: &[Meaning] = &[
    entry("numpy.generic"),
    entry("numpy.number"),
    entry("numpy.inexact"),
    entry("numpy.floating"),
    entry("numpy.complexfloating"),
    entry("numpy.integer"),
    entry("numpy.signedinteger"),
    entry("numpy.unsignedinteger"),
    Meaning {
        name: "numpy.issubdtype",
        parameters: "arg1, arg2",
        doc: "Whether a dtype or an abstract type is one of a type.",
        evaluate: issubdtype,
    },
    Meaning {
        name: "numpy.isdtype",
        parameters: "dtype, kind",
        doc: "Whether a dtype is of a kind, or of one of several.",
        evaluate: isdtype,
    },
];

fn refused(frame: &mut Frame<'_, '_>, _: &[Option<Value>]) -> Evaluated {
    Err(frame.typing("abstract types of NumPy's have no values"))
}

/// The abstract types that a type is one of, the nearest first.
fn bases(dtype: DType) -> &'static [&'static str] {
    match dtype.kind() {
        Kind::Bool => &["generic"],
        Kind::Signed => &["signedinteger", "integer", "number", "generic"],
        Kind::Unsigned => &["unsignedinteger", "integer", "number", "generic"],
        Kind::Float => &["floating", "inexact", "number", "generic"],
        Kind::Complex => &["complexfloating", "inexact", "number", "generic"],
        Kind::Time => match dtype {
            DType::Time(Time { is_span: true, .. }) => &["signedinteger", "integer", "number", "generic"],
            _ => &["generic"],
        },
    }
}

/// The abstract types that an abstract type is one of, itself included.
fn bases_of(name: &str) -> &'static [&'static str] {
    const WAYS: [&[&str]; 4] = [
        &["signedinteger", "integer", "number", "generic"],
        &["unsignedinteger", "integer", "number", "generic"],
        &["floating", "inexact", "number", "generic"],
        &["complexfloating", "inexact", "number", "generic"],
    ];
    WAYS.iter().find_map(|way| way.iter().position(|base| *base == name).map(|place| &way[place..])).unwrap_or(&[])
}

/// The name of an abstract type that a value is.
fn abstract_name(value: &Value) -> Option<&'static str> {
    let Value::Meaning(meaning) = value else { return None };
    MEANINGS.iter().find(|own| own.name == meaning.name && own.doc == DOC)?.name.strip_prefix("numpy.")
}

/// Whether a NumPy scalar is of an abstract type; None of what is none.
pub(super) fn is_instance(scalar: Scalar, class: &Value) -> Option<bool> {
    abstract_name(class).map(|name| match scalar {
        Scalar::Of(dtype) => bases(dtype).contains(&name),
        _ => false,
    })
}

fn issubdtype(frame: &mut Frame<'_, '_>, arguments: &[Option<Value>]) -> Evaluated {
    let [one, of] = [0, 1].map(|place: usize| arguments[place].clone().unwrap_or(Value::None));
    let known = match (abstract_name(&one), abstract_name(&of)) {
        (Some(one), Some(of)) => bases_of(one).contains(&of),
        (Some(_), None) => false,
        (None, Some(of)) => bases(dtype_argument(frame, &one)?).contains(&of),
        (None, None) => match (dtype_argument(frame, &one)?, dtype_argument(frame, &of)?) {
            // NumPy has one type for all units.
            (DType::Time(one), DType::Time(of)) => one.is_span == of.is_span,
            (one, of) => one == of,
        },
    };
    Ok(Value::bool(known))
}

/// The kinds that the array API knows by names.
fn has_kind(dtype: DType, name: &str) -> Option<bool> {
    let kind = dtype.kind();
    Some(match name {
        "bool" => kind == Kind::Bool,
        "signed integer" => kind == Kind::Signed,
        "unsigned integer" => kind == Kind::Unsigned,
        "integral" => matches!(kind, Kind::Signed | Kind::Unsigned),
        "real floating" => kind == Kind::Float,
        "complex floating" => kind == Kind::Complex,
        "numeric" => !matches!(kind, Kind::Bool | Kind::Time),
        _ => return None,
    })
}

fn isdtype(frame: &mut Frame<'_, '_>, arguments: &[Option<Value>]) -> Evaluated {
    let [one, kinds] = [0, 1].map(|place: usize| arguments[place].clone().unwrap_or(Value::None));
    let (Value::DType(_) | Value::ScalarType(_)) = one else {
        let seen = frame.describe(&one);
        let message = format!("dtype argument must be a NumPy dtype, but it is a {seen}.");
        return Err(frame.raise("TypeError", &message, &[]));
    };
    let dtype = dtype_argument(frame, &one)?;
    let kinds = match &kinds {
        Value::Tuple(kinds) => kinds.to_vec(),
        other => vec![other.clone()],
    };
    let mut any = false;
    for kind in kinds {
        any |= match (&kind, abstract_name(&kind)) {
            (Value::Text(name), _) => match has_kind(dtype, name) {
                Some(known) => known,
                None => {
                    let message = format!("kind argument is a string, but {name:?} is not a known kind name.");
                    return Err(frame.raise("ValueError", &message.replace('"', "'"), &[]));
                }
            },
            (_, Some(name)) => bases(dtype).contains(&name),
            (other, None) => dtype_argument(frame, other)? == dtype,
        };
    }
    Ok(Value::bool(any))
}
