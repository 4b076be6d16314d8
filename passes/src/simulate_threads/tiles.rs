//! Matrices of a warp read from shared memory, and copies to it that go on while threads compute, as calls of the simulator.

use super::Simulation;
use super::accesses::touched;
use super::together::{word, words};
use crate::lower_launches::frame;
use crate::support::llvm;
use numir_numeric::ir::{Builder, Op, Val};
use numir_pipeline::PassError;

/// Rewrites those operations of a function.
pub(super) fn simulate<'c>(function: Op<'c>, simulation: &mut Simulation<'c>) -> Result<(), PassError> {
    const NAMES: [&str; 3] = ["numeric.load_matrix", "numeric.copy_async", "numeric.await_copies"];
    for operation in function.collect(|operation| NAMES.contains(&operation.name())) {
        let broken = || PassError::compiler(operation.location(), "this is no access to an array");
        let places = touched(operation).ok_or_else(broken)?;
        let builder = Builder::before(operation);
        let (thread, site) = (simulation.thread(&builder), simulation.site(operation));
        let number = |number| llvm::constant(&builder, number, builder.integer(32));
        match &places[..] {
            [row] => {
                let transposed = number(operation.attribute("transposed").is_some().into());
                let room = words(&frame(operation), 4);
                let operands = [thread, row.address, transposed, room, site];
                simulation.runtime.call(&builder, "numir_sim_load_matrix", &operands);
                let load =
                    |(place, result): (usize, Val<'c>)| llvm::load(&builder, word(&builder, room, place), result.ty());
                let loaded: Vec<_> = operation.results().into_iter().enumerate().map(load).collect();
                operation.replace(&loaded);
            }
            [to, from] => {
                let operands = [thread, to.address, from.address, from.bytes, site];
                simulation.runtime.call(&builder, "numir_sim_copy_async", &operands);
                operation.erase();
            }
            _ => {
                let pending = number(operation.integer_attribute("pending").unwrap_or(0));
                simulation.runtime.call(&builder, "numir_sim_await_copies", &[thread, pending, site]);
                operation.erase();
            }
        }
    }
    Ok(())
}
