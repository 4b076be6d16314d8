//! Schedules as pictures: a table for the terminal, dot, mermaid, and svg with a layout of our own.
//!
//! All four show the same: the steps in bands, one band per stage, and an arrow from each step to those that require what it
//! establishes. Stages themselves are bands and no arrows, since every pass of a band requires its stage.

mod dot;
mod layout;
mod mermaid;
mod svg;
mod table;

pub use dot::dot;
pub use mermaid::mermaid;
pub use svg::svg;
pub use table::table;

use crate::property::{Kind, Property};
use crate::schedule::{Schedule, Step, stage_in};
use petgraph::algo::has_path_connecting;
use petgraph::graph::{DiGraph, NodeIndex};
use std::collections::BTreeMap;

/// Neighbouring steps that begin at the same stage, or between the same two stages.
struct Band {
    /// The stage; `to llvm` between two stages.
    name: String,
    /// The numbers of its steps, from 0.
    steps: std::ops::Range<usize>,
}

/// Why one step comes after another.
struct Arrow {
    from: usize,
    to: usize,
    /// What the first establishes and the second requires.
    properties: Vec<Property>,
}

/// The steps by stages; the last band is empty where the last step reaches a stage.
fn bands(schedule: &Schedule) -> Vec<Band> {
    let stage = |index: usize| match index {
        0 => stage_in(&schedule.start),
        _ => schedule.steps[index - 1].stage(),
    };
    let mut bands: Vec<Band> = Vec::new();
    for index in 0..=schedule.steps.len() {
        let name = match (stage(index), (index + 1..=schedule.steps.len()).find_map(stage)) {
            (Some(stage), _) => stage.name().to_owned(),
            (None, Some(next)) => format!("to {}", next.name()),
            (None, None) => "no stage".to_owned(),
        };
        let end = (index + 1).min(schedule.steps.len());
        match bands.last_mut() {
            Some(band) if band.name == name => band.steps.end = end,
            _ if index == schedule.steps.len() && stage(index).is_none() => {}
            _ => bands.push(Band { name, steps: index..end }),
        }
    }
    bands
}

/// From the last step that established a property to each that requires it, stages left out.
fn arrows(schedule: &Schedule) -> Vec<Arrow> {
    let mut arrows: BTreeMap<(usize, usize), Vec<Property>> = BTreeMap::new();
    for (to, step) in schedule.steps.iter().enumerate() {
        for property in step.entry.requires().iter().filter(|property| property.kind() != Kind::Stage) {
            let gives = |earlier: &Step| earlier.entry.establishes().contains(property);
            let all = property.kind() == Kind::Shared;
            let givers = (0..to).rev().filter(|from| gives(&schedule.steps[*from]));
            for from in givers.take(if all { usize::MAX } else { 1 }) {
                arrows.entry((from, to)).or_default().push(*property);
            }
        }
    }
    arrows.into_iter().map(|((from, to), properties)| Arrow { from, to, properties }).collect()
}

/// Without the arrows that a detour over others says too; a picture with all of them hides the way.
fn reduced(arrows: Vec<Arrow>) -> Vec<Arrow> {
    let mut graph: DiGraph<(), ()> = DiGraph::new();
    let count = arrows.iter().map(|arrow| arrow.to + 1).max().unwrap_or(0);
    (0..count).for_each(|_| {
        graph.add_node(());
    });
    arrows.iter().for_each(|arrow| {
        graph.add_edge(NodeIndex::new(arrow.from), NodeIndex::new(arrow.to), ());
    });
    let detour = |arrow: &Arrow| {
        let end = NodeIndex::new(arrow.to);
        let mut next = graph.neighbors(NodeIndex::new(arrow.from));
        next.any(|next| next != end && has_path_connecting(&graph, next, end, None))
    };
    let keep: Vec<bool> = arrows.iter().map(|arrow| !detour(arrow)).collect();
    arrows.into_iter().zip(keep).filter_map(|(arrow, keep)| keep.then_some(arrow)).collect()
}

/// The pairs of steps whose order is fixed because the second ends what the first requires or establishes, or establishes
/// what the first ends.
fn orders(schedule: &Schedule) -> Vec<(usize, usize)> {
    let steps = &schedule.steps;
    let before = |index: usize| if index == 0 { &schedule.start } else { &steps[index - 1].holds };
    let ends = |index: usize, property: &Property| {
        let lost = before(index).contains(property) && !steps[index].holds.contains(property);
        lost || steps[index].entry.invalidates().contains(property)
    };
    let pair = |from: usize, to: usize| {
        let (first, second) = (steps[from].entry, steps[to].entry);
        let needed = first.requires().iter().chain(first.establishes()).any(|property| ends(to, property));
        needed || second.establishes().iter().any(|property| ends(from, property))
    };
    let all = (0..steps.len()).flat_map(|to| (0..to).map(move |from| (from, to)));
    all.filter(|(from, to)| pair(*from, *to)).collect()
}

fn list(properties: &[Property]) -> String {
    properties.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// What a step establishes, the stage apart.
fn gives(step: &Step) -> (Option<Property>, Vec<Property>) {
    let (stages, others): (Vec<_>, Vec<_>) =
        step.entry.establishes().iter().partition(|property| property.kind() == Kind::Stage);
    (stages.first().copied(), others)
}

/// `a → b, 5 passes, 2 of them optional`.
fn summary(schedule: &Schedule) -> String {
    let optional = schedule.optional_steps().count();
    let properties = |set: &std::collections::BTreeSet<Property>| list(&set.iter().copied().collect::<Vec<_>>());
    let count = schedule.steps.len();
    let plural = if count == 1 { "" } else { "es" };
    format!(
        "{} → {}, {count} pass{plural}, {optional} optional",
        properties(&schedule.start),
        properties(&schedule.reach)
    )
}
