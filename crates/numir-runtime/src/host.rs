//! Code of the host's own language within compiled code: compiled code hands over its values and goes on with what comes back.

use std::ffi::c_void;
use std::sync::atomic::{AtomicPtr, Ordering};

/// Runs the code of that number. It takes over the references in `inputs`, which are laid out as an entry's results are, and writes
/// `outputs` in the same way. 0, or the number of an error, by which the host knows it again: then nothing is written.
pub type Call = unsafe extern "C" fn(number: i64, inputs: *const c_void, outputs: *mut c_void) -> i64;

/// What runs the host's code, as a pointer; null without one.
static CALL: AtomicPtr<()> = AtomicPtr::new(std::ptr::null_mut());

/// The kind of the errors whose message is the number that [`Call`] gave.
pub const ERROR: &str = "numir.host";

/// Has the host's code run by `call`.
pub fn set_call(call: Call) {
    CALL.store(call as *mut (), Ordering::Release);
}

/// Runs code of the host; -1 where there is no host.
///
/// # Safety
/// As [`Call`] says; the number is one that the host has given.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn numir_call_host(number: i64, inputs: *const c_void, outputs: *mut c_void) -> i64 {
    let call = CALL.load(Ordering::Acquire);
    if call.is_null() {
        return -1;
    }
    // SAFETY: only `set_call` stores here, a function of this type; the rest is the caller's promise.
    unsafe { std::mem::transmute::<*mut (), Call>(call)(number, inputs, outputs) }
}
