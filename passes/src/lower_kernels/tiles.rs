//! Matrices of a warp read from shared memory, and copies to it that go on while threads compute, as NVVM's intrinsics.

use crate::support::llvm;
use crate::support::memref::{self, MemRef};
use melior::dialect::llvm::r#type::pointer;
use numir_numeric::ir::{Builder, Op, Val};
use numir_pipeline::PassError;

/// The numbers of the address spaces.
const GLOBAL: u32 = 1;
const SHARED: u32 = 3;

/// Puts something in the place of an operation.
type Lowering = fn(Op<'_>) -> Option<()>;

/// Operations that are lowered here, with what does it.
const LOWERINGS: [(&str, Lowering); 3] =
    [("numeric.load_matrix", load_matrix), ("numeric.copy_async", copy), ("numeric.await_copies", wait)];

fn lowering(operation: Op<'_>) -> Option<Lowering> {
    LOWERINGS.iter().find(|(name, _)| operation.is(name)).map(|(_, lowering)| *lowering)
}

/// Whether an operation is one of those that are lowered here.
pub(super) fn is_of_tiles(operation: Op<'_>) -> bool {
    lowering(operation).is_some()
}

/// Puts intrinsics in the place of an operation.
pub(super) fn lower(operation: Op<'_>) -> Result<(), PassError> {
    lowering(operation).and_then(|lowering| lowering(operation)).ok_or_else(|| {
        let text = format!("nothing is known of the types of `{}`", operation.name());
        PassError::compiler(operation.location(), text)
    })
}

/// The address of an item, in an address space.
fn address<'c>(builder: &Builder<'c>, array: Val<'c>, indices: &[Val<'c>], space: u32) -> Option<Val<'c>> {
    let shape = MemRef::of(array.ty())?;
    let address = memref::address(builder, &shape, array, indices);
    Some(builder.value("llvm.addrspacecast", &[address], pointer(builder.context(), space), &[]))
}

fn load_matrix(operation: Op<'_>) -> Option<()> {
    let builder = Builder::before(operation);
    let operands = operation.operands();
    let address = address(&builder, operands[0], &operands[1..], SHARED)?;
    let word = builder.integer(32);
    let form = if operation.attribute("transposed").is_some() { "x4.trans" } else { "x4" };
    let name = format!("llvm.nvvm.ldmatrix.sync.aligned.m8n8.{form}.b16");
    let told = llvm::intrinsic(&builder, &name, &[address], llvm::struct_type(&builder, &[word; 4]));
    let words: Vec<_> = (0..4).map(|place| llvm::extract(&builder, told, word, &[place])).collect();
    operation.replace(&words);
    Some(())
}

fn copy(operation: Op<'_>) -> Option<()> {
    let builder = Builder::before(operation);
    let operands = operation.operands();
    let (bytes, indices) = operands[2..].split_last()?;
    let (to_indices, from_indices) = indices.split_at_checked(MemRef::of(operands[0].ty())?.rank())?;
    let to = address(&builder, operands[0], to_indices, SHARED)?;
    let from = address(&builder, operands[1], from_indices, GLOBAL)?;
    let bytes = builder.value("arith.index_cast", &[*bytes], builder.integer(32), &[]);
    llvm::effect(&builder, "llvm.nvvm.cp.async.cg.shared.global.16.s", &[to, from, bytes]);
    operation.erase();
    Some(())
}

fn wait(operation: Op<'_>) -> Option<()> {
    let builder = Builder::before(operation);
    let pending = llvm::constant(&builder, operation.integer_attribute("pending")?, builder.integer(32));
    llvm::effect(&builder, "llvm.nvvm.cp.async.commit.group", &[]);
    llvm::effect(&builder, "llvm.nvvm.cp.async.wait.group", &[pending]);
    operation.erase();
    Some(())
}
