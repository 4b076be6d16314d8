//! Slices of an axis: where they begin, how many items they have, and the step between them.

use super::indexing::Axis;
use crate::function_ir::{IrType, ValueId};
use crate::specialize::{Evaluated, Frame};
use crate::types::{Kind, Scalar};
use crate::value::Value;

/// A step that leads out of every array. Longer ones are taken as this, which can be counted with.
const FAR: i64 = 1 << 48;

/// Python's rules for a slice of an axis.
pub(super) fn slice(frame: &mut Frame<'_, '_>, bounds: &[Value; 3], extent: ValueId) -> Evaluated<Axis> {
    let [start, stop, step] = bounds;
    let step = &match step {
        // None is a step of 1.
        Value::Optional(flag, inner) => {
            let (given, one) = (frame.as_index(inner)?, frame.index(1));
            let id = frame.emit("numeric.select", &[*flag, given, one], IrType::INDEX, Vec::new());
            Value::Scalar(Scalar::Index, id)
        }
        other => other.clone(),
    };
    let known_step = match step {
        Value::None => Some(1),
        other => other.known_integer(),
    };
    if known_step == Some(0) {
        return Err(frame.raise("ValueError", "slice step cannot be zero", &[]));
    }
    if known_step == Some(1) && matches!((start, stop), (Value::None, Value::None)) {
        return Ok(Axis::Whole);
    }
    if known_step == Some(1)
        && let (Some(start), Some(stop)) = (constant_bound(start, 0), constant_bound(stop, END))
    {
        let (start, count) = constant_slice(frame, start, stop, extent);
        return Ok(Axis::Part(start, count, frame.index(1), true));
    }
    let zero = frame.index(0);
    let one = frame.index(1);
    // Positions are clamped to low..=high: 0..=n forwards, -1..=n-1 backwards.
    let (low, high, forward) = match known_step {
        Some(step) if step > 0 => (zero, extent, None),
        Some(_) => (frame.index(-1), frame.index_arithmetic("numeric.sub", extent, one), None),
        None => {
            let step = frame.as_index(step)?;
            let nonzero = frame.compare_indices("ne", step, zero);
            frame.check(nonzero, "ValueError", "slice step cannot be zero", &[]);
            let forward = frame.compare_indices("gt", step, zero);
            let minus = frame.index(-1);
            let last = frame.index_arithmetic("numeric.sub", extent, one);
            let low = frame.emit("numeric.select", &[forward, zero, minus], IrType::INDEX, Vec::new());
            let high = frame.emit("numeric.select", &[forward, extent, last], IrType::INDEX, Vec::new());
            (low, high, Some((forward, step)))
        }
    };
    let backwards = known_step.is_some_and(|step| step < 0);
    let begin = match forward {
        Some((forward, _)) => frame.emit("numeric.select", &[forward, low, high], IrType::INDEX, Vec::new()),
        None if backwards => high,
        None => low,
    };
    let start_position = bound(frame, start, extent, (low, high), begin)?;
    let end = match forward {
        Some((forward, _)) => frame.emit("numeric.select", &[forward, high, low], IrType::INDEX, Vec::new()),
        None if backwards => low,
        None => high,
    };
    let stop_position = bound(frame, stop, extent, (low, high), end)?;
    let (span, size, step) = match (known_step, forward) {
        (Some(step), _) => {
            let step = step.clamp(-i128::from(FAR), FAR.into());
            let (from, to) = if step > 0 { (start_position, stop_position) } else { (stop_position, start_position) };
            let span = frame.index_arithmetic("numeric.sub", to, from);
            let step_value = frame.index(step as i64);
            (span, frame.index(step.abs() as i64), step_value)
        }
        (None, Some((forward, step))) => {
            let up = frame.index_arithmetic("numeric.sub", stop_position, start_position);
            let down = frame.index_arithmetic("numeric.sub", start_position, stop_position);
            let span = frame.emit("numeric.select", &[forward, up, down], IrType::INDEX, Vec::new());
            let far = frame.index(FAR);
            let back = frame.index(-FAR);
            let near = frame.index_arithmetic("numeric.minimum", step, far);
            let near = frame.index_arithmetic("numeric.maximum", near, back);
            let negative = frame.index_arithmetic("numeric.sub", zero, near);
            let size = frame.emit("numeric.select", &[forward, near, negative], IrType::INDEX, Vec::new());
            (span, size, near)
        }
        (None, None) => (zero, one, one),
    };
    let count = if known_step == Some(1) {
        span
    } else {
        let rounded = frame.index_arithmetic("numeric.add", span, size);
        let rounded = frame.index_arithmetic("numeric.sub", rounded, one);
        frame.index_arithmetic("numeric.floordiv", rounded, size)
    };
    let count = frame.index_arithmetic("numeric.maximum", count, zero);
    Ok(Axis::Part(start_position, count, step, known_step == Some(1)))
}

/// A bound of a slice that stands for the end of every array.
const END: i64 = i64::MAX;

/// A bound known while compiling, not beyond [`FAR`]; `missing` for None.
fn constant_bound(given: &Value, missing: i64) -> Option<i64> {
    match given {
        Value::None => Some(missing),
        other if other.scalar().is_some_and(|scalar| scalar.kind() <= Kind::Integer) => {
            other.known_integer().map(|known| known.clamp(-i128::from(FAR), FAR.into()) as i64)
        }
        _ => None,
    }
}

/// Where a slice of constant bounds begins, and how many items it has. Slices that always have the same number of items, such as
/// `[:-2]`, `[1:-1]` and `[2:]`, have it by the same computation, so that statements over them have nothing to check.
fn constant_slice(frame: &mut Frame<'_, '_>, start: i64, stop: i64, extent: ValueId) -> (ValueId, ValueId) {
    let zero = frame.index(0);
    let at_most = |frame: &mut Frame<'_, '_>, bound: i64| {
        let bound = frame.index(bound);
        frame.index_arithmetic("numeric.minimum", extent, bound)
    };
    let less = |frame: &mut Frame<'_, '_>, value: ValueId, by: i64| match by {
        0 => value,
        by => {
            let by = frame.index(-by);
            let rest = frame.index_arithmetic("numeric.add", value, by);
            frame.index_arithmetic("numeric.maximum", rest, zero)
        }
    };
    let first = match start {
        0 => zero,
        start if start > 0 => at_most(frame, start),
        start => less(frame, extent, -start),
    };
    let count = match (start, stop) {
        (0.., END) => less(frame, extent, start),
        (0.., 0..) if stop <= start => zero,
        (0.., 0..) => {
            let end = at_most(frame, stop);
            less(frame, end, start)
        }
        (0.., _) => less(frame, extent, start - stop),
        (_, END) => at_most(frame, -start),
        (_, 0..) => {
            let end = at_most(frame, stop);
            let count = frame.index_arithmetic("numeric.sub", end, first);
            frame.index_arithmetic("numeric.maximum", count, zero)
        }
        _ if stop <= start => zero,
        _ => {
            let end = at_most(frame, -start);
            less(frame, end, -stop)
        }
    };
    (first, count)
}

/// Where a slice begins or ends: at `missing` where nothing is given, or None.
fn bound(
    frame: &mut Frame<'_, '_>,
    given: &Value,
    extent: ValueId,
    (low, high): (ValueId, ValueId),
    missing: ValueId,
) -> Evaluated<ValueId> {
    match given {
        Value::None => Ok(missing),
        Value::Optional(flag, inner) => {
            let position = clamp(frame, inner, extent, low, high)?;
            Ok(frame.emit("numeric.select", &[*flag, position, missing], IrType::INDEX, Vec::new()))
        }
        given => clamp(frame, given, extent, low, high),
    }
}

fn clamp(
    frame: &mut Frame<'_, '_>,
    position: &Value,
    extent: ValueId,
    low: ValueId,
    high: ValueId,
) -> Evaluated<ValueId> {
    if position.scalar().is_none_or(|scalar| scalar.kind() > Kind::Integer) {
        let seen = frame.describe(position);
        return Err(frame.typing(format!("slice indices must be integers or None, not {seen}")));
    }
    let index = frame.as_index(position)?;
    let wrapped = if position.known_integer().is_some_and(|known| known >= 0) {
        index
    } else {
        frame.emit("numeric.wrap_index", &[index, extent], IrType::INDEX, Vec::new())
    };
    let raised = frame.index_arithmetic("numeric.maximum", wrapped, low);
    Ok(frame.index_arithmetic("numeric.minimum", raised, high))
}
