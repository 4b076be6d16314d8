//! Attributes and methods of arrays and numbers.

use super::dtypes;
use super::{Meaning, cast, flags, named_tuples, operators, pointers, refused, ufuncs, views};
use super::{arrays, copies};
use crate::diagnostic::ErrorKind;
use crate::function_ir::{Attribute, IrType, ValueId};
use crate::specialize::{Evaluated, Frame, Stop};
use crate::types::{ArrayType, Kind, Layout, Scalar};
use crate::value::{Iteration, ModuleId, Value};
use std::rc::Rc;

pub(super) static MEANINGS: &[Meaning] = &[
    Meaning { name: "ndarray.copy", parameters: "a, order='C'", doc: "A copy of the array.", evaluate: copy },
    Meaning {
        name: "ndarray.astype",
        parameters: "a, dtype, order='K', casting='unsafe', subok=True, copy=True",
        doc: "A copy with items converted to another dtype.",
        evaluate: copies::astype,
    },
    Meaning {
        name: "ndarray.fill",
        parameters: "a, value",
        doc: "Sets all items to a value.",
        evaluate: |frame, arguments| {
            let (ty, id) = receiver(frame, arguments)?;
            let value = arguments[1].clone().unwrap_or(Value::None);
            super::indexing::fill(frame, ty, id, &value)?;
            Ok(Value::None)
        },
    },
    Meaning {
        name: "ndarray.item",
        parameters: "a, *args",
        doc: "One item as a Python number.",
        evaluate: |frame, arguments| {
            let (ty, id) = receiver(frame, arguments)?;
            let item = chosen_item(frame, (ty, id), arguments[1].as_ref())?;
            let python = match item.scalar().map(Scalar::kind) {
                Some(Kind::Time) => {
                    return Err(frame.unsupported("item() of an array of times: Python's are no numbers"));
                }
                Some(Kind::Bool) => Scalar::Bool,
                Some(Kind::Float) => Scalar::Float,
                Some(Kind::Complex) => Scalar::Complex,
                _ => Scalar::Int,
            };
            cast(frame, &item, python)
        },
    },
    Meaning {
        name: "ndarray.transpose",
        parameters: "a, *axes",
        doc: "The array with its axes reversed, or in the given order: a view.",
        evaluate: |frame, arguments| {
            let (ty, id) = receiver(frame, arguments)?;
            let axes = match &arguments[1] {
                Some(Value::Tuple(parts)) if parts.len() == 1 => match &parts[0] {
                    Value::Tuple(inner) => inner.to_vec(),
                    Value::None => Vec::new(),
                    other => vec![other.clone()],
                },
                Some(Value::Tuple(parts)) => parts.to_vec(),
                _ => Vec::new(),
            };
            let order: Option<Vec<usize>> = axes
                .iter()
                .map(|axis| {
                    axis.known_integer()
                        .and_then(|axis| usize::try_from(if axis < 0 { axis + ty.rank as i128 } else { axis }).ok())
                })
                .collect();
            match order {
                Some(order) if order.is_empty() => {
                    Ok(transposed(frame, ty, id, &(0..ty.rank).rev().collect::<Vec<_>>()))
                }
                Some(order) if order.len() == ty.rank && (0..ty.rank).all(|axis| order.contains(&axis)) => {
                    Ok(transposed(frame, ty, id, &order))
                }
                Some(order) if order.len() == ty.rank && order.iter().all(|axis| *axis < ty.rank) => {
                    Err(frame.raise("ValueError", "repeated axis in transpose", &[]))
                }
                Some(_) => Err(frame.raise("ValueError", "axes don't match array", &[])),
                None => Err(frame.unsupported("axes known only at run time")),
            }
        },
    },
    Meaning {
        name: "number.conjugate",
        parameters: "z",
        doc: "The complex conjugate.",
        evaluate: |frame, arguments| {
            let value = arguments[0].clone().unwrap_or(Value::None);
            conjugate(frame, &value)
        },
    },
];

/// The item that `a.item(...)` names: by one index per axis, by its place among all, or the only one.
fn chosen_item(frame: &mut Frame<'_, '_>, (ty, id): (ArrayType, ValueId), given: Option<&Value>) -> Evaluated {
    let array = Value::Array(ty, id);
    let parts = match given {
        Some(Value::Tuple(parts)) => match &**parts {
            [Value::Tuple(inner)] => inner.to_vec(),
            parts => parts.to_vec(),
        },
        _ => Vec::new(),
    };
    match parts.as_slice() {
        parts if parts.len() == ty.rank => super::subscript(frame, &array, &Value::tuple(parts.to_vec())),
        [] => {
            let (count, one) = (item_count(frame, ty, id), frame.index(1));
            let single = frame.compare_indices("eq", count, one);
            frame.check(single, "ValueError", "can only convert an array of size 1 to a Python scalar", &[]);
            let zero = frame.index(0);
            super::load_item(frame, ty, id, &vec![zero; ty.rank])
        }
        [place] => {
            let (count, place) = (item_count(frame, ty, id), frame.as_index(place)?);
            let (zero, inside) = (frame.index(0), frame.compare_indices("lt", place, count));
            let raised = frame.index_arithmetic("numeric.add", place, count);
            let negative = frame.compare_indices("lt", place, zero);
            let position = frame.emit("numeric.select", &[negative, raised, place], IrType::INDEX, Vec::new());
            let above = frame.compare_indices("ge", position, zero);
            let fine = frame.emit("numeric.and", &[inside, above], IrType::BOOL, Vec::new());
            frame.check(fine, "IndexError", "index {} is out of bounds for size {}", &[place, count]);
            super::items::item(frame, &array, position, false)
        }
        _ => Err(frame.raise("ValueError", "incorrect number of indices for array", &[])),
    }
}

/// The array a method was called on.
pub(super) fn receiver(frame: &Frame<'_, '_>, arguments: &[Option<Value>]) -> Evaluated<(ArrayType, ValueId)> {
    match arguments.first() {
        Some(Some(Value::Array(ty, id))) => Ok((*ty, *id)),
        Some(Some(other)) => {
            let seen = frame.describe(other);
            Err(frame.typing(format!("an array is needed here, not {seen}")))
        }
        _ => Err(frame.typing("an array is needed here")),
    }
}

fn copy(frame: &mut Frame<'_, '_>, arguments: &[Option<Value>]) -> Evaluated {
    let (ty, id) = receiver(frame, arguments)?;
    let layout = match &arguments[1] {
        None => Layout::C,
        order => arrays::layout(frame, order.as_ref(), ty.layout)?,
    };
    copies::copied(frame, ty, id, layout)
}

/// The value of `base.name`, methods bound to their receiver.
pub(crate) fn attribute(frame: &mut Frame<'_, '_>, base: &Value, name: &str) -> Evaluated {
    match base {
        Value::Array(ty, id) => array_attribute(frame, *ty, *id, name),
        Value::Number(..) | Value::Scalar(..) => number_attribute(frame, base, name),
        Value::ScalarType(scalar) => match name {
            "itemsize" => Ok(Value::int(scalar.dtype().size() as i128)),
            "name" => Ok(Value::Text(scalar.dtype().name().into())),
            "type" => Ok(base.clone()),
            _ => Err(missing(frame, base, name)),
        },
        Value::Records(..) => super::records::attribute(frame, base, name),
        // What `cfunc` makes.
        Value::Foreign(_) if name == "ctypes" => Ok(base.clone()),
        Value::Foreign(function) if name == "address" => Ok(Value::int(function.address.into())),
        Value::Ctypes(..) => pointers::ctypes_attribute(frame, base, name)?.ok_or_else(|| missing(frame, base, name)),
        Value::Meaning(meaning) if name == "__name__" => Ok(Value::Text(ufuncs::numpy_name(meaning).into())),
        Value::Meaning(meaning) => ufuncs::method(meaning, name).ok_or_else(|| missing(frame, base, name)),
        Value::DType(dtype) => dtypes::attribute(*dtype, name).ok_or_else(|| missing(frame, base, name)),
        Value::RecordType(layout) => match name {
            "itemsize" => Ok(Value::int(layout.size as i128)),
            "names" => {
                Ok(Value::tuple(layout.fields.iter().map(|field| Value::Text(field.name.as_str().into())).collect()))
            }
            "kind" | "char" => Ok(Value::Text("V".into())),
            "ndim" => Ok(Value::int(0)),
            _ => Err(missing(frame, base, name)),
        },
        Value::Range(bounds) | Value::Slice(bounds) => match name {
            "start" => Ok(bounds[0].clone()),
            "stop" => Ok(bounds[1].clone()),
            "step" => Ok(bounds[2].clone()),
            "indices" if matches!(base, Value::Slice(_)) => bound(frame, base, "slice.indices"),
            _ => Err(missing(frame, base, name)),
        },
        Value::Member(_, value) if matches!(name, "value" | "_value_") => Ok((**value).clone()),
        Value::TupleClass(class, defaults) => {
            named_tuples::class_attribute(class, defaults, name).ok_or_else(|| missing(frame, base, name))
        }
        Value::Tuple(tuple) => match (named_tuples::attribute(tuple, name), name) {
            (Some(value), _) => Ok(value),
            (None, "index" | "count") => bound(frame, base, &format!("tuple.{name}")),
            _ => Err(missing(frame, base, name)),
        },
        Value::Generator(_) => match frame.library_member("Generator", name)? {
            Some(Value::Function(function)) if !name.starts_with('_') => {
                Ok(Value::Method(Rc::new(base.clone()), function))
            }
            _ => {
                let help = frame.help_with_member(ModuleId::Known("Generator"), name);
                let Stop::Error(diagnostic) = missing(frame, base, name) else { return Err(Stop::Dead) };
                Err(match help {
                    Some(help) => diagnostic.help(help).into(),
                    None => diagnostic.into(),
                })
            }
        },
        Value::Optional(..) => {
            let message = format!("'NoneType' object has no attribute '{name}'");
            let inner = operators::present(frame, base, &message);
            attribute(frame, &inner, name)
        }
        Value::Bound(receiver, meaning) if meaning.name == flags::NAME => {
            flags::flag(frame, receiver, name)?.ok_or_else(|| missing(frame, base, name))
        }
        _ => Err(missing(frame, base, name)),
    }
}

/// A method bound to its receiver.
fn bound(frame: &Frame<'_, '_>, base: &Value, name: &str) -> Evaluated {
    match super::meaning(name) {
        Some(meaning) => Ok(Value::Bound(Rc::new(base.clone()), meaning)),
        None => Err(missing(frame, base, name)),
    }
}

fn missing(frame: &Frame<'_, '_>, base: &Value, name: &str) -> Stop {
    let seen = frame.describe(base);
    let message = format!("{seen} has no attribute '{name}' that numir compiles");
    let Stop::Error(diagnostic) = frame.error(ErrorKind::Typing, message) else { return Stop::Dead };
    if let Some(help) = refused::help("ndarray", name).filter(|_| matches!(base, Value::Array(..))) {
        return diagnostic.help(help).into();
    }
    let names: Vec<&str> = match base {
        Value::Array(..) => super::names("ndarray").into_iter().chain(PLAIN).collect(),
        Value::Number(..) | Value::Scalar(..) => vec!["real", "imag", "conjugate"],
        Value::DType(_) => dtypes::ATTRIBUTES.to_vec(),
        Value::Tuple(tuple) => {
            let fields = tuple.class.iter().flat_map(|class| &class.fields);
            fields.map(String::as_str).chain(["index", "count"]).collect()
        }
        Value::Slice(_) => vec!["start", "stop", "step", "indices"],
        Value::Bound(_, meaning) if meaning.name == flags::NAME => flags::names().collect(),
        _ => Vec::new(),
    };
    match super::nearest(names, name) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic,
    }
    .into()
}

/// The attributes of an array that are no methods.
const PLAIN: [&str; 13] =
    ["T", "ctypes", "dtype", "flat", "imag", "itemsize", "mT", "nbytes", "ndim", "real", "shape", "size", "strides"];

fn array_attribute(frame: &mut Frame<'_, '_>, ty: ArrayType, id: ValueId, name: &str) -> Evaluated {
    let size = i128::try_from(ty.dtype.size()).unwrap_or(1);
    Ok(match name {
        "shape" => {
            let extents: Vec<_> = (0..ty.rank)
                .map(|axis| {
                    let extent = frame.extent(id, axis);
                    frame.index_as_int(extent)
                })
                .collect();
            Value::tuple(extents)
        }
        "ctypes" => Value::Ctypes(ty, id),
        "ndim" => Value::int(ty.rank as i128),
        "itemsize" => Value::int(size),
        "dtype" => Value::DType(ty.dtype),
        "size" => {
            let size = item_count(frame, ty, id);
            frame.index_as_int(size)
        }
        "nbytes" => {
            let count = item_count(frame, ty, id);
            let count = frame.index_as_int(count);
            frame.int_arithmetic("numeric.mul", &count, &Value::int(size))?
        }
        "strides" => {
            let mut strides = Vec::with_capacity(ty.rank);
            for axis in 0..ty.rank {
                let attributes = vec![("axis", Attribute::Integer(axis as i64))];
                let stride = frame.emit("numeric.stride", &[id], IrType::INDEX, attributes);
                let stride = frame.index_as_int(stride);
                strides.push(frame.int_arithmetic("numeric.mul", &stride, &Value::int(size))?);
            }
            Value::tuple(strides)
        }
        "flat" => Value::Iteration(Rc::new(Iteration::Items(Value::Array(ty, id), false))),
        "T" => transposed(frame, ty, id, &(0..ty.rank).rev().collect::<Vec<_>>()),
        "mT" if ty.rank < 2 => {
            return Err(frame.raise("ValueError", "matrix transpose with ndim < 2 is undefined", &[]));
        }
        "mT" => {
            let mut order: Vec<_> = (0..ty.rank).collect();
            order.swap(ty.rank - 2, ty.rank - 1);
            transposed(frame, ty, id, &order)
        }
        "real" if Scalar::Of(ty.dtype).kind() < Kind::Complex => Value::Array(ty, id),
        "real" => views::part(frame, ty, id, 0),
        "imag" if Scalar::Of(ty.dtype).kind() == Kind::Complex => views::part(frame, ty, id, 1),
        "imag" if ty.rank == 0 => {
            let zero = arrays::allocate(frame, ArrayType { writable: true, ..ty }, &[], true);
            Value::Array(ArrayType { writable: false, ..ty }, zero)
        }
        "imag" => {
            let zeros = operators::map(frame, &[Value::Array(ty, id)], |frame, items| {
                number_attribute(frame, &items[0], "imag")
            })?;
            match zeros {
                Value::Array(ty, id) => Value::Array(ArrayType { writable: false, ..ty }, id),
                other => other,
            }
        }
        _ => match super::meaning(&format!("ndarray.{name}")) {
            Some(meaning) => Value::Bound(Rc::new(Value::Array(ty, id)), meaning),
            None => match frame.library_member("ndarray", name)? {
                Some(Value::Function(function)) if !name.starts_with('_') => {
                    Value::Method(Rc::new(Value::Array(ty, id)), function)
                }
                _ => return Err(missing(frame, &Value::Array(ty, id), name)),
            },
        },
    })
}

/// The number of items, an index.
pub(super) fn item_count(frame: &mut Frame<'_, '_>, ty: ArrayType, id: ValueId) -> ValueId {
    let mut count = frame.index(1);
    for axis in 0..ty.rank {
        let extent = frame.extent(id, axis);
        count = frame.index_arithmetic("numeric.mul", count, extent);
    }
    count
}

fn number_attribute(frame: &mut Frame<'_, '_>, base: &Value, name: &str) -> Evaluated {
    let Some(scalar) = base.scalar() else { return Err(missing(frame, base, name)) };
    let part = |frame: &mut Frame<'_, '_>, operation: &'static str| {
        let id = frame.materialize(base)?;
        let real = scalar.real();
        Ok(Value::Scalar(real, frame.emit(operation, &[id], IrType::Scalar(real), Vec::new())))
    };
    match (name, scalar.kind()) {
        ("real", Kind::Complex) => part(frame, "numeric.real"),
        ("imag", Kind::Complex) => part(frame, "numeric.imag"),
        ("astype" | "view", Kind::Time) => match super::meaning(&format!("generic.{name}")) {
            Some(meaning) => Ok(Value::Bound(Rc::new(base.clone()), meaning)),
            None => Err(missing(frame, base, name)),
        },
        ("real" | "imag" | "conj" | "conjugate", Kind::Time) => Err(missing(frame, base, name)),
        ("real", _) => operators::unary(frame, "+", base),
        ("imag", _) => {
            let scalar = if scalar == Scalar::Bool { Scalar::Int } else { scalar };
            cast(frame, &Value::int(0), scalar)
        }
        ("conjugate" | "conj", _) => match super::meaning("number.conjugate") {
            Some(meaning) => Ok(Value::Bound(Rc::new(base.clone()), meaning)),
            None => Err(missing(frame, base, name)),
        },
        ("dtype", _) if !scalar.is_python() => Ok(Value::DType(scalar.dtype())),
        ("itemsize", _) if !scalar.is_python() => Ok(Value::int(scalar.dtype().size() as i128)),
        // NumPy's numbers have the attributes and methods of arrays.
        (_, kind) if !scalar.is_python() && kind != Kind::Time => {
            let ty = ArrayType::contiguous(scalar.dtype(), 0);
            let item = frame.materialize(base)?;
            let array = arrays::allocate(frame, ty, &[], false);
            frame.emit_effect("numeric.store", &[item, array], Vec::new());
            match array_attribute(frame, ty, array, name) {
                Err(Stop::Error(_)) => Err(missing(frame, base, name)),
                found => found,
            }
        }
        _ => Err(missing(frame, base, name)),
    }
}

fn conjugate(frame: &mut Frame<'_, '_>, value: &Value) -> Evaluated {
    if value.scalar().is_none_or(|scalar| scalar.kind() != Kind::Complex) {
        return operators::unary(frame, "+", value);
    }
    let scalar = value.scalar().unwrap_or(Scalar::Complex);
    let part = IrType::Scalar(scalar.real());
    let id = frame.materialize(value)?;
    let real = frame.emit("numeric.real", &[id], part, Vec::new());
    let imaginary = frame.emit("numeric.imag", &[id], part, Vec::new());
    let negated = frame.emit("numeric.neg", &[imaginary], part, Vec::new());
    Ok(Value::Scalar(scalar, frame.emit("numeric.complex", &[real, negated], IrType::Scalar(scalar), Vec::new())))
}

pub(super) fn transposed(frame: &mut Frame<'_, '_>, ty: ArrayType, id: ValueId, order: &[usize]) -> Value {
    let reversed = order.iter().rev().copied().eq(0..ty.rank);
    let layout = match ty.layout {
        _ if ty.rank < 2 => ty.layout,
        Layout::C if reversed => Layout::F,
        Layout::F if reversed => Layout::C,
        _ => Layout::Any,
    };
    let to = ArrayType { layout, ..ty };
    let (zero, one) = (frame.index(0), frame.index(1));
    let sizes: Vec<_> = (0..ty.rank).map(|axis| frame.extent(id, axis)).collect();
    let mut operands = vec![id];
    operands.extend(vec![zero; ty.rank]);
    operands.extend(sizes);
    operands.extend(vec![one; ty.rank]);
    let axes = Attribute::Integers(order.iter().map(|axis| *axis as i64).collect());
    Value::Array(to, frame.emit("numeric.view", &operands, IrType::Array(to), vec![("axes", axes)]))
}

/// `base.name = value`.
pub(crate) fn store_attribute(frame: &mut Frame<'_, '_>, base: &Value, name: &str, value: &Value) -> Evaluated<()> {
    match (base, name) {
        (Value::Array(ty, id), "flat") if value.scalar().is_some() => {
            super::check_writable(frame, *ty)?;
            super::indexing::fill(frame, *ty, *id, value)
        }
        (Value::Records(..), _) => super::records::store(frame, base, name, value),
        (Value::Array(..), "T" | "mT") => {
            let message = format!("attribute '{name}' of 'numpy.ndarray' objects is not writable");
            Err(frame.raise("AttributeError", &message, &[]))
        }
        // Assigning to a view of all items writes through it.
        (Value::Array(..), "real" | "imag") => {
            let view = attribute(frame, base, name)?;
            super::store_item(frame, &view, &Value::Ellipsis, value)
        }
        _ => {
            let seen = frame.describe(base);
            Err(frame.unsupported(format!("assigning to attribute '{name}' of {seen}")))
        }
    }
}
