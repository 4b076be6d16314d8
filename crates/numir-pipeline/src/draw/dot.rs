//! The schedule in Graphviz's language.

use super::{arrows, bands, gives, list, summary};
use crate::schedule::Schedule;
use std::fmt::Write;

/// A `digraph`, for `dot -Tsvg`.
pub fn dot(title: &str, schedule: &Schedule) -> String {
    let mut text = String::from("digraph schedule {\n");
    // Writing to a string cannot fail.
    let _ = writeln!(text, "  label={};", quoted(&format!("{title}: {}", summary(schedule))));
    text.push_str("  labelloc=t; rankdir=LR; compound=true;\n");
    text.push_str("  node [shape=box, fontname=\"sans-serif\", fontsize=11];\n");
    text.push_str("  edge [fontname=\"sans-serif\", fontsize=9, color=\"#667085\"];\n");
    let bands = bands(schedule);
    for (number, band) in bands.iter().enumerate() {
        let _ = writeln!(text, "  subgraph cluster_{number} {{\n    label={};", quoted(&band.name));
        if band.steps.is_empty() {
            let _ = writeln!(text, "    end{number} [label=\"\", shape=point];");
        }
        for index in band.steps.clone() {
            let step = &schedule.steps[index];
            let style = if step.optional { ", style=\"rounded,dashed\"" } else { "" };
            let label = quoted(&format!("{}  {}", index + 1, step.entry.name()));
            let _ = writeln!(text, "    s{index} [label={label}, tooltip={}{style}];", quoted(step.entry.summary()));
        }
        text.push_str("  }\n");
    }
    for arrow in arrows(schedule) {
        let _ = writeln!(text, "  s{} -> s{} [label={}];", arrow.from, arrow.to, quoted(&list(&arrow.properties)));
    }
    // The step that enters a stage points at the stage.
    for (index, step) in schedule.steps.iter().enumerate() {
        let Some(stage) = gives(step).0 else { continue };
        let entered = bands.iter().enumerate().find(|(_, band)| band.name == stage.name());
        if let Some((number, band)) = entered {
            let end = if band.steps.is_empty() { format!("end{number}") } else { format!("s{}", band.steps.start) };
            let style = format!("lhead=cluster_{number}, style=bold, label={}", quoted(&stage.to_string()));
            let _ = writeln!(text, "  s{index} -> {end} [{style}];");
        }
    }
    text.push_str("}\n");
    text
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
