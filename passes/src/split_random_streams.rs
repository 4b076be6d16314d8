//! `split-random-streams`: the iterations of a parallel loop that draws random numbers, itself or by what it calls, each begin a
//! stream of their own, so that what they draw depends neither on who runs them nor on how many threads there are.
//!
//! ```text
//! parallel i in range(n): … random …      key = random "fork"
//!                                         parallel i in range(n): random "enter"(key, i); … random …
//! ```
//! The key is drawn from NumPy's generator, or from Python's where the loop uses that alone. Cost: one walk over the module.

use crate::support::call_graph::{callee, functions_reaching};
use numir_numeric::ir::Builder;
use numir_pipeline::properties::{STAGE_NUMERIC, STREAMS_SPLIT};
use numir_pipeline::{Op, Pass, PassContext, PassError, Property, StatisticSpec, register_pass};
use std::collections::HashSet;

/// The pass.
struct SplitRandomStreams;

register_pass!(SplitRandomStreams);

impl Pass for SplitRandomStreams {
    fn name(&self) -> &'static str {
        "split-random-streams"
    }

    fn summary(&self) -> &'static str {
        "give each iteration of a parallel loop random numbers of its own"
    }

    fn requires(&self) -> &'static [Property] {
        &[STAGE_NUMERIC]
    }

    fn establishes(&self) -> &'static [Property] {
        &[STREAMS_SPLIT]
    }

    fn before(&self) -> &'static [&'static str] {
        &["release-values", "lower-numeric"]
    }

    fn statistics(&self) -> &'static [StatisticSpec] {
        const { &[StatisticSpec { name: "loops", summary: "loops that draw random numbers" }] }
    }

    fn dialects(&self) -> &'static [fn() -> melior::dialect::DialectHandle] {
        &[numir_numeric::handle]
    }

    fn run<'c>(&self, module: Op<'c>, context: &PassContext<'c>) -> Result<(), PassError> {
        let Some(body) = module.body(0) else { return Ok(()) };
        if module.collect(|operation| operation.is("numeric.random")).is_empty() {
            return Ok(());
        }
        let drawing = ["numpy", "python"]
            .map(|generator| (generator, functions_reaching(body, |operation| draws(operation, generator))));
        for looping in module.collect(|operation| operation.is("numeric.parallel")) {
            let used = drawing.iter().find(|(generator, functions)| reaches(looping, generator, functions));
            let (Some((generator, _)), Some(block)) = (used, looping.body(0)) else { continue };
            let before = Builder::before(looping);
            let index = before.index();
            let generator = ("generator", before.string(generator));
            let key = before.value("numeric.random", &[], index, &[("kind", before.string("fork")), generator]);
            let inside = Builder::at_start(module.context(), block, looping.location());
            let position = block.argument(0);
            inside.create("numeric.random", &[key, position], &[], &[("kind", inside.string("enter")), generator], &[]);
            context.count("loops", 1);
        }
        Ok(())
    }
}

fn draws(operation: Op<'_>, generator: &str) -> bool {
    operation.is("numeric.random") && operation.string_attribute("generator").is_some_and(|own| own == generator)
}

/// Whether what is in a loop draws from a generator, or calls one of the functions that do.
fn reaches(looping: Op<'_>, generator: &str, functions: &HashSet<String>) -> bool {
    let found = |operation: Op<'_>| {
        draws(operation, generator) || callee(operation).is_some_and(|callee| functions.contains(&callee))
    };
    !looping.collect(found).is_empty()
}
