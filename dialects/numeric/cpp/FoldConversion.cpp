// Folders of comparison, choice, conversion, complex numbers and the C math library, under the rules of
// FoldArithmetic.cpp.
#include "Constants.h"
#include "Numeric.h"

#include "llvm/ADT/APSInt.h"
#include "llvm/ADT/StringSwitch.h"
#include <cmath>

using namespace mlir;
using namespace mlir::numeric;
using llvm::APFloat;

//===-------------------------------------------------------------------------------------------------------------===//
// Comparison and choice
//===-------------------------------------------------------------------------------------------------------------===//

/// What a predicate says of two values that are less, equal, greater or unordered.
struct Ordering {
  bool less, equal, greater, unordered;
};

static Ordering orderingOf(StringRef predicate) {
  return llvm::StringSwitch<Ordering>(predicate)
      .Case("eq", {false, true, false, false})
      .Case("ne", {true, false, true, true})
      .Case("lt", {true, false, false, false})
      .Case("le", {true, true, false, false})
      .Case("gt", {false, false, true, false})
      .Case("ge", {false, true, true, false})
      .Default({false, false, false, false});
}

OpFoldResult CmpOp::fold(FoldAdaptor adaptor) {
  Ordering ordering = orderingOf(getPredicate());
  Type type = getLhs().getType();
  Scalar scalar = *Scalar::of(type);
  auto result = [&](bool value) { return boolAttr(getContext(), value); };
  if (scalar.isIntegral()) {
    if (getLhs() == getRhs())
      return result(ordering.equal);
    // A boolean compared with a constant is itself.
    if (scalar.kind == Scalar::Kind::Bool && ((getPredicate() == "eq" && isInteger(type, adaptor.getRhs(), 1)) ||
                                              (getPredicate() == "ne" && isInteger(type, adaptor.getRhs(), 0))))
      return getLhs();
    std::optional<int64_t> lhs = constantInt(adaptor.getLhs()), rhs = constantInt(adaptor.getRhs());
    if (!lhs || !rhs)
      return {};
    return result(lessInt(scalar, *lhs, *rhs) ? ordering.less : *lhs == *rhs ? ordering.equal : ordering.greater);
  }
  if (scalar.kind == Scalar::Kind::Complex)
    return {};
  std::optional<APFloat> lhs = constantFloat(adaptor.getLhs(), scalar.semantics()),
                         rhs = constantFloat(adaptor.getRhs(), scalar.semantics());
  if (!lhs || !rhs)
    return {};
  switch (lhs->compare(*rhs)) {
  case APFloat::cmpLessThan:
    return result(ordering.less);
  case APFloat::cmpEqual:
    return result(ordering.equal);
  case APFloat::cmpGreaterThan:
    return result(ordering.greater);
  case APFloat::cmpUnordered:
    return result(ordering.unordered);
  }
  llvm_unreachable("APFloat compares in four ways");
}

OpFoldResult SelectOp::fold(FoldAdaptor adaptor) {
  if (getTrueValue() == getFalseValue())
    return getTrueValue();
  if (std::optional<int64_t> condition = constantInt(adaptor.getCondition()))
    return *condition ? getTrueValue() : getFalseValue();
  if (getType().isInteger(1) && isInteger(getType(), adaptor.getTrueValue(), 1) &&
      isInteger(getType(), adaptor.getFalseValue(), 0))
    return getCondition();
  return {};
}

OpFoldResult ClassifyOp::fold(FoldAdaptor adaptor) {
  std::optional<APFloat> value =
      constantFloat(adaptor.getOperand(), Scalar::of(getOperand().getType())->semantics());
  if (!value)
    return {};
  return boolAttr(getContext(), llvm::StringSwitch<bool>(getKind())
                                    .Case("isnan", value->isNaN())
                                    .Case("isinf", value->isInfinity())
                                    .Case("isfinite", value->isFinite())
                                    .Default(value->isNegative()));
}

//===-------------------------------------------------------------------------------------------------------------===//
// Conversion
//===-------------------------------------------------------------------------------------------------------------===//

/// A constant real number or boolean as another such type.
static Attribute castConstant(Attribute value, Type from, Type to) {
  MLIRContext *context = to.getContext();
  Scalar source = *Scalar::of(from), target = *Scalar::of(to);
  if (target.kind == Scalar::Kind::Complex) {
    Type part = Float64Type::get(context);
    if (target.width == 32)
      part = Float32Type::get(context);
    Attribute re = castConstant(value, from, part);
    return re ? ArrayAttr::get(context, {re, FloatAttr::get(Float64Type::get(context), 0.0)}) : Attribute();
  }
  if (source.isIntegral()) {
    std::optional<int64_t> integer = constantInt(value);
    if (!integer)
      return {};
    if (target.kind == Scalar::Kind::Bool)
      return boolAttr(context, *integer != 0);
    if (target.isIntegral())
      return intAttr(to, *integer);
    APFloat number(target.semantics());
    number.convertFromAPInt(APInt(64, *integer, !source.isUnsigned()), !source.isUnsigned(),
                            APFloat::rmNearestTiesToEven);
    return floatAttr(context, number);
  }
  if (source.kind != Scalar::Kind::Float)
    return {};
  std::optional<APFloat> number = constantFloat(value, source.semantics());
  if (!number)
    return {};
  if (target.kind == Scalar::Kind::Bool)
    return boolAttr(context, !number->isZero());
  if (target.isIntegral()) {
    llvm::APSInt integer(target.width, target.isUnsigned());
    bool exact;
    // What does not fit is left to the machine.
    if (number->convertToInteger(integer, APFloat::rmTowardZero, &exact) == APFloat::opInvalidOp)
      return {};
    return intAttr(to, integer.isSigned() ? integer.getSExtValue() : integer.getZExtValue());
  }
  bool lost;
  number->convert(target.semantics(), APFloat::rmNearestTiesToEven, &lost);
  return floatAttr(context, *number);
}

/// The digits of a float's significand.
static unsigned precision(Scalar scalar) { return APFloat::semanticsPrecision(scalar.semantics()); }

/// Whether every value of the one type is a value of the other.
static bool isLossless(Scalar from, Scalar to) {
  if (to.kind == Scalar::Kind::Bool)
    return from.kind == Scalar::Kind::Bool;
  if (!to.isIntegral())
    return from.isIntegral() ? from.width - (from.isUnsigned() ? 0 : 1) <= precision(to)
                             : from.width <= to.width && (from.kind == to.kind || from.kind == Scalar::Kind::Float);
  if (!from.isIntegral())
    return false;
  if (from.isUnsigned())
    return to.isUnsigned() ? from.width <= to.width : from.width < to.width;
  return !to.isUnsigned() && from.width <= to.width;
}

OpFoldResult CastOp::fold(FoldAdaptor adaptor) {
  Type from = getOperand().getType(), to = getType();
  if (from == to)
    return getOperand();
  if (adaptor.getOperand())
    if (Attribute value = castConstant(adaptor.getOperand(), from, to))
      return value;
  auto inner = getOperand().getDefiningOp<CastOp>();
  if (!inner)
    return {};
  Scalar first = *Scalar::of(inner.getOperand().getType()), second = *Scalar::of(from), third = *Scalar::of(to);
  // The middle type keeps the number, or what it drops of an integer is dropped by the last one too.
  bool modular = first.isIntegral() && second.isInteger() && third.isInteger() && third.width <= second.width;
  if (!modular && !isLossless(first, second))
    return {};
  if (inner.getOperand().getType() == to)
    return inner.getOperand();
  setOperand(inner.getOperand());
  return getResult();
}

OpFoldResult BitcastOp::fold(FoldAdaptor adaptor) {
  Type from = getOperand().getType(), to = getType();
  if (from == to)
    return getOperand();
  if (auto inner = getOperand().getDefiningOp<BitcastOp>()) {
    if (inner.getOperand().getType() == to)
      return inner.getOperand();
    setOperand(inner.getOperand());
    return getResult();
  }
  Scalar source = *Scalar::of(from), target = *Scalar::of(to);
  std::optional<APInt> bits;
  if (std::optional<int64_t> integer = constantInt(adaptor.getOperand()); integer && source.isIntegral())
    bits = APInt(64, *integer).trunc(source.width);
  else if (std::optional<APFloat> number = constantFloat(adaptor.getOperand(), source.semantics());
           number && !number->isNaN())
    bits = number->bitcastToAPInt();
  if (!bits)
    return {};
  if (target.isIntegral())
    return intAttr(to, bits->getZExtValue());
  return floatAttr(getContext(), APFloat(target.semantics(), *bits));
}

//===-------------------------------------------------------------------------------------------------------------===//
// Complex numbers and the C math library
//===-------------------------------------------------------------------------------------------------------------===//

OpFoldResult ComplexOp::fold(FoldAdaptor adaptor) {
  auto real = getRe().getDefiningOp<RealOp>();
  auto imag = getIm().getDefiningOp<ImagOp>();
  if (real && imag && real.getOperand() == imag.getOperand())
    return real.getOperand();
  if (isa_and_nonnull<FloatAttr>(adaptor.getRe()) && isa_and_nonnull<FloatAttr>(adaptor.getIm()))
    return ArrayAttr::get(getContext(), {adaptor.getRe(), adaptor.getIm()});
  return {};
}

OpFoldResult RealOp::fold(FoldAdaptor adaptor) {
  if (auto complex = getOperand().getDefiningOp<ComplexOp>())
    return complex.getRe();
  if (auto parts = constantParts(adaptor.getOperand()))
    return parts->first;
  return {};
}

OpFoldResult ImagOp::fold(FoldAdaptor adaptor) {
  if (auto complex = getOperand().getDefiningOp<ComplexOp>())
    return complex.getIm();
  if (auto parts = constantParts(adaptor.getOperand()))
    return parts->second;
  return {};
}

/// The functions that IEEE 754 defines to the bit.
OpFoldResult LibmOp::fold(FoldAdaptor adaptor) {
  const llvm::fltSemantics &semantics = Scalar::of(getType())->semantics();
  SmallVector<APFloat, 2> values;
  for (Attribute argument : adaptor.getArgs()) {
    std::optional<APFloat> value = constantFloat(argument, semantics);
    if (!value)
      return {};
    values.push_back(*value);
  }
  if (values.empty())
    return {};
  APFloat value = values[0];
  if (getFunction() == "copysign" && values.size() == 2)
    return floatAttr(getContext(), APFloat::copySign(value, values[1]));
  if (getFunction() == "fabs")
    return floatAttr(getContext(), llvm::abs(value));
  if (getFunction() == "sqrt" && !value.isNegative()) {
    bool lost;
    APFloat root(std::sqrt(value.convertToDouble()));
    // The root of a narrower float, rounded twice, is the one rounded once: a double has more than twice the digits.
    root.convert(semantics, APFloat::rmNearestTiesToEven, &lost);
    return floatAttr(getContext(), root);
  }
  auto mode = llvm::StringSwitch<std::optional<llvm::RoundingMode>>(getFunction())
                  .Case("floor", APFloat::rmTowardNegative)
                  .Case("ceil", APFloat::rmTowardPositive)
                  .Case("trunc", APFloat::rmTowardZero)
                  .Case("round", APFloat::rmNearestTiesToAway)
                  .Cases({"rint", "nearbyint"}, APFloat::rmNearestTiesToEven)
                  .Default(std::nullopt);
  if (!mode)
    return {};
  value.roundToIntegral(*mode);
  return floatAttr(getContext(), value);
}

OpFoldResult WrapIndexOp::fold(FoldAdaptor adaptor) {
  std::optional<int64_t> index = constantInt(adaptor.getIndex()), size = constantInt(adaptor.getSize());
  if (!index)
    return {};
  if (*index >= 0)
    return getIndex();
  return size ? OpFoldResult(intAttr(getType(), uint64_t(*index) + uint64_t(*size))) : OpFoldResult();
}
