//! Functions that are called on paths seldom taken, in loops that are vectorised all the same.
//!
//! LLVM does not vectorise a loop with a branch around a call, but where the function is said to have a variant for several lanes under
//! a mask, it calls that one, for each group of lanes and whatever the mask holds. So a function with the attribute `numir-rare` is given
//! such variants: before LLVM's passes they are declared, afterwards those that loops have come to call are defined and put in where
//! they are called. They test whether the mask holds any lane, and only then call a function that goes through the lanes; so what a loop
//! pays for the rare case is a test and a branch that is never taken.
//!
//! The function takes and gives doubles, and must be pure and total: it is called with lanes that the mask leaves out.

use crate::error::Error;
use crate::linked::{link, named, set_linkage};
use crate::llvm::Module;
use crate::optimize::Passes;
use llvm_sys::LLVMTypeKind::LLVMDoubleTypeKind;
use llvm_sys::core::{
    LLVMAddAttributeAtIndex, LLVMCountParams, LLVMCreateStringAttribute, LLVMDeleteFunction, LLVMDeleteGlobal,
    LLVMGetEnumAttributeKindForName, LLVMGetFirstFunction, LLVMGetFirstUse, LLVMGetNamedGlobal, LLVMGetNextFunction,
    LLVMGetParam, LLVMGetReturnType, LLVMGetStringAttributeAtIndex, LLVMGetTypeKind, LLVMGetValueName2,
    LLVMGlobalGetValueType, LLVMIsDeclaration, LLVMRemoveEnumAttributeAtIndex, LLVMTypeOf,
};
use llvm_sys::prelude::LLVMValueRef;
use llvm_sys::{LLVMAttributeFunctionIndex, LLVMLinkage};
use std::fmt::Write as _;

/// The attribute of functions.
const ATTRIBUTE: &str = "numir-rare";
/// LLVM's, which names variants.
const VARIANTS: &str = "vector-function-abi-variant";
/// How many lanes variants have.
const LANES: [u32; 4] = [2, 4, 8, 16];

/// A function that is rarely called.
pub(crate) struct Rare {
    symbol: String,
    arguments: u32,
}

/// Declares the variants of all rare functions, and keeps them and the functions through LLVM's passes.
pub(crate) fn declare(module: &Module) -> Result<Vec<Rare>, Error> {
    let found = find(module);
    if found.is_empty() {
        return Ok(found);
    }
    let mut text = String::new();
    let mut kept = Vec::new();
    for rare in &found {
        let mut variants = Vec::new();
        for lanes in LANES {
            let name = rare.variant(lanes);
            _ = writeln!(
                text,
                "declare <{lanes} x double> @\"{name}\"({}<{lanes} x i1>) nounwind willreturn memory(none)",
                format!("<{lanes} x double>, ").repeat(rare.arguments as usize)
            );
            variants.push(format!("_ZGV_LLVM_M{lanes}{}_{}({name})", "v".repeat(rare.arguments as usize), rare.symbol));
            kept.push(format!("ptr @\"{name}\""));
        }
        announce(module, &rare.symbol, &variants.join(","));
        set_linkage(module, &rare.symbol, LLVMLinkage::LLVMExternalLinkage);
    }
    let (count, kept) = (kept.len(), kept.join(", "));
    _ = writeln!(text, "@llvm.compiler.used = appending global [{count} x ptr] [{kept}], section \"llvm.metadata\"");
    link(module, &text)?;
    Ok(found)
}

/// Defines the variants that are called, and drops the others.
pub(crate) fn define(module: &Module, rare: &[Rare], passes: &Passes<'_>) -> Result<(), Error> {
    if rare.is_empty() {
        return Ok(());
    }
    // SAFETY: the global is the one that `declare` made; nothing refers to it.
    unsafe {
        let kept = LLVMGetNamedGlobal(module.raw(), c"llvm.compiler.used".as_ptr());
        if !kept.is_null() {
            LLVMDeleteGlobal(kept);
        }
    }
    let (mut text, mut defined, mut slow) = (String::new(), Vec::new(), Vec::new());
    for function in rare {
        let mut is_used = false;
        for lanes in LANES {
            if is_called(module, &function.variant(lanes)) {
                function.write(lanes, &mut text);
                defined.push(function.variant(lanes));
                slow.push(function.slow(lanes));
                is_used = true;
            }
        }
        if is_used {
            _ = writeln!(text, "declare double @\"{}\"({})", function.symbol, function.list(|_| "double".into()));
        }
    }
    if !defined.is_empty() {
        link(module, &text)?;
    }
    for symbol in defined.iter().chain(&slow).chain(rare.iter().map(|function| &function.symbol)) {
        set_linkage(module, symbol, LLVMLinkage::LLVMInternalLinkage);
    }
    passes.run(module, c"always-inline,globaldce")?;
    for symbol in &slow {
        if let Some(function) = named(module, symbol) {
            passes.run_on_function(module, function, c"sroa,early-cse,loop-vectorize,instcombine,simplifycfg")?;
        }
    }
    Ok(())
}

impl Rare {
    fn variant(&self, lanes: u32) -> String {
        format!("{}.masked{lanes}", self.symbol)
    }

    fn slow(&self, lanes: u32) -> String {
        format!("{}.slow{lanes}", self.symbol)
    }

    fn list(&self, item: impl Fn(u32) -> String) -> String {
        (0..self.arguments).map(item).collect::<Vec<_>>().join(", ")
    }

    /// The variant for a number of lanes, and the function that goes through the lanes.
    fn write(&self, lanes: u32, text: &mut String) {
        let vector = format!("<{lanes} x double>");
        let (symbol, variant, slow) = (&self.symbol, self.variant(lanes), self.slow(lanes));
        let vectors = self.list(|index| format!("{vector} %x{index}"));
        let each = |item: &dyn Fn(u32) -> String| (0..self.arguments).map(item).collect::<String>();
        let stores =
            each(&|index| format!("  %in{index} = alloca {vector}\n  store {vector} %x{index}, ptr %in{index}\n"));
        let loads = each(&|index| {
            format!(
                "  %p{index} = getelementptr double, ptr %in{index}, i64 %i\n  %v{index} = load double, ptr %p{index}\n"
            )
        });
        let values = self.list(|index| format!("double %v{index}"));
        _ = write!(
            text,
            "define {vector} @\"{variant}\"({vectors}, <{lanes} x i1> %mask) alwaysinline nounwind {{
entry:
  %bits = bitcast <{lanes} x i1> %mask to i{lanes}
  %none = icmp eq i{lanes} %bits, 0
  br i1 %none, label %done, label %some, !prof !0
some:
  %slow = call {vector} @\"{slow}\"({vectors})
  br label %done
done:
  %result = phi {vector} [ %x0, %entry ], [ %slow, %some ]
  ret {vector} %result
}}
define {vector} @\"{slow}\"({vectors}) noinline cold nounwind {{
entry:
{stores}  %out = alloca {vector}
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
{loads}  %one = call double @\"{symbol}\"({values}) alwaysinline
  %q = getelementptr double, ptr %out, i64 %i
  store double %one, ptr %q
  %next = add nuw nsw i64 %i, 1
  %end = icmp eq i64 %next, {lanes}
  br i1 %end, label %done, label %loop
done:
  %result = load {vector}, ptr %out
  ret {vector} %result
}}
"
        );
        if !text.contains("\n!0 = ") {
            text.push_str("!0 = !{!\"branch_weights\", i32 1048575, i32 1}\n");
        }
    }
}

/// The rare functions of a module.
fn find(module: &Module) -> Vec<Rare> {
    let mut found = Vec::new();
    // SAFETY: the module is alive; functions are visited while none is added or removed.
    unsafe {
        let mut function = LLVMGetFirstFunction(module.raw());
        while !function.is_null() {
            let (index, length) = (LLVMAttributeFunctionIndex, ATTRIBUTE.len() as u32);
            let attribute = LLVMGetStringAttributeAtIndex(function, index, ATTRIBUTE.as_ptr().cast(), length);
            if !attribute.is_null() && LLVMIsDeclaration(function) == 0 && is_of_doubles(function) {
                let mut length = 0;
                let name = LLVMGetValueName2(function, &mut length);
                let name = std::slice::from_raw_parts(name.cast(), length);
                let symbol = String::from_utf8_lossy(name).into_owned();
                found.push(Rare { symbol, arguments: LLVMCountParams(function) });
            }
            function = LLVMGetNextFunction(function);
        }
    }
    found
}

/// # Safety
/// `function` must be a live function.
unsafe fn is_of_doubles(function: LLVMValueRef) -> bool {
    // SAFETY: by contract; parameters are asked for within their number.
    unsafe {
        let is_double = |ty| LLVMGetTypeKind(ty) == LLVMDoubleTypeKind;
        let count = LLVMCountParams(function);
        count > 0
            && is_double(LLVMGetReturnType(LLVMGlobalGetValueType(function)))
            && (0..count).all(|index| is_double(LLVMTypeOf(LLVMGetParam(function, index))))
    }
}

/// Whether a declared variant is called; one that is not is deleted.
fn is_called(module: &Module, symbol: &str) -> bool {
    let Some(function) = named(module, symbol) else { return false };
    // SAFETY: the function is alive; it is deleted only if nothing uses it.
    unsafe {
        let is_used = !LLVMGetFirstUse(function).is_null();
        if !is_used {
            LLVMDeleteFunction(function);
        }
        is_used
    }
}

/// Tells LLVM of the variants of a function. It takes none of one that is said to be no built-in function.
fn announce(module: &Module, symbol: &str, variants: &str) {
    const NO_BUILTIN: &str = "nobuiltin";
    let Some(function) = named(module, symbol) else { return };
    // SAFETY: function and context are alive; the texts are copied.
    unsafe {
        let (key, value) = (VARIANTS.as_ptr().cast(), variants.as_ptr().cast());
        let (key_length, length) = (VARIANTS.len() as u32, variants.len() as u32);
        let attribute = LLVMCreateStringAttribute(module.context().raw(), key, key_length, value, length);
        LLVMAddAttributeAtIndex(function, LLVMAttributeFunctionIndex, attribute);
        let kind = LLVMGetEnumAttributeKindForName(NO_BUILTIN.as_ptr().cast(), NO_BUILTIN.len());
        LLVMRemoveEnumAttributeAtIndex(function, LLVMAttributeFunctionIndex, kind);
    }
}
