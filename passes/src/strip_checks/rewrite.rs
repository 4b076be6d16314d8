//! A loop as a loop over strips.

use super::Test;
use crate::support::ranges::constant;
use crate::version_loops::EXACT;
use melior::ir::Attribute;
use numir_numeric::ir::{Blk, Builder, Op, Reg, Ty, Val};
use numir_numeric::types::Scalar;
use std::collections::HashMap;

/// How a loop is cut.
pub(super) struct Strip {
    /// Iterations of a strip.
    pub length: i64,
    /// A strip of fewer iterations is not tested.
    pub least: i64,
}

/// Cuts a loop from 0 with step 1 into strips.
pub(super) fn strip<'c>(looping: Op<'c>, tests: &[Test<'c>], strip: &Strip) {
    let builder = Builder::before(looping);
    let index = builder.index();
    let operands = looping.operands();
    let (zero, trip, one, initial) = (operands[0], operands[1], operands[2], &operands[3..]);
    let types: Vec<_> = initial.iter().map(|value| value.ty()).collect();

    // The number of strips without a sum that could wrap around.
    let length = constant(&builder, strip.length, index);
    let last = builder.value("numeric.sub", &[trip, one], index, &[]);
    let last = builder.value("numeric.floordiv", &[last, length], index, &[]);
    let count = builder.value("numeric.add", &[last, one], index, &[]);
    let may_run_ahead = apart(&builder, tests);

    let arguments: Vec<_> = std::iter::once(index).chain(types.iter().copied()).collect();
    let body = Blk::new(&arguments, builder.location());
    let mut bounds = vec![zero, count, one];
    bounds.extend(initial);
    let strips = builder.create("scf.for", &bounds, &types, &[], &[Reg::with_block(body)]);
    for (result, other) in looping.results().into_iter().zip(strips.results()) {
        result.replace_all_uses_with(other);
    }

    let inner = builder.into_block(body);
    let start = inner.value("numeric.mul", &[body.argument(0), length], index, &[]);
    let left = inner.value("numeric.sub", &[trip, start], index, &[]);
    let here = inner.value("numeric.minimum", &[left, length], index, &[]);
    let least = constant(&inner, strip.least, index);
    let mut is_worth = compare(&inner, "ge", here, least);
    if let Some(apart) = may_run_ahead {
        is_worth = inner.value("numeric.and", &[is_worth, apart], inner.integer(1), &[]);
    }
    let passes = if_worth(&inner, is_worth, |builder| test(builder, tests, [zero, here, one], start));

    let mut operands = vec![zero, here, one];
    operands.extend(&body.arguments()[1..]);
    looping.set_operands(&operands);
    from(looping, start);
    let results = either(&inner, passes, &types, looping);
    inner.create("scf.yield", &results, &[], &[], &[]);

    for test in tests {
        for wrap in &test.wrapped {
            wrap.result(0).replace_all_uses_with(wrap.operand(0));
        }
        test.check.erase();
    }
}

/// Whether no array that is written clashes with one that is read ahead; None where that is known.
fn apart<'c>(builder: &Builder<'c>, tests: &[Test<'c>]) -> Option<Val<'c>> {
    let boolean = builder.integer(1);
    let mut pairs: Vec<[Val<'c>; 2]> = Vec::new();
    for pair in tests.iter().flat_map(|test| &test.pairs) {
        if !pairs.contains(pair) {
            pairs.push(*pair);
        }
    }
    let clashes = pairs.iter().map(|pair| builder.value("numeric.clashes", pair, boolean, &[]));
    let any = clashes.reduce(|left, right| builder.value("numeric.or", &[left, right], boolean, &[]))?;
    Some(builder.value("numeric.invert", &[any], boolean, &[]))
}

/// What `condition` gives, if it is worth while; else false.
fn if_worth<'c>(builder: &Builder<'c>, is_worth: Val<'c>, condition: impl FnOnce(&Builder<'c>) -> Val<'c>) -> Val<'c> {
    let boolean = builder.integer(1);
    let [long, short] = [(); 2].map(|()| Blk::new(&[], builder.location()));
    let regions = [Reg::with_block(long), Reg::with_block(short)];
    let branch = builder.create("scf.if", &[is_worth], &[boolean], &[], &regions);
    let inner = builder.into_block(long);
    let outcome = condition(&inner);
    inner.create("scf.yield", &[outcome], &[], &[], &[]);
    let inner = builder.into_block(short);
    inner.create("scf.yield", &[constant(&inner, 0, boolean)], &[], &[], &[]);
    branch.result(0)
}

/// Whether all checks pass in the iterations from `start` on; `bounds` are those of a loop over them.
fn test<'c>(builder: &Builder<'c>, tests: &[Test<'c>], bounds: [Val<'c>; 3], start: Val<'c>) -> Val<'c> {
    let (word, boolean) = (Scalar::PyInt.to_type(builder.context()), builder.integer(1));
    let has = |name: &str| tests.iter().any(|test| test.check.is(name));
    let mut types: Vec<Ty<'c>> = Vec::new();
    let mut operands = bounds.to_vec();
    if has("numeric.check_index") {
        // Negative as soon as one index is.
        types.push(word);
        operands.push(constant(builder, 0, word));
    }
    if has("numeric.check") {
        types.push(boolean);
        operands.push(constant(builder, 1, boolean));
    }
    let arguments: Vec<_> = std::iter::once(builder.index()).chain(types.iter().copied()).collect();
    let body = Blk::new(&arguments, builder.location());
    let inner = builder.into_block(body);
    let position = inner.value("numeric.add", &[start, body.argument(0)], inner.index(), &[]);
    let mut copies: HashMap<Val<'c>, Val<'c>> = HashMap::new();
    copies.extend(tests[0].looping.body(0).map(|original| (original.argument(0), position)));
    for operation in tests.iter().flat_map(|test| &test.slice) {
        copy_into(&inner, *operation, &mut copies);
    }
    let mut sums = body.arguments().split_off(1);
    for test in tests {
        let operand = copies.get(&test.tested).copied().unwrap_or(test.tested);
        if test.check.is("numeric.check_index") {
            let outside = outside(builder, &inner, operand, test.check.operand(1));
            sums[0] = inner.value("numeric.or", &[sums[0], outside], word, &[]);
        } else if let Some(all) = sums.last_mut() {
            *all = inner.value("numeric.and", &[*all, operand], boolean, &[]);
        }
    }
    inner.create("scf.yield", &sums, &[], &[], &[]);
    let sums = builder.create("scf.for", &operands, &types, &[], &[Reg::with_block(body)]).results();
    let conditions = sums
        .into_iter()
        .zip(types)
        .map(|(sum, ty)| if ty == word { compare(builder, "ge", sum, constant(builder, 0, word)) } else { sum });
    let and = |left: Val<'c>, right: Val<'c>| builder.value("numeric.and", &[left, right], boolean, &[]);
    conditions.reduce(and).unwrap_or_else(|| constant(builder, 1, boolean))
}

/// Copies an operation, unless it has been copied already.
fn copy_into<'c>(builder: &Builder<'c>, operation: Op<'c>, copies: &mut HashMap<Val<'c>, Val<'c>>) {
    if operation.results().iter().all(|result| copies.contains_key(result)) {
        return;
    }
    let copy = operation.duplicate();
    for (place, operand) in operation.operands().into_iter().enumerate() {
        copy.set_operand(place, copies.get(&operand).copied().unwrap_or(operand));
    }
    builder.insert(copy);
    copies.extend(operation.results().into_iter().zip(copy.results()));
}

/// A number that is negative unless `0 <= index < size`: the signs of `index` and of `size - 1 - index`. Where the index is not
/// negative, the difference does not wrap around.
fn outside<'c>(before: &Builder<'c>, inner: &Builder<'c>, index: Val<'c>, size: Val<'c>) -> Val<'c> {
    let word = Scalar::PyInt.to_type(before.context());
    let one = constant(before, 1, before.index());
    let last = before.value("numeric.sub", &[size, one], before.index(), &[]);
    let last = before.value("numeric.cast", &[last], word, &[]);
    let index = inner.value("numeric.cast", &[index], word, &[]);
    let rest = inner.value("numeric.sub", &[last, index], word, &[]);
    inner.value("numeric.or", &[index, rest], word, &[])
}

/// The loop counts its positions from `start` on.
fn from<'c>(looping: Op<'c>, start: Val<'c>) {
    let Some(body) = looping.body(0) else { return };
    let position = body.argument(0);
    let builder = Builder::at_start(looping.context(), body, looping.location());
    let sum = builder.create("numeric.add", &[start, position], &[builder.index()], &[], &[]);
    position.replace_all_uses_with(sum.result(0));
    sum.set_operand(1, position);
}

/// The loop if the condition holds, an exact copy of it if not. The loop is free to be changed afterwards.
fn either<'c>(builder: &Builder<'c>, condition: Val<'c>, types: &[Ty<'c>], looping: Op<'c>) -> Vec<Val<'c>> {
    let copy = looping.duplicate();
    copy.set_attribute(EXACT, Attribute::unit(builder.context()));
    looping.detach();
    let [fast, exact] = [(); 2].map(|()| Blk::new(&[], builder.location()));
    let regions = [Reg::with_block(fast), Reg::with_block(exact)];
    let branch = builder.create("scf.if", &[condition], types, &[], &regions);
    for (block, version) in [(fast, looping), (exact, copy)] {
        block.append(version);
        builder.into_block(block).create("scf.yield", &version.results(), &[], &[], &[]);
    }
    branch.results()
}

fn compare<'c>(builder: &Builder<'c>, predicate: &str, left: Val<'c>, right: Val<'c>) -> Val<'c> {
    builder.value("numeric.cmp", &[left, right], builder.integer(1), &[("predicate", builder.string(predicate))])
}
