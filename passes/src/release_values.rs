//! `release-values`: every array gets its `numeric.retain` and `numeric.release`.
//!
//! An operation that makes an array (`alloc`, `map`, a call), a loop or a branch that results in one, and a loop that
//! carries one each give their block a reference of its own, which the block releases after the last use, or hands on: to
//! the loop whose initial value it is, by a terminator to the enclosing operation, by a return to the caller. Arguments of a
//! function are borrowed, and a view lives by the reference of its source. What is handed on without being owned, or is
//! still needed, is retained first.

mod lifetimes;

use lifetimes::Lifetimes;
use numir_numeric::ir::{Blk, Builder, Val};
use numir_pipeline::properties::{AXES_EXPANDED, OWNERSHIP_EXPLICIT, STAGE_NUMERIC};
use numir_pipeline::{Anchor, Op, Pass, PassContext, PassError, Property, register_pass};

/// The pass.
struct ReleaseValues;

register_pass!(ReleaseValues);

impl Pass for ReleaseValues {
    fn name(&self) -> &'static str {
        "release-values"
    }

    fn summary(&self) -> &'static str {
        "retain and release every array where its references begin and end"
    }

    fn anchor(&self) -> Anchor {
        Anchor::Function
    }

    fn requires(&self) -> &'static [Property] {
        &[STAGE_NUMERIC, AXES_EXPANDED]
    }

    fn after(&self) -> &'static [&'static str] {
        &["numeric-optimised"]
    }

    fn establishes(&self) -> &'static [Property] {
        &[OWNERSHIP_EXPLICIT]
    }

    fn run<'c>(&self, function: Op<'c>, _: &PassContext<'c>) -> Result<(), PassError> {
        if let Some(body) = function.body(0) {
            visit(body);
        }
        Ok(())
    }
}

/// Inner blocks first: what they retain and release are uses to the outer ones.
fn visit(block: Blk<'_>) {
    for operation in block.operations() {
        // The bodies of whole-array statements are about scalars.
        if !matches!(operation.name(), "numeric.map" | "numeric.assign" | "numeric.map_reduce") {
            operation.nested_blocks().into_iter().for_each(visit);
        }
    }
    let mut lifetimes = Lifetimes::of(block);
    for operation in block.operations() {
        retain_handed_on(&mut lifetimes, operation);
    }
    for value in lifetimes.owned() {
        release(&lifetimes, block, value);
    }
}

/// Retains the arrays that `operation` hands on but that its block does not own, or still needs.
fn retain_handed_on<'c>(lifetimes: &mut Lifetimes<'c>, operation: Op<'c>) {
    for value in lifetimes::handed_on(operation) {
        if !lifetimes.move_out(value, operation) {
            Builder::before(operation).create("numeric.retain", &[value], &[], &[], &[]);
        }
    }
}

/// Releases an owned array after its last use, unless it has been handed on there.
fn release<'c>(lifetimes: &Lifetimes<'c>, block: Blk<'c>, value: Val<'c>) {
    if lifetimes.is_moved(value) {
        return;
    }
    let builder = match lifetimes.last_use(value) {
        Some(last) if Some(last) == block.terminator() => Builder::before(last),
        Some(last) => Builder::after(last),
        None => match value.definition() {
            Some(definition) => Builder::after(definition),
            None => match block.first() {
                Some(first) => Builder::before(first),
                None => return,
            },
        },
    };
    builder.create("numeric.release", &[value], &[], &[], &[]);
}
