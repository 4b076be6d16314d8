//! What is missing for a proof: conditions on values from before a loop under which a check in it passes.
//!
//! It is the search for proofs again, which stops at symbols that are known before the loop; what is left is the condition.

use super::facts::{FUEL, Facts, eliminate};
use super::linear::{Linear, Symbol};

/// Numbers below this are not what arrays and loops that take time are about.
const SMALL: i128 = 16;

impl Facts {
    /// What remains to be known, in terms of symbols that `is_outer`, for `goal` not to be negative: sums that must not be
    /// negative. Empty if it is proved; None if it cannot be had, or cannot be.
    pub(crate) fn residue(&self, goal: &Linear, is_outer: &impl Fn(Symbol) -> bool) -> Option<Vec<Linear>> {
        if self.prove(goal) {
            return Some(Vec::new());
        }
        // What the program itself says bounds better than what its checks let through.
        [false, true].into_iter().find_map(|use_checks| {
            let mut reduction = Reduction { facts: self, is_outer, use_checks, fuel: FUEL, conditions: Vec::new() };
            reduction.reduce(goal, false).then_some(reduction.conditions)
        })
    }
}

/// The search for a residue.
struct Reduction<'a, F> {
    facts: &'a Facts,
    is_outer: &'a F,
    use_checks: bool,
    fuel: u32,
    /// What has been found to be needed.
    conditions: Vec<Linear>,
}

impl<F: Fn(Symbol) -> bool> Reduction<'_, F> {
    /// Whether the goal is not negative under conditions, which are added. It `is_rough` if a symbol has been eliminated by what
    /// a check has let through or what its type bounds, which may lie far from its value.
    fn reduce(&mut self, goal: &Linear, is_rough: bool) -> bool {
        let facts = self.facts;
        let Some(symbol) = goal.symbols().filter(|symbol| !(self.is_outer)(*symbol)).max() else {
            return self.require(goal, is_rough);
        };
        if self.fuel == 0 {
            return false;
        }
        self.fuel -= 1;
        let Some((factor, rest)) = goal.split(symbol) else { return false };
        let before = self.conditions.len();
        let rising = match facts.sign(&factor, &mut self.fuel) {
            Some(rising) => rising,
            // Strides are mostly positive; the guard makes sure.
            None if factor.symbols().all(self.is_outer) => {
                let mostly = factor.terms().iter().all(|(_, coefficient)| *coefficient > 0);
                let Some(positive) = factor.scaled(if mostly { 1 } else { -1 }) else { return false };
                self.conditions.push(positive);
                mostly
            }
            None => return false,
        };
        let known = facts.about(symbol);
        let by_facts = known.filter(|fact| self.use_checks || !fact.from_check).filter_map(|fact| {
            let smaller = eliminate(&factor, &rest, rising, &fact.linear, symbol)?;
            Some((smaller, is_rough || fact.from_check))
        });
        let by_type = facts.at_bound(&factor, &rest, rising, symbol).filter(|_| facts.is_narrow(symbol, rising));
        let ways: Vec<_> = by_facts.chain(by_type.map(|smaller| (smaller, true))).collect();
        let length = self.conditions.len();
        for (smaller, is_rough) in ways {
            if self.reduce(&smaller, is_rough) {
                return true;
            }
            self.conditions.truncate(length);
        }
        self.conditions.truncate(before);
        false
    }

    /// Adds a condition, unless it is known to hold; false if it cannot hold, or hardly ever does: that what comes from a rough
    /// bound holds for small numbers alone says nothing about the loops that are worth a version.
    fn require(&mut self, goal: &Linear, is_rough: bool) -> bool {
        if self.facts.prove(goal) {
            return true;
        }
        let is_upper_bound = goal.terms().iter().all(|(_, coefficient)| *coefficient < 0);
        let fails = goal.scaled(-1).and_then(|less| less.shifted(-1)).is_none_or(|less| self.facts.prove(&less));
        if fails || is_rough && is_upper_bound && goal.offset() < SMALL {
            return false;
        }
        self.conditions.push(goal.clone().tightened());
        true
    }
}

#[cfg(test)]
mod tests {
    use super::super::linear::testing::{WORD, sum};
    use super::*;

    #[test]
    fn a_product_is_bounded_by_its_factors() {
        let mut facts = Facts::default();
        let [size, rows, columns] = std::array::from_fn(|_| facts.add_symbol((0, 1 << 62)));
        let [row, column] = std::array::from_fn(|_| facts.add_symbol((0, 1 << 62)));
        facts.add(sum(&[(1, rows), (-1, row)], -1), false);
        facts.add(sum(&[(1, columns), (-1, column)], -1), false);
        let flat =
            sum(&[(1, row)], 0).times(&sum(&[(1, columns)], 0)).and_then(|flat| flat.plus(&sum(&[(1, column)], 0), 1));
        let flat = flat.expect("of degree two");
        assert!(facts.prove(&flat));
        let goal = sum(&[(1, size)], -1).plus(&flat, -1).expect("small");
        let area = sum(&[(1, rows)], 0).times(&sum(&[(1, columns)], 0)).expect("of degree two");
        let residue = facts.residue(&goal, &|symbol| symbol <= columns);
        assert_eq!(residue, Some(vec![sum(&[(1, size)], 0).plus(&area, -1).expect("small")]));
    }

    #[test]
    fn what_cannot_be_is_no_condition() {
        let mut facts = Facts::default();
        let extent = facts.add_symbol((0, 1 << 62));
        let position = facts.add_symbol(WORD);
        facts.add(sum(&[(1, position)], 0), false);
        facts.add(sum(&[(1, extent), (-1, position)], -1), false);
        assert_eq!(facts.residue(&sum(&[(1, position)], -1), &|symbol| symbol == extent), None);
        assert_eq!(facts.residue(&sum(&[(1, extent), (-1, position)], -2), &|symbol| symbol == extent), None);
    }

    /// What an earlier check lets through proves little: an index that data give lies below the extent, but that twenty more
    /// lie there too is not to be had by asking for the extent to be small.
    #[test]
    fn rough_bounds_are_no_conditions() {
        let mut facts = Facts::default();
        let [trip, extent, other, index, position] = std::array::from_fn(|_| facts.add_symbol((0, 1 << 62)));
        let is_outer = |symbol: Symbol| symbol <= extent;
        facts.add(sum(&[(1, trip), (-1, position)], -1), false);
        facts.add(sum(&[(1, extent), (-1, index)], -1), true);
        // Of an array whose extent is first known inside, one item is known to be there.
        facts.add(sum(&[(1, other)], -1), true);
        let below = |index: Symbol, size: Symbol| sum(&[(1, size), (-1, index)], -1);
        assert_eq!(facts.residue(&below(position, other), &is_outer), None);
        // Another array may be known to be as long as the one that was checked.
        let is_outer = |symbol: Symbol| symbol <= other;
        let residue = facts.residue(&below(index, other), &is_outer);
        assert_eq!(residue, Some(vec![sum(&[(1, other), (-1, extent)], 0)]));
    }
}
