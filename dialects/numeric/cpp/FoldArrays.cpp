// Folders and canonical forms of the array operations.
#include "Constants.h"
#include "Numeric.h"

#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace mlir::numeric;

//===-------------------------------------------------------------------------------------------------------------===//
// Shapes
//===-------------------------------------------------------------------------------------------------------------===//

/// The only array among the inputs that has axes, if there is one; the result has its shape.
static Value onlyShapedInput(MapOp map) {
  Value found;
  for (Value input : map.getInputs()) {
    auto type = dyn_cast<ArrayType>(input.getType());
    if (!type || type.getRank() == 0)
      continue;
    if (found && found != input)
      return {};
    found = input;
  }
  return found;
}

OpFoldResult DimOp::fold(FoldAdaptor) {
  Operation *source = getArray().getDefiningOp();
  unsigned axis = getAxis();
  if (auto alloc = dyn_cast_or_null<AllocOp>(source))
    return alloc.getDims()[axis];
  if (auto array = dyn_cast_or_null<DeviceArrayOp>(source); array && array.getMemory() != "dynamic")
    return intAttr(getType(), array.getExtents()[axis]);
  if (auto reshape = dyn_cast_or_null<ReshapeOp>(source))
    return reshape.getDims()[axis];
  if (auto reinterpret = dyn_cast_or_null<ReinterpretOp>(source))
    return reinterpret.getSizes()[axis];
  if (auto view = dyn_cast_or_null<ViewOp>(source)) {
    int64_t along = view.getAxes()[axis];
    return along < 0 ? OpFoldResult(intAttr(getType(), 1)) : OpFoldResult(view.getSizes()[along]);
  }
  if (auto map = dyn_cast_or_null<MapOp>(source))
    if (Value input = onlyShapedInput(map)) {
      getArrayMutable().assign(input);
      return getResult();
    }
  return {};
}

OpFoldResult StrideOp::fold(FoldAdaptor) {
  ArrayType type = cast<ArrayType>(getArray().getType());
  unsigned fastest = type.getLayout() == Layout::C ? type.getRank() - 1 : 0;
  if (type.getLayout() != Layout::A && getAxis() == fastest)
    return intAttr(getType(), 1);
  return {};
}

//===-------------------------------------------------------------------------------------------------------------===//
// Views
//===-------------------------------------------------------------------------------------------------------------===//

/// Whether the size is the whole extent of the source along the axis.
static bool isWholeExtent(Value size, Value source, unsigned axis) {
  auto dim = size.getDefiningOp<DimOp>();
  if (dim && dim.getArray() == source && dim.getAxis() == axis)
    return true;
  if (auto alloc = source.getDefiningOp<AllocOp>())
    return alloc.getDims()[axis] == size;
  if (auto reshape = source.getDefiningOp<ReshapeOp>())
    return reshape.getDims()[axis] == size;
  return false;
}

/// A view of the whole, as it is, is its source.
OpFoldResult ViewOp::fold(FoldAdaptor) {
  if (getSource().getType() != getType())
    return {};
  for (auto [position, axis] : llvm::enumerate(getAxes()))
    if (axis != static_cast<int64_t>(position) || constantInt(getStarts()[axis]) != 0 ||
        constantInt(getSteps()[axis]) != 1 || !isWholeExtent(getSizes()[axis], getSource(), axis))
      return {};
  return getSource();
}

/// A view of a view is a view of the first source: starts and steps are composed axis by axis.
static LogicalResult composeViews(ViewOp op, PatternRewriter &rewriter) {
  auto inner = op.getSource().getDefiningOp<ViewOp>();
  if (!inner)
    return failure();
  SmallVector<Value> starts(inner.getStarts()), sizes(inner.getSizes()), steps(inner.getSteps());
  for (auto [position, axis] : llvm::enumerate(inner.getAxes())) {
    if (axis < 0)
      continue;
    Value offset = MulOp::create(rewriter, op.getLoc(), op.getStarts()[position], steps[axis]);
    starts[axis] = AddOp::create(rewriter, op.getLoc(), starts[axis], offset);
    steps[axis] = MulOp::create(rewriter, op.getLoc(), steps[axis], op.getSteps()[position]);
    sizes[axis] = op.getSizes()[position];
  }
  SmallVector<int64_t> axes;
  for (int64_t axis : op.getAxes())
    axes.push_back(axis < 0 ? -1 : inner.getAxes()[axis]);
  rewriter.replaceOpWithNewOp<ViewOp>(op, op.getType(), inner.getSource(), starts, sizes, steps, axes);
  return success();
}

void ViewOp::getCanonicalizationPatterns(RewritePatternSet &patterns, MLIRContext *) { patterns.add(composeViews); }

/// A reshape of a reshape goes back to the first source; one that changes nothing is its source.
OpFoldResult ReshapeOp::fold(FoldAdaptor) {
  if (auto inner = getSource().getDefiningOp<ReshapeOp>()) {
    getSourceMutable().assign(inner.getSource());
    return getResult();
  }
  if (getSource().getType() != getType())
    return {};
  for (auto [axis, size] : llvm::enumerate(getDims()))
    if (!isWholeExtent(size, getSource(), axis))
      return {};
  return getSource();
}

//===-------------------------------------------------------------------------------------------------------------===//
// Whole-array statements
//===-------------------------------------------------------------------------------------------------------------===//

/// Drops inputs that the body can do without: constants are repeated inside, unused scalars and second mentions of one
/// input go away. An array that is not read stays, for it takes part in the broadcast.
template <typename OpTy> static LogicalResult dropInputs(OpTy op, PatternRewriter &rewriter) {
  Block *body = op.getBody();
  SmallVector<unsigned> dropped;
  SmallVector<Value> kept;
  SmallVector<BlockArgument> arguments;
  rewriter.setInsertionPointToStart(body);
  for (auto [position, input] : llvm::enumerate(op.getInputs())) {
    BlockArgument argument = body->getArgument(position);
    bool scalar = !isa<ArrayType>(input.getType());
    // What an argument is replaced by must stay: one that is kept, or an operation of the body.
    auto earlier = llvm::find(kept, input);
    Operation *source = input.getDefiningOp();
    bool constant = scalar && source && source->hasTrait<OpTrait::ConstantLike>() &&
                    isa_and_nonnull<NumericDialect>(source->getDialect());
    if (earlier != kept.end())
      rewriter.replaceAllUsesWith(argument, arguments[earlier - kept.begin()]);
    else if (constant && !argument.use_empty())
      rewriter.replaceAllUsesWith(argument, rewriter.clone(*source)->getResult(0));
    else if (!scalar || !argument.use_empty()) {
      kept.push_back(input);
      arguments.push_back(argument);
      continue;
    }
    dropped.push_back(position);
  }
  if (dropped.empty())
    return failure();
  rewriter.modifyOpInPlace(op, [&] {
    op.getInputsMutable().assign(kept);
    for (unsigned position : llvm::reverse(dropped))
      body->eraseArgument(position);
  });
  return success();
}

void MapOp::getCanonicalizationPatterns(RewritePatternSet &patterns, MLIRContext *) {
  patterns.add(dropInputs<MapOp>);
}
void AssignOp::getCanonicalizationPatterns(RewritePatternSet &patterns, MLIRContext *) {
  patterns.add(dropInputs<AssignOp>);
}
void MapReduceOp::getCanonicalizationPatterns(RewritePatternSet &patterns, MLIRContext *) {
  patterns.add(dropInputs<MapReduceOp>);
}
void ReduceAxesOp::getCanonicalizationPatterns(RewritePatternSet &patterns, MLIRContext *) {
  patterns.add(dropInputs<ReduceAxesOp>);
}
