//! What is known at one place of the program: sums that are not negative, and a search for proofs from them.
//!
//! Each fact is kept under its latest symbol. To prove that a sum is not negative, its latest symbol is eliminated by one fact or
//! the other, which leaves a sum of earlier symbols, until a constant is left; a budget bounds the search.

use super::linear::{Linear, Symbol};

/// How many eliminations a proof may try.
pub(super) const FUEL: u32 = 96;
/// How many further facts one assumption may lead to, and by how many steps.
const DERIVED: u32 = 8;
const STEPS: u32 = 3;
/// A goal whose constant is below this is not proved from bounds of types, which are ±2^63.
const HOPELESS: i128 = -(1 << 61);

/// A sum that is not negative.
#[derive(Clone, Debug)]
pub(super) struct Fact {
    pub linear: Linear,
    /// It holds because a check has passed: true, but no hint at what the program's author had in mind.
    pub from_check: bool,
}

/// Facts by latest symbol, and the bounds that symbols have by their type.
#[derive(Default)]
pub(crate) struct Facts {
    by_latest: Vec<Vec<Fact>>,
    bounds: Vec<(i128, i128)>,
    /// The symbols under which facts were added, in order.
    trail: Vec<Symbol>,
}

impl Facts {
    /// A new symbol, whose value lies within `bounds`.
    pub(crate) fn add_symbol(&mut self, bounds: (i128, i128)) -> Symbol {
        self.by_latest.push(Vec::new());
        self.bounds.push(bounds);
        (self.bounds.len() - 1) as Symbol
    }

    /// How many symbols there are.
    pub(crate) fn symbol_count(&self) -> Symbol {
        self.bounds.len() as Symbol
    }

    /// A place to go back to.
    pub(crate) fn mark(&self) -> usize {
        self.trail.len()
    }

    /// Forgets all facts added since.
    pub(crate) fn undo(&mut self, mark: usize) {
        for symbol in self.trail.drain(mark..).rev() {
            self.by_latest[symbol as usize].pop();
        }
    }

    /// Adds the fact that `linear` is not negative.
    pub(crate) fn add(&mut self, linear: Linear, from_check: bool) {
        self.insert(linear, from_check);
    }

    /// Adds the fact that `linear` is not negative, and what follows about earlier symbols.
    pub(crate) fn assume(&mut self, linear: Linear, from_check: bool) {
        let mut budget = DERIVED;
        self.assume_within(linear, from_check, STEPS, &mut budget);
    }

    fn assume_within(&mut self, linear: Linear, from_check: bool, steps: u32, budget: &mut u32) {
        let linear = linear.tightened();
        let Some(symbol) = self.insert(linear.clone(), from_check) else { return };
        if steps == 0 {
            return;
        }
        let constant_factor = |fact: &Linear| fact.split(symbol).and_then(|(factor, _)| factor.as_constant());
        let Some(factor) = constant_factor(&linear) else { return };
        let mut derived = Vec::new();
        for other in self.about(symbol) {
            let opposite = constant_factor(&other.linear).unwrap_or(0);
            if factor.signum() * opposite.signum() < 0 {
                let sum = linear.scaled(opposite.abs()).and_then(|sum| sum.plus(&other.linear, factor.abs()));
                derived.extend(sum.map(|sum| (sum, from_check || other.from_check)));
            }
        }
        for (sum, from_check) in derived {
            if *budget == 0 {
                return;
            }
            *budget -= 1;
            self.assume_within(sum, from_check, steps - 1, budget);
        }
    }

    /// Keeps the fact, unless it says nothing new; gives its latest symbol if it is kept.
    fn insert(&mut self, linear: Linear, from_check: bool) -> Option<Symbol> {
        let linear = linear.tightened();
        let symbol = linear.latest().filter(|symbol| linear.split(*symbol).is_some())?;
        let facts = &mut self.by_latest[symbol as usize];
        let known = facts.iter().any(|fact| {
            fact.linear.terms() == linear.terms()
                && fact.linear.offset() <= linear.offset()
                && (from_check || !fact.from_check)
        });
        if known {
            return None;
        }
        facts.push(Fact { linear, from_check });
        self.trail.push(symbol);
        Some(symbol)
    }

    /// Whether the facts prove that `goal` is not negative.
    pub(crate) fn prove(&self, goal: &Linear) -> bool {
        self.search(goal, &mut { FUEL })
    }

    fn search(&self, goal: &Linear, fuel: &mut u32) -> bool {
        let Some(symbol) = goal.latest() else { return goal.offset() >= 0 };
        if *fuel == 0 {
            return false;
        }
        *fuel -= 1;
        let Some((factor, rest)) = goal.split(symbol) else { return false };
        let Some(rising) = self.sign(&factor, fuel) else { return false };
        let by_fact = self
            .about(symbol)
            .filter_map(|fact| eliminate(&factor, &rest, rising, &fact.linear, symbol))
            .any(|smaller| self.search(&smaller, fuel));
        by_fact || self.at_bound(&factor, &rest, rising, symbol).is_some_and(|smaller| self.search(&smaller, fuel))
    }

    /// Whether a factor is known not to be negative (true), or not to be positive (false).
    pub(super) fn sign(&self, factor: &Linear, fuel: &mut u32) -> Option<bool> {
        match factor.as_constant() {
            Some(constant) => Some(constant >= 0),
            None if self.search(factor, fuel) => Some(true),
            None => self.search(&factor.scaled(-1)?, fuel).then_some(false),
        }
    }

    /// The goal with the symbol at the bound that its type has.
    pub(super) fn at_bound(&self, factor: &Linear, rest: &Linear, rising: bool, symbol: Symbol) -> Option<Linear> {
        let (low, high) = self.bounds[symbol as usize];
        let smaller = rest.plus(factor, if rising { low } else { high })?;
        (smaller.offset() > HOPELESS).then_some(smaller)
    }

    /// The facts about a symbol and earlier ones, the latest first.
    pub(super) fn about(&self, symbol: Symbol) -> impl Iterator<Item = &Fact> {
        self.by_latest[symbol as usize].iter().rev()
    }

    /// Whether the bound of a symbol's type is worth a test at run time.
    pub(super) fn is_narrow(&self, symbol: Symbol, rising: bool) -> bool {
        const NARROW: i128 = 1 << 17;
        let (low, high) = self.bounds[symbol as usize];
        (if rising { low } else { high }).abs() <= NARROW
    }

    /// Sums of symbols that `is_outer`, each of which bounds `linear`: from above if `upper`, else from below.
    pub(crate) fn bounds_in(&self, linear: &Linear, upper: bool, is_outer: &impl Fn(Symbol) -> bool) -> Vec<Linear> {
        let mut found = Vec::new();
        if let Some(start) = linear.scaled(if upper { -1 } else { 1 }) {
            self.collect_bounds(&start, is_outer, &mut 24, &mut found);
        }
        found.into_iter().filter_map(|bound: Linear| bound.scaled(if upper { -1 } else { 1 })).collect()
    }

    fn collect_bounds(
        &self,
        linear: &Linear,
        is_outer: &impl Fn(Symbol) -> bool,
        fuel: &mut u32,
        found: &mut Vec<Linear>,
    ) {
        const MOST: usize = 3;
        let Some(symbol) = linear.symbols().filter(|symbol| !is_outer(*symbol)).max() else {
            if !found.contains(linear) {
                found.push(linear.clone());
            }
            return;
        };
        if *fuel == 0 || found.len() >= MOST {
            return;
        }
        *fuel -= 1;
        let Some((factor, rest)) = linear.split(symbol) else { return };
        let Some(rising) = factor.as_constant().map(|constant| constant >= 0) else { return };
        for fact in self.about(symbol) {
            if let Some(smaller) = eliminate(&factor, &rest, rising, &fact.linear, symbol) {
                // Only where nothing was multiplied is the result a bound of what we began with.
                let exact = fact.linear.split(symbol).is_some_and(|(factor, _)| factor.offset().abs() == 1);
                if exact {
                    self.collect_bounds(&smaller, is_outer, fuel, found);
                }
            }
        }
    }
}

/// A sum without `symbol` that, if it is not negative, makes `factor · symbol + rest` not negative, by the fact `fact ≥ 0`. `rising`
/// says whether the factor is at least 0, else it is at most 0.
pub(super) fn eliminate(factor: &Linear, rest: &Linear, rising: bool, fact: &Linear, symbol: Symbol) -> Option<Linear> {
    let (by, bound) = fact.split(symbol)?;
    let Some(by) = by.as_constant() else {
        // A product with another symbol is known only as a whole.
        return if by == *factor { rest.plus(&bound, -1) } else { None };
    };
    match rising {
        true if by > 0 => rest.scaled(by)?.plus(&factor.times(&bound)?, -1),
        false if by < 0 => rest.scaled(-by)?.plus(&factor.times(&bound)?, 1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::linear::testing::{WORD, sum};
    use super::*;

    #[test]
    fn a_stencil_stays_inside() {
        let mut facts = Facts::default();
        let extent = facts.add_symbol((0, 1 << 62));
        let trip = facts.add_symbol(WORD);
        let position = facts.add_symbol(WORD);
        facts.add(sum(&[(1, position)], 0), false);
        facts.add(sum(&[(1, trip), (-1, position)], -1), false);
        facts.assume(sum(&[(1, trip)], -1), false);
        facts.assume(sum(&[(1, extent), (-1, trip)], -2), false);
        assert!(facts.prove(&sum(&[(1, extent), (-1, position)], -3)));
        assert!(!facts.prove(&sum(&[(1, extent), (-1, position)], -4)));
        // Where the loop runs at all, the extent is 3 or more.
        assert!(facts.prove(&sum(&[(1, extent)], -3)));
        // Where the position is 7 or more, the trip count is 8 or more, and so on: what is assumed is carried on to earlier symbols.
        let mark = facts.mark();
        facts.assume(sum(&[(1, position)], -7), false);
        assert!(facts.prove(&sum(&[(1, trip)], -8)));
        assert!(facts.prove(&sum(&[(1, extent)], -10)));
        assert!(!facts.prove(&sum(&[(1, extent)], -11)));
        facts.undo(mark);
        assert!(!facts.prove(&sum(&[(1, position)], -7)));
        assert!(!facts.prove(&sum(&[(1, trip)], -2)));
        assert!(!facts.prove(&sum(&[(1, extent)], -4)));
    }
}
