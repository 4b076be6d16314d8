//! Records and arrays of records: views of bytes whose last axis is one record, and what their fields are.
//!
//! A number in a record is loaded and stored as an item of an array of no dimensions at its address; in packed records that may lie
//! at no whole multiple of the number's size, which the processors that are compiled for allow for single numbers. A field of many
//! records, or one that is an array, is an ordinary array where its items lie at multiples of their size; else it is records again, of
//! the bare number.

use super::indexing::{Place, as_item, check_writable, checked_position, fill, load_item, locate};
use super::{Meaning, gathering, nearest, record_values};
use crate::function_ir::{Attribute, IrType, ValueId};
use crate::specialize::{Evaluated, Frame};
use crate::types::{ArrayType, FieldItem, Layout, RecordField, RecordLayout, Scalar};
use crate::value::{Number, Value};
use numir_runtime::DType;
use std::rc::Rc;
use std::sync::Arc;

pub(super) static MEANINGS: &[Meaning] = &[Meaning {
    name: "records.copy",
    parameters: "a, order='C'",
    doc: "A copy of records; of a field of packed records an array of its numbers.",
    evaluate: |frame, arguments| match &arguments[0] {
        Some(Value::Records(layout, ty, id)) => copied(frame, layout, (*ty, *id)),
        _ => Err(frame.typing("records are needed here")),
    },
}];

/// What lies at bytes: records, or where the last axis alone is left of bare ones a number.
fn found(frame: &mut Frame<'_, '_>, layout: &Arc<RecordLayout>, (ty, id): (ArrayType, ValueId)) -> Evaluated {
    let records = Value::Records(layout.clone(), any(ty), id);
    match layout.number() {
        Some(_) if ty.rank == 1 => field(frame, &records, ""),
        _ => Ok(records),
    }
}

/// The record, or where fewer positions are given the array of records, at positions that are in range.
pub(crate) fn at(
    frame: &mut Frame<'_, '_>,
    layout: &Arc<RecordLayout>,
    (ty, id): (ArrayType, ValueId),
    positions: &[ValueId],
) -> Evaluated {
    match load_item(frame, ty, id, positions)? {
        Value::Array(ty, id) => found(frame, layout, (ty, id)),
        other => Ok(other),
    }
}

/// The bytes that an index of records leads to.
fn bytes_at(
    frame: &mut Frame<'_, '_>,
    base: &Value,
    (ty, id): (ArrayType, ValueId),
    index: &Value,
) -> Evaluated<(ArrayType, ValueId)> {
    let parts: Vec<Value> = match index {
        Value::Tuple(parts) => parts.to_vec(),
        one => vec![one.clone()],
    };
    let consuming = parts.iter().filter(|part| !matches!(part, Value::None | Value::Ellipsis)).count();
    if consuming >= ty.rank {
        let seen = frame.describe(base);
        return Err(frame.typing(format!("{consuming} indices are too many for {seen}")));
    }
    let is_position = |part: &Value| part.scalar().is_some();
    if parts.iter().all(is_position) {
        let mut positions = Vec::with_capacity(parts.len());
        for (axis, part) in parts.iter().enumerate() {
            let extent = frame.extent(id, axis);
            positions.push(checked_position(frame, part, extent, axis)?);
        }
        if let Value::Array(ty, id) = load_item(frame, ty, id, &positions)? {
            return Ok((ty, id));
        }
    }
    match locate(frame, ty, id, index)? {
        Place::View(ty, id) => Ok((ty, id)),
        Place::Item(_) => Err(frame.typing("these are too many indices for records")),
    }
}

/// `base[index]`: records by integers and slices, or a field by its name.
pub(super) fn subscript(frame: &mut Frame<'_, '_>, base: &Value, index: &Value) -> Evaluated {
    let Value::Records(layout, ty, id) = base else { return Ok(Value::None) };
    if let Value::Text(name) = index {
        return field(frame, base, name);
    }
    if let Some(names) = record_values::names(index) {
        return record_values::some_fields(frame, base, names);
    }
    if let (Some(place), 1, None) = (index.known_integer(), ty.rank, layout.number()) {
        let count = layout.fields.len() as i128;
        let place = if place < 0 { place + count } else { place };
        return match usize::try_from(place).ok().and_then(|place| layout.fields.get(place)) {
            Some(at) => field(frame, base, &at.name.clone()),
            None => Err(frame.raise("IndexError", &format!("invalid index ({place})"), &[])),
        };
    }
    if let Some(parts) = gathering::parts(index) {
        return gathered(frame, layout, (*ty, *id), parts);
    }
    let bytes = bytes_at(frame, base, (*ty, *id), index)?;
    found(frame, layout, bytes)
}

/// A copy of the records that arrays of positions or a mask choose.
fn gathered(
    frame: &mut Frame<'_, '_>,
    layout: &Arc<RecordLayout>,
    (ty, id): (ArrayType, ValueId),
    parts: Vec<Value>,
) -> Evaluated {
    let parts = records_alone(frame, ty, parts)?;
    let chosen = gathering::gather(frame, (ty, &Value::Array(ty, id)), parts)?;
    let Value::Array(bytes, id) = chosen else { return Ok(chosen) };
    let records = (any(bytes), as_bytes(frame, (any(bytes), id), bytes.rank, 1));
    if layout.number().is_some() {
        return copied(frame, layout, records);
    }
    found(frame, &Arc::new(RecordLayout { unit: layout.size, ..(**layout).clone() }), records)
}

/// The parts of an index of records as one of their bytes, of which each record has all.
fn records_alone(frame: &mut Frame<'_, '_>, ty: ArrayType, mut parts: Vec<Value>) -> Evaluated<Vec<Value>> {
    let taken: usize = parts.iter().map(gathering::consumed).sum();
    if taken >= ty.rank {
        let (rank, message) = (ty.rank - 1, "too many indices for array: array is");
        let message = format!("{message} {rank}-dimensional, but {taken} were indexed");
        return Err(frame.raise("IndexError", &message, &[]));
    }
    if !parts.iter().any(|part| matches!(part, Value::Ellipsis)) {
        parts.push(Value::Ellipsis);
    }
    parts.push(Value::Slice(Rc::new([Value::None, Value::None, Value::None])));
    Ok(parts)
}

/// `base[index] = value`: a field, a record, or several records.
pub(super) fn store_item(frame: &mut Frame<'_, '_>, base: &Value, index: &Value, value: &Value) -> Evaluated<()> {
    let Value::Records(layout, ty, id) = base else { return Ok(()) };
    if let Value::Text(name) = index {
        return store(frame, base, name, value);
    }
    if let Some(names) = record_values::names(index) {
        let fields = record_values::some_fields(frame, base, names)?;
        return assign(frame, &fields, value);
    }
    if let (Some(_), 1, Value::Records(..)) = (index.known_integer(), ty.rank, base) {
        return match subscript(frame, base, index)? {
            Value::Scalar(..) => {
                let count = layout.fields.len() as i128;
                let place = index.known_integer().map(|place| if place < 0 { place + count } else { place });
                let at = place.and_then(|place| usize::try_from(place).ok()).and_then(|place| layout.fields.get(place));
                let name = at.map(|at| at.name.clone()).unwrap_or_default();
                store(frame, base, &name, value)
            }
            target => assign(frame, &target, value),
        };
    }
    if let Some(parts) = gathering::parts(index) {
        check_writable(frame, *ty)?;
        if layout.number().is_some() {
            // By a copy, whose items lie where an array's do.
            let numbers = copied(frame, layout, (*ty, *id))?;
            super::store_item(frame, &numbers, index, value)?;
            return assign(frame, base, &numbers);
        }
        let Value::Records(other, from, bytes) = value else {
            let (seen, given) = (frame.describe(base), frame.describe(value));
            return Err(
                frame.typing(format!("{given} cannot be assigned to {seen}: only records of the same dtype can"))
            );
        };
        if !layout.has_fields_of(other) {
            return Err(frame.typing("only records of the same dtype can be assigned to records"));
        }
        let parts = records_alone(frame, *ty, parts)?;
        return gathering::scatter(frame, (*ty, &Value::Array(*ty, *id)), parts, &Value::Array(*from, *bytes));
    }
    let (ty, id) = bytes_at(frame, base, (*ty, *id), index)?;
    let target = Value::Records(layout.clone(), any(ty), id);
    if layout.number().is_some() && ty.rank == 1 {
        return store(frame, &target, "", value);
    }
    assign(frame, &target, value)
}

/// Writes records, or an array, over all of what a target refers to.
pub(crate) fn assign(frame: &mut Frame<'_, '_>, target: &Value, value: &Value) -> Evaluated<()> {
    match (target, value) {
        (Value::Array(ty, id), value) => {
            check_writable(frame, *ty)?;
            let value = read_as_array(frame, value)?;
            fill(frame, *ty, *id, &value)
        }
        (Value::Records(layout, ty, id), Value::Records(other, from, bytes)) if layout.has_fields_of(other) => {
            check_writable(frame, *ty)?;
            fill(frame, *ty, *id, &Value::Array(*from, *bytes))
        }
        _ => {
            if let Value::Records(layout, ty, id) = target
                && let Some(dtype) = layout.number()
            {
                return assign_bare(frame, dtype, (*ty, *id), value);
            }
            // A tuple has a value for each field.
            if let (Value::Records(layout, ..), Value::Tuple(parts)) = (target, value)
                && parts.len() == layout.fields.len()
            {
                let names: Vec<String> = layout.fields.iter().map(|field| field.name.clone()).collect();
                return names.iter().zip(parts.iter()).try_for_each(|(name, part)| store(frame, target, name, part));
            }
            // A number goes to all fields.
            if let (Value::Records(layout, ..), Some(_)) = (target, value.scalar()) {
                let names: Vec<String> = layout.fields.iter().map(|field| field.name.clone()).collect();
                return names.iter().try_for_each(|name| store(frame, target, name, value));
            }
            let (seen, given) = (frame.describe(target), frame.describe(value));
            Err(frame.typing(format!("{given} cannot be assigned to {seen}: only records of the same dtype can")))
        }
    }
}

/// The field of that name.
fn named(frame: &Frame<'_, '_>, layout: &RecordLayout, name: &str) -> Evaluated<RecordField> {
    if let Some(field) = layout.field(name) {
        return Ok(field.clone());
    }
    if let Some(dtype) = layout.number() {
        let message = format!(
            "'{name}' of a field of packed records, whose numbers lie at no whole multiples of {} bytes: copy it first, as in \
             `a.x.copy()`",
            dtype.size()
        );
        return Err(frame.unsupported(message));
    }
    let names: Vec<&str> = layout.fields.iter().map(|field| field.name.as_str()).collect();
    let message = format!("a record has no field '{name}': its fields are {}", names.join(", "));
    Err(match (frame.typing(message), nearest(names, name)) {
        (crate::specialize::Stop::Error(diagnostic), Some(near)) => {
            diagnostic.help(format!("did you mean `{near}`?")).into()
        }
        (stop, _) => stop,
    })
}

/// Where a number in a record lies, as an array of no dimensions.
fn place(
    frame: &mut Frame<'_, '_>,
    (ty, id): (ArrayType, ValueId),
    dtype: DType,
    offset: usize,
) -> Evaluated<(ArrayType, ValueId)> {
    let address = frame.address_of(id);
    let word = IrType::Scalar(Scalar::Of(DType::UInt64));
    let offset = Value::Number(Scalar::Of(DType::UInt64), Number::Integer(offset as i128));
    let offset = frame.materialize(&offset)?;
    let address = frame.emit("numeric.add", &[address, offset], word, Vec::new());
    let to = ArrayType { writable: ty.writable, ..ArrayType::new(dtype, 0, Layout::C) };
    Ok((to, frame.emit("numeric.array_at", &[address], IrType::Array(to), Vec::new())))
}

/// The value of a field: a number, a record, or an array.
pub(super) fn field(frame: &mut Frame<'_, '_>, base: &Value, name: &str) -> Evaluated {
    let Value::Records(layout, ty, id) = base else { return Err(frame.typing("a record is needed here")) };
    let field = named(frame, layout, name)?;
    if let (FieldItem::Number(dtype), 1, true) = (&field.item, ty.rank, field.shape.is_empty()) {
        let (_, id) = place(frame, (*ty, *id), *dtype, field.offset)?;
        let scalar = Scalar::Of(*dtype);
        return Ok(Value::Scalar(scalar, frame.emit("numeric.load", &[id], IrType::Scalar(scalar), anywhere())));
    }
    selected(frame, layout, (*ty, *id), &field)
}

/// `record.name = value`.
pub(super) fn store(frame: &mut Frame<'_, '_>, base: &Value, name: &str, value: &Value) -> Evaluated<()> {
    let Value::Records(layout, ty, id) = base else { return Err(frame.typing("a record is needed here")) };
    let field = named(frame, layout, name)?;
    if let (FieldItem::Number(dtype), 1, true) = (&field.item, ty.rank, field.shape.is_empty()) {
        let (to, id) = place(frame, (*ty, *id), *dtype, field.offset)?;
        check_writable(frame, to)?;
        let item = match value {
            Value::Array(from, array) if from.rank == 0 => load_item(frame, *from, *array, &[])?,
            other => other.clone(),
        };
        let item = as_item(frame, &item, to)?;
        let item = frame.materialize(&item)?;
        frame.emit_effect("numeric.store", &[item, id], anywhere());
        return Ok(());
    }
    let target = selected(frame, layout, (*ty, *id), &field)?;
    assign(frame, &target, value)
}

/// Fields of packed records lie at any address.
fn anywhere() -> Vec<(&'static str, Attribute)> {
    vec![("alignment", Attribute::Integer(1))]
}

/// The bytes between an item's neighbours, and from item to item of an array in C order, for axes of these extents.
fn steps(shape: &[usize], size: usize) -> Vec<usize> {
    let mut steps: Vec<usize> = Vec::with_capacity(shape.len());
    for axis in 0..shape.len() {
        steps.push(shape[axis + 1..].iter().product::<usize>() * size);
    }
    steps
}

/// A field of all records, with an axis for each of the records' and of its own: an array, or records.
fn selected(
    frame: &mut Frame<'_, '_>,
    layout: &RecordLayout,
    (ty, id): (ArrayType, ValueId),
    field: &RecordField,
) -> Evaluated {
    let outer = ty.rank - 1;
    let size = field.item.size();
    let (mut sizes, mut strides) = axes(frame, id, outer);
    for (extent, step) in field.shape.iter().zip(steps(&field.shape, size)) {
        sizes.push(frame.index(*extent as i64));
        strides.push(frame.index(step as i64));
    }
    let places = (sizes.clone(), strides.clone());
    sizes.push(frame.index(size as i64));
    strides.push(frame.index(1));
    let bytes = any(ArrayType { rank: sizes.len(), ..ty });
    let offset = frame.index(field.offset as i64);
    let id = reinterpreted(frame, bytes, id, offset, (sizes, strides));
    let dtype = match &field.item {
        FieldItem::Record(inner) => {
            let inner = Arc::new(layout.inside(field, inner));
            return found(frame, &inner, (bytes, id));
        }
        FieldItem::Number(dtype) => *dtype,
    };
    let alignment = Scalar::Of(dtype).real().dtype().size();
    let unit = if outer > 0 { size } else { alignment };
    if !layout.unit.is_multiple_of(unit) || !field.offset.is_multiple_of(alignment) {
        return Ok(Value::Records(Arc::new(RecordLayout::bare(dtype)), bytes, id));
    }
    let to =
        ArrayType { dtype, rank: bytes.rank - 1, layout: if outer == 0 { Layout::C } else { Layout::Any }, ..bytes };
    numbers(frame, to, id, places, (outer, alignment))
}

/// Bytes as an array of numbers, once it is seen that they lie at multiples of their size.
fn numbers(
    frame: &mut Frame<'_, '_>,
    to: ArrayType,
    id: ValueId,
    (sizes, strides): (Vec<ValueId>, Vec<ValueId>),
    (outer, alignment): (usize, usize),
) -> Evaluated {
    let item = frame.index(to.dtype.size() as i64);
    let one = frame.index(1);
    let mut steps = Vec::with_capacity(strides.len());
    for (axis, stride) in strides.into_iter().enumerate() {
        let step = frame.index_arithmetic("numeric.floordiv", stride, item);
        steps.push(step);
        if axis < outer && to.dtype.size() > 1 {
            let again = frame.index_arithmetic("numeric.mul", step, item);
            let whole = frame.compare_indices("eq", again, stride);
            let single = frame.compare_indices("le", sizes[axis], one);
            let fits = frame.emit("numeric.or", &[whole, single], IrType::BOOL, Vec::new());
            frame.check(fits, "ValueError", APART, &[]);
        }
    }
    if alignment > 1 {
        let address = frame.address_of(id);
        // Not as an index of the program is one: an address may have any bits.
        let address = super::cast(frame, &Value::Scalar(Scalar::Of(DType::UInt64), address), Scalar::Index)?;
        let address = frame.materialize(&address)?;
        let unit = frame.index(alignment as i64);
        let count = frame.index_arithmetic("numeric.floordiv", address, unit);
        let again = frame.index_arithmetic("numeric.mul", count, unit);
        let aligned = frame.compare_indices("eq", again, address);
        frame.check(aligned, "ValueError", APART, &[]);
    }
    let zero = frame.index(0);
    Ok(Value::Array(to, reinterpreted(frame, to, id, zero, (sizes, steps))))
}

/// What is said of a field whose items lie elsewhere than its dtype promises.
const APART: &str = "the records do not lie at whole multiples of their fields' sizes (an unaligned array, or a part of packed \
                     records): pass a copy, as in `a.copy()`";

fn reinterpreted(
    frame: &mut Frame<'_, '_>,
    to: ArrayType,
    id: ValueId,
    offset: ValueId,
    (sizes, strides): (Vec<ValueId>, Vec<ValueId>),
) -> ValueId {
    let mut operands = vec![id, offset];
    operands.extend(sizes);
    operands.extend(strides);
    frame.emit("numeric.reinterpret", &operands, IrType::Array(to), Vec::new())
}

/// New records, of zeros or of what lies there.
pub(super) fn allocated(frame: &mut Frame<'_, '_>, layout: &RecordLayout, extents: &[ValueId], zero: bool) -> Value {
    let mut extents = extents.to_vec();
    extents.push(frame.index(layout.size as i64));
    let bytes = ArrayType::contiguous(DType::UInt8, extents.len());
    let id = super::arrays::allocate(frame, bytes, &extents, zero);
    let layout = RecordLayout { unit: layout.size, ..layout.clone() };
    Value::Records(Arc::new(layout), any(bytes), as_bytes(frame, (any(bytes), id), bytes.rank, 1))
}

/// A copy; of bare numbers it is an ordinary array.
pub(super) fn copied(
    frame: &mut Frame<'_, '_>,
    layout: &Arc<RecordLayout>,
    (ty, id): (ArrayType, ValueId),
) -> Evaluated {
    let Value::Array(bytes, id) = super::copies::copied(frame, ty, id, Layout::C)? else { return Ok(Value::None) };
    let Some(dtype) = layout.number() else {
        return Ok(Value::Records(layout.clone(), any(bytes), as_bytes(frame, (any(bytes), id), bytes.rank, 1)));
    };
    let to = ArrayType::contiguous(dtype, bytes.rank - 1);
    let size = frame.index(dtype.size() as i64);
    let (sizes, strides) = axes(frame, id, to.rank);
    let strides = strides.into_iter().map(|stride| frame.index_arithmetic("numeric.floordiv", stride, size)).collect();
    let zero = frame.index(0);
    Ok(Value::Array(to, reinterpreted(frame, to, id, zero, (sizes, strides))))
}

/// The type of the bytes of records: whatever their strides.
pub(super) fn any(ty: ArrayType) -> ArrayType {
    ArrayType { layout: Layout::Any, ..ty }
}

/// Extents and strides.
pub(super) fn axes(frame: &mut Frame<'_, '_>, id: ValueId, rank: usize) -> (Vec<ValueId>, Vec<ValueId>) {
    let sizes = (0..rank).map(|axis| frame.extent(id, axis)).collect();
    let stride = |axis| {
        let attributes = vec![("axis", Attribute::Integer(axis as i64))];
        frame.emit("numeric.stride", &[id], IrType::INDEX, attributes)
    };
    (sizes, (0..rank).map(stride).collect())
}

/// An array of items of so many bytes as bytes of that type, which has an axis more where it has one of its own for them.
fn as_bytes(frame: &mut Frame<'_, '_>, (to, id): (ArrayType, ValueId), rank: usize, item: usize) -> ValueId {
    let (mut sizes, strides) = axes(frame, id, rank);
    let size = frame.index(item as i64);
    let mut strides: Vec<_> =
        strides.into_iter().map(|stride| frame.index_arithmetic("numeric.mul", stride, size)).collect();
    if to.rank > rank {
        sizes.push(size);
        strides.push(frame.index(1));
    }
    let zero = frame.index(0);
    reinterpreted(frame, to, id, zero, (sizes, strides))
}

/// A value for what only reads it, NumPy's functions and methods: the numbers of a field of packed records as an array that is a
/// copy, and so refuses to be written.
pub(crate) fn read_only(frame: &mut Frame<'_, '_>, value: Value) -> Evaluated {
    match (&value, read_as_array(frame, &value)?) {
        (Value::Records(..), Value::Array(ty, id)) => Ok(Value::Array(ArrayType { writable: false, ..ty }, id)),
        _ => Ok(value),
    }
}

/// A value for an operation that only reads it: the numbers of a field of packed records as an array.
pub(crate) fn read_as_array(frame: &mut Frame<'_, '_>, value: &Value) -> Evaluated {
    match value {
        Value::Records(layout, ty, id) if layout.number().is_some() => copied(frame, layout, (*ty, *id)),
        other => Ok(other.clone()),
    }
}

/// Writes a value over numbers that lie at any addresses: first as an array, then by its bytes.
fn assign_bare(
    frame: &mut Frame<'_, '_>,
    dtype: DType,
    (ty, id): (ArrayType, ValueId),
    value: &Value,
) -> Evaluated<()> {
    check_writable(frame, ty)?;
    let to = ArrayType::contiguous(dtype, ty.rank - 1);
    let extents: Vec<_> = (0..to.rank).map(|axis| frame.extent(id, axis)).collect();
    let numbers = super::arrays::allocate(frame, to, &extents, false);
    let value = read_as_array(frame, value)?;
    fill(frame, to, numbers, &value)?;
    let bytes = ArrayType { writable: true, ..any(ty) };
    let from = as_bytes(frame, (bytes, numbers), to.rank, dtype.size());
    fill(frame, ty, id, &Value::Array(bytes, from))
}

/// An attribute: a field of a record, or what an array has.
pub(super) fn attribute(frame: &mut Frame<'_, '_>, base: &Value, name: &str) -> Evaluated {
    let Value::Records(layout, ty, id) = base else { return Ok(Value::None) };
    let is_field = layout.field(name).is_some();
    if name == "copy" && !(is_field && ty.rank == 1) {
        return match super::meaning("records.copy") {
            Some(meaning) => Ok(Value::Bound(Rc::new(base.clone()), meaning)),
            None => field(frame, base, name),
        };
    }
    if ty.rank == 1 {
        let method = if is_field { None } else { record_values::method(frame, base, name, true)? };
        return match method {
            Some(method) => Ok(method),
            None if is_field => field(frame, base, name),
            None => match name {
                "dtype" => Ok(Value::RecordType(layout.clone())),
                "ndim" => Ok(Value::int(0)),
                "shape" => Ok(Value::tuple(Vec::new())),
                "itemsize" | "nbytes" => Ok(Value::int(layout.size as i128)),
                name => field(frame, base, name),
            },
        };
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
        "size" | "nbytes" => {
            let mut size = Value::int(if name == "size" { 1 } else { layout.size as i128 });
            for extent in &extents {
                size = frame.int_arithmetic("numeric.mul", &size, extent)?;
            }
            Ok(size)
        }
        "strides" => {
            let (_, strides) = axes(frame, *id, ty.rank - 1);
            Ok(Value::tuple(strides.into_iter().map(|stride| frame.index_as_int(stride)).collect()))
        }
        // NumPy and its record arrays differ in what this is.
        "real" | "imag" => Err(frame.typing(format!(
            "cannot access .{name} of array of Record: take the field by its name, as in `a[\"{name}\"]`"
        ))),
        "dtype" if layout.number().is_some() => Ok(Value::DType(layout.number().unwrap_or(DType::UInt8))),
        "dtype" if !is_field => {
            Ok(Value::RecordType(Arc::new(RecordLayout { unit: layout.size, ..(**layout).clone() })))
        }
        // A method of arrays, or what is a view of all of them.
        name if layout.number().is_some() => {
            let numbers = read_only(frame, base.clone())?;
            super::attribute(frame, &numbers, name)
        }
        "T" => {
            let order: Vec<Value> = (0..extents.len() as i128).rev().map(Value::int).collect();
            record_values::transposed(frame, base, &order)
        }
        name => match record_values::method(frame, base, name, false)? {
            Some(method) => Ok(method),
            None => field(frame, base, name),
        },
    }
}
