//! Assignment, in every form.

use super::frame::Frame;
use super::{Evaluated, annotations};
use crate::registry::{self, operators};
use crate::value::Value;
use rustpython_parser::ast::{self, Expr, Ranged};

impl<'p> Frame<'p, '_> {
    pub fn assign_statement(&mut self, node: &'p ast::StmtAssign) -> Evaluated<()> {
        // What is written to items may be a list display: its elements are taken.
        let to_items = node.targets.iter().all(|target| matches!(target, Expr::Subscript(_) | Expr::Attribute(_)));
        let value = if to_items { self.operand(&node.value)? } else { self.expression(&node.value)? };
        node.targets.iter().try_for_each(|target| self.assign(target, value.clone()))
    }

    /// Assigns a value to a target.
    pub fn assign(&mut self, target: &'p Expr, value: Value) -> Evaluated<()> {
        self.at(target.range(), |frame| match target {
            Expr::Name(name) => {
                let value = frame.declared(name.id.as_str(), value)?;
                let slot = frame.slot((frame.function, name.id.as_str()));
                frame.bind(slot, value);
                Ok(())
            }
            Expr::Tuple(tuple) => frame.unpack(&tuple.elts, &value),
            Expr::List(list) => frame.unpack(&list.elts, &value),
            Expr::Subscript(node) => {
                let base = frame.expression(&node.value)?;
                let index = frame.index_between_brackets(&node.slice)?;
                frame.store(target, &base, &index, &value)
            }
            Expr::Attribute(node) => {
                let base = frame.expression(&node.value)?;
                registry::store_attribute(frame, &base, node.attr.as_str(), &value)
            }
            Expr::Starred(_) => Err(frame
                .error(crate::diagnostic::ErrorKind::Syntax, "starred assignment target must be in a list or tuple")),
            _ => Err(frame.error(crate::diagnostic::ErrorKind::Syntax, "cannot assign to this expression")),
        })
    }

    /// `base[index] = value`, written as `target`.
    fn store(&mut self, target: &Expr, base: &Value, index: &Value, value: &Value) -> Evaluated<()> {
        if let Value::Array(ty, _) = base {
            self.require_exact_update(target, *ty, value)?;
        }
        registry::store_item(self, base, index, value)
    }

    fn unpack(&mut self, targets: &'p [Expr], value: &Value) -> Evaluated<()> {
        let value = &operators::present(self, value, "cannot unpack non-iterable NoneType object");
        let starred = targets.iter().position(|target| matches!(target, Expr::Starred(_)));
        let fixed = targets.len() - usize::from(starred.is_some());
        let elements = self.elements_for_unpacking(value, fixed, starred.is_some())?;
        let after = match starred {
            None => 0,
            Some(place) => targets.len() - place - 1,
        };
        for (index, target) in targets.iter().enumerate() {
            match (starred, target) {
                (Some(place), Expr::Starred(node)) if place == index => {
                    let rest = elements[index..elements.len() - after].to_vec();
                    self.assign(&node.value, Value::tuple(rest))?;
                }
                (Some(place), _) if index > place => {
                    self.assign(target, elements[elements.len() - (targets.len() - index)].clone())?;
                }
                _ => self.assign(target, elements[index].clone())?,
            }
        }
        Ok(())
    }

    /// The elements of what is unpacked into `count` targets (at least so many, where one is starred).
    fn elements_for_unpacking(&mut self, value: &Value, count: usize, starred: bool) -> Evaluated<Vec<Value>> {
        if let Value::Tuple(elements) = value {
            let plural = if elements.len() > count { "too many" } else { "not enough" };
            if elements.len() < count || (!starred && elements.len() != count) {
                let at_least = if starred { "at least " } else { "" };
                let message = if elements.len() > count {
                    format!("{plural} values to unpack (expected {count})")
                } else {
                    format!("{plural} values to unpack (expected {at_least}{count}, got {})", elements.len())
                };
                return Err(self.raise("ValueError", &message, &[]));
            }
            return Ok(elements.to_vec());
        }
        if let Some(fields) = registry::record_items(self, value)? {
            return self.elements_for_unpacking(&Value::tuple(fields), count, starred);
        }
        if starred {
            return Err(self.unsupported("a starred target for something whose length is known only at run time"));
        }
        let length = self.length(value)?;
        let expected = self.index(count as i64);
        let enough = self.compare_indices("ge", length, expected);
        let message = format!("not enough values to unpack (expected {count}, got {{}})");
        self.check(enough, "ValueError", &message, &[length]);
        let exact = self.compare_indices("le", length, expected);
        self.check(exact, "ValueError", &format!("too many values to unpack (expected {count})"), &[]);
        (0..count)
            .map(|position| {
                let position = self.index(position as i64);
                self.element(value, position)
            })
            .collect()
    }

    pub fn augmented_assignment(&mut self, node: &'p ast::StmtAugAssign) -> Evaluated<()> {
        let operator = super::expressions::operator_symbol(node.op);
        match &*node.target {
            Expr::Name(name) => {
                let current = self.at(name.range, |frame| frame.name(name.id.as_str()))?;
                let operand = self.operand_next_to(&current, &node.value)?;
                let result = operators::in_place(self, operator, &current, &operand)?;
                self.assign(&node.target, result)
            }
            Expr::Subscript(target) => {
                let base = self.expression(&target.value)?;
                let index = self.index_between_brackets(&target.slice)?;
                let current = self.at(target.range, |frame| registry::subscript(frame, &base, &index))?;
                let operand = self.operand_next_to(&current, &node.value)?;
                let result = operators::in_place(self, operator, &current, &operand)?;
                match current {
                    // The view was updated where it stands; items that an array chose are a copy, and go back.
                    Value::Array(..) if !registry::is_copied(&index) => Ok(()),
                    _ => self.at(target.range, |frame| frame.store(&node.target, &base, &index, &result)),
                }
            }
            Expr::Attribute(target) => {
                let base = self.expression(&target.value)?;
                let current = self.at(target.range, |frame| registry::attribute(frame, &base, target.attr.as_str()))?;
                let operand = self.operand_next_to(&current, &node.value)?;
                let result = operators::in_place(self, operator, &current, &operand)?;
                match current {
                    Value::Array(..) => Ok(()),
                    _ => self.at(target.range, |frame| {
                        registry::store_attribute(frame, &base, target.attr.as_str(), &result)
                    }),
                }
            }
            _ => Err(self.error(crate::diagnostic::ErrorKind::Syntax, "illegal target for augmented assignment")),
        }
    }

    /// The right side of an update: next to an array a list display counts as its elements.
    fn operand_next_to(&mut self, current: &Value, node: &'p Expr) -> Evaluated {
        if matches!(current, Value::Array(..) | Value::Records(..)) {
            self.operand(node)
        } else {
            self.expression(node)
        }
    }

    pub fn annotated_assignment(&mut self, node: &'p ast::StmtAnnAssign) -> Evaluated<()> {
        let Some(value) = &node.value else { return Ok(()) };
        let value = self.expression(value)?;
        let ty = annotations::annotation(self.specializer.scope(self.file), &node.annotation)?;
        let value = match ty {
            Some(ty) => self.at(node.annotation.range(), |frame| frame.as_annotated(value, &ty))?,
            None => value,
        };
        self.assign(&node.target, value)
    }
}
