//! The stages' names as a type.

use crate::options::CompileOptions;
use numir_pipeline::stages::{STAGES, Stage as Promise};
use std::fmt;
use std::str::FromStr;

/// A stage of the way down: a promise about what a module holds, see [`Promise`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stage(&'static Promise);

impl Stage {
    /// Every stage, from the front end down.
    pub fn all() -> impl Iterator<Item = Self> {
        STAGES.iter().map(Self)
    }

    /// The stage where programs begin.
    pub fn numeric() -> Self {
        Self(&STAGES[0])
    }

    /// The stage from which code is generated.
    pub fn llvm() -> Self {
        Self(&STAGES[STAGES.len() - 1])
    }

    /// The stage from which the code of a target is generated.
    pub fn last(options: &CompileOptions) -> Self {
        let name = if options.target.device().is_some() { "nvvm" } else { "llvm" };
        Promise::named(name).map_or_else(Self::llvm, Self)
    }

    /// Its name, such as `scf`.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// What it promises.
    pub fn promise(self) -> &'static Promise {
        self.0
    }

    /// Its place on the way down, counted from 0.
    pub fn depth(self) -> usize {
        STAGES.iter().position(|stage| stage.name() == self.name()).unwrap_or(STAGES.len())
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// A name that is no stage's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no stage `{0}`; the stages are {known}", known = known())]
pub struct UnknownStage(pub String);

fn known() -> String {
    Stage::all().map(Stage::name).collect::<Vec<_>>().join(", ")
}

impl FromStr for Stage {
    type Err = UnknownStage;

    fn from_str(name: &str) -> Result<Self, UnknownStage> {
        Promise::named(name).map(Self).ok_or_else(|| UnknownStage(name.to_owned()))
    }
}
