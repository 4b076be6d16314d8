//! Errors that compiled code raises: sites (constants of the module), the thread's pending error, and what the host takes.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::VecDeque;

use crate::dtype::DType;
use crate::format::{self, Style};
use crate::scalar::Scalar;
use crate::shortage::{ARRAY_REFUSED, refused};

/// A place in the source that can raise. In a compiled module it is a constant of bytes, as [`encode`](Self::encode) writes it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Site<'a> {
    /// The exception's class; empty in a site of a traceback.
    pub kind: Cow<'a, str>,
    /// The message, with `{}` for each operand.
    pub message: Cow<'a, str>,
    /// The file, as the compiler was given it.
    pub file: Cow<'a, str>,
    /// The Python name of the function.
    pub function: Cow<'a, str>,
    /// First line, first column, last line, last column; from 1, 0 is unknown.
    pub span: [u32; 4],
}

impl Site<'_> {
    /// Ends each part. It is no byte of UTF-8.
    pub(crate) const MARK: u8 = 0xFF;

    /// The four texts and the span (`3:5-3:9`), each with [`MARK`](Self::MARK) behind it.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let [line, column, end_line, end_column] = self.span;
        let span = Cow::from(format!("{line}:{column}-{end_line}:{end_column}"));
        let parts = [&self.kind, &self.message, &self.file, &self.function, &span];
        parts.into_iter().flat_map(|part| part.bytes().chain([Self::MARK])).collect()
    }
}

impl<'a> Site<'a> {
    /// # Safety
    /// `site` points to what [`encode`](Self::encode) wrote, which lives as long as the result.
    pub(crate) unsafe fn decode(mut site: *const u8) -> Self {
        let [kind, message, file, function, span] = [(); 5].map(|()| {
            // SAFETY: each of the parts ends with a mark, and there are five.
            unsafe {
                let bytes = (0..).take_while(|at| *site.add(*at) != Self::MARK).count();
                let part = std::slice::from_raw_parts(site, bytes);
                site = site.add(bytes + 1);
                String::from_utf8_lossy(part)
            }
        });
        let mut numbers = span.split([':', '-']).map(|number| number.parse().unwrap_or(0));
        let span = [(); 4].map(|()| numbers.next().unwrap_or(0));
        Self { kind, message, file, function, span }
    }

    pub(crate) fn frame(&self) -> Frame {
        let [line, column, end_line, end_column] = self.span;
        let (file, function) = (self.file.to_string(), self.function.to_string());
        Frame { file, function, line, column, end_line, end_column }
    }

    fn raise(&self, message: String) {
        self.raise_of(&self.kind, message);
    }

    fn raise_of(&self, kind: &str, message: String) {
        swap_pending(Some(Box::new(Pending::new(kind, message, self.frame()))));
    }
}

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
    /// Whether the message is no text but the tuple of the exception's arguments, as `repr` writes it.
    pub has_arguments: bool,
    /// Where it came from, outermost call first, as Python prints it.
    pub traceback: Vec<Frame>,
    /// Frames left out of a very deep traceback, all after the first [`RaisedError::KEPT`].
    pub omitted: usize,
}

impl RaisedError {
    /// How many frames are kept at each end of a traceback.
    pub const KEPT: usize = 64;

    /// Ends the class of a site whose message is the exception's arguments.
    pub const WITH_ARGUMENTS: &str = "(...)";

    /// What `str` of the exception is: of one argument the argument, of several their tuple.
    #[must_use]
    pub fn text(&self) -> &str {
        let one = self.message.strip_prefix('(').and_then(|rest| rest.strip_suffix(",)"));
        one.filter(|_| self.has_arguments).unwrap_or(&self.message)
    }
}

impl std::fmt::Display for RaisedError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.kind)?;
        if self.text().is_empty() { Ok(()) } else { write!(f, ": {}", self.text()) }
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
        Self { inner: vec![frame], ..Self::without_place(kind, message) }
    }

    /// An error without a place: the frames of those who wait for it follow.
    pub(crate) fn without_place(kind: &str, message: String) -> Self {
        Self { kind: kind.to_owned(), message, inner: Vec::new(), outer: VecDeque::new(), omitted: 0 }
    }

    pub(crate) fn extend(&mut self, frame: Frame) {
        if self.inner.len() < RaisedError::KEPT {
            return self.inner.push(frame);
        }
        if self.outer.len() == RaisedError::KEPT {
            self.outer.pop_front();
            self.omitted += 1;
        }
        self.outer.push_back(frame);
    }

    pub(crate) fn finish(self) -> RaisedError {
        let traceback = self.outer.into_iter().rev().chain(self.inner.into_iter().rev()).collect();
        let plain = self.kind.strip_suffix(RaisedError::WITH_ARGUMENTS).map(str::to_owned);
        let has_arguments = plain.is_some();
        let kind = plain.unwrap_or(self.kind);
        RaisedError { kind, message: self.message, has_arguments, traceback, omitted: self.omitted }
    }
}

thread_local! {
    static PENDING: RefCell<Option<Box<Pending>>> = const { RefCell::new(None) };
}

/// Makes `KeyboardInterrupt` the thread's pending error, without a place.
pub(crate) fn raise_interrupt() {
    swap_pending(Some(Box::new(Pending::without_place("KeyboardInterrupt", String::new()))));
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
/// `site` points to an encoded site; `operands` to `count` operands, whose texts are readable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn numir_raise(site: *const u8, count: i64, operands: *const Operand) {
    // SAFETY: readable by the caller's promise.
    let (site, operands) = unsafe { (Site::decode(site), slice(operands, count)) };
    if site.kind == ARRAY_REFUSED {
        let extents: Vec<_> = operands.iter().map(|operand| operand.words[0] as i64).collect();
        let (kind, message) = refused(&site.message, &extents);
        return site.raise_of(kind, message);
    }
    // SAFETY: as above.
    let texts: Vec<_> = operands.iter().map(|operand| unsafe { operand_texts(operand) }).collect();
    site.raise(fill(&site.message, &texts));
}

/// Makes an index error pending. A site without a message speaks as NumPy; a message of its own is filled from index, axis
/// and size.
///
/// # Safety
/// `site` points to an encoded site.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn numir_raise_index(site: *const u8, index: i64, axis: i64, size: i64) {
    const NUMPY: &str = "index {} is out of bounds for axis {} with size {}";
    // SAFETY: readable by the caller's promise.
    let site = unsafe { Site::decode(site) };
    let operands = [index, axis, size].map(|value| [value.to_string(), value.to_string()]);
    site.raise(fill(if site.message.is_empty() { NUMPY } else { &site.message }, &operands));
}

/// Adds the site's frame, further out, to the pending error; without one there is nothing to add to.
///
/// # Safety
/// `site` points to an encoded site.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn numir_traceback(site: *const u8) {
    // SAFETY: readable by the caller's promise.
    let frame = unsafe { Site::decode(site) }.frame();
    PENDING.with(|slot| {
        if let Some(pending) = slot.borrow_mut().as_mut() {
            pending.extend(frame);
        }
    });
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

    fn site(kind: &'static str, message: &'static str) -> Site<'static> {
        let [kind, message, file, function] = [kind, message, "demo.py", "f"].map(Cow::from);
        Site { kind, message, file, function, span: [3, 5, 3, 9] }
    }

    #[test]
    fn sites_are_read_as_they_were_written() {
        for site in [site("ValueError", "süß: {}\0\n"), site("", "")] {
            let bytes = site.encode();
            // SAFETY: written by `encode`.
            assert_eq!(unsafe { Site::decode(bytes.as_ptr()) }, site);
        }
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
        unsafe { numir_raise(site.encode().as_ptr(), 3, operands.as_ptr()) };
        let error = take_pending_error().expect("raised");
        assert_eq!(error.to_string(), "ValueError: {-3} and 1e+16 for \"a'b\", {} {");
        assert_eq!((error.traceback[0].line, error.traceback[0].file.as_str()), (3, "demo.py"));
        assert_eq!(take_pending_error(), None);
    }

    #[test]
    fn without_operands_a_message_is_literal() {
        let site = site("KeyError", "{{}}");
        // SAFETY: everything is readable.
        unsafe { numir_raise(site.encode().as_ptr(), 0, std::ptr::null()) };
        assert_eq!(take_pending_error().expect("raised").message, "{{}}");
    }

    #[test]
    fn index_errors_speak_as_numpy() {
        let site = site("IndexError", "");
        // SAFETY: everything is readable.
        unsafe { numir_raise_index(site.encode().as_ptr(), 10, 0, 5) };
        let error = take_pending_error().expect("raised");
        assert_eq!(error.to_string(), "IndexError: index 10 is out of bounds for axis 0 with size 5");
    }

    #[test]
    fn deep_tracebacks_keep_both_ends() {
        let mut site = site("RecursionError", "maximum recursion depth exceeded");
        // SAFETY: everything is readable.
        unsafe { numir_raise(site.encode().as_ptr(), 0, std::ptr::null()) };
        for line in 0..1000 {
            site.span[0] = line;
            // SAFETY: as above.
            unsafe { numir_traceback(site.encode().as_ptr()) };
        }
        let error = take_pending_error().expect("raised");
        assert_eq!(error.traceback.len(), 2 * RaisedError::KEPT);
        assert_eq!(error.omitted, 1001 - 2 * RaisedError::KEPT);
        assert_eq!((error.traceback[0].line, error.traceback[2 * RaisedError::KEPT - 1].line), (999, 3));
    }
}
