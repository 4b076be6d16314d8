//! `join-loops`: whole-array operations over one array that could be done at once stand together and are marked, so that they become one
//! pass over memory.
//!
//! `a.min(), a.max()` reads `a` twice, and of `e = np.exp(x - m); e / e.sum()` the sum reads again what has just been
//! written. Operations of a block that read the same array, or what one of them makes of it, item by item, are moved up to the first
//! of them and get its number (`numir.joined`). `lower-numeric` then takes the items in pieces that stay in the nearest caches,
//! and does all operations to a piece before it goes on to the next; each operation keeps its own order, so that nothing changes to the bit.
//!
//! An operation is moved only if what it needs is there before the first one, nothing in between writes to what it reads, and, where it
//! may raise, nothing in between can be noticed.
//!
//! Cost: linear in the operations of a block, with a bounded search for writes.

use crate::fuse_elementwise::{Writes, is_array_with_axes, is_fusible_reduction};
use crate::support::pure::is_pure;
use numir_numeric::ir::{Blk, Builder, Op, Val};
use numir_pipeline::properties::{FUSION_PLANNED, LOOPS_JOINED, STAGE_NUMERIC};
use numir_pipeline::{Anchor, Pass, PassContext, PassError, Property, StatisticSpec, register_pass};
use std::collections::{HashMap, HashSet};

/// The number of the operations that belong together, by which they are known within their block.
pub(crate) const JOINED: &str = "numir.joined";

/// The pass.
struct JoinLoops;

register_pass!(JoinLoops);

impl Pass for JoinLoops {
    fn name(&self) -> &'static str {
        "join-loops"
    }

    fn summary(&self) -> &'static str {
        "do whole-array operations that read one array in one pass over memory"
    }

    fn anchor(&self) -> Anchor {
        Anchor::Function
    }

    fn requires(&self) -> &'static [Property] {
        &[STAGE_NUMERIC, FUSION_PLANNED]
    }

    fn establishes(&self) -> &'static [Property] {
        &[LOOPS_JOINED]
    }

    fn after(&self) -> &'static [&'static str] {
        &["cse-numeric"]
    }

    fn before(&self) -> &'static [&'static str] {
        &["release-values", "lower-numeric"]
    }

    fn statistics(&self) -> &'static [StatisticSpec] {
        const { &[StatisticSpec { name: "joined", summary: "whole-array operations done along with others" }] }
    }

    fn run<'c>(&self, function: Op<'c>, context: &PassContext<'c>) -> Result<(), PassError> {
        let mut blocks: Vec<Blk<'c>> = Vec::new();
        for operation in function.collect(is_reduction) {
            blocks.extend(operation.block().filter(|block| !blocks.contains(block)));
        }
        let mut number = 0;
        blocks.into_iter().for_each(|block| join(block, &mut number, context));
        Ok(())
    }
}

fn is_reduction(operation: Op<'_>) -> bool {
    operation.is("numeric.map_reduce") || operation.is("numeric.reduce") && is_fusible_reduction(operation)
}

/// Operations that could be done at once; the first one stays where it is.
struct Group<'c> {
    members: Vec<Op<'c>>,
    /// One of them raises where there are no items.
    refuses_nothing: bool,
}

/// The groups of one block.
fn join<'c>(block: Blk<'c>, number: &mut i64, context: &PassContext<'c>) {
    let operations = block.operations();
    let writes = Writes::of(&operations);
    let places: HashMap<Op<'c>, usize> = operations.iter().enumerate().map(|(place, op)| (*op, place)).collect();
    // The array that the items of a map's result are made from, and the last group of each array.
    let mut roots: HashMap<Val<'c>, Val<'c>> = HashMap::new();
    let mut groups: Vec<Group<'c>> = Vec::new();
    let mut last: HashMap<Val<'c>, usize> = HashMap::new();
    for operation in operations.iter().copied().filter(|one| one.is("numeric.map") || is_reduction(*one)) {
        let Some(root) = root(operation, &roots) else { continue };
        let fits = |group: &Group<'c>| {
            let first = group.members[0];
            let is_there = |value: &Val<'c>| match value
                .definition()
                .and_then(|definition| places.get(&definition).map(|place| (definition, *place)))
            {
                Some((definition, place)) => {
                    place < places[&first] || definition.is("numeric.map") && group.members.contains(&definition)
                }
                None => true,
            };
            let arrays: HashSet<_> =
                operation.operands().into_iter().filter(|value| is_array_with_axes(*value)).collect();
            let between = &operations[places[&first] + 1..places[&operation]];
            operation.operands().iter().all(is_there)
                && (!refuses_nothing(operation) || group.refuses_nothing || between.iter().all(|one| is_silent(*one)))
                && !writes.may_reach(first, operation, &arrays)
        };
        let group = match last.get(&root).copied().filter(|group| fits(&groups[*group])) {
            Some(group) => group,
            None => {
                groups.push(Group { members: Vec::new(), refuses_nothing: false });
                last.insert(root, groups.len() - 1);
                groups.len() - 1
            }
        };
        groups[group].members.push(operation);
        groups[group].refuses_nothing |= refuses_nothing(operation);
        if operation.is("numeric.map") {
            roots.insert(operation.result(0), root);
        }
    }
    for group in groups {
        let has_reduction = group.members.iter().any(|member| is_reduction(*member));
        if group.members.len() < 2 || !has_reduction {
            continue;
        }
        let mark = Builder::before(group.members[0]).i64_attribute(*number);
        *number += 1;
        let mut end = group.members[0];
        for member in &group.members {
            member.set_attribute(JOINED, mark);
            if *member != group.members[0] {
                context.count("joined", 1);
                context
                    .remark(*member, || "done in one pass over memory, along with another array operation".to_owned());
                member.detach();
                Builder::after(end).insert(*member);
                end = *member;
            }
        }
    }
}

/// The one array that an operation reads item by item; what is made of its items counts as it. None if it reads others too.
fn root<'c>(operation: Op<'c>, roots: &HashMap<Val<'c>, Val<'c>>) -> Option<Val<'c>> {
    let arrays = operation.operands().into_iter().filter(|value| is_array_with_axes(*value));
    let mut found: Vec<_> = arrays.map(|array| roots.get(&array).copied().unwrap_or(array)).collect();
    found.dedup();
    match found[..] {
        [root] if operation.result_count() == 1 => Some(root),
        _ => None,
    }
}

/// Whether nobody can tell when an operation happens, nor whether.
fn is_silent(operation: Op<'_>) -> bool {
    const WHOLE: &[&str] = &["numeric.map", "numeric.map_reduce", "numeric.reduce"];
    let arrays = || operation.operands().into_iter().filter(|value| is_array_with_axes(*value)).count();
    // Shapes may not go together, and some kinds refuse to combine nothing.
    let may_raise = || arrays() > 1 || refuses_nothing(operation);
    is_pure(operation)
        || operation.name().starts_with("arith.")
        || ["numeric.load", "numeric.alloc"].contains(&operation.name())
        || WHOLE.contains(&operation.name()) && !may_raise()
}

/// Whether a reduction raises where there are no items.
fn refuses_nothing(operation: Op<'_>) -> bool {
    matches!(operation.string_attribute("kind").as_deref(), Some("min" | "max"))
}
