//! Subscripts: reading, writing and slicing of arrays, tuples, strings and ranges.

use super::operators::assign_all;
use super::slice_bounds::slice;
use super::{cast, cast_checked, gathering, items};
use crate::diagnostic::ErrorKind;
use crate::function_ir::{Attribute, IrType, ValueId};
use crate::specialize::{Evaluated, Frame};
use crate::types::{ArrayType, Kind, Layout, Scalar};
use crate::value::{ModuleId, Value};

/// `base[index]`.
pub(crate) fn subscript(frame: &mut Frame<'_, '_>, base: &Value, index: &Value) -> Evaluated {
    if let Some(array) = items::flat(base) {
        let place = items::place(frame, array, index)?;
        return subscript(frame, array, &place);
    }
    if let (Value::Array(ty, _), Some(parts)) = (base, gathering::parts(index)) {
        return gathering::gather(frame, (*ty, base), parts);
    }
    if let Value::Meaning(meaning) = base
        && let Some(grid) = gathering::grid(frame, meaning, index)
    {
        return grid;
    }
    match base {
        Value::Array(ty, id) => match locate(frame, *ty, *id, index)? {
            Place::Item(indices) => {
                let scalar = Scalar::Of(ty.dtype);
                let mut operands = vec![*id];
                operands.extend(indices);
                Ok(Value::Scalar(scalar, frame.emit("numeric.load", &operands, IrType::Scalar(scalar), Vec::new())))
            }
            Place::View(ty, id) => Ok(Value::Array(ty, id)),
        },
        Value::Records(..) => super::records::subscript(frame, base, index),
        Value::Tuple(elements) => tuple_item(frame, elements, index),
        Value::Text(text) => text_item(frame, text, index),
        Value::Window(window) => super::windows::item(frame, window, index),
        Value::Bound(array, meaning) if meaning.name == super::flags::NAME => super::flags::by_key(frame, array, index),
        Value::Range(bounds) => {
            let [start, stop, step] = &**bounds;
            let length = frame.range_length(&[start.clone(), stop.clone(), step.clone()])?;
            let position = checked_position(frame, index, length, 0)?;
            frame.element(base, position)
        }
        // A class of an enumeration: its members by name.
        Value::Module(ModuleId::Live(class)) => {
            let Value::Text(name) = index else {
                return Err(frame.typing("the members of an enumeration are found by constant names"));
            };
            let name = frame.specializer.program.intern(name.to_string());
            match frame.live_attribute(*class, name)? {
                Some(member @ (Value::Member(..) | Value::Number(..))) => Ok(member),
                _ => Err(frame.raise("KeyError", name, &[])),
            }
        }
        Value::Function(_) => super::cuda::configured(frame, base, index),
        Value::Optional(..) => {
            let inner = super::operators::present(frame, base, "'NoneType' object is not subscriptable");
            subscript(frame, &inner, index)
        }
        other => {
            let seen = frame.describe(other);
            Err(frame.typing(format!("{seen} cannot be indexed")))
        }
    }
}

/// Refuses to write to an array that its owner has made read-only.
pub(crate) fn check_writable(frame: &Frame<'_, '_>, ty: ArrayType) -> Evaluated<()> {
    if ty.writable {
        Ok(())
    } else {
        Err(frame.typing(format!("Cannot modify readonly array of type: {ty} (its owner has made it read-only)")))
    }
}

/// `base[index] = value`.
pub(crate) fn store_item(frame: &mut Frame<'_, '_>, base: &Value, index: &Value, value: &Value) -> Evaluated<()> {
    if let Value::Window(_) = base {
        let message = "Assignments to arrays passed to stencil kernels is not allowed.";
        return Err(frame.error(ErrorKind::Value, message));
    }
    if let Some(array) = items::flat(base) {
        let place = items::place(frame, array, index)?;
        return store_item(frame, array, &place, value);
    }
    if let Value::Optional(..) = base {
        let inner = super::operators::present(frame, base, "'NoneType' object does not support item assignment");
        return store_item(frame, &inner, index, value);
    }
    if let Value::Records(..) = base {
        return super::records::store_item(frame, base, index, value);
    }
    let Value::Array(ty, id) = base else {
        let seen = frame.describe(base);
        return Err(frame.typing(format!("{seen} does not support item assignment")));
    };
    check_writable(frame, *ty)?;
    if let Some(parts) = gathering::parts(index) {
        return gathering::scatter(frame, (*ty, base), parts, value);
    }
    match locate(frame, *ty, *id, index)? {
        Place::Item(indices) => {
            let item = match value {
                Value::Array(from, array) if from.rank == 0 => load_item(frame, *from, *array, &[])?,
                other => other.clone(),
            };
            let item = as_item(frame, &item, *ty)?;
            let mut operands = vec![frame.materialize(&item)?, *id];
            operands.extend(indices);
            frame.emit_effect("numeric.store", &operands, Vec::new());
            Ok(())
        }
        Place::View(ty, id) => fill(frame, ty, id, value),
    }
}

/// Assigns a value, broadcast, to all of an array.
pub(super) fn fill(frame: &mut Frame<'_, '_>, ty: ArrayType, id: ValueId, value: &Value) -> Evaluated<()> {
    let value = match value {
        Value::Tuple(_) => super::copies::array_of(frame, value, None)?,
        other => other.clone(),
    };
    let value = without_leading_axes(frame, value, (ty, id))?;
    if let Value::Number(..) | Value::Scalar(..) = value {
        as_item(frame, &value, ty)?;
    }
    assign_all(frame, (ty, id), &[value], |frame, items| as_item(frame, &items[0], ty))
}

/// An array of more axes than what it is assigned to, as NumPy allows where the additional ones are of extent 1.
fn without_leading_axes(frame: &mut Frame<'_, '_>, value: Value, (to, target): (ArrayType, ValueId)) -> Evaluated {
    let rank = to.rank;
    match value {
        Value::Array(ty, id) if ty.rank > rank => {
            let one = frame.index(1);
            let (from, into) = (super::arrays::shape_text(ty.rank), super::arrays::shape_text(rank));
            let message = format!("could not broadcast input array from shape {from} into shape {into}");
            let mut shown: Vec<_> = (0..ty.rank).map(|axis| frame.extent(id, axis)).collect();
            shown.extend((0..rank).map(|axis| frame.extent(target, axis)).collect::<Vec<_>>());
            for axis in 0..ty.rank - rank {
                let single = frame.compare_indices("eq", shown[axis], one);
                frame.check(single, "ValueError", &message, &shown);
            }
            let zero = frame.index(0);
            load_item(frame, ty, id, &vec![zero; ty.rank - rank])
        }
        other => Ok(other),
    }
}

/// A number as an item of an array: NumPy's unsafe cast, but no complex number becomes a real one.
pub(in crate::registry) fn as_item(frame: &mut Frame<'_, '_>, value: &Value, ty: ArrayType) -> Evaluated {
    let to = Scalar::Of(ty.dtype);
    if to.time().is_some() {
        return super::times::assigned(frame, value, to);
    }
    match value.scalar() {
        Some(from) if from.kind() == Kind::Complex && to.kind() < Kind::Complex => {
            Err(frame.typing(format!("a complex number cannot be assigned to an item of {ty}")))
        }
        // As `int(x)` has it: no NaN, no infinity.
        Some(Scalar::Float) if to.kind() == Kind::Integer && !frame.element_wise && !frame.file.is_library() => {
            let whole = super::casts::float_to_int(frame, value)?;
            cast_checked(frame, &whole, to)
        }
        Some(_) => cast_checked(frame, value, to),
        None if matches!(value, Value::Pointer(..)) && to.kind() == Kind::Integer => cast(frame, value, to),
        None => {
            let seen = frame.describe(value);
            Err(frame.typing(format!("{seen} cannot be assigned to an item of {ty}")))
        }
    }
}

/// The item, or where fewer positions are given than there are axes the view, at positions that are in range.
pub(crate) fn load_item(frame: &mut Frame<'_, '_>, ty: ArrayType, id: ValueId, positions: &[ValueId]) -> Evaluated {
    if positions.len() == ty.rank {
        let scalar = Scalar::Of(ty.dtype);
        let mut operands = vec![id];
        operands.extend_from_slice(positions);
        return Ok(Value::Scalar(scalar, frame.emit("numeric.load", &operands, IrType::Scalar(scalar), Vec::new())));
    }
    let mut axes = Vec::new();
    for position in positions {
        axes.push(Axis::At(*position));
    }
    axes.extend((positions.len()..ty.rank).map(|_| Axis::Whole));
    let (ty, id) = view(frame, ty, id, &axes)?;
    Ok(Value::Array(ty, id))
}

/// What lies at some positions along the whole of the other axes, as a view.
pub(super) fn lane(frame: &mut Frame<'_, '_>, ty: ArrayType, id: ValueId, positions: &[Option<ValueId>]) -> Evaluated {
    let axes: Vec<_> = positions.iter().map(|position| position.map_or(Axis::Whole, Axis::At)).collect();
    let (ty, id) = view(frame, ty, id, &axes)?;
    Ok(Value::Array(ty, id))
}

/// Where an index leads.
pub(super) enum Place {
    Item(Vec<ValueId>),
    View(ArrayType, ValueId),
}

/// One part of an index, brought to its axis.
#[derive(Clone)]
pub(super) enum Axis {
    /// One position: the axis is dropped.
    At(ValueId),
    /// All of it.
    Whole,
    /// Start, size and step; whether the step is 1.
    Part(ValueId, ValueId, ValueId, bool),
    /// A new axis of extent 1.
    New,
}

pub(super) fn locate(frame: &mut Frame<'_, '_>, ty: ArrayType, id: ValueId, index: &Value) -> Evaluated<Place> {
    let parts: Vec<Value> = match index {
        Value::Tuple(parts) => parts.to_vec(),
        one => vec![one.clone()],
    };
    let consuming = parts.iter().filter(|part| !matches!(part, Value::None | Value::Ellipsis)).count();
    let ellipses = parts.iter().filter(|part| matches!(part, Value::Ellipsis)).count();
    if ellipses > 1 {
        return Err(frame.typing("an index can only have a single ellipsis ('...')"));
    }
    if consuming > ty.rank {
        let message =
            format!("too many indices for array: array is {}-dimensional, but {consuming} were indexed", ty.rank);
        return Err(frame.raise("IndexError", &message, &[]));
    }
    let missing = ty.rank - consuming;
    let mut axes = Vec::new();
    let mut axis = 0;
    for part in &parts {
        match part {
            Value::None => axes.push(Axis::New),
            Value::Ellipsis => {
                axes.extend(std::iter::repeat_n(Axis::Whole, missing));
                axis += missing;
            }
            Value::Slice(bounds) => {
                let extent = frame.extent(id, axis);
                axes.push(slice(frame, bounds, extent)?);
                axis += 1;
            }
            Value::Number(scalar, _) | Value::Scalar(scalar, _) if scalar.kind() == Kind::Integer => {
                let extent = frame.extent(id, axis);
                axes.push(Axis::At(checked_position(frame, part, extent, axis)?));
                axis += 1;
            }
            // An array of one integer counts as that integer.
            Value::Array(of, array) if of.rank == 0 && Scalar::Of(of.dtype).kind() == Kind::Integer => {
                let item = load_item(frame, *of, *array, &[])?;
                let extent = frame.extent(id, axis);
                axes.push(Axis::At(checked_position(frame, &item, extent, axis)?));
                axis += 1;
            }
            Value::Array(..) => return Err(frame.unsupported("indexing by an array is not compiled yet")),
            other => {
                let seen = frame.describe(other);
                let message =
                    "only integers, slices (`:`), ellipsis (`...`) and numpy.newaxis (`None`) are valid indices";
                return Err(frame.typing(format!("{message}, not {seen}")));
            }
        }
    }
    if ellipses == 0 {
        axes.extend(std::iter::repeat_n(Axis::Whole, missing));
    }
    if ellipses == 0 && axes.len() == ty.rank && axes.iter().all(|axis| matches!(axis, Axis::At(_))) {
        let positions =
            axes.into_iter().filter_map(|axis| if let Axis::At(position) = axis { Some(position) } else { None });
        return Ok(Place::Item(positions.collect()));
    }
    let (ty, id) = view(frame, ty, id, &axes)?;
    Ok(Place::View(ty, id))
}

/// An index as a position in 0..extent: checked unless that is turned off, negative ones counted from the end.
pub(super) fn checked_position(
    frame: &mut Frame<'_, '_>,
    index: &Value,
    extent: ValueId,
    axis: usize,
) -> Evaluated<ValueId> {
    if index.scalar().is_none_or(|scalar| scalar.kind() != Kind::Integer) {
        let seen = frame.describe(index);
        return Err(frame.typing(format!("indices must be integers, not {seen}")));
    }
    let position = frame.as_index(index)?;
    if frame.specializer.options.bounds_check && !frame.unchecked {
        let attributes = vec![("axis", Attribute::Integer(axis as i64))];
        frame.emit_effect("numeric.check_index", &[position, extent], attributes);
    }
    if index.known_integer().is_some_and(|known| known >= 0) {
        return Ok(position);
    }
    Ok(frame.emit("numeric.wrap_index", &[position, extent], IrType::INDEX, Vec::new()))
}

fn view(frame: &mut Frame<'_, '_>, ty: ArrayType, id: ValueId, axes: &[Axis]) -> Evaluated<(ArrayType, ValueId)> {
    let (zero, one) = (frame.index(0), frame.index(1));
    let (mut starts, mut sizes, mut steps, mut result) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut source = 0;
    for axis in axes {
        let (start, size, step) = match axis {
            Axis::New => {
                result.push(-1);
                continue;
            }
            Axis::At(position) => (*position, one, one),
            Axis::Whole => (zero, frame.extent(id, source), one),
            Axis::Part(start, size, step, _) => (*start, *size, *step),
        };
        if !matches!(axis, Axis::At(_)) {
            result.push(source as i64);
        }
        starts.push(start);
        sizes.push(size);
        steps.push(step);
        source += 1;
    }
    let to = ArrayType { rank: result.len(), layout: layout_of_view(ty, axes), ..ty };
    let mut operands = vec![id];
    operands.extend(starts.into_iter().chain(sizes).chain(steps));
    let id = frame.emit("numeric.view", &operands, IrType::Array(to), vec![("axes", Attribute::Integers(result))]);
    Ok((to, id))
}

/// A view of a C array is contiguous where single positions come first, then one unit-step slice, then whole axes.
fn layout_of_view(ty: ArrayType, axes: &[Axis]) -> Layout {
    if ty.layout != Layout::C {
        let whole = axes.iter().all(|axis| matches!(axis, Axis::Whole));
        return if whole { ty.layout } else { Layout::Any };
    }
    let mut narrowed = false;
    for axis in axes {
        match axis {
            Axis::New => {}
            Axis::At(_) if !narrowed => {}
            Axis::Part(.., true) if !narrowed => narrowed = true,
            Axis::Whole => narrowed = true,
            _ => return Layout::Any,
        }
    }
    Layout::C
}

/// An element of a tuple, or by a slice several.
fn tuple_item(frame: &mut Frame<'_, '_>, elements: &[Value], index: &Value) -> Evaluated {
    let length = elements.len() as i128;
    match index {
        Value::Slice(bounds) => {
            let known = |bound: &Value| match bound {
                Value::None => Some(None),
                other => other.known_integer().map(Some),
            };
            let [Some(start), Some(stop), Some(step)] = [known(&bounds[0]), known(&bounds[1]), known(&bounds[2])]
            else {
                return Err(frame.unsupported("a slice of a tuple with bounds known only at run time"));
            };
            let step = step.unwrap_or(1);
            if step == 0 {
                return Err(frame.raise("ValueError", "slice step cannot be zero", &[]));
            }
            let (low, high) = if step > 0 { (0, length) } else { (-1, length - 1) };
            let clamp = |bound: i128| (if bound < 0 { bound + length } else { bound }).clamp(low, high);
            let mut at = start.map_or(if step > 0 { low } else { high }, clamp);
            let end = stop.map_or(if step > 0 { high } else { low }, clamp);
            let mut taken = Vec::new();
            while (step > 0 && at < end) || (step < 0 && at > end) {
                taken.push(elements[at as usize].clone());
                at += step;
            }
            Ok(Value::tuple(taken))
        }
        _ => match index.known_integer() {
            Some(known) => {
                let at = if known < 0 { known + length } else { known };
                if at < 0 || at >= length {
                    return Err(frame.raise("IndexError", "tuple index out of range", &[]));
                }
                Ok(elements[at as usize].clone())
            }
            None => dynamic_tuple_item(frame, elements, index),
        },
    }
}

/// The element of a tuple at a position known only at run time: all elements must have a common type.
fn dynamic_tuple_item(frame: &mut Frame<'_, '_>, elements: &[Value], index: &Value) -> Evaluated {
    if index.scalar().is_none_or(|scalar| scalar.kind() > Kind::Integer) {
        let seen = frame.describe(index);
        return Err(frame.typing(format!("tuple indices must be integers or slices, not {seen}")));
    }
    let Some(first) = elements.first() else { return Err(frame.raise("IndexError", "tuple index out of range", &[])) };
    let mut template = first.generalized();
    for element in &elements[1..] {
        template = match template.join(&element.generalized()) {
            Some(joined) => joined,
            None => return Err(frame.typing("a tuple of mixed types can be indexed only by a constant")),
        };
    }
    let position = frame.as_index(index)?;
    let length = frame.index(elements.len() as i64);
    let (low, zero) = (frame.index(-(elements.len() as i64)), frame.index(0));
    let above = frame.compare_indices("ge", position, low);
    let below = frame.compare_indices("lt", position, length);
    let inside = frame.emit("numeric.and", &[above, below], IrType::BOOL, Vec::new());
    frame.check(inside, "IndexError", "tuple index out of range", &[]);
    let negative = frame.compare_indices("lt", position, zero);
    let raised = frame.index_arithmetic("numeric.add", position, length);
    let position = frame.emit("numeric.select", &[negative, raised, position], IrType::INDEX, Vec::new());
    let mut result = frame.convert(&elements[elements.len() - 1], &template)?;
    for (at, element) in elements.iter().enumerate().rev().skip(1) {
        let here = frame.index(at as i64);
        let hit = frame.compare_indices("eq", position, here);
        let candidate = frame.convert(element, &template)?;
        let mut others = result.parts().into_iter();
        result = candidate.with_parts(&mut |_| crate::value::PLACEHOLDER);
        let mut chosen = Vec::new();
        for (part, ty) in candidate.parts() {
            let other = others.next().map_or(part, |(other, _)| other);
            chosen.push(frame.emit("numeric.select", &[hit, part, other], ty, Vec::new()));
        }
        let mut chosen = chosen.into_iter();
        result = result.with_parts(&mut |_| chosen.next().unwrap_or(crate::value::PLACEHOLDER));
    }
    Ok(result)
}

fn text_item(frame: &mut Frame<'_, '_>, text: &str, index: &Value) -> Evaluated {
    let characters: Vec<char> = text.chars().collect();
    let length = characters.len() as i128;
    match index.known_integer().map(|known| if known < 0 { known + length } else { known }) {
        Some(at) if (0..length).contains(&at) => Ok(Value::Text(characters[at as usize].to_string().as_str().into())),
        Some(_) => Err(frame.raise("IndexError", "string index out of range", &[])),
        None => Err(frame.unsupported("a string indexed by a value known only at run time")),
    }
}
