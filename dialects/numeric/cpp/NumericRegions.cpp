// Assembly, verifiers and side effects of the operations on whole arrays and of those that hold a region: map,
// assign, reduce and parallel.
#include "Numeric.h"

using namespace mlir;
using namespace mlir::numeric;

//===-------------------------------------------------------------------------------------------------------------===//
// Whole-array statements
//===-------------------------------------------------------------------------------------------------------------===//

/// What the body sees of an input: the element of an array, the scalar itself.
static Type elementOf(Type type) {
  auto array = dyn_cast<ArrayType>(type);
  return array ? array.getElementType() : type;
}

/// The rank that an input broadcasts with.
static unsigned rankOf(Type type) {
  auto array = dyn_cast<ArrayType>(type);
  return array ? array.getRank() : 0;
}

/// Whether a kind of reduction has no identity, and so raises where there is nothing to reduce.
static bool isOrder(StringRef kind) { return kind == "min" || kind == "max"; }

/// The kinds of reduction that a type of element knows.
static LogicalResult verifyReduction(Operation *op, StringRef kind, Type element) {
  Scalar scalar = *Scalar::of(element);
  bool arithmetic = kind == "add" || kind == "mul", order = isOrder(kind);
  bool allowed = arithmetic ? scalar.kind != Scalar::Kind::Bool
                 : order    ? scalar.kind != Scalar::Kind::Complex
                            : scalar.isIntegral() && scalar.kind != Scalar::Kind::Index;
  if (allowed)
    return success();
  return op->emitOpError() << "cannot reduce " << element << " by `" << kind << "`";
}

LogicalResult ReduceOp::verify() { return verifyReduction(*this, getKind(), getType()); }

/// `ins(%x = %a : type, ...)`
static ParseResult parseInputs(OpAsmParser &parser, SmallVectorImpl<OpAsmParser::Argument> &arguments,
                               SmallVectorImpl<OpAsmParser::UnresolvedOperand> &inputs,
                               SmallVectorImpl<Type> &types) {
  return failure(parser.parseKeyword("ins") ||
                 parser.parseCommaSeparatedList(OpAsmParser::Delimiter::Paren, [&]() -> ParseResult {
                   OpAsmParser::Argument &argument = arguments.emplace_back();
                   if (parser.parseArgument(argument) || parser.parseEqual() ||
                       parser.parseOperand(inputs.emplace_back()) || parser.parseColonType(types.emplace_back()))
                     return failure();
                   argument.type = elementOf(types.back());
                   return success();
                 }));
}

static void printInputs(OpAsmPrinter &printer, Block::BlockArgListType arguments, OperandRange inputs) {
  printer << "ins(";
  llvm::interleaveComma(llvm::zip(arguments, inputs), printer, [&](auto pair) {
    auto [argument, input] = pair;
    printer << argument << " = " << input << " : " << input.getType();
  });
  printer << ")";
}

/// One body argument per input, of its element type.
static LogicalResult verifyArguments(Operation *op, Block &body, OperandRange inputs) {
  if (body.getNumArguments() != inputs.size())
    return op->emitOpError() << "has " << counted(inputs.size(), "input") << ", but its body takes "
                             << counted(body.getNumArguments(), "argument");
  for (auto [position, argument, input] : llvm::enumerate(body.getArguments(), inputs))
    if (argument.getType() != elementOf(input.getType()))
      return op->emitOpError() << "input " << position << " is " << input.getType() << ", so the body's argument "
                               << position << " must be " << elementOf(input.getType()) << ", not "
                               << argument.getType();
  return success();
}

/// The body holds pure scalar operations of this dialect and yields one element.
static LogicalResult verifyBody(Operation *op, Block &body, Type element) {
  auto yield = dyn_cast<YieldOp>(body.empty() ? nullptr : &body.back());
  if (!yield)
    return op->emitOpError() << "body must end in numeric.yield";
  if (yield.getValues().size() != 1)
    return op->emitOpError() << "body must yield one value, the element, not " << yield.getValues().size();
  if (yield.getValues()[0].getType() != element)
    return op->emitOpError() << "makes elements of type " << element << ", but its body yields "
                             << yield.getValues()[0].getType();
  for (Operation &inner : body.without_terminator()) {
    bool ours = isa_and_nonnull<NumericDialect>(inner.getDialect());
    if (!ours || inner.getNumRegions() != 0 || !isPure(&inner) || !llvm::all_of(inner.getResultTypes(), isScalar) ||
        !llvm::all_of(inner.getOperandTypes(), isScalar)) {
      InFlightDiagnostic diagnostic =
          op->emitOpError() << "body may hold pure scalar operations of the numeric dialect alone";
      diagnostic.attachNote(inner.getLoc()) << "`" << inner.getName() << "` is none";
      return diagnostic;
    }
  }
  return success();
}

ParseResult MapOp::parse(OpAsmParser &parser, OperationState &result) {
  SmallVector<OpAsmParser::Argument> arguments;
  SmallVector<OpAsmParser::UnresolvedOperand> inputs;
  SmallVector<Type> types;
  Type type;
  SMLoc loc = parser.getCurrentLocation();
  if (parseInputs(parser, arguments, inputs, types) || parser.parseArrowTypeList(result.types) ||
      parser.parseOptionalAttrDictWithKeyword(result.attributes) ||
      parser.resolveOperands(inputs, types, loc, result.operands))
    return failure();
  return parser.parseRegion(*result.addRegion(), arguments);
}

void MapOp::print(OpAsmPrinter &printer) {
  printer << " ";
  printInputs(printer, getBody()->getArguments(), getInputs());
  printer << " -> " << getType();
  printer.printOptionalAttrDictWithKeyword((*this)->getAttrs());
  printer << " ";
  printer.printRegion(getRegion(), /*printEntryBlockArgs=*/false);
}

LogicalResult MapOp::verify() {
  ArrayType type = cast<ArrayType>(getType());
  if (type.getLayout() == Layout::A)
    return emitOpError() << "makes arrays of layout C or F, not " << type;
  unsigned rank = 0;
  for (Type input : getInputs().getTypes())
    rank = std::max(rank, rankOf(input));
  if (type.getRank() != rank)
    return emitOpError() << "broadcasts its inputs to rank " << rank << ", but its result is " << type;
  return verifyArguments(*this, *getBody(), getInputs());
}

LogicalResult MapOp::verifyRegions() { return verifyBody(*this, *getBody(), elementOf(getType())); }

ParseResult AssignOp::parse(OpAsmParser &parser, OperationState &result) {
  SmallVector<OpAsmParser::Argument> arguments;
  SmallVector<OpAsmParser::UnresolvedOperand> operands;
  SmallVector<Type> types;
  SMLoc loc = parser.getCurrentLocation();
  Type type;
  if (parser.parseOperand(operands.emplace_back()) || parseInputs(parser, arguments, operands, types) ||
      parser.parseColonType(type) || parser.parseOptionalAttrDictWithKeyword(result.attributes))
    return failure();
  types.insert(types.begin(), type);
  if (parser.resolveOperands(operands, types, loc, result.operands))
    return failure();
  return parser.parseRegion(*result.addRegion(), arguments);
}

void AssignOp::print(OpAsmPrinter &printer) {
  printer << " " << getDest() << " ";
  printInputs(printer, getBody()->getArguments(), getInputs());
  printer << " : " << getDest().getType();
  printer.printOptionalAttrDictWithKeyword((*this)->getAttrs());
  printer << " ";
  printer.printRegion(getRegion(), /*printEntryBlockArgs=*/false);
}

LogicalResult AssignOp::verify() {
  for (Value input : getInputs())
    if (rankOf(input.getType()) > rankOf(getDest().getType()))
      return emitOpError() << "cannot broadcast an input of type " << input.getType() << " to the destination "
                           << getDest().getType() << ", which has fewer axes";
  return verifyArguments(*this, *getBody(), getInputs());
}

LogicalResult AssignOp::verifyRegions() {
  return verifyBody(*this, *getBody(), elementOf(getDest().getType()));
}

ParseResult MapReduceOp::parse(OpAsmParser &parser, OperationState &result) {
  SmallVector<OpAsmParser::Argument> arguments;
  SmallVector<OpAsmParser::UnresolvedOperand> inputs;
  SmallVector<Type> types;
  StringRef kind;
  if (parser.parseKeyword(&kind))
    return failure();
  result.addAttribute("kind", parser.getBuilder().getStringAttr(kind));
  SMLoc loc = parser.getCurrentLocation();
  if (parseInputs(parser, arguments, inputs, types) || parser.parseArrowTypeList(result.types) ||
      parser.parseOptionalAttrDictWithKeyword(result.attributes) ||
      parser.resolveOperands(inputs, types, loc, result.operands))
    return failure();
  return parser.parseRegion(*result.addRegion(), arguments);
}

void MapReduceOp::print(OpAsmPrinter &printer) {
  printer << " " << getKind() << " ";
  printInputs(printer, getBody()->getArguments(), getInputs());
  printer << " -> " << getType();
  printer.printOptionalAttrDictWithKeyword((*this)->getAttrs(), {"kind"});
  printer << " ";
  printer.printRegion(getRegion(), /*printEntryBlockArgs=*/false);
}

LogicalResult MapReduceOp::verify() {
  if (llvm::none_of(getInputs().getTypes(), [](Type input) { return rankOf(input) != 0; }))
    return emitOpError() << "needs an array with axes among its inputs";
  if (Scalar::of(getType())->kind == Scalar::Kind::Complex)
    return emitOpError() << "cannot reduce " << getType();
  if (failed(verifyReduction(*this, getKind(), getType())))
    return failure();
  return verifyArguments(*this, *getBody(), getInputs());
}

LogicalResult MapReduceOp::verifyRegions() { return verifyBody(*this, *getBody(), getType()); }

ParseResult ReduceAxesOp::parse(OpAsmParser &parser, OperationState &result) {
  SmallVector<OpAsmParser::Argument> arguments;
  SmallVector<OpAsmParser::UnresolvedOperand> inputs;
  SmallVector<Type> types;
  StringRef kind;
  if (parser.parseKeyword(&kind) || parser.parseKeyword("axes"))
    return failure();
  Attribute axes = DenseI64ArrayAttr::parse(parser, {});
  if (!axes)
    return failure();
  result.addAttribute("kind", parser.getBuilder().getStringAttr(kind));
  result.addAttribute("axes", axes);
  SMLoc loc = parser.getCurrentLocation();
  if (parseInputs(parser, arguments, inputs, types) || parser.parseArrowTypeList(result.types) ||
      parser.parseOptionalAttrDictWithKeyword(result.attributes) ||
      parser.resolveOperands(inputs, types, loc, result.operands))
    return failure();
  return parser.parseRegion(*result.addRegion(), arguments);
}

void ReduceAxesOp::print(OpAsmPrinter &printer) {
  printer << " " << getKind() << " axes ";
  getAxesAttr().print(printer);
  printer << " ";
  printInputs(printer, getBody()->getArguments(), getInputs());
  printer << " -> " << getType();
  printer.printOptionalAttrDictWithKeyword((*this)->getAttrs(), {"kind", "axes"});
  printer << " ";
  printer.printRegion(getRegion(), /*printEntryBlockArgs=*/false);
}

LogicalResult ReduceAxesOp::verify() {
  ArrayType type = cast<ArrayType>(getType());
  if (type.getLayout() != Layout::C)
    return emitOpError() << "makes arrays of layout C, not " << type;
  int64_t rank = 0, last = -1;
  for (Type input : getInputs().getTypes())
    rank = std::max<int64_t>(rank, rankOf(input));
  for (int64_t axis : getAxes()) {
    if (axis <= last || axis >= rank)
      return emitOpError() << "reduces axes in ascending order, from 0 to " << rank - 1 << ", not [" << getAxes()
                           << "]";
    last = axis;
  }
  int64_t reduced = getAxes().size();
  if (reduced == 0 || reduced >= rank)
    return emitOpError() << "reduces some of " << rank << " axes, not " << reduced;
  if (type.getRank() != rank - reduced)
    return emitOpError() << "reduces " << reduced << " of " << rank << " axes, but its result is " << type;
  if (failed(verifyReduction(*this, getKind(), type.getElementType())))
    return failure();
  return verifyArguments(*this, *getBody(), getInputs());
}

LogicalResult ReduceAxesOp::verifyRegions() { return verifyBody(*this, *getBody(), elementOf(getType())); }

LogicalResult BroadcastOp::verify() {
  ArrayRef<int64_t> ranks = getRanks();
  int64_t sum = 0, widest = 0;
  for (int64_t rank : ranks) {
    if (rank < 1)
      return emitOpError() << "shapes have ranks of at least 1, not " << rank;
    sum += rank;
    widest = std::max(widest, rank);
  }
  if (ranks.size() < 2)
    return emitOpError() << "takes two shapes at least, not " << ranks.size();
  if (sum != static_cast<int64_t>(getExtents().size()))
    return emitOpError() << "has " << counted(getExtents().size(), "extent") << " for ranks that make " << sum;
  if (getInto() && ranks.back() != widest)
    return emitOpError() << "has a destination of rank " << ranks.back() << ", but a shape of rank " << widest;
  int64_t results = getInto() ? 0 : widest;
  if (results != static_cast<int64_t>(getNumResults()))
    return emitOpError() << "broadcasts to rank " << results << ", but has " << counted(getNumResults(), "result");
  return success();
}

//===-------------------------------------------------------------------------------------------------------------===//
// Parallel loops
//===-------------------------------------------------------------------------------------------------------------===//

/// `%i in %n reduce(add %acc = %init : f64, ...) { ... }`
ParseResult ParallelOp::parse(OpAsmParser &parser, OperationState &result) {
  Builder &builder = parser.getBuilder();
  SmallVector<OpAsmParser::Argument> arguments(1);
  SmallVector<OpAsmParser::UnresolvedOperand> inits;
  OpAsmParser::UnresolvedOperand trip;
  SmallVector<Attribute> kinds;
  arguments[0].type = builder.getIndexType();
  if (parser.parseArgument(arguments[0]) || parser.parseKeyword("in") || parser.parseOperand(trip) ||
      parser.resolveOperand(trip, builder.getIndexType(), result.operands))
    return failure();
  SMLoc loc = parser.getCurrentLocation();
  if (succeeded(parser.parseOptionalKeyword("reduce")) &&
      parser.parseCommaSeparatedList(OpAsmParser::Delimiter::Paren, [&]() -> ParseResult {
        StringRef kind;
        OpAsmParser::Argument &argument = arguments.emplace_back();
        if (parser.parseKeyword(&kind) || parser.parseArgument(argument) || parser.parseEqual() ||
            parser.parseOperand(inits.emplace_back()) || parser.parseColonType(argument.type))
          return failure();
        kinds.push_back(builder.getStringAttr(kind));
        result.addTypes(argument.type);
        return success();
      }))
    return failure();
  if (parser.resolveOperands(inits, result.types, loc, result.operands) ||
      parser.parseOptionalAttrDictWithKeyword(result.attributes))
    return failure();
  result.addAttribute(getKindsAttrName(result.name), builder.getArrayAttr(kinds));
  Region *body = result.addRegion();
  if (parser.parseRegion(*body, arguments))
    return failure();
  ensureTerminator(*body, builder, result.location);
  return success();
}

void ParallelOp::print(OpAsmPrinter &printer) {
  printer << " " << getBody()->getArgument(0) << " in " << getTrip();
  if (!getKinds().empty()) {
    printer << " reduce(";
    auto reductions = llvm::zip(getKinds().getAsValueRange<StringAttr>(), getBody()->getArguments().drop_front(),
                                getInitials());
    llvm::interleaveComma(reductions, printer, [&](auto reduction) {
      auto [kind, argument, init] = reduction;
      printer << kind << " " << argument << " = " << init << " : " << init.getType();
    });
    printer << ")";
  }
  printer.printOptionalAttrDictWithKeyword((*this)->getAttrs(), {getKindsAttrName()});
  printer << " ";
  printer.printRegion(getRegion(), /*printEntryBlockArgs=*/false, /*printBlockTerminators=*/!getKinds().empty());
}

LogicalResult ParallelOp::verify() {
  size_t count = getKinds().size();
  if (getInitials().size() != count || getNumResults() != count)
    return emitOpError() << "has " << counted(count, "kind") << " of reduction, but "
                         << counted(getInitials().size(), "initial value") << " and "
                         << counted(getNumResults(), "result");
  if (getInitials().getTypes() != getResultTypes())
    return emitOpError() << "results must have the types of the initial values";
  for (auto [kind, init] : llvm::zip(getKinds().getAsValueRange<StringAttr>(), getInitials()))
    // Below `numeric` the element says no longer which kinds it knows.
    if (isScalar(elementOf(init.getType())) && failed(verifyReduction(*this, kind, elementOf(init.getType()))))
      return failure();
  Block &body = *getBody();
  if (body.getNumArguments() != count + 1 || !body.getArgument(0).getType().isIndex() ||
      !llvm::equal(llvm::drop_begin(body.getArgumentTypes()), getInitials().getTypes()))
    return emitOpError() << "body must take the index and then one accumulator per reduction, of its type";
  return success();
}

LogicalResult ParallelOp::verifyRegions() {
  auto yield = cast<YieldOp>(getBody()->getTerminator());
  if (yield.getValues().getTypes() != getInitials().getTypes())
    return emitOpError() << "body must yield one value per reduction, of the accumulator's type";
  return success();
}

SmallVector<Region *> ParallelOp::getLoopRegions() { return {&getRegion()}; }

//===-------------------------------------------------------------------------------------------------------------===//
// Side effects
//===-------------------------------------------------------------------------------------------------------------===//

using Effects = SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>;

/// Reads of the arrays among the operands; gives back how many have axes, and so a shape that may not fit.
static unsigned addReads(Effects &effects, MutableOperandRange inputs) {
  unsigned shaped = 0;
  for (OpOperand &input : inputs) {
    if (!isa<ArrayType>(input.get().getType()))
      continue;
    effects.emplace_back(MemoryEffects::Read::get(), &input);
    shaped += rankOf(input.get().getType()) != 0;
  }
  return shaped;
}

void MapOp::getEffects(Effects &effects) {
  if (addReads(effects, getInputsMutable()) > 1 && !getFits())
    effects.emplace_back(MemoryEffects::Write::get(), CheckResource::get());
  effects.emplace_back(MemoryEffects::Allocate::get(), cast<OpResult>(getResult()));
}

void AssignOp::getEffects(Effects &effects) {
  if (addReads(effects, getInputsMutable()) > 0 && !getFits())
    effects.emplace_back(MemoryEffects::Write::get(), CheckResource::get());
  effects.emplace_back(MemoryEffects::Write::get(), &getDestMutable());
}

void MapReduceOp::getEffects(Effects &effects) {
  bool mayMismatch = addReads(effects, getInputsMutable()) > 1 && !getFits();
  if (mayMismatch || isOrder(getKind()))
    effects.emplace_back(MemoryEffects::Write::get(), CheckResource::get());
}

void ReduceAxesOp::getEffects(Effects &effects) {
  if (addReads(effects, getInputsMutable()) > 1 && !getFits())
    effects.emplace_back(MemoryEffects::Write::get(), CheckResource::get());
  effects.emplace_back(MemoryEffects::Allocate::get(), cast<OpResult>(getResult()));
}

void ReduceOp::getEffects(Effects &effects) {
  effects.emplace_back(MemoryEffects::Read::get(), &getArrayMutable());
  if (isOrder(getKind()))
    effects.emplace_back(MemoryEffects::Write::get(), CheckResource::get());
}
