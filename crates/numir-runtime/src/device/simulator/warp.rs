//! Warps: 32 threads, one behind the other, whose lanes exchange values.
//!
//! An operation names the lanes that take part by a mask, and happens once those of them wait for it that have not ended; that is CUDA's
//! rule, and lanes that are not named may be elsewhere.

use super::block::{Block, LANES};
use super::lanes::{self, Shuffle};
use super::matrices::{self, Matrices};
use super::thread::{Answer, State, Thread, Wish, error_at, line_of};

/// What lanes do together.
#[derive(Clone, Copy, Debug)]
pub(super) enum Operation {
    /// They wait for each other, and see what was written before.
    Synchronize,
    /// Each gets the value of another.
    Shuffle(Shuffle),
    /// Each learns of which the predicate holds.
    Vote { kind: i32, predicate: bool },
    /// Each learns which have the same value.
    Match { kind: i32, value: i64 },
    /// They multiply or load matrices.
    Matrices(Matrices),
}

impl Operation {
    /// Lanes that do something together do what has the same key.
    fn key(&self) -> (u8, i32) {
        match self {
            Self::Synchronize => (0, 0),
            Self::Shuffle(shuffle) => (1, shuffle.kind),
            Self::Vote { kind, .. } => (2, *kind),
            Self::Match { kind, .. } => (3, *kind),
            Self::Matrices(matrices) => (4, matrices.key()),
        }
    }

    /// What a function that lanes call is named in Python.
    fn name(&self) -> &'static str {
        match self.key() {
            (0, _) => "syncwarp",
            (1, _) => "a shuffle",
            (2, _) => "a vote",
            (3, _) => "a match",
            _ => "what a warp does with matrices",
        }
    }
}

/// Lets those lanes go on whose operation can happen. Whether there are any.
pub(super) fn release(block: &Block) -> bool {
    let mut released = false;
    for (number, warp) in block.threads().chunks(LANES).enumerate() {
        let mut left = lanes_of(warp, |thread| wanted(thread).is_some());
        let mut happened = false;
        while left != 0 {
            let first = &warp[left.trailing_zeros() as usize];
            let Some((mask, operation)) = wanted(first) else { break };
            let taking_part = mask & present(warp);
            let ready = lanes_of(warp, |thread| {
                wanted(thread).is_some_and(|(other, what)| other == mask && what.key() == operation.key())
            });
            left &= !(ready & mask) & (left - 1);
            if taking_part & !ready == 0 {
                happen(block, number, taking_part, operation);
                happened = true;
            }
        }
        if !happened {
            happened = tell_who_is_here(warp);
        }
        released |= happened;
    }
    released
}

/// The lanes of a warp of which that holds.
fn lanes_of(warp: &[Thread], holds: impl Fn(&Thread) -> bool) -> u32 {
    warp.iter().enumerate().filter(|(_, thread)| holds(thread)).fold(0, |mask, (lane, _)| mask | 1 << lane)
}

/// The lanes of a warp that have not ended.
fn present(warp: &[Thread]) -> u32 {
    lanes_of(warp, |thread| !matches!(thread.state.get(), State::Ended | State::Failed))
}

/// The operation that a lane waits for.
fn wanted(thread: &Thread) -> Option<(u32, Operation)> {
    match thread.state.get() {
        State::Waits(request) => match request.wish {
            Wish::Warp { mask, operation } => Some((mask, operation)),
            Wish::Barrier { .. } | Wish::Grid | Wish::ActiveMask => None,
        },
        State::Ready | State::Ended | State::Failed => None,
    }
}

/// Does what the lanes of a mask wait for.
fn happen(block: &Block, warp: usize, mask: u32, operation: Operation) {
    let threads = &block.threads()[warp * LANES..];
    let mut values = [None; LANES];
    for (lane, value) in values.iter_mut().enumerate().filter(|(lane, _)| mask >> lane & 1 != 0) {
        *value = wanted(&threads[lane]).map(|(_, operation)| operation);
    }
    if let Operation::Synchronize = operation {
        block.shadow.borrow_mut().pass_warp_barrier(warp, mask);
    }
    matrices::happen(&values);
    let answers = lanes::exchange(&values);
    for (lane, answer) in answers.iter().enumerate().filter(|(lane, _)| mask >> lane & 1 != 0) {
        threads[lane].release(*answer);
    }
}

/// Tells those lanes that ask who is here that they are: those of a warp that have come so far when none of it goes on otherwise.
fn tell_who_is_here(warp: &[Thread]) -> bool {
    let here = lanes_of(warp, |thread| match thread.state.get() {
        State::Waits(request) => matches!(request.wish, Wish::ActiveMask),
        State::Ready | State::Ended | State::Failed => false,
    });
    for (_, thread) in warp.iter().enumerate().filter(|(lane, _)| here >> lane & 1 != 0) {
        thread.release(Answer { value: i64::from(here), holds: true });
    }
    here != 0
}

/// Why a thread waits for ever that waits for lanes of its warp, if it does.
pub(super) fn why_stuck(block: &Block, thread: &Thread) -> Option<String> {
    let (mask, operation) = wanted(thread)?;
    let warp = &block.threads()[thread.rank as usize / LANES * LANES..];
    let warp = &warp[..warp.len().min(LANES)];
    let same = |other: &Thread| wanted(other).is_some_and(|(own, what)| own == mask && what.key() == operation.key());
    let missing = mask & present(warp) & lanes_of(warp, |other| !same(other));
    let other = warp.get(missing.trailing_zeros() as usize)?;
    let line = match other.state.get() {
        // SAFETY: sites are constants of the kernel's module, or null.
        State::Waits(request) => unsafe { line_of(request.site) },
        State::Ready | State::Ended | State::Failed => "elsewhere".to_owned(),
    };
    let (name, lane) = (operation.name(), other.rank as usize % LANES);
    Some(format!("{name} waits for lane {lane} of its warp, which its mask 0x{mask:08x} names and which waits {line}"))
}

/// Waits for an operation of the lanes of a mask.
///
/// # Safety
/// `thread` is what the kernel was called with; `site` is null or an encoded site.
pub(super) unsafe fn take_part(thread: *mut Thread, mask: i32, operation: Operation, site: *const u8) -> Answer {
    // SAFETY: the caller's promise.
    let thread = unsafe { &*thread };
    let (mask, lane) = (mask as u32, thread.rank as usize % LANES);
    if mask >> lane & 1 == 0 {
        let text =
            format!("the mask 0x{mask:08x} of {} does not name the lane that calls it, {lane}", operation.name());
        // SAFETY: the caller's promise.
        thread.fail(unsafe { error_at("BarrierError", text, site) });
    }
    thread.wait(Wish::Warp { mask, operation }, site)
}

/// Waits for the lanes of a mask.
///
/// # Safety
/// `thread` is what the kernel was called with; `site` is null or an encoded site.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn numir_sim_syncwarp(thread: *mut Thread, mask: i32, site: *const u8) {
    // SAFETY: the caller's promise.
    unsafe { take_part(thread, mask, Operation::Synchronize, site) };
}

/// Gives the value of another lane of the mask: of a number (kind 0), or so many lanes lower (1), higher (2) or across (3), within
/// parts of a warp of `width` lanes. `ok` becomes 1 if there is such a lane, else 0, and the value is the own one. Of a lane that does
/// not take part, whose value CUDA leaves open, the own one is given too.
///
/// # Safety
/// As [`numir_sim_syncwarp`]; `ok` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn numir_sim_shuffle(
    thread: *mut Thread,
    mask: i32,
    kind: i32,
    value: i64,
    lane: i32,
    width: i32,
    ok: *mut i32,
    site: *const u8,
) -> i64 {
    let parts = u32::try_from(width).ok().filter(|width| width.is_power_of_two() && *width as usize <= LANES);
    let Some(width) = parts else {
        let text = format!("the width of a shuffle is {width}, and it must be 1, 2, 4, 8, 16 or 32");
        // SAFETY: the caller's promise.
        unsafe { (*thread).fail(error_at("ValueError", text, site)) };
    };
    let shuffle = Shuffle { kind, value, lane: lane as u32, width };
    // SAFETY: the caller's promise.
    unsafe {
        let answer = take_part(thread, mask, Operation::Shuffle(shuffle), site);
        if let Some(ok) = ok.as_mut() {
            *ok = answer.holds.into();
        }
        answer.value
    }
}

/// Whether a predicate holds in all lanes of a mask (kind 0), in one (1), or in all or none (2); or the lanes in which it holds (3).
///
/// # Safety
/// As [`numir_sim_syncwarp`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn numir_sim_vote(
    thread: *mut Thread,
    mask: i32,
    kind: i32,
    predicate: i32,
    site: *const u8,
) -> i32 {
    // SAFETY: the caller's promise.
    unsafe { take_part(thread, mask, Operation::Vote { kind, predicate: predicate != 0 }, site).value as i32 }
}

/// The lanes of a mask that have the same value (kind 0); or all of them if they all have it, else none (1), and `ok` becomes 1 or 0.
///
/// # Safety
/// As [`numir_sim_shuffle`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn numir_sim_match(
    thread: *mut Thread,
    mask: i32,
    kind: i32,
    value: i64,
    ok: *mut i32,
    site: *const u8,
) -> i32 {
    // SAFETY: the caller's promise.
    unsafe {
        let answer = take_part(thread, mask, Operation::Match { kind, value }, site);
        if let Some(ok) = ok.as_mut() {
            *ok = answer.holds.into();
        }
        answer.value as i32
    }
}

/// The lanes of the warp that are at the same place of the program: those that have asked when the others wait or have ended.
///
/// # Safety
/// As [`numir_sim_syncwarp`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn numir_sim_active_mask(thread: *mut Thread) -> i32 {
    // SAFETY: the caller's promise.
    unsafe { (*thread).wait(Wish::ActiveMask, std::ptr::null()).value as i32 }
}
