//! Launches as they are made above stage `gpu`: a row of blocks, in which each thread has a number.

use super::llvm;
use melior::ir::Attribute;
use melior::ir::attribute::{BoolAttribute, TypeAttribute};
use numir_numeric::ir::{Blk, Builder, Reg, Ty, Val};

/// Threads of a block: enough to hide the memory's latency, few enough that several blocks fit on a multiprocessor.
pub(crate) const BLOCK: i64 = 256;

/// How many operands a launch has of each kind: dependencies, the grid, the block, the cluster, the bytes of shared memory.
const SEGMENTS: [i32; 11] = [0, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0];

/// A launch of at least that many threads; `body` gets the number of the thread, which may lie behind the last that is wanted. Who makes one
/// sees to it that the gpu dialect is loaded.
pub(crate) fn launch<'c, R>(
    builder: &Builder<'c>,
    threads: Val<'c>,
    body: impl FnOnce(&Builder<'c>, Val<'c>) -> R,
) -> R {
    let index = builder.index();
    let [one, block] = [1, BLOCK].map(|number| builder.constant_index(number));
    let blocks = builder.value("arith.ceildivui", &[threads, block], index, &[]);
    // The numbers of block and thread, the extents of grid and block, three axes each.
    let region = Blk::new(&[index; 12], builder.location());
    let inside = builder.into_block(region);
    let first = inside.value("arith.muli", &[region.argument(0), block], index, &[]);
    let thread = inside.value("arith.addi", &[first, region.argument(3)], index, &[]);
    let result = body(&inside, thread);
    inside.create("gpu.terminator", &[], &[], &[], &[]);
    let segments = [("operandSegmentSizes", llvm::i32_array(builder, &SEGMENTS))];
    let geometry = [blocks, one, one, block, one, one];
    builder.create("gpu.launch", &geometry, &[], &segments, &[Reg::with_block(region)]);
    result
}

/// An array of so many numbers, in which threads leave what they have come to.
pub(crate) fn room<'c>(builder: &Builder<'c>, count: Val<'c>, ty: Ty<'c>) -> Val<'c> {
    let memref = Attribute::parse(builder.context(), &format!("memref<?x{ty}>"));
    let memref = memref.and_then(|ty| TypeAttribute::try_from(ty).ok()).map(|ty| ty.value());
    let memref = memref.unwrap_or_else(|| unreachable!("a number has a memref"));
    let zero = BoolAttribute::new(builder.context(), false).into();
    builder.value("numeric.alloc", &[count], memref, &[("zero", zero)])
}
