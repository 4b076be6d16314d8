//! One launch: its blocks are pieces of a parallel loop, and the error of its smallest thread is kept.
//!
//! Where threads wait for the whole grid, each block runs up to that place and is put aside; once all have come there, they go on.

use std::ffi::c_void;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::block::{Block, Progress};
use super::heap::Heap;
use super::thread::Thread;
use crate::device::failure::DeviceError;
use crate::device::geometry::Geometry;
use crate::error::{Pending, raise_interrupt, swap_pending};
use crate::interrupt::numir_poll;
use crate::pool::{Body, numir_parallel_pieces};
use crate::print::holding;

/// A kernel's code.
pub(super) type Entry = unsafe extern "C" fn(*mut Thread, *const *const c_void);

/// How what the launch has sized of the shared memory is aligned.
const SHARED_ALIGNMENT: usize = 16;

/// The error of a thread.
struct Failure {
    thread: u64,
    error: Box<Pending>,
}

/// A block that waits for the others of its grid, or for work.
struct Parked(Box<Block>);

// SAFETY: who has the block runs its threads, all on the thread that it is on; what they have on their stacks is compiled code's and
// does not depend on where it runs.
unsafe impl Send for Parked {}

/// A kernel on its grid; it lives in the frame of the call that runs it.
pub(super) struct Launch {
    pub(super) heap: &'static Heap,
    pub(super) entry: Entry,
    pub(super) geometry: Geometry,
    /// Bytes of shared memory that the kernel's own arrays have.
    own_shared: usize,
    pub(super) arguments: *const *const c_void,
    /// The device's blocks of memory when it began, by where they start: arrays do not come and go while a kernel runs that has them.
    memory: Vec<(usize, usize)>,
    failure: Mutex<Option<Failure>>,
    /// The blocks that wait for the others.
    waiting: Mutex<Vec<Parked>>,
    /// Blocks that have ended, to be used for the next.
    idle: Mutex<Vec<Parked>>,
}

// SAFETY: the arguments are read alone, by a kernel that may run on any thread by the promise of `new`.
unsafe impl Sync for Launch {}

impl Launch {
    /// # Safety
    /// The kernel takes such arguments, and may be called on any thread, by several at once, as long as the launch lives.
    pub(super) unsafe fn new(
        heap: &'static Heap,
        entry: Entry,
        (geometry, own_shared): (&Geometry, usize),
        arguments: *const *const c_void,
    ) -> Self {
        let (waiting, idle, failure) = (Mutex::default(), Mutex::default(), Mutex::new(None));
        Self { heap, entry, geometry: *geometry, own_shared, arguments, memory: heap.blocks(), failure, waiting, idle }
    }

    /// Runs all blocks, and gives the error of the smallest thread that has failed.
    pub(super) fn run(&self) -> Result<(), DeviceError> {
        let finished = self.run_rounds();
        // Blocks refer to the launch.
        lock(&self.waiting).clear();
        lock(&self.idle).clear();
        finished?;
        let failure = lock(&self.failure).take();
        failure.map_or(Ok(()), |failure| Err(DeviceError::Raised(failure.error)))
    }

    /// Runs all blocks, from one place where all of them wait for each other to the next.
    fn run_rounds(&self) -> Result<(), DeviceError> {
        let blocks = self.geometry.blocks();
        // SAFETY: the body takes a launch.
        unsafe { self.in_parallel(run_blocks, (&raw const *self).cast(), blocks) }?;
        loop {
            let waiting = std::mem::take(&mut *lock(&self.waiting));
            if waiting.is_empty() {
                return Ok(());
            }
            if waiting.len() as u64 != blocks {
                self.report_missing(&waiting);
                return Ok(());
            }
            let turns: Vec<_> = waiting.into_iter().map(|block| Mutex::new(Some(block))).collect();
            let round = Round { launch: self, blocks: &turns };
            // SAFETY: the body takes a round, and this one lives during the loop.
            unsafe { self.in_parallel(run_waiting, (&raw const round).cast(), blocks) }?;
        }
    }

    /// # Safety
    /// The body takes such a context.
    unsafe fn in_parallel(&self, body: Body, context: *const c_void, blocks: u64) -> Result<(), DeviceError> {
        let blocks = i64::try_from(blocks).unwrap_or(i64::MAX);
        // SAFETY: the caller's promise; what the context refers to is Sync and outlives the loop.
        match unsafe { numir_parallel_pieces(body, context.cast_mut(), blocks) } {
            0 => Ok(()),
            // The host has been interrupted.
            _ => Err(DeviceError::Raised(swap_pending(None).unwrap_or_else(unknown))),
        }
    }

    /// Keeps the error of a thread, if none of a smaller one is kept.
    pub(super) fn keep(&self, thread: u64, error: Box<Pending>) {
        let mut failure = lock(&self.failure);
        if failure.as_ref().is_none_or(|known| thread < known.thread) {
            *failure = Some(Failure { thread, error });
        }
    }

    /// Some blocks wait for others, which have ended.
    fn report_missing(&self, waiting: &[Parked]) {
        // Where a thread has failed, that is why its block has ended.
        if lock(&self.failure).is_none()
            && let Some(first) = waiting.iter().min_by_key(|block| block.0.number())
        {
            let text = format!(
                "{} of the {} blocks of the grid have ended while others wait for all of it: every block must come to such a barrier, or none",
                self.geometry.blocks() - waiting.len() as u64,
                self.geometry.blocks()
            );
            let error = first.0.error_at_first("BarrierError", text);
            first.0.keep(0, Box::new(error));
        }
    }

    /// Bytes of a block's shared memory: of the kernel's own arrays, and of what the launch has sized.
    pub(super) fn shared_bytes(&self) -> usize {
        let (start, bytes) = self.dynamic_part();
        if bytes == 0 { self.own_shared } else { start + bytes }
    }

    /// Where the part of it that the launch has sized begins, and its bytes.
    pub(super) fn dynamic_part(&self) -> (usize, usize) {
        (self.own_shared.next_multiple_of(SHARED_ALIGNMENT), self.geometry.shared as usize)
    }

    /// The last block of the device's memory that starts at an address or below: start and bytes.
    pub(super) fn block_below(&self, address: usize) -> Option<(usize, usize)> {
        let behind = self.memory.partition_point(|(start, _)| *start <= address);
        behind.checked_sub(1).map(|place| self.memory[place])
    }

    /// Runs a block on, and gives it back where it has ended; where it waits for the others it is put aside.
    fn advance(&self, block: Box<Block>) -> Result<Option<Box<Block>>, Interrupted> {
        match holding(|| block.advance()) {
            Progress::Ended => Ok(Some(block)),
            Progress::AwaitsGrid => {
                lock(&self.waiting).push(Parked(block));
                Ok(None)
            }
            Progress::Interrupted => Err(Interrupted),
        }
    }

    fn run_from(&self, lo: u64, hi: u64) -> Result<(), Interrupted> {
        let mut free = lock(&self.idle).pop().map(|block| block.0);
        for number in lo..hi {
            if numir_poll() != 0 {
                return Err(Interrupted);
            }
            let block = free.take().map_or_else(|| Block::new(self), Ok);
            let mut block = match block {
                Ok(block) => block,
                Err(error) => {
                    self.keep(number * u64::from(self.geometry.threads()), error.into_pending());
                    return Ok(());
                }
            };
            block.begin(number);
            free = self.advance(block)?;
        }
        lock(&self.idle).extend(free.map(Parked));
        Ok(())
    }
}

/// The host wants the program to end.
struct Interrupted;

/// The blocks of a grid between two places where they wait for each other.
struct Round<'a> {
    launch: &'a Launch,
    blocks: &'a [Mutex<Option<Parked>>],
}

/// The status of a loop's piece.
fn status(result: Result<(), Interrupted>) -> i32 {
    result.map_or_else(
        |Interrupted| {
            raise_interrupt();
            1
        },
        |()| 0,
    )
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Begins blocks `lo..hi` of the launch that the context is.
unsafe extern "C" fn run_blocks(context: *mut c_void, lo: i64, hi: i64, _: i64) -> i32 {
    // SAFETY: `run` passes a launch that outlives the loop.
    let launch = unsafe { &*context.cast::<Launch>() };
    status(launch.run_from(lo as u64, hi as u64))
}

/// Runs some of the blocks on that the context, a round, has.
unsafe extern "C" fn run_waiting(context: *mut c_void, lo: i64, hi: i64, _: i64) -> i32 {
    // SAFETY: `run` passes a round that outlives the loop.
    let round = unsafe { &*context.cast::<Round<'_>>() };
    let blocks = round.blocks[lo as usize..hi as usize].iter().filter_map(|block| lock(block).take());
    status(blocks.into_iter().try_for_each(|block| {
        block.0.pass_grid_barrier();
        round.launch.advance(block.0).map(drop)
    }))
}

/// What a status without an error is told as.
fn unknown() -> Box<Pending> {
    Box::new(Pending::without_place("SystemError", "a thread of a kernel failed without an error".to_owned()))
}

/// Takes the pending error of a thread whose body is about to return, since it has failed: the launch keeps that of its smallest
/// thread, and the other threads go on, without waiting for this one.
///
/// # Safety
/// `thread` is what the kernel was called with.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn numir_sim_failed(thread: *mut Thread) {
    let error = swap_pending(None).unwrap_or_else(unknown);
    // SAFETY: the caller's promise.
    unsafe { (*thread).mark_failed(error) };
}
