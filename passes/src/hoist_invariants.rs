//! `hoist-invariants`: MLIR's loop-invariant code motion. Extents and trip counts of inner loops come to stand before the outer
//! ones, where `version-loops` can compare them.

use mlir_sys::mlirRegisterTransformsLoopInvariantCodeMotion;
use numir_pipeline::properties::{INLINED, INVARIANTS_HOISTED, STAGE_NUMERIC};
use numir_pipeline::{Anchor, Upstream, register_upstream};

register_upstream!(Upstream {
    name: "hoist-invariants",
    element: "loop-invariant-code-motion",
    summary: "compute before a loop what is the same in all of its iterations",
    anchor: Anchor::Function,
    requires: &[STAGE_NUMERIC, INLINED],
    establishes: &[INVARIANTS_HOISTED],
    before: &["canonicalize-numeric", "cse-numeric", "release-values"],
    ..Upstream::new("hoist-invariants", mlirRegisterTransformsLoopInvariantCodeMotion)
});
