//! What an argument is, as one number: arguments with equal codes have equal types. A call finds its specialisation by the codes
//! of its arguments, so they are made without allocation for all that is common; tuples and strings are numbered as they
//! come up.

use numir_interface::{ArrayType, Class, Layout, RecordLayout, Scalar, TupleType, Type};
use numir_runtime::DType;
use pyo3::prelude::*;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

/// The code of an argument's type.
pub(crate) type Code = u32;

/// A parameter that was left to its default.
pub(crate) const MISSING: Code = 0;
/// None.
pub(crate) const NONE: Code = 1;
/// Python's bool.
pub(crate) const BOOL: Code = 2;
/// Python's int, of 64 bits.
pub(crate) const INT: Code = 3;
/// Python's float.
pub(crate) const FLOAT: Code = 4;
/// Python's complex.
pub(crate) const COMPLEX: Code = 5;
/// What is no array, but has one behind it: it is replaced by that array before types are looked up.
pub(crate) const ARRAY_LIKE: Code = 6;
/// `...`
pub(crate) const ELLIPSIS: Code = 7;
/// An int beyond 64 bits, which only a parameter that is declared as a float or complex number takes.
pub(crate) const LONG: Code = 8;
/// A generator of random numbers.
pub(crate) const GENERATOR: Code = 9;
/// NumPy's scalars: plus the dtype's own code.
const SCALAR: Code = 0x40;
/// Arrays: plus dtype, rank, layout and whether it may be written.
const ARRAY: Code = 0x1_0000;
/// Types that were numbered: plus the number.
const NUMBERED: Code = 0x8000_0000;

/// The highest rank of NumPy's arrays.
const MOST_AXES: usize = 64;

/// The code of a NumPy scalar.
pub(crate) const fn scalar(dtype: DType) -> Code {
    SCALAR + dtype.code() as Code
}

/// The code of an array.
pub(crate) fn array(ty: ArrayType) -> Code {
    let layout = match ty.layout {
        Layout::C => 0,
        Layout::F => 1,
        Layout::Any => 2,
    };
    ARRAY
        | (Code::from(!ty.writable) << 15)
        | (layout << 13)
        | ((ty.rank.min(MOST_AXES) as Code) << 6)
        | Code::from(ty.dtype.code())
}

/// A type that has no code of its own.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Key {
    Tuple(Option<Arc<Class>>, Vec<Code>),
    /// A member of an enumeration: its class, and its value.
    Member(Arc<Class>, Code),
    Text(String),
    /// Records: the layout as it is spelt, dimensions, whether they may be written.
    Records(String, usize, bool),
    Slice([Code; 3]),
    /// An object, by its address; it is kept alive, so that the address stays its own.
    Object(usize),
}

#[derive(Default)]
struct Numbers {
    by_key: HashMap<Key, Code>,
    keys: Vec<Key>,
    objects: HashMap<Code, Py<PyAny>>,
}

impl Numbers {
    fn number(&mut self, key: Key) -> Code {
        if let Some(code) = self.by_key.get(&key) {
            return *code;
        }
        let code = NUMBERED + self.keys.len() as Code;
        self.keys.push(key.clone());
        self.by_key.insert(key, code);
        code
    }
}

fn numbers() -> MutexGuard<'static, Numbers> {
    static NUMBERS: LazyLock<Mutex<Numbers>> = LazyLock::new(Mutex::default);
    NUMBERS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The code of a tuple of items with these codes; a named one has a class.
pub(crate) fn tuple(class: Option<Arc<Class>>, items: Vec<Code>) -> Code {
    numbers().number(Key::Tuple(class, items))
}

/// The code of a member of an enumeration whose value has that code.
pub(crate) fn member(class: Arc<Class>, value: Code) -> Code {
    numbers().number(Key::Member(class, value))
}

/// The code of a string, which is part of its type.
pub(crate) fn text(text: &str) -> Code {
    numbers().number(Key::Text(text.to_owned()))
}

/// The code of records.
pub(crate) fn records(layout: String, rank: usize, writable: bool) -> Code {
    numbers().number(Key::Records(layout, rank, writable))
}

/// The code of a slice whose parts have these codes.
pub(crate) fn slice(parts: [Code; 3]) -> Code {
    numbers().number(Key::Slice(parts))
}

/// The code of an object that is part of its own type: a function, a class.
pub(crate) fn object(object: &Bound<'_, PyAny>) -> Code {
    let mut numbers = numbers();
    let code = numbers.number(Key::Object(object.as_ptr().addr()));
    numbers.objects.entry(code).or_insert_with(|| object.clone().unbind());
    code
}

/// The code of a [`Type::Object`].
pub(crate) const fn numbered(number: u32) -> Code {
    NUMBERED + number
}

/// The object of a [`Type::Object`].
pub(crate) fn object_of(py: Python<'_>, number: u32) -> Option<Py<PyAny>> {
    numbers().objects.get(&(NUMBERED + number)).map(|object| object.clone_ref(py))
}

/// The type behind a code; None for a parameter left to its default.
pub(crate) fn type_of(code: Code) -> Option<Type> {
    Some(match code {
        MISSING => return None,
        NONE => Type::None,
        BOOL => Type::Scalar(Scalar::Bool),
        INT => Type::Scalar(Scalar::Int),
        FLOAT => Type::Scalar(Scalar::Float),
        COMPLEX => Type::Scalar(Scalar::Complex),
        ELLIPSIS => Type::Ellipsis,
        LONG => long(),
        GENERATOR => Type::Generator,
        code if code >= NUMBERED => {
            let key = numbers().keys.get((code - NUMBERED) as usize)?.clone();
            match key {
                Key::Text(text) => Type::Text(text),
                Key::Records(layout, rank, writable) => {
                    Type::Records(Arc::new(RecordLayout::read(&layout)?), rank, writable)
                }
                Key::Slice([start, stop, step]) => {
                    Type::Slice(Box::new([type_of(start)?, type_of(stop)?, type_of(step)?]))
                }
                Key::Member(class, value) => Type::Member(class, Box::new(type_of(value)?)),
                Key::Object(_) => Type::Object(code - NUMBERED),
                Key::Tuple(class, items) => {
                    Type::Tuple(TupleType::new(class, items.into_iter().map(type_of).collect::<Option<_>>()?))
                }
            }
        }
        code if code >= ARRAY => {
            let layout = match (code >> 13) & 3 {
                0 => Layout::C,
                1 => Layout::F,
                _ => Layout::Any,
            };
            let writable = (code >> 15) & 1 == 0;
            Type::Array(ArrayType { dtype: dtype(code & 63)?, rank: ((code >> 6) & 127) as usize, layout, writable })
        }
        code => Type::Scalar(Scalar::Of(dtype(code.checked_sub(SCALAR)?)?)),
    })
}

/// The type of an int beyond 64 bits, which no compiled function has as a parameter's.
pub(crate) fn long() -> Type {
    Type::Static("int beyond 64 bits".to_owned())
}

/// Whether a type is that of an int beyond 64 bits, or of a tuple with one.
pub(crate) fn has_long(ty: &Type) -> bool {
    match ty {
        Type::Tuple(items) => items.iter().any(has_long),
        other => *other == long(),
    }
}

fn dtype(code: Code) -> Option<DType> {
    DType::from_code(code.into())
}
