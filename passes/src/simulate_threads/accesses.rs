//! Checks of what a thread reads and writes, before it does.

use super::Simulation;
use crate::lower_launches::pending;
use crate::support::llvm;
use crate::support::memref::{self, MemRef};
use crate::support::scalars::compare;
use crate::support::storage::item_bytes;
use numir_numeric::ir::{Builder, Op, Val};
use numir_pipeline::PassError;

/// What the simulator calls reading, writing, and changing in one step.
const READ: i64 = 0;
const WRITE: i64 = 1;
const UPDATE: i64 = 2;

/// Bytes that an operation reads or writes.
pub(super) struct Touched<'c> {
    pub(super) address: Val<'c>,
    /// How many they are, an i64.
    pub(super) bytes: Val<'c>,
    kind: i64,
}

/// Gives the bytes that an operation is about.
type Look = for<'c> fn(Op<'c>, &Builder<'c>) -> Option<Vec<Touched<'c>>>;

/// Operations that read or write memory.
const ACCESSES: [(&str, Look); 7] = [
    ("memref.load", |access, builder| item(builder, &access.operands(), READ)),
    ("memref.store", |access, builder| item(builder, &access.operands()[1..], WRITE)),
    ("numeric.atomic", |access, builder| item(builder, access.operands().split_last()?.1, UPDATE)),
    ("numeric.compare_exchange", |access, builder| {
        let operands = access.operands();
        item(builder, operands.get(..operands.len() - 2)?, UPDATE)
    }),
    ("numeric.load_matrix", |access, builder| {
        let mut row = item(builder, &access.operands(), READ)?;
        row[0].bytes = llvm::constant(builder, 16, builder.integer(64));
        Some(row)
    }),
    ("numeric.copy_async", |access, builder| {
        let operands = access.operands();
        let (bytes, indices) = operands.get(2..)?.split_last()?;
        let (to, from) = indices.split_at_checked(MemRef::of(operands[0].ty())?.rank())?;
        let mut places = item(builder, &[&operands[..1], to].concat(), WRITE)?;
        places.extend(item(builder, &[&operands[1..2], from].concat(), READ)?);
        places[0].bytes = llvm::constant(builder, 16, builder.integer(64));
        places[1].bytes = llvm::cast(builder, *bytes, builder.integer(64));
        Some(places)
    }),
    ("numeric.await_copies", |_, _| Some(Vec::new())),
];

/// The item of an array, which comes first, at indices.
fn item<'c>(builder: &Builder<'c>, operands: &[Val<'c>], kind: i64) -> Option<Vec<Touched<'c>>> {
    let (array, indices) = operands.split_first()?;
    let shape = MemRef::of(array.ty())?;
    let address = memref::address(builder, &shape, *array, indices);
    let bytes = llvm::constant(builder, item_bytes(shape.element), builder.integer(64));
    Some(vec![Touched { address, bytes, kind }])
}

fn look(operation: Op<'_>) -> Option<Look> {
    ACCESSES.iter().find(|(name, _)| operation.is(name)).map(|(_, look)| *look)
}

/// The bytes that an operation reads or writes.
pub(super) fn touched(access: Op<'_>) -> Option<Vec<Touched<'_>>> {
    look(access)?(access, &Builder::before(access))
}

/// Checks all accesses of a function.
pub(super) fn check<'c>(function: Op<'c>, simulation: &mut Simulation<'c>) -> Result<(), PassError> {
    for access in function.collect(|operation| look(operation).is_some()) {
        let found = touched(access);
        let places = found.ok_or_else(|| PassError::compiler(access.location(), "this is no access to an array"))?;
        for place in places {
            let builder = Builder::before(access);
            let site = simulation.site(access);
            let kind = llvm::constant(&builder, place.kind, builder.integer(32));
            let operands = [simulation.thread(&builder), place.address, place.bytes, kind, site];
            let status = simulation.runtime.value(&builder, "numir_sim_access", &operands);
            let fine = compare(&builder, "eq", status, builder.constant_integer(0, builder.integer(32)));
            pending(&builder, fine);
        }
    }
    Ok(())
}
