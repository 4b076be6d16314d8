//! Whose memory arrays lie in, as far as that is seen at stage `numeric`.

use numir_numeric::ir::Val;
use numir_numeric::types::{ArrayType, Scalar};

/// Whether two arrays may lie in the same memory.
pub(crate) fn may_overlap<'c>(left: Val<'c>, right: Val<'c>) -> bool {
    let (left, right) = (owner(left), owner(right));
    let is_given = |array: Val<'c>| {
        let parent = array.argument().and_then(|(block, _)| block.parent());
        parent.is_some_and(|parent| parent.is("func.func"))
    };
    let apart = left != right
        && (is_new(left) && (is_new(right) || is_given(right))
            || is_new(right) && is_given(left)
            || are_carried_apart(left, right));
    !apart
}

fn is_new(array: Val<'_>) -> bool {
    array.definition().is_some_and(|owner| NEW.contains(&owner.name()))
}

/// Whether two arrays that a loop carries lie apart in all iterations: the first ones do, and each iteration passes on, in any order, the
/// arrays that it got and those that it made.
fn are_carried_apart<'c>(left: Val<'c>, right: Val<'c>) -> bool {
    let looping = |array: Val<'c>| {
        let (block, number) = array.argument()?;
        let parent = block.parent().filter(|parent| parent.is("scf.for"))?;
        Some((block, parent, number.checked_sub(1)?))
    };
    let (Some((body, parent, left)), Some((other, _, right))) = (looping(left), looping(right)) else { return false };
    let Some(end) = body.terminator().filter(|_| body == other) else { return false };
    let passed_on = |carried: usize| owner(end.operand(carried));
    // The arrays among which these two go round.
    let mut round = vec![left, right];
    let mut seen = 0;
    while let Some(carried) = round.get(seen).copied() {
        seen += 1;
        match looping(passed_on(carried)) {
            Some((block, _, number)) if block == body && !round.contains(&number) => round.push(number),
            _ => {}
        }
    }
    let is_known = |array: Val<'c>| {
        looping(array).is_some_and(|(block, ..)| block == body)
            || is_new(array) && array.definition().is_some_and(|definition| definition.is_inside(parent))
    };
    round.iter().enumerate().all(|(place, first)| {
        let next = passed_on(*first);
        is_known(next)
            && round[place + 1..].iter().all(|second| {
                next != passed_on(*second) && !may_overlap(parent.operand(first + 3), parent.operand(second + 3))
            })
    })
}

/// The same, where arrays with items of different types are taken to lie apart, as C takes them to. Records are bytes, among
/// which the items of other arrays may lie.
pub(crate) fn may_share_items<'c>(left: Val<'c>, right: Val<'c>) -> bool {
    let element = |array: Val<'c>| ArrayType::try_from(owner(array).ty()).ok().map(ArrayType::scalar);
    let (from, with) = (element(left), element(right));
    let bytes = Some(Scalar::Unsigned(8));
    (from == with || from == bytes || with == bytes) && may_overlap(left, right)
}

/// Operations that make an array in memory of its own.
const NEW: [&str; 3] = ["numeric.alloc", "numeric.map", "numeric.reduce_axes"];

/// Operations whose result lies in the memory of their first operand.
const VIEWS: [&str; 3] = ["numeric.view", "numeric.reshape", "numeric.reinterpret"];

/// The array whose memory a view lies in, as far as that is seen.
pub(crate) fn owner<'c>(array: Val<'c>) -> Val<'c> {
    let source = |array: Val<'c>| {
        let view = array.definition().filter(|view| VIEWS.contains(&view.name()))?;
        Some(view.operand(0))
    };
    std::iter::successors(Some(array), |array| source(*array)).last().unwrap_or(array)
}
