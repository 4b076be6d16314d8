//! 64-bit ARM.

use llvm_sys::target::{
    LLVMInitializeAArch64AsmParser, LLVMInitializeAArch64AsmPrinter, LLVMInitializeAArch64Target,
    LLVMInitializeAArch64TargetInfo, LLVMInitializeAArch64TargetMC,
};

use super::Machine;

/// 64-bit ARM under Linux.
pub(super) struct AArch64;

impl Machine for AArch64 {
    fn triple(&self) -> &'static str {
        "aarch64-unknown-linux-gnu"
    }

    fn arch(&self) -> &'static str {
        "aarch64"
    }

    fn cpus(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("aarch64", "generic"),
            ("neoverse-n1", "neoverse-n1"),
            ("neoverse-v1", "neoverse-v1"),
            ("neoverse-v2", "neoverse-v2"),
            ("apple-m1", "apple-m1"),
        ]
    }

    fn initialize(&self) {
        // SAFETY: registering a target is idempotent; `Target` makes these calls under a lock.
        unsafe {
            LLVMInitializeAArch64TargetInfo();
            LLVMInitializeAArch64Target();
            LLVMInitializeAArch64TargetMC();
            LLVMInitializeAArch64AsmPrinter();
            LLVMInitializeAArch64AsmParser();
        }
    }
}
