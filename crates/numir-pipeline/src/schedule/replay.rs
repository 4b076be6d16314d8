//! Follows the properties along the line, and repeats providers whose property was lost.

use super::error::{Need, ScheduleError};
use super::select::Selection;
use super::{Request, Schedule, Step};
use crate::property::{Kind, Property};
use std::collections::{BTreeMap, BTreeSet};

struct Replay<'a> {
    request: &'a Request,
    selection: &'a Selection,
    /// What holds; a shared property does once all of its providers have run.
    holds: BTreeSet<Property>,
    /// For each shared property: the providers that have run since it was lost.
    partial: BTreeMap<Property, BTreeSet<usize>>,
    /// Who ended a property last.
    ended_by: BTreeMap<Property, usize>,
    steps: Vec<Step>,
    ran: BTreeSet<usize>,
}

pub(super) fn replay(request: &Request, selection: &Selection, line: &[usize]) -> Result<Schedule, ScheduleError> {
    let mut replay = Replay {
        request,
        selection,
        holds: request.start.clone(),
        partial: BTreeMap::new(),
        ended_by: BTreeMap::new(),
        steps: Vec::new(),
        ran: BTreeSet::new(),
    };
    for index in line {
        replay.run(*index, &mut Vec::new())?;
    }
    let goal: Vec<_> = request.reach.iter().copied().collect();
    replay.ensure(&goal, &Need::Goal, &mut Vec::new())?;
    Ok(Schedule {
        steps: replay.steps,
        start: request.start.clone(),
        reach: request.reach.clone(),
        left_out: selection.left_out.clone(),
    })
}

impl Replay<'_> {
    /// Runs a pass, after what it requires. `inside` are the passes that wait for it.
    fn run(&mut self, index: usize, inside: &mut Vec<usize>) -> Result<(), ScheduleError> {
        let entry = self.selection.passes[index].entry;
        inside.push(index);
        self.ensure(entry.requires(), &Need::Pass(entry.name().to_owned()), inside)?;
        inside.pop();
        for property in self.selection.invalidates(&entry) {
            self.partial.remove(&property);
            if self.holds.remove(&property) {
                self.ended_by.insert(property, index);
            }
        }
        for property in entry.establishes() {
            if property.kind() == Kind::Shared {
                self.partial.entry(*property).or_default().insert(index);
            }
            if self.complete(*property) {
                self.holds.insert(*property);
            }
        }
        let again = !self.ran.insert(index);
        let optional = self.selection.passes[index].optional;
        let options = self.request.options.get(entry.name()).cloned().unwrap_or_default();
        self.steps.push(Step { entry, options, optional, again, holds: self.holds.clone() });
        Ok(())
    }

    fn complete(&self, property: Property) -> bool {
        let ran = self.partial.get(&property);
        property.kind() != Kind::Shared
            || self.selection.providers(property).all(|provider| ran.is_some_and(|ran| ran.contains(&provider)))
    }

    fn missing(&self, needed: &[Property]) -> Option<Property> {
        // A shared property without any provider holds.
        let holds = |property: &Property| self.holds.contains(property) || self.nobody_provides(*property);
        needed.iter().copied().find(|property| !holds(property))
    }

    fn nobody_provides(&self, property: Property) -> bool {
        property.kind() == Kind::Shared && self.selection.providers(property).next().is_none()
    }

    /// Runs providers until all of `needed` holds.
    fn ensure(&mut self, needed: &[Property], by: &Need, inside: &mut Vec<usize>) -> Result<(), ScheduleError> {
        // One provider may end what another established; a few rounds settle that, or nothing does.
        for _ in 0..=needed.len() {
            let Some(property) = self.missing(needed) else {
                return Ok(());
            };
            let lost = || {
                let invalidated_by =
                    self.ended_by.get(&property).map(|index| self.selection.passes[*index].entry.name());
                let invalidated_by = invalidated_by.unwrap_or_default().to_owned();
                ScheduleError::Lost { property, invalidated_by, needed_by: by.clone() }
            };
            let providers: Vec<_> = self.selection.providers(property).collect();
            if providers.is_empty() || providers.iter().any(|provider| inside.contains(provider)) {
                return Err(lost());
            }
            for provider in providers {
                self.run(provider, inside)?;
            }
        }
        match self.missing(needed) {
            None => Ok(()),
            Some(property) => {
                let invalidated_by =
                    self.ended_by.get(&property).map(|index| self.selection.passes[*index].entry.name());
                let invalidated_by = invalidated_by.unwrap_or_default().to_owned();
                Err(ScheduleError::Lost { property, invalidated_by, needed_by: by.clone() })
            }
        }
    }
}
