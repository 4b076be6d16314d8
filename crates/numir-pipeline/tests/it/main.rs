//! The tests of this crate, as one program: each would link all of MLIR.

mod draw;
mod passes;
mod run;
mod schedule;
