//! Functions that C calls: what they return is converted to the type that C expects.

use super::frame::Frame;
use super::{Evaluated, Specializer};
use crate::diagnostic::{Diagnostic, ErrorKind};
use crate::registry;
use crate::source::Span;
use crate::types::{Scalar, Type};
use crate::value::{FunctionId, Number, Value};
use numir_runtime::DType;

impl Specializer<'_> {
    /// The name of what the entry gives to C: that of a type of `numeric`.
    pub(super) fn c_result_name(&self) -> Option<String> {
        let dtype = match self.options.c_result.as_ref()? {
            Type::Scalar(scalar) => scalar.dtype(),
            Type::Pointer(_) => DType::UInt64,
            _ => return Some("void".to_owned()),
        };
        let name = dtype.name();
        Some(match name.strip_prefix("uint") {
            Some(bits) => format!("ui{bits}"),
            None => name.replacen("int", "si", 1).replacen("float", "f", 1),
        })
    }
}

impl Frame<'_, '_> {
    /// What a function returns, converted where it is the entry and C calls that; None where every way ends in a raise.
    pub(super) fn c_result(&mut self, function: FunctionId, result: Option<Value>) -> Evaluated<Option<Value>> {
        let is_outermost = self.specializer.entry == Some(function) && self.specializer.active.len() == 1;
        let Some(wanted) = self.specializer.options.c_result.clone().filter(|_| is_outermost) else {
            return Ok(result);
        };
        let converted = match (&wanted, &result) {
            // The function of C has a result even where this one never returns.
            (Type::Scalar(scalar), None) => Some(Value::Scalar(*scalar, self.zero(*scalar)?)),
            (Type::Pointer(to), None) => Some(Value::Pointer(*to, self.zero(Scalar::Of(DType::UInt64))?)),
            (Type::None, None | Some(Value::None)) => Some(Value::None),
            (Type::Scalar(to), Some(value)) => self.as_c_number(value, *to)?.map(|number| Value::Scalar(*to, number)),
            (Type::Pointer(to), Some(value)) => {
                self.as_pointer(value, *to)?.map(|address| Value::Pointer(*to, address))
            }
            _ => None,
        };
        if converted.is_some() {
            return Ok(converted);
        }
        let seen = result.map_or_else(|| "nothing".to_owned(), |value| self.describe(&value));
        let name = self.specializer.function_name(function);
        let message = format!("{name}() returns {seen}, but its signature says {wanted}");
        let file = self.specializer.file(self.specializer.functions[function.0 as usize].file);
        let mut place = Span::new(&file.source, self.range);
        place.end = place.start + "def ".len() + name.len();
        Err(Diagnostic::new(ErrorKind::Typing, &place, message).into())
    }

    fn zero(&mut self, scalar: Scalar) -> Evaluated<crate::function_ir::ValueId> {
        let zero = registry::cast(self, &Value::Number(Scalar::Int, Number::Integer(0)), scalar)?;
        self.materialize(&zero)
    }
}
