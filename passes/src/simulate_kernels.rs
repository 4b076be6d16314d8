//! `simulate-kernels`: kernels as functions of the host, which the runtime's simulator calls for each thread: `(thread, arguments)`.
//!
//! ```text
//! gpu.func @f_kernel0(%x : memref<?xf64>) kernel { %b = gpu.block_id x … }
//!   ↓
//! llvm.func @f_kernel0.simulated(%thread : !llvm.ptr, %arguments : !llvm.ptr) { %b = the fourth word of %thread … }
//! ```
//! The other functions of the device come to the host under names of their own. A thread whose status is not 0 has made an error
//! pending, which the simulator takes.

mod threads;

use crate::lower_launches::{ENTRY, SHARED, tell, tell_number};
use crate::outline_kernels::KERNELS;
use crate::simulate_threads::{SHARED_BYTES, THREAD};
use crate::support::kernels::{flat_types, from_flat, move_operations};
use crate::support::llvm;
use crate::support::runtime::{Runtime, symbol};
use crate::support::scalars::compare;
use numir_numeric::ir::{Blk, Builder, Op, Reg};
use numir_pipeline::properties::{
    ATOMICS_LOWERED, ERRORS_LOWERED, KERNELS_SIMULATED, LAUNCHES_LOWERED, THREADS_SIMULATED,
};
use numir_pipeline::{Pass, PassContext, PassError, Property, register_pass};
use std::collections::{HashMap, HashSet};

/// Before the name of a function of the device.
const PREFIX: &str = "device.";

/// Attributes that name a symbol.
const REFERENCES: [&str; 3] = ["callee", "global_name", "value"];

/// The pass.
struct SimulateKernels;

register_pass!(SimulateKernels);

impl Pass for SimulateKernels {
    fn name(&self) -> &'static str {
        "simulate-kernels"
    }

    fn summary(&self) -> &'static str {
        "turn kernels into functions of the host, which the simulator calls for each thread"
    }

    fn requires(&self) -> &'static [Property] {
        &[LAUNCHES_LOWERED, ERRORS_LOWERED, ATOMICS_LOWERED, THREADS_SIMULATED]
    }

    fn before(&self) -> &'static [&'static str] {
        &["export-entries", "convert-to-llvm"]
    }

    fn establishes(&self) -> &'static [Property] {
        &[KERNELS_SIMULATED]
    }

    fn dialects(&self) -> &'static [fn() -> melior::dialect::DialectHandle] {
        use numir_pipeline::dialects::{arith, cf, llvm};
        &[arith, cf, llvm]
    }

    fn run<'c>(&self, module: Op<'c>, _: &PassContext<'c>) -> Result<(), PassError> {
        let (Some(body), Some(runtime)) = (module.body(0), Runtime::of(module)) else { return Ok(()) };
        let Some(kernels) = symbol(body, KERNELS) else { return Ok(()) };
        let Some(inside) = kernels.body(0) else { return Ok(()) };
        rename(kernels, inside);
        // What stands for the thread is replaced.
        if let Some(stand_in) = symbol(inside, THREAD) {
            stand_in.erase();
        }
        let needing = threads::hand_down(inside, &runtime)?;
        for operation in inside.operations() {
            if operation.is("gpu.func") {
                simulate(operation, body, &needing, &runtime)?;
                continue;
            }
            operation.detach();
            let known = operation.string_attribute("sym_name").is_some_and(|name| symbol(body, &name).is_some());
            if known { operation.erase() } else { body.append(operation) }
        }
        kernels.erase();
        Ok(())
    }
}

/// Gives what the device has names of its own, all but the runtime's functions, which are the host's too.
fn rename<'c>(kernels: Op<'c>, body: Blk<'c>) {
    // The C library's mathematics is the host's too.
    let is_own = |operation: &Op<'c>| match operation.name() {
        "func.func" => operation.body(0).is_some(),
        name => name == "llvm.mlir.global" && operation.string_attribute("sym_name").is_none_or(|name| name != THREAD),
    };
    let mut names = HashMap::new();
    for operation in body.operations().into_iter().filter(is_own) {
        if let Some(name) = operation.string_attribute("sym_name") {
            let own = format!("{PREFIX}{name}");
            operation.set_attribute("sym_name", Builder::before(operation).string(&own));
            names.insert(name, own);
        }
    }
    kernels.walk(&mut |operation| {
        for attribute in REFERENCES {
            let own = operation.string_attribute(attribute).and_then(|name| names.get(&name));
            if let Some(own) = own.filter(|_| !operation.is("llvm.mlir.global")) {
                operation.set_attribute(attribute, Builder::before(operation).symbol(own));
            }
        }
    });
}

/// Makes a function of the host of a kernel, and tells the runtime.
fn simulate<'c>(
    kernel: Op<'c>,
    host: Blk<'c>,
    needing: &HashSet<String>,
    runtime: &Runtime<'c>,
) -> Result<(), PassError> {
    let broken = |what| PassError::compiler(kernel.location(), what);
    let block = kernel.body(0).ok_or_else(|| broken("the kernel has no body"))?;
    let name = kernel.string_attribute("sym_name").ok_or_else(|| broken("the kernel has no name"))?;
    let outer = Builder::at_end(kernel.context(), host, kernel.location());
    let pointer = outer.pointer();
    let body = Blk::new(&[pointer, pointer], kernel.location());
    let inside = outer.into_block(body);
    let [thread, arguments] = [0, 1].map(|place| body.argument(place));
    let types: Vec<_> = block.arguments().iter().map(|argument| argument.ty()).collect();
    let flat: Vec<_> = flat_types(&inside, &types)
        .into_iter()
        .enumerate()
        .map(|(place, ty)| {
            let address = llvm::load(&inside, llvm::field(&inside, arguments, pointer, &[place as i32]), pointer);
            llvm::load(&inside, address, ty)
        })
        .collect();
    for (argument, value) in block.arguments().into_iter().zip(from_flat(&inside, &types, flat)) {
        argument.replace_all_uses_with(value);
    }
    move_operations(block, body);
    for operation in body.operations().into_iter().filter(|operation| operation.is("gpu.return")) {
        Builder::before(operation).create("llvm.return", &[], &[], &[], &[]);
        operation.erase();
    }
    let void = melior::dialect::llvm::r#type::void(outer.context());
    let ty = melior::dialect::llvm::r#type::function(void, &[pointer, pointer], false);
    let symbol_name = format!("{name}.simulated");
    let attributes = [
        ("sym_name", outer.string(&symbol_name)),
        ("function_type", outer.type_attribute(ty)),
        ("linkage", llvm::internal(&outer)),
    ];
    let function = outer.create("llvm.func", &[], &[], &attributes, &[Reg::with_block(body)]);
    let shared = kernel.integer_attribute(SHARED_BYTES).unwrap_or(0);
    kernel.erase();
    threads::rewrite(function, thread, needing, runtime)?;
    report_failure(function, body, runtime);
    tell(host, &name, &symbol_name, ENTRY)
        .and_then(|()| tell_number(host, &name, shared, SHARED))
        .ok_or_else(|| PassError::compiler(function.location(), "nothing is known of the kernel"))
}

/// Has the simulator take the error of a thread that fails: behind the call of what a thread does.
fn report_failure<'c>(function: Op<'c>, body: Blk<'c>, runtime: &Runtime<'c>) {
    let Some(call) = body.operations().into_iter().find(|operation| operation.is("func.call")) else { return };
    let [failed, end] = [(); 2].map(|()| Blk::new(&[], call.location()));
    let mut next = call.next();
    while let Some(operation) = next {
        next = operation.next();
        operation.detach();
        end.append(operation);
    }
    [failed, end].into_iter().for_each(|block| function.region(0).append(block));
    let builder = Builder::at_end(call.context(), body, call.location());
    let fine = compare(&builder, "eq", call.result(0), builder.constant_integer(0, builder.integer(32)));
    let segments = [("operandSegmentSizes", llvm::i32_array(&builder, &[1, 0, 0]))];
    builder.create_with_successors("cf.cond_br", &[fine], &[], &segments, &[], &[end, failed]);
    let builder = builder.into_block(failed);
    runtime.call(&builder, "numir_sim_failed", &[body.argument(0)]);
    builder.create_with_successors("cf.br", &[], &[], &[], &[], &[end]);
}
