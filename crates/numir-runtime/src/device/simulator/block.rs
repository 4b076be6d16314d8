//! A block of threads: they run one after the other until each waits or has ended; then those are released who wait for nothing but what
//! waits too. A thread that never waits needs no stack of its own, since the next one takes it over.
//!
//! Where nobody can be released, threads wait for others that will not come: that is an error of the program, told at the
//! smallest of them, and the block ends.

use std::cell::{Cell, RefCell};

use super::barrier::{self, Meeting};
use super::fiber::{Fiber, Stack, give_stacks, take_stack};
use super::heap::FRESH_BYTE;
use super::launch::Launch;
use super::shadow::Shadow;
use super::thread::{Answer, State, Thread, error_at};
use super::warp;
use crate::device::failure::DeviceError;
use crate::device::geometry::place;
use crate::error::Pending;
use crate::interrupt::numir_poll;

/// Lanes of a warp.
pub(super) const LANES: usize = 32;

/// How far a block has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// All its threads have ended.
    Ended,
    /// All of them wait for the grid's other blocks.
    AwaitsGrid,
    /// The host has been interrupted.
    Interrupted,
}

/// The threads of a block, and what they share. One after the other, it is several blocks of the grid.
pub(super) struct Block {
    launch: *const Launch,
    /// Its number in the grid.
    number: Cell<u64>,
    threads: Box<[Thread]>,
    fibers: Box<[RefCell<Option<Fiber>>]>,
    /// Stacks that no thread is on.
    stacks: RefCell<Vec<Stack>>,
    /// The start of its shared memory; 0 without any.
    shared: usize,
    pub(super) shadow: RefCell<Shadow>,
}

impl Block {
    /// A block of a launch, which outlives it.
    pub(super) fn new(launch: &Launch) -> Result<Box<Self>, DeviceError> {
        let (count, bytes) = (launch.geometry.threads(), launch.shared_bytes());
        let shared = if bytes == 0 { 0 } else { launch.heap.allocate(bytes)? };
        let mut block = Box::new(Self {
            launch,
            number: Cell::new(0),
            threads: Box::new([]),
            fibers: (0..count).map(|_| RefCell::new(None)).collect(),
            stacks: RefCell::new(Vec::new()),
            shared,
            shadow: RefCell::new(Shadow::new(bytes, count as usize)),
        });
        let home = &raw const *block;
        block.threads = (0..count).map(|rank| Thread::new(home, rank)).collect();
        Ok(block)
    }

    pub(super) fn launch(&self) -> &Launch {
        // SAFETY: the promise of `new`.
        unsafe { &*self.launch }
    }

    /// The threads, in order.
    pub(super) fn threads(&self) -> &[Thread] {
        &self.threads
    }

    /// Becomes that block of the grid, about to begin.
    pub(super) fn begin(&mut self, number: u64) {
        let geometry = self.launch().geometry;
        let (block, shared) = (place(number, geometry.grid), self.shared());
        self.number.set(number);
        self.shadow.get_mut().pass_barrier();
        // SAFETY: the block's own memory, which no thread uses now.
        unsafe { shared.write_bytes(FRESH_BYTE, self.launch().shared_bytes()) };
        let (dynamic, dynamic_bytes) = self.launch().dynamic_part();
        let home = &raw const *self;
        for (rank, thread) in self.threads.iter_mut().enumerate() {
            *thread = Thread {
                thread: place(rank as u64, geometry.block),
                block,
                block_extent: geometry.block,
                grid_extent: geometry.grid,
                shared,
                dynamic: if dynamic_bytes == 0 { shared } else { shared.wrapping_add(dynamic) },
                dynamic_bytes: dynamic_bytes as u64,
                ..Thread::new(home, rank as u32)
            };
        }
    }

    /// The shared memory.
    pub(super) fn shared(&self) -> *mut u8 {
        std::ptr::with_exposed_provenance_mut(self.shared)
    }

    /// Keeps the error of one of its threads for the launch.
    pub(super) fn keep(&self, rank: u32, error: Box<Pending>) {
        let number = self.number.get() * self.threads.len() as u64 + u64::from(rank);
        self.launch().keep(number, error);
    }

    /// Its number in the grid.
    pub(super) fn number(&self) -> u64 {
        self.number.get()
    }

    /// An error where the first of its threads that waits does so.
    pub(super) fn error_at_first(&self, kind: &str, message: String) -> Pending {
        let sites = self.threads.iter().filter_map(|thread| match thread.state.get() {
            State::Waits(request) => Some(request.site),
            State::Ready | State::Ended | State::Failed => None,
        });
        // SAFETY: sites are constants of the kernel's module, or null.
        unsafe { error_at(kind, message, sites.into_iter().next().unwrap_or(std::ptr::null())) }
    }

    /// Whether an address is on the stack of a thread, which is running.
    pub(super) fn is_on_stack(&self, rank: u32, address: usize) -> bool {
        // A running fiber is borrowed by `resume`, but its bounds do not change.
        // SAFETY: nobody puts another fiber there while this one runs.
        let fiber = unsafe { &*self.fibers[rank as usize].as_ptr() };
        fiber.as_ref().is_some_and(|fiber| fiber.holds(address))
    }

    /// Runs until all threads have ended, or wait for other blocks.
    pub(super) fn advance(&self) -> Progress {
        loop {
            while self.run_ready() {
                if numir_poll() != 0 {
                    self.abandon();
                    return Progress::Interrupted;
                }
            }
            if warp::release(self) {
                continue;
            }
            match barrier::meet(self) {
                Meeting::Released => {}
                Meeting::Nobody => break,
                Meeting::Grid => return Progress::AwaitsGrid,
                Meeting::Never(rank, error) => {
                    self.keep(rank, Box::new(error));
                    self.abandon();
                    break;
                }
            }
        }
        if let Some(error) = self.launch().heap.damage_of_shared(self.shared) {
            self.keep(0, Box::new(error));
        }
        Progress::Ended
    }

    /// Lets threads go on that have waited for the grid.
    pub(super) fn pass_grid_barrier(&self) {
        self.shadow.borrow_mut().pass_barrier();
        for thread in self.threads.iter().filter(|thread| matches!(thread.state.get(), State::Waits(_))) {
            thread.release(Answer::default());
        }
    }

    /// Runs each thread that is ready until it waits or ends. Whether one is still ready, having made way for others.
    fn run_ready(&self) -> bool {
        let mut again = false;
        for (rank, thread) in self.threads.iter().enumerate() {
            if matches!(thread.state.get(), State::Ready) {
                self.run(rank, thread);
                again |= matches!(thread.state.get(), State::Ready);
            }
        }
        again
    }

    fn run(&self, rank: usize, thread: &Thread) {
        let mut place = self.fibers[rank].borrow_mut();
        let fiber = match &mut *place {
            Some(fiber) => fiber,
            none => {
                let Some(stack) = self.stacks.borrow_mut().pop().or_else(take_stack) else {
                    let text = "no memory for the stack of a simulated thread".to_owned();
                    thread.state.set(State::Failed);
                    return self.keep(thread.rank, Box::new(Pending::without_place("MemoryError", text)));
                };
                let launch = self.launch();
                // SAFETY: the promise of the launch; the thread is read alone, but for its cells.
                let fiber =
                    unsafe { Fiber::new(stack, launch.entry, (&raw const *thread).cast_mut(), launch.arguments) };
                none.insert(fiber)
            }
        };
        if fiber.resume() && !matches!(thread.state.get(), State::Failed) {
            thread.state.set(State::Ended);
        }
        if matches!(thread.state.get(), State::Ended | State::Failed)
            && let Some(fiber) = place.take()
        {
            // SAFETY: a body that has returned, or that `Thread::fail` gives up.
            self.stacks.borrow_mut().push(unsafe { fiber.into_stack() });
        }
    }

    /// Gives up all threads that have not ended.
    fn abandon(&self) {
        for (thread, fiber) in self.threads.iter().zip(&self.fibers) {
            if !matches!(thread.state.get(), State::Ended) {
                thread.state.set(State::Failed);
            }
            if let Some(fiber) = fiber.borrow_mut().take() {
                // SAFETY: kernels, and the functions in which they wait, keep nothing that needs to be dropped.
                self.stacks.borrow_mut().push(unsafe { fiber.into_stack() });
            }
        }
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        self.abandon();
        give_stacks(self.stacks.get_mut());
        if self.shared != 0 {
            self.launch().heap.free(self.shared);
        }
    }
}
