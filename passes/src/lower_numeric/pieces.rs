//! Whole-array operations over the pool: in a function that is `numir.parallel`, outside of its parallel loops, a large one is cut
//! along its first axis into pieces, which are the iterations of a `numeric.parallel`.
//!
//! How many pieces there are follows from the number of items and from what an item costs, roughly, so a small operation is one piece,
//! which the runtime calls directly. No result depends on how it is cut.

use super::Item;
use super::arrays::{Metadata, add, advance, count, multiply, reinterpret, reinterpret_contiguous};
use super::broadcast::Shaped;
use super::reductions::is_pairwise;
use super::scalars::known_integer;
use crate::outline_parallel::PIECES;
use crate::support::call_graph::PARALLEL;
use crate::support::scalars::compare;
use numir_numeric::ir::{Blk, Builder, Op, Reg, Val};
use numir_numeric::types::{ArrayType, Layout};
use numir_pipeline::PassContext;

/// What a piece costs at least, in units of about a quarter of a nanosecond: some times what it takes to wake a thread.
const GRAIN: i64 = 1 << 17;
/// The most pieces: enough for many threads, few enough that partial results fit into a frame.
pub const MOST: i64 = 256;

/// What an operation costs that is no plain arithmetic, by its name or its dialect.
const COSTS: &[(&str, i64)] = &[
    ("func.call", 24),
    ("math.", 24),
    ("numeric.apply", 24),
    ("numeric.libm", 24),
    ("numeric.pow", 24),
    ("numeric.mod", 8),
    ("numeric.floordiv", 8),
    ("numeric.truediv", 4),
    ("arith.div", 4),
    ("arith.rem", 8),
];
/// What reading or writing an item costs.
const ACCESS: i64 = 1;

fn cost(operation: Op<'_>) -> i64 {
    let known = COSTS.iter().find(|(name, _)| operation.name().starts_with(name));
    known.map_or(1, |(_, cost)| *cost)
}

/// How a whole-array operation is cut.
pub struct Pieces<'c> {
    /// The extent that is cut.
    trip: Val<'c>,
    /// Into how many, at least 1.
    pub number: Val<'c>,
}

/// One of them.
pub struct Piece<'c> {
    /// Where it begins along the first axis.
    pub start: Val<'c>,
    /// Its extent along that.
    pub length: Val<'c>,
}

/// How many items a piece has at least if `body` computes one of them from `arrays` arrays, the written one included; None
/// where the operation is not to be cut.
pub fn least_items<'c>(item: &Item<'c>, body: Option<Blk<'c>>, arrays: usize) -> Option<i64> {
    is_wanted(item.op).then(|| least(body, arrays))
}

/// The same of any operation that is to be cut.
pub(crate) fn least(body: Option<Blk<'_>>, arrays: usize) -> i64 {
    least_at(item_cost(body, arrays))
}

/// The same, where an item costs so much.
pub(crate) fn least_at(cost: i64) -> i64 {
    (GRAIN / cost).max(1)
}

/// What an item costs if `body` computes it from `arrays` arrays, the written one included.
pub(crate) fn item_cost(body: Option<Blk<'_>>, arrays: usize) -> i64 {
    let operations = body.map(|body| body.operations()).unwrap_or_default();
    operations.into_iter().map(cost).sum::<i64>() + arrays as i64 * ACCESS
}

/// Whether the function is parallel, and the operation in none of its parallel loops.
pub(crate) fn is_wanted(operation: Op<'_>) -> bool {
    let around = || std::iter::successors(operation.parent(), |parent| parent.parent());
    around().any(|parent| parent.attribute(PARALLEL).is_some()) && !around().any(|parent| parent.is("numeric.parallel"))
}

/// Says which whole-array operations of a parallel function stay on one thread, and why.
pub fn tell<'c>(item: &Item<'c>, context: &PassContext<'c>) {
    const ARRAYS: &[&str] = &["numeric.map", "numeric.assign", "numeric.map_reduce", "numeric.reduce"];
    let around = || std::iter::successors(item.op.parent(), |parent| parent.parent());
    let is_parallel = around().any(|parent| parent.attribute(PARALLEL).is_some());
    if !ARRAYS.contains(&item.op.name()) || !is_parallel {
        return;
    }
    if !is_wanted(item.op) {
        context.missed(item.op, || "the array operation runs on one thread: it is within a parallel loop".to_owned());
    } else if is_ragged(item) {
        let why = "the array operation runs on one thread: blocks of this sum or product go across rows that do not lie one after the other";
        context.missed(item.op, || why.to_owned());
    }
}

/// Whether an operation is a pairwise reduction of several axes that cannot be taken as a row.
fn is_ragged(item: &Item<'_>) -> bool {
    let arrays: Vec<_> = item.operands.iter().filter_map(|ty| ArrayType::try_from(*ty).ok()).collect();
    let rank = arrays.iter().map(|array| array.rank()).max().unwrap_or(0);
    let is_row = arrays.iter().all(|array| array.rank() == 0 || array.rank() == rank && array.layout() == Layout::C);
    let kind = item.op.string_attribute("kind").unwrap_or_default();
    let items = if item.op.is("numeric.reduce") {
        item.operand_array(0).map(|array| array.scalar())
    } else {
        item.result_scalar()
    };
    rank > 1 && !is_row && items.is_ok_and(|scalar| is_pairwise(scalar, &kind))
}

impl<'c> Pieces<'c> {
    /// Of an operation with `extents`; None if it stays whole.
    pub fn of(
        item: &Item<'c>,
        builder: Builder<'c>,
        body: Blk<'c>,
        arrays: usize,
        extents: &[Val<'c>],
    ) -> Option<Self> {
        let least = least_items(item, Some(body), arrays)?;
        let trip = *extents.first()?;
        let known = extents.iter().map(|extent| known_integer(*extent)).product::<Option<i64>>();
        if known.is_some_and(|known| known < 2 * least) || known_integer(trip) == Some(1) {
            return None;
        }
        Some(Self::at_least(builder, trip, count(builder, extents), least))
    }

    /// Along `trip`, with at least so many of all items each.
    pub fn at_least(builder: Builder<'c>, trip: Val<'c>, items: Val<'c>, least: i64) -> Self {
        let index = builder.index();
        let [least, most, one] = [least, MOST, 1].map(|value| builder.constant_index(value));
        let wanted = builder.value("arith.divui", &[items, least], index, &[]);
        let bounded = builder.value("arith.minui", &[wanted, most], index, &[]);
        let possible = builder.value("arith.minui", &[bounded, trip], index, &[]);
        Self { trip, number: builder.value("arith.maxui", &[possible, one], index, &[]) }
    }

    /// What all pieces have in common.
    pub fn cuts(&self, builder: Builder<'c>) -> Cuts<'c> {
        let [size, longer] = ["arith.divui", "arith.remui"]
            .map(|name| builder.value(name, &[self.trip, self.number], builder.index(), &[]));
        Cuts { size, longer }
    }

    /// The loop over them, which `body` fills.
    pub fn run<R>(&self, builder: Builder<'c>, body: impl FnOnce(Builder<'c>, &Piece<'c>) -> R) -> R {
        let cuts = self.cuts(builder);
        run(builder, self.number, |inner, number| body(inner, &cuts.piece(&inner, number)))
    }
}

/// Pieces that are as long as each other, but for the first ones.
pub struct Cuts<'c> {
    size: Val<'c>,
    /// How many have one place more.
    longer: Val<'c>,
}

impl<'c> Cuts<'c> {
    /// The piece of that number.
    pub fn piece(&self, builder: &Builder<'c>, number: Val<'c>) -> Piece<'c> {
        let index = builder.index();
        let before = builder.value("arith.minui", &[number, self.longer], index, &[]);
        let start = add(*builder, multiply(*builder, number, self.size), before);
        let more = compare(builder, "ult", number, self.longer);
        let more = builder.value("arith.index_castui", &[more], index, &[]);
        Piece { start, length: builder.value("arith.addi", &[self.size, more], index, &[]) }
    }
}

/// A parallel loop over `0..number`.
pub fn run<'c, R>(builder: Builder<'c>, number: Val<'c>, body: impl FnOnce(Builder<'c>, Val<'c>) -> R) -> R {
    let block = Blk::new(&[builder.index()], builder.location());
    let inner = builder.into_block(block);
    let outcome = body(inner, block.argument(0));
    inner.create("numeric.yield", &[], &[], &[], &[]);
    let attributes = [("kinds", builder.array(&[])), (PIECES, builder.unit())];
    builder.create("numeric.parallel", &[number], &[], &attributes, &[Reg::with_block(block)]);
    outcome
}

impl<'c> Piece<'c> {
    /// What the piece sees of an array in a space of `extents`: all of it, if it does not follow the first axis.
    pub fn part(&self, builder: Builder<'c>, shaped: &Shaped<'c>, extents: &[Val<'c>]) -> Shaped<'c> {
        if shaped.follows_first(extents) { self.slice(builder, shaped) } else { shaped.clone() }
    }

    /// The piece of an array that follows the first axis.
    pub fn slice(&self, builder: Builder<'c>, shaped: &Shaped<'c>) -> Shaped<'c> {
        let mut own = shaped.extents.clone();
        own[0] = self.length;
        let (array, scalar) = (shaped.array, shaped.array.scalar());
        let memref = if array.layout() == Layout::C {
            let first = multiply(builder, self.start, count(builder, &own[1..]));
            advance(builder, reinterpret_contiguous(builder, shaped.memref, scalar, &own), scalar, first)
        } else {
            let parts = Metadata::of(builder, shaped.memref, scalar, own.len());
            let offset = add(builder, parts.offset, multiply(builder, self.start, parts.strides[0]));
            reinterpret(builder, parts.base, scalar, offset, &own, &parts.strides)
        };
        Shaped { memref, array, extents: own }
    }
}
