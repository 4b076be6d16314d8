//! Values in memory between compiled code and its host: slots of 16 bytes, one after the other. A scalar takes one and lies at its start
//! in its own C type (bool as one byte, complex as re, im). An array lies inline as a descriptor (header, data, offset, sizes, strides in
//! items) in as many slots as it needs, or a slot points to a descriptor elsewhere.

use super::llvm;
use super::memref::{self, MemRef, Parts};
use super::scalars::{load_scalar, store_scalar};
use super::storage::stored_type;
use numir_numeric::ir::{Builder, Ty, Val};

/// Bytes of a slot.
const BYTES: i32 = 16;

/// How many slots a value of that type takes inline.
pub(crate) fn count(ty: Ty<'_>) -> i32 {
    MemRef::of(ty).map_or(1, |shape| (24 + 16 * shape.rank() as i32 + BYTES - 1) / BYTES)
}

/// Slots from first to last.
pub(crate) struct Slots<'c> {
    pointer: Val<'c>,
    next: i32,
}

impl<'c> Slots<'c> {
    /// The slots that begin at an address.
    pub(crate) fn at(pointer: Val<'c>) -> Self {
        Self { pointer, next: 0 }
    }

    /// Room for that many slots on the stack.
    pub(crate) fn on_stack(builder: &Builder<'c>, count: i32) -> Val<'c> {
        // Of pairs of words, so that slots lie at multiples of 16.
        let pair = melior::dialect::llvm::r#type::array(builder.integer(64), 2);
        let count = llvm::constant(builder, i64::from(count.max(1)), builder.integer(64));
        let room = llvm::alloca(builder, pair, count);
        room.set_attribute("alignment", builder.i64_attribute(BYTES.into()));
        room.result(0)
    }

    /// The address of the next `count` slots.
    fn take(&mut self, builder: &Builder<'c>, count: i32) -> Val<'c> {
        let address = llvm::field(builder, self.pointer, builder.integer(8), &[self.next * BYTES]);
        self.next += count;
        address
    }

    /// Reads a value whose slot, if it is an array, points to the descriptor.
    pub(crate) fn read_pointed(&mut self, builder: &Builder<'c>, ty: Ty<'c>) -> Val<'c> {
        let slot = self.take(builder, 1);
        match MemRef::of(ty) {
            Some(shape) => read_array(builder, llvm::load(builder, slot, builder.pointer()), &shape),
            None => load_scalar(builder, slot, ty),
        }
    }

    /// Reads a value that lies inline.
    pub(crate) fn read(&mut self, builder: &Builder<'c>, ty: Ty<'c>) -> Val<'c> {
        let slot = self.take(builder, count(ty));
        MemRef::of(ty).map_or_else(|| load_scalar(builder, slot, ty), |shape| read_array(builder, slot, &shape))
    }

    /// Makes the next value of that type one without an owner, if it is an array.
    pub(crate) fn disown(&mut self, builder: &Builder<'c>, ty: Ty<'c>) {
        let slot = self.take(builder, count(ty));
        if MemRef::of(ty).is_some() {
            llvm::store(builder, llvm::constant(builder, 0, builder.integer(64)), slot);
        }
    }

    /// Writes a value inline.
    pub(crate) fn write(&mut self, builder: &Builder<'c>, value: Val<'c>) {
        let address = self.take(builder, count(value.ty()));
        let Some(shape) = MemRef::of(value.ty()) else { return store_scalar(builder, value, address) };
        let parts = memref::parts(builder, &shape, value);
        let fields = [parts.header, parts.data, parts.offset].into_iter().chain(parts.sizes).chain(parts.strides);
        for (number, field) in fields.enumerate() {
            llvm::store(builder, field, llvm::field(builder, address, builder.integer(64), &[number as i32]));
        }
    }
}

fn read_array<'c>(builder: &Builder<'c>, descriptor: Val<'c>, shape: &MemRef<'c>) -> Val<'c> {
    let part = |path: &[i32], ty: Ty<'c>| {
        let path: Vec<_> = std::iter::once(0).chain(path.iter().copied()).collect();
        llvm::load(builder, llvm::field(builder, descriptor, shape.descriptor(builder), &path), ty)
    };
    let (pointer, i64) = (builder.pointer(), builder.integer(64));
    let axis = |field: i32, axis: usize, known: Option<i64>| match known {
        Some(value) => llvm::constant(builder, value, i64),
        None => part(&[field, axis as i32], i64),
    };
    let sizes: Vec<_> = shape.sizes.iter().enumerate().map(|(number, known)| axis(3, number, *known)).collect();
    let strides = if shape.identity {
        memref::row_major(builder, &sizes)
    } else {
        shape.strides.iter().enumerate().map(|(number, known)| axis(4, number, *known)).collect()
    };
    // The offset goes into the data pointer: one addition less in every address.
    let item = stored_type(builder, shape.element);
    let data = llvm::item(builder, part(&[1], pointer), item, part(&[2], i64));
    let offset = llvm::constant(builder, 0, i64);
    memref::assemble(builder, shape, &Parts { header: part(&[0], pointer), data, offset, sizes, strides })
}
