//! Calls that make named tuples.

use super::Evaluated;
use super::calls::{Arguments, Parameter};
use super::frame::Frame;
use crate::diagnostic::ErrorKind;
use crate::types::Class;
use crate::value::{Elements, Value};
use std::sync::Arc;

impl Frame<'_, '_> {
    /// `Point(1, y=2)`: `defaults` are those of the last fields.
    pub(super) fn make_named_tuple(
        &mut self,
        class: &Arc<Class>,
        defaults: &[Value],
        arguments: Arguments,
    ) -> Evaluated {
        let values = self.fields(&class.name, class, arguments)?;
        let first_default = values.len().saturating_sub(defaults.len());
        let mut elements = Vec::with_capacity(values.len());
        for (place, value) in values.into_iter().enumerate() {
            let default = place.checked_sub(first_default).and_then(|place| defaults.get(place));
            let Some(value) = value.or_else(|| default.cloned()) else {
                let message = format!("{}() missing 1 required argument: '{}'", class.name, class.fields[place]);
                return Err(self.error(ErrorKind::Argument, message));
            };
            elements.push(value);
        }
        Ok(Value::Tuple(Elements::new(Some(class.clone()), elements)))
    }

    /// `point._replace(y=2)`.
    pub(super) fn replace_fields(&mut self, tuple: &Elements, arguments: Arguments) -> Evaluated {
        let Some(class) = &tuple.class else { return Ok(Value::Tuple(tuple.clone())) };
        if !arguments.positional.is_empty() {
            let message =
                format!("_replace() takes 1 positional argument but {} were given", 1 + arguments.positional.len());
            return Err(self.error(ErrorKind::Argument, message));
        }
        let values = self.fields("_replace", class, arguments)?;
        let old = tuple.iter().cloned();
        Ok(Value::Tuple(tuple.with(values.into_iter().zip(old).map(|(new, old)| new.unwrap_or(old)))))
    }

    /// The fields that arguments give, in their order.
    fn fields(&mut self, function: &str, class: &Class, arguments: Arguments) -> Evaluated<Vec<Option<Value>>> {
        let parameters: Vec<Parameter<'_>> = class.fields.iter().map(|field| Parameter::optional(field)).collect();
        Ok(self.distribute(function, &parameters, arguments, false)?.0)
    }
}
