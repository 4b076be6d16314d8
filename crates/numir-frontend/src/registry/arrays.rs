//! Making arrays: empty, zeros, full, array of a tuple, copies and conversions.

use super::Meaning;
use super::dtypes::dtype_argument;
use super::operators::{assign_all, map};
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
    Meaning {
        name: "numpy.array",
        parameters: "object, dtype=None, *, copy=True, order='K', subok=False, ndmin=0",
        doc: "A new array of nested tuples or lists of numbers, or a copy of an array.",
        evaluate: |frame, arguments| new_array(frame, arguments, true),
    },
    Meaning {
        name: "numpy.asarray",
        parameters: "a, dtype=None, order=None",
        doc: "An array of nested tuples or lists of numbers; an array itself where its dtype is wanted.",
        evaluate: |frame, arguments| new_array(frame, arguments, false),
    },
    Meaning {
        name: "numpy.copy",
        parameters: "a, order='K', subok=False",
        doc: "A copy of an array.",
        evaluate: |frame, arguments| new_array(frame, &[arguments[0].clone(), None], true),
    },
];

/// The layout that `order=` asks for.
fn layout(frame: &Frame<'_, '_>, order: Option<&Value>, prototype: Layout) -> Evaluated<Layout> {
    match order {
        None => Ok(prototype),
        Some(Value::Text(order)) => match &**order {
            "C" => Ok(Layout::C),
            "F" => Ok(Layout::F),
            "K" | "A" => Ok(prototype),
            other => Err(frame.typing(format!("order must be one of 'C', 'F', 'A', or 'K' (got '{other}')"))),
        },
        Some(_) => Err(frame.typing("order must be a constant string")),
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
        Some(Value::RecordType(records)) => {
            let extents = extents(frame, &shape)?;
            return records_of(frame, records, &extents, fill.map(Value::int).as_ref());
        }
        Some(dtype) => dtype_argument(frame, dtype)?,
    };
    let layout = layout(frame, arguments[2].as_ref(), Layout::C)?;
    let extents = extents(frame, &shape)?;
    filled(frame, ArrayType::new(dtype, extents.len(), layout), &extents, fill.map(Value::int).as_ref())
}

/// New records; only zeros mean something for each of them.
fn records_of(
    frame: &mut Frame<'_, '_>,
    layout: &RecordLayout,
    extents: &[ValueId],
    fill: Option<&Value>,
) -> Evaluated {
    match fill.map(Value::known_integer) {
        None => Ok(super::records::allocated(frame, layout, extents, false)),
        Some(Some(0)) => Ok(super::records::allocated(frame, layout, extents, true)),
        Some(_) => Err(frame.unsupported("records made of a number: take np.zeros and write their fields")),
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
    let fill = arguments[1].clone().unwrap_or(Value::None);
    let dtype = match &arguments[2] {
        None | Some(Value::None) => match &fill {
            Value::Array(ty, _) => ty.dtype,
            other => other.scalar().map_or(DType::Float64, Scalar::dtype),
        },
        Some(dtype) => dtype_argument(frame, dtype)?,
    };
    let layout = layout(frame, arguments[3].as_ref(), Layout::C)?;
    let shape = arguments[0].clone().unwrap_or(Value::None);
    let extents = extents(frame, &shape)?;
    filled(frame, ArrayType::new(dtype, extents.len(), layout), &extents, Some(&fill))
}

fn like(frame: &mut Frame<'_, '_>, arguments: &[Option<Value>], fill: Option<&Value>) -> Evaluated {
    let prototype = arguments[0].clone().unwrap_or(Value::None);
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

fn new_array(frame: &mut Frame<'_, '_>, arguments: &[Option<Value>], always: bool) -> Evaluated {
    let dtype = match &arguments[1] {
        None | Some(Value::None) => None,
        Some(dtype) => Some(dtype_argument(frame, dtype)?),
    };
    let value = arguments[0].clone().unwrap_or(Value::None);
    let array = match &value {
        Value::Array(ty, _) if !always && dtype.is_none_or(|dtype| dtype == ty.dtype) => value,
        Value::Array(ty, id) => converted(frame, *ty, *id, dtype.unwrap_or(ty.dtype))?,
        other => array_of(frame, other, dtype)?,
    };
    match (arguments.get(5).cloned().flatten(), array) {
        (Some(least), array @ Value::Array(..)) => frame.call_library("_numpy_shapes", "leading", vec![array, least]),
        (_, array) => Ok(array),
    }
}

/// A copy of an array with items of a given dtype.
pub(crate) fn converted(frame: &mut Frame<'_, '_>, ty: ArrayType, id: ValueId, dtype: DType) -> Evaluated {
    map(frame, &[Value::Array(ty, id)], |frame, items| super::times::converted(frame, &items[0], Scalar::Of(dtype)))
}

/// An array of nested tuples of numbers, or of arrays.
pub(super) fn array_of(frame: &mut Frame<'_, '_>, value: &Value, dtype: Option<DType>) -> Evaluated {
    if let Some(depth) = super::nested::depth(value) {
        return super::nested::joined(frame, value, depth, dtype);
    }
    let mut shape = Vec::new();
    let mut level = value.clone();
    while let Value::Tuple(elements) = &level {
        shape.push(elements.len());
        level = match elements.first() {
            Some(first) => first.clone(),
            None => break,
        };
    }
    let mut items = Vec::new();
    flatten(frame, value, &shape, &mut items)?;
    let dtype = match dtype {
        Some(dtype) => dtype,
        None => {
            // Python's numbers count as NumPy's here.
            let types = items.iter().filter_map(|(_, item)| item.scalar()).map(|scalar| Scalar::Of(scalar.dtype()));
            types.reduce(Scalar::promote).map_or(DType::Float64, Scalar::dtype)
        }
    };
    let ty = ArrayType::contiguous(dtype, shape.len());
    let extents: Vec<_> = shape.iter().map(|extent| frame.index(*extent as i64)).collect();
    let id = allocate(frame, ty, &extents, false);
    for (place, item) in items {
        let item = match dtype {
            DType::Time(_) => super::times::assigned(frame, &item, Scalar::Of(dtype))?,
            number => super::cast_checked(frame, &item, Scalar::Of(number))?,
        };
        let mut operands = vec![frame.materialize(&item)?, id];
        operands.extend(place.iter().map(|index| frame.index(*index as i64)));
        frame.emit_effect("numeric.store", &operands, Vec::new());
    }
    Ok(Value::Array(ty, id))
}

fn flatten(
    frame: &Frame<'_, '_>,
    value: &Value,
    shape: &[usize],
    items: &mut Vec<(Vec<usize>, Value)>,
) -> Evaluated<()> {
    fn walk(value: &Value, shape: &[usize], place: &mut Vec<usize>, items: &mut Vec<(Vec<usize>, Value)>) -> bool {
        match (value, shape.split_first()) {
            (Value::Tuple(elements), Some((extent, rest))) if elements.len() == *extent => {
                elements.iter().enumerate().all(|(index, element)| {
                    place.push(index);
                    let fine = walk(element, rest, place, items);
                    place.pop();
                    fine
                })
            }
            (Value::Number(..) | Value::Scalar(..), None) => {
                items.push((place.clone(), value.clone()));
                true
            }
            _ => false,
        }
    }
    if walk(value, shape, &mut Vec::new(), items) {
        return Ok(());
    }
    Err(frame.typing("an array is made of nested sequences of numbers, all of one length at each level"))
}

/// A copy in C order.
pub(super) fn copied(frame: &mut Frame<'_, '_>, ty: ArrayType, id: ValueId, layout: Layout) -> Evaluated {
    if layout != Layout::F {
        return converted(frame, ty, id, ty.dtype);
    }
    let extents: Vec<_> = (0..ty.rank).map(|axis| frame.extent(id, axis)).collect();
    let to = ArrayType::new(ty.dtype, ty.rank, layout);
    let copy = allocate(frame, to, &extents, false);
    assign_all(frame, (to, copy), &[Value::Array(ty, id)], |_, items| Ok(items[0].clone()))?;
    Ok(Value::Array(to, copy))
}
