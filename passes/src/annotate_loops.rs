//! `annotate-loops`: tells LLVM where its work is not worth what it costs in compile time.
//!
//! - A loop that carries nothing and branches nowhere is vectorised. What is left of its iterations runs a few times at most, and LLVM
//!   would unroll that all the same: a third of the machine code of a chain of array operations, and of the time to generate it.
//! - The copy of a loop that keeps its exact checks runs when an index is negative or out of bounds: loops in there are vectorised
//!   as others are, but neither interleaved nor unrolled.
//!
//! Cost: one walk over the function.

use crate::support::call_graph::{LOOPS, SHORT};
use crate::version_loops::EXACT;
use melior::ir::Attribute;
use numir_pipeline::properties::{INTERRUPTS_POLLED, LOOPS_ANNOTATED};
use numir_pipeline::{Anchor, Op, Pass, PassContext, PassError, Property, register_pass};
use std::collections::HashSet;

/// The name that MLIR's own lowering of loops takes up.
pub(crate) const ANNOTATION: &str = "loop_annotation";

/// Of an innermost loop that is vectorised.
const REMAINDER: &str = "#llvm.loop_annotation<unroll = #llvm.loop_unroll<runtimeDisable = true>>";

/// Of an innermost loop in an exact copy.
const ONCE: &str = "#llvm.loop_annotation<interleave = #llvm.loop_interleave<count = 1 : i32>, \
    unroll = #llvm.loop_unroll<disable = true>>";

/// The pass.
struct AnnotateLoops;

register_pass!(AnnotateLoops);

impl Pass for AnnotateLoops {
    fn name(&self) -> &'static str {
        "annotate-loops"
    }

    fn summary(&self) -> &'static str {
        "tell LLVM which loops are not worth unrolling"
    }

    fn anchor(&self) -> Anchor {
        Anchor::Function
    }

    fn requires(&self) -> &'static [Property] {
        &[INTERRUPTS_POLLED]
    }

    fn establishes(&self) -> &'static [Property] {
        &[LOOPS_ANNOTATED]
    }

    fn before(&self) -> &'static [&'static str] {
        &["lower-memory", "convert-scf-to-cf"]
    }

    fn dialects(&self) -> &'static [fn() -> melior::dialect::DialectHandle] {
        &[numir_pipeline::dialects::llvm]
    }

    fn run<'c>(&self, function: Op<'c>, _: &PassContext<'c>) -> Result<(), PassError> {
        let loops = function.collect(|operation| LOOPS.contains(&operation.name()));
        let around = |looping: &Op<'c>| ancestors(*looping).find(|outer| LOOPS.contains(&outer.name()));
        let outer: HashSet<_> = loops.iter().filter_map(around).collect();
        let innermost = loops.iter().filter(|looping| looping.is("scf.for") && !outer.contains(looping));
        for looping in innermost.filter(|looping| looping.attribute(ANNOTATION).is_none()) {
            let is_exact = ancestors(*looping).chain([*looping]).any(|outer| outer.attribute(EXACT).is_some());
            let text = match is_exact {
                true => ONCE,
                false if is_straight(*looping) => REMAINDER,
                false => continue,
            };
            let annotation = Attribute::parse(function.context(), text)
                .ok_or_else(|| PassError::compiler(looping.location(), format!("{text} is no attribute")))?;
            looping.set_attribute(ANNOTATION, annotation);
        }
        Ok(())
    }
}

/// Whether a loop carries nothing from iteration to iteration, and has no branches, and no calls but of functions that are put in.
fn is_straight(looping: Op<'_>) -> bool {
    let leaves = |inner: &Op<'_>| {
        let is_call = inner.is("func.call") || inner.is("llvm.call");
        inner.region_count() > 0 || is_call && inner.attribute(SHORT).is_none()
    };
    looping.result_count() == 0 && looping.body(0).is_some_and(|body| !body.operations().iter().any(leaves))
}

fn ancestors(operation: Op<'_>) -> impl Iterator<Item = Op<'_>> {
    std::iter::successors(operation.parent(), |outer| outer.parent())
}
