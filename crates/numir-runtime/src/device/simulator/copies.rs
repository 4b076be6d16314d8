//! Copies to shared memory that go on while a thread computes. They are done as late as they may be, when the thread waits for them: who
//! reads before that finds what was there.

use super::access::note_write;
use super::thread::{Thread, error_at};

/// A copy that was begun.
#[derive(Clone, Copy, Debug)]
struct Copy {
    to: *mut u8,
    from: *const u8,
    bytes: usize,
}

/// The copies of a thread that are under way.
#[derive(Debug, Default)]
pub(super) struct Copies {
    /// In the order in which they were begun.
    begun: Vec<Copy>,
    /// Of each group but the open one, how many copies it has.
    groups: Vec<usize>,
}

impl Copies {
    /// Closes the open group, and takes out the copies of all but the last groups.
    fn close(&mut self, pending: usize) -> Vec<Copy> {
        let closed: usize = self.groups.iter().sum();
        self.groups.push(self.begun.len() - closed);
        let ended = self.groups.len().saturating_sub(pending);
        let done: usize = self.groups.drain(..ended).sum();
        self.begun.drain(..done).collect()
    }
}

/// Begins a copy of the first bytes of 16, with zeros behind them. Both places have been checked.
///
/// # Safety
/// `thread` is what the kernel was called with; `site` is null or an encoded site; the bytes may be read, and 16 written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn numir_sim_copy_async(
    thread: *mut Thread,
    to: *mut u8,
    from: *const u8,
    bytes: i64,
    site: *const u8,
) {
    // SAFETY: the caller's promise.
    let thread = unsafe { &*thread };
    if !to.addr().is_multiple_of(16) || !from.addr().is_multiple_of(16) {
        let text =
            "a copy to shared memory is of 16 bytes, from a place to a place that are multiples of that".to_owned();
        // SAFETY: the caller's promise.
        thread.fail(unsafe { error_at("ValueError", text, site) });
    }
    let bytes = usize::try_from(bytes).unwrap_or(0).min(16);
    thread.copies.borrow_mut().begun.push(Copy { to, from, bytes });
}

/// Makes a group of what was begun, and waits until no more than the last groups are under way.
///
/// # Safety
/// As [`numir_sim_copy_async`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn numir_sim_await_copies(thread: *mut Thread, pending: i32, site: *const u8) {
    // SAFETY: the caller's promise.
    let thread = unsafe { &*thread };
    let done = thread.copies.borrow_mut().close(usize::try_from(pending).unwrap_or(0));
    for Copy { to, from, bytes } in &done {
        // SAFETY: who began the copy has promised it.
        unsafe {
            to.write_bytes(0, 16);
            to.copy_from_nonoverlapping(*from, *bytes);
        }
    }
    let raced = done.iter().find_map(|copy| {
        // SAFETY: the caller's promise.
        unsafe { note_write(thread, copy.to.addr(), 16, site) }
    });
    drop(done);
    if let Some(error) = raced {
        thread.fail(error);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_groups_stay_under_way() {
        let mut copies = Copies::default();
        let begin = |copies: &mut Copies, count| {
            let copy = Copy { to: std::ptr::null_mut(), from: std::ptr::null(), bytes: 16 };
            copies.begun.extend(std::iter::repeat_n(copy, count));
        };
        begin(&mut copies, 2);
        assert_eq!(copies.close(1).len(), 0);
        begin(&mut copies, 3);
        assert_eq!(copies.close(1).len(), 2);
        // Groups without copies count.
        assert_eq!(copies.close(1).len(), 3);
        begin(&mut copies, 1);
        assert_eq!(copies.close(0).len(), 1);
        assert!(copies.begun.is_empty() && copies.groups.is_empty());
    }
}
