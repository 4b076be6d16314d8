//! The C++ shim seen from Rust: the layout that both sides share, and nothing else. `cpp/` is the other half.

use mlir_sys::{MlirDialectRegistry, MlirLocation, MlirOperation, MlirPassManager, MlirStringCallback, MlirStringRef};
use std::ffi::{c_char, c_int, c_void};

/// A piece of UTF-8 text that outlives the call it is passed to; a static one where it is part of a description.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Text {
    data: *const u8,
    length: usize,
}

impl Text {
    /// A view of `text`; the receiver may keep it only if `text` is static.
    pub fn of(text: &str) -> Self {
        Self { data: text.as_ptr(), length: text.len() }
    }

    /// The text as a string, made valid UTF-8 where it is not.
    ///
    /// # Safety
    /// It must point to `length` readable bytes.
    pub unsafe fn to_owned(self) -> String {
        if self.length == 0 {
            return String::new();
        }
        // SAFETY: promised by the caller.
        let bytes = unsafe { std::slice::from_raw_parts(self.data, self.length) };
        String::from_utf8_lossy(bytes).into_owned()
    }
}

/// The kinds of options, in the numbering of the shim.
pub const KIND_BOOL: i32 = 0;
/// A 64-bit signed number.
pub const KIND_INT: i32 = 1;
/// Text.
pub const KIND_TEXT: i32 = 2;

/// An option as the shim declares it to MLIR.
#[repr(C)]
pub struct RawOption {
    pub name: Text,
    pub summary: Text,
    pub kind: i32,
    pub number: i64,
    pub text: Text,
}

/// A statistic; both texts end in NUL.
#[repr(C)]
pub struct RawStatistic {
    pub name: *const c_char,
    pub summary: *const c_char,
}

/// The value of an option: `number` for bool and int, `text` for text.
#[repr(C)]
pub struct RawValue {
    pub number: i64,
    pub text: Text,
}

/// A pass as the shim presents it to MLIR. All pointers are static.
#[repr(C)]
pub struct RawPass {
    pub name: Text,
    pub summary: Text,
    pub anchor: Text,
    pub options: *const RawOption,
    pub option_count: usize,
    pub statistics: *const RawStatistic,
    pub statistic_count: usize,
    pub dialects: unsafe extern "C" fn(*const RawPass, MlirDialectRegistry),
    pub run: unsafe extern "C" fn(*const RawPass, MlirOperation, *const RawValue, *mut u64) -> bool,
}

/// A named pipeline as the shim presents it to MLIR. All pointers are static.
#[repr(C)]
pub struct RawPipeline {
    pub name: Text,
    pub summary: Text,
    pub elements: unsafe extern "C" fn(*const RawPipeline, i64, Text, Text, MlirStringCallback, *mut c_void) -> bool,
}

/// A note of an error.
#[repr(C)]
pub struct RawNote {
    pub location: MlirLocation,
    pub message: Text,
}

/// What an observer is told: a pass is about to run,
pub const EVENT_BEFORE: i32 = 0;
/// it has run,
pub const EVENT_AFTER: i32 = 1;
/// it has failed.
pub const EVENT_FAILED: i32 = 2;

/// Called around every pass: data, event, the pass's name, whether it is an adaptor of MLIR's, the operation.
pub type Observer = unsafe extern "C" fn(*mut c_void, i32, Text, bool, MlirOperation);

unsafe extern "C" {
    pub fn numir_shim_register_pass(description: *const RawPass) -> bool;
    pub fn numir_shim_register_pipeline(pipeline: *const RawPipeline) -> bool;
    pub fn numir_shim_observe(manager: MlirPassManager, callback: Observer, data: *mut c_void);
    pub fn numir_shim_emit_error(location: MlirLocation, message: Text, notes: *const RawNote, note_count: usize);
    pub fn numir_shim_register_extensions(registry: MlirDialectRegistry);
    pub fn numir_shim_opt_main(
        argc: c_int,
        argv: *mut *mut c_char,
        banner: Text,
        registry: MlirDialectRegistry,
    ) -> c_int;
}

/// Text as MLIR's C API takes it; MLIR reads it during the call only.
pub fn string_ref(text: &str) -> MlirStringRef {
    MlirStringRef { data: text.as_ptr().cast(), length: text.len() }
}

/// Text that MLIR gives.
///
/// # Safety
/// It must point to `length` readable bytes.
pub unsafe fn from_string_ref(text: MlirStringRef) -> String {
    // SAFETY: promised by the caller.
    unsafe { Text { data: text.data.cast(), length: text.length }.to_owned() }
}

/// A string callback of MLIR's C API that appends to the `String` behind `data`.
///
/// # Safety
/// `data` must point to a `String` that nobody else uses during the call.
pub unsafe extern "C" fn append(part: MlirStringRef, data: *mut c_void) {
    // SAFETY: promised by the caller; MLIR's text is valid for the call.
    unsafe { (*data.cast::<String>()).push_str(&from_string_ref(part)) }
}
