//! `export-entries`: each function marked `numeric.entry` gets a wrapper, `numir_entry_NAME(args, results) -> status`, that
//! the host can call without knowing its signature. Everything else is internal to the module.
//!
//! `args` and `results` point to slots (`support/slots.rs`). An array argument is a slot that points to the caller's descriptor, an
//! array result lies inline, and the caller owns one reference to its header. After a status other than 0 the results mean nothing.
//!
//! An entry with a `numir.c_result` gets a second wrapper, `numir_c_NAME`, of C's own signature. C knows no errors of the language:
//! the runtime reports one, and the result is 0.

mod c_entries;
mod shared_memory;

use crate::lower_errors::{STACK_LIMIT, STATUS};
use crate::support::call_graph::DEVICE;
use crate::support::function::signature;
use crate::support::llvm;
use crate::support::memref::{self, MemRef};
use crate::support::runtime::Runtime;
use crate::support::scalars::compare;
use crate::support::slots::Slots;
use melior::dialect::llvm::r#type::function as function_type;
use melior::ir::Identifier;
use melior::ir::attribute::DictionaryAttribute;
use numir_numeric::ir::{Blk, Builder, Reg, Val};
use numir_pipeline::properties::{ENTRIES_WRAPPED, ERRORS_LOWERED, HOST_CALLS_WRAPPED};
use numir_pipeline::{Op, Pass, PassContext, PassError, Property, register_pass};

/// The mark of a function that can be called from outside.
const ENTRY: &str = "numeric.entry";

/// The pass.
struct ExportEntries;

register_pass!(ExportEntries);

impl Pass for ExportEntries {
    fn name(&self) -> &'static str {
        "export-entries"
    }

    fn summary(&self) -> &'static str {
        "wrap every function that can be called from outside, and make all others internal"
    }

    fn requires(&self) -> &'static [Property] {
        &[ERRORS_LOWERED, HOST_CALLS_WRAPPED]
    }

    fn establishes(&self) -> &'static [Property] {
        &[ENTRIES_WRAPPED]
    }

    fn dialects(&self) -> &'static [fn() -> melior::dialect::DialectHandle] {
        use numir_pipeline::dialects::{arith, llvm};
        &[arith, llvm]
    }

    fn run<'c>(&self, module: Op<'c>, _: &PassContext<'c>) -> Result<(), PassError> {
        let (Some(body), Some(runtime)) = (module.body(0), Runtime::of(module)) else { return Ok(()) };
        for function in body.operations().into_iter().filter(|operation| operation.is("func.func")) {
            let has_status = function.remove_attribute(STATUS);
            let has_limit = function.remove_attribute(STACK_LIMIT);
            if function.body(0).is_none() {
                continue;
            }
            function.set_attribute("llvm.linkage", llvm::internal(&Builder::before(function)));
            if function.attribute(ENTRY).is_some() {
                let limited_by = has_limit.then_some(&runtime);
                let leaves = module.attribute(DEVICE).is_some().then_some(&runtime);
                wrap(function, has_status, limited_by, leaves)
                    .and_then(|()| match function.string_attribute(c_entries::C_RESULT) {
                        Some(result) => c_entries::wrap(function, &result, has_status, has_limit, &runtime),
                        None => Some(()),
                    })
                    .ok_or_else(|| PassError::compiler(function.location(), "the entry has no signature"))?;
            }
        }
        Ok(())
    }
}

/// Wraps a function. The runtime is there if the function takes the stack limit, and if arrays may have to leave a device.
fn wrap<'c>(
    function: Op<'c>,
    has_status: bool,
    limited_by: Option<&Runtime<'c>>,
    leaves: Option<&Runtime<'c>>,
) -> Option<()> {
    let symbol = function.string_attribute("sym_name")?;
    let (mut inputs, results) = signature(function)?;
    if limited_by.is_some() {
        inputs.pop();
    }
    let (block, outer) = declare(function, &symbol);
    let builder = outer.into_block(block);
    let [from, to] = [0, 1].map(|index| block.argument(index));
    let mut slots = Slots::at(from);
    let arguments = inputs.iter().map(|ty| slots.read_pointed(&builder, *ty));
    let mut arguments: Vec<_> = arguments.collect();
    if leaves.is_some() {
        arguments = shared_memory::with_common_owners(&builder, &arguments);
    }
    arguments.extend(limited_by.map(|runtime| runtime.stack_limit(&builder)));
    let callee = [("callee", builder.symbol(&symbol))];
    let mut values = builder.create("func.call", &arguments, &results, &callee, &[]).results();
    let status = if has_status { values.pop() } else { None };
    let mut status = status.unwrap_or_else(|| builder.constant_integer(0, builder.integer(32)));
    if let Some(runtime) = leaves {
        status = leave_device(&builder, runtime, status, &[&arguments[..], &values].concat());
        release_if_failed(&builder, runtime, status, &values);
    }
    let mut slots = Slots::at(to);
    for value in values {
        slots.write(&builder, value);
    }
    builder.create("llvm.return", &[status], &[], &[], &[]);
    Some(())
}

/// Brings arrays back from the device, whatever the status: those of the caller, and those that it gets; after an error these have
/// no owner. The status of it all.
fn leave_device<'c>(builder: &Builder<'c>, runtime: &Runtime<'c>, status: Val<'c>, values: &[Val<'c>]) -> Val<'c> {
    values.iter().filter_map(|value| Some((MemRef::of(value.ty())?, *value))).fold(status, |status, (shape, value)| {
        let header = memref::header(builder, &shape, value);
        let own = runtime.value(builder, "numir_device_leave", &[header]);
        builder.value("arith.ori", &[status, own], builder.integer(32), &[])
    })
}

/// Releases arrays that nobody takes, where the device has failed after the function had ended. After its own errors there are none.
fn release_if_failed<'c>(builder: &Builder<'c>, runtime: &Runtime<'c>, status: Val<'c>, results: &[Val<'c>]) {
    let fine = compare(builder, "eq", status, builder.constant_integer(0, builder.integer(32)));
    let null = llvm::zero(builder, builder.pointer());
    for (shape, value) in results.iter().filter_map(|value| Some((MemRef::of(value.ty())?, *value))) {
        let header = memref::header(builder, &shape, value);
        let header = builder.value("llvm.select", &[fine, null, header], builder.pointer(), &[]);
        runtime.call(builder, "numir_release", &[header]);
    }
}

/// The wrapper, still empty.
fn declare<'c>(function: Op<'c>, symbol: &str) -> (Blk<'c>, Builder<'c>) {
    let builder = Builder::after(function);
    let (pointer, status) = (builder.pointer(), builder.integer(32));
    let dictionary = |names: &[&str]| {
        let entries: Vec<_> =
            names.iter().map(|name| (Identifier::new(builder.context(), name), builder.unit())).collect();
        DictionaryAttribute::new(builder.context(), &entries).into()
    };
    let arguments = [dictionary(&["llvm.noalias", "llvm.readonly"]), dictionary(&["llvm.noalias"])];
    let attributes = [
        ("sym_name", builder.string(&format!("numir_entry_{symbol}"))),
        ("function_type", builder.type_attribute(function_type(status, &[pointer, pointer], false))),
        ("arg_attrs", builder.array(&arguments)),
    ];
    let block = Blk::new(&[pointer, pointer], function.location());
    builder.create("llvm.func", &[], &[], &attributes, &[Reg::with_block(block)]);
    (block, builder)
}
