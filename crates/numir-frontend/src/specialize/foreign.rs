//! Calls of C functions: arguments are converted to the types that the function declares, or refused where that would lose
//! what they are; results are Python's own numbers, as ctypes and cffi give them.

use super::calls::Arguments;
use super::frame::{Binding, Frame};
use super::{Evaluated, Stop};
use crate::function_ir::{Attribute, IrType, ValueId};
use crate::registry;
use crate::types::{Kind, Scalar, Type};
use crate::value::{Number, Value};
use numir_interface::live::Foreign;
use numir_runtime::DType;

impl Frame<'_, '_> {
    /// Calls a C function.
    pub(super) fn call_foreign(&mut self, function: &Foreign, arguments: Arguments) -> Evaluated {
        let (name, count, given) = (&function.name, function.parameters.len(), arguments.positional.len());
        if let Some((keyword, _)) = arguments.keywords.first() {
            return Err(self.typing(format!("the C function {name}() takes no argument by the name `{keyword}`")));
        }
        if given != count {
            let plural = if count == 1 { "argument" } else { "arguments" };
            return Err(self.typing(format!("the C function {name}() takes {count} {plural}, but {given} were given")));
        }
        let mut operands = Vec::with_capacity(count);
        for (place, (value, ty)) in arguments.positional.iter().zip(&function.parameters).enumerate() {
            let range = arguments.places.get(place).copied().unwrap_or(self.range);
            operands.push(self.at(range, |frame| frame.c_argument(name, place, value, ty))?);
        }
        let attributes = vec![
            ("function", Attribute::Text(name.clone())),
            ("address", Attribute::Integer(function.address.cast_signed())),
        ];
        match &function.result {
            Type::Scalar(scalar) => {
                let result = self.emit("numeric.call_foreign", &operands, IrType::Scalar(*scalar), attributes);
                registry::cast(self, &Value::Scalar(*scalar, result), python_number(*scalar))
            }
            Type::Pointer(to) => {
                Ok(Value::Pointer(*to, self.emit("numeric.call_foreign", &operands, IrType::ADDRESS, attributes)))
            }
            _ => {
                self.emit_effect("numeric.call_foreign", &operands, attributes);
                Ok(Value::None)
            }
        }
    }

    /// An argument as the type of its parameter.
    fn c_argument(&mut self, function: &str, place: usize, value: &Value, wanted: &Type) -> Evaluated<ValueId> {
        match (wanted, value.scalar()) {
            (Type::Scalar(to), Some(_)) => match self.as_c_number(value, *to)? {
                Some(number) => Ok(number),
                None => Err(self.unfit_for_c(function, place, value, wanted)),
            },
            (Type::Pointer(to), _) => match self.as_pointer(value, *to)? {
                Some(address) => Ok(address),
                None => Err(self.unfit_for_c(function, place, value, wanted)),
            },
            _ => Err(self.unfit_for_c(function, place, value, wanted)),
        }
    }

    /// A number as a type of C; None for what is no number, or of a higher kind.
    pub(super) fn as_c_number(&mut self, value: &Value, to: Scalar) -> Evaluated<Option<ValueId>> {
        let Some(given) = value.scalar() else { return Ok(None) };
        let value = match to.kind() {
            Kind::Bool => self.truth(value)?,
            kind if given.kind() <= kind => value.clone(),
            _ => return Ok(None),
        };
        let converted = registry::cast(self, &value, to)?;
        self.materialize(&converted).map(Some)
    }

    /// An address: a pointer, `a.ctypes`, an int, or None; None for what is no pointer to items of that type.
    pub(crate) fn as_pointer(&mut self, value: &Value, to: Option<DType>) -> Evaluated<Option<ValueId>> {
        let fits = |from: Option<DType>| to.is_none() || from.is_none() || from == to;
        Ok(match value {
            Value::Pointer(from, address) if fits(*from) => Some(*address),
            Value::Ctypes(array, id) if fits(Some(array.dtype)) => Some(self.address_of(*id)),
            Value::Optional(flag, inner) if matches!(**inner, Value::Pointer(from, _) if fits(from)) => {
                let inner = inner.clone();
                let null =
                    Value::Pointer(None, self.materialize_number(Scalar::Of(DType::UInt64), Number::Integer(0))?);
                match self.conditional(*flag, &[], |_| Ok((*inner).clone()), |_| Ok(null))? {
                    Value::Pointer(_, address) => Some(address),
                    _ => None,
                }
            }
            Value::None => Some(self.materialize_number(Scalar::Of(DType::UInt64), Number::Integer(0))?),
            number if number.scalar().is_some_and(|scalar| scalar.kind() == Kind::Integer) => {
                let address = registry::cast(self, number, Scalar::Of(DType::UInt64))?;
                Some(self.materialize(&address)?)
            }
            _ => None,
        })
    }

    /// The address of an array's first item.
    pub(crate) fn address_of(&mut self, array: ValueId) -> ValueId {
        self.has_addresses = true;
        self.emit("numeric.address", &[array], IrType::ADDRESS, Vec::new())
    }

    /// Uses what the names stand for at the end of a function, so that it is still there for who has its address, as in Python.
    /// Arguments live as long as the call in any case.
    pub(super) fn keep_addressed(&mut self, arguments: &[ValueId]) {
        if !self.has_addresses {
            return;
        }
        let mut kept = Vec::new();
        for binding in &self.bindings {
            let (Binding::Bound(value) | Binding::Maybe(_, value)) = binding else { continue };
            value.visit_parts(&mut |id, ty| {
                if matches!(ty, IrType::Array(_)) && !arguments.contains(&id) && !kept.contains(&id) {
                    kept.push(id);
                }
            });
        }
        for operation in ["numeric.retain", "numeric.release"] {
            for array in &kept {
                self.emit_effect(operation, &[*array], Vec::new());
            }
        }
    }

    fn unfit_for_c(&self, function: &str, place: usize, value: &Value, wanted: &Type) -> Stop {
        let (seen, number) = (self.describe(value), place + 1);
        let message = format!("argument {number} of the C function {function}() is {wanted}, not {seen}");
        let Stop::Error(diagnostic) = self.typing(message) else { return Stop::Dead };
        match (wanted, value) {
            (Type::Pointer(_), Value::Array(..)) => diagnostic.help("`a.ctypes` is the address of an array's items"),
            (Type::Scalar(_), Value::Array(..)) => diagnostic.help("call it for each item"),
            (Type::Scalar(to), _) if to.kind() == Kind::Integer && value.scalar().is_some() => {
                diagnostic.help("`int(x)` truncates")
            }
            _ => diagnostic,
        }
        .into()
    }
}

/// What a number of C is to Python; an integer of 64 bits without a sign keeps its type, as it may be none of Python's here.
fn python_number(scalar: Scalar) -> Scalar {
    match scalar.kind() {
        Kind::Bool => Scalar::Bool,
        Kind::Integer if scalar == Scalar::Of(DType::UInt64) => scalar,
        Kind::Integer => Scalar::Int,
        Kind::Float => Scalar::Float,
        Kind::Complex => Scalar::Complex,
        Kind::Time => scalar,
    }
}
