//! `cuda.atomic`: items of arrays that are changed in one step. Each gives what was there before.

use super::given;
use crate::function_ir::IrType;
use crate::function_ir::ValueId;
use crate::registry::Meaning;
use crate::registry::indexing::{Place, as_item, check_writable, locate};
use crate::specialize::{Evaluated, Frame};
use crate::types::{ArrayType, Kind, Scalar};
use crate::value::Value;
use numir_runtime::DType;

/// What an atomic operation can be done on.
#[derive(Clone, Copy)]
enum Items {
    /// Numbers of any kind but complex ones.
    Real,
    Integers,
    /// Unsigned integers of 32 or 64 bits.
    Counters,
}

macro_rules! atomics {
    ($($name:literal $kind:literal $items:ident $doc:literal;)*) => {
        &[$(Meaning {
            name: concat!("cuda.atomic.", $name),
            parameters: "ary, idx, val",
            doc: $doc,
            evaluate: |frame, arguments| atomic(frame, $name, $kind, Items::$items, arguments),
        },)*
        Meaning {
            name: "cuda.atomic.cas",
            parameters: "ary, idx, old, val",
            doc: "Puts a value in the place of an item that is equal to an expected one.",
            evaluate: |frame, arguments| exchange(frame, "cas", &given(arguments, 0), &given(arguments, 1), &given(arguments, 2), &given(arguments, 3)),
        },
        Meaning {
            name: "cuda.atomic.compare_and_swap",
            parameters: "ary, old, val",
            doc: "The same with the first item.",
            evaluate: |frame, arguments| exchange(frame, "compare_and_swap", &given(arguments, 0), &Value::int(0), &given(arguments, 1), &given(arguments, 2)),
        }]
    };
}

pub(super) static MEANINGS: &[Meaning] = atomics! {
    "add" "add" Real "Adds to an item.";
    "sub" "sub" Real "Subtracts from an item.";
    "max" "max" Real "The greater of an item and a value; NaN, if one of them is.";
    "min" "min" Real "The lesser of an item and a value; NaN, if one of them is.";
    "nanmax" "nanmax" Real "The greater of an item and a value; the number, if one of them is NaN.";
    "nanmin" "nanmin" Real "The lesser of an item and a value; the number, if one of them is NaN.";
    "and_" "and" Integers "The bits that an item and a value have.";
    "or_" "or" Integers "The bits that an item or a value has.";
    "xor" "xor" Integers "The bits that either an item or a value has.";
    "inc" "inc" Counters "One more, or 0 from the value on.";
    "dec" "dec" Counters "One less; or the value, where the item is 0 or above it.";
    "exch" "exchange" Real "Puts a value in the place of an item.";
};

fn atomic(frame: &mut Frame<'_, '_>, name: &str, kind: &str, items: Items, arguments: &[Option<Value>]) -> Evaluated {
    let (ty, array, indices) = item(frame, name, &given(arguments, 0), &given(arguments, 1))?;
    let scalar = Scalar::Of(ty.dtype);
    let fits = match items {
        Items::Real => matches!(scalar.kind(), Kind::Integer | Kind::Float),
        Items::Integers => scalar.kind() == Kind::Integer,
        Items::Counters => matches!(ty.dtype, DType::UInt32 | DType::UInt64),
    };
    if !fits {
        let what = match items {
            Items::Real => "integers or floats",
            Items::Integers => "integers",
            Items::Counters => "uint32 or uint64",
        };
        return Err(frame.typing(format!("cuda.atomic.{name}() works on arrays of {what}, not on {ty}")));
    }
    let value = as_item(frame, &given(arguments, 2), ty)?;
    let mut operands = vec![array];
    operands.extend(indices);
    operands.push(frame.materialize(&value)?);
    Ok(Value::Scalar(scalar, frame.emit("numeric.atomic", &operands, IrType::Scalar(scalar), super::kind(kind))))
}

fn exchange(
    frame: &mut Frame<'_, '_>,
    name: &str,
    array: &Value,
    index: &Value,
    expected: &Value,
    value: &Value,
) -> Evaluated {
    let (ty, array, indices) = item(frame, name, array, index)?;
    let scalar = Scalar::Of(ty.dtype);
    if !matches!(scalar.kind(), Kind::Integer | Kind::Float) {
        return Err(frame.typing(format!("cuda.atomic.{name}() works on arrays of integers or floats, not on {ty}")));
    }
    let mut operands = vec![array];
    operands.extend(indices);
    for value in [expected, value] {
        let value = as_item(frame, value, ty)?;
        operands.push(frame.materialize(&value)?);
    }
    let old = frame.emit("numeric.compare_exchange", &operands, IrType::Scalar(scalar), Vec::new());
    Ok(Value::Scalar(scalar, old))
}

/// An array, and the place of one of its items, which is checked.
fn item(
    frame: &mut Frame<'_, '_>,
    name: &str,
    array: &Value,
    index: &Value,
) -> Evaluated<(ArrayType, ValueId, Vec<ValueId>)> {
    let Value::Array(ty, id) = array else {
        let seen = frame.describe(array);
        return Err(frame.typing(format!("cuda.atomic.{name}() takes an array, not {seen}")));
    };
    check_writable(frame, *ty)?;
    match locate(frame, *ty, *id, index)? {
        Place::Item(indices) => Ok((*ty, *id, indices)),
        Place::View(..) => {
            Err(frame.typing(format!("cuda.atomic.{name}() changes one item: give an index for each axis")))
        }
    }
}
