//! Scalar types, their names in Python, NumPy and Numba, and exception classes.

use super::Meaning;
use crate::specialize::{Evaluated, Frame};
use crate::types::{Kind, Scalar};
use crate::value::Value;
use numir_runtime::DType;

/// Types are values of their own; none is a plain meaning.
pub(super) static MEANINGS: &[Meaning] = &[];

/// Names of scalar types: module, name, type.
const NAMES: &[(&str, &str, Scalar)] = &[
    ("builtins", "bool", Scalar::Bool),
    ("builtins", "int", Scalar::Int),
    ("builtins", "float", Scalar::Float),
    ("builtins", "complex", Scalar::Complex),
    ("numpy", "bool_", Scalar::Of(DType::Bool)),
    ("numpy", "bool", Scalar::Of(DType::Bool)),
    ("numpy", "byte", Scalar::Of(DType::Int8)),
    ("numpy", "short", Scalar::Of(DType::Int16)),
    ("numpy", "intc", Scalar::Of(DType::Int32)),
    ("numpy", "int_", Scalar::Of(DType::Int64)),
    ("numpy", "intp", Scalar::Of(DType::Int64)),
    ("numpy", "long", Scalar::Of(DType::Int64)),
    ("numpy", "longlong", Scalar::Of(DType::Int64)),
    ("numpy", "ubyte", Scalar::Of(DType::UInt8)),
    ("numpy", "ushort", Scalar::Of(DType::UInt16)),
    ("numpy", "uintc", Scalar::Of(DType::UInt32)),
    ("numpy", "uint", Scalar::Of(DType::UInt64)),
    ("numpy", "uintp", Scalar::Of(DType::UInt64)),
    ("numpy", "ulong", Scalar::Of(DType::UInt64)),
    ("numpy", "ulonglong", Scalar::Of(DType::UInt64)),
    ("numpy", "half", Scalar::Of(DType::Float16)),
    ("numpy", "single", Scalar::Of(DType::Float32)),
    ("numpy", "double", Scalar::Of(DType::Float64)),
    ("numpy", "csingle", Scalar::Of(DType::Complex64)),
    ("numpy", "cdouble", Scalar::Of(DType::Complex128)),
    ("numir", "boolean", Scalar::Of(DType::Bool)),
    ("numir", "bool_", Scalar::Of(DType::Bool)),
    ("numir", "b1", Scalar::Of(DType::Bool)),
    ("numir", "byte", Scalar::Of(DType::UInt8)),
    ("numir", "intp", Scalar::Of(DType::Int64)),
    ("numir", "uintp", Scalar::Of(DType::UInt64)),
    ("numir", "int_", Scalar::Of(DType::Int64)),
    ("numir", "uint", Scalar::Of(DType::UInt64)),
    ("numir", "float_", Scalar::Of(DType::Float64)),
    ("numir", "double", Scalar::Of(DType::Float64)),
    ("numir", "i1", Scalar::Of(DType::Int8)),
    ("numir", "i2", Scalar::Of(DType::Int16)),
    ("numir", "i4", Scalar::Of(DType::Int32)),
    ("numir", "i8", Scalar::Of(DType::Int64)),
    ("numir", "u1", Scalar::Of(DType::UInt8)),
    ("numir", "u2", Scalar::Of(DType::UInt16)),
    ("numir", "u4", Scalar::Of(DType::UInt32)),
    ("numir", "u8", Scalar::Of(DType::UInt64)),
    ("numir", "f4", Scalar::Of(DType::Float32)),
    ("numir", "f8", Scalar::Of(DType::Float64)),
    ("numir", "c8", Scalar::Of(DType::Complex64)),
    ("numir", "c16", Scalar::Of(DType::Complex128)),
];

/// The scalar type that a module calls `name`; dtypes go by their own names in numpy and numir.
pub(crate) fn scalar_type(module: &str, name: &str) -> Option<Scalar> {
    let named = NAMES.iter().find(|(owner, alias, _)| *owner == module && *alias == name).map(|(_, _, scalar)| *scalar);
    named.or_else(|| {
        let dtype = DType::from_name(name).filter(|dtype| *dtype != DType::Bool)?;
        matches!(module, "numpy" | "numir").then_some(Scalar::Of(dtype))
    })
}

/// The exceptions that compiled code can raise, each with its direct base.
const EXCEPTIONS: &[&str] = &[
    "ArithmeticError",
    "AssertionError",
    "AttributeError",
    "BaseException",
    "BufferError",
    "EOFError",
    "Exception",
    "FileExistsError",
    "FileNotFoundError",
    "FloatingPointError",
    "ImportError",
    "IndexError",
    "KeyError",
    "KeyboardInterrupt",
    "LookupError",
    "MemoryError",
    "NameError",
    "NotImplementedError",
    "OSError",
    "OverflowError",
    "PermissionError",
    "RecursionError",
    "RuntimeError",
    "RuntimeWarning",
    "StopIteration",
    "SystemError",
    "SystemExit",
    "TimeoutError",
    "TypeError",
    "UnboundLocalError",
    "UnicodeError",
    "UserWarning",
    "ValueError",
    "ZeroDivisionError",
];

/// The built-in exception of that name.
pub(super) fn exception_class(name: &str) -> Option<&'static str> {
    EXCEPTIONS.iter().find(|class| **class == name).copied()
}

/// Calling a scalar type: `int(x)`, `np.float32(x)`, `complex(re, im)`.
pub(crate) fn construct_scalar(frame: &mut Frame<'_, '_>, scalar: Scalar, arguments: &[Value]) -> Evaluated {
    if let Some(time) = scalar.time()
        && !matches!(arguments, [Value::Array(ty, _)] if ty.rank > 0)
    {
        return super::times::construct(frame, time, arguments);
    }
    match (scalar, arguments) {
        (_, []) => super::cast(frame, &Value::int(0), scalar),
        (Scalar::Bool | Scalar::Of(DType::Bool), [value]) => {
            let truth = frame.truth(value)?;
            super::cast(frame, &truth, scalar)
        }
        (_, [Value::Array(ty, id)]) => {
            let to = crate::types::ArrayType { dtype: scalar.dtype(), ..*ty };
            if scalar.is_python() {
                let message = "only 0-dimensional arrays can be converted to Python scalars";
                if ty.rank > 0 {
                    return Err(frame.typing(message));
                }
                let item = super::load_item(frame, *ty, *id, &[])?;
                return construct_scalar(frame, scalar, &[item]);
            }
            if ty.rank == 0 {
                let item = super::load_item(frame, *ty, *id, &[])?;
                return construct_scalar(frame, scalar, &[item]);
            }
            super::copies::converted(frame, *ty, *id, to.dtype, ty.layout)
        }
        (_, [Value::Text(text)]) => super::texts::number(frame, scalar, text, None),
        (Scalar::Int, [Value::Text(text), base]) => super::texts::number(frame, scalar, text, Some(base)),
        (Scalar::Int, [value]) if value.scalar().is_some_and(|from| from.kind() == Kind::Float) => {
            super::casts::float_to_int(frame, value)
        }
        (Scalar::Int, [value]) if value.scalar().is_some_and(|from| from.kind() == Kind::Integer) => {
            super::casts::integer_to_int(frame, value)
        }
        (Scalar::Complex | Scalar::Of(DType::Complex64 | DType::Complex128), [real, imaginary]) => {
            super::casts::complex_of(frame, scalar, real, imaginary)
        }
        (_, [value]) => match super::times::time_of(value) {
            Some(time) if scalar.is_python() => super::times::python_number(frame, scalar, value, time),
            Some(_) => super::times::converted(frame, value, scalar),
            None => super::cast_checked(frame, value, scalar),
        },
        _ => {
            let message = format!("{scalar}() takes at most 1 argument ({} given)", arguments.len());
            Err(frame.error(crate::diagnostic::ErrorKind::Argument, message))
        }
    }
}
