//! One launch: its blocks are chunks of a parallel loop, and the error of its smallest thread is kept.

use std::ffi::c_void;
use std::sync::{Mutex, PoisonError};

use super::heap::{FRESH_BYTE, Heap};
use super::thread::Thread;
use crate::device::failure::DeviceError;
use crate::device::geometry::{Geometry, place};
use crate::error::{Pending, swap_pending};
use crate::pool::numir_parallel_pieces;

/// A kernel's code.
type Entry = unsafe extern "C" fn(*mut Thread, *const *const c_void);

/// The error of a thread.
struct Failure {
    thread: u64,
    error: Box<Pending>,
}

/// A kernel on its grid; it lives in the frame of the call that runs it.
pub(super) struct Launch {
    pub(super) heap: &'static Heap,
    entry: Entry,
    geometry: Geometry,
    arguments: *const *const c_void,
    failure: Mutex<Option<Failure>>,
}

// SAFETY: the arguments are read alone, by a kernel that may run on any thread by the promise of `new`.
unsafe impl Sync for Launch {}

impl Launch {
    /// # Safety
    /// The kernel takes such arguments, and may be called on any thread, by several at once, as long as the launch lives.
    pub(super) unsafe fn new(
        heap: &'static Heap,
        entry: Entry,
        geometry: &Geometry,
        arguments: *const *const c_void,
    ) -> Self {
        Self { heap, entry, geometry: *geometry, arguments, failure: Mutex::new(None) }
    }

    /// Runs all blocks, and gives the error of the smallest thread that has failed.
    pub(super) fn run(self) -> Result<(), DeviceError> {
        let blocks = i64::try_from(self.geometry.blocks()).unwrap_or(i64::MAX);
        let context = (&raw const self).cast_mut().cast();
        // SAFETY: the context is this launch, which is Sync and outlives the call.
        let status = unsafe { numir_parallel_pieces(run_blocks, context, blocks) };
        if status != 0 {
            // The host has been interrupted.
            return Err(DeviceError::Raised(swap_pending(None).unwrap_or_else(|| Box::new(unknown()))));
        }
        let failure = self.failure.into_inner().unwrap_or_else(PoisonError::into_inner);
        failure.map_or(Ok(()), |failure| Err(DeviceError::Raised(failure.error)))
    }

    /// Keeps the error of a thread, if none of a smaller one is kept.
    pub(super) fn keep(&self, thread: u64, error: Box<Pending>) {
        let mut failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
        if failure.as_ref().is_none_or(|known| thread < known.thread) {
            *failure = Some(Failure { thread, error });
        }
    }

    /// Bytes of a block's shared memory.
    pub(super) fn shared_bytes(&self) -> usize {
        self.geometry.shared as usize
    }

    fn run_block(&self, number: u64, shared: *mut u8) {
        let threads = u64::from(self.geometry.threads());
        let block = place(number, self.geometry.grid);
        for thread in 0..threads {
            let mut thread = Thread {
                thread: place(thread, self.geometry.block),
                block,
                block_extent: self.geometry.block,
                grid_extent: self.geometry.grid,
                shared,
                launch: self,
                number: number * threads + thread,
            };
            // SAFETY: the promise of `new`.
            unsafe { (self.entry)(&raw mut thread, self.arguments) };
        }
    }
}

/// Runs blocks `lo..hi` of the launch that the context is.
unsafe extern "C" fn run_blocks(context: *mut c_void, lo: i64, hi: i64, _: i64) -> i32 {
    // SAFETY: `run` passes a launch that outlives the loop.
    let launch = unsafe { &*context.cast::<Launch>() };
    let mut shared = vec![[FRESH_BYTE; 16]; launch.shared_bytes().div_ceil(16)];
    for number in lo..hi {
        launch.run_block(number as u64, shared.as_mut_ptr().cast());
    }
    0
}

/// What a status without an error is told as.
fn unknown() -> Pending {
    Pending::without_place("SystemError", "a thread of a kernel failed without an error".to_owned())
}

/// Takes the pending error of a thread whose body has returned a status that tells of one: the launch keeps that of its smallest
/// thread, and the other threads go on.
///
/// # Safety
/// `thread` is what the kernel was called with.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn numir_sim_failed(thread: *mut Thread) {
    let error = swap_pending(None).unwrap_or_else(|| Box::new(unknown()));
    // SAFETY: the caller's promise; the launch outlives its threads.
    unsafe { (*(*thread).launch).keep((*thread).number, error) };
}
