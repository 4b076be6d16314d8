//! Conditions before a loop, stated so that no arithmetic of 64 bits makes them true by wrapping around.

use crate::support::ranges::{Linear, Ranges, Symbol, constant};
use numir_numeric::ir::{Builder, Op, Val};

/// The size of numbers in conditions whose sums may be large; beyond it the exact version runs.
const MOST: i128 = 1 << 40;
/// The same for factors of products.
const MOST_FACTOR: i128 = 1 << 28;

/// One condition.
pub(super) enum Guard<'c> {
    /// The left sum is at most the right one, and the symbols lie within these bounds (from minus to plus).
    AtMost(Linear, Linear, Vec<(Linear, i128)>),
    /// The value is true.
    Condition(Val<'c>),
}

/// Whether a sum can be computed without wrapping around as long as its symbols are of moderate size.
pub(super) fn is_statable(sum: &Linear) -> bool {
    let small = sum.terms().iter().all(|(monomial, coefficient)| {
        let is_product = monomial.factors().count() > 1;
        coefficient.abs() <= if is_product { 1 << 3 } else { 1 << 16 }
    });
    small && sum.offset().abs() < 1 << 60
}

impl<'c> Guard<'c> {
    /// The condition that a sum is not negative, at the place where the walk is.
    pub(super) fn of(ranges: &Ranges<'c>, sum: Linear) -> Self {
        let (left, right) = (sum.part(false), sum.part(true));
        let (offset, none) = (sum.offset(), Linear::constant(0));
        // The constant may stand on either side; one may be safe where the other is not.
        let sides = [(-offset.min(0), offset.max(0)), (-offset.max(0), offset.min(0))];
        let mut choices = sides.into_iter().map(|(on_left, on_right)| {
            let with = |part: &Linear, constant| part.shifted(constant).unwrap_or_else(|| none.clone());
            (with(&left, on_left), with(&right, on_right))
        });
        let safe = choices.clone().find(|(left, right)| ranges.is_word_sized(left) && ranges.is_word_sized(right));
        let bounds = if safe.is_some() { Vec::new() } else { bounds(ranges, &sum) };
        let (left, right) = safe.or_else(|| choices.next()).unwrap_or_default();
        Self::AtMost(left, right, bounds)
    }

    fn build(&self, ranges: &Ranges<'c>, place: Op<'c>, all: &mut Vec<Val<'c>>) {
        let builder = Builder::before(place);
        let at_most = |left: Val<'c>, right: Val<'c>| {
            builder.value("numeric.cmp", &[left, right], builder.integer(1), &[("predicate", builder.string("le"))])
        };
        match self {
            Self::Condition(value) => all.push(*value),
            Self::AtMost(left, right, bounds) => {
                for (symbol, bound) in bounds {
                    let bound = constant(&builder, *bound as i64, builder.index());
                    all.push(at_most(ranges.build(place, symbol), bound));
                }
                all.push(at_most(ranges.build(place, left), ranges.build(place, right)));
            }
        }
    }
}

/// The conjunction of some conditions, directly before an operation.
pub(super) fn build<'c>(ranges: &Ranges<'c>, place: Op<'c>, guards: &[Guard<'c>]) -> Val<'c> {
    let builder = Builder::before(place);
    let mut all = Vec::new();
    guards.iter().for_each(|guard| guard.build(ranges, place, &mut all));
    let and = |left: Val<'c>, right: Val<'c>| builder.value("numeric.and", &[left, right], builder.integer(1), &[]);
    all.into_iter().reduce(and).unwrap_or_else(|| constant(&builder, 1, builder.integer(1)))
}

/// Sums that must be at most a number for the symbols of a sum to be of moderate size.
fn bounds(ranges: &Ranges<'_>, sum: &Linear) -> Vec<(Linear, i128)> {
    let mut bounds: Vec<(Linear, i128)> = Vec::new();
    for (monomial, _) in sum.terms() {
        let factors: Vec<Symbol> = monomial.factors().collect();
        let most = if factors.len() > 1 { MOST_FACTOR } else { MOST };
        for symbol in factors {
            let symbol = Linear::symbol(symbol);
            for side in [Some(symbol.clone()), symbol.scaled(-1)].into_iter().flatten() {
                if ranges.at_most(&side, &Linear::constant(most)) {
                    continue;
                }
                match bounds.iter_mut().find(|(other, _)| *other == side) {
                    Some((_, bound)) => *bound = most.min(*bound),
                    None => bounds.push((side, most)),
                }
            }
        }
    }
    bounds
}
