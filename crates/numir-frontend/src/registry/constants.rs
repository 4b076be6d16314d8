//! Constants of modules.

use crate::types::Scalar;
use crate::value::{Number, Value};
use std::f64::consts;

const FLOATS: &[(&[&str], &str, f64)] = &[
    (&["math", "cmath", "numpy"], "pi", consts::PI),
    (&["math", "cmath", "numpy"], "e", consts::E),
    (&["math", "cmath"], "tau", consts::TAU),
    (&["math", "cmath", "numpy"], "inf", f64::INFINITY),
    (&["math", "cmath", "numpy"], "nan", f64::NAN),
    (&["numpy"], "euler_gamma", 0.577_215_664_901_532_9),
];

/// The constant that a module calls `name`.
pub(super) fn constant(module: &str, name: &str) -> Option<Value> {
    if let Some((.., value)) =
        FLOATS.iter().find(|(modules, constant, _)| modules.contains(&module) && *constant == name)
    {
        return Some(Value::float(*value));
    }
    match (module, name) {
        ("cmath", "infj") => Some(Value::Number(Scalar::Complex, Number::Complex(0.0, f64::INFINITY))),
        ("cmath", "nanj") => Some(Value::Number(Scalar::Complex, Number::Complex(0.0, f64::NAN))),
        ("cuda", "warpsize") => Some(Value::int(32)),
        ("numpy", "newaxis") => Some(Value::None),
        ("numpy", "True_") => Some(Value::Number(Scalar::Of(numir_runtime::DType::Bool), Number::Bool(true))),
        ("numpy", "False_") => Some(Value::Number(Scalar::Of(numir_runtime::DType::Bool), Number::Bool(false))),
        ("builtins", "__debug__") => Some(Value::bool(true)),
        ("builtins", "Ellipsis") => Some(Value::Ellipsis),
        _ => None,
    }
}
