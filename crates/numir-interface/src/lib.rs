//! What the compiler and those who call compiled code agree on: the types of values, how a live program is described
//! ([`live`]), what is asked of the compiler and what it answers ([`wire`]), and through which C functions ([`c`]).
//!
//! **Invariants**: knows neither MLIR nor LLVM nor Python, so that a process may call compiled code without the compiler.
#![deny(missing_docs)]

pub mod c;
pub mod live;
mod signature;
pub mod types;
pub mod wire;

pub use signature::Signature;
pub use types::{ArrayType, Class, FieldItem, Layout, RecordField, RecordLayout, Scalar, TupleType, Type};
