// The scalar types of the dialect under one description: what kind of number, how wide. Verifiers, folders and type
// constraints ask it instead of the many MLIR types.
#ifndef NUMERIC_SCALAR_H
#define NUMERIC_SCALAR_H

#include "mlir/IR/Types.h"
#include "llvm/ADT/APFloat.h"
#include <cstdint>
#include <optional>

namespace mlir::numeric {

/// A scalar type: its kind and the width in bits (of one part, for complex numbers).
struct Scalar {
  enum class Kind { Bool, Signed, Unsigned, Index, Float, Complex };

  Kind kind;
  unsigned width;

  /// Describes a type; nothing if it is no scalar type of the dialect.
  static std::optional<Scalar> of(Type type);

  /// Booleans, integers and indices: whatever a 64-bit integer holds.
  bool isIntegral() const { return kind != Kind::Float && kind != Kind::Complex; }
  /// Integers and indices, without booleans.
  bool isInteger() const { return isIntegral() && kind != Kind::Bool; }
  bool isUnsigned() const { return kind == Kind::Unsigned || kind == Kind::Bool; }

  /// The value that the low `width` bits of `bits` stand for, sign- or zero-extended to 64 bits.
  int64_t wrap(uint64_t bits) const;
  /// Whether `value` is one that `wrap` gives.
  bool holds(int64_t value) const { return wrap(static_cast<uint64_t>(value)) == value; }
  /// The format of a float or of the parts of a complex number.
  const llvm::fltSemantics &semantics() const;
};

// The constraints of NumericTypes.td.
bool isInt(Type type);
bool isFloat(Type type);
bool isComplexPart(Type type);
bool isComplex(Type type);
bool isBits(Type type);
bool isReal(Type type);
bool isOrdered(Type type);
bool isField(Type type);
bool isNumber(Type type);
bool isScalar(Type type);

/// The type of `abs` of a number: its own, or that of a complex number's parts. Null for other types.
Type getAbsType(Type type);
/// The complex type of two parts. Null if there is none.
Type getComplexType(Type part);

} // namespace mlir::numeric

#endif // NUMERIC_SCALAR_H
