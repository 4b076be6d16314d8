//! The C functions between a process and the compiler's library: their types, written once for both sides.

use std::ffi::{c_char, c_void};

/// Takes bytes: `write(sink, bytes, length)`. The bytes are readable during the call only.
pub type Write = unsafe extern "C" fn(*mut c_void, *const u8, usize);

/// Answers a question: `ask(context, question, length, sink, write)`. It calls `write` with `sink` and a `wire::Answer`, once; where it
/// does not, there is no answer. It is called on the thread that called `numir_compile`, only while that call lasts,
/// and must not unwind.
pub type Ask = unsafe extern "C" fn(*mut c_void, *const u8, usize, *mut c_void, Write);

/// `numir_compile(request, length, ask, context, sink, write)`: see the library's own words on it.
pub type Compile = unsafe extern "C" fn(*const u8, usize, Ask, *mut c_void, *mut c_void, Write) -> i32;

/// `numir_version()`: the version of the messages that the library understands.
pub type Version = extern "C" fn() -> *const c_char;

/// Keeps the bytes in a vector: a [`Write`].
///
/// # Safety
/// `sink` points to a `Vec<u8>` that nobody else uses during the call; `length` bytes are readable.
pub unsafe extern "C" fn keep(sink: *mut c_void, bytes: *const u8, length: usize) {
    // SAFETY: the caller's promise.
    unsafe { (*sink.cast::<Vec<u8>>()).extend_from_slice(std::slice::from_raw_parts(bytes, length)) };
}
