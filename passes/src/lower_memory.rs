//! `lower-memory`: arrays are allocated, retained and released by the runtime. The allocated pointer of a memref is the
//! header of its owner; the data of a new array lies directly behind it.

use crate::support::memory::Memory;
use crate::support::memref::{self, MemRef};
use crate::support::runtime::Runtime;
use numir_numeric::ir::Builder;
use numir_pipeline::properties::PARALLEL_OUTLINED;
use numir_pipeline::{Op, Pass, PassContext, PassError, Property, register_pass};

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
        &[PARALLEL_OUTLINED]
    }

    fn establishes(&self) -> &'static [Property] {
        &[MEMORY_LOWERED]
    }

    /// Its arithmetic folds there.
    fn before(&self) -> &'static [&'static str] {
        &["expand-strided-metadata"]
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
    let zero = operation.integer_attribute("zero").is_some_and(|zero| zero != 0);
    let memory = Memory::ask(&builder, runtime, &shape, &operation.operands(), zero);
    memory.check(&builder, operation, &shape);
    operation.replace(&[memory.array(&builder, &shape)]);
    Some(())
}
