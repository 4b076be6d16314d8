//! Barriers, and what the lanes of a warp do together, as calls of the simulator.

use super::Simulation;
use crate::lower_launches::frame;
use crate::support::bits::{from_word, to_word};
use crate::support::llvm;
use crate::support::scalars::compare;
use numir_numeric::ir::{Builder, Op, Val};
use numir_pipeline::PassError;

/// The simulator's numbers of the barriers of a block.
const BARRIERS: [(&str, i64); 4] = [("block", 0), ("count", 1), ("and", 2), ("or", 3)];

/// What lanes do, and what the simulator calls it, with its number of the kind.
const TOGETHER: [(&str, Together, i64); 14] = [
    ("shuffle", shuffle, 0),
    ("shuffle_up", shuffle, 1),
    ("shuffle_down", shuffle, 2),
    ("shuffle_xor", shuffle, 3),
    ("all", vote, 0),
    ("any", vote, 1),
    ("equal", vote, 2),
    ("ballot", vote, 3),
    ("match_any", find_same, 0),
    ("match_all", find_same, 1),
    ("active", active, 0),
    ("mma_f16", multiply, 0),
    ("mma_bf16", multiply, 1),
    ("mma_tf32", multiply, 2),
];

/// Gives the results of an operation of that kind.
type Together = for<'c> fn(Op<'c>, i64, &mut Simulation<'c>) -> Vec<Val<'c>>;

/// Rewrites what the threads of a function do together.
pub(super) fn simulate<'c>(function: Op<'c>, simulation: &mut Simulation<'c>) -> Result<(), PassError> {
    for operation in function.collect(|operation| operation.is("numeric.barrier") || operation.is("numeric.warp")) {
        let kind = operation.string_attribute("kind").unwrap_or_default();
        if operation.is("numeric.barrier") {
            barrier(operation, &kind, simulation);
            continue;
        }
        let found = TOGETHER.iter().find(|(name, ..)| *name == kind);
        let (_, together, number) =
            found.ok_or_else(|| PassError::compiler(operation.location(), format!("warps know no `{kind}`")))?;
        let results = together(operation, *number, simulation);
        operation.replace(&results);
    }
    Ok(())
}

fn barrier<'c>(operation: Op<'c>, kind: &str, simulation: &mut Simulation<'c>) {
    let builder = Builder::before(operation);
    let (thread, site) = (simulation.thread(&builder), simulation.site(operation));
    match BARRIERS.iter().find(|(name, _)| *name == kind) {
        Some((_, number)) => {
            let holds = operation.operands().first().map(|value| truth(&builder, *value));
            let holds = holds.unwrap_or_else(|| builder.constant_integer(0, builder.integer(32)));
            let number = llvm::constant(&builder, *number, builder.integer(32));
            let value = simulation.runtime.value(&builder, "numir_sim_barrier", &[thread, number, holds, site]);
            operation.replace(&vec![value; operation.result_count()]);
        }
        None if kind == "warp" => {
            simulation.runtime.call(&builder, "numir_sim_syncwarp", &[thread, operation.operand(0), site]);
            operation.erase();
        }
        None => {
            simulation.runtime.call(&builder, "numir_sim_grid_barrier", &[thread, site]);
            operation.erase();
        }
    }
}

/// Whether a number is not 0, as an i32.
fn truth<'c>(builder: &Builder<'c>, value: Val<'c>) -> Val<'c> {
    let holds = match value.ty() == builder.integer(1) {
        true => value,
        false => compare(builder, "ne", value, builder.constant_integer(0, value.ty())),
    };
    builder.value("arith.extui", &[holds], builder.integer(32), &[])
}

fn number<'c>(builder: &Builder<'c>, kind: i64) -> Val<'c> {
    llvm::constant(builder, kind, builder.integer(32))
}

/// Room in the frame for whether something holds, and how to read it.
fn room<'c>(operation: Op<'c>) -> Val<'c> {
    let start = frame(operation);
    words(&start, 1)
}

/// Room for so many words.
pub(super) fn words<'c>(start: &Builder<'c>, count: i64) -> Val<'c> {
    llvm::alloca(start, start.integer(32), llvm::constant(start, count, start.integer(64))).result(0)
}

/// A word of such room, by its number.
pub(super) fn word<'c>(builder: &Builder<'c>, room: Val<'c>, number: usize) -> Val<'c> {
    let i64 = builder.integer(64);
    llvm::item(builder, room, builder.integer(32), llvm::constant(builder, number as i64, i64))
}

/// Whether the number in such a room is not 0.
fn read<'c>(builder: &Builder<'c>, room: Val<'c>) -> Val<'c> {
    let ty = builder.integer(32);
    compare(builder, "ne", llvm::load(builder, room, ty), builder.constant_integer(0, ty))
}

fn shuffle<'c>(operation: Op<'c>, kind: i64, simulation: &mut Simulation<'c>) -> Vec<Val<'c>> {
    let builder = Builder::before(operation);
    let (room, value) = (room(operation), operation.operand(1));
    let (thread, site) = (simulation.thread(&builder), simulation.site(operation));
    let [mask, lane, width] = [0, 2, 3].map(|place| operation.operand(place));
    let word = to_word(&builder, value);
    let operands = [thread, mask, number(&builder, kind), word, lane, width, room, site];
    let word = simulation.runtime.value(&builder, "numir_sim_shuffle", &operands);
    vec![from_word(&builder, word, value.ty()), read(&builder, room)]
}

fn vote<'c>(operation: Op<'c>, kind: i64, simulation: &mut Simulation<'c>) -> Vec<Val<'c>> {
    let builder = Builder::before(operation);
    let (thread, site) = (simulation.thread(&builder), simulation.site(operation));
    let holds = truth(&builder, operation.operand(1));
    let operands = [thread, operation.operand(0), number(&builder, kind), holds, site];
    let told = simulation.runtime.value(&builder, "numir_sim_vote", &operands);
    let is_mask = operation.result(0).ty() == told.ty();
    vec![if is_mask { told } else { compare(&builder, "ne", told, builder.constant_integer(0, told.ty())) }]
}

fn find_same<'c>(operation: Op<'c>, kind: i64, simulation: &mut Simulation<'c>) -> Vec<Val<'c>> {
    let builder = Builder::before(operation);
    let (thread, site, room) = (simulation.thread(&builder), simulation.site(operation), room(operation));
    let word = to_word(&builder, operation.operand(1));
    let operands = [thread, operation.operand(0), number(&builder, kind), word, room, site];
    let told = simulation.runtime.value(&builder, "numir_sim_match", &operands);
    let mut results = vec![told];
    results.extend((operation.result_count() > 1).then(|| read(&builder, room)));
    results
}

fn active<'c>(operation: Op<'c>, _: i64, simulation: &mut Simulation<'c>) -> Vec<Val<'c>> {
    let builder = Builder::before(operation);
    let thread = simulation.thread(&builder);
    vec![simulation.runtime.value(&builder, "numir_sim_active_mask", &[thread])]
}

/// All lanes put down their words, of which the last four become the result.
fn multiply<'c>(operation: Op<'c>, form: i64, simulation: &mut Simulation<'c>) -> Vec<Val<'c>> {
    let builder = Builder::before(operation);
    let operands = operation.operands();
    let room = words(&frame(operation), operands.len() as i64);
    for (place, operand) in operands.iter().enumerate() {
        llvm::store(&builder, *operand, word(&builder, room, place));
    }
    let (thread, site) = (simulation.thread(&builder), simulation.site(operation));
    simulation.runtime.call(&builder, "numir_sim_mma", &[thread, number(&builder, form), room, site]);
    let results = operation.results().into_iter().zip(6..);
    results.map(|(result, place)| llvm::load(&builder, word(&builder, room, place), result.ty())).collect()
}
