//! The handles themselves: operations, values, blocks and regions as thin, copyable pointers.

use super::location;
use melior::ir::{Attribute, AttributeLike, Location, Module, Type, TypeLike, ValueLike};
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

// SAFETY of the `unsafe` blocks below: each forwards a live handle (this module's invariant) to the C API function of
// the same meaning; indices are checked against the counts that MLIR reports.
impl<'c> Op<'c> {
    /// The operation of a module.
    pub fn of_module(module: &Module<'c>) -> Self {
        unsafe { Self::from_raw(module.as_operation().to_raw()) }
    }

    /// Its name, such as `scf.for`.
    pub fn name(self) -> &'c str {
        unsafe {
            let text = mlirIdentifierStr(mlirOperationGetName(self.raw));
            let bytes = std::slice::from_raw_parts(text.data.cast::<u8>(), text.length);
            // MLIR interns names for the context's lifetime; registered ones are ASCII.
            std::str::from_utf8(bytes).unwrap_or("?")
        }
    }

    /// Whether its name is `name`.
    pub fn is(self, name: &str) -> bool {
        self.name() == name
    }

    /// The context it lives in.
    pub fn context(self) -> &'c Context {
        context_reference(unsafe { mlirOperationGetContext(self.raw) })
    }

    /// Its place in the source, for errors and for what is made in its stead.
    pub fn location(self) -> Location<'c> {
        location::unnamed(self.context(), self.named_location())
    }

    /// Its place in the source with the name of its result, if that has one.
    pub fn named_location(self) -> Location<'c> {
        unsafe { Location::from_raw(mlirOperationGetLocation(self.raw)) }
    }

    /// Gives it another source location.
    pub fn set_location(self, location: Location<'c>) {
        unsafe { mlirOperationSetLocation(self.raw, location.to_raw()) }
    }

    /// How many operands it has.
    pub fn operand_count(self) -> usize {
        unsafe { mlirOperationGetNumOperands(self.raw) as usize }
    }

    /// The operand at `index`, which must be below `operand_count`.
    pub fn operand(self, index: usize) -> Val<'c> {
        assert!(index < self.operand_count(), "{} has no operand {index}", self.name());
        unsafe { Val::from_raw(mlirOperationGetOperand(self.raw, index as isize)) }
    }

    /// All operands.
    pub fn operands(self) -> Vec<Val<'c>> {
        (0..self.operand_count()).map(|index| self.operand(index)).collect()
    }

    /// Replaces one operand.
    pub fn set_operand(self, index: usize, value: Val<'c>) {
        unsafe { mlirOperationSetOperand(self.raw, index as isize, value.raw) }
    }

    /// Replaces the whole operand list, whose length may change.
    pub fn set_operands(self, values: &[Val<'c>]) {
        let raw: Vec<_> = values.iter().map(|value| value.raw).collect();
        unsafe { mlirOperationSetOperands(self.raw, raw.len() as isize, raw.as_ptr()) }
    }

    /// How many results it has.
    pub fn result_count(self) -> usize {
        unsafe { mlirOperationGetNumResults(self.raw) as usize }
    }

    /// The result at `index`, which must be below `result_count`.
    pub fn result(self, index: usize) -> Val<'c> {
        assert!(index < self.result_count(), "{} has no result {index}", self.name());
        unsafe { Val::from_raw(mlirOperationGetResult(self.raw, index as isize)) }
    }

    /// All results.
    pub fn results(self) -> Vec<Val<'c>> {
        (0..self.result_count()).map(|index| self.result(index)).collect()
    }

    /// How many regions it has.
    pub fn region_count(self) -> usize {
        unsafe { mlirOperationGetNumRegions(self.raw) as usize }
    }

    /// The region at `index`, which must be below `region_count`.
    pub fn region(self, index: usize) -> Reg<'c> {
        assert!(index < self.region_count(), "{} has no region {index}", self.name());
        unsafe { Reg::from_raw(mlirOperationGetRegion(self.raw, index as isize)) }
    }

    /// All regions.
    pub fn regions(self) -> Vec<Reg<'c>> {
        (0..self.region_count()).map(|index| self.region(index)).collect()
    }

    /// The only block of the region at `index`; None where the region is empty.
    pub fn body(self, index: usize) -> Option<Blk<'c>> {
        self.region(index).first_block()
    }

    /// The attribute of that name (inherent or discardable), if it is there.
    pub fn attribute(self, name: &str) -> Option<Attribute<'c>> {
        unsafe {
            let raw = mlirOperationGetAttributeByName(self.raw, string_ref(name));
            (!raw.ptr.is_null()).then(|| Attribute::from_raw(raw))
        }
    }

    /// Sets an attribute.
    pub fn set_attribute(self, name: &str, attribute: Attribute<'c>) {
        unsafe { mlirOperationSetAttributeByName(self.raw, string_ref(name), attribute.to_raw()) }
    }

    /// Removes an attribute; false where there was none.
    pub fn remove_attribute(self, name: &str) -> bool {
        unsafe { mlirOperationRemoveAttributeByName(self.raw, string_ref(name)) }
    }

    /// The text of a string (or symbol name) attribute.
    pub fn string_attribute(self, name: &str) -> Option<String> {
        let attribute = self.attribute(name)?;
        let text = unsafe {
            if mlirAttributeIsAString(attribute.to_raw()) {
                mlirStringAttrGetValue(attribute.to_raw())
            } else if mlirAttributeIsAFlatSymbolRef(attribute.to_raw()) {
                mlirFlatSymbolRefAttrGetValue(attribute.to_raw())
            } else {
                return None;
            }
        };
        // SAFETY: the attribute's text lives as long as the context.
        let bytes = unsafe { std::slice::from_raw_parts(text.data.cast::<u8>(), text.length) };
        Some(String::from_utf8_lossy(bytes).into_owned())
    }

    /// The value of an integer attribute, sign-extended.
    pub fn integer_attribute(self, name: &str) -> Option<i64> {
        let attribute = self.attribute(name)?.to_raw();
        unsafe {
            if !mlirAttributeIsAInteger(attribute) {
                return None;
            }
            let kind = mlirAttributeGetType(attribute);
            Some(if mlirTypeIsAInteger(kind) && mlirIntegerTypeIsUnsigned(kind) {
                mlirIntegerAttrGetValueUInt(attribute) as i64
            } else if mlirTypeIsAInteger(kind) && mlirIntegerTypeIsSigned(kind) {
                mlirIntegerAttrGetValueSInt(attribute)
            } else {
                mlirIntegerAttrGetValueInt(attribute)
            })
        }
    }

    /// The block it stands in; None for a detached operation or a top-level module.
    pub fn block(self) -> Option<Blk<'c>> {
        unsafe { Blk::optional(mlirOperationGetBlock(self.raw)) }
    }

    /// The operation whose region it stands in.
    pub fn parent(self) -> Option<Op<'c>> {
        unsafe { Op::optional(mlirOperationGetParentOperation(self.raw)) }
    }

    /// The next operation of its block.
    pub fn next(self) -> Option<Op<'c>> {
        unsafe { Op::optional(mlirOperationGetNextInBlock(self.raw)) }
    }

    /// The successor block at `index`.
    pub fn successor(self, index: usize) -> Blk<'c> {
        unsafe { Blk::from_raw(mlirOperationGetSuccessor(self.raw, index as isize)) }
    }

    /// How many successor blocks it has.
    pub fn successor_count(self) -> usize {
        unsafe { mlirOperationGetNumSuccessors(self.raw) as usize }
    }

    /// Takes it out of its block without destroying it.
    pub fn detach(self) {
        unsafe { mlirOperationRemoveFromParent(self.raw) }
    }

    /// Moves it directly before `other`.
    pub fn move_before(self, other: Op<'c>) {
        unsafe { mlirOperationMoveBefore(self.raw, other.raw) }
    }

    /// Moves it directly after `other`.
    pub fn move_after(self, other: Op<'c>) {
        unsafe { mlirOperationMoveAfter(self.raw, other.raw) }
    }

    /// A deep copy, detached; operands still refer to the original's.
    pub fn duplicate(self) -> Op<'c> {
        unsafe { Op::from_raw(mlirOperationClone(self.raw)) }
    }

    /// Destroys it. Its results must have no uses left, and no handle to it or into it may be used again.
    pub fn erase(self) {
        unsafe { mlirOperationDestroy(self.raw) }
    }

    /// Replaces all uses of its results by `values` (as many as results) and destroys it. Its name goes to what comes instead.
    pub fn replace(self, values: &[Val<'c>]) {
        if let ([value], [result]) = (values, self.results().as_slice()) {
            value.name_after(*result);
        }
        for (result, value) in self.results().into_iter().zip(values) {
            result.replace_all_uses_with(*value);
        }
        self.erase();
    }

    /// Whether it and what it holds satisfy their verifiers.
    pub fn verify(self) -> bool {
        unsafe { mlirOperationVerify(self.raw) }
    }
}

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

impl fmt::Display for Op<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // SAFETY: the reference lives for this call only, under this module's invariant.
        let operation = unsafe { melior::ir::operation::OperationRef::from_raw(self.raw) };
        fmt::Display::fmt(&operation, formatter)
    }
}

impl fmt::Debug for Op<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl fmt::Debug for Val<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Val({:p})", self.raw.ptr)
    }
}

impl fmt::Debug for Blk<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Blk({:p})", self.raw.ptr)
    }
}
