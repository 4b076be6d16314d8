//! Launches as they are made above stage `gpu`: a row of blocks, in which each thread has a number, or a grid as the program wants it.

use super::llvm;
use melior::ir::Attribute;
use melior::ir::attribute::{BoolAttribute, DenseI32ArrayAttribute, TypeAttribute};
use numir_numeric::ir::{Blk, Builder, Op, Reg, Ty, Val};

/// Threads of a block: enough to hide the memory's latency, few enough that several blocks fit on a multiprocessor.
pub(crate) const BLOCK: i64 = 256;

/// Where among the numbers of operands of each kind that of the bytes of shared memory stands: behind dependencies, grid, block and cluster.
const SHARED: usize = 10;

/// How many operands a launch has of each kind.
pub(crate) fn segments(shared: Option<Val<'_>>) -> [i32; SHARED + 1] {
    let mut segments = [0, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0];
    segments[SHARED] = i32::from(shared.is_some());
    segments
}

/// The bytes of shared memory that a launch, of a body or of a kernel, sizes; None if there are none.
pub(crate) fn shared_bytes(launch: Op<'_>) -> Option<Val<'_>> {
    let segments = launch.attribute("operandSegmentSizes");
    let segments = segments.and_then(|segments| DenseI32ArrayAttribute::try_from(segments).ok())?;
    (segments.element(SHARED).ok()? > 0).then(|| launch.operand(6))
}

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
    let (_, result) = launch_grid(builder, [blocks, one, one, block, one, one], None, |inside, region| {
        let first = inside.value("arith.muli", &[region.argument(0), block], index, &[]);
        let thread = inside.value("arith.addi", &[first, region.argument(3)], index, &[]);
        body(inside, thread)
    });
    result
}

/// A launch of such a grid of such blocks, whose shared memory (i32) is sized here. `body` gets the block that holds what a thread does: its
/// arguments are the numbers of block and thread, the extents of grid and block, three axes each.
pub(crate) fn launch_grid<'c, R>(
    builder: &Builder<'c>,
    geometry: [Val<'c>; 6],
    shared: Option<Val<'c>>,
    body: impl FnOnce(&Builder<'c>, Blk<'c>) -> R,
) -> (Op<'c>, R) {
    let region = Blk::new(&[builder.index(); 12], builder.location());
    let inside = builder.into_block(region);
    let result = body(&inside, region);
    inside.create("gpu.terminator", &[], &[], &[], &[]);
    let segments = [("operandSegmentSizes", llvm::i32_array(builder, &segments(shared)))];
    let operands: Vec<_> = geometry.into_iter().chain(shared).collect();
    (builder.create("gpu.launch", &operands, &[], &segments, &[Reg::with_block(region)]), result)
}

/// An array of so many numbers, in which threads leave what they have come to.
pub(crate) fn room<'c>(builder: &Builder<'c>, count: Val<'c>, ty: Ty<'c>) -> Val<'c> {
    let memref = Attribute::parse(builder.context(), &format!("memref<?x{ty}>"));
    let memref = memref.and_then(|ty| TypeAttribute::try_from(ty).ok()).map(|ty| ty.value());
    let memref = memref.unwrap_or_else(|| unreachable!("a number has a memref"));
    let zero = BoolAttribute::new(builder.context(), false).into();
    builder.value("numeric.alloc", &[count], memref, &[("zero", zero)])
}
