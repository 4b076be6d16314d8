//! The error exit of a function: releases what the frame holds, and returns without results and with status 1.

use crate::hold_owners::SLOT;
use crate::support::llvm;
use crate::support::memref::MemRef;
use crate::support::runtime::Runtime;
use crate::support::storage::stored_type;
use numir_numeric::ir::{Blk, Builder, Op, Ty, Val};

/// Builds the error exit at the end of `function`. Its slots start out empty.
pub(super) fn build<'c>(function: Op<'c>, runtime: &Runtime<'c>, results: &[Ty<'c>]) -> Blk<'c> {
    let block = Blk::new(&[], function.location());
    function.region(0).append(block);
    let builder = Builder::at_end(function.context(), block, function.location());
    for slot in function.collect(|operation| operation.is("llvm.alloca") && operation.remove_attribute(SLOT)) {
        let pointer = slot.result(0);
        let start = Builder::after(slot);
        let null = llvm::zero(&start, start.pointer());
        llvm::store(&start, null, pointer);
        let header = llvm::load(&builder, pointer, builder.pointer());
        runtime.call(&builder, "numir_release", &[header]);
    }
    let mut values: Vec<Val<'c>> = results.iter().map(|ty| nothing(&builder, *ty)).collect();
    values.push(builder.constant_integer(1, builder.integer(32)));
    builder.create("func.return", &values, &[], &[], &[]);
    block
}

/// A value for a result that nobody looks at.
fn nothing<'c>(builder: &Builder<'c>, ty: Ty<'c>) -> Val<'c> {
    // A memref of zeros, unlike any value of its type, has a header that may be released.
    let value = match MemRef::of(ty) {
        Some(shape) => llvm::zero(builder, shape.descriptor(builder)),
        None => llvm::zero(builder, stored_type(builder, ty)),
    };
    llvm::cast(builder, value, ty)
}
