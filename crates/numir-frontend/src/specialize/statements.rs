//! Statements.

use super::frame::{Binding, Frame, Slot};
use super::names::Effects;
use super::{Definition, Evaluated, Stop};
use crate::diagnostic::ErrorKind;
use crate::function_ir::ValueId;
use crate::value::{Number, Value};
use rustpython_parser::ast::{self, Expr, Ranged, Stmt};

/// How deep branches nest before what follows an early return is put under a test instead of into the other branch.
const PULLED: usize = 40;

impl<'p> Frame<'p, '_> {
    /// Walks statements up to where control surely leaves them.
    pub fn block(&mut self, statements: &'p [Stmt]) -> Evaluated<()> {
        for (index, statement) in statements.iter().enumerate() {
            let rest = &statements[index + 1..];
            let consumed = self.at(statement.range(), |frame| match frame.statement(statement, rest) {
                Err(Stop::Dead) => {
                    frame.dead = true;
                    Ok(true)
                }
                other => other,
            })?;
            if consumed || self.dead {
                return Ok(());
            }
            if self.may_have_left() {
                return self.rest(rest);
            }
        }
        Ok(())
    }

    fn may_have_left(&self) -> bool {
        self.leaving_flags().iter().any(|(_, value)| value.number().is_none_or(Number::truth))
    }

    /// Walks the statements that follow one by which control may have left.
    fn rest(&mut self, rest: &'p [Stmt]) -> Evaluated<()> {
        let flags = self.leaving_flags();
        let surely = flags.iter().any(|(_, value)| value.number().is_some_and(Number::truth));
        if self.dead || surely || rest.is_empty() {
            return Ok(());
        }
        let open: Vec<_> = flags.into_iter().filter(|(_, value)| value.number().is_none()).collect();
        if open.is_empty() { self.block(rest) } else { self.unless_left(&open, rest) }
    }

    /// The flags by which control may have left the current block, with their values.
    fn leaving_flags(&self) -> Vec<(Slot, Value)> {
        let innermost = self.loops.last().map(|flags| [flags.broken, flags.continued]);
        let slots = std::iter::once(self.returned).chain(innermost.into_iter().flatten());
        slots
            .filter_map(|slot| match &self.bindings[slot] {
                Binding::Bound(value) | Binding::Maybe(_, value) => Some((slot, value.clone())),
                Binding::Unbound => None,
            })
            .collect()
    }

    /// Walks statements under the condition that none of the flags is set.
    fn unless_left(&mut self, flags: &[(Slot, Value)], statements: &'p [Stmt]) -> Evaluated<()> {
        let mut left: Option<ValueId> = None;
        for (_, flag) in flags {
            let flag = self.materialize(flag)?;
            left = Some(match left {
                None => flag,
                Some(other) => self.emit("numeric.or", &[other, flag], crate::function_ir::IrType::BOOL, Vec::new()),
            });
        }
        let Some(left) = left else { return self.block(statements) };
        let mut slots = self.slots_of(&Effects::of(statements));
        for (slot, _) in flags {
            if !slots.contains(slot) {
                slots.push(*slot);
            }
        }
        let outcome = self.conditional(
            left,
            &slots,
            |frame| {
                if let [(slot, _)] = flags {
                    frame.bind(*slot, Value::bool(true));
                }
                Ok(Value::None)
            },
            |frame| {
                flags.iter().for_each(|(slot, _)| frame.bind(*slot, Value::bool(false)));
                frame.block(statements)?;
                Ok(Value::None)
            },
        );
        match outcome {
            Err(Stop::Dead) => {
                self.dead = true;
                Ok(())
            }
            other => other.map(|_| ()),
        }
    }

    /// The slots that statements with these effects may bind.
    pub fn slots_of(&mut self, effects: &Effects<'p>) -> Vec<Slot> {
        let function = self.function;
        let mut slots: Vec<Slot> = effects.names.iter().map(|name| self.slot((function, name))).collect();
        if effects.returns {
            slots.extend([self.returned, self.result]);
        }
        if let Some(flags) = self.loops.last() {
            slots.extend(effects.breaks.then_some(flags.broken));
            slots.extend(effects.continues.then_some(flags.continued));
        }
        slots
    }

    /// Walks one statement; true where it has taken in the statements that follow it.
    fn statement(&mut self, statement: &'p Stmt, rest: &'p [Stmt]) -> Evaluated<bool> {
        match statement {
            Stmt::If(node) => return self.if_statement(node, rest),
            Stmt::Expr(node) => {
                if !matches!(&*node.value, Expr::Constant(_)) {
                    self.expression(&node.value)?;
                }
            }
            Stmt::Assign(node) => self.assign_statement(node)?,
            Stmt::AugAssign(node) => self.augmented_assignment(node)?,
            Stmt::AnnAssign(node) => self.annotated_assignment(node)?,
            Stmt::Return(node) => {
                if self.parallel_depth > 0 {
                    return Err(self.unsupported("`return` inside a prange loop"));
                }
                let value = node.value.as_deref().map_or(Ok(Value::None), |value| self.expression(value))?;
                let (returned, result) = (self.returned, self.result);
                self.bind(result, value);
                self.bind(returned, Value::bool(true));
            }
            Stmt::While(node) => self.while_statement(node)?,
            Stmt::For(node) => self.for_statement(node)?,
            Stmt::Break(_) => {
                let Some(flags) = self.loops.last().copied() else {
                    return Err(self.error(ErrorKind::Syntax, "'break' outside loop"));
                };
                self.bind(flags.broken, Value::bool(true));
            }
            Stmt::Continue(_) => {
                let Some(flags) = self.loops.last().copied() else {
                    return Err(self.error(ErrorKind::Syntax, "'continue' not properly in loop"));
                };
                self.bind(flags.continued, Value::bool(true));
            }
            Stmt::Pass(_) => {}
            Stmt::Assert(node) => self.assert_statement(node)?,
            Stmt::Raise(node) => return Err(self.raise_statement(node)?),
            Stmt::Match(node) => self.match_statement(node)?,
            Stmt::FunctionDef(node) => {
                let file = self.specializer.functions[self.function.0 as usize].file;
                let function = self.specializer.function(file, Definition::Def(node), Some(self.function));
                let slot = self.slot((self.function, node.name.as_str()));
                let value =
                    self.decorated(function, &node.decorator_list, |frame, decorator| frame.expression(decorator))?;
                self.bind(slot, value);
            }
            Stmt::Delete(node) => {
                for target in &node.targets {
                    let Expr::Name(name) = target else {
                        return Err(self.unsupported("`del` of anything but a name"));
                    };
                    let slot = self.slot((self.function, name.id.as_str()));
                    self.bindings[slot] = Binding::Unbound;
                }
            }
            Stmt::With(node) => self.with_statement(&node.items, &node.body)?,
            Stmt::Import(node) => self.import_statement(node)?,
            Stmt::ImportFrom(node) => self.import_from_statement(node)?,
            other => {
                let (name, help) = unsupported_statement(other);
                return Err(self.unsupported_with_help(format!("{name} is not compiled yet"), help));
            }
        }
        Ok(false)
    }

    fn if_statement(&mut self, node: &'p ast::StmtIf, rest: &'p [Stmt]) -> Evaluated<bool> {
        let condition = self.condition(&node.test)?;
        if let Some(known) = condition.number() {
            self.block(if known.truth() { &node.body } else { &node.orelse })?;
            return Ok(false);
        }
        let condition = self.materialize(&condition)?;
        let (then_leaves, else_leaves) = (always_leaves(&node.body), always_leaves(&node.orelse));
        let pull = then_leaves != else_leaves && !rest.is_empty() && self.open_regions() < PULLED;
        let mut effects = Effects::of(&node.body);
        effects.statements(&node.orelse);
        if pull {
            effects.statements(rest);
        }
        let slots = self.slots_of(&effects);
        let walk = |frame: &mut Self, branch: &'p [Stmt], leaves: bool| {
            frame.block(branch)?;
            if pull && !leaves {
                frame.rest(rest)?;
            }
            Ok(Value::None)
        };
        self.conditional(
            condition,
            &slots,
            |frame| walk(frame, &node.body, then_leaves),
            |frame| walk(frame, &node.orelse, else_leaves),
        )?;
        Ok(pull)
    }
}

/// Whether control surely leaves the block by return, break or continue; a branch that raises needs no such care.
fn always_leaves(statements: &[Stmt]) -> bool {
    statements.iter().any(|statement| match statement {
        Stmt::Return(_) | Stmt::Break(_) | Stmt::Continue(_) => true,
        Stmt::If(node) => always_leaves(&node.body) && always_leaves(&node.orelse),
        _ => false,
    })
}

/// What a statement that is not compiled is called, and what would work in its place; empty where nothing would.
fn unsupported_statement(statement: &Stmt) -> (&'static str, &'static str) {
    match statement {
        Stmt::ClassDef(_) => ("`class`", "keep what belongs together in a tuple or in arrays"),
        Stmt::AsyncWith(_) => ("`async with`", "open files and the like outside, and pass their contents"),
        Stmt::Try(_) | Stmt::TryStar(_) => ("`try`", "test for the error before it arises, or catch it in the caller"),
        Stmt::Global(_) => ("`global`", "pass the value as an argument and return the new one"),
        Stmt::Nonlocal(_) => ("`nonlocal`", "pass the value as an argument and return the new one"),
        Stmt::AsyncFunctionDef(_) | Stmt::AsyncFor(_) => ("`async`", ""),
        _ => ("this statement", ""),
    }
}
