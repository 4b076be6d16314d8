//! `choose-powers`: powers that are computed one at a time are the C library's.
//!
//! ```text
//! while x < limit: x = x ** 1.1        numeric.apply @_kernels_power.pow(x, y)  →  numeric.libm "pow"(x, y)
//! ```
//! The library's kernel has no branches and no tables, so that a loop over it is vectorised: 3.4 ns a power in doubles. One at a time it takes
//! 20 ns, and 43 ns where each waits for the one before; C's function takes 10 and 25. All other kernels are as fast as C's functions one
//! at a time, and stay.
//!
//! A power stays the kernel in an innermost counted or parallel loop that nothing keeps from being vectorised: no check or call is left, and
//! no float goes from one iteration to the next. Copies of a loop for other circumstances (`version-loops`, `strip-checks`) do as the one that
//! is vectorised does: an item must not depend on the items beside it.
//!
//! Cost: one walk over the function, and one over each loop that has powers.

use melior::ir::Location;
use numir_numeric::ir::{Builder, Op, Ty, Val};
use numir_numeric::types::{Class, Scalar};
use numir_pipeline::properties::{CHECKS_VERSIONED, POWERS_CHOSEN, STAGE_NUMERIC};
use numir_pipeline::{Anchor, Pass, PassContext, PassError, Property, StatisticSpec, register_pass};

/// The kernel for doubles, and the one for what narrower floats need.
const KERNELS: [&str; 2] = ["_kernels_power.pow", "_kernels_power.pow_narrow"];

/// On a function: it is applied in loops of others, which are vectorised with it.
const APPLIED: &str = "numir.short";

/// On a function: floats may be taken in another order.
const FAST_MATH: &str = "numir.fast_math";

/// What keeps a loop from being vectorised.
const UNFIT: [&str; 8] = [
    "func.call",
    "numeric.check",
    "numeric.check_index",
    "numeric.check_recursion",
    "numeric.parallel",
    "numeric.raise",
    "scf.for",
    "scf.while",
];

/// The pass.
struct ChoosePowers;

register_pass!(ChoosePowers);

impl Pass for ChoosePowers {
    fn name(&self) -> &'static str {
        "choose-powers"
    }

    fn summary(&self) -> &'static str {
        "take C's function for powers that no loop computes several at once of"
    }

    fn anchor(&self) -> Anchor {
        Anchor::Function
    }

    fn requires(&self) -> &'static [Property] {
        &[STAGE_NUMERIC, CHECKS_VERSIONED]
    }

    fn establishes(&self) -> &'static [Property] {
        &[POWERS_CHOSEN]
    }

    fn before(&self) -> &'static [&'static str] {
        &["canonicalize-numeric", "cse-numeric", "lower-numeric"]
    }

    fn statistics(&self) -> &'static [StatisticSpec] {
        const { &[StatisticSpec { name: "powers", summary: "powers that are computed one at a time" }] }
    }

    fn run<'c>(&self, function: Op<'c>, context: &PassContext<'c>) -> Result<(), PassError> {
        if function.attribute(APPLIED).is_some() {
            return Ok(());
        }
        let powers = function.collect(|operation| kernel(operation).is_some());
        let reorders = function.attribute(FAST_MATH).is_some();
        let together: Vec<Location<'c>> = powers
            .iter()
            .filter(|power| around(**power).is_some_and(|outer| is_vectorised(outer, reorders)))
            .map(|power| power.location())
            .collect();
        for power in powers {
            if !together.contains(&power.location()) {
                by_c(power);
                context.count("powers", 1);
            }
        }
        Ok(())
    }
}

/// Which kernel an operation applies.
fn kernel(operation: Op<'_>) -> Option<usize> {
    let callee = operation.is("numeric.apply").then(|| operation.string_attribute("callee"))??;
    KERNELS.iter().position(|name| callee == *name)
}

/// The loop, or the operation on whole arrays, that an operation stands in.
fn around(operation: Op<'_>) -> Option<Op<'_>> {
    let mut outwards = std::iter::successors(operation.parent(), |inner| inner.parent());
    outwards.find(|outer| !matches!(outer.name(), "scf.if" | "func.func"))
}

fn is_vectorised(outer: Op<'_>, reorders: bool) -> bool {
    if !matches!(outer.name(), "scf.for" | "numeric.parallel") {
        return outer.name().starts_with("numeric.");
    }
    let mut fits = reorders || !outer.results().into_iter().any(is_float);
    outer.walk(&mut |inner| fits &= inner == outer || !UNFIT.contains(&inner.name()));
    fits
}

fn is_float(value: Val<'_>) -> bool {
    Scalar::of(value.ty()).is_some_and(|scalar| scalar.class() == Class::Float)
}

/// C's function for doubles, or for floats where the kernel is that for what is narrower.
fn by_c<'c>(power: Op<'c>) {
    let builder = Builder::before(power);
    let wide = power.result(0).ty();
    let is_narrow = kernel(power) == Some(1);
    let ty = if is_narrow { Scalar::Float(32).to_type(builder.context()) } else { wide };
    let cast = |value: Val<'c>, to: Ty<'c>| builder.value("numeric.cast", &[value], to, &[]);
    let operands: Vec<_> = power.operands().into_iter().map(|x| if is_narrow { cast(x, ty) } else { x }).collect();
    let result = builder.value("numeric.libm", &operands, ty, &[("function", builder.string("pow"))]);
    power.replace(&[if is_narrow { cast(result, wide) } else { result }]);
}
