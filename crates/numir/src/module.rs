//! A module at a stage: made from a Python program or parsed from MLIR's text, lowered, printed, turned into code.

use crate::artifact::Artifact;
use crate::error::{Error, InputError, Origin};
use crate::kernels;
use crate::options::CompileOptions;
use crate::phases::Phases;
use crate::session::Session;
use crate::stage::Stage;
use melior::ir::Module as MlirModule;
use mlir_sys as mlir;
use numir_codegen::IrForm;
use numir_frontend::{Diagnostic, LiveProgram, Program, Signature, Type, TypedModule};
use numir_numeric::ir::Op;
use numir_pipeline::remarks::{self, Kind, Remark};
use numir_pipeline::schedule::{Request, Schedule};
use numir_pipeline::{Instrumentation, Place, Property, Registry, Target as PipelineTarget, Verify, collect};
use numir_runtime::loader::{self, Loaded};
use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;

/// A module at a stage of the way down.
pub struct Module {
    /// None only while it is being dropped.
    inner: Option<MlirModule<'static>>,
    stage: Stage,
    /// What holds by what has been run: the stage and all that was done on it.
    holds: BTreeSet<Property>,
    origin: Origin,
    signature: Option<Signature>,
    may_take_long: bool,
    phases: Phases,
}

// SAFETY: a module belongs to the session's context, and every method that reaches it takes the compile lock.
unsafe impl Send for Module {}
// SAFETY: as above.
unsafe impl Sync for Module {}

/// What code generation can give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// LLVM IR after LLVM's passes.
    LlvmIr,
    /// Assembly.
    Assembly,
    /// A relocatable object.
    Object,
    /// The kernels as PTX; nothing where there is none.
    Ptx,
}

impl Module {
    /// A function of a program with its callees, specialised for argument types, at stage `numeric`. The types are given in
    /// the parameters' order; None stands for a parameter left to its default.
    ///
    /// # Errors
    /// What is wrong with the program, at its place.
    pub fn from_program(
        program: &Program,
        function: &str,
        arguments: &[Option<Type>],
        options: &CompileOptions,
    ) -> Result<Self, Error> {
        Self::from_types(options, || program.specialize(function, arguments, &options.language()))
    }

    /// A function of a live program with its callees, as [`from_program`](Self::from_program). The environment is asked
    /// only while no lock is held.
    ///
    /// # Errors
    /// What is wrong with the program, at its place.
    pub fn from_live(
        program: &LiveProgram<'_>,
        function: u32,
        arguments: &[Option<Type>],
        options: &CompileOptions,
    ) -> Result<Self, Error> {
        Self::from_types(options, || program.specialize(function, arguments, &options.language()))
    }

    fn from_types(
        options: &CompileOptions,
        specialize: impl FnOnce() -> Result<TypedModule, Box<Diagnostic>>,
    ) -> Result<Self, Error> {
        let mut phases = Phases::default();
        let typed = phases.time("types", specialize)?;
        let may_take_long = typed.may_take_long();
        let (_guard, context) = phases.time("start MLIR", || Session::global().enter());
        let inner = phases.time("emit numeric", || typed.emit(context));
        if options.target.has_kernels() {
            kernels::ask_for(Op::of_module(&inner));
        }
        let signature = Some(typed.signature);
        let mut module = Self::new(inner, Stage::numeric(), Origin::FrontEnd, signature, phases);
        module.may_take_long = may_take_long;
        module.verify()?;
        Ok(module)
    }

    /// The module in a file of MLIR's text or bytecode, which must be what the stage promises.
    ///
    /// # Errors
    /// [`Error::Input`] at its place in the file.
    pub fn parse_file(path: &Path, stage: Stage) -> Result<Self, Error> {
        let name = path.to_string_lossy().into_owned();
        Self::parse(name, stage, |context, name| {
            // SAFETY: the context is live and the name is read during the call.
            unsafe { mlir::mlirModuleCreateParseFromFile(context, text(name)) }
        })
    }

    /// The module in a text, under a name for error messages.
    ///
    /// # Errors
    /// [`Error::Input`]; places in it name the file `-`, which is MLIR's name of a text.
    pub fn parse_text(name: &str, source: &str, stage: Stage) -> Result<Self, Error> {
        Self::parse(name.to_owned(), stage, |context, _| {
            // SAFETY: the context is live and the text is read during the call.
            unsafe { mlir::mlirModuleCreateParse(context, text(source)) }
        })
    }

    fn parse(
        name: String,
        stage: Stage,
        parse: impl FnOnce(mlir::MlirContext, &str) -> mlir::MlirModule,
    ) -> Result<Self, Error> {
        let mut phases = Phases::default();
        let (_guard, context) = phases.time("start MLIR", || Session::global().enter());
        let (raw, diagnostics) = phases.time("parse", || collect(context, || parse(context.to_raw(), &name)));
        let origin = Origin::Foreign(name);
        if raw.ptr.is_null() {
            return Err(Error::of_diagnostics(&origin, "parsing", &diagnostics, None));
        }
        // SAFETY: the parser made the module in the session's context, which lives for ever, and handed it over.
        let inner = unsafe { MlirModule::from_raw(raw) };
        let mut module = Self::new(inner, stage, origin, None, phases);
        module.check_stage()?;
        Ok(module)
    }

    fn new(
        inner: MlirModule<'static>,
        stage: Stage,
        origin: Origin,
        signature: Option<Signature>,
        phases: Phases,
    ) -> Self {
        let promise = stage.promise();
        let holds = promise.implies.iter().copied().chain([promise.property]).collect();
        Self { inner: Some(inner), stage, holds, origin, signature, may_take_long: true, phases }
    }

    /// The stage it is at.
    pub fn stage(&self) -> Stage {
        self.stage
    }

    /// What the entry takes and gives; None for a module that was parsed.
    pub fn signature(&self) -> Option<&Signature> {
        self.signature.as_ref()
    }

    /// Whether a call of it may take longer than a moment, as far as that was seen when it was made.
    pub fn may_take_long(&self) -> bool {
        self.may_take_long
    }

    /// From now on measures each pass.
    pub fn time_passes(&mut self) {
        self.phases.detail();
    }

    /// How long each step has taken so far.
    pub fn phases(&self) -> &Phases {
        &self.phases
    }

    /// Lowers it to a stage, all work on that stage done.
    ///
    /// # Errors
    /// A stage above its own, and whatever the passes say. After an error the module must not be used further.
    pub fn lower(&mut self, to: Stage, options: &CompileOptions) -> Result<(), Error> {
        let schedule = self.schedule(to, options)?;
        self.run(&schedule)?;
        self.stage = to;
        Ok(())
    }

    /// Lowers it to stage `llvm` and calls `visit` with its text at each stage on the way, its own included.
    ///
    /// # Errors
    /// As [`lower`](Self::lower).
    pub fn lower_visiting(
        &mut self,
        options: &CompileOptions,
        locations: bool,
        mut visit: impl FnMut(Stage, String) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let schedule = self.schedule(Stage::last(options), options)?;
        let mut done = 0;
        for (property, until) in schedule.stages() {
            self.run_part(&schedule, done..until)?;
            done = until;
            if let Ok(stage) = property.name().parse() {
                self.stage = stage;
                visit(stage, self.text(locations))?;
            }
        }
        self.run_part(&schedule, done..schedule.steps.len())
    }

    /// The module as an operation, while there is one.
    pub(crate) fn operation(&self) -> Option<Op<'static>> {
        self.inner.as_ref().map(Op::of_module)
    }

    fn run_part(&mut self, schedule: &Schedule, steps: Range<usize>) -> Result<(), Error> {
        let steps = schedule.steps[steps].to_vec();
        self.run(&Schedule { steps, start: self.holds.clone(), ..schedule.clone() })
    }

    /// Its text. With locations, so that nothing is lost when it is parsed again.
    pub fn text(&self, locations: bool) -> String {
        let (_guard, _) = Session::global().enter();
        let mut out = String::new();
        let Some(inner) = &self.inner else { return out };
        // SAFETY: the module is alive, the flags are destroyed after use, and `append` writes to `out` alone.
        unsafe {
            let flags = mlir::mlirOpPrintingFlagsCreate();
            mlir::mlirOpPrintingFlagsEnableDebugInfo(flags, locations, false);
            mlir::mlirOpPrintingFlagsPrintNameLocAsPrefix(flags);
            let operation = Op::of_module(inner).raw();
            mlir::mlirOperationPrintWithFlags(operation, flags, Some(append), (&raw mut out).cast());
            mlir::mlirOpPrintingFlagsDestroy(flags);
        }
        if !out.ends_with('\n') {
            out.push('\n');
        }
        out
    }

    /// Code in a form for people or for a linker. The module is lowered to `llvm` first if it was not yet.
    ///
    /// # Errors
    /// As [`lower`](Self::lower), and what LLVM says.
    pub fn generate(&mut self, form: Form, options: &CompileOptions) -> Result<Vec<u8>, Error> {
        if form == Form::Ptx {
            self.lower_fully(options)?;
            return Ok(self.take_kernels(options)?.unwrap_or_default().into_bytes());
        }
        self.generate_with(options, |generator, module| match form {
            Form::LlvmIr => generator.llvm_ir(module, IrForm::Optimized).map(String::into_bytes),
            Form::Assembly | Form::Ptx => generator.assembly(module).map(String::into_bytes),
            Form::Object => generator.object(module),
        })
    }

    /// Code in this process's memory. The module is lowered to `llvm` first if it was not yet.
    ///
    /// # Errors
    /// As [`generate`](Self::generate); a module that was parsed has no signature to be called by.
    pub fn load(mut self, options: &CompileOptions) -> Result<Artifact, Error> {
        let Some(signature) = self.signature.take() else {
            return Err(Error::Target("a module without a signature cannot be called from here".to_owned()));
        };
        let object = self.generate(Form::Object, options)?;
        let loaded = self.phases.time("load", || Loaded::load(&object, &loader::resolve));
        let loaded = loaded.map_err(|error| Error::of_load(options.target.name(), &error))?;
        Artifact::new(loaded, signature, self.phases.clone())
    }

    /// What the passes and LLVM did and did not do on the way to machine code, in that order.
    ///
    /// # Errors
    /// As [`generate`](Self::generate).
    pub fn remarks(&mut self, options: &CompileOptions) -> Result<Vec<Remark>, Error> {
        let (lowered, mut remarks) = remarks::collecting(|| self.lower_fully(options));
        lowered?;
        let loops = self.generate_with(options, |generator, module| generator.remarks(module))?;
        remarks.extend(loops.into_iter().map(|said| {
            let place = Place { file: said.file, line: said.line, column: said.column, end: None };
            let kind = if said.done { Kind::Done } else { Kind::Missed };
            Remark { pass: said.pass.to_owned(), kind, places: vec![place], text: said.text }
        }));
        Ok(remarks)
    }

    fn generate_with<T>(
        &mut self,
        options: &CompileOptions,
        work: impl FnOnce(&numir_codegen::CodeGenerator, &MlirModule<'static>) -> Result<T, numir_codegen::Error>,
    ) -> Result<T, Error> {
        self.lower_fully(options)?;
        if let Some(image) = self.take_kernels(options)? {
            self.put_image(&image)?;
        }
        let session = Session::global();
        let (guard, _) = session.enter();
        let Some(inner) = &self.inner else { return Err(Error::bug("the module is gone")) };
        let (result, timings) = session
            .with_generator(&guard, options.target.machine(), options, |generator| {
                (work(generator, inner), generator.timings())
            })
            .map_err(|error| Error::of_codegen(&self.origin, error))?;
        self.phases.add("LLVM: translate", timings.translate);
        self.phases.add("LLVM: optimise", timings.optimize);
        self.phases.add("LLVM: emit", timings.emit);
        result.map_err(|error| Error::of_codegen(&self.origin, error))
    }

    /// Lowers it to the stage from which code is generated.
    fn lower_fully(&mut self, options: &CompileOptions) -> Result<(), Error> {
        let last = Stage::last(options);
        if self.stage == last { Ok(()) } else { self.lower(last, options) }
    }

    fn schedule(&self, to: Stage, options: &CompileOptions) -> Result<Schedule, Error> {
        if to.depth() < self.stage.depth() {
            return Err(Error::Target(format!("a module at stage {} cannot be raised to {to}", self.stage)));
        }
        let way = options.target.way();
        let Some(target) = PipelineTarget::named(way) else { return Err(Error::Pass(format!("no target `{way}`"))) };
        let request = Request { start: self.holds.clone(), ..target.request(options.level) };
        let schedule = request.schedule(registry()?)?.limit_from_environment();
        if to == Stage::last(options) {
            return Ok(schedule);
        }
        let missing = || Error::Pass(format!("no pass leads from stage {} to {to}", self.stage));
        schedule.until(to.promise().property).ok_or_else(missing)
    }

    fn run(&mut self, schedule: &Schedule) -> Result<(), Error> {
        let mut instrumentation = Instrumentation::from_environment();
        let checked = instrumentation.verify == Verify::Each;
        let text = if checked { schedule.pipeline_with_checks() } else { schedule.pipeline() };
        instrumentation.timing |= self.phases.is_detailed();
        self.run_text(&text, &mut instrumentation)?;
        if let Some(last) = schedule.steps.last() {
            self.holds.clone_from(&last.holds);
        }
        Ok(())
    }

    /// Checks what the stage promises besides MLIR's own rules; who handed the module in is to blame.
    fn check_stage(&mut self) -> Result<(), Error> {
        let text = format!("builtin.module(verify-stage{{stage={}}})", self.stage);
        let name = match &self.origin {
            Origin::Foreign(name) => name.clone(),
            Origin::FrontEnd => String::new(),
        };
        self.run_text(&text, &mut Instrumentation::default()).map_err(|error| match error {
            Error::Numir(bug) => Error::Input(Box::new(InputError {
                file: name,
                place: bug.place,
                // The pass speaks as one whose input comes from numir itself.
                message: bug.message.rsplit("`verify-stage`: ").next().unwrap_or_default().to_owned(),
                notes: Vec::new(),
            })),
            other => other,
        })
    }

    fn run_text(&mut self, text: &str, instrumentation: &mut Instrumentation<'_>) -> Result<(), Error> {
        let session = Session::global();
        let (guard, _) = session.enter();
        let Some(inner) = &self.inner else { return Err(Error::bug("the module is gone")) };
        let operation = Op::of_module(inner);
        let report = self.phases.time("passes", || {
            session.with_pipeline(&guard, text, registry()?, |pipeline| {
                pipeline.run(operation, instrumentation).map_err(|error| Error::of_run(&self.origin, error))
            })?
        })?;
        if let Some(timing) = report.timing {
            self.phases.add_passes(&timing);
        }
        Ok(())
    }

    fn verify(&self) -> Result<(), Error> {
        let (_guard, context) = Session::global().enter();
        let Some(inner) = &self.inner else { return Ok(()) };
        let (valid, diagnostics) = collect(context, || Op::of_module(inner).verify());
        if valid { Ok(()) } else { Err(Error::of_diagnostics(&self.origin, "the front end", &diagnostics, None)) }
    }
}

impl Drop for Module {
    fn drop(&mut self) {
        let (_guard, _) = Session::global().enter();
        self.inner = None;
    }
}

pub(crate) fn registry() -> Result<&'static Registry, Error> {
    // Named so that the passes are linked: they declare themselves.
    use numir_passes as _;
    Registry::global().map_err(|error| Error::Pass(error.to_string()))
}

fn text(text: &str) -> mlir::MlirStringRef {
    mlir::MlirStringRef { data: text.as_ptr().cast(), length: text.len() }
}

unsafe extern "C" fn append(part: mlir::MlirStringRef, out: *mut std::ffi::c_void) {
    // SAFETY: `Module::text` passes its string, which nobody else uses meanwhile; MLIR's part is readable for the call.
    unsafe {
        let bytes = std::slice::from_raw_parts(part.data.cast::<u8>(), part.length);
        (*out.cast::<String>()).push_str(&String::from_utf8_lossy(bytes));
    }
}
