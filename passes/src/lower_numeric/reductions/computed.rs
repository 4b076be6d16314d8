//! `numeric.map_reduce`: a function of its own for each, which computes the elements and combines them, without an array of them.
//!
//! Sums and products of floats keep the order of `meaning/pairwise.mlir`: elements are computed row by row into a buffer of 128, which is
//! combined when it is full. The buffer stays in the nearest cache, and filling it is a loop that LLVM vectorises. All else is
//! a loop nest that carries the result.

use super::super::arrays::{count, from_memory, to_memory};
use super::super::broadcast::{Check, Positions, broadcast, shapes};
use super::super::casts::{extend, narrow};
use super::super::elementwise::plain_loop;
use super::super::inputs::{Input, Right};
use super::super::pieces::least_items;
use super::super::types::{lowered_scalar, memory_scalar};
use super::super::{Item, Lowering};
use super::callee::{Callee, Combined};
use super::cut::cut;
use super::{constant, import, insert, is_pairwise, refuse_nothing, text};
use crate::annotate_loops::ANNOTATION;
use crate::support::call_graph::SHORT;
use crate::support::llvm;
use crate::support::loops::{carrying_nest, choose, counted, repeat};
use crate::support::scalars::compare;
use numir_numeric::ir::{Blk, Builder, Ty, Val};
use numir_numeric::types::Scalar;
use numir_pipeline::PassError;

/// Items of a block.
pub const BLOCK: i64 = 128;

/// Items that `few` of `meaning/pairwise.mlir` combines.
const FEW: i64 = 8;

/// `numeric.map_reduce`
pub fn map_reduce<'c>(lowering: &mut Lowering<'c>, item: &Item<'c>) -> Result<(), PassError> {
    let (builder, scalar, kind) = (item.builder(), item.result_scalar()?, item.text("kind")?);
    let right = Right::of(lowering, item, 0)?;
    let space = broadcast(builder, &shapes(&right.shaped), Check::of(item));
    let total = count(builder, &space.extents);
    refuse_nothing(builder, &kind, total);
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
struct Plan<'l, 'c> {
    lowering: &'l mut Lowering<'c>,
    item: &'l Item<'c>,
    scalar: Scalar,
    kind: &'l str,
}

/// What a function is given: the arrays, the scalars, and the extents of the space.
fn operands<'c>(right: &Right<'c>, extents: &[Val<'c>]) -> Vec<Val<'c>> {
    let arrays = right.shaped.iter().map(|shaped| shaped.memref);
    let scalars = right.inputs.iter().filter_map(|input| match input {
        Input::Value(value) => Some(*value),
        Input::Array(_) => None,
    });
    arrays.chain(scalars).chain(extents.iter().copied()).collect()
}

/// The same within the function.
struct Arguments<'c> {
    right: Right<'c>,
    extents: Vec<Val<'c>>,
    /// For each array, where it is read at a place of the space.
    positions: Vec<Positions<'c>>,
}

impl<'c> Arguments<'c> {
    /// `given` stands for [`operands`]; the builder at the function's start.
    fn of(builder: Builder<'c>, site: &Site<'c>, given: &[Val<'c>]) -> Self {
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
    fn element(&self, builder: &Builder<'c>, indices: &[Val<'c>]) -> Option<Val<'c>> {
        self.right.element(*builder, |place| {
            let shaped = &self.right.shaped[place];
            let at = self.positions[place].at(*builder, indices);
            let operands: Vec<_> = std::iter::once(shaped.memref).chain(at).collect();
            builder.value("memref.load", &operands, memory_scalar(builder.context(), shaped.array.scalar()), &[])
        })
    }
}

/// A function to be made: the elements that it combines, the space, and whether any axis may be stretched in it, or none but
/// those known to be.
struct Site<'c> {
    right: Right<'c>,
    extents: Vec<Val<'c>>,
    stretched: bool,
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
        // What is written once is compiled once.
        let apart = builder.array(&[builder.string("noinline")]);
        let symbol = insert(self.lowering, self.item, &symbol, block, &[result], &[("passthrough", apart)])?;
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

    /// Rows of elements into a buffer, which is combined when it is full.
    fn pairwise(
        &mut self,
        builder: Builder<'c>,
        symbol: &str,
        site: &Site<'c>,
        given: &[Val<'c>],
        float: Ty<'c>,
    ) -> Result<Val<'c>, PassError> {
        let blocks = text::blocks(self.scalar, self.kind);
        import(self.lowering, self.item, &blocks.symbol("block"), &(blocks.aliases.clone() + &blocks.text))?;
        let fill = self.fill(symbol, site, float)?;
        let slots = builder.constant_integer(BLOCK, builder.integer(64));
        let aligned = [("elem_type", builder.type_attribute(float)), ("alignment", builder.i64_attribute(64))];
        let buffer = builder.value("llvm.alloca", &[slots], builder.pointer(), &aligned);
        let pending = llvm::alloca(&builder, float, slots).result(0);

        let space = &given[given.len() - site.extents.len()..];
        let (rows, columns) = (&space[..space.len() - 1], space[space.len() - 1]);
        let (index, number) = (builder.index(), builder.integer(64));
        let combine = |builder: &Builder<'c>, done: Val<'c>| {
            let sum = call(builder, &blocks.symbol("block"), &[buffer], &[float]);
            call(builder, &blocks.symbol("carry"), &[pending, done, sum[0]], &[]);
            builder.value("arith.addi", &[done, builder.constant_integer(1, number)], number, &[])
        };
        let (_, identity, empty) = text::floats(self.kind);
        let (identity, empty) =
            (constant(self.item, builder, identity, float)?, constant(self.item, builder, empty, float)?);
        let fill_up = |builder: &Builder<'c>, filled: Val<'c>, size: i64| {
            let rest = builder.value("arith.subi", &[builder.constant_index(size), filled], index, &[]);
            let free = item_of(builder, buffer, float, filled);
            call(builder, &blocks.symbol("pad"), &[free, rest, identity], &[]);
        };

        let many = |builder: &Builder<'c>| {
            let start = [builder.constant_index(0), builder.constant_integer(0, number)];
            let state = carrying_nest(builder, rows, &start, |outer, row, carried| {
                let start = [outer.constant_index(0), carried[0], carried[1]];
                let more = |head: &Builder<'c>, state: &[Val<'c>]| compare(head, "ult", state[0], columns);
                let next = |inner: &Builder<'c>, state: &[Val<'c>]| {
                    let &[column, filled, done] = state else { return Vec::new() };
                    let size = inner.constant_index(BLOCK);
                    let rest = inner.value("arith.subi", &[columns, column], index, &[]);
                    let room = inner.value("arith.subi", &[size, filled], index, &[]);
                    let run = inner.value("arith.minui", &[rest, room], index, &[]);
                    let slot = item_of(inner, buffer, float, filled);
                    let handed: Vec<_> = given.iter().chain(row).copied().chain([column, run, slot]).collect();
                    call(inner, &fill, &handed, &[]);
                    let filled = inner.value("arith.addi", &[filled, run], index, &[]);
                    let is_full = compare(inner, "eq", filled, size);
                    let full = |way: &Builder<'c>| vec![way.constant_index(0), combine(way, done)];
                    let state = choose(inner, is_full, &[index, number], full, |_| vec![filled, done]);
                    let column = inner.value("arith.addi", &[column, run], index, &[]);
                    vec![column, state[0], state[1]]
                };
                repeat(outer, &start, more, next)[1..].to_vec()
            });
            // What is left in the buffer is filled up.
            let is_ragged = compare(builder, "ne", state[0], start[0]);
            let ragged = |way: &Builder<'c>| {
                fill_up(way, state[0], BLOCK);
                vec![combine(way, state[1])]
            };
            let done = choose(builder, is_ragged, &[number], ragged, |_| vec![state[1]])[0];
            let sum = call(builder, &blocks.symbol("finish"), &[pending, done], &[float])[0];
            let nothing = compare(builder, "eq", done, start[1]);
            vec![builder.value("arith.select", &[nothing, empty, sum], float, &[])]
        };
        // The items of a short row are few: what a block costs would be most of their cost.
        let few = |builder: &Builder<'c>| {
            let zero = builder.constant_index(0);
            fill_up(builder, columns, FEW);
            let handed: Vec<_> = given.iter().copied().chain([zero, columns, buffer]).collect();
            call(builder, &fill, &handed, &[]);
            let sum = call(builder, &blocks.symbol("few"), &[buffer], &[float])[0];
            let nothing = compare(builder, "eq", columns, zero);
            vec![builder.value("arith.select", &[nothing, empty, sum], float, &[])]
        };
        if !rows.is_empty() {
            return Ok(many(&builder)[0]);
        }
        let is_few = compare(&builder, "ule", columns, builder.constant_index(FEW));
        Ok(choose(&builder, is_few, &[float], few, many)[0])
    }

    /// The function that computes a run of elements of one row, and stores them one after the other.
    fn fill(&mut self, symbol: &str, site: &Site<'c>, float: Ty<'c>) -> Result<String, PassError> {
        let at = self.item.builder();
        let mut types: Vec<_> = operands(&site.right, &site.extents).iter().map(|operand| operand.ty()).collect();
        let shared = types.len();
        // The row, the first column, the number of columns, and where to store.
        types.extend(vec![at.index(); site.extents.len() + 1]);
        types.push(at.pointer());
        let block = Blk::new(&types, at.location());
        let builder = Builder::at_end(at.context(), block, at.location());
        let given = block.arguments();
        let arguments = Arguments::of(builder, site, &given);
        let [row @ .., column, run, slot] = &given[shared..] else { return Err(self.item.broken("it has no axes")) };
        counted(&builder, *run, &[], |inner, position, _| {
            let column = inner.value("arith.addi", &[*column, position], inner.index(), &[]);
            let indices: Vec<_> = row.iter().copied().chain([column]).collect();
            if let Some(value) = arguments.element(inner, &indices) {
                let value = if self.scalar == Scalar::Float(16) { extend(*inner, value, 32) } else { value };
                llvm::store(inner, value, item_of(inner, *slot, float, position));
            }
            Vec::new()
        });
        // It is rarely called, as the like of it in `elementwise`.
        if site.stretched {
            let mark = plain_loop(self.item, builder)?;
            block
                .operations()
                .iter()
                .filter(|made| made.is("scf.for"))
                .for_each(|made| made.set_attribute(ANNOTATION, mark));
        }
        builder.create("func.return", &[], &[], &[], &[]);
        insert(self.lowering, self.item, &format!("{symbol}.fill"), block, &[], &[(SHORT, at.unit())])
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
