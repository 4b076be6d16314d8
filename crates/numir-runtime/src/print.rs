//! `print` of compiled code: a line grows on its thread and is written in one piece, so that lines of parallel loops do
//! not mix. It goes to C's `stdout`, whose buffer an ahead-of-time program flushes at exit, or to the embedder's sink.

use std::cell::RefCell;
use std::io;
use std::sync::{PoisonError, RwLock};

use crate::dtype::DType;
use crate::error::slice;
use crate::format::{self, Style};
use crate::scalar::{Number, Scalar};

/// Style bit: `repr` instead of `str`.
pub const STYLE_REPR: i32 = 1;
/// Style bit: a NumPy scalar, whose `repr` names its type.
pub const STYLE_NUMPY: i32 = 2;

/// Where printed lines go.
pub type Sink = Box<dyn Fn(&[u8]) + Send + Sync>;

static SINK: RwLock<Option<Sink>> = RwLock::new(None);

thread_local! {
    static LINE: RefCell<String> = const { RefCell::new(String::new()) };
    static HELD: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Does something on this thread whose lines are written once it is done, all in one piece, and not where it prints them: there may be
/// little room on the stack.
pub(crate) fn holding<T>(work: impl FnOnce() -> T) -> T {
    let outer = HELD.replace(Some(String::new()));
    let done = work();
    if let Some(lines) = HELD.replace(outer).filter(|lines| !lines.is_empty()) {
        write(lines);
    }
    done
}

unsafe extern "C" {
    /// C's standard output.
    static mut stdout: *mut libc::FILE;
}

/// Sends printed lines to `sink`, or to C's `stdout` again; the sink must not print through compiled code itself.
pub fn set_sink(sink: Option<Sink>) {
    *SINK.write().unwrap_or_else(PoisonError::into_inner) = sink;
}

/// Writes out what C's `stdout` still holds; a program that prints by other means as well calls it in between.
///
/// # Errors
/// When the output cannot be written (now or before).
pub fn flush() -> io::Result<()> {
    // SAFETY: stdout is C's own stream, which both calls lock.
    match unsafe { (libc::fflush(stdout), libc::ferror(stdout)) } {
        (0, 0) => Ok(()),
        (0, _) => Err(io::Error::other("an earlier write to the standard output failed")),
        _ => Err(io::Error::last_os_error()),
    }
}

fn style(bits: i32) -> Style {
    match (bits & STYLE_REPR != 0, bits & STYLE_NUMPY != 0) {
        (true, true) => Style::NumpyRepr,
        (true, false) => Style::Repr,
        (false, _) => Style::Str,
    }
}

fn push(kinds: [DType; 4], bits: i32, number: Number, style_bits: i32) {
    let dtype = kinds.into_iter().find(|dtype| dtype.bits() as i64 == i64::from(bits)).unwrap_or(kinds[3]);
    if let Some(scalar) = Scalar::new(dtype, number) {
        LINE.with(|line| format::push_scalar(&mut line.borrow_mut(), scalar, style(style_bits)));
    }
}

/// Adds text to the line.
///
/// # Safety
/// `text` points to `bytes` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn numir_print_text(text: *const u8, bytes: i64) {
    // SAFETY: the caller's promise.
    let text = String::from_utf8_lossy(unsafe { slice(text, bytes) });
    LINE.with(|line| line.borrow_mut().push_str(&text));
}

/// Adds a signed integer of 8, 16, 32 or 64 bits.
#[unsafe(no_mangle)]
pub extern "C" fn numir_print_int(value: i64, bits: i32, style: i32) {
    push([DType::Int8, DType::Int16, DType::Int32, DType::Int64], bits, Number::Int(value), style);
}

/// Adds an unsigned integer of 8, 16, 32 or 64 bits.
#[unsafe(no_mangle)]
pub extern "C" fn numir_print_uint(value: i64, bits: i32, style: i32) {
    push([DType::UInt8, DType::UInt16, DType::UInt32, DType::UInt64], bits, Number::UInt(value as u64), style);
}

/// Adds a float of 16, 32 or 64 bits.
#[unsafe(no_mangle)]
pub extern "C" fn numir_print_float(value: f64, bits: i32, style: i32) {
    push([DType::Float16, DType::Float32, DType::Float64, DType::Float64], bits, Number::Float(value), style);
}

/// Adds a complex number of 64 or 128 bits.
#[unsafe(no_mangle)]
pub extern "C" fn numir_print_complex(real: f64, imag: f64, bits: i32, style: i32) {
    let kinds = [DType::Complex64, DType::Complex64, DType::Complex64, DType::Complex128];
    push(kinds, bits, Number::Complex(real, imag), style);
}

/// Adds a truth value.
#[unsafe(no_mangle)]
pub extern "C" fn numir_print_bool(value: i32, style: i32) {
    push([DType::Bool; 4], 8, Number::Bool(value != 0), style);
}

/// Ends a `print()`: writes the line in one piece.
#[unsafe(no_mangle)]
pub extern "C" fn numir_print_flush() {
    let line = LINE.with(RefCell::take);
    let line = HELD.with_borrow_mut(|held| match held {
        Some(held) => {
            held.push_str(&line);
            None
        }
        None => Some(line),
    });
    if let Some(line) = line {
        write(line);
    }
}

fn write(line: String) {
    match &*SINK.read().unwrap_or_else(PoisonError::into_inner) {
        // A panic must not cross into compiled code; the line is lost, as it is when stdout fails.
        Some(sink) => drop(std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| sink(line.as_bytes())))),
        // SAFETY: the line is readable; fwrite locks the stream.
        None => drop(unsafe { libc::fwrite(line.as_ptr().cast(), 1, line.len(), stdout) }),
    }
}
