//! Checks of what simulated threads read and write: that it is memory of the device.

use super::thread::Thread;
use crate::error::{Pending, Site, swap_pending};

/// What a kind of access is called.
fn verb(kind: i32) -> &'static str {
    match kind {
        0 => "reads",
        1 => "writes",
        _ => "updates",
    }
}

/// Checks what a thread is about to do with so many bytes: it reads them (kind 0), writes them (1), or does one of the atomic
/// operations (2). 0, or 1 with an error pending if they are not memory of the device.
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
    // SAFETY: the caller's promise; the launch outlives its threads.
    let (thread, launch) = unsafe { (&*thread, &*(*thread).launch) };
    let (from, count) = (address.addr(), usize::try_from(bytes).unwrap_or(0));
    let below = launch.heap.below(from);
    let end = from.saturating_add(count);
    let shared = thread.shared.addr()..=thread.shared.addr() + launch.shared_bytes();
    let inside = below.is_some_and(|(start, bytes)| end <= start + bytes)
        || (shared.contains(&from) && shared.contains(&end))
        || count == 0;
    if inside {
        return 0;
    }
    let near = below
        .filter(|(start, bytes)| from - start < 2 * bytes + 256)
        .map_or(String::new(), |(start, bytes)| format!(", {} bytes into an array of {bytes}", from - start));
    let text = format!("a kernel {} {count} bytes outside of the device's memory{near}", verb(kind));
    let mut error = Pending::without_place("IndexError", text);
    if !site.is_null() {
        // SAFETY: the caller's promise.
        error.extend(unsafe { Site::decode(site) }.frame());
    }
    swap_pending(Some(Box::new(error)));
    1
}
