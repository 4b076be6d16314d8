//! `wrap-host-calls`: a function that is declared with `numeric.host = N` gets a body, which hands its arguments to the host, has it
//! run the code of that number, and gives back what comes from there. Its first result is the number of an error, or 0.

use crate::support::function::signature;
use crate::support::llvm;
use crate::support::memref::{self, MemRef};
use crate::support::runtime::Runtime;
use crate::support::slots::{self, Slots};
use numir_numeric::ir::{Blk, Builder, Ty};
use numir_pipeline::properties::{ERRORS_LOWERED, HOST_CALLS_WRAPPED};
use numir_pipeline::{Op, Pass, PassContext, PassError, Property, register_pass};

/// The mark of a function of the host.
pub(crate) const HOST: &str = "numeric.host";

/// The pass.
struct WrapHostCalls;

register_pass!(WrapHostCalls);

impl Pass for WrapHostCalls {
    fn name(&self) -> &'static str {
        "wrap-host-calls"
    }

    fn summary(&self) -> &'static str {
        "give functions of the host bodies that call it"
    }

    fn requires(&self) -> &'static [Property] {
        &[ERRORS_LOWERED]
    }

    fn establishes(&self) -> &'static [Property] {
        &[HOST_CALLS_WRAPPED]
    }

    fn dialects(&self) -> &'static [fn() -> melior::dialect::DialectHandle] {
        use numir_pipeline::dialects::{arith, llvm};
        &[arith, llvm]
    }

    fn run<'c>(&self, module: Op<'c>, _: &PassContext<'c>) -> Result<(), PassError> {
        let (Some(body), Some(runtime)) = (module.body(0), Runtime::of(module)) else { return Ok(()) };
        for function in body.operations().into_iter().filter(|operation| operation.is("func.func")) {
            if let Some(number) = function.integer_attribute(HOST) {
                wrap(function, number, &runtime)
                    .ok_or_else(|| PassError::compiler(function.location(), "the host's function has no signature"))?;
                function.remove_attribute(HOST);
            }
        }
        Ok(())
    }
}

fn wrap<'c>(function: Op<'c>, number: i64, runtime: &Runtime<'c>) -> Option<()> {
    let (inputs, results) = signature(function)?;
    let block = Blk::new(&inputs, function.location());
    function.region(0).append(block);
    let builder = Builder::after(function).into_block(block);
    let total = |types: &[Ty<'c>]| types.iter().map(|ty| slots::count(*ty)).sum();
    let given = Slots::on_stack(&builder, total(&inputs));
    let taken = Slots::on_stack(&builder, total(results.get(1..)?));
    let mut slots = Slots::at(given);
    for place in 0..inputs.len() {
        let value = block.argument(place);
        if let Some(shape) = MemRef::of(value.ty()) {
            // The host takes a reference over.
            runtime.call(&builder, "numir_retain", &[memref::header(&builder, &shape, value)]);
        }
        slots.write(&builder, value);
    }
    // After an error nothing is written, and what is read is released.
    let mut slots = Slots::at(taken);
    results[1..].iter().for_each(|ty| slots.disown(&builder, *ty));
    let number = llvm::constant(&builder, number, builder.integer(64));
    let error = runtime.value(&builder, "numir_call_host", &[number, given, taken]);
    let mut slots = Slots::at(taken);
    let mut values = vec![error];
    values.extend(results[1..].iter().map(|ty| slots.read(&builder, *ty)));
    builder.create("func.return", &values, &[], &[], &[]);
    Some(())
}
