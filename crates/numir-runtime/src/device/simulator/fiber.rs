//! Fibers: threads of a block take turns on one thread of the process, each on a stack of its own while it waits.

use corosensei::stack::{DefaultStack, Stack as _};
use corosensei::{Coroutine, CoroutineResult};
use std::ffi::c_void;
use std::sync::Mutex;

use super::launch::Entry;
use super::thread::Thread;
use crate::stack;

/// The bytes of a stack, below which is a page that nobody may touch.
const STACK_BYTES: usize = 256 << 10;

/// How many stacks are kept for later launches.
const KEPT: usize = 2048;

/// A stack for a fiber.
pub(super) type Stack = DefaultStack;

/// The stacks that are kept. Who finds them locked goes without: so they cannot stay locked in the child of a fork.
static STACKS: Mutex<Vec<Stack>> = Mutex::new(Vec::new());

/// A stack from those that are kept, or a new one; None where the system has none.
pub(super) fn take_stack() -> Option<Stack> {
    let kept = STACKS.try_lock().ok().and_then(|mut stacks| stacks.pop());
    kept.or_else(|| Stack::new(STACK_BYTES).ok())
}

/// Keeps stacks for later.
pub(super) fn give_stacks(given: &mut Vec<Stack>) {
    if let Ok(mut stacks) = STACKS.try_lock() {
        let room = KEPT.saturating_sub(stacks.len());
        stacks.extend(given.drain(..room.min(given.len())));
    }
    given.clear();
}

/// A thread's body on its way, on its own stack.
pub(super) struct Fiber {
    coroutine: Coroutine<(), (), (), Stack>,
    bounds: (usize, usize),
}

impl Fiber {
    /// A fiber that calls the kernel as that thread.
    ///
    /// # Safety
    /// The kernel may be called so, on this thread or another, as long as the fiber lives.
    pub(super) unsafe fn new(stack: Stack, entry: Entry, thread: *mut Thread, arguments: *const *const c_void) -> Self {
        let bounds = (stack.limit().get(), stack.base().get());
        let coroutine = Coroutine::with_stack(stack, move |yielder, ()| {
            // SAFETY: the caller's promise; the thread outlives its fiber.
            unsafe {
                (*thread).yielder.set(yielder);
                entry(thread, arguments);
            }
        });
        Self { coroutine, bounds }
    }

    /// Whether an address is on its stack.
    pub(super) fn holds(&self, address: usize) -> bool {
        (self.bounds.0..self.bounds.1).contains(&address)
    }

    /// Runs on until the body waits, or returns: then true.
    pub(super) fn resume(&mut self) -> bool {
        let outer = stack::swap_bounds(self.bounds);
        let result = self.coroutine.resume(());
        stack::swap_bounds(outer);
        matches!(result, CoroutineResult::Return(()))
    }

    /// The stack, wherever the body stands.
    ///
    /// # Safety
    /// Nothing on the stack needs to be dropped.
    pub(super) unsafe fn into_stack(mut self) -> Stack {
        if !self.coroutine.done() {
            // SAFETY: the caller's promise.
            unsafe { self.coroutine.force_reset() };
        }
        self.coroutine.into_stack()
    }
}
