//! The stages as promises: which dialects, operations and types may occur, and which invariants hold. The one table of them.

use crate::properties::*;
use crate::property::Property;

/// What a stage promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stage {
    /// The property that says that a module is at this stage.
    pub property: Property,
    /// One sentence.
    pub summary: &'static str,
    /// The dialects all of whose operations may occur.
    pub dialects: &'static [&'static str],
    /// Single operations of other dialects that may occur too.
    pub operations: &'static [&'static str],
    /// The dialects whose types may not occur.
    pub without_types_of: &'static [&'static str],
    /// The finer properties that follow from the promise, so that they hold for a module that comes from elsewhere.
    pub implies: &'static [Property],
    /// Whether every region has a single block (inside of `llvm.func` it may have more at any stage).
    pub structured: bool,
}

/// What keeps its meaning, with lowered types, until errors, prints, memory and parallel loops are lowered.
const LATE_NUMERIC: &[&str] = &[
    "numeric.check",
    "numeric.check_index",
    "numeric.check_recursion",
    "numeric.raise",
    "numeric.parallel",
    "numeric.yield",
    "numeric.alloc",
    "numeric.retain",
    "numeric.release",
    "numeric.print_text",
    "numeric.print_value",
    "numeric.print_flush",
    "numeric.random",
    "numeric.threads",
    "numeric.call_foreign",
    "numeric.call_runtime",
    "numeric.address",
    "numeric.array_at",
    "numeric.launch",
    "numeric.device_array",
    "numeric.barrier",
    "numeric.fence",
    "numeric.warp",
    "numeric.atomic",
    "numeric.compare_exchange",
    "numeric.load_matrix",
    "numeric.copy_async",
    "numeric.await_copies",
    "gpu.launch",
    "gpu.shuffle",
    "gpu.terminator",
    "gpu.thread_id",
    "gpu.block_id",
    "gpu.block_dim",
    "gpu.grid_dim",
];

/// What MLIR's canonical forms of scf make of bounds and conditions, and where the thread of a kernel is.
const WITH_NUMERIC: &[&str] = &[
    "arith.andi",
    "arith.constant",
    "arith.ori",
    "arith.select",
    "arith.xori",
    "ub.poison",
    "gpu.thread_id",
    "gpu.block_id",
    "gpu.block_dim",
    "gpu.grid_dim",
];

/// What holds where nothing but the llvm dialect is left.
const LOWERED: &[Property] = &[
    BUFFERIZED,
    NO_LINALG,
    PARALLEL_OUTLINED,
    PRINTS_LOWERED,
    SERVICES_LOWERED,
    FOREIGN_LOWERED,
    ERRORS_LOWERED,
    ENTRIES_WRAPPED,
    NO_SCF,
    NO_MEMREF,
    NO_FUNC,
    NO_ARITHMETIC,
    NO_CF,
];

/// All stages, from the front end down.
pub const STAGES: &[Stage] = &[
    Stage {
        property: STAGE_NUMERIC,
        summary: "Python and NumPy meaning, fully typed",
        dialects: &["builtin", "func", "scf", "numeric"],
        operations: WITH_NUMERIC,
        without_types_of: &[],
        implies: &[],
        structured: true,
    },
    Stage {
        property: STAGE_LINALG,
        summary: "array expressions as linalg, imperative code on memrefs",
        dialects: &["builtin", "func", "scf", "arith", "complex", "math", "memref", "tensor", "linalg", "llvm", "ub"],
        operations: LATE_NUMERIC,
        without_types_of: &["numeric"],
        implies: &[],
        structured: true,
    },
    Stage {
        property: STAGE_SCF,
        summary: "loops and branches on memrefs, still structured",
        dialects: &["builtin", "func", "scf", "arith", "complex", "math", "memref", "llvm", "ub"],
        operations: LATE_NUMERIC,
        without_types_of: &["numeric"],
        implies: &[BUFFERIZED, NO_LINALG],
        structured: true,
    },
    Stage {
        property: STAGE_GPU,
        summary: "kernels in a gpu.module, and the host's code that launches them; still structured",
        dialects: &["builtin", "func", "scf", "arith", "complex", "math", "memref", "llvm", "ub", "gpu"],
        operations: LATE_NUMERIC,
        without_types_of: &["numeric"],
        implies: &[BUFFERIZED, NO_LINALG, GPU_MAPPED, PARALLEL_OUTLINED, KERNELS_OUTLINED],
        structured: true,
    },
    Stage {
        property: STAGE_NVVM,
        summary: "the llvm dialect, with nvvm in the kernels of a gpu.module",
        dialects: &["llvm", "nvvm"],
        operations: &["builtin.module", "gpu.module"],
        without_types_of: &["numeric"],
        implies: LOWERED,
        structured: false,
    },
    Stage {
        property: STAGE_LLVM,
        summary: "the llvm dialect, ready for translation to LLVM IR",
        dialects: &["llvm"],
        operations: &["builtin.module"],
        without_types_of: &["numeric"],
        implies: LOWERED,
        structured: false,
    },
];

impl Stage {
    /// The stage of that name, such as `scf`.
    pub fn named(name: &str) -> Option<&'static Stage> {
        STAGES.iter().find(|stage| stage.name() == name)
    }

    /// Its name, such as `scf`.
    pub const fn name(&self) -> &'static str {
        self.property.name()
    }

    /// Whether an operation of that name may occur.
    pub fn allows(&self, operation: &str) -> bool {
        let dialect = operation.split_once('.').map_or("", |(dialect, _)| dialect);
        self.dialects.contains(&dialect) || self.operations.contains(&operation)
    }
}
