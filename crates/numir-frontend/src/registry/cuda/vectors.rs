//! Vectors of two to four numbers, and of one: `cuda.float32x4` and the like, which C calls `float4`. One is a named tuple of its items.

use super::given;
use crate::registry::{Meaning, cast};
use crate::specialize::{Evaluated, Frame};
use crate::types::{Class, Kind, Scalar};
use crate::value::{Elements, Value};
use numir_runtime::DType;
use std::sync::Arc;

/// The names of the items.
const ITEMS: [&str; 4] = ["x", "y", "z", "w"];

macro_rules! one {
    ($spelling:expr, $name:expr, $dtype:ident, $count:literal) => {
        Meaning {
            name: concat!("cuda.", $spelling),
            parameters: "*parts",
            doc: "A vector of numbers, of numbers and other vectors.",
            evaluate: |frame, arguments| vector(frame, $name, DType::$dtype, $count, &given(arguments, 0)),
        }
    };
}

macro_rules! vectors {
    ($($dtype:ident $name:literal [$($alias:literal)*];)*) => {
        &[$(
            one!(concat!($name, "x1"), concat!($name, "x1"), $dtype, 1),
            one!(concat!($name, "x2"), concat!($name, "x2"), $dtype, 2),
            one!(concat!($name, "x3"), concat!($name, "x3"), $dtype, 3),
            one!(concat!($name, "x4"), concat!($name, "x4"), $dtype, 4),
            $(
                one!(concat!($alias, "1"), concat!($name, "x1"), $dtype, 1),
                one!(concat!($alias, "2"), concat!($name, "x2"), $dtype, 2),
                one!(concat!($alias, "3"), concat!($name, "x3"), $dtype, 3),
                one!(concat!($alias, "4"), concat!($name, "x4"), $dtype, 4),
            )*
        )*]
    };
}

pub(super) static MEANINGS: &[Meaning] = vectors! {
    Int8 "int8" ["char"];
    Int16 "int16" ["short"];
    Int32 "int32" ["int"];
    Int64 "int64" ["long" "longlong"];
    UInt8 "uint8" ["uchar"];
    UInt16 "uint16" ["ushort"];
    UInt32 "uint32" ["uint"];
    UInt64 "uint64" ["ulong" "ulonglong"];
    Float32 "float32" ["float"];
    Float64 "float64" ["double"];
};

/// A vector of numbers, and of the items of vectors among them.
fn vector(frame: &mut Frame<'_, '_>, name: &str, dtype: DType, count: usize, parts: &Value) -> Evaluated {
    let Value::Tuple(parts) = parts else { return Err(frame.typing(format!("{name}() takes numbers and vectors"))) };
    let mut items = Vec::with_capacity(count);
    for part in parts.iter() {
        match part {
            Value::Tuple(inner) if is_vector(inner) => items.extend(inner.iter().cloned()),
            part if part.scalar().is_some_and(|scalar| scalar.kind() < Kind::Complex) => items.push(part.clone()),
            part => {
                let seen = frame.describe(part);
                return Err(frame.typing(format!("{name}() takes numbers and vectors, not {seen}")));
            }
        }
    }
    if items.len() != count {
        let message = format!("{name}() takes {count} numbers, alone or in vectors, and gets {}", items.len());
        return Err(frame.typing(message));
    }
    let items = items.iter().map(|item| cast(frame, item, Scalar::Of(dtype))).collect::<Evaluated<Vec<_>>>()?;
    Ok(Value::Tuple(Elements::new(Some(Arc::new(class(name, count))), items)))
}

fn class(name: &str, count: usize) -> Class {
    Class {
        identity: format!("{PLACE}{name}"),
        name: name.to_owned(),
        fields: ITEMS[..count].iter().map(|item| (*item).to_owned()).collect(),
    }
}

/// Before the name of a vector's class.
const PLACE: &str = "numir.cuda.";

fn is_vector(tuple: &Elements) -> bool {
    tuple.class.as_ref().is_some_and(|class| class.identity == format!("{PLACE}{}", class.name))
}
