//! Whole-array statements as `linalg.generic`: `map` into a fresh buffer, or over an operand that `reuse-arrays` found to be needed no more,
//! `assign` into its destination.
//!
//! Extents are run-time values, so which axes of an input are stretched (have extent 1) is in general known at run time
//! only, and a linalg map is static. Two versions are made where it is not known: one for inputs that are not stretched, whose loops
//! are as simple as the layouts allow, and one in which the index of a stretched axis stays 0. The second version of an assignment goes
//! through a buffer, and serves for inputs that overlap its destination too.

use super::arrays::{allocate, count, to_memory};
use super::broadcast::{Check, Positions, Shaped, Space, both, broadcast, broadcast_to, shapes};
use super::inputs::{Input, Right};
use super::items;
use super::overlap::compared;
use super::pieces::Pieces;
use super::reductions::{Callee, insert};
use super::types::memory_scalar;
use super::{Item, Lowering};
use crate::annotate_loops::ANNOTATION;
use crate::resolve_overlaps::APART;
use crate::reuse_arrays::REUSED;
use crate::support::call_graph::SHORT;
use crate::support::llvm;
use crate::support::loops::nest;
use crate::support::scalars::compare;
use melior::ir::Attribute;
use numir_numeric::ir::{Blk, Builder, Reg, Val};
use numir_numeric::types::{ArrayType, Layout};
use numir_pipeline::PassError;
use std::collections::HashSet;

/// `numeric.map`
pub fn map<'c>(lowering: &mut Lowering<'c>, item: &Item<'c>) -> Result<(), PassError> {
    let (builder, array) = (item.builder(), item.result_array()?);
    let right = Right::of(lowering, item, 0)?;
    let space = broadcast(builder, &shapes(&right.shaped), Check::of(item));
    if let Some(over) = reused(item, &right, &space.extents) {
        return write_over(lowering, item, &right, (over, array), space);
    }
    let memref = allocate(lowering, builder, array, &space.extents);
    let target = Shaped { memref, array, extents: space.extents.clone() };
    match space.uniform {
        None => direct(item, builder, &right, &target)?,
        Some(uniform) => {
            let (then, otherwise) = branch(builder, uniform);
            direct(item, then, &right, &target)?;
            stretched(item, otherwise, &right, &target)?;
            [then, otherwise].into_iter().for_each(end_branch);
        }
    }
    item.op.replace(&[memref]);
    Ok(())
}

/// The operand whose memory the result takes over, if it is to, and is not known to be stretched.
fn reused<'c>(item: &Item<'c>, right: &Right<'c>, extents: &[Val<'c>]) -> Option<Val<'c>> {
    let place = item.op.integer_attribute(REUSED).and_then(|place| usize::try_from(place).ok())?;
    let memref = item.op.operand(place);
    right.shaped.iter().find(|shaped| shaped.memref == memref && shaped.fills(extents)).map(|_| memref)
}

/// A map whose result takes over the memory of an operand, unless axes are stretched.
fn write_over<'c>(
    lowering: &mut Lowering<'c>,
    item: &Item<'c>,
    right: &Right<'c>,
    (over, array): (Val<'c>, ArrayType<'c>),
    space: Space<'c>,
) -> Result<(), PassError> {
    let Space { extents, uniform } = space;
    let take_over = |builder: Builder<'c>| {
        let target = Shaped { memref: over, array, extents: extents.clone() };
        direct(item, builder, right, &target)?;
        // The operand is released, as it would have been.
        builder.create("numeric.retain", &[over], &[], &[], &[]);
        builder.create("scf.yield", &[over], &[], &[], &[]);
        Ok::<(), PassError>(())
    };
    let builder = item.builder();
    let result = match uniform {
        // The result is another owner of the same memory, so it is another value.
        None => {
            let block = Blk::new(&[], builder.location());
            let region = builder.create("scf.execute_region", &[], &[over.ty()], &[], &[Reg::with_block(block)]);
            take_over(builder.into_block(block))?;
            region.result(0)
        }
        Some(uniform) => {
            let blocks = [Blk::new(&[], builder.location()), Blk::new(&[], builder.location())];
            let branches = builder.create("scf.if", &[uniform], &[over.ty()], &[], &blocks.map(Reg::with_block));
            let [then, otherwise] = blocks.map(|block| builder.into_block(block));
            take_over(then)?;
            let memref = allocate(lowering, otherwise, array, &extents);
            stretched(item, otherwise, right, &Shaped { memref, array, extents: extents.clone() })?;
            otherwise.create("scf.yield", &[memref], &[], &[], &[]);
            branches.result(0)
        }
    };
    lowering.known.set_fresh(result, extents);
    item.op.replace(&[result]);
    Ok(())
}

/// `numeric.assign`
pub fn assign<'c>(lowering: &mut Lowering<'c>, item: &Item<'c>) -> Result<(), PassError> {
    let (builder, array, memref) = (item.builder(), item.operand_array(0)?, item.op.operand(0));
    let right = Right::of(lowering, item, 1)?;
    let extents = lowering.known.extents(memref, array.rank(), builder);
    let target = Shaped { memref, array, extents };
    let space = broadcast_to(builder, &target.extents, &shapes(&right.shaped), Check::of(item));
    let is_apart = item.op.attribute(APART).is_some();
    let risky: Vec<_> = right
        .shaped
        .iter()
        .filter(|input| !is_apart && input.memref != memref && !lowering.known.are_distinct(memref, input.memref))
        .collect();
    let whole = lowering.known.origin(memref);
    let of_target: HashSet<_> =
        risky.iter().filter(|input| lowering.known.origin(input.memref) == whole).map(|input| input.memref).collect();
    // Views of one array that are neither the same nor known to be apart overlap more often than not.
    let is_likely = space.uniform.is_none() && !of_target.is_empty();
    if is_likely && of_target.len() > 1 {
        // One of them is not what is written, and a stencil that updates its array does overlap: one version is enough.
        through_buffer(lowering, item, builder, (&right, &target), is_likely)?;
        item.op.erase();
        return Ok(());
    }
    let flag = builder.integer(1);
    let clash = compared(lowering, builder, &target, &risky)
        .iter()
        .map(|pair| pair.clash(builder))
        .reduce(|any, clash| builder.value("arith.ori", &[any, clash], flag, &[]));
    let simple = match (space.uniform, clash) {
        (uniform, Some(clash)) => {
            let yes = builder.constant_integer(1, flag);
            let safe = builder.value("arith.xori", &[clash, yes], flag, &[]);
            Some(both(builder, uniform, safe))
        }
        (uniform, None) => uniform,
    };
    match simple {
        None => direct(item, builder, &right, &target)?,
        Some(simple) => {
            let (then, otherwise) = branch(builder, simple);
            direct(item, then, &right, &target)?;
            through_buffer(lowering, item, otherwise, (&right, &target), is_likely)?;
            [then, otherwise].into_iter().for_each(end_branch);
        }
    }
    item.op.erase();
    Ok(())
}

/// Evaluates the right side into a buffer, then copies that. Where it is likely to come to that the loops are as good as others.
fn through_buffer<'c>(
    lowering: &mut Lowering<'c>,
    item: &Item<'c>,
    builder: Builder<'c>,
    (right, target): (&Right<'c>, &Shaped<'c>),
    is_likely: bool,
) -> Result<(), PassError> {
    let array = target.array.with_layout(Layout::C);
    let memref = allocate(lowering, builder, array, &target.extents);
    let buffer = Shaped { memref, array, extents: target.extents.clone() };
    let plain = match is_likely {
        true => direct(item, builder, right, &buffer).map(|()| None)?,
        false => stretched(item, builder, right, &buffer).and_then(|()| plain_loop(item, builder).map(Some))?,
    };
    let element = memory_scalar(builder.context(), array.scalar());
    nest(&builder, &target.extents, |inner, indices| {
        let operands: Vec<_> = std::iter::once(memref).chain(indices.iter().copied()).collect();
        let value = inner.value("memref.load", &operands, element, &[]);
        store(*inner, plain, value, target.memref, indices);
    });
    builder.create("numeric.release", &[memref], &[], &[], &[]);
    Ok(())
}

/// The version in which any axis may be stretched. It is taken rarely, so these are plain loops that LLVM is told to leave as they
/// are: optimised, they would take most of the time that it takes to compile the statement.
fn stretched<'c>(
    item: &Item<'c>,
    builder: Builder<'c>,
    right: &Right<'c>,
    target: &Shaped<'c>,
) -> Result<(), PassError> {
    let positions: Vec<_> = right.shaped.iter().map(|shaped| Positions::of(builder, shaped, &target.extents)).collect();
    if items::are_iterations(item) {
        let position = |inner, input: usize, place: &[Val<'c>]| positions[input].at(inner, place);
        items::each_at(builder, right, &right.shaped, target, position);
        return Ok(());
    }
    let plain = plain_loop(item, builder)?;
    nest(&builder, &target.extents, |inner, indices| {
        let read = |place: usize| {
            let (memref, scalar) = (right.shaped[place].memref, right.shaped[place].array.scalar());
            let operands: Vec<_> = std::iter::once(memref).chain(positions[place].at(*inner, indices)).collect();
            inner.value("memref.load", &operands, memory_scalar(inner.context(), scalar), &[])
        };
        if let Some(result) = right.element(*inner, read) {
            store(*inner, Some(plain), to_memory(*inner, target.array.scalar(), result), target.memref, indices);
        }
    });
    Ok(())
}

/// Stores an element inside of a loop nest and marks its loops, if there is a mark.
fn store<'c>(builder: Builder<'c>, mark: Option<Attribute<'c>>, value: Val<'c>, memref: Val<'c>, indices: &[Val<'c>]) {
    let operands: Vec<_> = [value, memref].into_iter().chain(indices.iter().copied()).collect();
    let store = builder.create("memref.store", &operands, &[], &[], &[]);
    let Some(mark) = mark else { return };
    let loops = std::iter::successors(store.parent(), |parent| parent.parent());
    loops.take(indices.len()).for_each(|each| each.set_attribute(ANNOTATION, mark));
}

/// The mark of a loop that LLVM should neither vectorise nor unroll.
pub fn plain_loop<'c>(item: &Item<'c>, builder: Builder<'c>) -> Result<Attribute<'c>, PassError> {
    const TEXT: &str = "#llvm.loop_annotation<vectorize = #llvm.loop_vectorize<disable = true>, unroll = #llvm.loop_unroll<disable = true>>";
    parse(item, builder, TEXT)
}

fn parse<'c>(item: &Item<'c>, builder: Builder<'c>, text: &str) -> Result<Attribute<'c>, PassError> {
    Attribute::parse(builder.context(), text).ok_or_else(|| item.broken(&format!("{text} is no attribute")))
}

/// An `scf.if` without results; builders in its two blocks.
fn branch<'c>(builder: Builder<'c>, condition: Val<'c>) -> (Builder<'c>, Builder<'c>) {
    let blocks = [Blk::new(&[], builder.location()), Blk::new(&[], builder.location())];
    builder.create("scf.if", &[condition], &[], &[], &blocks.map(Reg::with_block));
    let [then, otherwise] = blocks.map(|block| builder.into_block(block));
    (then, otherwise)
}

fn end_branch(builder: Builder<'_>) {
    builder.create("scf.yield", &[], &[], &[], &[]);
}

/// The version in which no axis is stretched but those known to have extent 1. What is in Fortran order is computed with the axes
/// reversed. Arrays without gaps are taken as one row. Large ones are computed in pieces at once, where the function is parallel.
fn direct<'c>(item: &Item<'c>, builder: Builder<'c>, right: &Right<'c>, target: &Shaped<'c>) -> Result<(), PassError> {
    let mut arrays: Vec<_> = right.shaped.iter().chain([target]).cloned().collect();
    let mut extents = target.extents.clone();
    if extents.len() > 1 && target.array.layout() == Layout::F {
        extents.reverse();
        arrays.iter_mut().for_each(|shaped| *shaped = shaped.reversed(builder, extents.len()));
    }
    if extents.len() > 1 && arrays.iter().all(|shaped| shaped.fills(&extents)) {
        extents = vec![count(builder, &extents)];
        arrays.iter_mut().for_each(|shaped| *shaped = shaped.as_row(builder, extents[0]));
    }
    if let (true, Some((target, inputs))) = (items::are_iterations(item), arrays.split_last()) {
        items::each(builder, right, inputs, target);
        return Ok(());
    }
    let whole = |builder: Builder<'c>, arrays: &[Shaped<'c>]| {
        let Some((target, inputs)) = arrays.split_last() else { return Ok(()) };
        let rank = target.extents.len();
        if rank > 1 && inputs.iter().any(|input| is_number_of_row(input, &target.extents)) {
            rows(builder, right, inputs, target);
            return Ok(());
        }
        let operands: Vec<_> =
            inputs.iter().map(|shaped| (shaped.memref, broadcast_map(shaped, &target.extents))).collect();
        compute(item, builder, right, &operands, (target.memref, target.array), rank)
    };
    match Pieces::of(item, builder, right.body, arrays.len(), &extents) {
        None => whole(builder, &arrays),
        Some(pieces) => {
            let cut = |builder: Builder<'c>| {
                pieces.run(builder, |inner, piece| {
                    let parts: Vec<_> = arrays.iter().map(|shaped| piece.part(inner, shaped, &extents)).collect();
                    whole(inner, &parts)
                })
            };
            if !is_short_in_loop(item, right) {
                return cut(builder);
            }
            let is_one = compare(&builder, "eq", pieces.number, builder.constant_index(1));
            let (then, otherwise) = branch(builder, is_one);
            whole(then, &arrays)?;
            cut(otherwise)?;
            [then, otherwise].into_iter().for_each(end_branch);
            Ok(())
        }
    }
}

/// Operations of this many steps are written out where they stand, for the case that there is one piece.
const SHORT_BODY: usize = 3;

/// Whether an operation is short and may be done many times: a row is copied in less time than it takes to call the function for pieces of it.
fn is_short_in_loop<'c>(item: &Item<'c>, right: &Right<'c>) -> bool {
    let mut around = std::iter::successors(item.op.parent(), |parent| parent.parent());
    let is_repeated = around.any(|parent| ["scf.for", "scf.while"].contains(&parent.name()));
    is_repeated && right.body.operations().len() <= SHORT_BODY + 1
}

/// Whether an input is known to have one item for each row of a space.
fn is_number_of_row<'c>(input: &Shaped<'c>, space: &[Val<'c>]) -> bool {
    input.extents.len() > 1 && input.is_stretched(space, input.extents.len() - 1)
}

/// The same loops, where inputs have one item for each row: it is read before the row is begun. LLVM would read it again for each item of the row
/// if it cannot see that it is not written to in between.
fn rows<'c>(builder: Builder<'c>, right: &Right<'c>, inputs: &[Shaped<'c>], target: &Shaped<'c>) {
    let extents = &target.extents;
    let read = |at: Builder<'c>, input: &Shaped<'c>, indices: &[Val<'c>]| {
        let first = extents.len() - input.extents.len();
        let own = (0..input.extents.len()).map(|axis| match input.is_stretched(extents, axis) {
            true => at.constant_index(0),
            false => indices[first + axis],
        });
        let operands: Vec<_> = std::iter::once(input.memref).chain(own).collect();
        at.value("memref.load", &operands, memory_scalar(at.context(), input.array.scalar()), &[])
    };
    let (last, outer) = (extents[extents.len() - 1], &extents[..extents.len() - 1]);
    nest(&builder, outer, |row, place| {
        let number = |input| is_number_of_row(input, extents).then(|| read(*row, input, place));
        let numbers: Vec<_> = inputs.iter().map(number).collect();
        nest(row, &[last], |inner, position| {
            let indices = [place, position].concat();
            let item = |number: usize| numbers[number].unwrap_or_else(|| read(*inner, &inputs[number], &indices));
            if let Some(result) = right.element(*inner, item) {
                let result = to_memory(*inner, target.array.scalar(), result);
                store(*inner, None, result, target.memref, &indices);
            }
        });
    });
}

/// The function that computes a row of items into `target`, as part of a joined loop; a call of it for all of them.
pub fn function_for_row<'c>(
    lowering: &mut Lowering<'c>,
    item: &Item<'c>,
    right: &Right<'c>,
    target: Shaped<'c>,
) -> Result<Callee<'c>, PassError> {
    let at = item.builder();
    let shaped: Vec<_> = right.shaped.iter().cloned().chain([target]).collect();
    let numbers = right.inputs.iter().filter_map(|input| match input {
        Input::Value(value) => Some(*value),
        Input::Array(_) => None,
    });
    let operands: Vec<_> = shaped.iter().map(|shaped| shaped.memref).chain(numbers).collect();
    let types: Vec<_> = operands.iter().map(|operand| operand.ty()).collect();
    let block = Blk::new(&types, at.location());
    let builder = Builder::at_end(at.context(), block, at.location());
    let arguments = block.arguments();
    let (arrays, mut numbers) = (&arguments[..shaped.len()], arguments[shaped.len()..].iter());
    let mut inside = right.clone();
    for input in &mut inside.inputs {
        if let Input::Value(value) = input {
            *value = *numbers.next().unwrap_or(value);
        }
    }
    let Some(((target, inputs), array)) = arrays.split_last().zip(shaped.last().map(|target| target.array)) else {
        return Err(item.broken("it has no result"));
    };
    let inputs: Vec<_> = inputs.iter().map(|input| (*input, identity_map(1))).collect();
    compute(item, builder, &inside, &inputs, (*target, array), 1)?;
    builder.create("func.return", &[], &[], &[], &[]);
    let name = |number: usize| format!("numeric.map.{number}");
    let first = lowering.computed.len();
    let symbol = (first..).map(name).find(|name| lowering.symbol(name).is_none()).unwrap_or_default();
    let apart = at.array(&[at.string("noinline")]);
    let symbol = insert(lowering, item, &symbol, block, &[], &[("passthrough", apart), (SHORT, at.unit())])?;
    Ok(Callee { symbol, operands, shaped, gives_extents: false, results: Vec::new() })
}

/// The loop: the statement's body on the elements of `operands`.
fn compute<'c>(
    item: &Item<'c>,
    builder: Builder<'c>,
    right: &Right<'c>,
    operands: &[(Val<'c>, String)],
    (target, array): (Val<'c>, ArrayType<'c>),
    rank: usize,
) -> Result<(), PassError> {
    generic(item, builder, operands, (target, identity_map(rank)), rank, |inner, elements| {
        let result = right.element(inner, |place| elements[place]);
        let results: Vec<_> = result.into_iter().map(|result| to_memory(inner, array.scalar(), result)).collect();
        inner.create("linalg.yield", &results, &[], &[], &[]);
    })
}

/// A `linalg.generic` whose loops are all parallel; `body` gets the elements and ends the block.
fn generic<'c>(
    item: &Item<'c>,
    builder: Builder<'c>,
    operands: &[(Val<'c>, String)],
    target: (Val<'c>, String),
    rank: usize,
    body: impl FnOnce(Builder<'c>, &[Val<'c>]),
) -> Result<(), PassError> {
    let all: Vec<_> = operands.iter().chain([&target]).collect();
    let maps = all.iter().map(|(_, map)| parse(item, builder, map)).collect::<Result<Vec<_>, _>>()?;
    let iterators = vec![parse(item, builder, "#linalg.iterator_type<parallel>")?; rank];
    let memrefs: Vec<_> = all.iter().map(|(memref, _)| *memref).collect();
    let elements: Vec<_> = memrefs
        .iter()
        .map(|memref| crate::support::memref::MemRef::of(memref.ty()).map(|shape| shape.element))
        .collect::<Option<_>>()
        .ok_or_else(|| item.broken("its operand is no memref"))?;
    let block = Blk::new(&elements, builder.location());
    body(builder.into_block(block), &block.arguments());
    let attributes = [
        ("indexing_maps", builder.array(&maps)),
        ("iterator_types", builder.array(&iterators)),
        ("operandSegmentSizes", llvm::i32_array(&builder, &[operands.len() as i32, 1])),
    ];
    builder.create("linalg.generic", &memrefs, &[], &attributes, &[Reg::with_block(block)]);
    Ok(())
}

fn identity_map(rank: usize) -> String {
    let axes: Vec<_> = (0..rank).map(|axis| format!("d{axis}")).collect();
    affine_map(rank, &axes)
}

/// The map from the space of `extents` to an array: axes are aligned at the last, those of extent 1 stay at 0.
fn broadcast_map<'c>(shaped: &Shaped<'c>, extents: &[Val<'c>]) -> String {
    let (rank, own) = (extents.len(), shaped.extents.len());
    let axes: Vec<_> = (0..own)
        .map(|axis| if shaped.is_stretched(extents, axis) { "0".to_owned() } else { format!("d{}", axis + rank - own) })
        .collect();
    affine_map(rank, &axes)
}

fn affine_map(rank: usize, results: &[String]) -> String {
    let axes: Vec<_> = (0..rank).map(|axis| format!("d{axis}")).collect();
    format!("affine_map<({}) -> ({})>", axes.join(", "), results.join(", "))
}
