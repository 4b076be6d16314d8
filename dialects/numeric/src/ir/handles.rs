//! The handles themselves: operations, values, blocks and regions as thin, copyable pointers.

mod operation;
mod value;

use melior::ir::{Location, Type, TypeLike};
use melior::{Context, ContextRef};
use mlir_sys::*;
use std::cell::RefCell;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

/// A type; melior's own, which already lives as long as the context.
pub type Ty<'c> = Type<'c>;

macro_rules! handle {
    ($(#[$doc:meta])* $name:ident, $raw:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy)]
        pub struct $name<'c> {
            raw: $raw,
            context: PhantomData<&'c Context>,
        }

        impl<'c> $name<'c> {
            /// Wraps a raw handle.
            ///
            /// # Safety
            /// The handle must not be null, belongs to a context that outlives `'c`, and is used under this module's invariant.
            pub unsafe fn from_raw(raw: $raw) -> Self {
                Self { raw, context: PhantomData }
            }

            /// The raw handle, for calls into MLIR's C API.
            pub fn raw(self) -> $raw {
                self.raw
            }

            /// Wraps a raw handle that may be null.
            ///
            /// # Safety
            /// As `from_raw`, but for null.
            pub unsafe fn optional(raw: $raw) -> Option<Self> {
                (!raw.ptr.is_null()).then_some(Self { raw, context: PhantomData })
            }
        }

        impl PartialEq for $name<'_> {
            fn eq(&self, other: &Self) -> bool {
                std::ptr::eq(self.raw.ptr, other.raw.ptr)
            }
        }

        impl Eq for $name<'_> {}

        impl Hash for $name<'_> {
            fn hash<H: Hasher>(&self, state: &mut H) {
                (self.raw.ptr as usize).hash(state);
            }
        }
    };
}

handle!(
    /// An operation inside a module (or still detached).
    Op,
    MlirOperation
);
handle!(
    /// A block.
    Blk,
    MlirBlock
);
handle!(
    /// A region of an operation.
    Reg,
    MlirRegion
);
handle!(
    /// An SSA value: an operation's result or a block's argument.
    Val,
    MlirValue
);

/// A reference to melior's view of a context, which is a struct around the handle: it has to lie somewhere. The places are
/// kept per handle and thread, and never freed, as there are few contexts.
fn context_reference<'c>(raw: MlirContext) -> &'c Context {
    thread_local! {
        static PLACES: RefCell<Vec<&'static ContextRef<'static>>> = const { RefCell::new(Vec::new()) };
    }
    PLACES.with_borrow_mut(|places| {
        // SAFETY: the handle is live for `'c` by this module's invariant, and the place for ever. A handle that is used again
        // for another context means the same by its place as by itself.
        unsafe {
            let place =
                places.iter().find(|place| place.to_ref().to_raw().ptr == raw.ptr).copied().unwrap_or_else(|| {
                    let place: &'static _ = Box::leak(Box::new(ContextRef::from_raw(raw)));
                    places.push(place);
                    place
                });
            place.to_ref()
        }
    })
}

pub(super) fn string_ref(text: &str) -> MlirStringRef {
    // MLIR reads the text during the call it is passed to; every caller keeps it alive for that call.
    MlirStringRef { data: text.as_ptr().cast(), length: text.len() }
}

// SAFETY of the `unsafe` blocks below: as in `operation`.
impl<'c> Blk<'c> {
    /// A new, detached block with arguments of these types.
    pub fn new(arguments: &[Ty<'c>], location: Location<'c>) -> Self {
        let types: Vec<_> = arguments.iter().map(|ty| ty.to_raw()).collect();
        let locations = vec![location.to_raw(); types.len()];
        unsafe { Self::from_raw(mlirBlockCreate(types.len() as isize, types.as_ptr(), locations.as_ptr())) }
    }

    /// How many arguments it has.
    pub fn argument_count(self) -> usize {
        unsafe { mlirBlockGetNumArguments(self.raw) as usize }
    }

    /// The argument at `index`, which must be below `argument_count`.
    pub fn argument(self, index: usize) -> Val<'c> {
        assert!(index < self.argument_count(), "the block has no argument {index}");
        unsafe { Val::from_raw(mlirBlockGetArgument(self.raw, index as isize)) }
    }

    /// All arguments.
    pub fn arguments(self) -> Vec<Val<'c>> {
        (0..self.argument_count()).map(|index| self.argument(index)).collect()
    }

    /// Appends an argument.
    pub fn add_argument(self, ty: Ty<'c>, location: Location<'c>) -> Val<'c> {
        unsafe { Val::from_raw(mlirBlockAddArgument(self.raw, ty.to_raw(), location.to_raw())) }
    }

    /// Removes the argument at `index`, which must be unused.
    pub fn erase_argument(self, index: usize) {
        unsafe { mlirBlockEraseArgument(self.raw, index as u32) }
    }

    /// Its first operation.
    pub fn first(self) -> Option<Op<'c>> {
        unsafe { Op::optional(mlirBlockGetFirstOperation(self.raw)) }
    }

    /// Its terminator, where it has one.
    pub fn terminator(self) -> Option<Op<'c>> {
        unsafe { Op::optional(mlirBlockGetTerminator(self.raw)) }
    }

    /// Its operations at this moment, in order.
    pub fn operations(self) -> Vec<Op<'c>> {
        std::iter::successors(self.first(), |operation| operation.next()).collect()
    }

    /// Appends a detached operation.
    pub fn append(self, operation: Op<'c>) {
        unsafe { mlirBlockAppendOwnedOperation(self.raw, operation.raw) }
    }

    /// Inserts a detached operation before one of this block's.
    pub fn insert_before(self, reference: Op<'c>, operation: Op<'c>) {
        unsafe { mlirBlockInsertOwnedOperationBefore(self.raw, reference.raw, operation.raw) }
    }

    /// The region it stands in.
    pub fn region(self) -> Option<Reg<'c>> {
        unsafe { Reg::optional(mlirBlockGetParentRegion(self.raw)) }
    }

    /// The operation whose region it stands in.
    pub fn parent(self) -> Option<Op<'c>> {
        unsafe { Op::optional(mlirBlockGetParentOperation(self.raw)) }
    }

    /// The next block of its region.
    pub fn next(self) -> Option<Blk<'c>> {
        unsafe { Blk::optional(mlirBlockGetNextInRegion(self.raw)) }
    }
}

impl<'c> Reg<'c> {
    /// A new, detached region.
    pub fn new() -> Self {
        unsafe { Self::from_raw(mlirRegionCreate()) }
    }

    /// A detached region that holds `block`.
    pub fn with_block(block: Blk<'c>) -> Self {
        let region = Self::new();
        region.append(block);
        region
    }

    /// Its entry block.
    pub fn first_block(self) -> Option<Blk<'c>> {
        unsafe { Blk::optional(mlirRegionGetFirstBlock(self.raw)) }
    }

    /// Its blocks at this moment, in order.
    pub fn blocks(self) -> Vec<Blk<'c>> {
        std::iter::successors(self.first_block(), |block| block.next()).collect()
    }

    /// Appends a detached block.
    pub fn append(self, block: Blk<'c>) {
        unsafe { mlirRegionAppendOwnedBlock(self.raw, block.raw) }
    }

    /// Inserts a detached block after one of this region's.
    pub fn insert_after(self, reference: Blk<'c>, block: Blk<'c>) {
        unsafe { mlirRegionInsertOwnedBlockAfter(self.raw, reference.raw, block.raw) }
    }

    /// Moves all blocks of `source` to its end.
    pub fn take_blocks_of(self, source: Reg<'c>) {
        unsafe { mlirRegionTakeBody(self.raw, source.raw) }
    }
}

impl Default for Reg<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Blk<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Blk({:p})", self.raw.ptr)
    }
}
