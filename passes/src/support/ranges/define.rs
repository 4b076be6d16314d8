//! What operations say about their results.

use super::{Linear, Meaning, Ranges, Symbol, constant_of, is_word, type_bounds};
use numir_numeric::ir::{Op, Val};

/// Bounds of one of several values that another may be.
pub(super) struct Bounds {
    lower: Vec<Linear>,
    upper: Vec<Linear>,
}

/// A rule for one kind of operation, whose result is an integer.
type Rule = for<'c> fn(&mut Ranges<'c>, Op<'c>, &Linear) -> Option<()>;

/// The operations whose results are bounded by their operands. The results have symbols already.
const RULES: &[(&str, Rule)] = &[
    ("numeric.wrap_index", wrap_index),
    ("numeric.minimum", minimum),
    ("numeric.maximum", maximum),
    ("numeric.floordiv", floordiv),
    ("numeric.mod", modulo),
    ("numeric.shr", shift_right),
    ("numeric.and", and),
    ("numeric.abs", abs),
    ("numeric.select", select),
    ("numeric.cast", cast),
    ("gpu.thread_id", |ranges, _, sum| within(ranges, sum, 0, THREADS - 1)),
    ("gpu.block_id", |ranges, _, sum| within(ranges, sum, 0, BLOCKS - 1)),
    ("gpu.block_dim", |ranges, _, sum| within(ranges, sum, 1, THREADS)),
    ("gpu.grid_dim", |ranges, _, sum| within(ranges, sum, 1, BLOCKS)),
];

/// The most threads of a block, and the most blocks of a grid along an axis.
const THREADS: i128 = 1024;
const BLOCKS: i128 = (1 << 31) - 1;

impl<'c> Ranges<'c> {
    /// Takes note of the results of an operation without regions.
    pub(super) fn define(&mut self, operation: Op<'c>) {
        if operation.is("numeric.alloc") {
            for extent in operation.operands() {
                let extent = self.exact(extent);
                self.facts.assume(extent, false);
            }
        }
        self.define_extents(operation);
        for result in operation.results() {
            if type_bounds(result).is_none() {
                continue;
            }
            // The word that a word is cast to is the same sum.
            let rule =
                RULES.iter().find(|(name, _)| operation.is(name) && !(*name == "numeric.cast" && is_word(result)));
            if rule.is_some() {
                // Symbols of operands come before that of the result, which is said to lie between them.
                operation
                    .operands()
                    .into_iter()
                    .filter(|operand| is_word(*operand))
                    .for_each(|operand| drop(self.exact(operand)));
            }
            let sum = self.ring(result);
            if let Some((_, rule)) = rule {
                rule(self, operation, &sum);
            }
        }
    }

    /// Takes note of `left ≤ right`.
    pub(super) fn note_at_most(&mut self, left: &Linear, right: &Linear) {
        if let Some(difference) = right.plus(left, -1) {
            self.facts.add(difference, false);
        }
    }

    /// From here on the value is known by another sum.
    pub(super) fn note_equal(&mut self, value: Val<'c>, sum: Linear) {
        self.rings.remove(&value);
        self.set_ring(value, sum);
    }

    /// What bounds a sum, in terms of symbols before `mark`.
    pub(super) fn bounds(&self, sum: &Linear, mark: Symbol) -> Bounds {
        let is_outer = |symbol: Symbol| symbol < mark;
        let mut lower = self.facts.bounds_in(sum, false, &is_outer);
        if self.prove(sum) {
            lower.push(Linear::constant(0));
        }
        Bounds { lower, upper: self.facts.bounds_in(sum, true, &is_outer) }
    }

    /// Takes note that `sum` is one of two values with these bounds.
    pub(super) fn join(&mut self, sum: &Linear, first: &Bounds, second: &Bounds) {
        for (these, others) in [(first, second), (second, first)] {
            for bound in &these.lower {
                if others.lower.iter().any(|other| self.at_most(bound, other)) {
                    self.note_at_most(bound, sum);
                }
            }
            for bound in &these.upper {
                if others.upper.iter().any(|other| self.at_most(other, bound)) {
                    self.note_at_most(sum, bound);
                }
            }
        }
    }
}

fn wrap_index<'c>(ranges: &mut Ranges<'c>, operation: Op<'c>, _: &Linear) -> Option<()> {
    let (index, size) = (operation.operand(0), operation.operand(1));
    let result = operation.result(0);
    if ranges.is_natural(index) {
        let ring = ranges.ring(index);
        ranges.note_equal(result, ring);
        return Some(());
    }
    let meaning = Meaning::FromEnd(ranges.ring(index), ranges.ring(size));
    let sum = Linear::symbol(ranges.symbol(meaning));
    ranges.note_equal(result, sum.clone());
    let (index, size) = (ranges.exact(index), ranges.exact(size));
    if !ranges.prove(&size) {
        return None;
    }
    ranges.note_at_most(&index, &sum);
    if ranges.prove(&index.plus(&size, 1)?) {
        ranges.note_at_most(&Linear::constant(0), &sum);
    }
    let last = size.shifted(-1)?;
    if ranges.at_most(&index, &last) {
        ranges.note_at_most(&sum, &last);
    }
    Some(())
}

/// A number that the hardware gives.
fn within(ranges: &mut Ranges<'_>, sum: &Linear, least: i128, most: i128) -> Option<()> {
    ranges.note_at_most(&Linear::constant(least), sum);
    ranges.note_at_most(sum, &Linear::constant(most));
    Some(())
}

fn minimum<'c>(ranges: &mut Ranges<'c>, operation: Op<'c>, sum: &Linear) -> Option<()> {
    extreme(ranges, operation, sum, |ranges, left, right| ranges.at_most(left, right))?;
    let [left, right] = [0, 1].map(|index| ranges.exact(operation.operand(index)));
    ranges.note_at_most(sum, &left);
    ranges.note_at_most(sum, &right);
    Some(())
}

fn maximum<'c>(ranges: &mut Ranges<'c>, operation: Op<'c>, sum: &Linear) -> Option<()> {
    extreme(ranges, operation, sum, |ranges, left, right| ranges.at_most(right, left))?;
    let [left, right] = [0, 1].map(|index| ranges.exact(operation.operand(index)));
    ranges.note_at_most(&left, sum);
    ranges.note_at_most(&right, sum);
    Some(())
}

/// The lesser or greater of two values: the one that surely `wins`, or one of both (Some).
fn extreme<'c>(
    ranges: &mut Ranges<'c>,
    operation: Op<'c>,
    sum: &Linear,
    wins: impl Fn(&Ranges<'c>, &Linear, &Linear) -> bool,
) -> Option<()> {
    let [left, right] = [0, 1].map(|index| ranges.exact(operation.operand(index)));
    for (index, one, other) in [(0, &left, &right), (1, &right, &left)] {
        if wins(ranges, one, other) {
            let ring = ranges.ring(operation.operand(index));
            ranges.note_equal(operation.result(0), ring);
            return None;
        }
    }
    let here = ranges.facts.symbol_count();
    let (left, right) = (ranges.bounds(&left, here), ranges.bounds(&right, here));
    ranges.join(sum, &left, &right);
    Some(())
}

fn floordiv<'c>(ranges: &mut Ranges<'c>, operation: Op<'c>, sum: &Linear) -> Option<()> {
    let divisor = ranges.ring(operation.operand(1)).as_constant();
    if divisor == Some(1) {
        let ring = ranges.ring(operation.operand(0));
        ranges.note_equal(operation.result(0), ring);
        return Some(());
    }
    let dividend = ranges.exact(operation.operand(0));
    match divisor {
        Some(divisor) => divided(ranges, &dividend, divisor, sum),
        None => {
            let divisor = ranges.exact(operation.operand(1));
            if !ranges.prove(&divisor.shifted(-1)?) {
                return None;
            }
            if ranges.prove(&dividend) {
                ranges.note_at_most(&Linear::constant(0), sum);
                ranges.note_at_most(sum, &dividend);
            }
            let multiple = sum.times(&divisor)?;
            ranges.note_at_most(&multiple, &dividend);
            ranges.note_at_most(&dividend.plus(&divisor, -1)?.shifted(1)?, &multiple);
            Some(())
        }
    }
}

fn shift_right<'c>(ranges: &mut Ranges<'c>, operation: Op<'c>, sum: &Linear) -> Option<()> {
    let bits = constant_of(operation.operand(1)).filter(|bits| (0..40).contains(bits))?;
    let dividend = ranges.exact(operation.operand(0));
    divided(ranges, &dividend, 1 << bits, sum)
}

/// `sum` is `dividend` divided by a constant, rounded down.
fn divided(ranges: &mut Ranges<'_>, dividend: &Linear, divisor: i128, sum: &Linear) -> Option<()> {
    if !(1..1 << 40).contains(&divisor) {
        return None;
    }
    let multiple = sum.scaled(divisor)?;
    ranges.note_at_most(&multiple, dividend);
    ranges.note_at_most(&dividend.shifted(1 - divisor)?, &multiple);
    if ranges.prove(dividend) {
        ranges.note_at_most(&Linear::constant(0), sum);
        ranges.note_at_most(sum, dividend);
    }
    Some(())
}

fn modulo<'c>(ranges: &mut Ranges<'c>, operation: Op<'c>, sum: &Linear) -> Option<()> {
    let [dividend, divisor] = [0, 1].map(|index| ranges.exact(operation.operand(index)));
    let last = divisor.shifted(-1)?;
    if !ranges.prove(&last) {
        return None;
    }
    if ranges.prove(&dividend) {
        if ranges.at_most(&dividend, &last) {
            let ring = ranges.ring(operation.operand(0));
            ranges.note_equal(operation.result(0), ring);
            return Some(());
        }
        ranges.note_at_most(sum, &dividend);
    }
    ranges.note_at_most(&Linear::constant(0), sum);
    ranges.note_at_most(sum, &last);
    Some(())
}

fn and<'c>(ranges: &mut Ranges<'c>, operation: Op<'c>, sum: &Linear) -> Option<()> {
    let operands = [operation.operand(0), operation.operand(1)];
    let mask = operands.into_iter().find_map(constant_of).filter(|mask| *mask >= 0)?;
    ranges.note_at_most(&Linear::constant(0), sum);
    ranges.note_at_most(sum, &Linear::constant(mask));
    Some(())
}

fn abs<'c>(ranges: &mut Ranges<'c>, operation: Op<'c>, sum: &Linear) -> Option<()> {
    let operand = ranges.exact(operation.operand(0));
    if ranges.prove(&operand) {
        let ring = ranges.ring(operation.operand(0));
        ranges.note_equal(operation.result(0), ring);
        return Some(());
    }
    // The least number is its own absolute value.
    let (low, _) = type_bounds(operation.operand(0))?;
    if ranges.prove(&operand.shifted(-low - 1)?) {
        ranges.note_at_most(&operand, sum);
        ranges.note_at_most(&operand.scaled(-1)?, sum);
        ranges.note_at_most(&Linear::constant(0), sum);
    }
    Some(())
}

fn select<'c>(ranges: &mut Ranges<'c>, operation: Op<'c>, sum: &Linear) -> Option<()> {
    let condition = operation.operand(0);
    if let Some(known) = ranges.decided(condition) {
        let ring = ranges.ring(operation.operand(if known { 1 } else { 2 }));
        ranges.note_equal(operation.result(0), ring);
        return Some(());
    }
    let here = ranges.facts.symbol_count();
    let [first, second] = [(1, true), (2, false)].map(|(index, truth)| {
        let mark = ranges.mark();
        ranges.assume(condition, truth, false);
        let value = ranges.exact(operation.operand(index));
        let bounds = ranges.bounds(&value, here);
        ranges.undo(&mark);
        bounds
    });
    ranges.join(sum, &first, &second);
    Some(())
}

/// A cast to a narrow type, which keeps a number that fits.
fn cast<'c>(ranges: &mut Ranges<'c>, operation: Op<'c>, sum: &Linear) -> Option<()> {
    let (operand, result) = (operation.operand(0), operation.result(0));
    type_bounds(operand).filter(|_| !is_word(result))?;
    let (low, high) = type_bounds(result).filter(|bounds| *bounds != (0, 1))?;
    let operand = ranges.exact(operand);
    if ranges.prove(&operand.shifted(-low)?) && ranges.prove(&operand.scaled(-1)?.shifted(high)?) {
        ranges.note_at_most(sum, &operand);
        ranges.note_at_most(&operand, sum);
    }
    Some(())
}
