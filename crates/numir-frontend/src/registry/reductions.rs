//! Reductions of a whole array.

use super::attributes::{item_count, receiver};
use super::{Meaning, cast, operators};
use crate::function_ir::{Attribute, IrType};
use crate::specialize::{Evaluated, Frame, Stop};
use crate::types::{Kind, Scalar};
use crate::value::Value;
use numir_runtime::DType;

macro_rules! reduction {
    ($name:literal, $method:literal, $doc:literal, $evaluate:expr) => {
        [
            Meaning { name: $name, parameters: "a, axis=None, dtype=None", doc: $doc, evaluate: $evaluate },
            Meaning { name: $method, parameters: "a, axis=None, dtype=None", doc: $doc, evaluate: $evaluate },
        ]
    };
}

const SUM: [Meaning; 2] = reduction!("numpy.sum", "ndarray.sum", "The sum of all items.", |f, a| reduce(f, a, "add"));
const PROD: [Meaning; 2] =
    reduction!("numpy.prod", "ndarray.prod", "The product of all items.", |f, a| reduce(f, a, "mul"));
const MIN: [Meaning; 2] = reduction!("numpy.min", "ndarray.min", "The smallest item.", |f, a| reduce(f, a, "min"));
const MAX: [Meaning; 2] = reduction!("numpy.max", "ndarray.max", "The largest item.", |f, a| reduce(f, a, "max"));
const ANY: [Meaning; 2] = reduction!("numpy.any", "ndarray.any", "Whether any item is true.", |f, a| truth(f, a, "or"));
const ALL: [Meaning; 2] =
    reduction!("numpy.all", "ndarray.all", "Whether all items are true.", |f, a| truth(f, a, "and"));
const MEAN: [Meaning; 2] = reduction!("numpy.mean", "ndarray.mean", "The arithmetic mean of all items.", mean);

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

fn whole_array(frame: &Frame<'_, '_>, arguments: &[Option<Value>]) -> Evaluated<()> {
    match &arguments[1] {
        None | Some(Value::None) => Ok(()),
        Some(_) => Err(frame.unsupported("a reduction along an axis")),
    }
}

fn reduce(frame: &mut Frame<'_, '_>, arguments: &[Option<Value>], kind: &'static str) -> Evaluated {
    whole_array(frame, arguments)?;
    let (mut ty, mut id) = receiver(frame, arguments)?;
    if let (DType::Time(time), None | Some(Value::None)) = (ty.dtype, &arguments[2]) {
        return super::times::reduce(frame, kind, &Value::Array(ty, id), time);
    }
    let dtype = match &arguments[2] {
        None | Some(Value::None) => accumulator(ty.dtype, kind),
        Some(dtype) => super::dtypes::dtype_argument(frame, dtype)?,
    };
    if dtype != ty.dtype {
        let Value::Array(wide, converted) = super::arrays::converted(frame, ty, id, dtype)? else {
            return Ok(Value::None);
        };
        (ty, id) = (wide, converted);
    }
    let scalar = Scalar::Of(ty.dtype);
    if scalar.kind() == Kind::Complex && matches!(kind, "min" | "max") {
        let Stop::Error(diagnostic) = frame.typing(format!("complex numbers have no {kind}imum that numir compiles"))
        else {
            return Err(Stop::Dead);
        };
        return Err(diagnostic.help("take that of their real parts or of their magnitudes: a.real, np.abs(a)").into());
    }
    let attributes = vec![("kind", Attribute::Text(kind.into()))];
    Ok(Value::Scalar(scalar, frame.emit("numeric.reduce", &[id], IrType::Scalar(scalar), attributes)))
}

/// Sums and products of bools and narrow integers are taken in 64 bits, as NumPy does.
fn accumulator(dtype: DType, kind: &str) -> DType {
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

fn truth(frame: &mut Frame<'_, '_>, arguments: &[Option<Value>], kind: &'static str) -> Evaluated {
    whole_array(frame, arguments)?;
    let (ty, id) = receiver(frame, arguments)?;
    let truths = operators::map(frame, &[Value::Array(ty, id)], |frame, items| {
        let truth = frame.truth(&items[0])?;
        cast(frame, &truth, Scalar::Of(DType::Bool))
    })?;
    reduce(frame, &[Some(truths), None, None], kind)
}

fn mean(frame: &mut Frame<'_, '_>, arguments: &[Option<Value>]) -> Evaluated {
    whole_array(frame, arguments)?;
    let (ty, id) = receiver(frame, arguments)?;
    let kind = Scalar::Of(ty.dtype).kind();
    let wide = if kind < Kind::Float { Value::ScalarType(Scalar::Of(DType::Float64)) } else { Value::None };
    let total = reduce(frame, &[Some(Value::Array(ty, id)), None, Some(wide)], "add")?;
    let count = item_count(frame, ty, id);
    let count = frame.index_as_int(count);
    let scalar = total.scalar().unwrap_or(Scalar::Float);
    let count = if scalar.kind() == Kind::Time { count } else { cast(frame, &count, scalar)? };
    operators::binary(frame, "/", &total, &count)
}
