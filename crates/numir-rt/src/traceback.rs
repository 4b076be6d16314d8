//! An exception that left compiled code, as Python prints it: outermost call first, what repeats only once, the rest in at
//! most a screenful.

use numir_runtime::{Frame, RaisedError};
use std::collections::HashMap;
use std::fmt::Write as _;

/// The longest cycle of calls that is recognised as such.
const LONGEST_CYCLE: usize = 8;
/// How many frames are shown at the outer and at the inner end, if there are too many.
const ENDS: (usize, usize) = (4, 8);

/// A line of the traceback with what belongs to it, or a remark about lines that are not shown.
enum Entry<'a> {
    Frame(&'a Frame),
    Remark(String),
}

/// The traceback and the exception.
pub fn text(error: &RaisedError) -> String {
    let mut entries = entries(error);
    let frames = entries.iter().filter(|entry| matches!(entry, Entry::Frame(_))).count();
    if frames > ENDS.0 + ENDS.1 + 1 {
        let end = entries.len() - ENDS.1;
        let left_out = frames - ENDS.0 - ENDS.1;
        entries.splice(ENDS.0..end, [Entry::Remark(format!("[{left_out} more frames]"))]);
    }
    let mut out = String::new();
    if !entries.is_empty() {
        out.push_str("Traceback (most recent call last):\n");
    }
    let mut sources = HashMap::new();
    for entry in entries {
        match entry {
            Entry::Frame(frame) => push_frame(&mut out, frame, &mut sources),
            Entry::Remark(text) => out.extend(["  ", &text, "\n"]),
        }
    }
    // Writing to a String cannot fail.
    let _ = match error.text() {
        "" => writeln!(out, "{}", error.kind),
        message => writeln!(out, "{}: {message}", error.kind),
    };
    out
}

fn entries(error: &RaisedError) -> Vec<Entry<'_>> {
    let frames = error.traceback.as_slice();
    let mut entries = Vec::new();
    let mut start = 0;
    while start < frames.len() {
        let (cycle, times) = repeated(&frames[start..]);
        let end = start + cycle * times;
        // One call that repeats is shown three times, as Python does; a longer cycle once.
        let shown = if cycle == 1 { times.min(3) } else { 1 };
        entries.extend(frames[start..start + shown * cycle].iter().map(Entry::Frame));
        // What was left out in the midst of a cycle belongs to it.
        let inside = start < RaisedError::KEPT && RaisedError::KEPT < end;
        let more = times - shown + if inside { error.omitted / cycle } else { 0 };
        if more > 0 {
            let lines = if cycle == 1 { "line".to_owned() } else { format!("{cycle} lines") };
            let s = if more == 1 { "" } else { "s" };
            entries.push(Entry::Remark(format!("[Previous {lines} repeated {more} more time{s}]")));
        }
        if end == RaisedError::KEPT && error.omitted > 0 {
            entries.push(Entry::Remark(format!("[{} more frames]", error.omitted)));
        }
        start = end;
    }
    entries
}

/// The shortest cycle that the frames begin with, and how often it occurs in a row; a single frame if there is none.
fn repeated(frames: &[Frame]) -> (usize, usize) {
    for cycle in 1..=LONGEST_CYCLE.min(frames.len()) {
        let blocks = frames.chunks_exact(cycle);
        let times = blocks.take_while(|block| *block == &frames[..cycle]).count();
        if times >= 3 {
            return (cycle, times);
        }
    }
    (1, 1)
}

/// One line of a traceback with its source, underlined where the place is a part of the line.
fn push_frame(out: &mut String, frame: &Frame, sources: &mut HashMap<String, Option<String>>) {
    let _ = writeln!(out, "  File \"{}\", line {}, in {}", frame.file, frame.line, frame.function);
    let source = sources.entry(frame.file.clone()).or_insert_with(|| std::fs::read_to_string(&frame.file).ok());
    let line = source.as_ref().and_then(|source| source.lines().nth((frame.line as usize).checked_sub(1)?));
    let Some(line) = line.filter(|line| !line.trim().is_empty()) else { return };
    let text = line.trim();
    let _ = writeln!(out, "    {text}");
    let indent = line.chars().take_while(|character| character.is_whitespace()).count();
    let start = (frame.column as usize).saturating_sub(1 + indent);
    let length = text.chars().count();
    let end = if frame.end_line > frame.line { length } else { (frame.end_column as usize).saturating_sub(1 + indent) };
    let end = end.min(length);
    if start < end && (start > 0 || end < length) {
        let _ = writeln!(out, "    {}{}", " ".repeat(start), "^".repeat(end - start));
    }
}
