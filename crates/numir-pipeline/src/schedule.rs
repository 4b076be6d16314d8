//! The scheduler: from registered passes, a start and a goal to an ordered, nested, textual pipeline.
//!
//! 1. `select` takes the passes that the goal needs, and those that a wanted property needs, and no others.
//! 2. `graph` says who comes before whom: providers before users, users before who invalidates, hints where nothing contradicts.
//! 3. `order` makes one line of it, always the same for the same set of passes, keeping passes with one anchor together.
//! 4. `replay` follows the properties along the line and runs a provider again where its property was lost.

mod error;
mod graph;
mod order;
mod replay;
mod select;

pub use error::{Blocked, Link, Need, Obstacle, ScheduleError};

use crate::pass::Anchor;
use crate::property::Property;
use crate::registry::{Entry, Registry};
use crate::stages::Stage;
use std::collections::{BTreeMap, BTreeSet};

/// What to schedule.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// What holds at the start.
    pub start: BTreeSet<Property>,
    /// What must hold at the end.
    pub reach: BTreeSet<Property>,
    /// What is to be established on the way, where that is possible. Passes taken for these alone are optional.
    pub wanted: BTreeSet<Property>,
    /// Names of passes that must not be taken.
    pub without: BTreeSet<String>,
    /// Options by pass, written as in a pipeline: `limit=4 deep=true`.
    pub options: BTreeMap<String, String>,
}

impl Request {
    /// The same, starting with a module of which nothing is known but that it keeps a stage's promise.
    pub fn from_stage(mut self, stage: &Stage) -> Self {
        self.start = stage.implies.iter().copied().chain([stage.property]).collect();
        self
    }

    /// Makes the schedule.
    pub fn schedule(&self, registry: &Registry) -> Result<Schedule, ScheduleError> {
        let selection = select::select(self, registry)?;
        let graph = graph::build(self, &selection)?;
        let line = order::line(&graph, &selection);
        replay::replay(self, &selection, &line)
    }
}

/// One run of one pass.
#[derive(Clone)]
pub struct Step {
    /// The pass.
    pub entry: Entry,
    /// Its options, as in a pipeline; empty for the defaults.
    pub options: String,
    /// Whether the goal could be reached without it.
    pub optional: bool,
    /// Whether it ran before and runs again because what it establishes was lost.
    pub again: bool,
    /// What holds after it.
    pub holds: BTreeSet<Property>,
}

impl Step {
    /// What is written into a pipeline.
    pub fn element(&self) -> String {
        match self.options.as_str() {
            "" => self.entry.element().to_owned(),
            options => format!("{}{{{options}}}", self.entry.element()),
        }
    }

    /// The stage that the module is at after it, if it is at one.
    pub fn stage(&self) -> Option<Property> {
        stage_in(&self.holds)
    }
}

/// The stage among these properties.
pub(crate) fn stage_in(holds: &BTreeSet<Property>) -> Option<Property> {
    holds.iter().copied().find(|property| property.kind() == crate::property::Kind::Stage)
}

/// A wanted property that was left out, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The property.
    pub property: Property,
    /// Why nothing can establish it here.
    pub reason: ScheduleError,
}

/// Passes in order.
#[derive(Clone)]
pub struct Schedule {
    /// The steps, first to last.
    pub steps: Vec<Step>,
    /// What holds before the first.
    pub start: BTreeSet<Property>,
    /// What was asked to hold at the end.
    pub reach: BTreeSet<Property>,
    /// What was wanted and is left out.
    pub left_out: Vec<LeftOut>,
}

impl Schedule {
    /// The part that ends where `stage` last holds, all work on that stage done; None if it is never reached.
    pub fn until(mut self, stage: Property) -> Option<Self> {
        let length = match self.steps.iter().rposition(|step| step.holds.contains(&stage)) {
            Some(last) => last + 1,
            None if self.start.contains(&stage) => 0,
            None => return None,
        };
        self.steps.truncate(length);
        self.reach = BTreeSet::from([stage]);
        Some(self)
    }

    /// The stages on the way, each with the number of steps after which it holds for the last time.
    pub fn stages(&self) -> Vec<(Property, usize)> {
        let states = std::iter::once(&self.start).chain(self.steps.iter().map(|step| &step.holds));
        let mut stages: Vec<(Property, usize)> = Vec::new();
        for (done, state) in states.enumerate() {
            if let Some(stage) = stage_in(state) {
                stages.retain(|(known, _)| *known != stage);
                stages.push((stage, done));
            }
        }
        stages
    }

    /// The steps without which the goal could be reached too, in order: what a bisection counts.
    pub fn optional_steps(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(|step| step.optional)
    }

    /// Without the optional steps after the first `count` of them. `NUMIR_BISECT=count` asks for it.
    pub fn limit_optional(mut self, count: usize) -> Self {
        let mut seen = 0;
        self.steps.retain(|step| {
            seen += usize::from(step.optional);
            !step.optional || seen <= count
        });
        self
    }

    /// Limited as `NUMIR_BISECT` says, if it holds a number.
    pub fn limit_from_environment(self) -> Self {
        match std::env::var("NUMIR_BISECT").ok().and_then(|text| text.parse().ok()) {
            Some(count) => self.limit_optional(count),
            None => self,
        }
    }

    /// The elements of the pipeline, without the `builtin.module(…)` around them. Neighbours with one anchor share one nest.
    pub fn elements(&self) -> String {
        nest(self.steps.iter().map(|step| (step.entry.anchor(), step.element())))
    }

    /// The pipeline, as `numir-opt --pass-pipeline` takes it.
    pub fn pipeline(&self) -> String {
        format!("builtin.module({})", self.elements())
    }

    /// The pipeline with a check of each stage's promise where it begins to hold and where it holds last.
    pub fn pipeline_with_checks(&self) -> String {
        let mut elements = Vec::new();
        let mut previous = None;
        let states = std::iter::once(&self.start).chain(self.steps.iter().map(|step| &step.holds)).map(stage_in);
        let states: Vec<_> = states.collect();
        for (done, stage) in states.iter().enumerate() {
            if let Some(step) = done.checked_sub(1).and_then(|index| self.steps.get(index)) {
                elements.push((step.entry.anchor(), step.element()));
            }
            let boundary = *stage != previous || states.get(done + 1).is_none_or(|next| next != stage);
            if let (Some(stage), true) = (stage.filter(|stage| Stage::named(stage.name()).is_some()), boundary) {
                elements.push((Anchor::Module, format!("verify-stage{{stage={}}}", stage.name())));
            }
            previous = *stage;
        }
        format!("builtin.module({})", nest(elements.into_iter()))
    }
}

fn nest(elements: impl Iterator<Item = (Anchor, String)>) -> String {
    let mut groups: Vec<(Anchor, Vec<String>)> = Vec::new();
    for (anchor, element) in elements {
        match groups.last_mut() {
            Some((last, group)) if *last == anchor => group.push(element),
            _ => groups.push((anchor, vec![element])),
        }
    }
    let groups = groups.into_iter().map(|(anchor, group)| match anchor {
        Anchor::Module => group.join(","),
        _ => format!("{}({})", anchor.operation_name(), group.join(",")),
    });
    groups.collect::<Vec<_>>().join(",")
}
