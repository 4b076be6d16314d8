//! What the scalar operations are below `numeric`, as tables.

use crate::lower_numeric::meanings::{COMPLEX, FLOAT, Family, INTEGER};
use numir_numeric::types::{Class, Scalar};

/// How an operation is lowered for a class of numbers.
pub enum Rule {
    /// It is this operation.
    Op(&'static str),
    /// It is this function of a family.
    Meaning(&'static Family, &'static str),
    /// It is its operand.
    Operand,
    /// It is this function of C's library.
    Libm(&'static str),
}

use Class::{Bool, Complex, Float, Signed, Unsigned};
use Rule::{Libm, Meaning, Op, Operand};

const INT: &[Class] = &[Signed, Unsigned];
const BITS: &[Class] = &[Bool, Signed, Unsigned];

/// Operation, classes, rule.
pub const RULES: &[(&str, &[Class], Rule)] = &[
    ("numeric.add", INT, Op("arith.addi")),
    ("numeric.add", &[Float], Op("arith.addf")),
    ("numeric.add", &[Complex], Meaning(&COMPLEX, "add")),
    ("numeric.sub", INT, Op("arith.subi")),
    ("numeric.sub", &[Float], Op("arith.subf")),
    ("numeric.sub", &[Complex], Meaning(&COMPLEX, "sub")),
    ("numeric.mul", INT, Op("arith.muli")),
    ("numeric.mul", &[Float], Op("arith.mulf")),
    ("numeric.mul", &[Complex], Meaning(&COMPLEX, "mul")),
    ("numeric.truediv", &[Float], Op("arith.divf")),
    ("numeric.truediv", &[Complex], Meaning(&COMPLEX, "truediv_numpy")),
    ("numeric.floordiv", &[Signed], Meaning(&INTEGER, "floordiv_signed")),
    ("numeric.floordiv", &[Unsigned], Meaning(&INTEGER, "floordiv_unsigned")),
    ("numeric.floordiv", &[Float], Meaning(&FLOAT, "floordiv")),
    ("numeric.mod", &[Signed], Meaning(&INTEGER, "mod_signed")),
    ("numeric.mod", &[Unsigned], Meaning(&INTEGER, "mod_unsigned")),
    ("numeric.mod", &[Float], Meaning(&FLOAT, "mod")),
    ("numeric.pow", &[Signed], Meaning(&INTEGER, "pow_signed")),
    ("numeric.pow", &[Unsigned], Meaning(&INTEGER, "pow_unsigned")),
    ("numeric.pow", &[Float], Libm("pow")),
    ("numeric.and", BITS, Op("arith.andi")),
    ("numeric.or", BITS, Op("arith.ori")),
    ("numeric.xor", BITS, Op("arith.xori")),
    ("numeric.shl", INT, Meaning(&INTEGER, "shl")),
    ("numeric.shr", &[Signed], Meaning(&INTEGER, "shr_signed")),
    ("numeric.shr", &[Unsigned], Meaning(&INTEGER, "shr_unsigned")),
    ("numeric.minimum", &[Signed], Op("arith.minsi")),
    ("numeric.minimum", &[Unsigned, Bool], Op("arith.minui")),
    ("numeric.minimum", &[Float], Op("arith.minimumf")),
    ("numeric.maximum", &[Signed], Op("arith.maxsi")),
    ("numeric.maximum", &[Unsigned, Bool], Op("arith.maxui")),
    ("numeric.maximum", &[Float], Op("arith.maximumf")),
    ("numeric.neg", INT, Meaning(&INTEGER, "neg")),
    ("numeric.neg", &[Float], Op("arith.negf")),
    ("numeric.neg", &[Complex], Meaning(&COMPLEX, "neg")),
    ("numeric.abs", &[Signed], Meaning(&INTEGER, "abs")),
    ("numeric.abs", &[Unsigned], Operand),
    ("numeric.abs", &[Float], Op("math.absf")),
    ("numeric.abs", &[Complex], Libm("hypot")),
    ("numeric.invert", BITS, Meaning(&INTEGER, "invert")),
];

/// The functions of C's library that LLVM knows as operations with exactly that result.
pub const INTRINSICS: &[(&str, &str)] = &[
    ("ceil", "math.ceil"),
    ("copysign", "math.copysign"),
    ("fabs", "math.absf"),
    ("floor", "math.floor"),
    ("fma", "math.fma"),
    ("fmod", "arith.remf"),
    ("nearbyint", "math.roundeven"),
    ("rint", "math.roundeven"),
    ("sqrt", "math.sqrt"),
    ("trunc", "math.trunc"),
];

/// Predicates of `numeric.cmp`, with the numbers of arith's: signed, unsigned, float.
pub const PREDICATES: &[(&str, [i64; 3])] = &[
    ("eq", [0, 0, 1]),
    ("ne", [1, 1, 13]),
    ("lt", [2, 6, 4]),
    ("le", [3, 7, 5]),
    ("gt", [4, 8, 2]),
    ("ge", [5, 9, 3]),
];

/// The aliases under which the families on one type of number stand.
pub fn aliases(scalar: Scalar) -> String {
    let width = scalar.width();
    match scalar {
        Scalar::Index => "!T = index\n#width = 64 : index\n#last_bit = 63 : index".into(),
        Scalar::Bool | Scalar::Signed(_) | Scalar::Unsigned(_) | Scalar::PyInt => {
            let last_bit = width - 1;
            format!("!T = i{width}\n#width = {width} : i{width}\n#last_bit = {last_bit} : i{width}")
        }
        Scalar::Float(32) => "!T = f32\n#inf = 0x7F800000 : f32".into(),
        Scalar::Float(_) | Scalar::PyFloat => "!T = f64\n#inf = 0x7FF0000000000000 : f64".into(),
        Scalar::Complex(_) | Scalar::PyComplex => format!("!T = f{width}\n!C = complex<f{width}>"),
    }
}
