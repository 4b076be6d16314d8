//! `lower-memory`: arrays are allocated, retained and released by the runtime. The allocated pointer of a memref is the
//! header of its owner; the data of a new array lies directly behind it.

use crate::support::llvm;
use crate::support::memref::{self, MemRef, Parts};
use crate::support::runtime::Runtime;
use crate::support::scalars::OPERAND_TYPES;
use crate::support::storage::item_bytes;
use numir_numeric::ir::{Builder, Val};
use numir_pipeline::properties::{PARALLEL_OUTLINED, STAGE_SCF};
use numir_pipeline::{Op, Pass, PassContext, PassError, Property, register_pass};
use numir_runtime::memory::HEADER_BYTES;

/// Arrays come from the runtime and go back to it.
pub(crate) const MEMORY_LOWERED: Property = Property::exclusive("memory-lowered");

/// The pass.
struct LowerMemory;

register_pass!(LowerMemory);

impl Pass for LowerMemory {
    fn name(&self) -> &'static str {
        "lower-memory"
    }

    fn summary(&self) -> &'static str {
        "turn the allocation, retaining and releasing of arrays into calls of the runtime"
    }

    fn requires(&self) -> &'static [Property] {
        &[STAGE_SCF, PARALLEL_OUTLINED]
    }

    fn establishes(&self) -> &'static [Property] {
        &[MEMORY_LOWERED]
    }

    fn dialects(&self) -> &'static [fn() -> melior::dialect::DialectHandle] {
        use numir_pipeline::dialects::{arith, llvm};
        &[arith, llvm]
    }

    fn run<'c>(&self, module: Op<'c>, _: &PassContext<'c>) -> Result<(), PassError> {
        let Some(runtime) = Runtime::of(module) else { return Ok(()) };
        for operation in module.collect(|operation| rewrite_of(operation).is_some()) {
            if let Some(rewrite) = rewrite_of(operation) {
                rewrite(operation, &runtime)
                    .ok_or_else(|| PassError::compiler(operation.location(), "this is no array of a known layout"))?;
            }
        }
        Ok(())
    }
}

type Rewrite = for<'c> fn(Op<'c>, &Runtime<'c>) -> Option<()>;

fn rewrite_of(operation: Op<'_>) -> Option<Rewrite> {
    const REWRITES: [(&str, Rewrite); 3] =
        [("numeric.alloc", allocate), ("numeric.retain", retain), ("numeric.release", release)];
    REWRITES.iter().find(|(name, _)| operation.is(name)).map(|(_, rewrite)| *rewrite)
}

fn retain<'c>(operation: Op<'c>, runtime: &Runtime<'c>) -> Option<()> {
    count(operation, runtime, "numir_retain")
}

fn release<'c>(operation: Op<'c>, runtime: &Runtime<'c>) -> Option<()> {
    count(operation, runtime, "numir_release")
}

fn count<'c>(operation: Op<'c>, runtime: &Runtime<'c>, function: &str) -> Option<()> {
    let builder = Builder::before(operation);
    let array = operation.operand(0);
    let header = memref::header(&builder, &MemRef::of(array.ty())?, array);
    runtime.call(&builder, function, &[header]);
    operation.erase();
    Some(())
}

fn allocate<'c>(operation: Op<'c>, runtime: &Runtime<'c>) -> Option<()> {
    let builder = Builder::before(operation);
    let shape = MemRef::of(operation.result(0).ty())?;
    let i64 = builder.integer(64);
    let sizes: Vec<_> = operation.operands().into_iter().map(|extent| llvm::cast(&builder, extent, i64)).collect();
    let bytes = total_bytes(&builder, item_bytes(shape.element), &sizes);
    let zero = operation.integer_attribute("zero").is_some_and(|zero| zero != 0);
    let zero = llvm::constant(&builder, zero.into(), builder.integer(32));
    let header = runtime.value(&builder, "numir_alloc", &[bytes, zero]);

    let null = llvm::zero(&builder, builder.pointer());
    let predicate = [("predicate", builder.i64_attribute(1))];
    let got = builder.value("llvm.icmp", &[header, null], builder.integer(1), &predicate);
    let attributes = [
        ("kind", builder.string("MemoryError")),
        ("message", builder.string("unable to allocate {} bytes")),
        (OPERAND_TYPES, builder.array(&[builder.string("index")])),
    ];
    let shown = llvm::cast(&builder, bytes, builder.index());
    builder.create("numeric.check", &[got, shown], &[], &attributes, &[]);

    let data = llvm::field(&builder, header, builder.integer(8), &[HEADER_BYTES as i32]);
    let offset = llvm::constant(&builder, 0, i64);
    // What is not row by row is column by column: there are no other new arrays.
    let strides = match shape.identity {
        true => memref::row_major(&builder, &sizes),
        false => {
            let reversed: Vec<_> = sizes.iter().rev().copied().collect();
            memref::row_major(&builder, &reversed).into_iter().rev().collect()
        }
    };
    let array = memref::assemble(&builder, &shape, &Parts { header, data, offset, sizes, strides });
    operation.replace(&[array]);
    Some(())
}

/// The size of an array in bytes, or the largest number, which cannot be had, if it is larger than that.
fn total_bytes<'c>(builder: &Builder<'c>, item: i64, sizes: &[Val<'c>]) -> Val<'c> {
    let (bool, i64) = (builder.integer(1), builder.integer(64));
    let pair = llvm::struct_type(builder, &[i64, bool]);
    let mut bytes = llvm::constant(builder, item, i64);
    let mut overflowed: Option<Val<'c>> = None;
    for size in sizes {
        let product = llvm::intrinsic(builder, "llvm.smul.with.overflow.i64", &[bytes, *size], pair);
        bytes = llvm::extract(builder, product, i64, &[0]);
        let over = llvm::extract(builder, product, bool, &[1]);
        overflowed = Some(overflowed.map_or(over, |before| builder.value("arith.ori", &[before, over], bool, &[])));
    }
    match overflowed {
        None => bytes,
        Some(overflowed) => {
            let impossible = llvm::constant(builder, i64::MAX, i64);
            builder.value("arith.select", &[overflowed, impossible, bytes], i64, &[])
        }
    }
}
