//! Reductions of a whole array.

use super::attributes::{item_count, receiver};
use super::{Meaning, cast, operators};
use crate::function_ir::{Attribute, IrType, ValueId};
use crate::specialize::{Arguments, Evaluated, Frame};
use crate::types::{ArrayType, Kind, Layout, Scalar};
use crate::value::{Number, Value};
use numir_runtime::DType;

/// The parameters of sums and products, of the extremes, of truths and of the mean, as NumPy has them.
const SUMS: &str = "a, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=None";
const EXTREMES: &str = "a, axis=None, out=None, keepdims=False, initial=None, where=None";
const TRUTHS: &str = "a, axis=None, out=None, keepdims=False, *, where=None";
const MEANS: &str = "a, axis=None, dtype=None, out=None, keepdims=False, *, where=None";

macro_rules! reduction {
    ($name:literal, $parameters:expr, $doc:literal, $evaluate:expr) => {
        [
            Meaning {
                name: concat!("numpy.", $name),
                parameters: $parameters,
                doc: $doc,
                evaluate: |frame, arguments| select(frame, arguments, $name, $evaluate),
            },
            Meaning {
                name: concat!("ndarray.", $name),
                parameters: $parameters,
                doc: $doc,
                evaluate: |frame, arguments| select(frame, arguments, $name, $evaluate),
            },
        ]
    };
}

const SUM: [Meaning; 2] = reduction!("sum", SUMS, "The sum of all items, or along axes.", |f, a| reduce(
    f,
    a[0].as_ref(),
    a[2].as_ref(),
    "add"
));
const PROD: [Meaning; 2] = reduction!("prod", SUMS, "The product of all items, or along axes.", |f, a| reduce(
    f,
    a[0].as_ref(),
    a[2].as_ref(),
    "mul"
));
const MIN: [Meaning; 2] = reduction!("min", EXTREMES, "The smallest item of all, or along axes.", |f, a| reduce(
    f,
    a[0].as_ref(),
    None,
    "min"
));
const MAX: [Meaning; 2] = reduction!("max", EXTREMES, "The largest item of all, or along axes.", |f, a| reduce(
    f,
    a[0].as_ref(),
    None,
    "max"
));
const ANY: [Meaning; 2] =
    reduction!("any", TRUTHS, "Whether any item is true, of all or along axes.", |f, a| truth(f, a[0].as_ref(), "or"));
const ALL: [Meaning; 2] = reduction!("all", TRUTHS, "Whether all items are true, of all or along axes.", |f, a| truth(
    f,
    a[0].as_ref(),
    "and"
));
const MEAN: [Meaning; 2] = reduction!("mean", MEANS, "The arithmetic mean of all items, or along axes.", mean);

pub(super) static MEANINGS: &[Meaning] = &{
    let [a, b] = SUM;
    let [c, d] = PROD;
    let [e, f] = MIN;
    let [g, h] = MAX;
    let [i, j] = ANY;
    let [k, l] = ALL;
    let [m, n] = MEAN;
    [a, b, c, d, e, f, g, h, i, j, k, l, m, n]
};

/// The reduction of all items, where nothing but an array and a dtype is given; else what the library has for it.
fn select(
    frame: &mut Frame<'_, '_>,
    arguments: &[Option<Value>],
    name: &'static str,
    whole: fn(&mut Frame<'_, '_>, &[Option<Value>]) -> Evaluated,
) -> Evaluated {
    let has_dtype = matches!(name, "sum" | "prod" | "mean");
    let plain = arguments.iter().enumerate().all(|(place, argument)| {
        place == 0
            || (place == 2 && has_dtype)
            || matches!(argument, None | Some(Value::None))
            || matches!(argument.as_ref().and_then(Value::number), Some(Number::Bool(false)))
    });
    // The extremes of complex numbers are found by the library.
    let is_ordered = |ty: &ArrayType| Scalar::Of(ty.dtype).kind() != Kind::Complex || !matches!(name, "min" | "max");
    // What is asked of an array without axes is a number.
    let has_items = |ty: &ArrayType| ty.rank > 0 || !matches!(name, "any" | "all");
    if plain && matches!(&arguments[0], Some(Value::Array(ty, _)) if is_ordered(ty) && has_items(ty)) {
        return whole(frame, arguments);
    }
    let parameters = match name {
        "sum" | "prod" => SUMS,
        "min" | "max" => EXTREMES,
        "mean" => MEANS,
        _ => TRUTHS,
    };
    let names = parameters.split(", ").filter(|part| *part != "*");
    let keywords = names.zip(arguments).filter_map(|(parameter, argument)| {
        let name = parameter.split('=').next()?;
        Some((name.to_owned(), argument.clone()?))
    });
    let arguments = Arguments { keywords: keywords.collect(), ..Arguments::default() };
    let module = if name == "mean" { "_numpy_statistics" } else { "_numpy_reductions" };
    match frame.library_member(module, name)? {
        Some(function) => frame.apply(&function, arguments),
        None => Err(frame.unsupported(format!("numpy.{name} along an axis"))),
    }
}

/// The kind of a reduction by its name.
pub(super) fn kind(name: &str) -> Option<&'static str> {
    ["add", "mul", "min", "max", "or", "and"].into_iter().find(|kind| *kind == name)
}

/// The reduction of all items of an array, in a dtype.
pub(super) fn reduce(
    frame: &mut Frame<'_, '_>,
    array: Option<&Value>,
    dtype: Option<&Value>,
    kind: &'static str,
) -> Evaluated {
    let (ty, id) = receiver(frame, &[array.cloned()])?;
    let is_own = match dtype {
        None | Some(Value::None) => true,
        Some(dtype) => super::dtypes::named(dtype) == Some(ty.dtype),
    };
    if let (DType::Time(time), true) = (ty.dtype, is_own) {
        return super::times::reduce(frame, kind, &Value::Array(ty, id), time);
    }
    let (ty, id, kind) = items(frame, ty, id, dtype, kind)?;
    let attributes = vec![("kind", Attribute::Text(kind.into()))];
    let scalar = Scalar::Of(ty.dtype);
    Ok(Value::Scalar(scalar, frame.emit("numeric.reduce", &[id], IrType::Scalar(scalar), attributes)))
}

/// The reduction of an array along some of its axes but not all, in a dtype: an array of the others. The items are numbers.
pub(super) fn reduce_along(
    frame: &mut Frame<'_, '_>,
    (ty, id): (ArrayType, ValueId),
    axes: &[usize],
    dtype: Option<&Value>,
    kind: &'static str,
) -> Evaluated {
    let (ty, id, kind) = items(frame, ty, id, dtype, kind)?;
    let result = ArrayType::contiguous(ty.dtype, ty.rank - axes.len());
    let axes = axes.iter().map(|axis| *axis as i64).collect();
    let attributes = vec![("kind", Attribute::Text(kind.into())), ("axes", Attribute::Integers(axes))];
    let reduced = operators::reduce_axes(frame, (ty, id), result, attributes);
    Ok(Value::Array(result, reduced))
}

/// What is reduced, in the dtype in which it is, and the kind that this dtype knows.
fn items(
    frame: &mut Frame<'_, '_>,
    mut ty: ArrayType,
    mut id: ValueId,
    dtype: Option<&Value>,
    kind: &'static str,
) -> Evaluated<(ArrayType, ValueId, &'static str)> {
    let dtype = match dtype {
        None | Some(Value::None) => accumulator(ty.dtype, kind),
        Some(dtype) => super::dtypes::dtype_argument(frame, dtype)?,
    };
    if dtype != ty.dtype
        && let Value::Array(wide, converted) = super::copies::converted(frame, ty, id, dtype, Layout::C)?
    {
        (ty, id) = (wide, converted);
    }
    // Sums and products of truth values that stay such.
    let kind = match (ty.dtype, kind) {
        (DType::Bool, "add") => "or",
        (DType::Bool, "mul") => "and",
        _ => kind,
    };
    Ok((ty, id, kind))
}

/// Sums and products of bools and narrow integers are taken in 64 bits, as NumPy does.
pub(super) fn accumulator(dtype: DType, kind: &str) -> DType {
    let scalar = Scalar::Of(dtype);
    match scalar.kind() {
        Kind::Bool | Kind::Integer if matches!(kind, "add" | "mul") => {
            if scalar.is_unsigned() {
                DType::UInt64
            } else {
                DType::Int64
            }
        }
        _ => dtype,
    }
}

fn truth(frame: &mut Frame<'_, '_>, array: Option<&Value>, kind: &'static str) -> Evaluated {
    let (ty, id) = receiver(frame, &[array.cloned()])?;
    let truths = operators::map(frame, &[Value::Array(ty, id)], |frame, items| {
        let truth = frame.truth(&items[0])?;
        cast(frame, &truth, Scalar::Of(DType::Bool))
    })?;
    reduce(frame, Some(&truths), None, kind)
}

fn mean(frame: &mut Frame<'_, '_>, arguments: &[Option<Value>]) -> Evaluated {
    let (ty, id) = receiver(frame, arguments)?;
    let kind = Scalar::Of(ty.dtype).kind();
    let wide = match &arguments[2] {
        Some(dtype) if !matches!(dtype, Value::None) => dtype.clone(),
        _ if kind < Kind::Float => Value::ScalarType(Scalar::Of(DType::Float64)),
        _ => Value::None,
    };
    let total = reduce(frame, Some(&Value::Array(ty, id)), Some(&wide), "add")?;
    let count = item_count(frame, ty, id);
    let count = frame.index_as_int(count);
    let scalar = total.scalar().unwrap_or(Scalar::Float);
    let count = if scalar.kind() == Kind::Time { count } else { cast(frame, &count, scalar)? };
    operators::binary(frame, "/", &total, &count)
}
