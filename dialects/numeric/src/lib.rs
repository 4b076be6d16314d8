//! The `numeric` dialect: Python and NumPy meaning, fully typed, for MLIR; and the handles with which passes rewrite it.
#![deny(missing_docs)]

mod ffi;
pub mod ir;
pub mod types;

use melior::Context;
use melior::dialect::DialectHandle;

/// Operations of threads of a kernel that do more than give a result: they meet other threads, or change memory that those see.
pub const THREAD_EFFECTS: [&str; 8] = [
    "numeric.atomic",
    "numeric.await_copies",
    "numeric.barrier",
    "numeric.compare_exchange",
    "numeric.copy_async",
    "numeric.fence",
    "numeric.load_matrix",
    "numeric.warp",
];

/// Whether only threads of a kernel can do an operation, of this dialect or of MLIR's `gpu`.
pub fn is_device_only(operation: &str) -> bool {
    const PLACES: [&str; 5] =
        ["numeric.device_array", "gpu.block_dim", "gpu.block_id", "gpu.grid_dim", "gpu.thread_id"];
    THREAD_EFFECTS.contains(&operation) || PLACES.contains(&operation)
}

/// On a function, and then on the kernel that is made of it: the most registers of a thread, the most threads of a block, and the least number of
/// blocks that are to fit on a multiprocessor.
pub const KERNEL_LIMITS: [&str; 3] = ["numir.max_registers", "numir.max_threads", "numir.min_blocks"];

/// On a function, and then on the kernel that is made of it: its code for a device is to tell which line of the program it is of.
pub const LINE_INFO: &str = "numir.line_info";

/// The handle of the dialect, to insert it into a registry or load it into a context.
pub fn handle() -> DialectHandle {
    // SAFETY: the function returns the address of a static table of functions.
    unsafe { DialectHandle::from_raw(ffi::mlirGetDialectHandle__numeric__()) }
}

/// Registers the dialect in a context and loads it: needed before its operations and types are made or parsed.
pub fn register(context: &Context) {
    handle().register_dialect(context);
    handle().load_dialect(context);
}
