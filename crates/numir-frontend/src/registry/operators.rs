//! The operators: one table entry per symbol holds its typing rule, its `numeric` operation and the errors Python raises.
//!
//! Scalars, arrays and in-place forms all go through the same entry: an array operation is the scalar one in the body of
//! a `numeric.map`. On Python's own numbers, division by zero and negative shifts raise; on NumPy's they do not.

mod aggregates;
mod comparison;
mod element_wise;
mod fold;
mod powers;

pub(crate) use comparison::compare;
pub(crate) use element_wise::{assign_all, in_place, layout_of, map, output_refused, reduce_axes, same_kind};
pub(crate) use powers::check_exponents;

use crate::diagnostic::ErrorKind;
use crate::function_ir::{Attribute, IrType, ValueId};
use crate::registry::records::read_as_array;
use crate::registry::{cast, cast_checked, times};
use crate::specialize::{Evaluated, Frame, Stop};
use crate::types::{Kind, Scalar};
use crate::value::{Number, Value};
use numir_runtime::DType;
use powers::power;

/// How the type of a result follows from the types of two numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rule {
    /// Promotion; bools count as ints among Python's numbers.
    Arithmetic,
    /// As arithmetic, but never an integer.
    Division,
    /// As arithmetic, but not for complex numbers.
    Real,
    /// `**`.
    Power,
    /// Integers; bools count as ints.
    Shift,
    /// Integers and bools.
    Bits,
}

/// A binary operator.
pub(crate) struct Binary {
    pub symbol: &'static str,
    operation: &'static str,
    rule: Rule,
    /// What a zero on the right raises among Python's integers, floats and complex numbers; empty where it does not.
    zero: [&'static str; 3],
    /// NumPy's operation on two bools, where it differs from that on integers; empty where there is none.
    on_bools: &'static str,
}

const NO_ZERO: [&str; 3] = ["", "", ""];

/// All binary operators.
pub(crate) static BINARY: &[Binary] = &[
    Binary { symbol: "+", operation: "numeric.add", rule: Rule::Arithmetic, zero: NO_ZERO, on_bools: "numeric.or" },
    Binary { symbol: "-", operation: "numeric.sub", rule: Rule::Arithmetic, zero: NO_ZERO, on_bools: "" },
    Binary { symbol: "*", operation: "numeric.mul", rule: Rule::Arithmetic, zero: NO_ZERO, on_bools: "numeric.and" },
    Binary {
        symbol: "/",
        operation: "numeric.truediv",
        rule: Rule::Division,
        zero: ["division by zero", "float division by zero", "complex division by zero"],
        on_bools: "",
    },
    Binary {
        symbol: "//",
        operation: "numeric.floordiv",
        rule: Rule::Real,
        zero: ["integer division or modulo by zero", "float floor division by zero", ""],
        on_bools: "",
    },
    Binary {
        symbol: "%",
        operation: "numeric.mod",
        rule: Rule::Real,
        zero: ["integer division or modulo by zero", "float modulo", ""],
        on_bools: "",
    },
    Binary { symbol: "**", operation: "numeric.pow", rule: Rule::Power, zero: NO_ZERO, on_bools: "" },
    Binary { symbol: "<<", operation: "numeric.shl", rule: Rule::Shift, zero: NO_ZERO, on_bools: "" },
    Binary { symbol: ">>", operation: "numeric.shr", rule: Rule::Shift, zero: NO_ZERO, on_bools: "" },
    Binary { symbol: "&", operation: "numeric.and", rule: Rule::Bits, zero: NO_ZERO, on_bools: "numeric.and" },
    Binary { symbol: "|", operation: "numeric.or", rule: Rule::Bits, zero: NO_ZERO, on_bools: "numeric.or" },
    Binary { symbol: "^", operation: "numeric.xor", rule: Rule::Bits, zero: NO_ZERO, on_bools: "numeric.xor" },
];

fn entry(symbol: &str) -> Option<&'static Binary> {
    BINARY.iter().find(|operator| operator.symbol == symbol)
}

/// `left symbol right`.
pub(crate) fn binary(frame: &mut Frame<'_, '_>, symbol: &'static str, left: &Value, right: &Value) -> Evaluated {
    let (left, right) = (&present(frame, left, NO_OPERAND), &present(frame, right, NO_OPERAND));
    let (left, right) = (&read_as_array(frame, left)?, &read_as_array(frame, right)?);
    let (left, right) = (&beside(frame, left, right)?, &beside(frame, right, left)?);
    if matches!(left, Value::Array(..)) || matches!(right, Value::Array(..)) {
        if symbol == "@" {
            return frame.call_library("numpy", "matmul", vec![left.clone(), right.clone()]);
        }
        if symbol == "**" {
            check_exponents(frame, left, right)?;
        }
        return map(frame, &[left.clone(), right.clone()], |frame, items| binary(frame, symbol, &items[0], &items[1]));
    }
    if both_scalars_with_time(left, right) {
        return times::binary(frame, symbol, left, right);
    }
    if let (Some(from), Some(with)) = (left.scalar(), right.scalar())
        && let Some(operator) = entry(symbol)
    {
        return scalars(frame, operator, (left, from), (right, with));
    }
    if let Some(result) = aggregates::binary(frame, symbol, left, right)? {
        return Ok(result);
    }
    Err(mismatch(frame, symbol, left, right))
}

/// A tuple next to an array counts as one.
pub(crate) fn beside(frame: &mut Frame<'_, '_>, value: &Value, other: &Value) -> Evaluated {
    match (value, other) {
        (Value::Tuple(_), Value::Array(..)) => frame.call_meaning("numpy.array", vec![value.clone()]),
        _ => Ok(value.clone()),
    }
}

/// Whether both are scalars, and one of them a date or a span of time.
fn both_scalars_with_time(left: &Value, right: &Value) -> bool {
    let kinds = left.scalar().zip(right.scalar()).map(|(left, right)| left.kind().max(right.kind()));
    kinds == Some(Kind::Time)
}

/// What is said of None in arithmetic.
const NO_OPERAND: &str = "unsupported operand type: 'NoneType'";

/// The value of an optional that is used as one: it must be there, else TypeError says what could not be done.
pub(crate) fn present(frame: &mut Frame<'_, '_>, value: &Value, message: &str) -> Value {
    match value {
        Value::Optional(flag, inner) => {
            frame.check(*flag, "TypeError", message, &[]);
            (**inner).clone()
        }
        other => other.clone(),
    }
}

/// NumPy's words where a ufunc has no loop for the types that it is given.
pub(crate) fn no_loop(name: &str) -> String {
    format!(
        "ufunc '{name}' not supported for the input types, and the inputs could not be safely coerced to any supported types \
         according to the casting rule ''safe''"
    )
}

/// The ufunc that an operator is among NumPy's numbers.
fn ufunc_of(symbol: &str) -> Option<&'static str> {
    Some(match symbol {
        "+" => "add",
        "-" => "subtract",
        "*" => "multiply",
        "/" => "divide",
        "//" => "floor_divide",
        "%" => "remainder",
        "**" => "power",
        "<<" => "left_shift",
        ">>" => "right_shift",
        "&" => "bitwise_and",
        "|" => "bitwise_or",
        "^" => "bitwise_xor",
        _ => return None,
    })
}

fn mismatch(frame: &Frame<'_, '_>, symbol: &str, left: &Value, right: &Value) -> Stop {
    if let (Some(from), Some(with), Some(name)) = (left.scalar(), right.scalar(), ufunc_of(symbol))
        && !(from.is_python() && with.is_python())
    {
        return frame.typing(no_loop(name));
    }
    let (left, right) = (frame.describe(left), frame.describe(right));
    frame.error(ErrorKind::Typing, format!("unsupported operand types for {symbol}: {left} and {right}"))
}

/// The result type of an operator on two numbers; None where Python or NumPy raise TypeError.
fn result_type(rule: Rule, left: Scalar, right: Scalar) -> Option<Scalar> {
    let bools = [Scalar::Bool, Scalar::Of(DType::Bool)];
    let promoted = match (left, right) {
        (left, right) if left != right && bools.contains(&left) && bools.contains(&right) => Scalar::Of(DType::Bool),
        _ => left.promote(right),
    };
    let python_int_for_bool = |scalar: Scalar| if scalar == Scalar::Bool { Scalar::Int } else { scalar };
    Some(match rule {
        Rule::Arithmetic => python_int_for_bool(promoted),
        Rule::Division if promoted.kind() < Kind::Float => {
            if promoted.is_python() {
                Scalar::Float
            } else {
                Scalar::Of(DType::Float64)
            }
        }
        Rule::Division => promoted,
        Rule::Real | Rule::Power => match promoted {
            Scalar::Of(DType::Bool) => Scalar::Of(DType::Int8),
            _ if rule == Rule::Real && promoted.kind() == Kind::Complex => return None,
            other => python_int_for_bool(other),
        },
        Rule::Shift if promoted.kind() <= Kind::Integer => match promoted {
            Scalar::Of(DType::Bool) => Scalar::Of(DType::Int8),
            other => python_int_for_bool(other),
        },
        Rule::Bits if promoted.kind() <= Kind::Integer => promoted,
        Rule::Shift | Rule::Bits => return None,
    })
}

fn scalars(
    frame: &mut Frame<'_, '_>,
    operator: &'static Binary,
    left: (&Value, Scalar),
    right: (&Value, Scalar),
) -> Evaluated {
    let ((left, from), (right, with)) = (left, right);
    // np.float64 is a subclass of Python's float: a Python complex on the left takes it as one.
    let is_float = from == Scalar::Complex && with == Scalar::Of(DType::Float64) && !frame.element_wise;
    let with = if is_float { Scalar::Float } else { with };
    let Some(mut result) = result_type(operator.rule, from, with) else {
        return Err(mismatch(frame, operator.symbol, left, right));
    };
    if let (Some(a), Some(b)) = (left.number(), right.number())
        && from.is_python()
        && with.is_python()
        && let Some(number) = fold::binary(operator.symbol, a, b)
    {
        let scalar = match number {
            Number::Bool(_) => Scalar::Bool,
            Number::Integer(_) => Scalar::Int,
            Number::Float(_) => Scalar::Float,
            Number::Complex(..) => Scalar::Complex,
        };
        return Ok(Value::Number(scalar, number));
    }
    if operator.rule == Rule::Power {
        if result.kind() == Kind::Integer
            && result.is_python()
            && right.known_integer().is_some_and(|exponent| exponent < 0)
        {
            result = Scalar::Float;
        }
        return power(frame, left, right, result);
    }
    let both_bools = from.kind() == Kind::Bool && with.kind() == Kind::Bool && !(from.is_python() && with.is_python());
    let (operation, result) = match (both_bools, operator.rule) {
        (true, Rule::Arithmetic) if operator.on_bools.is_empty() => {
            let message = "numpy boolean subtract, the `-` operator, is not supported, use the bitwise_xor, the `^` operator, or \
                           the logical_xor function instead.";
            return Err(frame.typing(message));
        }
        (true, Rule::Arithmetic | Rule::Bits) => (operator.on_bools, Scalar::Of(DType::Bool)),
        _ => (operator.operation, result),
    };
    let left = cast_checked(frame, left, result)?;
    let right = cast_checked(frame, right, result)?;
    let (a, b) = (frame.materialize(&left)?, frame.materialize(&right)?);
    if result_is_checked(frame, from, with) {
        check_operand(frame, operator, &right, b, result)?;
    }
    if result.kind() == Kind::Bool && operation != operator.operation && operation.is_empty() {
        return Err(frame.unsupported("this operator on bools"));
    }
    Ok(Value::Scalar(result, frame.emit(operation, &[a, b], IrType::Scalar(result), Vec::new())))
}

/// Whether errors of Python's arithmetic are raised: among Python's own numbers, unless the NumPy error model is chosen.
fn result_is_checked(frame: &Frame<'_, '_>, left: Scalar, right: Scalar) -> bool {
    frame.specializer.options.python_errors && !frame.element_wise && left.is_python() && right.is_python()
}

fn check_operand(
    frame: &mut Frame<'_, '_>,
    operator: &Binary,
    right: &Value,
    operand: ValueId,
    ty: Scalar,
) -> Evaluated<()> {
    let kind = match ty.kind() {
        Kind::Bool | Kind::Integer => 0,
        Kind::Float => 1,
        Kind::Complex | Kind::Time => 2,
    };
    let mut message = operator.zero[kind];
    let known = right.number();
    if !message.is_empty() && !frame.file.is_library() {
        if operator.symbol == "/" && ty == Scalar::Float && frame_is_integer_division(right) {
            message = operator.zero[0];
        }
        if known.is_none_or(|number| !number.truth()) {
            let fine = nonzero(frame, operand, ty)?;
            frame.check(fine, "ZeroDivisionError", message, &[]);
        }
    }
    if operator.rule == Rule::Shift && known.is_none_or(|number| number.as_float() < 0.0) {
        let zero = frame.materialize_number(ty, Number::Integer(0))?;
        let fine = predicate(frame, "ge", operand, zero);
        frame.check(fine, "ValueError", "negative shift count", &[]);
    }
    Ok(())
}

fn frame_is_integer_division(right: &Value) -> bool {
    right.scalar().is_some_and(|scalar| scalar.kind() <= Kind::Integer)
}

/// A comparison of two values of one type.
pub(crate) fn predicate(frame: &mut Frame<'_, '_>, name: &str, left: ValueId, right: ValueId) -> ValueId {
    let attributes = vec![("predicate", Attribute::Text(name.to_owned()))];
    frame.emit("numeric.cmp", &[left, right], IrType::BOOL, attributes)
}

fn nonzero(frame: &mut Frame<'_, '_>, operand: ValueId, ty: Scalar) -> Evaluated<ValueId> {
    let zero = frame.materialize_number(ty, Number::Bool(false).widen(ty.kind()))?;
    Ok(predicate(frame, "ne", operand, zero))
}

/// A unary operator on a value.
pub(crate) fn unary(frame: &mut Frame<'_, '_>, symbol: &'static str, operand: &Value) -> Evaluated {
    let operand = &present(frame, operand, NO_OPERAND);
    if matches!(operand, Value::Array(..)) {
        return map(frame, std::slice::from_ref(operand), |frame, items| unary(frame, symbol, &items[0]));
    }
    if let Some(time) = times::time_of(operand) {
        return times::unary(frame, symbol, operand, time);
    }
    let Some(from) = operand.scalar() else {
        let seen = frame.describe(operand);
        return Err(frame.typing(format!("bad operand type for unary {symbol}: {seen}")));
    };
    if from.is_python()
        && let Some(number) = operand.number().and_then(|number| fold::unary(symbol, number))
    {
        let scalar = if from == Scalar::Bool { Scalar::Int } else { from };
        return Ok(Value::Number(scalar, number));
    }
    let result = match (symbol, from) {
        ("~", Scalar::Of(DType::Bool)) => from,
        ("+", Scalar::Of(DType::Bool)) => {
            let message = "ufunc 'positive' did not contain a loop with signature matching types <class \
                           'numpy.dtypes.BoolDType'> -> None";
            return Err(frame.typing(message));
        }
        ("-", Scalar::Of(DType::Bool)) => {
            let message = "The numpy boolean negative, the `-` operator, is not supported, use the `~` operator or the \
                           logical_not function instead.";
            return Err(frame.typing(message));
        }
        (_, Scalar::Bool) => Scalar::Int,
        ("~", other) if other.kind() > Kind::Integer => {
            if !other.is_python() {
                return Err(frame.typing(no_loop("invert")));
            }
            return Err(frame.typing(format!("bad operand type for unary ~: {other}")));
        }
        (_, other) => other,
    };
    let value = cast(frame, operand, result)?;
    let operation = match symbol {
        "-" => "numeric.neg",
        "~" => "numeric.invert",
        _ => return Ok(value),
    };
    let id = frame.materialize(&value)?;
    Ok(Value::Scalar(result, frame.emit(operation, &[id], IrType::Scalar(result), Vec::new())))
}
