//! Source text to typed functions to the `numeric` dialect. Knows Python; knows no LLVM.
//!
//! The way through: [`Program`] parses files, [`Program::specialize`] walks a function's syntax with the argument types
//! at hand and builds the typed function IR ([`function_ir`]), [`emit`] writes that as `numeric`.
//! What Python names mean stands in [`registry`], once each.
#![deny(missing_docs)]

mod applied;
mod body;
mod captured;
pub mod diagnostic;
pub mod emit;
pub mod function_ir;
pub mod live;
pub mod program;
mod prune;
pub mod registry;
pub mod source;
mod specialize;
pub mod stencil;
mod syntax;
pub mod value;

pub use numir_interface::types;

pub use diagnostic::{Diagnostic, ErrorKind, Label};
pub use live::LiveProgram;
pub use numir_interface::Signature;
pub use program::{FunctionInfo, Options, Parameter, Program, TypedModule};
pub use source::{Source, Span};
pub use types::{ArrayType, Layout, Scalar, Type};
