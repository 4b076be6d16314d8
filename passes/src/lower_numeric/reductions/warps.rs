//! Reductions on a device: a warp combines a piece of 32 blocks of 128 items, and what the pieces come to is combined on the host.
//!
//! ```text
//! for each block of the piece: lane l adds up items l, l + 32, l + 64, l + 96, and lanes go together by halves
//! lane j keeps what block j comes to; neighbouring lanes go together, then neighbouring pairs, and so on
//! partials[piece] = that
//! ```
//! That is the order of `meaning/pairwise.mlir`, so a sum is the same to the bit on the device and on the host. The last piece, of what 32
//! whole blocks do not fill, is combined as `finish` does there: of its blocks, those that make up a power of two wait for what follows them.
//!
//! A reduction of which each lane of a warp is an iteration (`ROWS`), as those along last axes are, is done by that warp alone: piece by piece, where lane j keeps
//! what 2^j pieces come to that wait for as many behind them.
//!
//! Every item is read once, 32 neighbours at a time. Five shuffles per block hide behind reading it.

use super::super::arrays::{count, to_memory};
use super::super::broadcast::Positions;
use super::super::casts::extend;
use super::super::inputs::Right;
use super::super::items::{are_iterations, position};
use super::super::types::memory_scalar;
use super::super::{Item, Lowering};
use super::callee::Combined;
use super::computed::call;
use super::pairwise::BLOCK;
use super::text;
use crate::support::launches::{self, launch};
use crate::support::llvm;
use crate::support::loops::{choose, counted, repeat};
use crate::support::scalars::compare;
use crate::support::shuffles;
use numir_numeric::ir::{Blk, Builder, Reg, Val};
use numir_numeric::types::{Class, Scalar};
use numir_pipeline::PassError;

/// Lanes of a warp, and blocks of a piece.
pub(crate) const LANES: i64 = 32;

/// On a reduction: the lanes of a warp, as which neighbouring iterations of the parallel loop around are run, do it together.
pub(crate) const ROWS: &str = "numir.rows";

/// A reduction that a device can do.
pub struct Warps<'a, 'c> {
    item: &'a Item<'c>,
    /// The elements, and for each array where it is read at a place of the space.
    right: &'a Right<'c>,
    positions: Vec<Positions<'c>>,
    extents: &'a [Val<'c>],
    result: Combined<'c>,
    /// The operation that combines two, and what it leaves alone.
    operation: &'static str,
}

impl<'a, 'c> Warps<'a, 'c> {
    /// Of elements of a space of `extents`, in which axes may be stretched; None where the device cannot do it.
    pub fn of(item: &'a Item<'c>, right: &'a Right<'c>, extents: &'a [Val<'c>], result: Combined<'c>) -> Option<Self> {
        if !are_iterations(item) && item.op.attribute(ROWS).is_none() {
            return None;
        }
        let kind = result.kind.as_str();
        let operation = match result.scalar.class() {
            Class::Complex => return None,
            Class::Float if kind == "add" => "arith.addf",
            Class::Float if kind == "mul" => "arith.mulf",
            _ => text::operation(result.scalar, kind)?.0,
        };
        let builder = item.builder();
        let place = |shaped| Positions::of(builder, shaped, extents);
        let positions = right.shaped.iter().map(place).collect();
        Some(Self { item, right, positions, extents, result, operation })
    }

    /// What all elements come to.
    pub fn reduce(&self, lowering: &mut Lowering<'c>) -> Result<Val<'c>, PassError> {
        let builder = self.item.builder();
        if self.item.op.attribute(ROWS).is_some() {
            return self.row(&builder);
        }
        let index = builder.index();
        self.result.import(lowering, self.item)?;
        let identity = self.result.identity(self.item, builder)?;
        let total = count(builder, self.extents);
        let piece = builder.constant_index(LANES * BLOCK);
        let pieces = builder.value("arith.divui", &[total, piece], index, &[]);
        let all = builder.value("arith.addi", &[pieces, builder.constant_index(1)], index, &[]);
        let partials = launches::room(&builder, all, self.result.ty);
        self.launch(builder, partials, all, total)?;
        let load = |at: &Builder<'c>, place| at.value("memref.load", &[partials, place], self.result.ty, &[]);
        let result = if self.result.is_pairwise() {
            let rest = load(&builder, pieces);
            let address = builder.value("memref.extract_aligned_pointer_as_index", &[partials], index, &[]);
            let number = builder.integer(64);
            let address = llvm::cast(&builder, address, number);
            let address = builder.value("llvm.inttoptr", &[address], builder.pointer(), &[]);
            let pieces = llvm::cast(&builder, pieces, number);
            call(&builder, &self.result.symbol("join"), &[address, pieces, rest], &[self.result.ty])[0]
        } else {
            counted(&builder, all, &[identity], |inner, place, carried| {
                vec![self.result.fold(inner, carried[0], load(inner, place))]
            })[0]
        };
        builder.create("numeric.release", &[partials], &[], &[], &[]);
        Ok(result)
    }

    fn launch(
        &self,
        builder: Builder<'c>,
        partials: Val<'c>,
        pieces: Val<'c>,
        total: Val<'c>,
    ) -> Result<(), PassError> {
        // Only here: who compiles for a CPU does not pay for it.
        builder.context().get_or_load_dialect("gpu");
        let index = builder.index();
        let threads = builder.value("arith.muli", &[pieces, builder.constant_index(LANES)], index, &[]);
        launch(&builder, threads, |inside, thread| {
            let lanes = inside.constant_index(LANES);
            let [piece, lane] =
                ["arith.divui", "arith.remui"].map(|name| inside.value(name, &[thread, lanes], index, &[]));
            let is_one = compare(inside, "ult", piece, pieces);
            let warp = Blk::new(&[], builder.location());
            inside.create("scf.if", &[is_one], &[], &[], &[Reg::with_block(warp), Reg::new()]);
            let inside = inside.into_block(warp);
            let result = self.piece(&inside, piece, lane, total)?;
            let is_first = compare(&inside, "eq", lane, inside.constant_index(0));
            let then = Blk::new(&[], inside.location());
            inside.create("scf.if", &[is_first], &[], &[], &[Reg::with_block(then), Reg::new()]);
            let then = inside.into_block(then);
            then.create("memref.store", &[result, partials, piece], &[], &[], &[]);
            then.create("scf.yield", &[], &[], &[], &[]);
            inside.create("scf.yield", &[], &[], &[], &[]);
            Ok(())
        })
    }

    /// What all elements come to, for a warp: its lanes are neighbouring iterations of the parallel loop around.
    fn row(&self, at: &Builder<'c>) -> Result<Val<'c>, PassError> {
        let (index, ty) = (at.index(), self.result.ty);
        let mut around = std::iter::successors(self.item.op.parent(), |outer| outer.parent());
        let iteration = around.find(|outer| outer.is("numeric.parallel")).and_then(|looping| looping.body(0));
        let iteration = iteration.ok_or_else(|| self.item.broken("it has no parallel loop around it"))?.argument(0);
        let value = |at: &Builder<'c>, name: &str, operands: &[Val<'c>]| at.value(name, operands, index, &[]);
        let lane = value(at, "arith.remui", &[iteration, at.constant_index(LANES)]);
        let total = count(*at, self.extents);
        let pieces = value(at, "arith.divui", &[total, at.constant_index(LANES * BLOCK)]);
        let identity = self.result.identity(self.item, *at)?;
        let number = |at: &Builder<'c>, of: Val<'c>| llvm::cast(at, of, at.integer(32));
        let is_odd = |at: &Builder<'c>, of: Val<'c>| {
            let bit = value(at, "arith.andi", &[of, at.constant_index(1)]);
            compare(at, "ne", bit, at.constant_index(0))
        };
        let next = |at: &Builder<'c>, rest: Val<'c>, level: Val<'c>| {
            let one = at.constant_index(1);
            [value(at, "arith.shrui", &[rest, one]), value(at, "arith.addi", &[level, one])]
        };
        let combine = |at: &Builder<'c>, left, right| at.value(self.operation, &[left, right], ty, &[]);
        let mut failed = None;
        let zero = at.constant_index(0);
        let waiting = counted(at, pieces, &[identity], |inner, piece, carried| {
            let sum = self.piece(inner, piece, lane, total).unwrap_or_else(|error| {
                failed = Some(error);
                identity
            });
            let joined = repeat(
                inner,
                &[sum, piece, zero],
                |at, carried| is_odd(at, carried[1]),
                |at, values| {
                    let before = shuffles::from_lane(at, carried[0], number(at, values[2]));
                    let [rest, level] = next(at, values[1], values[2]);
                    vec![combine(at, before, values[0]), rest, level]
                },
            );
            let is_own = compare(inner, "eq", joined[2], lane);
            vec![inner.value("arith.select", &[is_own, joined[0], carried[0]], ty, &[])]
        })[0];
        let rest = self.piece(at, pieces, lane, total)?;
        let result = repeat(
            at,
            &[rest, pieces, zero],
            |at, values| compare(at, "ne", values[1], at.constant_index(0)),
            |at, values| {
                let before = shuffles::from_lane(at, waiting, number(at, values[2]));
                let both = combine(at, before, values[0]);
                let sum = at.value("arith.select", &[is_odd(at, values[1]), both, values[0]], ty, &[]);
                let [rest, level] = next(at, values[1], values[2]);
                vec![sum, rest, level]
            },
        );
        failed.map_or(Ok(result[0]), Err)
    }

    /// What a piece comes to, for all lanes of the warp that does it.
    fn piece(&self, at: &Builder<'c>, piece: Val<'c>, lane: Val<'c>, total: Val<'c>) -> Result<Val<'c>, PassError> {
        let (index, ty) = (at.index(), self.result.ty);
        let value = |at: &Builder<'c>, name: &str, operands: &[Val<'c>]| at.value(name, operands, index, &[]);
        let identity = self.result.identity(self.item, *at)?;
        let start = value(at, "arith.muli", &[piece, at.constant_index(LANES * BLOCK)]);
        let left = value(at, "arith.subi", &[total, start]);
        let block = at.constant_index(BLOCK);
        let whole = value(at, "arith.minui", &[value(at, "arith.divui", &[left, block]), at.constant_index(LANES)]);
        let mut failed = None;
        // Each lane keeps what the block of its number comes to.
        let kept = counted(at, whole, &[identity], |inner, number, carried| {
            let sum = self.block(inner, lane, number, start, None).unwrap_or_else(|error| {
                failed = Some(error);
                identity
            });
            let is_own = compare(inner, "eq", number, lane);
            vec![inner.value("arith.select", &[is_own, sum, carried[0]], ty, &[])]
        })[0];
        let is_ragged = compare(at, "ult", whole, at.constant_index(LANES));
        let rest = |way: &Builder<'c>| vec![self.block(way, lane, whole, start, Some(total)).unwrap_or(identity)];
        let mut result = choose(at, is_ragged, &[ty], rest, |_| vec![identity])[0];
        let mut groups = kept;
        for level in 0..=LANES.trailing_zeros() {
            // The group of 2^level blocks that waits for what follows, if there is one.
            let bit = value(at, "arith.shrui", &[whole, at.constant_index(level.into())]);
            let is_odd = value(at, "arith.andi", &[bit, at.constant_index(1)]);
            let waits = compare(at, "ne", is_odd, at.constant_index(0));
            let before = value(at, "arith.subi", &[bit, is_odd]);
            let first = value(at, "arith.shli", &[before, at.constant_index(level.into())]);
            let first = value(at, "arith.minui", &[first, at.constant_index(LANES - 1)]);
            let group = shuffles::from_lane(at, groups, llvm::cast(at, first, at.integer(32)));
            let both = at.value(self.operation, &[group, result], ty, &[]);
            result = at.value("arith.select", &[waits, both, result], ty, &[]);
            if level < LANES.trailing_zeros() {
                groups = self.with_neighbour(at, groups, 1 << level);
            }
        }
        failed.map_or(Ok(result), Err)
    }

    /// What a block of a piece comes to, which all lanes get: of a whole one, or of what is below `end`.
    fn block(
        &self,
        at: &Builder<'c>,
        lane: Val<'c>,
        number: Val<'c>,
        start: Val<'c>,
        end: Option<Val<'c>>,
    ) -> Result<Val<'c>, PassError> {
        let index = at.index();
        let identity = self.result.identity(self.item, *at)?;
        let before = at.value("arith.muli", &[number, at.constant_index(BLOCK)], index, &[]);
        let start = at.value("arith.addi", &[start, before], index, &[]);
        let start = at.value("arith.addi", &[start, lane], index, &[]);
        let row = |row: i64| {
            let place = at.value("arith.addi", &[start, at.constant_index(row * LANES)], index, &[]);
            let read = |way: &Builder<'c>| vec![self.element(*way, place).unwrap_or(identity)];
            let Some(end) = end else { return read(at)[0] };
            let is_there = compare(at, "ult", place, end);
            choose(at, is_there, &[self.result.ty], read, |_| vec![identity])[0]
        };
        let rows: Vec<_> = (0..BLOCK / LANES).map(row).collect();
        let combine = |left, right| at.value(self.operation, &[left, right], self.result.ty, &[]);
        let mut sum = rows.into_iter().reduce(combine).unwrap_or(identity);
        for distance in [16, 8, 4, 2, 1] {
            sum = self.with_neighbour(at, sum, distance);
        }
        Ok(sum)
    }

    /// The element of that number in C order, as it is combined.
    fn element(&self, at: Builder<'c>, number: Val<'c>) -> Option<Val<'c>> {
        let place = position(at, number, self.extents);
        let element = self.right.element(at, |input| {
            let shaped = &self.right.shaped[input];
            let operands: Vec<_> = std::iter::once(shaped.memref).chain(self.positions[input].at(at, &place)).collect();
            at.value("memref.load", &operands, memory_scalar(at.context(), shaped.array.scalar()), &[])
        })?;
        let scalar = self.result.scalar;
        Some(match (self.result.is_pairwise(), scalar) {
            (true, Scalar::Float(16)) => extend(at, element, 32),
            (true, _) => element,
            (false, _) => to_memory(at, scalar, element),
        })
    }

    /// What a lane and the one at a distance, by a bit of its number, have together.
    fn with_neighbour(&self, at: &Builder<'c>, value: Val<'c>, distance: i64) -> Val<'c> {
        let other = shuffles::across(at, value, distance);
        at.value(self.operation, &[value, other], self.result.ty, &[])
    }
}
