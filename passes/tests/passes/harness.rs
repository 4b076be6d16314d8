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
    try_transform(context, pipeline, source).unwrap_or_else(|error| panic!("{error}"))
}

/// The same, or what was said and what the module looked like then.
pub fn try_transform<'c>(context: &'c Context, pipeline: &str, source: &str) -> Result<Module<'c>, String> {
    let module = Module::parse(context, source).expect("the source parses");
    assert!(module.as_operation().verify(), "the source is valid");
    let registry = Registry::global().expect("names are unique");
    let mut pipeline =
        Pipeline::parse(context, registry, &format!("builtin.module({pipeline})")).expect("the pipeline is one");
    let mut instrumentation = Instrumentation { verify: Verify::Each, ..Instrumentation::default() };
    match pipeline.run(Op::of_module(&module), &mut instrumentation) {
        Ok(_) => Ok(module),
        Err(error) => Err(format!("{error}\n{}", module.as_operation())),
    }
}

/// Source and result as one text, for a snapshot.
pub fn before_and_after(pipeline: &str, source: &str) -> String {
    let context = context();
    let module = transform(&context, pipeline, source);
    let lines = source.trim_matches('\n').lines().map(|line| line.strip_prefix("    ").unwrap_or(line));
    let source = lines.collect::<Vec<_>>().join("\n");
    format!("{}\n\n// ----- {pipeline}\n\n{}", source.trim_end(), module.as_operation())
}
