//! What is done with records as a whole: methods of arrays of them, comparisons, and a record as the tuple of its fields.

use super::operators::{binary, compare as compare_values};
use super::records::{any, assign, axes, field, store};
use super::views::reinterpreted;
use super::{Meaning, record_types, reshaping};
use crate::function_ir::{IrType, ValueId};
use crate::specialize::{Evaluated, Frame};
use crate::types::{ArrayType, Layout, RecordLayout};
use crate::value::Value;
use std::rc::Rc;
use std::sync::Arc;

pub(super) static MEANINGS: &[Meaning] = &[
    Meaning {
        name: "records.reshape",
        parameters: "a, *shape",
        doc: "Records that lie one after the other in another shape, as a view.",
        evaluate: reshape,
    },
    Meaning {
        name: "records.astype",
        parameters: "a, dtype",
        doc: "Other records, whose fields are converted one by one.",
        evaluate: astype,
    },
    Meaning {
        name: "records.transpose",
        parameters: "a, *axes",
        doc: "A view with the axes in another order, reversed where none is given.",
        evaluate: |frame, arguments| {
            let records = arguments[0].clone().unwrap_or(Value::None);
            let Value::Records(_, ty, _) = &records else { return Err(frame.typing("records are needed here")) };
            let order = match &arguments[1] {
                Some(Value::Tuple(parts)) => match &**parts {
                    [] => (0..ty.rank as i128 - 1).rev().map(Value::int).collect(),
                    [Value::Tuple(parts)] => parts.to_vec(),
                    parts => parts.to_vec(),
                },
                _ => Vec::new(),
            };
            transposed(frame, &records, &order)
        },
    },
    Meaning {
        name: "records.fill",
        parameters: "a, value",
        doc: "Writes a record, or a number in all fields, over all records.",
        evaluate: |frame, arguments| {
            let [target, value] = [0, 1].map(|place: usize| arguments[place].clone().unwrap_or(Value::None));
            assign(frame, &target, &value)?;
            Ok(Value::None)
        },
    },
    Meaning {
        name: "record.item",
        parameters: "a",
        doc: "The fields of a record as a tuple.",
        evaluate: |frame, arguments| {
            let record = arguments[0].clone().unwrap_or(Value::None);
            Ok(Value::tuple(items(frame, &record)?.unwrap_or_default()))
        },
    },
    Meaning {
        name: "intrinsics.is_records",
        parameters: "a",
        doc: "Whether a value is an array of records.",
        evaluate: |_, arguments| {
            Ok(Value::bool(matches!(&arguments[0], Some(Value::Records(layout, ..)) if layout.number().is_none())))
        },
    },
];

/// Records with their axes in that order.
pub(super) fn transposed(frame: &mut Frame<'_, '_>, records: &Value, order: &[Value]) -> Evaluated {
    let Value::Records(layout, ty, id) = records else { return Ok(Value::None) };
    let rank = ty.rank as i128 - 1;
    let places: Option<Vec<i128>> = order.iter().map(Value::known_integer).collect();
    let places: Vec<i128> = places.unwrap_or_default().iter().map(|axis| axis.rem_euclid(rank.max(1))).collect();
    let mut met = places.clone();
    met.sort_unstable();
    if !met.iter().copied().eq(0..rank) {
        return Err(frame.raise("ValueError", "axes don't match array", &[]));
    }
    let (sizes, strides) = axes(frame, *id, ty.rank);
    let chosen = |all: &[ValueId]| -> Vec<ValueId> {
        places.iter().map(|axis| all[*axis as usize]).chain(all.last().copied()).collect()
    };
    let zero = frame.index(0);
    match reinterpreted(frame, any(*ty), *id, zero, chosen(&sizes), chosen(&strides)) {
        Value::Array(ty, id) => Ok(Value::Records(layout.clone(), ty, id)),
        other => Ok(other),
    }
}

/// The method of that name: of a record where `is_one`, else of an array of records.
pub(super) fn method(frame: &mut Frame<'_, '_>, base: &Value, name: &str, is_one: bool) -> Evaluated<Option<Value>> {
    let owner = if is_one { "record" } else { "records" };
    let known = if is_one && name == "tolist" { "item" } else { name };
    if let Some(meaning) = super::meaning(&format!("{owner}.{known}")) {
        return Ok(Some(Value::Bound(Rc::new(base.clone()), meaning)));
    }
    if is_one {
        return Ok(None);
    }
    Ok(match frame.library_member("ndarray", name)? {
        Some(Value::Function(function)) if !name.starts_with('_') => {
            Some(Value::Method(Rc::new(base.clone()), function))
        }
        _ => None,
    })
}

/// The fields of one record; None of other values.
pub(crate) fn items(frame: &mut Frame<'_, '_>, value: &Value) -> Evaluated<Option<Vec<Value>>> {
    match value {
        Value::Records(layout, ty, _) if ty.rank == 1 && layout.number().is_none() => {
            let names: Vec<String> = layout.fields.iter().map(|field| field.name.clone()).collect();
            let fields: Evaluated<Vec<_>> = names.iter().map(|name| field(frame, value, name)).collect();
            fields.map(Some)
        }
        _ => Ok(None),
    }
}

/// The names of fields that an index lists, as in `a[["x", "y"]]`.
pub(super) fn names(index: &Value) -> Option<&[Value]> {
    let Value::Tuple(parts) = index else { return None };
    match &**parts {
        [Value::Tuple(names)] if !names.is_empty() && names.iter().all(|name| matches!(name, Value::Text(_))) => {
            Some(names)
        }
        _ => None,
    }
}

/// Some of the fields, as a view.
pub(super) fn some_fields(frame: &mut Frame<'_, '_>, base: &Value, names: &[Value]) -> Evaluated {
    let Value::Records(layout, ty, id) = base else { return Ok(Value::None) };
    let mut fields = Vec::with_capacity(names.len());
    for name in names {
        let Value::Text(name) = name else { return Err(frame.typing("the names of fields are constants")) };
        match layout.field(name) {
            Some(field) => fields.push(field.clone()),
            None => return Err(frame.raise("KeyError", name, &[])),
        }
    }
    Ok(Value::Records(Arc::new(RecordLayout { fields, ..(**layout).clone() }), *ty, *id))
}

/// `left == right` or `left != right` of records: whether all fields are equal.
pub(super) fn compare(frame: &mut Frame<'_, '_>, symbol: &'static str, left: &Value, right: &Value) -> Evaluated {
    let (Value::Records(one, ..), Value::Records(other, ..)) = (left, right) else {
        return Err(frame.unsupported("comparing records with something else: compare their fields"));
    };
    if !matches!(symbol, "==" | "!=") {
        return Err(frame.typing(format!("'{symbol}' not supported between records: compare their fields")));
    }
    let names: Vec<String> = one.fields.iter().map(|field| field.name.clone()).collect();
    if !names.iter().eq(other.fields.iter().map(|field| &field.name)) {
        return Err(frame.unsupported("comparing records whose fields have other names"));
    }
    if one.fields.iter().any(|field| !field.shape.is_empty()) {
        return Err(frame.unsupported("comparing records with fields that are arrays: compare the fields"));
    }
    let joined = if symbol == "==" { "&" } else { "|" };
    let mut result: Option<Value> = None;
    for name in &names {
        let (left, right) = (field(frame, left, name)?, field(frame, right, name)?);
        let equal = compare_values(frame, symbol, &left, &right)?;
        result = Some(match result {
            Some(before) => binary(frame, joined, &before, &equal)?,
            None => equal,
        });
    }
    result.ok_or_else(|| frame.unsupported("comparing records without fields"))
}

/// The bytes of records as an array in C order, once it is seen that they lie one after the other.
fn in_order(frame: &mut Frame<'_, '_>, (ty, id): (ArrayType, ValueId), size: usize) -> Evaluated<(ArrayType, ValueId)> {
    let (mut sizes, strides) = axes(frame, id, ty.rank - 1);
    let one = frame.index(1);
    let mut wanted = frame.index(size as i64);
    for (extent, stride) in sizes.iter().zip(&strides).rev() {
        let same = frame.compare_indices("eq", *stride, wanted);
        let single = frame.compare_indices("le", *extent, one);
        let fine = frame.emit("numeric.or", &[same, single], IrType::BOOL, Vec::new());
        let message = "records with gaps between them cannot be reshaped in place: reshape a copy, as in a.copy()";
        frame.check(fine, "ValueError", message, &[]);
        wanted = frame.index_arithmetic("numeric.mul", wanted, *extent);
    }
    sizes.push(frame.index(size as i64));
    let (zero, to) = (frame.index(0), ArrayType { layout: Layout::C, ..ty });
    let strides = vec![one; sizes.len()];
    match reinterpreted(frame, to, id, zero, sizes, strides) {
        Value::Array(ty, id) => Ok((ty, id)),
        _ => Err(frame.typing("records are needed here")),
    }
}

fn reshape(frame: &mut Frame<'_, '_>, arguments: &[Option<Value>]) -> Evaluated {
    let Some(Value::Records(layout, ty, id)) = arguments[0].clone() else {
        return Err(frame.typing("records are needed here"));
    };
    let mut shape = match &arguments[1] {
        Some(Value::Tuple(parts)) => match &**parts {
            [Value::Tuple(parts)] => parts.to_vec(),
            parts => parts.to_vec(),
        },
        _ => Vec::new(),
    };
    shape.push(Value::int(layout.size as i128));
    let (bytes, id) = in_order(frame, (ty, id), layout.size)?;
    match reshaping::reshape(frame, bytes, id, &Value::tuple(shape))? {
        Value::Array(ty, id) => {
            let (sizes, strides) = axes(frame, id, ty.rank);
            let zero = frame.index(0);
            match reinterpreted(frame, any(ty), id, zero, sizes, strides) {
                Value::Array(ty, id) => Ok(Value::Records(layout, ty, id)),
                other => Ok(other),
            }
        }
        other => Ok(other),
    }
}

fn astype(frame: &mut Frame<'_, '_>, arguments: &[Option<Value>]) -> Evaluated {
    let [source, dtype] = [0, 1].map(|place: usize| arguments[place].clone().unwrap_or(Value::None));
    let Value::Records(from, ty, id) = &source else { return Err(frame.typing("records are needed here")) };
    let Some(layout) = record_types::layout(frame, &dtype, false)? else {
        return Err(frame.unsupported("records as numbers: take a field, as in a['x']"));
    };
    if from.fields.len() != layout.fields.len() {
        return Err(frame.typing("Cannot cast array data between records with different numbers of fields"));
    }
    let extents: Vec<_> = (0..ty.rank - 1).map(|axis| frame.extent(*id, axis)).collect();
    let result = super::records::allocated(frame, &layout, &extents, true);
    // By their places, as NumPy does.
    for (to, of) in layout.fields.iter().zip(&from.fields) {
        let value = field(frame, &source, &of.name)?;
        store(frame, &result, &to.name, &value)?;
    }
    Ok(result)
}
