//! What of a check's condition is enough for it to pass.

use numir_numeric::ir::{Op, Val};

/// The condition of a `numeric.check`, and the sides of it if it is an `or`: that one of them is true is enough. `prove-domains` puts
/// what is known sooner, or computed with less, beside a condition that it follows from.
pub(crate) fn sufficient(check: Op<'_>) -> Vec<Val<'_>> {
    let condition = check.operand(0);
    let either = condition.definition().filter(|definition| definition.is("numeric.or"));
    std::iter::once(condition).chain(either.into_iter().flat_map(Op::operands)).collect()
}
