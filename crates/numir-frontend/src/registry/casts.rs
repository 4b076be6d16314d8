//! Casts between scalar types.

use crate::function_ir::IrType;
use crate::specialize::{Evaluated, Frame};
use crate::types::{Kind, Scalar};
use crate::value::{Number, Value, fits};

/// A number as another scalar type, as `astype` has it. Numbers known now stay known where the result is exact.
pub(crate) fn cast(frame: &mut Frame<'_, '_>, value: &Value, to: Scalar) -> Evaluated {
    match value {
        Value::Number(from, _) | Value::Scalar(from, _) if *from == to => Ok(value.clone()),
        Value::Number(from, _) | Value::Scalar(from, _) if from.kind().max(to.kind()) == Kind::Time => {
            super::times::widened(frame, value, to)
        }
        Value::Number(from, number) if from.kind() <= to.kind() && fits(number.widen(to.kind()), to) => {
            Ok(Value::Number(to, number.widen(to.kind())))
        }
        Value::Number(from, _) | Value::Scalar(from, _) => {
            let id = materialize_wide(frame, value)?;
            if same_representation(*from, to) {
                return Ok(Value::Scalar(to, id));
            }
            Ok(Value::Scalar(to, frame.emit("numeric.cast", &[id], IrType::Scalar(to), Vec::new())))
        }
        Value::Pointer(_, address) if to.kind() == Kind::Integer => {
            cast(frame, &Value::Scalar(Scalar::Of(numir_runtime::DType::UInt64), *address), to)
        }
        other => {
            let seen = frame.describe(other);
            Err(frame.typing(format!("{seen} cannot be converted to {to}")))
        }
    }
}

/// A Python int beyond 64 bits signed, such as a mask, is materialised as the uint64 of the same bits.
fn materialize_wide(frame: &mut Frame<'_, '_>, value: &Value) -> Evaluated<crate::function_ir::ValueId> {
    let unsigned = Scalar::Of(numir_runtime::DType::UInt64);
    match value {
        Value::Number(Scalar::Int, number) if !fits(*number, Scalar::Int) && fits(*number, unsigned) => {
            frame.materialize_number(unsigned, *number)
        }
        other => frame.materialize(other),
    }
}

/// Whether both types are the same type of `numeric`.
fn same_representation(from: Scalar, to: Scalar) -> bool {
    let is_bool = |scalar: Scalar| scalar.kind() == Kind::Bool;
    is_bool(from) && is_bool(to)
}

/// The same, but a Python int that does not fit the NumPy type raises OverflowError, as NumPy 2 does.
pub(crate) fn cast_checked(frame: &mut Frame<'_, '_>, value: &Value, to: Scalar) -> Evaluated {
    let narrow = to.kind() == Kind::Integer && !to.is_python();
    match value {
        Value::Number(Scalar::Int, Number::Integer(number)) if narrow && !fits(Number::Integer(*number), to) => {
            Err(frame.raise("OverflowError", &format!("Python integer {number} out of bounds for {to}"), &[]))
        }
        Value::Scalar(Scalar::Int, id)
            if narrow && to != Scalar::Of(numir_runtime::DType::Int64) && frame.element_wise =>
        {
            if let Some((_, operand)) = frame.scalars.iter().find(|(argument, _)| argument == id).copied()
                && !frame.narrowed.contains(&(operand, to))
            {
                frame.narrowed.push((operand, to));
            }
            cast(frame, value, to)
        }
        Value::Scalar(Scalar::Int, id) if narrow && to != Scalar::Of(numir_runtime::DType::Int64) => {
            let id = *id;
            let narrowed = frame.emit("numeric.cast", &[id], IrType::Scalar(to), Vec::new());
            let back = frame.emit("numeric.cast", &[narrowed], IrType::Scalar(Scalar::Int), Vec::new());
            let attributes = vec![("predicate", crate::function_ir::Attribute::Text("eq".into()))];
            let mut same = frame.emit("numeric.cmp", &[id, back], IrType::BOOL, attributes.clone());
            if to == Scalar::Of(numir_runtime::DType::UInt64) {
                let zero = frame.materialize(&Value::int(0))?;
                let attributes = vec![("predicate", crate::function_ir::Attribute::Text("ge".into()))];
                same = frame.emit("numeric.cmp", &[id, zero], IrType::BOOL, attributes);
            }
            let message = format!("Python integer {{}} out of bounds for {to}");
            frame.check(same, "OverflowError", &message, &[id]);
            Ok(Value::Scalar(to, narrowed))
        }
        _ => cast(frame, value, to),
    }
}

/// 2⁶³.
const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;

/// `int(x)` of a float: truncates; infinities, NaN and what 64 bits cannot hold raise.
pub(super) fn float_to_int(frame: &mut Frame<'_, '_>, value: &Value) -> Evaluated {
    if let Some(Number::Float(number)) = value.number()
        && number.is_finite()
        && number.abs() < 9.2e18
    {
        return Ok(Value::int(number.trunc() as i128));
    }
    let wide = cast(frame, value, Scalar::Float)?;
    let id = frame.materialize(&wide)?;
    if frame.specializer.options.python_errors {
        let nan = vec![("kind", crate::function_ir::Attribute::Text("isnan".into()))];
        let nan = frame.emit("numeric.classify", &[id], IrType::BOOL, nan);
        let number = frame.negate(nan);
        frame.check(number, "ValueError", "cannot convert float NaN to integer", &[]);
        let infinite = vec![("kind", crate::function_ir::Attribute::Text("isinf".into()))];
        let infinite = frame.emit("numeric.classify", &[id], IrType::BOOL, infinite);
        let finite = frame.negate(infinite);
        frame.check(finite, "OverflowError", "cannot convert float infinity to integer", &[]);
        for (predicate, bound) in [("ge", -TWO_TO_63), ("lt", TWO_TO_63)] {
            let bound = frame.materialize_number(Scalar::Float, Number::Float(bound))?;
            let fits = super::operators::predicate(frame, predicate, id, bound);
            frame.check(fits, "OverflowError", "the float {} does not fit into an int of 64 bits", &[id]);
        }
    }
    Ok(Value::Scalar(Scalar::Int, frame.emit("numeric.cast", &[id], IrType::Scalar(Scalar::Int), Vec::new())))
}

/// `int(x)` of a NumPy integer: one beyond the 64 bits of a Python int raises.
pub(super) fn integer_to_int(frame: &mut Frame<'_, '_>, value: &Value) -> Evaluated {
    let int = cast(frame, value, Scalar::Int)?;
    if value.scalar() == Some(Scalar::Of(numir_runtime::DType::UInt64))
        && frame.specializer.options.python_errors
        && value.number().is_none()
    {
        let (id, signed) = (frame.materialize(value)?, frame.materialize(&int)?);
        let zero = frame.materialize_number(Scalar::Int, Number::Integer(0))?;
        let fits = super::operators::predicate(frame, "ge", signed, zero);
        frame.check(fits, "OverflowError", "the integer {} does not fit into an int of 64 bits", &[id]);
    }
    Ok(int)
}

/// A number as an index: a uint64 beyond 63 bits raises, as it would count from the end.
pub(crate) fn cast_to_index(frame: &mut Frame<'_, '_>, value: &Value) -> Evaluated {
    match value.scalar() {
        Some(Scalar::Of(numir_runtime::DType::UInt64)) => {
            let int = integer_to_int(frame, value)?;
            cast(frame, &int, Scalar::Index)
        }
        _ => cast(frame, value, Scalar::Index),
    }
}

/// `complex(real, imaginary)`: real + imaginary·1j, either of which may be complex.
pub(super) fn complex_of(frame: &mut Frame<'_, '_>, scalar: Scalar, real: &Value, imaginary: &Value) -> Evaluated {
    let is_real = |value: &Value| value.scalar().is_some_and(|scalar| scalar.kind() < Kind::Complex);
    if is_real(real) && is_real(imaginary) {
        let part = scalar.real();
        let (real, imaginary) = (cast(frame, real, part)?, cast(frame, imaginary, part)?);
        if let (Some(real), Some(imaginary)) = (real.number(), imaginary.number()) {
            return Ok(Value::Number(scalar, Number::Complex(real.as_float(), imaginary.as_float())));
        }
        let (real, imaginary) = (frame.materialize(&real)?, frame.materialize(&imaginary)?);
        return Ok(Value::Scalar(
            scalar,
            frame.emit("numeric.complex", &[real, imaginary], IrType::Scalar(scalar), Vec::new()),
        ));
    }
    let unit = Value::Number(Scalar::Complex, Number::Complex(0.0, 1.0));
    let turned = super::operators::binary(frame, "*", imaginary, &unit)?;
    let sum = super::operators::binary(frame, "+", real, &turned)?;
    cast(frame, &sum, scalar)
}
