//! Copies of blocks.

use numir_numeric::ir::{Blk, Builder, Val};
use std::collections::HashMap;

/// Copies the operations of `block` to where `builder` stands, with its arguments replaced by `arguments` and the builder's
/// location, and returns what its terminator's operands have become.
pub(crate) fn copy_block<'c>(builder: Builder<'c>, block: Blk<'c>, arguments: &[Val<'c>]) -> Vec<Val<'c>> {
    let mut replaced: HashMap<Val<'c>, Val<'c>> =
        block.arguments().into_iter().zip(arguments.iter().copied()).collect();
    let Some(terminator) = block.terminator() else { return Vec::new() };
    for original in block.operations().into_iter().filter(|operation| *operation != terminator) {
        let copy = original.duplicate();
        builder.insert(copy);
        copy.walk(&mut |inner| {
            inner.set_location(builder.location());
            for (index, operand) in inner.operands().into_iter().enumerate() {
                if let Some(new) = replaced.get(&operand) {
                    inner.set_operand(index, *new);
                }
            }
        });
        replaced.extend(original.results().into_iter().zip(copy.results()));
    }
    terminator.operands().into_iter().map(|value| replaced.get(&value).copied().unwrap_or(value)).collect()
}
