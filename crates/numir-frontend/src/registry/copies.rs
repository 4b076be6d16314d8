//! Arrays of other values: np.array, np.asarray, np.copy, and conversions.
//!
//! `order="K"` keeps the order that the array's type promises: what lies neither in C order nor in Fortran order is copied to C order.

use super::Meaning;
use super::arrays::{allocate, layout};
use super::dtypes::dtype_argument;
use super::operators::{assign_all, layout_of, map, same_kind};
use super::{record_types, records};
use crate::function_ir::ValueId;
use crate::specialize::{Evaluated, Frame};
use crate::types::{ArrayType, Layout, Scalar};
use crate::value::{Number, Value};
use numir_runtime::DType;
use numir_runtime::dates::Unit;

pub(super) static MEANINGS: &[Meaning] = &[
    Meaning {
        name: "numpy.array",
        parameters: "object, dtype=None, *, copy=True, order='K', subok=False, ndmin=0, ndmax=0",
        doc: "A new array of nested tuples or lists of numbers, or a copy of an array.",
        evaluate: |frame, arguments| {
            let copy = Copying::of(arguments[2].as_ref(), Copying::Always);
            let array = new_array(frame, &arguments[0], &arguments[1], &arguments[3], copy)?;
            if let (Some(most), Value::Array(ty, _)) = (arguments[6].as_ref().and_then(Value::known_integer), &array)
                && most > 0
                && ty.rank as i128 > most
            {
                return Err(frame.unsupported("an array of sequences, which `ndmax` asks for"));
            }
            match (arguments[5].clone(), array) {
                (Some(least), array @ Value::Array(..)) => {
                    frame.call_library("_numpy_shapes", "leading", vec![array, least])
                }
                (_, array) => Ok(array),
            }
        },
    },
    Meaning {
        name: "numpy.asarray",
        parameters: "a, dtype=None, order=None, *, copy=None",
        doc: "An array of nested tuples or lists of numbers; an array itself where its dtype is wanted.",
        evaluate: |frame, arguments| {
            let copy = Copying::of(arguments[3].as_ref(), Copying::IfNeeded);
            new_array(frame, &arguments[0], &arguments[1], &arguments[2], copy)
        },
    },
    Meaning {
        name: "numpy.copy",
        parameters: "a, order='K', subok=False",
        doc: "A copy of an array.",
        evaluate: |frame, arguments| new_array(frame, &arguments[0], &None, &arguments[1], Copying::Always),
    },
];

/// When an array is copied.
#[derive(Clone, Copy, PartialEq)]
enum Copying {
    Always,
    IfNeeded,
    Never,
}

impl Copying {
    fn of(given: Option<&Value>, default: Self) -> Self {
        match given {
            Some(Value::None) => Self::IfNeeded,
            Some(Value::Number(_, number)) if number.truth() => Self::Always,
            Some(Value::Number(_, Number::Bool(false))) => Self::Never,
            _ => default,
        }
    }
}

fn new_array(
    frame: &mut Frame<'_, '_>,
    value: &Option<Value>,
    dtype: &Option<Value>,
    order: &Option<Value>,
    copy: Copying,
) -> Evaluated {
    let value = value.clone().unwrap_or(Value::None);
    if let Some(records) = new_records(frame, &value, dtype.as_ref(), copy)? {
        return Ok(records);
    }
    let dtype = match dtype {
        None | Some(Value::None) => None,
        Some(dtype) => Some(dtype_argument(frame, dtype)?),
    };
    let own = match &value {
        Value::Array(ty, _) => ty.layout,
        _ => Layout::C,
    };
    let wanted = layout(frame, order.as_ref(), own)?;
    match &value {
        Value::Array(ty, id) => {
            let fits = dtype.is_none_or(|dtype| dtype == ty.dtype) && (wanted == own || ty.rank < 2);
            match copy {
                Copying::IfNeeded | Copying::Never if fits => Ok(value),
                Copying::Never => Err(frame.raise("ValueError", NO_COPY, &[])),
                _ => converted(frame, *ty, *id, dtype.unwrap_or(ty.dtype), wanted),
            }
        }
        _ if copy == Copying::Never && value.scalar().is_none() => Err(frame.raise("ValueError", NO_COPY, &[])),
        other => match array_of(frame, other, dtype)? {
            Value::Array(ty, id) if wanted == Layout::F && ty.rank > 1 => converted(frame, ty, id, ty.dtype, wanted),
            array => Ok(array),
        },
    }
}

/// Records, of records or of tuples; None where no records are wanted.
fn new_records(
    frame: &mut Frame<'_, '_>,
    value: &Value,
    dtype: Option<&Value>,
    copy: Copying,
) -> Evaluated<Option<Value>> {
    let wanted = match dtype {
        None | Some(Value::None) => None,
        Some(dtype) => record_types::layout(frame, dtype, false)?,
    };
    match (value, wanted) {
        (Value::Records(layout, ty, id), wanted)
            if layout.number().is_none() && wanted.as_ref().is_none_or(|wanted| wanted.has_fields_of(layout)) =>
        {
            let layout = layout.clone();
            let copied = copy == Copying::Always;
            if copied { records::copied(frame, &layout, (*ty, *id)).map(Some) } else { Ok(Some(value.clone())) }
        }
        (Value::Tuple(_), Some(wanted)) => record_types::array_of(frame, &wanted, value).map(Some),
        _ => Ok(None),
    }
}

/// NumPy's words where a copy is needed that is not allowed.
const NO_COPY: &str = "Unable to avoid copy while creating an array as requested.\n\
     If using `np.array(obj, copy=False)` replace it with `np.asarray(obj)` to allow a copy when needed (no behavior change in NumPy 1.x).\n\
     For more details, see https://numpy.org/devdocs/numpy_2_0_migration_guide.html#adapting-to-changes-in-the-copy-keyword.";

/// What `astype` gives, with the casting rule that it is given.
pub(super) fn astype(frame: &mut Frame<'_, '_>, arguments: &[Option<Value>]) -> Evaluated {
    let (ty, id) = super::attributes::receiver(frame, arguments)?;
    let dtype = dtype_argument(frame, &arguments[1].clone().unwrap_or(Value::None))?;
    let wanted = layout(frame, arguments[2].as_ref(), ty.layout)?;
    if let Some(Value::Text(rule)) = &arguments[3]
        && !castable(ty.dtype, dtype, rule)
    {
        let (from, to) = (ty.dtype.name(), dtype.name());
        let message =
            format!("Cannot cast array data from dtype('{from}') to dtype('{to}') according to the rule '{rule}'");
        return Err(frame.raise("TypeError", &message, &[]));
    }
    let same = ty.dtype == dtype && (wanted == ty.layout || ty.rank < 2);
    if same && matches!(arguments[5].as_ref().and_then(Value::number), Some(Number::Bool(false))) {
        return Ok(Value::Array(ty, id));
    }
    converted(frame, ty, id, dtype, wanted)
}

/// Whether a casting rule of NumPy allows a conversion.
fn castable(from: DType, to: DType, rule: &str) -> bool {
    match rule {
        "no" | "equiv" => from == to,
        "safe" => Scalar::Of(from).promote(Scalar::Of(to)) == Scalar::Of(to),
        "same_kind" => same_kind(from, to),
        _ => true,
    }
}

/// A copy of an array with items of a given dtype, in Fortran order where that is wanted, else in C order.
pub(crate) fn converted(
    frame: &mut Frame<'_, '_>,
    ty: ArrayType,
    id: ValueId,
    dtype: DType,
    layout: Layout,
) -> Evaluated {
    let array = Value::Array(ty, id);
    let item =
        |frame: &mut Frame<'_, '_>, items: &[Value]| super::times::converted(frame, &items[0], Scalar::Of(dtype));
    let layout = if layout == Layout::F && ty.rank > 1 { Layout::F } else { Layout::C };
    if ty.rank > 0 && layout == layout_of(std::slice::from_ref(&array), ty.rank) {
        return map(frame, &[array], item);
    }
    let extents: Vec<_> = (0..ty.rank).map(|axis| frame.extent(id, axis)).collect();
    let to = ArrayType::new(dtype, ty.rank, layout);
    let copy = allocate(frame, to, &extents, false);
    assign_all(frame, (to, copy), &[array], item)?;
    Ok(Value::Array(to, copy))
}

/// A copy of an array.
pub(super) fn copied(frame: &mut Frame<'_, '_>, ty: ArrayType, id: ValueId, layout: Layout) -> Evaluated {
    converted(frame, ty, id, ty.dtype, layout)
}

/// An array of nested tuples of numbers, or of arrays.
pub(super) fn array_of(frame: &mut Frame<'_, '_>, value: &Value, dtype: Option<DType>) -> Evaluated {
    if let Some(depth) = super::nested::depth(value) {
        return super::nested::joined(frame, value, depth, dtype);
    }
    if let Some(DType::Time(time)) = dtype
        && let Some(dates) = super::times::of_texts(frame, value, time)?
    {
        // Without a unit it is the finest of the texts'.
        return array_of(frame, &dates, dtype.filter(|_| time.unit != Unit::Generic));
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
    if !walk(value, &shape, &mut Vec::new(), &mut items) {
        return Err(match super::nested::ragged(value) {
            Some(message) => frame.raise("ValueError", &message, &[]),
            None => frame.typing("an array is made of nested sequences of numbers, all of one length at each level"),
        });
    }
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

/// Collects the numbers of nested tuples with their places; false where they are not of that shape.
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
