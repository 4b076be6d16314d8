//! The loop over rows that stands for a group.

use super::block::{Block, array_of};
use super::facts::{Facts, rank};
use super::group::{Group, Member, Task};
use crate::expand_axis_reductions::nest::Reduction;
use crate::expand_axis_reductions::parts::Span;
use crate::expand_axis_reductions::places::{in_pieces, over_places};
use crate::lower_numeric::pieces;
use crate::support::ranges::constant;
use melior::ir::attribute::DenseI64ArrayAttribute;
use numir_numeric::ir::{Builder, Op, Val};
use numir_numeric::types::Layout;
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
pub(super) struct Nest<'c, 'f> {
    pub(super) group: Group<'c, 'f>,
    facts: &'f Facts<'c>,
    /// Of the arrays that members make, and of views of these.
    extents: HashMap<Val<'c>, Vec<Val<'c>>>,
    /// For each member, the extents of its space.
    spaces: Vec<Vec<Val<'c>>>,
    /// The arrays that stay, by what makes them, and what stands for them.
    pub(super) whole: HashMap<Val<'c>, Val<'c>>,
    /// Results that are the same as earlier ones, as the mean that a standard deviation needs.
    pub(super) same: HashMap<Val<'c>, Val<'c>>,
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
        Some(in_pieces(&builder, &spans, 0, Some(least), |inner, own| _ = self.blocks(inner, own)))
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
