//! Launches: every thread once with its ids, errors, limits, several callers.

use std::ffi::c_void;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::{global_number, kernel, launch, line, parameter, pointer, raise, run};
use numir_runtime::device::{Thread, numir_device_synchronize, numir_sim_access, numir_sim_failed};
use numir_runtime::pool::numir_parallel;
use numir_runtime::take_pending_error;

unsafe extern "C" fn ids(thread: *mut Thread, arguments: *const *const c_void) {
    // SAFETY: two parameters, the first of which is as long as the grid has threads.
    unsafe {
        let (items, scale) = (pointer::<u64>(arguments, 0), parameter(arguments, 1));
        let thread = &*thread;
        let [x, y, z] = [0, 1, 2].map(|axis| thread.block[axis] * thread.block_extent[axis] + thread.thread[axis]);
        let [wide, high] = [0, 1].map(|axis| thread.grid_extent[axis] * thread.block_extent[axis]);
        let item = items.add((x + wide * (y + high * z)) as usize);
        item.write(item.read() + scale * u64::from(x + 1000 * y + 1_000_000 * z));
    }
}

#[test]
fn every_thread_runs_once_and_knows_its_place() {
    let (status, items) = run(ids, [3, 2, 2], [5, 3, 2], 0, 15 * 6 * 4, &[7]);
    assert_eq!(status, 0);
    let places = (0..4).flat_map(|z| (0..6).flat_map(move |y| (0..15).map(move |x| x + 1000 * y + 1_000_000 * z)));
    assert!(items.into_iter().eq(places.map(|place| 7 * place)));
}

unsafe extern "C" fn never(_: *mut Thread, _: *const *const c_void) {
    raise("SystemError", "it ran", 1);
}

#[test]
fn a_grid_without_blocks_runs_nothing() {
    let mut kernel = kernel(never);
    for grid in [[0, 1, 1], [1, 0, 1], [1, 1, 0]] {
        assert_eq!(launch(&mut kernel, grid, [32, 1, 1], 0, &[]), 0);
    }
    assert_eq!(take_pending_error(), None);
    // SAFETY: a record that lives.
    assert_eq!(unsafe { numir_device_synchronize(&raw mut kernel) }, 0);
}

#[test]
fn what_hardware_does_not_allow_is_refused() {
    let mut kernel = kernel(never);
    let cases = [
        ([1, 1, 1], [33, 32, 1], 0, "a block of 33 x 32 x 1 has 1056 threads, of 1024 at most"),
        ([1, 1, 1], [1, 1, 65], 0, "the block's third extent is 65, and it must be from 1 to 64"),
        ([1, 70_000, 1], [1, 1, 1], 0, "the grid's second extent is 70000, and it must be from 0 to 65535"),
        ([1, 1, 1], [1, 1, 1], 232_449, "a block wants 232449 bytes of shared memory, of 232448 at most"),
    ];
    for (grid, block, shared, text) in cases {
        assert_eq!(launch(&mut kernel, grid, block, shared, &[]), 1);
        let error = take_pending_error().expect("refused");
        assert_eq!(error.kind, "ValueError");
        assert!(error.message.starts_with(text), "{}", error.message);
    }
}

unsafe extern "C" fn some_fail(thread: *mut Thread, arguments: *const *const c_void) {
    // SAFETY: two parameters, the first of which is as long as the grid has threads.
    unsafe {
        let (items, first) = (pointer::<u64>(arguments, 0), parameter(arguments, 1));
        let number = global_number(thread);
        items.add(number).write(1);
        if number as u64 >= first && (number as u64 - first).is_multiple_of(3) {
            raise("ZeroDivisionError", if number as u64 == first { "first" } else { "later" }, 7);
            numir_sim_failed(thread);
        }
    }
}

#[test]
fn the_error_of_the_smallest_thread_wins_and_the_others_go_on() {
    for first in [0, 5, 130, 255, 4095] {
        let (status, items) = run(some_fail, [64, 1, 1], [64, 1, 1], 0, 4096, &[first]);
        assert_eq!(status, 1);
        let error = take_pending_error().expect("moved to the caller");
        assert_eq!((error.to_string().as_str(), error.traceback[0].line), ("ZeroDivisionError: first", 7));
        assert!(items.into_iter().all(|item| item == 1));
    }
    assert_eq!(run(some_fail, [64, 1, 1], [64, 1, 1], 0, 4096, &[4096]).0, 0);
    assert_eq!(take_pending_error(), None);
}

unsafe extern "C" fn reach(thread: *mut Thread, arguments: *const *const c_void) {
    // SAFETY: two parameters, a pointer and how many items beyond it this goes.
    unsafe {
        let item = pointer::<u64>(arguments, 0).wrapping_add(parameter(arguments, 1) as usize);
        if numir_sim_access(thread, item.cast(), 8, 1, line(12)) != 0 {
            return numir_sim_failed(thread);
        }
        item.write(5);
    }
}

#[test]
fn what_is_out_of_bounds_is_told_with_its_line() {
    assert_eq!(run(reach, [1, 1, 1], [1, 1, 1], 0, 4, &[3]), (0, vec![0, 0, 0, 5]));
    for beyond in [4, 5, u64::MAX] {
        assert_eq!(run(reach, [1, 1, 1], [1, 1, 1], 0, 4, &[beyond]), (1, vec![0; 4]));
        let error = take_pending_error().expect("out of bounds");
        assert_eq!((error.kind.as_str(), error.traceback[0].line), ("IndexError", 12));
        assert!(error.message.starts_with("a thread writes 8 bytes outside of the device's memory"), "{error}");
    }
    // The host's memory is not the device's.
    let on_host = [0_u64];
    let mut kernel = kernel(reach);
    let values = [on_host.as_ptr().expose_provenance() as u64, 0];
    assert_eq!(launch(&mut kernel, [1, 1, 1], [1, 1, 1], 0, &values), 1);
    assert_eq!(take_pending_error().expect("out of bounds").kind, "IndexError");
}

unsafe extern "C" fn spill(_: *mut Thread, arguments: *const *const c_void) {
    // SAFETY: the address behind an array is in its red zone.
    unsafe { pointer::<u64>(arguments, 0).wrapping_add(parameter(arguments, 1) as usize).write(1) };
}

#[test]
fn launches_of_several_threads_do_not_mix() {
    std::thread::scope(|scope| {
        for caller in 1..5_u64 {
            scope.spawn(move || {
                for round in 0..20 {
                    let (status, items) = run(ids, [7, 1, 1], [33, 1, 1], 0, 231, &[caller]);
                    assert_eq!(status, 0);
                    assert!(items.into_iter().eq((0..231).map(|place| caller * place)), "{caller}, {round}");
                    let first = caller * 3 + round;
                    assert_eq!(run(some_fail, [4, 1, 1], [64, 1, 1], 0, 256, &[first]).0, 1);
                    assert_eq!(take_pending_error().expect("its own").message, "first");
                }
            });
        }
    });
}

#[test]
fn a_write_without_a_check_is_found_in_the_red_zone() {
    assert_eq!(run(spill, [1, 1, 1], [1, 1, 1], 0, 3, &[2]), (0, vec![0, 0, 1]));
    // Launches of other tests may find it first: they are not run at once with this in a process of its own.
    let program = std::env::current_exe().expect("a path");
    let arguments = ["--exact", "device::launches::red_zone_in_a_process_of_its_own", "--ignored"];
    let output = std::process::Command::new(program).args(arguments).output().expect("a process");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
#[ignore = "damages memory that other tests look at; run by the one above"]
fn red_zone_in_a_process_of_its_own() {
    for (beyond, side) in [(3, "behind"), (u64::MAX, "in front of")] {
        assert_eq!(run(spill, [1, 1, 1], [1, 1, 1], 0, 3, &[beyond]).0, 1);
        let text = format!("IndexError: a kernel has written {side} an array of 24 bytes");
        assert_eq!(take_pending_error().expect("found").to_string(), text);
    }
}

#[test]
fn iterations_of_a_parallel_loop_may_launch() {
    unsafe extern "C" fn body(_: *mut c_void, lo: i64, hi: i64, _: i64) -> i32 {
        for iteration in lo..hi {
            let (status, items) = run(ids, [3, 1, 1], [20, 1, 1], 0, 60, &[iteration as u64]);
            // Above the failure a launch may be told to end.
            if status != 0 && iteration > 70 {
                return status;
            }
            assert!(status == 0 && items.into_iter().eq((0..60).map(|place| iteration as u64 * place)));
            if iteration == 70 {
                return run(some_fail, [4, 1, 1], [64, 1, 1], 0, 256, &[3]).0;
            }
        }
        0
    }
    // SAFETY: the body ignores its context.
    assert_eq!(unsafe { numir_parallel(body, std::ptr::null_mut(), 100) }, 1);
    assert_eq!(take_pending_error().expect("moved to the caller").message, "first");
}

#[test]
fn a_forked_child_may_launch() {
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let start = Instant::now();
            while !stop.load(Ordering::Relaxed) && start.elapsed() < Duration::from_secs(30) {
                run(ids, [1, 1, 1], [2, 1, 1], 0, 2, &[1]);
            }
        });
        for _ in 0..20 {
            // SAFETY: the child launches a kernel and leaves; where it hangs, an alarm ends it.
            let child = unsafe { libc::fork() };
            if child == 0 {
                // SAFETY: as above.
                unsafe { libc::alarm(20) };
                let (status, items) = run(ids, [3, 1, 1], [2, 1, 1], 0, 6, &[2]);
                let right = status == 0 && items == [0, 2, 4, 6, 8, 10];
                // SAFETY: as above.
                unsafe { libc::_exit(i32::from(!right)) };
            }
            let mut status = 0;
            // SAFETY: the child was just made.
            assert_eq!(unsafe { (libc::waitpid(child, &raw mut status, 0), status) }, (child, 0));
        }
        stop.store(true, Ordering::Relaxed);
    });
}
