//! `hoist-allocations`: an array that lives within one iteration of a loop is allocated once, before the loop.
//!
//! ```text
//! for i in …: t = alloc(n); …; release t
//!   ↓
//! memory = ask for n items                       null if it cannot be had: nothing raises here
//! for i in …: check memory, "MemoryError"; …     in the place of the allocation, and zeros are written there
//! release memory
//! ```
//! It runs behind `outline-parallel`, where the body of a parallel loop is a function with a loop of its own over the iterations of a
//! chunk: such a loop allocates once per chunk. The array moves out of all loops around it, and of the branches within them,
//! in which its extents do not change. That costs nothing but the memory if the loop runs no iteration: whatever the
//! extents are, the error waits for the place where the program would have met it.
//!
//! An array lives within one iteration if the block that allocates it also releases it, and nothing in between could keep
//! it: no other reference is counted, and it is handed to no one who may hand it on. The slot of the frame from which the
//! error exit would release it (see `hold-owners`) is replaced by one that is filled as long as the loop runs.
//!
//! Cost: one walk over the uses of each array that is allocated in a loop.

mod aliases;

use crate::hold_owners::new_slot;
use crate::support::llvm;
use crate::support::memory::Memory;
use crate::support::memref::MemRef;
use crate::support::runtime::Runtime;
use aliases::Uses;
use melior::ir::attribute::BoolAttribute;
use numir_numeric::ir::{Builder, Val};
use numir_pipeline::properties::{ALLOCATIONS_HOISTED, PARALLEL_OUTLINED};
use numir_pipeline::{Op, Pass, PassContext, PassError, Property, StatisticSpec, register_pass};

/// The pass.
struct HoistAllocations;

register_pass!(HoistAllocations);

impl Pass for HoistAllocations {
    fn name(&self) -> &'static str {
        "hoist-allocations"
    }

    fn summary(&self) -> &'static str {
        "allocate an array that lives within an iteration once, before the loop"
    }

    fn requires(&self) -> &'static [Property] {
        &[PARALLEL_OUTLINED]
    }

    fn establishes(&self) -> &'static [Property] {
        &[ALLOCATIONS_HOISTED]
    }

    fn before(&self) -> &'static [&'static str] {
        &["expand-strided-metadata", "lower-memory"]
    }

    fn statistics(&self) -> &'static [StatisticSpec] {
        const { &[StatisticSpec { name: "arrays", summary: "arrays that are allocated before a loop" }] }
    }

    fn dialects(&self) -> &'static [fn() -> melior::dialect::DialectHandle] {
        use numir_pipeline::dialects::{arith, llvm};
        &[arith, llvm]
    }

    fn run<'c>(&self, module: Op<'c>, context: &PassContext<'c>) -> Result<(), PassError> {
        let (Some(body), Some(runtime)) = (module.body(0), Runtime::of(module)) else { return Ok(()) };
        for function in body.operations().into_iter().filter(|operation| operation.is("func.func")) {
            for allocation in function.collect_named("numeric.alloc") {
                if let Some(plan) = Plan::of(allocation) {
                    context.remark(allocation, || "the array is allocated once, before the loop".to_owned());
                    plan.carry_out(function, &runtime);
                    context.count("arrays", 1);
                } else if allocation.parent().is_some_and(|parent| parent.is("scf.for") || parent.is("scf.while")) {
                    let why = "its extents change there, or it lives on after the iteration";
                    context.missed(allocation, || format!("an array is allocated in every iteration: {why}"));
                }
            }
        }
        Ok(())
    }
}

/// How an array moves.
struct Plan<'c> {
    allocation: Op<'c>,
    shape: MemRef<'c>,
    release: Op<'c>,
    /// Slots that hold the array for the error exit.
    slots: Vec<Op<'c>>,
    /// The loop before which it is allocated.
    around: Op<'c>,
    /// What computes its extents inside of that loop, each after those it depends on.
    extents: Vec<Op<'c>>,
}

impl<'c> Plan<'c> {
    /// None if the array stays where it is.
    fn of(allocation: Op<'c>) -> Option<Self> {
        let shape = MemRef::of(allocation.result(0).ty())?;
        let (around, extents) = destination(allocation)?;
        let Uses { release, slots } = aliases::within_one_block(allocation)?;
        Some(Self { allocation, shape, release, slots, around, extents })
    }

    fn carry_out(self, function: Op<'c>, runtime: &Runtime<'c>) {
        let Self { allocation, shape, release, slots, around, extents } = self;
        let place = allocation.location();
        for operation in extents {
            operation.move_before(around);
        }
        let before = Builder::before(around).with_location(place);
        let memory = Memory::ask(&before, runtime, &shape, &allocation.operands(), false);
        let array = memory.array(&before, &shape);
        if let Some(entry) = function.body(0) {
            slots.into_iter().for_each(forget);
            let slot = new_slot(&Builder::at_start(function.context(), entry, place));
            llvm::store(&before, memory.header, slot);
            let after = Builder::after(around).with_location(release.location());
            let null = llvm::zero(&after, after.pointer());
            llvm::store(&after, null, slot);
            after.create("numeric.release", &[array], &[], &[], &[]);
        }
        let inside = Builder::before(allocation);
        memory.check(&inside, allocation, &shape);
        if allocation.integer_attribute("zero").is_some_and(|zero| zero != 0) {
            clear(&inside, &memory);
        }
        release.erase();
        allocation.replace(&[array]);
    }
}

/// The outermost loop that does not change the extents of an array, and what computes them inside of it.
fn destination(allocation: Op<'_>) -> Option<(Op<'_>, Vec<Op<'_>>)> {
    let mut found = None;
    let mut at = allocation.parent();
    while let Some(around) = at {
        match around.name() {
            "scf.if" => {}
            "scf.for" | "scf.while" => match movable(around, &allocation.operands()) {
                Some(extents) => found = Some((around, extents)),
                None => break,
            },
            _ => break,
        }
        at = around.parent();
    }
    found
}

/// The operations inside of `around` that `values` depend on, if they can be computed before it.
fn movable<'c>(around: Op<'c>, values: &[Val<'c>]) -> Option<Vec<Op<'c>>> {
    let mut found = Vec::new();
    for value in values {
        depend(around, *value, &mut found)?;
    }
    Some(found)
}

fn depend<'c>(around: Op<'c>, value: Val<'c>, found: &mut Vec<Op<'c>>) -> Option<()> {
    /// Operations that neither raise, trap nor look at memory that changes.
    const PURE: [&str; 16] = [
        "arith.addi",
        "arith.cmpi",
        "arith.constant",
        "arith.extsi",
        "arith.extui",
        "arith.index_cast",
        "arith.maxsi",
        "arith.minsi",
        "arith.muli",
        "arith.select",
        "arith.subi",
        "arith.trunci",
        "builtin.unrealized_conversion_cast",
        "llvm.extractvalue",
        "llvm.mlir.constant",
        "memref.dim",
    ];
    let inside = value.parent_block().and_then(|block| block.parent()).is_some_and(|parent| parent.is_inside(around));
    if !inside {
        return Some(());
    }
    let definition = value.definition().filter(|definition| PURE.contains(&definition.name()))?;
    if found.contains(&definition) {
        return Some(());
    }
    definition.operands().into_iter().try_for_each(|operand| depend(around, operand, found))?;
    found.push(definition);
    Some(())
}

/// Drops a slot and what is written to it.
fn forget(slot: Op<'_>) {
    for (user, _) in slot.result(0).uses() {
        user.erase();
    }
    slot.erase();
}

/// Writes zeros to all items: the zero of every type is made of zero bytes.
fn clear<'c>(builder: &Builder<'c>, memory: &Memory<'c>) {
    let zero = llvm::constant(builder, 0, builder.integer(8));
    let attributes = [("isVolatile", BoolAttribute::new(builder.context(), false).into())];
    let operands = [memory.data(builder), zero, memory.bytes];
    builder.create("llvm.intr.memset", &operands, &[], &attributes, &[]);
}
