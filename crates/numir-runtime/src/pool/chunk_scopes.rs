//! Chunk sizes that hold within a block of compiled code. Each that is entered is noted with a place on the stack; where an exception
//! leaves compiled code, its host leaves those that lie deeper than itself.

use super::{chunk_size, set_chunk_size};
use std::cell::RefCell;

thread_local! {
    /// The blocks that this thread is in: an address on the stack of what entered it, and the size before.
    static SCOPES: RefCell<Vec<(usize, usize)>> = const { RefCell::new(Vec::new()) };
}

/// Enters a block with that chunk size, which is not negative; gives the former.
#[unsafe(no_mangle)]
pub extern "C" fn numir_enter_chunk_size(size: i64) -> i64 {
    let here = 0_u8;
    let former = set_chunk_size(usize::try_from(size).unwrap_or(0));
    SCOPES.with_borrow_mut(|scopes| scopes.push(((&raw const here).addr(), former)));
    former as i64
}

/// Leaves the innermost block; gives the size that holds again.
#[unsafe(no_mangle)]
pub extern "C" fn numir_leave_chunk_size() -> i64 {
    if let Some((_, former)) = SCOPES.with_borrow_mut(Vec::pop) {
        set_chunk_size(former);
    }
    chunk_size() as i64
}

/// Leaves the blocks that were entered by what a function has called, after an exception has come out of that. `here` is the address of
/// a variable of that function.
pub fn leave_all_below(here: *const u8) {
    SCOPES.with_borrow_mut(|scopes| {
        while let Some((_, former)) = scopes.pop_if(|(address, _)| *address < here.addr()) {
            set_chunk_size(former);
        }
    });
}
