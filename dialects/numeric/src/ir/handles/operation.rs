//! What can be asked of an operation, and done with it.

use super::super::location;
use super::{Blk, Op, Reg, Val, context_reference, string_ref};
use melior::Context;
use melior::ir::{Attribute, AttributeLike, Location, Module};
use mlir_sys::*;
use std::fmt;

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
