//! The loop over rows that stands for a group.

use super::facts::{Facts, Shape, rank};
use super::group::{Form, Group, Member, Task};
use crate::expand_axis_reductions::nest::{Reduction, in_pieces, over_places};
use crate::expand_axis_reductions::parts::{Input, Span};
use crate::lower_numeric::pieces;
use crate::resolve_overlaps::APART;
use crate::support::blocks::copy_block;
use crate::support::ranges::constant;
use melior::ir::attribute::DenseI64ArrayAttribute;
use numir_numeric::ir::{Blk, Builder, Op, Reg, Ty, Val};
use numir_numeric::types::{ArrayType, Layout};
use std::collections::HashMap;

/// So many items of an array are in a block, or one row: they stay in the nearest cache, along with those of two others.
const BLOCK: i64 = 2048;

/// Puts a loop in the place of the last member, and returns it.
pub(super) fn build<'c>(group: Group<'c, '_>, facts: &Facts<'c>) -> Option<Op<'c>> {
    let mut nest =
        Nest { group, facts, extents: HashMap::new(), spaces: Vec::new(), whole: HashMap::new(), same: HashMap::new() };
    nest.settle_extents();
    nest.make_results();
    let built = nest.loops();
    nest.replace(built);
    built
}

/// A group on its way to be a loop.
struct Nest<'c, 'f> {
    group: Group<'c, 'f>,
    facts: &'f Facts<'c>,
    /// Of the arrays that members make, and of views of these.
    extents: HashMap<Val<'c>, Vec<Val<'c>>>,
    /// For each member, the extents of its space.
    spaces: Vec<Vec<Val<'c>>>,
    /// The arrays that stay, by what makes them, and what stands for them.
    whole: HashMap<Val<'c>, Val<'c>>,
    /// Results that are the same as earlier ones, as the mean that a standard deviation needs.
    same: HashMap<Val<'c>, Val<'c>>,
}

impl<'c> Nest<'c, '_> {
    /// Finds the extents of all spaces, with the checks that belong there, and puts them in the place of those that are asked for.
    fn settle_extents(&mut self) {
        for number in 0..self.group.members.len() {
            let Member { op, task } = self.group.members[number];
            let space = self.space(op);
            if task != Task::Store {
                let result = op.result(0);
                self.extents.insert(result, space[..rank(result)].to_vec());
                for view in self.group.views.iter().filter(|view| view.operand(0) == result) {
                    let builder = Builder::before(*view);
                    let one = constant(&builder, 1, builder.index());
                    let single = std::iter::repeat_n(one, self.group.rank - self.group.outer);
                    let rows = space[..self.group.outer].iter().copied();
                    self.extents.insert(view.result(0), rows.chain(single).collect());
                }
            }
            self.spaces.push(space);
        }
        for (array, extents) in &self.extents {
            for (dim, _) in array.uses().into_iter().filter(|(user, _)| user.is("numeric.dim")) {
                let axis = dim.integer_attribute("axis").and_then(|axis| usize::try_from(axis).ok());
                if let Some(extent) = axis.and_then(|axis| extents.get(axis)) {
                    dim.replace(&[*extent]);
                }
            }
        }
    }

    /// The extents of a member's space, before it.
    fn space(&self, op: Op<'c>) -> Vec<Val<'c>> {
        let (builder, Some(shape)) = (Builder::before(op), self.facts.shape(op)) else { return Vec::new() };
        let (index, one) = (builder.index(), constant(&builder, 1, builder.index()));
        let of = |array: Val<'c>, axis: usize| match self.extents.get(&array) {
            Some(extents) => extents[axis],
            None => builder.value("numeric.dim", &[array], index, &[("axis", builder.i64_attribute(axis as i64))]),
        };
        let is_store = op.is("numeric.assign");
        let operands = op.operands();
        if is_store {
            self.check(&builder, op, &of);
            return (0..rank(operands[0])).map(|axis| of(operands[0], axis)).collect();
        }
        let known = self.check(&builder, op, &of);
        // Of two that go together, the one that is not stretched.
        let wider = |left: Val<'c>, right: Val<'c>| {
            let is_single = [("predicate", builder.string("eq"))];
            let is_single = builder.value("numeric.cmp", &[left, one], builder.integer(1), &is_single);
            builder.value("numeric.select", &[is_single, right, left], index, &[])
        };
        let axes = shape.space.len();
        let extent = |axis: usize| {
            let following = (0..operands.len()).filter(|number| !shape.is_stretched(*number, axis));
            let needed = if shape.space[axis].is_some() { 1 } else { usize::MAX };
            let own = |number: usize| of(operands[number], axis + rank(operands[number]) - axes);
            match known.get(axis) {
                Some(known) if shape.space[axis].is_none() => *known,
                _ => following.take(needed).map(own).reduce(wider).unwrap_or(one),
            }
        };
        (0..axes).map(extent).collect()
    }

    /// The check that the shapes of a member's operands go together, unless it has been made; it gives the extents.
    fn check(&self, builder: &Builder<'c>, op: Op<'c>, of: &dyn Fn(Val<'c>, usize) -> Val<'c>) -> Vec<Val<'c>> {
        let is_store = op.is("numeric.assign");
        let mut arrays = Vec::new();
        for input in op.operands().into_iter().skip(usize::from(is_store)).filter(|input| rank(*input) > 0) {
            if !arrays.contains(&input) {
                arrays.push(input);
            }
        }
        if op.attribute("fits").is_some() || arrays.len() + usize::from(is_store) < 2 {
            return Vec::new();
        }
        let rank_of_space = if is_store { 0 } else { arrays.iter().map(|array| rank(*array)).max().unwrap_or(0) };
        arrays.extend(is_store.then(|| op.operand(0)));
        let extents: Vec<_> = arrays.iter().flat_map(|array| (0..rank(*array)).map(|axis| of(*array, axis))).collect();
        let ranks: Vec<_> = arrays.iter().map(|array| rank(*array) as i64).collect();
        let mut attributes = vec![("ranks", DenseI64ArrayAttribute::new(builder.context(), &ranks).into())];
        attributes.extend(is_store.then(|| ("into", builder.unit())));
        builder.create("numeric.broadcast", &extents, &vec![builder.index(); rank_of_space], &attributes, &[]).results()
    }

    /// The place of the last member.
    fn builder(&self) -> Builder<'c> {
        let first = self.group.members[0].op;
        let last = self.group.members.last().map_or(first, |member| member.op);
        Builder::before(last)
    }

    /// Makes the arrays that are used elsewhere.
    fn make_results(&mut self) {
        let builder = self.builder();
        let is_used = |array: Val<'c>| array.uses().into_iter().any(|(user, _)| !self.group.made_by_it(user));
        let mut whole = HashMap::new();
        for Member { op, .. } in self.group.members.iter().filter(|member| member.task != Task::Store) {
            let result = op.result(0);
            let views = || self.group.views.iter().map(|view| view.result(0));
            let mut arrays = views().filter(|view| self.group.made[view].root == result);
            if is_used(result) || arrays.any(is_used) {
                let builder = builder.with_location(op.location());
                let array = builder.value("numeric.alloc", &self.extents[&result], result.ty(), &[]);
                array.name_after(result);
                whole.insert(result, array);
            }
        }
        self.whole = whole;
        let mut known = HashMap::new();
        for member in self.group.members.iter().filter(|member| member.task == Task::Reduce) {
            let (reduction, result) = (Reduction::of(member.op), member.op.result(0));
            if let Some(item) = reduction.item() {
                let first = *known.entry((reduction.kind, item)).or_insert(result);
                if first != result && !self.whole.contains_key(&result) {
                    self.same.insert(result, first);
                }
            }
        }
    }

    /// The loops; in a parallel function those of each piece.
    fn loops(&self) -> Option<Op<'c>> {
        let first = self.group.members[0].op;
        let builder = self.builder().with_location(first.location());
        let spans: Vec<_> = self.spaces[0].iter().map(|size| Span { start: None, size: *size }).collect();
        if !pieces::is_wanted(first) {
            return self.blocks(&builder, &spans);
        }
        let over_items = self.group.members.iter().filter(|member| member.task != Task::Number);
        let costs = over_items.map(|member| pieces::item_cost(member.op.body(0), member.op.operand_count()));
        let least = (pieces::least_at(costs.sum()), 1);
        Some(in_pieces(&builder, &spans, 0, least, |inner, own| _ = self.blocks(inner, own)))
    }

    /// The loops over blocks of rows.
    fn blocks(&self, builder: &Builder<'c>, spans: &[Span<'c>]) -> Option<Op<'c>> {
        let index = builder.index();
        let number = |at: &Builder<'c>, value| constant(at, value, index);
        let make = |at: &Builder<'c>, name: &str, left, right| at.value(name, &[left, right], index, &[]);
        let rows = spans[self.group.outer - 1];
        let one = number(builder, 1);
        let items =
            spans[self.group.outer..].iter().fold(one, |items, span| make(builder, "numeric.mul", items, span.size));
        let some = make(builder, "numeric.maximum", items, one);
        let wanted = make(builder, "numeric.floordiv", number(builder, BLOCK), some);
        let bounded = make(builder, "numeric.minimum", wanted, rows.size);
        let most = make(builder, "numeric.maximum", bounded, one);
        let temporaries = self.temporaries(builder, most);
        let last = make(builder, "numeric.sub", most, one);
        let count = make(builder, "numeric.floordiv", make(builder, "numeric.add", rows.size, last), most);
        let outer: Vec<_> =
            spans[..self.group.outer - 1].iter().copied().chain([Span { start: None, size: count }]).collect();
        over_places(builder, &outer, |inner, place| {
            let Some((block, place)) = place.split_last() else { return };
            let offset = make(inner, "numeric.mul", *block, most);
            let size = make(inner, "numeric.minimum", most, make(inner, "numeric.sub", rows.size, offset));
            let start = rows.start.map_or(offset, |start| make(inner, "numeric.add", start, offset));
            let rows = Span { start: Some(start), size };
            let mut block = Block {
                nest: self,
                place,
                rows,
                temporaries: &temporaries,
                parts: HashMap::new(),
                made: HashMap::new(),
            };
            for (number, member) in self.group.members.iter().enumerate() {
                if let Some(shape) = self.facts.shape(member.op) {
                    block.do_member(&inner.with_location(member.op.location()), member, shape, &self.spaces[number]);
                }
            }
        })
    }

    /// Memory for what members make of a block and nobody else needs.
    fn temporaries(&self, builder: &Builder<'c>, rows: Val<'c>) -> HashMap<Val<'c>, Val<'c>> {
        let mut made = HashMap::new();
        for (number, member) in self.group.members.iter().enumerate().filter(|(_, member)| member.task != Task::Store) {
            let result = member.op.result(0);
            if self.whole.contains_key(&result) || self.same.contains_key(&result) {
                continue;
            }
            let inner = if member.task == Task::Items { &self.spaces[number][self.group.outer..] } else { &[] };
            let extents: Vec<_> = std::iter::once(rows).chain(inner.iter().copied()).collect();
            let ty = array_of(result, extents.len(), Layout::C);
            let array = builder.with_location(member.op.location()).value("numeric.alloc", &extents, ty, &[]);
            array.name_after(result);
            made.insert(result, array);
        }
        made
    }

    /// Puts the arrays that stay in the places of the members' results; the members go.
    fn replace(self, built: Option<Op<'c>>) {
        let mut behind = built;
        let mut unused: Vec<_> = Vec::new();
        for view in &self.group.views {
            let is_used = view.result(0).uses().into_iter().any(|(user, _)| !self.group.made_by_it(user));
            match self.whole.get(&self.group.made[&view.result(0)].root).filter(|_| is_used) {
                Some(array) => {
                    view.set_operand(0, *array);
                    if let Some(before) = behind.replace(*view) {
                        view.move_after(before);
                    }
                }
                None => unused.push(*view),
            }
        }
        // Who uses them has gone before.
        for member in self.group.members.iter().rev() {
            let Some(result) = member.op.results().first().copied() else {
                member.op.erase();
                continue;
            };
            unused.extract_if(.., |view| view.operand(0) == result).for_each(Op::erase);
            match self.whole.get(&result) {
                Some(array) => member.op.replace(&[*array]),
                None => member.op.erase(),
            }
        }
    }
}

/// What is done to one block of rows, on its way. Arrays of it have its rows as their first axis, and the axes of a row.
struct Block<'c, 'n> {
    nest: &'n Nest<'c, 'n>,
    /// Where it lies along the axes before that of the rows.
    place: &'n [Val<'c>],
    rows: Span<'c>,
    temporaries: &'n HashMap<Val<'c>, Val<'c>>,
    /// The parts of arrays that no member makes, by the array and the axes of the space in which it is seen.
    parts: HashMap<(Val<'c>, usize), Val<'c>>,
    /// What members have made: a number for each row, or items.
    made: HashMap<Val<'c>, Val<'c>>,
}

impl<'c> Block<'c, '_> {
    fn do_member(&mut self, builder: &Builder<'c>, member: &Member<'c>, shape: &Shape, space: &[Val<'c>]) {
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
fn array_of<'c>(like: Val<'c>, rank: usize, layout: Layout) -> Ty<'c> {
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
