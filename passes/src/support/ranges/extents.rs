//! The extents of arrays, traced to where they are given: through views, branches, and loops that swap their arrays.
//!
//! Like integers, arrays are looked at in the order of the program, so that each is looked at once: what an operation makes of
//! its operands' extents, what both ways of a branch agree on. That an array which a loop carries has the extents of the
//! first one in all iterations is guessed and verified at the end of the body, with the guesses about integers.

use super::{Linear, Meaning, Outer, Ranges};
use melior::ir::attribute::DenseI64ArrayAttribute;
use numir_numeric::ir::{Op, Val};
use numir_numeric::types::ArrayType;
use std::collections::{HashMap, HashSet};

/// What is known of arrays.
#[derive(Default)]
pub(super) struct Extents<'c> {
    /// The sums that extents equal modulo 2^64, where these say more than that they are extents.
    known: HashMap<(Val<'c>, usize), Linear>,
    /// The keys of `known`, in order.
    trail: Vec<(Val<'c>, usize)>,
    /// The arguments of loops whose extents turned out to change.
    changing: HashSet<(Val<'c>, usize)>,
}

impl Extents<'_> {
    /// A place to go back to.
    pub(super) fn mark(&self) -> usize {
        self.trail.len()
    }

    /// Forgets what was found out since.
    pub(super) fn undo(&mut self, mark: usize) {
        for key in self.trail.drain(mark..) {
            self.known.remove(&key);
        }
    }
}

/// What a loop carries: its argument, the value of that in the first iteration, and in the next one.
pub(super) type Triple<'c> = (Val<'c>, Val<'c>, Val<'c>);

/// The axes of a value: none, if it is not an array.
fn axes_of(value: Val<'_>) -> std::ops::Range<usize> {
    0..ArrayType::try_from(value.ty()).map_or(0, ArrayType::rank)
}

/// The extent that others broadcast to: where all that are not 1 are the same, it is that, and 1 if there is none.
fn common(extents: Vec<Linear>) -> Option<Linear> {
    let mut wide = extents.into_iter().filter(|extent| extent.as_constant() != Some(1));
    let first = wide.next();
    match first {
        None => Some(Linear::constant(1)),
        Some(first) => wide.all(|other| other == first).then_some(first),
    }
}

impl<'c> Ranges<'c> {
    /// The extent of an array along an axis.
    pub(crate) fn extent(&mut self, array: Val<'c>, axis: usize) -> Linear {
        match self.extents.known.get(&(array, axis)) {
            Some(extent) => extent.clone(),
            None => Linear::symbol(self.symbol(Meaning::Extent(array, axis))),
        }
    }

    fn know(&mut self, array: Val<'c>, axis: usize, extent: Linear) {
        if self.extents.known.insert((array, axis), extent).is_none() {
            self.extents.trail.push((array, axis));
        }
    }

    /// Takes note of the extents of what an operation without regions of its own gives.
    pub(super) fn define_extents(&mut self, operation: Op<'c>) {
        for result in operation.results() {
            for axis in axes_of(result) {
                if let Some(extent) = self.made(operation, result, axis) {
                    self.know(result, axis, extent);
                }
            }
        }
    }

    fn made(&mut self, operation: Op<'c>, result: Val<'c>, axis: usize) -> Option<Linear> {
        match operation.name() {
            "numeric.alloc" => Some(self.ring(operation.operands().get(axis).copied()?)),
            "numeric.device_array" if operation.string_attribute("memory").as_deref() != Some("dynamic") => {
                let extents = DenseI64ArrayAttribute::try_from(operation.attribute("extents")?).ok()?;
                Some(Linear::constant(extents.element(axis).ok()?.into()))
            }
            "numeric.reshape" => Some(self.ring(operation.operands().get(axis + 1).copied()?)),
            "numeric.reinterpret" => Some(self.ring(operation.operands().get(axis + 2).copied()?)),
            "numeric.view" => {
                let axes = DenseI64ArrayAttribute::try_from(operation.attribute("axes")?).ok()?;
                let Ok(source) = usize::try_from(axes.element(axis).ok()?) else { return Some(Linear::constant(1)) };
                let rank = (operation.operand_count() - 1) / 3;
                Some(self.ring(operation.operand(1 + rank + source)))
            }
            "numeric.select" => {
                let [first, second] = [1, 2].map(|index| self.extent(operation.operand(index), axis));
                (first == second).then_some(first)
            }
            "numeric.map" => self.broadcast_extent(operation, axes_of(result).len(), axis),
            "numeric.reduce_axes" => {
                let goes = DenseI64ArrayAttribute::try_from(operation.attribute("axes")?).ok()?;
                let goes: Vec<i64> = (0..goes.len()).filter_map(|place| goes.element(place).ok()).collect();
                let rank = axes_of(result).len() + goes.len();
                let axis = (0..rank).filter(|axis| !goes.contains(&(*axis as i64))).nth(axis)?;
                self.broadcast_extent(operation, rank, axis)
            }
            _ => None,
        }
    }

    /// The extent along one of `rank` axes of what the inputs of an operation broadcast to, where they agree.
    pub(crate) fn broadcast_extent(&mut self, operation: Op<'c>, rank: usize, axis: usize) -> Option<Linear> {
        let mut extents = Vec::new();
        for input in operation.operands() {
            if let Some(axis) = (axis + axes_of(input).len()).checked_sub(rank) {
                extents.push(self.extent(input, axis));
            }
        }
        common(extents)
    }

    /// The extent that a result of `numeric.broadcast` is, where those that it is made of agree.
    pub(super) fn broadcast_to(&mut self, broadcast: Op<'c>, axis: usize) -> Option<Linear> {
        let ranks = DenseI64ArrayAttribute::try_from(broadcast.attribute("ranks")?).ok()?;
        let rank = broadcast.result_count();
        let (mut extents, mut first) = (Vec::new(), 0);
        for place in 0..ranks.len() {
            let own = usize::try_from(ranks.element(place).ok()?).ok()?;
            if let Some(axis) = (axis + own).checked_sub(rank) {
                extents.push(self.ring(broadcast.operand(first + axis)));
            }
            first += own;
        }
        common(extents)
    }

    /// The extents of what a region gives to the operation that it is in, where they can be stated in `outer` symbols.
    pub(super) fn extents_of(&mut self, value: Val<'c>, outer: &Outer<'c>) -> Vec<Option<Linear>> {
        let mut extents = Vec::new();
        for axis in axes_of(value) {
            let extent = self.extent(value, axis);
            let is_outer = extent.symbols().all(|symbol| self.is_outer(symbol, outer));
            extents.push(is_outer.then_some(extent));
        }
        extents
    }

    /// Takes note of extents on which the ways to a value agree.
    pub(super) fn join_extents(&mut self, value: Val<'c>, ways: &[&Vec<Option<Linear>>]) {
        for axis in axes_of(value) {
            let mut extents = ways.iter().map(|extents| extents.get(axis).cloned().flatten());
            let first = extents.next().flatten();
            if let Some(first) = first.filter(|first| extents.all(|other| other.as_ref() == Some(first))) {
                self.know(value, axis, first);
            }
        }
    }

    /// Takes note that one value is the other.
    pub(super) fn same_extents(&mut self, value: Val<'c>, other: Val<'c>) {
        for axis in axes_of(value) {
            let extent = self.extent(other, axis);
            self.know(value, axis, extent);
        }
    }

    /// Takes the arrays that a loop carries to have the same extents in
    /// all iterations, as far as that has not turned out to be wrong.
    pub(super) fn assume_extents(&mut self, carried: &[Triple<'c>]) {
        for &(argument, initial, _) in carried {
            for axis in axes_of(argument) {
                if !self.extents.changing.contains(&(argument, axis)) {
                    let extent = self.extent(initial, axis);
                    self.know(argument, axis, extent);
                }
            }
        }
    }

    /// Whether the next iteration's arrays have the extents that were taken for granted. Those that do not are remembered.
    pub(super) fn verify_extents(&mut self, carried: &[Triple<'c>]) -> bool {
        let mut all_hold = true;
        for &(argument, _, next) in carried {
            for axis in axes_of(argument) {
                let Some(extent) = self.extents.known.get(&(argument, axis)).cloned() else { continue };
                if self.extent(next, axis) != extent {
                    all_hold = false;
                    self.extents.changing.insert((argument, axis));
                }
            }
        }
        all_hold
    }
}
