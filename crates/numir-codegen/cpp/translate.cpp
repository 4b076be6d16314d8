// What MLIR's C API lacks: translation to LLVM IR that leaves verifying to the caller. MLIR's own call of LLVM's verifier
// writes what is wrong to stderr, where nobody can make an error of it. Only the translations in use are registered.
//
// The module says meanwhile for which target it is: the alignment of every access that does not state its own comes from the data
// layout, and the default one aligns an i64 to 4 bytes.

#include "mlir-c/IR.h"
#include "mlir/CAPI/IR.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/NVVM/NVVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"

namespace {

// An attribute of an operation as long as this lives.
class WithAttribute {
public:
  WithAttribute(mlir::Operation *operation, llvm::StringRef name, llvm::StringRef value)
      : operation(operation), name(name), before(operation->getDiscardableAttr(name)) {
    operation->setDiscardableAttr(name, mlir::StringAttr::get(operation->getContext(), value));
  }

  ~WithAttribute() {
    if (before)
      operation->setDiscardableAttr(name, before);
    else
      operation->removeDiscardableAttr(name);
  }

private:
  mlir::Operation *operation;
  llvm::StringRef name;
  mlir::Attribute before;
};

} // namespace

// Null if it failed; the context's diagnostic handlers were told why.
extern "C" LLVMModuleRef numir_translate(MlirOperation module, LLVMContextRef context, const char *layout,
                                         const char *triple, bool kernels) {
  mlir::Operation *operation = unwrap(module);
  mlir::registerBuiltinDialectTranslation(*operation->getContext());
  mlir::registerLLVMDialectTranslation(*operation->getContext());
  if (kernels)
    mlir::registerNVVMDialectTranslation(*operation->getContext());
  WithAttribute withLayout(operation, mlir::LLVM::LLVMDialect::getDataLayoutAttrName(), layout);
  WithAttribute withTriple(operation, mlir::LLVM::LLVMDialect::getTargetTripleAttrName(), triple);
  return llvm::wrap(mlir::translateModuleToLLVMIR(operation, *llvm::unwrap(context), "numir",
                                                  /*disableVerification=*/true)
                        .release());
}
