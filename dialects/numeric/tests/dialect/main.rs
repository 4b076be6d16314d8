//! Tests of the dialect, in one binary because each one links all of MLIR: assembly, verifiers, folders, types, the
//! plugin and the reference page.

mod assembly;
mod canonical;
mod constants;
mod effects;
mod locations;
mod plugin;
mod reference;
mod support;
mod types;
mod verifiers;
