//! `expand-axis-reductions`: reductions along axes become loops over the axes that stay.
//!
//! `np.sum((a - b) ** 2, axis=1)` is one `numeric.reduce_axes`, once `fuse-elementwise` has given it its body. Here it becomes a loop
//! over the rows, each of which is a `numeric.map_reduce` of parts of the inputs, so that rows have the order of all sums, and no array
//! of items is made. Where the last axis stays, rows are added to a row of results, item by item, so that memory is walked in its
//! order. Both may be mixed, as for `axis=(0, 2)`: each row is combined by itself, and the result added to its place.
//!
//! Inputs whose extents are equal for sure, or known to be 1, are read as they are. If that is not sure, it is asked once, before the
//! loops: there is a version for equal extents, and one in which each position of an input is chosen by its extent.
//!
//! In a function that is parallel, the first axis that stays is cut into pieces, as whole-array operations are.
//!
//! Where the module is for a device, each result is an iteration of a parallel loop of its own ([`device`]), which goes over the axes that are
//! reduced in the same order.
//!
//! Cost: linear in the operations of a function, with one walk for what is known of extents.

mod device;
pub(crate) mod nest;
pub(crate) mod parts;
pub(crate) mod places;

use crate::support::ranges::{Ranges, Visitor, walk};
use nest::Reduction;
use numir_pipeline::properties::{AXES_EXPANDED, STAGE_NUMERIC};
use numir_pipeline::{Anchor, Op, Pass, PassContext, PassError, Property, StatisticSpec, register_pass};

/// The pass.
struct ExpandAxisReductions;

register_pass!(ExpandAxisReductions);

impl Pass for ExpandAxisReductions {
    fn name(&self) -> &'static str {
        "expand-axis-reductions"
    }

    fn summary(&self) -> &'static str {
        "make loops of reductions along axes"
    }

    fn anchor(&self) -> Anchor {
        Anchor::Function
    }

    fn requires(&self) -> &'static [Property] {
        &[STAGE_NUMERIC]
    }

    fn establishes(&self) -> &'static [Property] {
        &[AXES_EXPANDED]
    }

    fn dialects(&self) -> &'static [fn() -> melior::dialect::DialectHandle] {
        use numir_pipeline::dialects::{func, scf};
        &[func, scf]
    }

    fn after(&self) -> &'static [&'static str] {
        &["inline-functions", "split-random-streams", "fuse-elementwise"]
    }

    fn before(&self) -> &'static [&'static str] {
        &["hoist-invariants", "simplify-indices", "canonicalize-numeric", "cse-numeric"]
    }

    fn statistics(&self) -> &'static [StatisticSpec] {
        const { &[StatisticSpec { name: "expanded", summary: "reductions along axes" }] }
    }

    fn run<'c>(&self, function: Op<'c>, context: &PassContext<'c>) -> Result<(), PassError> {
        let present = function.collect_named("numeric.reduce_axes");
        if present.is_empty() {
            return Ok(());
        }
        let mut found = Found::default();
        walk(function, true, &mut found);
        context.count("expanded", present.len() as u64);
        // What the walk did not come to is reached by nobody; it is expanded all the same, for nothing else can be made of it.
        let missed = present.into_iter().filter(|op| !found.reductions.iter().any(|known| known.op == *op));
        let missed: Vec<_> = missed.map(Reduction::of).collect();
        for reduction in found.reductions.into_iter().chain(missed) {
            reduction.expand();
        }
        Ok(())
    }
}

/// The reductions, with what is known of their inputs' extents.
#[derive(Default)]
struct Found<'c> {
    reductions: Vec<Reduction<'c>>,
}

impl<'c> Visitor<'c> for Found<'c> {
    type Checkpoint = usize;

    fn visit(&mut self, ranges: &mut Ranges<'c>, operation: Op<'c>) {
        if operation.is("numeric.reduce_axes") {
            let mut reduction = Reduction::of(operation);
            reduction.learn(ranges);
            self.reductions.push(reduction);
        }
    }

    fn checkpoint(&mut self) -> usize {
        self.reductions.len()
    }

    fn roll_back(&mut self, checkpoint: &usize) {
        self.reductions.truncate(*checkpoint);
    }
}
