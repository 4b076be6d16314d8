//! Axes as constants, for the library: `axis=` normalised, and an array seen as rows or blocks along some of its axes.

use super::attributes::{receiver, transposed};
use super::reshaping::reshape;
use super::{Meaning, operators};
use crate::function_ir::{IrType, ValueId};
use crate::specialize::{Evaluated, Frame, Stop};
use crate::types::{ArrayType, Kind, Layout, Scalar};
use crate::value::Value;

pub(super) static MEANINGS: &[Meaning] = &[
    Meaning {
        name: "intrinsics.constant",
        parameters: "x, /",
        doc: "As an annotation of the library: what is given to the parameter stays a constant.",
        evaluate: |_, arguments| Ok(arguments[0].clone().unwrap_or(Value::None)),
    },
    Meaning {
        name: "intrinsics.axes",
        parameters: "axis, ndim",
        doc: "The axes that `axis` names of so many, as a sorted tuple of constants; None names all, and 0 or -1 none of none.",
        evaluate: |frame, arguments| {
            let axis = arguments[0].clone().unwrap_or(Value::None);
            let rank = arguments[1].as_ref().and_then(Value::known_integer).unwrap_or(0) as usize;
            if rank == 0 && matches!(axis.known_integer(), Some(0 | -1)) {
                return Ok(constants(&[]));
            }
            let axes = normalized(frame, &axis, rank)?;
            Ok(constants(&axes))
        },
    },
    Meaning {
        name: "intrinsics.places",
        parameters: "axis, ndim",
        doc: "The axes that `axis` names of so many, in its order.",
        evaluate: |frame, arguments| {
            let axis = arguments[0].clone().unwrap_or(Value::None);
            let rank = arguments[1].as_ref().and_then(Value::known_integer).unwrap_or(0) as usize;
            Ok(constants(&in_order(frame, &axis, rank)?))
        },
    },
    Meaning {
        name: "intrinsics.one_axis",
        parameters: "axis, ndim, name=None",
        doc: "One axis of so many, as a constant that is not negative; the error names the parameter if it is told.",
        evaluate: |frame, arguments| {
            let axis = arguments[0].clone().unwrap_or(Value::None);
            let rank = arguments[1].as_ref().and_then(Value::known_integer).unwrap_or(0) as usize;
            if matches!(axis, Value::Tuple(_) | Value::None) {
                let seen = frame.describe(&axis);
                return Err(frame.typing(format!("'{seen}' object cannot be interpreted as an integer")));
            }
            let prefix = match &arguments[2] {
                Some(Value::Text(name)) => format!("{name}: "),
                _ => String::new(),
            };
            let axes = named_in_order(frame, &axis, rank, &prefix)?;
            Ok(Value::int(axes[0] as i128))
        },
    },
    Meaning {
        name: "intrinsics.kept",
        parameters: "a, axes, keepdims=False",
        doc: "The shape of an array without some axes; or with 1 in their places.",
        evaluate: |frame, arguments| {
            let (ty, id) = receiver(frame, arguments)?;
            let axes = known(frame, arguments[1].as_ref())?;
            let keep = match arguments[2].as_ref().map(Value::number) {
                None => false,
                Some(Some(number)) => number.truth(),
                Some(None) => return Err(frame.unsupported("a `keepdims` known only at run time")),
            };
            let mut extents = Vec::new();
            for axis in 0..ty.rank {
                if !axes.contains(&axis) {
                    let extent = frame.extent(id, axis);
                    extents.push(frame.index_as_int(extent));
                } else if keep {
                    extents.push(Value::int(1));
                }
            }
            Ok(Value::tuple(extents))
        },
    },
    Meaning {
        name: "intrinsics.with_axes",
        parameters: "a, axes",
        doc: "An array in C order with more axes, of one item each, which get these places: what a reduction leaves of `keepdims`.",
        evaluate: |frame, arguments| {
            let (ty, id) = receiver(frame, arguments)?;
            let axes = known(frame, arguments[1].as_ref())?;
            let to = ArrayType::contiguous(ty.dtype, ty.rank + axes.len());
            let (mut operands, mut own) = (vec![id], 0..ty.rank);
            for axis in 0..to.rank {
                let axis = if axes.contains(&axis) { None } else { own.next() };
                operands.push(match axis {
                    Some(axis) => frame.extent(id, axis),
                    None => frame.index(1),
                });
            }
            Ok(Value::Array(to, frame.emit("numeric.reshape", &operands, IrType::Array(to), Vec::new())))
        },
    },
    Meaning {
        name: "intrinsics.blocks",
        parameters: "a, axes",
        doc: "An array in C order as (before, along the axes, behind), without the last where nothing is behind.",
        evaluate: |frame, arguments| {
            let (ty, id) = receiver(frame, arguments)?;
            let axes = known(frame, arguments[1].as_ref())?;
            let adjacent = axes.windows(2).all(|pair| pair[1] == pair[0] + 1);
            match (axes.first(), axes.last()) {
                (Some(first), Some(last)) if adjacent && (ty.layout == Layout::C || ty.rank == 1) => {
                    blocks(frame, ty, id, *first, last + 1)
                }
                _ => lanes(frame, ty, id, &axes),
            }
        },
    },
    Meaning {
        name: "intrinsics.lanes",
        parameters: "a, axes",
        doc: "An array in C order as rows, each along the axes.",
        evaluate: |frame, arguments| {
            let (ty, id) = receiver(frame, arguments)?;
            let axes = known(frame, arguments[1].as_ref())?;
            lanes(frame, ty, id, &axes)
        },
    },
    Meaning {
        name: "intrinsics.unlaned",
        parameters: "rows, a, axis",
        doc: "Rows that were made of those of `a` along an axis, as an array with them along that axis.",
        evaluate: |frame, arguments| {
            let (ty, id) = receiver(frame, arguments)?;
            let Some(Value::Array(of, whole)) = &arguments[1] else { return Err(frame.typing("an array is needed")) };
            let axes = known(frame, arguments[2].as_ref())?;
            let axis = axes[0];
            let mut shape = Vec::new();
            for other in (0..of.rank).filter(|other| *other != axis) {
                let extent = frame.extent(*whole, other);
                shape.push(frame.index_as_int(extent));
            }
            let length = frame.extent(id, 1);
            shape.push(frame.index_as_int(length));
            match reshape(frame, ty, id, &Value::tuple(shape))? {
                Value::Array(ty, id) => {
                    let last = of.rank - 1;
                    let others: Vec<usize> = (0..last).collect();
                    let order = [&others[..axis], &[last], &others[axis..]].concat();
                    Ok(if axis == last { Value::Array(ty, id) } else { transposed(frame, ty, id, &order) })
                }
                other => Ok(other),
            }
        },
    },
    Meaning {
        name: "intrinsics.select",
        parameters: "condition, x, y",
        doc: "x where a condition holds, else y: item by item, broadcast.",
        evaluate: |frame, arguments| {
            let values = [0, 1, 2].map(|index| arguments[index].clone().unwrap_or(Value::None));
            if values.iter().any(|value| matches!(value, Value::Array(..))) {
                return operators::map(frame, &values, select);
            }
            select(frame, &values)
        },
    },
    Meaning {
        name: "intrinsics.reduce",
        parameters: "kind, a, dtype=None",
        doc: "The reduction of all items: 'add', 'mul', 'min', 'max', 'or', 'and'.",
        evaluate: |frame, arguments| {
            let kind = match &arguments[0] {
                Some(Value::Text(kind)) => super::reductions::kind(kind),
                _ => None,
            };
            let Some(kind) = kind else { return Err(frame.typing("the kind must be constant")) };
            super::reductions::reduce(frame, arguments[1].as_ref(), arguments[2].as_ref(), kind)
        },
    },
    Meaning {
        name: "intrinsics.reduce_along",
        parameters: "kind, a, axes, dtype=None",
        doc: "The reduction of an array of numbers along some of its axes, not all: an array of the others. 'min' and 'max' need items along them.",
        evaluate: |frame, arguments| {
            let kind = match &arguments[0] {
                Some(Value::Text(kind)) => super::reductions::kind(kind),
                _ => None,
            };
            let Some(kind) = kind else { return Err(frame.typing("the kind must be constant")) };
            let array = receiver(frame, &arguments[1..])?;
            let axes = known(frame, arguments[2].as_ref())?;
            super::reductions::reduce_along(frame, array, &axes, arguments[3].as_ref(), kind)
        },
    },
    Meaning {
        name: "intrinsics.accumulator",
        parameters: "a",
        doc: "The dtype in which NumPy adds the items of an array.",
        evaluate: |frame, arguments| {
            let (ty, _) = receiver(frame, arguments)?;
            Ok(Value::ScalarType(Scalar::Of(super::reductions::accumulator(ty.dtype, "add"))))
        },
    },
];

fn constants(axes: &[usize]) -> Value {
    Value::tuple(axes.iter().map(|axis| Value::int(*axis as i128)).collect())
}

/// Axes that were normalised before.
fn known(frame: &Frame<'_, '_>, axes: Option<&Value>) -> Evaluated<Vec<usize>> {
    let parts = match axes {
        Some(Value::Tuple(parts)) => parts.to_vec(),
        Some(one) => vec![one.clone()],
        None => Vec::new(),
    };
    let axes: Option<Vec<usize>> = parts.iter().map(|part| usize::try_from(part.known_integer()?).ok()).collect();
    axes.ok_or_else(|| frame.unsupported("an axis known only at run time"))
}

fn normalized(frame: &mut Frame<'_, '_>, axis: &Value, rank: usize) -> Evaluated<Vec<usize>> {
    let mut axes = in_order(frame, axis, rank)?;
    axes.sort_unstable();
    if axes.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(frame.raise("ValueError", "duplicate value in 'axis'", &[]));
    }
    Ok(axes)
}

fn in_order(frame: &mut Frame<'_, '_>, axis: &Value, rank: usize) -> Evaluated<Vec<usize>> {
    named_in_order(frame, axis, rank, "")
}

fn named_in_order(frame: &mut Frame<'_, '_>, axis: &Value, rank: usize, prefix: &str) -> Evaluated<Vec<usize>> {
    let parts = match axis {
        Value::None => return Ok((0..rank).collect()),
        Value::Tuple(parts) => parts.to_vec(),
        one => vec![one.clone()],
    };
    let mut axes = Vec::new();
    for part in &parts {
        let Some(given) = part.known_integer() else {
            if part.scalar().is_some_and(|scalar| scalar.kind() <= Kind::Integer) {
                let Stop::Error(diagnostic) = frame.unsupported("an axis known only at run time") else {
                    return Err(Stop::Dead);
                };
                return Err(diagnostic
                    .help("an axis is written in the call, since the result's type depends on it")
                    .into());
            }
            let seen = frame.describe(part);
            return Err(frame.typing(format!("'{seen}' object cannot be interpreted as an integer")));
        };
        let place = if given < 0 { given + rank as i128 } else { given };
        match usize::try_from(place) {
            Ok(place) if place < rank => axes.push(place),
            _ => {
                let message = format!("{prefix}axis {given} is out of bounds for array of dimension {rank}");
                return Err(frame.raise("AxisError", &message, &[]));
            }
        }
    }
    Ok(axes)
}

/// The product of the extents of some axes, as an int.
fn product(frame: &mut Frame<'_, '_>, id: ValueId, axes: impl Iterator<Item = usize>) -> Value {
    let mut total = frame.index(1);
    for axis in axes {
        let extent = frame.extent(id, axis);
        total = frame.index_arithmetic("numeric.mul", total, extent);
    }
    frame.index_as_int(total)
}

fn blocks(frame: &mut Frame<'_, '_>, ty: ArrayType, id: ValueId, first: usize, end: usize) -> Evaluated {
    let mut shape = vec![product(frame, id, 0..first), product(frame, id, first..end)];
    if end < ty.rank {
        shape.push(product(frame, id, end..ty.rank));
    }
    reshape(frame, ty, id, &Value::tuple(shape))
}

fn lanes(frame: &mut Frame<'_, '_>, ty: ArrayType, id: ValueId, axes: &[usize]) -> Evaluated {
    let others: Vec<usize> = (0..ty.rank).filter(|axis| !axes.contains(axis)).collect();
    let order = [&others[..], axes].concat();
    let shape = vec![product(frame, id, others.iter().copied()), product(frame, id, axes.iter().copied())];
    let moved =
        if order.iter().copied().eq(0..ty.rank) { Value::Array(ty, id) } else { transposed(frame, ty, id, &order) };
    match moved {
        Value::Array(ty, id) => reshape(frame, ty, id, &Value::tuple(shape)),
        other => Ok(other),
    }
}

fn select(frame: &mut Frame<'_, '_>, items: &[Value]) -> Evaluated {
    let condition = frame.truth(&items[0])?;
    let (Some(left), Some(right)) = (items[1].scalar(), items[2].scalar()) else {
        return Err(frame.typing("numbers or arrays are needed here"));
    };
    let common = left.promote(right);
    let condition = frame.materialize(&condition)?;
    let (left, right) = (super::cast(frame, &items[1], common)?, super::cast(frame, &items[2], common)?);
    let (left, right) = (frame.materialize(&left)?, frame.materialize(&right)?);
    let to = IrType::Scalar(common);
    Ok(Value::Scalar(common, frame.emit("numeric.select", &[condition, left, right], to, Vec::new())))
}
