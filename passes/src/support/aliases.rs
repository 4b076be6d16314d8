//! Whose memory arrays lie in, as far as that is seen at stage `numeric`.

use numir_numeric::ir::Val;
use numir_numeric::types::{ArrayType, Scalar};

/// Whether two arrays may lie in the same memory.
pub(crate) fn may_overlap<'c>(left: Val<'c>, right: Val<'c>) -> bool {
    let (left, right) = (owner(left), owner(right));
    let is_own = |array: Val<'c>| array.definition().is_some_and(|owner| NEW.contains(&owner.name()));
    let is_given = |array: Val<'c>| {
        let parent = array.argument().and_then(|(block, _)| block.parent());
        parent.is_some_and(|parent| parent.is("func.func"))
    };
    let apart =
        left != right && ((is_own(left) && (is_own(right) || is_given(right))) || is_own(right) && is_given(left));
    !apart
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
