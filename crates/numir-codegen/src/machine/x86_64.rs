//! x86-64: the psABI's levels, and the CPUs that people name.

use llvm_sys::target::{
    LLVMInitializeX86AsmParser, LLVMInitializeX86AsmPrinter, LLVMInitializeX86Target, LLVMInitializeX86TargetInfo,
    LLVMInitializeX86TargetMC,
};

use llvm_sys::support::LLVMParseCommandLineOptions;
use std::sync::Once;

use super::Machine;

/// What LLVM is told that has no place in its C API, after the name of the program.
const OPTIONS: [&std::ffi::CStr; 6] = [
    c"numir",
    // It makes a branch of a conditional move where it takes the condition for predictable; the minima and maxima of dynamic
    // programming are not: an edit distance takes 1.6 times as long with branches, and no loop of `benchmarks` is faster with them.
    c"-x86-cmov-converter=false",
    // Loop strength reduction looks for cheaper addresses than base + index * size + offset, which every instruction of this
    // machine computes for nothing: a third of the time of code generation, and the array programs are no faster with it.
    c"-disable-lsr",
    // Constants and addresses are hoisted out of loops without a count of the registers. This sinks back what would be spilled: with
    // a few elementary functions in one loop, from 1.2 to 1.7 times as fast.
    c"-sink-insts-to-avoid-spills",
    // Of what is described to debuggers nothing but lines is there: the analysis of where variables live takes a tenth of the time of code
    // generation to find none. The older one sees that at once.
    c"-experimental-debug-variable-locations=false",
    // Another twentieth, for an order of instructions that these machines find by themselves.
    c"-disable-post-ra",
];

/// 64-bit x86 under Linux.
pub(super) struct X86_64;

impl Machine for X86_64 {
    fn triple(&self) -> &'static str {
        "x86_64-unknown-linux-gnu"
    }

    fn arch(&self) -> &'static str {
        "x86_64"
    }

    fn cpus(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("x86-64", "x86-64"),
            ("x86-64-v2", "x86-64-v2"),
            ("x86-64-v3", "x86-64-v3"),
            ("x86-64-v4", "x86-64-v4"),
            ("haswell", "haswell"),
            ("skylake", "skylake"),
            ("skylake-avx512", "skylake-avx512"),
            ("icelake-server", "icelake-server"),
            ("sapphirerapids", "sapphirerapids"),
            ("znver2", "znver2"),
            ("znver3", "znver3"),
            ("znver4", "znver4"),
            ("znver5", "znver5"),
        ]
    }

    fn initialize(&self) {
        // SAFETY: registering a target is idempotent; `Target` makes these calls under a lock.
        unsafe {
            LLVMInitializeX86TargetInfo();
            LLVMInitializeX86Target();
            LLVMInitializeX86TargetMC();
            LLVMInitializeX86AsmPrinter();
            LLVMInitializeX86AsmParser();
        }
        static TOLD: Once = Once::new();
        // SAFETY: the texts end in zero and outlive the call, which keeps none of them. An option may be given once only.
        TOLD.call_once(|| unsafe {
            let options = OPTIONS.map(std::ffi::CStr::as_ptr);
            LLVMParseCommandLineOptions(options.len() as i32, options.as_ptr(), std::ptr::null());
        });
    }
}
