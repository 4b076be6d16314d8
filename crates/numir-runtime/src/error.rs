//! Errors that compiled code raises: sites (constants of the module), the thread's pending error, and what the host takes.

use std::cell::RefCell;
use std::collections::VecDeque;

use crate::abi::Type;
use crate::dtype::DType;
use crate::format::{self, Style};
use crate::scalar::Scalar;

/// A place in the source that can raise: a constant of the compiled module, laid out as [`SITE_FIELDS`] says.
/// Texts are UTF-8, not terminated.
#[repr(C)]
#[derive(Debug)]
pub struct Site {
    kind: *const u8,
    kind_bytes: i64,
    message: *const u8,
    message_bytes: i64,
    file: *const u8,
    file_bytes: i64,
    function: *const u8,
    function_bytes: i64,
    line: i32,
    column: i32,
    end_line: i32,
    end_column: i32,
}

/// The fields of a [`Site`] in order: name, type, offset in bytes. The struct has no padding.
/// Lines count from 1, columns from 1; 0 is unknown.
pub const SITE_FIELDS: [(&str, Type, usize); 12] = [
    ("kind", Type::Ptr, 0),
    ("kind_bytes", Type::I64, 8),
    ("message", Type::Ptr, 16),
    ("message_bytes", Type::I64, 24),
    ("file", Type::Ptr, 32),
    ("file_bytes", Type::I64, 40),
    ("function", Type::Ptr, 48),
    ("function_bytes", Type::I64, 56),
    ("line", Type::I32, 64),
    ("column", Type::I32, 68),
    ("end_line", Type::I32, 72),
    ("end_column", Type::I32, 76),
];

/// Bytes of a [`Site`].
pub const SITE_BYTES: usize = size_of::<Site>();
const _: () = assert!(SITE_BYTES == 80 && std::mem::offset_of!(Site, line) == 64);

/// The tag of an [`Operand`] that is text. Every other tag is a [`DType::code`].
pub const TAG_TEXT: i64 = 64;

/// A value for a `{}` of a message: 24 bytes.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Operand {
    /// A [`DType::code`], or [`TAG_TEXT`].
    pub tag: i64,
    /// The scalar in its own format at the start (as in a slot), or pointer and bytes of UTF-8 text.
    pub words: [u64; 2],
}

/// A line of a traceback. Lines and columns count from 1; 0 is unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The file, as the compiler was given it.
    pub file: String,
    /// The Python name of the function.
    pub function: String,
    /// First line of the span.
    pub line: u32,
    /// First column of the span.
    pub column: u32,
    /// Last line of the span.
    pub end_line: u32,
    /// The column after the span.
    pub end_column: u32,
}

/// An exception that left compiled code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RaisedError {
    /// The exception's class: `ValueError`.
    pub kind: String,
    /// Its message, filled in.
    pub message: String,
    /// Where it came from, outermost call first, as Python prints it.
    pub traceback: Vec<Frame>,
    /// Frames left out of a very deep traceback, all after the first [`RaisedError::KEPT`].
    pub omitted: usize,
}

impl RaisedError {
    /// How many frames are kept at each end of a traceback.
    pub const KEPT: usize = 64;
}

impl std::fmt::Display for RaisedError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.kind)?;
        if self.message.is_empty() { Ok(()) } else { write!(f, ": {}", self.message) }
    }
}

impl std::error::Error for RaisedError {}

/// An error on its way out: the frames arrive innermost first.
#[derive(Debug)]
pub(crate) struct Pending {
    kind: String,
    message: String,
    inner: Vec<Frame>,
    outer: VecDeque<Frame>,
    omitted: usize,
}

impl Pending {
    fn new(kind: &str, message: String, frame: Frame) -> Self {
        Self { kind: kind.to_owned(), message, inner: vec![frame], outer: VecDeque::new(), omitted: 0 }
    }

    fn extend(&mut self, frame: Frame) {
        if self.inner.len() < RaisedError::KEPT {
            return self.inner.push(frame);
        }
        if self.outer.len() == RaisedError::KEPT {
            self.outer.pop_front();
            self.omitted += 1;
        }
        self.outer.push_back(frame);
    }

    fn finish(self) -> RaisedError {
        let traceback = self.outer.into_iter().rev().chain(self.inner.into_iter().rev()).collect();
        RaisedError { kind: self.kind, message: self.message, traceback, omitted: self.omitted }
    }
}

thread_local! {
    static PENDING: RefCell<Option<Box<Pending>>> = const { RefCell::new(None) };
}

/// Takes the thread's pending error: after an entry has returned a status other than 0.
#[must_use]
pub fn take_pending_error() -> Option<RaisedError> {
    swap_pending(None).map(|pending| pending.finish())
}

/// Puts another pending error in place, for moving one from thread to thread.
pub(crate) fn swap_pending(pending: Option<Box<Pending>>) -> Option<Box<Pending>> {
    PENDING.with(|slot| slot.replace(pending))
}

/// Makes the site's error the thread's pending one, its message filled from the operands.
///
/// # Safety
/// `site` points to a site whose texts are readable; `operands` to `count` operands, whose texts are readable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn numir_raise(site: *const Site, count: i64, operands: *const Operand) {
    // SAFETY: readable by the caller's promise.
    let (site, operands) = unsafe { (&*site, slice(operands, count)) };
    // SAFETY: as above.
    let texts: Vec<_> = operands.iter().map(|operand| unsafe { operand_texts(operand) }).collect();
    // SAFETY: as above.
    unsafe { raise(site, fill(&text(site.message, site.message_bytes), &texts)) };
}

/// Makes an index error pending. A site without a message speaks as NumPy; a message of its own is filled from index, axis
/// and size.
///
/// # Safety
/// `site` points to a site whose texts are readable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn numir_raise_index(site: *const Site, index: i64, axis: i64, size: i64) {
    const NUMPY: &str = "index {} is out of bounds for axis {} with size {}";
    // SAFETY: readable by the caller's promise.
    let site = unsafe { &*site };
    // SAFETY: as above.
    let own = unsafe { text(site.message, site.message_bytes) };
    let operands = [index, axis, size].map(|value| [value.to_string(), value.to_string()]);
    // SAFETY: as above.
    unsafe { raise(site, fill(if own.is_empty() { NUMPY } else { &own }, &operands)) };
}

/// Adds the site's frame, further out, to the pending error; without one there is nothing to add to.
///
/// # Safety
/// `site` points to a site whose texts are readable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn numir_traceback(site: *const Site) {
    // SAFETY: readable by the caller's promise.
    let frame = unsafe { frame(&*site) };
    PENDING.with(|slot| {
        if let Some(pending) = slot.borrow_mut().as_mut() {
            pending.extend(frame);
        }
    });
}

/// # Safety
/// The texts of the site are readable.
unsafe fn raise(site: &Site, message: String) {
    // SAFETY: the caller's promise.
    let (kind, frame) = unsafe { (text(site.kind, site.kind_bytes), frame(site)) };
    swap_pending(Some(Box::new(Pending::new(&kind, message, frame))));
}

/// # Safety
/// The texts of the site are readable.
unsafe fn frame(site: &Site) -> Frame {
    let number = |value: i32| u32::try_from(value).unwrap_or(0);
    Frame {
        // SAFETY: the caller's promise.
        file: unsafe { text(site.file, site.file_bytes) },
        // SAFETY: the caller's promise.
        function: unsafe { text(site.function, site.function_bytes) },
        line: number(site.line),
        column: number(site.column),
        end_line: number(site.end_line),
        end_column: number(site.end_column),
    }
}

/// # Safety
/// `start` is null or points to `count` readable items that live as long as the result.
pub(crate) unsafe fn slice<'a, T>(start: *const T, count: i64) -> &'a [T] {
    match usize::try_from(count) {
        // SAFETY: the caller's promise.
        Ok(count) if count > 0 && !start.is_null() => unsafe { std::slice::from_raw_parts(start, count) },
        _ => &[],
    }
}

/// # Safety
/// `start` is null or points to `bytes` readable bytes.
unsafe fn text(start: *const u8, bytes: i64) -> String {
    // SAFETY: the caller's promise.
    String::from_utf8_lossy(unsafe { slice(start, bytes) }).into_owned()
}

/// The operand's `str` and `repr`.
///
/// # Safety
/// The text of the operand is readable.
unsafe fn operand_texts(operand: &Operand) -> [String; 2] {
    if operand.tag == TAG_TEXT {
        let [start, bytes] = operand.words;
        let start = std::ptr::with_exposed_provenance(start as usize);
        // SAFETY: the caller's promise.
        let value = unsafe { text(start, bytes as i64) };
        let mut repr = String::new();
        format::push_str_repr(&mut repr, &value);
        return [value, repr];
    }
    let Some(dtype) = DType::from_code(operand.tag) else { return ["?".to_owned(), "?".to_owned()] };
    let scalar = Scalar::from_words(dtype, operand.words);
    [Style::Str, Style::Repr].map(|style| {
        let mut out = String::new();
        format::push_scalar(&mut out, scalar, style);
        out
    })
}

/// Fills a template as Python's `str.format` does, with `{}`, `{!r}`, `{{` and `}}`. Without operands it is literal text.
fn fill(template: &str, operands: &[[String; 2]]) -> String {
    if operands.is_empty() {
        return template.to_owned();
    }
    const MARKS: [&str; 4] = ["{}", "{!r}", "{{", "}}"];
    let mut out = String::new();
    let mut operands = operands.iter();
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let mark = MARKS.iter().position(|mark| rest.starts_with(mark));
        let piece = match mark {
            Some(style @ 0..2) => operands.next().map(|texts| texts[style].as_str()),
            Some(brace) => Some(&MARKS[brace][1..]),
            None => None,
        };
        // What is no mark, or has no operand left, stands for itself.
        let length = mark.map_or(1, |mark| MARKS[mark].len());
        out.push_str(piece.unwrap_or(&rest[..length]));
        rest = &rest[length..];
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(kind: &'static str, message: &'static str) -> Site {
        let (file, function) = ("demo.py", "f");
        Site {
            kind: kind.as_ptr(),
            kind_bytes: kind.len() as i64,
            message: message.as_ptr(),
            message_bytes: message.len() as i64,
            file: file.as_ptr(),
            file_bytes: file.len() as i64,
            function: function.as_ptr(),
            function_bytes: function.len() as i64,
            line: 3,
            column: 5,
            end_line: 3,
            end_column: 9,
        }
    }

    #[test]
    fn fields_lie_where_they_are_said_to_lie() {
        let offsets = [
            std::mem::offset_of!(Site, kind),
            std::mem::offset_of!(Site, kind_bytes),
            std::mem::offset_of!(Site, message),
            std::mem::offset_of!(Site, message_bytes),
            std::mem::offset_of!(Site, file),
            std::mem::offset_of!(Site, file_bytes),
            std::mem::offset_of!(Site, function),
            std::mem::offset_of!(Site, function_bytes),
            std::mem::offset_of!(Site, line),
            std::mem::offset_of!(Site, column),
            std::mem::offset_of!(Site, end_line),
            std::mem::offset_of!(Site, end_column),
        ];
        assert_eq!(SITE_FIELDS.map(|field| field.2), offsets);
    }

    #[test]
    fn messages_are_filled_as_python_formats() {
        let name = "a'b";
        let operands = [
            Operand { tag: i64::from(DType::Int64.code()), words: [-3_i64 as u64, 0] },
            Operand { tag: i64::from(DType::Float64.code()), words: [1e16_f64.to_bits(), 0] },
            Operand { tag: TAG_TEXT, words: [name.as_ptr().expose_provenance() as u64, 3] },
        ];
        let site = site("ValueError", "{{{}}} and {} for {!r}, {} {");
        // SAFETY: everything is readable.
        unsafe { numir_raise(&raw const site, 3, operands.as_ptr()) };
        let error = take_pending_error().expect("raised");
        assert_eq!(error.to_string(), "ValueError: {-3} and 1e+16 for \"a'b\", {} {");
        assert_eq!((error.traceback[0].line, error.traceback[0].file.as_str()), (3, "demo.py"));
        assert_eq!(take_pending_error(), None);
    }

    #[test]
    fn without_operands_a_message_is_literal() {
        let site = site("KeyError", "{{}}");
        // SAFETY: everything is readable.
        unsafe { numir_raise(&raw const site, 0, std::ptr::null()) };
        assert_eq!(take_pending_error().expect("raised").message, "{{}}");
    }

    #[test]
    fn index_errors_speak_as_numpy() {
        let site = site("IndexError", "");
        // SAFETY: everything is readable.
        unsafe { numir_raise_index(&raw const site, 10, 0, 5) };
        let error = take_pending_error().expect("raised");
        assert_eq!(error.to_string(), "IndexError: index 10 is out of bounds for axis 0 with size 5");
    }

    #[test]
    fn deep_tracebacks_keep_both_ends() {
        let mut site = site("RecursionError", "maximum recursion depth exceeded");
        // SAFETY: everything is readable.
        unsafe { numir_raise(&raw const site, 0, std::ptr::null()) };
        for line in 0..1000 {
            site.line = line;
            // SAFETY: as above.
            unsafe { numir_traceback(&raw const site) };
        }
        let error = take_pending_error().expect("raised");
        assert_eq!(error.traceback.len(), 2 * RaisedError::KEPT);
        assert_eq!(error.omitted, 1001 - 2 * RaisedError::KEPT);
        assert_eq!((error.traceback[0].line, error.traceback[2 * RaisedError::KEPT - 1].line), (999, 3));
    }
}
