//! Broadcasting of extents that are known at run time only: the extents of the result, a check that they go together, and the
//! condition under which no axis is stretched unless the program says so.

use super::arrays::raise_unless;
use super::scalars::known_integer;
use crate::support::scalars::compare;
use numir_numeric::ir::{Builder, Val};
use numir_numeric::types::ArrayType;

/// An array among the inputs of a whole-array statement, of rank 1 or more.
#[derive(Clone)]
pub struct Shaped<'c> {
    /// The memref.
    pub memref: Val<'c>,
    /// What it was in `numeric`.
    pub array: ArrayType<'c>,
    /// Its extents.
    pub extents: Vec<Val<'c>>,
}

impl<'c> Shaped<'c> {
    /// The extent along axis `axis` of a space of rank `rank`; None where the array has no such axis.
    pub fn extent(&self, rank: usize, axis: usize) -> Option<Val<'c>> {
        self.extents.get((axis + self.extents.len()).checked_sub(rank)?).copied()
    }
}

/// A space of iterations.
pub struct Space<'c> {
    /// Its extents.
    pub extents: Vec<Val<'c>>,
    /// Whether no extent of 1 that is not known as such is stretched; None where that is certain.
    pub uniform: Option<Val<'c>>,
}

/// What NumPy says.
const MISMATCH: &str = "operands could not be broadcast together with shapes ";

/// The space that `inputs` broadcast to, after a check that they do.
pub fn broadcast<'c>(builder: Builder<'c>, rank: usize, inputs: &[Shaped<'c>]) -> Space<'c> {
    let mut conditions = Conditions::new(builder);
    let extents: Vec<_> = (0..rank)
        .map(|axis| {
            let mut candidates: Vec<Val<'c>> = Vec::new();
            for extent in inputs.iter().filter_map(|input| input.extent(rank, axis)) {
                if known_integer(extent) != Some(1) && !candidates.iter().any(|known| is_same(*known, extent)) {
                    candidates.push(extent);
                }
            }
            let one = builder.constant_index(1);
            let widest = candidates.iter().copied().reduce(|widest, extent| {
                let stretched = compare(&builder, "eq", widest, one);
                builder.value("arith.select", &[stretched, extent, widest], builder.index(), &[])
            });
            let extent = widest.unwrap_or(one);
            candidates
                .iter()
                .filter(|candidate| **candidate != extent)
                .for_each(|candidate| conditions.fit(*candidate, extent));
            extent
        })
        .collect();
    let message =
        MISMATCH.to_owned() + &inputs.iter().map(|input| shape_text(input.extents.len()) + " ").collect::<String>();
    let shown: Vec<_> = inputs.iter().flat_map(|input| input.extents.iter().copied()).collect();
    Space { extents, uniform: conditions.check(&message, &shown) }
}

/// The space of `dest`, after a check that `inputs` broadcast to it.
pub fn broadcast_to<'c>(builder: Builder<'c>, dest: &[Val<'c>], inputs: &[Shaped<'c>]) -> Space<'c> {
    let mut conditions = Conditions::new(builder);
    for input in inputs {
        for (axis, extent) in dest.iter().enumerate() {
            let candidate = input.extent(dest.len(), axis);
            let fits = |candidate: &Val<'c>| known_integer(*candidate) == Some(1) || is_same(*candidate, *extent);
            candidate
                .filter(|candidate| !fits(candidate))
                .into_iter()
                .for_each(|candidate| conditions.fit(candidate, *extent));
        }
    }
    let into = shape_text(dest.len());
    let (message, shown): (String, Vec<_>) = match inputs {
        [input] => {
            let from = shape_text(input.extents.len());
            let shown = input.extents.iter().chain(dest).copied().collect();
            (format!("could not broadcast input array from shape {from} into shape {into}"), shown)
        }
        _ => {
            let shapes: String = inputs.iter().map(|input| shape_text(input.extents.len()) + " ").collect();
            let shown = inputs.iter().flat_map(|input| &input.extents).chain(dest).copied().collect();
            (format!("{MISMATCH}{shapes}{into} "), shown)
        }
    };
    Space { extents: dest.to_vec(), uniform: conditions.check(&message, &shown) }
}

/// Whether two extents are equal for sure.
fn is_same(left: Val<'_>, right: Val<'_>) -> bool {
    left == right || known_integer(left).is_some_and(|value| known_integer(right) == Some(value))
}

/// `(2,)` or `(2,3)` with places for the extents.
fn shape_text(rank: usize) -> String {
    match rank {
        1 => "({},)".into(),
        _ => format!("({})", vec!["{}"; rank].join(",")),
    }
}

/// Gathers, for each extent that may be stretched, whether it fits and whether it needs no stretching.
struct Conditions<'c> {
    builder: Builder<'c>,
    fit: Option<Val<'c>>,
    equal: Option<Val<'c>>,
}

impl<'c> Conditions<'c> {
    fn new(builder: Builder<'c>) -> Self {
        Self { builder, fit: None, equal: None }
    }

    fn fit(&mut self, candidate: Val<'c>, extent: Val<'c>) {
        let (builder, flag) = (self.builder, self.builder.integer(1));
        let equal = compare(&builder, "eq", candidate, extent);
        let one = compare(&builder, "eq", candidate, builder.constant_index(1));
        let fits = builder.value("arith.ori", &[equal, one], flag, &[]);
        self.fit = Some(both(builder, self.fit, fits));
        self.equal = Some(both(builder, self.equal, equal));
    }

    /// Raises unless everything fits; returns whether all extents are equal.
    fn check(self, message: &str, shown: &[Val<'c>]) -> Option<Val<'c>> {
        if let Some(fit) = self.fit {
            raise_unless(self.builder, fit, "ValueError", message, shown);
        }
        self.equal
    }
}

/// `condition` and, if there is one, `known`.
pub fn both<'c>(builder: Builder<'c>, known: Option<Val<'c>>, condition: Val<'c>) -> Val<'c> {
    known.map_or(condition, |known| builder.value("arith.andi", &[known, condition], builder.integer(1), &[]))
}

/// Where an array is read at a place of the space, one index per axis of the array.
pub struct Positions<'c>(Vec<Along<'c>>);

/// How an axis of an array follows an axis of the space: step by step, or, where there is a factor, by 1 or, if it is stretched, by 0.
struct Along<'c> {
    axis: usize,
    factor: Option<Val<'c>>,
}

impl<'c> Positions<'c> {
    /// Of `input` in the space of `extents`.
    pub fn of(builder: Builder<'c>, input: &Shaped<'c>, extents: &[Val<'c>]) -> Self {
        let first = extents.len() - input.extents.len();
        let factor = |(own, whole): (&Val<'c>, &Val<'c>)| {
            (!is_same(*own, *whole)).then(|| {
                // A product in the loop, not a choice: LLVM would make a loop for each combination of choices.
                let follows = compare(&builder, "eq", *own, *whole);
                builder.value("arith.index_castui", &[follows], builder.index(), &[])
            })
        };
        let factors = input.extents.iter().zip(&extents[first..]).map(factor);
        Self(factors.enumerate().map(|(axis, factor)| Along { axis: first + axis, factor }).collect())
    }

    /// At the place `indices`.
    pub fn at(&self, builder: Builder<'c>, indices: &[Val<'c>]) -> Vec<Val<'c>> {
        let index = |along: &Along<'c>| match along.factor {
            None => indices[along.axis],
            Some(factor) => builder.value("arith.muli", &[indices[along.axis], factor], builder.index(), &[]),
        };
        self.0.iter().map(index).collect()
    }
}
