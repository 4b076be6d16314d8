//! `simulate-threads`: what the threads of a kernel do together becomes calls of the simulator, and arrays of a block's or a thread's memory
//! become such. In kernels that the program writes itself every access to memory is checked before: the simulator tells races, and
//! places outside of the device's memory, at the line of the program.
//!
//! ```text
//! numeric.barrier "block"                 call numir_sim_barrier(thread, 0, 0, site)
//! %x = memref.load %a[%i]           →     check numir_sim_access(thread, address of %a[%i], 8, read, site) == 0
//!                                         %x = memref.load %a[%i]
//! ```
//! Which thread it is stands in for as the address of `@numir.thread`; `simulate-kernels` hands it down. Kernels that are made of loops are not
//! checked: their indices have been.

mod accesses;
mod memory;
mod tiles;
mod together;

use crate::map_to_gpu::WRITTEN;
use crate::outline_kernels::KERNELS;
use crate::support::llvm;
use crate::support::runtime::{Runtime, symbol};
use crate::support::shared_arrays::{SharedArrays, below};
use crate::support::sites::{Sites, frames};
use numir_numeric::ir::{Blk, Builder, Op, Reg, Val};
use numir_pipeline::properties::{KERNELS_OUTLINED, STAGE_GPU, THREADS_SIMULATED};
use numir_pipeline::{Pass, PassContext, PassError, Property, register_pass};
use std::collections::HashMap;

/// The symbol whose address stands for the thread.
pub(crate) const THREAD: &str = "numir.thread";

/// On a kernel: bytes of the arrays of known extents that a block shares.
pub(crate) const SHARED_BYTES: &str = "numir.shared_bytes";

/// The pass.
struct SimulateThreads;

register_pass!(SimulateThreads);

impl Pass for SimulateThreads {
    fn name(&self) -> &'static str {
        "simulate-threads"
    }

    fn summary(&self) -> &'static str {
        "turn what threads do together into calls of the simulator, and have it check their accesses"
    }

    fn requires(&self) -> &'static [Property] {
        &[KERNELS_OUTLINED]
    }

    fn invalidates(&self) -> &'static [Property] {
        &[STAGE_GPU]
    }

    fn before(&self) -> &'static [&'static str] {
        &["lower-atomics", "lower-strided-access", "expand-strided-metadata", "convert-scf-to-cf", "lower-errors"]
    }

    fn establishes(&self) -> &'static [Property] {
        &[THREADS_SIMULATED]
    }

    fn dialects(&self) -> &'static [fn() -> melior::dialect::DialectHandle] {
        use numir_pipeline::dialects::{arith, llvm};
        &[arith, llvm, numir_numeric::handle]
    }

    fn run<'c>(&self, module: Op<'c>, _: &PassContext<'c>) -> Result<(), PassError> {
        let Some(kernels) = module.body(0).and_then(|body| symbol(body, KERNELS)) else { return Ok(()) };
        let (Some(body), Some(runtime), Some(sites)) =
            (kernels.body(0), Runtime::of(kernels), Sites::of(kernels, "numir.place"))
        else {
            return Ok(());
        };
        let mut simulation = Simulation { runtime, sites, python_name: String::new() };
        let shared = SharedArrays::of(body)?;
        let functions: HashMap<_, _> = body
            .operations()
            .into_iter()
            .filter_map(|function| Some((function.string_attribute("sym_name")?, function)))
            .collect();
        let mut checked = Vec::new();
        for kernel in body.operations().into_iter().filter(|operation| operation.is("gpu.func")) {
            if kernel.attribute(WRITTEN).is_some() {
                checked.extend(below(kernel, &functions));
            }
            let bytes = shared.total(&kernel.string_attribute("sym_name").unwrap_or_default());
            if bytes > 0 {
                kernel.set_attribute(SHARED_BYTES, Builder::before(kernel).i64_attribute(bytes));
            }
        }
        for function in body.operations().into_iter().filter(|operation| operation.is("func.func")) {
            simulation.enter(function);
            if checked.contains(&function) {
                accesses::check(function, &mut simulation)?;
            }
            memory::place(function, &shared, &simulation)?;
            together::simulate(function, &mut simulation)?;
            tiles::simulate(function, &mut simulation)?;
        }
        declare_thread(kernels, body);
        Ok(())
    }
}

/// What the parts of the pass share.
struct Simulation<'c> {
    runtime: Runtime<'c>,
    sites: Sites<'c>,
    /// The name of the function that is looked at.
    python_name: String,
}

impl<'c> Simulation<'c> {
    fn enter(&mut self, function: Op<'c>) {
        let names = ["numeric.python_name", "sym_name"];
        let name = names.into_iter().find_map(|name| function.string_attribute(name));
        self.python_name = name.unwrap_or_default();
    }

    /// The thread that is running.
    fn thread(&self, builder: &Builder<'c>) -> Val<'c> {
        llvm::address_of(builder, THREAD)
    }

    /// Where an operation stands in the program.
    fn site(&mut self, operation: Op<'c>) -> Val<'c> {
        let frames = frames(operation.location(), &self.python_name);
        self.sites.address(&Builder::before(operation), "", "", &frames[0])
    }
}

/// Declares what stands for the thread, if there is anything that asks for it.
fn declare_thread<'c>(kernels: Op<'c>, body: Blk<'c>) {
    let asks = |operation: Op<'c>| {
        operation.is("llvm.mlir.addressof") && operation.string_attribute("global_name").as_deref() == Some(THREAD)
    };
    if kernels.collect(asks).is_empty() {
        return;
    }
    let builder = Builder::at_end(kernels.context(), body, kernels.location());
    let external = melior::dialect::llvm::attributes::Linkage::External;
    let attributes = [
        ("sym_name", builder.string(THREAD)),
        ("global_type", builder.type_attribute(builder.integer(8))),
        ("linkage", melior::dialect::llvm::attributes::linkage(builder.context(), external)),
    ];
    builder.create("llvm.mlir.global", &[], &[], &attributes, &[Reg::new()]);
}
