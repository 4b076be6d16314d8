//! LLVM's fatal errors as values. LLVM ends the process after its fatal-error handler returns; ours does not return but
//! unwinds, up to `guard`. LLVM's frames have unwind tables but no clean-ups, so what they held is leaked, on purpose:
//! a leak in a case that should not happen, instead of a dead process.

use std::cell::Cell;
use std::ffi::{CStr, c_char};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Once;

struct FatalError(String);

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

unsafe extern "C-unwind" {
    // Declared here, not taken from llvm-sys, because this handler may unwind.
    fn LLVMInstallFatalErrorHandler(handler: Option<extern "C-unwind" fn(*const c_char)>);
}

extern "C-unwind" fn unwind(reason: *const c_char) {
    // SAFETY: LLVM passes a C string that outlives the handler.
    let reason = unsafe { CStr::from_ptr(reason) }.to_string_lossy().into_owned();
    if GUARDED.get() {
        resume_unwind(Box::new(FatalError(reason)));
    }
    eprintln!("numir: LLVM cannot go on: {reason}");
}

/// Installs the handler, once per process.
pub(crate) fn install() {
    static ONCE: Once = Once::new();
    // SAFETY: the handler has the signature that LLVM calls. It unwinds only inside `guard`, where every function of
    // LLVM that may reach it is declared `C-unwind`.
    ONCE.call_once(|| unsafe { LLVMInstallFatalErrorHandler(Some(unwind)) });
}

/// Runs `work`; a fatal error of LLVM inside it becomes an `Err` with LLVM's reason. Owners of LLVM objects that live
/// inside `work` must leak them when they are dropped by a panic.
pub(crate) fn guard<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    let outer = GUARDED.replace(true);
    // What the closure leaves half done is leaked, never looked at again.
    let result = catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(outer);
    result.map_err(|panic| match panic.downcast::<FatalError>() {
        Ok(fatal) => fatal.0,
        Err(other) => resume_unwind(other),
    })
}
