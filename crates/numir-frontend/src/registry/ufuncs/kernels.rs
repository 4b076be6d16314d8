//! How an item of a ufunc's result is computed from items.

use crate::function_ir::IrType;
use crate::registry::intrinsics::{classify, libm};
use crate::registry::kernels::elementary;
use crate::registry::operators::{binary, compare, unary};
use crate::registry::{builtins, cast, cast_checked, operators, times};
use crate::specialize::{Evaluated, Frame};
use crate::types::{Kind, Scalar};
use crate::value::Value;
use numir_runtime::DType;

/// What computes an item.
pub(super) enum Kernel {
    /// A binary operator.
    Binary(&'static str),
    /// A unary operator.
    Unary(&'static str),
    /// A comparison.
    Predicate(&'static str),
    /// An operator on what is true and what is not.
    Truths(&'static str),
    /// A class of floats.
    Class(&'static str),
    /// A function of real numbers, which goes by its name in C's math library.
    Libm(&'static str),
    /// The same, and a function of the library for complex numbers: of `cmath`, or of `_ufuncs`.
    Complex(&'static str, &'static str),
    /// A function of C's math library that leaves integers as they are.
    Rounding(&'static str),
    /// A function of the library, of any numbers; bools become small integers.
    Library(&'static str),
    /// The same, with all arguments of their common type, bools too.
    Promoted(&'static str),
    /// The same, with all arguments of a float type that holds them.
    Floats(&'static str),
    /// `numeric.minimum` or `numeric.maximum`, and the function of the library for complex numbers.
    Extreme(&'static str, &'static str),
    /// Something else.
    Own(fn(&mut Frame<'_, '_>, &[Value]) -> Evaluated),
}

/// Where functions of items stand.
const MODULE: &str = "_ufuncs";
/// The functions of complex numbers that are those of `cmath`.
const OF_CMATH: &[&str] = &[
    "acos", "acosh", "asin", "asinh", "atan", "atanh", "cos", "cosh", "exp", "log", "log10", "sin", "sinh", "sqrt",
    "tan", "tanh",
];

impl Kernel {
    /// The item of the result; nothing raises.
    pub(super) fn item(&self, frame: &mut Frame<'_, '_>, items: &[Value]) -> Evaluated {
        let kind = items.iter().filter_map(|item| item.scalar().map(Scalar::kind)).max();
        match self {
            Self::Binary(symbol) => binary(frame, symbol, &items[0], &items[1]),
            Self::Unary(symbol) => unary(frame, symbol, &items[0]),
            Self::Predicate(symbol) if kind == Some(Kind::Complex) && !matches!(*symbol, "==" | "!=") => {
                ordered(frame, symbol, items)
            }
            Self::Predicate(symbol) => compare(frame, symbol, &items[0], &items[1]),
            Self::Truths(symbol) => {
                let truths = items.iter().map(|item| truth(frame, item)).collect::<Evaluated<Vec<_>>>()?;
                binary(frame, symbol, &truths[0], &truths[1])
            }
            Self::Class(class) => class_of(frame, class, &items[0]),
            Self::Complex(_, function) if kind == Some(Kind::Complex) => of_complex(frame, function, &items[0]),
            Self::Libm(function) | Self::Complex(function, _) => {
                let items = if items.len() > 1 { floats(frame, items)? } else { items.to_vec() };
                elementary(frame, function, &items)
            }
            Self::Rounding(_) if kind.is_some_and(|kind| kind <= Kind::Integer) => Ok(items[0].clone()),
            Self::Rounding(function) => libm(frame, function, items),
            Self::Library(function) if kind == Some(Kind::Time) => Err(no_loop(frame, function)),
            Self::Promoted("fmod") if kind == Some(Kind::Time) => Err(no_loop(frame, "fmod")),
            Self::Library(function) => {
                let items = items.iter().map(|item| integer_of_bool(frame, item)).collect::<Evaluated<Vec<_>>>()?;
                frame.call_library(MODULE, function, items)
            }
            Self::Promoted(function) => {
                let items = promoted(frame, items)?;
                frame.call_library(MODULE, function, items)
            }
            Self::Floats(function) => {
                let items = floats(frame, items)?;
                frame.call_library(MODULE, function, items)
            }
            Self::Extreme(_, function) if kind == Some(Kind::Time) => {
                times::extreme(frame, function, &items[0], &items[1])
            }
            Self::Extreme(operation, function) => {
                let items = promoted(frame, items)?;
                if kind == Some(Kind::Complex) {
                    return frame.call_library(MODULE, function, items);
                }
                let scalar = items[0].scalar().unwrap_or(Scalar::Float);
                let (left, right) = (frame.materialize(&items[0])?, frame.materialize(&items[1])?);
                Ok(Value::Scalar(scalar, frame.emit(operation, &[left, right], IrType::Scalar(scalar), Vec::new())))
            }
            Self::Own(compute) => compute(frame, items),
        }
    }
}

/// The type of a number; an error where it is none.
fn scalar_of(frame: &Frame<'_, '_>, item: &Value) -> Evaluated<Scalar> {
    item.scalar()
        .ok_or_else(|| frame.typing(format!("numbers or arrays are needed here, not {}", frame.describe(item))))
}

fn promoted(frame: &mut Frame<'_, '_>, items: &[Value]) -> Evaluated<Vec<Value>> {
    let mut common = scalar_of(frame, &items[0])?;
    for item in &items[1..] {
        common = common.promote(scalar_of(frame, item)?);
    }
    items.iter().map(|item| cast_checked(frame, item, common)).collect()
}

/// The numbers as floats of one type that holds them.
fn floats(frame: &mut Frame<'_, '_>, items: &[Value]) -> Evaluated<Vec<Value>> {
    let mut types = Vec::with_capacity(items.len());
    for item in items {
        let scalar = scalar_of(frame, item)?;
        if scalar.kind() >= Kind::Complex {
            let seen = frame.describe(item);
            return Err(frame.typing(format!("must be real number, not {seen}")));
        }
        types.push(scalar);
    }
    let (python, numpy): (Vec<Scalar>, Vec<Scalar>) = types.into_iter().partition(|scalar| scalar.is_python());
    let highest = |types: &[Scalar]| types.iter().map(|scalar| scalar.kind()).max();
    let wide = if highest(&python) > highest(&numpy) {
        // A Python number of a higher kind decides together with the others.
        float_of(python.into_iter().chain(numpy).reduce(Scalar::promote).unwrap_or(Scalar::Float))
    } else {
        // Each by itself: int8 and uint8 both fit into float16.
        numpy.into_iter().map(float_of).reduce(Scalar::promote).unwrap_or(Scalar::Float)
    };
    items.iter().map(|item| cast(frame, item, wide)).collect()
}

/// The float type that holds a number.
fn float_of(scalar: Scalar) -> Scalar {
    match scalar {
        float if float.kind() == Kind::Float => float,
        scalar if scalar.is_python() => Scalar::Float,
        scalar if scalar.dtype().size() == 1 => Scalar::Of(DType::Float16),
        scalar if scalar.dtype().size() == 2 => Scalar::Of(DType::Float32),
        _ => Scalar::Of(DType::Float64),
    }
}

/// A function of complex numbers, computed with those of doubles.
fn of_complex(frame: &mut Frame<'_, '_>, function: &'static str, item: &Value) -> Evaluated {
    let scalar = scalar_of(frame, item)?;
    let wide = cast(frame, item, Scalar::Complex)?;
    let module = if OF_CMATH.contains(&function) { "cmath" } else { MODULE };
    let name = if module == "cmath" { function } else { complex_name(function) };
    let result = frame.call_library(module, name, vec![wide])?;
    cast(frame, &result, scalar)
}

fn complex_name(function: &'static str) -> &'static str {
    match function {
        "exp2" => "complex_exp2",
        "expm1" => "complex_expm1",
        "log2" => "complex_log2",
        "log1p" => "complex_log1p",
        _ => "complex_rint",
    }
}

fn truth(frame: &mut Frame<'_, '_>, item: &Value) -> Evaluated {
    let result = compare(frame, "!=", item, &Value::int(0))?;
    cast(frame, &result, Scalar::Of(DType::Bool))
}

fn class_of(frame: &mut Frame<'_, '_>, class: &'static str, item: &Value) -> Evaluated {
    if item.scalar().map(Scalar::kind) != Some(Kind::Complex) {
        return classify(frame, class, item);
    }
    let real = crate::registry::attribute(frame, item, "real")?;
    let imag = crate::registry::attribute(frame, item, "imag")?;
    let (real, imag) = (classify(frame, class, &real)?, classify(frame, class, &imag)?);
    binary(frame, if class == "isfinite" { "&" } else { "|" }, &real, &imag)
}

pub(super) fn logical_not(frame: &mut Frame<'_, '_>, items: &[Value]) -> Evaluated {
    if times::time_of(&items[0]).is_some() {
        return Err(no_loop(frame, "logical_not"));
    }
    let result = compare(frame, "==", &items[0], &Value::int(0))?;
    cast(frame, &result, Scalar::Of(DType::Bool))
}

/// A comparison of complex numbers, which only ufuncs make: by their real parts, then by the imaginary ones.
pub(crate) fn ordered(frame: &mut Frame<'_, '_>, symbol: &str, items: &[Value]) -> Evaluated {
    let mut items = promoted(frame, items)?;
    if symbol.starts_with('<') {
        items.swap(0, 1);
    }
    frame.call_library(MODULE, if symbol.ends_with('=') { "at_least" } else { "above" }, items)
}

/// A number of a ufunc that knows no bools: these are small integers to it.
fn integer_of_bool(frame: &mut Frame<'_, '_>, item: &Value) -> Evaluated {
    match scalar_of(frame, item)? {
        Scalar::Of(DType::Bool) => cast(frame, item, Scalar::Of(DType::Int8)),
        Scalar::Bool => cast(frame, item, Scalar::Int),
        _ => Ok(item.clone()),
    }
}

pub(super) fn square(frame: &mut Frame<'_, '_>, items: &[Value]) -> Evaluated {
    let item = integer_of_bool(frame, &items[0])?;
    binary(frame, "*", &item, &item)
}

/// NumPy's words where a ufunc has no loop for the types that it is given.
fn no_loop(frame: &Frame<'_, '_>, name: &str) -> crate::specialize::Stop {
    frame.typing(operators::no_loop(name))
}

pub(super) fn of_integers(frame: &mut Frame<'_, '_>, items: &[Value], function: &'static str) -> Evaluated {
    let items = promoted(frame, items)?;
    let common = scalar_of(frame, &items[0])?;
    if common.kind() != Kind::Integer && common != Scalar::Bool {
        return Err(no_loop(frame, function));
    }
    let items = items.iter().map(|item| integer_of_bool(frame, item)).collect::<Evaluated<Vec<_>>>()?;
    frame.call_library(MODULE, function, items)
}

pub(super) fn bitwise_count(frame: &mut Frame<'_, '_>, items: &[Value]) -> Evaluated {
    if scalar_of(frame, &items[0])?.kind() > Kind::Integer {
        return Err(no_loop(frame, "bitwise_count"));
    }
    let item = integer_of_bool(frame, &items[0])?;
    frame.call_library(MODULE, "bitwise_count", vec![item])
}

pub(super) fn sign(frame: &mut Frame<'_, '_>, items: &[Value]) -> Evaluated {
    let scalar = scalar_of(frame, &items[0])?;
    if scalar == Scalar::Of(DType::Bool) {
        return Err(no_loop(frame, "sign"));
    }
    if let Some(time) = scalar.time() {
        if !time.is_span {
            return Err(no_loop(frame, "sign"));
        }
        return times::sign(frame, &items[0], time);
    }
    let item = integer_of_bool(frame, &items[0])?;
    frame.call_library(MODULE, "sign", vec![item])
}

pub(super) fn absolute(frame: &mut Frame<'_, '_>, items: &[Value]) -> Evaluated {
    builtins::absolute(frame, &items[0])
}

pub(super) fn float_power(frame: &mut Frame<'_, '_>, items: &[Value]) -> Evaluated {
    let common = promoted(frame, items)?;
    let common = scalar_of(frame, &common[0])?;
    let wide = if common.kind() == Kind::Complex { DType::Complex128 } else { DType::Float64 };
    let items = items.iter().map(|item| cast(frame, item, Scalar::Of(wide))).collect::<Evaluated<Vec<_>>>()?;
    binary(frame, "**", &items[0], &items[1])
}

pub(super) fn signbit(frame: &mut Frame<'_, '_>, items: &[Value]) -> Evaluated {
    let float = floats(frame, items)?;
    classify(frame, "signbit", &float[0])
}

/// Of halves, the library computes with doubles.
fn neighbour(
    frame: &mut Frame<'_, '_>,
    items: Vec<Value>,
    of_halves: &'static str,
    others: impl FnOnce(&mut Frame<'_, '_>, &[Value]) -> Evaluated,
) -> Evaluated {
    let half = Scalar::Of(DType::Float16);
    if items[0].scalar() != Some(half) {
        return others(frame, &items);
    }
    let items = items.iter().map(|item| cast(frame, item, Scalar::Float)).collect::<Evaluated<Vec<_>>>()?;
    let result = frame.call_library(MODULE, of_halves, items)?;
    cast(frame, &result, half)
}

pub(super) fn nextafter(frame: &mut Frame<'_, '_>, items: &[Value]) -> Evaluated {
    let items = floats(frame, items)?;
    neighbour(frame, items, "next_half", |frame, items| libm(frame, "nextafter", items))
}

pub(super) fn spacing(frame: &mut Frame<'_, '_>, items: &[Value]) -> Evaluated {
    let items = floats(frame, items)?;
    neighbour(frame, items, "half_spacing", |frame, items| frame.call_library(MODULE, "spacing", items.to_vec()))
}

pub(super) fn mantissa(frame: &mut Frame<'_, '_>, items: &[Value]) -> Evaluated {
    part_of(frame, items, "mantissa", None)
}

pub(super) fn exponent(frame: &mut Frame<'_, '_>, items: &[Value]) -> Evaluated {
    part_of(frame, items, "exponent", Some(Scalar::Of(DType::Int32)))
}

/// A part of a float, which is exact in any type; of the float's own type if none is given.
fn part_of(frame: &mut Frame<'_, '_>, items: &[Value], function: &'static str, ty: Option<Scalar>) -> Evaluated {
    let items = floats(frame, items)?;
    let own = scalar_of(frame, &items[0])?;
    let wide = cast(frame, &items[0], Scalar::Float)?;
    let part = frame.call_library(MODULE, function, vec![wide])?;
    cast(frame, &part, ty.unwrap_or(own))
}

pub(super) fn scaled(frame: &mut Frame<'_, '_>, items: &[Value]) -> Evaluated {
    let power = scalar_of(frame, &items[1])?;
    let own = floats(frame, &items[..1])?;
    if power.kind() > Kind::Integer || power == Scalar::Of(DType::UInt64) {
        let seen = [&items[0], &items[1]].map(|item| frame.describe(item));
        return Err(frame.typing(format!("ldexp takes a real number and an integer, not {} and {}", seen[0], seen[1])));
    }
    let arguments = vec![cast(frame, &own[0], Scalar::Float)?, cast(frame, &items[1], Scalar::Int)?];
    let number = frame.call_library("math", "scaled", arguments)?;
    let result = scalar_of(frame, &own[0])?;
    cast(frame, &number, Scalar::Of(result.dtype()))
}
