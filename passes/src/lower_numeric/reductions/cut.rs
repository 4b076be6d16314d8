//! Reductions over the pool: the function that combines all items is called for pieces of them, in a parallel loop, and what it gives
//! for those is combined in their order.
//!
//! Sums and products of floats are cut at multiples of 2^k blocks, so that the order in which they are added up stays the one that
//! `meaning/pairwise.mlir` fixes: the result is the same to the bit, in however many pieces and on however many threads.

use super::super::arrays::count;
use super::super::broadcast::Shaped;
use super::super::pieces::{self, MOST, Piece, Pieces};
use super::super::{Item, Lowering};
use super::computed::{BLOCK, call, item_of};
use super::{constant, import, insert, is_pairwise, text};
use crate::support::llvm;
use crate::support::loops::{choose, counted};
use crate::support::scalars::compare;
use numir_numeric::ir::{Blk, Builder, Ty, Val};
use numir_numeric::types::Scalar;
use numir_pipeline::PassError;

/// A call of a function that combines the items of a space.
#[derive(Clone)]
pub struct Callee<'c> {
    /// The function.
    pub symbol: String,
    /// What it is given: first the arrays; last the extents of the space, if it wants them.
    pub operands: Vec<Val<'c>>,
    /// What it gives.
    pub result: Ty<'c>,
}

impl<'c> Callee<'c> {
    /// The call.
    pub fn call(&self, builder: &Builder<'c>) -> Vec<Val<'c>> {
        call(builder, &self.symbol, &self.operands, &[self.result])
    }
}

/// What there is to be combined.
pub struct Space<'a, 'c> {
    /// The arrays that the function is given.
    pub shaped: &'a [Shaped<'c>],
    /// The extents.
    pub extents: &'a [Val<'c>],
    /// Whether the function wants the extents.
    pub gives_extents: bool,
    /// How many items a piece has at least.
    pub least: i64,
}

/// The function that does in pieces what `callee` does; None where that cannot be.
pub fn cut<'c>(
    lowering: &mut Lowering<'c>,
    item: &Item<'c>,
    (scalar, kind): (Scalar, &str),
    callee: &Callee<'c>,
    space: &Space<'_, 'c>,
) -> Result<Option<Callee<'c>>, PassError> {
    let is_pairwise = is_pairwise(scalar, kind);
    if is_pairwise && space.extents.len() != 1 {
        return Ok(None);
    }
    let given = callee.operands.len() - if space.gives_extents { space.extents.len() } else { 0 };
    let operands: Vec<_> = callee.operands[..given].iter().chain(space.extents).copied().collect();
    let cut = Callee { symbol: format!("{}.pieces", callee.symbol), operands, result: callee.result };
    if lowering.symbol(&cut.symbol).is_some() {
        return Ok(Some(cut));
    }
    let at = item.builder();
    let types: Vec<_> = cut.operands.iter().map(|operand| operand.ty()).collect();
    let block = Blk::new(&types, at.location());
    let builder = Builder::at_end(at.context(), block, at.location());
    let arguments = block.arguments();
    let inside = Inside { callee, space, given: &arguments[..given], extents: &arguments[given..] };
    let value = if is_pairwise {
        let blocks = text::blocks(scalar, kind);
        let join = text::join(scalar, kind);
        import(lowering, item, &blocks.symbol("join"), &join)?;
        let (_, identity, _) = text::floats(kind);
        inside.aligned(builder, &blocks.symbol("join"), constant(item, builder, identity, callee.result)?)
    } else {
        let Some((operation, identity)) = text::operation(scalar, kind) else { return Ok(None) };
        inside.even(builder, operation, constant(item, builder, &identity, callee.result)?)
    };
    builder.create("func.return", &[value], &[], &[], &[]);
    insert(lowering, item, &cut.symbol, block, &[callee.result], &[])?;
    Ok(Some(cut))
}

/// The body of such a function.
struct Inside<'a, 'c> {
    callee: &'a Callee<'c>,
    space: &'a Space<'a, 'c>,
    /// What stands for the callee's operands, extents apart.
    given: &'a [Val<'c>],
    extents: &'a [Val<'c>],
}

impl<'c> Inside<'_, 'c> {
    /// What the function gives for a piece.
    fn call(&self, builder: &Builder<'c>, piece: &Piece<'c>) -> Val<'c> {
        let mut operands = self.given.to_vec();
        for (operand, shaped) in operands.iter_mut().zip(self.space.shaped) {
            if shaped.follows_first(self.space.extents) {
                let axes = 0..shaped.extents.len() as i64;
                let dim =
                    |axis| builder.value("memref.dim", &[*operand, builder.constant_index(axis)], builder.index(), &[]);
                let inside = Shaped { memref: *operand, array: shaped.array, extents: axes.map(dim).collect() };
                *operand = piece.slice(*builder, &inside).memref;
            }
        }
        if self.space.gives_extents {
            operands.push(piece.length);
            operands.extend(&self.extents[1..]);
        }
        call(builder, &self.callee.symbol, &operands, &[self.callee.result])[0]
    }

    /// Room for what the pieces come to.
    fn partials(&self, builder: &Builder<'c>) -> Val<'c> {
        llvm::alloca(builder, self.callee.result, builder.constant_integer(MOST, builder.integer(64))).result(0)
    }

    /// The parallel loop, which leaves what each piece comes to.
    fn run(
        &self,
        builder: Builder<'c>,
        partials: Val<'c>,
        number: Val<'c>,
        piece: impl FnOnce(&Builder<'c>, Val<'c>) -> Piece<'c>,
    ) {
        pieces::run(builder, number, |inner, index| {
            let value = self.call(&inner, &piece(&inner, index));
            llvm::store(&inner, value, item_of(&inner, partials, self.callee.result, index));
        });
    }

    /// Pieces of about the same length, of what may be combined in any order.
    fn even(&self, builder: Builder<'c>, operation: &str, identity: Val<'c>) -> Val<'c> {
        let partials = self.partials(&builder);
        let items = count(builder, self.extents);
        let pieces = Pieces::at_least(builder, self.extents[0], items, self.space.least);
        let cuts = pieces.cuts(builder);
        self.run(builder, partials, pieces.number, |inner, number| cuts.piece(inner, number));
        let result = self.callee.result;
        let combined = counted(&builder, pieces.number, &[identity], |inner, number, carried| {
            let partial = llvm::load(inner, item_of(inner, partials, result, number), result);
            vec![inner.value(operation, &[carried[0], partial], result, &[])]
        });
        combined[0]
    }

    /// Pieces of 2^k blocks, and what is left.
    fn aligned(&self, builder: Builder<'c>, join: &str, identity: Val<'c>) -> Val<'c> {
        let (index, number, total) = (builder.index(), builder.integer(64), self.extents[0]);
        let partials = self.partials(&builder);
        let whole = builder.value("arith.divui", &[total, builder.constant_index(BLOCK)], index, &[]);
        // The least k for which there are not too many.
        let many = builder.value("arith.divui", &[whole, builder.constant_index(MOST)], index, &[]);
        let many = llvm::cast(&builder, many, number);
        let zeros = builder.value("math.ctlz", &[many], number, &[]);
        let bits = builder.constant_integer(64, number);
        let enough = builder.value("arith.subi", &[bits, zeros], number, &[]);
        let least = (self.space.least / BLOCK).max(1) as u64;
        let least = builder.constant_integer(i64::from(least.next_power_of_two().trailing_zeros()), number);
        let level = builder.value("arith.maxui", &[enough, least], number, &[]);
        let level = llvm::cast(&builder, level, index);
        let length = builder.value("arith.shli", &[builder.constant_index(BLOCK), level], index, &[]);
        let pieces = builder.value("arith.shrui", &[whole, level], index, &[]);
        let several = compare(&builder, "ugt", pieces, builder.constant_index(1));
        let result = choose(
            &builder,
            several,
            &[self.callee.result],
            |way| {
                let start = |inner: &Builder<'c>, piece| inner.value("arith.muli", &[piece, length], index, &[]);
                self.run(*way, partials, pieces, |inner, number| Piece { start: start(inner, number), length });
                let start = start(way, pieces);
                let rest = way.value("arith.subi", &[total, start], index, &[]);
                let ragged = compare(way, "ne", rest, way.constant_index(0));
                let rest = choose(
                    way,
                    ragged,
                    &[self.callee.result],
                    |way| vec![self.call(way, &Piece { start, length: rest })],
                    |_| vec![identity],
                );
                let pieces = llvm::cast(way, pieces, number);
                call(way, join, &[partials, pieces, rest[0]], &[self.callee.result])
            },
            |way| {
                let start = way.constant_index(0);
                vec![self.call(way, &Piece { start, length: total })]
            },
        );
        result[0]
    }
}
