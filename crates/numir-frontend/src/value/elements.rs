//! The elements of a tuple while a function is compiled, and the class of a named one.

use super::Value;
use crate::types::{Class, TupleType, Type};
use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;

/// What a tuple consists of.
#[derive(Clone, Debug)]
pub struct Elements {
    /// The class of a named tuple.
    pub class: Option<Arc<Class>>,
    values: Rc<[Value]>,
}

impl Elements {
    /// A tuple of a class, or of none.
    pub fn new(class: Option<Arc<Class>>, values: impl IntoIterator<Item = Value>) -> Self {
        Self { class, values: values.into_iter().collect() }
    }

    /// A tuple of the same class with other elements.
    pub fn with(&self, values: impl IntoIterator<Item = Value>) -> Self {
        Self::new(self.class.clone(), values)
    }

    /// Its type, made of those that `ty` gives for the elements.
    pub fn ty(&self, ty: impl FnMut(&Value) -> Type) -> Type {
        Type::Tuple(TupleType::new(self.class.clone(), self.values.iter().map(ty).collect()))
    }

    /// Whether both have one class and as many elements.
    pub fn goes_with(&self, other: &Self) -> bool {
        self.class == other.class && self.len() == other.len()
    }
}

impl Deref for Elements {
    type Target = [Value];

    fn deref(&self) -> &[Value] {
        &self.values
    }
}

impl From<Vec<Value>> for Elements {
    fn from(values: Vec<Value>) -> Self {
        Self { class: None, values: values.into() }
    }
}

impl FromIterator<Value> for Elements {
    fn from_iter<I: IntoIterator<Item = Value>>(values: I) -> Self {
        Self::new(None, values)
    }
}
