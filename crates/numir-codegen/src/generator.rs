//! The code generator: one target, one level, any number of modules.

use std::cell::Cell;
use std::ffi::{CStr, CString};
use std::sync::Arc;

use llvm_sys::LLVMLinkage;
use llvm_sys::core::{LLVMGetFirstFunction, LLVMGetLinkage, LLVMGetNextFunction, LLVMGetValueName2, LLVMIsDeclaration};
use melior::ir::Module as MlirModule;

use crate::emit;
use crate::error::{Error, Step};
use crate::fatal;
use crate::jit::Jit;
use crate::llvm::Module;
use crate::optimize::{OptLevel, optimize};
use crate::progress::{Progress, Timings};
use crate::symbols::Symbols;
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
    symbols: Arc<Symbols>,
    verify_each: bool,
    timings: Cell<Timings>,
}

impl CodeGenerator {
    /// A generator for `target`. With `NUMIR_VERIFY=each` in the environment, LLVM verifies after each of its passes.
    pub fn new(target: Target, level: OptLevel) -> Result<Self, Error> {
        fatal::install();
        let machine = TargetMachine::new(&target, level.codegen_level())?;
        let verify_each = std::env::var_os("NUMIR_VERIFY").is_some_and(|value| value == "each");
        Ok(Self { target, level, machine, symbols: Arc::default(), verify_each, timings: Cell::default() })
    }

    /// The target that code is made for.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// Lets JIT-compiled code call `address` under the name `symbol`. It wins over a symbol of the process.
    pub fn define(&mut self, symbol: &str, address: *const ()) {
        Arc::make_mut(&mut self.symbols).define(symbol, address);
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

    /// The module as a relocatable ELF object, to be linked with the runtime's static library.
    pub fn object(&self, module: &MlirModule) -> Result<Vec<u8>, Error> {
        self.compile(|progress| {
            let optimized = self.optimized(progress, module)?;
            let object = progress.step(Step::Emit, || emit::object(&optimized, &self.machine))?;
            Ok(object.bytes().to_vec())
        })
    }

    /// The module in executable memory of this process.
    pub fn jit(&self, module: &MlirModule) -> Result<Jit, Error> {
        if !self.target.is_native() {
            return Err(Error::ForeignTarget { target: self.target.triple().to_owned() });
        }
        self.compile(|progress| {
            let optimized = self.optimized(progress, module)?;
            let object = progress.step(Step::Emit, || emit::object(&optimized, &self.machine))?;
            let anchor = first_exported(&optimized);
            progress.step(Step::Link, || Jit::new(object, anchor.as_deref(), self.symbols.clone(), &self.target))
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

/// The name of a function that the module's object will export.
fn first_exported(module: &Module) -> Option<CString> {
    // SAFETY: the module is alive and not changed; names are live C strings inside it.
    unsafe {
        let mut function = LLVMGetFirstFunction(module.raw());
        while !function.is_null() {
            if LLVMIsDeclaration(function) == 0 && LLVMGetLinkage(function) == LLVMLinkage::LLVMExternalLinkage {
                let mut len = 0;
                return Some(CStr::from_ptr(LLVMGetValueName2(function, &mut len)).to_owned());
            }
            function = LLVMGetNextFunction(function);
        }
    }
    None
}
