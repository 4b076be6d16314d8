//! `numeric.map_reduce`: a function of its own for each, which computes the elements and combines them, without an array of them.
//!
//! Sums and products of floats are [`pairwise`](super::pairwise). All else is a loop nest that carries the result.

use super::super::arrays::{count, from_memory, to_memory};
use super::super::broadcast::{Check, Positions, broadcast, shapes};
use super::super::casts::narrow;
use super::super::inputs::{Input, Right};
use super::super::pieces::least_items;
use super::super::types::{lowered_scalar, memory_scalar};
use super::super::{Item, Lowering};
use super::callee::{Callee, Combined};
use super::cut::cut;
use super::warps::Warps;
use super::{combined, constant, insert, is_pairwise, refuse_nothing, text};
use crate::support::call_graph::LOOPS;
use crate::support::llvm;
use crate::support::loops::{carrying_nest, choose};
use numir_numeric::ir::{Blk, Builder, Ty, Val};
use numir_numeric::types::Scalar;
use numir_pipeline::PassError;

/// `numeric.map_reduce`
pub fn map_reduce<'c>(lowering: &mut Lowering<'c>, item: &Item<'c>) -> Result<(), PassError> {
    let (builder, scalar, kind) = (item.builder(), item.result_scalar()?, item.text("kind")?);
    let right = Right::of(lowering, item, 0)?;
    let space = broadcast(builder, &shapes(&right.shaped), Check::of(item));
    let total = count(builder, &space.extents);
    refuse_nothing(builder, &kind, total);
    let combined = combined(builder, scalar, &kind);
    if let Some(warps) = Warps::of(item, &right, &space.extents, combined) {
        let value = warps.reduce(lowering)?;
        item.op.replace(&[as_value(builder, scalar, &kind, value)]);
        return Ok(());
    }
    let fills = right.shaped.iter().all(|shaped| shaped.fills(&space.extents));
    let direct = match fills && space.extents.len() > 1 {
        true => {
            let shaped = right.shaped.iter().map(|shaped| shaped.as_row(builder, total)).collect();
            Site { right: Right { shaped, ..right.clone() }, extents: vec![total], stretched: false }
        }
        false => Site { right: right.clone(), extents: space.extents.clone(), stretched: false },
    };
    let mut plan = Plan { lowering, item, scalar, kind: &kind };
    let mut callee = plan.function_for(&direct)?;
    if let Some(least) = least_items(item, Some(direct.right.body), direct.right.shaped.len()) {
        callee = cut(plan.lowering, item, &callee, &direct.extents, least)?.unwrap_or(callee);
    }
    let results = match space.uniform {
        None => callee.call(&builder),
        Some(uniform) => {
            let stretched = plan.function_for(&Site { right, extents: space.extents.clone(), stretched: true })?;
            choose(&builder, uniform, &callee.types(), |way| callee.call(way), |way| stretched.call(way))
        }
    };
    item.op.replace(&[as_value(builder, scalar, &kind, results[0])]);
    Ok(())
}

/// What the function gave, as a value of the type of the items.
pub fn as_value<'c>(builder: Builder<'c>, scalar: Scalar, kind: &str, result: Val<'c>) -> Val<'c> {
    match (is_pairwise(scalar, kind), scalar) {
        (true, Scalar::Float(16)) => narrow(builder, from_zero(builder, kind, result), 16),
        (true, _) => from_zero(builder, kind, result),
        (false, _) => from_memory(builder, scalar, result),
    }
}

/// A sum as if it had begun with 0.0, as NumPy's: of negative zeros it is 0.0.
pub fn from_zero<'c>(builder: Builder<'c>, kind: &str, result: Val<'c>) -> Val<'c> {
    let zero = |ty| builder.constant_float(0.0, ty);
    if kind == "add" { builder.value("arith.addf", &[result, zero(result.ty())], result.ty(), &[]) } else { result }
}

/// The function for a row of items, as part of a joined loop.
pub fn function_for_row<'c>(
    lowering: &mut Lowering<'c>,
    item: &Item<'c>,
    right: Right<'c>,
    total: Val<'c>,
) -> Result<Callee<'c>, PassError> {
    let (scalar, kind) = (item.result_scalar()?, item.text("kind")?);
    Plan { lowering, item, scalar, kind: &kind }.function_for(&Site { right, extents: vec![total], stretched: false })
}

/// One operation and what its functions are made from.
pub(super) struct Plan<'l, 'c> {
    pub(super) lowering: &'l mut Lowering<'c>,
    pub(super) item: &'l Item<'c>,
    pub(super) scalar: Scalar,
    pub(super) kind: &'l str,
}

/// What a function is given: the arrays, the scalars, and the extents of the space.
pub(super) fn operands<'c>(right: &Right<'c>, extents: &[Val<'c>]) -> Vec<Val<'c>> {
    let arrays = right.shaped.iter().map(|shaped| shaped.memref);
    let scalars = right.inputs.iter().filter_map(|input| match input {
        Input::Value(value) => Some(*value),
        Input::Array(_) => None,
    });
    arrays.chain(scalars).chain(extents.iter().copied()).collect()
}

/// The same within the function.
pub(super) struct Arguments<'c> {
    pub(super) right: Right<'c>,
    extents: Vec<Val<'c>>,
    /// For each array, where it is read at a place of the space.
    positions: Vec<Positions<'c>>,
}

impl<'c> Arguments<'c> {
    /// `given` stands for [`operands`]; the builder at the function's start.
    pub(super) fn of(builder: Builder<'c>, site: &Site<'c>, given: &[Val<'c>]) -> Self {
        let mut right = site.right.clone();
        let (memrefs, rest) = given.split_at(right.shaped.len());
        let (mut scalars, mut used) = (rest.iter(), 0);
        for input in &mut right.inputs {
            if let Input::Value(value) = input {
                *value = *scalars.next().unwrap_or(value);
                used += 1;
            }
        }
        let extents = rest[used..][..site.extents.len()].to_vec();
        let mut positions = Vec::new();
        for (shaped, memref) in right.shaped.iter_mut().zip(memrefs) {
            let known = Positions::known(shaped, &site.extents);
            shaped.memref = *memref;
            positions.push(if site.stretched {
                let axes = 0..shaped.extents.len() as i64;
                let dim =
                    |axis| builder.value("memref.dim", &[*memref, builder.constant_index(axis)], builder.index(), &[]);
                shaped.extents = axes.map(dim).collect();
                Positions::of(builder, shaped, &extents)
            } else {
                known
            });
        }
        Self { right, extents, positions }
    }

    /// The element at a place.
    pub(super) fn element(&self, builder: &Builder<'c>, indices: &[Val<'c>]) -> Option<Val<'c>> {
        self.right.element(*builder, |place| self.item(builder, place, indices))
    }

    /// The items of all arrays that it is computed from.
    pub(super) fn items(&self, builder: &Builder<'c>, indices: &[Val<'c>]) -> Vec<Val<'c>> {
        (0..self.right.shaped.len()).map(|place| self.item(builder, place, indices)).collect()
    }

    /// The item of an array.
    fn item(&self, builder: &Builder<'c>, place: usize, indices: &[Val<'c>]) -> Val<'c> {
        let shaped = &self.right.shaped[place];
        let at = self.positions[place].at(*builder, indices);
        let operands: Vec<_> = std::iter::once(shaped.memref).chain(at).collect();
        builder.value("memref.load", &operands, memory_scalar(builder.context(), shaped.array.scalar()), &[])
    }
}

/// A function to be made: the elements that it combines, the space, and whether any axis may be stretched in it, or none but
/// those known to be.
pub(super) struct Site<'c> {
    pub(super) right: Right<'c>,
    pub(super) extents: Vec<Val<'c>>,
    pub(super) stretched: bool,
}

impl<'c> Plan<'_, 'c> {
    /// Makes the function.
    fn function_for(&mut self, site: &Site<'c>) -> Result<Callee<'c>, PassError> {
        let builder = self.item.builder();
        let context = builder.context();
        let operands = operands(&site.right, &site.extents);
        let is_pairwise = is_pairwise(self.scalar, self.kind);
        let result = match is_pairwise {
            true => lowered_scalar(context, Scalar::Float(self.scalar.width().max(32))),
            false => memory_scalar(context, self.scalar),
        };
        let symbol = self.unused_symbol();
        let types: Vec<_> = operands.iter().map(|operand| operand.ty()).collect();
        let block = Blk::new(&types, builder.location());
        let inner = Builder::at_end(context, block, builder.location());
        let value = match is_pairwise {
            true => self.pairwise(inner, &symbol, site, &block.arguments(), result)?,
            false => self.nest(inner, site, &block.arguments(), result)?,
        };
        inner.create("func.return", &[value], &[], &[], &[]);
        // What is written once is compiled once; but rows of few items are not worth a call each.
        let apart = [("passthrough", builder.array(&[builder.string("noinline")]))];
        let attributes = if is_pairwise && site.extents.len() == 1 && self.is_repeated() { &[][..] } else { &apart };
        let symbol = insert(self.lowering, self.item, &symbol, block, &[result], attributes)?;
        let results = vec![Combined { scalar: self.scalar, kind: self.kind.to_owned(), ty: result }];
        Ok(Callee { symbol, operands, shaped: site.right.shaped.clone(), gives_extents: true, results })
    }

    /// A loop nest that carries the result.
    fn nest(
        &self,
        builder: Builder<'c>,
        site: &Site<'c>,
        given: &[Val<'c>],
        element: Ty<'c>,
    ) -> Result<Val<'c>, PassError> {
        let (operation, identity) = text::operation(self.scalar, self.kind)
            .ok_or_else(|| self.item.broken("its kind does not fit its type"))?;
        let identity = constant(self.item, builder, &identity, element)?;
        let arguments = Arguments::of(builder, site, given);
        let results = carrying_nest(&builder, &arguments.extents, &[identity], |inner, indices, carried| {
            let value = arguments.element(inner, indices).map(|value| to_memory(*inner, self.scalar, value));
            value.into_iter().map(|value| inner.value(operation, &[carried[0], value], element, &[])).collect()
        });
        Ok(results[0])
    }

    /// Whether the operation is within a loop.
    fn is_repeated(&self) -> bool {
        let mut around = std::iter::successors(self.item.op.parent(), |outer| outer.parent());
        around.any(|outer| LOOPS.contains(&outer.name()))
    }

    /// A symbol that the module does not have yet.
    fn unused_symbol(&self) -> String {
        let name = |number: usize| format!("numeric.map_reduce.{}.{number}", self.kind);
        let first = self.lowering.computed.len();
        (first..).map(name).find(|name| self.lowering.symbol(name).is_none()).unwrap_or_default()
    }
}

/// A call.
pub fn call<'c>(builder: &Builder<'c>, symbol: &str, arguments: &[Val<'c>], results: &[Ty<'c>]) -> Vec<Val<'c>> {
    builder.create("func.call", arguments, results, &[("callee", builder.symbol(symbol))], &[]).results()
}

/// The address of an item, by its number.
pub fn item_of<'c>(builder: &Builder<'c>, pointer: Val<'c>, ty: Ty<'c>, index: Val<'c>) -> Val<'c> {
    let index = builder.value("arith.index_cast", &[index], builder.integer(64), &[]);
    llvm::item(builder, pointer, ty, index)
}
