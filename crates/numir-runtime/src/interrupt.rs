//! Whether the work of this thread is to end early: the host has been interrupted (Ctrl-C), or what a chunk of a parallel loop
//! computes is wanted no more.
//!
//! Compiled loops ask with [`numir_poll`]. The host is asked in turn, at most once in [`PERIOD`] per thread, by a clock that
//! costs some nanoseconds: a question may take a lock of the host.

use std::cell::Cell;
use std::sync::atomic::{AtomicPtr, Ordering};
use std::time::Duration;

use crate::pool;

/// The host's question: has somebody interrupted? It is asked on any thread, the pool's included.
pub type Check = fn() -> bool;

/// The least time between two questions of a thread, and how long a waiting thread waits before it asks.
pub(crate) const PERIOD: Duration = Duration::from_millis(20);

/// The check, as a pointer; null without one.
static CHECK: AtomicPtr<()> = AtomicPtr::new(std::ptr::null_mut());

thread_local! {
    /// When this thread last asked, in nanoseconds of the coarse clock.
    static ASKED: Cell<i64> = const { Cell::new(i64::MIN) };
}

/// Has compiled code ask `check` from time to time whether it is to end; None ends that.
pub fn set_check(check: Option<Check>) {
    CHECK.store(check.map_or(std::ptr::null_mut(), |check| check as *mut ()), Ordering::Release);
}

fn installed() -> Option<Check> {
    let check = CHECK.load(Ordering::Acquire);
    // SAFETY: only `set_check` stores here, null or a function of this type.
    (!check.is_null()).then(|| unsafe { std::mem::transmute::<*mut (), Check>(check) })
}

/// Whether somebody asks to be polled for.
pub(crate) fn is_installed() -> bool {
    installed().is_some()
}

/// 0 to go on, 1 if the work of this thread is to end: the caller then raises `KeyboardInterrupt`. Where the host has been
/// interrupted, all threads that work on the loop that this one is in end too.
#[unsafe(no_mangle)]
pub extern "C" fn numir_poll() -> i32 {
    if pool::is_stopped() {
        return 1;
    }
    let Some(check) = installed() else { return 0 };
    let now = now();
    if now < ASKED.get().saturating_add(PERIOD.as_nanos() as i64) {
        return 0;
    }
    ASKED.set(now);
    let interrupted = check();
    if interrupted {
        pool::interrupt();
    }
    i32::from(interrupted)
}

/// What a long function of the runtime gives where it has ended early, as [`numir_poll`] told it to: its results are of no use, and the
/// caller raises `KeyboardInterrupt`.
pub(crate) const ENDED: i64 = 2;

/// Nanoseconds of a clock that is read without a system call; it ticks every few milliseconds.
fn now() -> i64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the clock exists on every Linux, and the place is ours.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC_COARSE, &raw mut time) };
    time.tv_sec * 1_000_000_000 + time.tv_nsec
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::take_pending_error;
    use crate::pool::numir_parallel;
    use std::ffi::c_void;
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicBool, AtomicU32};
    use std::time::Instant;

    /// The check is the process's, so these tests take turns.
    static TURN: Mutex<()> = Mutex::new(());
    static INTERRUPTED: AtomicBool = AtomicBool::new(false);
    static ASKED_TIMES: AtomicU32 = AtomicU32::new(0);

    fn check() -> bool {
        ASKED_TIMES.fetch_add(1, Ordering::Relaxed);
        INTERRUPTED.load(Ordering::Relaxed)
    }

    fn with_check(interrupted: bool, run: impl FnOnce()) {
        let _turn = TURN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        INTERRUPTED.store(interrupted, Ordering::Relaxed);
        ASKED_TIMES.store(0, Ordering::Relaxed);
        set_check(Some(check));
        run();
        set_check(None);
    }

    #[test]
    fn without_a_check_nothing_ends() {
        let _turn = TURN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        assert_eq!(numir_poll(), 0);
    }

    #[test]
    fn the_host_is_asked_now_and_then() {
        with_check(false, || {
            let start = Instant::now();
            while start.elapsed() < 5 * PERIOD {
                assert_eq!(numir_poll(), 0);
            }
            // The clock is coarse, the machine busy: no more than one question a period, and the first.
            let asked = u128::from(ASKED_TIMES.load(Ordering::Relaxed));
            assert!((1..=start.elapsed().as_nanos() / PERIOD.as_nanos() + 2).contains(&asked), "{asked} times");
        });
    }

    /// Polls until it is told to end, like a loop that never ends.
    unsafe extern "C" fn endless(_: *mut c_void, _: i64, _: i64, _: i64) -> i32 {
        let start = Instant::now();
        while numir_poll() == 0 {
            if start.elapsed() > Duration::from_secs(20) {
                return 0;
            }
        }
        1
    }

    #[test]
    fn an_interrupt_ends_all_chunks() {
        with_check(false, || {
            let start = Instant::now();
            std::thread::scope(|scope| {
                scope.spawn(|| {
                    std::thread::sleep(Duration::from_millis(50));
                    INTERRUPTED.store(true, Ordering::Relaxed);
                });
                // SAFETY: the body ignores its context.
                assert_eq!(unsafe { numir_parallel(endless, std::ptr::null_mut(), 1000) }, 1);
            });
            println!("ended after {:?}", start.elapsed());
            assert!(start.elapsed() < Duration::from_secs(10));
            assert_eq!(take_pending_error().map(|error| error.kind).as_deref(), Some("KeyboardInterrupt"));
        });
    }
}
