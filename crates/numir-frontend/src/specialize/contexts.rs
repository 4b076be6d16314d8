//! `with` statements. A block is left in one place, however control gets there; what an exception leaves is put right by the host.

use super::frame::Frame;
use super::{Evaluated, Stop};
use crate::value::Value;
use rustpython_parser::ast::{self, Ranged, Stmt};

impl<'p> Frame<'p, '_> {
    pub(super) fn with_statement(&mut self, items: &'p [ast::WithItem], body: &'p [Stmt]) -> Evaluated<()> {
        let [item, inner @ ..] = items else { return self.block(body) };
        if self.is_host_code(&item.context_expr)? {
            if items.len() > 1 || item.optional_vars.is_some() {
                return Err(self.unsupported("objmode stands alone in its `with` statement, without `as`"));
            }
            return self.host_code();
        }
        let manager = self.at(item.context_expr.range(), |frame| match frame.expression(&item.context_expr)? {
            Value::Manager(manager) => Ok(manager),
            other => {
                let seen = frame.describe(&other);
                let help = "compiled code knows `with parallel_chunksize(n):` and `with objmode():`; open files and the like outside";
                Err(frame.unsupported_with_help(format!("`with` of {seen}"), help))
            }
        })?;
        let entered = self.call_library(manager.module, manager.enter, manager.arguments.clone())?;
        if let Some(target) = &item.optional_vars {
            self.assign(target, entered)?;
        }
        self.with_statement(inner, body)?;
        if self.dead {
            return Ok(());
        }
        match self.call_library(manager.module, manager.leave, Vec::new()) {
            Ok(_) | Err(Stop::Dead) => Ok(()),
            Err(stop) => Err(stop),
        }
    }
}
