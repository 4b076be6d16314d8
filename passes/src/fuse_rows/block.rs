//! What the loop does to one block of rows.

use super::facts::{Shape, rank};
use super::group::{Form, Member, Task};
use super::nest::Nest;
use crate::expand_axis_reductions::nest::Reduction;
use crate::expand_axis_reductions::parts::{Input, Span};
use crate::expand_axis_reductions::places::over_places;
use crate::resolve_overlaps::APART;
use crate::support::blocks::copy_block;
use crate::support::ranges::constant;
use numir_numeric::ir::{Blk, Builder, Op, Reg, Ty, Val};
use numir_numeric::types::{ArrayType, Layout};
use std::collections::HashMap;

/// What is done to one block of rows, on its way. Arrays of it have its rows as their first axis, and the axes of a row.
pub(super) struct Block<'c, 'n> {
    pub(super) nest: &'n Nest<'c, 'n>,
    /// Where it lies along the axes before that of the rows.
    pub(super) place: &'n [Val<'c>],
    pub(super) rows: Span<'c>,
    pub(super) temporaries: &'n HashMap<Val<'c>, Val<'c>>,
    /// The parts of arrays that no member makes, by the array and the axes of the space in which it is seen.
    pub(super) parts: HashMap<(Val<'c>, usize), Val<'c>>,
    /// What members have made: a number for each row, or items.
    pub(super) made: HashMap<Val<'c>, Val<'c>>,
}

impl<'c> Block<'c, '_> {
    /// Does a member's work.
    pub(super) fn do_member(&mut self, builder: &Builder<'c>, member: &Member<'c>, shape: &Shape, space: &[Val<'c>]) {
        let op = member.op;
        match member.task {
            Task::Reduce => {
                if let Some(same) = self.nest.same.get(&op.result(0)) {
                    let numbers = self.made[same];
                    self.made.insert(op.result(0), numbers);
                    return;
                }
                let numbers = self.numbers_to(builder, op.result(0));
                self.reduce(builder, op, numbers, shape, space);
                self.made.insert(op.result(0), numbers);
            }
            Task::Number => {
                let numbers = self.numbers_to(builder, op.result(0));
                let inputs: Vec<_> =
                    (0..op.operand_count()).map(|number| self.input(builder, op, number, shape, space)).collect();
                assign(builder, op, numbers, &inputs);
                self.made.insert(op.result(0), numbers);
            }
            Task::Items => {
                let items = self.items_to(builder, op.result(0), space);
                self.write(builder, member, items, shape, space);
                self.made.insert(op.result(0), items);
            }
            Task::Store => {
                let items = self.part(builder, op, 0, shape, space);
                self.write(builder, member, items, shape, space);
            }
        }
    }

    /// Combines the items of each row.
    fn reduce(&mut self, builder: &Builder<'c>, op: Op<'c>, numbers: Val<'c>, shape: &Shape, space: &[Val<'c>]) {
        let inputs: Vec<_> =
            (0..op.operand_count()).map(|number| self.input(builder, op, number, shape, space)).collect();
        let rows = self.spans_of_rows(space);
        over_places(builder, &rows[..1], |inner, row| {
            let part = |number: usize, as_array| {
                self.part_of_row(inner, (op, number, shape), inputs[number], row, &rows, as_array)
            };
            let value = Reduction::of(op).row_value(inner, part);
            inner.create("numeric.store", &[value, numbers, row[0]], &[], &[], &[]);
        });
    }

    /// Writes the items of a block: row by row where they need the numbers of their rows.
    fn write(&mut self, builder: &Builder<'c>, member: &Member<'c>, items: Val<'c>, shape: &Shape, space: &[Val<'c>]) {
        let op = member.op;
        let first = usize::from(member.task == Task::Store);
        let inputs: Vec<_> =
            (first..op.operand_count()).map(|number| self.input(builder, op, number, shape, space)).collect();
        if !(first..op.operand_count()).any(|number| self.is_number(op.operand(number))) {
            return assign(builder, op, items, &inputs);
        }
        let rows = self.spans_of_rows(space);
        over_places(builder, &rows[..1], |inner, row| {
            let target = Input::of(items, rows.len()).part(inner, row, &rows, &vec![true; rows.len()], true);
            let parts: Vec<_> = (first..op.operand_count())
                .zip(&inputs)
                .map(|(number, input)| match *input == items {
                    true => target,
                    false => self.part_of_row(inner, (op, number, shape), *input, row, &rows, false),
                })
                .collect();
            assign(inner, op, target, &parts);
        });
    }

    /// The extents of a block of rows in a member's space.
    fn spans_of_rows(&self, space: &[Val<'c>]) -> Vec<Span<'c>> {
        let sizes = std::iter::once(self.rows.size).chain(space[self.nest.group.outer..].iter().copied());
        sizes.map(|size| Span { start: None, size }).collect()
    }

    /// Whether an array is a number for each row that a member has made.
    fn is_number(&self, array: Val<'c>) -> bool {
        self.nest.group.made.get(&array).is_some_and(|made| made.form != Form::Items)
    }

    /// The row of what an operand is in the block.
    fn part_of_row(
        &self,
        builder: &Builder<'c>,
        (op, number, shape): (Op<'c>, usize, &Shape),
        input: Val<'c>,
        row: &[Val<'c>],
        rows: &[Span<'c>],
        as_array: bool,
    ) -> Val<'c> {
        if self.is_number(op.operand(number)) {
            let element = ArrayType::try_from(input.ty()).map_or(input.ty(), ArrayType::element);
            return builder.value("numeric.load", &[input, row[0]], element, &[]);
        }
        let before = self.nest.group.outer - 1;
        let first = rows.len() - rank(input).min(rows.len());
        let single = (first..rows.len()).map(|axis| shape.is_stretched(number, before + axis));
        let uniform: Vec<_> = (0..rows.len()).map(|axis| shape.is_whole(number, before + axis)).collect();
        Input::of(input, rows.len()).with_single(single).part(builder, row, rows, &uniform, as_array)
    }

    /// What an operand is in the block: numbers, or items.
    fn input(&mut self, builder: &Builder<'c>, op: Op<'c>, number: usize, shape: &Shape, space: &[Val<'c>]) -> Val<'c> {
        match self.nest.group.made.get(&op.operand(number)) {
            Some(made) => self.made.get(&made.root).copied().unwrap_or(op.operand(number)),
            None => self.part(builder, op, number, shape, space),
        }
    }

    /// The part of an array that no member makes.
    fn part(&mut self, builder: &Builder<'c>, op: Op<'c>, number: usize, shape: &Shape, space: &[Val<'c>]) -> Val<'c> {
        let array = op.operand(number);
        if rank(array) == 0 {
            return array;
        }
        let (place, rows) = (self.place, self.rows);
        *self.parts.entry((array, space.len())).or_insert_with(|| {
            let single = shape.operands[number].iter().map(|extent| extent.as_constant() == Some(1));
            let uniform: Vec<_> = (0..space.len()).map(|axis| shape.is_whole(number, axis)).collect();
            let spans = spans_of(space, place.len(), rows);
            let is_written = number == 0 && op.is("numeric.assign");
            Input::of(array, space.len()).with_single(single).part(builder, place, &spans, &uniform, is_written)
        })
    }

    /// Where a number for each row goes.
    fn numbers_to(&self, builder: &Builder<'c>, result: Val<'c>) -> Val<'c> {
        let [zero, one] = [0, 1].map(|value| constant(builder, value, builder.index()));
        let (array, before, start) = match self.nest.whole.get(&result) {
            Some(whole) => (*whole, self.place, self.rows.start.unwrap_or(zero)),
            None => (self.temporaries[&result], &[][..], zero),
        };
        let behind = rank(array) - before.len() - 1;
        let around = |position: &[Val<'c>], own: Val<'c>, other: Val<'c>| -> Vec<Val<'c>> {
            position.iter().copied().chain([own]).chain(std::iter::repeat_n(other, behind)).collect()
        };
        let ones = vec![one; before.len()];
        let mut operands = vec![array];
        operands.extend(around(before, start, zero));
        operands.extend(around(&ones, self.rows.size, one));
        operands.extend(vec![one; rank(array)]);
        let layout = if behind == 0 { Layout::C } else { Layout::A };
        let axes = builder.i64_array(&[before.len() as i64]);
        builder.value("numeric.view", &operands, array_of(result, 1, layout), &[("axes", axes)])
    }

    /// Where items go.
    fn items_to(&self, builder: &Builder<'c>, result: Val<'c>, space: &[Val<'c>]) -> Val<'c> {
        let (place, rows) = (self.place, self.rows);
        let (array, place, spans) = match self.nest.whole.get(&result) {
            Some(whole) => (*whole, place, spans_of(space, place.len(), rows)),
            None => {
                (self.temporaries[&result], &[][..], spans_of(&space[place.len()..], 0, Span { start: None, ..rows }))
            }
        };
        Input::of(array, spans.len()).part(builder, place, &spans, &vec![true; spans.len()], true)
    }
}

/// All of a space but for the rows, which are those of a block.
fn spans_of<'c>(space: &[Val<'c>], axis: usize, rows: Span<'c>) -> Vec<Span<'c>> {
    let mut spans: Vec<_> = space.iter().map(|size| Span { start: None, size: *size }).collect();
    spans[axis] = rows;
    spans
}

/// The type of arrays with the items of another.
pub(super) fn array_of<'c>(like: Val<'c>, rank: usize, layout: Layout) -> Ty<'c> {
    let element = ArrayType::try_from(like.ty()).map_or(like.ty(), ArrayType::element);
    ArrayType::new(element, rank, layout).map_or(like.ty(), Into::into)
}

/// Writes a part: nothing that is read shares an item with it but at the same place.
fn assign<'c>(builder: &Builder<'c>, op: Op<'c>, part: Val<'c>, inputs: &[Val<'c>]) {
    let item = |value: &Val<'c>| ArrayType::try_from(value.ty()).map_or(value.ty(), ArrayType::element);
    let types: Vec<_> = inputs.iter().map(item).collect();
    let block = Blk::new(&types, builder.location());
    let inner = builder.into_block(block);
    let made = op.body(0).map(|body| copy_block(inner, body, &block.arguments())).unwrap_or_default();
    inner.create("numeric.yield", &made, &[], &[], &[]);
    let operands: Vec<_> = std::iter::once(part).chain(inputs.iter().copied()).collect();
    let attributes = [("fits", builder.unit()), (APART, builder.unit())];
    builder.create("numeric.assign", &operands, &[], &attributes, &[Reg::with_block(block)]);
}
