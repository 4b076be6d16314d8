//! The properties of numir's own passes. Out-of-tree passes may declare others with `Property::exclusive` or `Property::shared`.
//!
//! A stage's exact promise (dialects, operations, invariants) is in the stage table, checked by `verify-stage`.

use crate::property::Property;

/// The module is in the `numeric` dialect, as the front end emits it: Python meaning, fully typed, structured.
pub const STAGE_NUMERIC: Property = Property::stage("numeric");
/// Array expressions are linalg, the rest is scf, on memrefs; no numeric type is left.
pub const STAGE_LINALG: Property = Property::stage("linalg");
/// Loops, branches and memrefs only; still structured.
pub const STAGE_SCF: Property = Property::stage("scf");
/// The llvm dialect only.
pub const STAGE_LLVM: Property = Property::stage("llvm");

/// What runs on the device is in kernels of a `gpu.module`, the rest launches them.
pub const STAGE_GPU: Property = Property::stage("gpu");
/// The llvm dialect only, with nvvm in the kernels.
pub const STAGE_NVVM: Property = Property::stage("nvvm");

/// What threads of a kernel do together stays recognisable in copies of code.
pub const MEETINGS_MARKED: Property = Property::exclusive("meetings-marked");
/// Small functions have been put into their callers.
pub const INLINED: Property = Property::exclusive("inlined");
/// What does not change in a loop is computed before it.
pub const INVARIANTS_HOISTED: Property = Property::exclusive("invariants-hoisted");
/// Index checks that ranges prove are gone, and indices are computed as such.
pub const RANGES_KNOWN: Property = Property::exclusive("ranges-known");
/// Loops whose index checks can be decided beforehand have a version without them.
pub const LOOPS_VERSIONED: Property = Property::exclusive("loops-versioned");
/// Loops have versions without the index checks that can be decided beforehand; what depends on data is checked in strips.
pub const CHECKS_VERSIONED: Property = Property::exclusive("checks-versioned");
/// Powers that are computed one at a time are the C library's.
pub const POWERS_CHOSEN: Property = Property::exclusive("powers-chosen");
/// Assignments that surely do not write what they have still to read are marked.
pub const OVERLAPS_RESOLVED: Property = Property::exclusive("overlaps-resolved");
/// It has been decided which array operations are computed in one loop nest.
pub const FUSION_PLANNED: Property = Property::exclusive("fusion-planned");
/// Numbers that factors of products of matrices are multiplied by are part of the products.
pub const PRODUCTS_SCALED: Property = Property::exclusive("products-scaled");
/// Reductions along axes are loops.
pub const AXES_EXPANDED: Property = Property::exclusive("axes-expanded");
/// Whole-array operations that can be done in one pass over memory are marked.
pub const LOOPS_JOINED: Property = Property::exclusive("loops-joined");
/// Every array has its `numeric.retain` and `numeric.release`; redundant pairs are gone.
pub const OWNERSHIP_EXPLICIT: Property = Property::exclusive("ownership-explicit");
/// Results of whole-array operations take over the memory of operands that are not needed afterwards.
pub const ARRAYS_REUSED: Property = Property::exclusive("arrays-reused");
/// No tensor is left: every value that is an array is a memref.
pub const BUFFERIZED: Property = Property::exclusive("bufferized");
/// No linalg operation is left.
pub const NO_LINALG: Property = Property::exclusive("no-linalg");
/// Allocations stand outside of the loops that do not need a new one per iteration.
pub const ALLOCATIONS_HOISTED: Property = Property::exclusive("allocations-hoisted");
/// Parallel loops are body functions called through the runtime's pool.
pub const PARALLEL_OUTLINED: Property = Property::exclusive("parallel-outlined");
/// Loops that run on the device are launches.
pub const GPU_MAPPED: Property = Property::exclusive("gpu-mapped");
/// Launches name kernels, which are functions of a `gpu.module`.
pub const KERNELS_OUTLINED: Property = Property::exclusive("kernels-outlined");
/// Launches are calls of the runtime, which get the arrays' addresses on the device.
pub const LAUNCHES_LOWERED: Property = Property::exclusive("launches-lowered");
/// The host waits for the device before it touches an array that a kernel may have used.
pub const HOST_ACCESS_GUARDED: Property = Property::exclusive("host-access-guarded");
/// What threads do to memory in one step is the llvm dialect's.
pub const ATOMICS_LOWERED: Property = Property::exclusive("atomics-lowered");
/// What threads of a kernel do together, and each access to memory, is a call of the simulator.
pub const THREADS_SIMULATED: Property = Property::exclusive("threads-simulated");
/// Kernels take their arguments one by one and read the hardware's registers.
pub const KERNELS_LOWERED: Property = Property::exclusive("kernels-lowered");
/// Kernels are functions of the host, which the simulator runs.
pub const KERNELS_SIMULATED: Property = Property::exclusive("kernels-simulated");
/// Long loops of an interruptible module ask whether they are to end.
pub const INTERRUPTS_POLLED: Property = Property::exclusive("interrupts-polled");
/// Innermost loops say what LLVM need not do with them.
pub const LOOPS_ANNOTATED: Property = Property::exclusive("loops-annotated");
/// No scf operation is left: control flow is blocks and branches.
pub const NO_SCF: Property = Property::exclusive("no-scf");
/// Checks and raises are branches to the function's error exit; functions that may raise return a status.
pub const ERRORS_LOWERED: Property = Property::exclusive("errors-lowered");
/// Print operations are calls into the runtime.
pub const PRINTS_LOWERED: Property = Property::exclusive("prints-lowered");
/// Every iteration of a parallel loop that draws random numbers begins a stream of its own.
pub const STREAMS_SPLIT: Property = Property::exclusive("streams-split");
/// Random numbers are drawn, and threads asked about, by calls into the runtime.
pub const SERVICES_LOWERED: Property = Property::exclusive("services-lowered");
/// Functions of the host have bodies, which call it.
pub const HOST_CALLS_WRAPPED: Property = Property::exclusive("host-calls-wrapped");
/// Foreign functions are called as C does, and addresses are those of memory.
pub const FOREIGN_LOWERED: Property = Property::exclusive("foreign-lowered");
/// Functions are llvm functions and every `numeric.entry` has its entry wrapper.
pub const ENTRIES_WRAPPED: Property = Property::exclusive("entries-wrapped");
/// No memref is left.
pub const NO_MEMREF: Property = Property::exclusive("no-memref");
/// No func operation is left.
pub const NO_FUNC: Property = Property::exclusive("no-func");
/// No arith, math, index, affine or vector operation is left.
pub const NO_ARITHMETIC: Property = Property::exclusive("no-arithmetic");
/// No cf operation is left.
pub const NO_CF: Property = Property::exclusive("no-cf");

/// The optimisations on `numeric` have run. Any pass may join.
pub const NUMERIC_OPTIMISED: Property = Property::shared("numeric-optimised");
/// The optimisations on `linalg` have run. Any pass may join.
pub const LINALG_OPTIMISED: Property = Property::shared("linalg-optimised");
/// The optimisations on `scf` have run. Any pass may join.
pub const SCF_OPTIMISED: Property = Property::shared("scf-optimised");
/// The optimisations on the `llvm` dialect have run. Any pass may join.
pub const LLVM_OPTIMISED: Property = Property::shared("llvm-optimised");
/// Stage `llvm` is complete: debug scopes and attributes that LLVM needs are attached.
pub const DEBUG_SCOPES: Property = Property::exclusive("debug-scopes");
