//! `simplify-indices`: what ranges of integers prove.
//!
//! The front end computes indices as Python ints: the position of a loop is cast to `!numeric.int`, `i - 1` is subtracted there,
//! cast back, checked against the extent, and counted from the end if it is negative. Where `for i in range(1, n - 1)`, `n, m =
//! a.shape`, conditions such as `if 0 <= k < n`, or an earlier check of the same index say enough, the arithmetic moves to
//! `index`, the check goes, and the index is the position. Comparisons, `min`, `max` and `%` whose outcome is known go too. The
//! extents of arrays that a loop swaps are those of the arrays before it: so the shapes of what is computed of them agree.
//! [`crate::support::ranges`] says how it is known.
//!
//! Cost: one walk over the function, in which every proof has a fixed budget.

use crate::support::pure;
use crate::support::ranges::{self, Linear, Ranges, Visitor, constant_of, walk};
use melior::ir::attribute::DenseI64ArrayAttribute;
use numir_numeric::ir::{Builder, Val};
use numir_pipeline::properties::{INLINED, INVARIANTS_HOISTED, RANGES_KNOWN, STAGE_NUMERIC};
use numir_pipeline::{Anchor, Op, Pass, PassContext, PassError, Property, StatisticSpec, register_pass};

/// The pass.
struct SimplifyIndices;

register_pass!(SimplifyIndices);

impl Pass for SimplifyIndices {
    fn name(&self) -> &'static str {
        "simplify-indices"
    }

    fn summary(&self) -> &'static str {
        "drop the index checks that cannot fail, and compute indices as such"
    }

    fn anchor(&self) -> Anchor {
        Anchor::Function
    }

    fn requires(&self) -> &'static [Property] {
        &[STAGE_NUMERIC, INLINED, INVARIANTS_HOISTED]
    }

    fn establishes(&self) -> &'static [Property] {
        &[RANGES_KNOWN]
    }

    fn before(&self) -> &'static [&'static str] {
        &["canonicalize-numeric", "cse-numeric", "release-values"]
    }

    fn statistics(&self) -> &'static [StatisticSpec] {
        const {
            &[
                StatisticSpec { name: "checks", summary: "index checks seen" },
                StatisticSpec { name: "checks-dropped", summary: "index checks that cannot fail" },
            ]
        }
    }

    fn run<'c>(&self, function: Op<'c>, context: &PassContext<'c>) -> Result<(), PassError> {
        let mut simplification = Simplification::default();
        let ranges = walk(function, true, &mut simplification);
        let dropped = simplification.edits.iter().filter(|edit| matches!(edit, Edit::Drop(_))).count();
        context.count("checks", simplification.checks);
        context.count("checks-dropped", dropped as u64);
        simplification.edits.into_iter().for_each(|edit| edit.apply(&ranges));
        pure::drop_unused(function);
        Ok(())
    }
}

/// A change to make once the walk is over.
enum Edit<'c> {
    /// A check that passes.
    Drop(Op<'c>),
    /// An operation whose result is that operand.
    Forward(Op<'c>, usize),
    /// A `wrap_index` of an index that is negative.
    CountFromEnd(Op<'c>),
    /// A comparison whose outcome is known.
    Decide(Op<'c>, bool),
    /// A cast to `index` of what can be computed as an index.
    Rebuild(Op<'c>, Linear),
}

impl<'c> Edit<'c> {
    /// Replaced operations stay, unused: sums may still name their results.
    fn apply(self, ranges: &Ranges<'c>) {
        match self {
            Self::Drop(operation) => operation.erase(),
            Self::Forward(operation, operand) => replace(operation, operation.operand(operand)),
            Self::CountFromEnd(operation) => {
                let builder = Builder::before(operation);
                replace(operation, builder.value("numeric.add", &operation.operands(), builder.index(), &[]));
            }
            Self::Decide(operation, outcome) => {
                let builder = Builder::before(operation);
                replace(operation, ranges::constant(&builder, outcome.into(), builder.integer(1)));
            }
            Self::Rebuild(operation, sum) => replace(operation, ranges.build(operation, &sum)),
        }
    }
}

fn replace<'c>(operation: Op<'c>, value: Val<'c>) {
    operation.result(0).replace_all_uses_with(value);
}

#[derive(Default)]
struct Simplification<'c> {
    edits: Vec<Edit<'c>>,
    checks: u64,
}

impl<'c> Visitor<'c> for Simplification<'c> {
    type Checkpoint = (usize, u64);

    fn visit(&mut self, ranges: &mut Ranges<'c>, operation: Op<'c>) {
        self.checks += u64::from(operation.is("numeric.check_index"));
        self.edits.extend(simplified(ranges, operation));
    }

    fn checkpoint(&mut self) -> (usize, u64) {
        (self.edits.len(), self.checks)
    }

    fn roll_back(&mut self, (edits, checks): &(usize, u64)) {
        self.edits.truncate(*edits);
        self.checks = *checks;
    }
}

fn simplified<'c>(ranges: &mut Ranges<'c>, operation: Op<'c>) -> Option<Edit<'c>> {
    let operand = |index: usize| operation.operand(index);
    match operation.name() {
        "numeric.check_index" => ranges.passes(operand(0), operand(1)).then_some(Edit::Drop(operation)),
        "numeric.check" => (ranges.decided(operand(0)) == Some(true)).then_some(Edit::Drop(operation)),
        "numeric.wrap_index" => {
            let index = ranges.exact(operand(0));
            if ranges.prove(&index) {
                Some(Edit::Forward(operation, 0))
            } else {
                ranges.at_most(&index, &Linear::constant(-1)).then_some(Edit::CountFromEnd(operation))
            }
        }
        "numeric.cmp" if ranges::is_word(operand(0)) => {
            ranges.decided(operation.result(0)).map(|outcome| Edit::Decide(operation, outcome))
        }
        name @ ("numeric.minimum" | "numeric.maximum") if ranges::is_word(operand(0)) => {
            let [left, right] = [0, 1].map(|index| ranges.exact(operand(index)));
            let (lesser, greater) = if name == "numeric.minimum" { (0, 1) } else { (1, 0) };
            if ranges.at_most(&left, &right) {
                Some(Edit::Forward(operation, lesser))
            } else {
                ranges.at_most(&right, &left).then_some(Edit::Forward(operation, greater))
            }
        }
        "numeric.select" => ranges.decided(operand(0)).map(|known| Edit::Forward(operation, if known { 1 } else { 2 })),
        "numeric.floordiv" if ranges::is_word(operand(0)) => {
            (ranges.ring(operand(1)).as_constant() == Some(1)).then_some(Edit::Forward(operation, 0))
        }
        "numeric.mod" if ranges::is_word(operand(0)) => {
            ranges.is_position(operand(0), operand(1)).then_some(Edit::Forward(operation, 0))
        }
        "numeric.cast" if operation.result(0).ty() == Builder::before(operation).index() => rebuilt(ranges, operation),
        "numeric.dim" => elsewhere(ranges, operation),
        "numeric.view" => is_whole(ranges, operation).then_some(Edit::Forward(operation, 0)),
        _ => None,
    }
}

/// The extent of an array that is known from another: of those that a loop swaps, from the first ones.
fn elsewhere<'c>(ranges: &mut Ranges<'c>, dim: Op<'c>) -> Option<Edit<'c>> {
    let sum = ranges.ring(dim.result(0));
    let is_itself = sum.as_symbol().is_none_or(|symbol| match ranges.meaning(symbol) {
        ranges::Meaning::Extent(array, _) => *array == dim.operand(0),
        ranges::Meaning::Value(value) => *value == dim.result(0),
        _ => true,
    });
    (!is_itself && ranges.can_build(&sum, dim)).then_some(Edit::Rebuild(dim, sum))
}

/// Whether a view is the array that it is a view of.
fn is_whole<'c>(ranges: &mut Ranges<'c>, view: Op<'c>) -> bool {
    let source = view.operand(0);
    let rank = (view.operand_count() - 1) / 3;
    let axes = view.attribute("axes").and_then(|axes| DenseI64ArrayAttribute::try_from(axes).ok());
    source.ty() == view.result(0).ty()
        && axes.is_some_and(|axes| {
            (0..rank).all(|axis| {
                axes.element(axis) == Ok(axis as i64)
                    && constant_of(view.operand(1 + axis)) == Some(0)
                    && constant_of(view.operand(1 + 2 * rank + axis)) == Some(1)
                    && ranges.ring(view.operand(1 + rank + axis)) == ranges.extent(source, axis)
            })
        })
}

/// A cast of an int to `index`, where the int is a sum of few indices or ints.
fn rebuilt<'c>(ranges: &mut Ranges<'c>, cast: Op<'c>) -> Option<Edit<'c>> {
    const MOST_TERMS: usize = 3;
    let operand = cast.operand(0);
    if !ranges::is_word(operand) {
        return None;
    }
    let sum = ranges.ring(cast.result(0));
    let is_itself = sum.as_symbol().is_some_and(|symbol| *ranges.meaning(symbol) == ranges::Meaning::Value(operand));
    let simple = sum.is_affine() && sum.terms().len() <= MOST_TERMS && ranges.can_build(&sum, cast);
    (simple && !is_itself).then_some(Edit::Rebuild(cast, sum))
}
