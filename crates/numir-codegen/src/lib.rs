//! From the stage `llvm` to machine code: ELF objects, which `numir_runtime::loader` can run, assembly, LLVM IR.
//! **Invariant:** this is the only crate that touches LLVM's C API, and no failure of LLVM ends the process.

#![deny(missing_docs)]

mod device;
mod draws;
mod emit;
mod error;
mod fast_math;
mod fatal;
mod generator;
mod libdevice;
mod linked;
mod llvm;
mod machine;
mod optimize;
mod progress;
mod rare;
mod remarks;
mod target;
mod translate;

pub use error::{Blame, Diagnostic, Error, Step};
pub use fast_math::FLAGS as FAST_MATH_FLAGS;
pub use generator::{CodeGenerator, IrForm};
pub use optimize::OptLevel;
pub use progress::Timings;
pub use remarks::Said;
pub use target::Target;
