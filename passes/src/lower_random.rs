//! `lower-random`: random numbers are drawn by calls of the runtime, which keeps the generators of each thread.

use crate::support::llvm;
use crate::support::runtime::Runtime;
use melior::ir::TypeLike;
use numir_numeric::ir::{Builder, Val};
use numir_pipeline::properties::{PARALLEL_OUTLINED, RANDOM_LOWERED};
use numir_pipeline::{Op, Pass, PassContext, PassError, Property, register_pass};
use numir_runtime::random::{NUMPY, PYTHON};

/// Kind of draw, function of the runtime, and whether that is told the generator.
const FUNCTIONS: &[(&str, &str, bool)] = &[
    ("bits", "numir_random_bits", true),
    ("double", "numir_random_double", true),
    ("gauss", "numir_random_gauss", true),
    ("seed", "numir_random_seed", true),
    ("fork", "numir_random_fork", true),
    ("enter", "numir_random_enter", false),
];

/// The pass.
struct LowerRandom;

register_pass!(LowerRandom);

impl Pass for LowerRandom {
    fn name(&self) -> &'static str {
        "lower-random"
    }

    fn summary(&self) -> &'static str {
        "draw random numbers by calls of the runtime"
    }

    fn requires(&self) -> &'static [Property] {
        &[PARALLEL_OUTLINED]
    }

    fn establishes(&self) -> &'static [Property] {
        &[RANDOM_LOWERED]
    }

    fn dialects(&self) -> &'static [fn() -> melior::dialect::DialectHandle] {
        use numir_pipeline::dialects::{arith, llvm};
        &[arith, llvm]
    }

    fn run<'c>(&self, module: Op<'c>, _: &PassContext<'c>) -> Result<(), PassError> {
        let Some(runtime) = Runtime::of(module) else { return Ok(()) };
        for operation in module.collect(|operation| operation.is("numeric.random")) {
            let kind = operation.string_attribute("kind").unwrap_or_default();
            let Some((_, function, is_told)) = FUNCTIONS.iter().find(|(name, ..)| *name == kind) else {
                return Err(PassError::compiler(operation.location(), format!("no function draws `{kind}`")));
            };
            let builder = Builder::before(operation);
            let mut arguments = Vec::new();
            if *is_told {
                let python = operation.string_attribute("generator").is_some_and(|generator| generator == "python");
                let generator = if python { PYTHON } else { NUMPY };
                arguments.push(llvm::constant(&builder, generator.into(), builder.integer(32)));
            }
            let long = |value: Val<'c>| builder.value("arith.index_cast", &[value], builder.integer(64), &[]);
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
