//! Targets: what to reach, and what else is wanted at which optimisation level.

use crate::properties::*;
use crate::property::Property;
use crate::schedule::Request;
use std::collections::BTreeSet;

/// Where the way down ends. The passes that lead there are found by the scheduler.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name, such as `cpu`; its pipeline is called `numir-cpu`.
    pub name: &'static str,
    /// One sentence.
    pub summary: &'static str,
    /// What holds at the start.
    pub start: &'static [Property],
    /// What must hold at the end.
    pub reach: &'static [Property],
    /// What is wanted besides, each from that optimisation level on. A wanted property that nothing can establish is left out.
    pub wanted: &'static [(u8, Property)],
}

inventory::collect!(Target);

/// Declares a target, see [`Target`].
#[macro_export]
macro_rules! register_target {
    ($target:expr) => {
        $crate::inventory::submit! { $target }
    };
}

register_target!(Target {
    name: "cpu",
    summary: "Machine code for this computer's CPU, parallel loops on the thread pool",
    start: &[STAGE_NUMERIC],
    reach: &[STAGE_LLVM, DEBUG_SCOPES],
    wanted: &[
        (1, INLINED),
        (1, FUSION_PLANNED),
        (1, PRODUCTS_SCALED),
        (1, LOOPS_JOINED),
        (1, ARRAYS_REUSED),
        (1, CHECKS_VERSIONED),
        (1, POWERS_CHOSEN),
        (1, OVERLAPS_RESOLVED),
        (1, ALLOCATIONS_HOISTED),
        (1, LOOPS_ANNOTATED),
        (1, NUMERIC_OPTIMISED),
        (1, LINALG_OPTIMISED),
        (1, SCF_OPTIMISED),
        (1, LLVM_OPTIMISED),
    ],
});

/// What is wanted on the way to a device: what numbers whole arrays for the caches of a CPU is not.
const WANTED_FOR_DEVICES: &[(u8, Property)] = &[
    (1, MEETINGS_MARKED),
    (1, INLINED),
    (1, FUSION_PLANNED),
    (1, PRODUCTS_SCALED),
    (1, CHECKS_VERSIONED),
    (1, OVERLAPS_RESOLVED),
    (1, ALLOCATIONS_HOISTED),
    (1, NUMERIC_OPTIMISED),
    (1, LINALG_OPTIMISED),
    (1, SCF_OPTIMISED),
];

register_target!(Target {
    name: "cuda",
    summary: "Parallel loops as kernels for CUDA, the rest for this computer's CPU",
    start: &[STAGE_NUMERIC],
    reach: &[STAGE_NVVM],
    wanted: WANTED_FOR_DEVICES,
});

register_target!(Target {
    name: "cuda-sim",
    summary: "Parallel loops as kernels that the simulator runs on this computer's CPU",
    start: &[STAGE_NUMERIC],
    reach: &[STAGE_LLVM, KERNELS_SIMULATED, DEBUG_SCOPES],
    wanted: WANTED_FOR_DEVICES,
});

impl Target {
    /// The target of that name.
    pub fn named(name: &str) -> Option<&'static Target> {
        Self::all().into_iter().find(|target| target.name == name)
    }

    /// All targets, sorted by name.
    pub fn all() -> Vec<&'static Target> {
        let mut all: Vec<_> = inventory::iter::<Target>().collect();
        all.sort_by_key(|target| target.name);
        all
    }

    /// What to ask of the scheduler at an optimisation level from 0 (only what is needed) to 3.
    pub fn request(&self, level: u8) -> Request {
        let wanted = self.wanted.iter().filter(|(from, _)| *from <= level).map(|(_, property)| *property);
        Request {
            start: self.start.iter().copied().collect(),
            reach: self.reach.iter().copied().collect(),
            wanted: wanted.collect(),
            without: BTreeSet::new(),
            options: Default::default(),
        }
    }
}
