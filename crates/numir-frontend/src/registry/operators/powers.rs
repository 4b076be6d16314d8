//! `**`: of integers, where negative exponents raise, of floats and of complex numbers.

use super::{Rule, binary, predicate, result_type};
use crate::function_ir::IrType;
use crate::registry::{cast, cast_checked, kernels, whole_powers};
use crate::specialize::{Evaluated, Frame};
use crate::types::{Kind, Scalar};
use crate::value::{Number, Value};
use numir_runtime::DType;

const NEGATIVE: &str = "Integers to negative integer powers are not allowed.";

/// What NumPy refuses before it looks at a pair of items: integers to negative powers.
pub(crate) fn check_exponents(frame: &mut Frame<'_, '_>, base: &Value, exponent: &Value) -> Evaluated<()> {
    let scalar = |value: &Value| match value {
        Value::Array(ty, _) => Some(Scalar::Of(ty.dtype)),
        other => other.scalar(),
    };
    let (Some(from), Some(with)) = (scalar(base), scalar(exponent)) else { return Ok(()) };
    if from.kind().max(with.kind()) > Kind::Integer || with.is_unsigned() || with.kind() == Kind::Bool {
        return Ok(());
    }
    let Some(result) = result_type(Rule::Power, from, with) else { return Ok(()) };
    match exponent {
        _ if result.is_unsigned() || result.kind() != Kind::Integer => Ok(()),
        Value::Number(_, number) if number.as_float() < 0.0 => Err(frame.raise("ValueError", NEGATIVE, &[])),
        Value::Scalar(scalar, id) => {
            let zero = frame.materialize_number(*scalar, Number::Integer(0))?;
            let fine = predicate(frame, "ge", *id, zero);
            frame.check(fine, "ValueError", NEGATIVE, &[]);
            Ok(())
        }
        Value::Array(..) => frame.call_library("_ufuncs", "check_exponents", vec![exponent.clone()]).map(|_| ()),
        _ => Ok(()),
    }
}

/// `left ** right` of two numbers.
pub(super) fn power(frame: &mut Frame<'_, '_>, left: &Value, right: &Value, result: Scalar) -> Evaluated {
    let exponent = right.known_integer();
    if exponent == Some(2) && result.kind() != Kind::Bool && result != Scalar::Float {
        let base = cast_checked(frame, left, result)?;
        return binary(frame, "*", &base, &base);
    }
    let checked = frame.specializer.options.python_errors && !frame.element_wise;
    match result.kind() {
        Kind::Bool | Kind::Integer | Kind::Time => {
            let base = cast_checked(frame, left, result)?;
            let power = cast_checked(frame, right, result)?;
            let (base, power) = (frame.materialize(&base)?, frame.materialize(&power)?);
            if checked && exponent.is_none_or(|exponent| exponent < 0) && !result.is_unsigned() {
                let zero = frame.materialize_number(result, Number::Integer(0))?;
                let fine = predicate(frame, "ge", power, zero);
                frame.check(fine, "ValueError", NEGATIVE, &[]);
            }
            Ok(Value::Scalar(result, frame.emit("numeric.pow", &[base, power], IrType::Scalar(result), Vec::new())))
        }
        Kind::Float => {
            let (base, power) = (cast(frame, left, result)?, cast(frame, right, result)?);
            let is_checked = checked && result == Scalar::Float && !kernels::is_half(&power);
            match whole_powers::exponent(&power) {
                None if is_checked => frame.call_library("arithmetic", "float_power", vec![base, power]),
                Some(exponent) if is_checked => {
                    let value = whole_powers::power(frame, &base, exponent, result)?;
                    let bound = Value::Number(result, Number::Float(whole_powers::bound(exponent)));
                    frame.call_library("arithmetic", "require_power", vec![base, value.clone(), bound])?;
                    Ok(value)
                }
                _ => kernels::power(frame, &base, &power, result),
            }
        }
        Kind::Complex => {
            let wide = if result == Scalar::Complex { Scalar::Complex } else { Scalar::Of(DType::Complex128) };
            let (base, power) = (cast(frame, left, wide)?, cast(frame, right, wide)?);
            let name = if checked && result == Scalar::Complex { "complex_power" } else { "complex_power_unchecked" };
            let value = frame.call_library("arithmetic", name, vec![base, power])?;
            cast(frame, &value, result)
        }
    }
}
