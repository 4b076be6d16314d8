//! NumPy's ufuncs: one line each says how an item follows from items; `out`, `where`, `dtype` and broadcasting are the same for all.
//!
//! An item is computed as NumPy does it: nothing raises. What is more than an operation or a function of C's math library stands in
//! `library/_ufuncs.py`, one function per ufunc, which is applied element by element (`numeric.apply`).

mod kernels;

use super::operators::{self, assign_all, map};
use super::{Meaning, cast, check_writable};
use crate::diagnostic::ErrorKind;
use crate::function_ir::IrType;
use crate::specialize::{Evaluated, Frame, Stop};
use crate::types::{Kind, Layout, Scalar};
use crate::value::Value;
use kernels::Kernel;
pub(super) use kernels::ordered;
use numir_runtime::DType;

use Kernel::{Binary, Complex, Libm, Library, Own, Predicate, Promoted, Unary};

const UNARY: &str = "x, /, out=None, *, where=True, casting='same_kind', order='K', dtype=None, subok=True";
const BINARY: &str = "x1, x2, /, out=None, *, where=True, casting='same_kind', order='K', dtype=None, subok=True";

/// One or several meanings of each line: names, parameters, documentation, how an item is computed.
macro_rules! ufuncs {
    ($($($name:literal)|+, $parameters:ident, $doc:literal => $kernel:expr;)*) => {
        &[$($(Meaning {
            name: concat!("numpy.", $name),
            parameters: $parameters,
            doc: $doc,
            evaluate: |frame, arguments| {
                const KERNEL: Kernel = $kernel;
                evaluate(frame, arguments, $name, &KERNEL)
            },
        },)+)*]
    };
}

pub(super) static MEANINGS: &[Meaning] = ufuncs! {
    "add", BINARY, "x1 + x2." => Binary("+");
    "subtract", BINARY, "x1 - x2." => Binary("-");
    "multiply", BINARY, "x1 * x2." => Binary("*");
    "divide" | "true_divide", BINARY, "x1 / x2." => Binary("/");
    "floor_divide", BINARY, "x1 // x2." => Binary("//");
    "mod" | "remainder", BINARY, "x1 % x2, of the sign of x2." => Binary("%");
    "fmod", BINARY, "The remainder of the sign of x1." => Promoted("fmod");
    "power" | "pow", BINARY, "x1 ** x2." => Binary("**");
    "float_power", BINARY, "x1 ** x2 of doubles." => Own(kernels::float_power);
    "negative", UNARY, "-x." => Unary("-");
    "positive", UNARY, "+x." => Unary("+");
    "square", UNARY, "x * x." => Own(kernels::square);
    "reciprocal", UNARY, "1 / x, of integers without what is behind the point." => Library("reciprocal");
    "abs" | "absolute", UNARY, "The absolute value." => Own(kernels::absolute);
    "fabs", UNARY, "The absolute value, as a float." => Libm("fabs");
    "sign", UNARY, "-1, 0 or 1; of a complex number x / |x|." => Own(kernels::sign);
    "signbit", UNARY, "Whether the sign is set." => Own(kernels::signbit);
    "heaviside", BINARY, "0 for negative x1, x2 for 0, else 1." => Kernel::Floats("heaviside");
    "conj" | "conjugate", UNARY, "The complex conjugate." => Library("conjugate");
    "sqrt", UNARY, "The square root." => Complex("sqrt", "sqrt");
    "cbrt", UNARY, "The cube root." => Libm("cbrt");
    "exp", UNARY, "e ** x." => Complex("exp", "exp");
    "exp2", UNARY, "2 ** x." => Complex("exp2", "exp2");
    "expm1", UNARY, "e ** x - 1, exact near 0." => Complex("expm1", "expm1");
    "log", UNARY, "The natural logarithm." => Complex("log", "log");
    "log2", UNARY, "The logarithm to base 2." => Complex("log2", "log2");
    "log10", UNARY, "The logarithm to base 10." => Complex("log10", "log10");
    "log1p", UNARY, "log(1 + x), exact near 0." => Complex("log1p", "log1p");
    "logaddexp", BINARY, "log(exp(x1) + exp(x2))." => Kernel::Floats("logaddexp");
    "logaddexp2", BINARY, "log2(2 ** x1 + 2 ** x2)." => Kernel::Floats("logaddexp2");
    "sin", UNARY, "The sine." => Complex("sin", "sin");
    "cos", UNARY, "The cosine." => Complex("cos", "cos");
    "tan", UNARY, "The tangent." => Complex("tan", "tan");
    "arcsin" | "asin", UNARY, "The inverse sine." => Complex("asin", "asin");
    "arccos" | "acos", UNARY, "The inverse cosine." => Complex("acos", "acos");
    "arctan" | "atan", UNARY, "The inverse tangent." => Complex("atan", "atan");
    "sinh", UNARY, "The hyperbolic sine." => Complex("sinh", "sinh");
    "cosh", UNARY, "The hyperbolic cosine." => Complex("cosh", "cosh");
    "tanh", UNARY, "The hyperbolic tangent." => Complex("tanh", "tanh");
    "arcsinh" | "asinh", UNARY, "The inverse hyperbolic sine." => Complex("asinh", "asinh");
    "arccosh" | "acosh", UNARY, "The inverse hyperbolic cosine." => Complex("acosh", "acosh");
    "arctanh" | "atanh", UNARY, "The inverse hyperbolic tangent." => Complex("atanh", "atanh");
    "arctan2" | "atan2", BINARY, "The angle of (x2, x1)." => Libm("atan2");
    "hypot", BINARY, "sqrt(x1² + x2²)." => Libm("hypot");
    "degrees" | "rad2deg", UNARY, "Radians in degrees." => Kernel::Floats("degrees");
    "radians" | "deg2rad", UNARY, "Degrees in radians." => Kernel::Floats("radians");
    "floor", UNARY, "The greatest integer not above x." => Kernel::Rounding("floor");
    "ceil", UNARY, "The least integer not below x." => Kernel::Rounding("ceil");
    "trunc", UNARY, "The integer next to x towards 0." => Kernel::Rounding("trunc");
    "rint", UNARY, "The integer nearest to x, the even one of two." => Complex("rint", "rint");
    "bitwise_and", BINARY, "x1 & x2." => Binary("&");
    "bitwise_or", BINARY, "x1 | x2." => Binary("|");
    "bitwise_xor", BINARY, "x1 ^ x2." => Binary("^");
    "invert" | "bitwise_not" | "bitwise_invert", UNARY, "~x." => Unary("~");
    "left_shift" | "bitwise_left_shift", BINARY, "x1 << x2." => Binary("<<");
    "right_shift" | "bitwise_right_shift", BINARY, "x1 >> x2." => Binary(">>");
    "bitwise_count", UNARY, "The number of bits of |x| that are set." => Own(kernels::bitwise_count);
    "gcd", BINARY, "The greatest common divisor." => Own(|frame, items| kernels::of_integers(frame, items, "gcd"));
    "lcm", BINARY, "The least common multiple." => Own(|frame, items| kernels::of_integers(frame, items, "lcm"));
    "equal", BINARY, "x1 == x2." => Predicate("==");
    "not_equal", BINARY, "x1 != x2." => Predicate("!=");
    "less", BINARY, "x1 < x2." => Predicate("<");
    "less_equal", BINARY, "x1 <= x2." => Predicate("<=");
    "greater", BINARY, "x1 > x2." => Predicate(">");
    "greater_equal", BINARY, "x1 >= x2." => Predicate(">=");
    "logical_and", BINARY, "Whether both are true." => Kernel::Truths("&");
    "logical_or", BINARY, "Whether one is true, or both." => Kernel::Truths("|");
    "logical_xor", BINARY, "Whether just one is true." => Kernel::Truths("^");
    "logical_not", UNARY, "Whether it is not true." => Own(kernels::logical_not);
    "maximum", BINARY, "The larger; NaN if either is." => Kernel::Extreme("numeric.maximum", "maximum");
    "minimum", BINARY, "The smaller; NaN if either is." => Kernel::Extreme("numeric.minimum", "minimum");
    "fmax", BINARY, "The larger; the other one if one is NaN." => Promoted("fmax");
    "fmin", BINARY, "The smaller; the other one if one is NaN." => Promoted("fmin");
    "isnan", UNARY, "Whether NaN." => Kernel::Class("isnan");
    "isinf", UNARY, "Whether infinite." => Kernel::Class("isinf");
    "isfinite", UNARY, "Whether finite." => Kernel::Class("isfinite");
    "copysign", BINARY, "x1 with the sign of x2." => Libm("copysign");
    "nextafter", BINARY, "The float next to x1 towards x2." => Own(kernels::nextafter);
    "spacing", UNARY, "The distance to the next float away from 0." => Own(kernels::spacing);
    "ldexp", BINARY, "x1 times the x2-th power of two." => Own(kernels::scaled);
};

/// Ufuncs of two results.
pub(super) static PAIRS: &[Meaning] = &[
    Meaning {
        name: "numpy.divmod",
        parameters: BINARY,
        doc: "x1 // x2 and x1 % x2.",
        evaluate: |frame, arguments| both(frame, arguments, "divmod", [Binary("//"), Binary("%")]),
    },
    Meaning {
        name: "numpy.modf",
        parameters: UNARY,
        doc: "What is behind the point, and what is before it, both of the sign of x.",
        evaluate: |frame, arguments| both(frame, arguments, "modf", [Kernel::Floats("fraction"), Libm("trunc")]),
    },
    Meaning {
        name: "numpy.frexp",
        parameters: UNARY,
        doc: "A mantissa from 0.5 to 1, and the power of two that it is multiplied by.",
        evaluate: |frame, arguments| both(frame, arguments, "frexp", [Own(kernels::mantissa), Own(kernels::exponent)]),
    },
];

fn both(frame: &mut Frame<'_, '_>, arguments: &[Option<Value>], name: &str, kernels: [Kernel; 2]) -> Evaluated {
    let Keywords { inputs, out, mask, dtype, is_unsafe, layout } = keywords(frame, arguments, name)?;
    let outs = match out {
        None => [None, None],
        Some(Value::Tuple(parts)) if parts.len() == 2 => {
            [0, 1].map(|place| Some(parts[place].clone()).filter(|part| !matches!(part, Value::None)))
        }
        Some(_) => {
            return Err(frame.typing("The 'out' tuple must have exactly one entry per ufunc output"));
        }
    };
    // What is written to may be read for the other result: both are computed first.
    let mut results = Vec::with_capacity(2);
    for (kernel, out) in kernels.iter().zip(&outs) {
        let mask = mask.as_ref().filter(|_| out.is_none());
        let result = supported(fresh(frame, kernel, &inputs, mask, dtype), name)?;
        results.push(if out.is_none() { in_order(frame, result, layout)? } else { result });
    }
    for (result, out) in results.iter_mut().zip(outs) {
        if let Some(out) = out {
            let itself = (name, &Own(|_, items| Ok(items[0].clone())));
            *result = into(frame, itself, std::slice::from_ref(result), &out, mask.as_ref(), (None, is_unsafe))?;
        }
    }
    Ok(Value::tuple(results))
}

/// Methods of ufuncs, written in `library/_ufunc_methods.py`.
macro_rules! methods {
    ($($name:literal, $parameters:literal, $doc:literal;)*) => {
        &[$(Meaning {
            name: concat!("ufunc.", $name),
            parameters: $parameters,
            doc: $doc,
            evaluate: |frame, arguments| {
                let arguments = arguments.iter().map(|value| value.clone().unwrap_or(Value::None)).collect();
                frame.call_library("_ufunc_methods", $name, arguments)
            },
        },)*]
    };
}

pub(super) static METHODS: &[Meaning] = methods! {
    "accumulate", "ufunc, array, axis=0, dtype=None, out=None", "The results of combining the items one after the other.";
    "outer", "ufunc, A, B, /", "All pairs of items, one from each array.";
    "at", "ufunc, a, indices, b=None, /", "Combines items of `a` in place, an item that is named twice twice.";
    "reduceat", "ufunc, array, indices, axis=0, dtype=None, out=None", "Reductions of slices between indices.";
};

/// The method whose indices tell a tuple from a list.
pub(crate) const UFUNC_AT: &str = "ufunc.at";

/// Unlike the others, `reduce` tells no axis from all of them.
pub(super) static REDUCE: Meaning = Meaning {
    name: "ufunc.reduce",
    parameters: "ufunc, array, axis=0, dtype=None, out=None, keepdims=False, initial=None, where=None",
    doc: "The result of combining the items along an axis.",
    evaluate: |frame, arguments| {
        let default = |place| match place {
            2 => Value::int(0),
            5 => Value::bool(false),
            _ => Value::None,
        };
        let given = arguments.iter().enumerate();
        let values = given.map(|(place, value)| value.clone().unwrap_or_else(|| default(place))).collect();
        frame.call_library("_ufunc_methods", "reduce", values)
    },
};

/// A method of a ufunc, such as `np.add.outer`; None where it is none.
pub(super) fn method(ufunc: &'static Meaning, name: &str) -> Option<Value> {
    if PAIRS.iter().any(|pair| std::ptr::eq(pair, ufunc)) {
        return None;
    }
    if ufunc.parameters != BINARY && !(ufunc.parameters == UNARY && name == "at") {
        return None;
    }
    let method = METHODS.iter().chain([&REDUCE]).find(|method| method.name.strip_prefix("ufunc.") == Some(name))?;
    Some(Value::Bound(std::rc::Rc::new(Value::Meaning(ufunc)), method))
}

/// The name that NumPy gives a ufunc, which may have several.
pub(super) fn numpy_name(meaning: &Meaning) -> &'static str {
    let name = meaning.name.strip_prefix("numpy.").unwrap_or(meaning.name);
    canonical(name).unwrap_or(name)
}

fn canonical(name: &str) -> Option<&'static str> {
    Some(match name {
        "abs" => "absolute",
        "mod" => "remainder",
        "conj" => "conjugate",
        "true_divide" => "divide",
        "pow" => "power",
        "acos" => "arccos",
        "acosh" => "arccosh",
        "asin" => "arcsin",
        "asinh" => "arcsinh",
        "atan" => "arctan",
        "atan2" => "arctan2",
        "atanh" => "arctanh",
        "bitwise_not" | "bitwise_invert" => "invert",
        "bitwise_left_shift" => "left_shift",
        "bitwise_right_shift" => "right_shift",
        _ => return None,
    })
}

/// What a call of a ufunc gives.
struct Keywords {
    inputs: Vec<Value>,
    out: Option<Value>,
    mask: Option<Value>,
    dtype: Option<DType>,
    is_unsafe: bool,
    /// The order of a new array, where one is asked for.
    layout: Option<Layout>,
}

fn keywords(frame: &mut Frame<'_, '_>, arguments: &[Option<Value>], name: &str) -> Evaluated<Keywords> {
    let given = |place: usize| arguments[place].clone().filter(|value| !matches!(value, Value::None));
    // Behind the inputs: out, where, casting, order, dtype, subok.
    let count = arguments.len() - 6;
    let inputs: Vec<_> = arguments[..count].iter().map(|value| value.clone().unwrap_or(Value::None)).collect();
    let inputs = arrays_of(frame, inputs)?;
    let mask = given(count + 1).filter(|mask| mask.number().is_none_or(|known| !known.truth()));
    let mask = match mask {
        Some(sequence @ Value::Tuple(_)) => Some(frame.call_meaning("numpy.array", vec![sequence])?),
        other => other,
    };
    let dtype = match given(count + 4) {
        Some(dtype) => Some(super::dtypes::dtype_argument(frame, &dtype)?),
        None => None,
    };
    let is_unsafe = match given(count + 2) {
        None => false,
        Some(Value::Text(rule)) if matches!(&*rule, "same_kind" | "unsafe") => &*rule == "unsafe",
        Some(_) => return Err(frame.unsupported("`casting` of a ufunc other than 'same_kind' and 'unsafe'")),
    };
    let layout = match given(count + 3) {
        None => None,
        Some(Value::Text(order)) if matches!(&*order, "K" | "A") => None,
        order => Some(super::arrays::layout(frame, order.as_ref(), Layout::C)?),
    };
    if let Some(to) = dtype.filter(|_| !is_unsafe) {
        for (place, input) in inputs.iter().enumerate() {
            let from = match input {
                Value::Array(ty, _) => Some(ty.dtype),
                other => other.scalar().filter(|scalar| !scalar.is_python()).map(Scalar::dtype),
            };
            if let Some(from) = from.filter(|from| !operators::same_kind(*from, to)) {
                let name = canonical(name).unwrap_or(name);
                let message = format!(
                    "Cannot cast ufunc '{name}' input {place} from dtype('{}') to dtype('{}') with casting rule 'same_kind'",
                    from.name(),
                    to.name()
                );
                return Err(frame.typing(message));
            }
        }
    }
    Ok(Keywords { inputs, out: given(count), mask, dtype, is_unsafe, layout })
}

/// A result, or in NumPy's words that the ufunc does not know the types that it was given.
fn supported(result: Evaluated, name: &str) -> Evaluated {
    const OURS: [&str; 4] = [
        "unsupported operand types for",
        "bad operand type for unary",
        "must be real number",
        "int cannot be converted to",
    ];
    match result {
        Err(Stop::Error(mut diagnostic))
            if diagnostic.kind == ErrorKind::Typing && OURS.iter().any(|ours| diagnostic.message.starts_with(ours)) =>
        {
            diagnostic.message = operators::no_loop(canonical(name).unwrap_or(name));
            Err(Stop::Error(diagnostic))
        }
        other => other,
    }
}

fn evaluate(frame: &mut Frame<'_, '_>, arguments: &[Option<Value>], name: &str, kernel: &Kernel) -> Evaluated {
    let Keywords { inputs, out, mask, dtype, is_unsafe, layout } = keywords(frame, arguments, name)?;
    if matches!(kernel, Binary("**")) {
        operators::check_exponents(frame, &inputs[0], &inputs[1])?;
    }
    let result = match out {
        None => fresh(frame, kernel, &inputs, mask.as_ref(), dtype).and_then(|result| in_order(frame, result, layout)),
        Some(out) => {
            let out = match out {
                Value::Tuple(parts) if parts.len() == 1 => parts[0].clone(),
                other => other,
            };
            into(frame, (name, kernel), &inputs, &out, mask.as_ref(), (dtype, is_unsafe))
        }
    };
    supported(result, name)
}

/// A new array in the order that is asked for.
fn in_order(frame: &mut Frame<'_, '_>, result: Value, wanted: Option<Layout>) -> Evaluated {
    match (result, wanted) {
        (Value::Array(ty, id), Some(wanted)) if ty.rank > 1 && ty.layout != wanted => {
            super::copies::converted(frame, ty, id, ty.dtype, wanted)
        }
        (result, _) => Ok(result),
    }
}

/// Inputs that are tuples, as arrays; truth values of Python's are NumPy's.
fn arrays_of(frame: &mut Frame<'_, '_>, inputs: Vec<Value>) -> Evaluated<Vec<Value>> {
    inputs
        .into_iter()
        .map(|input| match input {
            Value::Tuple(_) => frame.call_meaning("numpy.array", vec![input]),
            truth if truth.scalar() == Some(Scalar::Bool) => cast(frame, &truth, Scalar::Of(DType::Bool)),
            other => Ok(other),
        })
        .collect()
}

/// The result as a new array or, of numbers, as a number.
fn fresh(
    frame: &mut Frame<'_, '_>,
    kernel: &Kernel,
    inputs: &[Value],
    mask: Option<&Value>,
    dtype: Option<DType>,
) -> Evaluated {
    let mut all = inputs.to_vec();
    all.extend(mask.cloned());
    let item = |frame: &mut Frame<'_, '_>, items: &[Value]| {
        let value = item(frame, kernel, &items[..inputs.len()], dtype)?;
        match items.get(inputs.len()) {
            Some(chosen) => {
                let nothing = cast(frame, &Value::int(0), value.scalar().unwrap_or(Scalar::Float))?;
                select(frame, chosen, &value, &nothing)
            }
            None => Ok(value),
        }
    };
    if all.iter().any(|value| matches!(value, Value::Array(..))) {
        return map(frame, &all, item);
    }
    // What a ufunc makes of Python's numbers is one of NumPy's.
    let result = item(frame, &all)?;
    match result.scalar() {
        Some(scalar) if scalar.is_python() => cast(frame, &result, Scalar::Of(scalar.dtype())),
        _ => Ok(result),
    }
}

/// The result in an array that is given.
fn into(
    frame: &mut Frame<'_, '_>,
    (name, kernel): (&str, &Kernel),
    inputs: &[Value],
    out: &Value,
    mask: Option<&Value>,
    (dtype, is_unsafe): (Option<DType>, bool),
) -> Evaluated {
    let Value::Array(ty, id) = out else {
        let seen = frame.describe(out);
        return Err(frame.typing(format!("return arrays must be of ArrayType, not {seen}")));
    };
    let (ty, id) = (*ty, *id);
    check_writable(frame, ty)?;
    let is_wider = |value: &&Value| matches!(value, Value::Array(from, _) if from.rank > ty.rank);
    let widest = inputs.iter().chain(mask).find(is_wider);
    if let Some(wide) = widest {
        return Err(operators::output_refused(frame, (ty, id), wide));
    }
    let mut all = inputs.to_vec();
    all.extend(mask.iter().flat_map(|mask| [(*mask).clone(), out.clone()]));
    assign_all(frame, (ty, id), &all, |frame, items| {
        let value = item(frame, kernel, &items[..inputs.len()], dtype)?;
        let from = value.scalar().map_or(ty.dtype, Scalar::dtype);
        if !is_unsafe && !operators::same_kind(from, ty.dtype) {
            let message = format!(
                "Cannot cast ufunc '{name}' output from dtype('{}') to dtype('{}') with casting rule 'same_kind'",
                from.name(),
                ty.dtype.name()
            );
            return Err(frame.typing(message));
        }
        match &items[inputs.len()..] {
            [chosen, old] => {
                let value = cast(frame, &value, Scalar::Of(ty.dtype))?;
                select(frame, chosen, &value, old)
            }
            _ => Ok(value),
        }
    })?;
    Ok(out.clone())
}

/// An item, computed as NumPy does it.
fn item(frame: &mut Frame<'_, '_>, kernel: &Kernel, items: &[Value], dtype: Option<DType>) -> Evaluated {
    let outer = std::mem::replace(&mut frame.element_wise, true);
    let result = match dtype.filter(|_| !matches!(kernel, Predicate(_) | Kernel::Truths(_) | Kernel::Class(_))) {
        None => kernel.item(frame, items),
        Some(dtype) => {
            let items = items.iter().map(|item| cast(frame, item, Scalar::Of(dtype))).collect::<Evaluated<Vec<_>>>();
            items.and_then(|items| kernel.item(frame, &items))
        }
    };
    frame.element_wise = outer;
    result
}

/// `yes` where a bool is true, else `no`, of the same type.
fn select(frame: &mut Frame<'_, '_>, condition: &Value, yes: &Value, no: &Value) -> Evaluated {
    let Some(scalar) = yes.scalar() else { return Ok(yes.clone()) };
    if condition.scalar().map(Scalar::kind) != Some(Kind::Bool) {
        let seen = frame.describe(condition);
        return Err(frame.typing(format!("`where` takes bools, not {seen}")));
    }
    let operands = [condition, yes, no].map(|value| frame.materialize(value));
    let [condition, yes, no] = operands;
    Ok(Value::Scalar(
        scalar,
        frame.emit("numeric.select", &[condition?, yes?, no?], IrType::Scalar(scalar), Vec::new()),
    ))
}
