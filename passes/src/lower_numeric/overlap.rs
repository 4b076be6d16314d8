//! The question, asked at run time, whether an assignment may write what it has still to read.

use super::arrays::{Metadata, add, multiply};
use super::broadcast::{Shaped, both};
use super::types::memory_bytes;
use super::{Item, Lowering};
use crate::support::scalars::compare;
use numir_numeric::ir::{Builder, Val};
use numir_pipeline::PassError;

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
pub fn overlaps<'c>(builder: Builder<'c>, dest: &Shaped<'c>, input: &Shaped<'c>) -> Val<'c> {
    share(builder, &Extent::of(builder, dest), &Extent::of(builder, input))
}

fn share<'c>(builder: Builder<'c>, written: &Extent<'c>, read: &Extent<'c>) -> Val<'c> {
    let starts = compare(&builder, "ult", written.low, read.high);
    let ends = compare(&builder, "ult", read.low, written.high);
    both(builder, Some(starts), ends)
}

/// Whether `dest` overlaps `input` other than item by item. Of an array without items the answer may be either.
pub fn clashes<'c>(builder: Builder<'c>, dest: &Shaped<'c>, input: &Shaped<'c>) -> Val<'c> {
    let (written, read) = (Extent::of(builder, dest), Extent::of(builder, input));
    let overlap = share(builder, &written, &read);
    let items_fit = memory_bytes(dest.array.scalar()) == memory_bytes(input.array.scalar());
    if !items_fit || dest.extents.len() != input.extents.len() {
        return overlap;
    }
    // The same items in the same order: each is read before it is written. That the extents are equal is tested elsewhere.
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
