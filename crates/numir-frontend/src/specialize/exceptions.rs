//! `raise` and `assert`: an exception's class, and its arguments as a message with places for what is known at run time.

use super::frame::Frame;
use super::{Evaluated, Stop};
use crate::function_ir::ValueId;
use crate::value::{Number, Value};
use numir_runtime::RaisedError;
use rustpython_parser::ast;

/// What an exception is made of: its class, with the mark of its form, and its message with operands.
struct Exception {
    kind: String,
    message: String,
    operands: Vec<ValueId>,
}

impl<'p> Frame<'p, '_> {
    pub(super) fn assert_statement(&mut self, node: &'p ast::StmtAssert) -> Evaluated<()> {
        // A program that `python -O` runs has no assertions.
        if self.name("__debug__")?.number().is_some_and(|debug| !debug.truth()) {
            return Ok(());
        }
        let condition = self.condition(&node.test)?;
        if condition.number().is_some_and(Number::truth) {
            return Ok(());
        }
        let condition = self.materialize(&condition)?;
        let arguments = match &node.msg {
            None => Vec::new(),
            Some(message) => vec![self.expression(message)?],
        };
        let exception = self.exception("AssertionError", &arguments)?;
        self.check(condition, &exception.kind, &exception.message, &exception.operands);
        Ok(())
    }

    pub(super) fn raise_statement(&mut self, node: &'p ast::StmtRaise) -> Evaluated<Stop> {
        let Some(raised) = &node.exc else {
            return Err(self.unsupported("`raise` without an exception"));
        };
        let (class, arguments) = match self.expression(raised)? {
            Value::ExceptionClass(class) => (class, Vec::new()),
            Value::Exception(class, arguments) => (class, arguments.to_vec()),
            other => {
                let seen = self.describe(&other);
                return Err(self.typing(format!("exceptions must derive from BaseException, not {seen}")));
            }
        };
        let exception = self.exception(&class, &arguments)?;
        Ok(self.raise(&exception.kind, &exception.message, &exception.operands))
    }

    /// One text, whole or formatted, is the message as it stands; other arguments are written as a tuple in Python.
    fn exception(&mut self, class: &str, arguments: &[Value]) -> Evaluated<Exception> {
        let mut operands = Vec::new();
        let (kind, message) = match arguments {
            [] => (class.to_owned(), String::new()),
            [text @ (Value::Text(_) | Value::Formatted(_))] => (class.to_owned(), self.text(text, &mut operands)?),
            several => {
                let arguments = self.source(&Value::tuple(several.to_vec()), &mut operands)?;
                (format!("{class}{}", RaisedError::WITH_ARGUMENTS), arguments)
            }
        };
        // Without operands a message is taken as it stands.
        let message = if operands.is_empty() { message.replace("{{", "{").replace("}}", "}") } else { message };
        Ok(Exception { kind, message, operands })
    }

    /// A part of a message as `str` has it.
    fn text(&mut self, value: &Value, operands: &mut Vec<ValueId>) -> Evaluated<String> {
        match value {
            Value::Text(text) => Ok(escape(text)),
            Value::Formatted(parts) => parts.iter().map(|part| self.text(part, operands)).collect(),
            other => self.source(other, operands),
        }
    }

    /// An argument as `repr` has it.
    fn source(&mut self, value: &Value, operands: &mut Vec<ValueId>) -> Evaluated<String> {
        Ok(match value {
            Value::None => "None".to_owned(),
            Value::Text(text) => escape(&quoted(text)),
            // What is formatted are numbers: they need no escapes within quotes.
            Value::Formatted(parts) => {
                let parts = parts.iter().map(|part| match part {
                    Value::Text(text) => Ok(escape(quoted(text).trim_matches('\''))),
                    other => self.text(other, operands),
                });
                format!("'{}'", parts.collect::<Evaluated<String>>()?)
            }
            Value::Number(..) | Value::Scalar(..) => {
                operands.push(self.materialize(value)?);
                "{}".to_owned()
            }
            Value::Tuple(elements) => {
                let parts = elements.iter().map(|part| self.source(part, operands)).collect::<Evaluated<Vec<_>>>()?;
                if parts.len() == 1 { format!("({},)", parts[0]) } else { format!("({})", parts.join(", ")) }
            }
            other => {
                let seen = self.describe(other);
                return Err(self.unsupported(format!("a value of type {seen} in the message of an exception")));
            }
        })
    }
}

/// A text as a literal of Python.
fn quoted(text: &str) -> String {
    let mut literal = String::from("'");
    for character in text.chars() {
        match character {
            '\'' | '\\' => literal.extend(['\\', character]),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\0' => literal.push_str("\\x00"),
            other => literal.push(other),
        }
    }
    literal.push('\'');
    literal
}

/// Braces of a text in a message template are doubled.
fn escape(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}
