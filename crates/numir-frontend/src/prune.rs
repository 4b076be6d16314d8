//! Drops what no one reads: carried names, joins, and pure instructions whose results are unused.
//!
//! The walk carries every name that a loop or branch binds; most are temporaries. One backward mark over the function,
//! then one sweep: linear in its size.

use crate::function_ir::{Function, Instruction, Region, ValueId};
use numir_numeric::THREAD_EFFECTS;
use std::collections::HashMap;

/// How the results and arguments of a structured instruction hang on values elsewhere: marking the key marks these.
#[derive(Default)]
struct Links {
    edges: HashMap<ValueId, Vec<ValueId>>,
    /// The operands that an unmarked pure instruction would free.
    operands: HashMap<ValueId, Vec<ValueId>>,
    roots: Vec<ValueId>,
}

/// Instructions that may be dropped when nothing reads their results.
fn is_pure(name: &str) -> bool {
    const EFFECTS: &[&str] = &[
        "numeric.check",
        "numeric.check_index",
        "numeric.check_recursion",
        "numeric.raise",
        "numeric.random",
        "numeric.threads",
        "numeric.call_foreign",
        "numeric.call_runtime",
        "numeric.retain",
        "numeric.release",
        "numeric.store",
        "numeric.map",
        "numeric.assign",
        "numeric.reduce",
        "numeric.reduce_axes",
        "numeric.alloc",
        "numeric.print_text",
        "numeric.print_value",
        "numeric.print_flush",
        "numeric.launch",
        "func.call",
        "func.return",
    ];
    !EFFECTS.contains(&name) && !THREAD_EFFECTS.contains(&name)
}

fn terminator(region: &Region) -> &[ValueId] {
    region.instructions.last().map_or(&[], |last| &last.operands)
}

fn collect(region: &Region, links: &mut Links) {
    for instruction in &region.instructions {
        let edge = |links: &mut Links, from: ValueId, to: ValueId| links.edges.entry(from).or_default().push(to);
        match instruction.name {
            "scf.yield" | "scf.condition" | "numeric.yield" => {}
            "scf.if" => {
                links.roots.push(instruction.operands[0]);
                for (index, result) in instruction.results.iter().enumerate() {
                    for branch in &instruction.regions {
                        if let Some(value) = terminator(branch).get(index) {
                            edge(links, *result, *value);
                        }
                    }
                }
            }
            "scf.for" => {
                links.roots.extend(&instruction.operands[..3]);
                for (index, result) in instruction.results.iter().enumerate() {
                    let argument = instruction.regions[0].arguments[index + 1];
                    let (initial, next) = (instruction.operands[index + 3], terminator(&instruction.regions[0])[index]);
                    edge(links, *result, argument);
                    edge(links, argument, initial);
                    edge(links, argument, next);
                    // A result is needed with its argument: both go or stay together.
                    edge(links, argument, *result);
                }
            }
            "scf.while" => {
                let condition = terminator(&instruction.regions[0]);
                links.roots.push(condition[0]);
                for (index, result) in instruction.results.iter().enumerate() {
                    let after = instruction.regions[1].arguments[index];
                    edge(links, *result, condition[index + 1]);
                    edge(links, after, condition[index + 1]);
                    edge(links, after, *result);
                    edge(links, *result, after);
                }
                for (index, argument) in instruction.regions[0].arguments.iter().enumerate() {
                    edge(links, *argument, instruction.operands[index]);
                    edge(links, *argument, terminator(&instruction.regions[1])[index]);
                }
            }
            // Reductions and element-wise bodies are kept whole.
            "numeric.parallel" | "numeric.map" | "numeric.assign" | "numeric.reduce_axes" => {
                links.roots.extend(&instruction.operands);
                for inner in &instruction.regions {
                    links.roots.extend(terminator(inner));
                }
            }
            name if is_pure(name) => {
                for result in &instruction.results {
                    links.operands.insert(*result, instruction.operands.clone());
                }
            }
            _ => links.roots.extend(&instruction.operands),
        }
        instruction.regions.iter().for_each(|inner| collect(inner, links));
    }
}

/// Drops what is not needed from a function.
pub(crate) fn prune(mut function: Function) -> Function {
    let mut links = Links::default();
    collect(&function.body, &mut links);
    let mut live = vec![false; function.values.len()];
    let mut work = std::mem::take(&mut links.roots);
    while let Some(value) = work.pop() {
        let Some(mark) = live.get_mut(value.0 as usize) else { continue };
        if std::mem::replace(mark, true) {
            continue;
        }
        work.extend(links.edges.get(&value).into_iter().flatten());
        work.extend(links.operands.get(&value).into_iter().flatten());
    }
    sweep(&mut function.body, &live);
    function
}

fn retain(values: &mut Vec<ValueId>, offset: usize, keep: &[bool]) {
    let mut index = 0;
    values.retain(|_| {
        let kept = index < offset || keep.get(index - offset).copied().unwrap_or(true);
        index += 1;
        kept
    });
}

fn retain_terminator(region: &mut Region, offset: usize, keep: &[bool]) {
    if let Some(last) = region.instructions.last_mut() {
        retain(&mut last.operands, offset, keep);
    }
}

fn sweep(region: &mut Region, live: &[bool]) {
    let is_live = |value: &ValueId| live.get(value.0 as usize).copied().unwrap_or(true);
    region.instructions.retain(|instruction| {
        let structured = !instruction.regions.is_empty();
        let terminates = matches!(instruction.name, "scf.yield" | "scf.condition" | "numeric.yield");
        structured || terminates || !is_pure(instruction.name) || instruction.results.iter().any(is_live)
    });
    for instruction in &mut region.instructions {
        sweep_structured(instruction, &is_live);
        instruction.regions.iter_mut().for_each(|inner| sweep(inner, live));
    }
    region.instructions.retain(|instruction| {
        let empty = |region: &Region| region.instructions.iter().all(|inner| inner.name == "scf.yield");
        !(instruction.name == "scf.if" && instruction.results.is_empty() && instruction.regions.iter().all(empty))
    });
}

fn sweep_structured(instruction: &mut Instruction, is_live: &impl Fn(&ValueId) -> bool) {
    let results: Vec<bool> = instruction.results.iter().map(is_live).collect();
    match instruction.name {
        "scf.if" => {
            retain(&mut instruction.results, 0, &results);
            instruction.regions.iter_mut().for_each(|branch| retain_terminator(branch, 0, &results));
        }
        "scf.for" => {
            retain(&mut instruction.results, 0, &results);
            retain(&mut instruction.operands, 3, &results);
            retain(&mut instruction.regions[0].arguments, 1, &results);
            retain_terminator(&mut instruction.regions[0], 0, &results);
        }
        "scf.while" => {
            let arguments: Vec<bool> = instruction.regions[0].arguments.iter().map(is_live).collect();
            retain(&mut instruction.results, 0, &results);
            retain(&mut instruction.operands, 0, &arguments);
            retain(&mut instruction.regions[0].arguments, 0, &arguments);
            retain_terminator(&mut instruction.regions[0], 1, &results);
            retain(&mut instruction.regions[1].arguments, 0, &results);
            retain_terminator(&mut instruction.regions[1], 0, &arguments);
        }
        _ => {}
    }
}
