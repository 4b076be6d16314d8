//! `numeric.device_array` as memrefs around memory of a block or of a thread. Nobody owns them: they have no header.

use super::llvm;
use super::memref::{self, MemRef, Parts};
use super::storage::{item_bytes, stored_type};
use crate::lower_launches::frame;
use melior::ir::attribute::DenseI64ArrayAttribute;
use numir_numeric::ir::{Builder, Op, Val};

/// How arrays of these kinds of memory are aligned, whatever their items are, so that vectors of them are too.
pub(crate) const ALIGNMENT: i64 = 16;

/// The extents of an array of memory of known size.
pub(crate) fn extents(array: Op<'_>) -> Vec<i64> {
    let extents = array.attribute("extents").and_then(|extents| DenseI64ArrayAttribute::try_from(extents).ok());
    extents.iter().flat_map(|extents| (0..extents.len()).filter_map(|axis| extents.element(axis).ok())).collect()
}

/// The bytes of such an array.
pub(crate) fn bytes(array: Op<'_>) -> i64 {
    let item = MemRef::of(array.result(0).ty()).map_or(1, |shape| item_bytes(shape.element));
    extents(array).into_iter().fold(item, i64::saturating_mul)
}

/// Puts an array of known extents around its memory.
pub(crate) fn place<'c>(array: Op<'c>, data: Val<'c>) -> Option<()> {
    let builder = Builder::before(array);
    let i64 = builder.integer(64);
    let sizes = extents(array).into_iter().map(|extent| llvm::constant(&builder, extent, i64)).collect();
    assemble(array, &builder, data, sizes)
}

/// Puts an array of one axis around so many bytes (i64) of memory.
pub(crate) fn place_dynamic<'c>(array: Op<'c>, data: Val<'c>, bytes: Val<'c>) -> Option<()> {
    let builder = Builder::before(array);
    let i64 = builder.integer(64);
    let item = item_bytes(MemRef::of(array.result(0).ty())?.element);
    let items = builder.value("arith.divui", &[bytes, llvm::constant(&builder, item, i64)], i64, &[]);
    assemble(array, &builder, data, vec![items])
}

/// Puts an array around memory in the frame of the thread, which is the same each time that the thread comes here.
pub(crate) fn place_local(array: Op<'_>) -> Option<()> {
    let start = frame(array);
    let element = stored_type(&start, MemRef::of(array.result(0).ty())?.element);
    let items = extents(array).into_iter().fold(1, i64::saturating_mul);
    let room = llvm::alloca(&start, element, llvm::constant(&start, items, start.integer(64)));
    room.set_attribute("alignment", start.i64_attribute(ALIGNMENT));
    place(array, room.result(0))
}

fn assemble<'c>(array: Op<'c>, builder: &Builder<'c>, data: Val<'c>, sizes: Vec<Val<'c>>) -> Option<()> {
    let shape = MemRef::of(array.result(0).ty())?;
    let header = llvm::zero(builder, builder.pointer());
    let offset = llvm::constant(builder, 0, builder.integer(64));
    let strides = memref::row_major(builder, &sizes);
    array.replace(&[memref::assemble(builder, &shape, &Parts { header, data, offset, sizes, strides })]);
    Some(())
}
