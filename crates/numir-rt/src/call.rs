//! Values into the slots that an entry reads, and out of those that it writes.
//!
//! A scalar takes one slot of 16 bytes, its value at the start in its own C type. An array argument takes one slot with a
//! pointer to its descriptor; an array result takes as many as its descriptor fills. A tuple is its items one after the
//! other, an optional a bool and its value, a range three ints. None and texts, known when the function was compiled, take
//! no slot.

use numir_interface::types::Kind;
use numir_interface::{ArrayType, Layout, Scalar as ScalarType, Type};
use numir_runtime::format::{Style, push_scalar};
use numir_runtime::memory::Owner;
use numir_runtime::{Array, Number, Scalar, Value};
use std::ptr;

/// 16 bytes of arguments or results.
#[repr(C, align(16))]
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Slot([u64; 2]);

/// Header, data, offset; then the sizes and the strides in items.
const DESCRIPTOR_WORDS: usize = 3;

/// The arguments of one call. Descriptors live as long as it does.
#[derive(Default)]
pub(crate) struct Arguments {
    pub(crate) slots: Vec<Slot>,
    descriptors: Vec<Box<[u64]>>,
}

impl Arguments {
    /// Adds a value as a parameter of that type; false if it is no value of the type.
    #[must_use]
    pub(crate) fn push(&mut self, value: &Value, ty: &Type) -> bool {
        match (ty, value) {
            (Type::None, Value::None) => true,
            (Type::Text(known), Value::Str(given)) => known == given,
            (Type::Scalar(scalar), value) => match scalar_of(value, *scalar) {
                Some(scalar) => {
                    self.slots.push(Slot(scalar.to_words()));
                    true
                }
                None => false,
            },
            (Type::Tuple(types), Value::Tuple(items)) => {
                types.len() == items.len() && items.iter().zip(types).all(|(item, ty)| self.push(item, ty))
            }
            (Type::Optional(inner), Value::None) => {
                self.slots.push(Slot::default());
                self.push_absent(inner);
                true
            }
            (Type::Optional(inner), value) => {
                self.slots.push(Slot([1, 0]));
                self.push(value, inner)
            }
            (Type::Array(wanted), Value::Array(array)) => self.push_array(array, wanted),
            _ => false,
        }
    }

    /// Adds something in place of a value that is not there: its bits do not matter, but an array is unpacked from a descriptor.
    fn push_absent(&mut self, ty: &Type) {
        match ty {
            Type::Array(array) => self.push_descriptor(vec![0; DESCRIPTOR_WORDS + 2 * array.rank].into_boxed_slice()),
            Type::Tuple(types) => types.iter().for_each(|ty| self.push_absent(ty)),
            other => self.slots.extend(std::iter::repeat_n(Slot::default(), slot_count(other))),
        }
    }

    fn push_array(&mut self, array: &Array, wanted: &ArrayType) -> bool {
        let item = array.dtype().size() as isize;
        if !is_of_type(array, wanted) {
            return false;
        }
        let mut words =
            vec![array.owner().header().expose_provenance() as u64, array.data().expose_provenance() as u64, 0];
        words.extend(array.shape().iter().map(|extent| *extent as u64));
        words.extend(array.strides().iter().map(|stride| (stride / item) as u64));
        self.push_descriptor(words.into_boxed_slice());
        true
    }

    fn push_descriptor(&mut self, words: Box<[u64]>) {
        self.slots.push(Slot([words.as_ptr().expose_provenance() as u64, 0]));
        self.descriptors.push(words);
    }
}

/// Whether code that was compiled for arrays of a type may be given an array: what is known of its layout is not looked at again.
pub(crate) fn is_of_type(array: &Array, wanted: &ArrayType) -> bool {
    let item = array.dtype().size() as isize;
    let lies_so = match wanted.layout {
        Layout::C => array.is_c_contiguous(),
        Layout::F => array.is_f_contiguous(),
        Layout::Any => array.strides().iter().all(|stride| stride % item == 0),
    };
    array.dtype() == wanted.dtype && array.rank() == wanted.rank && lies_so
}

/// How many slots a parameter of that type takes.
fn slot_count(ty: &Type) -> usize {
    match ty {
        Type::None | Type::Text(_) | Type::Ellipsis | Type::DType(_) | Type::Static(_) | Type::Object(_) => 0,
        Type::Scalar(_) | Type::Pointer(_) | Type::Array(_) | Type::Records(..) | Type::Generator => 1,
        Type::Tuple(types) => types.iter().map(slot_count).sum(),
        Type::Formatted(parts) => parts.iter().map(slot_count).sum(),
        Type::Member(_, value) => slot_count(value),
        Type::Optional(inner) => 1 + slot_count(inner),
        Type::Range => 3,
        Type::Slice(parts) => parts.iter().map(slot_count).sum(),
    }
}

/// A value as a scalar of that type, rounded or wrapped to its width; None if its kind is higher.
fn scalar_of(value: &Value, ty: ScalarType) -> Option<Scalar> {
    let number = match value {
        Value::Bool(value) => Number::Bool(*value),
        Value::Int(value) => Number::Int(*value),
        Value::Float(value) => Number::Float(*value),
        Value::Complex(real, imag) => Number::Complex(*real, *imag),
        Value::Scalar(scalar) => scalar.number(),
        _ => return None,
    };
    let real = match number {
        Number::Bool(value) => Some(f64::from(u8::from(value))),
        Number::Int(value) => Some(value as f64),
        Number::UInt(value) => Some(value as f64),
        Number::Float(value) => Some(value),
        Number::Complex(..) => None,
    };
    let integer = match number {
        Number::Bool(value) => Some(u64::from(value)),
        Number::Int(value) => Some(value as u64),
        Number::UInt(value) => Some(value),
        _ => None,
    };
    let number = match ty.kind() {
        Kind::Bool | Kind::Time => number,
        Kind::Integer if ty.is_unsigned() => Number::UInt(integer?),
        Kind::Integer => Number::Int(integer? as i64),
        Kind::Float => Number::Float(real?),
        Kind::Complex => real.map_or(number, |real| Number::Complex(real, 0.0)),
    };
    Scalar::new(ty.dtype(), number)
}

/// How many slots a result of that type takes.
pub(crate) fn result_slots(ty: &Type) -> usize {
    match ty {
        Type::Array(array) => (DESCRIPTOR_WORDS + 2 * array.rank).div_ceil(2),
        Type::Tuple(types) => types.iter().map(result_slots).sum(),
        Type::Formatted(parts) => parts.iter().map(result_slots).sum(),
        Type::Member(_, value) => result_slots(value),
        Type::Optional(inner) => 1 + result_slots(inner),
        other => slot_count(other),
    }
}

/// Reads a result, advancing `slots` past it.
///
/// # Safety
/// An entry whose result has this type has written the slots, and they are read once: the references in them are taken over.
pub(crate) unsafe fn read(slots: &mut &[Slot], ty: &Type) -> Option<Value> {
    Some(match ty {
        Type::None => Value::None,
        Type::Text(text) => Value::Str(text.clone()),
        Type::Formatted(parts) => {
            let mut text = String::new();
            for part in parts {
                // SAFETY: the caller's promise, for each part in turn.
                match unsafe { read(slots, part)? } {
                    Value::Str(constant) => text.push_str(&constant),
                    Value::Scalar(scalar) => push_scalar(&mut text, scalar, Style::Str),
                    other => text.push_str(&other.to_string()),
                }
            }
            Value::Str(text)
        }
        Type::Scalar(scalar) => boxed(Scalar::from_words(scalar.dtype(), take(slots, 1)?[0].0)),
        // SAFETY: the caller's promise, for each item in turn.
        Type::Tuple(types) => Value::Tuple(types.iter().map(|ty| unsafe { read(slots, ty) }).collect::<Option<_>>()?),
        Type::Optional(inner) => {
            if take(slots, 1)?[0].0[0] & 1 == 0 {
                take(slots, result_slots(inner))?;
                return Some(Value::None);
            }
            // SAFETY: the caller's promise.
            unsafe { read(slots, inner)? }
        }
        Type::Array(array) => {
            let words: Vec<u64> = take(slots, result_slots(ty))?.iter().flat_map(|slot| slot.0).collect();
            // SAFETY: the caller's promise.
            Value::Array(unsafe { read_array(&words, *array)? })
        }
        Type::Member(..)
        | Type::Pointer(_)
        | Type::Generator
        | Type::Records(..)
        | Type::Range
        | Type::Slice(_)
        | Type::Ellipsis
        | Type::DType(_)
        | Type::Static(_)
        | Type::Object(_) => {
            return None;
        }
    })
}

fn take<'a>(slots: &mut &'a [Slot], count: usize) -> Option<&'a [Slot]> {
    let (taken, rest) = slots.split_at_checked(count)?;
    *slots = rest;
    Some(taken)
}

/// # Safety
/// The words are a descriptor of such an array whose reference passes to the result.
unsafe fn read_array(words: &[u64], ty: ArrayType) -> Option<Array> {
    let (fixed, rest) = words.split_at_checked(DESCRIPTOR_WORDS)?;
    let (sizes, strides) = rest.get(..2 * ty.rank)?.split_at(ty.rank);
    let item = ty.dtype.size() as isize;
    let shape: Vec<usize> = sizes.iter().map(|size| *size as usize).collect();
    let strides: Vec<isize> = strides.iter().map(|stride| *stride as isize * item).collect();
    // SAFETY: the entry wrote a live header, whose reference it gives to the caller.
    let owner = unsafe { Owner::from_raw(ptr::with_exposed_provenance_mut(fixed[0] as usize))? };
    let data = ptr::with_exposed_provenance_mut::<u8>(fixed[1] as usize).wrapping_offset(fixed[2] as isize * item);
    // SAFETY: compiled code makes arrays whose every index lies in their owner's memory.
    Some(unsafe { Array::from_parts(owner, data, ty.dtype, shape, strides) })
}

/// A result as Python code gets it: Numba's rule, by which NumPy scalars come back as Python's own numbers.
fn boxed(scalar: Scalar) -> Value {
    match scalar.number() {
        Number::Bool(value) => Value::Bool(value),
        Number::Int(value) => Value::Int(value),
        Number::UInt(value) => i64::try_from(value).map_or(Value::Scalar(scalar), Value::Int),
        Number::Float(value) => Value::Float(value),
        Number::Complex(real, imag) => Value::Complex(real, imag),
    }
}
