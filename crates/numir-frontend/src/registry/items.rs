//! All items of an array one after the other, the last index fastest: `a.flat`, `np.ndenumerate`, `np.ndindex`.

use super::attributes::{item_count, receiver};
use super::indexing::checked_position;
use super::{Meaning, load_item};
use crate::function_ir::ValueId;
use crate::specialize::{Evaluated, Frame};
use crate::types::Kind;
use crate::value::{Elements, Iteration, Value};
use std::rc::Rc;

pub(super) static MEANINGS: &[Meaning] = &[
    Meaning {
        name: "numpy.ndenumerate",
        parameters: "arr",
        doc: "Pairs of indices and item, for all items of an array.",
        evaluate: |frame, arguments| {
            let (ty, id) = receiver(frame, arguments)?;
            Ok(Value::Iteration(Rc::new(Iteration::Items(Value::Array(ty, id), true))))
        },
    },
    Meaning {
        name: "numpy.ndindex",
        parameters: "*shape",
        doc: "The indices of an array of these extents.",
        evaluate: |frame, arguments| {
            let extents = match &arguments[0] {
                Some(Value::Tuple(parts)) => match &**parts {
                    [Value::Tuple(inner)] => inner.clone(),
                    _ => parts.clone(),
                },
                _ => Elements::from(Vec::new()),
            };
            let zero = frame.index(0);
            for extent in extents.iter() {
                if extent.scalar().is_none_or(|scalar| scalar.kind() != Kind::Integer) {
                    let seen = frame.describe(extent);
                    return Err(frame.typing(format!("the extents of ndindex are integers, not {seen}")));
                }
                let extent = frame.as_index(extent)?;
                let counts = frame.compare_indices("ge", extent, zero);
                frame.check(counts, "ValueError", "negative dimensions are not allowed", &[]);
            }
            Ok(Value::Iteration(Rc::new(Iteration::Indices(Value::Tuple(extents)))))
        },
    },
];

/// The array whose `a.flat` a value is.
pub(super) fn flat(value: &Value) -> Option<&Value> {
    match value {
        Value::Iteration(iteration) => match &**iteration {
            Iteration::Items(array, false) => Some(array),
            _ => None,
        },
        _ => None,
    }
}

/// The extents of an array, or those in a tuple.
fn extents(frame: &mut Frame<'_, '_>, value: &Value) -> Evaluated<Vec<ValueId>> {
    match value {
        Value::Array(ty, id) => Ok((0..ty.rank).map(|axis| frame.extent(*id, axis)).collect()),
        Value::Tuple(parts) => parts.iter().map(|part| frame.as_index(part)).collect(),
        other => {
            let seen = frame.describe(other);
            Err(frame.typing(format!("{seen} has no extents")))
        }
    }
}

/// How many items an array has, or one of the extents in a tuple.
pub(crate) fn count_of(frame: &mut Frame<'_, '_>, value: &Value) -> Evaluated<ValueId> {
    let one = frame.index(1);
    let extents = extents(frame, value)?;
    Ok(extents.into_iter().fold(one, |count, extent| frame.index_arithmetic("numeric.mul", count, extent)))
}

/// The indices, one per axis, of a position among all items.
fn unravelled(frame: &mut Frame<'_, '_>, shape: &Value, position: ValueId) -> Evaluated<Vec<ValueId>> {
    let mut indices = extents(frame, shape)?;
    let mut left = position;
    for axis in (0..indices.len()).rev() {
        let extent = indices[axis];
        // What is left for the first axis is less than its extent.
        indices[axis] = if axis == 0 { left } else { frame.index_arithmetic("numeric.mod", left, extent) };
        if axis > 0 {
            left = frame.index_arithmetic("numeric.floordiv", left, extent);
        }
    }
    Ok(indices)
}

/// The indices of a position, as a tuple.
pub(crate) fn indices(frame: &mut Frame<'_, '_>, shape: &Value, position: ValueId) -> Evaluated {
    let indices = unravelled(frame, shape, position)?;
    Ok(Value::tuple(indices.into_iter().map(|index| frame.index_as_int(index)).collect()))
}

/// The item at a position among all, with its indices or without.
pub(crate) fn item(frame: &mut Frame<'_, '_>, array: &Value, position: ValueId, indexed: bool) -> Evaluated {
    let Value::Array(ty, id) = array else { return Err(frame.typing("an array is needed here")) };
    let places = unravelled(frame, array, position)?;
    let item = load_item(frame, *ty, *id, &places)?;
    if !indexed {
        return Ok(item);
    }
    let places = places.into_iter().map(|index| frame.index_as_int(index)).collect();
    Ok(Value::tuple(vec![Value::tuple(places), item]))
}

/// The indices of the item that `a.flat[index]` means.
pub(super) fn place(frame: &mut Frame<'_, '_>, array: &Value, index: &Value) -> Evaluated {
    let Value::Array(ty, id) = array else { return Err(frame.typing("an array is needed here")) };
    if index.scalar().is_none_or(|scalar| scalar.kind() != Kind::Integer) {
        let seen = frame.describe(index);
        return Err(frame.unsupported(format!("a.flat indexed by {seen}: use a.ravel()")));
    }
    let count = item_count(frame, *ty, *id);
    let position = checked_position(frame, index, count, 0)?;
    indices(frame, array, position)
}
