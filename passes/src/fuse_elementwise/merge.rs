//! A map's body, put into the operations that use its result.

use super::shapes::{Extents, shaped};
use crate::support::blocks::copy_block;
use numir_numeric::ir::{Blk, Builder, Op, Reg, Val};
use numir_numeric::types::ArrayType;

/// An operation that is gone, with the results that it had, and what stands in its place.
pub(super) struct Replaced<'c> {
    pub(super) old: Op<'c>,
    pub(super) results: Vec<Val<'c>>,
    pub(super) new: Op<'c>,
}

/// Replaces the users of a map by operations that compute its items themselves; the map goes.
pub(super) fn merge<'c>(map: Op<'c>, users: &[Op<'c>]) -> Vec<Replaced<'c>> {
    let mut extents = Extents::default();
    extents.define(map);
    for (dim, _) in map.result(0).uses() {
        let axis = dim.integer_attribute("axis").filter(|_| dim.is("numeric.dim"));
        if let Some(axis) = axis.and_then(|axis| usize::try_from(axis).ok()) {
            dim.replace(&[extents.of(&Builder::before(dim), map.result(0))[axis]]);
        }
    }
    let replaced = |user: &Op<'c>| {
        let results = user.results();
        Replaced { old: *user, results, new: absorb(map, *user, &extents) }
    };
    let merged = users.iter().map(replaced).collect();
    map.erase();
    merged
}

/// The operation that stands for `user`.
fn absorb<'c>(map: Op<'c>, user: Op<'c>, extents: &Extents<'c>) -> Op<'c> {
    let (builder, array) = (Builder::before(user), map.result(0));
    let destination = user.is("numeric.assign").then(|| user.operand(0));
    let has_own_check = user.attribute("fits").is_none();
    let combines = shaped(map).len() > 1;
    if combines && has_own_check && (destination.is_some() || shaped(user).len() > 1) {
        extents.broadcast(&builder, &shaped(user), destination);
    }

    let user_inputs: Vec<_> = user.operands().into_iter().skip(usize::from(destination.is_some())).collect();
    let expanded = user_inputs.iter().flat_map(|input| if *input == array { map.operands() } else { vec![*input] });
    let inputs = expanded.fold(Vec::new(), |mut seen, input| {
        if !seen.contains(&input) {
            seen.push(input);
        }
        seen
    });
    let elements: Vec<_> = inputs
        .iter()
        .map(|input| ArrayType::try_from(input.ty()).map_or(input.ty(), |array| array.element()))
        .collect();
    let block = Blk::new(&elements, user.location());
    let inner = builder.into_block(block);
    let element = |input: Val<'c>| inputs.iter().position(|known| *known == input).map(|place| block.argument(place));

    let own: Vec<_> = map.operands().into_iter().filter_map(element).collect();
    let item = map.body(0).map(|body| copy_block(inner.with_location(map.location()), body, &own)).unwrap_or_default();
    let values: Vec<_> = user_inputs
        .iter()
        .filter_map(|input| if *input == array { item.first().copied() } else { element(*input) })
        .collect();
    let results = if user.is("numeric.reduce") {
        values
    } else {
        user.body(0).map(|body| copy_block(inner, body, &values)).unwrap_or_default()
    };
    inner.create("numeric.yield", &results, &[], &[], &[]);

    let name = if user.is("numeric.reduce") { "numeric.map_reduce" } else { user.name() };
    let operands: Vec<_> = destination.into_iter().chain(inputs.iter().copied()).collect();
    let types: Vec<_> = user.results().into_iter().map(|result| result.ty()).collect();
    let mut attributes = Vec::new();
    attributes.extend(["kind", "axes"].into_iter().filter_map(|name| Some((name, user.attribute(name)?))));
    attributes.extend((combines || !has_own_check).then(|| ("fits", builder.unit())));
    let fused = builder.create(name, &operands, &types, &attributes, &[Reg::with_block(block)]);
    user.replace(&fused.results());
    fused
}
