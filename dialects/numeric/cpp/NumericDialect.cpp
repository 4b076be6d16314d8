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
// Scalars
//===-------------------------------------------------------------------------------------------------------------===//

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
  return isScalar(type) ? ConstantOp::create(builder, loc, type, value).getOperation() : nullptr;
}

LogicalResult NumericDialect::verifyOperationAttribute(Operation *op, NamedAttribute attribute) {
  StringRef name = attribute.getName();
  if (name != "numeric.entry" && name != "numeric.python_name")
    return op->emitError() << "`" << name << "` is no attribute that the numeric dialect knows: expected "
                           << "`numeric.entry` or `numeric.python_name`";
  if (!isa<FunctionOpInterface>(op))
    return op->emitError() << "`" << name << "` belongs on a function";
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
