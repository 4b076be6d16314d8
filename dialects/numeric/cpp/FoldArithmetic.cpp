// Folders of arithmetic and of operations on bits. Constants fold with exactly the meaning of the operation at run
// time; floats fold only where IEEE 754 defines every bit of the result, so never to NaN.
#include "Constants.h"
#include "Numeric.h"

#include <cmath>

using namespace mlir;
using namespace mlir::numeric;
using llvm::APFloat;

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

// A condition is known to other dialects, scf's branches above all, as a BoolAttr.
OpFoldResult ConstantOp::fold(FoldAdaptor) {
  auto bits = dyn_cast<IntegerAttr>(getValue());
  return bits && getType().isInteger(1) ? boolAttr(getContext(), bits.getInt() != 0) : getValue();
}

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
