//! Counted loops from 0 with step 1, and other control flow that carries values.

use numir_numeric::ir::{Blk, Builder, Reg, Ty, Val};

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

/// A nest of loops over all positions below `extents`, the last innermost, which carries values from one place to the next. `body` gets
/// the place and the carried values and returns the next ones.
pub(crate) fn carrying_nest<'c>(
    builder: &Builder<'c>,
    extents: &[Val<'c>],
    carried: &[Val<'c>],
    body: impl FnOnce(&Builder<'c>, &[Val<'c>], &[Val<'c>]) -> Vec<Val<'c>>,
) -> Vec<Val<'c>> {
    let types: Vec<_> = carried.iter().map(|value| value.ty()).collect();
    let arguments: Vec<_> = std::iter::once(builder.index()).chain(types.iter().copied()).collect();
    let (mut inner, mut carried, mut indices, mut levels) = (*builder, carried.to_vec(), Vec::new(), Vec::new());
    for extent in extents {
        let block = Blk::new(&arguments, builder.location());
        levels.push((inner, *extent, carried, block));
        inner = inner.into_block(block);
        indices.push(block.argument(0));
        carried = block.arguments().split_off(1);
    }
    let mut results = body(&inner, &indices, &carried);
    for (outer, extent, initial, block) in levels.into_iter().rev() {
        outer.into_block(block).create("scf.yield", &results, &[], &[], &[]);
        let mut operands = vec![outer.constant_index(0), extent, outer.constant_index(1)];
        operands.extend(initial);
        results = outer.create("scf.for", &operands, &types, &[], &[Reg::with_block(block)]).results();
    }
    results
}

/// `scf.while`: `next` makes new values of the carried ones as long as `more` holds; the result is the last ones.
pub(crate) fn repeat<'c>(
    builder: &Builder<'c>,
    carried: &[Val<'c>],
    more: impl FnOnce(&Builder<'c>, &[Val<'c>]) -> Val<'c>,
    next: impl FnOnce(&Builder<'c>, &[Val<'c>]) -> Vec<Val<'c>>,
) -> Vec<Val<'c>> {
    let types: Vec<_> = carried.iter().map(|value| value.ty()).collect();
    let [head, body] = [(); 2].map(|()| Blk::new(&types, builder.location()));
    let inner = builder.into_block(head);
    let condition = more(&inner, &head.arguments());
    let passed: Vec<_> = std::iter::once(condition).chain(head.arguments()).collect();
    inner.create("scf.condition", &passed, &[], &[], &[]);
    let inner = builder.into_block(body);
    let values = next(&inner, &body.arguments());
    inner.create("scf.yield", &values, &[], &[], &[]);
    builder.create("scf.while", carried, &types, &[], &[head, body].map(Reg::with_block)).results()
}

/// `scf.if` with results of these types.
pub(crate) fn choose<'c>(
    builder: &Builder<'c>,
    condition: Val<'c>,
    types: &[Ty<'c>],
    then: impl FnOnce(&Builder<'c>) -> Vec<Val<'c>>,
    otherwise: impl FnOnce(&Builder<'c>) -> Vec<Val<'c>>,
) -> Vec<Val<'c>> {
    let blocks = [(); 2].map(|()| Blk::new(&[], builder.location()));
    let [first, second] = blocks.map(|block| builder.into_block(block));
    let (yes, no) = (then(&first), otherwise(&second));
    first.create("scf.yield", &yes, &[], &[], &[]);
    second.create("scf.yield", &no, &[], &[], &[]);
    builder.create("scf.if", &[condition], types, &[], &blocks.map(Reg::with_block)).results()
}
