//! What kernels have instead of the runtime, as functions of their own module: where an error leaves a thread, they write it down (`device.ll`); they
//! have the threads of a grid wait for each other (`grid.ll`).

use crate::error::Error;
use crate::linked::{link, named, set_linkage};
use crate::llvm::Module;
use llvm_sys::LLVMLinkage;

/// Functions that kernels may call, with what defines them in LLVM IR.
const PARTS: [(&[&str], &str); 2] = [
    (&["numir_raise", "numir_raise_index", "numir_traceback"], include_str!("device.ll")),
    (&["numir_grid_wait"], include_str!("grid.ll")),
];

/// Defines those of the functions that a module of kernels calls, and what goes with them.
pub(crate) fn put_in(module: &Module) -> Result<(), Error> {
    for (functions, text) in PARTS {
        if functions.iter().any(|function| named(module, function).is_some()) {
            link(module, text)?;
            functions.iter().for_each(|function| set_linkage(module, function, LLVMLinkage::LLVMInternalLinkage));
        }
    }
    Ok(())
}
