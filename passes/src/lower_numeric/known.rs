//! What is known of memrefs while the pass runs: their extents as values, one per axis, asked for once and then shared, so that two
//! axes known to be equal are the same value and need no check; and whose memory a view lies in.

use numir_numeric::ir::{Builder, Val};
use std::collections::{HashMap, HashSet};

/// Facts by memref.
#[derive(Default)]
pub struct Known<'c> {
    extents: HashMap<Val<'c>, Vec<Val<'c>>>,
    sources: HashMap<Val<'c>, Val<'c>>,
    fresh: HashSet<Val<'c>>,
}

impl<'c> Known<'c> {
    /// A memref in memory of its own that has just been allocated.
    pub fn set_fresh(&mut self, memref: Val<'c>, extents: Vec<Val<'c>>) {
        self.extents.insert(memref, extents);
        self.fresh.insert(memref);
    }

    /// A memref of which no more is known than its extents: others may lie in its memory.
    pub fn set_extents(&mut self, memref: Val<'c>, extents: Vec<Val<'c>>) {
        self.extents.insert(memref, extents);
    }

    /// A memref in the memory of another.
    pub fn set_view(&mut self, memref: Val<'c>, extents: Vec<Val<'c>>, source: Val<'c>) {
        self.extents.insert(memref, extents);
        self.sources.insert(memref, source);
    }

    /// The extents of a memref of rank `rank`, read where it is defined unless they are known.
    pub fn extents(&mut self, memref: Val<'c>, rank: usize, user: Builder<'c>) -> Vec<Val<'c>> {
        if let Some(extents) = self.extents.get(&memref) {
            return extents.clone();
        }
        let builder = match (memref.definition(), memref.argument()) {
            (Some(definition), _) => Builder::after(definition),
            (None, Some((block, _))) => Builder::at_start(user.context(), block, user.location()),
            (None, None) => user,
        };
        let extents: Vec<_> = (0..rank as i64)
            .map(|axis| builder.value("memref.dim", &[memref, builder.constant_index(axis)], builder.index(), &[]))
            .collect();
        self.extents.insert(memref, extents.clone());
        extents
    }

    /// Whether two memrefs lie in different memory for sure: both were allocated here, or one was, after the other came in as an
    /// argument of the function.
    pub fn are_distinct(&self, left: Val<'c>, right: Val<'c>) -> bool {
        let (left, right) = (self.origin(left), self.origin(right));
        let is_argument = |value: Val<'c>| {
            let block = value.argument().map(|(block, _)| block);
            block.and_then(|block| block.parent()).is_some_and(|parent| parent.is("func.func"))
        };
        let (left_fresh, right_fresh) = (self.fresh.contains(&left), self.fresh.contains(&right));
        left != right && (left_fresh && (right_fresh || is_argument(right)) || right_fresh && is_argument(left))
    }

    /// The memref that it is a view of, by what views are known, or itself.
    pub fn origin(&self, memref: Val<'c>) -> Val<'c> {
        std::iter::successors(Some(memref), |value| self.sources.get(value).copied()).last().unwrap_or(memref)
    }
}
