//! `fuse-rows`: reductions along the last axes, and what is made of them item by item, are done block by block in one loop over the rows.
//!
//! `e = np.exp(x - x.max(axis=1, keepdims=True)); e / e.sum(axis=1, keepdims=True)` is two reductions along an axis and two maps, each of
//! which would go over whole arrays. But a row of each needs no more than the same row of the others. So there is one loop:
//!
//! ```text
//! for each block b of rows:
//!     m = maxima of x[b]; e = exp(x[b] - m), as large as a block; s = sums of e; result[b] = e / s
//! ```
//! What lies between is as large as a block, stays in the nearest caches, and is allocated once. A block is a row if that is long, else several: short rows
//! one by one would wait for each other's numbers, and could not be computed several at a time. Each reduction of a row is
//! what `expand-axis-reductions` would make of it, so the order of additions does not change.
//!
//! A *group* begins with a reduction along the last axes, and a map that makes its items. Other reductions along the same axes that read what it reads join it, and
//! so do the whole-array operations that use what it gives, if they have as many rows for sure ([`facts`]); one that writes to an array ends
//! it. The loop stands where the last member stood, so nothing in between may use what the members give, nor write to what
//! they read. Checks that shapes go together stay where they were.
//!
//! Cost: nothing without a reduction along last axes and another operation that might join it; else a walk for what is known of extents, and a
//! bounded look ahead from each reduction.

mod block;
mod facts;
mod group;
mod nest;

use crate::fuse_elementwise::Writes;
use crate::support::call_graph::is_for_device;
use facts::{Facts, goes_along_last};
use group::Group;
use numir_numeric::ir::{Blk, Op};
use numir_pipeline::properties::{FUSION_PLANNED, NUMERIC_OPTIMISED, STAGE_NUMERIC};
use numir_pipeline::{Anchor, Pass, PassContext, PassError, Property, StatisticSpec, register_pass};
use std::collections::HashMap;

/// The pass.
struct FuseRows;

register_pass!(FuseRows);

impl Pass for FuseRows {
    fn name(&self) -> &'static str {
        "fuse-rows"
    }

    fn summary(&self) -> &'static str {
        "do reductions along the last axes and what uses them row by row, in one loop"
    }

    fn anchor(&self) -> Anchor {
        Anchor::Function
    }

    fn requires(&self) -> &'static [Property] {
        &[STAGE_NUMERIC, FUSION_PLANNED]
    }

    fn establishes(&self) -> &'static [Property] {
        &[NUMERIC_OPTIMISED]
    }

    fn before(&self) -> &'static [&'static str] {
        &["expand-axis-reductions"]
    }

    fn dialects(&self) -> &'static [fn() -> melior::dialect::DialectHandle] {
        use numir_pipeline::dialects::{func, scf};
        &[func, scf]
    }

    fn statistics(&self) -> &'static [StatisticSpec] {
        const {
            &[StatisticSpec {
                name: "joined",
                summary: "whole-array operations done row by row along with a reduction",
            }]
        }
    }

    fn run<'c>(&self, function: Op<'c>, context: &PassContext<'c>) -> Result<(), PassError> {
        if is_for_device(function) {
            return Ok(());
        }
        let mut blocks = Vec::new();
        for reduction in function.collect(goes_along_last) {
            blocks.extend(reduction.block().filter(|block| !blocks.contains(block)));
        }
        blocks.retain(|block| block.operations().into_iter().filter(|op| facts::is_candidate(*op)).count() > 1);
        if !blocks.is_empty() {
            let facts = Facts::of(function);
            blocks.into_iter().for_each(|block| fuse(block, &facts, context));
        }
        Ok(())
    }
}

/// The operations of a block, by their places. A group that has become a loop leaves that in the place of its last member.
struct Places<'c> {
    operations: Vec<Option<Op<'c>>>,
    numbers: HashMap<Op<'c>, usize>,
    writes: Writes<'c>,
}

impl<'c> Places<'c> {
    /// Takes note that an operation is going to be gone, or to stand elsewhere.
    fn forget(&mut self, operation: Op<'c>) {
        if let Some(number) = self.numbers.remove(&operation) {
            self.operations[number] = None;
        }
    }
}

/// Fuses the groups of one block.
fn fuse<'c>(block: Blk<'c>, facts: &Facts<'c>, context: &PassContext<'c>) {
    let operations = block.operations();
    let mut places = Places {
        writes: Writes::of(&operations),
        numbers: operations.iter().enumerate().map(|(number, operation)| (*operation, number)).collect(),
        operations: operations.into_iter().map(Some).collect(),
    };
    for start in 0..places.operations.len() {
        let Some(first) = places.operations[start].filter(|operation| goes_along_last(*operation)) else { continue };
        let Some(mut group) = Group::of(first, facts) else { continue };
        group.grow(start, &places, context);
        if !group.is_worth_it() {
            continue;
        }
        let members = group.members();
        context.count("joined", members.len() as u64 - 1);
        for member in &members[1..] {
            let what = "done row by row, in one loop with what stands before it and goes over the same rows";
            context.remark(*member, || what.to_owned());
        }
        let last = members.last().and_then(|last| places.numbers.get(last).copied());
        members.into_iter().chain(group.of_shapes()).for_each(|operation| places.forget(operation));
        let built = nest::build(group, facts);
        if let Some(last) = last {
            places.operations[last] = built;
            places.numbers.extend(built.map(|built| (built, last)));
        }
    }
}
