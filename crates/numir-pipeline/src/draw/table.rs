//! The schedule as a table for the terminal.

use super::{bands, list, summary};
use crate::pass::Anchor;
use crate::schedule::{Schedule, Step};
use std::fmt::Write;

/// What a pass requires is wrapped at this width.
const WRAP: usize = 40;

/// A table: number, `+` for optional, name, anchor, what the pass requires → establishes, and what it ends.
pub fn table(title: &str, schedule: &Schedule) -> String {
    let widest = |width: &dyn Fn(&Step) -> usize| schedule.steps.iter().map(width).max().unwrap_or(0);
    let names = widest(&|step| step.entry.name().len());
    let requirements = widest(&|step| wrapped(&list(step.entry.requires())).iter().map(String::len).max().unwrap_or(0));
    let mut text = format!("{title}: {} (+)\n", summary(schedule));
    for band in bands(schedule) {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "\n{}", band.name);
        for index in band.steps {
            let step = &schedule.steps[index];
            let (mark, name) = (if step.optional { '+' } else { ' ' }, step.entry.name());
            let head = format!("{:>4} {mark} {name:names$}  {:6}", index + 1, anchor(step));
            let again = if step.again { "  (again)" } else { "" };
            let ends = list(step.entry.invalidates());
            let ends = if ends.is_empty() { ends } else { format!("  (ends {ends})") };
            let establishes = list(step.entry.establishes());
            for (row, requires) in wrapped(&list(step.entry.requires())).iter().enumerate() {
                let line = match row {
                    0 => format!("{head}  {requires:>requirements$} → {establishes}{ends}{again}"),
                    _ => format!("{:width$}  {requires:>requirements$}", "", width = head.len()),
                };
                let _ = writeln!(text, "{}", line.trim_end());
            }
        }
    }
    for (number, left) in schedule.left_out.iter().enumerate() {
        let _ = writeln!(text, "{}left out: {}", if number == 0 { "\n" } else { "" }, left.reason);
    }
    text
}

fn anchor(step: &Step) -> &'static str {
    match step.entry.anchor() {
        Anchor::Module => "module",
        Anchor::Function => "func",
        Anchor::Operation(name) => name,
    }
}

/// The parts of a list, joined to lines no longer than they must be; one line at least.
fn wrapped(list: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for part in list.split_inclusive(", ") {
        match lines.last_mut() {
            Some(line) if line.is_empty() || line.len() + part.trim_end().len() <= WRAP => line.push_str(part),
            _ => lines.push(part.to_owned()),
        }
    }
    lines.iter().map(|line| line.trim_end().to_owned()).collect()
}
