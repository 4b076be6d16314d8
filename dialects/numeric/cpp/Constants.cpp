// How folders read and make constants.
#include "Constants.h"

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace mlir::numeric;
using llvm::APFloat;

std::optional<int64_t> numeric::constantInt(Attribute attribute) {
  auto integer = dyn_cast_or_null<IntegerAttr>(attribute);
  if (!integer || integer.getValue().getBitWidth() > 64)
    return std::nullopt;
  // Other dialects' booleans are i1.
  return integer.getType().isInteger(1) ? integer.getValue().getZExtValue() : integer.getValue().getSExtValue();
}

std::optional<int64_t> numeric::constantInt(Value value) {
  Attribute attribute;
  return matchPattern(value, m_Constant(&attribute)) ? constantInt(attribute) : std::nullopt;
}

Attribute numeric::intAttr(Type type, uint64_t bits) {
  return IntegerAttr::get(IntegerType::get(type.getContext(), 64), Scalar::of(type)->wrap(bits));
}

std::optional<APFloat> numeric::constantFloat(Attribute attribute, const llvm::fltSemantics &semantics) {
  auto number = dyn_cast_or_null<FloatAttr>(attribute);
  if (!number)
    return std::nullopt;
  APFloat value = number.getValue();
  bool lost;
  value.convert(semantics, APFloat::rmNearestTiesToEven, &lost);
  return value;
}

Attribute numeric::floatAttr(MLIRContext *context, APFloat value) {
  if (value.isNaN())
    return {};
  bool lost;
  value.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven, &lost);
  return FloatAttr::get(Float64Type::get(context), value);
}

Attribute numeric::boolAttr(MLIRContext *context, bool value) {
  return BoolAttr::get(context, value);
}

std::optional<std::pair<FloatAttr, FloatAttr>> numeric::constantParts(Attribute attribute) {
  auto parts = dyn_cast_or_null<ArrayAttr>(attribute);
  if (!parts || parts.size() != 2 || !isa<FloatAttr>(parts[0]) || !isa<FloatAttr>(parts[1]))
    return std::nullopt;
  return std::pair(cast<FloatAttr>(parts[0]), cast<FloatAttr>(parts[1]));
}

bool numeric::lessInt(Scalar scalar, int64_t lhs, int64_t rhs) {
  return scalar.isUnsigned() ? static_cast<uint64_t>(lhs) < static_cast<uint64_t>(rhs) : lhs < rhs;
}

bool numeric::isInteger(Type type, Attribute attribute, int64_t value) {
  std::optional<int64_t> constant = constantInt(attribute);
  Scalar scalar = *Scalar::of(type);
  return scalar.isIntegral() && constant && scalar.wrap(*constant) == scalar.wrap(value);
}

bool numeric::isFloatValue(Attribute attribute, double value) {
  auto number = dyn_cast_or_null<FloatAttr>(attribute);
  return number && number.getValue().bitwiseIsEqual(APFloat(value));
}
