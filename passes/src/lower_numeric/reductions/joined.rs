//! Whole-array operations that `join-loops` has marked, in one pass over memory: a function takes the items in pieces that stay in the
//! nearest caches, and has each operation's own function do a piece before it goes on to the next.
//!
//! A piece is 2^k blocks, so pairwise sums keep their order, as in `cut`.

use super::super::arrays::{allocate, count};
use super::super::broadcast::Shaped;
use super::super::elementwise::function_for_row as map_function;
use super::super::inputs::Right;
use super::super::pieces::{Piece, least_items};
use super::super::{Item, Lowering};
use super::callee::{Callee, Combined};
use super::computed::{as_value, call, function_for_row};
use super::cut::cut;
use super::{constant, function_for, insert, refuse_nothing, text};
use crate::join_loops::JOINED;
use crate::support::llvm;
use crate::support::loops::{choose, counted};
use crate::support::pure::is_pure;
use crate::support::scalars::compare;
use numir_numeric::ir::{Blk, Builder, Val};
use numir_numeric::types::{ArrayType, Layout};
use numir_pipeline::PassError;
use std::collections::{HashMap, HashSet};

/// Items of a piece: 32 blocks.
const PIECE: i64 = 1 << 12;

/// What may have come to stand between operations that belong together; other pure operations may, too.
const SKIPPED: &[&str] = &["numeric.release", "numeric.retain"];

/// The operations that are done together, by their numbers among all, in order.
pub fn groups(items: &[Item<'_>]) -> Vec<Vec<usize>> {
    let places: HashMap<_, _> = items.iter().enumerate().map(|(place, item)| (item.op, place)).collect();
    let (mut groups, mut seen) = (Vec::new(), HashSet::new());
    for (place, item) in items.iter().enumerate() {
        let Some(number) = item.op.integer_attribute(JOINED).filter(|_| seen.insert(item.op)) else { continue };
        let (mut group, mut between) = (vec![place], HashSet::new());
        for next in std::iter::successors(item.op.next(), |operation| operation.next()) {
            let definitions = || next.operands().into_iter().filter_map(|operand| operand.definition());
            if next.integer_attribute(JOINED) == Some(number) {
                if definitions().any(|definition| between.contains(&definition)) {
                    break;
                }
                seen.insert(next);
                group.extend(places.get(&next));
            } else if is_pure(next) || SKIPPED.contains(&next.name()) {
                between.insert(next);
            } else {
                break;
            }
        }
        if group.len() > 1 && group.iter().all(|place| is_row(&items[*place])) {
            groups.push(group);
        }
    }
    groups
}

/// Whether all arrays of an operation can be taken as a row of items.
fn is_row(item: &Item<'_>) -> bool {
    let arrays = item.operands.iter().chain(&item.results).filter_map(|ty| ArrayType::try_from(*ty).ok());
    arrays.into_iter().all(|array| array.rank() <= 1 || array.layout() == Layout::C)
}

/// Rewrites operations that are done together.
pub fn joined<'c>(lowering: &mut Lowering<'c>, items: &[&Item<'c>]) -> Result<(), PassError> {
    let Some(first) = items.first() else { return Ok(()) };
    for pair in items.windows(2) {
        pair[1].op.detach();
        Builder::after(pair[0].op).insert(pair[1].op);
    }
    let builder = first.builder();
    let root = first.op.operands().into_iter().zip(&first.operands).find_map(|(operand, ty)| {
        ArrayType::try_from(*ty).ok().filter(|array| array.rank() > 0).map(|array| (operand, array))
    });
    let (root, array) = root.ok_or_else(|| first.broken("it reads no array"))?;
    let extents = lowering.known.extents(root, array.rank(), builder);
    let total = count(builder, &extents);
    let row = |at: Builder<'c>, shaped: &Shaped<'c>| {
        if extents.len() > 1 { shaped.as_row(at, total) } else { shaped.clone() }
    };

    let (mut callees, mut least) = (Vec::new(), Some(i64::MAX));
    for item in items {
        let at = item.builder();
        let one = item.op.operands().len().min(1);
        let right = if item.op.is("numeric.reduce") { None } else { Some(Right::of(lowering, item, 0)?) };
        let own = least_items(item, right.as_ref().map(|right| right.body), one);
        least = least.zip(own).map(|(least, own)| least.min(own));
        let right = right.map(|right| Right { shaped: right.shaped.iter().map(|one| row(at, one)).collect(), ..right });
        callees.push(match right {
            Some(right) if item.op.is("numeric.map") => {
                let array = item.result_array()?;
                let memref = allocate(lowering, at, array, &extents);
                item.op.result(0).replace_all_uses_with(memref);
                map_function(lowering, item, &right, row(at, &Shaped { memref, array, extents: extents.clone() }))?
            }
            Some(right) => {
                refuse_nothing(at, &item.text("kind")?, total);
                function_for_row(lowering, item, right, total)?
            }
            None => {
                refuse_nothing(at, &item.text("kind")?, total);
                let shaped =
                    Shaped { memref: item.op.operand(0), array: item.operand_array(0)?, extents: extents.clone() };
                function_for(lowering, item, &row(at, &shaped), &item.text("kind")?, None)?
            }
        });
    }

    // All that the functions are given is there where the last operation stands.
    let last = items.last().unwrap_or(first);
    let mut callee = function(lowering, last, &callees, total)?;
    if let Some(least) = least {
        callee = cut(lowering, last, &callee, &[total], least)?.unwrap_or(callee);
    }
    let at = last.builder();
    let mut values = callee.call(&at).into_iter();
    for item in items {
        if item.op.is("numeric.map") {
            item.op.erase();
        } else if let Some(value) = values.next() {
            let scalar =
                if item.op.is("numeric.reduce") { item.operand_array(0)?.scalar() } else { item.result_scalar()? };
            item.op.replace(&[as_value(at, scalar, &item.text("kind")?, value)]);
        }
    }
    Ok(())
}

/// The function that does a row of items.
fn function<'c>(
    lowering: &mut Lowering<'c>,
    item: &Item<'c>,
    callees: &[Callee<'c>],
    total: Val<'c>,
) -> Result<Callee<'c>, PassError> {
    let at = item.builder();
    let results: Vec<Combined<'c>> = callees.iter().flat_map(|callee| callee.results.clone()).collect();
    results.iter().try_for_each(|result| result.import(lowering, item))?;
    // First all arrays, then all numbers.
    let arrays = |callee: &Callee<'c>| callee.given(1)[..callee.shaped.len()].to_vec();
    let numbers = |callee: &Callee<'c>| callee.given(1)[callee.shaped.len()..].to_vec();
    let operands: Vec<_> =
        callees.iter().flat_map(arrays).chain(callees.iter().flat_map(numbers)).chain([total]).collect();
    let types: Vec<_> = operands.iter().map(|operand| operand.ty()).collect();
    let block = Blk::new(&types, at.location());
    let builder = Builder::at_end(at.context(), block, at.location());
    let arguments = block.arguments();
    let (mut next_array, mut next_number) = (0, callees.iter().map(|callee| callee.shaped.len()).sum::<usize>());
    let given = callees.iter().map(|callee| {
        let (arrays, numbers) = (callee.shaped.len(), callee.given(1).len() - callee.shaped.len());
        let own = arguments[next_array..][..arrays].iter().chain(&arguments[next_number..][..numbers]);
        (next_array, next_number) = (next_array + arrays, next_number + numbers);
        own.copied().collect::<Vec<_>>()
    });
    let given: Vec<_> = given.collect();
    let extent = arguments[arguments.len() - 1];
    let outside = [total];
    let piece = |builder: &Builder<'c>, piece: &Piece<'c>| -> Vec<Val<'c>> {
        let parts = callees.iter().zip(&given);
        parts.flat_map(|(callee, given)| callee.call_for(builder, piece, given, (&[extent], &outside))).collect()
    };
    let values = Body { item, results: &results, total: extent }.build(builder, piece)?;
    builder.create("func.return", &values, &[], &[], &[]);
    let name = |number: usize| format!("numeric.joined.{number}");
    let first = lowering.computed.len();
    let symbol = (first..).map(name).find(|name| lowering.symbol(name).is_none()).unwrap_or_default();
    let types: Vec<_> = results.iter().map(|result| result.ty).collect();
    let symbol = insert(lowering, item, &symbol, block, &types, &[])?;
    let shaped = callees.iter().flat_map(|callee| callee.shaped.clone()).collect();
    Ok(Callee { symbol, operands, shaped, gives_extents: true, results })
}

/// The body of that function.
struct Body<'a, 'c> {
    item: &'a Item<'c>,
    results: &'a [Combined<'c>],
    total: Val<'c>,
}

impl<'c> Body<'_, 'c> {
    /// Pieces, and what is left; what pairwise results come to waits on the stack, others are carried along.
    fn build(
        &self,
        builder: Builder<'c>,
        call_for: impl Fn(&Builder<'c>, &Piece<'c>) -> Vec<Val<'c>>,
    ) -> Result<Vec<Val<'c>>, PassError> {
        let (index, number) = (builder.index(), builder.integer(64));
        let identities =
            self.results.iter().map(|result| result.identity(self.item, builder)).collect::<Result<Vec<_>, _>>()?;
        let levels = builder.constant_integer(64, number);
        let room =
            |result: &Combined<'c>| result.is_pairwise().then(|| llvm::alloca(&builder, result.ty, levels).result(0));
        let pending: Vec<_> = self.results.iter().map(room).collect();
        let length = builder.constant_index(PIECE);
        let pieces = builder.value("arith.divui", &[self.total, length], index, &[]);
        let carried = counted(&builder, pieces, &identities, |inner, piece, carried| {
            let start = inner.value("arith.muli", &[piece, length], index, &[]);
            let done = llvm::cast(inner, piece, number);
            let values = call_for(inner, &Piece { start, length });
            let next = |(place, value): (usize, Val<'c>)| match pending[place] {
                None => self.results[place].fold(inner, carried[place], value),
                Some(pending) => {
                    call(inner, &self.results[place].symbol("carry"), &[pending, done, value], &[]);
                    carried[place]
                }
            };
            values.into_iter().enumerate().map(next).collect()
        });
        let start = builder.value("arith.muli", &[pieces, length], index, &[]);
        let rest = builder.value("arith.subi", &[self.total, start], index, &[]);
        let ragged = compare(&builder, "ne", rest, builder.constant_index(0));
        let types: Vec<_> = self.results.iter().map(|result| result.ty).collect();
        let with_rest = |way: &Builder<'c>| {
            let values = call_for(way, &Piece { start, length: rest });
            let next = |(place, value): (usize, Val<'c>)| match pending[place] {
                None => self.results[place].fold(way, carried[place], value),
                Some(_) => value,
            };
            values.into_iter().enumerate().map(next).collect()
        };
        let rests = choose(&builder, ragged, &types, with_rest, |_| carried.clone());
        let done = llvm::cast(&builder, pieces, number);
        let nothing = compare(&builder, "eq", self.total, builder.constant_index(0));
        let finish = |(place, rest): (usize, Val<'c>)| -> Result<Val<'c>, PassError> {
            let (result, Some(pending)) = (&self.results[place], pending[place]) else { return Ok(rest) };
            let sum = call(&builder, &result.symbol("finish"), &[pending, done, rest], &[result.ty])[0];
            let empty = constant(self.item, builder, text::floats(&result.kind).2, result.ty)?;
            Ok(builder.value("arith.select", &[nothing, empty, sum], result.ty, &[]))
        };
        rests.into_iter().enumerate().map(finish).collect()
    }
}
