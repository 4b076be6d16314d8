//! Functions, methods and attributes that a live program gives compiled code: which implementation a call has is the program's
//! choice, by the types of the arguments.

use super::calls::Arguments;
use super::frame::Frame;
use super::{Evaluated, Stop};
use crate::value::Value;
use numir_interface::live::Object;
use std::rc::Rc;

/// What the program is asked for a call: the function's number, and the types of the arguments as they are spelt.
pub(crate) type Call = (u32, Vec<String>, Vec<(String, String)>);

impl<'p> Frame<'p, '_> {
    /// Calls what the program chooses for these arguments.
    pub(super) fn call_overloaded(
        &mut self,
        number: u32,
        receiver: Option<&Value>,
        mut arguments: Arguments,
    ) -> Evaluated {
        if let Some(receiver) = receiver {
            arguments.positional.insert(0, receiver.clone());
            arguments.places.clear();
        }
        let positional: Vec<String> = arguments.positional.iter().map(|value| value.ty().spelling()).collect();
        let keywords: Vec<(String, String)> =
            arguments.keywords.iter().map(|(name, value)| (name.clone(), value.ty().spelling())).collect();
        let called = self.specializer.live_object_name(number);
        let seen = positional.iter().cloned().chain(keywords.iter().map(|(name, ty)| format!("{name}: {ty}")));
        let seen = seen.collect::<Vec<_>>().join(", ");
        let Some(live) = &mut self.specializer.live else { return Err(Stop::Dead) };
        let environment = live.environment;
        let chosen = match live.overloads.entry((number, positional, keywords)) {
            std::collections::hash_map::Entry::Occupied(known) => known.get().clone(),
            std::collections::hash_map::Entry::Vacant(open) => {
                let (number, positional, keywords) = open.key();
                let chosen = environment.overload(*number, positional, keywords).map(Rc::new);
                open.insert(chosen).clone()
            }
        };
        let name = called.trim_matches('`');
        match chosen.as_deref() {
            None | Some(Object::None) => Err(self.typing(format!("{called} has no implementation for ({seen})"))),
            Some(object) => {
                let implementation = self.live_value(object, name)?;
                self.apply(&implementation, arguments)
            }
        }
    }

    /// What the program gives for an attribute of the values of a type, or of a module, that the compiler does not know.
    pub(super) fn live_member(
        &mut self,
        of: String,
        receiver: Option<&Value>,
        name: &'p str,
    ) -> Evaluated<Option<Value>> {
        let Some(live) = &mut self.specializer.live else { return Ok(None) };
        let environment = live.environment;
        let found = match live.members.entry((of, name)) {
            std::collections::hash_map::Entry::Occupied(known) => known.get().clone(),
            std::collections::hash_map::Entry::Vacant(open) => {
                let found = environment.member(&open.key().0, name).map(Rc::new);
                open.insert(found).clone()
            }
        };
        let Some(object) = found else { return Ok(None) };
        let value = self.live_value(&object, name)?;
        Ok(Some(match (&*object, value, receiver) {
            (Object::Property(..), Value::Overloaded(number, _), Some(_)) => {
                self.call_overloaded(number, receiver, Arguments::default())?
            }
            (_, Value::Overloaded(number, _), Some(receiver)) => {
                Value::Overloaded(number, Some(Rc::new(receiver.clone())))
            }
            (_, value, _) => value,
        }))
    }
}
