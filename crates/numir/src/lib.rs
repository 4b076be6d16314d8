//! numir as a library: compile a Python program or a module of MLIR to a callable, an object, or any stage between.
//!
//! ```no_run
//! use numir::{CompileOptions, Module, Program, Value, bind, types_of};
//!
//! # fn main() -> Result<(), numir::Error> {
//! let program = Program::load("hills.py".as_ref())?;
//! let functions = program.functions()?;
//! let function = functions.iter().find(|function| function.name == "height").expect("there is one");
//! let arguments = bind(function, vec![Value::Float(0.5)], Vec::new())?;
//! let types = types_of(function, &arguments)?;
//! let options = CompileOptions::default();
//! let height = Module::from_program(&program, "height", &types, &options)?.load(&options)?;
//! println!("{}", height.call(&arguments)?);
//! # Ok(())
//! # }
//! ```
//!
//! **Invariants**: everything that touches the process-wide MLIR context holds the compile lock; what was compiled needs
//! neither. Every error says who has to act on it ([`Error`]).
#![deny(missing_docs)]

mod argument;
mod artifact;
mod error;
mod kernels;
mod lock;
mod module;
mod options;
mod phases;
pub mod render;
mod service;
mod session;
mod stage;

pub use argument::{bind, fit, type_of, types_of};
pub use artifact::{Artifact, Call};
pub use error::{Bug, Error, InputError};
pub use module::{Form, Module};
pub use numir_codegen::FAST_MATH_FLAGS;
pub use numir_frontend::registry::{Known, catalogue};
pub use numir_frontend::{
    ArrayType, Diagnostic, ErrorKind, FunctionInfo, Label, Layout, LiveProgram, Options, Parameter, Program, Scalar,
    Signature, Source, Span, Type,
};
pub use numir_interface::types::{TypeError, parse_types};
pub use numir_interface::{c, live, wire};
pub use numir_pipeline::{Place, Remark};
pub use numir_runtime::{Array, DType, Frame, RaisedError, Value};
pub use options::{CompileOptions, Target};
pub use phases::Phases;
pub use service::answer;
pub use session::Session;
pub use stage::{Stage, UnknownStage};
