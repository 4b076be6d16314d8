//! Copy handles on MLIR's tree of operations, and a builder, for code that rewrites it.
//!
//! melior ties every reference to the borrow of its parent, which suits reading but not rewriting. The handles here
//! carry only the context's lifetime. The invariant they stand on: a handle is used while its module is alive and
//! before the operation, block or value behind it is erased. Passes uphold it by never keeping a handle past an erasure.

mod builder;
mod handles;
pub mod location;
mod walk;

pub use builder::{Builder, NamedAttribute};
pub use handles::{Blk, Op, Reg, Ty, Val};
pub use melior::ir::{Attribute, Location};
