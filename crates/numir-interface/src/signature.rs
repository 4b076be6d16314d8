//! How a compiled function is called.

use crate::types::{ArrayType, Type};
use serde::{Deserialize, Serialize};

/// What a compiled function takes and gives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Signature {
    /// The symbol of its entry in the module.
    pub symbol: String,
    /// The types of its parameters, in order, defaults and keyword-only ones included.
    pub parameters: Vec<Type>,
    /// The type of what it returns.
    pub result: Type,
    /// The arrays of a live program that it uses by name: their numbers and types. The entry takes them after its parameters.
    pub captured: Vec<(u32, ArrayType)>,
}
