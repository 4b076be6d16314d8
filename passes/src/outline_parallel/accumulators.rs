//! The accumulators of a loop: where each chunk starts, where it leaves its partial results, how they are combined.

use super::capture::{Packer, Unpacker};
use super::kinds::Reduction;
use crate::hold_owners::new_slot;
use crate::support::captures::Captures;
use crate::support::llvm;
use crate::support::loops::{counted, nest};
use crate::support::memref::{self, MemRef};
use crate::support::runtime::Runtime;
use crate::support::storage::{self, item_bytes, stored_type};
use numir_numeric::ir::{Blk, Builder, Op, Reg, Ty, Val};
use numir_runtime::pool::MAX_CHUNKS;
use std::collections::HashMap;

/// Memory that the private arrays of one loop may take before there are fewer of them than `MOST_PIECES`.
const PRIVATE_BYTES: i64 = 64 << 20;
/// The fewest and the most pieces of a loop that accumulates into arrays.
const FEWEST_PIECES: i64 = 8;
const MOST_PIECES: i64 = 64;

/// An accumulator of a loop.
pub(super) struct Accumulator<'c> {
    reduction: Reduction<'c>,
    initial: Val<'c>,
}

impl<'c> Accumulator<'c> {
    /// The accumulators of a parallel loop; None if one of them is not what the verifier promises.
    pub(super) fn all(parallel: Op<'c>) -> Option<Vec<Self>> {
        let with_initial = |(number, reduction)| Self { reduction, initial: parallel.operand(1 + number) };
        Some(Reduction::all(parallel)?.into_iter().enumerate().map(with_initial).collect())
    }

    fn shape(&self) -> Option<MemRef<'c>> {
        MemRef::of(self.initial.ty())
    }

    /// The body of an array accumulator needs the initial array for its extents.
    pub(super) fn capture(&self, captures: &mut Captures<'c>) {
        if self.shape().is_some() {
            captures.add(self.initial);
        }
    }

    /// Where a chunk starts: the identity, or a fresh array full of it.
    fn start(&self, builder: &Builder<'c>, map: &HashMap<Val<'c>, Val<'c>>) -> Option<Val<'c>> {
        let identity = self.reduction.identity(builder)?;
        let Some(shape) = self.shape() else { return Some(identity) };
        let initial = *map.get(&self.initial)?;
        let extents = memref::extents(builder, &shape, initial);
        let attributes = [("zero", melior::ir::attribute::BoolAttribute::new(builder.context(), false).into())];
        let fresh = builder.value("numeric.alloc", &extents, shape.ty, &attributes);
        nest(builder, &extents, |inner, indices| {
            let operands: Vec<_> = [identity, fresh].into_iter().chain(indices.iter().copied()).collect();
            inner.create("memref.store", &operands, &[], &[], &[]);
        });
        Some(fresh)
    }
}

/// Where a chunk starts, for all accumulators, in the body function whose first block is `entry`. `map` says what stands for what
/// is captured. Arrays are held in slots until the loop, into whose body's hands they go, as one that follows may not be had.
pub(super) fn starts<'c>(
    builder: &Builder<'c>,
    entry: Blk<'c>,
    accumulators: &[Accumulator<'c>],
    map: &HashMap<Val<'c>, Val<'c>>,
) -> Option<Vec<Val<'c>>> {
    let mut starts = Vec::with_capacity(accumulators.len());
    let mut slots = Vec::new();
    for (number, accumulator) in accumulators.iter().enumerate() {
        let start = accumulator.start(builder, map)?;
        let more_follow = accumulators[number + 1..].iter().any(|other| other.shape().is_some());
        if let Some(shape) = accumulator.shape().filter(|_| more_follow) {
            let slot = new_slot(&Builder::at_start(builder.context(), entry, builder.location()));
            llvm::store(builder, memref::header(builder, &shape, start), slot);
            slots.push(slot);
        }
        starts.push(start);
    }
    for slot in slots {
        llvm::store(builder, llvm::zero(builder, builder.pointer()), slot);
    }
    Some(starts)
}

/// The partial results of a loop, on the stack of the caller: one struct per chunk, one field per accumulator.
pub(super) struct Partials<'c> {
    /// The type of a chunk's struct, and where the first lies; None without accumulators.
    room: Option<(Ty<'c>, Val<'c>)>,
    /// The iterations, and into how many pieces the pool's are cut, if the pool does not count iterations.
    coarse: Option<(Val<'c>, Val<'c>)>,
    trip: Val<'c>,
    chunks: Option<Val<'c>>,
}

impl<'c> Partials<'c> {
    /// Makes room in the caller's frame (at `entry`) and finds out how the loop is cut (at `builder`).
    pub(super) fn new(
        builder: &Builder<'c>,
        entry: &Builder<'c>,
        runtime: &Runtime<'c>,
        accumulators: &[Accumulator<'c>],
        trip: Val<'c>,
    ) -> Self {
        if accumulators.is_empty() {
            return Self { room: None, coarse: None, trip, chunks: None };
        }
        let fields: Vec<_> = accumulators.iter().map(|one| stored_type(builder, one.initial.ty())).collect();
        let ty = llvm::struct_type(builder, &fields);
        let coarse = pieces(builder, accumulators, trip).map(|pieces| (trip, pieces));
        let most = if coarse.is_some() { MOST_PIECES } else { MAX_CHUNKS };
        let room = llvm::alloca(entry, ty, llvm::constant(entry, most, entry.integer(64))).result(0);
        let counted_by_pool = coarse.map_or(trip, |(_, pieces)| pieces);
        let chunks = runtime.value(builder, "numir_parallel_chunks", &[counted_by_pool]);
        let partials = Self { room: Some((ty, room)), coarse, trip, chunks: Some(chunks) };
        partials.forget_arrays(builder, accumulators);
        partials
    }

    /// What the pool counts: iterations, or pieces of them.
    pub(super) fn pieces(&self) -> Val<'c> {
        self.coarse.map_or(self.trip, |(_, pieces)| pieces)
    }

    /// Gives the arrays of all chunks null headers, as a chunk that fails leaves none.
    fn forget_arrays(&self, builder: &Builder<'c>, accumulators: &[Accumulator<'c>]) {
        let arrays: Vec<_> = (0..accumulators.len()).filter(|number| accumulators[*number].shape().is_some()).collect();
        if arrays.is_empty() {
            return;
        }
        self.for_each_chunk(builder, &[], |inner, partial, _| {
            for number in arrays {
                let header = self.field(inner, partial, number);
                llvm::store(inner, llvm::zero(inner, inner.pointer()), header);
            }
            Vec::new()
        });
    }

    /// Passes on what the body needs.
    pub(super) fn pack(&self, builder: &Builder<'c>, packer: &mut Packer<'c>) {
        if let Some((_, room)) = self.room {
            packer.push(builder, room);
        }
        if let Some((trip, pieces)) = self.coarse {
            packer.push(builder, trip);
            packer.push(builder, pieces);
        }
    }

    /// The same in the body.
    pub(super) fn unpack(&self, builder: &Builder<'c>, unpacker: &mut Unpacker<'c>) -> Self {
        let i64 = builder.integer(64);
        let room = self.room.map(|(ty, _)| (ty, unpacker.next(builder, builder.pointer())));
        let coarse = self.coarse.map(|_| (unpacker.next(builder, i64), unpacker.next(builder, i64)));
        Self { room, coarse, trip: self.trip, chunks: None }
    }

    /// The iterations (index) that the pieces `lo..hi` (i64) stand for.
    pub(super) fn iterations(&self, builder: &Builder<'c>, lo: Val<'c>, hi: Val<'c>) -> (Val<'c>, Val<'c>) {
        let i64 = builder.integer(64);
        let first = |piece: Val<'c>| match self.coarse {
            None => piece,
            // The first `trip % pieces` pieces have one iteration more than the others.
            Some((trip, pieces)) => {
                let [size, longer] =
                    ["arith.divui", "arith.remui"].map(|name| builder.value(name, &[trip, pieces], i64, &[]));
                let even = builder.value("arith.muli", &[piece, size], i64, &[]);
                let extra = builder.value("arith.minui", &[piece, longer], i64, &[]);
                builder.value("arith.addi", &[even, extra], i64, &[])
            }
        };
        let index = |value| llvm::cast(builder, value, builder.index());
        (index(first(lo)), index(first(hi)))
    }

    /// Leaves the results of a chunk.
    pub(super) fn store(&self, builder: &Builder<'c>, chunk: Val<'c>, values: &[Val<'c>]) {
        let Some((ty, room)) = self.room else { return };
        let partial = llvm::item(builder, room, ty, chunk);
        for (number, value) in values.iter().enumerate() {
            storage::store(builder, *value, self.field(builder, partial, number));
        }
    }

    /// Combines the initial values with those of all chunks, in order, if all went well (`fine`).
    pub(super) fn combine(
        &self,
        builder: &Builder<'c>,
        accumulators: &[Accumulator<'c>],
        fine: Val<'c>,
    ) -> Vec<Val<'c>> {
        if accumulators.is_empty() {
            return Vec::new();
        }
        let scalars: Vec<_> = accumulators.iter().filter(|one| one.shape().is_none()).map(|one| one.initial).collect();
        let mut sums = self
            .for_each_chunk(builder, &scalars, |inner, partial, sums| {
                let mut sums = sums.iter();
                let mut next = Vec::new();
                for (number, accumulator) in accumulators.iter().enumerate() {
                    let field = self.field(inner, partial, number);
                    match accumulator.shape() {
                        None => {
                            let value = storage::load(inner, field, accumulator.initial.ty());
                            let sum = sums.next().copied().unwrap_or(accumulator.initial);
                            next.push(accumulator.reduction.combine(inner, sum, value).unwrap_or(sum));
                        }
                        Some(shape) => combine_arrays(inner, accumulator, &shape, field, fine),
                    }
                }
                next
            })
            .into_iter();
        let result = |one: &Accumulator<'c>| if one.shape().is_some() { Some(one.initial) } else { sums.next() };
        accumulators.iter().filter_map(result).collect()
    }

    fn field(&self, builder: &Builder<'c>, partial: Val<'c>, number: usize) -> Val<'c> {
        match self.room {
            Some((ty, _)) => llvm::field(builder, partial, ty, &[0, number as i32]),
            None => partial,
        }
    }

    /// A loop over the chunks that carries values on from one to the next; returns them.
    fn for_each_chunk(
        &self,
        builder: &Builder<'c>,
        carried: &[Val<'c>],
        body: impl FnOnce(&Builder<'c>, Val<'c>, &[Val<'c>]) -> Vec<Val<'c>>,
    ) -> Vec<Val<'c>> {
        let (Some((ty, room)), Some(chunks)) = (self.room, self.chunks) else { return carried.to_vec() };
        let chunks = llvm::cast(builder, chunks, builder.index());
        counted(builder, chunks, carried, |inner, chunk, carried| {
            let chunk = llvm::cast(inner, chunk, inner.integer(64));
            body(inner, llvm::item(inner, room, ty, chunk), carried)
        })
    }
}

/// Into how many pieces a loop with array accumulators is cut; None without such.
fn pieces<'c>(builder: &Builder<'c>, accumulators: &[Accumulator<'c>], trip: Val<'c>) -> Option<Val<'c>> {
    let i64 = builder.integer(64);
    let number = |value| builder.constant_integer(value, i64);
    let bytes = accumulators.iter().filter_map(|accumulator| {
        let shape = accumulator.shape()?;
        let extents = memref::extents(builder, &shape, accumulator.initial);
        let item = number(item_bytes(shape.element));
        let size = |bytes, extent| {
            let extent = llvm::cast(builder, extent, i64);
            builder.value("arith.muli", &[bytes, extent], i64, &[])
        };
        Some(extents.into_iter().fold(item, size))
    });
    let add = |left, right| builder.value("arith.addi", &[left, right], i64, &[]);
    let bytes = bytes.reduce(add)?;
    let bytes = builder.value("arith.maxsi", &[bytes, number(1)], i64, &[]);
    let affordable = builder.value("arith.divui", &[number(PRIVATE_BYTES), bytes], i64, &[]);
    let least = builder.value("arith.maxsi", &[affordable, number(FEWEST_PIECES)], i64, &[]);
    let most = builder.value("arith.minsi", &[least, number(MOST_PIECES)], i64, &[]);
    Some(builder.value("arith.minsi", &[most, trip], i64, &[]))
}

/// Combines the array of a chunk, if all went well, into the initial one, and releases it.
fn combine_arrays<'c>(
    builder: &Builder<'c>,
    accumulator: &Accumulator<'c>,
    shape: &MemRef<'c>,
    field: Val<'c>,
    fine: Val<'c>,
) {
    let value = storage::load(builder, field, shape.ty);
    let block = Blk::new(&[], builder.location());
    let inner = builder.into_block(block);
    let extents = memref::extents(&inner, shape, accumulator.initial);
    nest(&inner, &extents, |inner, indices| {
        let at = |memref| -> Vec<_> { std::iter::once(memref).chain(indices.iter().copied()).collect() };
        let [left, right] =
            [accumulator.initial, value].map(|memref| inner.value("memref.load", &at(memref), shape.element, &[]));
        let sum = accumulator.reduction.combine(inner, left, right).unwrap_or(left);
        let operands: Vec<_> = std::iter::once(sum).chain(at(accumulator.initial)).collect();
        inner.create("memref.store", &operands, &[], &[], &[]);
    });
    inner.create("scf.yield", &[], &[], &[], &[]);
    builder.create("scf.if", &[fine], &[], &[], &[Reg::with_block(block), Reg::new()]);
    builder.create("numeric.release", &[value], &[], &[], &[]);
}
