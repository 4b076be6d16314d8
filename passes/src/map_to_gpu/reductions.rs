//! Loops that reduce, as launches: a warp does 32 neighbouring iterations at a time, each lane with accumulators of its own, until it has
//! done its share; then lanes go together by halves. What the warps come to is combined on the host, in order.
//!
//! ```text
//! %r = numeric.parallel %i in %n reduce(add %acc = %init) {…}
//!   ↓
//! rows = n / 2^19 between 1 and 128; a warp has 32 * rows iterations
//! gpu.launch … { acc = identity; for each row: acc = body(i, acc); shuffles; partials[warp] = acc }
//! r = init combined with partials[0], partials[1], …
//! ```
//! How a loop is cut follows from its trip count alone, so the result is the same each time, though in another order than on the CPU.

use crate::hold_owners::new_slot;
use crate::outline_parallel::kinds::Reduction;
use crate::support::launches::{self, launch};
use crate::support::llvm;
use crate::support::loops::{choose, counted};
use crate::support::memref::{self, MemRef};
use crate::support::scalars::compare;
use crate::support::shuffles;
use crate::support::storage::complex_part;
use numir_numeric::ir::{Blk, Builder, Op, Reg, Val};
use numir_pipeline::PassError;

/// Lanes of a warp.
const LANES: i64 = 32;
/// Iterations up to which a lane has one: as many threads as keep a large device busy.
const PLENTY: i64 = 1 << 19;
/// The most rows of a warp, so that an iteration is not held up long by those before it.
const ROWS: i64 = 128;

/// The accumulators of a loop, if they are numbers that lanes can exchange.
pub(super) fn of<'c>(parallel: Op<'c>) -> Option<Vec<Reduction<'c>>> {
    let reductions = Reduction::all(parallel)?;
    let is_number = |(place, reduction): (usize, &Reduction<'c>)| {
        parallel.operand(1 + place).ty() == reduction.ty && complex_part(reduction.ty).is_none()
    };
    reductions.iter().enumerate().all(is_number).then_some(reductions)
}

/// Puts a launch in the place of a loop with such accumulators.
pub(super) fn map<'c>(parallel: Op<'c>, reductions: &[Reduction<'c>]) -> Result<(), PassError> {
    let broken =
        || PassError::compiler(parallel.location(), "the loop has no body, or its accumulators are of no known kind");
    let (builder, trip) = (Builder::before(parallel), parallel.operand(0));
    let index = builder.index();
    let number = |value| builder.constant_index(value);
    let rows = builder.value("arith.divui", &[trip, number(PLENTY)], index, &[]);
    let rows = builder.value("arith.minui", &[rows, number(ROWS)], index, &[]);
    let rows = builder.value("arith.maxui", &[rows, number(1)], index, &[]);
    let span = builder.value("arith.muli", &[rows, number(LANES)], index, &[]);
    let warps = builder.value("arith.ceildivui", &[trip, span], index, &[]);
    let rooms: Vec<_> = reductions.iter().map(|reduction| Room::new(&builder, parallel, reduction, warps)).collect();
    let threads = builder.value("arith.muli", &[warps, number(LANES)], index, &[]);
    launch(&builder, threads, |inside, thread| {
        let lanes = inside.constant_index(LANES);
        let [warp, lane] = ["arith.divui", "arith.remui"].map(|name| inside.value(name, &[thread, lanes], index, &[]));
        let is_one = compare(inside, "ult", warp, warps);
        let block = Blk::new(&[], inside.location());
        inside.create("scf.if", &[is_one], &[], &[], &[Reg::with_block(block), Reg::new()]);
        let inside = inside.into_block(block);
        let before = inside.value("arith.muli", &[warp, span], index, &[]);
        let first = inside.value("arith.addi", &[before, lane], index, &[]);
        let totals = lane_totals(&inside, parallel, reductions, (first, rows, trip)).ok_or_else(broken)?;
        let mut stored = Vec::new();
        for (reduction, total) in reductions.iter().zip(totals) {
            let mut total = total;
            for distance in [16, 8, 4, 2, 1] {
                let other = shuffles::across(&inside, total, distance);
                total = reduction.combine(&inside, total, other).ok_or_else(broken)?;
            }
            stored.push(total);
        }
        let is_first = compare(&inside, "eq", lane, inside.constant_index(0));
        let then = Blk::new(&[], inside.location());
        inside.create("scf.if", &[is_first], &[], &[], &[Reg::with_block(then), Reg::new()]);
        let then = inside.into_block(then);
        for (room, total) in rooms.iter().zip(stored) {
            then.create("memref.store", &[total, room.array, warp], &[], &[], &[]);
        }
        then.create("scf.yield", &[], &[], &[], &[]);
        inside.create("scf.yield", &[], &[], &[], &[]);
        Ok::<(), PassError>(())
    })?;
    let initial: Vec<_> = (0..reductions.len()).map(|place| parallel.operand(1 + place)).collect();
    let mut missing = false;
    let results = counted(&builder, warps, &initial, |inner, warp, carried| {
        let one = |(room, (reduction, before)): (&Room<'c>, (&Reduction<'c>, &Val<'c>))| {
            let partial = inner.value("memref.load", &[room.array, warp], reduction.ty, &[]);
            reduction.combine(inner, *before, partial).unwrap_or_else(|| {
                missing = true;
                *before
            })
        };
        rooms.iter().zip(reductions.iter().zip(carried)).map(one).collect()
    });
    rooms.iter().for_each(|room| room.release(&builder));
    parallel.replace(&results);
    if missing { Err(broken()) } else { Ok(()) }
}

/// What a lane's iterations come to: `first`, and every 32nd behind it, `rows` in all, as far as they are below `trip`. The body moves there.
fn lane_totals<'c>(
    builder: &Builder<'c>,
    parallel: Op<'c>,
    reductions: &[Reduction<'c>],
    (first, rows, trip): (Val<'c>, Val<'c>, Val<'c>),
) -> Option<Vec<Val<'c>>> {
    let body = parallel.body(0)?;
    let index = builder.index();
    let identities = reductions.iter().map(|reduction| reduction.identity(builder)).collect::<Option<Vec<_>>>()?;
    let types: Vec<_> = reductions.iter().map(|reduction| reduction.ty).collect();
    Some(counted(builder, rows, &identities, |inner, row, carried| {
        let before = inner.value("arith.muli", &[row, inner.constant_index(LANES)], index, &[]);
        let position = inner.value("arith.addi", &[first, before], index, &[]);
        let is_one = compare(inner, "ult", position, trip);
        let iteration = |way: &Builder<'c>| {
            let block = Blk::new(&[], way.location());
            let region = way.create("scf.execute_region", &[], &types, &[], &[Reg::with_block(block)]);
            position.name_after(body.argument(0));
            body.argument(0).replace_all_uses_with(position);
            carried
                .iter()
                .enumerate()
                .for_each(|(place, value)| body.argument(1 + place).replace_all_uses_with(*value));
            for operation in body.operations() {
                operation.detach();
                block.append(operation);
                if operation.is("numeric.yield") {
                    Builder::before(operation).create("scf.yield", &operation.operands(), &[], &[], &[]);
                    operation.erase();
                }
            }
            region.results()
        };
        choose(inner, is_one, &types, iteration, |_| carried.to_vec())
    }))
}

/// An array of what the warps come to, which is released where an error leaves the function.
struct Room<'c> {
    array: Val<'c>,
    slot: Val<'c>,
}

impl<'c> Room<'c> {
    fn new(builder: &Builder<'c>, parallel: Op<'c>, reduction: &Reduction<'c>, warps: Val<'c>) -> Self {
        let array = launches::room(builder, warps, reduction.ty);
        let slot = new_slot(&crate::lower_launches::frame(parallel));
        if let Some(shape) = MemRef::of(array.ty()) {
            llvm::store(builder, memref::header(builder, &shape, array), slot);
        }
        Self { array, slot }
    }

    fn release(&self, builder: &Builder<'c>) {
        llvm::store(builder, llvm::zero(builder, builder.pointer()), self.slot);
        builder.create("numeric.release", &[self.array], &[], &[], &[]);
    }
}
