//! What a check's condition is computed from, if that can be computed again ahead of the loop.

use super::Candidate;
use crate::support::pure::is_pure;
use crate::support::ranges::Ranges;
use numir_numeric::ir::{Op, Val};
use numir_numeric::types::ArrayType;
use std::collections::HashSet;

/// Larger computations are not done twice.
const MOST_OPERATIONS: usize = 24;
/// Nor are these.
const EXPENSIVE: [&str; 4] = ["numeric.floordiv", "numeric.libm", "numeric.mod", "numeric.pow"];

/// The operations that compute the operands of `check` in each iteration, in order; None if they cannot run ahead, or if
/// there are none that depend on the iteration.
pub(super) fn of<'c>(ranges: &mut Ranges<'c>, check: Op<'c>, candidate: &Candidate<'c>) -> Option<Vec<Op<'c>>> {
    let position = candidate.body.argument(0);
    let mut needed = HashSet::new();
    // The message's operands are of no concern.
    let count = if check.is("numeric.check") { 1 } else { 2 };
    let mut open: Vec<Val<'c>> = check.operands().into_iter().take(count).collect();
    // The extent is used without any computation.
    if check.is("numeric.check_index") && !candidate.outer.has(check.operand(1)) {
        return None;
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
            "numeric.load" => is_readable(ranges, definition, candidate),
            name => is_pure(definition) && !EXPENSIVE.contains(&name),
        };
        if !runs_ahead || needed.len() > MOST_OPERATIONS {
            return None;
        }
        open.extend(definition.operands());
    }
    let depends_on_data = needed.iter().any(|operation| operation.is("numeric.load"));
    let in_order = candidate.body.operations().into_iter().filter(|operation| needed.contains(operation));
    depends_on_data.then(|| in_order.collect())
}

/// Whether an element can be read ahead of time: the place lies inside, whatever the data, and the loop does not write it.
fn is_readable<'c>(ranges: &mut Ranges<'c>, load: Op<'c>, candidate: &Candidate<'c>) -> bool {
    let array = load.operand(0);
    let mut indices = load.operands().into_iter().skip(1).enumerate();
    candidate.outer.has(array)
        && !candidate.written.iter().any(|written| may_overlap(*written, array))
        && indices.all(|(axis, index)| ranges.is_inside(index, array, axis))
}

/// Whether two arrays may lie in the same memory.
fn may_overlap<'c>(left: Val<'c>, right: Val<'c>) -> bool {
    let element = |array: Val<'c>| ArrayType::try_from(array.ty()).ok().map(ArrayType::scalar);
    let (left, right) = (owner(left), owner(right));
    if element(left) != element(right) {
        return false;
    }
    let is_own = |array: Val<'c>| array.definition().is_some_and(|owner| NEW.contains(&owner.name()));
    let is_given = |array: Val<'c>| {
        let parent = array.argument().and_then(|(block, _)| block.parent());
        parent.is_some_and(|parent| parent.is("func.func"))
    };
    let apart =
        left != right && ((is_own(left) && (is_own(right) || is_given(right))) || is_own(right) && is_given(left));
    !apart
}

/// Operations that make an array in memory of its own.
const NEW: [&str; 2] = ["numeric.alloc", "numeric.map"];

/// Operations whose result lies in the memory of their first operand.
const VIEWS: [&str; 3] = ["numeric.view", "numeric.reshape", "numeric.reinterpret"];

/// The array whose memory a view lies in, as far as that is seen.
fn owner<'c>(array: Val<'c>) -> Val<'c> {
    let source = |array: Val<'c>| {
        let view = array.definition().filter(|view| VIEWS.contains(&view.name()))?;
        Some(view.operand(0))
    };
    std::iter::successors(Some(array), |array| source(*array)).last().unwrap_or(array)
}
