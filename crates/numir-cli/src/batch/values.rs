//! Values as JSON, exact to the bit, and back: tests/python/README.md holds the format.

use numir::{Array, DType, Value};
use numir_runtime::Scalar;
use numir_runtime::array::c_strides;
use numir_runtime::memory::Owner;
use serde_json::{Value as Json, json};

/// The arguments of a case. Arrays may share the memory of an earlier one.
pub fn arguments(json: &Json) -> Result<Vec<Value>, String> {
    let Some(items) = json.as_array() else { return Err("`args` is no list".to_owned()) };
    let mut buffers: Vec<Option<(Owner, usize)>> = Vec::new();
    let mut values = Vec::new();
    for item in items {
        let (value, buffer) = match item["t"].as_str() {
            Some("array") => {
                let buffer = match item["base"].as_u64() {
                    Some(base) => buffers.get(base as usize).cloned().flatten().ok_or("`base` names no array")?,
                    None => buffer(&unhex(&item["data"])?)?,
                };
                (Value::Array(array(item, &buffer)?), Some(buffer))
            }
            _ => (value(item)?, None),
        };
        values.push(value);
        buffers.push(buffer);
    }
    Ok(values)
}

fn value(item: &Json) -> Result<Value, String> {
    let content = &item["v"];
    let text = || content.as_str().ok_or_else(|| format!("no text in {item}"));
    Ok(match item["t"].as_str().unwrap_or_default() {
        "none" => Value::None,
        "bool" => Value::Bool(content.as_bool().ok_or_else(|| format!("no truth value in {item}"))?),
        "int" => Value::Int(text()?.parse().map_err(|_| "an int of more than 64 bits".to_owned())?),
        "float" => Value::Float(float(content)?),
        "complex" => Value::Complex(float(&content[0])?, float(&content[1])?),
        "str" => Value::Str(text()?.to_owned()),
        "tuple" => {
            let items = content.as_array().ok_or_else(|| format!("no items in {item}"))?;
            Value::Tuple(items.iter().map(value).collect::<Result<_, _>>()?)
        }
        "scalar" => {
            let dtype = dtype(item)?;
            let bytes = unhex(content)?;
            if bytes.len() != dtype.size() {
                return Err(format!("{} bytes for a {dtype}", bytes.len()));
            }
            // SAFETY: as many bytes as the type has are readable.
            Value::Scalar(unsafe { Scalar::read(dtype, bytes.as_ptr()) })
        }
        other => return Err(format!("no value of kind `{other}`")),
    })
}

fn float(json: &Json) -> Result<f64, String> {
    let bits = json.as_str().and_then(|text| u64::from_str_radix(text, 16).ok());
    bits.map(f64::from_bits).ok_or_else(|| format!("no bits of a double: {json}"))
}

fn dtype(item: &Json) -> Result<DType, String> {
    item["dtype"].as_str().and_then(DType::from_name).ok_or_else(|| format!("no dtype {}", item["dtype"]))
}

fn unhex(json: &Json) -> Result<Vec<u8>, String> {
    let text = json.as_str().ok_or("`data` is no text")?;
    let digit = |digit: u8| (digit as char).to_digit(16);
    let byte = |pair: &[u8; 2]| Some((digit(pair[0])? * 16 + digit(pair[1])?) as u8);
    let bytes: Option<Vec<u8>> = text.as_bytes().as_chunks().0.iter().map(byte).collect();
    bytes.filter(|_| text.len().is_multiple_of(2)).ok_or_else(|| "`data` is not hexadecimal".to_owned())
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    let mut out = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(out, "{byte:02x}");
    }
    out
}

fn buffer(bytes: &[u8]) -> Result<(Owner, usize), String> {
    let owner = Owner::allocate(bytes.len(), false).ok_or("no memory for an argument")?;
    // SAFETY: the block is new and of this size.
    unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), owner.data(), bytes.len()) };
    Ok((owner, bytes.len()))
}

fn array(item: &Json, (owner, length): &(Owner, usize)) -> Result<Array, String> {
    let dtype = dtype(item)?;
    let numbers = |name: &str| -> Option<Vec<i64>> { item[name].as_array()?.iter().map(Json::as_i64).collect() };
    let shape = numbers("shape").ok_or("`shape` is no list of numbers")?;
    let shape: Vec<usize> = shape.iter().map(|extent| usize::try_from(*extent).unwrap_or(0)).collect();
    let strides: Vec<isize> = match &item["strides"] {
        Json::Null => c_strides(&shape, dtype.size()),
        _ => {
            numbers("strides").ok_or("`strides` is no list of numbers")?.iter().map(|stride| *stride as isize).collect()
        }
    };
    let offset = item["offset"].as_i64().unwrap_or(0) as isize;
    let reach = |low: bool| -> isize {
        let steps = shape.iter().zip(&strides).filter(|(_, stride)| (**stride < 0) == low);
        steps.map(|(extent, stride)| (*extent as isize - 1) * stride).sum()
    };
    let inside = offset + reach(true) >= 0 && offset + reach(false) + dtype.size() as isize <= *length as isize;
    if strides.len() != shape.len() || !(inside || shape.contains(&0)) {
        return Err("an array that reaches beyond its buffer".to_owned());
    }
    let data = owner.data().wrapping_offset(offset);
    // SAFETY: every index of the shape leads to bytes of the buffer, as was just seen.
    Ok(unsafe { Array::from_parts(owner.clone(), data, dtype, shape, strides) })
}

/// A result as JSON.
pub fn json(value: &Value) -> Json {
    let bits = |value: f64| format!("{:016x}", value.to_bits());
    match value {
        Value::None => json!({"t": "none"}),
        Value::Bool(value) => json!({"t": "bool", "v": value}),
        Value::Int(value) => json!({"t": "int", "v": value.to_string()}),
        Value::Float(value) => json!({"t": "float", "v": bits(*value)}),
        Value::Complex(real, imag) => json!({"t": "complex", "v": [bits(*real), bits(*imag)]}),
        Value::Str(text) => json!({"t": "str", "v": text}),
        Value::Tuple(items) => json!({"t": "tuple", "v": items.iter().map(json).collect::<Vec<_>>()}),
        Value::Scalar(scalar) => {
            let bytes = scalar.to_words().map(u64::to_le_bytes);
            let bytes = &bytes.as_flattened()[..scalar.dtype().size()];
            json!({"t": "scalar", "dtype": scalar.dtype().name(), "v": hex(bytes)})
        }
        Value::Array(array) => {
            json!({"t": "array", "dtype": array.dtype().name(), "shape": array.shape(), "data": hex(&array.to_bytes())})
        }
    }
}

/// An argument after the call: an array as JSON, null for everything else.
pub fn array_json(value: Option<&Value>) -> Json {
    match value {
        Some(array @ Value::Array(_)) => json(array),
        _ => Json::Null,
    }
}
