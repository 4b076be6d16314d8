//! Making arrays of a shape: empty, zeros, ones, full, and those like another.

use super::Meaning;
use super::dtypes::dtype_argument;
use super::{copies, record_types};
use crate::function_ir::{Attribute, IrType, ValueId};
use crate::specialize::{Evaluated, Frame};
use crate::types::{ArrayType, Kind, Layout, RecordLayout, Scalar};
use crate::value::{Number, Value};
use numir_runtime::DType;

pub(super) static MEANINGS: &[Meaning] = &[
    Meaning {
        name: "numpy.empty",
        parameters: "shape, dtype=None, order='C'",
        doc: "A new array with arbitrary items.",
        evaluate: |frame, arguments| created(frame, arguments, None),
    },
    Meaning {
        name: "numpy.zeros",
        parameters: "shape, dtype=None, order='C'",
        doc: "A new array of zeros.",
        evaluate: |frame, arguments| created(frame, arguments, Some(0)),
    },
    Meaning {
        name: "numpy.ones",
        parameters: "shape, dtype=None, order='C'",
        doc: "A new array of ones.",
        evaluate: |frame, arguments| created(frame, arguments, Some(1)),
    },
    Meaning {
        name: "numpy.full",
        parameters: "shape, fill_value, dtype=None, order='C'",
        doc: "A new array filled with a value.",
        evaluate: full,
    },
    Meaning {
        name: "numpy.empty_like",
        parameters: "prototype, dtype=None, order='K', subok=True, shape=None",
        doc: "A new array of the shape and dtype of another, with arbitrary items.",
        evaluate: |frame, arguments| like(frame, arguments, None),
    },
    Meaning {
        name: "numpy.zeros_like",
        parameters: "a, dtype=None, order='K', subok=True, shape=None",
        doc: "A new array of zeros of the shape and dtype of another.",
        evaluate: |frame, arguments| like(frame, arguments, Some(&Value::int(0))),
    },
    Meaning {
        name: "numpy.ones_like",
        parameters: "a, dtype=None, order='K', subok=True, shape=None",
        doc: "A new array of ones of the shape and dtype of another.",
        evaluate: |frame, arguments| like(frame, arguments, Some(&Value::int(1))),
    },
    Meaning {
        name: "numpy.full_like",
        parameters: "a, fill_value, dtype=None, order='K', subok=True, shape=None",
        doc: "A new array of the shape and dtype of another, filled with a value.",
        evaluate: |frame, arguments| {
            let fill = arguments[1].clone().unwrap_or(Value::int(0));
            let others = [&arguments[..1], &arguments[2..]].concat();
            like(frame, &others, Some(&fill))
        },
    },
];

/// The layout that `order=` asks for.
pub(super) fn layout(frame: &mut Frame<'_, '_>, order: Option<&Value>, prototype: Layout) -> Evaluated<Layout> {
    match order {
        None | Some(Value::None) => Ok(prototype),
        Some(Value::Text(order)) => match &**order {
            "C" => Ok(Layout::C),
            "F" => Ok(Layout::F),
            "K" | "A" => Ok(prototype),
            other => {
                let message = format!("order must be one of 'C', 'F', 'A', or 'K' (got '{other}')");
                Err(frame.raise("ValueError", &message, &[]))
            }
        },
        Some(_) => Err(frame.typing("order must be a constant string")),
    }
}

/// A shape of so many axes in a message, with a place for each extent.
pub(crate) fn shape_text(rank: usize) -> String {
    match rank {
        1 => "({},)".to_owned(),
        rank => format!("({})", vec!["{}"; rank].join(",")),
    }
}

/// The extents that a shape argument gives: an int or a tuple of ints.
pub(super) fn extents(frame: &mut Frame<'_, '_>, shape: &Value) -> Evaluated<Vec<ValueId>> {
    let parts: Vec<Value> = match shape {
        Value::Tuple(parts) => parts.to_vec(),
        one => vec![one.clone()],
    };
    let mut extents = Vec::with_capacity(parts.len());
    for part in &parts {
        if part.scalar().is_none_or(|scalar| scalar.kind() != Kind::Integer) {
            let seen = frame.describe(part);
            return Err(frame.typing(format!("a shape is an int or a tuple of ints, not {seen}")));
        }
        match part.known_integer() {
            Some(known) if known < 0 => {
                return Err(frame.raise("ValueError", "negative dimensions are not allowed", &[]));
            }
            Some(known) if known > i128::from(i64::MAX) => {
                return Err(frame.raise("ValueError", "Maximum allowed dimension exceeded", &[]));
            }
            Some(_) => extents.push(frame.as_index(part)?),
            None => {
                let extent = frame.as_index(part)?;
                let zero = frame.index(0);
                let fine = frame.compare_indices("ge", extent, zero);
                frame.check(fine, "ValueError", "negative dimensions are not allowed", &[]);
                extents.push(extent);
            }
        }
    }
    Ok(extents)
}

/// A new array of given extents.
pub(super) fn allocate(frame: &mut Frame<'_, '_>, ty: ArrayType, extents: &[ValueId], zero: bool) -> ValueId {
    frame.emit("numeric.alloc", extents, IrType::Array(ty), vec![("zero", Attribute::Bool(zero))])
}

fn created(frame: &mut Frame<'_, '_>, arguments: &[Option<Value>], fill: Option<i128>) -> Evaluated {
    let shape = arguments[0].clone().unwrap_or(Value::None);
    let dtype = match &arguments[1] {
        None | Some(Value::None) => DType::Float64,
        Some(dtype) => match record_types::created(frame, dtype, &shape, fill.map(Value::int).as_ref())? {
            Some(records) => return Ok(records),
            None => dtype_argument(frame, dtype)?,
        },
    };
    let layout = layout(frame, arguments[2].as_ref(), Layout::C)?;
    let extents = extents(frame, &shape)?;
    filled(frame, ArrayType::new(dtype, extents.len(), layout), &extents, fill.map(Value::int).as_ref())
}

/// New records, with a number in all fields where there is one.
pub(super) fn records_of(
    frame: &mut Frame<'_, '_>,
    layout: &RecordLayout,
    extents: &[ValueId],
    fill: Option<&Value>,
) -> Evaluated {
    match fill.map(Value::known_integer) {
        None => Ok(super::records::allocated(frame, layout, extents, false)),
        Some(Some(0)) => Ok(super::records::allocated(frame, layout, extents, true)),
        Some(_) => {
            let result = super::records::allocated(frame, layout, extents, true);
            if let Some(fill) = fill {
                super::records::assign(frame, &result, fill)?;
            }
            Ok(result)
        }
    }
}

fn filled(frame: &mut Frame<'_, '_>, ty: ArrayType, extents: &[ValueId], fill: Option<&Value>) -> Evaluated {
    let zero = fill.is_some_and(|fill| matches!(fill.number(), Some(Number::Integer(0))));
    let id = allocate(frame, ty, extents, zero);
    if let Some(fill) = fill.filter(|_| !zero) {
        super::indexing::fill(frame, ty, id, fill)?;
    }
    Ok(Value::Array(ty, id))
}

fn full(frame: &mut Frame<'_, '_>, arguments: &[Option<Value>]) -> Evaluated {
    let shape = arguments[0].clone().unwrap_or(Value::None);
    let fill = arguments[1].clone().unwrap_or(Value::None);
    if let Some(dtype) = &arguments[2]
        && let Some(records) = record_types::created(frame, dtype, &shape, Some(&fill))?
    {
        return Ok(records);
    }
    let fill = match fill {
        sequence @ Value::Tuple(_) => copies::array_of(frame, &sequence, None)?,
        other => other,
    };
    let dtype = match &arguments[2] {
        None | Some(Value::None) => match &fill {
            Value::Array(ty, _) => ty.dtype,
            other => other.scalar().map_or(DType::Float64, Scalar::dtype),
        },
        Some(dtype) => dtype_argument(frame, dtype)?,
    };
    let layout = layout(frame, arguments[3].as_ref(), Layout::C)?;
    let extents = extents(frame, &shape)?;
    filled(frame, ArrayType::new(dtype, extents.len(), layout), &extents, Some(&fill))
}

fn like(frame: &mut Frame<'_, '_>, arguments: &[Option<Value>], fill: Option<&Value>) -> Evaluated {
    if let (Some(Value::Records(..)), Some(Value::Tuple(_))) = (&arguments[0], fill) {
        return Err(frame
            .unsupported("records that are full of a tuple: make them by np.zeros_like, and write `a.fill((1, 2))`"));
    }
    let prototype = match arguments[0].clone().unwrap_or(Value::None) {
        sequence @ Value::Tuple(_) => copies::array_of(frame, &sequence, None)?,
        other => other,
    };
    let prototype = match &prototype {
        Value::Array(ty, id) => (*ty, Some(*id)),
        Value::Records(records, ty, id) if arguments[1].is_none() && arguments[4].is_none() => {
            let extents: Vec<_> = (0..ty.rank - 1).map(|axis| frame.extent(*id, axis)).collect();
            return records_of(frame, records, &extents, fill);
        }
        other => match other.scalar() {
            Some(scalar) => (ArrayType::contiguous(scalar.dtype(), 0), None),
            None => {
                let seen = frame.describe(other);
                return Err(frame.typing(format!("the prototype must be an array, not {seen}")));
            }
        },
    };
    let (from, id) = prototype;
    let dtype = match &arguments[1] {
        None | Some(Value::None) => from.dtype,
        Some(dtype) => dtype_argument(frame, dtype)?,
    };
    let kept = if from.layout == Layout::F { Layout::F } else { Layout::C };
    let layout = layout(frame, arguments[2].as_ref(), kept)?;
    let extents = match (&arguments[4], id) {
        (Some(shape), _) if !matches!(shape, Value::None) => extents(frame, &shape.clone())?,
        (_, Some(id)) => (0..from.rank).map(|axis| frame.extent(id, axis)).collect(),
        _ => Vec::new(),
    };
    filled(frame, ArrayType::new(dtype, extents.len(), layout), &extents, fill)
}
