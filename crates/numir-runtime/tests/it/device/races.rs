//! Races for shared memory, and accesses beside it.

use std::ffi::c_void;

use super::{barrier, error_of, line, parameter, run};
use numir_runtime::device::{Thread, numir_sim_access, numir_sim_failed, numir_sim_syncwarp};
use numir_runtime::take_pending_error;

/// Writes an item, then by what the parameter says waits, then reads that of the next thread.
unsafe extern "C" fn neighbours(thread: *mut Thread, arguments: *const *const c_void) {
    // SAFETY: shared memory of an item per thread.
    unsafe {
        let (rank, count) = ((*thread).thread[0] as usize, (*thread).block_extent[0] as usize);
        let shared = (*thread).shared.cast::<u32>();
        if numir_sim_access(thread, shared.add(rank).cast(), 4, 1, line(3)) != 0 {
            return numir_sim_failed(thread);
        }
        match parameter(arguments, 1) {
            0 => {}
            1 => numir_sim_syncwarp(thread, -1, line(4)),
            _ => barrier(thread, 4),
        }
        if numir_sim_access(thread, shared.add((rank + 1) % count).cast(), 4, 0, line(5)) != 0 {
            numir_sim_failed(thread);
        }
    }
}

#[test]
fn accesses_without_a_barrier_in_between_are_told_with_both_lines() {
    let error = error_of(neighbours, 8, 32, &[0]);
    let text = "RaceError: thread (1, 0, 0) writes shared memory that thread (0, 0, 0) of its block has read in line 5 of kernels.py, with no barrier in between";
    assert_eq!((error.to_string().as_str(), error.traceback[0].line), (text, 3));
    // In a warp, syncwarp will do; in a block it will not.
    assert_eq!(run(neighbours, [3, 1, 1], [32, 1, 1], 128, 1, &[1]).0, 0);
    let error = error_of(neighbours, 64, 256, &[1]);
    let text = "RaceError: thread (31, 0, 0) reads shared memory that thread (32, 0, 0) of its block has written in line 3 of kernels.py, with no barrier in between";
    assert_eq!((error.to_string().as_str(), error.traceback[0].line), (text, 5));
    assert_eq!(run(neighbours, [3, 1, 1], [64, 1, 1], 256, 1, &[2]).0, 0);
    assert_eq!(take_pending_error(), None);
}

/// All threads use one item, in a way that the parameter says.
unsafe extern "C" fn one_item(thread: *mut Thread, arguments: *const *const c_void) {
    // SAFETY: shared memory of an item.
    unsafe {
        if numir_sim_access(thread, (*thread).shared, 8, parameter(arguments, 1) as i32, line(7)) != 0 {
            numir_sim_failed(thread);
        }
    }
}

#[test]
fn reads_and_atomic_operations_do_not_race() {
    for kind in [0, 2] {
        assert_eq!(run(one_item, [2, 1, 1], [40, 1, 1], 8, 1, &[kind]).0, 0);
    }
    assert_eq!(error_of(one_item, 40, 8, &[1]).kind, "RaceError");
    assert_eq!(run(one_item, [5, 1, 1], [1, 1, 1], 8, 1, &[1]).0, 0, "blocks have a memory each");
}

#[test]
fn what_is_beside_shared_memory_is_told() {
    let error = error_of(one_item, 1, 4, &[1]);
    let text = "IndexError: a thread writes 8 bytes outside of the block's shared memory: from byte 0 of 4 on";
    assert_eq!((error.to_string().as_str(), error.traceback[0].line), (text, 7));
}

/// Writes an item behind shared memory, without a check.
unsafe extern "C" fn overrun(thread: *mut Thread, _: *const *const c_void) {
    // SAFETY: shared memory of two items has a red zone behind it.
    unsafe { (*thread).shared.cast::<u64>().add(2).write(1) };
}

#[test]
fn a_write_behind_shared_memory_is_found() {
    let error = error_of(overrun, 1, 16, &[]);
    assert_eq!(error.to_string(), "IndexError: a kernel has written behind shared memory of 16 bytes");
}
