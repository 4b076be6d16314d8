// Operations on scalars: constants, arithmetic, comparison, casts and the C math library. All are pure and total.
#ifndef NUMERIC_SCALAR_OPS_TD
#define NUMERIC_SCALAR_OPS_TD

include "NumericTypes.td"
include "NumericOpBase.td"

//===-------------------------------------------------------------------------------------------------------------===//
// Constants
//===-------------------------------------------------------------------------------------------------------------===//

def Numeric_ConstantsChapter : Numeric_Chapter<"Constants", [{
  Values that are written down, or that nobody reads.
}]>;

let opDocGroup = Numeric_ConstantsChapter in {

def Numeric_ConstantOp : Numeric_Op<"constant", [ConstantLike, Pure]> {
  let summary = "a scalar constant";
  let description = [{
    A constant of any scalar type. The attribute `value` is an `i64` integer attribute that holds the bits of a boolean
    (0 or 1), an integer (sign- or zero-extended from its width) or an index; an `f64` float attribute for a float of
    any width, rounded to nearest even; an array of two `f64` float attributes, real and imaginary part, for a complex
    number.

    ```mlir
    %0 = numeric.constant 3 : si64
    %1 = numeric.constant true : i1
    %2 = numeric.constant -0.5 : !numeric.float
    %3 = numeric.constant (0.0, 1.0) : complex<f64>
    ```
  }];
  let arguments = (ins AnyAttr:$value);
  let results = (outs Numeric_Scalar:$result);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Numeric_UndefOp : Numeric_Op<"undef", [Pure]> {
  let summary = "a value that nobody reads";
  let description = [{
    A value of any type whose content is arbitrary: the start value of a variable that is assigned on every path before
    it is read. A program whose result depends on it has no meaning.

    ```mlir
    %0 = numeric.undef : f64
    ```
  }];
  let results = (outs AnyType:$result);
  let assemblyFormat = "attr-dict `:` type($result)";
}

} // opDocGroup

//===-------------------------------------------------------------------------------------------------------------===//
// Arithmetic
//===-------------------------------------------------------------------------------------------------------------===//

def Numeric_ArithmeticChapter : Numeric_Chapter<"Arithmetic", [{
  Operations on numbers. Both operands and the result have one type; all are pure and total.
}]>;

let opDocGroup = Numeric_ArithmeticChapter in {

class Numeric_BinaryOp<string mnemonic, Type type, list<Trait> traits = []>
    : Numeric_Op<mnemonic, traits # [Pure, SameOperandsAndResultType]> {
  let arguments = (ins type:$lhs, type:$rhs);
  let results = (outs type:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` type($result)";
  let hasFolder = 1;
}

class Numeric_UnaryOp<string mnemonic, Type type, list<Trait> traits = []>
    : Numeric_Op<mnemonic, traits # [Pure, SameOperandsAndResultType]> {
  let arguments = (ins type:$operand);
  let results = (outs type:$result);
  let assemblyFormat = "$operand attr-dict `:` type($result)";
  let hasFolder = 1;
}

def Numeric_AddOp : Numeric_BinaryOp<"add", Numeric_Number, [Commutative]> {
  let summary = "`a + b`";
  let description = [{
    The sum. Integers and indices wrap around at their width; floats are IEEE 754, rounded to nearest even; complex
    numbers are added part by part.

    ```mlir
    %0 = numeric.add %a, %b : si64
    ```
  }];
  let hasCanonicalizer = 1;
}

def Numeric_SubOp : Numeric_BinaryOp<"sub", Numeric_Number> {
  let summary = "`a - b`";
  let description = [{
    The difference; wraps and rounds as `numeric.add` does.

    ```mlir
    %0 = numeric.sub %a, %b : f32
    ```
  }];
  let hasCanonicalizer = 1;
}

def Numeric_MulOp : Numeric_BinaryOp<"mul", Numeric_Number, [Commutative]> {
  let summary = "`a * b`";
  let description = [{
    The product; wraps and rounds as `numeric.add` does. The product of complex numbers is the plain one, `(a.re*b.re -
    a.im*b.im, a.re*b.im + a.im*b.re)`, each operation rounded, as in CPython and NumPy.

    ```mlir
    %0 = numeric.mul %a, %b : complex<f64>
    ```
  }];
}

def Numeric_TrueDivOp : Numeric_BinaryOp<"truediv", Numeric_Field> {
  let summary = "`a / b`";
  let description = [{
    The quotient of floats or complex numbers. Total: floats follow IEEE 754, so a zero divisor gives an infinity or
    NaN; complex numbers are divided by Smith's method, and a zero divisor gives what NumPy gives. The true quotient of
    integers is a cast to a float type before.

    ```mlir
    %0 = numeric.truediv %a, %b : f64
    ```
  }];
}

def Numeric_FloorDivOp : Numeric_BinaryOp<"floordiv", Numeric_Real> {
  let summary = "`a // b`";
  let description = [{
    The quotient rounded towards minus infinity, as in Python. Total: an integer divided by zero gives 0, the least
    integer divided by -1 wraps around to itself; floats follow Python's `divmod`, and a zero divisor gives `a / b`.

    ```mlir
    %0 = numeric.floordiv %a, %b : !numeric.int   // -7 // 2 is -4
    ```
  }];
}

def Numeric_ModOp : Numeric_BinaryOp<"mod", Numeric_Real> {
  let summary = "`a % b`";
  let description = [{
    The remainder of `numeric.floordiv`; its sign is the divisor's, as in Python. Total: an integer modulo zero is 0;
    floats follow Python's `divmod`, and a zero divisor gives NaN. A zero remainder of floats has the divisor's sign.

    ```mlir
    %0 = numeric.mod %a, %b : !numeric.int   // -7 % 2 is 1
    ```
  }];
}

def Numeric_PowOp : Numeric_BinaryOp<"pow", Numeric_Number> {
  let summary = "`a ** b`";
  let description = [{
    The power. Integers wrap around; total: a negative exponent gives 0 (the front end checks before, as NumPy raises),
    and anything to the power 0 is 1. Floats are C's `pow`. Complex numbers follow NumPy's `power`.

    ```mlir
    %0 = numeric.pow %a, %b : si32
    ```
  }];
  let hasCanonicalizer = 1;
}

def Numeric_MinimumOp : Numeric_BinaryOp<"minimum", Numeric_Ordered> {
  let summary = "the lesser of two, NaN wins";
  let description = [{
    NumPy's `minimum`: the lesser operand, and NaN if one of the operands is NaN. Which of `0.0` and `-0.0` comes out is
    not defined.

    ```mlir
    %0 = numeric.minimum %a, %b : f64
    ```
  }];
}

def Numeric_MaximumOp : Numeric_BinaryOp<"maximum", Numeric_Ordered> {
  let summary = "the greater of two, NaN wins";
  let description = [{
    NumPy's `maximum`: the greater operand, and NaN if one of the operands is NaN. Which of `0.0` and `-0.0` comes out
    is not defined.

    ```mlir
    %0 = numeric.maximum %a, %b : f64
    ```
  }];
}

def Numeric_NegOp : Numeric_UnaryOp<"neg", Numeric_Number, [Involution]> {
  let summary = "`-a`";
  let description = [{
    The negation. Integers wrap around (the least signed integer is its own negative, unsigned ones are taken modulo
    their width); the sign bit of floats, and of both parts of complex numbers, flips, also for NaN and zero.

    ```mlir
    %0 = numeric.neg %a : si64
    ```
  }];
}

def Numeric_AbsOp : Numeric_Op<"abs", [Pure,
    TypesMatchWith<"the result has the type of an absolute value of the operand", "operand", "result",
                   "::mlir::numeric::getAbsType($_self)">]> {
  let summary = "`abs(a)`";
  let description = [{
    The absolute value. The least signed integer is its own absolute value. The absolute value of a complex number is a
    float of the width of its parts, C's `hypot` of them.

    ```mlir
    %0 = numeric.abs %a : si64
    %1 = numeric.abs %z : complex<f32>   // an f32
    ```
  }];
  let arguments = (ins Numeric_Number:$operand);
  let results = (outs Numeric_Real:$result);
  let assemblyFormat = "$operand attr-dict `:` type($operand)";
  let hasFolder = 1;
}

} // opDocGroup

//===-------------------------------------------------------------------------------------------------------------===//
// Bits
//===-------------------------------------------------------------------------------------------------------------===//

def Numeric_BitsChapter : Numeric_Chapter<"Bits", [{
  Operations on booleans and on the bits of integers.
}]>;

let opDocGroup = Numeric_BitsChapter in {

def Numeric_AndOp : Numeric_BinaryOp<"and", Numeric_Bits, [Commutative]> {
  let summary = "`a & b`";
  let description = [{
    The bitwise conjunction of booleans or integers.

    ```mlir
    %0 = numeric.and %a, %b : i1
    ```
  }];
}

def Numeric_OrOp : Numeric_BinaryOp<"or", Numeric_Bits, [Commutative]> {
  let summary = "`a | b`";
  let description = [{
    The bitwise disjunction of booleans or integers.

    ```mlir
    %0 = numeric.or %a, %b : ui8
    ```
  }];
}

def Numeric_XorOp : Numeric_BinaryOp<"xor", Numeric_Bits, [Commutative]> {
  let summary = "`a ^ b`";
  let description = [{
    The bitwise exclusive disjunction of booleans or integers.

    ```mlir
    %0 = numeric.xor %a, %b : si32
    ```
  }];
}

def Numeric_InvertOp : Numeric_UnaryOp<"invert", Numeric_Bits, [Involution]> {
  let summary = "`~a`";
  let description = [{
    All bits flipped; of a boolean, its negation.

    ```mlir
    %0 = numeric.invert %a : i1
    ```
  }];
  let hasCanonicalizer = 1;
}

def Numeric_ShlOp : Numeric_BinaryOp<"shl", Numeric_Int> {
  let summary = "`a << b`";
  let description = [{
    `a` shifted to the left by `b` bits. Total: a shift by the width or more, or by a negative number, gives 0.

    ```mlir
    %0 = numeric.shl %a, %b : si64
    ```
  }];
}

def Numeric_ShrOp : Numeric_BinaryOp<"shr", Numeric_Int> {
  let summary = "`a >> b`";
  let description = [{
    `a` shifted to the right by `b` bits; signed integers keep their sign. Total: a shift by the width or more, or by a
    negative number, leaves the sign alone: -1 for a negative `a`, else 0.

    ```mlir
    %0 = numeric.shr %a, %b : ui16
    ```
  }];
}

} // opDocGroup

//===-------------------------------------------------------------------------------------------------------------===//
// Comparison and choice
//===-------------------------------------------------------------------------------------------------------------===//

def Numeric_ComparisonChapter : Numeric_Chapter<"Comparison and choice", [{
  Truth values: where they come from, and how they choose.
}]>;

let opDocGroup = Numeric_ComparisonChapter in {

def Numeric_CmpOp : Numeric_Op<"cmp", [Pure, SameTypeOperands]> {
  let summary = "compare two scalars";
  let description = [{
    Compares by `predicate`: `eq`, `ne`, `lt`, `le`, `gt` or `ge`. Signedness comes with the type; `false < true`. With
    a NaN every comparison is false but `ne`, which is true. Complex numbers know `eq` and `ne` alone.

    ```mlir
    %0 = numeric.cmp lt, %a, %b : f64
    ```
  }];
  let arguments = (ins Numeric_Predicate:$predicate, Numeric_Scalar:$lhs, Numeric_Scalar:$rhs);
  let results = (outs I1:$result);
  let assemblyFormat = "custom<Keyword>($predicate) `,` $lhs `,` $rhs attr-dict `:` type($lhs)";
  let hasVerifier = 1;
  let hasFolder = 1;
  let hasCanonicalizer = 1;
}

def Numeric_SelectOp : Numeric_Op<"select", [Pure, AllTypesMatch<["true_value", "false_value", "result"]>]> {
  let summary = "`a if condition else b`, both evaluated";
  let description = [{
    One of two values of one type, whatever type that is.

    ```mlir
    %0 = numeric.select %condition, %a, %b : f64
    ```
  }];
  let arguments = (ins I1:$condition, AnyType:$true_value, AnyType:$false_value);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$condition `,` $true_value `,` $false_value attr-dict `:` type($result)";
  let hasFolder = 1;
  let hasCanonicalizer = 1;
}

def Numeric_ClassifyOp : Numeric_Op<"classify", [Pure]> {
  let summary = "ask what kind of number a float is";
  let description = [{
    One of the tests `isnan`, `isinf`, `isfinite` and `signbit`. `signbit` looks at the sign bit, of NaN and zero too.

    ```mlir
    %0 = numeric.classify isnan %x : f64
    ```
  }];
  let arguments = (ins Numeric_ClassKind:$kind, Numeric_Float:$operand);
  let results = (outs I1:$result);
  let assemblyFormat = "custom<Keyword>($kind) $operand attr-dict `:` type($operand)";
  let hasFolder = 1;
}

} // opDocGroup

//===-------------------------------------------------------------------------------------------------------------===//
// Conversion
//===-------------------------------------------------------------------------------------------------------------===//

def Numeric_ConversionChapter : Numeric_Chapter<"Conversion", [{
  From one scalar type to another.
}]>;

let opDocGroup = Numeric_ConversionChapter in {

def Numeric_CastOp : Numeric_Op<"cast", [Pure]> {
  let summary = "convert between any two scalar types";
  let description = [{
    The conversion of NumPy's `astype`. Integers wrap around at a narrower width; a float to an integer is cut off
    towards zero; anything to a boolean is `!= 0` (NaN is true); an integer to a float, or a float to a narrower float,
    rounds to nearest even; a real number to a complex one gets a zero imaginary part; a complex number to a real one
    loses its imaginary part. Total: a float that does not fit the integer type gives what NumPy gives on the machine.

    ```mlir
    %0 = numeric.cast %x : si32 to f64
    ```
  }];
  let arguments = (ins Numeric_Scalar:$operand);
  let results = (outs Numeric_Scalar:$result);
  let assemblyFormat = "$operand attr-dict `:` type($operand) `to` type($result)";
  let hasFolder = 1;
}

def Numeric_BitcastOp : Numeric_Op<"bitcast", [Pure]> {
  let summary = "the same bits as another type";
  let description = [{
    Reads the bits of an integer, index or float as another such type of the same width.

    ```mlir
    %0 = numeric.bitcast %x : f64 to ui64
    ```
  }];
  let arguments = (ins Numeric_Real:$operand);
  let results = (outs Numeric_Real:$result);
  let assemblyFormat = "$operand attr-dict `:` type($operand) `to` type($result)";
  let hasVerifier = 1;
  let hasFolder = 1;
}

} // opDocGroup

//===-------------------------------------------------------------------------------------------------------------===//
// Complex numbers
//===-------------------------------------------------------------------------------------------------------------===//

def Numeric_ComplexNumbersChapter : Numeric_Chapter<"Complex numbers", [{
  Complex numbers and their parts.
}]>;

let opDocGroup = Numeric_ComplexNumbersChapter in {

def Numeric_ComplexOp : Numeric_Op<"complex", [Pure, AllTypesMatch<["re", "im"]>,
    TypesMatchWith<"the result is the complex number of its parts", "re", "result",
                   "::mlir::numeric::getComplexType($_self)">]> {
  let summary = "a complex number from its parts";
  let description = [{
    The complex number with the given real and imaginary part.

    ```mlir
    %z = numeric.complex %re, %im : f64   // a complex<f64>
    ```
  }];
  let arguments = (ins Numeric_ComplexPart:$re, Numeric_ComplexPart:$im);
  let results = (outs Numeric_Complex:$result);
  let assemblyFormat = "$re `,` $im attr-dict `:` type($re)";
  let hasFolder = 1;
}

class Numeric_PartOp<string mnemonic> : Numeric_Op<mnemonic, [Pure,
    TypesMatchWith<"the result is a part of the operand", "operand", "result",
                   "::mlir::numeric::getAbsType($_self)">]> {
  let arguments = (ins Numeric_Complex:$operand);
  let results = (outs Numeric_ComplexPart:$result);
  let assemblyFormat = "$operand attr-dict `:` type($operand)";
  let hasFolder = 1;
}

def Numeric_RealOp : Numeric_PartOp<"real"> {
  let summary = "`z.real`";
  let description = [{
    The real part of a complex number.

    ```mlir
    %re = numeric.real %z : complex<f64>   // an f64
    ```
  }];
}

def Numeric_ImagOp : Numeric_PartOp<"imag"> {
  let summary = "`z.imag`";
  let description = [{
    The imaginary part of a complex number.

    ```mlir
    %im = numeric.imag %z : complex<f64>   // an f64
    ```
  }];
}

} // opDocGroup

//===-------------------------------------------------------------------------------------------------------------===//
// The C math library
//===-------------------------------------------------------------------------------------------------------------===//

def Numeric_MathLibraryChapter : Numeric_Chapter<"The C math library", [{
  Elementary functions.
}]>;

let opDocGroup = Numeric_MathLibraryChapter in {

def Numeric_LibmOp : Numeric_Op<"libm", [Pure, SameOperandsAndResultType]> {
  let summary = "a function of the C math library";
  let description = [{
    Calls the function of C's `<math.h>` that `function` names, which takes one, two or three floats and gives a float.
    For `f64` and `!numeric.float` it is the function of that name, for `f32` the one with the suffix `f`, for `f16` the
    `f32` one, rounded back. Known are: acos acosh asin asinh atan atanh cbrt ceil cos cosh erf erfc exp exp2 expm1 fabs
    floor lgamma log log10 log1p log2 nearbyint rint round sin sinh sqrt tan tanh tgamma trunc, with two arguments atan2
    copysign fdim fmax fmin fmod hypot nextafter pow remainder, with three fma.

    It is pure: nothing reads `errno` or the floating-point flags.

    ```mlir
    %0 = numeric.libm sin(%x) : f64
    %1 = numeric.libm atan2(%y, %x) : f32
    ```
  }];
  let arguments = (ins StrAttr:$function, Variadic<Numeric_Float>:$args);
  let results = (outs Numeric_Float:$result);
  let assemblyFormat = "custom<Keyword>($function) `(` $args `)` attr-dict `:` type($result)";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Numeric_ApplyOp : Numeric_Op<"apply", [Pure]> {
  let summary = "call a function that only computes";
  let description = [{
    Calls a function of the module that takes and gives scalars, and neither raises nor has any other effect. So it may
    stand where a call may not, in the bodies of whole-array operations, and may be done twice or not at all.

    ```mlir
    %0 = numeric.apply @logaddexp(%x, %y) : (f64, f64) -> f64
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$callee, Variadic<Numeric_Scalar>:$args);
  let results = (outs Numeric_Scalar:$result);
  let assemblyFormat = "$callee `(` $args `)` attr-dict `:` functional-type($args, $result)";
}

} // opDocGroup

#endif // NUMERIC_SCALAR_OPS_TD
