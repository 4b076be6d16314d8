//! `a.flags`: how an array lies in memory and whether it may be written.
//!
//! What the array's type promises is known when the function is compiled; else it is looked at, as NumPy does.

use super::Meaning;
use super::attributes::item_count;
use crate::function_ir::{Attribute, IrType, ValueId};
use crate::specialize::{Evaluated, Frame};
use crate::types::{ArrayType, Layout, Scalar};
use crate::value::Value;

/// The name of the meaning that the flags of an array are bound to.
pub(super) const NAME: &str = "ndarray.flags";

pub(super) static MEANINGS: &[Meaning] = &[Meaning {
    name: NAME,
    parameters: "a",
    doc: "How the array lies in memory, and whether it may be written.",
    evaluate: |frame, _| Err(frame.typing("the flags of an array cannot be called")),
}];

/// The flags by attribute, by key, and by NumPy's short key.
const FLAGS: &[(&str, &str, &str)] = &[
    ("c_contiguous", "C_CONTIGUOUS", "C"),
    ("contiguous", "CONTIGUOUS", "C"),
    ("f_contiguous", "F_CONTIGUOUS", "F"),
    ("fortran", "FORTRAN", "F"),
    ("forc", "FORC", ""),
    ("fnc", "FNC", ""),
    ("carray", "CARRAY", "CA"),
    ("behaved", "BEHAVED", "B"),
    ("writeable", "WRITEABLE", "W"),
    ("aligned", "ALIGNED", "A"),
];

/// The attributes of the flags.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    FLAGS.iter().map(|(name, ..)| *name)
}

/// A flag by its key, as in `a.flags["C_CONTIGUOUS"]`.
pub(super) fn by_key(frame: &mut Frame<'_, '_>, array: &Value, key: &Value) -> Evaluated {
    let name = match key {
        Value::Text(text) => FLAGS.iter().find(|(_, long, short)| *long == &**text || *short == &**text),
        _ => None,
    };
    match name {
        Some((name, ..)) => Ok(flag(frame, array, name)?.unwrap_or(Value::None)),
        None => Err(frame.raise("KeyError", "Unknown flag", &[])),
    }
}

/// A flag by its attribute; None where there is none of that name.
pub(super) fn flag(frame: &mut Frame<'_, '_>, array: &Value, name: &str) -> Evaluated<Option<Value>> {
    let Value::Array(ty, id) = array else { return Ok(None) };
    let (ty, id) = (*ty, *id);
    let mut flag = |c| contiguous(frame, ty, id, c);
    Ok(Some(match name {
        "c_contiguous" | "contiguous" => flag(true)?,
        "f_contiguous" | "fortran" => flag(false)?,
        "carray" if ty.writable => flag(true)?,
        "forc" => {
            let (c, f) = (flag(true)?, flag(false)?);
            operation(frame, "numeric.or", &c, &f)?
        }
        "fnc" => {
            let (c, f) = (flag(true)?, flag(false)?);
            let not_c = super::operators::compare(frame, "==", &c, &Value::bool(false))?;
            operation(frame, "numeric.and", &f, &not_c)?
        }
        "behaved" | "carray" | "writeable" => Value::bool(ty.writable),
        "aligned" => Value::bool(true),
        _ => return Ok(None),
    }))
}

/// A conjunction or disjunction of two truth values.
fn operation(frame: &mut Frame<'_, '_>, name: &'static str, left: &Value, right: &Value) -> Evaluated {
    if let (Some(left), Some(right)) = (left.number(), right.number()) {
        let both = if name == "numeric.or" { left.truth() || right.truth() } else { left.truth() && right.truth() };
        return Ok(Value::bool(both));
    }
    let (left, right) = (frame.materialize(left)?, frame.materialize(right)?);
    Ok(Value::Scalar(Scalar::Bool, frame.emit(name, &[left, right], IrType::BOOL, Vec::new())))
}

/// Whether items lie without gaps, the last index fastest (`c`) or the first.
fn contiguous(frame: &mut Frame<'_, '_>, ty: ArrayType, id: ValueId, c: bool) -> Evaluated {
    let promised = match ty.layout {
        Layout::C => c || ty.rank < 2,
        Layout::F => !c || ty.rank < 2,
        Layout::Any => ty.rank == 0,
    };
    if promised {
        return Ok(Value::bool(true));
    }
    let (zero, one) = (frame.index(0), frame.index(1));
    let count = item_count(frame, ty, id);
    let mut expected = one;
    let mut holds = frame.materialize(&Value::bool(true))?;
    let axes: Vec<usize> = if c { (0..ty.rank).rev().collect() } else { (0..ty.rank).collect() };
    for axis in axes {
        let extent = frame.extent(id, axis);
        let attributes = vec![("axis", Attribute::Integer(axis as i64))];
        let stride = frame.emit("numeric.stride", &[id], IrType::INDEX, attributes);
        let next = frame.compare_indices("eq", stride, expected);
        // Along an axis of one item the stride does not matter.
        let single = frame.compare_indices("eq", extent, one);
        let fits = frame.emit("numeric.or", &[next, single], IrType::BOOL, Vec::new());
        holds = frame.emit("numeric.and", &[holds, fits], IrType::BOOL, Vec::new());
        expected = frame.index_arithmetic("numeric.mul", expected, extent);
    }
    let empty = frame.compare_indices("eq", count, zero);
    Ok(Value::Scalar(Scalar::Bool, frame.emit("numeric.or", &[holds, empty], IrType::BOOL, Vec::new())))
}
