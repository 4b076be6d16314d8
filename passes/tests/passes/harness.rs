//! Runs pipelines on modules given as text.

use melior::Context;
use melior::dialect::DialectRegistry;
use melior::ir::Module;
use melior::ir::operation::OperationLike;
use melior::utility::register_all_dialects;
use numir_passes as _;
use numir_pipeline::{Instrumentation, Op, Pipeline, Registry, Verify};

/// A context with all dialects.
pub fn context() -> Context {
    let registry = DialectRegistry::new();
    register_all_dialects(&registry);
    numir_numeric::handle().insert_dialect(&registry);
    let context = Context::new_with_threading(false);
    context.append_dialect_registry(&registry);
    context
}

/// The module that `pipeline` (the elements inside of `builtin.module`) makes of `source`.
pub fn transform<'c>(context: &'c Context, pipeline: &str, source: &str) -> Module<'c> {
    let module = Module::parse(context, source).expect("the source parses");
    assert!(module.as_operation().verify(), "the source is valid");
    let registry = Registry::global().expect("names are unique");
    let mut pipeline =
        Pipeline::parse(context, registry, &format!("builtin.module({pipeline})")).expect("the pipeline is one");
    let mut instrumentation = Instrumentation { verify: Verify::Each, ..Instrumentation::default() };
    if let Err(error) = pipeline.run(Op::of_module(&module), &mut instrumentation) {
        panic!("{error}\n{}", module.as_operation());
    }
    module
}

/// Source and result as one text, for a snapshot.
pub fn before_and_after(pipeline: &str, source: &str) -> String {
    let context = context();
    let module = transform(&context, pipeline, source);
    format!("{}\n// ----- {pipeline}\n\n{}", source.trim(), module.as_operation())
}
