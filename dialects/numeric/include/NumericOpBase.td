// What all operations have in common: the base class and the resources that side effects name.
#ifndef NUMERIC_OP_BASE_TD
#define NUMERIC_OP_BASE_TD

include "NumericDialect.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/LoopLikeInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

class Numeric_Op<string mnemonic, list<Trait> traits = []> : Op<Numeric_Dialect, mnemonic, traits>;

// The order of errors: whoever may raise writes it.
def Numeric_CheckResource : Resource<"::mlir::numeric::CheckResource">;
// The order of what is printed.
def Numeric_ConsoleResource : Resource<"::mlir::numeric::ConsoleResource">;
// The state of the generators of random numbers.
def Numeric_RandomResource : Resource<"::mlir::numeric::RandomResource">;
// What is set for the threads of parallel loops.
def Numeric_ThreadsResource : Resource<"::mlir::numeric::ThreadsResource">;
// The reference counts of arrays.
def Numeric_OwnershipResource : Resource<"::mlir::numeric::OwnershipResource">;

// The chapters of the reference page.
class Numeric_Chapter<string title, string text> : OpDocGroup {
  let summary = title;
  let description = text;
}

#endif // NUMERIC_OP_BASE_TD
