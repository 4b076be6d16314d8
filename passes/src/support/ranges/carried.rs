//! What loops carry from one iteration to the next: by how much it grows, and the guesses that follow from that.

use super::extents::Triple;
use super::{Linear, Ranges, constant_of, is_word};
use numir_numeric::ir::{Op, Val};
use std::collections::{HashMap, HashSet};

/// By how much one value is greater than another, at least and at most, where that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Growth {
    least: Option<i128>,
    most: Option<i128>,
}

const UNKNOWN: Growth = Growth { least: None, most: None };
/// Greater growth is not looked into.
const LARGEST: i128 = 1 << 20;
/// How far a value is followed.
const DEPTH: usize = 48;

impl Growth {
    /// The growth, if it is always the same.
    fn steady(self) -> Option<i128> {
        self.least.filter(|least| Some(*least) == self.most)
    }

    fn shifted(self, constant: i128) -> Self {
        let shift = |bound: Option<i128>| bound.map(|bound| bound + constant).filter(|sum| sum.abs() <= LARGEST);
        Self { least: shift(self.least), most: shift(self.most) }
    }

    /// What holds for either of two values.
    fn or(self, other: Self) -> Self {
        let both =
            |left: Option<i128>, right: Option<i128>, choose: fn(i128, i128) -> i128| Some(choose(left?, right?));
        Self { least: both(self.least, other.least, i128::min), most: both(self.most, other.most, i128::max) }
    }

    /// What holds after any number of steps, each of which grows by `step`.
    fn repeated(self, step: Self) -> Self {
        Self {
            least: self.least.filter(|_| step.least.is_some_and(|least| least >= 0)),
            most: self.most.filter(|_| step.most.is_some_and(|most| most <= 0)),
        }
    }
}

/// On which side a guess bounds a carried value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Side {
    Lower,
    Upper,
}

/// The guesses that turned out wrong, and growths that were looked up.
#[derive(Default)]
pub(super) struct Guesses<'c> {
    wrong: HashSet<(Val<'c>, Side)>,
    growths: HashMap<(Val<'c>, Val<'c>), Growth>,
}

/// One value that a loop carries.
pub(super) struct Carried<'c> {
    /// The argument at the head of the loop.
    pub argument: Val<'c>,
    /// Its value in the first iteration.
    pub initial: Linear,
    /// What the argument of the next iteration is.
    pub next: Val<'c>,
    growth: Growth,
    /// Bounds of the argument, as sums that are the same in all iterations and multiples of the position.
    guesses: Vec<(Side, Linear, i128)>,
}

impl<'c> Ranges<'c> {
    /// The values of integer type that a loop carries, with guesses about them. A loop `is_counted` if its position starts at 0
    /// and grows by 1.
    pub(super) fn carried(&mut self, carried: &[Triple<'c>], is_counted: bool) -> Vec<Carried<'c>> {
        let integers = carried.iter().filter(|(argument, ..)| is_word(*argument));
        integers
            .map(|&(argument, initial, next)| {
                let growth = self.growth(next, argument, 0);
                let initial = self.exact(initial);
                let bound = |side: Side, growth: Option<i128>| {
                    let growth = growth?;
                    let monotone = if side == Side::Lower { growth >= 0 } else { growth <= 0 };
                    (is_counted || monotone).then(|| (side, initial.clone(), if is_counted { growth } else { 0 }))
                };
                // `while i >= 0: … i -= 1` ends just below 0.
                let below = growth.least.filter(|least| *least < 0 && !is_counted).map(Linear::constant);
                let below = below.filter(|below| self.at_most(below, &initial)).map(|below| (Side::Lower, below, 0));
                let guesses = [bound(Side::Lower, growth.least).or(below), bound(Side::Upper, growth.most)];
                let wrong = &self.guesses.wrong;
                // Of what grows steadily in a counted loop, the sum itself is known.
                let steady = is_counted && growth.steady().is_some();
                let is_open = |side: Side| !steady && !wrong.contains(&(argument, side));
                let guesses = guesses.into_iter().flatten().filter(|(side, ..)| is_open(*side)).collect();
                Carried { argument, initial, next, growth, guesses }
            })
            .collect()
    }

    /// Takes the guesses for true in an iteration; `position` is its number.
    pub(super) fn assume_guesses(&mut self, carried: &[Carried<'c>], position: Option<&Linear>) {
        for value in carried {
            if let (Some(step), Some(position)) = (value.growth.steady(), position)
                && let Some(sum) = value.initial.plus(position, step)
            {
                self.note_equal(value.argument, sum);
                continue;
            }
            let argument = self.ring(value.argument);
            for (side, bound) in value.bounds(position) {
                match side {
                    Side::Lower => self.note_at_most(&bound, &argument),
                    Side::Upper => self.note_at_most(&argument, &bound),
                }
            }
        }
    }

    /// Whether the guesses hold in the iteration after this one. Those that do not are remembered as wrong.
    pub(super) fn verify_guesses(&mut self, carried: &[Carried<'c>], position: Option<&Linear>) -> bool {
        let following = position.and_then(|position| position.shifted(1));
        let mut all_hold = true;
        for value in carried {
            if value.guesses.is_empty() {
                continue;
            }
            let next = self.exact(value.next);
            for (side, bound) in value.bounds(following.as_ref()) {
                let holds = match side {
                    Side::Lower => self.at_most(&bound, &next),
                    Side::Upper => self.at_most(&next, &bound),
                };
                if !holds {
                    all_hold = false;
                    self.guesses.wrong.insert((value.argument, side));
                }
            }
        }
        all_hold
    }

    /// Takes note of what a loop leaves behind after `trip` iterations (None if that is not known to be a number of them).
    pub(super) fn note_result(&mut self, value: &Carried<'c>, result: Val<'c>, trip: Option<&Linear>) {
        if let (Some(step), Some(trip)) = (value.growth.steady(), trip)
            && let Some(sum) = value.initial.plus(trip, step)
        {
            self.note_equal(result, sum);
            return;
        }
        let result = self.ring(result);
        for (side, initial, step) in &value.guesses {
            let outward = if *side == Side::Lower { *step < 0 } else { *step > 0 };
            let bound = match trip {
                Some(trip) => initial.plus(trip, *step),
                None => (!outward).then(|| initial.clone()),
            };
            match (bound, side) {
                (Some(bound), Side::Lower) => self.note_at_most(&bound, &result),
                (Some(bound), Side::Upper) => self.note_at_most(&result, &bound),
                (None, _) => {}
            }
        }
    }

    /// By how much `value` is greater than `base`, from which it is computed.
    fn growth(&mut self, value: Val<'c>, base: Val<'c>, depth: usize) -> Growth {
        if value == base {
            return Growth { least: Some(0), most: Some(0) };
        }
        if depth > DEPTH {
            return UNKNOWN;
        }
        if let Some(growth) = self.guesses.growths.get(&(value, base)) {
            return *growth;
        }
        // What is asked for again while it is looked up is a loop of its own.
        self.guesses.growths.insert((value, base), UNKNOWN);
        let growth = self.look_up_growth(value, base, depth + 1).unwrap_or(UNKNOWN);
        self.guesses.growths.insert((value, base), growth);
        growth
    }

    fn look_up_growth(&mut self, value: Val<'c>, base: Val<'c>, depth: usize) -> Option<Growth> {
        let Some(definition) = value.definition() else { return self.growth_of_argument(value, base, depth) };
        if !is_word(value) {
            return None;
        }
        let operand = |index: usize| definition.operand(index);
        Some(match definition.name() {
            "numeric.cast" => self.growth(operand(0), base, depth),
            "numeric.add" => match (constant_of(operand(0)), constant_of(operand(1))) {
                (_, Some(constant)) => self.growth(operand(0), base, depth).shifted(constant),
                (Some(constant), _) => self.growth(operand(1), base, depth).shifted(constant),
                _ => return None,
            },
            "numeric.sub" => self.growth(operand(0), base, depth).shifted(-constant_of(operand(1))?),
            "numeric.select" => self.growth(operand(1), base, depth).or(self.growth(operand(2), base, depth)),
            "scf.if" => {
                let place = value.result_number()?;
                let mut ends = definition.regions().into_iter().filter_map(|region| region.first_block()?.terminator());
                let (first, second) = (ends.next()?.operand(place), ends.next()?.operand(place));
                self.growth(first, base, depth).or(self.growth(second, base, depth))
            }
            "scf.for" => self.growth_of_loop(definition, value.result_number()?, base, depth)?,
            _ => return None,
        })
    }

    fn growth_of_argument(&mut self, value: Val<'c>, base: Val<'c>, depth: usize) -> Option<Growth> {
        let (block, place) = value.argument()?;
        let parent = block.parent()?;
        match parent.name() {
            "scf.for" => self.growth_of_loop(parent, place.checked_sub(1)?, base, depth),
            // The body of a while loop gets what its condition passes on.
            "scf.while" if parent.body(1) == Some(block) => {
                let condition = parent.body(0)?.terminator()?;
                Some(self.growth(condition.operands().get(place + 1).copied()?, base, depth))
            }
            _ => None,
        }
    }

    /// The growth of a value that a counted loop inside of ours carries.
    fn growth_of_loop(&mut self, looping: Op<'c>, place: usize, base: Val<'c>, depth: usize) -> Option<Growth> {
        let body = looping.body(0)?;
        let initial = self.growth(looping.operands().get(place + 3).copied()?, base, depth);
        let next = body.terminator()?.operands().get(place).copied()?;
        let step = self.growth(next, body.arguments().get(place + 1).copied()?, depth);
        Some(initial.repeated(step))
    }
}

impl Carried<'_> {
    fn bounds(&self, position: Option<&Linear>) -> Vec<(Side, Linear)> {
        let bound = |(side, initial, step): &(Side, Linear, i128)| match position {
            Some(position) => initial.plus(position, *step).map(|bound| (*side, bound)),
            None => Some((*side, initial.clone())),
        };
        self.guesses.iter().filter_map(bound).collect()
    }
}
