//! The passes, from `numeric` to `llvm`.
//!
//! **Invariant**: a pass does one thing, has one file, and is found by its name in the file system. It joins by declaring
//! itself (`register_pass!`, `register_upstream!`); the scheduler finds its place from what it requires and establishes.
#![deny(missing_docs)]

mod annotate_loops;
mod check_locations;
mod choose_powers;
mod expand_axis_reductions;
mod export_entries;
mod fuse_elementwise;
mod fuse_rows;
mod guard_host_access;
mod hoist_allocations;
mod hoist_invariants;
mod hold_owners;
mod inline_functions;
mod join_loops;
mod lower_atomics;
mod lower_errors;
mod lower_foreign;
mod lower_kernels;
mod lower_launches;
mod lower_memory;
mod lower_numeric;
mod lower_print;
mod lower_services;
mod lower_strided_access;
mod map_to_gpu;
mod mark_meetings;
mod outline_kernels;
mod outline_parallel;
mod poll_interrupts;
mod prove_domains;
mod release_values;
mod resolve_overlaps;
mod reuse_arrays;
mod scale_products;
mod simplify_indices;
mod simulate_kernels;
mod simulate_threads;
mod split_random_streams;
mod strip_checks;
mod support;
mod upstream;
mod version_loops;
mod wrap_host_calls;

pub use lower_kernels::IMAGE_SYMBOL;
pub use support::call_graph::{DEVICE, PARALLEL, launched_functions};
