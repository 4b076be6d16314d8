//! The C library's mathematics in kernels: NVIDIA's libdevice has it, as LLVM's bitcode, where it is installed. What a kernel calls by a
//! name of C's is there with `__nv_` before it. Functions that a program calls by libdevice's own names are in the module already, with a body that means
//! the same; where libdevice is there, its own take their places.

use crate::error::Error;
use crate::linked::{link_bitcode, named, text_attribute, undefined};
use crate::llvm::Module;
use llvm_sys::LLVMLinkage;
use llvm_sys::core::{
    LLVMAddFunction, LLVMDeleteFunction, LLVMGlobalGetValueType, LLVMIsDeclaration, LLVMReplaceAllUsesWith,
    LLVMSetLinkage, LLVMSetValueName2,
};
use llvm_sys::prelude::{LLVMTypeRef, LLVMValueRef};
use numir_runtime::libm;
use std::path::PathBuf;

/// Names the file, where it is not found otherwise.
const VARIABLE: &str = "NUMIR_LIBDEVICE";

/// Where a CUDA toolkit has it.
const IN_TOOLKIT: &str = "nvvm/libdevice/libdevice.10.bc";

/// On a function: libdevice's name of it.
const ATTRIBUTE: &str = "numir-libdevice";

/// Adds what a module of kernels calls of the C library's mathematics, and of libdevice by its own names.
pub(crate) fn put_in(module: &Module) -> Result<(), Error> {
    let file = places().find(|place| place.is_file());
    let own = own_functions(module);
    let replaced = match file {
        Some(_) => own.iter().map(|(function, name)| replace(module, *function, name)).collect(),
        None => Vec::new(),
    };
    let called: Vec<_> = undefined(module).into_iter().filter(|name| libm::lookup(name).is_some()).collect();
    let Some(first) = called.first().or_else(|| own.first().map(|(_, name)| name).filter(|_| file.is_some())) else {
        return Ok(());
    };
    let missing = || Error::NoLibdevice { function: first.clone() };
    let file = file.ok_or_else(missing)?;
    let bitcode = std::fs::read(file).map_err(|_| missing())?;
    let before: Vec<_> = called.iter().map(|name| format!("__nv_{name}")).collect();
    for (name, there) in called.iter().zip(&before) {
        if let Some(function) = named(module, name) {
            // SAFETY: the function is alive, and the name is copied.
            unsafe { LLVMSetValueName2(function, there.as_ptr().cast(), there.len()) }
        }
    }
    link_bitcode(module, &bitcode)?;
    replaced.iter().try_for_each(|replaced| replaced.check(module))?;
    for function in crate::linked::defined(module, |name| name.starts_with("__nv_") || name.starts_with("__internal_"))
    {
        // SAFETY: the function is alive.
        unsafe { LLVMSetLinkage(function, LLVMLinkage::LLVMInternalLinkage) }
    }
    Ok(())
}

/// The functions that libdevice has too, with its names.
fn own_functions(module: &Module) -> Vec<(LLVMValueRef, String)> {
    let all = crate::linked::defined(module, |_| true);
    all.into_iter().filter_map(|function| Some((function, text_attribute(function, ATTRIBUTE)?))).collect()
}

/// A call of libdevice in the place of a function of the module.
struct Replaced {
    name: String,
    ty: LLVMTypeRef,
}

/// Has libdevice's function be called in the place of one of the module.
fn replace(module: &Module, function: LLVMValueRef, name: &str) -> Replaced {
    let terminated = format!("{name}\0");
    // SAFETY: module and function are alive, and the function is used nowhere once it is deleted; the name is a C string.
    unsafe {
        let ty = LLVMGlobalGetValueType(function);
        let declared = match named(module, name) {
            Some(declared) => declared,
            None => LLVMAddFunction(module.raw(), terminated.as_ptr().cast(), ty),
        };
        LLVMReplaceAllUsesWith(function, declared);
        LLVMDeleteFunction(function);
        Replaced { name: name.to_owned(), ty }
    }
}

impl Replaced {
    /// Fails where libdevice has no such function, or has it for other types.
    fn check(&self, module: &Module) -> Result<(), Error> {
        let there = named(module, &self.name).filter(|function| {
            // SAFETY: the function is alive.
            unsafe { LLVMIsDeclaration(*function) == 0 && LLVMGlobalGetValueType(*function) == self.ty }
        });
        let other = || Error::OtherLibdevice { function: self.name.clone() };
        there.map(drop).ok_or_else(other)
    }
}

/// Where to look, in this order.
fn places() -> impl Iterator<Item = PathBuf> {
    let named = std::env::var_os(VARIABLE).map(PathBuf::from);
    let toolkits = ["CUDA_HOME", "CUDA_PATH"].into_iter().filter_map(std::env::var_os).map(PathBuf::from);
    let usual = std::iter::once(PathBuf::from("/usr/local/cuda"));
    named.into_iter().chain(toolkits.chain(usual).map(|toolkit| toolkit.join(IN_TOOLKIT)))
}
