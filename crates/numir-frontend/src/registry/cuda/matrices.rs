//! What the library's products are made of: matrices that a warp has in its lanes, and copies that go on while threads compute.

use super::{MASK, given, kind, of, operand};
use crate::function_ir::{Attribute, ValueId};
use crate::registry::Meaning;
use crate::specialize::{Evaluated, Frame};
use crate::types::{ArrayType, Scalar};
use crate::value::Value;
use numir_runtime::DType;

/// An item of a sum.
const SINGLE: Scalar = Scalar::Of(DType::Float32);

pub(super) static MEANINGS: &[Meaning] = &[
    Meaning {
        name: "intrinsics.mma",
        parameters: "form, a, b, c",
        doc: "The product of two matrices of a warp, added to a third: tuples of a lane's four and two words, and of four float32.",
        evaluate: |frame, arguments| {
            let (Value::Text(form), Value::Tuple(a), Value::Tuple(b), Value::Tuple(c)) =
                (given(arguments, 0), given(arguments, 1), given(arguments, 2), given(arguments, 3))
            else {
                return Err(frame.typing("mma() takes the name of a form, and three tuples"));
            };
            let mut operands = Vec::with_capacity(10);
            for word in a.iter().chain(b.iter()) {
                operands.push(operand(frame, word, MASK)?);
            }
            for item in c.iter() {
                operands.push(operand(frame, item, SINGLE)?);
            }
            let results = [of(SINGLE); 4];
            let told = frame.emit_all("numeric.warp", operands, &results, kind(&format!("mma_{form}")), Vec::new());
            Ok(Value::tuple(told.into_iter().map(|id| Value::Scalar(SINGLE, id)).collect()))
        },
    },
    Meaning {
        name: "intrinsics.load_matrix",
        parameters: "array, index, transposed=False",
        doc: "Words of four matrices of shared memory, of each the lane's; index is where a row begins. Unchecked.",
        evaluate: |frame, arguments| {
            let (_, array) = array(frame, &given(arguments, 0))?;
            let mut operands = vec![array];
            push_indices(frame, &given(arguments, 1), &mut operands)?;
            let transposed = given(arguments, 2).known_integer().is_some_and(|known| known != 0);
            let attributes = transposed.then_some(("transposed", Attribute::Unit)).into_iter().collect();
            let told = frame.emit_all("numeric.load_matrix", operands, &[of(MASK); 4], attributes, Vec::new());
            Ok(Value::tuple(told.into_iter().map(|id| Value::Scalar(MASK, id)).collect()))
        },
    },
    Meaning {
        name: "intrinsics.copy_async",
        parameters: "to, to_index, source, index, bytes",
        doc: "Begins to copy the first bytes of 16 from one array to one of shared memory, and zeros for the others. Unchecked.",
        evaluate: |frame, arguments| {
            let (_, to) = array(frame, &given(arguments, 0))?;
            let (_, source) = array(frame, &given(arguments, 2))?;
            let mut operands = vec![to, source];
            push_indices(frame, &given(arguments, 1), &mut operands)?;
            push_indices(frame, &given(arguments, 3), &mut operands)?;
            operands.push(frame.as_index(&given(arguments, 4))?);
            frame.emit_effect("numeric.copy_async", &operands, Vec::new());
            Ok(Value::None)
        },
    },
    Meaning {
        name: "intrinsics.await_copies",
        parameters: "pending",
        doc: "Makes a group of the copies begun since the last time, and waits until no more than so many groups are under way.",
        evaluate: |frame, arguments| {
            let pending = given(arguments, 0).known_integer().and_then(|pending| i64::try_from(pending).ok());
            let Some(pending) = pending else { return Err(frame.typing("await_copies() takes a known number")) };
            frame.emit_effect("numeric.await_copies", &[], vec![("pending", Attribute::Integer(pending))]);
            Ok(Value::None)
        },
    },
];

fn array(frame: &mut Frame<'_, '_>, value: &Value) -> Evaluated<(ArrayType, ValueId)> {
    match value {
        Value::Array(ty, id) => Ok((*ty, *id)),
        other => {
            let seen = frame.describe(other);
            Err(frame.typing(format!("this is done with arrays, not with {seen}")))
        }
    }
}

/// The indices of an item, which are in bounds, as operands.
fn push_indices(frame: &mut Frame<'_, '_>, index: &Value, operands: &mut Vec<ValueId>) -> Evaluated<()> {
    let Value::Tuple(indices) = index else { return Err(frame.typing("an item has an index for each axis")) };
    for index in indices.iter() {
        operands.push(frame.as_index(index)?);
    }
    Ok(())
}
