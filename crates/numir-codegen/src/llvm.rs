//! Owners of LLVM's objects: a context that collects its diagnostics, a module inside it, a memory buffer, messages.

use std::cell::RefCell;
use std::ffi::{CStr, c_char, c_void};

use llvm_sys::LLVMDiagnosticSeverity;
use llvm_sys::core::{
    LLVMContextCreate, LLVMContextDispose, LLVMContextSetDiagnosticHandler, LLVMDisposeMemoryBuffer,
    LLVMDisposeMessage, LLVMDisposeModule, LLVMGetBufferSize, LLVMGetBufferStart, LLVMGetDiagInfoDescription,
    LLVMGetDiagInfoSeverity, LLVMPrintModuleToString,
};
use llvm_sys::error::{LLVMDisposeErrorMessage, LLVMErrorRef, LLVMGetErrorMessage};
use llvm_sys::prelude::{LLVMContextRef, LLVMDiagnosticInfoRef, LLVMMemoryBufferRef, LLVMModuleRef};

/// An LLVM context. Errors that LLVM would answer with `exit(1)` are kept here as text.
pub(crate) struct Context {
    raw: LLVMContextRef,
    heard: Box<Heard>,
}

/// What LLVM says while it works in a context.
#[derive(Default)]
struct Heard {
    errors: RefCell<Vec<String>>,
    /// Of these there are none until somebody asks for them.
    remarks: RefCell<Vec<String>>,
}

impl Context {
    pub(crate) fn new() -> Self {
        let heard = Box::<Heard>::default();
        // SAFETY: the handler's argument is the box, which lives and stays in place as long as the context.
        let raw = unsafe {
            let raw = LLVMContextCreate();
            LLVMContextSetDiagnosticHandler(raw, Some(collect), (&raw const *heard).cast_mut().cast());
            raw
        };
        Self { raw, heard }
    }

    pub(crate) fn raw(&self) -> LLVMContextRef {
        self.raw
    }

    /// The errors reported since the last call, as one text; none if there were none.
    pub(crate) fn take_errors(&self) -> Option<String> {
        let errors = self.heard.errors.take();
        (!errors.is_empty()).then(|| errors.join("; "))
    }

    /// The remarks made since the last call, each behind its place.
    pub(crate) fn take_remarks(&self) -> Vec<String> {
        self.heard.remarks.take()
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        // A fatal error of LLVM unwinds through it and leaves the context in the middle of things: it is leaked then.
        if !std::thread::panicking() {
            // SAFETY: `raw` is ours, and `Module` drops its module before its context.
            unsafe { LLVMContextDispose(self.raw) }
        } else {
            std::mem::forget(std::mem::take(&mut self.heard));
        }
    }
}

extern "C" fn collect(info: LLVMDiagnosticInfoRef, heard: *mut c_void) {
    // SAFETY: LLVM passes a live diagnostic and the pointer given at registration (see `Context::new`).
    unsafe {
        let heard = &*heard.cast::<Heard>();
        let list = match LLVMGetDiagInfoSeverity(info) {
            LLVMDiagnosticSeverity::LLVMDSError => &heard.errors,
            LLVMDiagnosticSeverity::LLVMDSRemark => &heard.remarks,
            _ => return,
        };
        list.borrow_mut().push(take_message(LLVMGetDiagInfoDescription(info)));
    }
}

/// An LLVM module together with the context that holds it.
pub(crate) struct Module {
    raw: LLVMModuleRef,
    context: Context,
}

impl Module {
    /// # Safety
    /// `raw` must be a module of `context` that nobody else disposes of.
    pub(crate) unsafe fn from_raw(raw: LLVMModuleRef, context: Context) -> Self {
        Self { raw, context }
    }

    pub(crate) fn raw(&self) -> LLVMModuleRef {
        self.raw
    }

    pub(crate) fn context(&self) -> &Context {
        &self.context
    }

    /// The module in LLVM's textual form.
    pub(crate) fn text(&self) -> String {
        // SAFETY: the module is live; the message is handed over to us.
        unsafe { take_message(LLVMPrintModuleToString(self.raw)) }
    }
}

impl Drop for Module {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            // SAFETY: the module is ours alone, and its context is still alive (fields drop after this).
            unsafe { LLVMDisposeModule(self.raw) }
        }
    }
}

/// Bytes owned by LLVM.
pub(crate) struct MemoryBuffer(LLVMMemoryBufferRef);

impl MemoryBuffer {
    /// # Safety
    /// `raw` must be a live buffer that nobody else disposes of.
    pub(crate) unsafe fn from_raw(raw: LLVMMemoryBufferRef) -> Self {
        Self(raw)
    }

    pub(crate) fn raw(&self) -> LLVMMemoryBufferRef {
        self.0
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        // SAFETY: start and size describe one live allocation of the buffer.
        unsafe { std::slice::from_raw_parts(LLVMGetBufferStart(self.0).cast(), LLVMGetBufferSize(self.0)) }
    }
}

impl Drop for MemoryBuffer {
    fn drop(&mut self) {
        // SAFETY: the buffer is ours alone.
        unsafe { LLVMDisposeMemoryBuffer(self.0) }
    }
}

/// Copies a message of LLVM and frees it.
///
/// # Safety
/// `raw` must be null or a string that LLVM handed over.
pub(crate) unsafe fn take_message(raw: *mut c_char) -> String {
    if raw.is_null() {
        return String::new();
    }
    // SAFETY: by contract a live C string that is ours to free.
    unsafe {
        let text = CStr::from_ptr(raw).to_string_lossy().into_owned();
        LLVMDisposeMessage(raw);
        text
    }
}

/// Turns an `LLVMErrorRef` into a result.
///
/// # Safety
/// `raw` must be null (success) or an error that nobody has consumed.
pub(crate) unsafe fn check(raw: LLVMErrorRef) -> Result<(), String> {
    if raw.is_null() {
        return Ok(());
    }
    // SAFETY: getting the message consumes the error; the message is ours to free.
    unsafe {
        let message = LLVMGetErrorMessage(raw);
        let text = CStr::from_ptr(message).to_string_lossy().into_owned();
        LLVMDisposeErrorMessage(message);
        Err(text)
    }
}
