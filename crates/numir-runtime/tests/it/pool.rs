//! The pool with several numbers of threads: every iteration once, the smallest failure, nested loops, fork.

use std::borrow::Cow;
use std::ffi::c_void;
use std::process::Command;
use std::sync::atomic::{AtomicI64, AtomicU8, Ordering};

use numir_runtime::error::{Site, numir_raise, take_pending_error};
use numir_runtime::pool::{MAX_CHUNKS, numir_parallel, numir_parallel_chunks, set_chunk_size, threads};
use numir_runtime::stack::numir_stack_limit;

/// Runs a closure as the body of a parallel loop.
fn parallel<F: Fn(i64, i64, i64) -> i32 + Sync>(trip: i64, body: F) -> i32 {
    unsafe extern "C" fn call<F: Fn(i64, i64, i64) -> i32>(body: *mut c_void, lo: i64, hi: i64, chunk: i64) -> i32 {
        // SAFETY: the context is the closure below.
        unsafe { (*body.cast::<F>())(lo, hi, chunk) }
    }
    // SAFETY: the closure is Sync and outlives the loop.
    unsafe { numir_parallel(call::<F>, (&raw const body).cast_mut().cast(), trip) }
}

/// Leaves `ValueError: <message>` pending.
fn raise(message: &str) {
    let [kind, message, file, function] = ["ValueError", message, "pool.py", "f"].map(Cow::from);
    let site = Site { kind, message, file, function, span: [7, 1, 7, 9] }.encode();
    // SAFETY: an encoded site.
    unsafe { numir_raise(site.as_ptr(), 0, std::ptr::null()) };
}

/// Some work whose length depends on the seed.
fn spin(seed: i64) {
    for _ in 0..(seed * 7919 % 61) * 8 {
        std::hint::spin_loop();
    }
}

#[test]
fn chunks_depend_on_the_trip_count_alone() {
    let trips = [i64::MIN, -1, 0, 1, 2, 100, MAX_CHUNKS, MAX_CHUNKS + 1, i64::MAX];
    assert_eq!(trips.map(|trip| numir_parallel_chunks(trip)), [0, 0, 0, 1, 2, 100, MAX_CHUNKS, MAX_CHUNKS, MAX_CHUNKS]);
}

#[test]
fn every_iteration_runs_once() {
    for trip in [0, 1, 2, 3, 17, 255, 511, 512, 513, 1000, 100_003] {
        let seen: Vec<_> = (0..trip).map(|_| AtomicU8::new(0)).collect();
        let chunks = AtomicI64::new(0);
        let status = parallel(trip, |lo, hi, chunk| {
            assert!(lo < hi && chunk < numir_parallel_chunks(trip));
            chunks.fetch_add(1, Ordering::Relaxed);
            spin(chunk);
            for index in lo..hi {
                seen[index as usize].fetch_add(1, Ordering::Relaxed);
            }
            0
        });
        assert_eq!((status, chunks.into_inner()), (0, numir_parallel_chunks(trip)));
        assert!(seen.into_iter().all(|count| count.into_inner() == 1));
    }
}

#[test]
fn huge_trip_counts_do_not_overflow() {
    let last = AtomicI64::new(0);
    parallel(i64::MAX, |lo, hi, _| {
        assert!(lo < hi);
        last.fetch_max(hi, Ordering::Relaxed);
        0
    });
    assert_eq!(last.into_inner(), i64::MAX);
}

#[test]
fn the_smallest_failing_chunk_wins() {
    for round in 0..200 {
        let first = round * 7 % 300;
        let below = AtomicI64::new(0);
        let status = parallel(400, |lo, _, chunk| {
            spin(chunk + round);
            if lo < first {
                below.fetch_add(1, Ordering::Relaxed);
            } else if lo % 3 == first % 3 {
                raise(&format!("iteration {lo}"));
                return 1 + lo as i32;
            }
            0
        });
        assert_eq!(
            (status, below.into_inner()),
            (1 + first as i32, first),
            "iterations below the failure are finished"
        );
        let error = take_pending_error().expect("moved to the caller");
        assert_eq!(error.to_string(), format!("ValueError: iteration {first}"));
        assert_eq!(error.traceback.len(), 1);
    }
    assert_eq!(parallel(400, |_, _, _| 0), 0);
    assert_eq!(take_pending_error(), None);
}

#[test]
fn loops_nest() {
    let sum = AtomicI64::new(0);
    let status = parallel(20, |lo, hi, _| {
        for i in lo..hi {
            let status = parallel(30, |lo, hi, _| {
                for j in lo..hi {
                    let status = parallel(10, |lo, hi, _| {
                        spin(i + j + lo);
                        sum.fetch_add((lo..hi).map(|k| i * 10_000 + j * 100 + k).sum(), Ordering::Relaxed);
                        0
                    });
                    // Above the failure a loop may be told to end.
                    assert!(status == 0 || i > 13 || (i == 13 && lo > 21), "{status} in {i}, {lo}");
                    if status != 0 {
                        return status;
                    }
                }
                if i == 13 && lo == 21 {
                    raise("inner");
                    return 5;
                }
                0
            });
            if status != 0 {
                return status;
            }
        }
        0
    });
    assert_eq!(status, 5);
    assert_eq!(take_pending_error().expect("moved twice").message, "inner");
    // A failing inner loop leaves out chunks of its own above the failure, and outer chunks above its own.
    assert!(sum.into_inner() > 0);
}

#[test]
fn several_callers_share_the_pool() {
    std::thread::scope(|scope| {
        for caller in 0..4_i64 {
            scope.spawn(move || {
                for round in 0..200 {
                    let sum = AtomicI64::new(0);
                    parallel(100, |lo, hi, _| {
                        spin(lo + round);
                        sum.fetch_add((lo..hi).sum::<i64>() * caller, Ordering::Relaxed);
                        0
                    });
                    assert_eq!(sum.into_inner(), 4950 * caller);
                }
            });
        }
    });
}

#[test]
fn workers_have_deep_stacks_and_know_it() {
    let shallowest = AtomicI64::new(i64::MAX);
    let caller = std::thread::current().id();
    parallel(256, |_, _, chunk| {
        spin(chunk);
        let local = 0_u8;
        let left = std::ptr::from_ref(&local).addr() - numir_stack_limit().addr();
        if std::thread::current().id() != caller {
            shallowest.fetch_min(left as i64, Ordering::Relaxed);
        }
        0
    });
    assert!(shallowest.into_inner() > 15 << 20);
}

#[test]
fn a_forked_child_has_a_pool_of_its_own() {
    parallel(100, |_, _, _| 0);
    // SAFETY: the child only runs loops, whose code takes no lock of the parent's, and exits at once.
    let child = unsafe { libc::fork() };
    if child == 0 {
        // SAFETY: an alarm kills a child that hangs; _exit runs no handlers.
        unsafe { libc::alarm(20) };
        let sum = AtomicI64::new(0);
        for _ in 0..50 {
            parallel(100, |lo, hi, chunk| {
                spin(chunk);
                sum.fetch_add((lo..hi).sum(), Ordering::Relaxed);
                0
            });
        }
        // SAFETY: as above.
        unsafe { libc::_exit(i32::from(sum.into_inner() != 50 * 4950)) };
    }
    let mut status = 0;
    // SAFETY: the child is ours.
    assert_eq!(unsafe { libc::waitpid(child, &raw mut status, 0) }, child);
    assert_eq!(status, 0);
    assert_eq!(parallel(100, |_, _, _| 0), 0);
}

#[test]
fn all_holds_on_any_number_of_threads() {
    const INSIDE: &str = "NUMIR_TEST_INSIDE";
    if let Ok(wanted) = std::env::var(INSIDE) {
        assert_eq!(threads().to_string(), wanted);
        return;
    }
    for count in ["1", "2", "3", "8", "64", "200"] {
        let executable = std::env::current_exe().expect("this test");
        let run = Command::new(executable).arg("pool::").env("NUMIR_NUM_THREADS", count).env(INSIDE, count).output();
        let output = run.expect("it starts");
        assert!(output.status.success(), "{count} threads: {}", String::from_utf8_lossy(&output.stdout));
    }
}

#[test]
fn chunks_have_the_size_that_is_set() {
    let chunks = |size: usize| {
        let former = set_chunk_size(size);
        let chunks = [0, 1, 10, 100, 1 << 40].map(|trip| numir_parallel_chunks(trip));
        assert_eq!(set_chunk_size(former), size);
        chunks
    };
    assert_eq!(chunks(10), [0, 1, 1, 10, MAX_CHUNKS]);
    assert_eq!(chunks(3), [0, 1, 4, 34, MAX_CHUNKS]);
    assert_eq!(chunks(usize::MAX), [0, 1, 1, 1, 1]);
    assert_eq!(chunks(0), [0, 1, 10, 100, MAX_CHUNKS]);
}
