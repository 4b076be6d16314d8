//! `reuse-arrays`: a whole-array operation writes its result into an operand that nobody needs afterwards.
//!
//! ```text
//! t = a @ b; r = alpha * t + beta * c; release t    →    t = a @ b; t = alpha * t + beta * c, whose name is r
//! ```
//! What cannot be computed item by item, a product of matrices above all, gives an array; the operations on its items that follow are one loop
//! already, and with this one they are done in place: the product has its epilogue, and one array is allocated, not two, each of which would be
//! touched for the first time page by page.
//!
//! An operand will do if it was allocated in this function, has the type of the result, is released directly after the operation, and has no
//! other reference. Each item is read before it is written, and no other operand may lie in the same memory. That the operand is not
//! stretched is asked where the loop is chosen, at run time: `lower-numeric` allocates where it is. A result that lives within an
//! iteration of a loop is left alone: `hoist-allocations` does more for both arrays.
//!
//! Cost: linear in the uses of the operands.

use crate::join_loops::JOINED;
use numir_numeric::ir::{Builder, Op, Val};
use numir_pipeline::properties::{ARRAYS_REUSED, LOOPS_JOINED, OWNERSHIP_EXPLICIT, STAGE_NUMERIC};
use numir_pipeline::{Anchor, Pass, PassContext, PassError, Property, StatisticSpec, register_pass};

/// On a `numeric.map`: the number of the operand whose memory its result is to take over.
pub(crate) const REUSED: &str = "numir.reused";

/// The pass.
struct ReuseArrays;

register_pass!(ReuseArrays);

impl Pass for ReuseArrays {
    fn name(&self) -> &'static str {
        "reuse-arrays"
    }

    fn summary(&self) -> &'static str {
        "write results into operands that nobody needs afterwards"
    }

    fn anchor(&self) -> Anchor {
        Anchor::Function
    }

    fn requires(&self) -> &'static [Property] {
        &[STAGE_NUMERIC, OWNERSHIP_EXPLICIT, LOOPS_JOINED]
    }

    fn establishes(&self) -> &'static [Property] {
        &[ARRAYS_REUSED]
    }

    fn before(&self) -> &'static [&'static str] {
        &["lower-numeric"]
    }

    fn statistics(&self) -> &'static [StatisticSpec] {
        const { &[StatisticSpec { name: "reused", summary: "results that take over an operand's memory" }] }
    }

    fn run<'c>(&self, function: Op<'c>, context: &PassContext<'c>) -> Result<(), PassError> {
        for map in function.collect_named("numeric.map") {
            if map.attribute(JOINED).is_some() || lives_within_an_iteration(map) {
                continue;
            }
            let operands = map.operands();
            if let Some(place) = (0..operands.len()).find(|place| may_be_reused(map, &operands, *place)) {
                context.count("reused", 1);
                context.remark(map, || {
                    "written over an array that is not needed afterwards: no other array is made".to_owned()
                });
                map.set_attribute(REUSED, Builder::before(map).i64_attribute(place as i64));
            }
        }
        Ok(())
    }
}

/// Whether the block of an operation in a loop releases its result.
fn lives_within_an_iteration(map: Op<'_>) -> bool {
    let mut around = std::iter::successors(map.parent(), |inner| inner.parent());
    around.any(|outer| outer.is("scf.for") || outer.is("scf.while"))
        && map.result(0).uses().iter().any(|(user, _)| user.is("numeric.release") && user.block() == map.block())
}

fn may_be_reused<'c>(map: Op<'c>, operands: &[Val<'c>], place: usize) -> bool {
    let array = operands[place];
    let is_made_here =
        |value: Val<'c>| value.definition().is_some_and(|made| made.is("numeric.alloc") || made.is("numeric.map"));
    array.ty() == map.result(0).ty()
        && is_made_here(array)
        && is_released_after(map, array)
        && is_the_only_reference(array)
        && operands.iter().all(|other| *other == array || root(*other) != array)
}

/// Whether a release of an array follows an operation, with nothing but releases in between.
fn is_released_after<'c>(operation: Op<'c>, array: Val<'c>) -> bool {
    let following = std::iter::successors(operation.next(), |next| next.next());
    following.into_iter().take_while(|next| next.is("numeric.release")).any(|release| release.operand(0) == array)
}

/// Whether no operation keeps an array, or a view of it, under another name. Views end before their source is released.
fn is_the_only_reference(array: Val<'_>) -> bool {
    const USES: &[&str] = &[
        "numeric.address",
        "numeric.assign",
        "numeric.clashes",
        "numeric.dim",
        "numeric.load",
        "numeric.map",
        "numeric.map_reduce",
        "numeric.reduce",
        "numeric.reduce_axes",
        "numeric.release",
        "numeric.store",
        "numeric.stride",
    ];
    let mut open = vec![array];
    while let Some(name) = open.pop() {
        for (user, _) in name.uses() {
            if user.is("numeric.view") {
                open.push(user.result(0));
            } else if !USES.contains(&user.name()) {
                return false;
            }
        }
    }
    true
}

/// The array that a value is a view of, or itself.
fn root(mut value: Val<'_>) -> Val<'_> {
    while let Some(view) = value.definition().filter(|definition| definition.is("numeric.view")) {
        value = view.operand(0);
    }
    value
}
