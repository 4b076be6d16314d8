//! `cuda.libdevice`: the functions of NVIDIA's libdevice, under the names and for the types that numba-cuda has for them.
//!
//! Each is a function of the library (`library/_libdevice_*.py`) that means the same, which is what runs on the simulator, and on a device where
//! libdevice is not installed. Where it is, the code generator puts libdevice's own in its place (`crates/numir-codegen/src/libdevice.rs`): the
//! function carries the name, which this table gives it.

use super::given;
use crate::program::File;
use crate::registry::{Meaning, cast};
use crate::specialize::{Evaluated, Frame};
use crate::types::Scalar;
use crate::value::Value;
use numir_runtime::DType;

/// Directions in which results are rounded, as the library counts them.
const DOWN: i32 = -1;
const UP: i32 = 1;
const TO_ZERO: i32 = 0;
const NEAREST: i32 = 2;

/// A function: its name in libdevice without `__nv_`; a letter for the type of each parameter; the function of the library that means the same, and in
/// which direction that is to round.
struct Function {
    name: &'static str,
    parameters: &'static str,
    function: &'static str,
    direction: Option<i32>,
}

/// The types of parameters by their letters.
const TYPES: [(char, DType); 5] =
    [('h', DType::Int16), ('i', DType::Int32), ('l', DType::Int64), ('f', DType::Float32), ('d', DType::Float64)];

/// Before the name of each module of the library that has such functions.
const MODULES: &str = "_libdevice_";

/// The parameters of a function of so many.
const fn names(parameters: &str) -> &'static str {
    match parameters.len() {
        1 => "x",
        2 => "x, y",
        _ => "x, y, z",
    }
}

macro_rules! functions {
    ($($name:literal $parameters:literal $module:ident $function:literal $direction:expr;)*) => {
        pub(super) static MEANINGS: &[Meaning] = &[$(Meaning {
            name: concat!("cuda.libdevice.", $name),
            parameters: names($parameters),
            doc: concat!("What libdevice's `__nv_", $name, "` is."),
            evaluate: |frame, arguments| {
                call(frame, $name, (concat!("_libdevice_", stringify!($module)), $function), ($parameters, $direction), arguments)
            },
        },)*];

        static FUNCTIONS: &[Function] = &[$(Function {
            name: $name,
            parameters: $parameters,
            function: concat!(stringify!($module), ".", $function),
            direction: $direction,
        },)*];
    };
}

functions! {
    "abs" "i" integers "absolute" None;
    "acos" "d" math "acos" None;
    "acosf" "f" math "acos" None;
    "acosh" "d" math "acosh" None;
    "acoshf" "f" math "acosh" None;
    "asin" "d" math "asin" None;
    "asinf" "f" math "asin" None;
    "asinh" "d" math "asinh" None;
    "asinhf" "f" math "asinh" None;
    "atan" "d" math "atan" None;
    "atan2" "dd" math "atan2" None;
    "atan2f" "ff" math "atan2" None;
    "atanf" "f" math "atan" None;
    "atanh" "d" math "atanh" None;
    "atanhf" "f" math "atanh" None;
    "brev" "i" integers "brev" None;
    "brevll" "l" integers "brevll" None;
    "byte_perm" "iii" integers "byte_perm" None;
    "cbrt" "d" math "cbrt" None;
    "cbrtf" "f" math "cbrt" None;
    "ceil" "d" math "ceil" None;
    "ceilf" "f" math "ceil" None;
    "clz" "i" integers "clz" None;
    "clzll" "l" integers "clz" None;
    "copysign" "dd" math "copysign" None;
    "copysignf" "ff" math "copysign" None;
    "cos" "d" math "cos" None;
    "cosf" "f" math "cos" None;
    "cosh" "d" math "cosh" None;
    "coshf" "f" math "cosh" None;
    "cospi" "d" math "cospi" None;
    "cospif" "f" math "cospi" None;
    "dadd_rd" "dd" rounded "add" Some(DOWN);
    "dadd_rn" "dd" rounded "add" Some(NEAREST);
    "dadd_ru" "dd" rounded "add" Some(UP);
    "dadd_rz" "dd" rounded "add" Some(TO_ZERO);
    "ddiv_rd" "dd" rounded "divide" Some(DOWN);
    "ddiv_rn" "dd" rounded "divide" Some(NEAREST);
    "ddiv_ru" "dd" rounded "divide" Some(UP);
    "ddiv_rz" "dd" rounded "divide" Some(TO_ZERO);
    "dmul_rd" "dd" rounded "multiply" Some(DOWN);
    "dmul_rn" "dd" rounded "multiply" Some(NEAREST);
    "dmul_ru" "dd" rounded "multiply" Some(UP);
    "dmul_rz" "dd" rounded "multiply" Some(TO_ZERO);
    "double2float_rd" "d" rounded "narrow" Some(DOWN);
    "double2float_rn" "d" rounded "narrow" Some(NEAREST);
    "double2float_ru" "d" rounded "narrow" Some(UP);
    "double2float_rz" "d" rounded "narrow" Some(TO_ZERO);
    "double2hiint" "d" integers "double2hiint" None;
    "double2int_rd" "d" rounded "to_int32" Some(DOWN);
    "double2int_rn" "d" rounded "to_int32" Some(NEAREST);
    "double2int_ru" "d" rounded "to_int32" Some(UP);
    "double2int_rz" "d" rounded "to_int32" Some(TO_ZERO);
    "double2ll_rd" "d" rounded "to_int64" Some(DOWN);
    "double2ll_rn" "d" rounded "to_int64" Some(NEAREST);
    "double2ll_ru" "d" rounded "to_int64" Some(UP);
    "double2ll_rz" "d" rounded "to_int64" Some(TO_ZERO);
    "double2loint" "d" integers "double2loint" None;
    "double2uint_rd" "d" rounded "to_uint32" Some(DOWN);
    "double2uint_rn" "d" rounded "to_uint32" Some(NEAREST);
    "double2uint_ru" "d" rounded "to_uint32" Some(UP);
    "double2uint_rz" "d" rounded "to_uint32" Some(TO_ZERO);
    "double2ull_rd" "d" rounded "to_uint64" Some(DOWN);
    "double2ull_rn" "d" rounded "to_uint64" Some(NEAREST);
    "double2ull_ru" "d" rounded "to_uint64" Some(UP);
    "double2ull_rz" "d" rounded "to_uint64" Some(TO_ZERO);
    "double_as_longlong" "d" integers "double_as_longlong" None;
    "drcp_rd" "d" rounded "invert" Some(DOWN);
    "drcp_rn" "d" rounded "invert" Some(NEAREST);
    "drcp_ru" "d" rounded "invert" Some(UP);
    "drcp_rz" "d" rounded "invert" Some(TO_ZERO);
    "dsqrt_rd" "d" rounded "root" Some(DOWN);
    "dsqrt_rn" "d" rounded "root" Some(NEAREST);
    "dsqrt_ru" "d" rounded "root" Some(UP);
    "dsqrt_rz" "d" rounded "root" Some(TO_ZERO);
    "erf" "d" math "erf" None;
    "erfc" "d" math "erfc" None;
    "erfcf" "f" math "erfc" None;
    "erfcinv" "d" special "erfcinv" None;
    "erfcinvf" "f" special "erfcinv" None;
    "erfcx" "d" special "erfcx" None;
    "erfcxf" "f" special "erfcx" None;
    "erff" "f" math "erf" None;
    "erfinv" "d" special "erfinv" None;
    "erfinvf" "f" special "erfinv" None;
    "exp" "d" math "exp" None;
    "exp10" "d" math "exp10" None;
    "exp10f" "f" math "exp10" None;
    "exp2" "d" math "exp2" None;
    "exp2f" "f" math "exp2" None;
    "expf" "f" math "exp" None;
    "expm1" "d" math "expm1" None;
    "expm1f" "f" math "expm1" None;
    "fabs" "d" math "fabs" None;
    "fabsf" "f" math "fabs" None;
    "fadd_rd" "ff" rounded "add" Some(DOWN);
    "fadd_rn" "ff" rounded "add" Some(NEAREST);
    "fadd_ru" "ff" rounded "add" Some(UP);
    "fadd_rz" "ff" rounded "add" Some(TO_ZERO);
    "fast_cosf" "f" fast "fast_cos" None;
    "fast_exp10f" "f" fast "fast_exp10" None;
    "fast_expf" "f" fast "fast_exp" None;
    "fast_fdividef" "ff" fast "fast_fdivide" None;
    "fast_log10f" "f" fast "fast_log10" None;
    "fast_log2f" "f" fast "fast_log2" None;
    "fast_logf" "f" fast "fast_log" None;
    "fast_powf" "ff" fast "fast_pow" None;
    "fast_sincosf" "f" fast "fast_sincos" None;
    "fast_sinf" "f" fast "fast_sin" None;
    "fast_tanf" "f" fast "fast_tan" None;
    "fdim" "dd" math "fdim" None;
    "fdimf" "ff" math "fdim" None;
    "fdiv_rd" "ff" rounded "divide" Some(DOWN);
    "fdiv_rn" "ff" rounded "divide" Some(NEAREST);
    "fdiv_ru" "ff" rounded "divide" Some(UP);
    "fdiv_rz" "ff" rounded "divide" Some(TO_ZERO);
    "ffs" "i" integers "ffs" None;
    "ffsll" "l" integers "ffs" None;
    "finitef" "f" math "isfinite" None;
    "float2half_rn" "f" integers "float2half_rn" None;
    "float2int_rd" "f" rounded "to_int32" Some(DOWN);
    "float2int_rn" "f" rounded "to_int32" Some(NEAREST);
    "float2int_ru" "f" rounded "to_int32" Some(UP);
    "float2int_rz" "f" rounded "to_int32" Some(TO_ZERO);
    "float2ll_rd" "f" rounded "to_int64" Some(DOWN);
    "float2ll_rn" "f" rounded "to_int64" Some(NEAREST);
    "float2ll_ru" "f" rounded "to_int64" Some(UP);
    "float2ll_rz" "f" rounded "to_int64" Some(TO_ZERO);
    "float2uint_rd" "f" rounded "to_uint32" Some(DOWN);
    "float2uint_rn" "f" rounded "to_uint32" Some(NEAREST);
    "float2uint_ru" "f" rounded "to_uint32" Some(UP);
    "float2uint_rz" "f" rounded "to_uint32" Some(TO_ZERO);
    "float2ull_rd" "f" rounded "to_uint64" Some(DOWN);
    "float2ull_rn" "f" rounded "to_uint64" Some(NEAREST);
    "float2ull_ru" "f" rounded "to_uint64" Some(UP);
    "float2ull_rz" "f" rounded "to_uint64" Some(TO_ZERO);
    "float_as_int" "f" integers "float_as_int" None;
    "floor" "d" math "floor" None;
    "floorf" "f" math "floor" None;
    "fma" "ddd" math "fma" None;
    "fma_rd" "ddd" rounded "fused" Some(DOWN);
    "fma_rn" "ddd" rounded "fused" Some(NEAREST);
    "fma_ru" "ddd" rounded "fused" Some(UP);
    "fma_rz" "ddd" rounded "fused" Some(TO_ZERO);
    "fmaf" "fff" math "fma" None;
    "fmaf_rd" "fff" rounded "fused" Some(DOWN);
    "fmaf_rn" "fff" rounded "fused" Some(NEAREST);
    "fmaf_ru" "fff" rounded "fused" Some(UP);
    "fmaf_rz" "fff" rounded "fused" Some(TO_ZERO);
    "fmax" "dd" math "fmax" None;
    "fmaxf" "ff" math "fmax" None;
    "fmin" "dd" math "fmin" None;
    "fminf" "ff" math "fmin" None;
    "fmod" "dd" math "fmod" None;
    "fmodf" "ff" math "fmod" None;
    "fmul_rd" "ff" rounded "multiply" Some(DOWN);
    "fmul_rn" "ff" rounded "multiply" Some(NEAREST);
    "fmul_ru" "ff" rounded "multiply" Some(UP);
    "fmul_rz" "ff" rounded "multiply" Some(TO_ZERO);
    "frcp_rd" "f" rounded "invert" Some(DOWN);
    "frcp_rn" "f" rounded "invert" Some(NEAREST);
    "frcp_ru" "f" rounded "invert" Some(UP);
    "frcp_rz" "f" rounded "invert" Some(TO_ZERO);
    "frexp" "d" math "frexp" None;
    "frexpf" "f" math "frexp" None;
    "frsqrt_rn" "f" rounded "inverse_root" Some(NEAREST);
    "fsqrt_rd" "f" rounded "root" Some(DOWN);
    "fsqrt_rn" "f" rounded "root" Some(NEAREST);
    "fsqrt_ru" "f" rounded "root" Some(UP);
    "fsqrt_rz" "f" rounded "root" Some(TO_ZERO);
    "fsub_rd" "ff" rounded "subtract" Some(DOWN);
    "fsub_rn" "ff" rounded "subtract" Some(NEAREST);
    "fsub_ru" "ff" rounded "subtract" Some(UP);
    "fsub_rz" "ff" rounded "subtract" Some(TO_ZERO);
    "hadd" "ii" integers "hadd" None;
    "half2float" "h" integers "half2float" None;
    "hiloint2double" "ii" integers "hiloint2double" None;
    "hypot" "dd" math "hypot" None;
    "hypotf" "ff" math "hypot" None;
    "ilogb" "d" math "ilogb" None;
    "ilogbf" "f" math "ilogb" None;
    "int2double_rn" "i" rounded "widen_int" Some(NEAREST);
    "int2float_rd" "i" rounded "narrow_int" Some(DOWN);
    "int2float_rn" "i" rounded "narrow_int" Some(NEAREST);
    "int2float_ru" "i" rounded "narrow_int" Some(UP);
    "int2float_rz" "i" rounded "narrow_int" Some(TO_ZERO);
    "int_as_float" "i" integers "int_as_float" None;
    "isfinited" "d" math "isfinite" None;
    "isinfd" "d" math "isinf" None;
    "isinff" "f" math "isinf" None;
    "isnand" "d" math "isnan" None;
    "isnanf" "f" math "isnan" None;
    "j0" "d" special "j0" None;
    "j0f" "f" special "j0" None;
    "j1" "d" special "j1" None;
    "j1f" "f" special "j1" None;
    "jn" "id" special "jn" None;
    "jnf" "if" special "jn" None;
    "ldexp" "di" math "ldexp" None;
    "ldexpf" "fi" math "ldexp" None;
    "lgamma" "d" math "lgamma" None;
    "lgammaf" "f" math "lgamma" None;
    "ll2double_rd" "l" rounded "long_to_double" Some(DOWN);
    "ll2double_rn" "l" rounded "long_to_double" Some(NEAREST);
    "ll2double_ru" "l" rounded "long_to_double" Some(UP);
    "ll2double_rz" "l" rounded "long_to_double" Some(TO_ZERO);
    "ll2float_rd" "l" rounded "long_to_float" Some(DOWN);
    "ll2float_rn" "l" rounded "long_to_float" Some(NEAREST);
    "ll2float_ru" "l" rounded "long_to_float" Some(UP);
    "ll2float_rz" "l" rounded "long_to_float" Some(TO_ZERO);
    "llabs" "l" integers "absolute" None;
    "llmax" "ll" integers "greater" None;
    "llmin" "ll" integers "lesser" None;
    "llrint" "d" integers "llrint" None;
    "llrintf" "f" integers "llrint" None;
    "llround" "d" integers "llround" None;
    "llroundf" "f" integers "llround" None;
    "log" "d" math "log" None;
    "log10" "d" math "log10" None;
    "log10f" "f" math "log10" None;
    "log1p" "d" math "log1p" None;
    "log1pf" "f" math "log1p" None;
    "log2" "d" math "log2" None;
    "log2f" "f" math "log2" None;
    "logb" "d" math "logb" None;
    "logbf" "f" math "logb" None;
    "logf" "f" math "log" None;
    "longlong_as_double" "l" integers "longlong_as_double" None;
    "max" "ii" integers "greater" None;
    "min" "ii" integers "lesser" None;
    "modf" "d" math "modf" None;
    "modff" "f" math "modf" None;
    "mul24" "ii" integers "mul24" None;
    "mul64hi" "ll" integers "mul64hi" None;
    "mulhi" "ii" integers "mulhi" None;
    "nearbyint" "d" math "rint" None;
    "nearbyintf" "f" math "rint" None;
    "nextafter" "dd" math "nextafter" None;
    "nextafterf" "ff" math "nextafter" None;
    "normcdf" "d" special "normcdf" None;
    "normcdff" "f" special "normcdf" None;
    "normcdfinv" "d" special "normcdfinv" None;
    "normcdfinvf" "f" special "normcdfinv" None;
    "popc" "i" integers "popc" None;
    "popcll" "l" integers "popc" None;
    "pow" "dd" math "power_of" None;
    "powf" "ff" math "power_of" None;
    "powi" "di" math "powi" None;
    "powif" "fi" math "powi" None;
    "rcbrt" "d" math "rcbrt" None;
    "rcbrtf" "f" math "rcbrt" None;
    "remainder" "dd" math "remainder" None;
    "remainderf" "ff" math "remainder" None;
    "remquo" "dd" math "remquo" None;
    "remquof" "ff" math "remquo" None;
    "rhadd" "ii" integers "rhadd" None;
    "rint" "d" math "rint" None;
    "rintf" "f" math "rint" None;
    "round" "d" math "round" None;
    "roundf" "f" math "round" None;
    "rsqrt" "d" math "rsqrt" None;
    "rsqrtf" "f" math "rsqrt" None;
    "sad" "iii" integers "sad" None;
    "saturatef" "f" math "saturate" None;
    "scalbn" "di" math "ldexp" None;
    "scalbnf" "fi" math "ldexp" None;
    "signbitd" "d" math "signbit" None;
    "signbitf" "f" math "signbit" None;
    "sin" "d" math "sin" None;
    "sincos" "d" math "sincos" None;
    "sincosf" "f" math "sincos" None;
    "sincospi" "d" math "sincospi" None;
    "sincospif" "f" math "sincospi" None;
    "sinf" "f" math "sin" None;
    "sinh" "d" math "sinh" None;
    "sinhf" "f" math "sinh" None;
    "sinpi" "d" math "sinpi" None;
    "sinpif" "f" math "sinpi" None;
    "sqrt" "d" math "sqrt" None;
    "sqrtf" "f" math "sqrt" None;
    "tan" "d" math "tan" None;
    "tanf" "f" math "tan" None;
    "tanh" "d" math "tanh" None;
    "tanhf" "f" math "tanh" None;
    "tgamma" "d" math "tgamma" None;
    "tgammaf" "f" math "tgamma" None;
    "trunc" "d" math "trunc" None;
    "truncf" "f" math "trunc" None;
    "uhadd" "ii" integers "uhadd" None;
    "uint2double_rn" "i" rounded "widen_unsigned" Some(NEAREST);
    "uint2float_rd" "i" rounded "narrow_unsigned" Some(DOWN);
    "uint2float_rn" "i" rounded "narrow_unsigned" Some(NEAREST);
    "uint2float_ru" "i" rounded "narrow_unsigned" Some(UP);
    "uint2float_rz" "i" rounded "narrow_unsigned" Some(TO_ZERO);
    "ull2double_rd" "l" rounded "unsigned_long_to_double" Some(DOWN);
    "ull2double_rn" "l" rounded "unsigned_long_to_double" Some(NEAREST);
    "ull2double_ru" "l" rounded "unsigned_long_to_double" Some(UP);
    "ull2double_rz" "l" rounded "unsigned_long_to_double" Some(TO_ZERO);
    "ull2float_rd" "l" rounded "unsigned_long_to_float" Some(DOWN);
    "ull2float_rn" "l" rounded "unsigned_long_to_float" Some(NEAREST);
    "ull2float_ru" "l" rounded "unsigned_long_to_float" Some(UP);
    "ull2float_rz" "l" rounded "unsigned_long_to_float" Some(TO_ZERO);
    "ullmax" "ll" integers "unsigned_greater" None;
    "ullmin" "ll" integers "unsigned_lesser" None;
    "umax" "ii" integers "unsigned_greater" None;
    "umin" "ii" integers "unsigned_lesser" None;
    "umul24" "ii" integers "umul24" None;
    "umul64hi" "ll" integers "umul64hi" None;
    "umulhi" "ii" integers "umulhi" None;
    "urhadd" "ii" integers "urhadd" None;
    "usad" "iii" integers "usad" None;
    "y0" "d" special "y0" None;
    "y0f" "f" special "y0" None;
    "y1" "d" special "y1" None;
    "y1f" "f" special "y1" None;
    "yn" "id" special "yn" None;
    "ynf" "if" special "yn" None;
}

fn call(
    frame: &mut Frame<'_, '_>,
    name: &str,
    (module, function): (&'static str, &'static str),
    (parameters, direction): (&str, Option<i32>),
    arguments: &[Option<Value>],
) -> Evaluated {
    let mut values = Vec::with_capacity(arguments.len() + 1);
    for (place, letter) in parameters.chars().enumerate() {
        let value = given(arguments, place);
        let ty = type_of(letter);
        let Some(from) = value.scalar().filter(|from| from.kind() <= ty.kind()) else {
            let seen = frame.describe(&value);
            return Err(frame.typing(format!("libdevice.{name}() takes {} here, not {seen}", ty.dtype().name())));
        };
        values.push(if from == ty { value } else { cast(frame, &value, ty)? });
    }
    values.extend(direction.map(|direction| Value::int(direction.into())));
    let outer = std::mem::replace(&mut frame.element_wise, false);
    let result = frame.call_library(module, function, values);
    frame.element_wise = outer;
    result
}

fn type_of(letter: char) -> Scalar {
    let found = TYPES.iter().find(|(known, _)| *known == letter);
    Scalar::Of(found.map_or(DType::Float64, |(_, dtype)| *dtype))
}

/// What libdevice calls a function of the library for such arguments; None for functions of other modules.
pub(crate) fn name_in_libdevice(file: &File, function: &str, arguments: &[(&str, Value)]) -> Option<String> {
    let module = file.name.strip_prefix(MODULES).filter(|_| file.is_library())?;
    let path = format!("{module}.{function}");
    let direction = arguments.last().and_then(|(_, value)| value.known_integer());
    let types: Vec<_> = arguments.iter().filter(|(_, value)| value.known_integer().is_none()).collect();
    let fits = |row: &&Function| {
        row.function == path
            && row.direction.map(i128::from) == direction
            && row.parameters.len() == types.len()
            && row.parameters.chars().zip(&types).all(|(letter, (_, value))| value.scalar() == Some(type_of(letter)))
    };
    FUNCTIONS.iter().find(fits).map(|row| format!("__nv_{}", row.name))
}

/// Whether a module of the library has such functions.
pub(crate) fn is_libdevice(file: &File) -> bool {
    file.is_library() && file.name.starts_with(MODULES)
}
