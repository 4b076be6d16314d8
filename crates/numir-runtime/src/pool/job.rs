//! One parallel loop: its lanes of unclaimed chunks, and its smallest failure.

use std::cell::Cell;
use std::ffi::c_void;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use super::{Body, bounds};
use crate::error::{Pending, raise_interrupt, swap_pending};

/// Unclaimed chunks `lo..hi` in one word, on a cache line of its own. Lanes only shrink: an empty one stays empty.
#[repr(align(64))]
struct Lane(AtomicU64);

impl Lane {
    fn new(lo: i64, hi: i64) -> Self {
        Self(AtomicU64::new(pack(lo as u32, hi as u32)))
    }

    fn left(&self) -> u32 {
        let (lo, hi) = unpack(self.0.load(Ordering::Relaxed));
        hi - lo
    }

    /// Claims the first chunk, or the last one.
    fn claim(&self, from_back: bool) -> Option<u32> {
        let shrink = |word| {
            let (lo, hi) = unpack(word);
            (lo < hi).then(|| if from_back { pack(lo, hi - 1) } else { pack(lo + 1, hi) })
        };
        // Relaxed: the claim publishes nothing; the job was seen under the team's lock.
        let claimed = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, shrink);
        claimed.ok().map(unpack).map(|(lo, hi)| if from_back { hi - 1 } else { lo })
    }
}

fn pack(lo: u32, hi: u32) -> u64 {
    u64::from(hi) << 32 | u64::from(lo)
}

fn unpack(word: u64) -> (u32, u32) {
    (word as u32, (word >> 32) as u32)
}

/// The failure of a chunk, with the error that was pending on the thread that ran it.
struct Failure {
    chunk: u32,
    status: i32,
    error: Option<Box<Pending>>,
}

/// A parallel loop; it lives in the frame of the call that runs it.
pub(super) struct Job {
    body: Body,
    context: *mut c_void,
    trip: i64,
    chunks: i64,
    /// The loop in one of whose chunks this one was started; null at top level. It outlives this one.
    parent: *const Job,
    /// That chunk.
    parent_chunk: u32,
    lanes: Vec<Lane>,
    /// The smallest chunk that has failed; `u32::MAX` if none.
    failed: AtomicU32,
    failure: Mutex<Option<Failure>>,
    /// The host has been interrupted: every chunk is to end.
    interrupted: AtomicBool,
    /// Threads other than the caller's that are inside; changed under the team's lock only.
    pub(super) helpers: AtomicU32,
    /// How many threads may work on it, the caller included.
    allowed: usize,
    /// Whether that is fewer than there are, here or in a loop around.
    limited: bool,
}

// SAFETY: the context goes to the body, which may be called on any thread by the promise of `new`; the parent is only
// compared and followed while this job lives.
unsafe impl Sync for Job {}

thread_local! {
    /// The loop that this thread runs a chunk of, and the chunk.
    static RUNNING: Cell<(*const Job, u32)> = const { Cell::new((std::ptr::null(), 0)) };
}

/// The loops that this thread is in, innermost first, each with the chunk that it runs of it.
fn running() -> impl Iterator<Item = (&'static Job, u32)> {
    // SAFETY: a loop lives as long as a thread runs a chunk of it, and so do those around it; nobody keeps the references.
    let living = |(job, chunk): (*const Job, u32)| unsafe { job.as_ref() }.map(|job| (job, chunk));
    std::iter::successors(living(RUNNING.get()), move |(job, _)| living((job.parent, job.parent_chunk)))
}

/// Is what this thread computes wanted no more: has a loop that it is in been interrupted, or a smaller chunk failed?
pub(crate) fn is_stopped() -> bool {
    running().any(|(job, chunk)| job.is_interrupted() || chunk > job.failed.load(Ordering::Relaxed))
}

/// Has all chunks of the loops that this thread is in end.
pub(crate) fn interrupt() {
    running().for_each(|(job, _)| job.interrupt());
}

/// How many threads work on the loop that this thread runs a chunk of; None outside of loops.
pub(super) fn allowed_around() -> Option<usize> {
    running().next().map(|(job, _)| job.allowed)
}

impl Job {
    /// # Safety
    /// `body` may be called on any thread, by several at once, with `context` and any chunk of `0..trip`, as long as the
    /// job lives.
    pub(super) unsafe fn new(
        body: Body,
        context: *mut c_void,
        trip: i64,
        chunks: i64,
        allowed: usize,
        unlimited: bool,
    ) -> Self {
        let lanes = chunks.min(allowed as i64);
        let (parent, parent_chunk) = RUNNING.get();
        let limited = !unlimited || running().next().is_some_and(|(job, _)| job.limited);
        let lane = |index| bounds(chunks, lanes, index);
        Self {
            body,
            context,
            trip,
            chunks,
            parent,
            parent_chunk,
            lanes: (0..lanes).map(lane).map(|(lo, hi)| Lane::new(lo, hi)).collect(),
            failed: AtomicU32::new(u32::MAX),
            failure: Mutex::new(None),
            interrupted: AtomicBool::new(false),
            helpers: AtomicU32::new(0),
            allowed,
            limited,
        }
    }

    /// Has all chunks end, and none begin.
    pub(super) fn interrupt(&self) {
        self.interrupted.store(true, Ordering::Relaxed);
    }

    fn is_interrupted(&self) -> bool {
        self.interrupted.load(Ordering::Relaxed)
    }

    /// Are there chunks that nobody has claimed?
    pub(super) fn has_work(&self) -> bool {
        self.lanes.iter().any(|lane| lane.left() > 0)
    }

    /// May another thread join? Asked under the team's lock.
    pub(super) fn has_room(&self) -> bool {
        (self.helpers.load(Ordering::Relaxed) as usize) + 1 < self.allowed
    }

    /// May a thread join that works on nothing yet? Within a limited loop only those may that work on it already.
    pub(super) fn is_for_all(&self) -> bool {
        self.has_room() && (self.parent.is_null() || !self.limited)
    }

    /// Was this loop started, directly or not, by a chunk of `other`?
    pub(super) fn is_within(&self, other: &Self) -> bool {
        let mut job = self.parent;
        // SAFETY: self lives, and so do the loops that it is nested in.
        while let Some(ancestor) = unsafe { job.as_ref() } {
            if std::ptr::eq(ancestor, other) {
                return true;
            }
            job = ancestor.parent;
        }
        false
    }

    /// Claims and runs chunks until none is left, those of the thread's own lane first.
    pub(super) fn work(&self, thread: usize) {
        let outer = RUNNING.get();
        let home = &self.lanes[thread % self.lanes.len()];
        while let Some(chunk) = home.claim(false) {
            self.run_chunk(chunk);
        }
        while let Some(fullest) = self.lanes.iter().max_by_key(|lane| lane.left()).filter(|lane| lane.left() > 0) {
            while let Some(chunk) = fullest.claim(true) {
                self.run_chunk(chunk);
            }
        }
        RUNNING.set(outer);
    }

    fn run_chunk(&self, chunk: u32) {
        if chunk > self.failed.load(Ordering::Relaxed) || self.is_interrupted() {
            return;
        }
        RUNNING.set((self, chunk));
        let (lo, hi) = bounds(self.trip, self.chunks, i64::from(chunk));
        // SAFETY: the promise of `new`.
        let status = unsafe { (self.body)(self.context, lo, hi, i64::from(chunk)) };
        if status == 0 {
            return;
        }
        let here = 0_u8;
        super::chunk_scopes::leave_all_below(&raw const here);
        let error = swap_pending(None);
        self.failed.fetch_min(chunk, Ordering::Relaxed);
        let mut failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
        if failure.as_ref().is_none_or(|known| chunk < known.chunk) {
            *failure = Some(Failure { chunk, status, error });
        }
    }

    /// The status of the loop, once everybody has left; the error, if any, becomes pending on this thread.
    pub(super) fn outcome(self) -> i32 {
        if self.is_interrupted() {
            raise_interrupt();
            return 1;
        }
        let failure = self.failure.into_inner().unwrap_or_else(PoisonError::into_inner);
        failure.map_or(0, |failure| {
            swap_pending(failure.error);
            failure.status
        })
    }
}
