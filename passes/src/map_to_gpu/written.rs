//! Kernels that the program writes itself: `numeric.launch` becomes a launch in which each thread calls the function.
//!
//! ```text
//! numeric.launch @scale(%gx, %gy, %gz, %bx, %by, %bz, %bytes) args(%a : memref<?xf64>)
//!   ↓
//! gpu.launch blocks(…) in (%gx, %gy, %gz) threads(…) in (%bx, %by, %bz) dynamic_shared_memory_size %bytes {
//!   func.call @scale.device(%a)
//! }
//! ```
//! The functions that a kernel is made of are copies, which are the device's alone: a parallel loop in them is done in order, since the
//! threads are there already, and references are not counted, since the device's arrays are the host's. What a device cannot do is an error of the
//! program where it says so.

use super::in_order;
use super::obstacles::{CANNOT_CALL, cannot};
use crate::hold_owners::SLOT;
use crate::support::call_graph::{
    PARALLEL, callee, functions_called, functions_of, functions_reaching, launched_functions,
};
use crate::support::device_arrays::bytes;
use crate::support::launches::launch_grid;
use crate::support::llvm;
use numir_numeric::ir::{Blk, Builder, Op, Val};
use numir_numeric::{KERNEL_LIMITS, LINE_INFO, is_device_only};
use numir_pipeline::PassError;
use numir_runtime::libm;
use std::collections::HashMap;

/// On a launch, and then on its kernel: the symbol of the function that the program has written as one.
pub(crate) const WRITTEN: &str = "numir.written";

/// On a function: it is part of a kernel, and the host has no use for it.
pub(crate) const PART: &str = "numir.kernel_part";

/// Behind the symbols of such functions.
pub(crate) const SUFFIX: &str = ".device";

/// The mark of a function that the host may call.
const ENTRY: &str = "numeric.entry";

/// The most bytes of arrays of a thread's own memory that a function has: the simulator's threads have stacks of some times that.
const MOST_LOCAL: i64 = 64 << 10;

/// Puts a launch in the place of each `numeric.launch` of a module.
pub(super) fn map(module: Op<'_>) -> Result<(), PassError> {
    let Some(body) = module.body(0) else { return Ok(()) };
    let launches = module.collect(|operation| operation.is("numeric.launch"));
    let functions = functions_of(body);
    let parts = launched_functions(module);
    for symbol in &parts {
        make_part(functions[symbol], &parts)?;
    }
    for launch in launches {
        if !launch.string_attribute("callee").is_some_and(|symbol| parts.contains(&symbol)) {
            return Err(PassError::program(
                launch.location(),
                "the launch names no function of this module as its kernel",
            ));
        }
        start(launch, &functions)?;
    }
    drop_from_host(body, &parts, &functions)
}

/// Makes a copy of a function that is part of a kernel.
fn make_part(function: Op<'_>, parts: &[String]) -> Result<(), PassError> {
    let builder = Builder::after(function);
    let copy = function.duplicate();
    builder.insert(copy);
    let named = |symbol: &str| format!("{symbol}{SUFFIX}");
    copy.set_attribute("sym_name", builder.string(&named(&function.string_attribute("sym_name").unwrap_or_default())));
    copy.set_attribute("sym_visibility", builder.string("private"));
    copy.set_attribute(PART, builder.unit());
    [ENTRY, PARALLEL].into_iter().for_each(|attribute| _ = copy.remove_attribute(attribute));
    forget_owners(copy);
    check(copy, parts)?;
    copy.collect_named("numeric.parallel").into_iter().rev().try_for_each(in_order)?;
    for call in copy.collect_named("func.call") {
        if let Some(symbol) = callee(call).filter(|symbol| parts.contains(symbol)) {
            call.set_attribute("callee", builder.symbol(&named(&symbol)));
        }
    }
    Ok(())
}

/// Has a function neither keep arrays nor let go of any.
fn forget_owners(function: Op<'_>) {
    for operation in function.collect(|operation| operation.is("numeric.retain") || operation.is("numeric.release")) {
        operation.erase();
    }
    for slot in function.collect(|operation| operation.attribute(SLOT).is_some()) {
        slot.result(0).uses().into_iter().for_each(|(user, _)| user.erase());
        slot.erase();
    }
}

/// Fails where a function does what a device cannot do.
fn check(function: Op<'_>, parts: &[String]) -> Result<(), PassError> {
    let mut found = Ok(());
    let mut own = 0_i64;
    function.walk(&mut |operation| {
        if operation.is("numeric.device_array") && operation.string_attribute("memory").as_deref() == Some("local") {
            own = own.saturating_add(bytes(operation));
            if own > MOST_LOCAL && found.is_ok() {
                let text = format!(
                    "the arrays of a thread have {own} bytes by now, of {MOST_LOCAL} at most: make them smaller, or give the kernel an array for all threads"
                );
                found = Err(PassError::program(operation.location(), text));
            }
        }
        let is_host = |symbol: String| !parts.contains(&symbol) && libm::lookup(&symbol).is_none();
        let what = cannot(operation).or_else(|| callee(operation).is_some_and(is_host).then_some(CANNOT_CALL));
        if let Some(what) = what.filter(|_| found.is_ok()) {
            found = Err(PassError::program(operation.location(), format!("a kernel cannot {what}")));
        }
    });
    found
}

/// Puts a launch in the place of a `numeric.launch`.
fn start<'c>(launch: Op<'c>, functions: &HashMap<String, Op<'c>>) -> Result<(), PassError> {
    let builder = Builder::before(launch);
    let symbol = launch.string_attribute("callee").unwrap_or_default();
    let operands = launch.operands();
    let (Ok(geometry), Some(bytes)) = (<[Val<'_>; 6]>::try_from(&operands[..6]), operands.get(6)) else {
        return Err(PassError::compiler(launch.location(), "the launch has no geometry"));
    };
    let callee = [("callee", builder.symbol(&format!("{symbol}{SUFFIX}")))];
    let (made, ()) = launch_grid(&builder, geometry, shared(&builder, *bytes), |inside, _| {
        inside.create("func.call", &operands[7..], &[], &callee, &[]);
    });
    made.set_attribute(WRITTEN, builder.string(&symbol));
    if let Some(function) = functions.get(&symbol) {
        give_settings(*function, made);
    }
    launch.erase();
    Ok(())
}

/// Tells a launch, or a kernel, what the program has said of it.
pub(crate) fn give_settings<'c>(from: Op<'c>, to: Op<'c>) {
    for name in KERNEL_LIMITS.into_iter().chain([LINE_INFO]) {
        if let Some(setting) = from.attribute(name) {
            to.set_attribute(name, setting);
        }
    }
}

/// Bytes of shared memory as 32 bits; the runtime refuses what does not fit as it refuses a number below 0. None if there are none.
fn shared<'c>(builder: &Builder<'c>, bytes: Val<'c>) -> Option<Val<'c>> {
    const MOST: i64 = i32::MAX as i64;
    let (index, i32) = (builder.index(), builder.integer(32));
    if let Some(known) = llvm::known(bytes) {
        return (known != 0).then(|| builder.constant_integer(known.clamp(-1, MOST), i32));
    }
    let bytes = builder.value("arith.minsi", &[bytes, builder.constant_index(MOST)], index, &[]);
    let bytes = builder.value("arith.maxsi", &[bytes, builder.constant_index(-1)], index, &[]);
    Some(builder.value("arith.index_cast", &[bytes], i32, &[]))
}

/// Drops the functions that nobody but kernels calls. What the host may call and only threads of a kernel can do is an error.
fn drop_from_host(body: Blk<'_>, parts: &[String], functions: &HashMap<String, Op<'_>>) -> Result<(), PassError> {
    let for_device = functions_reaching(body, |operation| is_device_only(operation.name()));
    let is_open = |function: &Op<'_>| {
        function.attribute(ENTRY).is_some() || function.string_attribute("sym_visibility").as_deref() != Some("private")
    };
    let is_device = |symbol: &String| parts.contains(symbol) || for_device.contains(symbol);
    let roots = functions.iter().filter(|(symbol, function)| is_open(function) || !is_device(symbol));
    let kept = functions_called(functions, roots.map(|(symbol, _)| symbol.clone()).collect());
    for (symbol, function) in functions {
        if is_device(symbol) && !kept.contains(symbol) {
            function.erase();
        }
    }
    for symbol in kept.iter().filter(|symbol| for_device.contains(*symbol)) {
        let found = functions[symbol].collect(|operation| is_device_only(operation.name()));
        if let Some(operation) = found.first() {
            let text = "this is for kernels, and runs on the host here: call it in a kernel alone";
            return Err(PassError::program(operation.location(), text));
        }
    }
    Ok(())
}
