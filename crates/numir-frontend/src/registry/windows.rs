//! Windows of stencils: an index is an offset from the window's position.

use super::Meaning;
use crate::diagnostic::ErrorKind;
use crate::function_ir::{IrType, ValueId};
use crate::specialize::{Evaluated, Frame};
use crate::stencil::{Border, FURTHEST, Stencil, Window};
use crate::types::{Kind, Scalar};
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
    if !parts.iter().all(is_integer) {
        return Err(frame.error(ErrorKind::Value, "Non-tuple or non-integer used as stencil index."));
    }
    if parts.len() != window.ty.rank {
        let message =
            format!("Stencil index does not match array dimensionality: {} for {} axes", parts.len(), window.ty.rank);
        return Err(frame.error(ErrorKind::Value, message));
    }
    let mut operands = vec![window.array];
    let mut offsets = Vec::with_capacity(parts.len());
    for (axis, part) in parts.iter().enumerate() {
        let (position, offset) = match part.known_integer() {
            Some(known) => known_position(frame, window, axis, known)?,
            None => position(frame, window, axis, part)?,
        };
        offsets.push(offset);
        operands.push(within(frame, window, axis, position));
    }
    frame.specializer.reaches(&offsets);
    let scalar = Scalar::Of(window.ty.dtype);
    Ok(Value::Scalar(scalar, frame.emit("numeric.load", &operands, IrType::Scalar(scalar), Vec::new())))
}

/// The position at an offset known now, and how far that reaches.
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
fn position(frame: &mut Frame<'_, '_>, window: &Window, axis: usize, part: &Value) -> Evaluated<(ValueId, (i64, i64))> {
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
