//! What compiled code calls while it runs, and the host's view of the values that it takes and gives.
//!
//! Invariants: no MLIR and no LLVM here, so that ahead-of-time objects run without the compiler; compiled code reaches
//! this crate through the table in [`abi`] (and [`libm`], [`builtins`]) alone; no panic crosses an `extern "C"` boundary.
#![deny(missing_docs)]

pub mod abi;
pub mod array;
mod blocks;
pub mod builtins;
pub mod dates;
pub mod device;
pub mod dtype;
pub mod error;
pub mod format;
mod fourier;
mod glibc;
pub mod host;
pub mod interrupt;
pub mod libm;
pub mod loader;
pub mod memory;
pub mod pool;
pub mod print;
mod product;
pub mod random;
pub mod scalar;
pub mod shortage;
mod sorting;
pub mod stack;
pub mod unraisable;
pub mod value;

pub use array::Array;
pub use dtype::DType;
pub use error::{Frame, RaisedError, take_pending_error};
pub use scalar::{Number, Scalar};
pub use value::Value;
