//! Loops over the places of a space, and over pieces of it.

use super::parts::Span;
use crate::lower_numeric::pieces;
use crate::outline_parallel::PIECES;
use crate::support::ranges::constant;
use numir_numeric::ir::{Blk, Builder, Op, Reg, Val};

/// A nest of loops over the places of `spans`, and in it what `body` makes there. The outermost loop is returned.
pub(crate) fn over_places<'c>(
    builder: &Builder<'c>,
    spans: &[Span<'c>],
    body: impl FnOnce(&Builder<'c>, &[Val<'c>]),
) -> Option<Op<'c>> {
    let index = builder.index();
    let (mut inner, mut place, mut outermost) = (*builder, Vec::new(), None);
    for span in spans {
        let block = Blk::new(&[index], inner.location());
        let end = inner.into_block(block).create("scf.yield", &[], &[], &[], &[]);
        let operands = [constant(&inner, 0, index), span.size, constant(&inner, 1, index)];
        let looping = inner.create("scf.for", &operands, &[], &[], &[Reg::with_block(block)]);
        outermost = outermost.or(Some(looping));
        inner = Builder::before(end).with_location(builder.location());
        let position = block.argument(0);
        place.push(span.start.map_or(position, |start| inner.value("numeric.add", &[start, position], index, &[])));
    }
    body(&inner, &place);
    outermost
}

/// Pieces of the space along an axis, each with at least so many of its items and so many places of the axis, or without bounds with one place; they run on all
/// threads, and `body` makes what is done to one.
pub(crate) fn in_pieces<'c>(
    builder: &Builder<'c>,
    spans: &[Span<'c>],
    axis: usize,
    bounds: Option<(i64, i64)>,
    body: impl FnOnce(&Builder<'c>, &[Span<'c>]),
) -> Op<'c> {
    let index = builder.index();
    let number = |value| constant(builder, value, index);
    let make = |at: &Builder<'c>, name: &str, left, right| at.value(name, &[left, right], index, &[]);
    let trip = spans[axis].size;
    let bounded = bounds.map_or(trip, |(least, narrowest)| {
        let items =
            spans.iter().skip(1).fold(spans[0].size, |items, span| make(builder, "numeric.mul", items, span.size));
        let wanted = make(builder, "numeric.floordiv", items, number(least));
        let possible = if narrowest == 1 { trip } else { make(builder, "numeric.floordiv", trip, number(narrowest)) };
        make(builder, "numeric.minimum", make(builder, "numeric.minimum", wanted, number(pieces::MOST)), possible)
    });
    let count = make(builder, "numeric.maximum", bounded, number(1));
    let block = Blk::new(&[index], builder.location());
    let inner = builder.into_block(block);
    let place = block.argument(0);
    let edge = |at: Val<'c>| make(&inner, "numeric.floordiv", make(&inner, "numeric.mul", at, trip), count);
    let (start, end) = (edge(place), edge(make(&inner, "numeric.add", place, constant(&inner, 1, index))));
    let mut own = spans.to_vec();
    own[axis] = Span { start: Some(start), size: make(&inner, "numeric.sub", end, start) };
    body(&inner, &own);
    inner.create("numeric.yield", &[], &[], &[], &[]);
    let attributes = [("kinds", builder.array(&[])), (PIECES, builder.unit())];
    builder.create("numeric.parallel", &[count], &[], &attributes, &[Reg::with_block(block)])
}
