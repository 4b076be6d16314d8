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

/// What each of the psABI's levels adds to the one below.
const LEVELS: [&[&str]; 3] = [
    &["sse3", "ssse3", "sse4.1", "sse4.2", "popcnt"],
    &["avx", "avx2", "bmi", "bmi2", "f16c", "fma", "lzcnt", "movbe"],
    &["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"],
];

/// What Ice Lake has besides; later CPUs have it, too.
const ICE_LAKE: &[&str] = &[
    "avx512vbmi",
    "avx512vbmi2",
    "avx512vnni",
    "avx512bitalg",
    "avx512vpopcntdq",
    "avx512ifma",
    "gfni",
    "vaes",
    "vpclmulqdq",
];

/// CPUs by the level that they have, with what they have besides.
const HAVE: [(&str, usize, &[&[&str]]); 12] = [
    ("x86-64-v2", 1, &[]),
    ("x86-64-v3", 2, &[]),
    ("x86-64-v4", 3, &[]),
    ("haswell", 2, &[]),
    ("skylake", 2, &[]),
    ("skylake-avx512", 3, &[]),
    ("icelake-server", 3, &[ICE_LAKE]),
    ("sapphirerapids", 3, &[ICE_LAKE, &["avx512bf16", "avx512fp16", "avxvnni"]]),
    ("znver2", 2, &[]),
    ("znver3", 2, &[&["vaes", "vpclmulqdq"]]),
    ("znver4", 3, &[ICE_LAKE, &["avx512bf16"]]),
    ("znver5", 3, &[ICE_LAKE, &["avx512bf16", "avxvnni"]]),
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

    fn features(&self, name: &str) -> Vec<&'static str> {
        let Some((_, level, more)) = HAVE.iter().find(|(known, ..)| *known == name) else { return Vec::new() };
        LEVELS[..*level].iter().chain(*more).flat_map(|features| features.iter().copied()).collect()
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
