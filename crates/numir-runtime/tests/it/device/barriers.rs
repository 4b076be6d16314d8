//! Barriers of blocks and of grids.

use std::ffi::c_void;
use std::time::{Duration, Instant};

use super::{barrier, error_of, global_number, line, parameter, pointer, raise, run};
use numir_runtime::device::{Thread, numir_sim_access, numir_sim_barrier, numir_sim_failed, numir_sim_grid_barrier};
use numir_runtime::interrupt::set_check;
use numir_runtime::stack::numir_stack_limit;
use numir_runtime::take_pending_error;

/// Sums a block's numbers (of its threads in the grid) in shared memory, as a tree.
unsafe extern "C" fn tree(thread: *mut Thread, arguments: *const *const c_void) {
    // SAFETY: shared memory has an item per thread, the array one per block.
    unsafe {
        let (rank, shared) = ((*thread).thread[0] as usize, (*thread).shared.cast::<u64>());
        assert_eq!(numir_sim_access(thread, shared.add(rank).cast(), 8, 1, line(1)), 0);
        shared.add(rank).write(global_number(thread) as u64);
        let mut half = (*thread).block_extent[0] as usize / 2;
        while half > 0 {
            barrier(thread, 2);
            if rank < half {
                assert_eq!(numir_sim_access(thread, shared.add(rank + half).cast(), 8, 0, line(3)), 0);
                assert_eq!(numir_sim_access(thread, shared.add(rank).cast(), 8, 1, line(3)), 0);
                shared.add(rank).write(shared.add(rank).read() + shared.add(rank + half).read());
            }
            half /= 2;
        }
        if rank == 0 {
            pointer::<u64>(arguments, 0).add((*thread).block[0] as usize).write(shared.read());
        }
    }
}

#[test]
fn blocks_sum_in_shared_memory() {
    for threads in [1, 2, 32, 256, 1024_u64] {
        let (status, sums) = run(tree, [50, 1, 1], [threads as i64, 1, 1], threads as i64 * 8, 50, &[]);
        assert_eq!((status, take_pending_error()), (0, None));
        let sum = |block: u64| (block * threads..(block + 1) * threads).sum::<u64>();
        assert!(sums.into_iter().eq((0..50).map(sum)), "{threads}");
    }
}

unsafe extern "C" fn ask(thread: *mut Thread, arguments: *const *const c_void) {
    // SAFETY: three items per thread.
    unsafe {
        let (number, rank, least) = (global_number(thread), (*thread).thread[0], parameter(arguments, 1));
        let items = pointer::<i64>(arguments, 0).add(3 * number);
        let holds = i32::from(u64::from(rank) >= least);
        for kind in 1..4 {
            items.add(kind - 1).write(numir_sim_barrier(thread, kind as i32, holds, line(kind as u32)).into());
        }
    }
}

#[test]
fn barriers_count_predicates() {
    for (least, answers) in [(0, [70, 1, 1]), (30, [40, 0, 1]), (70, [0, 0, 0])] {
        let (status, items) = run(ask, [2, 1, 1], [70, 1, 1], 0, 420, &[least]);
        assert_eq!(status, 0);
        assert!(items.chunks(3).all(|found| found == answers), "{least}");
    }
}

unsafe extern "C" fn leave_early(thread: *mut Thread, arguments: *const *const c_void) {
    // SAFETY: a parameter.
    unsafe {
        if u64::from((*thread).thread[0]) >= parameter(arguments, 1) {
            return;
        }
        barrier(thread, 21);
    }
}

#[test]
fn threads_that_end_before_a_barrier_are_told() {
    let error = error_of(leave_early, 64, 0, &[48]);
    let text = "BarrierError: 16 of the 64 threads of a block have ended while others wait at a barrier: all must come to it, or none";
    assert_eq!((error.to_string().as_str(), error.traceback[0].line), (text, 21));
    assert_eq!(run(leave_early, [3, 1, 1], [64, 1, 1], 0, 1, &[64]).0, 0);
    assert_eq!(run(leave_early, [3, 1, 1], [64, 1, 1], 0, 1, &[0]).0, 0);
}

unsafe extern "C" fn part_ways(thread: *mut Thread, _: *const *const c_void) {
    // SAFETY: threads that a kernel was called with.
    unsafe { barrier(thread, if (*thread).thread[0] < 10 { 31 } else { 33 }) };
}

#[test]
fn different_barriers_do_not_meet() {
    let error = error_of(part_ways, 64, 0, &[]);
    let text = "BarrierError: threads of a block wait at different barriers, here and in line 33 of kernels.py: all must come to the same";
    assert_eq!((error.to_string().as_str(), error.traceback[0].line), (text, 31));
}

unsafe extern "C" fn fail_before(thread: *mut Thread, arguments: *const *const c_void) {
    // SAFETY: an item per thread.
    unsafe {
        let number = global_number(thread);
        if number % 7 == 3 {
            raise("ValueError", "no", 5);
            return numir_sim_failed(thread);
        }
        barrier(thread, 6);
        pointer::<u64>(arguments, 0).add(number).write(1);
    }
}

#[test]
fn nobody_waits_for_a_thread_that_has_failed() {
    let (status, items) = run(fail_before, [2, 1, 1], [70, 1, 1], 0, 140, &[]);
    assert_eq!((status, take_pending_error().expect("raised").to_string().as_str()), (1, "ValueError: no"));
    assert!(items.into_iter().eq((0..140).map(|number| u64::from(number % 7 != 3))));
}

/// Each block adds up what all blocks have written before, several times.
unsafe extern "C" fn whole_grid(thread: *mut Thread, arguments: *const *const c_void) {
    // SAFETY: two items per thread of the grid.
    unsafe {
        let (items, number) = (pointer::<u64>(arguments, 0), global_number(thread));
        let count = ((*thread).grid_extent[0] * (*thread).block_extent[0]) as usize;
        items.add(number).write(1);
        for round in 0..parameter(arguments, 1) as usize {
            numir_sim_grid_barrier(thread, line(40));
            let [old, new] = [round % 2, (round + 1) % 2].map(|half| items.add(half * count));
            let sum = (0..count).map(|other| old.add(other).read()).sum();
            new.add(number).write(sum);
        }
    }
}

#[test]
fn a_grid_waits_as_a_whole() {
    let (status, items) = run(whole_grid, [9, 1, 1], [40, 1, 1], 0, 720, &[4]);
    assert_eq!((status, take_pending_error()), (0, None));
    assert!(items[..360].iter().all(|item| *item == 360_u64.pow(4)));
    let (status, items) = run(whole_grid, [40, 1, 1], [1024, 1, 1], 0, 81_920, &[0]);
    assert_eq!((status, items[..40_960].iter().sum()), (0, 40_960), "none waits, so there may be many");
}

unsafe extern "C" fn some_blocks(thread: *mut Thread, arguments: *const *const c_void) {
    // SAFETY: a thread that a kernel was called with.
    unsafe {
        if u64::from((*thread).block[0]) < parameter(arguments, 1) {
            numir_sim_grid_barrier(thread, line(44));
        }
    }
}

#[test]
fn blocks_that_end_before_the_grids_barrier_are_told() {
    assert_eq!(run(some_blocks, [5, 1, 1], [40, 1, 1], 0, 1, &[3]).0, 1);
    let error = take_pending_error().expect("raised");
    assert_eq!((error.kind.as_str(), error.traceback[0].line), ("BarrierError", 44));
    assert!(error.message.starts_with("2 of the 5 blocks of the grid have ended while others wait"), "{error}");
    assert_eq!(run(some_blocks, [100, 1, 1], [1000, 1, 1], 0, 1, &[100]).0, 1);
    let error = take_pending_error().expect("too many");
    assert_eq!((error.kind.as_str(), error.traceback[0].line), ("ValueError", 44));
}

/// The last thread sets a flag, for which the others look.
unsafe extern "C" fn spin(thread: *mut Thread, arguments: *const *const c_void) {
    // SAFETY: one item.
    unsafe {
        let flag = pointer::<u64>(arguments, 0);
        if (*thread).thread[0] + 1 == (*thread).block_extent[0] {
            flag.write_volatile(1);
        }
        while flag.read_volatile() == 0 {
            assert_eq!(numir_sim_access(thread, flag.cast(), 8, 2, line(50)), 0);
        }
    }
}

#[test]
fn who_waits_for_a_write_lets_others_go_on() {
    let start = Instant::now();
    assert_eq!(run(spin, [1, 1, 1], [100, 1, 1], 0, 1, &[]), (0, vec![1]));
    assert!(start.elapsed() < Duration::from_secs(10));
}

/// Waits for a write that never comes.
unsafe extern "C" fn wait_for_ever(thread: *mut Thread, arguments: *const *const c_void) {
    // SAFETY: one item.
    unsafe {
        let flag = pointer::<u64>(arguments, 0);
        while flag.read_volatile() == 0 {
            assert_eq!(numir_sim_access(thread, flag.cast(), 8, 0, line(55)), 0);
        }
    }
}

#[test]
fn an_interrupt_ends_a_kernel() {
    // In a process of its own: all that runs is interrupted.
    let program = std::env::current_exe().expect("a path");
    let arguments = ["--exact", "device::barriers::interrupted_in_a_process_of_its_own", "--ignored"];
    let output = std::process::Command::new(program).args(arguments).output().expect("a process");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
#[ignore = "interrupts the whole process; run by the one above"]
fn interrupted_in_a_process_of_its_own() {
    for grid in [1, 40] {
        static BEGIN: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
        BEGIN.get_or_init(Instant::now);
        set_check(Some(|| BEGIN.get().is_some_and(|begin| begin.elapsed() > Duration::from_millis(100))));
        assert_eq!(run(wait_for_ever, [grid, 1, 1], [20, 1, 1], 0, 1, &[]).0, 1);
        assert_eq!(take_pending_error().map(|error| error.kind).as_deref(), Some("KeyboardInterrupt"));
    }
}

unsafe extern "C" fn look_at_stack(thread: *mut Thread, arguments: *const *const c_void) {
    let mut local = 0_u64;
    let here = (&raw mut local).addr();
    // SAFETY: an item per thread.
    unsafe {
        assert_eq!(numir_sim_access(thread, (&raw const local).cast(), 8, 1, line(60)), 0);
        let left = here - numir_stack_limit().addr();
        barrier(thread, 61);
        pointer::<u64>(arguments, 0).add(global_number(thread)).write(left as u64);
    }
}

#[test]
fn each_thread_has_a_stack() {
    let (status, left) = run(look_at_stack, [1, 1, 1], [200, 1, 1], 0, 200, &[]);
    assert_eq!(status, 0);
    assert!(left.iter().all(|left| (100 << 10..256 << 10).contains(left)), "{left:?}");
    assert_ne!(numir_stack_limit(), std::ptr::null_mut(), "the thread's own stack is known after");
}
