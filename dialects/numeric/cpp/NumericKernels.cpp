// Verifiers of the operations of kernels: what each kind takes and gives. They hold before `lower-numeric` and after, where integers have
// no sign and arrays are memrefs.
#include "Numeric.h"

#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace mlir::numeric;

/// The element of an array, and its rank, at any stage.
static std::pair<Type, unsigned> itemOf(Type array) {
  if (auto lowered = dyn_cast<MemRefType>(array))
    return {lowered.getElementType(), lowered.getRank()};
  auto type = cast<ArrayType>(array);
  return {type.getElementType(), type.getRank()};
}

/// Whether a type is a number of the kind that a test wants, or a signless integer.
static bool isWhole(Type type) {
  auto integer = dyn_cast<IntegerType>(type);
  return isInt(type) || type.isIndex() || (integer && integer.getWidth() > 1);
}

static bool isWord(Type type) {
  auto integer = dyn_cast<IntegerType>(type);
  return integer && integer.getWidth() == 32;
}

static bool isTruth(Type type) { return type.isInteger(1); }

/// What lanes can exchange: whatever has at most 64 bits and no parts.
static bool isExchangeable(Type type) { return !isa<ComplexType>(type) && !isComplex(type); }

/// What an operand or a result may be.
struct Place {
  StringRef said;
  bool (*fits)(Type);
};

static constexpr Place word{"an integer of 32 bits", isWord};
static constexpr Place truth{"an i1", isTruth};
static constexpr Place number{"an integer or a float", isExchangeable};
static constexpr Place single{"an f32", [](Type type) { return type.isF32(); }};
static constexpr Place condition{"an integer or an i1", [](Type type) { return isWhole(type) || isTruth(type); }};

/// Whether types are those that are wanted of `what`.
static LogicalResult verifyTypes(Operation *op, StringRef kind, StringRef what, TypeRange types,
                                 ArrayRef<Place> wanted) {
  if (types.size() != wanted.size())
    return op->emitOpError() << "as " << kind << " has " << counted(wanted.size(), what) << ", not " << types.size();
  for (auto [type, place] : llvm::zip_equal(types, wanted))
    if (!place.fits(type))
      return op->emitOpError() << "as " << kind << " has " << place.said << " as " << what << ", not " << type;
  return success();
}

/// What a kind takes and gives.
struct Shape {
  StringRef kind;
  SmallVector<Place, 10> operands, results;
};

static LogicalResult verifyShape(Operation *op, StringRef kind, ArrayRef<Shape> shapes) {
  const Shape *shape = llvm::find_if(shapes, [&](const Shape &one) { return one.kind == kind; });
  if (shape == shapes.end())
    return success();
  if (failed(verifyTypes(op, kind, "operand", op->getOperandTypes(), shape->operands)))
    return failure();
  return verifyTypes(op, kind, "result", op->getResultTypes(), shape->results);
}

LogicalResult BarrierOp::verify() {
  const Shape shapes[] = {{"block", {}, {}},
                          {"grid", {}, {}},
                          {"warp", {word}, {}},
                          {"count", {condition}, {word}},
                          {"and", {condition}, {word}},
                          {"or", {condition}, {word}}};
  return verifyShape(*this, getKind(), shapes);
}

LogicalResult WarpOp::verify() {
  const SmallVector<Place, 10> moved = {word, number, word, word}, vote = {word, truth}, match = {word, number};
  const SmallVector<Place, 10> multiplied = {word, word, word, word, word, word, single, single, single, single};
  const Shape shapes[] = {{"shuffle", moved, {number, truth}},
                          {"shuffle_up", moved, {number, truth}},
                          {"shuffle_down", moved, {number, truth}},
                          {"shuffle_xor", moved, {number, truth}},
                          {"all", vote, {truth}},
                          {"any", vote, {truth}},
                          {"equal", vote, {truth}},
                          {"ballot", vote, {word}},
                          {"match_any", match, {word}},
                          {"match_all", match, {word, truth}},
                          {"active", {}, {word}},
                          {"mma_f16", multiplied, {single, single, single, single}},
                          {"mma_bf16", multiplied, {single, single, single, single}},
                          {"mma_tf32", multiplied, {single, single, single, single}}};
  if (failed(verifyShape(*this, getKind(), shapes)))
    return failure();
  if (getKind().starts_with("shuffle") && getOperand(1).getType() != getResult(0).getType())
    return emitOpError() << "gives what it takes, " << getOperand(1).getType() << ", not " << getResult(0).getType();
  return success();
}

/// The array has one index per axis, and items of the type of all that is put there or comes from there.
static LogicalResult verifyItem(Operation *op, Type array, size_t indices, ArrayRef<Type> values) {
  auto [item, rank] = itemOf(array);
  if (indices != rank)
    return op->emitOpError() << "needs one index per axis of " << array << ", that is " << rank << ", but has "
                             << indices;
  for (Type value : values)
    if (item != value)
      return op->emitOpError() << "changes items of " << array << " by a value of their type, not of " << value;
  return success();
}

LogicalResult AtomicOp::verify() {
  Type type = getValue().getType();
  if (failed(verifyItem(*this, getArray().getType(), getIndices().size(), {type, getOld().getType()})))
    return failure();
  auto integer = dyn_cast<IntegerType>(type);
  bool isCounter = integer && !integer.isSigned() && integer.getWidth() >= 32;
  bool fits = llvm::StringSwitch<bool>(getKind())
                  .Cases({"and", "or", "xor"}, isWhole(type))
                  .Cases({"inc", "dec"}, isCounter)
                  .Default(isWhole(type) || isFloat(type));
  return fits ? success() : emitOpError() << "as " << getKind() << " changes no items of type " << type;
}

LogicalResult CompareExchangeOp::verify() {
  Type type = getValue().getType();
  if (failed(verifyItem(*this, getArray().getType(), getIndices().size(),
                        {type, getExpected().getType(), getOld().getType()})))
    return failure();
  return isWhole(type) || isFloat(type) ? success() : emitOpError() << "compares no items of type " << type;
}

LogicalResult DeviceArrayOp::verify() {
  auto type = dyn_cast<ArrayType>(getType());
  if (type && type.getLayout() != Layout::C)
    return emitOpError() << "makes arrays of layout C, not " << type;
  auto [item, rank] = itemOf(getType());
  ArrayRef<int64_t> extents = getExtents();
  if (getMemory() == "dynamic")
    return rank == 1 && extents == ArrayRef<int64_t>{0}
               ? success()
               : emitOpError() << "as dynamic makes an array of one axis, with the extents [0]";
  if (extents.size() != rank)
    return emitOpError() << "needs one extent per axis of " << getType() << ", that is " << rank << ", but has "
                         << extents.size();
  if (!llvm::all_of(extents, [](int64_t extent) { return extent > 0; }))
    return emitOpError() << "has an extent that is not positive";
  return success();
}

/// Bytes of an item of an array that lies side by side in words.
static unsigned bytesOf(Type item) { return item.isIntOrFloat() ? (item.getIntOrFloatBitWidth() + 7) / 8 : 0; }

LogicalResult LoadMatrixOp::verify() {
  auto [item, rank] = itemOf(getArray().getType());
  if (getIndices().size() != rank)
    return emitOpError() << "needs one index per axis of " << getArray().getType() << ", that is " << rank
                         << ", but has " << getIndices().size();
  if (bytesOf(item) != 2 && (bytesOf(item) != 4 || getTransposed()))
    return emitOpError() << "reads items of 16 bits, or of 32 if it does not transpose, not of type " << item;
  return verifyTypes(*this, "load_matrix", "result", getResultTypes(), {word, word, word, word});
}

LogicalResult CopyAsyncOp::verify() {
  auto [to, rank] = itemOf(getTo().getType());
  auto [from, other] = itemOf(getFrom().getType());
  if (to != from)
    return emitOpError() << "copies to items of the same type, not of " << from << " to " << to;
  if (getIndices().size() != rank + other)
    return emitOpError() << "needs one index per axis of both arrays, that is " << rank + other << ", but has "
                         << getIndices().size();
  return success();
}
