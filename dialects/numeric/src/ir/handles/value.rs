//! What can be asked of a value, and done with its uses.

use super::super::location;
use super::{Blk, Op, Ty, Val};
use melior::ir::{Location, Type, TypeLike, ValueLike};
use mlir_sys::*;
use std::fmt;

// SAFETY of the `unsafe` blocks below: as in `operation`.
impl<'c> Val<'c> {
    /// Wraps a melior value.
    pub fn of(value: impl ValueLike<'c>) -> Self {
        unsafe { Self::from_raw(value.to_raw()) }
    }

    /// Its type.
    pub fn ty(self) -> Ty<'c> {
        unsafe { Type::from_raw(mlirValueGetType(self.raw)) }
    }

    /// Changes its type in place; the caller makes the uses fit.
    pub fn set_type(self, ty: Ty<'c>) {
        unsafe { mlirValueSetType(self.raw, ty.to_raw()) }
    }

    /// The operation that defines it; None for a block argument.
    pub fn definition(self) -> Option<Op<'c>> {
        unsafe { if mlirValueIsAOpResult(self.raw) { Op::optional(mlirOpResultGetOwner(self.raw)) } else { None } }
    }

    /// The block whose argument it is and its number there; None for an operation's result.
    pub fn argument(self) -> Option<(Blk<'c>, usize)> {
        unsafe {
            if mlirValueIsABlockArgument(self.raw) {
                let block = Blk::from_raw(mlirBlockArgumentGetOwner(self.raw));
                Some((block, mlirBlockArgumentGetArgNumber(self.raw) as usize))
            } else {
                None
            }
        }
    }

    /// Its number among the results of its defining operation.
    pub fn result_number(self) -> Option<usize> {
        unsafe { mlirValueIsAOpResult(self.raw).then(|| mlirOpResultGetResultNumber(self.raw) as usize) }
    }

    /// The block in which it is defined.
    pub fn parent_block(self) -> Option<Blk<'c>> {
        match self.argument() {
            Some((block, _)) => Some(block),
            None => self.definition()?.block(),
        }
    }

    /// The name in the source that its location gives it.
    pub fn name(self) -> Option<String> {
        location::name_of(unsafe { Location::from_raw(mlirValueGetLocation(self.raw)) })
    }

    /// Gives it the name in the source of another value, if it is the only result of its operation and has no name yet.
    pub fn name_after(self, other: Val<'c>) {
        let location = |value: Val<'c>| unsafe { Location::from_raw(mlirValueGetLocation(value.raw)) };
        if let Some(definition) = self.definition().filter(|definition| definition.result_count() == 1)
            && location::name_of(location(self)).is_none()
            && let Some(name) = location::name_of(location(other))
        {
            definition.set_location(location::named(definition.context(), &name, definition.location()));
        }
    }

    /// Replaces it everywhere.
    pub fn replace_all_uses_with(self, other: Val<'c>) {
        unsafe { mlirValueReplaceAllUsesOfWith(self.raw, other.raw) }
    }

    /// The operations that use it, each with the operand's number.
    pub fn uses(self) -> Vec<(Op<'c>, usize)> {
        let mut uses = Vec::new();
        unsafe {
            let mut operand = mlirValueGetFirstUse(self.raw);
            while !mlirOpOperandIsNull(operand) {
                let owner = Op::from_raw(mlirOpOperandGetOwner(operand));
                uses.push((owner, mlirOpOperandGetOperandNumber(operand) as usize));
                operand = mlirOpOperandGetNextUse(operand);
            }
        }
        uses
    }

    /// Whether nothing uses it.
    pub fn is_unused(self) -> bool {
        unsafe { mlirOpOperandIsNull(mlirValueGetFirstUse(self.raw)) }
    }
}

impl fmt::Debug for Val<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Val({:p})", self.raw.ptr)
    }
}
