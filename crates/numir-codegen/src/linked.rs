//! What is added to a module as text of LLVM IR, and its functions by their names.

use crate::error::{Error, Step};
use crate::llvm::{MemoryBuffer, Module, take_message};
use llvm_sys::core::{
    LLVMCreateMemoryBufferWithMemoryRangeCopy, LLVMGetDataLayoutStr, LLVMGetFirstFunction, LLVMGetNamedFunction,
    LLVMGetNextFunction, LLVMGetStringAttributeAtIndex, LLVMGetStringAttributeValue, LLVMGetTarget, LLVMGetValueName2,
    LLVMIsDeclaration, LLVMSetDataLayout, LLVMSetLinkage, LLVMSetTarget,
};
use llvm_sys::ir_reader::LLVMParseIRInContext2;
use llvm_sys::linker::LLVMLinkModules2;
use llvm_sys::prelude::LLVMValueRef;
use llvm_sys::{LLVMAttributeFunctionIndex, LLVMLinkage};
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

/// The names of the functions that a module calls or declares and does not have.
pub(crate) fn undefined(module: &Module) -> Vec<String> {
    // SAFETY: the functions are alive, and so are their names.
    let is_missing = |function: &LLVMValueRef| unsafe { LLVMIsDeclaration(*function) != 0 };
    functions(module).into_iter().filter(is_missing).map(name_of).collect()
}

/// The text of an attribute that a live function has by that name.
pub(crate) fn text_attribute(function: LLVMValueRef, name: &str) -> Option<String> {
    // SAFETY: the function is alive; the attribute's text lives as long as the context, and is read at once.
    unsafe {
        let (index, bytes) = (LLVMAttributeFunctionIndex, name.len() as u32);
        let attribute = LLVMGetStringAttributeAtIndex(function, index, name.as_ptr().cast(), bytes);
        if attribute.is_null() {
            return None;
        }
        let mut length = 0;
        let text = LLVMGetStringAttributeValue(attribute, &mut length);
        Some(String::from_utf8_lossy(std::slice::from_raw_parts(text.cast(), length as usize)).into_owned())
    }
}

/// The functions that a module has under such names.
pub(crate) fn defined(module: &Module, is_wanted: impl Fn(&str) -> bool) -> Vec<LLVMValueRef> {
    // SAFETY: the functions are alive.
    let is_there = |function: &LLVMValueRef| unsafe { LLVMIsDeclaration(*function) == 0 };
    functions(module).into_iter().filter(|function| is_there(function) && is_wanted(&name_of(*function))).collect()
}

fn functions(module: &Module) -> Vec<LLVMValueRef> {
    // SAFETY: the module is alive; nothing is added or removed meanwhile.
    unsafe {
        let first = LLVMGetFirstFunction(module.raw());
        let some = |function: LLVMValueRef| (!function.is_null()).then_some(function);
        std::iter::successors(some(first), |function| some(LLVMGetNextFunction(*function))).collect()
    }
}

fn name_of(function: LLVMValueRef) -> String {
    let mut bytes = 0;
    // SAFETY: the function is alive, its name has that many bytes.
    unsafe {
        let name = LLVMGetValueName2(function, &raw mut bytes);
        String::from_utf8_lossy(std::slice::from_raw_parts(name.cast(), bytes)).into_owned()
    }
}

/// Adds what a text of LLVM IR defines and declares to a module.
pub(crate) fn link(module: &Module, text: &str) -> Result<(), Error> {
    link_bitcode(module, text.as_bytes())
}

/// The same of bitcode.
pub(crate) fn link_bitcode(module: &Module, text: &[u8]) -> Result<(), Error> {
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
