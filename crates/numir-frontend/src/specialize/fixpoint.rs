//! Loops: a body is walked until the types at its head hold at its end.
//!
//! A name that a loop may bind is carried: an argument of its regions. Which form it has is known only once the body has been
//! walked. So the body is walked with the forms of the names on entry; where one turns out wider at the end, what was built is
//! thrown away and the walk begins again with the wider form. Forms only widen, so a loop is walked at most a few times, and
//! since inner loops start from what the outer one already knows, nesting does not multiply that.

use super::control::{as_template, binding_types, generalized, same_form, with_parts};
use super::frame::{Binding, Frame, Slot};
use super::{Evaluated, Stop};
use crate::function_ir::{Attribute, IrType, Region, ValueId};
use crate::value::PLACEHOLDER;

/// One walk over a loop: the body's region is still open.
struct Walk {
    /// The body's arguments, of which the first `fixed` do not belong to names.
    arguments: Vec<ValueId>,
    fixed: usize,
    /// The operation that ends the body.
    terminator: &'static str,
    /// The region of a while loop's condition, and the forms in which it passes the names on.
    before: Option<(Region, Vec<Binding>)>,
}

/// A loop whose types are known.
struct Settled {
    /// The forms of the names after the loop.
    leaving: Vec<Binding>,
    /// The parts of the names on entry, in the form of the head.
    initial: Vec<ValueId>,
    regions: Vec<Region>,
}

impl Frame<'_, '_> {
    /// `scf.for` over 0..trip. `body` gets the position, an index; it may bind `slots`.
    pub fn counted_loop(
        &mut self,
        trip: ValueId,
        slots: &[Slot],
        mut body: impl FnMut(&mut Self, ValueId) -> Evaluated<()>,
    ) -> Evaluated<()> {
        let (zero, one) = (self.index(0), self.index(1));
        let settled = self.walk_to_fixpoint(slots, |frame, head| {
            frame.open_region();
            let position = frame.fresh_value(IrType::INDEX);
            let mut arguments = vec![position];
            frame.enter(slots, head, &mut arguments);
            frame.walk_body(|frame| body(frame, position))?;
            Ok(Walk { arguments, fixed: 1, terminator: "scf.yield", before: None })
        })?;
        let mut operands = vec![zero, trip, one];
        operands.extend(settled.initial);
        self.finish_loop("scf.for", operands, Vec::new(), slots, &settled.leaving, settled.regions);
        Ok(())
    }

    /// `scf.while`. `condition` gives a bool and may bind names; `body` follows it.
    pub fn while_loop(
        &mut self,
        slots: &[Slot],
        mut condition: impl FnMut(&mut Self) -> Evaluated<ValueId>,
        mut body: impl FnMut(&mut Self) -> Evaluated<()>,
    ) -> Evaluated<()> {
        let settled = self.walk_to_fixpoint(slots, |frame, head| {
            frame.open_region();
            let mut arguments = Vec::new();
            frame.enter(slots, head, &mut arguments);
            let mut operands = vec![condition(frame)?];
            // What the condition binds flows on to the body and to what follows the loop.
            let bindings = frame.snapshot(slots);
            let passed: Vec<Binding> = bindings.iter().map(as_template).collect();
            for (binding, template) in bindings.iter().zip(&passed) {
                frame.convert_binding(binding, template, &mut operands)?;
            }
            frame.terminate("scf.condition", operands);
            let before = frame.close_region(arguments);
            frame.open_region();
            let mut arguments = Vec::new();
            frame.enter(slots, &passed, &mut arguments);
            frame.walk_body(&mut body)?;
            Ok(Walk { arguments, fixed: 0, terminator: "scf.yield", before: Some((before, passed)) })
        })?;
        self.finish_loop("scf.while", settled.initial, Vec::new(), slots, &settled.leaving, settled.regions);
        Ok(())
    }

    /// `numeric.parallel` over 0..trip. Each reduction is a slot and the operation's kind. Names that the body binds
    /// otherwise are private to an iteration and unbound after the loop.
    pub fn parallel_loop(
        &mut self,
        trip: ValueId,
        reductions: &[(Slot, &'static str)],
        private: &[Slot],
        mut body: impl FnMut(&mut Self, ValueId) -> Evaluated<()>,
    ) -> Evaluated<()> {
        let slots: Vec<Slot> = reductions.iter().map(|(slot, _)| *slot).collect();
        let settled = self.walk_to_fixpoint(&slots, |frame, head| {
            frame.restore(private, &vec![Binding::Unbound; private.len()]);
            frame.open_region();
            let position = frame.fresh_value(IrType::INDEX);
            let mut arguments = vec![position];
            frame.enter(&slots, head, &mut arguments);
            frame.walk_body(|frame| body(frame, position))?;
            Ok(Walk { arguments, fixed: 1, terminator: "numeric.yield", before: None })
        })?;
        self.restore(private, &vec![Binding::Unbound; private.len()]);
        let mut operands = vec![trip];
        operands.extend(settled.initial);
        let kinds = reductions.iter().map(|(_, kind)| *kind).collect();
        let attributes = vec![("kinds", Attribute::Texts(kinds))];
        self.finish_loop("numeric.parallel", operands, attributes, &slots, &settled.leaving, settled.regions);
        Ok(())
    }

    /// Walks a loop until the forms at its head hold at its end. `walk` builds the regions for a given head and leaves the last
    /// one, the body, open.
    fn walk_to_fixpoint(
        &mut self,
        slots: &[Slot],
        mut walk: impl FnMut(&mut Self, &[Binding]) -> Evaluated<Walk>,
    ) -> Evaluated<Settled> {
        let (entry, before) = (self.snapshot(slots), self.places(slots));
        let mut head: Vec<Binding> = entry.iter().map(generalized).collect();
        let values = self.values.len();
        let outer_reads = std::mem::take(&mut self.unbound_reads);
        loop {
            self.restore(slots, &entry);
            let walked = walk(self, &head)?;
            let end = self.snapshot(slots);
            let dead = std::mem::take(&mut self.dead);
            let mut next = head.clone();
            for (index, slot) in slots.iter().enumerate().filter(|_| !dead) {
                let places = (before[index], self.bound_at[*slot]);
                let arriving = self.join_bindings(*slot, places, &entry[index], &end[index])?;
                next[index] = match &head[index] {
                    Binding::Unbound => arriving,
                    old if same_form(old, &arriving) => old.clone(),
                    old => self.join_bindings(*slot, places, old, &arriving)?,
                };
            }
            // A name unbound on entry that every iteration binds before it reads it needs no second walk.
            let settled = slots.iter().enumerate().all(|(index, slot)| {
                let bound_anew = matches!(head[index], Binding::Unbound)
                    && (dead || matches!(end[index], Binding::Bound(_)))
                    && !self.unbound_reads.contains(slot);
                same_form(&head[index], &next[index]) || bound_anew
            });
            if settled {
                self.unbound_reads.extend(outer_reads);
                return self.settle(walked, &head, next, &entry, &end, dead);
            }
            self.close_region(Vec::new());
            self.values.truncate(values);
            self.unbound_reads.clear();
            head = next;
        }
    }

    /// Ends the regions of a loop whose types are known: the names that became known only at the end of the walk are carried
    /// too, unread.
    fn settle(
        &mut self,
        walked: Walk,
        head: &[Binding],
        next: Vec<Binding>,
        entry: &[Binding],
        end: &[Binding],
        dead: bool,
    ) -> Evaluated<Settled> {
        let mut yielded = Vec::new();
        for (binding, template) in end.iter().zip(&next) {
            if dead {
                let types = binding_types(template);
                yielded.extend(types.into_iter().map(|ty| self.undefined(ty)));
            } else {
                self.convert_binding(binding, template, &mut yielded)?;
            }
        }
        self.terminate(walked.terminator, yielded);

        let mut regions = Vec::new();
        let leaving = match walked.before {
            None => {
                let arguments = self.grow(walked.arguments, walked.fixed, head, &next);
                regions.push(self.close_region(arguments));
                next.clone()
            }
            Some((mut before, passed)) => {
                let late =
                    |index: usize| matches!((&head[index], &passed[index]), (Binding::Unbound, Binding::Unbound));
                let leaving: Vec<Binding> = (0..next.len())
                    .map(|index| if late(index) { next[index].clone() } else { passed[index].clone() })
                    .collect();
                before.arguments = self.grow(before.arguments, 0, head, &next);
                if let Some(condition) = before.instructions.last_mut() {
                    // The condition itself, then per name what it passed on, or for a late one the new argument.
                    let mut old = condition.operands.drain(..);
                    let mut operands: Vec<ValueId> = old.by_ref().take(1).collect();
                    let mut argument = before.arguments.iter().copied();
                    for index in 0..next.len() {
                        let arguments: Vec<_> = argument.by_ref().take(binding_types(&next[index]).len()).collect();
                        if late(index) {
                            operands.extend(arguments);
                        } else {
                            operands.extend(old.by_ref().take(binding_types(&passed[index]).len()));
                        }
                    }
                    drop(old);
                    condition.operands = operands;
                }
                let arguments = self.grow(walked.arguments, walked.fixed, &passed, &leaving);
                let body = self.close_region(arguments);
                regions.extend([before, body]);
                leaving
            }
        };
        let mut initial = Vec::new();
        for (binding, template) in entry.iter().zip(&next) {
            self.convert_binding(binding, template, &mut initial)?;
        }
        Ok(Settled { leaving, initial, regions })
    }

    /// A region's arguments where the forms of some names grew from nothing to something; the first `fixed` stay as they are.
    fn grow(&mut self, arguments: Vec<ValueId>, fixed: usize, old: &[Binding], new: &[Binding]) -> Vec<ValueId> {
        let mut arguments = arguments.into_iter();
        let mut grown: Vec<ValueId> = arguments.by_ref().take(fixed).collect();
        for (old, new) in old.iter().zip(new) {
            let (known, types) = (binding_types(old).len(), binding_types(new));
            if known == types.len() {
                grown.extend(arguments.by_ref().take(known));
            } else {
                grown.extend(types.into_iter().map(|ty| self.fresh_value(ty)));
            }
        }
        grown
    }

    /// Binds the slots to fresh region arguments in the given forms.
    fn enter(&mut self, slots: &[Slot], forms: &[Binding], arguments: &mut Vec<ValueId>) {
        for (slot, form) in slots.iter().zip(forms) {
            let binding = with_parts(form, &mut |ty| {
                let value = self.fresh_value(ty);
                arguments.push(value);
                value
            });
            self.rebind(*slot, binding);
        }
    }

    fn walk_body(&mut self, body: impl FnOnce(&mut Self) -> Evaluated<()>) -> Evaluated<()> {
        let depth = self.open_regions();
        match body(self) {
            Err(Stop::Dead) => {
                self.close_to(depth);
                self.dead = true;
                Ok(())
            }
            other => other,
        }
    }

    fn finish_loop(
        &mut self,
        name: &'static str,
        operands: Vec<ValueId>,
        attributes: Vec<(&'static str, Attribute)>,
        slots: &[Slot],
        leaving: &[Binding],
        regions: Vec<Region>,
    ) {
        let types: Vec<IrType> = leaving.iter().flat_map(binding_types).collect();
        let mut results = self.emit_all(name, operands, &types, attributes, regions).into_iter();
        for (slot, form) in slots.iter().zip(leaving) {
            self.rebind(*slot, with_parts(form, &mut |_| results.next().unwrap_or(PLACEHOLDER)));
        }
    }
}
