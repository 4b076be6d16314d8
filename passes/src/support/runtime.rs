//! Calls of the runtime's functions: declared in the module on first use, with the signature that the runtime's ABI
//! table gives.

use super::llvm;
use numir_numeric::ir::{Blk, Builder, Op, Reg, Ty, Val};
use numir_runtime::abi::{self, Type};
use std::cell::RefCell;
use std::collections::HashSet;

/// What LLVM may know of a function beyond its signature: it is on the path of an error.
const COLD: &[&str] = &["numir_raise", "numir_raise_index", "numir_traceback"];
/// Functions whose result nobody else points to.
const FRESH: &[&str] = &["numir_alloc"];

/// Calls runtime functions from anywhere inside of one module.
pub(crate) struct Runtime<'c> {
    body: Blk<'c>,
    declared: RefCell<HashSet<&'static str>>,
}

impl<'c> Runtime<'c> {
    /// For a `builtin.module`; None if it has no body.
    pub(crate) fn of(module: Op<'c>) -> Option<Self> {
        Some(Self { body: module.body(0)?, declared: RefCell::default() })
    }

    /// Calls `name` of the ABI table. The result is there if the function has one.
    pub(crate) fn call(&self, builder: &Builder<'c>, name: &str, arguments: &[Val<'c>]) -> Op<'c> {
        let entry = abi::lookup(name).unwrap_or_else(|| unreachable!("{name} is not in the runtime's table"));
        self.declare(builder, entry);
        llvm::call(builder, name, arguments, entry.result.map(|ty| abi_type(builder, ty)))
    }

    /// Calls `name`, which has a result, and returns that.
    pub(crate) fn value(&self, builder: &Builder<'c>, name: &str, arguments: &[Val<'c>]) -> Val<'c> {
        self.call(builder, name, arguments).result(0)
    }

    fn declare(&self, builder: &Builder<'c>, entry: &'static abi::Entry) {
        if !self.declared.borrow_mut().insert(entry.name) || symbol(self.body, entry.name).is_some() {
            return;
        }
        let params: Vec<_> = entry.params.iter().map(|ty| abi_type(builder, *ty)).collect();
        let result =
            entry.result.map_or(melior::dialect::llvm::r#type::void(builder.context()), |ty| abi_type(builder, ty));
        let ty = melior::dialect::llvm::r#type::function(result, &params, false);
        let mut attributes =
            vec![("sym_name", builder.string(entry.name)), ("function_type", builder.type_attribute(ty))];
        if COLD.contains(&entry.name) {
            attributes.push(("passthrough", builder.array(&[builder.string("cold")])));
        }
        if FRESH.contains(&entry.name) {
            let noalias = melior::ir::Identifier::new(builder.context(), "llvm.noalias");
            let attribute =
                melior::ir::attribute::DictionaryAttribute::new(builder.context(), &[(noalias, builder.unit())]);
            attributes.push(("res_attrs", builder.array(&[attribute.into()])));
        }
        Builder::at_start(builder.context(), self.body, builder.location()).create(
            "llvm.func",
            &[],
            &[],
            &attributes,
            &[Reg::new()],
        );
    }
}

/// The operation of that symbol name directly in a module's body.
pub(crate) fn symbol<'c>(body: Blk<'c>, name: &str) -> Option<Op<'c>> {
    let mut next = body.first();
    while let Some(operation) = next {
        if operation.string_attribute("sym_name").is_some_and(|symbol| symbol == name) {
            return Some(operation);
        }
        next = operation.next();
    }
    None
}

fn abi_type<'c>(builder: &Builder<'c>, ty: Type) -> Ty<'c> {
    match ty {
        Type::I32 => builder.integer(32),
        Type::I64 => builder.integer(64),
        Type::F32 => Ty::float32(builder.context()),
        Type::F64 => builder.f64(),
        Type::Ptr => builder.pointer(),
    }
}
