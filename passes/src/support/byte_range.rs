//! The bytes that the items of an array span.

use super::llvm;
use super::memref::{MemRef, Parts};
use super::scalars::compare;
use super::storage::item_bytes;
use numir_numeric::ir::{Builder, Val};

/// From the lowest byte to behind the highest.
pub(crate) struct ByteRange<'c> {
    /// Bytes from the data pointer to the lowest; an i64, which may be negative.
    pub(crate) lowest: Val<'c>,
    /// How many bytes; 0 of an array without items.
    pub(crate) bytes: Val<'c>,
}

impl<'c> ByteRange<'c> {
    /// Of an array of these parts.
    pub(crate) fn of(builder: &Builder<'c>, shape: &MemRef<'c>, parts: &Parts<'c>) -> Self {
        let i64 = builder.integer(64);
        let number = |value| llvm::constant(builder, value, i64);
        let value = |name: &str, operands: &[Val<'c>]| builder.value(name, operands, i64, &[]);
        let (zero, one, item) = (number(0), number(1), number(item_bytes(shape.element)));
        let (mut lowest, mut highest) = (parts.offset, parts.offset);
        let mut any = builder.constant_integer(1, builder.integer(1));
        for (extent, stride) in parts.sizes.iter().zip(&parts.strides) {
            let steps = value("llvm.sub", &[*extent, one]);
            let span = value("llvm.mul", &[steps, *stride]);
            let (down, up) = (value("llvm.intr.smin", &[span, zero]), value("llvm.intr.smax", &[span, zero]));
            lowest = value("llvm.add", &[lowest, down]);
            highest = value("llvm.add", &[highest, up]);
            let some = compare(builder, "ne", *extent, zero);
            any = builder.value("arith.andi", &[any, some], builder.integer(1), &[]);
        }
        let items = value("llvm.add", &[value("llvm.sub", &[highest, lowest]), one]);
        let bytes = value("llvm.mul", &[items, item]);
        let bytes = builder.value("arith.select", &[any, bytes, zero], i64, &[]);
        Self { lowest: value("llvm.mul", &[lowest, item]), bytes }
    }

    /// The address of the lowest.
    pub(crate) fn first(&self, builder: &Builder<'c>, parts: &Parts<'c>) -> Val<'c> {
        llvm::item(builder, parts.data, builder.integer(8), self.lowest)
    }
}
