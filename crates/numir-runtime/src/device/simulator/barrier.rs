//! Barriers: a block's threads meet, or the grid's.
//!
//! All threads of a block must wait at one barrier of the program. Hardware lets some of what is an error here pass, and hangs
//! or goes on with wrong memory at the rest: CUDA leaves it undefined.

use super::block::Block;
use super::thread::{Answer, Request, State, Thread, Wish, error_at, line_of};
use super::warp;
use crate::error::Pending;

/// The most threads of a grid that may wait for each other: each has a stack meanwhile.
const RESIDENT: u64 = 1 << 14;

/// What became of a block's threads none of which is ready.
pub(super) enum Meeting {
    /// They go on.
    Released,
    /// None is left.
    Nobody,
    /// They wait for other blocks.
    Grid,
    /// A thread waits for others that will not come.
    Never(u32, Pending),
}

/// Has the threads of a block meet.
pub(super) fn meet(block: &Block) -> Meeting {
    let waiting = || block.threads().iter().filter_map(|thread| Some((thread, waits(thread)?)));
    let Some((first, request)) = waiting().next() else { return Meeting::Nobody };
    // SAFETY: sites are constants of the kernel's module, or null.
    let never = |thread: &Thread, site: *const u8, text: String| {
        Meeting::Never(thread.rank, unsafe { error_at("BarrierError", text, site) })
    };
    let stuck = waiting().find_map(|(thread, request)| Some((thread, request, warp::why_stuck(block, thread)?)));
    if let Some((thread, request, text)) = stuck {
        return never(thread, request.site, text);
    }
    if let Some((_, other)) = waiting().find(|(_, other)| !is_same(&request, other)) {
        // SAFETY: as above.
        let line = unsafe { line_of(other.site) };
        let text = format!("threads of a block wait at different barriers, here and {line}: all must come to the same");
        return never(first, request.site, text);
    }
    let threads = block.threads();
    let ended = threads.iter().filter(|thread| matches!(thread.state.get(), State::Ended)).count();
    if ended > 0 {
        let count = threads.len();
        let text = format!(
            "{ended} of the {count} threads of a block have ended while others wait at a barrier: all must come to it, or none"
        );
        return never(first, request.site, text);
    }
    let Wish::Barrier { kind, .. } = request.wish else { return Meeting::Grid };
    let predicates = || waiting().map(|(_, request)| matches!(request.wish, Wish::Barrier { predicate: true, .. }));
    let value = match kind {
        1 => predicates().filter(|holds| *holds).count() as i64,
        2 => i64::from(predicates().all(|holds| holds)),
        3 => i64::from(predicates().any(|holds| holds)),
        _ => 0,
    };
    block.shadow.borrow_mut().pass_barrier();
    for thread in threads.iter().filter(|thread| waits(thread).is_some()) {
        thread.release(Answer { value, holds: true });
    }
    Meeting::Released
}

/// What a thread waits for.
fn waits(thread: &Thread) -> Option<Request> {
    match thread.state.get() {
        State::Waits(request) => Some(request),
        State::Ready | State::Ended | State::Failed => None,
    }
}

/// Whether two threads wait at one barrier.
fn is_same(one: &Request, other: &Request) -> bool {
    let kinds = match (one.wish, other.wish) {
        (Wish::Barrier { kind: one, .. }, Wish::Barrier { kind: other, .. }) => one == other,
        (Wish::Grid, Wish::Grid) => true,
        _ => false,
    };
    kinds && one.site == other.site
}

/// Waits for all threads of the block. What is known then: nothing (kind 0), for how many the predicate holds (1), whether it
/// holds for all (2), or for one (3).
///
/// # Safety
/// `thread` is what the kernel was called with; `site` is null or an encoded site.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn numir_sim_barrier(thread: *mut Thread, kind: i32, predicate: i32, site: *const u8) -> i32 {
    // SAFETY: the caller's promise.
    let thread = unsafe { &*thread };
    thread.wait(Wish::Barrier { kind, predicate: predicate != 0 }, site).value as i32
}

/// Waits for all threads of the grid.
///
/// # Safety
/// As [`numir_sim_barrier`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn numir_sim_grid_barrier(thread: *mut Thread, site: *const u8) {
    // SAFETY: the caller's promise.
    let thread = unsafe { &*thread };
    let geometry = &thread.home().launch().geometry;
    let threads = geometry.blocks().saturating_mul(u64::from(geometry.threads()));
    if threads > RESIDENT {
        let text = format!(
            "a grid of {threads} threads cannot wait as a whole, but one of {RESIDENT}: make the grid smaller, and let each thread do more"
        );
        // SAFETY: the caller's promise.
        thread.fail(unsafe { error_at("ValueError", text, site) });
    }
    thread.wait(Wish::Grid, site);
}
