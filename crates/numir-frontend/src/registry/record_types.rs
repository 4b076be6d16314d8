//! Dtypes of records as a program writes them: `[("x", "f8"), ("m", "i4", (2, 3))]`, `"f8,i4"`; and arrays of nested tuples with such a dtype.

use super::dtypes::named;
use super::{arrays, records};
use crate::specialize::{Evaluated, Frame, Stop};
use crate::types::{FieldItem, RecordField, RecordLayout, Scalar};
use crate::value::Value;
use numir_runtime::DType;
use std::sync::Arc;

/// The layout of records that a value names as a dtype; None where it names none.
pub(super) fn layout(frame: &mut Frame<'_, '_>, value: &Value, align: bool) -> Evaluated<Option<Arc<RecordLayout>>> {
    match value {
        Value::RecordType(layout) => Ok(Some(layout.clone())),
        Value::Tuple(fields) if !fields.is_empty() && fields.iter().all(|field| matches!(field, Value::Tuple(_))) => {
            let mut said = Vec::with_capacity(fields.len());
            for field in fields.iter() {
                said.push(said_field(frame, field, align)?);
            }
            laid_out(frame, said, align).map(Some)
        }
        Value::Text(text) if text.contains(',') => {
            let parts: Vec<Value> = text.split(',').map(|part| Value::Text(part.trim().into())).collect();
            let parts: Vec<Value> =
                parts.into_iter().map(|part| Value::tuple(vec![Value::Text("".into()), part])).collect();
            layout(frame, &Value::tuple(parts), align)
        }
        _ => Ok(None),
    }
}

/// A field before it has its place.
struct Said {
    name: String,
    item: FieldItem,
    shape: Vec<usize>,
}

fn said_field(frame: &mut Frame<'_, '_>, field: &Value, align: bool) -> Evaluated<Said> {
    let Value::Tuple(parts) = field else { return Err(wrong(frame)) };
    let (name, dtype, shape) = match &**parts {
        [Value::Text(name), dtype] => (name, dtype, None),
        [Value::Text(name), dtype, shape] => (name, dtype, Some(shape)),
        _ => return Err(wrong(frame)),
    };
    let item = match layout(frame, dtype, align)? {
        Some(inner) => FieldItem::Record(inner),
        None => match super::dtypes::dtype_argument(frame, dtype)? {
            DType::Time(_) => {
                return Err(frame.unsupported("dates and spans of time in records: keep them in arrays beside"));
            }
            number => FieldItem::Number(number),
        },
    };
    let extents = match shape {
        None => Vec::new(),
        Some(Value::Tuple(extents)) => extents.to_vec(),
        Some(one) => vec![one.clone()],
    };
    let shape = extents.iter().map(|extent| extent.known_integer().and_then(|extent| usize::try_from(extent).ok()));
    match shape.collect::<Option<Vec<_>>>() {
        Some(shape) => Ok(Said { name: name.to_string(), item, shape }),
        None => Err(frame.typing("the shape of a field is an int or a tuple of ints, all constants")),
    }
}

fn wrong(frame: &Frame<'_, '_>) -> Stop {
    frame.typing("the fields of a dtype are tuples of a name, a dtype and perhaps a shape, all constants")
}

/// Where numbers of an item are aligned.
fn alignment(item: &FieldItem) -> usize {
    match item {
        FieldItem::Number(dtype) => Scalar::Of(*dtype).real().dtype().size(),
        FieldItem::Record(layout) => layout.fields.iter().map(|field| alignment(&field.item)).max().unwrap_or(1),
    }
}

/// The fields one after the other, without gaps or as C aligns them.
fn laid_out(frame: &mut Frame<'_, '_>, said: Vec<Said>, align: bool) -> Evaluated<Arc<RecordLayout>> {
    let (mut fields, mut offset, mut widest) = (Vec::<RecordField>::with_capacity(said.len()), 0_usize, 1);
    for (number, Said { name, item, shape }) in said.into_iter().enumerate() {
        let name = if name.is_empty() { format!("f{number}") } else { name };
        if fields.iter().any(|field| field.name == name) {
            let message = format!("field '{name}' occurs more than once");
            return Err(frame.raise("ValueError", &message, &[]));
        }
        if align {
            let unit = alignment(&item);
            (offset, widest) = (offset.next_multiple_of(unit), widest.max(unit));
        }
        let bytes = shape.iter().try_fold(item.size(), |bytes, extent| bytes.checked_mul(*extent));
        let end = bytes.and_then(|bytes| offset.checked_add(bytes)).filter(|end| i32::try_from(*end).is_ok());
        let Some(end) = end else {
            let message = "dtype size in bytes must fit into a C int.";
            return Err(frame.raise("ValueError", message, &[]));
        };
        fields.push(RecordField { name, item, shape, offset });
        offset = end;
    }
    let size = if align { offset.next_multiple_of(widest) } else { offset };
    Ok(Arc::new(RecordLayout { size, unit: size, fields }))
}

/// Whether a value can be a record: a tuple with a value for each field.
fn is_record(layout: &RecordLayout, value: &Value) -> bool {
    let Value::Tuple(parts) = value else { return false };
    parts.len() == layout.fields.len()
        && layout.fields.iter().zip(parts.iter()).all(|(field, part)| match &field.item {
            FieldItem::Record(inner) if field.shape.is_empty() => is_record(inner, part),
            FieldItem::Number(_) if field.shape.is_empty() => part.scalar().is_some(),
            _ => true,
        })
}

/// New records of nested tuples of tuples.
pub(super) fn array_of(frame: &mut Frame<'_, '_>, layout: &Arc<RecordLayout>, value: &Value) -> Evaluated {
    let (mut shape, mut level) = (Vec::new(), value);
    while !is_record(layout, level) {
        let Value::Tuple(parts) = level else {
            let seen = frame.describe(level);
            return Err(frame.typing(format!("a record is made of a tuple with a value for each field, not of {seen}")));
        };
        shape.push(parts.len());
        let Some(first) = parts.first() else { break };
        level = first;
    }
    let extents: Vec<_> = shape.iter().map(|extent| frame.index(*extent as i64)).collect();
    let result = records::allocated(frame, layout, &extents, true);
    write(frame, &result, &shape, value)?;
    Ok(result)
}

fn write(frame: &mut Frame<'_, '_>, target: &Value, shape: &[usize], value: &Value) -> Evaluated<()> {
    let Some((extent, inner)) = shape.split_first() else { return records::assign(frame, target, value) };
    let Value::Tuple(parts) = value else { return Err(uneven(frame)) };
    if parts.len() != *extent {
        return Err(uneven(frame));
    }
    for (place, part) in parts.iter().enumerate() {
        let row = records::subscript(frame, target, &Value::int(place as i128))?;
        write(frame, &row, inner, part)?;
    }
    Ok(())
}

fn uneven(frame: &mut Frame<'_, '_>) -> Stop {
    let message = "setting an array element with a sequence: the rows of records are not of one length";
    frame.raise("ValueError", message, &[])
}

/// New records of a dtype that a value names, filled if `fill` says with what; None where it names no records.
pub(super) fn created(
    frame: &mut Frame<'_, '_>,
    dtype: &Value,
    shape: &Value,
    fill: Option<&Value>,
) -> Evaluated<Option<Value>> {
    if named(dtype).is_some() {
        return Ok(None);
    }
    let Some(layout) = layout(frame, dtype, false)? else { return Ok(None) };
    if matches!(fill, Some(Value::Tuple(_))) {
        return Err(
            frame.unsupported("records that are full of a tuple: make them by np.zeros, and write `a.fill((1, 2))`")
        );
    }
    let extents = arrays::extents(frame, shape)?;
    arrays::records_of(frame, &layout, &extents, fill).map(Some)
}
