//! Memory of a block and of a thread: `cuda.shared.array`, `cuda.local.array`, `cuda.const.array_like`.

use super::given;
use crate::function_ir::{Attribute, IrType};
use crate::registry::Meaning;
use crate::registry::dtypes::dtype_argument;
use crate::specialize::{Evaluated, Frame};
use crate::types::{ArrayType, Layout};
use crate::value::Value;

pub(super) static MEANINGS: &[Meaning] = &[
    Meaning {
        name: "cuda.shared.array",
        parameters: "shape, dtype, alignment=None",
        doc: "An array that the threads of a block share. With shape 0 it is the memory that the launch has sized.",
        evaluate: |frame, arguments| array(frame, "shared", arguments),
    },
    Meaning {
        name: "cuda.local.array",
        parameters: "shape, dtype, alignment=None",
        doc: "An array of the thread's own.",
        evaluate: |frame, arguments| array(frame, "local", arguments),
    },
    Meaning {
        name: "cuda.const.array_like",
        parameters: "ary",
        doc: "The array, which kernels only read.",
        evaluate: |frame, arguments| match given(arguments, 0) {
            Value::Array(ty, id) => Ok(Value::Array(ArrayType { writable: false, ..ty }, id)),
            other => {
                let seen = frame.describe(&other);
                Err(frame.typing(format!("cuda.const.array_like() takes an array, not {seen}")))
            }
        },
    },
];

fn array(frame: &mut Frame<'_, '_>, memory: &str, arguments: &[Option<Value>]) -> Evaluated {
    let shape = given(arguments, 0);
    let extents: Option<Vec<i64>> = match &shape {
        Value::Tuple(parts) => parts.iter().map(extent).collect(),
        one => extent(one).map(|one| vec![one]),
    };
    let Some(extents) = extents else {
        let message = format!("the shape of a {memory} array must be known when the kernel is compiled");
        return Err(frame.typing(message));
    };
    let dtype = dtype_argument(frame, &given(arguments, 1))?;
    let is_sized_by_launch = memory == "shared" && extents == [0];
    if extents.iter().any(|extent| *extent < 1) && !is_sized_by_launch {
        return Err(frame.typing(format!("the extents of a {memory} array must be positive")));
    }
    let memory = if is_sized_by_launch { "dynamic" } else { memory };
    let ty = ArrayType::new(dtype, extents.len(), Layout::C);
    let attributes = vec![("memory", Attribute::Text(memory.to_owned())), ("extents", Attribute::Integers(extents))];
    Ok(Value::Array(ty, frame.emit("numeric.device_array", &[], IrType::Array(ty), attributes)))
}

fn extent(value: &Value) -> Option<i64> {
    value.known_integer().and_then(|extent| i64::try_from(extent).ok())
}
