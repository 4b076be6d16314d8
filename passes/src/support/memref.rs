//! Memrefs as what they become: a descriptor of header, data, offset, sizes and strides. The allocated pointer is the
//! header of the memory's owner, the aligned pointer is the data.

use super::llvm;
use super::storage::stored_type;
use melior::ir::TypeLike;
use melior::ir::r#type::{MemRefType, ShapedTypeLike};
use mlir_sys::{mlirAffineMapIsIdentity, mlirShapedTypeGetDimSize};
use numir_numeric::ir::{Builder, Ty, Val};

/// What a memref type says, with `None` for what is known at run time only.
pub(crate) struct MemRef<'c> {
    /// The type.
    pub(crate) ty: Ty<'c>,
    /// The type of an item.
    pub(crate) element: Ty<'c>,
    /// Extents.
    pub(crate) sizes: Vec<Option<i64>>,
    /// Strides in items; of an identity layout, those that the extents give.
    pub(crate) strides: Vec<Option<i64>>,
    /// Items from the data pointer to the first item.
    pub(crate) offset: Option<i64>,
    /// Whether items lie row by row without gaps.
    pub(crate) identity: bool,
}

impl<'c> MemRef<'c> {
    /// Describes a type; None if it is no memref.
    pub(crate) fn of(ty: Ty<'c>) -> Option<Self> {
        let memref = MemRefType::try_from(ty).ok()?;
        let known = |value: i64| (!MemRefType::is_dynamic_stride_or_offset(value)).then_some(value);
        let (strides, offset) = memref.strides_and_offset();
        // SAFETY: a memref type has a layout map and as many extents as its rank. The mark of a dynamic extent is that of a
        // dynamic stride.
        let (identity, sizes) = unsafe {
            let sizes = (0..memref.rank()).map(|axis| known(mlirShapedTypeGetDimSize(ty.to_raw(), axis as isize)));
            (mlirAffineMapIsIdentity(memref.affine_map().to_raw()), sizes.collect())
        };
        Some(Self {
            ty,
            element: memref.element(),
            sizes,
            strides: strides.into_iter().map(known).collect(),
            offset: known(offset),
            identity,
        })
    }

    /// The number of axes.
    pub(crate) fn rank(&self) -> usize {
        self.sizes.len()
    }

    /// The type of the descriptor: header, data, offset, sizes, strides.
    pub(crate) fn descriptor(&self, builder: &Builder<'c>) -> Ty<'c> {
        let (pointer, i64) = (builder.pointer(), builder.integer(64));
        let mut fields = vec![pointer, pointer, i64];
        if self.rank() > 0 {
            let axes = melior::dialect::llvm::r#type::array(i64, self.rank() as u32);
            fields.extend([axes, axes]);
        }
        llvm::struct_type(builder, &fields)
    }
}

/// The parts of a descriptor, all but the pointers as i64.
pub(crate) struct Parts<'c> {
    /// The owner of the memory; may be null.
    pub(crate) header: Val<'c>,
    /// The data.
    pub(crate) data: Val<'c>,
    /// Items from the data pointer to the first item.
    pub(crate) offset: Val<'c>,
    /// Extents.
    pub(crate) sizes: Vec<Val<'c>>,
    /// Strides in items.
    pub(crate) strides: Vec<Val<'c>>,
}

/// Takes a memref apart. What its type knows is a constant, or computed from the extents.
pub(crate) fn parts<'c>(builder: &Builder<'c>, shape: &MemRef<'c>, value: Val<'c>) -> Parts<'c> {
    let i64 = builder.integer(64);
    let descriptor = llvm::cast(builder, value, shape.descriptor(builder));
    let part = |known: Option<i64>, position: &[i64]| match known {
        Some(value) => llvm::constant(builder, value, i64),
        None => llvm::extract(builder, descriptor, i64, position),
    };
    let axes = 0..shape.rank();
    let sizes: Vec<_> = axes.clone().map(|axis| part(shape.sizes[axis], &[3, axis as i64])).collect();
    let strides = if shape.identity {
        row_major(builder, &sizes)
    } else {
        axes.map(|axis| part(shape.strides[axis], &[4, axis as i64])).collect()
    };
    Parts {
        header: llvm::extract(builder, descriptor, builder.pointer(), &[0]),
        data: llvm::extract(builder, descriptor, builder.pointer(), &[1]),
        offset: part(shape.offset, &[2]),
        sizes,
        strides,
    }
}

/// Only the header of a memref.
pub(crate) fn header<'c>(builder: &Builder<'c>, shape: &MemRef<'c>, value: Val<'c>) -> Val<'c> {
    let descriptor = llvm::cast(builder, value, shape.descriptor(builder));
    llvm::extract(builder, descriptor, builder.pointer(), &[0])
}

/// The strides of an array whose items lie row by row without gaps.
pub(crate) fn row_major<'c>(builder: &Builder<'c>, sizes: &[Val<'c>]) -> Vec<Val<'c>> {
    let mut strides = Vec::with_capacity(sizes.len());
    let mut stride = llvm::constant(builder, 1, builder.integer(64));
    for size in sizes.iter().rev() {
        strides.push(stride);
        if strides.len() < sizes.len() {
            stride = match strides.len() {
                1 => *size,
                _ => builder.value("llvm.mul", &[stride, *size], builder.integer(64), &[]),
            };
        }
    }
    strides.reverse();
    strides
}

/// Makes a memref out of its parts.
pub(crate) fn assemble<'c>(builder: &Builder<'c>, shape: &MemRef<'c>, parts: &Parts<'c>) -> Val<'c> {
    let mut descriptor = llvm::poison(builder, shape.descriptor(builder));
    for (position, value) in [parts.header, parts.data, parts.offset].into_iter().enumerate() {
        descriptor = llvm::insert(builder, descriptor, value, &[position as i64]);
    }
    for (field, values) in [(3, &parts.sizes), (4, &parts.strides)] {
        for (axis, value) in values.iter().enumerate() {
            descriptor = llvm::insert(builder, descriptor, *value, &[field, axis as i64]);
        }
    }
    llvm::cast(builder, descriptor, shape.ty)
}

/// The extents of a memref as index values.
pub(crate) fn extents<'c>(builder: &Builder<'c>, shape: &MemRef<'c>, value: Val<'c>) -> Vec<Val<'c>> {
    let extent = |(axis, known): (usize, &Option<i64>)| match known {
        Some(extent) => builder.constant_index(*extent),
        None => builder.value("memref.dim", &[value, builder.constant_index(axis as i64)], builder.index(), &[]),
    };
    shape.sizes.iter().enumerate().map(extent).collect()
}

/// The parts of a memref that its type does not know: header and data, then the offset, the extents and the strides.
pub(crate) fn unknown<'c>(shape: &MemRef<'c>, parts: &Parts<'c>) -> Vec<Val<'c>> {
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

/// The memref of these parts, which `next` gives in the order of [`unknown`], each by its type.
pub(crate) fn from_unknown<'c>(
    builder: &Builder<'c>,
    shape: &MemRef<'c>,
    mut next: impl FnMut(Ty<'c>) -> Val<'c>,
) -> Val<'c> {
    let i64 = builder.integer(64);
    let [header, data] = [(); 2].map(|()| next(builder.pointer()));
    let mut part = |known: &Option<i64>| match known {
        Some(value) => llvm::constant(builder, *value, i64),
        None => next(i64),
    };
    let offset = part(&shape.offset);
    let sizes: Vec<_> = shape.sizes.iter().map(&mut part).collect();
    let strides =
        if shape.identity { row_major(builder, &sizes) } else { shape.strides.iter().map(&mut part).collect() };
    assemble(builder, shape, &Parts { header, data, offset, sizes, strides })
}

/// The address of an item.
pub(crate) fn address<'c>(builder: &Builder<'c>, shape: &MemRef<'c>, array: Val<'c>, indices: &[Val<'c>]) -> Val<'c> {
    let i64 = builder.integer(64);
    let parts = parts(builder, shape, array);
    let mut position = parts.offset;
    for (index, stride) in indices.iter().zip(&parts.strides) {
        let index = llvm::cast(builder, *index, i64);
        let step = builder.value("arith.muli", &[index, *stride], i64, &[]);
        position = builder.value("arith.addi", &[position, step], i64, &[]);
    }
    llvm::item(builder, parts.data, stored_type(builder, shape.element), position)
}
