//! Arrays as NumPy prints them: aligned columns, wrapped lines, `...` inside large ones.

use super::column::Column;
use crate::array::{Array, shape_text};
use crate::dtype::DType;

/// Items above which an array is summarised.
const THRESHOLD: usize = 1000;
/// Items kept at each end of an axis of a summary.
const EDGE: usize = 3;
/// Characters per line.
const WIDTH: usize = 75;

/// `str(array)`.
#[must_use]
pub fn array_str(array: &Array) -> String {
    match array.get(&[]) {
        // Without axes it prints as its item.
        Some(item) => {
            let mut out = String::new();
            super::push_scalar(&mut out, item, super::Style::Str);
            out
        }
        None => body(array, " ", 0, 0),
    }
}

/// `repr(array)`.
#[must_use]
pub fn array_repr(array: &Array) -> String {
    const PREFIX: &str = "array(";
    let mut text = PREFIX.to_owned() + &body(array, ", ", PREFIX.len(), 1);
    let mut extras = Vec::new();
    if array.is_empty() && array.shape() != [0] || array.len() > THRESHOLD {
        extras.push(format!("shape={}", shape_text(array.shape())));
    }
    let implied = [DType::Bool, DType::Int64, DType::Float64, DType::Complex128].contains(&array.dtype());
    if !implied || array.is_empty() {
        extras.push(format!("dtype={}", array.dtype()));
    }
    if !extras.is_empty() {
        let extras = extras.join(", ");
        text.push(',');
        let last_line = text.len() - text.rfind('\n').map_or(0, |at| at + 1);
        // The closing parenthesis and the space count.
        let fits = last_line + extras.len() + 2 <= WIDTH;
        text += &if fits { " ".to_owned() } else { format!("\n{}", " ".repeat(PREFIX.len())) };
        text += &extras;
    }
    text + ")"
}

/// The brackets and items; `prefix` characters stand in front of them and `suffix` behind.
fn body(array: &Array, separator: &str, prefix: usize, suffix: usize) -> String {
    if array.is_empty() {
        return "[]".to_owned();
    }
    let summary = array.len() > THRESHOLD;
    let kept = |extent: &usize| -> Vec<usize> {
        if summary && *extent > 2 * EDGE {
            (0..EDGE).chain(extent - EDGE..*extent).collect()
        } else {
            (0..*extent).collect()
        }
    };
    let axes: Vec<_> = array.shape().iter().map(kept).collect();
    let mut items = Vec::new();
    for_each_index(&axes, &mut Vec::new(), &mut |index| items.extend(array.get(index)));
    let printer = Printer { array, axes, separator, column: Column::new(&items, array.rank() == 0) };
    printer.text(&mut Vec::new(), prefix + 1, (WIDTH - suffix) as isize)
}

fn for_each_index(axes: &[Vec<usize>], index: &mut Vec<usize>, visit: &mut impl FnMut(&[usize])) {
    let Some(axis) = axes.get(index.len()) else { return visit(index) };
    for at in axis {
        index.push(*at);
        for_each_index(axes, index, visit);
        index.pop();
    }
}

struct Printer<'a> {
    array: &'a Array,
    /// The indices shown, per axis.
    axes: Vec<Vec<usize>>,
    separator: &'a str,
    column: Column,
}

impl Printer<'_> {
    /// The text of the part of the array at an index prefix, its later lines indented, within `width` characters.
    fn text(&self, index: &mut Vec<usize>, indent: usize, width: isize) -> String {
        let axis = index.len();
        let Some(shown) = self.axes.get(axis) else {
            return self.array.get(index).map(|item| self.column.text(item)).unwrap_or_default();
        };
        let mut words = Vec::new();
        for at in shown {
            if *at > 0 && words.len() == EDGE && shown.len() < self.array.shape()[axis] {
                words.push("...".to_owned());
            }
            index.push(*at);
            words.push(self.text(index, indent + 1, width - 1));
            index.pop();
        }
        let axes_left = self.array.rank() - axis;
        let margin = " ".repeat(indent);
        if axes_left == 1 {
            return format!("[{}]", self.wrap(&words, &margin, width - 1));
        }
        let line_end = self.separator.trim_end().to_owned() + &"\n".repeat(axes_left - 1) + &margin;
        format!("[{}]", words.join(&line_end))
    }

    /// Words in lines of `width` characters, of which the margin takes its part; the first line comes without its margin.
    fn wrap(&self, words: &[String], margin: &str, width: isize) -> String {
        let mut out = String::new();
        let mut line = margin.to_owned();
        for (at, word) in words.iter().enumerate() {
            if at > 0 {
                line += self.separator;
            }
            if (line.len() + word.len()) as isize > width && line.len() > margin.len() {
                out += line.trim_end();
                out.push('\n');
                line = margin.to_owned();
            }
            line += word;
        }
        out += &line;
        out.split_off(margin.len())
    }
}
