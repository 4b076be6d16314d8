//! Dense linear algebra for compiled code, in faer's routines: decompositions of matrices of four kinds of numbers.
//!
//! A crate of its own because what is generic in faer takes long to compile. Its functions stand in the runtime's table
//! (crates/numir-runtime/src/abi.rs); addresses and extents come as integers. Everything runs on the thread that calls.
#![deny(missing_docs)]

pub mod decompositions;
mod matrices;

pub use decompositions::{
    numir_matrix_cholesky, numir_matrix_diagonal, numir_matrix_eig, numir_matrix_eigh, numir_matrix_qr,
    numir_matrix_solve, numir_matrix_svd,
};
