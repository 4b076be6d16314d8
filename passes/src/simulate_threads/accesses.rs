//! Checks of what a thread reads and writes, before it does.

use super::Simulation;
use crate::lower_atomics::item_address;
use crate::lower_launches::pending;
use crate::support::llvm;
use crate::support::memref::{self, MemRef};
use crate::support::scalars::compare;
use crate::support::storage::item_bytes;
use numir_numeric::ir::{Builder, Op, Val};
use numir_pipeline::PassError;

/// Operations that read or write an item, with the simulator's number of what they do.
const ACCESSES: [(&str, i64); 4] =
    [("memref.load", 0), ("memref.store", 1), ("numeric.atomic", 2), ("numeric.compare_exchange", 2)];

/// Checks all accesses of a function.
pub(super) fn check<'c>(function: Op<'c>, simulation: &mut Simulation<'c>) -> Result<(), PassError> {
    let kind_of = |operation: Op<'c>| ACCESSES.iter().find(|(name, _)| operation.is(name)).map(|(_, kind)| *kind);
    for access in function.collect(|operation| kind_of(operation).is_some()) {
        let found = address(access).zip(kind_of(access));
        let ((address, bytes), kind) =
            found.ok_or_else(|| PassError::compiler(access.location(), "this is no access to an array"))?;
        let builder = Builder::before(access);
        let site = simulation.site(access);
        let bytes = llvm::constant(&builder, bytes, builder.integer(64));
        let kind = llvm::constant(&builder, kind, builder.integer(32));
        let operands = [simulation.thread(&builder), address, bytes, kind, site];
        let status = simulation.runtime.value(&builder, "numir_sim_access", &operands);
        let fine = compare(&builder, "eq", status, builder.constant_integer(0, builder.integer(32)));
        pending(&builder, fine);
    }
    Ok(())
}

/// The address that an operation is about, and its bytes.
fn address(access: Op<'_>) -> Option<(Val<'_>, i64)> {
    let builder = Builder::before(access);
    let operands = access.operands();
    let place = usize::from(access.is("memref.store"));
    let shape = MemRef::of(operands.get(place)?.ty())?;
    let address = match access.name() {
        "numeric.atomic" => item_address(&builder, access, 1)?,
        "numeric.compare_exchange" => item_address(&builder, access, 2)?,
        _ => memref::address(&builder, &shape, operands[place], &operands[place + 1..]),
    };
    Some((address, item_bytes(shape.element)))
}
