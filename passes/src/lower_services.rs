//! `lower-services`: random numbers are drawn, threads asked about, and products and transforms of arrays computed by calls of the
//! runtime, which keeps the generators of each thread, the pool, and what its mathematics needs.

use crate::support::llvm;
use crate::support::runtime::Runtime;
use melior::ir::TypeLike;
use numir_numeric::ir::{Builder, Val};
use numir_pipeline::properties::{PARALLEL_OUTLINED, SERVICES_LOWERED};
use numir_pipeline::{Op, Pass, PassContext, PassError, Property, register_pass};
use numir_runtime::abi;
use numir_runtime::random::{NUMPY, PYTHON};

/// Operation, its kind, and the function of the runtime.
const FUNCTIONS: &[(&str, &str, &str)] = &[
    ("numeric.random", "bits", "numir_random_bits"),
    ("numeric.random", "double", "numir_random_double"),
    ("numeric.random", "gauss", "numir_random_gauss"),
    ("numeric.random", "seed", "numir_random_seed"),
    ("numeric.random", "fork", "numir_random_fork"),
    ("numeric.random", "enter", "numir_random_enter"),
    ("numeric.threads", "number", "numir_thread_number"),
    ("numeric.threads", "count", "numir_thread_count"),
    ("numeric.threads", "set_count", "numir_set_thread_count"),
    ("numeric.threads", "chunk_size", "numir_chunk_size"),
    ("numeric.threads", "set_chunk_size", "numir_set_chunk_size"),
    ("numeric.threads", "enter_chunk_size", "numir_enter_chunk_size"),
    ("numeric.threads", "leave_chunk_size", "numir_leave_chunk_size"),
];

/// Names its function itself.
const ROUTINE: &str = "numeric.call_runtime";

/// The pass.
struct LowerServices;

register_pass!(LowerServices);

impl Pass for LowerServices {
    fn name(&self) -> &'static str {
        "lower-services"
    }

    fn summary(&self) -> &'static str {
        "draw random numbers, ask about threads and compute products and transforms by calls of the runtime"
    }

    fn requires(&self) -> &'static [Property] {
        &[PARALLEL_OUTLINED]
    }

    fn establishes(&self) -> &'static [Property] {
        &[SERVICES_LOWERED]
    }

    fn dialects(&self) -> &'static [fn() -> melior::dialect::DialectHandle] {
        use numir_pipeline::dialects::{arith, llvm};
        &[arith, llvm]
    }

    fn run<'c>(&self, module: Op<'c>, _: &PassContext<'c>) -> Result<(), PassError> {
        let Some(runtime) = Runtime::of(module) else { return Ok(()) };
        let is_service =
            |operation: Op<'_>| operation.is(ROUTINE) || FUNCTIONS.iter().any(|(name, ..)| operation.is(name));
        for operation in module.collect(is_service) {
            let kind = operation.string_attribute("kind").unwrap_or_default();
            let known = match operation.string_attribute("routine") {
                Some(routine) => routine_of(&routine, operation.operands().len()),
                None => FUNCTIONS
                    .iter()
                    .find(|(name, known, _)| operation.is(name) && *known == kind)
                    .map(|(_, _, function)| *function),
            };
            let Some(function) = known else {
                let name = operation.string_attribute("routine").unwrap_or(kind);
                return Err(PassError::compiler(operation.location(), format!("nothing serves `{name}`")));
            };
            let builder = Builder::before(operation);
            let mut arguments = Vec::new();
            // An iteration's stream stands for both generators.
            if let Some(generator) = operation.string_attribute("generator").filter(|_| kind != "enter") {
                let generator = if generator == "python" { PYTHON } else { NUMPY };
                arguments.push(llvm::constant(&builder, generator.into(), builder.integer(32)));
            }
            let long = |value: Val<'c>| match value.ty().is_index() {
                true => builder.value("arith.index_cast", &[value], builder.integer(64), &[]),
                false => value,
            };
            arguments.extend(operation.operands().into_iter().map(long));
            let call = runtime.call(&builder, function, &arguments);
            if let Some(result) = operation.results().first() {
                let value = call.result(0);
                let value = if result.ty().is_index() {
                    builder.value("arith.index_cast", &[value], result.ty(), &[])
                } else {
                    value
                };
                result.replace_all_uses_with(value);
            }
            operation.erase();
        }
        Ok(())
    }
}

/// The function of the runtime's table for a routine of so many arguments.
fn routine_of(routine: &str, arguments: usize) -> Option<&'static str> {
    abi::lookup(&format!("numir_{routine}")).filter(|entry| entry.params.len() == arguments).map(|entry| entry.name)
}
