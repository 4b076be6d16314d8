//! `with objmode(y="float64[:]"):`, a block that Python runs. The compiled function hands over the names that the block reads and takes
//! those that it declares; the block itself is a function of the host, which the module declares and calls.

use super::frame::{Binding, Frame};
use super::{Evaluated, callee};
use crate::function_ir::IrType;
use crate::program::HostCall;
use crate::types::{Scalar, Type};
use crate::value::{PLACEHOLDER, Value};
use numir_interface::live::HostNames;
use numir_runtime::host;
use rustpython_parser::ast::{Expr, Ranged};

/// The name of the context manager in the registry.
pub(super) const NAME: &str = "numir.objmode";

impl<'p> Frame<'p, '_> {
    /// Whether a `with` statement's expression is `objmode` or a call of it.
    pub(super) fn is_host_code(&mut self, expression: &'p Expr) -> Evaluated<bool> {
        let function = if let Expr::Call(call) = expression { &*call.func } else { expression };
        if !matches!(function, Expr::Name(_) | Expr::Attribute(_)) {
            return Ok(false);
        }
        let function = self.at(function.range(), |frame| frame.expression(function))?;
        Ok(matches!(function, Value::Meaning(meaning) if meaning.name == NAME))
    }

    /// A block that the host runs, at the place of its statement.
    pub(super) fn host_code(&mut self) -> Evaluated<()> {
        let (line, column) = self.span().position();
        let place = (line as u32, column as u32 - 1);
        let absent = || "there is no interpreter that it could run in".to_owned();
        let asked = match (&self.file.live, &self.specializer.live) {
            (Some(function), Some(live)) => Ok((function.number, live.environment)),
            _ => Err(absent()),
        };
        let names = asked.and_then(|(function, host)| Ok((function, host, host.host_names(function, place)?)));
        let (function, host, HostNames { read, written }) =
            names.map_err(|why| self.typing(format!("objmode: {why}")))?;
        let mut inputs = Vec::new();
        for name in read {
            let name = self.specializer.program.intern(name);
            if let Some(value) = self.readable(name)? {
                inputs.push((name.to_owned(), self.known_parts(&value)?));
            }
        }
        let types = self.types_for_host(&inputs)?;
        let code = host.host_code(function, place, &types).map_err(|why| self.typing(format!("objmode: {why}")))?;
        let mut operands = Vec::new();
        inputs.iter().for_each(|(_, value)| value.visit_parts(&mut |id, ty| operands.push((id, ty))));
        let mut outputs = Vec::new();
        for (name, ty) in &code.outputs {
            let Some(template) = Value::template_of(ty) else {
                return Err(self.typing(format!("`{name}` cannot come out of Python's code as {ty}")));
            };
            outputs.push((name, template));
        }
        let parts = outputs.iter().flat_map(|(_, template)| Self::part_types(template));
        let results: Vec<IrType> = std::iter::once(IrType::Scalar(Scalar::Int)).chain(parts).collect();
        let symbol = self.specializer.host_call(code.number, operands.iter().map(|(_, ty)| *ty).collect(), &results);
        let operands = operands.into_iter().map(|(id, _)| id).collect();
        let values = self.emit_all("func.call", operands, &results, vec![callee(&symbol)], Vec::new());
        let zero = self.materialize(&Value::int(0))?;
        let succeeded = self.compare_indices("eq", values[0], zero);
        self.check(succeeded, host::ERROR, "{}", &values[..1]);
        let mut values = values.into_iter().skip(1);
        let outputs: Vec<(&String, Value)> = outputs
            .into_iter()
            .map(|(name, template)| (name, template.with_parts(&mut |_| values.next().unwrap_or(PLACEHOLDER))))
            .collect();
        for name in written {
            let name = self.specializer.program.intern(name);
            let slot = self.slot((self.function, name));
            match outputs.iter().find(|(output, _)| *output == name) {
                Some((_, value)) => self.bind(slot, value.clone()),
                None => {
                    self.rebind(slot, Binding::Unbound);
                    self.undeclared.insert(slot);
                }
            }
        }
        Ok(())
    }

    /// The value of a name that is a variable of this function or of those around it; None where it has none yet, or is none.
    fn readable(&mut self, name: &'p str) -> Evaluated<Option<Value>> {
        let enclosing = self.specializer.functions[self.function.0 as usize].enclosing;
        let owner = self.owner_of(self.function, enclosing, name);
        if !self.specializer.functions[owner.0 as usize].locals.contains(name) {
            return Ok(None);
        }
        let slot = self.slot((owner, name));
        match self.bindings[slot].clone() {
            Binding::Unbound => {
                self.unbound_reads.push(slot);
                Ok(None)
            }
            Binding::Bound(value) => Ok(Some(value)),
            Binding::Maybe(..) => {
                let message = format!("`{name}` may have no value where Python's code begins");
                Err(self.unsupported_with_help(message, "give it one on every way to this block"))
            }
        }
    }

    /// The types of what a block reads.
    fn types_for_host(&self, inputs: &[(String, Value)]) -> Evaluated<Vec<(String, Type)>> {
        let mut types = Vec::with_capacity(inputs.len());
        for (name, value) in inputs {
            let ty = value.ty();
            if Value::template_of(&ty).is_none() {
                let seen = self.describe(value);
                return Err(self.typing(format!("`{name}` cannot be handed to Python's code: it is {seen}")));
            }
            types.push((name.clone(), ty));
        }
        Ok(types)
    }
}

impl super::Specializer<'_> {
    /// The symbol of a function of the host, declared where it is first called with these types.
    fn host_call(&mut self, number: i64, operands: Vec<IrType>, results: &[IrType]) -> String {
        let same = |known: &&HostCall| known.number == number && known.operands == operands && known.results == results;
        if let Some(known) = self.hosts.iter().find(same) {
            return known.symbol.clone();
        }
        let symbol = format!("numir_host_{}", self.hosts.len());
        self.hosts.push(HostCall { symbol: symbol.clone(), number, operands, results: results.to_vec() });
        symbol
    }
}
