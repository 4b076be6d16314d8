//! Windows of stencils: an index is an offset from the window's position.

use super::Meaning;
use super::operators::binary;
use crate::diagnostic::ErrorKind;
use crate::function_ir::{Attribute, IrType, ValueId};
use crate::specialize::{Evaluated, Frame};
use crate::stencil::{Border, FURTHEST, Stencil, Window};
use crate::types::{ArrayType, Kind, Layout, Scalar};
use crate::value::Value;
use std::rc::Rc;

pub(super) static MEANINGS: &[Meaning] = &[
    Meaning {
        name: "numir.stencil",
        parameters: "func_or_mode=None, *, cval=None, neighborhood=None, standard_indexing=None",
        doc: "A kernel as a function of arrays, which it is applied to around every item.",
        evaluate: stencil,
    },
    Meaning {
        name: "numir.stencil.of",
        parameters: "options, kernel",
        doc: "The stencil of a kernel with options.",
        evaluate: stencil_of,
    },
];

/// `window[index]`.
pub(super) fn item(frame: &mut Frame<'_, '_>, window: &Window, index: &Value) -> Evaluated {
    let parts: Vec<Value> = match index {
        Value::Tuple(parts) => parts.to_vec(),
        one => vec![one.clone()],
    };
    let is_integer = |part: &Value| part.scalar().is_some_and(|scalar| scalar.kind() == Kind::Integer);
    let is_slice = |part: &Value| match part {
        Value::Slice(bounds) => {
            is_integer(&bounds[0]) && is_integer(&bounds[1]) && matches!(bounds[2].known_integer(), None | Some(1))
        }
        _ => false,
    };
    if !parts.iter().all(|part| is_integer(part) || is_slice(part)) {
        return Err(frame.error(ErrorKind::Value, "Non-tuple or non-integer used as stencil index."));
    }
    if parts.len() != window.ty.rank {
        let message =
            format!("Stencil index does not match array dimensionality: {} for {} axes", parts.len(), window.ty.rank);
        return Err(frame.error(ErrorKind::Value, message));
    }
    let mut offsets = Vec::with_capacity(parts.len());
    let mut axes = Vec::with_capacity(parts.len());
    for (axis, part) in parts.iter().enumerate() {
        let Value::Slice(bounds) = part else {
            let (position, offset) = position(frame, window, axis, part)?;
            offsets.push(offset);
            axes.push((position, None));
            continue;
        };
        let last = binary(frame, "-", &bounds[1], &Value::int(1))?;
        let (start, from) = position(frame, window, axis, &bounds[0])?;
        let (last, to) = position(frame, window, axis, &last)?;
        offsets.push((from.0.min(to.0), from.1.max(to.1)));
        let (zero, one) = (frame.index(0), frame.index(1));
        let size = frame.index_arithmetic("numeric.sub", last, start);
        let size = frame.index_arithmetic("numeric.add", size, one);
        axes.push((start, Some(frame.index_arithmetic("numeric.maximum", size, zero))));
    }
    frame.specializer.reaches(&offsets);
    if axes.iter().any(|(_, size)| size.is_some()) {
        return part(frame, window, &axes);
    }
    let positions: Vec<ValueId> = axes.iter().map(|(position, _)| *position).collect();
    Ok(load(frame, window, &positions))
}

/// The item at positions that may lie beyond the edges.
fn load(frame: &mut Frame<'_, '_>, window: &Window, positions: &[ValueId]) -> Value {
    let mut operands = vec![window.array];
    for (axis, position) in positions.iter().enumerate() {
        operands.push(within(frame, window, axis, *position));
    }
    let scalar = Scalar::Of(window.ty.dtype);
    Value::Scalar(scalar, frame.emit("numeric.load", &operands, IrType::Scalar(scalar), Vec::new()))
}

/// Part of the array, at positions of which some have a size: a view that cannot be written to, or where it may lie beyond the
/// edges a copy.
fn part(frame: &mut Frame<'_, '_>, window: &Window, axes: &[(ValueId, Option<ValueId>)]) -> Evaluated {
    let sizes: Vec<ValueId> = axes.iter().filter_map(|(_, size)| *size).collect();
    let ty = ArrayType { rank: sizes.len(), layout: Layout::Any, writable: false, ..window.ty };
    let one = frame.index(1);
    if window.border == Border::Inside {
        let mut operands = vec![window.array];
        operands.extend(axes.iter().map(|(start, _)| *start));
        operands.extend(axes.iter().map(|(_, size)| size.unwrap_or(one)));
        operands.extend(axes.iter().map(|_| one));
        let kept = (0..axes.len()).filter(|axis| axes[*axis].1.is_some()).map(|axis| axis as i64).collect();
        let attributes = vec![("axes", Attribute::Integers(kept))];
        return Ok(Value::Array(ty, frame.emit("numeric.view", &operands, IrType::Array(ty), attributes)));
    }
    let ty = ArrayType::new(ty.dtype, ty.rank, Layout::C);
    let copy = super::arrays::allocate(frame, ty, &sizes, false);
    gather(frame, window, axes, (copy, Vec::new()), &mut Vec::new())?;
    Ok(Value::Array(ArrayType { writable: false, ..ty }, copy))
}

/// Copies the rest of the axes: the positions in the copy and in the array are those of the axes before.
fn gather(
    frame: &mut Frame<'_, '_>,
    window: &Window,
    axes: &[(ValueId, Option<ValueId>)],
    copy: (ValueId, Vec<ValueId>),
    positions: &mut Vec<ValueId>,
) -> Evaluated<()> {
    match axes.get(positions.len()) {
        None => {
            let item = load(frame, window, positions);
            let mut operands = vec![frame.materialize(&item)?, copy.0];
            operands.extend(copy.1);
            frame.emit_effect("numeric.store", &operands, Vec::new());
            Ok(())
        }
        Some((position, None)) => {
            positions.push(*position);
            let copied = gather(frame, window, axes, copy, positions);
            positions.pop();
            copied
        }
        Some((start, Some(size))) => frame.counted_loop(*size, &[], |frame, counter| {
            positions.push(frame.index_arithmetic("numeric.add", *start, counter));
            let place = copy.1.iter().copied().chain([counter]).collect();
            let copied = gather(frame, window, axes, (copy.0, place), positions);
            positions.pop();
            copied
        }),
    }
}

/// The position at an offset, and how far that reaches.
fn position(frame: &mut Frame<'_, '_>, window: &Window, axis: usize, part: &Value) -> Evaluated<(ValueId, (i64, i64))> {
    match part.known_integer() {
        Some(known) => known_position(frame, window, axis, known),
        None => run_time_position(frame, window, axis, part),
    }
}

/// The position at an offset known now.
fn known_position(
    frame: &mut Frame<'_, '_>,
    window: &Window,
    axis: usize,
    known: i128,
) -> Evaluated<(ValueId, (i64, i64))> {
    let declared = window.neighborhood.as_ref().map(|declared| declared[axis]);
    if let Some((low, high)) = declared
        && !(i128::from(low)..=i128::from(high)).contains(&known)
    {
        let message = format!("the index {known} lies outside of the neighborhood ({low}, {high}) of axis {axis}");
        return Err(frame.error(ErrorKind::Value, message));
    }
    let Some(offset) = i64::try_from(known).ok().filter(|_| known.abs() <= FURTHEST) else {
        return Err(frame.error(ErrorKind::Value, format!("the stencil index {known} is too large")));
    };
    if offset == 0 {
        return Ok((window.position[axis], (0, 0)));
    }
    let by = frame.index(offset);
    Ok((frame.index_arithmetic("numeric.add", window.position[axis], by), (offset, offset)))
}

/// The position at an offset known only when the program runs: one within the declared neighbourhood.
fn run_time_position(
    frame: &mut Frame<'_, '_>,
    window: &Window,
    axis: usize,
    part: &Value,
) -> Evaluated<(ValueId, (i64, i64))> {
    let Some((low, high)) = window.neighborhood.as_ref().map(|declared| declared[axis]) else {
        let message = "stencil kernel index is not constant, 'neighborhood' option required";
        return Err(frame.error(ErrorKind::Value, message));
    };
    let offset = frame.as_index(part)?;
    if frame.specializer.options.bounds_check {
        for (predicate, bound) in [("ge", low), ("le", high)] {
            let bound = frame.index(bound);
            let fine = frame.compare_indices(predicate, offset, bound);
            let message = format!("index {{}} is outside of the stencil's neighborhood ({low}, {high}) of axis {axis}");
            frame.check(fine, "IndexError", &message, &[offset]);
        }
    }
    Ok((frame.index_arithmetic("numeric.add", window.position[axis], offset), (low, high)))
}

/// A position that may lie beyond an edge as one of the array's.
fn within(frame: &mut Frame<'_, '_>, window: &Window, axis: usize, position: ValueId) -> ValueId {
    if window.border == Border::Inside {
        return position;
    }
    let extent = frame.extent(window.array, axis);
    let (zero, one) = (frame.index(0), frame.index(1));
    match window.border {
        Border::Inside => position,
        Border::Wrap => frame.index_arithmetic("numeric.mod", position, extent),
        Border::Nearest => {
            let last = frame.index_arithmetic("numeric.sub", extent, one);
            let low = frame.index_arithmetic("numeric.maximum", position, zero);
            frame.index_arithmetic("numeric.minimum", low, last)
        }
        Border::Reflect => {
            // There and back again; a single item is all that there is.
            let last = frame.index_arithmetic("numeric.sub", extent, one);
            let period = frame.index_arithmetic("numeric.add", last, last);
            let period = frame.index_arithmetic("numeric.maximum", period, one);
            let there = frame.index_arithmetic("numeric.mod", position, period);
            let back = frame.index_arithmetic("numeric.sub", period, there);
            frame.index_arithmetic("numeric.minimum", there, back)
        }
    }
}

/// `stencil(kernel, …)`, or of options what makes a stencil of a kernel.
fn stencil(frame: &mut Frame<'_, '_>, arguments: &[Option<Value>]) -> Evaluated {
    let mut options: Vec<Value> = arguments.iter().map(|given| given.clone().unwrap_or(Value::None)).collect();
    match &options[0] {
        Value::Function(_) => {
            let kernel = std::mem::replace(&mut options[0], Value::None);
            frame.call_meaning("numir.stencil.of", vec![Value::tuple(options), kernel])
        }
        Value::None | Value::Text(_) => match super::meaning("numir.stencil.of") {
            Some(of) => Ok(Value::Bound(Rc::new(Value::tuple(options)), of)),
            None => Ok(Value::None),
        },
        other => {
            let seen = frame.describe(other);
            Err(frame.typing(format!("stencil() takes a kernel or a mode, not {seen}")))
        }
    }
}

/// The stencil of a kernel with these options: mode, cval, neighborhood, standard_indexing.
fn stencil_of(frame: &mut Frame<'_, '_>, arguments: &[Option<Value>]) -> Evaluated {
    let (Some(Value::Tuple(options)), Some(Value::Function(kernel))) = (&arguments[0], &arguments[1]) else {
        return Err(frame.typing("stencil() takes a function as the kernel"));
    };
    let given = |place: usize| options.get(place).filter(|value| !matches!(value, Value::None));
    let border = match given(0) {
        Some(Value::Text(mode)) if &**mode != "constant" => match Border::of_mode(mode) {
            None => return Err(frame.error(ErrorKind::Value, format!("Unsupported mode style {mode}"))),
            Some(_) if given(1).is_some() => {
                return Err(frame.error(ErrorKind::Value, format!("cval is for the mode 'constant', not '{mode}'")));
            }
            border => border,
        },
        _ => None,
    };
    let neighborhood = match given(2).map(pairs) {
        None => None,
        Some(Some(pairs)) => Some(pairs.into()),
        Some(None) => {
            let message = "neighborhood is a tuple of pairs of constant ints, one per axis, as ((-1, 1), (0, 2))";
            return Err(frame.error(ErrorKind::Value, message));
        }
    };
    let standard_indexing = match given(3).map(texts) {
        None => Vec::new(),
        Some(Some(names)) => names,
        Some(None) => return Err(frame.error(ErrorKind::Value, "standard_indexing is a tuple of names")),
    };
    let (kernel, cval) = (*kernel, given(1).cloned());
    Ok(Value::Stencil(Rc::new(Stencil { kernel, border, cval, neighborhood, standard_indexing })))
}

fn pairs(value: &Value) -> Option<Vec<(i64, i64)>> {
    let Value::Tuple(axes) = value else { return None };
    let pair = |axis: &Value| match axis {
        Value::Tuple(ends) => match &**ends {
            [low, high] => Some((bound(low)?, bound(high)?)).filter(|(low, high)| low <= high),
            _ => None,
        },
        _ => None,
    };
    axes.iter().map(pair).collect()
}

fn bound(value: &Value) -> Option<i64> {
    value.known_integer().filter(|known| known.abs() <= FURTHEST)?.try_into().ok()
}

fn texts(value: &Value) -> Option<Vec<String>> {
    let text = |value: &Value| match value {
        Value::Text(text) => Some(text.to_string()),
        _ => None,
    };
    match value {
        Value::Tuple(names) => names.iter().map(text).collect(),
        one => text(one).map(|name| vec![name]),
    }
}
