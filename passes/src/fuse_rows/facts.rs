//! What is known of the shapes of whole-array operations.

use crate::support::ranges::{Linear, Ranges, Visitor, walk};
use melior::ir::attribute::DenseI64ArrayAttribute;
use numir_numeric::ir::{Op, Val};
use numir_numeric::types::ArrayType;
use std::collections::HashMap;

/// The number of axes of an array; none of a scalar.
pub(super) fn rank(value: Val<'_>) -> usize {
    ArrayType::try_from(value.ty()).map_or(0, ArrayType::rank)
}

/// The operations that may be in a group.
pub(super) fn is_candidate(operation: Op<'_>) -> bool {
    ["numeric.map", "numeric.assign", "numeric.reduce_axes"].contains(&operation.name())
}

/// The axes along which items are combined.
fn axes(reduction: Op<'_>) -> Vec<i64> {
    let axes = reduction.attribute("axes").and_then(|axes| DenseI64ArrayAttribute::try_from(axes).ok());
    axes.iter().flat_map(|axes| (0..axes.len()).filter_map(|place| axes.element(place).ok())).collect()
}

/// Whether an operation is a reduction along the last axes.
pub(super) fn goes_along_last(operation: Op<'_>) -> bool {
    operation.is("numeric.reduce_axes") && {
        let kept = rank(operation.result(0)) as i64;
        axes(operation).into_iter().eq(kept..kept + axes(operation).len() as i64)
    }
}

/// The shape of one operation.
pub(super) struct Shape {
    /// For each operand, its extents; none of a scalar.
    pub(super) operands: Vec<Vec<Linear>>,
    /// The extents of the space, those that are known.
    pub(super) space: Vec<Option<Linear>>,
}

impl Shape {
    /// Whether the extent of the space along an axis is surely 1.
    pub(super) fn is_single(&self, axis: usize) -> bool {
        self.space[axis].as_ref().and_then(Linear::as_constant) == Some(1)
    }

    /// Whether an operand has the extent of the space along an axis of that, for sure.
    pub(super) fn is_whole(&self, operand: usize, axis: usize) -> bool {
        let extents = &self.operands[operand];
        let own = (axis + extents.len()).checked_sub(self.space.len()).and_then(|own| extents.get(own));
        own.is_some() && own == self.space[axis].as_ref()
    }

    /// Whether the extent of an operand along an axis of the space is surely 1; so it is where it has no such axis.
    pub(super) fn is_stretched(&self, operand: usize, axis: usize) -> bool {
        let extents = &self.operands[operand];
        let own = (axis + extents.len()).checked_sub(self.space.len()).and_then(|own| extents.get(own));
        own.is_none_or(|extent| extent.as_constant() == Some(1))
    }
}

/// Whether an operation gives an array more axes.
fn is_raise(operation: Op<'_>) -> bool {
    ["numeric.reshape", "numeric.view"].contains(&operation.name())
        && rank(operation.result(0)) > rank(operation.operand(0))
}

/// The shapes of a function's whole-array operations.
#[derive(Default)]
pub(super) struct Facts<'c> {
    shapes: HashMap<Op<'c>, Shape>,
    /// The numbers that views with more axes than their arrays are made with: all operands but the array.
    views: HashMap<Op<'c>, Vec<Linear>>,
    /// The keys of both, in order.
    trail: Vec<Op<'c>>,
}

impl<'c> Facts<'c> {
    /// Of all operations of a function that a walk comes to.
    pub(super) fn of(function: Op<'c>) -> Self {
        let mut facts = Self::default();
        walk(function, true, &mut facts);
        facts
    }

    /// Of an operation; None if it is never reached.
    pub(super) fn shape(&self, operation: Op<'c>) -> Option<&Shape> {
        self.shapes.get(&operation)
    }

    /// The numbers of a view that has more axes than its array.
    pub(super) fn view(&self, operation: Op<'c>) -> Option<&[Linear]> {
        self.views.get(&operation).map(Vec::as_slice)
    }
}

impl<'c> Visitor<'c> for Facts<'c> {
    type Checkpoint = usize;

    fn visit(&mut self, ranges: &mut Ranges<'c>, operation: Op<'c>) {
        if is_raise(operation) {
            let numbers = operation.operands().into_iter().skip(1).map(|number| ranges.ring(number)).collect();
            self.views.insert(operation, numbers);
            self.trail.push(operation);
        }
        if !is_candidate(operation) {
            return;
        }
        let operands = operation.operands().into_iter();
        let operands: Vec<Vec<_>> =
            operands.map(|value| (0..rank(value)).map(|axis| ranges.extent(value, axis)).collect()).collect();
        let space = if operation.is("numeric.assign") {
            operands[0].iter().cloned().map(Some).collect()
        } else {
            let rank = rank(operation.result(0)) + axes(operation).len();
            (0..rank).map(|axis| ranges.broadcast_extent(operation, rank, axis)).collect()
        };
        self.shapes.insert(operation, Shape { operands, space });
        self.trail.push(operation);
    }

    fn checkpoint(&mut self) -> usize {
        self.trail.len()
    }

    fn roll_back(&mut self, checkpoint: &usize) {
        for operation in self.trail.drain(checkpoint..) {
            self.shapes.remove(&operation);
            self.views.remove(&operation);
        }
    }
}
