//! `prange`: a loop whose iterations run in any order, on any threads.
//!
//! A name that the body binds is private to an iteration, or an accumulator where every statement that binds it updates it by
//! one operator. An array whose elements the body updates is an accumulator too, unless the items are surely an
//! iteration's own: so no update is lost, whoever meets whom.

use super::frame::{Binding, Frame, Slot};
use super::names::{self, Effects};
use super::updates::{self, Update, Verdict, operator_kind, update_of};
use super::{Evaluated, Stop};
use crate::diagnostic::ErrorKind;
use crate::source::Span;
use crate::types::{ArrayType, Kind, Scalar};
use crate::value::Value;
use rustpython_parser::ast::{self, Expr, Ranged, Stmt};
use rustpython_parser::text_size::TextRange;
use std::collections::BTreeSet;

/// What works in place of a Generator that iterations share.
pub(crate) const GENERATOR_OF_ITERATION: &str = "give each iteration one of its own, as in `np.random.default_rng((seed, i))`, or loop over `range`; the functions of `np.random` \
     draw from a stream of each iteration";

/// A name that a loop accumulates into, and the kind of reduction.
pub(crate) type Reduction = (Slot, &'static str);

impl<'p> Frame<'p, '_> {
    pub fn prange_statement(&mut self, node: &'p ast::StmtFor, bounds: &Value) -> Evaluated<()> {
        let Value::Range(bounds) = bounds else { return Err(self.typing("prange takes ints")) };
        if let Some(statement) = node.orelse.first() {
            return self.at(statement.range(), |frame| Err(frame.unsupported("`else` on a prange loop")));
        }
        let mut effects = Effects::of(&node.body);
        if effects.breaks {
            return Err(self.unsupported("`break` out of a prange loop: its iterations run in any order"));
        }
        if effects.returns {
            return Err(self.unsupported("`return` inside a prange loop: its iterations run in any order"));
        }
        effects.target(&node.target);
        let trip = self.range_length(&bounds.clone())?;
        let sequence = Value::Range(bounds.clone());
        let mut reductions = Vec::new();
        let mut private = Vec::new();
        for name in &effects.names {
            let slot = self.slot((self.function, name));
            let is_bound = matches!(self.bindings[slot], Binding::Bound(_) | Binding::Maybe(..));
            match reduction_kind(&node.body, name) {
                Some(kind) if is_bound => {
                    let read = updates::other_use(&node.body, name, &self.file.source);
                    if let Some(place) = read.or_else(|| self.hidden_use(node, slot)) {
                        return Err(self.accumulator_is_read(name, place));
                    }
                    reductions.push((slot, kind));
                }
                _ => private.push(slot),
            }
        }
        let shared = self.shared_elements(node, bounds[2].known_integer(), &reductions, &private)?;
        if !shared.is_empty() && self.parallel_depth > 0 {
            // Within a parallel loop, arrays of their own for the chunks of an inner one cost more than they gain.
            return self.counted(node, trip, &sequence);
        }
        let whole: Vec<Slot> = reductions.iter().map(|(slot, _)| *slot).collect();
        reductions.extend(shared.iter().copied().filter(|(slot, _)| !whole.contains(slot)));
        let outer_accumulated = std::mem::replace(&mut self.accumulated, shared);
        let outer_loops = std::mem::take(&mut self.loops);
        let flags = self.push_loop();
        self.parallel_depth += 1;
        let outer_values = self.own_values.replace(self.values.len());
        let outcome = self.parallel_loop(trip, &reductions, &private, |frame, position| {
            frame.name_position(position, &node.target);
            for (slot, _) in &reductions {
                frame.require_reducible(*slot)?;
            }
            let element = frame.element(&sequence, position)?;
            frame.assign(&node.target, element)?;
            frame.iteration(flags, &node.body)
        });
        self.parallel_depth -= 1;
        self.own_values = outer_values;
        self.loops = outer_loops;
        self.accumulated = outer_accumulated;
        outcome
    }

    /// The arrays of the surroundings that the body accumulates into element by element.
    fn shared_elements(
        &mut self,
        node: &'p ast::StmtFor,
        step: Option<i128>,
        reductions: &[Reduction],
        private: &[Slot],
    ) -> Evaluated<Vec<Reduction>> {
        let source = self.file.source.clone();
        let mut shared = Vec::new();
        for (name, found) in updates::updates(&node.body, &source) {
            let entry = &self.specializer.functions[self.function.0 as usize];
            let owner = self.owner_of(self.function, entry.enclosing, name);
            let Some(slot) = self.known_slot((owner, name)).filter(|slot| !private.contains(slot)) else { continue };
            let Binding::Bound(Value::Array(ty, _)) = self.bindings[slot] else { continue };
            let verdict = updates::verdict(node, step, name, &found, &source);
            let whole = reductions.iter().find(|(other, _)| *other == slot).map(|(_, kind)| *kind);
            let kind = match verdict {
                Verdict::Own if whole.is_none() => continue,
                Verdict::Own => found.first().and_then(|update| update.kind),
                Verdict::Reduction(kind) => Some(kind),
                Verdict::Mixed(place) => {
                    return Err(self.shared_update(&found, name, place, "another kind of update stands here"));
                }
                Verdict::Used(place) => {
                    return Err(self.shared_update(&found, name, place, &format!("`{name}` is used here too")));
                }
            };
            if let Some(place) = self.hidden_use(node, slot) {
                return Err(self.shared_update(&found, name, place, &format!("`{name}` is reached from here too")));
            }
            let Some(kind) = kind.filter(|kind| whole.is_none_or(|whole| whole == *kind)) else {
                let message = format!("`{name}` as a whole is updated in another way in the same loop");
                return Err(self.shared_update(&found, name, node.target.range(), &message));
            };
            shared.push((slot, of_items(ty, kind)));
        }
        Ok(shared)
    }

    /// Where the body reaches an array by another name, or a variable by a function defined around the loop that reads it.
    fn hidden_use(&self, node: &'p ast::StmtFor, slot: Slot) -> Option<TextRange> {
        let array = match self.bindings[slot] {
            Binding::Bound(Value::Array(_, array)) => Some(array),
            _ => None,
        };
        let mut mentioned = BTreeSet::new();
        names::mentioned(&node.body, &mut mentioned);
        mentioned.into_iter().find_map(|name| {
            let other = self.known_slot((self.function, name)).filter(|other| *other != slot)?;
            let reaches = match &self.bindings[other] {
                Binding::Bound(Value::Function(function)) => {
                    self.captures(*function).into_iter().any(|captured| self.known_slot(captured) == Some(slot))
                }
                Binding::Bound(value) => value.parts().iter().any(|(part, _)| Some(*part) == array),
                _ => false,
            };
            if reaches { updates::use_of(&node.body, name) } else { None }
        })
    }

    /// Refuses a Generator that all iterations of the enclosing prange loop would draw from, under a name.
    ///
    /// # Errors
    /// That it is none of the iteration's own.
    pub fn check_generator(&self, name: &str, value: &Value) -> Evaluated<()> {
        let Some(own) = self.own_values else { return Ok(()) };
        if !value.any_generator(&|words| (words.0 as usize) < own) {
            return Ok(());
        }
        Err(self.shared_generator(name))
    }

    /// The error that iterations of a prange loop share a Generator.
    pub fn shared_generator(&self, name: &str) -> Stop {
        let message = format!("the iterations of this prange loop would all draw from the Generator `{name}` at once");
        self.unsupported_with_help(message, GENERATOR_OF_ITERATION)
    }

    /// The error that two iterations may update one item, and that the array cannot be an accumulator.
    fn shared_update(&self, found: &[Update<'p>], name: &str, place: TextRange, why: &str) -> Stop {
        let source = &self.file.source;
        let Some(first) = found.first() else { return Stop::Dead };
        let target = Span::new(source, first.target.range());
        let message = format!("two iterations of this prange loop may update the same item of `{name}` at once");
        let mut diagnostic =
            crate::diagnostic::Diagnostic::new(ErrorKind::Typing, &Span::new(source, first.range), message)
                .seen(format!("`{}` is not surely the iteration's own", target.text()));
        if place != first.range {
            diagnostic = diagnostic.also(&Span::new(source, place), why);
        }
        diagnostic
            .help(format!(
                "an array that the loop only updates, by one of += *= &= |= ^= min max, is accumulated safely; where no two \
                 iterations meet, `x = {text}` and then `{text} = …` says so",
                text = target.text()
            ))
            .into()
    }

    /// The error that an iteration reads what the iterations before it have accumulated.
    fn accumulator_is_read(&self, name: &str, place: TextRange) -> Stop {
        let message = format!("`{name}` is read in the prange loop that accumulates it");
        crate::diagnostic::Diagnostic::new(ErrorKind::Typing, &Span::new(&self.file.source, place), message)
            .help(
                "iterations run in any order, so that what has come together by then means nothing: \
                 read it behind the loop, or loop over `range`",
            )
            .into()
    }

    /// Refuses an accumulator that is no number and no array.
    fn require_reducible(&mut self, slot: Slot) -> Evaluated<()> {
        let is_time = |value: &Value| match value {
            Value::Array(ty, _) => Scalar::Of(ty.dtype).kind() == Kind::Time,
            other => other.scalar().is_some_and(|scalar| scalar.kind() == Kind::Time),
        };
        match &self.bindings[slot] {
            Binding::Bound(value @ (Value::Array(..) | Value::Scalar(..))) if !is_time(value) => Ok(()),
            Binding::Bound(other) => {
                let (seen, name) = (self.describe(other), self.slot_names[slot]);
                Err(self.typing(format!("`{name}` is {seen}, which a prange loop cannot reduce")))
            }
            _ => Ok(()),
        }
    }

    /// Refuses an update of an accumulated array's item whose result is rounded on every store: it would depend on the order.
    pub fn require_exact_update(&self, target: &Expr, ty: ArrayType, result: &Value) -> Evaluated<()> {
        let Some(name) = updates::root_name(target) else { return Ok(()) };
        let accumulates = |(slot, kind): &Reduction| self.slot_names[*slot] == name && matches!(*kind, "add" | "mul");
        match result.scalar().map(|scalar| (scalar, scalar.kind())) {
            Some((scalar, kind))
                if kind > Scalar::Of(ty.dtype).kind()
                    && kind > Kind::Integer
                    && self.accumulated.iter().any(accumulates) =>
            {
                let message = format!(
                    "an item of `{name}`, {ty}, becomes {scalar} here and is rounded on every store: \
                     iterations that run in any order cannot do that"
                );
                let Stop::Error(diagnostic) = self.typing(message) else { return Err(Stop::Dead) };
                Err(diagnostic.help(format!("give `{name}` items of that type, or convert the other operand")).into())
            }
            _ => Ok(()),
        }
    }

    /// Reports a read of a name that only an earlier iteration of a prange loop could have bound.
    pub fn unbound(&mut self, slot: Slot) -> Stop {
        let name = self.slot_names[slot];
        if self.parallel_depth > 0 {
            let message = format!("`{name}` is read in a prange loop before this iteration has bound it");
            let Stop::Error(diagnostic) = self.error(ErrorKind::Typing, message) else { return Stop::Dead };
            return diagnostic
                .help("iterations run in any order: a name carried from one to the next must be a reduction such as `s += x`")
                .into();
        }
        if self.undeclared.contains(&slot) {
            let message = format!("`{name}` is set by Python's code, and objmode does not say its type");
            let Stop::Error(diagnostic) = self.error(ErrorKind::Typing, message) else { return Stop::Dead };
            return diagnostic.help(format!("declare it, as in `with objmode({name}=\"float64[:]\"):`")).into();
        }
        self.unbound_reads.push(slot);
        let message = format!("cannot access local variable '{name}' where it is not associated with a value");
        self.raise("UnboundLocalError", &message, &[])
    }
}

/// The kind of a reduction of items: of bools, sums and products are those of logic.
fn of_items(ty: ArrayType, kind: &'static str) -> &'static str {
    match (Scalar::Of(ty.dtype).kind(), kind) {
        (Kind::Bool, "add" | "max") => "or",
        (Kind::Bool, "mul" | "min") => "and",
        _ => kind,
    }
}

/// The kind of reduction that a loop's body makes of a name: every statement that binds it updates it by the same operator.
fn reduction_kind(body: &[Stmt], name: &str) -> Option<&'static str> {
    let mut kinds = Vec::new();
    collect_updates(body, name, &mut kinds);
    let first = *kinds.first()?;
    kinds.iter().all(|kind| *kind == first).then_some(first)?
}

fn collect_updates(body: &[Stmt], name: &str, kinds: &mut Vec<Option<&'static str>>) {
    let binds = |target: &Expr| {
        let mut effects = Effects::default();
        effects.target(target);
        effects.names.contains(name)
    };
    for statement in body {
        match statement {
            Stmt::AugAssign(node) if names::is_name(&node.target, name) => kinds.push(operator_kind(node.op)),
            Stmt::Assign(node) if node.targets.iter().any(binds) => {
                let alone = matches!(node.targets.as_slice(), [target] if names::is_name(target, name));
                let kind = update_of(&node.value, &|item| names::is_name(item, name)).map(|(kind, _)| kind);
                kinds.push(kind.filter(|_| alone));
            }
            Stmt::AnnAssign(node) if binds(&node.target) => kinds.push(None),
            Stmt::For(node) => {
                if binds(&node.target) {
                    kinds.push(None);
                }
                collect_updates(&node.body, name, kinds);
                collect_updates(&node.orelse, name, kinds);
            }
            Stmt::While(node) => {
                collect_updates(&node.body, name, kinds);
                collect_updates(&node.orelse, name, kinds);
            }
            Stmt::If(node) => {
                collect_updates(&node.body, name, kinds);
                collect_updates(&node.orelse, name, kinds);
            }
            Stmt::Match(node) => node.cases.iter().for_each(|case| collect_updates(&case.body, name, kinds)),
            Stmt::With(node) => collect_updates(&node.body, name, kinds),
            _ => {}
        }
    }
}
