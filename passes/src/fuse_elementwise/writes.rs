//! Where a block writes to memory.

use super::merge::Replaced;
use crate::support::aliases::may_overlap;
use crate::support::products;
use numir_numeric::ir::{Op, Val};
use std::collections::{HashMap, HashSet};

/// Operations that write to no array that was there before, whatever else they do.
const QUIET: &[&str] = &[
    "numeric.alloc",
    "numeric.array_at",
    "numeric.broadcast",
    "numeric.check",
    "numeric.check_index",
    "numeric.check_recursion",
    "numeric.load",
    "numeric.map",
    "numeric.map_reduce",
    "numeric.print_flush",
    "numeric.print_text",
    "numeric.print_value",
    "numeric.raise",
    "numeric.reduce",
    "numeric.reduce_axes",
    "numeric.yield",
    "scf.condition",
    "scf.yield",
];
/// Control flow, which writes what the operations in it write.
const STRUCTURED: &[&str] =
    &["numeric.parallel", "scf.execute_region", "scf.for", "scf.if", "scf.index_switch", "scf.while"];
/// More writes than this are not looked at one by one.
const MOST_WRITES: usize = 32;

/// The places of a block's operations, and what they write to.
pub(crate) struct Writes<'c> {
    places: HashMap<Op<'c>, usize>,
    /// In order: the place of an operation that writes, and the array, or None where that is not known.
    writes: Vec<(usize, Option<Val<'c>>)>,
    /// The numbers of the writes to an array.
    by_target: HashMap<Val<'c>, Vec<usize>>,
}

impl<'c> Writes<'c> {
    /// Of all operations of a block.
    pub(crate) fn of(operations: &[Op<'c>]) -> Self {
        let mut writes = Vec::new();
        for (place, operation) in operations.iter().enumerate() {
            writes.extend(targets(*operation).into_iter().map(|target| (place, target)));
        }
        let mut by_target: HashMap<_, Vec<_>> = HashMap::new();
        for (number, (_, target)) in writes.iter().enumerate() {
            target.iter().for_each(|target| by_target.entry(*target).or_default().push(number));
        }
        let places = operations.iter().enumerate().map(|(place, operation)| (*operation, place)).collect();
        Self { places, writes, by_target }
    }

    /// Takes note that an operation has been replaced: the new one stands where it stood, writes to the same, and what was
    /// written to its result is written to that of the new one.
    pub(super) fn replace(&mut self, replaced: &Replaced<'c>) {
        if let Some(place) = self.places.remove(&replaced.old) {
            self.places.insert(replaced.new, place);
        }
        for (old, new) in replaced.results.iter().zip(replaced.new.results()) {
            let numbers = self.by_target.remove(old).unwrap_or_default();
            numbers.iter().for_each(|number| self.writes[*number].1 = Some(new));
            self.by_target.insert(new, numbers);
        }
    }

    /// Whether an operation between two others may write to one of the arrays.
    pub(crate) fn may_reach(&self, first: Op<'c>, last: Op<'c>, arrays: &HashSet<Val<'c>>) -> bool {
        let (Some(first), Some(last)) = (self.places.get(&first), self.places.get(&last)) else { return true };
        let start = self.writes.partition_point(|(place, _)| place <= first);
        let between: Vec<_> =
            self.writes[start..].iter().take_while(|(place, _)| place < last).take(MOST_WRITES).collect();
        let reaches = |target: &Option<Val<'c>>| match target {
            None => true,
            Some(target) => arrays.iter().any(|array| may_overlap(*target, *array)),
        };
        between.len() == MOST_WRITES || between.into_iter().any(|(_, target)| reaches(target))
    }
}

/// The arrays that an operation writes to, or None for those that are not known.
pub(crate) fn targets<'c>(operation: Op<'c>) -> HashSet<Option<Val<'c>>> {
    let mut targets = HashSet::new();
    collect(operation, &mut targets);
    targets
}

fn collect<'c>(operation: Op<'c>, targets: &mut HashSet<Option<Val<'c>>>) {
    let name = operation.name();
    if STRUCTURED.contains(&name) {
        let inner = operation.nested_blocks().into_iter().flat_map(|block| block.operations());
        inner.for_each(|operation| collect(operation, targets));
        return;
    }
    match name {
        "numeric.store" => _ = targets.insert(Some(operation.operand(1))),
        "numeric.assign" => _ = targets.insert(Some(operation.operand(0))),
        "numeric.call_runtime" => _ = targets.insert(products::written(operation)),
        _ if QUIET.contains(&name)
            || crate::support::pure::is_pure(operation)
            || name.starts_with("arith.")
            || name.starts_with("gpu.") => {}
        _ => _ = targets.insert(None),
    }
}
