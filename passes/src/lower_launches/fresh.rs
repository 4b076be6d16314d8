//! Arrays that a launch is the first to use: what lies in their memory is nobody's, and is not copied to the device.

use numir_numeric::ir::{Op, Val};

/// Operations that neither read nor write the items of an array, nor give it on.
const SILENT: &[&str] = &["memref.dim", "numeric.retain"];

/// Whether nothing has been written to an array before a launch that gets it.
pub(super) fn is_fresh(launch: Op<'_>, array: Val<'_>) -> bool {
    let Some(allocation) = array.definition().filter(|definition| definition.is("numeric.alloc")) else { return false };
    let is_zeroed = allocation.integer_attribute("zero").is_some_and(|zero| zero != 0);
    if is_zeroed || allocation.block() != launch.block() {
        return false;
    }
    let between: Vec<_> = std::iter::successors(allocation.next(), |before| before.next())
        .take_while(|before| *before != launch)
        .collect();
    let is_early = |user: Op<'_>| {
        let mut around = std::iter::successors(Some(user), |inner| inner.parent());
        around.any(|outer| between.contains(&outer))
    };
    array.uses().into_iter().all(|(user, _)| !is_early(user) || is_silent(user))
}

fn is_silent(user: Op<'_>) -> bool {
    SILENT.contains(&user.name()) || is_look_at_header(user)
}

/// Whether an operation takes an array apart to find its header alone, as what keeps owners does.
fn is_look_at_header(user: Op<'_>) -> bool {
    let takes_header = |(part, _): (Op<'_>, usize)| {
        part.is("llvm.extractvalue") && part.attribute("position").is_some_and(|at| at.to_string() == "array<i64: 0>")
    };
    user.is("builtin.unrealized_conversion_cast") && user.result(0).uses().into_iter().all(takes_header)
}
