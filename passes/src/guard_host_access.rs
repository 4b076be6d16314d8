//! `guard-host-access`: before the host reads or writes an array that a kernel may have used, the runtime brings it back from the device, if
//! it is newer there. The runtime knows what is where, so a guard of an array that no kernel has used costs one load; it stands before the
//! outermost loop in which nothing is launched.
//!
//! ```text
//! gpu.launch_func … args(%x)                     gpu.launch_func … args(%x)
//! scf.for %i … { memref.load %x[%i] }      →     check numir_host_array(header of %x, read) == 0
//!                                                scf.for %i … { memref.load %x[%i] }
//! ```
//! A function guards what it touches itself, whoever calls it, and whether it launches anything or not: an argument may be an array that lives on
//! the device. Cost: one walk over each function.

use crate::lower_launches::{READ, WRITE, pending};
use crate::support::call_graph::{LOOPS, callee, functions_reaching};
use crate::support::llvm;
use crate::support::memref::{self, MemRef};
use crate::support::runtime::Runtime;
use crate::support::scalars::compare;
use crate::wrap_host_calls::HOST;
use numir_numeric::ir::{Blk, Builder, Op, Val};
use numir_pipeline::properties::{HOST_ACCESS_GUARDED, KERNELS_OUTLINED, STAGE_GPU};
use numir_pipeline::{Pass, PassContext, PassError, Property, register_pass};
use std::collections::{HashMap, HashSet};

/// Operations that touch arrays, and how.
const ACCESSES: &[(&str, i64)] = &[
    ("memref.load", READ),
    ("memref.store", WRITE),
    ("memref.copy", READ | WRITE),
    ("numeric.call_runtime", READ | WRITE),
    ("numeric.call_foreign", READ | WRITE),
    ("numeric.address", READ | WRITE),
    ("numeric.print_value", READ),
    ("memref.extract_aligned_pointer_as_index", READ),
];

/// The pass.
struct GuardHostAccess;

register_pass!(GuardHostAccess);

impl Pass for GuardHostAccess {
    fn name(&self) -> &'static str {
        "guard-host-access"
    }

    fn summary(&self) -> &'static str {
        "bring arrays back from the device before the host touches them"
    }

    fn requires(&self) -> &'static [Property] {
        &[KERNELS_OUTLINED]
    }

    fn invalidates(&self) -> &'static [Property] {
        &[STAGE_GPU]
    }

    fn after(&self) -> &'static [&'static str] {
        &["hoist-allocations"]
    }

    fn before(&self) -> &'static [&'static str] {
        &["poll-interrupts", "lower-memory", "lower-print", "lower-services", "lower-foreign"]
    }

    fn establishes(&self) -> &'static [Property] {
        &[HOST_ACCESS_GUARDED]
    }

    fn dialects(&self) -> &'static [fn() -> melior::dialect::DialectHandle] {
        use numir_pipeline::dialects::{arith, llvm};
        &[arith, llvm, numir_numeric::handle]
    }

    fn run<'c>(&self, module: Op<'c>, _: &PassContext<'c>) -> Result<(), PassError> {
        let (Some(body), Some(runtime)) = (module.body(0), Runtime::of(module)) else { return Ok(()) };
        let launching = functions_reaching(body, |operation| operation.is("gpu.launch_func"));
        let functions = || body.operations().into_iter().filter(|operation| operation.is("func.func"));
        let of_host = functions().filter(|function| function.attribute(HOST).is_some());
        let of_host: HashSet<_> = of_host.filter_map(|function| function.string_attribute("sym_name")).collect();
        functions().for_each(|function| guard(function, &launching, &of_host, &runtime));
        Ok(())
    }
}

/// What an operation does with the arrays that it is given, if it touches them: the functions of this module guard what they touch
/// themselves, those of the program's own language do not.
fn mode_of(operation: Op<'_>, of_host: &HashSet<String>) -> Option<i64> {
    if let Some(called) = callee(operation) {
        return of_host.contains(&called).then_some(READ | WRITE);
    }
    ACCESSES.iter().find(|(name, _)| operation.is(name)).map(|(_, mode)| *mode)
}

fn guard<'c>(function: Op<'c>, launching: &HashSet<String>, of_host: &HashSet<String>, runtime: &Runtime<'c>) {
    let launches = around_launches(function, launching);
    // By place and array, in the order in which they are met.
    let mut order = Vec::new();
    let mut modes: HashMap<(Op<'c>, Val<'c>), i64> = HashMap::new();
    function.walk(&mut |operation| {
        let Some(mode) = mode_of(operation, of_host) else { return };
        for operand in operation.operands().into_iter().filter(|operand| MemRef::of(operand.ty()).is_some()) {
            let array = root(operand);
            let key = (place(operation, array, &launches), array);
            if !modes.contains_key(&key) {
                order.push(key);
            }
            *modes.entry(key).or_default() |= mode;
        }
    });
    for (place, array) in order {
        let Some(shape) = MemRef::of(array.ty()) else { continue };
        let builder = Builder::before(place);
        let header = memref::header(&builder, &shape, array);
        let mode = llvm::constant(&builder, modes[&(place, array)], builder.integer(32));
        let status = runtime.value(&builder, "numir_host_array", &[header, mode]);
        let fine = compare(&builder, "eq", status, builder.constant_integer(0, builder.integer(32)));
        pending(&builder, fine);
    }
}

/// The array whose view an array is, as far as that is seen: both have one owner.
fn root(array: Val<'_>) -> Val<'_> {
    std::iter::successors(Some(array), |array| source(*array)).last().unwrap_or(array)
}

fn source(array: Val<'_>) -> Option<Val<'_>> {
    let view = array.definition().filter(|view| view.name().starts_with("memref.") && view.operand_count() > 0)?;
    Some(view.operand(0)).filter(|source| MemRef::of(source.ty()).is_some())
}

/// What launches something, or holds what does.
fn around_launches<'c>(function: Op<'c>, launching: &HashSet<String>) -> HashSet<Op<'c>> {
    let mut around = HashSet::new();
    function.walk(&mut |operation| {
        let launches =
            operation.is("gpu.launch_func") || callee(operation).is_some_and(|name| launching.contains(&name));
        if launches {
            around.extend(std::iter::successors(Some(operation), |inner| inner.parent()));
        }
    });
    around
}

/// Before what the guard of an array stands: the outermost loop around the access that launches nothing and in which the array is not made.
fn place<'c>(access: Op<'c>, array: Val<'c>, launches: &HashSet<Op<'c>>) -> Op<'c> {
    let made_in = array.parent_block().and_then(Blk::parent);
    let outer = std::iter::successors(access.parent(), |outer| outer.parent());
    let free = outer.take_while(|outer| {
        !outer.is("func.func")
            && !launches.contains(outer)
            && !made_in.is_some_and(|made| made.is_inside(*outer) || made == *outer)
    });
    free.filter(|outer| LOOPS.contains(&outer.name())).last().unwrap_or(access)
}
