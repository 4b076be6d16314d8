//! What a check's condition is computed from, if that can be computed again ahead of the loop.

use super::Candidate;
use crate::support::aliases::may_share_items;
use crate::support::pure::is_pure;
use crate::support::ranges::Ranges;
use numir_numeric::ir::{Blk, Op, Val};
use std::collections::HashSet;

/// Larger computations are not done twice.
const MOST_OPERATIONS: usize = 24;
/// Nor are these.
const EXPENSIVE: [&str; 5] = ["numeric.apply", "numeric.floordiv", "numeric.libm", "numeric.mod", "numeric.pow"];
/// Functions of C's library that are one instruction.
const INSTRUCTIONS: [&str; 6] = ["ceil", "copysign", "fabs", "floor", "fma", "rint"];

/// What computes the operands of a check.
pub(super) struct Slice<'c> {
    /// The operations of an iteration, in order.
    pub operations: Vec<Op<'c>>,
    /// Arrays that the loop writes, each with one that is read at the same places: the operations may run ahead if at run time the two
    /// are found to share no items, or to share each with the same place of the other.
    pub pairs: Vec<[Val<'c>; 2]>,
}

/// The operations that compute in each iteration what `check` is `tested` by; None if they cannot run ahead, or if there are none that
/// depend on the iteration.
pub(super) fn of<'c>(
    ranges: &mut Ranges<'c>,
    check: Op<'c>,
    tested: Val<'c>,
    candidate: &Candidate<'c>,
) -> Option<Slice<'c>> {
    let position = candidate.body.argument(0);
    let mut pairs = Vec::new();
    let mut needed = HashSet::new();
    // The message's operands are of no concern.
    let mut open = vec![tested];
    // The extent is used without any computation.
    if check.is("numeric.check_index") {
        open.push(check.operand(1));
        if !candidate.outer.has(check.operand(1)) {
            return None;
        }
    }
    while let Some(value) = open.pop() {
        if value == position || candidate.outer.has(value) {
            continue;
        }
        let definition = value.definition().filter(|definition| definition.block() == Some(candidate.body))?;
        if !needed.insert(definition) {
            continue;
        }
        let runs_ahead = match definition.name() {
            "numeric.load" => is_readable(ranges, definition, candidate, &mut pairs),
            _ => is_pure(definition) && !is_expensive(definition),
        };
        if !runs_ahead || needed.len() > MOST_OPERATIONS {
            return None;
        }
        open.extend(definition.operands());
    }
    let depends_on_data = needed.iter().any(|operation| operation.is("numeric.load"));
    let in_order = candidate.body.operations().into_iter().filter(|operation| needed.contains(operation));
    depends_on_data.then(|| Slice { operations: in_order.collect(), pairs })
}

fn is_expensive(operation: Op<'_>) -> bool {
    let function = operation.string_attribute("function");
    EXPENSIVE.contains(&operation.name()) && !function.is_some_and(|name| INSTRUCTIONS.contains(&name.as_str()))
}

/// Whether an element can be read ahead of time: the place lies inside, whatever the data, and no earlier iteration writes it.
fn is_readable<'c>(
    ranges: &mut Ranges<'c>,
    load: Op<'c>,
    candidate: &Candidate<'c>,
    pairs: &mut Vec<[Val<'c>; 2]>,
) -> bool {
    let (array, indices) = (load.operand(0), load.operands().split_off(1));
    let position = candidate.body.argument(0);
    let is_inside = candidate.outer.has(array)
        && indices.iter().enumerate().all(|(axis, index)| ranges.is_inside(*index, array, axis));
    is_inside
        && candidate.stores.iter().all(|store| {
            let written = store.operand(1);
            if !may_share_items(written, array) {
                return true;
            }
            // Each iteration has a place of its own, in both arrays alike.
            let is_alike = candidate.outer.has(written)
                && written.ty() == array.ty()
                && indices.contains(&position)
                && store.operands().split_off(2) == indices
                && comes_before(load, *store, candidate.body);
            if is_alike && written != array && !pairs.contains(&[written, array]) {
                pairs.push([written, array]);
            }
            is_alike
        })
}

/// Whether an operation of a block stands before another one that is in the block or deeper in it.
fn comes_before<'c>(first: Op<'c>, second: Op<'c>, block: Blk<'c>) -> bool {
    let outwards = std::iter::successors(Some(second), |inner| inner.block().and_then(Blk::parent));
    let second = outwards.into_iter().find(|operation| operation.block() == Some(block));
    let mut operations = block.operations().into_iter();
    second.is_some() && operations.find(|operation| *operation == first || Some(*operation) == second) == Some(first)
}
