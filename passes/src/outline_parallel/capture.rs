//! How what a loop's body captures travels to it: in a struct of the caller's frame, the context. A memref travels as those parts that its
//! type does not know, so that a contiguous array is still known to be one.

use crate::support::captures::Captures;
use crate::support::llvm;
use crate::support::memref::{self, MemRef};
use crate::support::storage::{self, stored_type};
use numir_numeric::ir::{Builder, Ty, Val};
use std::collections::HashMap;

/// Packs the captured values into the fields of a context.
pub(super) fn pack<'c>(captures: &Captures<'c>, builder: &Builder<'c>, context: &mut Packer<'c>) {
    for value in captures.values() {
        match MemRef::of(value.ty()) {
            Some(shape) => {
                let parts = memref::parts(builder, &shape, *value);
                memref::unknown(&shape, &parts).into_iter().for_each(|part| context.push(builder, part));
            }
            None => context.push(builder, *value),
        }
    }
}

/// Unpacks them in the body, computes the rest again, and returns what stands for what.
pub(super) fn unpack<'c>(
    captures: &Captures<'c>,
    builder: &Builder<'c>,
    context: &mut Unpacker<'c>,
) -> HashMap<Val<'c>, Val<'c>> {
    let mut map = HashMap::new();
    for value in captures.values() {
        let inner = match MemRef::of(value.ty()) {
            Some(shape) => memref::from_unknown(builder, &shape, |ty| context.next(builder, ty)),
            None => context.next(builder, value.ty()),
        };
        inner.name_after(*value);
        map.insert(*value, inner);
    }
    captures.repeat(builder, &mut map);
    map
}

/// The context on the caller's side: a list of values, which becomes a struct on the stack.
#[derive(Default)]
pub(super) struct Packer<'c> {
    fields: Vec<Val<'c>>,
}

impl<'c> Packer<'c> {
    /// Adds a field.
    pub(super) fn push(&mut self, builder: &Builder<'c>, value: Val<'c>) {
        self.fields.push(llvm::cast(builder, value, stored_type(builder, value.ty())));
    }

    /// The type of the struct.
    pub(super) fn struct_type(&self, builder: &Builder<'c>) -> Ty<'c> {
        let types: Vec<_> = self.fields.iter().map(|field| field.ty()).collect();
        llvm::struct_type(builder, &types)
    }

    /// Writes the fields to `pointer`.
    pub(super) fn write(&self, builder: &Builder<'c>, pointer: Val<'c>) {
        let ty = self.struct_type(builder);
        for (number, field) in self.fields.iter().enumerate() {
            llvm::store(builder, *field, llvm::field(builder, pointer, ty, &[0, number as i32]));
        }
    }
}

/// The context on the body's side: its fields in order.
pub(super) struct Unpacker<'c> {
    pointer: Val<'c>,
    ty: Ty<'c>,
    next: i32,
}

impl<'c> Unpacker<'c> {
    /// Reads a struct of type `ty` at `pointer`.
    pub(super) fn new(pointer: Val<'c>, ty: Ty<'c>) -> Self {
        Self { pointer, ty, next: 0 }
    }

    /// The next field, as a value of type `ty`.
    pub(super) fn next(&mut self, builder: &Builder<'c>, ty: Ty<'c>) -> Val<'c> {
        let field = llvm::field(builder, self.pointer, self.ty, &[0, self.next]);
        self.next += 1;
        storage::load(builder, field, ty)
    }
}
