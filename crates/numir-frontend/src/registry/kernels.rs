//! Kernels: the elementary functions that the library computes itself (`library/_kernels_*.py`), and what they are written with.
//!
//! A kernel is a function of doubles without branches, so that a loop over it is vectorised once LLVM has put it in there
//! (`numeric.apply`). float64 and Python's floats share one kernel; float32 and float16 share another, which computes in double
//! precision to a few bits more than they hold.

use super::{Meaning, cast, whole_powers};
use crate::function_ir::IrType;
use crate::program::File;
use crate::registry::intrinsics::{common_float, libm};
use crate::registry::operators::{binary, map};
use crate::specialize::{Arguments, Evaluated, Frame};
use crate::types::Scalar;
use crate::value::Value;

pub(super) static MEANINGS: &[Meaning] = &[
    Meaning {
        name: "intrinsics.fma",
        parameters: "x, y, z",
        doc: "x * y + z of floats, rounded once.",
        evaluate: |frame, arguments| {
            let values: Vec<_> = arguments.iter().map(|value| value.clone().unwrap_or(Value::None)).collect();
            libm(frame, "fma", &values)
        },
    },
    Meaning {
        name: "intrinsics.polynomial",
        parameters: "x, *coefficients",
        doc: "The polynomial of x with these coefficients, the one of the lowest power first.",
        evaluate: |frame, arguments| {
            let x = arguments[0].clone().unwrap_or(Value::None);
            match &arguments[1] {
                Some(Value::Tuple(coefficients)) if !coefficients.is_empty() => polynomial(frame, &x, coefficients),
                _ => Err(frame.typing("a polynomial has coefficients")),
            }
        },
    },
    Meaning {
        name: "intrinsics.elementary",
        parameters: "function, *args",
        doc: "A function of real numbers, by the library's kernel or, where it has none, by the C math library.",
        evaluate: |frame, arguments| match (&arguments[0], &arguments[1]) {
            (Some(Value::Text(function)), Some(Value::Tuple(values))) => elementary(frame, function, values),
            _ => Err(frame.typing("elementary takes a constant name and numbers")),
        },
    },
    Meaning {
        name: "intrinsics.rarely",
        parameters: "function, *args",
        doc: "A call of a function of doubles where it is seldom needed: one test more in a vectorised loop.",
        evaluate: |frame, arguments| {
            let (Some(Value::Function(function)), Some(Value::Tuple(values))) = (&arguments[0], &arguments[1]) else {
                return Err(frame.typing("rarely takes a function and its arguments"));
            };
            frame.specializer.rare.insert(*function);
            let arguments = Arguments { positional: values.to_vec(), ..Arguments::default() };
            frame.apply(&Value::Function(*function), arguments)
        },
    },
];

/// A function of C's library, its module, and its kernels for doubles and for narrower floats.
struct Kernel(&'static str, &'static str, [&'static str; 2]);

macro_rules! kernels {
    ($($module:literal: $($name:literal)*;)*) => {
        &[$($(Kernel($name, $module, [$name, concat!($name, "_narrow")]),)*)*]
    };
}

const KERNELS: &[Kernel] = kernels! {
    "_kernels_arc": "asin" "acos" "atan" "atan2";
    "_kernels_exp": "exp" "exp2" "expm1";
    "_kernels_hyper": "sinh" "cosh" "tanh" "asinh" "acosh" "atanh";
    "_kernels_log": "log" "log2" "log10" "log1p";
    "_kernels_power": "pow" "cbrt" "hypot";
    "_kernels_trig": "sin" "cos" "tan";
};

/// Whether a file of the library holds kernels: their rounding errors are part of them, so they take no liberties.
pub(crate) fn is_kernel_module(file: &File) -> bool {
    file.is_library() && file.name.starts_with("_kernels_")
}

/// A function of real numbers on numbers, or element by element on arrays.
pub(super) fn elementary(frame: &mut Frame<'_, '_>, function: &str, values: &[Value]) -> Evaluated {
    if values.iter().any(|value| matches!(value, Value::Array(..))) {
        let function = function.to_owned();
        return map(frame, values, |frame, items| elementary(frame, &function, items));
    }
    let Some(Kernel(_, module, [wide, narrow])) = KERNELS.iter().find(|Kernel(name, ..)| *name == function) else {
        return libm(frame, function, values);
    };
    let scalar = common_float(frame, values)?;
    let name = if scalar.dtype().size() == 8 { wide } else { narrow };
    let mut doubles = Vec::with_capacity(values.len());
    for value in values {
        let value = cast(frame, value, scalar)?;
        doubles.push(cast(frame, &value, Scalar::Float)?);
    }
    let outer = std::mem::replace(&mut frame.element_wise, true);
    let result = frame.call_library(module, name, doubles);
    frame.element_wise = outer;
    cast(frame, &result?, scalar)
}

/// x ** y of floats of one type, without errors. Some exponents that are known need no logarithm; 0 and 1 are left to the folding of
/// `numeric.pow`.
pub(super) fn power(frame: &mut Frame<'_, '_>, x: &Value, y: &Value, scalar: Scalar) -> Evaluated {
    let (x, y) = (cast(frame, x, scalar)?, cast(frame, y, scalar)?);
    if let Some(exponent) = whole_powers::exponent(&y) {
        return whole_powers::power(frame, &x, exponent, scalar);
    }
    if is_half(&y) && frame.element_wise {
        // As NumPy has it for arrays: the root, also of -0.0 and -inf.
        return libm(frame, "sqrt", &[x]);
    }
    if is_half(&y) {
        let outer = std::mem::replace(&mut frame.element_wise, true);
        let wide = cast(frame, &x, Scalar::Float)?;
        let result = frame.call_library("_kernels_power", "half_power", vec![wide]);
        frame.element_wise = outer;
        return cast(frame, &result?, scalar);
    }
    if y.number().is_none_or(|exponent| ![0.0, 1.0].contains(&exponent.as_float())) {
        return elementary(frame, "pow", &[x, y]);
    }
    let (x, y) = (frame.materialize(&x)?, frame.materialize(&y)?);
    Ok(Value::Scalar(scalar, frame.emit("numeric.pow", &[x, y], IrType::Scalar(scalar), Vec::new())))
}

/// Whether an exponent is known to be a half: such powers are roots, which never raise.
pub(super) fn is_half(y: &Value) -> bool {
    y.number().is_some_and(|number| number.as_float() == 0.5)
}

/// Even and odd powers are summed apart, in two chains that are half as long.
fn polynomial(frame: &mut Frame<'_, '_>, x: &Value, coefficients: &[Value]) -> Evaluated {
    if coefficients.len() < 5 {
        return chain(frame, x, coefficients.iter());
    }
    let square = binary(frame, "*", x, x)?;
    let even = chain(frame, &square, coefficients.iter().step_by(2))?;
    let odd = chain(frame, &square, coefficients.iter().skip(1).step_by(2))?;
    libm(frame, "fma", &[odd, x.clone(), even])
}

/// Horner's rule.
fn chain<'v>(
    frame: &mut Frame<'_, '_>,
    x: &Value,
    coefficients: impl DoubleEndedIterator<Item = &'v Value>,
) -> Evaluated {
    let mut downwards = coefficients.rev();
    let mut result = downwards.next().cloned().unwrap_or(Value::None);
    for coefficient in downwards {
        result = libm(frame, "fma", &[result, x.clone(), coefficient.clone()])?;
    }
    Ok(result)
}
