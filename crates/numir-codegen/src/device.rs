//! What kernels have instead of the runtime: where an error leaves a thread, functions of their own module write it down (`device.ll`).

use crate::error::Error;
use crate::linked::{link, named, set_linkage};
use crate::llvm::Module;
use llvm_sys::LLVMLinkage;

/// The functions, and what they write to, in LLVM IR.
const TEXT: &str = include_str!("device.ll");

/// The functions of the runtime that it has.
const FUNCTIONS: [&str; 3] = ["numir_raise", "numir_raise_index", "numir_traceback"];

/// Defines the functions, if a module of kernels calls one.
pub(crate) fn put_in(module: &Module) -> Result<(), Error> {
    if FUNCTIONS.iter().all(|function| named(module, function).is_none()) {
        return Ok(());
    }
    link(module, TEXT)?;
    FUNCTIONS.iter().for_each(|function| set_linkage(module, function, LLVMLinkage::LLVMInternalLinkage));
    Ok(())
}
