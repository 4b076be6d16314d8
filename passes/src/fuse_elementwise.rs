//! `fuse-elementwise`: chains of whole-array operations become one loop without arrays in between.
//!
//! The front end makes a `numeric.map` of each operator, so `np.sum((a - b) ** 2)` is two arrays and a reduction. Here a map whose result
//! only other whole-array operations of its block use gives them its body: they compute the element where they would have read it, and
//! the array goes. A `numeric.reduce` becomes a `numeric.map_reduce`.
//!
//! Nothing else may change. What the map reads must still be there where its users stand, so nothing in between may write to
//! it ([`Writes`]). That its inputs go together is checked where it stood, and that its result goes together with the other
//! inputs of a user where that stands, with the shapes that NumPy would see ([`shapes`]). Nothing is computed more often if that costs:
//! a map with several users, or whose result is stretched, is only fused if it is a few cheap operations on one or two arrays.
//!
//! Maps are looked at from the last to the first, so that a user has already taken up what comes after it. Cost: each map is looked at
//! once, and copied into its users; what may be copied is bounded, as is the search for writes.

mod merge;
mod shapes;
mod writes;

use crate::support::counted;
use merge::merge;
use numir_numeric::ir::{Blk, Op, Val};
use numir_numeric::types::{ArrayType, Class};
use numir_pipeline::properties::{FUSION_PLANNED, INLINED, STAGE_NUMERIC};
use numir_pipeline::{Anchor, Pass, PassContext, PassError, Property, StatisticSpec, register_pass};
pub(crate) use shapes::{broadcast_extents, is_array_with_axes};
use std::collections::HashSet;
pub(crate) use writes::{Writes, targets};

/// The pass.
struct FuseElementwise;

register_pass!(FuseElementwise);

impl Pass for FuseElementwise {
    fn name(&self) -> &'static str {
        "fuse-elementwise"
    }

    fn summary(&self) -> &'static str {
        "compute chains of whole-array operations in one loop, without arrays in between"
    }

    fn anchor(&self) -> Anchor {
        Anchor::Function
    }

    fn requires(&self) -> &'static [Property] {
        &[STAGE_NUMERIC, INLINED]
    }

    fn establishes(&self) -> &'static [Property] {
        &[FUSION_PLANNED]
    }

    fn before(&self) -> &'static [&'static str] {
        &["hoist-invariants", "canonicalize-numeric", "cse-numeric", "release-values"]
    }

    fn statistics(&self) -> &'static [StatisticSpec] {
        const {
            &[
                StatisticSpec { name: "maps", summary: "whole-array operations seen" },
                StatisticSpec { name: "fused", summary: "whole-array operations computed within others" },
            ]
        }
    }

    fn run<'c>(&self, function: Op<'c>, context: &PassContext<'c>) -> Result<(), PassError> {
        let mut blocks = Vec::new();
        for map in function.collect_named("numeric.map") {
            blocks.extend(map.block().filter(|block| !blocks.contains(block)));
            context.count("maps", 1);
        }
        blocks.into_iter().for_each(|block| fuse(block, context));
        Ok(())
    }
}

/// Fuses the maps of one block.
fn fuse<'c>(block: Blk<'c>, context: &PassContext<'c>) {
    let operations = block.operations();
    let mut writes = Writes::of(&operations);
    for map in operations.into_iter().rev().filter(|operation| operation.is("numeric.map")) {
        let Some(users) = users(map) else { continue };
        if let Err(reason) = may_fuse(map, &users, &writes) {
            context.missed(map, || format!("an array is made of this: {reason}"));
            continue;
        }
        context.count("fused", 1);
        context.remark(map, || match users[..] {
            [_] => "computed within the operation that uses it: no array is made".to_owned(),
            _ => format!(
                "computed within the {} that use it: no array is made",
                counted(users.len() as u64, "operation")
            ),
        });
        merge(map, &users).iter().for_each(|replaced| writes.replace(replaced));
    }
}

/// The whole-array operations that use the result of a map, each once; None where something else uses it, or nothing does.
fn users<'c>(map: Op<'c>) -> Option<Vec<Op<'c>>> {
    let mut seen = HashSet::new();
    let mut users = Vec::new();
    for (user, operand) in map.result(0).uses() {
        let takes = match user.name() {
            "numeric.dim" => continue,
            "numeric.map" | "numeric.map_reduce" => true,
            "numeric.assign" => operand > 0,
            "numeric.reduce" | "numeric.reduce_axes" => is_fusible_reduction(user),
            _ => false,
        };
        if !takes || user.block() != map.block() {
            return None;
        }
        if seen.insert(user) {
            users.push(user);
        }
    }
    let is_plain = is_array_with_axes(map.result(0)) && map.attribute("fits").is_none();
    (!users.is_empty() && is_plain).then_some(users)
}

/// Whether a reduction may combine what is computed.
pub(crate) fn is_fusible_reduction(reduce: Op<'_>) -> bool {
    let items = if reduce.is("numeric.reduce_axes") { reduce.result(0) } else { reduce.operand(0) };
    let array = ArrayType::try_from(items.ty()).ok();
    array.is_some_and(|array| array.scalar().class() != Class::Complex)
}

/// More array inputs than this do not fit into the registers that hold where they are.
const MOST_ARRAYS: usize = 12;
/// Larger bodies are not made.
const MOST_OPERATIONS: usize = 256;
/// As many operations are done again rather than an array read.
const MOST_REPEATED: usize = 6;
/// And as many arrays are read again rather than one is made: it would be written, into memory that is new, and then read as often.
const MOST_REREAD: usize = 2;
/// But not one of these.
const EXPENSIVE: [&str; 6] =
    ["numeric.apply", "numeric.floordiv", "numeric.libm", "numeric.mod", "numeric.pow", "numeric.truediv"];

fn may_fuse<'c>(map: Op<'c>, users: &[Op<'c>], writes: &Writes<'c>) -> Result<(), &'static str> {
    let (own, size) = (arrays(map), size(map));
    let repeats = size <= MOST_REPEATED && !body(map).iter().any(|operation| EXPENSIVE.contains(&operation.name()));
    if users.len() > 1 && !(repeats && own.len() <= MOST_REREAD) {
        return Err("it is used more than once");
    }
    for user in users {
        if !repeats && stretches(map.result(0), *user) {
            return Err("its items are used several times each");
        }
        let together: HashSet<_> = own.iter().chain(&arrays(*user)).copied().collect();
        if together.len() > MOST_ARRAYS + 1 || size + self::size(*user) > MOST_OPERATIONS {
            return Err("the loop would become too large");
        }
        if writes.may_reach(map, *user, &own) {
            return Err("what it is computed from may be overwritten before it is used");
        }
    }
    Ok(())
}

/// The distinct arrays among the operands.
fn arrays<'c>(operation: Op<'c>) -> HashSet<Val<'c>> {
    operation.operands().into_iter().filter(|value| ArrayType::try_from(value.ty()).is_ok()).collect()
}

fn body(operation: Op<'_>) -> Vec<Op<'_>> {
    let blocks = operation.nested_blocks();
    blocks.into_iter().flat_map(|block| block.operations()).collect()
}

/// The operations of a body but for the last, which yields.
fn size(operation: Op<'_>) -> usize {
    body(operation).len().saturating_sub(1)
}

/// Whether `user` surely reads items of `array` several times: it has more axes, or one of extent 1 that another input has not.
fn stretches<'c>(array: Val<'c>, user: Op<'c>) -> bool {
    let all = user.operands().into_iter().chain(user.results());
    let rank = all.map(shapes::rank).max().unwrap_or(0);
    let others: Vec<_> = shapes::shaped(user).into_iter().filter(|other| *other != array).collect();
    let is_stretched = |axis| shapes::is_one(array, axis) && others.iter().any(|other| !shapes::is_one(*other, axis));
    rank > shapes::rank(array) || (0..rank).any(is_stretched)
}
