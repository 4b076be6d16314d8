// Assembly and verifiers of the operations without regions: what the .td files cannot say by themselves.
#include "Numeric.h"

#include "llvm/ADT/SmallBitVector.h"
#include "llvm/ADT/StringSwitch.h"
#include <charconv>

using namespace mlir;
using namespace mlir::numeric;

//===-------------------------------------------------------------------------------------------------------------===//
// Assembly: pieces that the declarative formats use
//===-------------------------------------------------------------------------------------------------------------===//

/// A string attribute as a bare keyword.
static ParseResult parseKeyword(OpAsmParser &parser, StringAttr &value) {
  StringRef keyword;
  if (parser.parseKeyword(&keyword))
    return failure();
  value = parser.getBuilder().getStringAttr(keyword);
  return success();
}

static void printKeyword(OpAsmPrinter &printer, Operation *, StringAttr value) { printer << value.getValue(); }

/// A boolean attribute that is false unless the keyword is there.
static ParseResult parseFlag(OpAsmParser &parser, StringRef keyword, BoolAttr &value) {
  value = parser.getBuilder().getBoolAttr(succeeded(parser.parseOptionalKeyword(keyword)));
  return success();
}

static ParseResult parseZeroFlag(OpAsmParser &parser, BoolAttr &value) { return parseFlag(parser, "zero", value); }
static ParseResult parseNpFlag(OpAsmParser &parser, BoolAttr &value) { return parseFlag(parser, "np", value); }

static void printZeroFlag(OpAsmPrinter &printer, Operation *, BoolAttr value) {
  if (value.getValue())
    printer << " zero";
}

static void printNpFlag(OpAsmPrinter &printer, Operation *, BoolAttr value) {
  if (value.getValue())
    printer << " np";
}

/// One type for all that are of an item's: they cannot be inferred behind operands of which there may be any number.
template <typename... Others> static ParseResult parseItemType(OpAsmParser &parser, Type &value, Others &...others) {
  if (parser.parseType(value))
    return failure();
  ((others = value), ...);
  return success();
}

template <typename... Others>
static void printItemType(OpAsmPrinter &printer, Operation *, Type value, Others...) {
  printer << value;
}

#define GET_OP_CLASSES
#include "NumericOps.cpp.inc"

//===-------------------------------------------------------------------------------------------------------------===//
// Assembly: constants
//===-------------------------------------------------------------------------------------------------------------===//

/// `inf`, `nan`, or digits, each with an optional minus.
static ParseResult parseDouble(OpAsmParser &parser, FloatAttr &value) {
  bool negative = succeeded(parser.parseOptionalMinus());
  double number;
  if (succeeded(parser.parseOptionalKeyword("inf")))
    number = std::numeric_limits<double>::infinity();
  else if (succeeded(parser.parseOptionalKeyword("nan")))
    number = std::numeric_limits<double>::quiet_NaN();
  else if (parser.parseFloat(number))
    return failure();
  value = parser.getBuilder().getF64FloatAttr(negative ? -number : number);
  return success();
}

/// The shortest digits that read back as the same number.
static void printDouble(OpAsmPrinter &printer, const llvm::APFloat &value) {
  if (value.isNegative())
    printer << "-";
  if (value.isNaN() || value.isInfinity()) {
    printer << (value.isNaN() ? "nan" : "inf");
    return;
  }
  char digits[32];
  double magnitude = llvm::abs(value).convertToDouble();
  StringRef text(digits, std::to_chars(digits, digits + sizeof(digits), magnitude).ptr - digits);
  // MLIR wants a point in every float.
  auto [mantissa, exponent] = text.split('e');
  printer << mantissa;
  if (!mantissa.contains('.'))
    printer << ".0";
  if (!exponent.empty())
    printer << "e" << exponent;
}

/// The 64 bits of an integer literal in two's complement, or nothing if it needs more. Above the signed range it is an
/// unsigned number, which `needsUnsigned` tells.
static std::optional<int64_t> literalBits(const APInt &magnitude, bool negative, bool &needsUnsigned) {
  if (magnitude.getActiveBits() > 64)
    return std::nullopt;
  uint64_t bits = magnitude.getLimitedValue(), least = uint64_t(1) << 63;
  if (negative && bits > least)
    return std::nullopt;
  needsUnsigned = !negative && bits >= least;
  return static_cast<int64_t>(negative ? -bits : bits);
}

/// `true : i1`, `-3 : si64`, `0.5 : f32`, `(0.0, 1.0) : complex<f64>`
ParseResult ConstantOp::parse(OpAsmParser &parser, OperationState &result) {
  Builder &builder = parser.getBuilder();
  SMLoc loc = parser.getCurrentLocation();
  Attribute value;
  Type type;
  bool needsUnsigned = false;
  if (succeeded(parser.parseOptionalKeyword("true"))) {
    value = builder.getI64IntegerAttr(1);
  } else if (succeeded(parser.parseOptionalKeyword("false"))) {
    value = builder.getI64IntegerAttr(0);
  } else if (succeeded(parser.parseOptionalLParen())) {
    FloatAttr re, im;
    if (parseDouble(parser, re) || parser.parseComma() || parseDouble(parser, im) || parser.parseRParen())
      return failure();
    value = builder.getArrayAttr({re, im});
  } else {
    // A minus may stand before an integer as well as before a float, so it is read here.
    bool negative = succeeded(parser.parseOptionalMinus());
    APInt magnitude;
    OptionalParseResult integer = parser.parseOptionalInteger(magnitude);
    if (integer.has_value()) {
      if (failed(*integer))
        return failure();
      std::optional<int64_t> bits = literalBits(magnitude, negative, needsUnsigned);
      if (!bits)
        return parser.emitError(loc, "the constant does not fit 64 bits");
      value = builder.getI64IntegerAttr(*bits);
    } else {
      FloatAttr number;
      if (parseDouble(parser, number))
        return failure();
      value = negative ? builder.getF64FloatAttr(-number.getValueAsDouble()) : number;
    }
  }
  if (parser.parseOptionalAttrDict(result.attributes) || parser.parseColonType(type))
    return failure();
  std::optional<Scalar> scalar = Scalar::of(type);
  if (needsUnsigned && !(scalar && scalar->isUnsigned()))
    return parser.emitError(loc) << "the constant does not fit " << type;
  result.addAttribute(getValueAttrName(result.name), value);
  result.addTypes(type);
  return success();
}

void ConstantOp::print(OpAsmPrinter &printer) {
  printer << " ";
  std::optional<Scalar> scalar = Scalar::of(getType());
  if (auto integer = dyn_cast<IntegerAttr>(getValue())) {
    if (scalar && scalar->kind == Scalar::Kind::Bool)
      printer << (integer.getInt() ? "true" : "false");
    else if (scalar && scalar->isUnsigned())
      printer << static_cast<uint64_t>(integer.getInt());
    else
      printer << integer.getInt();
  } else if (auto number = dyn_cast<FloatAttr>(getValue())) {
    printDouble(printer, number.getValue());
  } else {
    auto parts = cast<ArrayAttr>(getValue()).getAsRange<FloatAttr>();
    printer << "(";
    llvm::interleaveComma(parts, printer, [&](FloatAttr part) { printDouble(printer, part.getValue()); });
    printer << ")";
  }
  printer.printOptionalAttrDict((*this)->getAttrs(), {getValueAttrName()});
  printer << " : " << getType();
}

LogicalResult ConstantOp::verify() {
  Scalar scalar = *Scalar::of(getType());
  auto isDouble = [](Attribute attribute) {
    auto number = dyn_cast<FloatAttr>(attribute);
    return number && number.getType().isF64();
  };
  if (scalar.isIntegral()) {
    auto integer = dyn_cast<IntegerAttr>(getValue());
    if (!integer || !integer.getType().isInteger(64))
      return emitOpError() << "of type " << getType() << " needs an i64 integer as its value, not " << getValue();
    if (!scalar.holds(integer.getInt()))
      return emitOpError() << "value " << integer.getInt() << " does not fit " << getType();
    return success();
  }
  if (scalar.kind == Scalar::Kind::Float) {
    if (!isDouble(getValue()))
      return emitOpError() << "of type " << getType() << " needs an f64 number as its value, not " << getValue();
    return success();
  }
  auto parts = dyn_cast<ArrayAttr>(getValue());
  if (!parts || parts.size() != 2 || !llvm::all_of(parts, isDouble))
    return emitOpError() << "of type " << getType()
                         << " needs two f64 numbers, the real and the imaginary part, as its value, not " << getValue();
  return success();
}

//===-------------------------------------------------------------------------------------------------------------===//
// Scalar operations
//===-------------------------------------------------------------------------------------------------------------===//

LogicalResult CmpOp::verify() {
  if (isComplex(getLhs().getType()) && getPredicate() != "eq" && getPredicate() != "ne")
    return emitOpError() << "cannot order complex numbers by `" << getPredicate()
                         << "`: they can only be compared for eq and ne";
  return success();
}

LogicalResult BitcastOp::verify() {
  unsigned from = Scalar::of(getOperand().getType())->width, to = Scalar::of(getType())->width;
  if (from != to)
    return emitOpError() << "needs types of one width, but " << getOperand().getType() << " has " << from
                         << " bits and " << getType() << " has " << to;
  return success();
}

/// How many floats the C math library's function of that name takes; nothing if there is no such function.
static std::optional<unsigned> libmArity(StringRef name) {
  return llvm::StringSwitch<std::optional<unsigned>>(name)
      .Cases({"acos", "acosh", "asin", "asinh", "atan", "atanh", "cbrt", "ceil", "cos", "cosh"}, 1)
      .Cases({"erf", "erfc", "exp", "exp2", "expm1", "fabs", "floor", "lgamma", "log", "log10"}, 1)
      .Cases({"log1p", "log2", "nearbyint", "rint", "round", "sin", "sinh", "sqrt", "tan"}, 1)
      .Cases({"tanh", "tgamma", "trunc"}, 1)
      .Cases({"j0", "j1", "y0", "y1"}, 1)
      .Cases({"atan2", "copysign", "fdim", "fmax", "fmin", "fmod", "hypot", "nextafter", "pow"}, 2)
      .Case("remainder", 2)
      .Case("fma", 3)
      .Default(std::nullopt);
}

LogicalResult LibmOp::verify() {
  std::optional<unsigned> arity = libmArity(getFunction());
  if (!arity)
    return emitOpError() << "knows no function `" << getFunction()
                         << "` in the C math library that takes and gives floats";
  if (*arity != getArgs().size())
    return emitOpError() << "`" << getFunction() << "` takes " << counted(*arity, "operand") << ", not "
                         << getArgs().size();
  return success();
}

//===-------------------------------------------------------------------------------------------------------------===//
// Errors
//===-------------------------------------------------------------------------------------------------------------===//

/// How many operands a message shows: `{{` and `}}` stand for one brace each.
static size_t countPlaces(StringRef message) {
  size_t places = 0;
  while (!message.empty()) {
    if (message.consume_front("{{") || message.consume_front("}}"))
      continue;
    if (message.consume_front("{}") || message.consume_front("{!r}"))
      ++places;
    else
      message = message.drop_front();
  }
  return places;
}

/// The exception's class has a name, and the message a place for each operand.
template <typename OpTy> static LogicalResult verifyException(OpTy op) {
  if (op.getKind().empty())
    return op.emitOpError() << "needs the name of an exception class as its `kind`";
  size_t places = countPlaces(op.getMessage()), operands = op.getArgs().size();
  if (operands != 0 && places != operands)
    return op.emitOpError() << "has " << counted(operands, "operand") << " to show, but its message has "
                            << counted(places, "place") << " `{}`: \"" << op.getMessage() << "\"";
  return success();
}

LogicalResult RandomOp::verify() {
  struct Kind {
    StringRef name;
    size_t operands;
    StringRef result;
  };
  static constexpr Kind kinds[] = {{"bits", 0, "index"}, {"double", 0, "f64"}, {"gauss", 0, "f64"},
                                   {"seed", 1, ""},      {"fork", 0, "index"}, {"enter", 2, ""}};
  const Kind *kind = llvm::find_if(kinds, [&](const Kind &one) { return one.name == getKind(); });
  if (kind == std::end(kinds))
    return emitOpError() << "knows no kind \"" << getKind() << "\"";
  if (getGenerator() != "numpy" && getGenerator() != "python")
    return emitOpError() << "knows the generators \"numpy\" and \"python\", not \"" << getGenerator() << "\"";
  if (getArgs().size() != kind->operands)
    return emitOpError() << "takes " << counted(kind->operands, "operand") << " as " << getKind() << ", but has "
                         << getArgs().size();
  StringRef result = !getResult() ? "" : getResult().getType().isIndex() ? "index" : "f64";
  if (result != kind->result)
    return emitOpError() << "as " << getKind() << " gives "
                         << (kind->result.empty() ? StringRef("nothing") : kind->result);
  return success();
}

LogicalResult ThreadsOp::verify() {
  bool asks = llvm::is_contained({"number", "count", "chunk_size", "leave_chunk_size"}, getKind());
  if (!asks && !llvm::is_contained({"set_count", "set_chunk_size", "enter_chunk_size"}, getKind()))
    return emitOpError() << "knows no kind \"" << getKind() << "\"";
  if (asks == static_cast<bool>(getValue()))
    return emitOpError() << "as " << getKind() << (asks ? " takes no operand" : " takes what to set");
  return success();
}

LogicalResult CheckOp::verify() { return verifyException(*this); }
LogicalResult RaiseOp::verify() { return verifyException(*this); }

//===-------------------------------------------------------------------------------------------------------------===//
// Arrays
//===-------------------------------------------------------------------------------------------------------------===//

/// One of `what` per axis of the array.
static LogicalResult verifyPerAxis(Operation *op, StringRef what, size_t count, Type array) {
  unsigned rank = cast<ArrayType>(array).getRank();
  if (count == rank)
    return success();
  return op->emitOpError() << "needs one " << what << " per axis of " << array << ", that is " << rank << ", but has "
                           << count;
}

LogicalResult AllocOp::verify() {
  if (auto lowered = dyn_cast<MemRefType>(getType()))
    return static_cast<size_t>(lowered.getRank()) == getDims().size()
               ? success()
               : emitOpError() << "needs one extent per axis of " << lowered;
  auto type = cast<ArrayType>(getType());
  if (type.getLayout() == Layout::A)
    return emitOpError() << "makes arrays of layout C or F, not " << type;
  return verifyPerAxis(*this, "extent", getDims().size(), type);
}

/// Whether an address has the type of addresses, before `lower-numeric` or after.
static LogicalResult verifyAddress(Operation *op, Type address) {
  auto type = dyn_cast<IntegerType>(address);
  if (type && type.getWidth() == 64 && !type.isSigned())
    return success();
  return op->emitOpError() << "has an address of type ui64, not " << address;
}

LogicalResult CallForeignOp::verify() {
  for (Value value : getOperation()->getOperands())
    if (isa<ComplexType>(value.getType()) || value.getType().isF16())
      return emitOpError() << "has no way to hand " << value.getType() << " to C";
  if (getResult() && (isa<ComplexType>(getResult().getType()) || getResult().getType().isF16()))
    return emitOpError() << "has no way to take " << getResult().getType() << " from C";
  return getAddress() ? success() : emitOpError() << "calls no function: its address is 0";
}

LogicalResult AddressOp::verify() { return verifyAddress(*this, getResult().getType()); }

LogicalResult ArrayAtOp::verify() {
  if (failed(verifyAddress(*this, getAddress().getType())))
    return failure();
  if (auto lowered = dyn_cast<MemRefType>(getType()))
    return static_cast<size_t>(lowered.getRank()) == getDims().size()
               ? success()
               : emitOpError() << "needs one extent per axis of " << lowered;
  auto type = cast<ArrayType>(getType());
  if (type.getLayout() == Layout::A)
    return emitOpError() << "gives arrays of layout C or F, not " << type;
  return verifyPerAxis(*this, "extent", getDims().size(), type);
}

template <typename OpTy> static LogicalResult verifyAxis(OpTy op) {
  unsigned rank = cast<ArrayType>(op.getArray().getType()).getRank();
  if (op.getAxis() < rank)
    return success();
  return op.emitOpError() << "axis " << op.getAxis() << " does not exist in " << op.getArray().getType()
                          << ", which has rank " << rank;
}

LogicalResult DimOp::verify() { return verifyAxis(*this); }
LogicalResult StrideOp::verify() { return verifyAxis(*this); }

LogicalResult LoadOp::verify() { return verifyPerAxis(*this, "index", getIndices().size(), getArray().getType()); }
LogicalResult StoreOp::verify() { return verifyPerAxis(*this, "index", getIndices().size(), getArray().getType()); }

/// Source and result of a view have the same elements.
template <typename OpTy> static LogicalResult verifySameElements(OpTy op) {
  Type source = cast<ArrayType>(op.getSource().getType()).getElementType();
  Type result = cast<ArrayType>(op.getType()).getElementType();
  if (source == result)
    return success();
  return op.emitOpError() << "cannot change the element type from " << source << " to " << result;
}

LogicalResult ViewOp::verify() {
  ArrayType source = cast<ArrayType>(getSource().getType()), result = cast<ArrayType>(getType());
  if (failed(verifySameElements(*this)))
    return failure();
  // The operands after the source are three groups of one length, so they tell only together whether one is missing.
  if (getNumOperands() != 1 + 3 * source.getRank())
    return emitOpError() << "needs one start, one size and one step per axis of " << source << ", that is "
                         << counted(3 * source.getRank(), "operand") << " after the source, but has "
                         << getNumOperands() - 1;
  if (getAxes().size() != result.getRank())
    return emitOpError() << "needs one entry of `axes` per axis of its result " << result << ", that is "
                         << result.getRank() << ", but has " << getAxes().size();
  llvm::SmallBitVector seen(source.getRank());
  for (int64_t axis : getAxes()) {
    if (axis == -1)
      continue;
    if (axis < 0 || axis >= static_cast<int64_t>(source.getRank()))
      return emitOpError() << "`axes` names axis " << axis << ", but the source " << source << " has rank "
                           << source.getRank() << " (-1 makes a new axis)";
    if (seen.test(axis))
      return emitOpError() << "`axes` names axis " << axis << " of the source twice";
    seen.set(axis);
  }
  return success();
}

LogicalResult ReinterpretOp::verify() {
  // Sizes and strides are of one length, so they tell only together whether one is missing.
  unsigned rank = cast<ArrayType>(getType()).getRank();
  if (getNumOperands() == 2 + 2 * rank)
    return success();
  return emitOpError() << "needs one size and one stride per axis of its result " << getType() << ", that is "
                       << counted(2 * rank, "operand") << " after the offset, but has " << getNumOperands() - 2;
}

LogicalResult ReshapeOp::verify() {
  for (Type type : {getSource().getType(), getType()})
    if (cast<ArrayType>(type).getLayout() != Layout::C)
      return emitOpError() << "works on arrays of layout C, not on " << type << "; copy it with numeric.map first";
  if (failed(verifySameElements(*this)))
    return failure();
  return verifyPerAxis(*this, "extent", getDims().size(), getType());
}
