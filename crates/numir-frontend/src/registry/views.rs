//! Views of an array's memory as items of another type: the parts of complex numbers, and `a.view(dtype)`.

use super::Meaning;
use super::attributes::{item_count, receiver};
use super::dtypes::dtype_argument;
use crate::function_ir::{Attribute, IrType, ValueId};
use crate::specialize::{Evaluated, Frame};
use crate::types::{ArrayType, Layout, Scalar};
use crate::value::{Number, Value};
use numir_runtime::DType;

pub(super) static MEANINGS: &[Meaning] = &[
    Meaning {
        name: "ndarray.view",
        parameters: "a, dtype=None",
        doc: "The memory of the array as items of another dtype, which are no larger.",
        evaluate: |frame, arguments| {
            let (ty, id) = receiver(frame, arguments)?;
            let dtype = match &arguments[1] {
                None | Some(Value::None) => ty.dtype,
                Some(given) => dtype_argument(frame, given)?,
            };
            viewed(frame, ty, id, dtype)
        },
    },
    Meaning {
        name: "intrinsics.as_strided",
        parameters: "a, offset, shape, strides, writable=True, layout='A'",
        doc: "The memory of the array from an item on, with these extents and strides, in items: unchecked.",
        evaluate: |frame, arguments| {
            // Records are items of as many bytes as they have.
            let records = match &arguments[0] {
                Some(Value::Records(layout, ty, id)) => Some((layout.clone(), *ty, *id)),
                _ => None,
            };
            let (ty, id) = match &records {
                Some((_, ty, id)) => (*ty, *id),
                None => receiver(frame, arguments)?,
            };
            let (Some(Value::Tuple(shape)), Some(Value::Tuple(steps))) = (&arguments[2], &arguments[3]) else {
                return Err(frame.typing("as_strided takes tuples of extents and strides"));
            };
            if shape.len() != steps.len() {
                return Err(frame.raise("ValueError", "mismatch in length of strides and shape", &[]));
            }
            let mut offset = frame.as_index(&arguments[1].clone().unwrap_or(Value::int(0)))?;
            let mut sizes = shape.iter().map(|size| frame.as_index(size)).collect::<Evaluated<Vec<_>>>()?;
            let mut strides = steps.iter().map(|stride| frame.as_index(stride)).collect::<Evaluated<Vec<_>>>()?;
            if let Some((layout, ..)) = &records {
                let size = frame.index(layout.size as i64);
                offset = frame.index_arithmetic("numeric.mul", offset, size);
                for stride in &mut strides {
                    *stride = frame.index_arithmetic("numeric.mul", *stride, size);
                }
                sizes.push(size);
                strides.push(frame.index(1));
            }
            let layout = match &arguments[5] {
                Some(Value::Text(layout)) if &**layout == "C" && records.is_none() => Layout::C,
                _ => Layout::Any,
            };
            let readable_only = matches!(arguments[4].as_ref().and_then(Value::number), Some(Number::Bool(false)));
            let to = ArrayType { rank: sizes.len(), layout, writable: ty.writable && !readable_only, ..ty };
            let view = reinterpreted(frame, to, id, offset, sizes, strides);
            Ok(match (records, view) {
                (Some((layout, ..)), Value::Array(ty, id)) => Value::Records(layout, ty, id),
                (_, view) => view,
            })
        },
    },
];

/// At multiples of what an item lies in memory.
fn alignment(dtype: DType) -> usize {
    Scalar::Of(dtype).real().dtype().size()
}

fn viewed(frame: &mut Frame<'_, '_>, ty: ArrayType, id: ValueId, dtype: DType) -> Evaluated {
    let (from, to) = (ty.dtype.size(), dtype.size());
    if to > from || alignment(dtype) > alignment(ty.dtype) {
        let message = format!(
            "a view of {ty} as {dtype}, whose items are larger or lie at multiples of more bytes",
            dtype = dtype.name()
        );
        return Err(frame.unsupported(message));
    }
    let ratio = frame.index((from / to) as i64);
    let result =
        ArrayType { dtype, layout: if from == to || ty.layout == Layout::C { ty.layout } else { Layout::Any }, ..ty };
    let (mut sizes, mut strides) = (Vec::new(), Vec::new());
    for axis in 0..ty.rank {
        sizes.push(frame.extent(id, axis));
        let stride = stride(frame, id, axis);
        strides.push(frame.index_arithmetic("numeric.mul", stride, ratio));
    }
    if from != to {
        let message = "To change to a dtype of a different size, the last axis must be contiguous";
        let (Some(last), Some(size)) = (strides.last_mut(), sizes.last_mut()) else {
            let message = "Changing the dtype of a 0d array is only supported if the itemsize is unchanged";
            return Err(frame.raise("ValueError", message, &[]));
        };
        if ty.layout != Layout::C {
            // Of one item or none the stride does not matter.
            let (next, zero, one) = (frame.compare_indices("eq", *last, ratio), frame.index(0), frame.index(1));
            let single = frame.compare_indices("eq", *size, one);
            let count = item_count(frame, ty, id);
            let empty = frame.compare_indices("eq", count, zero);
            let fits = frame.emit("numeric.or", &[next, single], IrType::BOOL, Vec::new());
            let fits = frame.emit("numeric.or", &[fits, empty], IrType::BOOL, Vec::new());
            frame.check(fits, "ValueError", message, &[]);
        }
        *last = frame.index(1);
        *size = frame.index_arithmetic("numeric.mul", *size, ratio);
    }
    let zero = frame.index(0);
    Ok(reinterpreted(frame, result, id, zero, sizes, strides))
}

/// The real (0) or imaginary (1) parts of an array of complex numbers.
pub(super) fn part(frame: &mut Frame<'_, '_>, ty: ArrayType, id: ValueId, part: i64) -> Value {
    let layout = if ty.rank == 0 { Layout::C } else { Layout::Any };
    let result = ArrayType { dtype: Scalar::Of(ty.dtype).real().dtype(), layout, ..ty };
    let two = frame.index(2);
    let (mut sizes, mut strides) = (Vec::new(), Vec::new());
    for axis in 0..ty.rank {
        sizes.push(frame.extent(id, axis));
        let stride = stride(frame, id, axis);
        strides.push(frame.index_arithmetic("numeric.mul", stride, two));
    }
    let offset = frame.index(part);
    reinterpreted(frame, result, id, offset, sizes, strides)
}

pub(super) fn stride(frame: &mut Frame<'_, '_>, id: ValueId, axis: usize) -> ValueId {
    frame.emit("numeric.stride", &[id], IrType::INDEX, vec![("axis", Attribute::Integer(axis as i64))])
}

pub(super) fn reinterpreted(
    frame: &mut Frame<'_, '_>,
    to: ArrayType,
    id: ValueId,
    offset: ValueId,
    sizes: Vec<ValueId>,
    strides: Vec<ValueId>,
) -> Value {
    let mut operands = vec![id, offset];
    operands.extend(sizes);
    operands.extend(strides);
    Value::Array(to, frame.emit("numeric.reinterpret", &operands, IrType::Array(to), Vec::new()))
}
