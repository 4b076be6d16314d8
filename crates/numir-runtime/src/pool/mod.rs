//! Parallel loops: one work-stealing pool per process.
//!
//! A trip count is cut into chunks by a rule that knows nothing else, so that reductions, which have a partial result per
//! chunk, do not change with the number of threads. The chunks are dealt to lanes, one per thread; who has emptied its own
//! lane takes from the back of the fullest other one (`job`). The caller works along, and while it waits for the others'
//! last chunks it helps with loops nested in those, and with nothing else: a waiting thread never sinks deeper into its
//! stack than its own loop nest (`team`). Both are why this is not rayon, whose caller sleeps while others work, and whose
//! waiting threads take up anything.
//!
//! Cost of an empty loop on two cores (`cargo bench --bench parallel`): 0.1 µs for 2 chunks, 2.8 µs for 512 back to back;
//! 6 and 10 µs when the workers are asleep (rayon: 13, 25, 63 and 50 µs).

pub(crate) mod chunk_scopes;
mod job;
mod team;

pub use chunk_scopes::leave_all_below;
use std::cell::Cell;
use std::ffi::c_void;

use crate::random;
use job::Job;
pub(crate) use job::{interrupt, is_stopped};
use team::Team;

/// The body of a parallel loop: `(context, lo, hi, chunk)` runs iterations `lo..hi`. 0, or the status of an error that it
/// left pending on its thread.
pub type Body = unsafe extern "C" fn(*mut c_void, i64, i64, i64) -> i32;

/// The most chunks that a loop is cut into: enough to balance rows of very unequal cost on many threads (a Mandelbrot picture
/// keeps 64 threads busy for 83 % of the time in a simulation, 68 % with half as many), few enough that partial results stay
/// cheap.
pub const MAX_CHUNKS: i64 = 512;

/// The number of threads that work on a loop: `NUMIR_NUM_THREADS`, or as many as the process may use.
#[must_use]
pub fn threads() -> usize {
    Team::current().threads()
}

/// The number of threads that work on a loop which this thread starts: what it was set to, else what the loop around has, else all.
#[must_use]
pub fn allowed() -> usize {
    let set = ALLOWED.get();
    if set != 0 { set } else { job::allowed_around().unwrap_or_else(threads) }
}

/// Sets [`allowed`] for this thread; false, and nothing changes, where there are not so many threads.
pub fn set_allowed(count: usize) -> bool {
    let possible = (1..=threads()).contains(&count);
    if possible {
        ALLOWED.set(count);
    }
    possible
}

/// The number of this thread in the pool; 0 for one that is not the pool's.
#[must_use]
pub fn thread_number() -> usize {
    team::number()
}

thread_local! {
    /// How many threads the loops of this thread may use; 0 where that was not set.
    static ALLOWED: Cell<usize> = const { Cell::new(0) };
    /// How many iterations a chunk of this thread's loops has; 0 where that was not set.
    static CHUNK_SIZE: Cell<usize> = const { Cell::new(0) };
}

/// How many iterations the chunks have of loops that this thread starts; 0 leaves it to the rule that knows the trip count alone.
#[must_use]
pub fn chunk_size() -> usize {
    CHUNK_SIZE.get()
}

/// Sets [`chunk_size`] for this thread, and gives what it was.
pub fn set_chunk_size(size: usize) -> usize {
    CHUNK_SIZE.replace(size)
}

/// [`thread_number`] for compiled code.
#[unsafe(no_mangle)]
pub extern "C" fn numir_thread_number() -> i64 {
    thread_number() as i64
}

/// [`allowed`] for compiled code.
#[unsafe(no_mangle)]
pub extern "C" fn numir_thread_count() -> i64 {
    allowed() as i64
}

/// [`set_allowed`] for compiled code: 1 if it could be done, else 0.
#[unsafe(no_mangle)]
pub extern "C" fn numir_set_thread_count(count: i64) -> i64 {
    usize::try_from(count).is_ok_and(set_allowed).into()
}

/// [`chunk_size`] for compiled code.
#[unsafe(no_mangle)]
pub extern "C" fn numir_chunk_size() -> i64 {
    chunk_size() as i64
}

/// [`set_chunk_size`] for compiled code, which has seen to it that the size is not negative.
#[unsafe(no_mangle)]
pub extern "C" fn numir_set_chunk_size(size: i64) -> i64 {
    set_chunk_size(usize::try_from(size).unwrap_or(0)) as i64
}

/// The number of chunks of a trip count: 0 if there is nothing to do.
#[unsafe(no_mangle)]
pub extern "C" fn numir_parallel_chunks(trip: i64) -> i64 {
    let most = trip.clamp(0, MAX_CHUNKS);
    match i64::try_from(CHUNK_SIZE.get()) {
        Ok(0) => most,
        // Partial results are made for at most so many chunks, so that small sizes of long loops are rounded up.
        Ok(size) => (trip.max(0) / size + i64::from(trip.max(0) % size != 0)).min(most),
        Err(_) => most.min(1),
    }
}

/// Runs all chunks of `0..trip`. The smallest failing chunk wins: chunks above it that have not begun are left out, chunks
/// below it are finished, its status is returned and its error is pending on the calling thread.
///
/// # Safety
/// `body` may be called on any thread, by several at once, with `context` and any chunk of `0..trip`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn numir_parallel(body: Body, context: *mut c_void, trip: i64) -> i32 {
    let stream = random::swap_stream(None);
    // SAFETY: the caller's promise.
    let status = unsafe { run(body, context, trip) };
    random::swap_stream(stream);
    status
}

/// As [`numir_parallel`], of pieces that the compiler has cut: the chunk size that was set on the thread counts iterations.
///
/// # Safety
/// As [`numir_parallel`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn numir_parallel_pieces(body: Body, context: *mut c_void, pieces: i64) -> i32 {
    let size = set_chunk_size(0);
    // SAFETY: the caller's promise.
    let status = unsafe { numir_parallel(body, context, pieces) };
    set_chunk_size(size);
    status
}

/// # Safety
/// As [`numir_parallel`].
unsafe fn run(body: Body, context: *mut c_void, trip: i64) -> i32 {
    let team = Team::current();
    let chunks = numir_parallel_chunks(trip);
    let allowed = allowed();
    if chunks <= 1 || allowed == 1 {
        // In order, so the first failure is the smallest.
        let statuses = (0..chunks).map(|chunk| {
            let (lo, hi) = bounds(trip, chunks, chunk);
            // SAFETY: the caller's promise.
            unsafe { body(context, lo, hi, chunk) }
        });
        return statuses.into_iter().find(|status| *status != 0).unwrap_or(0);
    }
    // SAFETY: the caller's promise; the job does not outlive this call.
    let job = unsafe { Job::new(body, context, trip, chunks, allowed, allowed == team.threads()) };
    team.run(&job);
    job.outcome()
}

/// The iterations of a chunk; the first ones are longer by one if the trip count does not divide.
fn bounds(trip: i64, chunks: i64, chunk: i64) -> (i64, i64) {
    let (each, more) = (trip / chunks, trip % chunks);
    let start = |chunk: i64| chunk * each + chunk.min(more);
    (start(chunk), start(chunk + 1))
}
