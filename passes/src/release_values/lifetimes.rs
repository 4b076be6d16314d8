//! Which arrays a block owns, where each is last used, and which are handed on.

use numir_numeric::ir::{Blk, Op, Val};
use numir_numeric::types::ArrayType;
use std::collections::{HashMap, HashSet};

/// Operations whose results come with a reference. An array that is the result of any other operation, a view or a
/// selection, lies in the memory of an operand.
const OWNING: [&str; 9] = [
    "func.call",
    "numeric.alloc",
    "numeric.map",
    "numeric.parallel",
    "scf.execute_region",
    "scf.for",
    "scf.if",
    "scf.index_switch",
    "scf.while",
];

/// The arrays that one block owns.
pub(super) struct Lifetimes<'c> {
    owned: Vec<Val<'c>>,
    last_use: HashMap<Val<'c>, Op<'c>>,
    /// Arrays that are used inside of the operation that uses them last, so that it cannot take them over.
    used_within: HashSet<Val<'c>>,
    moved: HashSet<Val<'c>>,
}

impl<'c> Lifetimes<'c> {
    /// Finds the arrays that `block` owns and where each, or a view of it, is last used in the block (by an operation of the
    /// block, or inside of one).
    pub(super) fn of(block: Blk<'c>) -> Self {
        let owned = owned(block);
        let places: HashMap<_, _> =
            block.operations().into_iter().enumerate().map(|(place, operation)| (operation, place)).collect();
        let mut last_use = HashMap::new();
        let mut used_within = HashSet::new();
        for value in &owned {
            let users = users(*value);
            let last = users.iter().filter_map(|user| ancestor_in(block, *user)).max_by_key(|user| places.get(user));
            // Who has an address uses it unseen.
            let is_exposed = users.iter().any(|user| user.is("numeric.address"));
            let last = if is_exposed { block.terminator().or(last) } else { last };
            let Some(last) = last else { continue };
            last_use.insert(*value, last);
            if users.into_iter().any(|user| user != last && user.is_inside(last)) {
                used_within.insert(*value);
            }
        }
        Self { owned, last_use, used_within, moved: HashSet::new() }
    }

    /// The arrays that the block owns, in the order of their definitions.
    pub(super) fn owned(&self) -> Vec<Val<'c>> {
        self.owned.clone()
    }

    /// The operation of the block that uses the array last.
    pub(super) fn last_use(&self, value: Val<'c>) -> Option<Op<'c>> {
        self.last_use.get(&value).copied()
    }

    /// Gives the block's reference to `operation`, if there is one and nothing needs it afterwards.
    pub(super) fn move_out(&mut self, value: Val<'c>, operation: Op<'c>) -> bool {
        let last = self.last_use.get(&value) == Some(&operation) && !self.used_within.contains(&value);
        last && self.moved.insert(value)
    }

    /// Whether the block's reference has been given away.
    pub(super) fn is_moved(&self, value: Val<'c>) -> bool {
        self.moved.contains(&value)
    }
}

/// The arrays that `operation` takes over from its block: what a terminator passes on, the initial values of a loop.
pub(super) fn handed_on(operation: Op<'_>) -> Vec<Val<'_>> {
    const TAKING: [&str; 7] =
        ["func.return", "scf.yield", "scf.condition", "numeric.yield", "scf.for", "scf.while", "numeric.parallel"];
    if !TAKING.contains(&operation.name()) {
        return Vec::new();
    }
    operation.operands().into_iter().filter(|value| is_array(*value)).collect()
}

fn owned(block: Blk<'_>) -> Vec<Val<'_>> {
    let carries = block.parent().is_some_and(|parent| !parent.is("func.func"));
    let arguments = if carries { block.arguments() } else { Vec::new() };
    let operations = block.operations().into_iter().filter(|operation| OWNING.contains(&operation.name()));
    let results = operations.flat_map(|operation| operation.results());
    arguments.into_iter().chain(results).filter(|value| is_array(*value)).collect()
}

fn is_array(value: Val<'_>) -> bool {
    ArrayType::try_from(value.ty()).is_ok()
}

/// The operations that use an array or a view of it.
fn users(value: Val<'_>) -> Vec<Op<'_>> {
    let mut users = Vec::new();
    let mut seen = HashSet::from([value]);
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        for (user, _) in value.uses() {
            users.push(user);
            let views = !OWNING.contains(&user.name());
            for view in user.results().into_iter().filter(|view| views && is_array(*view)) {
                if seen.insert(view) {
                    open.push(view);
                }
            }
        }
    }
    users
}

/// The operation of `block` that is `operation` or holds it.
fn ancestor_in<'c>(block: Blk<'c>, operation: Op<'c>) -> Option<Op<'c>> {
    std::iter::successors(Some(operation), |operation| operation.parent())
        .find(|operation| operation.block() == Some(block))
}
