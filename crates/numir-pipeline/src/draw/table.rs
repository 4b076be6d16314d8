//! The schedule as a table for the terminal.

use super::{bands, list, summary};
use crate::pass::Anchor;
use crate::schedule::{Schedule, Step};
use std::fmt::Write;

/// A table: number, `+` for optional, name, anchor, what the pass requires → establishes, and what it ends.
pub fn table(title: &str, schedule: &Schedule) -> String {
    let width = |text: &dyn Fn(&Step) -> usize| schedule.steps.iter().map(text).max().unwrap_or(0);
    let name_width = width(&|step| step.entry.name().len());
    let requires_width = width(&|step| list(step.entry.requires()).len());
    let mut text = format!("{title}: {} (+)\n", summary(schedule));
    for band in bands(schedule) {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "\n{}", band.name);
        for index in band.steps {
            let step = &schedule.steps[index];
            let anchor = match step.entry.anchor() {
                Anchor::Module => "module",
                Anchor::Function => "func",
                Anchor::Operation(name) => name,
            };
            let (mark, name) = (if step.optional { '+' } else { ' ' }, step.entry.name());
            let (requires, establishes) = (list(step.entry.requires()), list(step.entry.establishes()));
            let row = format!(
                "{:>4} {mark} {name:name_width$}  {anchor:6}  {requires:>requires_width$} → {establishes}",
                index + 1
            );
            let ends = list(step.entry.invalidates());
            let ends = if ends.is_empty() { ends } else { format!("  (ends {ends})") };
            let again = if step.again { "  (again)" } else { "" };
            let _ = writeln!(text, "{}{ends}{again}", row.trim_end());
        }
    }
    for left in &schedule.left_out {
        let _ = writeln!(text, "\nleft out: {}: {}", left.property, left.reason);
    }
    text
}
