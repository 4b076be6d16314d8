//! `numir.cuda` in kernels: what is primitive of it. The rest is Python, in `library/cuda.py` and its neighbours.

mod atomics;
mod launch;
mod libdevice;
mod matrices;
mod memory;
mod places;
mod together;
mod vectors;

pub(crate) use launch::{LAUNCH, configured, outside_of_kernels};
pub(crate) use libdevice::{is_libdevice, name_in_libdevice};
pub(crate) use places::place;

use super::{Meaning, cast};
use crate::function_ir::{Attribute, IrType, ValueId};
use crate::specialize::{Evaluated, Frame};
use crate::types::Scalar;
use crate::value::Value;
use numir_runtime::DType;

/// The tables of this folder.
pub(super) static TABLES: [&[Meaning]; 7] = [
    atomics::MEANINGS,
    launch::MEANINGS,
    libdevice::MEANINGS,
    matrices::MEANINGS,
    memory::MEANINGS,
    together::MEANINGS,
    vectors::MEANINGS,
];

/// What a mask of lanes is to the operations.
const MASK: Scalar = Scalar::Of(DType::UInt32);

/// A number of 32 bits.
const WORD: Scalar = Scalar::Of(DType::Int32);

/// The argument at a place; None where it was left out.
fn given(arguments: &[Option<Value>], place: usize) -> Value {
    arguments.get(place).cloned().flatten().unwrap_or(Value::None)
}

/// A number as an operand of that type.
fn operand(frame: &mut Frame<'_, '_>, value: &Value, ty: Scalar) -> Evaluated<ValueId> {
    let value = cast(frame, value, ty)?;
    frame.materialize(&value)
}

/// A truth value as an operand.
fn truth(frame: &mut Frame<'_, '_>, value: &Value) -> Evaluated<ValueId> {
    let truth = frame.truth(value)?;
    frame.materialize(&truth)
}

/// A number of the operations' as a Python int.
fn as_int(frame: &mut Frame<'_, '_>, ty: Scalar, id: ValueId) -> Evaluated {
    cast(frame, &Value::Scalar(ty, id), Scalar::Int)
}

/// The attribute that says of which kind an operation is.
fn kind(text: &str) -> Vec<(&'static str, Attribute)> {
    vec![("kind", Attribute::Text(text.to_owned()))]
}

/// The type of a value of the function IR.
const fn of(ty: Scalar) -> IrType {
    IrType::Scalar(ty)
}
