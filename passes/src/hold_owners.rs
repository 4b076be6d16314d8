//! `hold-owners`: arrays that a function owns while something may raise are held in slots of its frame, from where the
//! error exit releases them, so that nothing leaks on an exception.
//!
//! A slot is an `llvm.alloca` of one pointer, marked `numir.slot`, at the start of the function, or of the body of a
//! parallel loop, which becomes a function. The header of an owned array is stored in it where the array comes into
//! being, and null where it is released or handed on. LLVM promotes the slots to registers, and of those nothing is left
//! but the cold code of the error exit.
//!
//! It relies on the discipline of `release-values`: an owned array is released once in the block in which it is defined, or
//! handed on once, by the block's terminator or as the initial value of a loop.

use crate::support::call_graph::{raising_functions, raising_operations};
use crate::support::llvm;
use crate::support::memref::{self, MemRef};
use numir_numeric::ir::{Blk, Builder, Val};
use numir_pipeline::properties::STAGE_LINALG;
use numir_pipeline::{Op, Pass, PassContext, PassError, Property, register_pass};
use std::collections::HashSet;

/// Marks a slot.
pub(crate) const SLOT: &str = "numir.slot";

/// Every owned array that an exception could lose is in a slot of its frame.
pub(crate) const OWNERS_HELD: Property = Property::exclusive("owners-held");

/// The pass.
struct HoldOwners;

register_pass!(HoldOwners);

impl Pass for HoldOwners {
    fn name(&self) -> &'static str {
        "hold-owners"
    }

    fn summary(&self) -> &'static str {
        "hold owned arrays in slots of the frame while something may raise, for the error exit to release"
    }

    fn requires(&self) -> &'static [Property] {
        &[STAGE_LINALG]
    }

    fn establishes(&self) -> &'static [Property] {
        &[OWNERS_HELD]
    }

    fn dialects(&self) -> &'static [fn() -> melior::dialect::DialectHandle] {
        &[numir_pipeline::dialects::llvm]
    }

    fn run<'c>(&self, module: Op<'c>, _: &PassContext<'c>) -> Result<(), PassError> {
        let Some(body) = module.body(0) else { return Ok(()) };
        let raising = raising_functions(body);
        for function in body.operations().into_iter().filter(|operation| operation.is("func.func")) {
            let raises = function.string_attribute("sym_name").is_some_and(|symbol| raising.contains(&symbol));
            if let Some(block) = function.body(0).filter(|_| raises) {
                Frame { block, raising: &raising_operations(function, &raising) }.hold_block(block);
            }
        }
        Ok(())
    }
}

/// A new slot at the place of `start`, which is in the first block of a function. `lower-errors` empties it there.
pub(crate) fn new_slot<'c>(start: &Builder<'c>) -> Val<'c> {
    let one = llvm::constant(start, 1, start.integer(64));
    let slot = llvm::alloca(start, start.pointer(), one);
    slot.set_attribute(SLOT, start.unit());
    slot.result(0)
}

/// What a slot belongs to: the first block of a function or of a parallel loop's body.
struct Frame<'c, 'a> {
    block: Blk<'c>,
    /// What may raise in the function.
    raising: &'a HashSet<Op<'c>>,
}

impl<'c> Frame<'c, '_> {
    fn hold_block(&self, block: Blk<'c>) {
        for value in owned(block) {
            self.hold(block, value);
        }
        for operation in block.operations() {
            let own_frame = operation.is("numeric.parallel");
            if own_frame && self.raising.contains(&operation) {
                self.hold_initials(operation);
            }
            for inner in operation.nested_blocks() {
                let frame = Frame { block: if own_frame { inner } else { self.block }, raising: self.raising };
                frame.hold_block(inner);
            }
        }
    }

    /// A parallel loop has taken over its initial arrays, but its chunks work on others.
    fn hold_initials(&self, parallel: Op<'c>) {
        for initial in parallel.operands() {
            let Some(shape) = MemRef::of(initial.ty()) else { continue };
            let slot = self.slot(parallel);
            let before = Builder::before(parallel);
            llvm::store(&before, memref::header(&before, &shape, initial), slot);
            let after = Builder::after(parallel);
            llvm::store(&after, llvm::zero(&after, after.pointer()), slot);
        }
    }

    /// A new slot of the frame, for `user`.
    fn slot(&self, user: Op<'c>) -> Val<'c> {
        new_slot(&Builder::at_start(user.context(), self.block, user.location()))
    }

    /// Holds `value`, defined in `block`, as long as `block` owns it, if anything may raise meanwhile.
    fn hold(&self, block: Blk<'c>, value: Val<'c>) {
        let (Some(shape), Some(end)) = (MemRef::of(value.ty()), last_owned(block, value)) else { return };
        let first = match value.definition() {
            Some(definition) => definition.next(),
            None => block.first(),
        };
        let during =
            std::iter::successors(first, |operation| operation.next()).take_while(|operation| *operation != end);
        if !during.into_iter().any(|operation| self.raising.contains(&operation)) {
            return;
        }
        let slot = self.slot(end);
        let taken = match value.definition() {
            Some(definition) => Builder::after(definition),
            // Behind the slots, if they are in this block as well.
            None => first.map_or(Builder::before(end), Builder::before).with_location(end.location()),
        };
        let header = memref::header(&taken, &shape, value);
        llvm::store(&taken, header, slot);
        if !end.is("func.return") {
            let given = Builder::before(end);
            llvm::store(&given, llvm::zero(&given, given.pointer()), slot);
        }
    }
}

/// The arrays that `block` owns from their definition on.
fn owned(block: Blk<'_>) -> Vec<Val<'_>> {
    const OWNING_ARGUMENTS: [&str; 3] = ["scf.for", "scf.while", "numeric.parallel"];
    const OWNING_RESULTS: [&str; 8] = [
        "numeric.alloc",
        "func.call",
        "scf.for",
        "scf.while",
        "scf.if",
        "scf.index_switch",
        "scf.execute_region",
        "numeric.parallel",
    ];
    let loops = block.parent().filter(|parent| OWNING_ARGUMENTS.contains(&parent.name()));
    let arguments = loops.map(|_| block.arguments()).unwrap_or_default();
    let operations = block.operations().into_iter().filter(|operation| OWNING_RESULTS.contains(&operation.name()));
    let results = operations.flat_map(|operation| operation.results());
    arguments.into_iter().chain(results).filter(|value| MemRef::of(value.ty()).is_some()).collect()
}

/// The operation of `block` with which its ownership of `value` ends: the release, or else the last one that uses it, which
/// is the one that it is handed to.
fn last_owned<'c>(block: Blk<'c>, value: Val<'c>) -> Option<Op<'c>> {
    let users: HashSet<_> =
        value.uses().into_iter().map(|(user, _)| user).filter(|user| user.block() == Some(block)).collect();
    let release = users.iter().find(|user| user.is("numeric.release")).copied();
    release.or_else(|| block.operations().into_iter().rev().find(|operation| users.contains(operation)))
}
