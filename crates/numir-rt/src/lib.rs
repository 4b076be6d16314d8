//! Compiled functions without the compiler: what `numir build` writes, read and called. The binary `numir-rt` runs and times such files on
//! machines that have neither LLVM nor Python.
//!
//! - `package`: the file, a function's code and how it is called;
//! - `callable`: a function in memory, with the arguments of its calls;
//! - `call`: values into the words that compiled code reads, and out of those that it writes;
//! - `processor`: what this machine's CPU can do;
//! - `resident`: arguments on a device;
//! - `npy`: arrays in files; `traceback`: exceptions as text.
//!
//! Invariant: nothing here knows MLIR, LLVM or Python's syntax.

#![deny(missing_docs)]

mod call;
mod callable;
pub mod npy;
mod package;
mod processor;
mod resident;
pub mod traceback;

pub use callable::{Call, CallError, Callable};
pub use package::{Made, Package, PackageError, Parameter};
pub use resident::on_device;
