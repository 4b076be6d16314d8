//! One line out of the graph, the same for the same set of passes.

use super::graph::Order;
use super::select::Selection;
use petgraph::Direction::{Incoming, Outgoing};
use std::collections::BTreeSet;

/// The numbers of the passes in the order in which they run. Of those that may come next, one with the anchor of the last is
/// taken, so that MLIR walks the functions once for all of them; else the first by name.
pub(super) fn line(order: &Order, selection: &Selection) -> Vec<usize> {
    let mut waiting: Vec<usize> =
        order.node_indices().map(|node| order.neighbors_directed(node, Incoming).count()).collect();
    // Selected passes are sorted by name, so that the smallest number is the first name.
    let mut ready: BTreeSet<usize> = (0..waiting.len()).filter(|index| waiting[*index] == 0).collect();
    let mut line: Vec<usize> = Vec::with_capacity(waiting.len());
    let anchor = |index: usize| selection.passes[index].entry.anchor();
    loop {
        let last = line.last().map(|index| anchor(*index));
        let Some(next) = ready.iter().copied().find(|index| Some(anchor(*index)) == last).or(ready.first().copied())
        else {
            return line;
        };
        ready.remove(&next);
        line.push(next);
        for after in order.neighbors_directed(petgraph::graph::NodeIndex::new(next), Outgoing) {
            let after = after.index();
            waiting[after] -= 1;
            if waiting[after] == 0 {
                ready.insert(after);
            }
        }
    }
}
