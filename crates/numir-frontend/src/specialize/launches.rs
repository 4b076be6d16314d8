//! Launches: a function that is run as a kernel, once for each thread of a grid.

use super::calls::Arguments;
use super::frame::Frame;
use super::{Evaluated, callee};
use crate::diagnostic::{Diagnostic, ErrorKind};
use crate::function_ir::ValueId;
use crate::registry::cuda::LAUNCH;
use crate::value::{FunctionId, Value};

impl Frame<'_, '_> {
    /// Starts a function on a grid, whose seven numbers `operands` are.
    ///
    /// # Errors
    /// What is wrong in the kernel or with its arguments; that it returns something.
    pub fn launch(&mut self, kernel: FunctionId, mut operands: Vec<ValueId>, arguments: Arguments) -> Evaluated {
        let forms = self.bind_function(kernel, arguments)?;
        for (_, value) in &forms {
            value.visit_parts(&mut |id, _| operands.push(id));
        }
        let (range, from) = (self.range, self.file);
        let instance = self.specializer.instance(kernel, forms, range, from)?;
        if let Some(result) = instance.result.filter(|result| !matches!(result, Value::None)) {
            let (name, seen) = (self.specializer.function_name(kernel).to_owned(), self.describe(&result));
            let message = format!("a kernel returns nothing, and `{name}` returns {seen}");
            let diagnostic = Diagnostic::new(ErrorKind::Typing, &self.span(), message);
            let diagnostic = diagnostic.help("write results to an array that is an argument");
            return Err(self.with_definition(kernel, diagnostic).into());
        }
        self.emit_effect(LAUNCH, &operands, vec![callee(&instance.symbol)]);
        Ok(Value::None)
    }
}
