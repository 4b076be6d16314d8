//! What is added to a module as text of LLVM IR, and its functions by their names.

use crate::error::{Error, Step};
use crate::llvm::{MemoryBuffer, Module, take_message};
use llvm_sys::LLVMLinkage;
use llvm_sys::core::{
    LLVMCreateMemoryBufferWithMemoryRangeCopy, LLVMGetDataLayoutStr, LLVMGetNamedFunction, LLVMGetTarget,
    LLVMSetDataLayout, LLVMSetLinkage, LLVMSetTarget,
};
use llvm_sys::ir_reader::LLVMParseIRInContext2;
use llvm_sys::linker::LLVMLinkModules2;
use llvm_sys::prelude::LLVMValueRef;
use std::ffi::{CStr, CString};

/// The function of that name.
pub(crate) fn named(module: &Module, symbol: &str) -> Option<LLVMValueRef> {
    let name = CString::new(symbol).ok()?;
    // SAFETY: the module is alive, the name is a C string.
    let function = unsafe { LLVMGetNamedFunction(module.raw(), name.as_ptr()) };
    (!function.is_null()).then_some(function)
}

/// Gives a function of that name, if there is one, a linkage.
pub(crate) fn set_linkage(module: &Module, symbol: &str, linkage: LLVMLinkage) {
    if let Some(function) = named(module, symbol) {
        // SAFETY: the function is alive.
        unsafe { LLVMSetLinkage(function, linkage) }
    }
}

/// Adds what a text of LLVM IR defines and declares to a module.
pub(crate) fn link(module: &Module, text: &str) -> Result<(), Error> {
    let failed = |message| Error::Llvm { step: Step::Optimize, message };
    const NAME: &CStr = c"text";
    // SAFETY: buffer and text are alive; the parsed module is in the same context, and linking takes it over.
    unsafe {
        let raw = LLVMCreateMemoryBufferWithMemoryRangeCopy(text.as_ptr().cast(), text.len(), NAME.as_ptr());
        let buffer = MemoryBuffer::from_raw(raw);
        let (mut parsed, mut message) = (std::ptr::null_mut(), std::ptr::null_mut());
        if LLVMParseIRInContext2(module.context().raw(), buffer.raw(), &mut parsed, &mut message) != 0 {
            return Err(failed(take_message(message)));
        }
        LLVMSetDataLayout(parsed, LLVMGetDataLayoutStr(module.raw()));
        LLVMSetTarget(parsed, LLVMGetTarget(module.raw()));
        if LLVMLinkModules2(module.raw(), parsed) != 0 {
            return Err(failed(module.context().take_errors().unwrap_or_default()));
        }
    }
    Ok(())
}
