//! The schedule in Mermaid's language, which GitHub draws.

use super::{arrows, bands, gives, list};
use crate::schedule::Schedule;
use std::fmt::Write;

/// A `flowchart`.
pub fn mermaid(title: &str, schedule: &Schedule) -> String {
    let mut text = format!("---\ntitle: \"{}\"\n---\nflowchart LR\n", escaped(title));
    let bands = bands(schedule);
    for (number, band) in bands.iter().enumerate() {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  subgraph b{number} [\"{}\"]", escaped(&band.name));
        if band.steps.is_empty() {
            let _ = writeln!(text, "    end{number}((\" \"))");
        }
        for index in band.steps.clone() {
            let step = &schedule.steps[index];
            let label = format!("{} {}", index + 1, escaped(step.entry.name()));
            let _ = match step.optional {
                true => writeln!(text, "    s{index}([\"{label}\"]):::optional"),
                false => writeln!(text, "    s{index}[\"{label}\"]"),
            };
        }
        text.push_str("  end\n");
    }
    for arrow in arrows(schedule) {
        let _ = writeln!(text, "  s{} -- \"{}\" --> s{}", arrow.from, escaped(&list(&arrow.properties)), arrow.to);
    }
    for (index, step) in schedule.steps.iter().enumerate() {
        let Some(stage) = gives(step).0 else { continue };
        if let Some(number) = bands.iter().position(|band| band.name == stage.name()) {
            let _ = writeln!(text, "  s{index} == \"{stage}\" ==> b{number}");
        }
    }
    text.push_str("  classDef optional stroke-dasharray: 4 3\n");
    text
}

fn escaped(text: &str) -> String {
    text.replace('"', "#quot;")
}
