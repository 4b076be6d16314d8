//! The code generator: one target, one level, any number of modules.

use std::cell::Cell;

use melior::ir::Module as MlirModule;

use crate::emit;
use crate::error::{Error, Step};
use crate::fatal;
use crate::llvm::Module;
use crate::optimize::{OptLevel, optimize};
use crate::progress::{Progress, Timings};
use crate::remarks::{self, Said};
use crate::target::{Target, TargetMachine};
use crate::translate::{translate, verify};

/// Which LLVM IR is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IrForm {
    /// As translated from the `llvm` dialect.
    Translated,
    /// After LLVM's passes.
    Optimized,
}

/// Makes machine code for one target from modules of stage `llvm`.
pub struct CodeGenerator {
    target: Target,
    level: OptLevel,
    machine: TargetMachine,
    verify_each: bool,
    timings: Cell<Timings>,
}

impl CodeGenerator {
    /// A generator for `target`. With `NUMIR_VERIFY=each` in the environment, LLVM verifies after each of its passes.
    pub fn new(target: Target, level: OptLevel) -> Result<Self, Error> {
        fatal::install();
        let machine = TargetMachine::new(&target, level.codegen_level())?;
        let verify_each = std::env::var_os("NUMIR_VERIFY").is_some_and(|value| value == "each");
        Ok(Self { target, level, machine, verify_each, timings: Cell::default() })
    }

    /// The target that code is made for.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// How long each step of the last compilation took.
    pub fn timings(&self) -> Timings {
        self.timings.get()
    }

    /// The module as LLVM IR.
    pub fn llvm_ir(&self, module: &MlirModule, form: IrForm) -> Result<String, Error> {
        self.compile(|progress| {
            let translated = self.translate(progress, module)?;
            if form == IrForm::Optimized {
                self.optimize(progress, &translated)?;
            }
            Ok(translated.text())
        })
    }

    /// The module as assembly.
    pub fn assembly(&self, module: &MlirModule) -> Result<String, Error> {
        self.compile(|progress| {
            let optimized = self.optimized(progress, module)?;
            progress.step(Step::Emit, || emit::assembly(&optimized, &self.machine))
        })
    }

    /// The module as a relocatable ELF object, for `numir_runtime::loader`, or to be linked with the runtime's static library.
    pub fn object(&self, module: &MlirModule) -> Result<Vec<u8>, Error> {
        self.compile(|progress| {
            let optimized = self.optimized(progress, module)?;
            let object = progress.step(Step::Emit, || emit::object(&optimized, &self.machine))?;
            Ok(object.bytes().to_vec())
        })
    }

    /// What LLVM's vectoriser says of the module's loops while it is optimised.
    pub fn remarks(&self, module: &MlirModule) -> Result<Vec<Said>, Error> {
        remarks::enable();
        self.compile(|progress| {
            let optimized = self.optimized(progress, module)?;
            Ok(optimized.context().take_remarks().iter().filter_map(|text| remarks::read(text)).collect())
        })
    }

    fn compile<T>(&self, work: impl FnOnce(&Progress) -> Result<T, Error>) -> Result<T, Error> {
        let (result, timings) = Progress::run(work);
        self.timings.set(timings);
        result
    }

    fn translate(&self, progress: &Progress, module: &MlirModule) -> Result<Module, Error> {
        progress.step(Step::Translate, || translate(module, &self.machine))
    }

    fn optimize(&self, progress: &Progress, module: &Module) -> Result<(), Error> {
        progress.step(Step::Optimize, || {
            optimize(module, &self.machine, self.level, self.verify_each)?;
            if self.verify_each { verify(module) } else { Ok(()) }
        })
    }

    fn optimized(&self, progress: &Progress, module: &MlirModule) -> Result<Module, Error> {
        let translated = self.translate(progress, module)?;
        self.optimize(progress, &translated)?;
        Ok(translated)
    }
}
