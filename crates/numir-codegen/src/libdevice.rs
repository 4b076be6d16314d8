//! The C library's mathematics in kernels: NVIDIA's libdevice has it, as LLVM's bitcode, where it is installed. What a kernel calls by a
//! name of C's is there with `__nv_` before it.

use crate::error::Error;
use crate::linked::{link_bitcode, named, undefined};
use crate::llvm::Module;
use llvm_sys::LLVMLinkage;
use llvm_sys::core::{LLVMSetLinkage, LLVMSetValueName2};
use numir_runtime::libm;
use std::path::PathBuf;

/// Names the file, where it is not found otherwise.
const VARIABLE: &str = "NUMIR_LIBDEVICE";

/// Where a CUDA toolkit has it.
const IN_TOOLKIT: &str = "nvvm/libdevice/libdevice.10.bc";

/// Adds what a module of kernels calls of the C library's mathematics.
pub(crate) fn put_in(module: &Module) -> Result<(), Error> {
    let called: Vec<_> = undefined(module).into_iter().filter(|name| libm::lookup(name).is_some()).collect();
    let Some(first) = called.first() else { return Ok(()) };
    let missing = || Error::NoLibdevice { function: first.clone() };
    let file = places().find(|place| place.is_file()).ok_or_else(missing)?;
    let bitcode = std::fs::read(file).map_err(|_| missing())?;
    let before: Vec<_> = called.iter().map(|name| format!("__nv_{name}")).collect();
    for (name, there) in called.iter().zip(&before) {
        if let Some(function) = named(module, name) {
            // SAFETY: the function is alive, and the name is copied.
            unsafe { LLVMSetValueName2(function, there.as_ptr().cast(), there.len()) }
        }
    }
    link_bitcode(module, &bitcode)?;
    for function in crate::linked::defined(module, |name| name.starts_with("__nv_") || name.starts_with("__internal_"))
    {
        // SAFETY: the function is alive.
        unsafe { LLVMSetLinkage(function, LLVMLinkage::LLVMInternalLinkage) }
    }
    Ok(())
}

/// Where to look, in this order.
fn places() -> impl Iterator<Item = PathBuf> {
    let named = std::env::var_os(VARIABLE).map(PathBuf::from);
    let toolkits = ["CUDA_HOME", "CUDA_PATH"].into_iter().filter_map(std::env::var_os).map(PathBuf::from);
    let usual = std::iter::once(PathBuf::from("/usr/local/cuda"));
    named.into_iter().chain(toolkits.chain(usual).map(|toolkit| toolkit.join(IN_TOOLKIT)))
}
