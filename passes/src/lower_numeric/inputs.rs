//! What a whole-array operation computes: its inputs and its body.

use super::arrays::from_memory;
use super::broadcast::Shaped;
use super::types::memory_scalar;
use super::{Item, Lowering};
use crate::support::blocks::copy_block;
use numir_numeric::ir::{Blk, Builder, Val};
use numir_numeric::types::ArrayType;
use numir_pipeline::PassError;

/// An input of the statement.
#[derive(Clone)]
pub enum Input<'c> {
    /// The same value for all elements.
    Value(Val<'c>),
    /// An array with axes: its place among the shaped inputs.
    Array(usize),
}

/// The right side of a whole-array statement, or what a reduction combines.
#[derive(Clone)]
pub struct Right<'c> {
    /// The body: one argument per input, and what it yields is the element.
    pub body: Blk<'c>,
    /// The inputs.
    pub inputs: Vec<Input<'c>>,
    /// The arrays with axes among them.
    pub shaped: Vec<Shaped<'c>>,
}

impl<'c> Right<'c> {
    /// The operands from `first` on. Arrays of rank 0 are read at once.
    pub fn of(lowering: &mut Lowering<'c>, item: &Item<'c>, first: usize) -> Result<Self, PassError> {
        let (builder, mut shaped, mut inputs) = (item.builder(), Vec::new(), Vec::new());
        for (operand, ty) in item.op.operands().into_iter().zip(&item.operands).skip(first) {
            inputs.push(match ArrayType::try_from(*ty) {
                Err(_) => Input::Value(operand),
                Ok(array) if array.rank() == 0 => {
                    let element = memory_scalar(builder.context(), array.scalar());
                    let value = builder.value("memref.load", &[operand], element, &[]);
                    Input::Value(from_memory(builder, array.scalar(), value))
                }
                Ok(array) => {
                    let extents = lowering.known.extents(operand, array.rank(), builder);
                    shaped.push(Shaped { memref: operand, array, extents });
                    Input::Array(shaped.len() - 1)
                }
            });
        }
        let body = item.op.body(0).ok_or_else(|| item.broken("it has no body"))?;
        Ok(Self { body, inputs, shaped })
    }

    /// Computes an element where `builder` stands; `read` gives, for a place among the shaped inputs, the item in memory.
    pub fn element(&self, builder: Builder<'c>, read: impl Fn(usize) -> Val<'c>) -> Option<Val<'c>> {
        let value = |input: &Input<'c>| match input {
            Input::Value(value) => *value,
            Input::Array(place) => from_memory(builder, self.shaped[*place].array.scalar(), read(*place)),
        };
        let values: Vec<_> = self.inputs.iter().map(value).collect();
        copy_block(builder, self.body, &values).first().copied()
    }
}
