//! `resolve-overlaps`: assignments that surely do not write what they have still to read.
//!
//! `a[0] = a[1]` and `b[:, -1] = b[:, -2]` read and write one array, but not the same items. The right side of an assignment
//! counts as evaluated before the first write, so where the two may overlap, `lower-numeric` makes a second version that goes
//! through a buffer, and a test that chooses; that costs more time to compile than the statement itself. Here views of one array
//! are compared axis by axis: if along one of them they lie apart, or fall on different items of one stride, the assignment is
//! marked, and no second version is made. [`crate::support::ranges`] says what is known of the positions.
//!
//! Cost: one walk over the function, in which every proof has a fixed budget.

use crate::support::aliases::may_overlap;
use crate::support::ranges::{Linear, Ranges, Visitor, constant_of, walk};
use numir_numeric::ir::{Builder, Val};
use numir_pipeline::properties::{INLINED, OVERLAPS_RESOLVED, RANGES_KNOWN, STAGE_NUMERIC};
use numir_pipeline::{Anchor, Op, Pass, PassContext, PassError, Property, StatisticSpec, register_pass};

/// Marks an assignment of which no input shares an item with the destination, but where all are read before they are written.
pub(crate) const APART: &str = "numir.apart";

/// The pass.
struct ResolveOverlaps;

register_pass!(ResolveOverlaps);

impl Pass for ResolveOverlaps {
    fn name(&self) -> &'static str {
        "resolve-overlaps"
    }

    fn summary(&self) -> &'static str {
        "mark the assignments whose two sides surely do not overlap"
    }

    fn anchor(&self) -> Anchor {
        Anchor::Function
    }

    fn requires(&self) -> &'static [Property] {
        &[STAGE_NUMERIC, INLINED, RANGES_KNOWN]
    }

    fn establishes(&self) -> &'static [Property] {
        &[OVERLAPS_RESOLVED]
    }

    fn before(&self) -> &'static [&'static str] {
        &["version-loops", "canonicalize-numeric", "cse-numeric", "release-values"]
    }

    fn statistics(&self) -> &'static [StatisticSpec] {
        const { &[StatisticSpec { name: "apart", summary: "assignments between views of one array that do not overlap" }] }
    }

    fn run<'c>(&self, function: Op<'c>, context: &PassContext<'c>) -> Result<(), PassError> {
        let mut found = Found::default();
        walk(function, true, &mut found);
        context.count("apart", found.apart.len() as u64);
        for assignment in found.apart {
            context.remark(assignment, || "both sides lie apart: nothing is copied".to_owned());
            assignment.set_attribute(APART, Builder::before(assignment).unit());
        }
        Ok(())
    }
}

/// The assignments to be marked.
#[derive(Default)]
struct Found<'c> {
    apart: Vec<Op<'c>>,
}

impl<'c> Visitor<'c> for Found<'c> {
    type Checkpoint = usize;

    fn visit(&mut self, ranges: &mut Ranges<'c>, operation: Op<'c>) {
        if operation.is("numeric.assign") && is_apart(ranges, operation) {
            self.apart.push(operation);
        }
    }

    fn checkpoint(&mut self) -> usize {
        self.apart.len()
    }

    fn roll_back(&mut self, apart: &usize) {
        self.apart.truncate(*apart);
    }
}

/// Whether every array that an assignment reads lies in other memory than the one it writes to, or is a view of the same array, apart from
/// the items that it writes. Only what is written itself may be read as well, at the same places.
fn is_apart<'c>(ranges: &mut Ranges<'c>, assignment: Op<'c>) -> bool {
    let mut operands = assignment.operands().into_iter();
    let Some(target) = operands.next() else { return false };
    let written = View::of(target);
    let is_array = |value: &Val<'c>| numir_numeric::types::ArrayType::try_from(value.ty()).is_ok();
    let mut inputs = operands.filter(|value| is_array(value) && *value != target).peekable();
    inputs.peek().is_some()
        && inputs.all(|input| {
            !may_overlap(target, input)
                || written.as_ref().zip(View::of(input)).is_some_and(|(written, read)| {
                    read.source == written.source
                        && (0..written.axes.len()).any(|axis| lie_apart(ranges, &written.axes[axis], &read.axes[axis]))
                })
        })
}

/// A `numeric.view`, axis by axis of the array that is viewed. Of a view of a view it is the inner one, which has all items of the outer one.
struct View<'c> {
    source: Val<'c>,
    axes: Vec<Positions<'c>>,
}

/// The positions along an axis: `start`, `start + step`, and so on, `count` of them.
struct Positions<'c> {
    start: Val<'c>,
    count: Val<'c>,
    step: Val<'c>,
}

impl<'c> View<'c> {
    fn of(array: Val<'c>) -> Option<Self> {
        let view_of = |array: Val<'c>| array.definition().filter(|definition| definition.is("numeric.view"));
        let inner = |view: &Op<'c>| view_of(view.operand(0));
        let view = std::iter::successors(view_of(array), inner).last()?;
        let operands = view.operands();
        let (source, positions) = operands.split_first()?;
        let rank = positions.len() / 3;
        let axis = |axis: usize| Positions {
            start: positions[axis],
            count: positions[rank + axis],
            step: positions[2 * rank + axis],
        };
        Some(Self { source: *source, axes: (0..rank).map(axis).collect() })
    }
}

/// Whether no position is among both.
fn lie_apart<'c>(ranges: &mut Ranges<'c>, left: &Positions<'c>, right: &Positions<'c>) -> bool {
    let alternate = |ranges: &mut Ranges<'c>| {
        let step = constant_of(left.step).filter(|step| constant_of(right.step) == Some(*step))?;
        let distance = ranges.exact(left.start).plus(&ranges.exact(right.start), -1)?.as_constant()?;
        Some(distance.checked_rem(step)? != 0)
    };
    let separate = |ranges: &mut Ranges<'c>| {
        let (left, right) = (bounds(ranges, left)?, bounds(ranges, right)?);
        let below = |high: &Linear, low: &Linear| high.shifted(1).is_some_and(|next| ranges.at_most(&next, low));
        Some(below(&left.1, &right.0) || below(&right.1, &left.0))
    };
    alternate(ranges) == Some(true) || separate(ranges) == Some(true)
}

/// The lowest and the highest position; where there is none, they lie the wrong way round.
fn bounds<'c>(ranges: &mut Ranges<'c>, positions: &Positions<'c>) -> Option<(Linear, Linear)> {
    let step = constant_of(positions.step).filter(|step| *step != 0)?;
    let first = ranges.exact(positions.start);
    let way = ranges.exact(positions.count).shifted(-1)?.scaled(step)?;
    let last = first.plus(&way, 1)?;
    Some(if step > 0 { (first, last) } else { (last, first) })
}
