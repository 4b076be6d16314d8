//! Kernels between host and device: an array travels as the parts that its type does not know, without its header, which nobody on the device
//! looks at; all else travels as it lies in memory.

use super::llvm;
use super::memref::{self, MemRef, Parts};
use super::storage::stored_type;
use numir_numeric::ir::{Blk, Builder, Op, Ty, Val};

/// The values that a launch hands over for an argument; of an array, `parts` are those on the device.
pub(crate) fn flat_array<'c>(shape: &MemRef<'c>, parts: &Parts<'c>) -> Vec<Val<'c>> {
    memref::unknown(shape, parts).split_off(1)
}

/// The types of what is handed over for arguments of these types.
pub(crate) fn flat_types<'c>(builder: &Builder<'c>, types: &[Ty<'c>]) -> Vec<Ty<'c>> {
    let mut flat = Vec::new();
    for ty in types {
        match MemRef::of(*ty) {
            Some(shape) => {
                flat.push(builder.pointer());
                let strides = if shape.identity { &[][..] } else { &shape.strides };
                let numbers = std::iter::once(&shape.offset).chain(&shape.sizes).chain(strides);
                flat.extend(numbers.filter(|number| number.is_none()).map(|_| builder.integer(64)));
            }
            None => flat.push(stored_type(builder, *ty)),
        }
    }
    flat
}

/// The arguments of these types, from what has been handed over in this order.
pub(crate) fn from_flat<'c>(
    builder: &Builder<'c>,
    types: &[Ty<'c>],
    flat: impl IntoIterator<Item = Val<'c>>,
) -> Vec<Val<'c>> {
    let mut flat = flat.into_iter();
    let mut next = || flat.next().unwrap_or_else(|| unreachable!("a launch hands over what the kernel takes"));
    let argument = |ty: &Ty<'c>| match MemRef::of(*ty) {
        Some(shape) => {
            let mut header = Some(llvm::zero(builder, builder.pointer()));
            memref::from_unknown(builder, &shape, |_| header.take().unwrap_or_else(&mut next))
        }
        None => llvm::cast(builder, next(), *ty),
    };
    types.iter().map(argument).collect()
}

/// The registers of the hardware: operation, axis, and the place among the words that the simulator has of a thread.
const REGISTERS: [(&str, i32); 4] =
    [("gpu.thread_id", 0), ("gpu.block_id", 3), ("gpu.block_dim", 6), ("gpu.grid_dim", 9)];

/// The place of a register among the first words of a simulated thread, if an operation reads one: that of its group, and its axis.
pub(crate) fn register(operation: Op<'_>) -> Option<(i32, usize)> {
    let (_, group) = REGISTERS.iter().find(|(name, _)| operation.is(name))?;
    let text = operation.attribute("dimension")?.to_string();
    let axis = ["x", "y", "z"].iter().position(|axis| text.contains(&format!("dim {axis}")))?;
    Some((*group, axis))
}

/// Moves the operations of a block to the end of another.
pub(crate) fn move_operations<'c>(from: Blk<'c>, to: Blk<'c>) {
    for operation in from.operations() {
        operation.detach();
        to.append(operation);
    }
}
