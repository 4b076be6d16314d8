//! Parses the text of a pipeline and runs it on modules.

use crate::counts::{self, Count};
use crate::diagnostic::{Diagnostic, collect};
use crate::known::{Known, NameTaken};
use crate::observe::{Instrumentation, Run, Slot, Verify, observe};
use crate::registry::{Registry, RegistryError};
use crate::shim::{append, numir_shim_observe, string_ref};
use crate::timing::Timing;
use melior::Context;
use mlir_sys::*;
use numir_numeric::ir::Op;
use std::ptr::null_mut;
use std::sync::atomic::Ordering;
use std::time::Instant;

/// A pipeline that cannot be built; the one who wrote its text, or the passes, is to blame.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PipelineError {
    /// The text is not a pipeline, or names what MLIR does not know.
    #[error("this is not a pipeline that MLIR understands: {message}\n  {text}")]
    Text {
        /// The text.
        text: String,
        /// What MLIR says.
        message: String,
    },
    /// The passes of this program contradict each other.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// A pass of this program has the name of one of MLIR's.
    #[error(transparent)]
    NameTaken(#[from] NameTaken),
}

/// What a run that succeeded leaves besides the changed module.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Warnings and remarks.
    pub diagnostics: Vec<Diagnostic>,
    /// What the passes counted.
    pub counts: Vec<Count>,
    /// The times, if asked for.
    pub timing: Option<Timing>,
}

/// A run that failed. The module is left in a state that must not be used further.
#[derive(Clone, Debug, thiserror::Error)]
pub struct RunError {
    /// The pass that failed; None if the module was found invalid at the end.
    pub pass: Option<String>,
    /// What was said; at least one error.
    pub diagnostics: Vec<Diagnostic>,
    /// The input and the pipeline, for `numir-opt --run-reproducer`, if asked for.
    pub reproducer: Option<String>,
    /// The times until then, if asked for.
    pub timing: Option<Timing>,
}

impl std::fmt::Display for RunError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.pass {
            Some(pass) => write!(formatter, "pass `{pass}` failed")?,
            None => formatter.write_str("the pipeline left an invalid module")?,
        }
        self.diagnostics.iter().try_for_each(|diagnostic| write!(formatter, "\n{diagnostic}"))
    }
}

/// A parsed pipeline, which can be run on any number of modules of its context. Keeping it saves parsing and the set-up of
/// pattern sets.
pub struct Pipeline<'c> {
    manager: MlirPassManager,
    context: &'c Context,
    text: String,
    slot: Box<Slot<'static, 'static>>,
}

impl<'c> Pipeline<'c> {
    /// Parses `text`, which starts with the operation it runs on: `builtin.module(…)`. The passes of `registry` that it
    /// mentions are made known to MLIR.
    pub fn parse(context: &'c Context, registry: &Registry, text: &str) -> Result<Self, PipelineError> {
        // MLIR looks names up in a table without a lock, to which other threads may be adding.
        let mut known = Known::lock();
        known.add_mentioned(registry, text)?;
        let anchor = text.split_once('(').map_or(text, |(anchor, _)| anchor).trim();
        let mut message = String::new();
        // SAFETY: the context outlives the pipeline; texts are read during the calls; the slot is boxed, so that its address
        // is the same for as long as the manager, which is destroyed first, may call the observer.
        unsafe {
            let manager = mlirPassManagerCreateOnOperation(context.to_raw(), string_ref(anchor));
            let slot: Box<Slot<'static, 'static>> = Box::new(Slot::new(null_mut()));
            let pipeline = Self { manager, context, text: text.to_owned(), slot };
            let inner = mlirPassManagerGetAsOpPassManager(manager);
            let parsed = mlirParsePassPipeline(inner, string_ref(text), Some(append), (&raw mut message).cast());
            if parsed.value == 0 {
                let message = message.trim().to_owned();
                return Err(PipelineError::Text { text: text.to_owned(), message });
            }
            numir_shim_observe(manager, observe, (&raw const *pipeline.slot).cast_mut().cast());
            Ok(pipeline)
        }
    }

    /// Its text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Runs it on `module`, which must be of its context. What is said meanwhile is in the result; nothing is printed.
    ///
    /// # Panics
    /// As `instrumentation.after_pass` does.
    pub fn run(&mut self, module: Op<'c>, instrumentation: &mut Instrumentation<'_>) -> Result<Report, RunError> {
        let start = Instant::now();
        let verify = instrumentation.verify;
        let timed = instrumentation.timing;
        let input = instrumentation.reproducer.then(|| print_with_locations(module));
        let mut run = Run::new(instrumentation);
        counts::begin(self.context.to_raw());
        let (succeeded, diagnostics) = collect(self.context, || {
            // SAFETY: the run outlives the call, and the slot is emptied before the run is used again.
            unsafe {
                self.slot.store((&raw mut run).cast(), Ordering::Release);
                mlirPassManagerEnableVerifier(self.manager, verify == Verify::Each);
                let outcome = mlirPassManagerRunOnOp(self.manager, module.raw());
                self.slot.store(null_mut(), Ordering::Release);
                outcome.value != 0 && (verify == Verify::Each || mlirOperationVerify(module.raw()))
            }
        });
        let counts = counts::end(self.context.to_raw());
        let (seen, panic) = run.finish();
        if let Some(panic) = panic {
            std::panic::resume_unwind(Box::new(panic.message));
        }
        let timing = timed.then(|| Timing { total: start.elapsed(), ..seen.timing });
        if succeeded {
            return Ok(Report { diagnostics, counts, timing });
        }
        let reproducer = input.map(|input| reproducer(&input, &self.text));
        Err(RunError { pass: seen.failed, diagnostics, reproducer, timing })
    }
}

impl Drop for Pipeline<'_> {
    fn drop(&mut self) {
        // SAFETY: the manager is this pipeline's own.
        unsafe { mlirPassManagerDestroy(self.manager) }
    }
}

/// Parses `text` with all passes of this program and runs it once on a module of `context`.
pub fn run_pipeline<'c>(
    context: &'c Context,
    module: Op<'c>,
    text: &str,
    instrumentation: &mut Instrumentation<'_>,
) -> Result<Result<Report, RunError>, PipelineError> {
    let mut pipeline = Pipeline::parse(context, Registry::global()?, text)?;
    Ok(pipeline.run(module, instrumentation))
}

/// The module as text that can be parsed again, locations included.
fn print_with_locations(module: Op<'_>) -> String {
    let mut text = String::new();
    // SAFETY: the flags are destroyed after their one use; `append` writes to `text`, which nobody else uses meanwhile.
    unsafe {
        let flags = mlirOpPrintingFlagsCreate();
        mlirOpPrintingFlagsEnableDebugInfo(flags, true, false);
        mlirOperationPrintWithFlags(module.raw(), flags, Some(append), (&raw mut text).cast());
        mlirOpPrintingFlagsDestroy(flags);
    }
    text
}

/// A file for `numir-opt --run-reproducer`: the input with the pipeline attached as MLIR attaches it.
pub fn reproducer(input: &str, pipeline: &str) -> String {
    let pipeline = pipeline.replace('\\', "\\\\").replace('"', "\\\"");
    let resources = [
        "{-#",
        "  external_resources: {",
        "    mlir_reproducer: {",
        &format!("      pipeline: \"{pipeline}\","),
        "      disable_threading: true,",
        "      verify_each: true",
        "    }",
        "  }",
        "#-}",
    ];
    format!("{}\n\n{}\n", input.trim_end(), resources.join("\n"))
}
