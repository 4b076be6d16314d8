//! NVIDIA's GPUs, as PTX, which the driver turns into machine code.

use super::Machine;
use llvm_sys::target::{
    LLVMInitializeNVPTXAsmPrinter, LLVMInitializeNVPTXTarget, LLVMInitializeNVPTXTargetInfo,
    LLVMInitializeNVPTXTargetMC,
};
use std::ffi::CStr;

/// The architectures from Turing on.
pub(super) struct Nvptx;

impl Machine for Nvptx {
    fn triple(&self) -> &'static str {
        "nvptx64-nvidia-cuda"
    }

    /// No process runs on one.
    fn arch(&self) -> &'static str {
        "nvptx64"
    }

    fn cpus(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("cuda:sm_75", "sm_75"),
            ("cuda:sm_80", "sm_80"),
            ("cuda:sm_86", "sm_86"),
            ("cuda:sm_87", "sm_87"),
            ("cuda:sm_89", "sm_89"),
            ("cuda:sm_90", "sm_90"),
            ("cuda:sm_100", "sm_100"),
            ("cuda:sm_103", "sm_103"),
            ("cuda:sm_120", "sm_120"),
        ]
    }

    /// LLVM's own. Then address spaces, and by them how accesses are aligned: the code generator makes one access of up to four that are.
    fn passes(&self) -> Option<&'static CStr> {
        Some(c"default<O3>,function(infer-address-spaces,infer-alignment)")
    }

    fn initialize(&self) {
        // SAFETY: registering a target again changes nothing; the caller holds the lock of LLVM's registry.
        unsafe {
            LLVMInitializeNVPTXTargetInfo();
            LLVMInitializeNVPTXTarget();
            LLVMInitializeNVPTXTargetMC();
            LLVMInitializeNVPTXAsmPrinter();
        }
    }
}
