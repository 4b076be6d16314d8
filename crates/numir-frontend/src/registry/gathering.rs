//! Indices that are arrays: brought to one form here, and read or written by the library (`library/_numpy_gathering.py`).

use super::{Meaning, copies, indexing};
use crate::specialize::{Evaluated, Frame};
use crate::types::{ArrayType, Kind, Scalar};
use crate::value::Value;
use numir_runtime::DType;
use std::rc::Rc;

pub(super) static MEANINGS: &[Meaning] = &[
    Meaning {
        name: "numpy.mgrid",
        parameters: "*args",
        doc: "A dense grid, by its axes' slices in brackets.",
        evaluate: |frame, _| Err(frame.typing("mgrid is indexed with slices, and is no function")),
    },
    Meaning {
        name: "numpy.ogrid",
        parameters: "*args",
        doc: "An open grid, by its axes' slices in brackets.",
        evaluate: |frame, _| Err(frame.typing("ogrid is indexed with slices, and is no function")),
    },
    Meaning {
        name: "numpy.r_",
        parameters: "*args",
        doc: "Arrays, numbers and slices, put one after the other along the first axis, in brackets.",
        evaluate: |frame, _| Err(frame.typing("r_ takes brackets, and is no function")),
    },
    Meaning {
        name: "numpy.c_",
        parameters: "*args",
        doc: "The same as columns.",
        evaluate: |frame, _| Err(frame.typing("c_ takes brackets, and is no function")),
    },
    Meaning {
        name: "numpy.s_",
        parameters: "*args",
        doc: "The index in brackets.",
        evaluate: |frame, _| Err(frame.typing("s_ takes brackets, and is no function")),
    },
    Meaning {
        name: "numpy.index_exp",
        parameters: "*args",
        doc: "The index in brackets, as a tuple.",
        evaluate: |frame, _| Err(frame.typing("index_exp takes brackets, and is no function")),
    },
];

/// `np.mgrid[index]`, and the other names of NumPy that take brackets.
pub(super) fn grid(frame: &mut Frame<'_, '_>, meaning: &Meaning, index: &Value) -> Option<Evaluated> {
    let name = match meaning.name {
        "numpy.mgrid" => "_mgrid",
        "numpy.ogrid" => "_ogrid",
        "numpy.r_" => "rows_of",
        "numpy.c_" => "columns_of",
        "numpy.s_" => return Some(Ok(index.clone())),
        "numpy.index_exp" if matches!(index, Value::Tuple(_)) => return Some(Ok(index.clone())),
        "numpy.index_exp" => return Some(Ok(Value::tuple(vec![index.clone()]))),
        _ => return None,
    };
    Some(frame.call_library("_numpy_views", name, vec![index.clone()]))
}

/// Where an index with arrays leads: what is given to the library.
pub(super) struct Places {
    /// The array, its axes that single positions and slices choose from already reduced to these.
    view: (Value, Value),
    masked: bool,
}

/// Whether a part of an index is an array that chooses items one by one.
fn chooses(part: &Value) -> bool {
    match part {
        Value::Array(ty, _) => ty.rank > 0 || ty.dtype == DType::Bool,
        Value::Tuple(_) => true,
        other => other.scalar().is_some_and(|scalar| scalar.kind() == Kind::Bool),
    }
}

/// The parts of an index where one of them is an array of positions or of bools.
pub(super) fn parts(index: &Value) -> Option<Vec<Value>> {
    let parts = match index {
        Value::Tuple(parts) => parts.to_vec(),
        one => vec![one.clone()],
    };
    parts.iter().any(chooses).then_some(parts)
}

/// Whether items at an index are a copy, which has to be written back if it is changed.
pub(crate) fn is_copied(index: &Value) -> bool {
    parts(index).is_some()
}

/// How many axes a part of an index takes.
pub(super) fn consumed(part: &Value) -> usize {
    match part {
        Value::None | Value::Ellipsis => 0,
        Value::Array(ty, _) if ty.dtype == DType::Bool => ty.rank,
        other if other.scalar().is_some_and(|scalar| scalar.kind() == Kind::Bool) => 0,
        _ => 1,
    }
}

/// Brings the parts of an index to arrays of positions and the axes of a view that they choose from.
pub(super) fn places(frame: &mut Frame<'_, '_>, array: (ArrayType, &Value), given: Vec<Value>) -> Evaluated<Places> {
    let (ty, base) = array;
    let mut parts = Vec::with_capacity(given.len());
    for part in given {
        parts.push(match &part {
            Value::Tuple(elements) if elements.is_empty() => copies::array_of(frame, &part, Some(DType::Int64))?,
            Value::Tuple(_) => copies::array_of(frame, &part, None)?,
            _ => part,
        });
    }
    let taken: usize = parts.iter().map(consumed).sum();
    if taken > ty.rank {
        let message = format!("too many indices for array: array is {}-dimensional, but {taken} were indexed", ty.rank);
        return Err(frame.raise("IndexError", &message, &[]));
    }
    if parts.iter().filter(|part| matches!(part, Value::Ellipsis)).count() > 1 {
        return Err(frame.typing("an index can only have a single ellipsis ('...')"));
    }
    if !parts.iter().any(|part| matches!(part, Value::Ellipsis)) {
        parts.push(Value::Ellipsis);
    }
    let whole = || Value::Slice(Rc::new([Value::None, Value::None, Value::None]));
    let is_number = |part: &Value| part.scalar().is_some() || matches!(part, Value::Array(..));
    // Arrays and numbers that stand together keep their place, else their axes come first.
    let numbers: Vec<usize> = (0..parts.len()).filter(|place| is_number(&parts[*place])).collect();
    let together = numbers.windows(2).all(|pair| pair[1] == pair[0] + 1);
    let masked = parts.iter().any(|part| matches!(part, Value::Array(ty, _) if ty.dtype == DType::Bool));
    let (mut basic, mut chosen, mut axes, mut original) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut axis, mut place, mut first) = (0, 0, None);
    for part in parts {
        match &part {
            Value::Array(of, _) => {
                first.get_or_insert(axis);
                let found = if of.dtype == DType::Bool {
                    frame.call_library(
                        "_numpy_gathering",
                        "places_of",
                        vec![base.clone(), part.clone(), Value::int(place)],
                    )?
                } else if Scalar::Of(of.dtype).kind() == Kind::Integer {
                    Value::tuple(vec![part.clone()])
                } else {
                    let message = "arrays used as indices must be of integer (or boolean) type";
                    return Err(frame.raise("IndexError", message, &[]));
                };
                let Value::Tuple(found) = found else { return Err(frame.typing("an index of arrays")) };
                for positions in found.iter() {
                    chosen.push(positions.clone());
                    axes.push(Value::int(axis));
                    original.push(Value::int(place));
                    basic.push(whole());
                    axis += 1;
                    place += 1;
                }
            }
            Value::Ellipsis => {
                for _ in 0..ty.rank - taken {
                    basic.push(whole());
                    axis += 1;
                    place += 1;
                }
            }
            Value::None => {
                basic.push(part);
                axis += 1;
            }
            other if other.scalar().is_some_and(|scalar| scalar.kind() == Kind::Bool) => {
                return Err(frame.unsupported("an index that is a single bool"));
            }
            other if other.scalar().is_some() => {
                first.get_or_insert(axis);
                basic.push(part);
                place += 1;
            }
            _ => {
                basic.push(part);
                axis += 1;
                place += 1;
            }
        }
    }
    let view = indexing::subscript(frame, base, &Value::tuple(basic))?;
    let first = if together { first.unwrap_or(0) } else { 0 };
    let how = Value::tuple(vec![Value::tuple(axes), Value::int(first), Value::tuple(original)]);
    Ok(Places { view: (Value::tuple(vec![view, Value::tuple(chosen)]), how), masked })
}

/// The items at an index that has arrays among its parts: a new array.
pub(super) fn gather(frame: &mut Frame<'_, '_>, array: (ArrayType, &Value), parts: Vec<Value>) -> Evaluated {
    let found = places(frame, array, parts)?;
    let (from, how) = found.view;
    frame.call_library("_numpy_gathering", "gather", vec![from, how])
}

/// Assigns to the items at an index that has arrays among its parts.
pub(super) fn scatter(
    frame: &mut Frame<'_, '_>,
    array: (ArrayType, &Value),
    parts: Vec<Value>,
    value: &Value,
) -> Evaluated<()> {
    let value = match value {
        Value::Tuple(_) => copies::array_of(frame, value, None)?,
        other => other.clone(),
    };
    let found = places(frame, array, parts)?;
    let (from, how) = found.view;
    let arguments = vec![from, how, value, Value::bool(found.masked)];
    frame.call_library("_numpy_gathering", "scatter", arguments).map(|_| ())
}
