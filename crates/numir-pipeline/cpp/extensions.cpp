// The external interfaces of the dialects on numir's way to llvm: what lets one pass (inlining, bufferization, tiling, conversion to llvm)
// work on all of them. MLIR's C API registers all dialects with all their interfaces, or none; this is the part that is used.

#include "mlir/CAPI/IR.h"
#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/ComplexToLLVM/ComplexToLLVM.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/FuncToLLVM/ConvertFuncToLLVM.h"
#include "mlir/Conversion/IndexToLLVM/IndexToLLVM.h"
#include "mlir/Conversion/MathToLLVM/MathToLLVM.h"
#include "mlir/Conversion/MemRefToLLVM/MemRefToLLVM.h"
#include "mlir/Conversion/UBToLLVM/UBToLLVM.h"
#include "mlir/Conversion/VectorToLLVM/ConvertVectorToLLVM.h"
#include "mlir/Dialect/Arith/IR/ValueBoundsOpInterfaceImpl.h"
#include "mlir/Dialect/Arith/Transforms/BufferDeallocationOpInterfaceImpl.h"
#include "mlir/Dialect/Arith/Transforms/BufferViewFlowOpInterfaceImpl.h"
#include "mlir/Dialect/Arith/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Bufferization/Transforms/FuncBufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/ControlFlow/Transforms/BufferDeallocationOpInterfaceImpl.h"
#include "mlir/Dialect/ControlFlow/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Func/Extensions/InlinerExtension.h"
#include "mlir/Dialect/LLVMIR/Transforms/InlinerInterfaceImpl.h"
#include "mlir/Dialect/Linalg/IR/ValueBoundsOpInterfaceImpl.h"
#include "mlir/Dialect/Linalg/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Linalg/Transforms/SubsetInsertionOpInterfaceImpl.h"
#include "mlir/Dialect/Linalg/Transforms/TilingInterfaceImpl.h"
#include "mlir/Dialect/MemRef/IR/MemRefMemorySlot.h"
#include "mlir/Dialect/MemRef/IR/ValueBoundsOpInterfaceImpl.h"
#include "mlir/Dialect/MemRef/Transforms/AllocationOpInterfaceImpl.h"
#include "mlir/Dialect/MemRef/Transforms/BufferViewFlowOpInterfaceImpl.h"
#include "mlir/Dialect/SCF/IR/ValueBoundsOpInterfaceImpl.h"
#include "mlir/Dialect/SCF/Transforms/BufferDeallocationOpInterfaceImpl.h"
#include "mlir/Dialect/SCF/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Tensor/IR/TensorInferTypeOpInterfaceImpl.h"
#include "mlir/Dialect/Tensor/IR/TensorTilingInterfaceImpl.h"
#include "mlir/Dialect/Tensor/IR/ValueBoundsOpInterfaceImpl.h"
#include "mlir/Dialect/Tensor/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Tensor/Transforms/SubsetInsertionOpInterfaceImpl.h"
#include "mlir/Dialect/Vector/IR/ValueBoundsOpInterfaceImpl.h"
#include "mlir/Dialect/Vector/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Vector/Transforms/SubsetOpInterfaceImpl.h"
#include "mlir/IR/DialectRegistry.h"

using namespace mlir;

using Registration = void (*)(DialectRegistry &);

static const Registration registrations[] = {
    arith::registerConvertArithToLLVMInterface,
    cf::registerConvertControlFlowToLLVMInterface,
    index::registerConvertIndexToLLVMInterface,
    registerConvertComplexToLLVMInterface,
    registerConvertFuncToLLVMInterface,
    registerConvertMathToLLVMInterface,
    registerConvertMemRefToLLVMInterface,
    ub::registerConvertUBToLLVMInterface,
    vector::registerConvertVectorToLLVMInterface,
    func::registerInlinerExtension,
    LLVM::registerInlinerInterface,
    arith::registerBufferizableOpInterfaceExternalModels,
    bufferization::func_ext::registerBufferizableOpInterfaceExternalModels,
    cf::registerBufferizableOpInterfaceExternalModels,
    linalg::registerBufferizableOpInterfaceExternalModels,
    scf::registerBufferizableOpInterfaceExternalModels,
    tensor::registerBufferizableOpInterfaceExternalModels,
    vector::registerBufferizableOpInterfaceExternalModels,
    arith::registerBufferDeallocationOpInterfaceExternalModels,
    cf::registerBufferDeallocationOpInterfaceExternalModels,
    scf::registerBufferDeallocationOpInterfaceExternalModels,
    arith::registerBufferViewFlowOpInterfaceExternalModels,
    memref::registerBufferViewFlowOpInterfaceExternalModels,
    memref::registerAllocationOpInterfaceExternalModels,
    memref::registerMemorySlotExternalModels,
    linalg::registerSubsetOpInterfaceExternalModels,
    tensor::registerSubsetOpInterfaceExternalModels,
    vector::registerSubsetOpInterfaceExternalModels,
    linalg::registerTilingInterfaceExternalModels,
    tensor::registerTilingInterfaceExternalModels,
    tensor::registerInferTypeOpInterfaceExternalModels,
    arith::registerValueBoundsOpInterfaceExternalModels,
    linalg::registerValueBoundsOpInterfaceExternalModels,
    memref::registerValueBoundsOpInterfaceExternalModels,
    scf::registerValueBoundsOpInterfaceExternalModels,
    tensor::registerValueBoundsOpInterfaceExternalModels,
    vector::registerValueBoundsOpInterfaceExternalModels,
};

extern "C" void numir_shim_register_extensions(MlirDialectRegistry registry) {
  for (Registration registration : registrations)
    registration(*unwrap(registry));
}
