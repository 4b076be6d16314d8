//! Counted loops from 0 with step 1.

use numir_numeric::ir::{Blk, Builder, Reg, Val};

/// `scf.for` over `0..trip` (index), which carries values from one iteration to the next. `body` gets the position and the
/// carried values and returns the next ones; the result is the last ones.
pub(crate) fn counted<'c>(
    builder: &Builder<'c>,
    trip: Val<'c>,
    carried: &[Val<'c>],
    body: impl FnOnce(&Builder<'c>, Val<'c>, &[Val<'c>]) -> Vec<Val<'c>>,
) -> Vec<Val<'c>> {
    let types: Vec<_> = carried.iter().map(|value| value.ty()).collect();
    let arguments: Vec<_> = std::iter::once(builder.index()).chain(types.iter().copied()).collect();
    let block = Blk::new(&arguments, builder.location());
    let inner = builder.into_block(block);
    let arguments = block.arguments();
    let next = body(&inner, arguments[0], &arguments[1..]);
    inner.create("scf.yield", &next, &[], &[], &[]);
    let mut operands = vec![builder.constant_index(0), trip, builder.constant_index(1)];
    operands.extend(carried);
    builder.create("scf.for", &operands, &types, &[], &[Reg::with_block(block)]).results()
}

/// A nest of loops over all positions below `extents` (index), the last innermost.
pub(crate) fn nest<'c>(builder: &Builder<'c>, extents: &[Val<'c>], body: impl FnOnce(&Builder<'c>, &[Val<'c>])) {
    let mut inner = *builder;
    let mut indices = Vec::with_capacity(extents.len());
    for extent in extents {
        let block = Blk::new(&[inner.index()], inner.location());
        let end = inner.into_block(block).create("scf.yield", &[], &[], &[], &[]);
        let operands = [inner.constant_index(0), *extent, inner.constant_index(1)];
        inner.create("scf.for", &operands, &[], &[], &[Reg::with_block(block)]);
        indices.push(block.argument(0));
        inner = Builder::before(end);
    }
    body(&inner, &indices);
}
