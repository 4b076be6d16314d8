//! MLIR's own passes on the way from `linalg` to `llvm`, with what each requires, establishes and invalidates.

use crate::hold_owners::OWNERS_HELD;
use crate::lower_memory::MEMORY_LOWERED;
use crate::lower_strided_access::STRIDED_ACCESS_LOWERED;
use mlir_sys::*;
use numir_pipeline::properties::*;
use numir_pipeline::{Anchor, Property, Upstream, register_upstream};

/// No affine operation is left.
const NO_AFFINE: Property = Property::exclusive("no-affine");
/// No view or reshape of a memref is left: they are arithmetic on strides and offsets.
const METADATA_EXPANDED: Property = Property::exclusive("metadata-expanded");

register_upstream!(Upstream {
    name: "canonicalize-numeric",
    element: "canonicalize",
    summary: "fold constants and drop what is not needed, in Python's meaning",
    anchor: Anchor::Function,
    requires: &[STAGE_NUMERIC],
    establishes: &[NUMERIC_OPTIMISED],
    ..Upstream::new("canonicalize-numeric", mlirRegisterTransformsCanonicalizer)
});

register_upstream!(Upstream {
    name: "cse-numeric",
    element: "cse",
    summary: "compute what is computed twice only once, in Python's meaning",
    anchor: Anchor::Function,
    requires: &[STAGE_NUMERIC],
    establishes: &[NUMERIC_OPTIMISED],
    after: &["canonicalize-numeric"],
    ..Upstream::new("cse-numeric", mlirRegisterTransformsCSE)
});

register_upstream!(Upstream {
    name: "lower-linalg",
    element: "convert-linalg-to-loops",
    summary: "turn linalg operations on memrefs into loops from 0 with step 1",
    anchor: Anchor::Function,
    requires: &[STAGE_LINALG, OWNERS_HELD],
    establishes: &[STAGE_SCF, NO_LINALG],
    ..Upstream::new("lower-linalg", mlirRegisterLinalgConvertLinalgToLoopsPass)
});

register_upstream!(Upstream {
    name: "canonicalize-scf",
    element: "canonicalize",
    summary: "fold constants and drop what is not needed",
    anchor: Anchor::Function,
    requires: &[STAGE_SCF],
    establishes: &[SCF_OPTIMISED],
    ..Upstream::new("canonicalize-scf", mlirRegisterTransformsCanonicalizer)
});

register_upstream!(Upstream {
    name: "cse-scf",
    element: "cse",
    summary: "compute what is computed twice only once",
    anchor: Anchor::Function,
    requires: &[STAGE_SCF],
    establishes: &[SCF_OPTIMISED],
    after: &["canonicalize-scf"],
    ..Upstream::new("cse-scf", mlirRegisterTransformsCSE)
});

register_upstream!(Upstream {
    summary: "turn views of memrefs into arithmetic on their strides and offsets",
    requires: &[PARALLEL_OUTLINED],
    establishes: &[METADATA_EXPANDED],
    ..Upstream::new("expand-strided-metadata", mlirRegisterMemRefExpandStridedMetadataPass)
});

register_upstream!(Upstream {
    summary: "turn affine operations into arithmetic",
    requires: &[METADATA_EXPANDED],
    establishes: &[NO_AFFINE],
    ..Upstream::new("lower-affine", mlirRegisterConversionLowerAffinePass)
});

register_upstream!(Upstream {
    summary: "turn structured control flow into branches",
    requires: &[PARALLEL_OUTLINED, MEMORY_LOWERED, PRINTS_LOWERED, SERVICES_LOWERED, FOREIGN_LOWERED, NO_AFFINE],
    establishes: &[NO_SCF],
    after: &["scf-optimised"],
    ..Upstream::new("convert-scf-to-cf", mlirRegisterConversionSCFToControlFlowPass)
});

// One conversion for all dialects: it costs half of what a pass for each of them does.
register_upstream!(Upstream {
    summary: "turn what is left of all dialects into the llvm dialect",
    requires: &[
        NO_SCF,
        NO_AFFINE,
        METADATA_EXPANDED,
        PARALLEL_OUTLINED,
        MEMORY_LOWERED,
        PRINTS_LOWERED,
        SERVICES_LOWERED,
        FOREIGN_LOWERED,
        ERRORS_LOWERED,
        STRIDED_ACCESS_LOWERED,
        ENTRIES_WRAPPED,
    ],
    establishes: &[NO_MEMREF, NO_FUNC, NO_ARITHMETIC, NO_CF],
    ..Upstream::new("convert-to-llvm", mlirRegisterConversionConvertToLLVMPass)
});

register_upstream!(Upstream {
    summary: "drop the casts between a type and what it has become",
    requires: &[NO_MEMREF, NO_FUNC, NO_ARITHMETIC, NO_CF],
    establishes: &[STAGE_LLVM],
    ..Upstream::new("reconcile-unrealized-casts", mlirRegisterConversionReconcileUnrealizedCastsPass)
});

register_upstream!(Upstream {
    name: "cse-llvm",
    element: "cse",
    summary: "compute what is computed twice only once: constants, extents, parts of descriptors",
    anchor: Anchor::Operation("llvm.func"),
    requires: &[STAGE_LLVM],
    establishes: &[LLVM_OPTIMISED],
    ..Upstream::new("cse-llvm", mlirRegisterTransformsCSE)
});

register_upstream!(Upstream {
    summary: "give every function the debug scope that its line numbers need",
    requires: &[STAGE_LLVM],
    establishes: &[DEBUG_SCOPES],
    ..Upstream::new("ensure-debug-info-scope-on-llvm-func", mlirRegisterLLVMDIScopeForLLVMFuncOpPass)
});

register_upstream!(Upstream {
    name: "reconcile-kernel-casts",
    element: "reconcile-unrealized-casts",
    summary: "drop the casts between a type and what it has become, in kernels too",
    requires: &[KERNELS_LOWERED, NO_MEMREF, NO_FUNC, NO_ARITHMETIC, NO_CF],
    establishes: &[STAGE_NVVM],
    ..Upstream::new("reconcile-kernel-casts", mlirRegisterConversionReconcileUnrealizedCastsPass)
});
