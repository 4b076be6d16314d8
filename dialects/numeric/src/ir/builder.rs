//! The builder: makes operations at one place, with one location, and knows the handful of ops every pass makes.

use super::handles::string_ref;
use super::{Blk, Op, Reg, Ty, Val};
use melior::Context;
use melior::ir::attribute::{
    ArrayAttribute, DenseI64ArrayAttribute, FlatSymbolRefAttribute, FloatAttribute, IntegerAttribute, StringAttribute,
    TypeAttribute,
};
use melior::ir::r#type::{FunctionType, IntegerType};
use melior::ir::{Attribute, AttributeLike, Location, Type, TypeLike};
use mlir_sys::*;

/// An attribute and its name.
pub type NamedAttribute<'c, 'n> = (&'n str, Attribute<'c>);

/// Where a builder puts the next operation.
#[derive(Clone, Copy)]
enum Place<'c> {
    End(Blk<'c>),
    Before(Op<'c>),
}

/// Makes operations at one insertion point. Copy: a function that needs another place takes its own.
#[derive(Clone, Copy)]
pub struct Builder<'c> {
    context: &'c Context,
    place: Place<'c>,
    location: Location<'c>,
}

impl<'c> Builder<'c> {
    /// At the end of `block`.
    pub fn at_end(context: &'c Context, block: Blk<'c>, location: Location<'c>) -> Self {
        Self { context, place: Place::End(block), location }
    }

    /// Directly before `operation`, with its location.
    pub fn before(operation: Op<'c>) -> Self {
        Self { context: operation.context(), place: Place::Before(operation), location: operation.location() }
    }

    /// Directly after `operation`, with its location. `operation` must not be a terminator.
    pub fn after(operation: Op<'c>) -> Self {
        match (operation.next(), operation.block()) {
            (None, Some(block)) => Self::at_end(operation.context(), block, operation.location()),
            (Some(next), _) => Self::before(next).with_location(operation.location()),
            (None, None) => Self::before(operation),
        }
    }

    /// At the start of `block`.
    pub fn at_start(context: &'c Context, block: Blk<'c>, location: Location<'c>) -> Self {
        match block.first() {
            Some(first) => Self::before(first).with_location(location),
            None => Self::at_end(context, block, location),
        }
    }

    /// The same place, another location.
    pub fn with_location(self, location: Location<'c>) -> Self {
        Self { location, ..self }
    }

    /// The end of another block, same location.
    pub fn into_block(self, block: Blk<'c>) -> Self {
        Self { place: Place::End(block), ..self }
    }

    /// The context.
    pub fn context(&self) -> &'c Context {
        self.context
    }

    /// The location given to what is built.
    pub fn location(&self) -> Location<'c> {
        self.location
    }

    /// Makes an operation. Regions are detached ones, which it takes over.
    pub fn create(
        &self,
        name: &str,
        operands: &[Val<'c>],
        results: &[Ty<'c>],
        attributes: &[NamedAttribute<'c, '_>],
        regions: &[Reg<'c>],
    ) -> Op<'c> {
        self.create_with_successors(name, operands, results, attributes, regions, &[])
    }

    /// Makes an operation that has successor blocks (a branch).
    pub fn create_with_successors(
        &self,
        name: &str,
        operands: &[Val<'c>],
        results: &[Ty<'c>],
        attributes: &[NamedAttribute<'c, '_>],
        regions: &[Reg<'c>],
        successors: &[Blk<'c>],
    ) -> Op<'c> {
        let operands: Vec<_> = operands.iter().map(|value| value.raw()).collect();
        let results: Vec<_> = results.iter().map(|ty| ty.to_raw()).collect();
        let regions: Vec<_> = regions.iter().map(|region| region.raw()).collect();
        let successors: Vec<_> = successors.iter().map(|block| block.raw()).collect();
        // SAFETY: all handles are live and of this context; the name and the vectors outlive the call. A dialect that is
        // not loaded, or an attribute that does not fit, makes MLIR return null, caught below.
        let raw = unsafe {
            let attributes: Vec<_> = attributes
                .iter()
                .map(|(name, value)| {
                    mlirNamedAttributeGet(mlirIdentifierGet(self.context.to_raw(), string_ref(name)), value.to_raw())
                })
                .collect();
            let mut state = mlirOperationStateGet(string_ref(name), self.location.to_raw());
            mlirOperationStateAddOperands(&mut state, operands.len() as isize, operands.as_ptr());
            mlirOperationStateAddResults(&mut state, results.len() as isize, results.as_ptr());
            mlirOperationStateAddAttributes(&mut state, attributes.len() as isize, attributes.as_ptr());
            mlirOperationStateAddOwnedRegions(&mut state, regions.len() as isize, regions.as_ptr());
            mlirOperationStateAddSuccessors(&mut state, successors.len() as isize, successors.as_ptr());
            mlirOperationCreate(&mut state)
        };
        assert!(!raw.ptr.is_null(), "MLIR refused to build {name}");
        // SAFETY: not null, just made.
        let operation = unsafe { Op::from_raw(raw) };
        self.insert(operation);
        operation
    }

    /// Puts a detached operation here.
    pub fn insert(&self, operation: Op<'c>) {
        match self.place {
            Place::End(block) => block.append(operation),
            Place::Before(reference) => match reference.block() {
                Some(block) => block.insert_before(reference, operation),
                None => unreachable!("the insertion point was detached"),
            },
        }
    }

    /// Makes an operation with one result and returns that.
    pub fn value(
        &self,
        name: &str,
        operands: &[Val<'c>],
        result: Ty<'c>,
        attributes: &[NamedAttribute<'c, '_>],
    ) -> Val<'c> {
        self.create(name, operands, &[result], attributes, &[]).result(0)
    }

    /// The type `index`.
    pub fn index(&self) -> Ty<'c> {
        Type::index(self.context)
    }

    /// A signless integer type.
    pub fn integer(&self, bits: u32) -> Ty<'c> {
        IntegerType::new(self.context, bits).into()
    }

    /// The type `f64`.
    pub fn f64(&self) -> Ty<'c> {
        Type::float64(self.context)
    }

    /// An opaque LLVM pointer.
    pub fn pointer(&self) -> Ty<'c> {
        melior::dialect::llvm::r#type::pointer(self.context, 0)
    }

    /// `arith.constant` of type index.
    pub fn constant_index(&self, value: i64) -> Val<'c> {
        self.constant_integer(value, self.index())
    }

    /// `arith.constant` of a signless integer or index type.
    pub fn constant_integer(&self, value: i64, ty: Ty<'c>) -> Val<'c> {
        self.value("arith.constant", &[], ty, &[("value", IntegerAttribute::new(ty, value).into())])
    }

    /// `arith.constant` of a float type.
    pub fn constant_float(&self, value: f64, ty: Ty<'c>) -> Val<'c> {
        self.value("arith.constant", &[], ty, &[("value", FloatAttribute::new(self.context, ty, value).into())])
    }

    /// A string attribute.
    pub fn string(&self, text: &str) -> Attribute<'c> {
        StringAttribute::new(self.context, text).into()
    }

    /// A reference to a symbol.
    pub fn symbol(&self, name: &str) -> Attribute<'c> {
        FlatSymbolRefAttribute::new(self.context, name).into()
    }

    /// An i64 attribute.
    pub fn i64_attribute(&self, value: i64) -> Attribute<'c> {
        IntegerAttribute::new(self.integer(64), value).into()
    }

    /// A unit attribute.
    pub fn unit(&self) -> Attribute<'c> {
        Attribute::unit(self.context)
    }

    /// A type attribute.
    pub fn type_attribute(&self, ty: Ty<'c>) -> Attribute<'c> {
        TypeAttribute::new(ty).into()
    }

    /// A dense i64 array attribute.
    pub fn i64_array(&self, values: &[i64]) -> Attribute<'c> {
        DenseI64ArrayAttribute::new(self.context, values).into()
    }

    /// An array attribute.
    pub fn array(&self, values: &[Attribute<'c>]) -> Attribute<'c> {
        ArrayAttribute::new(self.context, values).into()
    }

    /// A function type.
    pub fn function_type(&self, inputs: &[Ty<'c>], results: &[Ty<'c>]) -> Ty<'c> {
        FunctionType::new(self.context, inputs, results).into()
    }
}
