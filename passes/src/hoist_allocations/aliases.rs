//! Who uses an array, by whatever name: as the memref it is, as a view of it, as its descriptor, as a pointer.

use crate::hold_owners::SLOT;
use crate::outline_parallel::PIECES;
use crate::support::memref::MemRef;
use melior::ir::TypeLike;
use numir_numeric::ir::{Op, Val};

/// The uses of an array that its block releases.
pub(super) struct Uses<'c> {
    /// The release.
    pub(super) release: Op<'c>,
    /// The slots in which the array's header is held for the error exit.
    pub(super) slots: Vec<Op<'c>>,
}

/// What an operation does with an array that is one of its operands.
enum Use {
    /// It looks at it, or writes to it; its results have nothing to do with it.
    Looks,
    /// The same, unless a result could be a way to it: a function may count a reference and return it.
    Calls,
    /// Its results are other names of the array, or parts of its descriptor.
    Names,
}

/// Operations by what they do. Those that are not here may keep the array.
const USES: [(&str, Use); 14] = [
    ("builtin.unrealized_conversion_cast", Use::Names),
    ("func.call", Use::Calls),
    ("llvm.extractvalue", Use::Names),
    ("llvm.getelementptr", Use::Names),
    ("llvm.insertvalue", Use::Names),
    ("llvm.intr.memset", Use::Looks),
    ("llvm.load", Use::Calls),
    ("llvm.store", Use::Looks),
    ("memref.dim", Use::Looks),
    ("memref.extract_aligned_pointer_as_index", Use::Looks),
    ("memref.extract_strided_metadata", Use::Names),
    ("memref.load", Use::Looks),
    ("memref.reinterpret_cast", Use::Names),
    ("memref.store", Use::Looks),
];

/// The uses of an array if it is gone when its block has been run through: the block releases it, and nothing keeps it.
pub(super) fn within_one_block(allocation: Op<'_>) -> Option<Uses<'_>> {
    let array = allocation.result(0);
    let (mut release, mut slots) = (None, Vec::new());
    let mut seen = vec![array];
    let mut next = 0;
    while let Some(name) = seen.get(next).copied() {
        next += 1;
        for (user, number) in name.uses() {
            if user.is("numeric.release") && name == array && user.block() == allocation.block() && release.is_none() {
                release = Some(user);
                continue;
            }
            if user.is("llvm.store") && number == 0 {
                if is_for_pieces(user) {
                    continue;
                }
                let slot = slot(user)?;
                if !slots.contains(&slot) {
                    slots.push(slot);
                }
                continue;
            }
            let (_, does) = USES.iter().find(|(name, _)| user.is(name))?;
            match does {
                Use::Calls if user.results().into_iter().any(is_name) => return None,
                Use::Calls | Use::Looks => {}
                Use::Names => {
                    let names = user.results().into_iter().filter(|result| is_name(*result) && !seen.contains(result));
                    seen.extend(names.collect::<Vec<_>>());
                }
            }
        }
    }
    Some(Uses { release: release?, slots })
}

/// Whether a value of this type may be a way to an array: all but numbers are.
fn is_name(value: Val<'_>) -> bool {
    let ty = value.ty();
    MemRef::of(ty).is_some() || !(ty.is_index() || ty.is_integer() || ty.is_float())
}

/// Whether `store` hands something to the pieces of a whole-array operation.
fn is_for_pieces(store: Op<'_>) -> bool {
    let field = store.operand(1).definition();
    let context =
        field.filter(|field| field.is("llvm.getelementptr")).map_or(field, |field| field.operand(0).definition());
    context.is_some_and(|context| context.attribute(PIECES).is_some())
}

/// The slot to which `store` writes; None if it writes elsewhere. Nothing but stores to it uses a slot.
fn slot(store: Op<'_>) -> Option<Op<'_>> {
    let slot = store.operand(1).definition().filter(|operation| operation.attribute(SLOT).is_some())?;
    slot.result(0).uses().into_iter().all(|(user, number)| user.is("llvm.store") && number == 1).then_some(slot)
}
