// What MLIR's C API lacks: translation to LLVM IR that leaves verifying to the caller. MLIR's own call of LLVM's verifier
// writes what is wrong to stderr, where nobody can make an error of it. Only the translations in use are registered.

#include "mlir-c/IR.h"
#include "mlir/CAPI/IR.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"

// Null if it failed; the context's diagnostic handlers were told why.
extern "C" LLVMModuleRef numir_translate(MlirOperation module, LLVMContextRef context) {
  mlir::Operation *operation = unwrap(module);
  mlir::registerBuiltinDialectTranslation(*operation->getContext());
  mlir::registerLLVMDialectTranslation(*operation->getContext());
  return llvm::wrap(mlir::translateModuleToLLVMIR(operation, *llvm::unwrap(context), "numir",
                                                  /*disableVerification=*/true)
                        .release());
}
