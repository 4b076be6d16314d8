//! What a loop body uses from outside: constants and extents are computed again, all else travels in the context.
//! A memref travels as those parts that its type does not know, so that a contiguous array is still known to be one.

use crate::support::llvm;
use crate::support::memref::{self, MemRef, Parts};
use crate::support::storage::{self, stored_type};
use numir_numeric::ir::{Blk, Builder, Op, Ty, Val};
use std::collections::{HashMap, HashSet};

/// Operations that are repeated in the body rather than having their result captured.
const REPEATED: &[&str] = &[
    "arith.constant",
    "func.constant",
    "llvm.mlir.addressof",
    "llvm.mlir.constant",
    "llvm.mlir.poison",
    "llvm.mlir.undef",
    "llvm.mlir.zero",
    "memref.dim",
    "memref.get_global",
];

/// What the body of a loop captures.
pub(super) struct Captures<'c> {
    /// Operations to repeat, each after those it depends on.
    repeated: Vec<Op<'c>>,
    /// Values to pass on.
    values: Vec<Val<'c>>,
    seen: HashSet<Val<'c>>,
}

impl<'c> Captures<'c> {
    /// Finds what `operation` uses from outside of itself in its regions.
    pub(super) fn of(operation: Op<'c>) -> Self {
        let mut captures = Self { repeated: Vec::new(), values: Vec::new(), seen: HashSet::new() };
        for block in operation.nested_blocks() {
            for inner in block.operations() {
                inner.walk(&mut |user| {
                    for value in user.operands() {
                        let outside =
                            || value.parent_block().and_then(Blk::parent).is_none_or(|at| !at.is_inside(operation));
                        if !captures.seen.contains(&value) && outside() {
                            captures.add(value);
                        }
                    }
                });
            }
        }
        captures
    }

    /// Adds a value from outside of the loop.
    pub(super) fn add(&mut self, value: Val<'c>) {
        if !self.seen.insert(value) {
            return;
        }
        match value.definition().filter(|operation| REPEATED.contains(&operation.name())) {
            Some(operation) => {
                operation.operands().into_iter().for_each(|operand| self.add(operand));
                self.repeated.push(operation);
            }
            None => self.values.push(value),
        }
    }

    /// Packs the captured values into the fields of a context.
    pub(super) fn pack(&self, builder: &Builder<'c>, context: &mut Packer<'c>) {
        for value in &self.values {
            match MemRef::of(value.ty()) {
                Some(shape) => {
                    let parts = memref::parts(builder, &shape, *value);
                    unknown_parts(&shape, &parts).into_iter().for_each(|part| context.push(builder, part));
                }
                None => context.push(builder, *value),
            }
        }
    }

    /// Unpacks them in the body, repeats the rest, and returns what stands for what.
    pub(super) fn unpack(&self, builder: &Builder<'c>, context: &mut Unpacker<'c>) -> HashMap<Val<'c>, Val<'c>> {
        let mut map = HashMap::new();
        for value in &self.values {
            let inner = match MemRef::of(value.ty()) {
                Some(shape) => unpack_memref(builder, &shape, context),
                None => context.next(builder, value.ty()),
            };
            inner.name_after(*value);
            map.insert(*value, inner);
        }
        for operation in &self.repeated {
            let copy = operation.duplicate();
            builder.insert(copy);
            for (number, operand) in operation.operands().into_iter().enumerate() {
                if let Some(inner) = map.get(&operand) {
                    copy.set_operand(number, *inner);
                }
            }
            map.extend(operation.results().into_iter().zip(copy.results()));
        }
        map
    }
}

/// The parts of a memref that its type does not know.
fn unknown_parts<'c>(shape: &MemRef<'c>, parts: &Parts<'c>) -> Vec<Val<'c>> {
    let unknown = |known: &[Option<i64>], values: &[Val<'c>]| -> Vec<_> {
        known.iter().zip(values).filter(|(known, _)| known.is_none()).map(|(_, value)| *value).collect()
    };
    let mut found = vec![parts.header, parts.data];
    found.extend(unknown(&[shape.offset], &[parts.offset]));
    found.extend(unknown(&shape.sizes, &parts.sizes));
    if !shape.identity {
        found.extend(unknown(&shape.strides, &parts.strides));
    }
    found
}

fn unpack_memref<'c>(builder: &Builder<'c>, shape: &MemRef<'c>, context: &mut Unpacker<'c>) -> Val<'c> {
    let i64 = builder.integer(64);
    let [header, data] = [(); 2].map(|()| context.next(builder, builder.pointer()));
    let mut part = |known: &Option<i64>| match known {
        Some(value) => llvm::constant(builder, *value, i64),
        None => context.next(builder, i64),
    };
    let offset = part(&shape.offset);
    let sizes: Vec<_> = shape.sizes.iter().map(&mut part).collect();
    let strides =
        if shape.identity { memref::row_major(builder, &sizes) } else { shape.strides.iter().map(&mut part).collect() };
    memref::assemble(builder, shape, &Parts { header, data, offset, sizes, strides })
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
