//! Arrays of a block's or a thread's memory: of what the simulator says of a thread, or in its frame.

use super::Simulation;
use crate::support::device_arrays::{place as place_at, place_dynamic, place_local};
use crate::support::llvm;
use crate::support::shared_arrays::SharedArrays;
use numir_numeric::ir::{Builder, Op, Val};
use numir_pipeline::PassError;
use std::mem::offset_of;

/// Where the simulator says of a thread: its block's shared memory, the part of it that the launch has sized, and the bytes of that.
const SHARED: usize = offset_of!(numir_runtime::device::Thread, shared);
const DYNAMIC: usize = offset_of!(numir_runtime::device::Thread, dynamic);
const DYNAMIC_BYTES: usize = offset_of!(numir_runtime::device::Thread, dynamic_bytes);

/// Gives memory to the arrays of a function.
pub(super) fn place<'c>(
    function: Op<'c>,
    shared: &SharedArrays<'c>,
    simulation: &Simulation<'c>,
) -> Result<(), PassError> {
    for array in function.collect_named("numeric.device_array") {
        let builder = Builder::before(array);
        let told = |offset: usize, ty| {
            let thread = simulation.thread(&builder);
            llvm::load(&builder, field(&builder, thread, offset as i64), ty)
        };
        let placed = match array.string_attribute("memory").as_deref() {
            Some("shared") => shared.find(array).and_then(|(_, offset)| {
                let start = told(SHARED, builder.pointer());
                place_at(array, field(&builder, start, offset))
            }),
            Some("dynamic") => {
                place_dynamic(array, told(DYNAMIC, builder.pointer()), told(DYNAMIC_BYTES, builder.integer(64)))
            }
            _ => place_local(array),
        };
        placed.ok_or_else(|| PassError::compiler(function.location(), "an array of the device has no memory"))?;
    }
    Ok(())
}

fn field<'c>(builder: &Builder<'c>, start: Val<'c>, offset: i64) -> Val<'c> {
    llvm::field(builder, start, builder.integer(8), &[offset as i32])
}
