//! Which names a piece of syntax binds, and how control leaves it: found by a walk over the syntax alone.

use rustpython_parser::ast::{self, Expr, Pattern, Stmt};
use std::collections::BTreeSet;

/// What a list of statements may bind and how it may leave.
#[derive(Default, Debug)]
pub(crate) struct Effects<'p> {
    /// Names bound, in alphabetical order.
    pub names: BTreeSet<&'p str>,
    /// Whether a `return` stands in it.
    pub returns: bool,
    /// Whether a `break` of the enclosing loop stands in it.
    pub breaks: bool,
    /// Whether a `continue` of the enclosing loop stands in it.
    pub continues: bool,
    loops: usize,
}

impl<'p> Effects<'p> {
    /// The effects of statements.
    pub fn of(statements: &'p [Stmt]) -> Self {
        let mut effects = Self::default();
        effects.statements(statements);
        effects
    }

    /// The effects of expressions: the names that `:=` binds.
    pub fn of_expressions(expressions: impl IntoIterator<Item = &'p Expr>) -> Self {
        let mut effects = Self::default();
        expressions.into_iter().for_each(|expression| effects.expression(expression));
        effects
    }

    /// Adds statements.
    pub fn statements(&mut self, statements: &'p [Stmt]) {
        statements.iter().for_each(|statement| self.statement(statement));
    }

    fn statement(&mut self, statement: &'p Stmt) {
        match statement {
            Stmt::FunctionDef(definition) => {
                self.names.insert(definition.name.as_str());
            }
            Stmt::ClassDef(definition) => {
                self.names.insert(definition.name.as_str());
            }
            Stmt::Return(statement) => {
                self.returns = true;
                statement.value.iter().for_each(|value| self.expression(value));
            }
            Stmt::Assign(statement) => {
                self.expression(&statement.value);
                statement.targets.iter().for_each(|target| self.target(target));
            }
            Stmt::AugAssign(statement) => {
                self.expression(&statement.value);
                self.target(&statement.target);
            }
            Stmt::AnnAssign(statement) => {
                if let Some(value) = &statement.value {
                    self.expression(value);
                    self.target(&statement.target);
                }
            }
            Stmt::For(statement) => {
                self.expression(&statement.iter);
                self.target(&statement.target);
                self.within_loop(&statement.body);
                self.statements(&statement.orelse);
            }
            Stmt::While(statement) => {
                self.expression(&statement.test);
                self.within_loop(&statement.body);
                self.statements(&statement.orelse);
            }
            Stmt::If(statement) => {
                self.expression(&statement.test);
                self.statements(&statement.body);
                self.statements(&statement.orelse);
            }
            Stmt::Match(statement) => {
                self.expression(&statement.subject);
                for case in &statement.cases {
                    self.pattern(&case.pattern);
                    case.guard.iter().for_each(|guard| self.expression(guard));
                    self.statements(&case.body);
                }
            }
            Stmt::With(statement) => {
                for item in &statement.items {
                    self.expression(&item.context_expr);
                    item.optional_vars.iter().for_each(|target| self.target(target));
                }
                self.statements(&statement.body);
            }
            Stmt::Try(statement) => {
                self.statements(&statement.body);
                for ast::ExceptHandler::ExceptHandler(handler) in &statement.handlers {
                    self.names.extend(handler.name.as_ref().map(ast::Identifier::as_str));
                    self.statements(&handler.body);
                }
                self.statements(&statement.orelse);
                self.statements(&statement.finalbody);
            }
            Stmt::Import(statement) => {
                for alias in &statement.names {
                    let whole = alias.name.as_str();
                    let first = whole.split('.').next().unwrap_or(whole);
                    self.names.insert(alias.asname.as_ref().map_or(first, ast::Identifier::as_str));
                }
            }
            Stmt::ImportFrom(statement) => {
                self.names
                    .extend(statement.names.iter().map(|alias| alias.asname.as_ref().unwrap_or(&alias.name).as_str()));
            }
            Stmt::Expr(statement) => self.expression(&statement.value),
            Stmt::Assert(statement) => {
                self.expression(&statement.test);
                statement.msg.iter().for_each(|message| self.expression(message));
            }
            Stmt::Raise(statement) => statement.exc.iter().for_each(|exception| self.expression(exception)),
            Stmt::Delete(statement) => statement.targets.iter().for_each(|target| self.target(target)),
            Stmt::Break(_) => self.breaks |= self.loops == 0,
            Stmt::Continue(_) => self.continues |= self.loops == 0,
            Stmt::AsyncFunctionDef(_)
            | Stmt::TypeAlias(_)
            | Stmt::AsyncFor(_)
            | Stmt::AsyncWith(_)
            | Stmt::TryStar(_)
            | Stmt::Global(_)
            | Stmt::Nonlocal(_)
            | Stmt::Pass(_) => {}
        }
    }

    fn within_loop(&mut self, body: &'p [Stmt]) {
        self.loops += 1;
        self.statements(body);
        self.loops -= 1;
    }

    /// Adds the names of an assignment's target.
    pub fn target(&mut self, target: &'p Expr) {
        match target {
            Expr::Name(name) => {
                self.names.insert(name.id.as_str());
            }
            Expr::Tuple(tuple) => tuple.elts.iter().for_each(|element| self.target(element)),
            Expr::List(list) => list.elts.iter().for_each(|element| self.target(element)),
            Expr::Starred(starred) => self.target(&starred.value),
            other => self.expression(other),
        }
    }

    fn pattern(&mut self, pattern: &'p Pattern) {
        match pattern {
            Pattern::MatchAs(pattern) => {
                self.names.extend(pattern.name.as_ref().map(ast::Identifier::as_str));
                pattern.pattern.iter().for_each(|inner| self.pattern(inner));
            }
            Pattern::MatchStar(pattern) => self.names.extend(pattern.name.as_ref().map(ast::Identifier::as_str)),
            Pattern::MatchSequence(pattern) => pattern.patterns.iter().for_each(|inner| self.pattern(inner)),
            Pattern::MatchOr(pattern) => pattern.patterns.iter().for_each(|inner| self.pattern(inner)),
            _ => {}
        }
    }

    /// Adds the names that `:=` binds in an expression.
    pub fn expression(&mut self, expression: &'p Expr) {
        if let Expr::NamedExpr(named) = expression {
            self.target(&named.target);
        }
        children(expression, &mut |child| self.expression(child));
    }
}

/// Calls `visit` on the direct parts of an expression, but not on the bodies of lambdas and comprehensions.
pub(crate) fn children<'p>(expression: &'p Expr, visit: &mut dyn FnMut(&'p Expr)) {
    match expression {
        Expr::BoolOp(node) => node.values.iter().for_each(visit),
        Expr::NamedExpr(node) => visit(&node.value),
        Expr::BinOp(node) => {
            visit(&node.left);
            visit(&node.right);
        }
        Expr::UnaryOp(node) => visit(&node.operand),
        Expr::IfExp(node) => {
            visit(&node.test);
            visit(&node.body);
            visit(&node.orelse);
        }
        Expr::Compare(node) => {
            visit(&node.left);
            node.comparators.iter().for_each(visit);
        }
        Expr::Call(node) => {
            visit(&node.func);
            node.args.iter().for_each(&mut *visit);
            node.keywords.iter().for_each(|keyword| visit(&keyword.value));
        }
        Expr::Attribute(node) => visit(&node.value),
        Expr::Subscript(node) => {
            visit(&node.value);
            visit(&node.slice);
        }
        Expr::Starred(node) => visit(&node.value),
        Expr::List(node) => node.elts.iter().for_each(visit),
        Expr::Tuple(node) => node.elts.iter().for_each(visit),
        Expr::Set(node) => node.elts.iter().for_each(visit),
        Expr::Slice(node) => [&node.lower, &node.upper, &node.step].into_iter().flatten().for_each(|part| visit(part)),
        Expr::JoinedStr(node) => node.values.iter().for_each(visit),
        Expr::FormattedValue(node) => visit(&node.value),
        Expr::Dict(node) => {
            node.keys.iter().flatten().for_each(&mut *visit);
            node.values.iter().for_each(visit);
        }
        Expr::Await(node) => visit(&node.value),
        Expr::Yield(node) => node.value.iter().for_each(|value| visit(value)),
        Expr::YieldFrom(node) => visit(&node.value),
        Expr::Lambda(_)
        | Expr::ListComp(_)
        | Expr::SetComp(_)
        | Expr::DictComp(_)
        | Expr::GeneratorExp(_)
        | Expr::Constant(_)
        | Expr::Name(_) => {}
    }
}

/// Whether an expression is this name.
pub(crate) fn is_name(expression: &Expr, name: &str) -> bool {
    matches!(expression, Expr::Name(node) if node.id.as_str() == name)
}

/// The parameters' names of a function, in order, `*args` and `**kwargs` last.
pub(crate) fn parameter_names(arguments: &ast::Arguments) -> Vec<&str> {
    let plain = arguments.posonlyargs.iter().chain(&arguments.args).chain(&arguments.kwonlyargs);
    let mut names: Vec<&str> = plain.map(|argument| argument.def.arg.as_str()).collect();
    names.extend([&arguments.vararg, &arguments.kwarg].into_iter().flatten().map(|argument| argument.arg.as_str()));
    names
}

/// The parameter of that name, but for `*args` and `**kwargs`.
pub(crate) fn parameter<'p>(arguments: &'p ast::Arguments, name: &str) -> Option<&'p ast::Arg> {
    let mut all = arguments.posonlyargs.iter().chain(&arguments.args).chain(&arguments.kwonlyargs);
    all.find(|argument| argument.def.arg.as_str() == name).map(|argument| &argument.def)
}

/// Calls `visit` on statements and on those inside of them, but not on the bodies of functions.
pub(crate) fn each_statement<'p>(body: &'p [Stmt], visit: &mut dyn FnMut(&'p Stmt)) {
    for statement in body {
        visit(statement);
        match statement {
            Stmt::For(node) => [&node.body, &node.orelse].into_iter().for_each(|body| each_statement(body, visit)),
            Stmt::While(node) => [&node.body, &node.orelse].into_iter().for_each(|body| each_statement(body, visit)),
            Stmt::If(node) => [&node.body, &node.orelse].into_iter().for_each(|body| each_statement(body, visit)),
            Stmt::Match(node) => node.cases.iter().for_each(|case| each_statement(&case.body, visit)),
            Stmt::With(node) => each_statement(&node.body, visit),
            _ => {}
        }
    }
}

/// The names that a function reads or binds anywhere, its nested functions included.
pub(crate) fn mentioned<'p>(body: &'p [Stmt], names: &mut BTreeSet<&'p str>) {
    for statement in body {
        statement_expressions(statement, &mut |expression| mentioned_in(expression, names));
        match statement {
            Stmt::FunctionDef(definition) => mentioned(&definition.body, names),
            Stmt::For(statement) => {
                mentioned(&statement.body, names);
                mentioned(&statement.orelse, names);
            }
            Stmt::While(statement) => {
                mentioned(&statement.body, names);
                mentioned(&statement.orelse, names);
            }
            Stmt::If(statement) => {
                mentioned(&statement.body, names);
                mentioned(&statement.orelse, names);
            }
            Stmt::Match(statement) => statement.cases.iter().for_each(|case| mentioned(&case.body, names)),
            Stmt::With(statement) => mentioned(&statement.body, names),
            _ => {}
        }
    }
}

/// The names that an expression reads, lambdas included.
pub(crate) fn mentioned_in<'p>(expression: &'p Expr, names: &mut BTreeSet<&'p str>) {
    if let Expr::Name(name) = expression {
        names.insert(name.id.as_str());
    }
    if let Expr::Lambda(lambda) = expression {
        mentioned_in(&lambda.body, names);
    }
    children(expression, &mut |child| mentioned_in(child, names));
}

/// Calls `visit` on the expressions that a statement itself evaluates, not on those of statements inside of it.
pub(crate) fn statement_expressions<'p>(statement: &'p Stmt, visit: &mut dyn FnMut(&'p Expr)) {
    match statement {
        Stmt::Return(statement) => statement.value.iter().for_each(|value| visit(value)),
        Stmt::Assign(statement) => {
            visit(&statement.value);
            statement.targets.iter().for_each(visit);
        }
        Stmt::AugAssign(statement) => {
            visit(&statement.value);
            visit(&statement.target);
        }
        Stmt::AnnAssign(statement) => {
            statement.value.iter().for_each(|value| visit(value));
            visit(&statement.target);
        }
        Stmt::For(statement) => {
            visit(&statement.iter);
            visit(&statement.target);
        }
        Stmt::While(statement) => visit(&statement.test),
        Stmt::If(statement) => visit(&statement.test),
        Stmt::Match(statement) => {
            visit(&statement.subject);
            statement.cases.iter().filter_map(|case| case.guard.as_deref()).for_each(visit);
        }
        Stmt::Expr(statement) => visit(&statement.value),
        Stmt::Assert(statement) => {
            visit(&statement.test);
            statement.msg.iter().for_each(|message| visit(message));
        }
        Stmt::Raise(statement) => statement.exc.iter().for_each(|exception| visit(exception)),
        Stmt::With(statement) => statement.items.iter().for_each(|item| {
            visit(&item.context_expr);
            item.optional_vars.iter().for_each(|target| visit(target));
        }),
        _ => {}
    }
}
