//! Before and after of every pass, and the way from each stage to running code. One file per pass.

mod harness;
mod machine;

mod annotate_loops;
mod array_pieces;
mod check_locations;
mod effects;
mod expand_axis_reductions;
mod export_entries;
mod fuse_elementwise;
mod hoist_allocations;
mod hold_owners;
mod inline_functions;
mod join_loops;
mod lower_errors;
mod lower_foreign;
mod lower_memory;
mod lower_print;
mod lower_services;
mod lower_strided_access;
mod numeric;
mod outline_parallel;
mod ownership;
mod parallel;
mod poll_interrupts;
mod prove_domains;
mod recursion;
mod release_values;
mod resolve_overlaps;
mod run;
mod schedule;
mod simplify_indices;
mod split_random_streams;
mod strip_checks;
mod version_loops;
mod wrap_host_calls;
