// What kind of number each scalar type is, and the type constraints that follow from it.
#include "Scalar.h"
#include "Numeric.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::numeric;

std::optional<Scalar> Scalar::of(Type type) {
  if (auto integer = dyn_cast<IntegerType>(type)) {
    unsigned width = integer.getWidth();
    if (integer.isSignless())
      return width == 1 ? std::optional<Scalar>({Kind::Bool, 1}) : std::nullopt;
    if (width != 8 && width != 16 && width != 32 && width != 64)
      return std::nullopt;
    return Scalar{integer.isSigned() ? Kind::Signed : Kind::Unsigned, width};
  }
  if (auto complex = dyn_cast<mlir::ComplexType>(type)) {
    if (isa<Float32Type, Float64Type>(complex.getElementType()))
      return Scalar{Kind::Complex, complex.getElementType().getIntOrFloatBitWidth()};
    return std::nullopt;
  }
  return llvm::TypeSwitch<Type, std::optional<Scalar>>(type)
      .Case<PyIntType>([](Type) { return Scalar{Kind::Signed, 64}; })
      .Case<PyFloatType>([](Type) { return Scalar{Kind::Float, 64}; })
      .Case<PyComplexType>([](Type) { return Scalar{Kind::Complex, 64}; })
      .Case<IndexType>([](Type) { return Scalar{Kind::Index, 64}; })
      .Case<Float16Type, Float32Type, Float64Type>(
          [](Type type) { return Scalar{Kind::Float, type.getIntOrFloatBitWidth()}; })
      .Default([](Type) { return std::nullopt; });
}

int64_t Scalar::wrap(uint64_t bits) const {
  unsigned unused = 64 - width;
  uint64_t high = bits << unused;
  return isUnsigned() ? static_cast<int64_t>(high >> unused) : static_cast<int64_t>(high) >> unused;
}

const llvm::fltSemantics &Scalar::semantics() const {
  switch (width) {
  case 16:
    return llvm::APFloat::IEEEhalf();
  case 32:
    return llvm::APFloat::IEEEsingle();
  default:
    return llvm::APFloat::IEEEdouble();
  }
}

/// Whether the type is a scalar of one of the given kinds.
template <typename... Kinds> static bool isOneOf(Type type, Kinds... kinds) {
  std::optional<Scalar> scalar = Scalar::of(type);
  return scalar && ((scalar->kind == kinds) || ...);
}

using Kind = Scalar::Kind;

bool numeric::isInt(Type type) { return isOneOf(type, Kind::Signed, Kind::Unsigned); }
bool numeric::isFloat(Type type) { return isOneOf(type, Kind::Float); }
bool numeric::isComplexPart(Type type) { return isFloat(type) && !isa<Float16Type>(type); }
bool numeric::isComplex(Type type) { return isOneOf(type, Kind::Complex); }
bool numeric::isBits(Type type) { return isOneOf(type, Kind::Bool, Kind::Signed, Kind::Unsigned); }
bool numeric::isReal(Type type) {
  return isOneOf(type, Kind::Signed, Kind::Unsigned, Kind::Index, Kind::Float);
}
bool numeric::isOrdered(Type type) { return isReal(type) || isOneOf(type, Kind::Bool); }
bool numeric::isField(Type type) { return isOneOf(type, Kind::Float, Kind::Complex); }
bool numeric::isNumber(Type type) { return isReal(type) || isComplex(type); }
bool numeric::isScalar(Type type) { return Scalar::of(type).has_value(); }

Type numeric::getAbsType(Type type) {
  if (auto complex = dyn_cast<mlir::ComplexType>(type))
    return complex.getElementType();
  if (isa<PyComplexType>(type))
    return PyFloatType::get(type.getContext());
  return type;
}

Type numeric::getComplexType(Type part) {
  if (isa<PyFloatType>(part))
    return PyComplexType::get(part.getContext());
  if (isa<Float32Type, Float64Type>(part))
    return mlir::ComplexType::get(part);
  return Type();
}
