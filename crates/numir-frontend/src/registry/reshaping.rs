//! Arrays in another shape.
//!
//! Whether the items of an array with gaps can be had in another shape as they lie, depends on its strides, and so is known at run time only. NumPy
//! gives a view where they can and a copy where they cannot, and so does a program's `a.reshape(…)`: the result is an array of any strides then. The library
//! reads what it reshapes, again and again, and wants it without gaps: its `a.reshape(…)` is a copy unless the array is in C order by its type.
//! Where what it reshapes is the program's to write to, it says `intrinsics.seen_as`.

use super::Meaning;
use super::attributes::{item_count, receiver};
use super::copies;
use crate::function_ir::{IrType, ValueId};
use crate::specialize::{Evaluated, Frame};
use crate::types::{ArrayType, Layout, Scalar};
use crate::value::{Number, Value};

pub(super) static MEANINGS: &[Meaning] = &[
    Meaning {
        name: "ndarray.reshape",
        parameters: "a, *shape, order='C', copy=None",
        doc: "The items in another shape: a view where the strides allow one, else a copy.",
        evaluate: |frame, arguments| {
            let (ty, id) = receiver(frame, arguments)?;
            let shape = match &arguments[1] {
                Some(Value::Tuple(parts)) if parts.len() == 1 => parts[0].clone(),
                other => other.clone().unwrap_or(Value::None),
            };
            match (&arguments[2], &arguments[3]) {
                (None, None) if frame.file.is_library() => reshape(frame, ty, id, &shape),
                (None, None) => seen_as(frame, ty, id, &shape, &Value::None),
                (order, copy) => {
                    let order = order.clone().unwrap_or(Value::Text("C".into()));
                    let copy = copy.clone().unwrap_or(Value::None);
                    frame.call_library("_numpy_shapes", "reshaped", vec![Value::Array(ty, id), shape, order, copy])
                }
            }
        },
    },
    Meaning {
        name: "intrinsics.seen_as",
        parameters: "a, shape, copy=None",
        doc: "The items in another shape, in C order: a view where the strides allow one, else a copy, or ValueError if `copy` is False.",
        evaluate: |frame, arguments| {
            let (ty, id) = receiver(frame, arguments)?;
            let [shape, copy] = [1, 2].map(|place| arguments[place].clone().unwrap_or(Value::None));
            seen_as(frame, ty, id, &shape, &copy)
        },
    },
    Meaning {
        name: "intrinsics.is_in_order",
        parameters: "a",
        doc: "Whether an array is in C order by its type.",
        evaluate: |frame, arguments| {
            let (ty, _) = receiver(frame, arguments)?;
            Ok(Value::Number(Scalar::Bool, Number::Bool(ty.layout == Layout::C)))
        },
    },
];

/// A view where the strides allow one, else a copy. Of what cannot be written to it is a copy in any case, which can, unless none may be made.
fn seen_as(frame: &mut Frame<'_, '_>, ty: ArrayType, id: ValueId, shape: &Value, copy: &Value) -> Evaluated {
    if ty.layout == Layout::C || !ty.writable && matches!(copy, Value::None) {
        return reshape(frame, ty, id, shape);
    }
    let extents = extents(frame, ty, id, shape)?.into_iter().map(|extent| frame.index_as_int(extent)).collect();
    frame.call_library("_numpy_shapes", "viewed", vec![Value::Array(ty, id), Value::tuple(extents), copy.clone()])
}

/// The items in another shape, one extent of which may be -1, without gaps in C order: a copy unless they lie so by the array's type.
pub(super) fn reshape(frame: &mut Frame<'_, '_>, ty: ArrayType, id: ValueId, shape: &Value) -> Evaluated {
    let (source, id) = match ty.layout {
        Layout::C => (ty, id),
        _ => match copies::copied(frame, ty, id, Layout::C)? {
            Value::Array(ty, id) => (ty, id),
            other => return Ok(other),
        },
    };
    let extents = extents(frame, source, id, shape)?;
    let to = ArrayType::contiguous(ty.dtype, extents.len());
    let mut operands = vec![id];
    operands.extend(extents);
    Ok(Value::Array(to, frame.emit("numeric.reshape", &operands, IrType::Array(to), Vec::new())))
}

/// The extents of an array in another shape, one of which may be given as -1; ValueError if it does not go together with the array.
fn extents(frame: &mut Frame<'_, '_>, ty: ArrayType, id: ValueId, shape: &Value) -> Evaluated<Vec<ValueId>> {
    let parts: Vec<Value> = match shape {
        Value::Tuple(parts) => parts.to_vec(),
        one => vec![one.clone()],
    };
    let total = item_count(frame, ty, id);
    let (zero, one) = (frame.index(0), frame.index(1));
    // The product of the extents that are given, how many are not, and which.
    let (mut known, mut count, mut flags, mut extents) = (one, zero, Vec::new(), Vec::new());
    // As NumPy writes it: without the unknown extents in front.
    let (mut words, mut shown) = (Vec::new(), vec![total]);
    for part in &parts {
        match part.known_integer() {
            Some(known) if known < 0 && words.is_empty() => {}
            Some(known) if known < 0 => words.push("newaxis".to_owned()),
            _ => {
                words.push("{}".to_owned());
                shown.push(frame.as_index(part)?);
            }
        }
    }
    let tail = if words.len() == 1 && parts.len() == 1 { ",)" } else { ")" };
    let message = &format!("cannot reshape array of size {{}} into shape ({}{tail}", words.join(","));
    for part in &parts {
        let extent = frame.as_index(part)?;
        let open = frame.compare_indices("lt", extent, zero);
        let factor = frame.emit("numeric.select", &[open, one, extent], IrType::INDEX, Vec::new());
        known = frame.index_arithmetic("numeric.mul", known, factor);
        let missing = frame.emit("numeric.select", &[open, one, zero], IrType::INDEX, Vec::new());
        count = frame.index_arithmetic("numeric.add", count, missing);
        flags.push(open);
        extents.push(extent);
    }
    if parts.iter().any(|part| part.known_integer().is_none_or(|known| known < 0)) {
        let fine = frame.compare_indices("le", count, one);
        frame.check(fine, "ValueError", "can only specify one unknown dimension", &[]);
        let empty = frame.compare_indices("eq", known, zero);
        let divisor = frame.emit("numeric.select", &[empty, one, known], IrType::INDEX, Vec::new());
        let rest = frame.index_arithmetic("numeric.floordiv", total, divisor);
        for (extent, open) in extents.iter_mut().zip(flags) {
            *extent = frame.emit("numeric.select", &[open, rest, *extent], IrType::INDEX, Vec::new());
        }
        let given = frame.compare_indices("eq", count, zero);
        let full = frame.compare_indices("ne", known, zero);
        let fine = frame.emit("numeric.or", &[given, full], IrType::BOOL, Vec::new());
        frame.check(fine, "ValueError", message, &shown);
        let rest = frame.emit("numeric.select", &[given, one, rest], IrType::INDEX, Vec::new());
        known = frame.index_arithmetic("numeric.mul", known, rest);
    }
    let same = frame.compare_indices("eq", known, total);
    frame.check(same, "ValueError", message, &shown);
    Ok(extents)
}
