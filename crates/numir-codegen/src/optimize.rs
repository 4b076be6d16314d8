//! LLVM's optimisation pipeline, run once per module.
//!
//! What the levels cost, in ms on one core of an EPYC, with debug information: these passes, then machine code.
//!
//! | | `None` | `Less` | `Default` | `Aggressive` |
//! | --- | --- | --- | --- | --- |
//! | `examples/primes.py`, 20 lines | 0 + 3.5 | 10 + 6 | 24 + 18 | 25 + 18 |
//! | `examples/hillshade.py`, 51 lines | 0 + 10 | 15 + 16 | 25 + 24 | 26 + 24 |
//!
//! Translation takes 0.6 and 1.4 besides, linking 0.4. A third of what the sieve costs is one loop, which stores at a stride that is
//! known at run time: LLVM makes 64 iterations of it one. A function of one addition takes 0.2 + 1.8 + 1.8.

use std::ffi::{CStr, c_char};

use llvm_sys::error::LLVMErrorRef;
use llvm_sys::prelude::{LLVMModuleRef, LLVMValueRef};
use llvm_sys::target_machine::{LLVMCodeGenOptLevel, LLVMTargetMachineRef};
use llvm_sys::transforms::pass_builder::{
    LLVMCreatePassBuilderOptions, LLVMDisposePassBuilderOptions, LLVMPassBuilderOptionsRef,
    LLVMPassBuilderOptionsSetLoopInterleaving, LLVMPassBuilderOptionsSetLoopUnrolling,
    LLVMPassBuilderOptionsSetLoopVectorization, LLVMPassBuilderOptionsSetSLPVectorization,
    LLVMPassBuilderOptionsSetVerifyEach,
};

use crate::error::{Error, Step};
use crate::llvm::{Module, check};
use crate::rare;
use crate::target::TargetMachine;

unsafe extern "C-unwind" {
    // Declared here, not taken from llvm-sys, because a fatal error of LLVM unwinds through it (see `fatal`).
    fn LLVMRunPasses(
        module: LLVMModuleRef,
        passes: *const c_char,
        machine: LLVMTargetMachineRef,
        options: LLVMPassBuilderOptionsRef,
    ) -> LLVMErrorRef;
    fn LLVMRunPassesOnFunction(
        function: LLVMValueRef,
        passes: *const c_char,
        machine: LLVMTargetMachineRef,
        options: LLVMPassBuilderOptionsRef,
    ) -> LLVMErrorRef;
}

/// How much time LLVM may take to make the code fast.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OptLevel {
    /// No optimisation, fast register allocation: shortest compile time, slowest code.
    None,
    /// Few cheap passes, no vectorisation.
    Less,
    /// Nearly all passes.
    Default,
    /// All passes: what numir uses unless told otherwise.
    #[default]
    Aggressive,
}

impl OptLevel {
    fn pipeline(self) -> &'static CStr {
        match self {
            OptLevel::None => c"default<O0>",
            OptLevel::Less => c"default<O1>",
            OptLevel::Default => c"default<O2>",
            OptLevel::Aggressive => c"default<O3>",
        }
    }

    fn vectorizes(self) -> bool {
        matches!(self, OptLevel::Default | OptLevel::Aggressive)
    }

    pub(crate) fn codegen_level(self) -> LLVMCodeGenOptLevel {
        match self {
            OptLevel::None => LLVMCodeGenOptLevel::LLVMCodeGenLevelNone,
            OptLevel::Less => LLVMCodeGenOptLevel::LLVMCodeGenLevelLess,
            OptLevel::Default => LLVMCodeGenOptLevel::LLVMCodeGenLevelDefault,
            OptLevel::Aggressive => LLVMCodeGenOptLevel::LLVMCodeGenLevelAggressive,
        }
    }
}

/// Optimises the module in place.
pub(crate) fn optimize(
    module: &Module,
    machine: &TargetMachine,
    level: OptLevel,
    verify_each: bool,
) -> Result<(), Error> {
    let passes = Passes { machine, level, verify_each };
    let rare = if level.vectorizes() { rare::declare(module)? } else { Vec::new() };
    passes.run(module, level.pipeline())?;
    rare::define(module, &rare, &passes)
}

/// What runs LLVM's passes.
pub(crate) struct Passes<'m> {
    machine: &'m TargetMachine,
    level: OptLevel,
    verify_each: bool,
}

impl Passes<'_> {
    /// Runs a pipeline on a module.
    pub(crate) fn run(&self, module: &Module, pipeline: &CStr) -> Result<(), Error> {
        // SAFETY: module and machine are alive, the pipeline is a C string.
        self.with_options(module, |options| unsafe {
            LLVMRunPasses(module.raw(), pipeline.as_ptr(), self.machine.raw(), options)
        })
    }

    /// Runs a pipeline on a function of a module.
    pub(crate) fn run_on_function(
        &self,
        module: &Module,
        function: LLVMValueRef,
        pipeline: &CStr,
    ) -> Result<(), Error> {
        // SAFETY: function and machine are alive, the pipeline is a C string.
        self.with_options(module, |options| unsafe {
            LLVMRunPassesOnFunction(function, pipeline.as_ptr(), self.machine.raw(), options)
        })
    }

    fn with_options(
        &self,
        module: &Module,
        run: impl FnOnce(LLVMPassBuilderOptionsRef) -> LLVMErrorRef,
    ) -> Result<(), Error> {
        let vectorize = self.level.vectorizes().into();
        // SAFETY: the options are freed here, the error is consumed here.
        let result = unsafe {
            let options = LLVMCreatePassBuilderOptions();
            LLVMPassBuilderOptionsSetLoopVectorization(options, vectorize);
            LLVMPassBuilderOptionsSetSLPVectorization(options, vectorize);
            LLVMPassBuilderOptionsSetLoopInterleaving(options, vectorize);
            LLVMPassBuilderOptionsSetLoopUnrolling(options, vectorize);
            LLVMPassBuilderOptionsSetVerifyEach(options, self.verify_each.into());
            let result = check(run(options));
            LLVMDisposePassBuilderOptions(options);
            result
        };
        let reported = module.context().take_errors();
        match result.err().or(reported) {
            Some(message) => Err(Error::Llvm { step: Step::Optimize, message }),
            None => Ok(()),
        }
    }
}
