//! Conditions before a loop, stated so that no arithmetic of 64 bits makes them true by wrapping around.

use crate::support::ranges::{Linear, Ranges, Symbol, constant};
use numir_numeric::ir::{Builder, Op, Val};

/// The size of numbers in conditions whose sums may be large; beyond it the exact version runs.
const MOST: i128 = 1 << 40;
/// The same for factors of products.
const MOST_FACTOR: i128 = 1 << 28;

/// One condition.
pub(super) enum Guard<'c> {
    /// The left sum is at most the right one, and the symbols lie within these bounds.
    AtMost(Linear, Linear, Vec<Bound>),
    /// The value is true.
    Condition(Val<'c>),
}

/// A bound of a symbol's size.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    /// At least minus the bound. Not the same as that its negative is at most the bound: the least number is its own negative.
    Lower,
    /// At most the bound.
    Upper,
}

/// A symbol, and on one side the number that is as far from 0 as it may be.
pub(super) struct Bound {
    symbol: Symbol,
    side: Side,
    most: i128,
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
                for bound in bounds {
                    let symbol = ranges.build(place, &Linear::symbol(bound.symbol));
                    let number = |number: i128| constant(&builder, number as i64, builder.index());
                    all.push(match bound.side {
                        Side::Lower => at_most(number(-bound.most), symbol),
                        Side::Upper => at_most(symbol, number(bound.most)),
                    });
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

/// The bounds within which the symbols of a sum have to lie for it to be computed without wrapping around, as far as they are not
/// known to.
fn bounds(ranges: &Ranges<'_>, sum: &Linear) -> Vec<Bound> {
    let mut bounds: Vec<Bound> = Vec::new();
    for (monomial, _) in sum.terms() {
        let factors: Vec<Symbol> = monomial.factors().collect();
        let most = if factors.len() > 1 { MOST_FACTOR } else { MOST };
        for (symbol, side) in factors.into_iter().flat_map(|symbol| [(symbol, Side::Upper), (symbol, Side::Lower)]) {
            let value = Linear::symbol(symbol);
            let is_known = match side {
                Side::Lower => ranges.at_most(&Linear::constant(-most), &value),
                Side::Upper => ranges.at_most(&value, &Linear::constant(most)),
            };
            match bounds.iter_mut().find(|other| other.symbol == symbol && other.side == side) {
                _ if is_known => {}
                Some(other) => other.most = most.min(other.most),
                None => bounds.push(Bound { symbol, side, most }),
            }
        }
    }
    bounds
}
