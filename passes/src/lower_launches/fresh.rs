//! Arrays that a launch is the first to use: what lies in their memory is nobody's, and is not copied to the device.

use numir_numeric::ir::{Op, Val};

/// Operations that neither read nor write the items of an array, nor give it on.
const SILENT: &[&str] = &["memref.dim", "memref.extract_strided_metadata", "numeric.retain"];

/// Operations whose result is the same memory.
const VIEWS: &[&str] = &["memref.cast", "memref.reinterpret_cast"];

/// Whether nothing has been written to an array before a launch that gets it.
pub(super) fn is_fresh(launch: Op<'_>, array: Val<'_>) -> bool {
    let Some(allocation) = allocation_of(array) else { return false };
    let is_zeroed = allocation.integer_attribute("zero").is_some_and(|zero| zero != 0);
    if is_zeroed {
        return false;
    }
    // The launch, and the branches around it that the allocation is not in: in a loop it would be reached more than once.
    let around = std::iter::successors(Some(launch), |inner| inner.parent().filter(|outer| outer.is("scf.if")));
    let mut levels = Vec::new();
    for level in around {
        levels.push(level);
        if level.block() == allocation.block() {
            let before = levels.into_iter().flat_map(|level| before(level, allocation)).collect::<Vec<_>>();
            return is_untouched(allocation.result(0), &before);
        }
    }
    false
}

/// What allocates the memory that an array is all of, or a view.
fn allocation_of(array: Val<'_>) -> Option<Op<'_>> {
    let definition = array.definition()?;
    match definition.name() {
        "numeric.alloc" => Some(definition),
        name if VIEWS.contains(&name) => allocation_of(definition.operand(0)),
        _ => None,
    }
}

/// The operations before one in its block, back to the allocation if that is there.
fn before<'c>(operation: Op<'c>, allocation: Op<'c>) -> Vec<Op<'c>> {
    let start = match operation.block() {
        block if block == allocation.block() => allocation.next(),
        block => block.and_then(|block| block.first()),
    };
    std::iter::successors(start, |at| at.next()).take_while(|at| *at != operation).collect()
}

/// Whether none of some operations, or of what is in them, uses an array or a view of it otherwise than by looking at its extents.
fn is_untouched(array: Val<'_>, before: &[Op<'_>]) -> bool {
    array.uses().into_iter().all(|(user, _)| {
        let is_early = std::iter::successors(Some(user), |inner| inner.parent()).any(|outer| before.contains(&outer));
        if VIEWS.contains(&user.name()) {
            return is_untouched(user.result(0), before);
        }
        !is_early || SILENT.contains(&user.name()) || is_look_at_header(user)
    })
}

/// Whether an operation takes an array apart to find its header alone, as what keeps owners does.
fn is_look_at_header(user: Op<'_>) -> bool {
    let takes_header = |(part, _): (Op<'_>, usize)| {
        part.is("llvm.extractvalue") && part.attribute("position").is_some_and(|at| at.to_string() == "array<i64: 0>")
    };
    user.is("builtin.unrealized_conversion_cast") && user.result(0).uses().into_iter().all(takes_header)
}
