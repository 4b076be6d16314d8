//! `match` with literal, value, capture, or, and sequence patterns.

use super::Evaluated;
use super::frame::Frame;
use super::names::Effects;
use crate::function_ir::IrType;
use crate::registry::operators;
use crate::types::Scalar;
use crate::value::Value;
use rustpython_parser::ast::{self, Constant, MatchCase, Pattern, Ranged};

impl<'p> Frame<'p, '_> {
    pub fn match_statement(&mut self, node: &'p ast::StmtMatch) -> Evaluated<()> {
        let subject = self.expression(&node.subject)?;
        self.match_cases(&subject, &node.cases)
    }

    fn match_cases(&mut self, subject: &Value, cases: &'p [MatchCase]) -> Evaluated<()> {
        let Some((case, rest)) = cases.split_first() else { return Ok(()) };
        let matches = self.at(case.pattern.range(), |frame| frame.pattern(subject, &case.pattern))?;
        if let Some(known) = matches.number() {
            return if known.truth() { self.matched(subject, case, rest) } else { self.match_cases(subject, rest) };
        }
        let condition = self.materialize(&matches)?;
        let mut effects = Effects::default();
        for case in cases {
            effects.statements(&case.body);
            effects.names.extend(Effects::of_expressions(case.guard.as_deref()).names);
        }
        for case in rest {
            captures(&case.pattern, &mut effects);
        }
        captures(&case.pattern, &mut effects);
        let slots = self.slots_of(&effects);
        self.conditional(
            condition,
            &slots,
            |frame| frame.matched(subject, case, rest).map(|()| Value::None),
            |frame| frame.match_cases(subject, rest).map(|()| Value::None),
        )?;
        Ok(())
    }

    fn matched(&mut self, subject: &Value, case: &'p MatchCase, rest: &'p [MatchCase]) -> Evaluated<()> {
        self.capture(subject, &case.pattern)?;
        let Some(guard) = &case.guard else { return self.block(&case.body) };
        let condition = self.condition(guard)?;
        if let Some(known) = condition.number() {
            return if known.truth() { self.block(&case.body) } else { self.match_cases(subject, rest) };
        }
        let condition = self.materialize(&condition)?;
        let mut effects = Effects::of(&case.body);
        for case in rest {
            effects.statements(&case.body);
            captures(&case.pattern, &mut effects);
        }
        let slots = self.slots_of(&effects);
        self.conditional(
            condition,
            &slots,
            |frame| frame.block(&case.body).map(|()| Value::None),
            |frame| frame.match_cases(subject, rest).map(|()| Value::None),
        )?;
        Ok(())
    }

    /// Whether the subject matches: a bool. Binds nothing.
    fn pattern(&mut self, subject: &Value, pattern: &'p Pattern) -> Evaluated {
        match pattern {
            Pattern::MatchValue(node) => {
                let value = self.expression(&node.value)?;
                let equal = operators::compare(self, "==", subject, &value)?;
                self.truth(&equal)
            }
            Pattern::MatchSingleton(node) => {
                let value = match &node.value {
                    Constant::Bool(value) => Value::bool(*value),
                    _ => Value::None,
                };
                operators::compare(self, "is", subject, &value)
            }
            Pattern::MatchAs(node) => {
                node.pattern.as_deref().map_or(Ok(Value::bool(true)), |inner| self.pattern(subject, inner))
            }
            Pattern::MatchOr(node) => {
                let mut result = Value::bool(false);
                for inner in &node.patterns {
                    let one = self.pattern(subject, inner)?;
                    result = self.combine("numeric.or", true, &result, &one)?;
                }
                Ok(result)
            }
            Pattern::MatchSequence(node) => {
                let Value::Tuple(elements) = subject else { return Ok(Value::bool(false)) };
                if node.patterns.iter().any(|inner| matches!(inner, Pattern::MatchStar(_))) {
                    return Err(self.unsupported("`*` in a pattern"));
                }
                if elements.len() != node.patterns.len() {
                    return Ok(Value::bool(false));
                }
                let mut result = Value::bool(true);
                for (element, inner) in elements.iter().zip(&node.patterns) {
                    let one = self.pattern(element, inner)?;
                    result = self.combine("numeric.and", false, &result, &one)?;
                }
                Ok(result)
            }
            _ => Err(self.unsupported("this pattern is not compiled yet")),
        }
    }

    /// `and` or `or` of two bools without short cut; `absorbing` is the value that decides.
    fn combine(&mut self, name: &'static str, absorbing: bool, left: &Value, right: &Value) -> Evaluated {
        for (one, other) in [(left, right), (right, left)] {
            if let Some(known) = one.number() {
                return Ok(if known.truth() == absorbing { Value::bool(absorbing) } else { other.clone() });
            }
        }
        let (left, right) = (self.materialize(left)?, self.materialize(right)?);
        Ok(Value::Scalar(Scalar::Bool, self.emit(name, &[left, right], IrType::BOOL, Vec::new())))
    }

    fn capture(&mut self, subject: &Value, pattern: &'p Pattern) -> Evaluated<()> {
        match pattern {
            Pattern::MatchAs(node) => {
                if let Some(inner) = &node.pattern {
                    self.capture(subject, inner)?;
                }
                if let Some(name) = &node.name {
                    let slot = self.slot((self.function, name.as_str()));
                    self.bind(slot, subject.clone());
                }
                Ok(())
            }
            Pattern::MatchSequence(node) => match subject {
                Value::Tuple(elements) => {
                    elements.iter().zip(&node.patterns).try_for_each(|(element, inner)| self.capture(element, inner))
                }
                _ => Ok(()),
            },
            _ => Ok(()),
        }
    }
}

fn captures<'p>(pattern: &'p Pattern, effects: &mut Effects<'p>) {
    match pattern {
        Pattern::MatchAs(node) => {
            effects.names.extend(node.name.as_ref().map(ast::Identifier::as_str));
            if let Some(inner) = &node.pattern {
                captures(inner, effects);
            }
        }
        Pattern::MatchSequence(node) => node.patterns.iter().for_each(|inner| captures(inner, effects)),
        _ => {}
    }
}
