//! Updates of array elements in a prange loop: `b[k] += x` and its like, found by a walk over the syntax.
//!
//! Where two iterations may update one item, the loop is right only if the array is an accumulator: then each chunk of
//! iterations updates an array of its own, and these are combined. That asks for one kind of update and no other use.

use super::footprint::Footprint;
use super::names;
use crate::source::Source;
use rustpython_parser::ast::{self, Expr, Operator, Ranged, Stmt};
use rustpython_parser::text_size::TextRange;
use std::collections::{BTreeMap, BTreeSet};

/// A statement that replaces an item of an array by a function of the item.
pub(super) struct Update<'p> {
    /// Where the statement stands.
    pub range: TextRange,
    /// What is updated, as written.
    pub target: &'p Expr,
    /// How the kind of reduction is called; None where there is none.
    pub kind: Option<&'static str>,
    /// The index of the subscript next to the name; None where an attribute stands between.
    index: Option<&'p Expr>,
    /// What it reads besides the item.
    reads: Vec<&'p Expr>,
}

/// What is to be made of an array whose elements a prange loop updates.
pub(super) enum Verdict {
    /// No two iterations update the same item.
    Own,
    /// The array is an accumulator of this kind.
    Reduction(&'static str),
    /// The updates are of different kinds, or of one that is no reduction: where the first such stands.
    Mixed(TextRange),
    /// The array is used otherwise too: where.
    Used(TextRange),
}

/// Attributes of an array that no update changes.
const SETTLED: &[&str] = &["dtype", "itemsize", "nbytes", "ndim", "shape", "size", "strides"];

/// The updates in the body of a loop, by the array's name.
pub(super) fn updates<'p>(body: &'p [Stmt], source: &Source) -> BTreeMap<&'p str, Vec<Update<'p>>> {
    let mut found: BTreeMap<&'p str, Vec<Update<'p>>> = BTreeMap::new();
    names::each_statement(body, &mut |statement| {
        if let Some((name, update)) = update(statement, source) {
            found.entry(name).or_default().push(update);
        }
    });
    found
}

/// What is to be made of `name`, whose elements `updates` change. `step` is that of the loop's range, where it is known.
pub(super) fn verdict<'p>(
    node: &'p ast::StmtFor,
    step: Option<i128>,
    name: &str,
    updates: &[Update<'p>],
    source: &Source,
) -> Verdict {
    let indices: Option<Vec<&Expr>> = updates.iter().map(|update| update.index).collect();
    if let (Some(indices), Some(footprint)) = (indices, Footprint::of(node, step))
        && footprint.is_own(&indices)
    {
        return Verdict::Own;
    }
    let Some(kind) = updates.first().and_then(|update| update.kind) else {
        return Verdict::Mixed(updates.first().map_or(node.range, |update| update.range));
    };
    if let Some(other) = updates.iter().find(|update| update.kind != Some(kind)) {
        return Verdict::Mixed(other.range);
    }
    match other_use(&node.body, name, source) {
        Some(place) => Verdict::Used(place),
        None => Verdict::Reduction(kind),
    }
}

fn update<'p>(statement: &'p Stmt, source: &Source) -> Option<(&'p str, Update<'p>)> {
    let (target, kind, operands) = match statement {
        Stmt::AugAssign(node) => (&*node.target, operator_kind(node.op), vec![&*node.value]),
        Stmt::Assign(node) => {
            let [target] = node.targets.as_slice() else { return None };
            let (kind, operands) = update_of(&node.value, &|value| is_same(value, target, source))?;
            (target, Some(kind), operands)
        }
        _ => return None,
    };
    let (name, index, mut reads) = root(target)?;
    reads.extend(operands);
    Some((name, Update { range: statement.range(), target, kind, index, reads }))
}

/// The name at the root of `b[i].T[j]`, the index next to it, and all indices; None for a name alone.
fn root(target: &Expr) -> Option<(&str, Option<&Expr>, Vec<&Expr>)> {
    let (mut place, mut next, mut reads) = (target, None, Vec::new());
    loop {
        match place {
            Expr::Subscript(node) => {
                next = Some(&*node.slice);
                reads.push(&*node.slice);
                place = &node.value;
            }
            Expr::Attribute(node) => {
                next = None;
                place = &node.value;
            }
            Expr::Name(name) if !std::ptr::eq(place, target) => return Some((name.id.as_str(), next, reads)),
            _ => return None,
        }
    }
}

/// The name at the root of `b[i].T[j]`.
pub(super) fn root_name(target: &Expr) -> Option<&str> {
    root(target).map(|(name, ..)| name)
}

/// Whether two expressions are written alike.
fn is_same(left: &Expr, right: &Expr, source: &Source) -> bool {
    let text = |expression: &Expr| {
        let range = expression.range();
        let text = source.text.get(range.start().to_usize()..range.end().to_usize()).unwrap_or("");
        text.chars().filter(|character| !character.is_whitespace()).collect::<String>()
    };
    text(left) == text(right)
}

/// The kind of `x + …`, `min(x, …)` and the like, and what else is read, where `is_item` finds x.
pub(super) fn update_of<'p>(
    value: &'p Expr,
    is_item: &dyn Fn(&'p Expr) -> bool,
) -> Option<(&'static str, Vec<&'p Expr>)> {
    match value {
        Expr::BinOp(node) if is_item(&node.left) => Some((operator_kind(node.op)?, vec![&*node.right])),
        Expr::BinOp(node) if is_item(&node.right) && !matches!(node.op, Operator::Sub) => {
            Some((operator_kind(node.op)?, vec![&*node.left]))
        }
        Expr::Call(node) if node.keywords.is_empty() && node.args.len() > 1 => {
            let kind = ["min", "max"].into_iter().find(|kind| names::is_name(&node.func, kind))?;
            let item = node.args.iter().position(is_item)?;
            let others = node.args.iter().enumerate().filter(|(index, _)| *index != item);
            Some((kind, others.map(|(_, other)| other).collect()))
        }
        _ => None,
    }
}

/// The kind of reduction that an augmented assignment makes.
pub(super) fn operator_kind(operator: Operator) -> Option<&'static str> {
    Some(match operator {
        Operator::Add | Operator::Sub => "add",
        Operator::Mult => "mul",
        Operator::BitAnd => "and",
        Operator::BitOr => "or",
        Operator::BitXor => "xor",
        _ => return None,
    })
}

/// What a statement reads besides the name that it updates as a whole: `b += x`, `b = max(b, x)`.
fn whole_update<'p>(statement: &'p Stmt, name: &str) -> Option<Vec<&'p Expr>> {
    match statement {
        Stmt::AugAssign(node) if names::is_name(&node.target, name) => Some(vec![&*node.value]),
        Stmt::Assign(node) if matches!(node.targets.as_slice(), [target] if names::is_name(target, name)) => {
            update_of(&node.value, &|item| names::is_name(item, name)).map(|(_, operands)| operands)
        }
        _ => None,
    }
}

/// The first place where a name is used but to update it or its elements, or to ask for its shape.
pub(super) fn other_use(body: &[Stmt], name: &str, source: &Source) -> Option<TextRange> {
    let mut found = None;
    names::each_statement(body, &mut |statement| {
        if found.is_some() {
            return;
        }
        let of_items = update(statement, source).filter(|(updated, _)| *updated == name);
        match of_items.map(|(_, update)| update.reads).or_else(|| whole_update(statement, name)) {
            Some(reads) => found = reads.into_iter().find_map(|read| use_in(read, name)),
            None => {
                names::statement_expressions(statement, &mut |read| found = found.or_else(|| use_in(read, name)));
                if let Stmt::FunctionDef(definition) = statement {
                    let mut mentioned = BTreeSet::new();
                    names::mentioned(&definition.body, &mut mentioned);
                    found = found.or(mentioned.contains(name).then_some(definition.range));
                }
            }
        }
    });
    found
}

/// The first place in a loop's body where a name is read in any way but for its shape.
pub(super) fn use_of(body: &[Stmt], name: &str) -> Option<TextRange> {
    let mut found = None;
    names::each_statement(body, &mut |statement| {
        names::statement_expressions(statement, &mut |read| found = found.or_else(|| use_in(read, name)));
    });
    found
}

fn use_in(expression: &Expr, name: &str) -> Option<TextRange> {
    match expression {
        Expr::Name(node) => (node.id.as_str() == name).then_some(node.range),
        Expr::Attribute(node) if names::is_name(&node.value, name) && SETTLED.contains(&node.attr.as_str()) => None,
        Expr::Call(node)
            if names::is_name(&node.func, "len") && node.args.iter().all(|one| names::is_name(one, name)) =>
        {
            None
        }
        Expr::Lambda(lambda) => use_in(&lambda.body, name),
        other => {
            let mut found = None;
            names::children(other, &mut |child| found = found.or_else(|| use_in(child, name)));
            found
        }
    }
}
