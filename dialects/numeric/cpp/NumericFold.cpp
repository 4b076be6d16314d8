// Folders and canonical forms of the scalar operations and checks. Constants fold with exactly the meaning that the
// operation has at run time; floats fold only where IEEE 754 defines every bit of the result, so never to NaN.
#include "Constants.h"
#include "Numeric.h"

#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"
#include "llvm/ADT/APSInt.h"
#include "llvm/ADT/StringSwitch.h"
#include <cmath>

using namespace mlir;
using namespace mlir::numeric;
using llvm::APFloat;

//===-------------------------------------------------------------------------------------------------------------===//
// Reading and making constants
//===-------------------------------------------------------------------------------------------------------------===//

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

/// A constant float in the format of its type.
static std::optional<APFloat> constantFloat(Attribute attribute, const llvm::fltSemantics &semantics) {
  auto number = dyn_cast_or_null<FloatAttr>(attribute);
  if (!number)
    return std::nullopt;
  APFloat value = number.getValue();
  bool lost;
  value.convert(semantics, APFloat::rmNearestTiesToEven, &lost);
  return value;
}

/// The attribute of a float of any width; nothing for NaN, whose sign and payload depend on the machine.
static Attribute floatAttr(MLIRContext *context, APFloat value) {
  if (value.isNaN())
    return {};
  bool lost;
  value.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven, &lost);
  return FloatAttr::get(Float64Type::get(context), value);
}

static Attribute boolAttr(MLIRContext *context, bool value) {
  return IntegerAttr::get(IntegerType::get(context, 64), value);
}

/// The parts of a complex constant.
static std::optional<std::pair<FloatAttr, FloatAttr>> constantParts(Attribute attribute) {
  auto parts = dyn_cast_or_null<ArrayAttr>(attribute);
  if (!parts || parts.size() != 2 || !isa<FloatAttr>(parts[0]) || !isa<FloatAttr>(parts[1]))
    return std::nullopt;
  return std::pair(cast<FloatAttr>(parts[0]), cast<FloatAttr>(parts[1]));
}

//===-------------------------------------------------------------------------------------------------------------===//
// Integers
//===-------------------------------------------------------------------------------------------------------------===//

/// What a binary operation does to integers that are already extended to 64 bits; the caller wraps the result.
using IntFunction = uint64_t (*)(Scalar scalar, int64_t lhs, int64_t rhs);

static uint64_t floorDivInt(Scalar scalar, int64_t lhs, int64_t rhs) {
  if (rhs == 0)
    return 0;
  if (scalar.isUnsigned())
    return static_cast<uint64_t>(lhs) / static_cast<uint64_t>(rhs);
  if (rhs == -1)
    return -static_cast<uint64_t>(lhs);
  return lhs / rhs - ((lhs % rhs != 0) && ((lhs < 0) != (rhs < 0)));
}

static uint64_t modInt(Scalar scalar, int64_t lhs, int64_t rhs) {
  return static_cast<uint64_t>(lhs) - floorDivInt(scalar, lhs, rhs) * static_cast<uint64_t>(rhs);
}

static uint64_t powInt(Scalar scalar, int64_t lhs, int64_t rhs) {
  if (!scalar.isUnsigned() && rhs < 0)
    return 0;
  uint64_t base = lhs, exponent = rhs, result = 1;
  for (; exponent != 0; exponent >>= 1, base *= base)
    if (exponent & 1)
      result *= base;
  return result;
}

static bool lessInt(Scalar scalar, int64_t lhs, int64_t rhs) {
  return scalar.isUnsigned() ? static_cast<uint64_t>(lhs) < static_cast<uint64_t>(rhs) : lhs < rhs;
}

/// Whether a shift has a meaning for the machine; others are handled apart.
static bool isShift(Scalar scalar, int64_t amount) { return static_cast<uint64_t>(amount) < scalar.width; }

static uint64_t shlInt(Scalar scalar, int64_t lhs, int64_t rhs) {
  return isShift(scalar, rhs) ? static_cast<uint64_t>(lhs) << rhs : 0;
}

static uint64_t shrInt(Scalar scalar, int64_t lhs, int64_t rhs) {
  if (!isShift(scalar, rhs))
    return !scalar.isUnsigned() && lhs < 0 ? -1 : 0;
  return scalar.isUnsigned() ? static_cast<uint64_t>(lhs) >> rhs : lhs >> rhs;
}

/// Folds two constant integers.
static Attribute foldInts(Type type, Attribute lhs, Attribute rhs, IntFunction function) {
  Scalar scalar = *Scalar::of(type);
  std::optional<int64_t> left = constantInt(lhs), right = constantInt(rhs);
  if (!scalar.isIntegral() || !left || !right)
    return {};
  return intAttr(type, function(scalar, scalar.wrap(*left), scalar.wrap(*right)));
}

/// Whether the attribute is this integer in the given integral type.
static bool isInteger(Type type, Attribute attribute, int64_t value) {
  std::optional<int64_t> constant = constantInt(attribute);
  Scalar scalar = *Scalar::of(type);
  return scalar.isIntegral() && constant && scalar.wrap(*constant) == scalar.wrap(value);
}

//===-------------------------------------------------------------------------------------------------------------===//
// Floats
//===-------------------------------------------------------------------------------------------------------------===//

using FloatFunction = APFloat (*)(APFloat lhs, const APFloat &rhs);

template <APFloat::opStatus (APFloat::*method)(const APFloat &, llvm::RoundingMode)>
static APFloat rounded(APFloat lhs, const APFloat &rhs) {
  (lhs.*method)(rhs, APFloat::rmNearestTiesToEven);
  return lhs;
}

/// Folds two constant floats, or part by part two constant complex numbers.
static Attribute foldFloats(Type type, Attribute lhs, Attribute rhs, FloatFunction function) {
  Scalar scalar = *Scalar::of(type);
  auto fold = [&](Attribute left, Attribute right) -> Attribute {
    std::optional<APFloat> l = constantFloat(left, scalar.semantics()), r = constantFloat(right, scalar.semantics());
    return l && r ? floatAttr(type.getContext(), function(*l, *r)) : Attribute();
  };
  if (scalar.kind == Scalar::Kind::Float)
    return fold(lhs, rhs);
  auto left = constantParts(lhs), right = constantParts(rhs);
  if (!left || !right)
    return {};
  Attribute re = fold(left->first, right->first), im = fold(left->second, right->second);
  return re && im ? ArrayAttr::get(type.getContext(), {re, im}) : Attribute();
}

/// Whether the attribute is this float, sign of zero included.
static bool isFloatValue(Attribute attribute, double value) {
  auto number = dyn_cast_or_null<FloatAttr>(attribute);
  return number && number.getValue().bitwiseIsEqual(APFloat(value));
}

/// Python's divmod, which NumPy shares: fmod is exact, and the steps after it are those that the compiled code takes.
template <typename T> static std::pair<T, T> pythonDivMod(T lhs, T rhs) {
  T mod = std::fmod(lhs, rhs), div = (lhs - mod) / rhs;
  if (mod == 0) {
    mod = std::copysign(T(0), rhs);
  } else if ((rhs < 0) != (mod < 0)) {
    mod += rhs;
    div -= 1;
  }
  if (div == 0)
    return {std::copysign(T(0), lhs / rhs), mod};
  T floor = std::floor(div);
  return {div - floor > T(0.5) ? floor + 1 : floor, mod};
}

/// Folds `//` (`wantMod` false) or `%` of two floats of 32 or 64 bits. A zero or infinite operand is left to the
/// machine.
static Attribute foldDivMod(Type type, Attribute lhs, Attribute rhs, bool wantMod) {
  Scalar scalar = *Scalar::of(type);
  std::optional<APFloat> l = constantFloat(lhs, scalar.semantics()), r = constantFloat(rhs, scalar.semantics());
  if (!l || !r || scalar.width == 16 || !l->isFinite() || !r->isFinite() || r->isZero())
    return {};
  auto fold = [&](auto left, auto right) {
    auto [div, mod] = pythonDivMod(left, right);
    return floatAttr(type.getContext(), APFloat(wantMod ? mod : div));
  };
  return scalar.width == 32 ? fold(l->convertToFloat(), r->convertToFloat())
                            : fold(l->convertToDouble(), r->convertToDouble());
}

//===-------------------------------------------------------------------------------------------------------------===//
// Arithmetic
//===-------------------------------------------------------------------------------------------------------------===//

OpFoldResult ConstantOp::fold(FoldAdaptor) { return getValue(); }

OpFoldResult AddOp::fold(FoldAdaptor adaptor) {
  if (isInteger(getType(), adaptor.getRhs(), 0) || isFloatValue(adaptor.getRhs(), -0.0))
    return getLhs();
  if (Attribute sum = foldInts(getType(), adaptor.getLhs(), adaptor.getRhs(),
                               [](Scalar, int64_t l, int64_t r) { return uint64_t(l) + uint64_t(r); }))
    return sum;
  return foldFloats(getType(), adaptor.getLhs(), adaptor.getRhs(), rounded<&APFloat::add>);
}

OpFoldResult SubOp::fold(FoldAdaptor adaptor) {
  if (isInteger(getType(), adaptor.getRhs(), 0) || isFloatValue(adaptor.getRhs(), 0.0))
    return getLhs();
  if (getLhs() == getRhs() && Scalar::of(getType())->isIntegral())
    return intAttr(getType(), 0);
  if (Attribute difference = foldInts(getType(), adaptor.getLhs(), adaptor.getRhs(),
                                      [](Scalar, int64_t l, int64_t r) { return uint64_t(l) - uint64_t(r); }))
    return difference;
  return foldFloats(getType(), adaptor.getLhs(), adaptor.getRhs(), rounded<&APFloat::subtract>);
}

OpFoldResult MulOp::fold(FoldAdaptor adaptor) {
  if (isInteger(getType(), adaptor.getRhs(), 1) || isFloatValue(adaptor.getRhs(), 1.0))
    return getLhs();
  if (isInteger(getType(), adaptor.getRhs(), 0))
    return adaptor.getRhs();
  if (Attribute product = foldInts(getType(), adaptor.getLhs(), adaptor.getRhs(),
                                   [](Scalar, int64_t l, int64_t r) { return uint64_t(l) * uint64_t(r); }))
    return product;
  // The product of complex numbers is no product of parts.
  if (isComplex(getType()))
    return {};
  return foldFloats(getType(), adaptor.getLhs(), adaptor.getRhs(), rounded<&APFloat::multiply>);
}

OpFoldResult TrueDivOp::fold(FoldAdaptor adaptor) {
  if (isComplex(getType()))
    return {};
  if (isFloatValue(adaptor.getRhs(), 1.0))
    return getLhs();
  return foldFloats(getType(), adaptor.getLhs(), adaptor.getRhs(), rounded<&APFloat::divide>);
}

OpFoldResult FloorDivOp::fold(FoldAdaptor adaptor) {
  if (isInteger(getType(), adaptor.getRhs(), 1))
    return getLhs();
  if (isInteger(getType(), adaptor.getRhs(), 0))
    return adaptor.getRhs();
  if (Attribute quotient = foldInts(getType(), adaptor.getLhs(), adaptor.getRhs(), floorDivInt))
    return quotient;
  return foldDivMod(getType(), adaptor.getLhs(), adaptor.getRhs(), /*wantMod=*/false);
}

OpFoldResult ModOp::fold(FoldAdaptor adaptor) {
  if (isInteger(getType(), adaptor.getRhs(), 1) || isInteger(getType(), adaptor.getRhs(), 0))
    return intAttr(getType(), 0);
  if (Attribute remainder = foldInts(getType(), adaptor.getLhs(), adaptor.getRhs(), modInt))
    return remainder;
  return foldDivMod(getType(), adaptor.getLhs(), adaptor.getRhs(), /*wantMod=*/true);
}

OpFoldResult PowOp::fold(FoldAdaptor adaptor) {
  if (isInteger(getType(), adaptor.getRhs(), 0))
    return intAttr(getType(), 1);
  if (isFloatValue(adaptor.getRhs(), 0.0))
    return FloatAttr::get(Float64Type::get(getContext()), 1.0);
  if (isInteger(getType(), adaptor.getRhs(), 1) || isFloatValue(adaptor.getRhs(), 1.0))
    return getLhs();
  return foldInts(getType(), adaptor.getLhs(), adaptor.getRhs(), powInt);
}

/// The lesser or greater of two constants; floats neither NaN nor equal, for which of two zeros wins is open.
static OpFoldResult foldExtremum(Value lhs, Value rhs, Attribute left, Attribute right, bool wantLess) {
  Type type = lhs.getType();
  if (lhs == rhs)
    return lhs;
  Scalar scalar = *Scalar::of(type);
  if (scalar.isIntegral()) {
    std::optional<int64_t> l = constantInt(left), r = constantInt(right);
    if (!l || !r)
      return {};
    return lessInt(scalar, *l, *r) == wantLess ? left : right;
  }
  std::optional<APFloat> l = constantFloat(left, scalar.semantics()), r = constantFloat(right, scalar.semantics());
  if (!l || !r)
    return {};
  switch (l->compare(*r)) {
  case APFloat::cmpLessThan:
    return wantLess ? left : right;
  case APFloat::cmpGreaterThan:
    return wantLess ? right : left;
  default:
    return {};
  }
}

OpFoldResult MinimumOp::fold(FoldAdaptor adaptor) {
  return foldExtremum(getLhs(), getRhs(), adaptor.getLhs(), adaptor.getRhs(), /*wantLess=*/true);
}

OpFoldResult MaximumOp::fold(FoldAdaptor adaptor) {
  return foldExtremum(getLhs(), getRhs(), adaptor.getLhs(), adaptor.getRhs(), /*wantLess=*/false);
}

OpFoldResult NegOp::fold(FoldAdaptor adaptor) {
  if (Attribute negated = foldInts(getType(), adaptor.getOperand(), adaptor.getOperand(),
                                   [](Scalar, int64_t value, int64_t) { return -uint64_t(value); }))
    return negated;
  return foldFloats(getType(), adaptor.getOperand(), adaptor.getOperand(),
                    [](APFloat value, const APFloat &) { return llvm::neg(value); });
}

OpFoldResult AbsOp::fold(FoldAdaptor adaptor) {
  if (Scalar::of(getType())->isUnsigned())
    return getOperand();
  if (isComplex(getOperand().getType()))
    return {};
  if (Attribute absolute = foldInts(
          getType(), adaptor.getOperand(), adaptor.getOperand(),
          [](Scalar, int64_t value, int64_t) { return value < 0 ? -uint64_t(value) : uint64_t(value); }))
    return absolute;
  return foldFloats(getType(), adaptor.getOperand(), adaptor.getOperand(),
                    [](APFloat value, const APFloat &) { return llvm::abs(value); });
}

//===-------------------------------------------------------------------------------------------------------------===//
// Bits
//===-------------------------------------------------------------------------------------------------------------===//

OpFoldResult AndOp::fold(FoldAdaptor adaptor) {
  if (getLhs() == getRhs() || isInteger(getType(), adaptor.getRhs(), -1))
    return getLhs();
  if (isInteger(getType(), adaptor.getRhs(), 0))
    return adaptor.getRhs();
  return foldInts(getType(), adaptor.getLhs(), adaptor.getRhs(),
                  [](Scalar, int64_t l, int64_t r) { return uint64_t(l & r); });
}

OpFoldResult OrOp::fold(FoldAdaptor adaptor) {
  if (getLhs() == getRhs() || isInteger(getType(), adaptor.getRhs(), 0))
    return getLhs();
  if (isInteger(getType(), adaptor.getRhs(), -1))
    return adaptor.getRhs();
  return foldInts(getType(), adaptor.getLhs(), adaptor.getRhs(),
                  [](Scalar, int64_t l, int64_t r) { return uint64_t(l | r); });
}

OpFoldResult XorOp::fold(FoldAdaptor adaptor) {
  if (isInteger(getType(), adaptor.getRhs(), 0))
    return getLhs();
  if (getLhs() == getRhs())
    return intAttr(getType(), 0);
  return foldInts(getType(), adaptor.getLhs(), adaptor.getRhs(),
                  [](Scalar, int64_t l, int64_t r) { return uint64_t(l ^ r); });
}

OpFoldResult InvertOp::fold(FoldAdaptor adaptor) {
  return foldInts(getType(), adaptor.getOperand(), adaptor.getOperand(),
                  [](Scalar, int64_t value, int64_t) { return ~uint64_t(value); });
}

OpFoldResult ShlOp::fold(FoldAdaptor adaptor) {
  if (isInteger(getType(), adaptor.getRhs(), 0))
    return getLhs();
  return foldInts(getType(), adaptor.getLhs(), adaptor.getRhs(), shlInt);
}

OpFoldResult ShrOp::fold(FoldAdaptor adaptor) {
  if (isInteger(getType(), adaptor.getRhs(), 0))
    return getLhs();
  return foldInts(getType(), adaptor.getLhs(), adaptor.getRhs(), shrInt);
}

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

/// The predicate that says the same of the operands in the other order.
static StringRef swapped(StringRef predicate) {
  return llvm::StringSwitch<StringRef>(predicate)
      .Case("lt", "gt")
      .Case("le", "ge")
      .Case("gt", "lt")
      .Case("ge", "le")
      .Default(predicate);
}

/// The predicate that holds when the given one does not, where nothing is unordered.
static StringRef inverse(StringRef predicate) {
  return llvm::StringSwitch<StringRef>(predicate)
      .Case("eq", "ne")
      .Case("ne", "eq")
      .Case("lt", "ge")
      .Case("le", "gt")
      .Case("gt", "le")
      .Case("ge", "lt")
      .Default(predicate);
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

//===-------------------------------------------------------------------------------------------------------------===//
// Canonical forms
//===-------------------------------------------------------------------------------------------------------------===//

/// A constant next to the operation that will use it.
static Value constant(PatternRewriter &rewriter, Location loc, Type type, uint64_t bits) {
  return ConstantOp::create(rewriter, loc, type, intAttr(type, bits));
}

/// Whether `x - c` is written `x + -c`: signed integers and indices, where -c is a number that people recognise.
static bool isSigned(Type type) {
  Scalar scalar = *Scalar::of(type);
  return scalar.isInteger() && !scalar.isUnsigned();
}

/// `(x + c) + d` becomes `x + (c + d)`.
static LogicalResult mergeConstants(AddOp op, PatternRewriter &rewriter) {
  auto inner = op.getLhs().getDefiningOp<AddOp>();
  std::optional<int64_t> outerValue = constantInt(op.getRhs());
  if (!inner || !outerValue || !Scalar::of(op.getType())->isInteger())
    return failure();
  std::optional<int64_t> innerValue = constantInt(inner.getRhs());
  if (!innerValue)
    return failure();
  Value sum = constant(rewriter, op.getLoc(), op.getType(), uint64_t(*innerValue) + uint64_t(*outerValue));
  rewriter.replaceOpWithNewOp<AddOp>(op, inner.getLhs(), sum);
  return success();
}

/// `x - c` becomes `x + -c`, so that offsets have one form.
static LogicalResult subToAdd(SubOp op, PatternRewriter &rewriter) {
  std::optional<int64_t> value = constantInt(op.getRhs());
  if (!value || !isSigned(op.getType()))
    return failure();
  Value negated = constant(rewriter, op.getLoc(), op.getType(), -uint64_t(*value));
  rewriter.replaceOpWithNewOp<AddOp>(op, op.getLhs(), negated);
  return success();
}

/// `x ** 2` of integers becomes `x * x`.
static LogicalResult squareInt(PowOp op, PatternRewriter &rewriter) {
  if (!Scalar::of(op.getType())->isIntegral() || constantInt(op.getRhs()) != 2)
    return failure();
  rewriter.replaceOpWithNewOp<MulOp>(op, op.getLhs(), op.getLhs());
  return success();
}

/// A constant on the left of a comparison goes to the right.
static LogicalResult constantToRight(CmpOp op, PatternRewriter &rewriter) {
  if (!matchPattern(op.getLhs(), m_Constant()) || matchPattern(op.getRhs(), m_Constant()))
    return failure();
  rewriter.replaceOpWithNewOp<CmpOp>(op, op.getType(), swapped(op.getPredicate()), op.getRhs(), op.getLhs());
  return success();
}

/// A boolean compared with the other constant is its negation.
static LogicalResult compareBool(CmpOp op, PatternRewriter &rewriter) {
  std::optional<int64_t> rhs = constantInt(op.getRhs());
  if (!op.getLhs().getType().isInteger(1) || !rhs || (op.getPredicate() != "eq" && op.getPredicate() != "ne") ||
      (*rhs != 0) == (op.getPredicate() == "eq"))
    return failure();
  rewriter.replaceOpWithNewOp<InvertOp>(op, op.getLhs());
  return success();
}

/// `not (a < b)` becomes `a >= b`, unless a NaN makes both false.
static LogicalResult invertComparison(InvertOp op, PatternRewriter &rewriter) {
  auto compare = op.getOperand().getDefiningOp<CmpOp>();
  if (!compare)
    return failure();
  bool total = Scalar::of(compare.getLhs().getType())->isIntegral();
  if (!total && compare.getPredicate() != "eq" && compare.getPredicate() != "ne")
    return failure();
  rewriter.replaceOpWithNewOp<CmpOp>(op, op.getType(), inverse(compare.getPredicate()), compare.getLhs(),
                                     compare.getRhs());
  return success();
}

/// A choice by a negation is the choice the other way round; between false and true, it is the negation.
static LogicalResult selectByInverse(SelectOp op, PatternRewriter &rewriter) {
  if (auto invert = op.getCondition().getDefiningOp<InvertOp>()) {
    rewriter.replaceOpWithNewOp<SelectOp>(op, op.getType(), invert.getOperand(), op.getFalseValue(),
                                          op.getTrueValue());
    return success();
  }
  if (!op.getType().isInteger(1) || constantInt(op.getTrueValue()) != 0 || constantInt(op.getFalseValue()) != 1)
    return failure();
  rewriter.replaceOpWithNewOp<InvertOp>(op, op.getCondition());
  return success();
}

/// A check that holds goes away; one that cannot hold raises.
static LogicalResult decideCheck(CheckOp op, PatternRewriter &rewriter) {
  std::optional<int64_t> condition = constantInt(op.getCondition());
  if (!condition)
    return failure();
  if (*condition)
    rewriter.eraseOp(op);
  else
    rewriter.replaceOpWithNewOp<RaiseOp>(op, op.getKind(), op.getMessage(), op.getArgs());
  return success();
}

/// An index that is inside goes unchecked. One that is outside stays: its message is the run time's.
static LogicalResult decideIndexCheck(CheckIndexOp op, PatternRewriter &rewriter) {
  std::optional<int64_t> index = constantInt(op.getIndex()), size = constantInt(op.getSize());
  if (!index || !size || *index < -*size || *index >= *size)
    return failure();
  rewriter.eraseOp(op);
  return success();
}

void AddOp::getCanonicalizationPatterns(RewritePatternSet &patterns, MLIRContext *) { patterns.add(mergeConstants); }
void SubOp::getCanonicalizationPatterns(RewritePatternSet &patterns, MLIRContext *) { patterns.add(subToAdd); }
void PowOp::getCanonicalizationPatterns(RewritePatternSet &patterns, MLIRContext *) { patterns.add(squareInt); }
void InvertOp::getCanonicalizationPatterns(RewritePatternSet &patterns, MLIRContext *) {
  patterns.add(invertComparison);
}
void CmpOp::getCanonicalizationPatterns(RewritePatternSet &patterns, MLIRContext *) {
  patterns.add(constantToRight);
  patterns.add(compareBool);
}
void SelectOp::getCanonicalizationPatterns(RewritePatternSet &patterns, MLIRContext *) {
  patterns.add(selectByInverse);
}
void CheckOp::getCanonicalizationPatterns(RewritePatternSet &patterns, MLIRContext *) { patterns.add(decideCheck); }
void CheckIndexOp::getCanonicalizationPatterns(RewritePatternSet &patterns, MLIRContext *) {
  patterns.add(decideIndexCheck);
}
