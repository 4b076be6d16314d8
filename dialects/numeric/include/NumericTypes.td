// The types of the dialect, and the constraints that its operations put on types and attributes.
#ifndef NUMERIC_TYPES_TD
#define NUMERIC_TYPES_TD

include "NumericDialect.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/CommonAttrConstraints.td"
include "mlir/IR/CommonTypeConstraints.td"
include "mlir/IR/EnumAttr.td"

//===-------------------------------------------------------------------------------------------------------------===//
// Types
//===-------------------------------------------------------------------------------------------------------------===//

class Numeric_Type<string name, string typeMnemonic> : TypeDef<Numeric_Dialect, name> {
  let mnemonic = typeMnemonic;
}

def Numeric_PyIntType : Numeric_Type<"PyInt", "int"> {
  let summary = "Python's int, as a wrapping 64-bit signed integer";
  let description = [{
    A Python `int`. It is a type of its own because it is weak in NumPy's promotion and because it prints and divides as
    Python does. Arithmetic wraps around at 64 bits.
  }];
}

def Numeric_PyFloatType : Numeric_Type<"PyFloat", "float"> {
  let summary = "Python's float, an IEEE 754 binary64";
  let description = [{
    A Python `float`: the same numbers as `f64`, weak in promotion.
  }];
}

def Numeric_PyComplexType : Numeric_Type<"PyComplex", "complex"> {
  let summary = "Python's complex, two IEEE 754 binary64 parts";
  let description = [{
    A Python `complex`: the same numbers as `complex<f64>`, weak in promotion.
  }];
}

def Numeric_Layout : I32Enum<"Layout", "what is known of an array's strides", [
    I32EnumCase<"C", 0>, I32EnumCase<"F", 1>, I32EnumCase<"A", 2>]> {
  let cppNamespace = "::mlir::numeric";
}

def Numeric_ArrayType : Numeric_Type<"Array", "array"> {
  let summary = "a mutable reference to an N-dimensional array";
  let description = [{
    `!numeric.array<RANK x ELEMENT, LAYOUT>` is a reference to an array, as a NumPy array is: several references may
    name the same or overlapping memory, and a write through one is seen by all. Extents and strides are run-time values
    (`numeric.dim`, `numeric.stride`); the rank, 0 to 64, and the element type are part of the type. Elements are any
    scalar type but `index`. The layout is a promise about the strides:

    - `C`: row-major and contiguous, the last axis varies fastest;
    - `F`: column-major and contiguous, the first axis varies fastest;
    - `A`: any strides, negative ones and zero among them.

    ```mlir
    !numeric.array<2xf64, C>   !numeric.array<0xsi32, C>   !numeric.array<1xcomplex<f64>, A>
    ```
  }];
  let parameters = (ins "unsigned":$rank, "::mlir::Type":$elementType, EnumParameter<Numeric_Layout>:$layout);
  let builders = [TypeBuilderWithInferredContext<(ins "unsigned":$rank, "::mlir::Type":$elementType,
                                                      "::mlir::numeric::Layout":$layout), [{
    return $_get(elementType.getContext(), rank, elementType, layout);
  }]>];
  let extraClassDeclaration = [{
    /// The largest rank that NumPy, and so this dialect, knows.
    static constexpr unsigned kMaxRank = 64;
  }];
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
}

//===-------------------------------------------------------------------------------------------------------------===//
// Type constraints
//===-------------------------------------------------------------------------------------------------------------===//

class Numeric_ScalarOf<string predicate, string summary>
    : Type<CPred<"::mlir::numeric::" # predicate # "($_self)">, summary>;

def Numeric_Int : Numeric_ScalarOf<"isInt", "an integer (si8..si64, ui8..ui64, !numeric.int)">;
def Numeric_Float : Numeric_ScalarOf<"isFloat", "a float (f16, f32, f64, !numeric.float)">;
def Numeric_ComplexPart : Numeric_ScalarOf<"isComplexPart", "a part of a complex number (f32, f64, !numeric.float)">;
def Numeric_Complex
    : Numeric_ScalarOf<"isComplex", "a complex number (complex<f32>, complex<f64>, !numeric.complex)">;
def Numeric_Bits : Numeric_ScalarOf<"isBits", "a boolean or an integer (i1, si8..si64, ui8..ui64, !numeric.int)">;
def Numeric_Real : Numeric_ScalarOf<"isReal", "an integer, an index or a float">;
def Numeric_Ordered : Numeric_ScalarOf<"isOrdered", "a boolean, an integer, an index or a float">;
def Numeric_Field : Numeric_ScalarOf<"isField", "a float or a complex number">;
def Numeric_Number : Numeric_ScalarOf<"isNumber", "an integer, an index, a float or a complex number">;
def Numeric_Scalar : Numeric_ScalarOf<"isScalar",
    "a scalar (i1, an integer, a float, a complex number, index)">;
def Numeric_Array : Type<CPred<"::llvm::isa<::mlir::numeric::ArrayType>($_self)">, "an array (!numeric.array<...>)",
                         "::mlir::numeric::ArrayType">;
def Numeric_ScalarOrArray
    : Type<Or<[Numeric_Scalar.predicate, Numeric_Array.predicate]>, "a scalar or an array (!numeric.array<...>)">;

// `lower-numeric` keeps a few operations and changes the types of their operands in place: integers become signless,
// arrays memrefs. These operations take both, so that they mean the same at every stage.
def Numeric_AnyStageScalar : Type<Or<[Numeric_Scalar.predicate, AnySignlessInteger.predicate]>, Numeric_Scalar.summary>;
def Numeric_AnyStageArray : Type<Or<[Numeric_Array.predicate, AnyMemRef.predicate]>, Numeric_Array.summary>;
def Numeric_AnyStageScalarOrArray
    : Type<Or<[Numeric_AnyStageScalar.predicate, Numeric_AnyStageArray.predicate]>, Numeric_ScalarOrArray.summary>;

//===-------------------------------------------------------------------------------------------------------------===//
// Attribute constraints
//===-------------------------------------------------------------------------------------------------------------===//

// A string attribute out of a closed set, which the assembly shows as a bare keyword.
class Numeric_Keyword<list<string> names>
    : StringBasedAttr<And<[StrAttr.predicate, Or<!foreach(name, names,
          CPred<"::llvm::cast<::mlir::StringAttr>($_self).getValue() == \"" # name # "\"">)>]>,
        "one of the strings " # !interleave(names, ", ")>;

def Numeric_Predicate : Numeric_Keyword<["eq", "ne", "lt", "le", "gt", "ge"]>;
def Numeric_ReduceKind : Numeric_Keyword<["add", "mul", "min", "max", "and", "or", "xor"]>;
def Numeric_ReduceKinds
    : TypedArrayAttrBase<Numeric_ReduceKind, "array of reduction kinds (add, mul, min, max, and, or, xor)">;
def Numeric_ClassKind : Numeric_Keyword<["isnan", "isinf", "isfinite", "signbit"]>;
def Numeric_PrintStyle : Numeric_Keyword<["str", "repr"]>;

def Numeric_Axis : ConfinedAttr<I64Attr, [IntNonNegative]>;

#endif // NUMERIC_TYPES_TD
