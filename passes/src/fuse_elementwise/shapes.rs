//! The shapes that fused operations would have had, and the checks that stay for them.

use melior::ir::attribute::DenseI64ArrayAttribute;
use numir_numeric::ir::{Builder, Op, Val};
use numir_numeric::types::ArrayType;
use std::collections::HashMap;

/// Whether a value is an array that takes part in broadcasting.
pub(crate) fn is_array_with_axes(value: Val<'_>) -> bool {
    rank(value) > 0
}

/// How many operations are followed back to see that an extent is 1.
const DEPTH: usize = 4;

/// Whether the extent of an axis, counted from the last, is known to be 1.
pub(super) fn is_one(array: Val<'_>, from_last: usize) -> bool {
    is_one_within(array, from_last, DEPTH)
}

fn is_one_within(array: Val<'_>, from_last: usize, depth: usize) -> bool {
    let Some(axis) = rank(array).checked_sub(from_last + 1) else { return true };
    let Some(definition) = array.definition().filter(|_| depth > 0) else { return false };
    match definition.name() {
        "numeric.map" => shaped(definition).into_iter().all(|input| is_one_within(input, from_last, depth - 1)),
        "numeric.view" => {
            let axes = definition.attribute("axes").and_then(|axes| DenseI64ArrayAttribute::try_from(axes).ok());
            axes.and_then(|axes| axes.element(axis).ok()).is_some_and(|source| source < 0)
        }
        _ => false,
    }
}

/// The number of axes of an array; none of a scalar.
pub(super) fn rank(value: Val<'_>) -> usize {
    ArrayType::try_from(value.ty()).map_or(0, ArrayType::rank)
}

/// The distinct arrays with axes among the inputs of a whole-array operation, in order.
pub(super) fn shaped<'c>(operation: Op<'c>) -> Vec<Val<'c>> {
    let inputs = operation.operands().into_iter().skip(usize::from(operation.is("numeric.assign")));
    inputs.filter(|input| is_array_with_axes(*input)).fold(Vec::new(), |mut seen, input| {
        if !seen.contains(&input) {
            seen.push(input);
        }
        seen
    })
}

/// The extents that arrays broadcast to, with the check that they go together.
pub(crate) fn broadcast_extents<'c>(builder: &Builder<'c>, arrays: &[Val<'c>]) -> Vec<Val<'c>> {
    Extents::default().broadcast(builder, arrays, None)
}

/// The extents of arrays, as far as operations have been made that give them.
#[derive(Default)]
pub(super) struct Extents<'c>(HashMap<Val<'c>, Vec<Val<'c>>>);

impl<'c> Extents<'c> {
    /// Of the result of a map, before it. Where several inputs make the shape, the check that they go together is what
    /// gives it.
    pub(super) fn define(&mut self, map: Op<'c>) {
        let (builder, inputs) = (Builder::before(map), shaped(map));
        let extents = match inputs[..] {
            [input] => self.of(&builder, input),
            _ => self.broadcast(&builder, &inputs, None),
        };
        self.0.insert(map.result(0), extents);
    }

    /// The check that the shapes of `inputs` go together, or fit into that of a destination.
    pub(super) fn broadcast(&self, builder: &Builder<'c>, inputs: &[Val<'c>], into: Option<Val<'c>>) -> Vec<Val<'c>> {
        let shapes: Vec<_> = inputs.iter().copied().chain(into).map(|array| self.of(builder, array)).collect();
        let ranks: Vec<_> = shapes.iter().map(|shape| shape.len() as i64).collect();
        let rank = if into.is_some() { 0 } else { shapes.iter().map(Vec::len).max().unwrap_or(0) };
        let mut attributes = vec![("ranks", DenseI64ArrayAttribute::new(builder.context(), &ranks).into())];
        attributes.extend(into.map(|_| ("into", builder.unit())));
        let results = vec![builder.index(); rank];
        builder.create("numeric.broadcast", &shapes.concat(), &results, &attributes, &[]).results()
    }

    /// The extents of an array, asked for where the builder stands if they are not known.
    pub(super) fn of(&self, builder: &Builder<'c>, array: Val<'c>) -> Vec<Val<'c>> {
        self.0.get(&array).cloned().unwrap_or_else(|| {
            let axis = |axis: usize| [("axis", builder.i64_attribute(axis as i64))];
            (0..rank(array))
                .map(|number| builder.value("numeric.dim", &[array], builder.index(), &axis(number)))
                .collect()
        })
    }
}
