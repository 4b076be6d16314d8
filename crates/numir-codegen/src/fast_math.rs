//! The liberties that arithmetic on floats may take: functions say them in an attribute, here they get to every instruction.

use crate::linked::text_attribute;
use crate::llvm::Module;
use llvm_sys::core::{
    LLVMCanValueUseFastMathFlags, LLVMGetFastMathFlags, LLVMGetFirstBasicBlock, LLVMGetFirstFunction,
    LLVMGetFirstInstruction, LLVMGetNextBasicBlock, LLVMGetNextFunction, LLVMGetNextInstruction, LLVMSetFastMathFlags,
};
use llvm_sys::prelude::LLVMValueRef;
use llvm_sys::{
    LLVMFastMathAll, LLVMFastMathAllowContract, LLVMFastMathAllowReassoc, LLVMFastMathAllowReciprocal,
    LLVMFastMathApproxFunc, LLVMFastMathFlags, LLVMFastMathNoInfs, LLVMFastMathNoNaNs, LLVMFastMathNoSignedZeros,
    LLVMFastMathNone,
};

/// The attribute of functions.
const ATTRIBUTE: &str = "numir-fastmath";

/// The liberties by name, with LLVM's flags. Those for which LLVM has none are of products of matrices, which the library makes.
pub const FLAGS: &[(&str, u32)] = &[
    ("afn", LLVMFastMathApproxFunc),
    ("arcp", LLVMFastMathAllowReciprocal),
    ("bf16", LLVMFastMathNone),
    ("contract", LLVMFastMathAllowContract),
    ("fast", LLVMFastMathAll),
    ("ninf", LLVMFastMathNoInfs),
    ("nnan", LLVMFastMathNoNaNs),
    ("nsz", LLVMFastMathNoSignedZeros),
    ("reassoc", LLVMFastMathAllowReassoc),
    ("tf32", LLVMFastMathNone),
];

/// Gives all instructions on floats the flags of their functions.
pub(crate) fn apply(module: &Module) {
    // SAFETY: the module is alive; nothing is added or removed while functions, blocks and instructions are visited.
    unsafe {
        let mut function = LLVMGetFirstFunction(module.raw());
        while !function.is_null() {
            let flags = flags_of(function);
            if flags != LLVMFastMathNone {
                give(function, flags);
            }
            function = LLVMGetNextFunction(function);
        }
    }
}

/// # Safety
/// `function` must be a live function.
unsafe fn give(function: LLVMValueRef, flags: LLVMFastMathFlags) {
    // SAFETY: by contract; flags are set only where LLVM says that they can be.
    unsafe {
        let mut block = LLVMGetFirstBasicBlock(function);
        while !block.is_null() {
            let mut instruction = LLVMGetFirstInstruction(block);
            while !instruction.is_null() {
                if LLVMCanValueUseFastMathFlags(instruction) != 0 {
                    LLVMSetFastMathFlags(instruction, LLVMGetFastMathFlags(instruction) | flags);
                }
                instruction = LLVMGetNextInstruction(instruction);
            }
            block = LLVMGetNextBasicBlock(block);
        }
    }
}

/// The flags that a live function says.
fn flags_of(function: LLVMValueRef) -> LLVMFastMathFlags {
    let names = text_attribute(function, ATTRIBUTE).unwrap_or_default();
    let known = |name: &str| FLAGS.iter().find(|(known, _)| *known == name).map(|(_, flag)| flag);
    names.split(',').filter_map(known).fold(LLVMFastMathNone, |flags, flag| flags | flag)
}
