//! `prove-domains`: tests of floats whose outcome follows from how the floats are computed.
//!
//! `math.sqrt(x * x + y * y)` raises for negative numbers, `math.cos(a - math.atan2(y, x))` for infinite ones: the sum of squares is not
//! negative, and the difference is infinite only if `a` is. A test that is left in a loop keeps LLVM from vectorising it, and
//! the exact version of the loop in the machine code; one that depends on `a` alone goes before the loop.
//!
//! Every value has a range, `NaN` apart, found from its operation and the ranges of its operands. All that is decided is that a
//! test fails, so that `NaN`, for which comparisons are false, needs no thought.
//!
//! Cost: one walk over the function; each value's range is found once.

use numir_numeric::ir::{Builder, Val};
use numir_pipeline::properties::{INLINED, NUMERIC_OPTIMISED, STAGE_NUMERIC};
use numir_pipeline::{Anchor, Op, Pass, PassContext, PassError, Property, StatisticSpec, register_pass};
use std::collections::HashMap;

mod ranges;

use ranges::Range;

/// The pass.
struct ProveDomains;

register_pass!(ProveDomains);

impl Pass for ProveDomains {
    fn name(&self) -> &'static str {
        "prove-domains"
    }

    fn summary(&self) -> &'static str {
        "decide tests of floats by the operations that compute them"
    }

    fn anchor(&self) -> Anchor {
        Anchor::Function
    }

    fn requires(&self) -> &'static [Property] {
        &[STAGE_NUMERIC, INLINED]
    }

    fn establishes(&self) -> &'static [Property] {
        &[NUMERIC_OPTIMISED]
    }

    fn before(&self) -> &'static [&'static str] {
        &["hoist-invariants", "simplify-indices", "version-loops", "canonicalize-numeric", "cse-numeric"]
    }

    fn statistics(&self) -> &'static [StatisticSpec] {
        const {
            &[
                StatisticSpec { name: "tests", summary: "tests that surely fail" },
                StatisticSpec { name: "checks", summary: "checks that surely pass" },
            ]
        }
    }

    fn run<'c>(&self, function: Op<'c>, context: &PassContext<'c>) -> Result<(), PassError> {
        let mut known = Known::default();
        for test in function.collect(|operation| operation.is("numeric.cmp") || operation.is("numeric.classify")) {
            match known.outcome(test) {
                Outcome::Fails => {
                    let builder = Builder::before(test);
                    test.result(0).replace_all_uses_with(constant(&builder, false));
                    test.erase();
                    context.count("tests", 1);
                }
                Outcome::FailsUnlessInfinite(suspect) if is_in_loop(test) => offer(test, suspect),
                Outcome::FailsUnlessInfinite(_) | Outcome::Open => {}
            }
        }
        for check in function.collect_named("numeric.check") {
            let inverted = check.operand(0).definition().filter(|definition| definition.is("numeric.invert"));
            if inverted.is_some_and(|inverted| is_false(inverted.operand(0))) {
                check.erase();
                context.count("checks", 1);
            }
        }
        Ok(())
    }
}

/// What is known of a test.
enum Outcome<'c> {
    /// It fails.
    Fails,
    /// It asks whether a number is infinite, and that one is not unless this one is.
    FailsUnlessInfinite(Val<'c>),
    Open,
}

fn is_in_loop(operation: Op<'_>) -> bool {
    let mut around = std::iter::successors(operation.parent(), |inner| inner.parent());
    around.any(|outer| outer.is("scf.for") || outer.is("scf.while"))
}

/// Where the opposite of a test is asked for, that `suspect` is finite is offered as enough.
fn offer<'c>(test: Op<'c>, suspect: Val<'c>) {
    for (inverted, _) in test.result(0).uses() {
        if !inverted.is("numeric.invert") {
            continue;
        }
        let (builder, boolean) = (Builder::after(inverted), inverted.result(0).ty());
        let kind = builder.string("isinf");
        let infinite = builder.value("numeric.classify", &[suspect], boolean, &[("kind", kind)]);
        let finite = builder.value("numeric.invert", &[infinite], boolean, &[]);
        let either = builder.create("numeric.or", &[finite, inverted.result(0)], &[boolean], &[], &[]);
        inverted.result(0).replace_all_uses_with(either.result(0));
        either.set_operand(1, inverted.result(0));
    }
}

fn constant<'c>(builder: &Builder<'c>, value: bool) -> Val<'c> {
    crate::support::ranges::constant(builder, value.into(), builder.integer(1))
}

fn is_false(value: Val<'_>) -> bool {
    crate::support::ranges::constant_of(value) == Some(0)
}

/// The ranges found so far.
#[derive(Default)]
struct Known<'c> {
    ranges: HashMap<Val<'c>, Range>,
}

impl<'c> Known<'c> {
    /// What is known of a comparison or classification. A test for infinity is moved to what alone can be infinite.
    fn outcome(&mut self, test: Op<'c>) -> Outcome<'c> {
        if ranges::float(test.operand(0)).is_none() {
            return Outcome::Open;
        }
        let fails = match (test.name(), test.string_attribute("kind").or(test.string_attribute("predicate")).as_deref())
        {
            ("numeric.classify", Some("isinf")) => {
                let (same, suspect) = self.what_may_be_infinite(test.operand(0));
                test.set_operand(0, same);
                if !self.range(suspect).is_finite() && suspect != same {
                    return Outcome::FailsUnlessInfinite(suspect);
                }
                self.range(suspect).is_finite()
            }
            ("numeric.cmp", Some(predicate)) => {
                let [left, right] = [0, 1].map(|index| self.range(test.operand(index)));
                match predicate {
                    "lt" => left.low >= right.high,
                    "le" => left.low > right.high,
                    "gt" => left.high <= right.low,
                    "ge" => left.high < right.low,
                    _ => false,
                }
            }
            _ => false,
        };
        if fails { Outcome::Fails } else { Outcome::Open }
    }

    /// The value that is infinite exactly if `value` is, and one without which it is not: `value` may be NaN where that one is infinite.
    fn what_may_be_infinite(&mut self, value: Val<'c>) -> (Val<'c>, Val<'c>) {
        let (mut same, mut suspect, mut is_same) = (value, value, true);
        while let Some(operation) = suspect.definition() {
            let operand = |index: usize| operation.operand(index);
            let Some(scalar) = ranges::float(suspect) else { break };
            let (next, other) = match operation.name() {
                "numeric.neg" | "numeric.abs" if operand(0).ty() == suspect.ty() => (operand(0), None),
                "numeric.cast" if ranges::is_widened(operand(0), scalar) => (operand(0), None),
                "numeric.add" | "numeric.sub" if self.range(operand(1)).is_lost_in(scalar) => {
                    (operand(0), Some(operand(1)))
                }
                "numeric.add" | "numeric.sub" if self.range(operand(0)).is_lost_in(scalar) => {
                    (operand(1), Some(operand(0)))
                }
                "numeric.mul" if self.range(operand(1)).shrinks() => (operand(0), Some(operand(1))),
                "numeric.mul" if self.range(operand(0)).shrinks() => (operand(1), Some(operand(0))),
                _ => break,
            };
            is_same &= other.is_none_or(|other| self.range(other).is_number);
            suspect = next;
            if is_same {
                same = next;
            }
        }
        (same, suspect)
    }

    /// The range of a value. Operands come first, without recursion: chains of operations may be long.
    fn range(&mut self, value: Val<'c>) -> Range {
        let mut open = vec![value];
        while let Some(next) = open.last().copied() {
            if self.ranges.contains_key(&next) {
                open.pop();
                continue;
            }
            let operation = next.definition().filter(|definition| ranges::is_known(*definition));
            let missing = operation.iter().flat_map(|operation| operation.operands());
            let missing: Vec<_> = missing.filter(|operand| !self.ranges.contains_key(operand)).collect();
            if missing.is_empty() {
                let found = |operand: Val<'c>| self.ranges.get(&operand).copied().unwrap_or(Range::ANY);
                let range = operation.map_or(Range::ANY, |operation| ranges::of(operation, found));
                self.ranges.insert(next, range);
                open.pop();
            }
            open.extend(missing);
        }
        self.ranges.get(&value).copied().unwrap_or(Range::ANY)
    }
}
