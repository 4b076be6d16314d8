//! The tests of this crate, as one program: each would link all of MLIR.

mod draw;
mod opt;
mod passes;
mod run;
mod schedule;
