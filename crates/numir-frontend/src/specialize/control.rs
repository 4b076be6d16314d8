//! Where control flow meets: branches, and what a name is bound to where two ways come together.
//!
//! Control flow is structured. `break`, `continue` and `return` set flags, which are variables like any other; what
//! follows them in their block stands in the branch that did not leave, or under a test of the flags.

use super::frame::{Binding, Frame, Slot};
use super::{Evaluated, Stop};
use crate::diagnostic::ErrorKind;
use crate::function_ir::{IrType, Region, ValueId};
use crate::source::Span;
use crate::types::Scalar;
use crate::value::{Number, PLACEHOLDER, Value};
use rustpython_parser::text_size::TextRange;

/// How a branch ended.
struct Outcome {
    region: Region,
    dead: bool,
    returned: bool,
    bindings: Vec<Binding>,
    /// Where the names were bound.
    places: Vec<TextRange>,
    value: Value,
}

impl Frame<'_, '_> {
    /// The bindings of some slots, to be put back or compared.
    pub fn snapshot(&self, slots: &[Slot]) -> Vec<Binding> {
        slots.iter().map(|slot| self.bindings[*slot].clone()).collect()
    }

    /// Puts bindings back.
    pub fn restore(&mut self, slots: &[Slot], bindings: &[Binding]) {
        for (slot, binding) in slots.iter().zip(bindings) {
            self.bindings[*slot] = binding.clone();
        }
    }

    /// Where some slots were bound last.
    pub(super) fn places(&self, slots: &[Slot]) -> Vec<TextRange> {
        slots.iter().map(|slot| self.bound_at[*slot]).collect()
    }

    fn walk_branch(&mut self, slots: &[Slot], walk: impl FnOnce(&mut Self) -> Evaluated) -> Evaluated<Outcome> {
        let depth = self.open_regions();
        self.open_region();
        let outcome = walk(self);
        self.close_to(depth + 1);
        let region = self.close_region(Vec::new());
        let value = match outcome {
            Ok(value) => value,
            Err(Stop::Dead) => {
                self.dead = true;
                Value::None
            }
            Err(error) => return Err(error),
        };
        let returned = matches!(&self.bindings[self.returned], Binding::Bound(value) if value.number() == Some(Number::Bool(true)));
        let (bindings, places) = (self.snapshot(slots), self.places(slots));
        Ok(Outcome { region, dead: std::mem::take(&mut self.dead), returned, bindings, places, value })
    }

    /// One of two ways, chosen when the function runs. `slots` are the variables that either may bind. Gives the value of
    /// whichever way was taken.
    pub fn conditional(
        &mut self,
        condition: ValueId,
        slots: &[Slot],
        then: impl FnOnce(&mut Self) -> Evaluated,
        otherwise: impl FnOnce(&mut Self) -> Evaluated,
    ) -> Evaluated {
        let (before, places) = (self.snapshot(slots), self.places(slots));
        let first = self.walk_branch(slots, then)?;
        self.restore(slots, &before);
        slots.iter().zip(places).for_each(|(slot, place)| self.bound_at[*slot] = place);
        let second = self.walk_branch(slots, otherwise)?;
        if first.dead && second.dead {
            let mut regions = Vec::with_capacity(2);
            for outcome in [first, second] {
                let arguments = self.reopen_region(outcome.region);
                self.terminate("scf.yield", Vec::new());
                regions.push(self.close_region(arguments));
            }
            self.emit_all("scf.if", vec![condition], &[], Vec::new(), regions);
            return Err(Stop::Dead);
        }

        let mut templates = Vec::with_capacity(slots.len());
        for (index, slot) in slots.iter().enumerate() {
            templates.push(self.join_at_branches(*slot, &first, &second, index)?);
        }
        let value = match (first.dead, second.dead) {
            (true, _) => second.value.clone(),
            (_, true) => first.value.clone(),
            _ => first
                .value
                .join(&second.value)
                .ok_or_else(|| self.cannot_join("the two ways", None, &first.value, &second.value))?,
        };
        let value = if first.dead || second.dead { value.with_parts(&mut |_| PLACEHOLDER) } else { value };

        let mut types: Vec<IrType> = templates.iter().flat_map(binding_types).collect();
        value.visit_parts(&mut |_, ty| types.push(ty));

        let mut regions = Vec::new();
        for outcome in [first, second] {
            let arguments = self.reopen_region(outcome.region);
            let mut operands = Vec::with_capacity(types.len());
            if outcome.dead {
                operands.extend(types.iter().map(|ty| self.undefined(*ty)));
            } else {
                for (binding, template) in outcome.bindings.iter().zip(&templates) {
                    self.convert_binding(binding, template, &mut operands)?;
                }
                let converted = self.convert(&outcome.value, &value)?;
                operands.extend(converted.parts().iter().map(|(id, _)| *id));
            }
            self.terminate("scf.yield", operands);
            regions.push(self.close_region(arguments));
        }
        let mut results = self.emit_all("scf.if", vec![condition], &types, Vec::new(), regions).into_iter();
        let mut next = |_: IrType| results.next().unwrap_or(PLACEHOLDER);
        for (slot, template) in slots.iter().zip(&templates) {
            self.rebind(*slot, with_parts(template, &mut next));
        }
        Ok(value.with_parts(&mut next))
    }

    /// The template of a slot after two branches. A branch that has returned has no say about names, only about the result.
    fn join_at_branches(&self, slot: Slot, first: &Outcome, second: &Outcome, index: usize) -> Evaluated<Binding> {
        let (left, right) = (&first.bindings[index], &second.bindings[index]);
        let places = (first.places[index], second.places[index]);
        let is_result = slot == self.result;
        let is_flag = self.slot_names[slot].starts_with('%');
        let silent = |outcome: &Outcome| outcome.dead || (outcome.returned && !is_flag);
        match (silent(first), silent(second)) {
            (true, false) => Ok(as_template(right)),
            (false, true) => Ok(as_template(left)),
            _ if is_result => match (left, right) {
                (Binding::Unbound, other) | (other, Binding::Unbound) => Ok(as_template(other)),
                _ => self.join_bindings(slot, places, left, right),
            },
            _ => self.join_bindings(slot, places, left, right),
        }
    }

    /// What a slot is bound to where two ways meet; `places` are where either bound it.
    pub(super) fn join_bindings(
        &self,
        slot: Slot,
        places: (TextRange, TextRange),
        left: &Binding,
        right: &Binding,
    ) -> Evaluated<Binding> {
        let join = |left: &Value, right: &Value| {
            left.join(right).ok_or_else(|| self.cannot_join(self.slot_names[slot], Some(places), left, right))
        };
        Ok(match (left, right) {
            (Binding::Unbound, Binding::Unbound) => Binding::Unbound,
            (Binding::Unbound, Binding::Bound(value) | Binding::Maybe(_, value))
            | (Binding::Bound(value) | Binding::Maybe(_, value), Binding::Unbound) => {
                Binding::Maybe(PLACEHOLDER, value.with_parts(&mut |_| PLACEHOLDER))
            }
            (Binding::Bound(left), Binding::Bound(right)) => Binding::Bound(join(left, right)?),
            (Binding::Maybe(_, left), Binding::Bound(right) | Binding::Maybe(_, right))
            | (Binding::Bound(left), Binding::Maybe(_, right)) => Binding::Maybe(PLACEHOLDER, join(left, right)?),
        })
    }

    fn cannot_join(&self, name: &str, places: Option<(TextRange, TextRange)>, left: &Value, right: &Value) -> Stop {
        let texts = matches!((left, right), (Value::Text(_), Value::Text(_)));
        let shown = |value: &Value| match value {
            Value::Text(text) => format!("the string '{text}'"),
            other => self.describe(other),
        };
        let (left, right) = (shown(left), shown(right));
        let returned = name.starts_with('%');
        let message = if returned {
            format!("the function returns {left} in one place and {right} in another")
        } else if name.contains(' ') {
            format!("the two ways give {left} and {right}, which have no common type")
        } else {
            format!("`{name}` is {left} on one way to this place and {right} on another")
        };
        let help = match (texts, returned) {
            (true, _) => {
                "strings are known when the function is compiled: use a number or a bool to tell the ways apart"
            }
            (_, true) => "return the same type everywhere, or convert one of the values",
            _ => "give each a name of its own, or convert one of them",
        };
        let Stop::Error(diagnostic) = self.error(ErrorKind::Typing, message) else { return Stop::Dead };
        let diagnostic = match places {
            Some((first, second)) if first != second => {
                let span = |place| Span::new(&self.file.source, place);
                let mut diagnostic = diagnostic.also(&span(first), left);
                diagnostic.labels.remove(0);
                diagnostic.also(&span(second), right)
            }
            _ => diagnostic,
        };
        diagnostic.help(help).into()
    }

    /// The same value in the form of a template. None becomes an absent optional.
    pub fn convert(&mut self, value: &Value, template: &Value) -> Evaluated {
        Ok(match (value, template) {
            (Value::Number(..), Value::Number(..)) => value.clone(),
            (Value::Number(..) | Value::Scalar(..), Value::Scalar(scalar, _)) => {
                // A negative int that meets an unsigned number raises, as in arithmetic with one.
                let value = match value.scalar() {
                    Some(Scalar::Int) if scalar.is_unsigned() => crate::registry::cast_checked(self, value, *scalar)?,
                    _ => crate::registry::cast(self, value, *scalar)?,
                };
                Value::Scalar(*scalar, self.materialize(&value)?)
            }
            (Value::Array(from, id), Value::Array(to, _)) if from.layout != to.layout => {
                Value::Array(*to, self.relax_layout(*id, *from))
            }
            // Whether it may be written is a matter of types alone.
            (Value::Array(_, id), Value::Array(to, _)) => Value::Array(*to, *id),
            (Value::Tuple(elements), Value::Tuple(templates)) if elements.goes_with(templates) => {
                let converted: Result<Vec<_>, _> = elements
                    .iter()
                    .zip(templates.iter())
                    .map(|(element, template)| self.convert(element, template))
                    .collect();
                Value::Tuple(templates.with(converted?))
            }
            (Value::Formatted(parts), Value::Formatted(templates)) if parts.len() == templates.len() => {
                let converted = parts.iter().zip(templates.iter()).map(|(part, template)| self.convert(part, template));
                Value::Formatted(converted.collect::<Evaluated<_>>()?)
            }
            (Value::Member(class, value), Value::Member(_, template)) => {
                Value::Member(class.clone(), std::rc::Rc::new(self.convert(value, template)?))
            }
            (Value::Range(parts), Value::Range(templates)) | (Value::Slice(parts), Value::Slice(templates)) => {
                let mut part = |index: usize| self.convert(&parts[index], &templates[index]);
                let parts = std::rc::Rc::new([part(0)?, part(1)?, part(2)?]);
                if matches!(value, Value::Range(_)) { Value::Range(parts) } else { Value::Slice(parts) }
            }
            (Value::Optional(flag, inner), Value::Optional(_, template)) => {
                Value::Optional(*flag, std::rc::Rc::new(self.convert(inner, template)?))
            }
            (Value::None, Value::Optional(_, template)) => {
                let flag = self.materialize(&Value::bool(false))?;
                let inner = template.with_parts(&mut |ty| self.undefined(ty));
                Value::Optional(flag, std::rc::Rc::new(inner))
            }
            (value, Value::Optional(_, template)) => {
                let flag = self.materialize(&Value::bool(true))?;
                Value::Optional(flag, std::rc::Rc::new(self.convert(value, template)?))
            }
            _ => value.clone(),
        })
    }

    /// A binding's parts in the form of a template binding, appended to `operands`.
    pub(super) fn convert_binding(
        &mut self,
        binding: &Binding,
        template: &Binding,
        operands: &mut Vec<ValueId>,
    ) -> Evaluated<()> {
        let mut types = Vec::new();
        match (binding, template) {
            (_, Binding::Unbound) => {}
            (Binding::Bound(value), Binding::Bound(template)) if form_fits(value, template) => {
                let value = self.convert(value, template)?;
                operands.extend(value.parts().iter().map(|(id, _)| *id));
            }
            (Binding::Bound(value), Binding::Maybe(_, template)) if form_fits(value, template) => {
                operands.push(self.materialize(&Value::bool(true))?);
                let value = self.convert(value, template)?;
                operands.extend(value.parts().iter().map(|(id, _)| *id));
            }
            (Binding::Maybe(flag, value), Binding::Maybe(_, template)) if form_fits(value, template) => {
                operands.push(*flag);
                let value = self.convert(value, template)?;
                operands.extend(value.parts().iter().map(|(id, _)| *id));
            }
            (_, Binding::Maybe(_, template)) => {
                operands.push(self.materialize(&Value::bool(false))?);
                template.visit_parts(&mut |_, ty| types.push(ty));
            }
            (_, Binding::Bound(template)) => template.visit_parts(&mut |_, ty| types.push(ty)),
        }
        operands.extend(types.into_iter().map(|ty| self.undefined(ty)));
        Ok(())
    }

    /// The negation of a bool.
    pub fn negate(&mut self, condition: ValueId) -> ValueId {
        self.emit("numeric.invert", &[condition], IrType::Scalar(Scalar::Bool), Vec::new())
    }
}

pub(super) fn as_template(binding: &Binding) -> Binding {
    with_parts(binding, &mut |_| PLACEHOLDER)
}

pub(super) fn with_parts(binding: &Binding, next: &mut impl FnMut(IrType) -> ValueId) -> Binding {
    match binding {
        Binding::Unbound => Binding::Unbound,
        Binding::Bound(value) => Binding::Bound(value.with_parts(next)),
        Binding::Maybe(_, value) => {
            let flag = next(IrType::BOOL);
            Binding::Maybe(flag, value.with_parts(next))
        }
    }
}

pub(super) fn binding_types(binding: &Binding) -> Vec<IrType> {
    let mut types = Vec::new();
    with_parts(binding, &mut |ty| {
        types.push(ty);
        PLACEHOLDER
    });
    types
}

/// The form of a name at the head of a loop, as far as what it is bound to on entry tells.
pub(super) fn generalized(binding: &Binding) -> Binding {
    match binding {
        Binding::Unbound => Binding::Unbound,
        Binding::Bound(value) => Binding::Bound(value.generalized()),
        Binding::Maybe(_, value) => Binding::Maybe(PLACEHOLDER, value.generalized()),
    }
}

pub(super) fn same_form(left: &Binding, right: &Binding) -> bool {
    match (left, right) {
        (Binding::Unbound, Binding::Unbound) => true,
        (Binding::Bound(left), Binding::Bound(right)) | (Binding::Maybe(_, left), Binding::Maybe(_, right)) => {
            left.has_form_of(right)
        }
        _ => false,
    }
}

/// Whether a value can be brought into a template's form; a branch that has returned may hold anything under a name.
fn form_fits(value: &Value, template: &Value) -> bool {
    value.join(template).is_some_and(|joined| joined.has_form_of(template) || template.has_form_of(&joined))
}
