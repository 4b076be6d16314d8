//! What is specific to one kind of machine, behind one trait. To add a machine: a file in `machine/`, and its line in
//! `MACHINES`.

mod aarch64;
mod nvptx;
mod x86_64;

use llvm_sys::target_machine::LLVMCodeModel;
use std::ffi::CStr;

/// A kind of processor that numir makes code for.
pub(crate) trait Machine: Sync {
    /// LLVM's triple for Linux on it.
    fn triple(&self) -> &'static str;

    /// The value of `std::env::consts::ARCH` on it.
    fn arch(&self) -> &'static str;

    /// The CPU names that a target may be made from, each with LLVM's name for it.
    fn cpus(&self) -> &'static [(&'static str, &'static str)];

    /// What code for one of these may use that not every processor of the kind has, under LLVM's names. Empty where nobody has to ask.
    fn features(&self, _name: &str) -> Vec<&'static str> {
        Vec::new()
    }

    /// Registers LLVM's back end for it. Idempotent and cheap.
    fn initialize(&self);

    /// The passes that code for it takes in place of numir's own, which are for CPUs.
    fn passes(&self) -> Option<&'static CStr> {
        None
    }

    /// The code model: how far apart code, data and called functions may lie.
    fn code_model(&self) -> LLVMCodeModel {
        LLVMCodeModel::LLVMCodeModelSmall
    }
}

/// All machines; the first name that fits wins.
pub(crate) static MACHINES: &[&dyn Machine] = &[&x86_64::X86_64, &aarch64::AArch64, &nvptx::Nvptx];

/// The machine this process runs on, if numir knows it.
pub(crate) fn host() -> Option<&'static dyn Machine> {
    MACHINES.iter().copied().find(|machine| machine.arch() == std::env::consts::ARCH)
}
