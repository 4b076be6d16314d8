//! What a condition says about integers, and whether it is known.

use super::{Ranges, constant_of, type_bounds};
use crate::support::ranges::Linear;
use numir_numeric::ir::{Op, Val};

impl<'c> Ranges<'c> {
    /// From here on the condition is known to be `truth`.
    pub(super) fn assume(&mut self, condition: Val<'c>, truth: bool, from_check: bool) {
        for fact in self.consequences(condition, truth) {
            self.facts.assume(fact, from_check);
        }
    }

    /// Sums that are not negative if the condition is `truth`.
    pub(super) fn consequences(&mut self, condition: Val<'c>, truth: bool) -> Vec<Linear> {
        let Some(definition) = condition.definition() else { return Vec::new() };
        match (definition.name(), truth) {
            ("numeric.cmp", _) => self.comparison(definition, truth).unwrap_or_default(),
            ("numeric.and", true) | ("numeric.or", false) => {
                let mut facts = self.consequences(definition.operand(0), truth);
                facts.extend(self.consequences(definition.operand(1), truth));
                facts
            }
            ("numeric.invert", _) => self.consequences(definition.operand(0), !truth),
            ("numeric.select", _) => {
                let [condition, then, otherwise] = [0, 1, 2].map(|index| definition.operand(index));
                let never = |value: Val<'c>| constant_of(value) == Some(i128::from(!truth));
                let (side, value) = if never(otherwise) {
                    (true, then)
                } else if never(then) {
                    (false, otherwise)
                } else {
                    return Vec::new();
                };
                let mut facts = self.consequences(condition, side);
                facts.extend(self.consequences(value, truth));
                facts
            }
            ("scf.if", _) => self.implied.get(&condition).map_or(Vec::new(), |both| both[usize::from(truth)].clone()),
            _ => Vec::new(),
        }
    }

    /// What a comparison of integers says if it is `truth`.
    fn comparison(&mut self, comparison: Op<'c>, truth: bool) -> Option<Vec<Linear>> {
        let (difference, predicate) = self.difference(comparison)?;
        let reversed = difference.scaled(-1)?;
        Some(match (predicate.as_str(), truth) {
            ("lt", true) | ("ge", false) => vec![difference.shifted(-1)?],
            ("le", true) | ("gt", false) => vec![difference],
            ("gt", true) | ("le", false) => vec![reversed.shifted(-1)?],
            ("ge", true) | ("lt", false) => vec![reversed],
            ("eq", true) | ("ne", false) => vec![difference, reversed],
            // Different, and never on one side: strictly on the other.
            ("eq", false) | ("ne", true) if self.prove(&difference) => vec![difference.shifted(-1)?],
            ("eq", false) | ("ne", true) if self.prove(&reversed) => vec![reversed.shifted(-1)?],
            _ => Vec::new(),
        })
    }

    /// Right side minus left side of a comparison of integers, and its predicate.
    fn difference(&mut self, comparison: Op<'c>) -> Option<(Linear, String)> {
        let (left, right) = (comparison.operand(0), comparison.operand(1));
        type_bounds(left)?;
        let (left, right) = (self.exact(left), self.exact(right));
        Some((right.plus(&left, -1)?, comparison.string_attribute("predicate")?))
    }

    /// Whether a condition is known to be true, or to be false.
    pub(crate) fn decided(&mut self, condition: Val<'c>) -> Option<bool> {
        if let Some(constant) = constant_of(condition) {
            return Some(constant != 0);
        }
        let definition = condition.definition()?;
        match definition.name() {
            "numeric.cmp" => {
                let (difference, predicate) = self.difference(definition)?;
                self.decide(&difference, &predicate)
            }
            "numeric.invert" => self.decided(definition.operand(0)).map(|known| !known),
            name @ ("numeric.and" | "numeric.or") => {
                let strong = name == "numeric.or";
                let [left, right] = [0, 1].map(|index| self.decided(definition.operand(index)));
                match (left, right) {
                    (Some(known), _) | (_, Some(known)) if known == strong => Some(strong),
                    (Some(_), Some(_)) => Some(!strong),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn decide(&self, difference: &Linear, predicate: &str) -> Option<bool> {
        let reversed = difference.scaled(-1)?;
        // Left at most right, less than right, and the same the other way round.
        let (most, less) = (|| self.prove(difference), || difference.shifted(-1).is_some_and(|sum| self.prove(&sum)));
        let (least, more) = (|| self.prove(&reversed), || reversed.shifted(-1).is_some_and(|sum| self.prove(&sum)));
        let either = |yes: bool, no: &dyn Fn() -> bool| if yes { Some(true) } else { no().then_some(false) };
        match predicate {
            "lt" => either(less(), &least),
            "le" => either(most(), &more),
            "gt" => either(more(), &most),
            "ge" => either(least(), &less),
            "eq" => either(most() && least(), &|| less() || more()),
            "ne" => either(less() || more(), &|| most() && least()),
            _ => None,
        }
    }

    /// Sums that must not be negative for a condition to be true; None where that cannot be said so.
    pub(crate) fn requirements(&mut self, condition: Val<'c>) -> Option<Vec<Linear>> {
        let definition = condition.definition()?;
        match definition.name() {
            "numeric.and" => {
                let mut all = self.requirements(definition.operand(0))?;
                all.extend(self.requirements(definition.operand(1))?);
                Some(all)
            }
            "numeric.cmp" => match definition.string_attribute("predicate")?.as_str() {
                "eq" => self.fits(definition.operand(0), definition.operand(1)),
                "ne" => {
                    let (difference, _) = self.difference(definition)?;
                    Some(vec![difference.scaled(-1)?.shifted(-1)?])
                }
                _ => self.comparison(definition, true).filter(|facts| !facts.is_empty()),
            },
            _ => None,
        }
    }

    /// Of `x == wide(narrow(x))`: that x lies within the bounds of the narrow type.
    fn fits(&mut self, value: Val<'c>, back: Val<'c>) -> Option<Vec<Linear>> {
        let is_cast = |value: Val<'c>| value.definition().filter(|definition| definition.is("numeric.cast"));
        let narrow = is_cast(back)?.operand(0);
        let (low, high) = type_bounds(narrow)?;
        if is_cast(narrow)?.operand(0) != value {
            return None;
        }
        let value = self.exact(value);
        Some(vec![value.shifted(-low)?, value.scaled(-1)?.shifted(high)?])
    }
}
