//! Broadcasting of extents that are known at run time only: the extents of the result, a check that they go together, and the
//! condition under which no axis is stretched unless the program says so.

use super::arrays::{Metadata, advance, raise_unless, reinterpret, reinterpret_contiguous};
use super::scalars::known_integer;
use super::{Item, Lowering};
use crate::support::scalars::compare;
use melior::ir::attribute::DenseI64ArrayAttribute;
use numir_numeric::ir::{Builder, Val};
use numir_numeric::types::{ArrayType, Layout};
use numir_pipeline::PassError;

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
    /// Whether it lies without gaps and has an item of its own for each place of a space, unless an axis not known to be
    /// stretched is.
    pub fn fills(&self, space: &[Val<'c>]) -> bool {
        let is_whole = |axis| !self.is_stretched(space, axis);
        self.array.layout() == Layout::C && self.extents.len() == space.len() && (0..space.len()).all(is_whole)
    }

    /// The same as one row of `total` items, of an array that lies without gaps.
    pub fn as_row(&self, builder: Builder<'c>, total: Val<'c>) -> Self {
        let memref = reinterpret_contiguous(builder, self.memref, self.array.scalar(), &[total]);
        Self { memref, array: self.array, extents: vec![total] }
    }

    /// The same with its axes reversed, in a space of `rank` axes that are: an array in Fortran order is one in C order then. Axes that
    /// it lacks come last, with extent 1.
    pub fn reversed(&self, builder: Builder<'c>, rank: usize) -> Self {
        let (scalar, own) = (self.array.scalar(), self.extents.len());
        let parts = Metadata::of(builder, self.memref, scalar, own);
        let pad = |values: &[Val<'c>], filler: i64| -> Vec<_> {
            let filler = builder.constant_index(filler);
            values.iter().rev().copied().chain(std::iter::repeat_n(filler, rank - own)).collect()
        };
        let (extents, strides) = (pad(&self.extents, 1), pad(&parts.strides, 0));
        let is_row = self.array.layout() == Layout::C && own == 1;
        // An identity layout has no offset.
        let offset = if self.array.layout() == Layout::C { builder.constant_index(0) } else { parts.offset };
        let (layout, memref) = if is_row || self.array.layout() == Layout::F {
            let start = reinterpret_contiguous(builder, parts.base, scalar, &extents);
            (Layout::C, advance(builder, start, scalar, offset))
        } else {
            (Layout::A, reinterpret(builder, parts.base, scalar, offset, &extents, &strides))
        };
        Self { memref, array: self.array.with_layout(layout), extents }
    }

    /// Whether it has a place of its own for each along the first axis of a space.
    pub fn follows_first(&self, space: &[Val<'c>]) -> bool {
        self.extents.len() == space.len() && !self.is_stretched(space, 0)
    }

    /// Whether an axis, a number among its own, is known to be stretched.
    pub fn is_stretched(&self, space: &[Val<'c>], axis: usize) -> bool {
        let whole = space[axis + space.len() - self.extents.len()];
        known_integer(self.extents[axis]) == Some(1) && known_integer(whole) != Some(1)
    }
}

/// The extent along axis `axis` of a space of rank `rank`; None where a shape has no such axis.
fn extent<'c>(shape: &[Val<'c>], rank: usize, axis: usize) -> Option<Val<'c>> {
    shape.get((axis + shape.len()).checked_sub(rank)?).copied()
}

/// The shapes of arrays.
pub fn shapes<'c>(arrays: &[Shaped<'c>]) -> Vec<Vec<Val<'c>>> {
    arrays.iter().map(|array| array.extents.clone()).collect()
}

/// A space of iterations.
pub struct Space<'c> {
    /// Its extents.
    pub extents: Vec<Val<'c>>,
    /// Whether no extent of 1 that is not known as such is stretched; None where that is certain.
    pub uniform: Option<Val<'c>>,
}

/// Whether it is still to be seen that shapes go together.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// It is.
    Needed,
    /// It is known.
    Done,
}

impl Check {
    /// Of a whole-array statement, which says so.
    pub fn of(item: &Item<'_>) -> Self {
        if item.op.attribute("fits").is_some() { Self::Done } else { Self::Needed }
    }
}

/// `numeric.broadcast`
pub fn rewrite<'c>(_: &mut Lowering<'c>, item: &Item<'c>) -> Result<(), PassError> {
    let ranks = item.op.attribute("ranks").and_then(|ranks| DenseI64ArrayAttribute::try_from(ranks).ok());
    let ranks = ranks.ok_or_else(|| item.broken("its ranks are missing"))?;
    let mut rest = item.op.operands().into_iter();
    let mut shapes: Vec<Vec<_>> = (0..ranks.len())
        .map(|shape| rest.by_ref().take(ranks.element(shape).map_or(0, |rank| rank as usize)).collect())
        .collect();
    if item.op.attribute("into").is_some() {
        let dest = shapes.pop().unwrap_or_default();
        broadcast_to(item.builder(), &dest, &shapes, Check::Needed);
        item.op.erase();
    } else {
        let space = broadcast(item.builder(), &shapes, Check::Needed);
        item.op.replace(&space.extents);
    }
    Ok(())
}

/// What NumPy says.
const MISMATCH: &str = "operands could not be broadcast together with shapes ";

/// The space that `inputs` broadcast to, after a check that they do.
pub fn broadcast<'c>(builder: Builder<'c>, shapes: &[Vec<Val<'c>>], check: Check) -> Space<'c> {
    let rank = shapes.iter().map(Vec::len).max().unwrap_or(0);
    let mut conditions = Conditions::new(builder);
    let extents: Vec<_> = (0..rank)
        .map(|axis| {
            let mut candidates: Vec<Val<'c>> = Vec::new();
            for extent in shapes.iter().filter_map(|shape| extent(shape, rank, axis)) {
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
    let message = MISMATCH.to_owned() + &shapes.iter().map(|shape| shape_text(shape.len()) + " ").collect::<String>();
    Space { extents, uniform: conditions.settle(check, &message, &shapes.concat()) }
}

/// The space of `dest`, after a check that `inputs` broadcast to it.
pub fn broadcast_to<'c>(builder: Builder<'c>, dest: &[Val<'c>], shapes: &[Vec<Val<'c>>], check: Check) -> Space<'c> {
    let mut conditions = Conditions::new(builder);
    for shape in shapes {
        for (axis, whole) in dest.iter().enumerate() {
            let fits = |candidate: &Val<'c>| known_integer(*candidate) == Some(1) || is_same(*candidate, *whole);
            extent(shape, dest.len(), axis)
                .filter(|candidate| !fits(candidate))
                .into_iter()
                .for_each(|candidate| conditions.fit(candidate, *whole));
        }
    }
    let into = shape_text(dest.len());
    let message = match shapes {
        [shape] => {
            format!("could not broadcast input array from shape {} into shape {into}", shape_text(shape.len()))
        }
        _ => {
            let from: String = shapes.iter().map(|shape| shape_text(shape.len()) + " ").collect();
            format!("{MISMATCH}{from}{into} ")
        }
    };
    let shown: Vec<_> = shapes.iter().flatten().chain(dest).copied().collect();
    Space { extents: dest.to_vec(), uniform: conditions.settle(check, &message, &shown) }
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

    /// Raises unless everything fits or is known to; returns whether all extents are equal.
    fn settle(self, check: Check, message: &str, shown: &[Val<'c>]) -> Option<Val<'c>> {
        if let (Some(fit), Check::Needed) = (self.fit, check) {
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

/// How an axis of an array follows an axis of the space.
enum Along<'c> {
    /// Step by step.
    Step(usize),
    /// Up to its last item, which is its first if it is stretched.
    UpTo(usize, Val<'c>),
    /// It is stretched.
    Stay,
}

impl<'c> Positions<'c> {
    /// Of `input` in the space of `extents`, where any axis may be stretched.
    pub fn of(builder: Builder<'c>, input: &Shaped<'c>, extents: &[Val<'c>]) -> Self {
        let first = extents.len() - input.extents.len();
        let along = |(axis, (own, whole)): (usize, (&Val<'c>, &Val<'c>))| match is_same(*own, *whole) {
            true => Along::Step(first + axis),
            false => {
                // Neither a choice nor a product with a truth value: LLVM would make a loop for each combination of them.
                let one = builder.constant_index(1);
                Along::UpTo(first + axis, builder.value("arith.subi", &[*own, one], builder.index(), &[]))
            }
        };
        Self(input.extents.iter().zip(&extents[first..]).enumerate().map(along).collect())
    }

    /// Of `input` where no axis is stretched but those known to be.
    pub fn known(input: &Shaped<'c>, extents: &[Val<'c>]) -> Self {
        let first = extents.len() - input.extents.len();
        let along = |axis| if input.is_stretched(extents, axis) { Along::Stay } else { Along::Step(first + axis) };
        Self((0..input.extents.len()).map(along).collect())
    }

    /// At the place `indices`.
    pub fn at(&self, builder: Builder<'c>, indices: &[Val<'c>]) -> Vec<Val<'c>> {
        let index = |along: &Along<'c>| match along {
            Along::Step(axis) => indices[*axis],
            Along::UpTo(axis, last) => builder.value("arith.minui", &[indices[*axis], *last], builder.index(), &[]),
            Along::Stay => builder.constant_index(0),
        };
        self.0.iter().map(index).collect()
    }
}
