//! The loops of `np.einsum`: products are added over the labels that the result has not.
//!
//! The innermost loop is over the label that most arrays have as their fastest axis: of the result, so that rows of it grow by
//! multiples of rows, or of what is summed, so that rows are multiplied and reduced.

use super::product::of_matrices;
use super::subscripts::Label;
use crate::function_ir::ValueId;
use crate::registry::operators::{binary, map};
use crate::registry::{arrays, cast, indexing, reductions};
use crate::specialize::{Evaluated, Frame};
use crate::types::{ArrayType, Layout, Scalar};
use crate::value::Value;

/// An array and what its axes are called.
pub(super) struct Operand {
    pub ty: ArrayType,
    pub id: ValueId,
    pub labels: Vec<Label>,
}

/// What labels stand for: their extents, or the positions of the loops over them.
#[derive(Clone, Default)]
pub(super) struct Extents(Vec<(Label, ValueId)>);

impl Extents {
    pub fn get(&self, label: Label) -> Option<ValueId> {
        self.0.iter().find(|(known, _)| *known == label).map(|(_, value)| *value)
    }

    pub fn set(&mut self, label: Label, value: ValueId) {
        self.0.retain(|(known, _)| *known != label);
        self.0.push((label, value));
    }

    /// Those of several labels.
    pub fn all(&self, labels: &[Label]) -> Vec<ValueId> {
        labels.iter().filter_map(|label| self.get(*label)).collect()
    }
}

/// The sums of products of operands.
pub(super) fn contract(
    frame: &mut Frame<'_, '_>,
    operands: &[Operand],
    output: &[Label],
    extents: &Extents,
    scalar: Scalar,
) -> Evaluated {
    if let Some(product) = of_matrices(frame, operands, output, extents, scalar)? {
        return Ok(product);
    }
    let mut sums = Vec::new();
    for label in operands.iter().flat_map(|operand| &operand.labels) {
        if !output.contains(label) && !sums.contains(label) {
            sums.push(*label);
        }
    }
    let lane = lane(operands, output, &sums);
    if let Some(lane) = lane {
        sums.retain(|label| *label != lane);
    }
    let (ty, shape) = (ArrayType::contiguous(scalar.dtype(), output.len()), extents.all(output));
    let added = !sums.is_empty();
    if output.is_empty() && !added {
        return of_items(frame, operands, lane, scalar, &Extents::default());
    }
    let result = arrays::allocate(frame, ty, &shape, added);
    let order = match output.split_last() {
        // Rows of the result grow.
        Some((last, others)) if lane.is_none() && added => [others, &sums, &[*last]].concat(),
        _ => [output, &sums].concat(),
    };
    nest(frame, &order, extents, &mut Extents::default(), &mut |frame, positions| {
        let mut item = of_items(frame, operands, lane, scalar, positions)?;
        let place = positions.all(output);
        if added {
            let before = indexing::load_item(frame, ty, result, &place)?;
            item = binary(frame, "+", &before, &item)?;
            item = cast(frame, &item, scalar)?;
        }
        let mut stored = vec![frame.materialize(&item)?, result];
        stored.extend(place);
        frame.emit_effect("numeric.store", &stored, Vec::new());
        Ok(())
    })?;
    if output.is_empty() { indexing::load_item(frame, ty, result, &[]) } else { Ok(Value::Array(ty, result)) }
}

/// The label that is reduced along rows; none where the innermost loop is over the result's last.
fn lane(operands: &[Operand], output: &[Label], sums: &[Label]) -> Option<Label> {
    let score = |label: Label| -> i32 { operands.iter().map(|operand| fitness(operand, label)).sum() };
    let is_lane =
        |label: Label| operands.iter().all(|operand| operand.labels.iter().filter(|one| **one == label).count() <= 1);
    let best = sums.iter().copied().filter(|label| is_lane(*label)).max_by_key(|label| score(*label))?;
    match output.last() {
        Some(last) if score(*last) + 1 > score(best) => None,
        _ => Some(best),
    }
}

/// How well a loop over a label goes through an operand: 1 where it is the fastest axis, -1 where it is another.
fn fitness(operand: &Operand, label: Label) -> i32 {
    let fastest = match operand.ty.layout {
        Layout::F => operand.labels.first(),
        Layout::C | Layout::Any => operand.labels.last(),
    };
    match operand.labels.iter().filter(|one| **one == label).count() {
        0 => 0,
        1 if fastest == Some(&label) => 1,
        _ => -1,
    }
}

/// Loops over labels, within each other.
fn nest(
    frame: &mut Frame<'_, '_>,
    labels: &[Label],
    extents: &Extents,
    positions: &mut Extents,
    body: &mut dyn FnMut(&mut Frame<'_, '_>, &Extents) -> Evaluated<()>,
) -> Evaluated<()> {
    let Some((label, inner)) = labels.split_first() else { return body(frame, positions) };
    let Some(extent) = extents.get(*label) else { return Ok(()) };
    frame.counted_loop(extent, &[], |frame, position| {
        positions.set(*label, position);
        nest(frame, inner, extents, positions, body)
    })
}

/// The product of the items at positions, or of rows there, reduced.
fn of_items(
    frame: &mut Frame<'_, '_>,
    operands: &[Operand],
    lane: Option<Label>,
    scalar: Scalar,
    positions: &Extents,
) -> Evaluated {
    let mut factors = Vec::with_capacity(operands.len());
    for operand in operands {
        let places: Vec<Option<ValueId>> = operand.labels.iter().map(|label| positions.get(*label)).collect();
        let whole: Option<Vec<ValueId>> = places.iter().copied().collect();
        factors.push(match whole {
            Some(places) => indexing::load_item(frame, operand.ty, operand.id, &places)?,
            None => indexing::lane(frame, operand.ty, operand.id, &places)?,
        });
    }
    if lane.is_none() {
        return product(frame, &factors, scalar);
    }
    let products = match factors.as_slice() {
        [one] => one.clone(),
        several => map(frame, several, |frame, items| product(frame, items, scalar))?,
    };
    reductions::reduce(frame, Some(&products), Some(&Value::ScalarType(scalar)), "add")
}

fn product(frame: &mut Frame<'_, '_>, items: &[Value], scalar: Scalar) -> Evaluated {
    let mut result: Option<Value> = None;
    for item in items {
        let item = cast(frame, item, scalar)?;
        result = Some(match result {
            None => item,
            Some(before) => binary(frame, "*", &before, &item)?,
        });
    }
    match result {
        Some(result) => cast(frame, &result, scalar),
        None => Ok(Value::None),
    }
}
