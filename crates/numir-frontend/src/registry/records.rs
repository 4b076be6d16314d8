//! Records and arrays of records: views of bytes whose last axis is one record, and the fields in it as numbers.
//!
//! A field is loaded and stored as an item of an array of no dimensions at its address; in packed records that may lie at no whole
//! multiple of the number's size, which the processors that are compiled for allow for single numbers.

use super::indexing::{as_item, check_writable, checked_position, load_item};
use super::nearest;
use crate::function_ir::{Attribute, IrType, ValueId};
use crate::specialize::{Evaluated, Frame};
use crate::types::{ArrayType, Layout, RecordLayout, Scalar};
use crate::value::Value;
use numir_runtime::DType;
use std::sync::Arc;

/// The record, or where fewer positions are given the array of records, at positions that are in range.
pub(crate) fn at(
    frame: &mut Frame<'_, '_>,
    layout: &Arc<RecordLayout>,
    (ty, id): (ArrayType, ValueId),
    positions: &[ValueId],
) -> Evaluated {
    match load_item(frame, ty, id, positions)? {
        Value::Array(ty, id) => Ok(Value::Records(layout.clone(), ArrayType { layout: Layout::Any, ..ty }, id)),
        other => Ok(other),
    }
}

/// `base[index]`: by integers, one for each axis from the first, or a field by its name.
pub(super) fn subscript(frame: &mut Frame<'_, '_>, base: &Value, index: &Value) -> Evaluated {
    let Value::Records(layout, ty, id) = base else { return Ok(Value::None) };
    if let Value::Text(name) = index {
        return field(frame, base, name);
    }
    let parts: Vec<Value> = match index {
        Value::Tuple(parts) => parts.to_vec(),
        one => vec![one.clone()],
    };
    if parts.len() >= ty.rank {
        let seen = frame.describe(base);
        return Err(frame.typing(format!("{} indices are too many for {seen}", parts.len())));
    }
    let mut positions = Vec::with_capacity(parts.len());
    for (axis, part) in parts.iter().enumerate() {
        let extent = frame.extent(*id, axis);
        positions.push(checked_position(frame, part, extent, axis)?);
    }
    at(frame, layout, (*ty, *id), &positions)
}

/// Where a field of a record lies, as an array of no dimensions.
fn place(frame: &mut Frame<'_, '_>, base: &Value, name: &str) -> Evaluated<(ArrayType, ValueId)> {
    let Value::Records(layout, ty, id) = base else { return Err(frame.typing("a record is needed here")) };
    let Some(field) = layout.field(name) else {
        let names: Vec<&str> = layout.fields.iter().map(|field| field.name.as_str()).collect();
        let message = format!("a record has no field '{name}': its fields are {}", names.join(", "));
        return Err(match (frame.typing(message), nearest(names, name)) {
            (crate::specialize::Stop::Error(diagnostic), Some(near)) => {
                diagnostic.help(format!("did you mean `{near}`?")).into()
            }
            (stop, _) => stop,
        });
    };
    if ty.rank != 1 {
        return Err(frame.unsupported("a field of a whole array of records: take it of one record, as in `a[i].x`"));
    }
    let address = frame.address_of(*id);
    let word = IrType::Scalar(Scalar::Of(DType::UInt64));
    let offset = Value::Number(Scalar::Of(DType::UInt64), crate::value::Number::Integer(field.offset as i128));
    let offset = frame.materialize(&offset)?;
    let address = frame.emit("numeric.add", &[address, offset], word, Vec::new());
    let to = ArrayType { writable: ty.writable, ..ArrayType::new(field.dtype, 0, Layout::C) };
    Ok((to, frame.emit("numeric.array_at", &[address], IrType::Array(to), Vec::new())))
}

/// The value of a field.
fn field(frame: &mut Frame<'_, '_>, base: &Value, name: &str) -> Evaluated {
    let (ty, id) = place(frame, base, name)?;
    let scalar = Scalar::Of(ty.dtype);
    Ok(Value::Scalar(scalar, frame.emit("numeric.load", &[id], IrType::Scalar(scalar), anywhere())))
}

/// `record.name = value`.
pub(super) fn store(frame: &mut Frame<'_, '_>, base: &Value, name: &str, value: &Value) -> Evaluated<()> {
    let (ty, id) = place(frame, base, name)?;
    check_writable(frame, ty)?;
    let item = as_item(frame, value, ty)?;
    let item = frame.materialize(&item)?;
    frame.emit_effect("numeric.store", &[item, id], anywhere());
    Ok(())
}

/// Fields of packed records lie at any address.
fn anywhere() -> Vec<(&'static str, Attribute)> {
    vec![("alignment", Attribute::Integer(1))]
}

/// An attribute: a field of a record, or what an array has.
pub(super) fn attribute(frame: &mut Frame<'_, '_>, base: &Value, name: &str) -> Evaluated {
    let Value::Records(layout, ty, id) = base else { return Ok(Value::None) };
    if ty.rank == 1 {
        return field(frame, base, name);
    }
    let mut extents = Vec::new();
    for axis in 0..ty.rank - 1 {
        let extent = frame.extent(*id, axis);
        extents.push(frame.index_as_int(extent));
    }
    match name {
        "shape" => Ok(Value::tuple(extents)),
        "ndim" => Ok(Value::int(extents.len() as i128)),
        "itemsize" => Ok(Value::int(layout.size as i128)),
        "size" => {
            let mut size = Value::int(1);
            for extent in &extents {
                size = frame.int_arithmetic("numeric.mul", &size, extent)?;
            }
            Ok(size)
        }
        name => field(frame, base, name),
    }
}
