//! Errors as the user sees them: a headline, the place in the source underlined, what would work. With colours for a
//! terminal, or plain.

use crate::error::Error;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use numir_frontend::Diagnostic;
use numir_pipeline::Place;
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;

/// An error of the compiler in full. What compiled code raised is shown without its traceback.
pub fn error(colored: bool, error: &Error) -> String {
    match error {
        Error::User(diagnostic) => self::diagnostic(colored, diagnostic),
        Error::Raised(raised) => format!("{}: {}\n", raised.kind, raised.text()),
        Error::Input(input) => {
            let mut out = match &input.place {
                Some(place) => placed(colored, Level::ERROR, &input.message, place, &input.file, None),
                None => headline(colored, "error", &format!("{}: {}", input.file, input.message), None),
            };
            for (place, note) in &input.notes {
                match place {
                    Some(place) => out.push_str(&placed(colored, Level::NOTE, note, place, &input.file, None)),
                    None => out.push_str(&title(colored, Level::NOTE, note)),
                }
            }
            out
        }
        Error::Target(message) | Error::Pass(message) => headline(colored, "error", message, None),
        Error::Numir(bug) => {
            let message = format!("numir failed: {}", bug.message);
            let help = "this is a bug in numir: please report it with the program";
            let mut out = match &bug.place {
                Some(place) => placed(colored, Level::ERROR, &message, place, &place.file, Some(help)),
                None => headline(colored, "error", &message, Some(help)),
            };
            if let Some(reproducer) = &bug.reproducer {
                let path = std::env::temp_dir().join(format!("numir-reproducer-{}.mlir", std::process::id()));
                if std::fs::write(&path, reproducer).is_ok() {
                    let _ = writeln!(out, "A reproducer for `numir-opt --run-reproducer` is at {}", path.display());
                }
            }
            out
        }
    }
}

fn renderer(colored: bool) -> Renderer {
    if colored { Renderer::styled() } else { Renderer::plain() }
}

fn title(colored: bool, level: Level<'_>, message: &str) -> String {
    renderer(colored).render(&[Group::with_title(level.primary_title(message))]) + "\n"
}

/// A headline, and what would work, as an error is shown.
pub fn headline(colored: bool, kind: &str, message: &str, help: Option<&str>) -> String {
    let mut group = Group::with_title(Level::ERROR.with_name(kind).primary_title(message));
    if let Some(help) = help {
        group = group.element(Level::HELP.message(help));
    }
    renderer(colored).render(&[group]) + "\n"
}

/// A message at a place in a file that is read again for it; of a file that is gone only the name and the line are shown.
fn placed(colored: bool, level: Level<'_>, message: &str, place: &Place, file: &str, help: Option<&str>) -> String {
    // MLIR calls a text without a name `-`.
    let name = if place.file == "-" { file } else { &place.file };
    // What is no text (bytecode, or anything at all) is not shown.
    let source = std::fs::read_to_string(name).ok().filter(|source| !source.contains('\0'));
    let span = source.as_ref().and_then(|source| span_of(source, place));
    let mut group = Group::with_title(level.primary_title(message));
    group = match (&source, span) {
        (Some(source), Some(span)) => {
            group.element(Snippet::source(source).path(name).annotation(AnnotationKind::Primary.span(span)))
        }
        _ => group.element(Origin::path(name).line(place.line as usize).char_column(place.column as usize)),
    };
    if let Some(help) = help {
        group = group.element(Level::HELP.message(help));
    }
    renderer(colored).render(&[group]) + "\n"
}

/// The bytes of a place, whose columns count bytes: to its end, or to the end of the word that it starts.
fn span_of(source: &str, place: &Place) -> Option<Range<usize>> {
    let offset = |line: u32, column: u32| {
        let lines = source.split_inclusive('\n');
        let before: usize = lines.clone().take(line.checked_sub(1)? as usize).map(str::len).sum();
        let length = lines.clone().nth(line as usize - 1)?.trim_end_matches('\n').len();
        let at = before + length.min(column.saturating_sub(1) as usize);
        (0..=at).rev().find(|at| source.is_char_boundary(*at))
    };
    let start = offset(place.line, place.column)?;
    let word = source[start..].find(|character: char| !character.is_alphanumeric() && !"_.%@".contains(character));
    let end = match place.end {
        Some((line, column)) => offset(line, column)?,
        None => start + word.unwrap_or(source.len() - start).max(1),
    };
    Some(start..end.clamp(start, source.len()))
}

/// An error of the front end, with every place it names.
fn diagnostic(colored: bool, diagnostic: &Diagnostic) -> String {
    let title = Level::ERROR.with_name(diagnostic.kind.name()).primary_title(&diagnostic.message);
    let mut group = Group::with_title(title);
    let mut files = Vec::new();
    for label in &diagnostic.labels {
        if !files.iter().any(|file| Arc::ptr_eq(file, &label.span.source)) {
            files.push(label.span.source.clone());
        }
    }
    for (index, file) in files.iter().enumerate() {
        let mut snippet = Snippet::source(file.text.as_str()).path(file.path.to_string_lossy());
        let labels = diagnostic.labels.iter().enumerate().filter(|(_, label)| Arc::ptr_eq(&label.span.source, file));
        for (number, label) in labels {
            let kind = if number == 0 && index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
            let end = label.span.end.min(file.text.len());
            let mut annotation = kind.span(label.span.start.min(end)..end);
            if !label.text.is_empty() {
                annotation = annotation.label(&label.text);
            }
            snippet = snippet.annotation(annotation);
        }
        group = group.element(snippet);
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help));
    }
    renderer(colored).render(&[group]) + "\n"
}
