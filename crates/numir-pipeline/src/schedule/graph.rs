//! Who comes before whom.

use super::Request;
use super::error::{Link, Need, ScheduleError};
use super::select::Selection;
use crate::property::Property;
use petgraph::algo::has_path_connecting;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;
use std::collections::BTreeSet;

/// Why one pass comes before another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// The first establishes what the second requires.
    Provides(Property),
    /// The second ends what the first needs, or the second establishes what the first ends.
    Keeps,
    /// One of them asks for it.
    Hint,
}

/// Nodes are numbered as the selection's passes.
pub(super) type Order = DiGraph<usize, Reason>;

pub(super) fn build(request: &Request, selection: &Selection) -> Result<Order, ScheduleError> {
    let mut order = Order::new();
    (0..selection.passes.len()).for_each(|index| {
        order.add_node(index);
    });
    provisions(request, selection, &mut order);
    if let Some(links) = cycle(&order, selection) {
        return Err(ScheduleError::Cycle { links });
    }
    protections(request, selection, &mut order)?;
    hints(selection, &mut order);
    Ok(order)
}

fn node(index: usize) -> NodeIndex {
    NodeIndex::new(index)
}

/// Whether `from` is already known to come before `to`.
fn precedes(order: &Order, from: usize, to: usize) -> bool {
    has_path_connecting(order, node(from), node(to), None)
}

/// Providers come before those who require.
fn provisions(request: &Request, selection: &Selection, order: &mut Order) {
    for (user, chosen) in selection.passes.iter().enumerate() {
        for property in chosen.entry.requires().iter().filter(|property| !request.start.contains(property)) {
            for provider in selection.providers(*property).filter(|provider| *provider != user) {
                order.update_edge(node(provider), node(user), Reason::Provides(*property));
            }
        }
    }
}

/// A circle of requirements, if there is one; the one that contains the first pass by name.
fn cycle(order: &Order, selection: &Selection) -> Option<Vec<Link>> {
    let start = order
        .node_indices()
        .find(|start| order.neighbors(*start).any(|next| has_path_connecting(order, next, *start, None)))?;
    let mut links = Vec::new();
    let mut at = start;
    loop {
        // The shortest way back is not needed: any edge that leads to `start` again makes progress, since passes that were
        // left behind are not entered twice.
        let edge = order
            .edges(at)
            .filter(|edge| edge.target() == start || !links.iter().any(|(from, _, _)| *from == edge.target()))
            .filter(|edge| has_path_connecting(order, edge.target(), start, None))
            .min_by_key(|edge| (edge.target() != start, edge.target()))?;
        links.push((at, edge.target(), *edge.weight()));
        at = edge.target();
        if at == start {
            break;
        }
    }
    let name = |at: NodeIndex| selection.passes[at.index()].entry.name().to_owned();
    let link = |(before, after, reason)| match reason {
        Reason::Provides(property) => Some(Link { before: name(before), after: name(after), property }),
        Reason::Keeps | Reason::Hint => None,
    };
    Some(links.into_iter().filter_map(link).collect())
}

/// Who needs a property does so before it is lost, or after it has been established again.
fn protections(request: &Request, selection: &Selection, order: &mut Order) -> Result<(), ScheduleError> {
    let ends: Vec<BTreeSet<Property>> =
        selection.passes.iter().map(|chosen| selection.invalidates(&chosen.entry)).collect();
    // Stages sort first: the order of the stages decides what the finer properties can do.
    let properties: BTreeSet<Property> = ends.iter().flatten().copied().collect();
    for property in properties {
        let enders: Vec<usize> = (0..ends.len()).filter(|index| ends[*index].contains(&property)).collect();
        let needs = |index: usize| selection.passes[index].entry.requires().contains(&property);
        let users: Vec<usize> = (0..ends.len()).filter(|index| needs(*index)).collect();
        let from_start = request.start.contains(&property);
        let providers: Vec<usize> = if from_start { Vec::new() } else { selection.providers(property).collect() };
        for ender in enders {
            let after_provider = needs(ender) || providers.iter().any(|provider| precedes(order, *provider, ender));
            let wanted = request.reach.contains(&property) || request.wanted.contains(&property);
            if !from_start && !after_provider && (wanted || !users.is_empty()) {
                // Better lost before it is established than after.
                providers.iter().for_each(|provider| add(order, ender, *provider));
                continue;
            }
            for user in users.iter().copied().filter(|user| *user != ender) {
                if !precedes(order, ender, user) {
                    add(order, user, ender);
                } else if from_start && selection.providers(property).next().is_none() {
                    let name = |index: usize| selection.passes[index].entry.name().to_owned();
                    let (invalidated_by, needed_by) = (name(ender), Need::Pass(name(user)));
                    return Err(ScheduleError::Lost { property, invalidated_by, needed_by });
                }
            }
        }
    }
    Ok(())
}

/// Adds an edge unless the opposite is already known.
fn add(order: &mut Order, before: usize, after: usize) {
    if before != after && !precedes(order, after, before) {
        order.update_edge(node(before), node(after), Reason::Keeps);
    }
}

/// Hints count where nothing stronger, and no earlier hint, contradicts.
fn hints(selection: &Selection, order: &mut Order) {
    let named = |hint: &'static str| {
        let passes = selection.passes.iter().enumerate();
        passes.filter(move |(_, chosen)| chosen.entry.is_meant_by(hint)).map(|(index, _)| index)
    };
    let mut pairs = BTreeSet::new();
    for (index, chosen) in selection.passes.iter().enumerate() {
        pairs.extend(chosen.entry.after().iter().flat_map(|hint| named(hint)).map(|before| (before, index)));
        pairs.extend(chosen.entry.before().iter().flat_map(|hint| named(hint)).map(|after| (index, after)));
    }
    for (before, after) in pairs {
        if before != after && !precedes(order, after, before) && !order.contains_edge(node(before), node(after)) {
            order.add_edge(node(before), node(after), Reason::Hint);
        }
    }
}
