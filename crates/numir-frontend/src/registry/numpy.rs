//! NumPy functions of numbers and, element by element, of arrays.

use super::intrinsics::{classify, libm};
use super::operators::{self, map};
use super::{Meaning, cast};
use crate::function_ir::IrType;
use crate::specialize::{Evaluated, Frame};
use crate::types::{Kind, Scalar};
use crate::value::Value;
use numir_runtime::DType;

/// NumPy functions that are one function of the C math library.
macro_rules! from_libm {
    ($($name:literal => $function:literal),* $(,)?) => {
        &[$(Meaning {
            name: concat!("numpy.", $name),
            parameters: "x, /",
            doc: concat!("The C math library's ", $function, ", element by element."),
            evaluate: |frame, arguments| libm(frame, $function, &[arguments[0].clone().unwrap_or(Value::None)]),
        }),*]
    };
}

pub(super) static LIBM: &[Meaning] = from_libm! {
    "sqrt" => "sqrt", "cbrt" => "cbrt", "exp" => "exp", "exp2" => "exp2", "expm1" => "expm1",
    "log" => "log", "log2" => "log2", "log10" => "log10", "log1p" => "log1p",
    "sin" => "sin", "cos" => "cos", "tan" => "tan", "arcsin" => "asin", "arccos" => "acos", "arctan" => "atan",
    "sinh" => "sinh", "cosh" => "cosh", "tanh" => "tanh", "arcsinh" => "asinh", "arccosh" => "acosh", "arctanh" => "atanh",
    "floor" => "floor", "ceil" => "ceil", "trunc" => "trunc", "rint" => "rint",
};

pub(super) static MEANINGS: &[Meaning] = &[
    Meaning { name: "numpy.isnan", parameters: "x, /", doc: "Whether NaN.", evaluate: |f, a| class(f, a, "isnan") },
    Meaning {
        name: "numpy.isinf",
        parameters: "x, /",
        doc: "Whether infinite.",
        evaluate: |f, a| class(f, a, "isinf"),
    },
    Meaning {
        name: "numpy.isfinite",
        parameters: "x, /",
        doc: "Whether finite.",
        evaluate: |f, a| class(f, a, "isfinite"),
    },
    Meaning {
        name: "numpy.arctan2",
        parameters: "x1, x2, /",
        doc: "The angle of (x2, x1).",
        evaluate: |f, a| two(f, a, "atan2"),
    },
    Meaning {
        name: "numpy.hypot",
        parameters: "x1, x2, /",
        doc: "sqrt(x1² + x2²).",
        evaluate: |f, a| two(f, a, "hypot"),
    },
    Meaning {
        name: "numpy.copysign",
        parameters: "x1, x2, /",
        doc: "x1 with the sign of x2.",
        evaluate: |f, a| two(f, a, "copysign"),
    },
    Meaning {
        name: "numpy.minimum",
        parameters: "x1, x2, /",
        doc: "The smaller; NaN if either is.",
        evaluate: |f, a| extreme(f, a, "numeric.minimum"),
    },
    Meaning {
        name: "numpy.maximum",
        parameters: "x1, x2, /",
        doc: "The larger; NaN if either is.",
        evaluate: |f, a| extreme(f, a, "numeric.maximum"),
    },
    Meaning {
        name: "numpy.ldexp",
        parameters: "x1, x2, /",
        doc: "x1 times the x2-th power of two.",
        evaluate: |f, a| scaled(f, &pair(a)),
    },
    Meaning { name: "numpy.add", parameters: "x1, x2, /", doc: "x1 + x2.", evaluate: |f, a| operator(f, a, "+") },
    Meaning { name: "numpy.subtract", parameters: "x1, x2, /", doc: "x1 - x2.", evaluate: |f, a| operator(f, a, "-") },
    Meaning { name: "numpy.multiply", parameters: "x1, x2, /", doc: "x1 * x2.", evaluate: |f, a| operator(f, a, "*") },
    Meaning { name: "numpy.divide", parameters: "x1, x2, /", doc: "x1 / x2.", evaluate: |f, a| operator(f, a, "/") },
    Meaning {
        name: "numpy.floor_divide",
        parameters: "x1, x2, /",
        doc: "x1 // x2.",
        evaluate: |f, a| operator(f, a, "//"),
    },
    Meaning { name: "numpy.mod", parameters: "x1, x2, /", doc: "x1 % x2.", evaluate: |f, a| operator(f, a, "%") },
    Meaning { name: "numpy.power", parameters: "x1, x2, /", doc: "x1 ** x2.", evaluate: |f, a| operator(f, a, "**") },
    Meaning {
        name: "numpy.ndarray",
        parameters: "*args",
        doc: "The type of arrays, for isinstance.",
        evaluate: |frame, _| Err(frame.unsupported("making an array by calling ndarray: use np.empty")),
    },
];

fn class(frame: &mut Frame<'_, '_>, arguments: &[Option<Value>], kind: &str) -> Evaluated {
    classify(frame, kind, &arguments[0].clone().unwrap_or(Value::None))
}

fn pair(arguments: &[Option<Value>]) -> [Value; 2] {
    [0, 1].map(|index| arguments[index].clone().unwrap_or(Value::None))
}

fn two(frame: &mut Frame<'_, '_>, arguments: &[Option<Value>], function: &str) -> Evaluated {
    libm(frame, function, &pair(arguments))
}

fn operator(frame: &mut Frame<'_, '_>, arguments: &[Option<Value>], symbol: &'static str) -> Evaluated {
    let [left, right] = pair(arguments);
    operators::binary(frame, symbol, &left, &right)
}

fn scaled(frame: &mut Frame<'_, '_>, values: &[Value; 2]) -> Evaluated {
    if values.iter().any(|value| matches!(value, Value::Array(..))) {
        return Err(frame.unsupported("ldexp of whole arrays: call it item by item"));
    }
    let (Some(from), Some(power)) = (values[0].scalar(), values[1].scalar()) else {
        return Err(frame.typing("numbers or arrays are needed here"));
    };
    let unsigned_long = power == Scalar::Of(DType::UInt64);
    if from.kind() == Kind::Complex || power.kind() > Kind::Integer || unsigned_long {
        let seen = values.each_ref().map(|value| frame.describe(value));
        return Err(frame.typing(format!("ldexp takes a real number and an integer, not {} and {}", seen[0], seen[1])));
    }
    let result = match from {
        Scalar::Of(dtype @ (DType::Float16 | DType::Float32)) => dtype,
        Scalar::Of(DType::Bool | DType::Int8 | DType::UInt8) => DType::Float16,
        Scalar::Of(DType::Int16 | DType::UInt16) => DType::Float32,
        _ => DType::Float64,
    };
    let arguments = vec![cast(frame, &values[0], Scalar::Float)?, cast(frame, &values[1], Scalar::Int)?];
    let number = frame.call_library("math", "scaled", arguments)?;
    cast(frame, &number, Scalar::Of(result))
}

fn extreme(frame: &mut Frame<'_, '_>, arguments: &[Option<Value>], operation: &'static str) -> Evaluated {
    let values = pair(arguments);
    if values.iter().any(|value| matches!(value, Value::Array(..))) {
        return map(frame, &values, |frame, items| {
            extreme(frame, &[Some(items[0].clone()), Some(items[1].clone())], operation)
        });
    }
    let [left, right] = values;
    let (Some(from), Some(with)) = (left.scalar(), right.scalar()) else {
        return Err(frame.typing("numbers or arrays are needed here"));
    };
    if from.kind().max(with.kind()) == Kind::Time {
        let name = if operation == "numeric.minimum" { "minimum" } else { "maximum" };
        return super::times::extreme(frame, name, &left, &right);
    }
    let common = from.promote(with);
    let (left, right) = (cast(frame, &left, common)?, cast(frame, &right, common)?);
    let (left, right) = (frame.materialize(&left)?, frame.materialize(&right)?);
    Ok(Value::Scalar(common, frame.emit(operation, &[left, right], IrType::Scalar(common), Vec::new())))
}
