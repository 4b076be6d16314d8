//! Addresses of C in compiled code: arrays over what they point to, and those of arrays.

use super::arrays::extents;
use super::dtypes::dtype_argument;
use super::{Meaning, attributes};
use crate::function_ir::IrType;
use crate::specialize::{Evaluated, Frame};
use crate::types::{ArrayType, Layout, Scalar};
use crate::value::Value;

pub(super) static MEANINGS: &[Meaning] = &[
    Meaning {
        name: "numir.carray",
        parameters: "ptr, shape, dtype=None",
        doc: "The items at an address as an array of a shape, in C order. Nothing is copied.",
        evaluate: |frame, arguments| array_at(frame, arguments, Layout::C, "carray"),
    },
    Meaning {
        name: "numir.farray",
        parameters: "ptr, shape, dtype=None",
        doc: "The same in Fortran order.",
        evaluate: |frame, arguments| array_at(frame, arguments, Layout::F, "farray"),
    },
    Meaning {
        name: "cffi.from_buffer",
        parameters: "a",
        doc: "The address of an array's items.",
        evaluate: |frame, arguments| {
            let (ty, id) = attributes::receiver(frame, arguments)?;
            let refused = match ty.layout {
                Layout::Any if ty.rank > 0 => Some("from_buffer() unsupported on non-contiguous buffers"),
                Layout::F if ty.rank > 1 => Some("from_buffer() only supports multidimensional arrays with C layout"),
                _ => None,
            };
            if let Some(why) = refused {
                let message = format!("{why} (got {ty})");
                return Err(frame.typing(message));
            }
            Ok(Value::Pointer(Some(ty.dtype), frame.address_of(id)))
        },
    },
];

fn array_at(frame: &mut Frame<'_, '_>, arguments: &[Option<Value>], layout: Layout, name: &str) -> Evaluated {
    let [Some(pointer), Some(shape), dtype] = arguments else { return Ok(Value::None) };
    let given = match dtype {
        None | Some(Value::None) => None,
        Some(dtype) => Some(dtype_argument(frame, dtype)?),
    };
    let Value::Pointer(to, address) = pointer else {
        let seen = frame.describe(pointer);
        return Err(frame.typing(format!("{name}() takes a pointer, not {seen}")));
    };
    let dtype = match (to, given) {
        (Some(to), Some(given)) if *to != given => {
            let (to, given) = (Scalar::Of(*to), Scalar::Of(given));
            let message = format!("{name}(): mismatching dtype '{given}' for pointer type '{to}*'");
            return Err(frame.typing(message));
        }
        (Some(dtype), _) => *dtype,
        (None, Some(dtype)) => dtype,
        (None, None) => return Err(frame.typing(format!("{name}() of a void pointer needs a dtype"))),
    };
    let sizes = extents(frame, shape)?;
    let layout = if sizes.len() < 2 { Layout::C } else { layout };
    let ty = ArrayType::new(dtype, sizes.len(), layout);
    let mut operands = vec![*address];
    operands.extend(sizes);
    Ok(Value::Array(ty, frame.emit("numeric.array_at", &operands, IrType::Array(ty), Vec::new())))
}

/// An attribute of `a.ctypes`.
pub(super) fn ctypes_attribute(frame: &mut Frame<'_, '_>, base: &Value, name: &str) -> Evaluated<Option<Value>> {
    let Value::Ctypes(ty, id) = base else { return Ok(None) };
    Ok(match name {
        "data" => {
            let address = frame.address_of(*id);
            Some(super::cast(frame, &Value::Scalar(Scalar::Of(numir_runtime::DType::UInt64), address), Scalar::Int)?)
        }
        "shape" | "strides" => Some(super::attribute(frame, &Value::Array(*ty, *id), name)?),
        _ => None,
    })
}
