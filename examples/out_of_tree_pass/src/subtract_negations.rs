//! `subtract-negations`: `a + (-b)` becomes `a - b`, which is the same number for every type, rounding and sign of zero included.

use numir_numeric::ir::Builder;
use numir_pipeline::properties::{NUMERIC_OPTIMISED, STAGE_NUMERIC};
use numir_pipeline::{Anchor, Op, Pass, PassContext, PassError, Property, StatisticSpec, register_pass};

/// The pass.
struct SubtractNegations;

register_pass!(SubtractNegations);

impl Pass for SubtractNegations {
    fn name(&self) -> &'static str {
        "subtract-negations"
    }

    fn summary(&self) -> &'static str {
        "subtract a number instead of adding its negation"
    }

    fn anchor(&self) -> Anchor {
        Anchor::Function
    }

    fn requires(&self) -> &'static [Property] {
        &[STAGE_NUMERIC]
    }

    fn establishes(&self) -> &'static [Property] {
        &[NUMERIC_OPTIMISED]
    }

    fn before(&self) -> &'static [&'static str] {
        &["canonicalize-numeric"]
    }

    fn statistics(&self) -> &'static [StatisticSpec] {
        const { &[StatisticSpec { name: "negations", summary: "negations that were added" }] }
    }

    fn run<'c>(&self, function: Op<'c>, context: &PassContext<'c>) -> Result<(), PassError> {
        for addition in function.collect_named("numeric.add") {
            let (left, right) = (addition.operand(0), addition.operand(1));
            let Some(negation) = right.definition().filter(|definition| definition.is("numeric.neg")) else { continue };
            let builder = Builder::before(addition);
            let difference = builder.value("numeric.sub", &[left, negation.operand(0)], left.ty(), &[]);
            addition.replace(&[difference]);
            if negation.result(0).is_unused() {
                negation.erase();
            }
            context.count("negations", 1);
        }
        Ok(())
    }
}
