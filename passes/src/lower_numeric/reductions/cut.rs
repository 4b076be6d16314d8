//! Reductions over the pool: the function that combines all items is called for pieces of them, in a parallel loop, and what it gives
//! for those is combined in their order.
//!
//! Sums and products of floats are cut at multiples of 2^k blocks, so that the order in which they are added up stays the one that
//! `meaning/pairwise.mlir` fixes: the result is the same to the bit, in however many pieces and on however many threads.

use super::super::arrays::count;
use super::super::pieces::{self, MOST, Piece, Pieces};
use super::super::{Item, Lowering};
use super::callee::{Callee, Combined};
use super::computed::{call, item_of};
use super::insert;
use super::pairwise::BLOCK;
use crate::support::llvm;
use crate::support::loops::{choose, counted};
use crate::support::scalars::compare;
use numir_numeric::ir::{Blk, Builder, Val};
use numir_pipeline::PassError;

/// The function that does in pieces of at least so many items what `callee` does; None where that cannot be.
pub fn cut<'c>(
    lowering: &mut Lowering<'c>,
    item: &Item<'c>,
    callee: &Callee<'c>,
    extents: &[Val<'c>],
    least: i64,
) -> Result<Option<Callee<'c>>, PassError> {
    let is_aligned = callee.results.iter().any(Combined::is_pairwise);
    if is_aligned && extents.len() != 1 || !callee.results.iter().all(Combined::has_parts) {
        return Ok(None);
    }
    let given = callee.given(extents.len());
    let mut cut = callee.clone();
    cut.symbol = format!("{}.pieces", callee.symbol);
    cut.operands = given.iter().chain(extents).copied().collect();
    cut.gives_extents = true;
    if lowering.symbol(&cut.symbol).is_some() {
        return Ok(Some(cut));
    }
    let at = item.builder();
    let types: Vec<_> = cut.operands.iter().map(|operand| operand.ty()).collect();
    let block = Blk::new(&types, at.location());
    let builder = Builder::at_end(at.context(), block, at.location());
    let arguments = block.arguments();
    let (given, own) = arguments.split_at(given.len());
    callee.results.iter().try_for_each(|result| result.import(lowering, item))?;
    let identities =
        callee.results.iter().map(|result| result.identity(item, builder)).collect::<Result<Vec<_>, _>>()?;
    let inside = Inside { callee, outside: extents, given, extents: own, identities, least };
    let values = if is_aligned { inside.aligned(builder) } else { inside.even(builder) };
    builder.create("func.return", &values, &[], &[], &[]);
    insert(lowering, item, &cut.symbol, block, &callee.types(), &[])?;
    Ok(Some(cut))
}

/// The body of such a function.
struct Inside<'a, 'c> {
    callee: &'a Callee<'c>,
    outside: &'a [Val<'c>],
    /// What stands for the callee's operands, extents apart.
    given: &'a [Val<'c>],
    extents: &'a [Val<'c>],
    identities: Vec<Val<'c>>,
    least: i64,
}

impl<'c> Inside<'_, 'c> {
    /// What the function gives for a piece.
    fn call(&self, builder: &Builder<'c>, piece: &Piece<'c>) -> Vec<Val<'c>> {
        self.callee.call_for(builder, piece, self.given, (self.extents, self.outside))
    }

    /// Room for what the pieces come to, for each result.
    fn partials(&self, builder: &Builder<'c>) -> Vec<Val<'c>> {
        let most = builder.constant_integer(MOST, builder.integer(64));
        self.callee.results.iter().map(|result| llvm::alloca(builder, result.ty, most).result(0)).collect()
    }

    /// The parallel loop, which leaves what each piece comes to.
    fn run(
        &self,
        builder: Builder<'c>,
        partials: &[Val<'c>],
        number: Val<'c>,
        piece: impl FnOnce(&Builder<'c>, Val<'c>) -> Piece<'c>,
    ) {
        pieces::run(builder, number, |inner, index| {
            let values = self.call(&inner, &piece(&inner, index));
            for ((value, room), result) in values.into_iter().zip(partials).zip(&self.callee.results) {
                llvm::store(&inner, value, item_of(&inner, *room, result.ty, index));
            }
        });
    }

    /// What `number` pieces come to, of a result whose order does not matter.
    fn fold(&self, builder: &Builder<'c>, place: usize, partials: Val<'c>, number: Val<'c>) -> Val<'c> {
        let result = &self.callee.results[place];
        counted(builder, number, &[self.identities[place]], |inner, index, carried| {
            let partial = llvm::load(inner, item_of(inner, partials, result.ty, index), result.ty);
            vec![result.fold(inner, carried[0], partial)]
        })[0]
    }

    /// Pieces of about the same length, of what may be combined in any order.
    fn even(&self, builder: Builder<'c>) -> Vec<Val<'c>> {
        let partials = self.partials(&builder);
        let items = count(builder, self.extents);
        let pieces = Pieces::at_least(builder, self.extents[0], items, self.least);
        let cuts = pieces.cuts(builder);
        self.run(builder, &partials, pieces.number, |inner, number| cuts.piece(inner, number));
        (0..partials.len()).map(|place| self.fold(&builder, place, partials[place], pieces.number)).collect()
    }

    /// Pieces of 2^k blocks, and one of what is left.
    fn aligned(&self, builder: Builder<'c>) -> Vec<Val<'c>> {
        let (index, number, total) = (builder.index(), builder.integer(64), self.extents[0]);
        let partials = self.partials(&builder);
        let whole = builder.value("arith.divui", &[total, builder.constant_index(BLOCK)], index, &[]);
        // The least k for which there are not too many.
        let many = builder.value("arith.divui", &[whole, builder.constant_index(MOST)], index, &[]);
        let many = llvm::cast(&builder, many, number);
        let zeros = builder.value("math.ctlz", &[many], number, &[]);
        let bits = builder.constant_integer(64, number);
        let enough = builder.value("arith.subi", &[bits, zeros], number, &[]);
        let least = (self.least / BLOCK).max(1) as u64;
        let least = builder.constant_integer(i64::from(least.next_power_of_two().trailing_zeros()), number);
        let level = builder.value("arith.maxui", &[enough, least], number, &[]);
        let level = llvm::cast(&builder, level, index);
        let length = builder.value("arith.shli", &[builder.constant_index(BLOCK), level], index, &[]);
        let pieces = builder.value("arith.shrui", &[whole, level], index, &[]);
        let several = compare(&builder, "ugt", pieces, builder.constant_index(1));
        let in_pieces = |way: &Builder<'c>| {
            let all = way.value("arith.addi", &[pieces, way.constant_index(1)], index, &[]);
            self.run(*way, &partials, all, |inner, piece| {
                let start = inner.value("arith.muli", &[piece, length], index, &[]);
                let left = inner.value("arith.subi", &[total, start], index, &[]);
                Piece { start, length: inner.value("arith.minui", &[left, length], index, &[]) }
            });
            let start = way.value("arith.muli", &[pieces, length], index, &[]);
            let ragged = compare(way, "ne", start, total);
            let result = |(place, result): (usize, &Combined<'c>)| {
                if !result.is_pairwise() {
                    return self.fold(way, place, partials[place], all);
                }
                let rest = llvm::load(way, item_of(way, partials[place], result.ty, pieces), result.ty);
                let rest = way.value("arith.select", &[ragged, rest, self.identities[place]], result.ty, &[]);
                let pieces = llvm::cast(way, pieces, number);
                call(way, &result.symbol("join"), &[partials[place], pieces, rest], &[result.ty])[0]
            };
            self.callee.results.iter().enumerate().map(result).collect()
        };
        let whole = |way: &Builder<'c>| self.call(way, &Piece { start: way.constant_index(0), length: total });
        choose(&builder, several, &self.callee.types(), in_pieces, whole)
    }
}
