//! `outline-parallel`: the body of a parallel loop becomes a function of its own, which the runtime's pool calls chunk by
//! chunk: `(context, lo, hi, chunk) -> status`.
//!
//! ```text
//! %r = numeric.parallel %i in %n reduce(add %acc = %init) {…}
//!   ↓
//! context = stack struct of what the body uses; partials = stack array, one entry per chunk
//! status = numir_parallel(@f.parallel0, context, n)
//! check that status is 0 (the error is pending already)
//! r = init combined with partials[0], partials[1], …: the chunks depend on n alone, so the number of threads shows nowhere
//! ```
//! An accumulator that is an array costs an array per chunk, so such a loop is cut into fewer pieces, again by a rule that
//! looks at the trip count and the extents alone.

mod accumulators;
mod capture;
pub(crate) mod kinds;
mod outline;

use crate::support::call_graph::{raising_functions, raising_operations};
use crate::support::runtime::Runtime;
use melior::ir::attribute::{ArrayAttribute, StringAttribute};
use numir_pipeline::properties::{PARALLEL_OUTLINED, STAGE_SCF};
use numir_pipeline::{Op, Pass, PassContext, PassError, Property, register_pass};
use std::collections::HashSet;

/// On a `numeric.check`: the error that it stands for is pending already, the check only leaves.
pub(crate) const PENDING: &str = "numir.pending";

/// On a function: it is the body of a parallel loop or what a thread of a kernel does, and its one result is a status already.
pub(crate) const BODY: &str = "numir.parallel_body";

/// On a parallel loop: its iterations are pieces of a whole-array operation, as long as they should be. On memory of the frame: it is the context of
/// such a loop, which keeps no array that it is handed.
pub(crate) const PIECES: &str = "numir.pieces";

/// Whether a function is the body of a parallel loop.
pub(crate) fn is_parallel_body(function: Op<'_>) -> bool {
    function.attribute(BODY).is_some()
}

/// The pass.
struct OutlineParallel;

register_pass!(OutlineParallel);

impl Pass for OutlineParallel {
    fn name(&self) -> &'static str {
        "outline-parallel"
    }

    fn summary(&self) -> &'static str {
        "turn the bodies of parallel loops into functions that the runtime's pool calls chunk by chunk"
    }

    fn requires(&self) -> &'static [Property] {
        &[STAGE_SCF]
    }

    fn after(&self) -> &'static [&'static str] {
        &["scf-optimised", "map-to-gpu"]
    }

    fn establishes(&self) -> &'static [Property] {
        &[PARALLEL_OUTLINED]
    }

    fn invalidates(&self) -> &'static [Property] {
        &[STAGE_SCF]
    }

    fn dialects(&self) -> &'static [fn() -> melior::dialect::DialectHandle] {
        use numir_pipeline::dialects::{arith, complex, llvm, memref, scf};
        &[arith, complex, llvm, memref, scf]
    }

    fn run<'c>(&self, module: Op<'c>, context: &PassContext<'c>) -> Result<(), PassError> {
        let (Some(body), Some(runtime)) = (module.body(0), Runtime::of(module)) else { return Ok(()) };
        let raising = raising_functions(body);
        let mut functions: Vec<_> =
            body.operations().into_iter().filter(|operation| operation.is("func.func")).collect();
        while let Some(function) = functions.pop() {
            let loops = outermost(function);
            let raises = if loops.is_empty() { HashSet::new() } else { raising_operations(function, &raising) };
            for (number, parallel) in loops.into_iter().enumerate() {
                context.remark(parallel, || describe(parallel));
                // The bodies of loops inside of this one are found in the new function.
                functions.push(outline::outline(function, parallel, number, &runtime, raises.contains(&parallel))?);
            }
        }
        Ok(())
    }
}

/// What is said of a loop that runs in parallel: what it reduces, and whether it lies in another one.
fn describe(parallel: Op<'_>) -> String {
    if parallel.attribute(PIECES).is_some() {
        return "the array operation runs in parallel where it is large".to_owned();
    }
    let kinds = parallel.attribute("kinds").and_then(|kinds| ArrayAttribute::try_from(kinds).ok());
    let reduced: Vec<String> = (0..parallel.result_count())
        .filter_map(|number| {
            let kind = StringAttribute::try_from(kinds?.element(number).ok()?).ok()?.value();
            let name = parallel.body(0)?.argument(1 + number).name();
            Some(name.map_or_else(|| kind.to_owned(), |name| format!("{name} ({kind})")))
        })
        .collect();
    let reduced = if reduced.is_empty() { String::new() } else { format!(", reducing {}", reduced.join(", ")) };
    let function =
        std::iter::successors(parallel.parent(), |parent| parent.parent()).find(|parent| parent.is("func.func"));
    let nested = function.is_some_and(is_parallel_body);
    format!("the loop runs in parallel{}{reduced}", if nested { " inside of a parallel loop" } else { "" })
}

/// The parallel loops of a function that are not inside of others, in order.
fn outermost(function: Op<'_>) -> Vec<Op<'_>> {
    let inside = |operation: Op<'_>| {
        std::iter::successors(operation.parent(), |parent| parent.parent()).any(|parent| parent.is("numeric.parallel"))
    };
    function.collect(|operation| operation.is("numeric.parallel") && !inside(operation))
}
