//! Whole-array operations where the module is for a device: every item is an iteration of a parallel loop, which `map-to-gpu` gives a thread.
//! Neighbours in memory go to neighbouring threads, so that a warp reads and writes whole lines.

use super::Item;
use super::arrays::{count, to_memory};
use super::broadcast::Shaped;
use super::inputs::Right;
use super::pieces::{is_wanted, run};
use super::types::memory_scalar;
use crate::support::call_graph::DEVICE;
use numir_numeric::ir::{Builder, Val};

/// Whether the items of an operation are iterations: the module is for a device, and nothing around it runs in parallel already.
pub fn are_iterations(item: &Item<'_>) -> bool {
    let mut around = std::iter::successors(item.op.parent(), |parent| parent.parent());
    is_wanted(item.op) && around.any(|parent| parent.attribute(DEVICE).is_some())
}

/// The loop over all items of `target`; `inputs` are what is read, in the order of the right side's.
pub fn each<'c>(builder: Builder<'c>, right: &Right<'c>, inputs: &[Shaped<'c>], target: &Shaped<'c>) {
    let extents = &target.extents;
    each_at(builder, right, inputs, target, |inner, input, place| {
        let (input, rank) = (&inputs[input], extents.len());
        let own = (0..input.extents.len()).map(|axis| match input.is_stretched(extents, axis) {
            true => inner.constant_index(0),
            false => place[axis + rank - input.extents.len()],
        });
        own.collect()
    });
}

/// The same, where `position` gives the position in an input, by its number, for a place in the target.
pub fn each_at<'c>(
    builder: Builder<'c>,
    right: &Right<'c>,
    inputs: &[Shaped<'c>],
    target: &Shaped<'c>,
    position: impl Fn(Builder<'c>, usize, &[Val<'c>]) -> Vec<Val<'c>>,
) {
    run(builder, count(builder, &target.extents), |inner, number| {
        let place = self::position(inner, number, &target.extents);
        let read = |input: usize| {
            let (memref, scalar) = (inputs[input].memref, inputs[input].array.scalar());
            let operands: Vec<_> = std::iter::once(memref).chain(position(inner, input, &place)).collect();
            inner.value("memref.load", &operands, memory_scalar(inner.context(), scalar), &[])
        };
        if let Some(result) = right.element(inner, read) {
            let result = to_memory(inner, target.array.scalar(), result);
            let operands: Vec<_> = [result, target.memref].into_iter().chain(place.iter().copied()).collect();
            inner.create("memref.store", &operands, &[], &[], &[]);
        }
    });
}

/// The position of an item by its number, the last axis running fastest.
pub fn position<'c>(builder: Builder<'c>, number: Val<'c>, extents: &[Val<'c>]) -> Vec<Val<'c>> {
    let index = builder.index();
    let (mut rest, mut place) = (number, Vec::with_capacity(extents.len()));
    for (axis, extent) in extents.iter().enumerate().rev() {
        if axis == 0 {
            place.push(rest);
            break;
        }
        place.push(builder.value("arith.remui", &[rest, *extent], index, &[]));
        rest = builder.value("arith.divui", &[rest, *extent], index, &[]);
    }
    place.reverse();
    place
}
