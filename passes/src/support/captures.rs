//! What a loop's body uses from outside: constants and extents are computed again where the body goes, all else is passed on.

use numir_numeric::ir::{Blk, Builder, Op, Val};
use std::collections::{HashMap, HashSet};

/// Operations that are repeated in the body rather than having their result captured.
const REPEATED: &[&str] = &[
    "arith.constant",
    "func.constant",
    "llvm.mlir.addressof",
    "llvm.mlir.constant",
    "llvm.mlir.poison",
    "llvm.mlir.undef",
    "llvm.mlir.zero",
    "memref.dim",
    "memref.get_global",
];

/// What the body of a loop captures.
pub(crate) struct Captures<'c> {
    /// Operations to repeat, each after those it depends on.
    repeated: Vec<Op<'c>>,
    /// Values to pass on.
    values: Vec<Val<'c>>,
    seen: HashSet<Val<'c>>,
}

impl<'c> Captures<'c> {
    /// Finds what `operation` uses from outside of itself in its regions.
    pub(crate) fn of(operation: Op<'c>) -> Self {
        let mut captures = Self { repeated: Vec::new(), values: Vec::new(), seen: HashSet::new() };
        for block in operation.nested_blocks() {
            for inner in block.operations() {
                inner.walk(&mut |user| {
                    for value in user.operands() {
                        let outside =
                            || value.parent_block().and_then(Blk::parent).is_none_or(|at| !at.is_inside(operation));
                        if !captures.seen.contains(&value) && outside() {
                            captures.add(value);
                        }
                    }
                });
            }
        }
        captures
    }

    /// Adds a value from outside of the loop.
    pub(crate) fn add(&mut self, value: Val<'c>) {
        if !self.seen.insert(value) {
            return;
        }
        match value.definition().filter(|operation| REPEATED.contains(&operation.name())) {
            Some(operation) => {
                operation.operands().into_iter().for_each(|operand| self.add(operand));
                self.repeated.push(operation);
            }
            None => self.values.push(value),
        }
    }

    /// The values to pass on.
    pub(crate) fn values(&self) -> &[Val<'c>] {
        &self.values
    }

    /// Computes the rest again, given what stands for each value that is passed on. What stands for what is added.
    pub(crate) fn repeat(&self, builder: &Builder<'c>, map: &mut HashMap<Val<'c>, Val<'c>>) {
        for operation in &self.repeated {
            let copy = operation.duplicate();
            builder.insert(copy);
            for (number, operand) in operation.operands().into_iter().enumerate() {
                if let Some(inner) = map.get(&operand) {
                    copy.set_operand(number, *inner);
                }
            }
            map.extend(operation.results().into_iter().zip(copy.results()));
        }
    }
}

/// Puts what stands for a captured value in its place throughout an operation.
pub(crate) fn replace_inside<'c>(map: &HashMap<Val<'c>, Val<'c>>, operation: Op<'c>) {
    for (outer, inner) in map {
        for (user, operand) in outer.uses() {
            if user.is_inside(operation) {
                user.set_operand(operand, *inner);
            }
        }
    }
}
