//! Reductions along axes on a device: each result is an iteration of a parallel loop, which `map-to-gpu` gives a thread. Results beside each
//! other go to threads beside each other. Where the last axes go, and are not short, a result is 32 iterations: the lanes of a warp, which read items beside each other,
//! combine them together (`lower-numeric`), and all write the result. Either way items are combined in the order in which the loops of a CPU do.

use super::nest::Reduction;
use super::parts::Span;
use crate::lower_numeric::reductions::{LANES, ROWS};
use crate::support::blocks::copy_block;
use crate::support::loops::choose;
use crate::support::ranges::constant;
use numir_numeric::ir::{Blk, Builder, Op, Reg, Val};

/// Items of a row from which on a warp does it, and not a thread.
const LONG: i64 = 16;

impl<'c> Reduction<'c> {
    /// The loop over all results.
    pub(super) fn each_result(&self, builder: &Builder<'c>, result: Val<'c>, spans: &[Span<'c>], uniform: &[bool]) {
        let index = builder.index();
        let each = |at: &Builder<'c>, by_warps| self.each_result_by(at, result, spans, uniform, by_warps);
        if self.goes.last() != Some(&true) || self.is_complex() {
            return each(builder, false);
        }
        let sizes = spans[self.outer()..].iter().map(|span| span.size);
        let items = sizes.reduce(|all, size| builder.value("numeric.mul", &[all, size], index, &[]));
        let operands = [items.unwrap_or_else(|| constant(builder, 1, index)), constant(builder, LONG, index)];
        let is_long = [("predicate", builder.string("ge"))];
        let is_long = builder.value("numeric.cmp", &operands, builder.integer(1), &is_long);
        let version = |at: &Builder<'c>, by_warps| {
            each(at, by_warps);
            Vec::new()
        };
        choose(builder, is_long, &[], |way| version(way, true), |way| version(way, false));
    }

    /// The same, where a thread or the lanes of a warp make a result.
    fn each_result_by(
        &self,
        builder: &Builder<'c>,
        result: Val<'c>,
        spans: &[Span<'c>],
        uniform: &[bool],
        by_warps: bool,
    ) {
        let index = builder.index();
        let make = |at: &Builder<'c>, name: &str, left, right| at.value(name, &[left, right], index, &[]);
        let kept: Vec<_> = (0..spans.len()).filter(|axis| !self.goes[*axis]).collect();
        let sizes = kept.iter().map(|axis| spans[*axis].size);
        let trip = sizes.reduce(|all, size| make(builder, "numeric.mul", all, size));
        let trip = trip.unwrap_or_else(|| constant(builder, 1, index));
        let lanes = constant(builder, LANES, index);
        let trip = if by_warps { make(builder, "numeric.mul", trip, lanes) } else { trip };
        let block = Blk::new(&[index], builder.location());
        let inner = builder.into_block(block);
        let mut place = vec![None; spans.len()];
        let mut rest = block.argument(0);
        if by_warps {
            rest = make(&inner, "numeric.floordiv", rest, lanes);
        }
        for axis in kept.iter().rev() {
            let size = spans[*axis].size;
            let (position, before) = match axis == &kept[0] {
                true => (rest, rest),
                false => (make(&inner, "numeric.mod", rest, size), make(&inner, "numeric.floordiv", rest, size)),
            };
            place[*axis] = Some(position);
            rest = before;
        }
        let gone: Vec<_> = (0..self.outer()).filter(|axis| self.goes[*axis]).collect();
        let initial = self.combines().then(|| self.identity(&inner));
        let value = self.over(
            &inner,
            &gone,
            &mut place,
            initial,
            &|at, place| {
                let place: Vec<_> = place.iter().copied().map_while(|position| position).collect();
                self.value_at(at, &place, spans, uniform)
            },
            spans,
        );
        let at = kept.iter().filter_map(|axis| place[*axis]);
        let operands: Vec<_> = [value, result].into_iter().chain(at).collect();
        inner.create("numeric.store", &operands, &[], &[], &[]);
        inner.create("numeric.yield", &[], &[], &[], &[]);
        let attributes = [("kinds", builder.array(&[]))];
        let looping = builder.create("numeric.parallel", &[trip], &[], &attributes, &[Reg::with_block(block)]);
        if by_warps {
            let is_reduction = |op: Op<'c>| op.is("numeric.reduce") || op.is("numeric.map_reduce");
            looping.collect(is_reduction).into_iter().for_each(|op| op.set_attribute(ROWS, builder.unit()));
        }
    }

    /// What is combined at a place: the items of the last axes, or where these stay the item there.
    fn value_at(&self, builder: &Builder<'c>, place: &[Val<'c>], spans: &[Span<'c>], uniform: &[bool]) -> Val<'c> {
        if self.goes.last() == Some(&true) {
            return self.row_at(builder, place, spans, uniform);
        }
        let items: Vec<_> = self.inputs.iter().map(|input| input.part(builder, place, spans, uniform, false)).collect();
        let made = self.op.body(0).map(|body| copy_block(*builder, body, &items)).unwrap_or_default();
        made.first().copied().unwrap_or_else(|| self.identity(builder))
    }

    /// Loops over axes that go, one in the other, which carry what has been combined.
    fn over(
        &self,
        builder: &Builder<'c>,
        gone: &[usize],
        place: &mut Vec<Option<Val<'c>>>,
        carried: Option<Val<'c>>,
        value: &dyn Fn(&Builder<'c>, &[Option<Val<'c>>]) -> Val<'c>,
        spans: &[Span<'c>],
    ) -> Val<'c> {
        let Some((axis, others)) = gone.split_first() else {
            let value = value(builder, place);
            return carried.map_or(value, |before| self.combine(builder, before, value));
        };
        let index = builder.index();
        let initial = carried.unwrap_or_else(|| self.identity(builder));
        let block = Blk::new(&[index, initial.ty()], builder.location());
        let inner = builder.into_block(block);
        place[*axis] = Some(block.argument(0));
        let combined = self.over(&inner, others, place, Some(block.argument(1)), value, spans);
        inner.create("scf.yield", &[combined], &[], &[], &[]);
        let operands = [constant(builder, 0, index), spans[*axis].size, constant(builder, 1, index), initial];
        builder.create("scf.for", &operands, &[initial.ty()], &[], &[Reg::with_block(block)]).result(0)
    }
}
