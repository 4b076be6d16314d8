//! Arrays of nested tuples and lists, some of which are arrays themselves: `np.array([a, b])`.

use super::arrays::allocate;
use super::copies::array_of;
use super::indexing::{fill, load_item};
use crate::function_ir::ValueId;
use crate::specialize::{Evaluated, Frame};
use crate::types::{ArrayType, Scalar};
use crate::value::Value;
use numir_runtime::DType;

/// How many tuples lie around the arrays in a value; None where it holds none.
pub(super) fn depth(value: &Value) -> Option<usize> {
    match value {
        Value::Array(ty, _) => (ty.rank > 0).then_some(0),
        Value::Tuple(elements) => elements.iter().filter_map(depth).min().map(|depth| depth + 1),
        _ => None,
    }
}

/// The array of a nested tuple at whose given depth stand arrays, or what becomes one.
pub(super) fn joined(frame: &mut Frame<'_, '_>, value: &Value, depth: usize, dtype: Option<DType>) -> Evaluated {
    let (mut shape, mut items) = (Vec::new(), Vec::new());
    let mut level = value;
    for _ in 0..depth {
        let Value::Tuple(elements) = level else { break };
        shape.push(elements.len());
        let Some(first) = elements.first() else { break };
        level = first;
    }
    if !collect(value, &shape, &mut Vec::new(), &mut items) {
        return Err(uneven(frame, &shape));
    }
    let mut arrays = Vec::with_capacity(items.len());
    for (place, item) in items {
        match item {
            Value::Array(ty, id) => arrays.push((place, ty, id)),
            other => match array_of(frame, &other, None)? {
                Value::Array(ty, id) => arrays.push((place, ty, id)),
                _ => return Err(uneven(frame, &shape)),
            },
        }
    }
    let Some((_, first, of)) = arrays.first() else { return Err(uneven(frame, &shape)) };
    let (rank, of) = (first.rank, *of);
    if arrays.iter().any(|(_, ty, _)| ty.rank != rank) {
        return Err(uneven(frame, &shape));
    }
    let inner: Vec<ValueId> = (0..rank).map(|axis| frame.extent(of, axis)).collect();
    for (_, _, id) in &arrays[1..] {
        for (axis, wanted) in inner.iter().enumerate() {
            let extent = frame.extent(*id, axis);
            let same = frame.compare_indices("eq", extent, *wanted);
            let message = message(&shape);
            frame.check(same, "ValueError", &message, &[]);
        }
    }
    let types = arrays.iter().map(|(_, ty, _)| Scalar::Of(ty.dtype));
    let natural = types.reduce(Scalar::promote).map_or(DType::Float64, Scalar::dtype);
    let ty = ArrayType::contiguous(dtype.unwrap_or(natural), shape.len() + rank);
    let mut extents: Vec<ValueId> = shape.iter().map(|extent| frame.index(*extent as i64)).collect();
    extents.extend(inner);
    let result = allocate(frame, ty, &extents, false);
    for (place, from, id) in arrays {
        let positions: Vec<ValueId> = place.iter().map(|index| frame.index(*index as i64)).collect();
        if let Value::Array(to, row) = load_item(frame, ty, result, &positions)? {
            fill(frame, to, row, &Value::Array(from, id))?;
        }
    }
    Ok(Value::Array(ty, result))
}

/// What stands at the depth of the shape; false where the tuples are not of that shape.
fn collect(value: &Value, shape: &[usize], place: &mut Vec<usize>, items: &mut Vec<(Vec<usize>, Value)>) -> bool {
    let Some((extent, inner)) = shape.split_first() else {
        items.push((place.clone(), value.clone()));
        return matches!(value, Value::Array(..) | Value::Tuple(_));
    };
    let Value::Tuple(elements) = value else { return false };
    elements.len() == *extent
        && elements.iter().enumerate().all(|(index, element)| {
            place.push(index);
            let fine = collect(element, inner, place, items);
            place.pop();
            fine
        })
}

fn uneven(frame: &mut Frame<'_, '_>, shape: &[usize]) -> crate::specialize::Stop {
    let message = message(shape);
    frame.raise("ValueError", &message, &[])
}

/// What NumPy says of nested tuples of numbers whose lengths or depths differ; None where that is not what is wrong.
pub(super) fn ragged(value: &Value) -> Option<String> {
    let (mut shape, mut level) = (Vec::new(), vec![value]);
    loop {
        let mut next = Vec::new();
        let mut lengths = Vec::with_capacity(level.len());
        for one in &level {
            match one {
                Value::Tuple(elements) => {
                    lengths.push(Some(elements.len()));
                    next.extend(elements.iter());
                }
                other if other.scalar().is_some() => lengths.push(None),
                _ => return None,
            }
        }
        if lengths.windows(2).any(|pair| pair[0] != pair[1]) {
            return (!shape.is_empty()).then(|| message(&shape));
        }
        shape.push((*lengths.first()?)?);
        level = next;
    }
}

/// NumPy's words for rows that are not alike.
fn message(shape: &[usize]) -> String {
    let axes: Vec<String> = shape.iter().map(usize::to_string).collect();
    let spelt = if let [one] = axes.as_slice() { format!("({one},)") } else { format!("({})", axes.join(", ")) };
    format!(
        "setting an array element with a sequence. The requested array has an inhomogeneous shape after {} dimensions. \
         The detected shape was {spelt} + inhomogeneous part.",
        shape.len()
    )
}
