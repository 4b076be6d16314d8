//! The question, asked at run time, whether an assignment may write what it has still to read.

use super::arrays::{Metadata, add, multiply};
use super::broadcast::{Shaped, both};
use super::types::memory_bytes;
use super::{Item, Lowering};
use crate::support::memref::MemRef;
use crate::support::scalars::compare;
use numir_numeric::ir::{Builder, Val};
use numir_pipeline::PassError;
use std::collections::{HashMap, HashSet};

/// The addresses of an array's items, in bytes.
struct Extent<'c> {
    first: Val<'c>,
    low: Val<'c>,
    high: Val<'c>,
    strides: Vec<Val<'c>>,
}

impl<'c> Extent<'c> {
    fn of(builder: Builder<'c>, shaped: &Shaped<'c>) -> Self {
        let scalar = shaped.array.scalar();
        let parts = Metadata::of(builder, shaped.memref, scalar, shaped.extents.len());
        let bytes = builder.constant_index(memory_bytes(scalar));
        let data = builder.value("memref.extract_aligned_pointer_as_index", &[shaped.memref], builder.index(), &[]);
        let first = add(builder, data, multiply(builder, parts.offset, bytes));
        let (zero, minus_one) = (builder.constant_index(0), builder.constant_index(-1));
        let (mut low, mut high) = (first, add(builder, first, bytes));
        for (extent, stride) in shaped.extents.iter().zip(&parts.strides) {
            let steps = add(builder, *extent, minus_one);
            let span = multiply(builder, multiply(builder, steps, *stride), bytes);
            low = add(builder, low, builder.value("arith.minsi", &[span, zero], builder.index(), &[]));
            high = add(builder, high, builder.value("arith.maxsi", &[span, zero], builder.index(), &[]));
        }
        Self { first, low, high, strides: parts.strides }
    }
}

/// `numeric.clashes`
pub fn clashes_of<'c>(lowering: &mut Lowering<'c>, item: &Item<'c>) -> Result<(), PassError> {
    let mut shaped = Vec::with_capacity(2);
    for index in 0..2 {
        let (memref, array) = (item.op.operand(index), item.operand_array(index)?);
        shaped.push(Shaped { memref, array, extents: lowering.known.extents(memref, array.rank(), item.builder()) });
    }
    item.op.replace(&[clashes(item.builder(), &shaped[0], &shaped[1])]);
    Ok(())
}

/// Whether two arrays share memory. Of an array without items the answer may be either.
fn overlaps<'c>(builder: Builder<'c>, dest: &Shaped<'c>, input: &Shaped<'c>) -> Val<'c> {
    share(builder, &Extent::of(builder, dest), &Extent::of(builder, input))
}

fn share<'c>(builder: Builder<'c>, written: &Extent<'c>, read: &Extent<'c>) -> Val<'c> {
    let starts = compare(&builder, "ult", written.low, read.high);
    let ends = compare(&builder, "ult", read.low, written.high);
    both(builder, Some(starts), ends)
}

/// Whether `dest` overlaps `input` other than item by item. Of an array without items the answer may be either.
fn clashes<'c>(builder: Builder<'c>, dest: &Shaped<'c>, input: &Shaped<'c>) -> Val<'c> {
    let (written, read) = (Extent::of(builder, dest), Extent::of(builder, input));
    let overlap = share(builder, &written, &read);
    let items_fit = memory_bytes(dest.array.scalar()) == memory_bytes(input.array.scalar());
    let mut axes = 0..input.extents.len();
    if !items_fit || dest.extents.len() != axes.len() || axes.any(|axis| input.is_stretched(&dest.extents, axis)) {
        return overlap;
    }
    // The same items in the same order: each is read before it is written. That extents not known to be 1 are equal is tested
    // elsewhere; one that is 1 is stretched, and its item read again after it has been written, as in `a -= a[:, :1]`.
    let same = written
        .strides
        .iter()
        .zip(&read.strides)
        .fold(compare(&builder, "eq", written.first, read.first), |same, (w, r)| {
            both(builder, Some(same), compare(&builder, "eq", *w, *r))
        });
    // Of truth values: the first and not the second.
    compare(&builder, "ugt", overlap, same)
}

/// Two arrays to be compared.
pub enum Pair<'c> {
    /// As they are: where they are the same, each item is read before it is written.
    Views(Shaped<'c>, Shaped<'c>),
    /// For views of them, which may lie anywhere in them.
    Whole(Shaped<'c>, Shaped<'c>),
}

impl<'c> Pair<'c> {
    /// Whether the second may not be read while the first is written. Of an array without items the answer may be either.
    pub fn clash(&self, builder: Builder<'c>) -> Val<'c> {
        match self {
            Self::Views(target, input) => clashes(builder, target, input),
            Self::Whole(target, input) => overlaps(builder, target, input),
        }
    }
}

/// The pairs of arrays to be compared for the overlaps of a target with inputs: several inputs that are views of one other array are as
/// good as that array, and what the target is a view of.
pub fn compared<'c>(
    lowering: &mut Lowering<'c>,
    builder: Builder<'c>,
    target: &Shaped<'c>,
    inputs: &[&Shaped<'c>],
) -> Vec<Pair<'c>> {
    let (whole, mut pairs, mut done) = (lowering.known.origin(target.memref), Vec::new(), HashSet::new());
    let mut views = HashMap::new();
    for input in inputs {
        *views.entry(lowering.known.origin(input.memref)).or_insert(0) += 1;
    }
    for input in inputs {
        let origin = lowering.known.origin(input.memref);
        let roots = (views[&origin] > 1 && origin != whole)
            .then(|| Some((root(lowering, builder, whole, target)?, root(lowering, builder, origin, input)?)));
        match roots.flatten() {
            Some(_) if done.contains(&origin) => {}
            Some((written, read)) => {
                done.insert(origin);
                pairs.push(Pair::Whole(written, read));
            }
            None => pairs.push(Pair::Views(target.clone(), (*input).clone())),
        }
    }
    pairs
}

/// The array that `view` is a view of, unless its items are of another type or its rank is 0.
fn root<'c>(
    lowering: &mut Lowering<'c>,
    builder: Builder<'c>,
    origin: Val<'c>,
    view: &Shaped<'c>,
) -> Option<Shaped<'c>> {
    let (whole, part) = (MemRef::of(origin.ty())?, MemRef::of(view.memref.ty())?);
    let is_known = whole.element == part.element && whole.rank() > 0;
    let extents = is_known.then(|| lowering.known.extents(origin, whole.rank(), builder))?;
    Some(Shaped { memref: origin, array: view.array, extents })
}
