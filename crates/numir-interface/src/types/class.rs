//! Classes of a live program whose values are taken apart: named tuples and enumerations.

use serde::{Deserialize, Serialize};

/// A class.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Class {
    /// What tells it from other classes: its module and its name there, with a number if that stood for another class before.
    pub identity: String,
    /// Its name.
    pub name: String,
    /// Of a class of named tuples the names of the items.
    pub fields: Vec<String>,
}
