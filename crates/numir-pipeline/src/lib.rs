//! Pass registry, scheduler and instrumentation.
//!
//! A pass declares which properties it requires, establishes and invalidates; a target declares which properties to reach;
//! the scheduler turns both into an ordinary textual MLIR pipeline. **Invariant**: no list of passes exists anywhere. A pass,
//! ours or out of tree, joins by declaring itself (`register_pass!`), and the schedule does not depend on the order of registration.
#![deny(missing_docs)]

mod counts;
pub mod diagnostic;
pub mod dialects;
pub mod draw;
pub mod error;
mod known;
pub mod named;
pub mod observe;
pub mod opt;
pub mod option;
mod panics;
pub mod pass;
pub mod properties;
pub mod property;
pub mod registry;
pub mod remarks;
pub mod run;
pub mod schedule;
mod shim;
pub mod stages;
pub mod target;
pub mod timing;
pub mod upstream;
mod verify_stage;

pub use counts::Count;
pub use diagnostic::{Diagnostic, Place, Severity, collect};
pub use error::{Blame, PassError};
pub use known::NameTaken;
pub use numir_numeric::ir::Op;
pub use observe::{Instrumentation, Verify};
pub use opt::opt_main;
pub use option::{OptionSpec, OptionValue, StatisticSpec};
pub use pass::{Anchor, Pass, PassContext};
pub use property::Property;
pub use registry::{Entry, Registry, RegistryError};
pub use remarks::Remark;
pub use run::{Pipeline, PipelineError, Report, RunError, run_pipeline};
pub use schedule::{Request, Schedule, ScheduleError, Step};
pub use target::Target;
pub use upstream::Upstream;

#[doc(hidden)]
pub use inventory;
