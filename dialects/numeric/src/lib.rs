//! The `numeric` dialect: Python and NumPy meaning, fully typed, for MLIR; and the handles with which passes rewrite it.
#![deny(missing_docs)]

pub mod ir;
