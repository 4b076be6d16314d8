// The C++ face of the numeric dialect: its class, types and operations as mlir-tblgen makes them from include/*.td.
#ifndef NUMERIC_NUMERIC_H
#define NUMERIC_NUMERIC_H

#include "Scalar.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace mlir::numeric {

/// Written by whatever may raise: keeps errors in order.
struct CheckResource : public SideEffects::Resource::Base<CheckResource> {
  StringRef getName() final { return "numeric.check"; }
};

/// Written by whatever prints: keeps the output in order.
struct ConsoleResource : public SideEffects::Resource::Base<ConsoleResource> {
  StringRef getName() final { return "numeric.console"; }
};

/// Written by whatever draws random numbers: they come in order.
struct RandomResource : public SideEffects::Resource::Base<RandomResource> {
  StringRef getName() final { return "numeric.random"; }
};

/// Written by whatever sets the threads of parallel loops.
struct ThreadsResource : public SideEffects::Resource::Base<ThreadsResource> {
  StringRef getName() final { return "numeric.threads"; }
};

/// Written by whatever counts references.
struct OwnershipResource : public SideEffects::Resource::Base<OwnershipResource> {
  StringRef getName() final { return "numeric.ownership"; }
};

/// Written by whatever the lanes of a warp do together.
struct WarpResource : public SideEffects::Resource::Base<WarpResource> {
  StringRef getName() final { return "numeric.warp"; }
};

/// For the texts of errors: `1 operand`, `2 operands`.
inline std::string counted(size_t count, StringRef noun) {
  return (Twine(count) + " " + noun + (count == 1 ? "" : "s")).str();
}

} // namespace mlir::numeric

#include "NumericDialect.h.inc"
#include "NumericEnums.h.inc"

#define GET_TYPEDEF_CLASSES
#include "NumericTypes.h.inc"

#define GET_OP_CLASSES
#include "NumericOps.h.inc"

#endif // NUMERIC_NUMERIC_H
