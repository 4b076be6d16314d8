//! From LLVM IR to assembly or an object, in memory.

use std::ffi::c_char;

use llvm_sys::prelude::{LLVMBool, LLVMMemoryBufferRef, LLVMModuleRef};
use llvm_sys::target_machine::{LLVMCodeGenFileType, LLVMTargetMachineRef};

use crate::error::{Error, Step};
use crate::llvm::{MemoryBuffer, Module, take_message};
use crate::target::TargetMachine;

unsafe extern "C-unwind" {
    // Declared here, not taken from llvm-sys, because a fatal error of LLVM unwinds through it (see `fatal`).
    fn LLVMTargetMachineEmitToMemoryBuffer(
        machine: LLVMTargetMachineRef,
        module: LLVMModuleRef,
        kind: LLVMCodeGenFileType,
        message: *mut *mut c_char,
        buffer: *mut LLVMMemoryBufferRef,
    ) -> LLVMBool;
}

/// The module as assembly text.
pub(crate) fn assembly(module: &Module, machine: &TargetMachine) -> Result<String, Error> {
    let buffer = emit(module, machine, LLVMCodeGenFileType::LLVMAssemblyFile)?;
    Ok(String::from_utf8_lossy(buffer.bytes()).into_owned())
}

/// The module as a relocatable ELF object.
pub(crate) fn object(module: &Module, machine: &TargetMachine) -> Result<MemoryBuffer, Error> {
    emit(module, machine, LLVMCodeGenFileType::LLVMObjectFile)
}

fn emit(module: &Module, machine: &TargetMachine, kind: LLVMCodeGenFileType) -> Result<MemoryBuffer, Error> {
    let mut message = std::ptr::null_mut();
    let mut buffer = std::ptr::null_mut();
    // SAFETY: module and machine are alive; message and buffer are handed over to us.
    let result = unsafe {
        let failed =
            LLVMTargetMachineEmitToMemoryBuffer(machine.raw(), module.raw(), kind, &mut message, &mut buffer) != 0;
        let message = take_message(message);
        if failed || buffer.is_null() { Err(message) } else { Ok(MemoryBuffer::from_raw(buffer)) }
    };
    let reported = module.context().take_errors();
    match (result, reported) {
        (Ok(buffer), None) => Ok(buffer),
        (Err(message), None) | (_, Some(message)) => Err(Error::Llvm { step: Step::Emit, message }),
    }
}
