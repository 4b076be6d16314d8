//! A thread of a simulated kernel: what its code sees of it, and how it waits.

use corosensei::Yielder;
use std::cell::{Cell, RefCell};

use super::block::Block;
use super::copies::Copies;
use super::warp::Operation;
use crate::error::{Pending, Site};

/// What a kernel is given of the thread that it runs as. Compiled code reads the public fields.
#[repr(C)]
pub struct Thread {
    /// Its place in its block.
    pub thread: [u32; 3],
    /// Its block's place in the grid.
    pub block: [u32; 3],
    /// Threads of a block along each axis.
    pub block_extent: [u32; 3],
    /// Blocks of the grid along each axis.
    pub grid_extent: [u32; 3],
    /// The block's shared memory.
    pub shared: *mut u8,
    /// The part of it that the launch has sized, behind what the kernel's own arrays have, and its bytes.
    pub dynamic: *mut u8,
    /// See `dynamic`.
    pub dynamic_bytes: u64,
    /// The block, which outlives its threads.
    pub(super) home: *const Block,
    /// Its number in the block.
    pub(super) rank: u32,
    pub(super) state: Cell<State>,
    pub(super) answer: Cell<Answer>,
    /// What it may still do before others have their turn.
    pub(super) fuel: Cell<u32>,
    /// What it has begun to copy.
    pub(super) copies: RefCell<Copies>,
    /// How its fiber suspends itself; null before it runs.
    pub(super) yielder: Cell<*const Yielder<(), ()>>,
}

// Compiled code reads the fields at these places.
const _: () = assert!(
    std::mem::offset_of!(Thread, thread) == 0
        && std::mem::offset_of!(Thread, block) == 12
        && std::mem::offset_of!(Thread, block_extent) == 24
        && std::mem::offset_of!(Thread, grid_extent) == 36
        && std::mem::offset_of!(Thread, shared) == 48
        && std::mem::offset_of!(Thread, dynamic) == 56
        && std::mem::offset_of!(Thread, dynamic_bytes) == 64
);

/// What a thread is doing.
#[derive(Clone, Copy, Debug)]
pub(super) enum State {
    /// It can go on, or begin.
    Ready,
    /// It waits for other threads.
    Waits(Request),
    /// Its body has returned.
    Ended,
    /// It has raised an error: it is gone, and nobody waits for it.
    Failed,
}

/// What a thread waits for, and the place of its program that asks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Request {
    pub(super) wish: Wish,
    pub(super) site: *const u8,
}

/// See [`Request`].
#[derive(Clone, Copy, Debug)]
pub(super) enum Wish {
    /// All threads of the block, which then know something of their predicates.
    Barrier { kind: i32, predicate: bool },
    /// All threads of the grid.
    Grid,
    /// The lanes of a mask, which do something together.
    Warp { mask: u32, operation: Operation },
    /// To know which lanes of its warp are here.
    ActiveMask,
}

/// What a thread that has waited is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) value: i64,
    pub(super) holds: bool,
}

/// How much a thread may do before the others have their turn, so that one that waits for another's writes does not wait for ever.
const FUEL: u32 = 1 << 16;

impl Thread {
    /// A thread that is yet to run.
    pub(super) fn new(home: *const Block, rank: u32) -> Self {
        let none = [0; 3];
        Self {
            thread: none,
            block: none,
            block_extent: none,
            grid_extent: none,
            shared: std::ptr::null_mut(),
            dynamic: std::ptr::null_mut(),
            dynamic_bytes: 0,
            home,
            rank,
            state: Cell::new(State::Ready),
            answer: Cell::new(Answer::default()),
            fuel: Cell::new(FUEL),
            copies: RefCell::default(),
            yielder: Cell::new(std::ptr::null()),
        }
    }

    /// The block.
    pub(super) fn home(&self) -> &Block {
        // SAFETY: the block owns its threads.
        unsafe { &*self.home }
    }

    /// Waits until the block has an answer.
    pub(super) fn wait(&self, wish: Wish, site: *const u8) -> Answer {
        self.state.set(State::Waits(Request { wish, site }));
        self.suspend();
        self.answer.get()
    }

    /// Lets a waiting thread go on.
    pub(super) fn release(&self, answer: Answer) {
        self.answer.set(answer);
        self.state.set(State::Ready);
    }

    /// Uses up fuel; without any the other threads have their turn.
    pub(super) fn burn(&self, amount: u32) {
        match self.fuel.get().checked_sub(amount) {
            Some(left) => self.fuel.set(left),
            None => {
                self.fuel.set(FUEL);
                self.suspend();
            }
        }
    }

    /// Ends the thread where it stands, with an error. Its stack is given up: nothing on it may need to be dropped.
    pub(super) fn fail(&self, error: Pending) -> ! {
        self.mark_failed(Box::new(error));
        loop {
            self.suspend();
        }
    }

    /// Has the others not wait for this thread, which is about to end.
    pub(super) fn mark_failed(&self, error: Box<Pending>) {
        self.home().keep(self.rank, error);
        self.state.set(State::Failed);
    }

    fn suspend(&self) {
        // SAFETY: only a running fiber gets here, and its yielder lives as long as it.
        unsafe { (*self.yielder.get()).suspend(()) };
    }
}

/// An error at a place of the program.
///
/// # Safety
/// `site` is null or an encoded site.
pub(super) unsafe fn error_at(kind: &str, message: String, site: *const u8) -> Pending {
    let mut error = Pending::without_place(kind, message);
    if !site.is_null() {
        // SAFETY: the caller's promise.
        error.extend(unsafe { Site::decode(site) }.frame());
    }
    error
}

/// A place of the program in words.
///
/// # Safety
/// `site` is null or an encoded site.
pub(super) unsafe fn line_of(site: *const u8) -> String {
    if site.is_null() {
        return "elsewhere".to_owned();
    }
    // SAFETY: the caller's promise.
    let site = unsafe { Site::decode(site) };
    format!("in line {} of {}", site.span[0], site.file)
}
