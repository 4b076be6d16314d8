//! What can go wrong between the `llvm` stage and machine code, by who is to blame.

use std::fmt;

/// A remark of MLIR about the module, with the place it speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The location as MLIR prints it, e.g. `loc("hills.py":3:5)`.
    pub location: String,
    /// The remark itself.
    pub message: String,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.location, self.message)
    }
}

/// The step that LLVM was asked to do when it refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Creating the target machine.
    Target,
    /// From the `llvm` dialect to LLVM IR.
    Translate,
    /// LLVM's optimisation passes.
    Optimize,
    /// Instruction selection, register allocation, encoding.
    Emit,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Step::Target => "setting up the target machine",
            Step::Translate => "translating to LLVM IR",
            Step::Optimize => "optimising",
            Step::Emit => "generating machine code",
        })
    }
}

/// Who has to act on an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blame {
    /// Whoever typed the name of the target.
    User,
    /// The pass, or the foreign front end, that made the module.
    Module,
    /// numir itself: the module was fine and LLVM refused it all the same.
    Numir,
}

/// Why no machine code came out.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// The user named a CPU that does not exist.
    #[error("there is no CPU `{name}`; known are {}", known.join(", "))]
    UnknownCpu {
        /// What was named.
        name: String,
        /// What there is.
        known: Vec<String>,
    },
    /// The user named a target that does not exist.
    #[error("there is no target `{name}`; known are {}", known.join(", "))]
    UnknownTarget {
        /// The name as given.
        name: String,
        /// All names that would do.
        known: Vec<String>,
    },
    /// A kernel calls a function of the C library that NVIDIA's libdevice has, which is not installed.
    #[error(
        "a kernel calls `{function}`, which NVIDIA's libdevice has: `pip install nvidia-nvvm`, or name its file by NUMIR_LIBDEVICE"
    )]
    NoLibdevice {
        /// The function's name in C.
        function: String,
    },
    /// NVIDIA's libdevice that is installed lacks a function, or has it for other types.
    #[error("the libdevice that is installed has no `{function}` as it is called here: install a newer `nvidia-nvvm`")]
    OtherLibdevice {
        /// The function's name there.
        function: String,
    },
    /// The module breaks the promise of the stage `llvm`.
    #[error("the module is not at stage `llvm`: {}", join(diagnostics))]
    NotAtStage {
        /// What MLIR said.
        diagnostics: Vec<Diagnostic>,
    },
    /// The module verifies as MLIR but its translation is no valid LLVM IR.
    #[error("the module is not valid LLVM IR: {message}")]
    InvalidIr {
        /// What LLVM's verifier said.
        message: String,
    },
    /// LLVM refused a valid module.
    #[error("LLVM failed while {step}: {message}")]
    Llvm {
        /// What it was doing.
        step: Step,
        /// What it said.
        message: String,
    },
}

impl Error {
    /// Who has to act on this error.
    pub fn blame(&self) -> Blame {
        match self {
            Error::UnknownCpu { .. }
            | Error::UnknownTarget { .. }
            | Error::NoLibdevice { .. }
            | Error::OtherLibdevice { .. } => Blame::User,
            Error::NotAtStage { .. } | Error::InvalidIr { .. } => Blame::Module,
            Error::Llvm { .. } => Blame::Numir,
        }
    }
}

fn join(diagnostics: &[Diagnostic]) -> String {
    diagnostics.iter().map(Diagnostic::to_string).collect::<Vec<_>>().join("; ")
}
