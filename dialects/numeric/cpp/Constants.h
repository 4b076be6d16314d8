// How folders read and make constants. Integers, booleans and indices are 64-bit integers here, extended from the width
// of their type as `Scalar::wrap` does.
#ifndef NUMERIC_CONSTANTS_H
#define NUMERIC_CONSTANTS_H

#include "Scalar.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Value.h"
#include <cstdint>
#include <optional>
#include <utility>

namespace mlir::numeric {

/// The integer, boolean or index that a constant's attribute holds, if it holds one.
std::optional<int64_t> constantInt(Attribute attribute);
/// The same for a value, if it is a constant.
std::optional<int64_t> constantInt(Value value);
/// A constant float, rounded to the format of its type.
std::optional<llvm::APFloat> constantFloat(Attribute attribute, const llvm::fltSemantics &semantics);
/// The parts of a complex constant.
std::optional<std::pair<FloatAttr, FloatAttr>> constantParts(Attribute attribute);

/// Whether the attribute is this integer in the given type.
bool isInteger(Type type, Attribute attribute, int64_t value);
/// Whether the attribute is this float, sign of zero included.
bool isFloatValue(Attribute attribute, double value);
/// The order of two integers of one type.
bool lessInt(Scalar scalar, int64_t lhs, int64_t rhs);

/// The attribute of a constant of an integral scalar type: `bits` wrapped to its width.
Attribute intAttr(Type type, uint64_t bits);
/// The attribute of a boolean constant.
Attribute boolAttr(MLIRContext *context, bool value);
/// The attribute of a float of any width; nothing for NaN, whose sign and payload depend on the machine.
Attribute floatAttr(MLIRContext *context, llvm::APFloat value);

} // namespace mlir::numeric

#endif // NUMERIC_CONSTANTS_H
