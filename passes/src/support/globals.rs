//! Constants of the module: texts, each stored once, and fresh symbols.

use super::llvm;
use melior::dialect::llvm::r#type::array;
use numir_numeric::ir::{Blk, Builder, Op, Reg, Ty, Val};
use std::collections::HashMap;

/// Makes globals in one module, under names that start with a prefix of the pass's own.
pub(crate) struct Globals<'c> {
    body: Blk<'c>,
    prefix: &'static str,
    made: usize,
    texts: HashMap<String, String>,
}

impl<'c> Globals<'c> {
    /// For a `builtin.module`; None if it has no body. Two passes must not use one prefix.
    pub(crate) fn of(module: Op<'c>, prefix: &'static str) -> Option<Self> {
        Some(Self { body: module.body(0)?, prefix, made: 0, texts: HashMap::new() })
    }

    /// The symbol of a constant with this text, not terminated.
    pub(crate) fn text(&mut self, builder: &Builder<'c>, text: &str) -> String {
        if let Some(symbol) = self.texts.get(text) {
            return symbol.clone();
        }
        let ty = array(builder.integer(8), text.len() as u32);
        let symbol = self.global(builder, "text", ty, Some(("value", builder.string(text))), Reg::new());
        self.texts.insert(text.to_owned(), symbol.clone());
        symbol
    }

    /// The symbol of a new constant of type `ty`, whose value `initialize` builds.
    pub(crate) fn constant(
        &mut self,
        builder: &Builder<'c>,
        kind: &str,
        ty: Ty<'c>,
        initialize: impl FnOnce(&mut Self, &Builder<'c>) -> Val<'c>,
    ) -> String {
        let builder = &self.outside(builder);
        let block = Blk::new(&[], builder.location());
        let inner = builder.into_block(block);
        let value = initialize(self, &inner);
        inner.create("llvm.return", &[value], &[], &[], &[]);
        self.global(builder, kind, ty, None, Reg::with_block(block))
    }

    /// The builder with the module's own location: debug information wants a function around every place within a file.
    fn outside(&self, builder: &Builder<'c>) -> Builder<'c> {
        builder.with_location(self.body.parent().map_or(builder.location(), |module| module.location()))
    }

    fn global(
        &mut self,
        builder: &Builder<'c>,
        kind: &str,
        ty: Ty<'c>,
        value: Option<(&str, melior::ir::Attribute<'c>)>,
        initializer: Reg<'c>,
    ) -> String {
        let builder = &self.outside(builder);
        let symbol = format!("{}.{kind}.{}", self.prefix, self.made);
        self.made += 1;
        let mut attributes = vec![
            ("sym_name", builder.string(&symbol)),
            ("global_type", builder.type_attribute(ty)),
            ("linkage", llvm::internal(builder)),
            ("constant", builder.unit()),
        ];
        attributes.extend(value);
        Builder::at_start(builder.context(), self.body, builder.location()).create(
            "llvm.mlir.global",
            &[],
            &[],
            &attributes,
            &[initializer],
        );
        symbol
    }
}
