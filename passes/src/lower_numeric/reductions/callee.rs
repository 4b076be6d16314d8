//! Functions that combine items, and what they give.

use super::super::broadcast::Shaped;
use super::super::pieces::Piece;
use super::super::{Item, Lowering};
use super::computed::call;
use super::{constant, import, is_pairwise, text};
use numir_numeric::ir::{Builder, Ty, Val};
use numir_numeric::types::Scalar;
use numir_pipeline::PassError;

/// A result of such a function.
#[derive(Clone)]
pub struct Combined<'c> {
    /// The type of the items.
    pub scalar: Scalar,
    /// How they are combined.
    pub kind: String,
    /// The type of the result.
    pub ty: Ty<'c>,
}

impl<'c> Combined<'c> {
    /// Whether it has the order of `meaning/pairwise.mlir`.
    pub fn is_pairwise(&self) -> bool {
        is_pairwise(self.scalar, &self.kind)
    }

    /// Whether what parts of the items come to can be combined.
    pub fn has_parts(&self) -> bool {
        self.is_pairwise() || text::operation(self.scalar, &self.kind).is_some()
    }

    /// What changes nothing that it is combined with.
    pub fn identity(&self, item: &Item<'c>, builder: Builder<'c>) -> Result<Val<'c>, PassError> {
        let known = text::operation(self.scalar, &self.kind).map(|(_, identity)| identity);
        let identity =
            if self.is_pairwise() { text::floats(&self.kind).1.to_owned() } else { known.unwrap_or_default() };
        constant(item, builder, &identity, self.ty)
    }

    /// Two of them, where the order does not matter.
    pub fn fold(&self, builder: &Builder<'c>, left: Val<'c>, right: Val<'c>) -> Val<'c> {
        match text::operation(self.scalar, &self.kind) {
            Some((operation, _)) => builder.value(operation, &[left, right], self.ty, &[]),
            None => right,
        }
    }

    /// Sees to it that the module has the functions that put pairwise sums together.
    pub fn import(&self, lowering: &mut Lowering<'c>, item: &Item<'c>) -> Result<(), PassError> {
        match self.is_pairwise() {
            true => import(lowering, item, &self.symbol("join"), &text::join(self.scalar, &self.kind)),
            false => Ok(()),
        }
    }

    /// The symbol of one of those.
    pub fn symbol(&self, function: &str) -> String {
        text::blocks(self.scalar, &self.kind).symbol(function)
    }
}

/// A call of a function that combines the items of a space.
#[derive(Clone)]
pub struct Callee<'c> {
    /// The function.
    pub symbol: String,
    /// What it is given: first the arrays; last the extents of the space, if it wants them.
    pub operands: Vec<Val<'c>>,
    /// The arrays, as they are where the call stands.
    pub shaped: Vec<Shaped<'c>>,
    /// Whether it wants the extents.
    pub gives_extents: bool,
    /// What it gives.
    pub results: Vec<Combined<'c>>,
}

impl<'c> Callee<'c> {
    /// The types of what it gives.
    pub fn types(&self) -> Vec<Ty<'c>> {
        self.results.iter().map(|result| result.ty).collect()
    }

    /// The call.
    pub fn call(&self, builder: &Builder<'c>) -> Vec<Val<'c>> {
        call(builder, &self.symbol, &self.operands, &self.types())
    }

    /// What it is given, the extents of a space of `rank` axes apart.
    pub fn given(&self, rank: usize) -> &[Val<'c>] {
        &self.operands[..self.operands.len() - if self.gives_extents { rank } else { 0 }]
    }

    /// The call for a piece of the space, in another function: `given` stands for [`Callee::given`], `extents` for those of
    /// the space, which are `outside` where the call stands.
    pub fn call_for(
        &self,
        builder: &Builder<'c>,
        piece: &Piece<'c>,
        given: &[Val<'c>],
        (extents, outside): (&[Val<'c>], &[Val<'c>]),
    ) -> Vec<Val<'c>> {
        let mut operands = given.to_vec();
        for (operand, shaped) in operands.iter_mut().zip(&self.shaped) {
            if shaped.follows_first(outside) {
                let axes = 0..shaped.extents.len() as i64;
                let dim =
                    |axis| builder.value("memref.dim", &[*operand, builder.constant_index(axis)], builder.index(), &[]);
                let inside = Shaped { memref: *operand, array: shaped.array, extents: axes.map(dim).collect() };
                *operand = piece.slice(*builder, &inside).memref;
            }
        }
        if self.gives_extents {
            operands.push(piece.length);
            operands.extend(&extents[1..]);
        }
        call(builder, &self.symbol, &operands, &self.types())
    }
}
