//! Operations that may go when nobody uses their results.

use numir_numeric::THREAD_EFFECTS;
use numir_numeric::ir::Op;

/// Operations of the dialect that do more than give a result, or that give an array of their own, besides those of a kernel's threads.
const EFFECTS: &[&str] = &[
    "numeric.alloc",
    "numeric.assign",
    "numeric.broadcast",
    "numeric.call_foreign",
    "numeric.check",
    "numeric.check_index",
    "numeric.check_recursion",
    "numeric.call_runtime",
    "numeric.device_array",
    "numeric.launch",
    "numeric.load",
    "numeric.map",
    "numeric.map_reduce",
    "numeric.parallel",
    "numeric.print_flush",
    "numeric.print_text",
    "numeric.print_value",
    "numeric.raise",
    "numeric.random",
    "numeric.threads",
    "numeric.reduce",
    "numeric.reduce_axes",
    "numeric.release",
    "numeric.retain",
    "numeric.store",
    "numeric.yield",
];

/// Whether an operation at stage `numeric` only computes its results from its operands.
pub(crate) fn is_pure(operation: Op<'_>) -> bool {
    let has_effect = |name: &str| EFFECTS.contains(&name) || THREAD_EFFECTS.contains(&name);
    operation.name().starts_with("numeric.") && !has_effect(operation.name())
}

/// Drops the pure operations, and the loads, whose results nobody uses.
pub(crate) fn drop_unused(function: Op<'_>) {
    let droppable = |operation: Op<'_>| is_pure(operation) || operation.is("numeric.load");
    let operations = function.collect(droppable);
    // Users stand after what they use.
    for operation in operations.into_iter().rev() {
        if operation.results().into_iter().all(|result| result.is_unused()) {
            operation.erase();
        }
    }
}
