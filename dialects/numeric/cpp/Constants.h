// How folders read and make integer constants.
#ifndef NUMERIC_CONSTANTS_H
#define NUMERIC_CONSTANTS_H

#include "mlir/IR/Attributes.h"
#include "mlir/IR/Value.h"
#include <cstdint>
#include <optional>

namespace mlir::numeric {

/// The integer, boolean or index that a constant's attribute holds, extended to 64 bits.
std::optional<int64_t> constantInt(Attribute attribute);
/// The same for a value, if it is a constant.
std::optional<int64_t> constantInt(Value value);
/// The attribute of a constant of an integral scalar type: `bits` wrapped to its width.
Attribute intAttr(Type type, uint64_t bits);

} // namespace mlir::numeric

#endif // NUMERIC_CONSTANTS_H
