//! Errors of functions that C calls: C knows none, so they are reported and end there.

use crate::error::take_pending_error;
use std::ffi::c_void;
use std::sync::atomic::{AtomicPtr, Ordering};

/// Reports the pending error of this thread, which that function of C has left. It takes the error.
pub type Report = fn(*const c_void);

/// The host's report, as a pointer; null without one.
static REPORT: AtomicPtr<()> = AtomicPtr::new(std::ptr::null_mut());

/// Has errors in functions that C calls reported by `report`; None writes them to the standard error again.
pub fn set_report(report: Option<Report>) {
    REPORT.store(report.map_or(std::ptr::null_mut(), |report| report as *mut ()), Ordering::Release);
}

/// Reports the pending error of this thread, if the status tells of one.
///
/// # Safety
/// `function` is an address that nobody reads from here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn numir_unraisable(status: i32, function: *const c_void) {
    if status == 0 {
        return;
    }
    let report = REPORT.load(Ordering::Acquire);
    if report.is_null() {
        if let Some(error) = take_pending_error() {
            eprintln!("Exception ignored in a function called from C: {error}");
        }
        return;
    }
    // SAFETY: only `set_report` stores here, null or a function of this type.
    unsafe { std::mem::transmute::<*mut (), Report>(report)(function) };
}
