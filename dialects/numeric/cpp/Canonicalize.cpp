// Canonical forms of the scalar operations and checks: rewrites that make new operations, where a folder could not.
#include "Constants.h"
#include "Numeric.h"

#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace mlir::numeric;

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
  if (*condition) {
    rewriter.eraseOp(op);
    return success();
  }
  // Below `numeric`, `operand_types` says what the lowered operands were.
  SmallVector<NamedAttribute> attributes(op->getDiscardableAttrs());
  auto raise = rewriter.replaceOpWithNewOp<RaiseOp>(op, op.getKind(), op.getMessage(), op.getArgs());
  raise->setDiscardableAttrs(attributes);
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
