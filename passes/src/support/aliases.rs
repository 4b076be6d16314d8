//! Whose memory arrays lie in, as far as that is seen at stage `numeric`.

use numir_numeric::ir::Val;
use numir_numeric::types::{ArrayType, Scalar};

/// Whether two arrays may lie in the same memory.
pub(crate) fn may_overlap<'c>(left: Val<'c>, right: Val<'c>) -> bool {
    let element = |array: Val<'c>| ArrayType::try_from(array.ty()).ok().map(ArrayType::scalar);
    let (left, right) = (owner(left), owner(right));
    // Records are bytes, among which the items of other arrays may lie.
    let is_bytes = |array: Val<'c>| element(array).is_some_and(|scalar| scalar == Scalar::Unsigned(8));
    if element(left) != element(right) && !is_bytes(left) && !is_bytes(right) {
        return false;
    }
    let is_own = |array: Val<'c>| array.definition().is_some_and(|owner| NEW.contains(&owner.name()));
    let is_given = |array: Val<'c>| {
        let parent = array.argument().and_then(|(block, _)| block.parent());
        parent.is_some_and(|parent| parent.is("func.func"))
    };
    let apart =
        left != right && ((is_own(left) && (is_own(right) || is_given(right))) || is_own(right) && is_given(left));
    !apart
}

/// Operations that make an array in memory of its own.
const NEW: [&str; 2] = ["numeric.alloc", "numeric.map"];

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
