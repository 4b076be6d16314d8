//! Calls of the runtime's functions: declared in the module on first use, with the signature that the runtime's ABI
//! table gives.

use super::llvm;
use melior::StringRef;
use melior::ir::{Attribute, AttributeLike};
use mlir_sys::{MlirNamedAttribute, mlirDictionaryAttrGetElement, mlirDictionaryAttrGetNumElements, mlirIdentifierStr};
use numir_numeric::ir::{Blk, Builder, Op, Reg, Ty, Val};
use numir_runtime::abi::{self, Type};
use std::cell::RefCell;
use std::collections::HashSet;

/// What LLVM may know of a function beyond its signature, as attributes of its declaration. Releasing an array may run anything.
const KNOWN: &[(&str, &str)] = &[
    // As malloc: what it touches, nobody else does.
    (
        "numir_alloc",
        "{res_attrs = [{llvm.noalias, llvm.align = 64 : i64}], memory_effects = #llvm.memory_effects<other = none, \
         argMem = none, inaccessibleMem = readwrite, errnoMem = none, targetMem0 = none, targetMem1 = none>}",
    ),
    (
        "numir_retain",
        "{memory_effects = #llvm.memory_effects<other = none, argMem = readwrite, inaccessibleMem = none, \
         errnoMem = none, targetMem0 = none, targetMem1 = none>}",
    ),
    ("numir_parallel_chunks", PURE),
    // A frame stays on its thread.
    ("numir_stack_limit", PURE),
    ("numir_random_bits", DRAW),
    ("numir_random_double", DRAW),
    ("numir_random_gauss", DRAW),
    ("numir_raise", COLD),
    ("numir_raise_index", COLD),
    ("numir_traceback", COLD),
];
/// The result depends on the arguments alone.
const PURE: &str = "{memory_effects = #llvm.memory_effects<other = none, argMem = none, inaccessibleMem = none, \
                    errnoMem = none, targetMem0 = none, targetMem1 = none>, will_return}";
/// Reads and writes what nobody else sees.
const DRAW: &str = "{memory_effects = #llvm.memory_effects<other = none, argMem = none, inaccessibleMem = readwrite, \
                    errnoMem = none, targetMem0 = none, targetMem1 = none>, will_return}";
/// On the path of an error.
const COLD: &str = "{passthrough = [\"cold\"]}";

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

    /// The lowest stack address that may be used, as an i64.
    pub(crate) fn stack_limit(&self, builder: &Builder<'c>) -> Val<'c> {
        let limit = self.value(builder, "numir_stack_limit", &[]);
        builder.value("llvm.ptrtoint", &[limit], builder.integer(64), &[])
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
        let known = KNOWN.iter().find(|(name, _)| *name == entry.name);
        let known = known.map(|(_, text)| dictionary(builder, text)).unwrap_or_default();
        attributes.extend(known.iter().map(|(name, value)| (name.as_str(), *value)));
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

/// The entries of a dictionary attribute that is given as text.
fn dictionary<'c>(builder: &Builder<'c>, text: &str) -> Vec<(String, Attribute<'c>)> {
    let parsed = Attribute::parse(builder.context(), text);
    let raw = parsed.unwrap_or_else(|| unreachable!("{text} is no attribute")).to_raw();
    // SAFETY: the texts are dictionaries; names live as long as the context.
    unsafe {
        let entries = (0..mlirDictionaryAttrGetNumElements(raw)).map(|index| mlirDictionaryAttrGetElement(raw, index));
        let name = |entry: &MlirNamedAttribute| StringRef::from_raw(mlirIdentifierStr(entry.name));
        entries
            .map(|entry| (name(&entry).as_str().unwrap_or_default().to_owned(), Attribute::from_raw(entry.attribute)))
            .collect()
    }
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
