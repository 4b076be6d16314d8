// The dialect itself: registration, types, constants, function attributes, inlining, and the C API over them.
#include "Numeric.h"
#include "NumericCAPI.h"

#include "mlir/CAPI/IR.h"
#include "mlir/CAPI/Registration.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Transforms/InliningUtils.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::numeric;

#include "NumericDialect.cpp.inc"
#include "NumericEnums.cpp.inc"

#define GET_TYPEDEF_CLASSES
#include "NumericTypes.cpp.inc"

//===-------------------------------------------------------------------------------------------------------------===//
// Array type
//===-------------------------------------------------------------------------------------------------------------===//

LogicalResult ArrayType::verify(function_ref<InFlightDiagnostic()> emitError, unsigned rank, Type elementType,
                                Layout) {
  if (rank > kMaxRank)
    return emitError() << "an array has at most " << kMaxRank << " axes, not " << rank;
  if (!isScalar(elementType) || isa<IndexType>(elementType))
    return emitError() << elementType << " cannot be the element type of an array: use i1, si8..si64, ui8..ui64, f16, "
                       << "f32, f64, complex<f32>, complex<f64>, !numeric.int, !numeric.float or !numeric.complex";
  return success();
}

/// `<2xf64, C>`
Type ArrayType::parse(AsmParser &parser) {
  SmallVector<int64_t, 1> dimensions;
  Type element;
  StringRef name;
  if (parser.parseLess())
    return Type();
  SMLoc rankLoc = parser.getCurrentLocation();
  if (parser.parseDimensionList(dimensions, /*allowDynamic=*/false))
    return Type();
  if (dimensions.size() != 1) {
    parser.emitError(rankLoc, "expected one number, the rank, and `x` before the element type, as in "
                              "!numeric.array<2xf64, C>");
    return Type();
  }
  if (parser.parseType(element) || parser.parseComma())
    return Type();
  SMLoc layoutLoc = parser.getCurrentLocation();
  if (parser.parseKeyword(&name))
    return Type();
  std::optional<Layout> layout = symbolizeLayout(name);
  if (!layout) {
    parser.emitError(layoutLoc) << "`" << name << "` is no layout: expected C (row-major), F (column-major) or A (any)";
    return Type();
  }
  if (parser.parseGreater())
    return Type();
  if (dimensions[0] > kMaxRank) {
    parser.emitError(rankLoc) << "an array has at most " << kMaxRank << " axes, not " << dimensions[0];
    return Type();
  }
  return getChecked([&] { return parser.emitError(rankLoc); }, parser.getContext(),
                    static_cast<unsigned>(dimensions[0]), element, *layout);
}

void ArrayType::print(AsmPrinter &printer) const {
  printer << "<" << getRank() << "x" << getElementType() << ", " << stringifyLayout(getLayout()) << ">";
}

//===-------------------------------------------------------------------------------------------------------------===//
// Dialect
//===-------------------------------------------------------------------------------------------------------------===//

namespace {
/// Every operation may be inlined anywhere: errors leave the function by their own means.
struct Inliner : public DialectInlinerInterface {
  using DialectInlinerInterface::DialectInlinerInterface;

  bool isLegalToInline(Operation *, Region *, bool, IRMapping &) const final { return true; }
  bool isLegalToInline(Region *, Region *, bool, IRMapping &) const final { return true; }
};
} // namespace

void NumericDialect::initialize() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "NumericTypes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "NumericOps.cpp.inc"
      >();
  addInterfaces<Inliner>();
}

Operation *NumericDialect::materializeConstant(OpBuilder &builder, Attribute value, Type type, Location loc) {
  if (!isScalar(type))
    return nullptr;
  if (auto condition = dyn_cast<BoolAttr>(value))
    value = builder.getI64IntegerAttr(condition.getValue());
  return ConstantOp::create(builder, loc, type, value).getOperation();
}

LogicalResult NumericDialect::verifyOperationAttribute(Operation *op, NamedAttribute attribute) {
  StringRef name = attribute.getName();
  if (!llvm::is_contained({"numeric.entry", "numeric.python_name", "numeric.host"}, name))
    return op->emitError() << "`" << name << "` is no attribute that the numeric dialect knows: expected "
                           << "`numeric.entry`, `numeric.python_name` or `numeric.host`";
  auto function = dyn_cast<FunctionOpInterface>(op);
  if (!function)
    return op->emitError() << "`" << name << "` belongs on a function";
  if (name == "numeric.host") {
    ArrayRef<Type> results = function.getResultTypes();
    if (!isa<IntegerAttr>(attribute.getValue()))
      return op->emitError() << "`numeric.host` must be an integer, the number that the host knows its code by";
    if (!function.isExternal())
      return op->emitError() << "a function of the host has no body";
    if (results.empty() || !(isa<PyIntType>(results[0]) || results[0].isInteger(64)))
      return op->emitError() << "the first result of a function of the host must be an int, the number of an error";
  }
  if (name == "numeric.entry" && !isa<UnitAttr>(attribute.getValue()))
    return op->emitError() << "`numeric.entry` takes no value";
  if (name == "numeric.python_name" && !isa<StringAttr>(attribute.getValue()))
    return op->emitError() << "`numeric.python_name` must be a string, the name that tracebacks show";
  return success();
}

//===-------------------------------------------------------------------------------------------------------------===//
// C API
//===-------------------------------------------------------------------------------------------------------------===//

MLIR_DEFINE_CAPI_DIALECT_REGISTRATION(Numeric, numeric, mlir::numeric::NumericDialect)

MlirType mlirNumericArrayTypeGet(unsigned rank, MlirType element, MlirNumericLayout layout) {
  Type type = unwrap(element);
  if (rank > ArrayType::kMaxRank || !isScalar(type) || isa<IndexType>(type))
    return wrap(Type());
  return wrap(Type(ArrayType::get(rank, type, static_cast<Layout>(layout))));
}

bool mlirTypeIsANumericArray(MlirType type) { return isa<ArrayType>(unwrap(type)); }

unsigned mlirNumericArrayTypeGetRank(MlirType type) { return cast<ArrayType>(unwrap(type)).getRank(); }

MlirType mlirNumericArrayTypeGetElementType(MlirType type) {
  return wrap(cast<ArrayType>(unwrap(type)).getElementType());
}

MlirNumericLayout mlirNumericArrayTypeGetLayout(MlirType type) {
  return static_cast<MlirNumericLayout>(cast<ArrayType>(unwrap(type)).getLayout());
}

MlirType mlirNumericPythonTypeGet(MlirContext context, MlirNumericPython kind) {
  switch (kind) {
  case MlirNumericPythonInt:
    return wrap(Type(PyIntType::get(unwrap(context))));
  case MlirNumericPythonFloat:
    return wrap(Type(PyFloatType::get(unwrap(context))));
  case MlirNumericPythonComplex:
    return wrap(Type(PyComplexType::get(unwrap(context))));
  case MlirNumericPythonNone:
    break;
  }
  return wrap(Type());
}

MlirNumericPython mlirNumericPythonTypeKind(MlirType type) {
  return llvm::TypeSwitch<Type, MlirNumericPython>(unwrap(type))
      .Case<PyIntType>([](Type) { return MlirNumericPythonInt; })
      .Case<PyFloatType>([](Type) { return MlirNumericPythonFloat; })
      .Case<PyComplexType>([](Type) { return MlirNumericPythonComplex; })
      .Default([](Type) { return MlirNumericPythonNone; });
}
