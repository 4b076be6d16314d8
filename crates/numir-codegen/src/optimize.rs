//! LLVM's optimisation pipeline, run once per module.
//!
//! What the levels cost, in ms on one core of an EPYC, with debug information: these passes, then machine code.
//!
//! | | `None` | `Less` | `Default` | `Aggressive` |
//! | --- | --- | --- | --- | --- |
//! | `examples/primes.py`, 20 lines | 0 + 3.7 | 9 + 5 | 21 + 13 | 16 + 13 |
//! | `examples/hillshade.py`, 51 lines | 2 + 10 | 20 + 27 | 35 + 32 | 26 + 33 |
//!
//! Translation takes 0.6 and 2.0 besides, linking 0.4. A third of what the sieve costs is one loop, which stores at a stride that is
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

use crate::device;
use crate::draws;
use crate::error::{Error, Step};
use crate::libdevice;
use crate::llvm::{Module, check};
use crate::rare;
use crate::target::TargetMachine;

/// Strings joined to one for C.
macro_rules! concat_cstr {
    ($($part:expr),+ $(,)?) => {
        match CStr::from_bytes_with_nul(concat!($($part),+, "\0").as_bytes()) {
            Ok(text) => text,
            Err(_) => panic!("a zero in the text"),
        }
    };
}

/// The passes' simplification of branches as it is while loops are to keep their form.
macro_rules! simplify_branches {
    () => {
        "simplifycfg<switch-range-to-icmp;keep-loops;no-hoist-common-insts;no-sink-common-insts;speculate-blocks>"
    };
}

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

/// The passes of the highest level. LLVM's `default<O3>` has more than twice as many, for what C++ programs bring along: what comes from
/// the layers above is folded, free of common subexpressions, and its loops are counted and versioned already. Over the array programs of
/// `benchmarks` the code is as fast (1.02 times in the geometric mean), and made in two thirds of the time.
///
/// Left out, besides what is of no concern here (exceptions, coroutines, recursion by tail calls): passes that run again and again to
/// see what others made possible (`instcombine` is there four times instead of eight), forwarding of stores to the
/// loads of the next iteration, and the copies of loops for conditions that do not change in them, which `version-loops` makes where they pay.
const AGGRESSIVE: &CStr = concat_cstr!(
    "globalopt,require<globals-aa>,function(invalidate<aa>),require<profile-summary>,",
    // From the callees to the callers: what is called is simplified before it is inlined.
    "cgscc(devirt<4>(inline,function-attrs<skip-non-recursive-function-attrs>,function<eager-inv;no-rerun>(",
    "sroa<modify-cfg>,early-cse<memssa>,",
    // `break` is a flag that the loop's head looks at. With the head's tests at the loop's end, what leaves is a jump, before branches
    // become choices: `i` of the next iteration would wait for whether this one leaves.
    "jump-threading,loop-mssa(loop-rotate),jump-threading,instcombine<max-iterations=1;no-verify-fixpoint>,",
    simplify_branches!(),
    ",loop-mssa(loop-rotate,licm<allowspeculation>,simple-loop-unswitch<no-nontrivial;trivial>),",
    simplify_branches!(),
    ",loop(loop-idiom,indvars,loop-deletion,loop-unroll-full),",
    "gvn<>,instcombine<max-iterations=1;no-verify-fixpoint>,dse,loop-mssa(licm<allowspeculation>),",
    simplify_branches!(),
    "),function-attrs)),globaldce,",
    // Then vectors, and what they leave.
    "function<eager-inv>(loop-vectorize<no-interleave-forced-only;no-vectorize-forced-only;>,infer-alignment,",
    "simplifycfg<forward-switch-cond;switch-range-to-icmp;switch-to-lookup;no-keep-loops;hoist-common-insts;sink-common-insts>,",
    "slp-vectorizer,instcombine<max-iterations=1;no-verify-fixpoint>,loop-unroll<O3>,early-cse<>,",
    "loop-mssa(licm<allowspeculation>),div-rem-pairs,",
    simplify_branches!(),
    "),globaldce,constmerge"
);

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
            OptLevel::Aggressive => AGGRESSIVE,
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
    if let Some(own) = machine.passes {
        device::put_in(module)?;
        libdevice::put_in(module)?;
        return passes.run(module, if level == OptLevel::None { level.pipeline() } else { own });
    }
    if level != OptLevel::None {
        draws::put_in(module)?;
    }
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
        let vectorize = (self.level.vectorizes() && self.machine.passes.is_none()).into();
        // SAFETY: the options are freed here, the error is consumed here.
        let result = unsafe {
            let options = LLVMCreatePassBuilderOptions();
            LLVMPassBuilderOptionsSetLoopVectorization(options, vectorize);
            LLVMPassBuilderOptionsSetSLPVectorization(options, vectorize);
            LLVMPassBuilderOptionsSetLoopInterleaving(options, vectorize);
            LLVMPassBuilderOptionsSetLoopUnrolling(options, self.level.vectorizes().into());
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
