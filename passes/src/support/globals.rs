//! Constants of the module, each stored once, behind its functions.

use super::llvm;
use melior::dialect::llvm::r#type::array;
use melior::ir::Attribute;
use mlir_sys::{MlirStringRef, mlirStringAttrGet};
use numir_numeric::ir::{Blk, Builder, Op, Reg};
use std::collections::{HashMap, HashSet};

/// Makes globals in one module, under names that start with a prefix of the pass's own.
pub(crate) struct Globals<'c> {
    body: Blk<'c>,
    prefix: &'static str,
    made: HashMap<Vec<u8>, String>,
    names: HashSet<String>,
}

impl<'c> Globals<'c> {
    /// For a `builtin.module`; None if it has no body. Two passes must not use one prefix.
    pub(crate) fn of(module: Op<'c>, prefix: &'static str) -> Option<Self> {
        Some(Self { body: module.body(0)?, prefix, made: HashMap::new(), names: HashSet::new() })
    }

    /// The symbol of a constant of these bytes, which is named after `hint` if it is new.
    pub(crate) fn bytes(&mut self, builder: &Builder<'c>, hint: &str, bytes: &[u8]) -> String {
        if let Some(symbol) = self.made.get(bytes) {
            return symbol.clone();
        }
        let first = format!("{}.{hint}", self.prefix);
        let others = (1..).map(|number| format!("{first}.{number}"));
        let mut free = std::iter::once(first.clone()).chain(others).filter(|name| !self.names.contains(name));
        let symbol = free.next().unwrap_or_default();
        // Debug information wants a function around every place within a file: it gets the module's own.
        let location = self.body.parent().map_or(builder.location(), |module| module.location());
        let builder = &Builder::at_end(builder.context(), self.body, location);
        // SAFETY: the attribute copies the bytes, and lives as long as the context.
        let value = unsafe {
            let text = MlirStringRef { data: bytes.as_ptr().cast(), length: bytes.len() };
            Attribute::from_raw(mlirStringAttrGet(builder.context().to_raw(), text))
        };
        let attributes = [
            ("sym_name", builder.string(&symbol)),
            ("global_type", builder.type_attribute(array(builder.integer(8), bytes.len() as u32))),
            ("linkage", llvm::internal(builder)),
            ("constant", builder.unit()),
            ("value", value),
        ];
        builder.create("llvm.mlir.global", &[], &[], &attributes, &[Reg::new()]);
        self.made.insert(bytes.to_vec(), symbol.clone());
        self.names.insert(symbol.clone());
        symbol
    }
}
