//! What several passes share: calls into the runtime, new arrays, memrefs as descriptors, constants of the module, the llvm dialect's
//! operations.

pub(crate) mod aliases;
pub(crate) mod bits;
pub(crate) mod blocks;
pub(crate) mod byte_range;
pub(crate) mod call_graph;
pub(crate) mod captures;
pub(crate) mod device_arrays;
pub(crate) mod function;
pub(crate) mod globals;
pub(crate) mod kernels;
pub(crate) mod launches;
pub(crate) mod llvm;
pub(crate) mod loops;
pub(crate) mod meetings;
pub(crate) mod memory;
pub(crate) mod memref;
pub(crate) mod products;
pub(crate) mod pure;
pub(crate) mod ranges;
pub(crate) mod runtime;
pub(crate) mod scalars;
pub(crate) mod shared_arrays;
pub(crate) mod shuffles;
pub(crate) mod sites;
pub(crate) mod slots;
pub(crate) mod storage;
pub(crate) mod sufficient;

/// A number of things in words: "1 check", "2 checks".
pub(crate) fn counted(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
