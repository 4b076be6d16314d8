//! How a program is compiled, and for what.

use crate::error::{Error, Origin};
use numir_codegen as codegen;
use std::sync::Arc;

/// The machine that code is made for: this one, or one by name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Target(Arc<str>);

impl Target {
    /// This machine, with all that its CPU can do.
    pub fn host() -> Self {
        Self("host".into())
    }

    /// A target by name: `host`, `x86-64-v3` and the like.
    ///
    /// # Errors
    /// [`Error::Target`] with the names that there are.
    pub fn named(name: &str) -> Result<Self, Error> {
        codegen::Target::named(name).map_err(|error| Error::of_codegen(&Origin::FrontEnd, error))?;
        Ok(Self(name.into()))
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.0
    }

    pub(crate) fn machine(&self) -> Result<codegen::Target, codegen::Error> {
        codegen::Target::named(&self.0)
    }
}

impl Default for Target {
    fn default() -> Self {
        Self::host()
    }
}

/// How a program is compiled.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CompileOptions {
    /// What the language checks at run time.
    pub language: numir_frontend::Options,
    /// How hard numir's passes and LLVM's try, from 0 to 3.
    pub level: u8,
    /// What code is made for.
    pub target: Target,
}

impl Default for CompileOptions {
    /// Everything checked, everything optimised, for this machine.
    fn default() -> Self {
        Self { language: numir_frontend::Options::default(), level: 3, target: Target::default() }
    }
}

impl CompileOptions {
    pub(crate) fn llvm_level(&self) -> codegen::OptLevel {
        match self.level {
            0 => codegen::OptLevel::None,
            1 => codegen::OptLevel::Less,
            2 => codegen::OptLevel::Default,
            _ => codegen::OptLevel::Aggressive,
        }
    }
}
