//! `map-to-gpu`: parallel loops become launches on the device, one thread for each iteration, in blocks of 256.
//!
//! ```text
//! numeric.parallel %i in %n {…}
//!   ↓
//! gpu.launch blocks(%b, …) in (%n / 256 rounded up, 1, 1) threads(%t, …) in (256, 1, 1) {
//!   %i = %b * 256 + %t
//!   scf.if %i < %n {…}
//! }
//! ```
//! A loop that needs the host stays there, and a remark says why. A loop within one that is mapped is done by each thread in order.
//! Kernels that the program writes itself are launched as it says.

mod obstacles;
mod reductions;
mod written;

use crate::outline_parallel::PIECES;
use crate::support::launches::launch;
use crate::support::loops::counted;
use crate::support::scalars::compare;
use numir_numeric::ir::{Blk, Builder, Op, Reg, Val};
use numir_pipeline::properties::{GPU_MAPPED, STAGE_SCF};
use numir_pipeline::{Pass, PassContext, PassError, Property, register_pass};
use obstacles::Obstacles;
pub(crate) use written::{PART, SUFFIX, WRITTEN, give_settings};

/// The pass.
struct MapToGpu;

register_pass!(MapToGpu);

impl Pass for MapToGpu {
    fn name(&self) -> &'static str {
        "map-to-gpu"
    }

    fn summary(&self) -> &'static str {
        "turn parallel loops into launches on the device, one thread for each iteration"
    }

    fn requires(&self) -> &'static [Property] {
        &[STAGE_SCF]
    }

    fn after(&self) -> &'static [&'static str] {
        &["scf-optimised"]
    }

    fn establishes(&self) -> &'static [Property] {
        &[GPU_MAPPED]
    }

    fn dialects(&self) -> &'static [fn() -> melior::dialect::DialectHandle] {
        use numir_pipeline::dialects::{arith, gpu, llvm, scf};
        &[arith, gpu, llvm, scf]
    }

    fn run<'c>(&self, module: Op<'c>, context: &PassContext<'c>) -> Result<(), PassError> {
        written::map(module)?;
        let obstacles = Obstacles::of(module);
        for parallel in module.collect(|operation| operation.is("numeric.parallel") && !is_inside_of_one(operation)) {
            match obstacles.in_loop(parallel) {
                Some(reason) => context.missed(parallel, || format!("the loop stays on the host: {reason}")),
                None => {
                    context.remark(parallel, || describe(parallel).to_owned());
                    map(parallel)?;
                }
            }
        }
        Ok(())
    }
}

/// What is said of a loop that is mapped.
fn describe(parallel: Op<'_>) -> &'static str {
    match parallel.attribute(PIECES) {
        Some(_) => "the array operation runs on the device, one thread for each item",
        None => "the loop runs on the device, one thread for each iteration",
    }
}

fn is_inside_of_one(operation: Op<'_>) -> bool {
    std::iter::successors(operation.parent(), |parent| parent.parent()).any(|parent| parent.is("numeric.parallel"))
}

/// Puts a launch in the place of a loop.
fn map(parallel: Op<'_>) -> Result<(), PassError> {
    let inner = parallel.collect(|operation| operation != parallel && operation.is("numeric.parallel"));
    inner.into_iter().rev().try_for_each(in_order)?;
    if let Some(reductions) = reductions::of(parallel).filter(|reductions| !reductions.is_empty()) {
        return reductions::map(parallel, &reductions);
    }
    let (builder, trip) = (Builder::before(parallel), parallel.operand(0));
    launch(&builder, trip, |inside, position| {
        let is_one = compare(inside, "ult", position, trip);
        let iteration = Blk::new(&[], parallel.location());
        inside.create("scf.if", &[is_one], &[], &[], &[Reg::with_block(iteration), Reg::new()]);
        move_body(parallel, position, iteration)
    })?;
    parallel.erase();
    Ok(())
}

/// Puts a serial loop in the place of a parallel one. What it accumulates goes from one iteration to the next.
fn in_order(parallel: Op<'_>) -> Result<(), PassError> {
    let mut outcome = Ok(());
    let types: Vec<_> = parallel.results().into_iter().map(Val::ty).collect();
    let initial = parallel.operands().split_off(1);
    let results = counted(&Builder::before(parallel), parallel.operand(0), &initial, |inner, position, carried| {
        let block = Blk::new(&[], parallel.location());
        let region = inner.create("scf.execute_region", &[], &types, &[], &[Reg::with_block(block)]);
        for (place, value) in carried.iter().enumerate() {
            if let Some(body) = parallel.body(0) {
                body.argument(1 + place).replace_all_uses_with(*value);
            }
        }
        outcome = move_body(parallel, position, block);
        region.results()
    });
    parallel.replace(&results);
    outcome
}

/// Moves the body of a loop into a block that ends with a `scf.yield` of what the iteration accumulates, for the iteration `position`.
fn move_body<'c>(parallel: Op<'c>, position: Val<'c>, block: Blk<'c>) -> Result<(), PassError> {
    let body = parallel.body(0);
    let body = body.ok_or_else(|| PassError::compiler(parallel.location(), "the loop has no body"))?;
    position.name_after(body.argument(0));
    body.argument(0).replace_all_uses_with(position);
    let mut accumulated = Vec::new();
    for operation in body.operations() {
        if operation.is("numeric.yield") {
            accumulated = operation.operands();
            operation.erase();
        } else {
            operation.detach();
            block.append(operation);
        }
    }
    Builder::at_end(parallel.context(), block, parallel.location()).create("scf.yield", &accumulated, &[], &[], &[]);
    Ok(())
}
