//! What LLVM's vectoriser says of loops. LLVM makes remarks only where its command line asks for them; it is set when they are
//! first wanted, and what later compilations say is dropped with their contexts.

use llvm_sys::support::LLVMParseCommandLineOptions;
use std::ffi::CStr;
use std::ptr;
use std::sync::Once;

/// LLVM's name of the pass whose remarks are wanted.
const PASS: &str = "loop-vectorize";

/// Something that LLVM did to a loop, or could not do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// LLVM's name of the pass.
    pub pass: &'static str,
    /// Whether it was done.
    pub done: bool,
    /// The file, as the debug information names it.
    pub file: String,
    /// The line of the loop.
    pub line: u32,
    /// The column.
    pub column: u32,
    /// What.
    pub text: String,
}

/// From now on LLVM makes remarks.
pub(crate) fn enable() {
    static ENABLED: Once = Once::new();
    const ARGUMENTS: [&CStr; 4] = [
        c"numir",
        c"-pass-remarks=loop-vectorize",
        c"-pass-remarks-missed=loop-vectorize",
        c"-pass-remarks-analysis=loop-vectorize",
    ];
    ENABLED.call_once(|| {
        let arguments = ARGUMENTS.map(CStr::as_ptr);
        // SAFETY: as many C strings as is said, which LLVM copies.
        unsafe { LLVMParseCommandLineOptions(arguments.len() as i32, arguments.as_ptr(), ptr::null()) }
    });
}

/// A remark from LLVM's text `file:line:column: message`; None where it is no loop's of the source, or of no interest.
pub(crate) fn read(text: &str) -> Option<Said> {
    const DONE: [&str; 2] = ["vectorized loop", "interleaved loop"];
    const MISSED: &str = "loop not vectorized";
    let (place, message) = text.split_once(": ")?;
    let (place, column) = place.rsplit_once(':')?;
    let (file, line) = place.rsplit_once(':')?;
    let line = line.parse().ok().filter(|line| *line > 0)?;
    let done = DONE.iter().any(|start| message.starts_with(start));
    if !done && !message.starts_with(MISSED) {
        return None;
    }
    let column = column.parse().unwrap_or(0);
    Some(Said { pass: PASS, done, file: file.to_owned(), line, column, text: message.trim().to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_are_read_from_their_text() {
        let said =
            read("a b.py:12:5: vectorized loop (vectorization width: 4, interleaved count: 4)").expect("a remark");
        assert_eq!((said.file.as_str(), said.line, said.column, said.done), ("a b.py", 12, 5, true));
        assert!(!read("a.py:3:1: loop not vectorized: value used outside").expect("a remark").done);
        assert_eq!(read("<unknown>:0:0: loop not vectorized"), None);
        assert_eq!(read("a.py:3:1: the cost model says no"), None);
    }
}
