//! Running pipelines: options, diagnostics, panics, times, watching, reproducers.

use melior::Context;
use melior::ir::Module;
use numir_pipeline::dialects;
use numir_pipeline::properties::STAGE_SCF;
use numir_pipeline::{
    Anchor, Blame, Count, Instrumentation, Op, OptionSpec, Pass, PassContext, PassError, Pipeline, PipelineError,
    Place, Property, Registry, RunError, Severity, StatisticSpec, Target, Upstream, Verify, collect, register_pass,
    register_target, register_upstream, run_pipeline,
};
use std::time::Instant;

register_target!(Target {
    name: "test",
    summary: "What the tests' passes reach",
    start: &[STAGE_SCF],
    reach: &[],
    wanted: &[(1, PROBED)],
});

const PROBED: Property = Property::exclusive("probed");

register_upstream!(Upstream::new("convert-to-llvm", mlir_sys::mlirRegisterConversionConvertToLLVMPass));

/// Marks functions with an attribute; fails, panics or breaks them on request.
struct Probe;

register_pass!(Probe);
register_upstream!(Upstream {
    anchor: Anchor::Function,
    ..Upstream::new("canonicalize", mlir_sys::mlirRegisterTransformsCanonicalizer)
});
register_upstream!(Upstream {
    anchor: Anchor::Function,
    element: "cse",
    ..Upstream::new("cse-somewhere", mlir_sys::mlirRegisterTransformsCSE)
});

impl Pass for Probe {
    fn name(&self) -> &'static str {
        "test-probe"
    }

    fn summary(&self) -> &'static str {
        "Do what the options say"
    }

    fn anchor(&self) -> Anchor {
        Anchor::Function
    }

    fn establishes(&self) -> &'static [Property] {
        &[PROBED]
    }

    fn options(&self) -> &'static [OptionSpec] {
        const OPTIONS: &[OptionSpec] = &[
            OptionSpec::int("mark", 7, "The attribute's value"),
            OptionSpec::bool("panic", false, "Panic"),
            OptionSpec::text("blame", "", "Fail, and blame that one"),
            OptionSpec::bool("break", false, "Erase the terminator"),
        ];
        OPTIONS
    }

    fn statistics(&self) -> &'static [StatisticSpec] {
        const STATISTICS: &[StatisticSpec] = &[StatisticSpec { name: "marked", summary: "Functions marked" }];
        STATISTICS
    }

    fn run<'c>(&self, function: Op<'c>, context: &PassContext<'c>) -> Result<(), PassError> {
        assert!(!context.flag("panic"), "asked to");
        match context.text("blame") {
            "program" => {
                return Err(
                    PassError::program(function.location(), "this cannot work").note(function.location(), "see here")
                );
            }
            "compiler" => return Err(PassError::compiler(function.location(), "this cannot be")),
            _ => {}
        }
        if context.flag("break") {
            function.body(0).and_then(|body| body.terminator()).expect("it has one").erase();
        }
        let mark = format!("{} : i64", context.int("mark"));
        let mark = melior::ir::Attribute::parse(context.context(), &mark).expect("it is an attribute");
        function.set_attribute("test.mark", mark);
        context.count("marked", 1);
        Ok(())
    }
}

pub const SOURCE: &str = r#"
func.func @f(%a: i32) -> i32 {
  %c0 = arith.constant 0 : i32
  %0 = arith.addi %a, %c0 : i32
  return %0 : i32
} loc("program.py":3:5)
func.func @g() {
  return
} loc(callsite("program.py":7:1 at "caller.py":20:9))
"#;

fn context() -> Context {
    let context = Context::new();
    context.enable_multi_threading(false);
    for dialect in [dialects::func, dialects::arith, dialects::scf] {
        dialect().register_dialect(&context);
        dialect().load_dialect(&context);
    }
    context
}

fn parse(context: &Context) -> Module<'_> {
    Module::parse(context, SOURCE).expect("it parses")
}

fn run(pipeline: &str, instrumentation: &mut Instrumentation<'_>) -> Result<String, RunError> {
    let context = context();
    let module = parse(&context);
    run_pipeline(&context, Op::of_module(&module), pipeline, instrumentation).expect("it is a pipeline")?;
    Ok(module.as_operation().to_string())
}

fn failure(pipeline: &str, instrumentation: &mut Instrumentation<'_>) -> RunError {
    run(pipeline, instrumentation).expect_err("it fails")
}

#[test]
fn options_reach_the_pass() {
    let text = run("builtin.module(func.func(test-probe{mark=3},canonicalize))", &mut Instrumentation::default());
    insta::assert_snapshot!(text.expect("it runs"));
    let text = run("builtin.module(func.func(test-probe))", &mut Instrumentation::default()).expect("it runs");
    assert!(text.contains("test.mark = 7"), "{text}");
}

#[test]
fn an_upstream_pass_is_found_by_its_element() {
    run("builtin.module(func.func(cse))", &mut Instrumentation::default()).expect("it runs");
}

#[test]
fn errors_of_a_program_have_a_place_and_notes() {
    let error = failure("builtin.module(func.func(test-probe{blame=program}))", &mut Instrumentation::default());
    assert_eq!(error.pass.as_deref(), Some("test-probe"));
    let diagnostic = &error.diagnostics[0];
    assert_eq!(diagnostic.blame, Some(Blame::Program));
    assert_eq!(diagnostic.severity, Severity::Error);
    assert_eq!(diagnostic.place, Some(Place { file: "program.py".into(), line: 3, column: 5, end: None }));
    insta::assert_snapshot!(error);
}

#[test]
fn errors_of_the_compiler_say_so() {
    let error = failure("builtin.module(func.func(test-probe{blame=compiler}))", &mut Instrumentation::default());
    assert_eq!(error.diagnostics[0].blame, Some(Blame::Compiler));
    insta::assert_snapshot!(error);
}

#[test]
fn a_panic_becomes_an_error_that_blames_numir() {
    let error = failure("builtin.module(func.func(test-probe{panic=true}))", &mut Instrumentation::default());
    assert_eq!(error.diagnostics[0].blame, Some(Blame::Compiler));
    let text = error.to_string();
    assert!(text.contains("internal error in pass `test-probe`: asked to"), "{text}");
    assert!(text.contains("tests/it/run.rs:"), "{text}");
}

#[test]
fn verification_names_the_pass_that_broke_the_module() {
    let pipeline = "builtin.module(func.func(test-probe{break=true},cse))";
    let each = failure(pipeline, &mut Instrumentation { verify: Verify::Each, ..Instrumentation::default() });
    assert_eq!(each.pass.as_deref(), Some("test-probe"));
    let end = failure("builtin.module(func.func(test-probe{break=true}))", &mut Instrumentation::default());
    assert_eq!(end.pass, None);
    assert!(!end.diagnostics.is_empty());
}

#[test]
fn callers_of_inlined_code_are_kept() {
    let context = context();
    let module = parse(&context);
    let function = Op::of_module(&module).collect_named("func.func")[1];
    // SAFETY: the location is the function's own.
    let (_, diagnostics) = collect(&context, || unsafe {
        mlir_sys::mlirEmitError(function.location().to_raw(), c"here".as_ptr());
    });
    assert_eq!(diagnostics.len(), 1);
    assert_eq!(diagnostics[0].to_string(), "program.py:7:1: error: here");
    assert_eq!(diagnostics[0].callers[0].to_string(), "caller.py:20:9");
}

#[test]
fn a_text_that_is_no_pipeline_is_an_error() {
    let context = context();
    let registry = Registry::global().expect("it is consistent");
    let error = |text| match Pipeline::parse(&context, registry, text) {
        Err(PipelineError::Text { message, .. }) => message,
        Err(other) => other.to_string(),
        Ok(_) => panic!("it parsed"),
    };
    insta::assert_snapshot!(
        [
            error("builtin.module(func.func(test-prob))"),
            error("builtin.module(func.func(test-probe{size=3}))"),
            error("builtin.module(test-probe"),
            error(""),
        ]
        .join("\n----\n")
    );
}

#[test]
fn a_pass_on_functions_does_not_run_on_modules() {
    let context = context();
    let module = parse(&context);
    let outcome =
        run_pipeline(&context, Op::of_module(&module), "builtin.module(test-probe)", &mut Instrumentation::default());
    match outcome {
        Err(PipelineError::Text { message, .. }) => assert!(message.contains("restricted to 'func.func'"), "{message}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn times_are_summed_by_pass() {
    let context = context();
    let module = parse(&context);
    let mut instrumentation = Instrumentation { timing: true, ..Instrumentation::default() };
    let pipeline = "builtin.module(func.func(test-probe,cse),func.func(test-probe))";
    let report =
        run_pipeline(&context, Op::of_module(&module), pipeline, &mut instrumentation).expect("parses").expect("runs");
    let timing = report.timing.expect("it was asked for");
    let rows: Vec<_> = timing.passes.iter().map(|row| (row.pass.as_str(), row.runs)).collect();
    assert_eq!(rows, [("test-probe", 4), ("cse", 2)]);
    assert!(timing.passes.iter().map(|row| row.time).sum::<std::time::Duration>() <= timing.total);
    assert_eq!(timing.to_string().lines().count(), 5);
}

#[test]
fn watched_passes_are_reported_once_complete() {
    let mut seen = Vec::new();
    let mut after =
        |pass: &str, module: Op<'_>| seen.push(format!("{pass} {}", module.to_string().matches("mark").count()));
    let mut instrumentation = Instrumentation {
        after_pass: Some(&mut after),
        watched: vec!["test-probe".into(), "verify-stage".into()],
        ..Instrumentation::default()
    };
    let pipeline = "builtin.module(verify-stage{stage=scf},func.func(test-probe,cse),func.func(cse))";
    run(pipeline, &mut instrumentation).expect("it runs");
    drop(instrumentation);
    assert_eq!(seen, ["verify-stage 0", "test-probe 2"]);
}

#[test]
fn a_stage_promise_is_checked() {
    run("builtin.module(verify-stage{stage=scf})", &mut Instrumentation::default()).expect("it holds");
    insta::assert_snapshot!(failure("builtin.module(verify-stage{stage=llvm})", &mut Instrumentation::default()));
    insta::assert_snapshot!(failure("builtin.module(verify-stage{stage=lvm})", &mut Instrumentation::default()));
}

#[test]
fn a_stage_without_numeric_has_none_of_its_types() {
    let context = context();
    numir_numeric::register(&context);
    let sources = [
        "func.func @f(%a: !numeric.int) { return }",
        "func.func private @f(tensor<?x!numeric.float>)",
        "func.func @f() { cf.br ^end\n ^end: return }",
        "func.func @f(%a: i1) { numeric.check %a, \"ValueError\", \"no\" return }",
        "llvm.func @f() { llvm.br ^end\n ^end: llvm.return }",
    ];
    for dialect in [dialects::cf, dialects::memref, dialects::llvm] {
        dialect().register_dialect(&context);
    }
    let outcomes = sources.map(|source| {
        let module = Module::parse(&context, source).expect("it parses");
        let text = "builtin.module(verify-stage{stage=scf})";
        let outcome = run_pipeline(&context, Op::of_module(&module), text, &mut Instrumentation::default());
        match outcome.expect("it is a pipeline") {
            Ok(_) => "fine".to_owned(),
            Err(error) => error.to_string(),
        }
    });
    insta::assert_snapshot!(outcomes.join("\n----\n"));
}

#[test]
fn a_reproducer_holds_the_input_and_the_pipeline() {
    let pipeline = "builtin.module(func.func(test-probe{blame=compiler}))";
    let error = failure(pipeline, &mut Instrumentation { reproducer: true, ..Instrumentation::default() });
    insta::assert_snapshot!(error.reproducer.expect("it was asked for"));
}

#[test]
fn extensions_let_passes_work_through_interfaces() {
    let start = Instant::now();
    let registry = melior::dialect::DialectRegistry::new();
    for dialect in [dialects::func, dialects::arith, dialects::memref, dialects::cf] {
        dialect().insert_dialect(&registry);
    }
    dialects::register_extensions(&registry);
    let context = Context::new_with_registry(&registry, false);
    println!("a context with extensions: {:?}", start.elapsed());
    let source = "func.func @f(%a: memref<?xf64>, %i: index) -> f64 {
      cf.br ^body
    ^body:
      %0 = memref.load %a[%i] : memref<?xf64>
      %1 = arith.addf %0, %0 : f64
      return %1 : f64
    }";
    let module = Module::parse(&context, source).expect("it parses");
    let text = "builtin.module(convert-to-llvm,verify-stage{stage=llvm})";
    let outcome = run_pipeline(&context, Op::of_module(&module), text, &mut Instrumentation::default());
    outcome.expect("it is a pipeline").expect("it runs");
}

#[test]
fn what_passes_count_is_reported() {
    let context = context();
    let module = parse(&context);
    let text = "builtin.module(func.func(test-probe,cse))";
    let report = run_pipeline(&context, Op::of_module(&module), text, &mut Instrumentation::default());
    let report = report.expect("it is a pipeline").expect("it runs");
    assert_eq!(report.counts, [Count { pass: "test-probe", statistic: "marked", count: 2 }]);
}

#[test]
fn a_pipeline_runs_on_many_modules() {
    let context = context();
    let registry = Registry::global().expect("it is consistent");
    let mut pipeline =
        Pipeline::parse(&context, registry, "builtin.module(func.func(test-probe,cse))").expect("parses");
    for _ in 0..3 {
        let module = parse(&context);
        pipeline.run(Op::of_module(&module), &mut Instrumentation::default()).expect("runs");
        assert!(module.as_operation().to_string().contains("test.mark"));
    }
}

#[test]
fn mlir_may_use_threads() {
    let context = context();
    context.enable_multi_threading(true);
    let many: String = (0..200).map(|index| format!("func.func @f{index}() {{ return }}\n")).collect();
    let module = Module::parse(&context, &many).expect("it parses");
    let mut instrumentation = Instrumentation { timing: true, ..Instrumentation::default() };
    let pipeline = "builtin.module(func.func(test-probe,cse))";
    let report =
        run_pipeline(&context, Op::of_module(&module), pipeline, &mut instrumentation).expect("parses").expect("runs");
    assert_eq!(report.timing.expect("it was asked for").passes.iter().map(|row| row.runs).sum::<usize>(), 400);
}

/// Not a test of time: it prints what a run costs besides the passes themselves (`--nocapture`).
#[test]
fn what_a_pipeline_costs() {
    let context = context();
    let registry = Registry::global().expect("it is consistent");
    let elements = ["test-probe", "cse"].repeat(20).join(",");
    let text = format!("builtin.module(func.func({elements}))");
    for round in 0..3 {
        let module = parse(&context);
        let start = Instant::now();
        let mut pipeline = Pipeline::parse(&context, registry, &text).expect("parses");
        let parsed = start.elapsed();
        pipeline.run(Op::of_module(&module), &mut Instrumentation::default()).expect("runs");
        let first = start.elapsed() - parsed;
        let module = parse(&context);
        let start = Instant::now();
        pipeline.run(Op::of_module(&module), &mut Instrumentation::default()).expect("runs");
        println!("round {round}: parse {parsed:?}, first run {first:?}, second run {:?}", start.elapsed());
    }
}
