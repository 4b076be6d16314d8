//! What a check's condition is computed from, if that can be computed again ahead of the loop.

use super::Candidate;
use crate::support::aliases::may_share_items;
use crate::support::pure::is_pure;
use crate::support::ranges::Ranges;
use numir_numeric::ir::{Op, Val};
use std::collections::HashSet;

/// Larger computations are not done twice.
const MOST_OPERATIONS: usize = 24;
/// Nor are these.
const EXPENSIVE: [&str; 5] = ["numeric.apply", "numeric.floordiv", "numeric.libm", "numeric.mod", "numeric.pow"];

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
        && !candidate.written.iter().any(|written| may_share_items(*written, array))
        && indices.all(|(axis, index)| ranges.is_inside(index, array, axis))
}
