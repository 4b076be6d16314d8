//! `lower-strided-access`: elements of arrays whose strides are known at run time only are read and written by address.
//! MLIR's own lowering promises LLVM that no part of the address arithmetic wraps around as an unsigned number, which a
//! negative stride does. Their strides and offsets are read from the descriptor: MLIR's `extract_strided_metadata` folds behind the
//! back of the conversion to llvm, which then fails.

use crate::support::llvm;
use crate::support::memref::{self, MemRef, Parts};
use crate::support::storage;
use numir_numeric::ir::Builder;
use numir_pipeline::properties::NO_SCF;
use numir_pipeline::{Op, Pass, PassContext, PassError, Property, register_pass};

/// No memref of run-time strides is read or written.
pub(crate) const STRIDED_ACCESS_LOWERED: Property = Property::exclusive("strided-access-lowered");

/// The pass.
struct LowerStridedAccess;

register_pass!(LowerStridedAccess);

impl Pass for LowerStridedAccess {
    fn name(&self) -> &'static str {
        "lower-strided-access"
    }

    fn summary(&self) -> &'static str {
        "read and write arrays of run-time strides by address, as strides may be negative"
    }

    fn requires(&self) -> &'static [Property] {
        &[NO_SCF]
    }

    fn establishes(&self) -> &'static [Property] {
        &[STRIDED_ACCESS_LOWERED]
    }

    fn dialects(&self) -> &'static [fn() -> melior::dialect::DialectHandle] {
        use numir_pipeline::dialects::{arith, llvm};
        &[arith, llvm]
    }

    fn run<'c>(&self, module: Op<'c>, _: &PassContext<'c>) -> Result<(), PassError> {
        // Kernels too, which are in a module of their own.
        module.walk(&mut |operation| match operation.name() {
            "memref.load" => access(operation, 0),
            "memref.store" => access(operation, 1),
            "memref.extract_strided_metadata" => metadata(operation),
            _ => {}
        });
        Ok(())
    }
}

/// Takes the parts of an array from its descriptor.
fn metadata(operation: Op<'_>) {
    let builder = Builder::before(operation);
    let array = operation.operand(0);
    let (Some(shape), Some(base)) = (MemRef::of(array.ty()), MemRef::of(operation.result(0).ty())) else { return };
    let Parts { header, data, offset, sizes, strides } = memref::parts(&builder, &shape, array);
    let zero = llvm::constant(&builder, 0, builder.integer(64));
    let base = memref::assemble(
        &builder,
        &base,
        &Parts { header, data, offset: zero, sizes: Vec::new(), strides: Vec::new() },
    );
    let numbers = std::iter::once(offset).chain(sizes).chain(strides);
    let numbers = numbers.map(|number| llvm::cast(&builder, number, builder.index()));
    let values: Vec<_> = std::iter::once(base).chain(numbers).collect();
    operation.replace(&values);
}

/// Rewrites an access whose operand `array` is the memref.
fn access(operation: Op<'_>, array: usize) {
    let Some(shape) = MemRef::of(operation.operand(array).ty()).filter(|shape| !shape.identity) else { return };
    let builder = Builder::before(operation);
    let operands = operation.operands();
    let address = memref::address(&builder, &shape, operands[array], &operands[array + 1..]);
    if array == 0 {
        operation.replace(&[storage::load(&builder, address, shape.element)]);
    } else {
        storage::store(&builder, operands[0], address);
        operation.erase();
    }
}
