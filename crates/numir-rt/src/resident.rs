//! Arguments whose arrays live on a device: a call copies nothing, and waits for nothing.

use crate::callable::CallError;
use numir_runtime::device::{Place, Resident};
use numir_runtime::memory::array_bytes;
use numir_runtime::{Array, Value};

/// The values of a call with copies of their arrays on a device in place of these.
///
/// # Errors
/// There is no device, or it has no room.
pub fn on_device(place: Place, values: &[Option<Value>]) -> Result<Vec<Option<Value>>, CallError> {
    values.iter().map(|value| value.as_ref().map(|value| moved(place, value)).transpose()).collect()
}

fn moved(place: Place, value: &Value) -> Result<Value, CallError> {
    match value {
        Value::Array(array) => copied(place, array).map(Value::Array),
        Value::Tuple(items) => items.iter().map(|item| moved(place, item)).collect::<Result<_, _>>().map(Value::Tuple),
        other => Ok(other.clone()),
    }
}

/// A copy on the device of an array that has no gaps, as arrays from files have none.
fn copied(place: Place, array: &Array) -> Result<Array, CallError> {
    let bytes = array_bytes(array.shape(), array.dtype().size()).unwrap_or(0);
    let resident = Resident::allocate(place, bytes)?;
    // SAFETY: the items of the array lie one after the other, and the copy is made before this returns, as the memory is not pinned.
    unsafe { resident.write(0, array.data(), bytes) }?;
    let (shape, strides) = (array.shape().to_vec(), array.strides().to_vec());
    // SAFETY: as many bytes as the array has, which lie as its own do; host code finds them at the addresses of the resident.
    Ok(unsafe { Array::from_parts(resident.owner().clone(), resident.data(), array.dtype(), shape, strides) })
}
