//! What a function returned, on the terminal.

use crate::numbers::real_numbers;
use numir::{Array, Phases, Remark, Value};
use numir_runtime::Number;
use numir_runtime::array::shape_text;
use numir_runtime::dtype::Kind;
use std::time::Duration;

/// The text of a result: as Python prints it; nothing for None; for an array a summary and then its items.
pub fn result(value: &Value) -> String {
    match value {
        Value::None => String::new(),
        Value::Array(array) => format!("{}{array}\n", summary(array)),
        other => format!("{other}\n"),
    }
}

fn summary(array: &Array) -> String {
    let mut out = format!("{} array of shape {}", array.dtype(), shape_text(array.shape()));
    let values = if array.dtype().kind() == Kind::Complex { Vec::new() } else { real_numbers(array) };
    let known = values.iter().enumerate().filter(|(_, value)| !value.is_nan());
    let smallest = known.clone().min_by(|left, right| left.1.total_cmp(right.1));
    let largest = known.max_by(|left, right| left.1.total_cmp(right.1));
    if let (Some((low, _)), Some((high, _)), true) = (smallest, largest, values.len() > 1) {
        let count = values.iter().filter(|value| !value.is_nan()).count();
        let mean = values.iter().filter(|value| !value.is_nan()).sum::<f64>() / count as f64;
        let [low, high] = [low, high].map(|place| item(array, place));
        out.push_str(&format!(", min {low}, max {high}, mean {}", shortened(mean)));
        if count < values.len() {
            out.push_str(&format!(", {} of {} items are nan", values.len() - count, values.len()));
        }
    }
    out + "\n"
}

/// What the passes said, by line: where, whether it was done, what, and which pass it was.
pub fn remarks(remarks: &[Remark]) -> String {
    let mut lines: Vec<_> = remarks
        .iter()
        .filter_map(|remark| {
            let place = remark.places.first()?;
            let text = format!("{place}: {}: {} [{}]\n", remark.kind.name(), remark.text, remark.pass);
            Some((place.file.clone(), place.line, text))
        })
        .collect();
    lines.sort();
    lines.dedup();
    lines.into_iter().map(|(_, _, text)| text).collect()
}

/// The text of the item at a place in C order.
fn item(array: &Array, mut place: usize) -> String {
    let mut index: Vec<usize> = array
        .shape()
        .iter()
        .rev()
        .map(|extent| {
            let at = place % extent;
            place /= extent;
            at
        })
        .collect();
    index.reverse();
    match array.get(&index).map(numir_runtime::Scalar::number) {
        Some(Number::Bool(value)) => Value::Bool(value).to_string(),
        Some(Number::Int(value)) => value.to_string(),
        Some(Number::UInt(value)) => value.to_string(),
        Some(Number::Float(value)) => shortened(value),
        _ => String::new(),
    }
}

/// A number in six significant digits.
fn shortened(value: f64) -> String {
    let rounded = format!("{value:.5e}").parse().unwrap_or(value);
    Value::Float(rounded).to_string()
}

/// How long the steps took.
pub fn timing(phases: &Phases) -> String {
    let total: Duration = phases.steps().filter(|(name, _)| !name.starts_with(' ')).map(|(_, time)| time).sum();
    let row = |name: &str, time: Duration| format!("{:>10.3} ms  {name}\n", time.as_secs_f64() * 1e3);
    phases.steps().map(|(name, time)| row(name, time)).chain([row("in all", total)]).collect()
}
