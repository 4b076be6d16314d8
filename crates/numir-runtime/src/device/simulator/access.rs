//! Checks of what simulated threads read and write: that it is memory of the device, and that threads do not race for it.

use super::thread::{Thread, error_at, line_of};
use crate::error::{Pending, swap_pending};

/// What each kind of access is called.
const VERBS: [&str; 3] = ["reads", "writes", "updates"];

/// The fuel that an atomic operation takes: who waits for other threads mostly does it by these.
const ATOMIC_FUEL: u32 = 64;

/// Checks what a thread is about to do with so many bytes: it reads them (kind 0), writes them (1), or does one of the atomic
/// operations (2). 0, or 1 with an error pending: `IndexError` if they are not memory of the device or the thread, and `RaceError` if they are shared
/// memory that another thread of the block uses with no barrier in between.
///
/// # Safety
/// `thread` is what the kernel was called with; `site` is null or an encoded site.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn numir_sim_access(
    thread: *mut Thread,
    address: *const u8,
    bytes: i64,
    kind: i32,
    site: *const u8,
) -> i32 {
    // SAFETY: the caller's promise.
    let thread = unsafe { &*thread };
    let (from, count) = (address.addr(), usize::try_from(bytes).unwrap_or(0));
    thread.burn(if kind == 2 { ATOMIC_FUEL } else { 1 });
    if count == 0 {
        return 0;
    }
    // SAFETY: the caller's promise.
    match unsafe { find_error(thread, from, count, kind, site) } {
        Some(error) => {
            swap_pending(Some(Box::new(error)));
            1
        }
        None => 0,
    }
}

/// The race for bytes of shared memory that a thread has written by now, if there is one.
///
/// # Safety
/// `site` is null or an encoded site.
pub(super) unsafe fn note_write(thread: &Thread, from: usize, count: usize, site: *const u8) -> Option<Pending> {
    // SAFETY: the caller's promise.
    unsafe { find_error(thread, from, count, 1, site) }
}

/// # Safety
/// `site` is null or an encoded site.
unsafe fn find_error(thread: &Thread, from: usize, count: usize, kind: i32, site: *const u8) -> Option<Pending> {
    let block = thread.home();
    let launch = block.launch();
    let verb = VERBS[kind.clamp(0, 2) as usize];
    let (shared, size) = (thread.shared.addr(), launch.shared_bytes());
    let end = from.saturating_add(count);
    if shared <= from && end <= shared + size {
        let race = block.shadow.borrow_mut().note(thread.rank, from - shared..end - shared, kind == 1, site)?;
        let other = &block.threads()[race.rank as usize];
        // SAFETY: sites are constants of the kernel's module, or null.
        let line = unsafe { line_of(race.site) };
        let ([x, y, z], [ox, oy, oz]) = (thread.thread, other.thread);
        let did = if race.wrote { "written" } else { "read" };
        let text = format!(
            "thread ({x}, {y}, {z}) {verb} shared memory that thread ({ox}, {oy}, {oz}) of its block has {did} {line}, with no barrier in between"
        );
        // SAFETY: the caller's promise.
        return Some(unsafe { error_at("RaceError", text, site) });
    }
    let below = launch.block_below(from);
    if below.is_some_and(|(start, bytes)| end <= start + bytes)
        || block.is_on_stack(thread.rank, from) && block.is_on_stack(thread.rank, end - 1)
    {
        return None;
    }
    let shared_near = Some((shared, size)).filter(|(start, bytes)| *bytes > 0 && is_near(from, *start, *bytes));
    let (place, near) = match (shared_near, below.filter(|(start, bytes)| is_near(from, *start, *bytes))) {
        (Some((start, bytes)), _) => ("the block's shared memory", Some((start, bytes))),
        (None, near) => ("the device's memory", near),
    };
    let near = near.map_or(String::new(), |(start, bytes)| format!(": from byte {} of {bytes} on", from - start));
    let text = format!("a thread {verb} {count} bytes outside of {place}{near}");
    // SAFETY: the caller's promise.
    Some(unsafe { error_at("IndexError", text, site) })
}

/// Whether an address that is not within a block is rather behind it than anywhere else.
fn is_near(address: usize, start: usize, bytes: usize) -> bool {
    address >= start && address - start < 2 * bytes + 256
}
