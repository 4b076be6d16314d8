//! The types of tuples, plain and named.

use super::{Class, Type};
use std::ops::Deref;
use std::sync::Arc;

/// The type of a tuple: the types of its items, and its class if that is not `tuple` itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TupleType {
    /// The class of a named tuple.
    pub class: Option<Arc<Class>>,
    items: Vec<Type>,
}

impl TupleType {
    /// A tuple of a class, or of none.
    pub fn new(class: Option<Arc<Class>>, items: Vec<Type>) -> Self {
        Self { class, items }
    }

    /// A tuple of the same class with these items.
    pub fn with(&self, items: impl Iterator<Item = Type>) -> Self {
        Self { class: self.class.clone(), items: items.collect() }
    }

    /// How people read it: `(int, float)`, `Point(x: int, y: float)`.
    pub(super) fn described(&self) -> String {
        match &self.class {
            Some(class) => {
                let items: Vec<String> =
                    class.fields.iter().zip(&self.items).map(|(field, item)| format!("{field}: {item}")).collect();
                format!("{}({})", class.name, items.join(", "))
            }
            None => enclosed(&self.items.iter().map(Type::to_string).collect::<Vec<_>>()),
        }
    }

    /// How it is read back.
    pub(super) fn spelling(&self) -> String {
        let items = enclosed(&self.items.iter().map(Type::spelling).collect::<Vec<_>>());
        match &self.class {
            Some(class) => {
                let [identity, name, fields] =
                    [&class.identity, &class.name, &class.fields.join(" ")].map(|text| super::parse::quoted(text));
                format!("NamedTuple({items}, {identity}, {name}, {fields})")
            }
            None => items,
        }
    }
}

fn enclosed(items: &[String]) -> String {
    format!("({}{})", items.join(", "), if items.len() == 1 { "," } else { "" })
}

impl Deref for TupleType {
    type Target = [Type];

    fn deref(&self) -> &[Type] {
        &self.items
    }
}

impl From<Vec<Type>> for TupleType {
    fn from(items: Vec<Type>) -> Self {
        Self { class: None, items }
    }
}

impl FromIterator<Type> for TupleType {
    fn from_iter<I: IntoIterator<Item = Type>>(items: I) -> Self {
        items.into_iter().collect::<Vec<_>>().into()
    }
}

impl<'t> IntoIterator for &'t TupleType {
    type Item = &'t Type;
    type IntoIter = std::slice::Iter<'t, Type>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}
