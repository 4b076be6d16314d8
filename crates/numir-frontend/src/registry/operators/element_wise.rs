//! Operations on whole arrays: the scalar operation in the body of a `numeric.map` or `numeric.assign`.

use super::{Evaluated, Frame, Stop, binary};
use crate::function_ir::{Attribute, IrType, Region, ValueId};
use crate::registry::{arrays, cast, cast_checked, check_writable, load_item, records, times};
use crate::types::{ArrayType, Kind, Layout, Scalar};
use crate::value::Value;
use numir_runtime::DType;

/// The inputs that are read per element, the region's arguments for them, and what the body sees.
struct Inputs {
    operands: Vec<ValueId>,
    arguments: Vec<ValueId>,
    items: Vec<Value>,
}

fn inputs(frame: &mut Frame<'_, '_>, values: &[Value]) -> Evaluated<Inputs> {
    let mut inputs = Inputs { operands: Vec::new(), arguments: Vec::new(), items: Vec::new() };
    for value in values {
        let (operand, item) = match value {
            Value::Array(ty, id) => (*id, Scalar::Of(ty.dtype)),
            Value::Scalar(scalar, id) => (*id, *scalar),
            Value::Number(..) => {
                inputs.items.push(value.clone());
                continue;
            }
            other => {
                let seen = frame.describe(other);
                return Err(frame.typing(format!("{seen} cannot take part in an operation on arrays")));
            }
        };
        let argument = frame.fresh_value(IrType::Scalar(item));
        inputs.operands.push(operand);
        inputs.arguments.push(argument);
        inputs.items.push(Value::Scalar(item, argument));
    }
    Ok(inputs)
}

/// The order of a result of `rank` axes: Fortran's where all arrays that have several axes are known to be in it.
pub(crate) fn layout_of(values: &[Value], rank: usize) -> Layout {
    let arrays = || values.iter().filter_map(|value| if let Value::Array(ty, _) = value { Some(ty) } else { None });
    let is_fortran = arrays().all(|ty| ty.rank < 2 || ty.layout == Layout::F);
    if is_fortran && rank > 1 && arrays().any(|ty| ty.rank == rank) { Layout::F } else { Layout::C }
}

/// A new array whose elements are `body` of the elements of the values, broadcast against each other.
pub(crate) fn map(
    frame: &mut Frame<'_, '_>,
    values: &[Value],
    body: impl FnOnce(&mut Frame<'_, '_>, &[Value]) -> Evaluated,
) -> Evaluated {
    let rank =
        values.iter().filter_map(|value| if let Value::Array(ty, _) = value { Some(ty.rank) } else { None }).max();
    if rank == Some(0) {
        // As in NumPy, what is computed of arrays without axes is a number.
        let mut items = Vec::with_capacity(values.len());
        for value in values {
            items.push(match value {
                Value::Array(ty, id) => load_item(frame, *ty, *id, &[])?,
                other => other.clone(),
            });
        }
        let result = body(frame, &items)?;
        return match result.scalar() {
            Some(scalar) => cast(frame, &result, Scalar::Of(scalar.dtype())),
            None => Ok(result),
        };
    }
    let inputs = self::inputs(frame, values)?;
    let (region, dtype) = region(frame, &inputs, None, body)?;
    let rank = rank.unwrap_or(0);
    let ty = ArrayType::new(dtype, rank, layout_of(values, rank));
    let id = frame.emit_all("numeric.map", inputs.operands, &[IrType::Array(ty)], Vec::new(), vec![region])[0];
    Ok(Value::Array(ty, id))
}

/// A `numeric.reduce_axes` of the items of an array as they are.
pub(crate) fn reduce_axes(
    frame: &mut Frame<'_, '_>,
    (ty, id): (ArrayType, ValueId),
    result: ArrayType,
    attributes: Vec<(&'static str, Attribute)>,
) -> ValueId {
    let item = frame.fresh_value(IrType::Scalar(Scalar::Of(ty.dtype)));
    frame.open_region();
    frame.terminate("numeric.yield", vec![item]);
    let body = frame.close_region(vec![item]);
    frame.emit_all("numeric.reduce_axes", vec![id], &[IrType::Array(result)], attributes, vec![body])[0]
}

/// A body that raises whatever the items are raises before any of them is looked at.
fn raised(frame: &mut Frame<'_, '_>, left: Region, stop: Stop) -> Stop {
    if !matches!(stop, Stop::Dead) {
        return stop;
    }
    match left.instructions.into_iter().rev().find(|last| last.name == "numeric.raise" && last.operands.is_empty()) {
        Some(raise) => {
            frame.push(raise);
            stop
        }
        None => frame.unsupported("a function of items that raises for each of them"),
    }
}

fn region(
    frame: &mut Frame<'_, '_>,
    inputs: &Inputs,
    to: Option<DType>,
    body: impl FnOnce(&mut Frame<'_, '_>, &[Value]) -> Evaluated,
) -> Evaluated<(Region, DType)> {
    let outer = std::mem::replace(&mut frame.element_wise, true);
    let scalars = inputs.arguments.iter().copied().zip(inputs.operands.iter().copied()).collect();
    let scalars = std::mem::replace(&mut frame.scalars, scalars);
    let narrowed = std::mem::take(&mut frame.narrowed);
    frame.open_region();
    let result = body(frame, &inputs.items);
    frame.element_wise = outer;
    frame.scalars = scalars;
    let narrowed = std::mem::replace(&mut frame.narrowed, narrowed);
    let result = match result {
        Ok(result) => result,
        Err(stop) => {
            let left = frame.close_region(Vec::new());
            return Err(raised(frame, left, stop));
        }
    };
    let Some(scalar) = result.scalar() else {
        frame.close_region(Vec::new());
        let seen = frame.describe(&result);
        return Err(frame.typing(format!("the elements would be {seen}")));
    };
    let dtype = to.unwrap_or(scalar.dtype());
    let item = match dtype {
        DType::Time(_) => times::assigned(frame, &result, Scalar::Of(dtype))?,
        number => cast(frame, &result, Scalar::Of(number))?,
    };
    let item = frame.materialize(&item)?;
    frame.terminate("numeric.yield", vec![item]);
    let region = frame.close_region(inputs.arguments.clone());
    // Python's ints have to fit the types that they take part in, which does not depend on the items.
    for (number, to) in narrowed {
        cast_checked(frame, &Value::Scalar(Scalar::Int, number), to)?;
    }
    Ok((region, dtype))
}

/// Assigns `body` of the values' elements, broadcast to the array's shape, to all elements of an array.
pub(crate) fn assign_all(
    frame: &mut Frame<'_, '_>,
    array: (ArrayType, ValueId),
    values: &[Value],
    body: impl FnOnce(&mut Frame<'_, '_>, &[Value]) -> Evaluated,
) -> Evaluated<()> {
    check_writable(frame, array.0)?;
    let inputs = self::inputs(frame, values)?;
    let (region, _) = region(frame, &inputs, Some(array.0.dtype), body)?;
    let mut operands = vec![array.1];
    operands.extend(inputs.operands);
    frame.emit_all("numeric.assign", operands, &[], Vec::new(), vec![region]);
    Ok(())
}

/// `left symbol= right`: in place where the left side is an array, else a new value.
pub(crate) fn in_place(frame: &mut Frame<'_, '_>, symbol: &'static str, left: &Value, right: &Value) -> Evaluated {
    let right = &records::read_as_array(frame, right)?;
    if let Value::Records(..) = left {
        // Numbers that lie at any addresses.
        let numbers = records::read_as_array(frame, left)?;
        let result = binary_in_place(frame, symbol, &numbers, right)?;
        records::assign(frame, left, &result)?;
        return Ok(left.clone());
    }
    binary_in_place(frame, symbol, left, right)
}

fn binary_in_place(frame: &mut Frame<'_, '_>, symbol: &'static str, left: &Value, right: &Value) -> Evaluated {
    if !matches!(left, Value::Array(..)) {
        return binary(frame, symbol, left, right);
    }
    let right = &super::beside(frame, right, left)?;
    if symbol == "@" {
        // A product of matrices is none of items: it is computed first.
        if matches!(right, Value::Array(ty, _) if ty.rank < 2) {
            let message = "inplace matrix multiplication requires the first operand to have at least one and the second at least two \
                           dimensions.";
            return Err(frame.raise("ValueError", message, &[]));
        }
        let product = binary(frame, symbol, left, right)?;
        return updated(frame, symbol, left, &product, |_, items| Ok(items[1].clone()));
    }
    if symbol == "**" {
        super::check_exponents(frame, left, right)?;
    }
    updated(frame, symbol, left, right, |frame, items| binary(frame, symbol, &items[0], &items[1]))
}

/// Writes what `compute` gives for each item of an array and of the right side to the array.
fn updated(
    frame: &mut Frame<'_, '_>,
    symbol: &str,
    left: &Value,
    right: &Value,
    mut compute: impl FnMut(&mut Frame<'_, '_>, &[Value]) -> Evaluated,
) -> Evaluated {
    let Value::Array(ty, id) = left else { return Ok(left.clone()) };
    let (ty, id) = (*ty, *id);
    if let Value::Array(other, _) = right
        && other.rank > ty.rank
    {
        return Err(output_refused(frame, (ty, id), right));
    }
    assign_all(frame, (ty, id), &[left.clone(), right.clone()], |frame, items| {
        let result = compute(frame, items)?;
        let from = result.scalar().map_or(ty.dtype, Scalar::dtype);
        if !same_kind(from, ty.dtype) {
            let name = super::ufunc_of(symbol).unwrap_or("matmul");
            let message = format!(
                "Cannot cast ufunc '{name}' output from dtype('{}') to dtype('{}') with casting rule 'same_kind'",
                from.name(),
                ty.dtype.name()
            );
            return Err(frame.typing(message));
        }
        Ok(result)
    })?;
    Ok(left.clone())
}

/// What NumPy says of a result that has fewer axes than an input.
pub(crate) fn output_refused(frame: &mut Frame<'_, '_>, out: (ArrayType, ValueId), input: &Value) -> Stop {
    let ((ty, id), Value::Array(from, array)) = (out, input) else { return Stop::Dead };
    let one = frame.index(1);
    let own: Vec<_> = (0..ty.rank).map(|axis| frame.extent(id, axis)).collect();
    let mut wide: Vec<_> = (0..from.rank).map(|axis| frame.extent(*array, axis)).collect();
    let (narrow, whole) = (arrays::shape_text(ty.rank), arrays::shape_text(from.rank));
    let message = format!("operands could not be broadcast together with shapes {narrow} {whole} {narrow} ");
    let shown: Vec<_> = own.iter().chain(&wide).chain(&own).copied().collect();
    for (axis, extent) in own.iter().enumerate() {
        let other = &mut wide[from.rank - ty.rank + axis];
        let same = frame.compare_indices("eq", *extent, *other);
        let stretched = frame.compare_indices("eq", *extent, one);
        let single = frame.compare_indices("eq", *other, one);
        let either = frame.emit("numeric.or", &[stretched, single], IrType::BOOL, Vec::new());
        let fine = frame.emit("numeric.or", &[same, either], IrType::BOOL, Vec::new());
        frame.check(fine, "ValueError", &message, &shown);
        *other = frame.emit("numeric.select", &[single, *extent, *other], IrType::INDEX, Vec::new());
    }
    let message =
        format!("non-broadcastable output operand with shape {narrow} doesn't match the broadcast shape {whole}");
    let shown: Vec<_> = own.into_iter().chain(wide).collect();
    frame.raise("ValueError", &message, &shown)
}

/// NumPy's casting rule `same_kind`: within a kind, or upwards.
pub(crate) fn same_kind(from: DType, to: DType) -> bool {
    if let (DType::Time(from), DType::Time(to)) = (from, to) {
        return from.is_span == to.is_span && (!from.is_span || from.unit.is_comparable(to.unit));
    }
    let rank = |dtype: DType| match Scalar::Of(dtype) {
        scalar if scalar.kind() == Kind::Bool => 0,
        scalar if scalar.is_unsigned() => 1,
        scalar if scalar.kind() == Kind::Integer => 2,
        scalar if scalar.kind() == Kind::Float => 3,
        _ => 4,
    };
    rank(from) <= rank(to)
}
