//! MLIR's own passes as data, so that the scheduler orders them together with ours.

use crate::pass::Anchor;
use crate::property::Property;

/// One use of a pass of MLIR's. The same pass may be declared several times under different names, with different options
/// or at different stages.
///
/// ```
/// use numir_pipeline::{Upstream, properties, register_upstream};
///
/// register_upstream!(Upstream {
///     element: "convert-scf-to-cf",
///     requires: &[properties::STAGE_SCF],
///     establishes: &[properties::NO_SCF],
///     ..Upstream::new("lower-scf", mlir_sys::mlirRegisterConversionSCFToControlFlowPass)
/// });
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Upstream {
    /// Its name in the schedule, unique among all passes.
    pub name: &'static str,
    /// What is written into the pipeline: the pass's own name, with options where they are needed.
    pub element: &'static str,
    /// One sentence: what it does here.
    pub summary: &'static str,
    /// What it runs on.
    pub anchor: Anchor,
    /// What must hold before it runs.
    pub requires: &'static [Property],
    /// What holds after it has run.
    pub establishes: &'static [Property],
    /// What may no longer hold after it has run.
    pub invalidates: &'static [Property],
    /// What it should run after: names of passes, or of properties for all passes that establish them.
    pub after: &'static [&'static str],
    /// What it should run before, likewise.
    pub before: &'static [&'static str],
    /// The function of MLIR's C API that makes the pass known by its name.
    pub register: unsafe extern "C" fn(),
}

impl Upstream {
    /// A module pass whose element is its name, which promises nothing: a base for struct update syntax.
    pub const fn new(name: &'static str, register: unsafe extern "C" fn()) -> Self {
        Self {
            name,
            element: name,
            summary: "",
            anchor: Anchor::Module,
            requires: &[],
            establishes: &[],
            invalidates: &[],
            after: &[],
            before: &[],
            register,
        }
    }
}
