//! Which passes a goal needs.

use super::error::{Blocked, Need, Obstacle, ScheduleError};
use super::{LeftOut, Request};
use crate::property::{Kind, Property};
use crate::registry::{Entry, Registry};
use crate::stages::STAGES;
use std::collections::{BTreeMap, BTreeSet};

/// A pass that was taken.
#[derive(Clone, Copy)]
pub(super) struct Chosen {
    pub entry: Entry,
    pub optional: bool,
}

/// The passes that were taken, by name, and what else the later steps need to know.
pub(super) struct Selection {
    pub passes: Vec<Chosen>,
    pub left_out: Vec<LeftOut>,
    /// All stages that any registered pass speaks of.
    stages: BTreeSet<Property>,
}

impl Selection {
    /// What `entry` ends: what it says, and, if it establishes a stage, all other stages.
    pub fn invalidates(&self, entry: &Entry) -> BTreeSet<Property> {
        let establishes = entry.establishes();
        let changes_stage = establishes.iter().any(|property| property.kind() == Kind::Stage);
        let stages = self.stages.iter().filter(|_| changes_stage);
        let all = entry.invalidates().iter().chain(stages).copied();
        all.filter(|property| !establishes.contains(property)).collect()
    }

    /// The numbers of the taken passes that establish `property`.
    pub fn providers(&self, property: Property) -> impl Iterator<Item = usize> {
        let provides = move |chosen: &Chosen| chosen.entry.establishes().contains(&property);
        self.passes.iter().enumerate().filter(move |(_, chosen)| provides(chosen)).map(|(index, _)| index)
    }
}

pub(super) fn select(request: &Request, registry: &Registry) -> Result<Selection, ScheduleError> {
    for name in request.without.iter().chain(request.options.keys()) {
        if registry.get(name).is_none() {
            return Err(ScheduleError::UnknownPass { name: name.clone(), similar: similar(name, registry) });
        }
    }
    let reachable = reachable(request, registry);
    let mut taken = BTreeMap::new();
    let mut take = |goals: &BTreeSet<Property>, optional: bool| {
        let mut wanted: Vec<_> = goals.iter().map(|property| (*property, Need::Goal)).collect();
        let mut fresh = taken.clone();
        while let Some((property, needed_by)) = wanted.pop() {
            for entry in providers(property, &needed_by, request, registry, &reachable)? {
                if fresh.insert(entry.name(), Chosen { entry, optional }).is_none() {
                    let needs = entry.requires().iter();
                    wanted.extend(needs.map(|property| (*property, Need::Pass(entry.name().to_owned()))));
                } else if let Some(old) = taken.get(entry.name()) {
                    fresh.insert(entry.name(), *old);
                }
            }
        }
        taken = fresh;
        Ok(())
    };
    take(&request.reach, false)?;
    let mut left_out = Vec::new();
    for property in &request.wanted {
        match take(&BTreeSet::from([*property]), true) {
            Ok(()) => {}
            Err(reason @ ScheduleError::MissingProvider { .. }) => {
                left_out.push(LeftOut { property: *property, reason })
            }
            Err(error) => return Err(error),
        }
    }
    let mentioned = registry
        .entries()
        .flat_map(|entry| [entry.requires(), entry.establishes(), entry.invalidates()].into_iter().flatten().copied());
    let stages = mentioned.chain(request.start.iter().copied()).filter(|property| property.kind() == Kind::Stage);
    Ok(Selection { stages: stages.collect(), passes: taken.into_values().collect(), left_out })
}

/// The passes to take for `property`; none where it holds from the start.
fn providers(
    property: Property,
    needed_by: &Need,
    request: &Request,
    registry: &Registry,
    reachable: &BTreeSet<Property>,
) -> Result<Vec<Entry>, ScheduleError> {
    if request.start.contains(&property) {
        return Ok(Vec::new());
    }
    let all = || registry.entries().filter(|entry| entry.establishes().contains(&property));
    let able: Vec<_> = all().filter(|entry| obstacle(entry, request, reachable).is_none()).copied().collect();
    match (able.as_slice(), property.kind()) {
        (_, Kind::Shared) | ([_], _) => Ok(able),
        ([], _) => {
            let blocked = blocked(property, request, registry, reachable);
            Err(ScheduleError::MissingProvider { property, needed_by: needed_by.clone(), blocked })
        }
        (several, _) => {
            let passes = several.iter().map(|entry| entry.name().to_owned()).collect();
            Err(ScheduleError::AmbiguousProvider { property, passes })
        }
    }
}

/// Why nothing establishes `missing`, followed down to what nobody would establish at all.
fn blocked(missing: Property, request: &Request, registry: &Registry, reachable: &BTreeSet<Property>) -> Vec<Blocked> {
    let mut causes = vec![missing];
    let mut blocked = Vec::new();
    let mut next = 0;
    while let Some(establishes) = causes.get(next).copied() {
        next += 1;
        for entry in registry.entries().filter(|entry| entry.establishes().contains(&establishes)) {
            let Some(obstacle) = obstacle(entry, request, reachable) else { continue };
            blocked.push(Blocked { pass: entry.name().to_owned(), establishes, obstacle });
            if let Obstacle::Lacks(lacks) = obstacle
                && !causes.contains(&lacks)
            {
                causes.push(lacks);
            }
        }
    }
    blocked
}

/// Why a pass cannot run in any schedule of this request, if so.
fn obstacle(entry: &Entry, request: &Request, reachable: &BTreeSet<Property>) -> Option<Obstacle> {
    if request.without.contains(entry.name()) {
        return Some(Obstacle::Excluded);
    }
    let depth = |stage: &Property| STAGES.iter().position(|known| known.property == *stage);
    if let Some(start) = request.start.iter().find_map(depth)
        && entry.establishes().iter().any(|stage| depth(stage).is_some_and(|depth| depth <= start))
    {
        return Some(Obstacle::LeadsBack);
    }
    entry.requires().iter().copied().find(|property| !reachable.contains(property)).map(Obstacle::Lacks)
}

/// All properties that some order of passes could establish, if nothing were ever lost.
fn reachable(request: &Request, registry: &Registry) -> BTreeSet<Property> {
    let mentioned = registry.entries().flat_map(|entry| entry.requires()).copied();
    let shared = mentioned.filter(|property| property.kind() == Kind::Shared);
    let mut reachable: BTreeSet<_> = request.start.iter().copied().chain(shared).collect();
    loop {
        let before = reachable.len();
        for entry in registry.entries() {
            if obstacle(entry, request, &reachable).is_none() {
                reachable.extend(entry.establishes());
            }
        }
        if reachable.len() == before {
            return reachable;
        }
    }
}

/// The registered name that differs least from `name`, if it differs in less than half of it.
fn similar(name: &str, registry: &Registry) -> Option<String> {
    let best = registry.entries().map(|entry| (distance(name, entry.name()), entry.name())).min()?;
    (best.0 * 2 < name.len()).then(|| best.1.to_owned())
}

/// Levenshtein's distance in bytes.
fn distance(left: &str, right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.bytes().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, b) in right.bytes().enumerate() {
            let substituted = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[right.len()]
}
