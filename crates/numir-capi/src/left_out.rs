//! What the library leaves out of MLIR: the functions that register everything there is.
//!
//! Nothing here calls them, but wrappers of them lie in the same object files as what is used, so that a linker would bring along every
//! dialect and every target of LLVM, with what they do when the library is loaded. Here they are symbols without a place: the linker looks
//! no further, and refuses to link what would call them.

std::arch::global_asm!(
    ".globl mlirRegisterAllDialects, mlirRegisterAllLLVMTranslations, mlirRegisterAllPasses",
    ".hidden mlirRegisterAllDialects, mlirRegisterAllLLVMTranslations, mlirRegisterAllPasses",
    ".set mlirRegisterAllDialects, 0",
    ".set mlirRegisterAllLLVMTranslations, 0",
    ".set mlirRegisterAllPasses, 0",
);
