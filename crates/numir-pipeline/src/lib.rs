//! Pass registry, scheduler and instrumentation.
//!
//! A pass declares which properties it requires, establishes and invalidates; a target declares which properties to reach;
//! the scheduler turns both into an ordinary textual MLIR pipeline. **Invariant**: no list of passes exists anywhere. A pass,
//! ours or out of tree, joins by declaring itself (`register_pass!`), and the schedule does not depend on the order of registration.
#![deny(missing_docs)]

pub mod error;
pub mod option;
pub mod pass;
pub mod properties;
pub mod property;
pub mod registry;
pub mod upstream;

pub use error::PassError;
pub use numir_numeric::ir::Op;
pub use option::{OptionSpec, OptionValue, StatisticSpec};
pub use pass::{Anchor, Pass, PassContext};
pub use property::Property;
pub use registry::{Entry, Registry};
pub use upstream::Upstream;

#[doc(hidden)]
pub use inventory;
