//! From the `llvm` dialect to LLVM IR of a target: verify, translate, add what holds for all functions, verify again.

use std::cell::RefCell;
use std::ffi::{CStr, c_char};

use llvm_sys::analysis::{LLVMVerifierFailureAction, LLVMVerifyModule};
use llvm_sys::core::{
    LLVMAddAttributeAtIndex, LLVMCreateEnumAttribute, LLVMGetEnumAttributeKindForName, LLVMGetFirstFunction,
    LLVMGetLinkage, LLVMGetNextFunction, LLVMGetValueName2, LLVMIsDeclaration, LLVMSetValueName2,
};
use llvm_sys::prelude::{LLVMAttributeRef, LLVMContextRef, LLVMModuleRef, LLVMValueRef};
use llvm_sys::{LLVMAttributeFunctionIndex, LLVMLinkage};
use melior::Context as MlirContext;
use melior::diagnostic::{Diagnostic as MlirDiagnostic, DiagnosticSeverity};
use melior::ir::Module as MlirModule;
use melior::ir::operation::OperationLike;
use mlir_sys::MlirOperation;

use crate::error::{Diagnostic, Error, Step};
use crate::fast_math;
use crate::llvm::{Context, Module, take_message};
use crate::target::TargetMachine;

unsafe extern "C-unwind" {
    // In cpp/translate.cpp. A fatal error of LLVM unwinds through it (see `fatal`).
    fn numir_translate(
        module: MlirOperation,
        context: LLVMContextRef,
        layout: *const c_char,
        triple: *const c_char,
        kernels: bool,
    ) -> LLVMModuleRef;
}

/// Translates a module of stage `llvm`.
pub(crate) fn translate(module: &MlirModule, machine: &TargetMachine) -> Result<Module, Error> {
    let operation = module.as_operation();
    let mlir_context = module.context();
    // SAFETY: the module keeps its context alive while we hold the module.
    let mlir_context = unsafe { mlir_context.to_ref() };
    let (valid, diagnostics) = with_diagnostics(mlir_context, || operation.verify());
    if !valid {
        return Err(Error::NotAtStage { diagnostics });
    }
    let context = Context::new();
    let (layout, triple) = (machine.data_layout.as_ptr(), machine.triple.as_ptr());
    // SAFETY: both contexts are alive, and so are the texts. The module's attributes are changed, and changed back, under the
    // same lock as all that is done in its context.
    let (raw, diagnostics) = with_diagnostics(mlir_context, || unsafe {
        numir_translate(operation.to_raw(), context.raw(), layout, triple, machine.passes.is_some())
    });
    if raw.is_null() {
        return Err(Error::NotAtStage { diagnostics });
    }
    // SAFETY: the translation made the module in our context and handed it over.
    let translated = unsafe { Module::from_raw(raw, context) };
    stamp(&translated);
    fast_math::apply(&translated);
    if let Some(message) = translated.context().take_errors() {
        return Err(Error::Llvm { step: Step::Translate, message });
    }
    verify(&translated)?;
    Ok(translated)
}

/// Gives every function what holds for all code of numir.
fn stamp(module: &Module) {
    let context = module.context().raw();
    let nounwind = enum_attribute(context, "nounwind");
    let nobuiltin = enum_attribute(context, "nobuiltin");
    // SAFETY: module and context are alive; functions are visited while none is added or removed.
    unsafe {
        let mut function = LLVMGetFirstFunction(module.raw());
        while !function.is_null() {
            // Neither compiled code nor the runtime unwinds: errors are statuses.
            LLVMAddAttributeAtIndex(function, LLVMAttributeFunctionIndex, nounwind);
            if LLVMIsDeclaration(function) == 0 {
                // A user's function may be called `sin`, and need not be the C library's.
                LLVMAddAttributeAtIndex(function, LLVMAttributeFunctionIndex, nobuiltin);
                keep_apart_from_library(function);
            }
            function = LLVMGetNextFunction(function);
        }
    }
}

/// Whether LLVM may call `name` on its own account: as a library function that it knows, or as a helper of its code.
fn is_library_name(name: &str) -> bool {
    name.starts_with("__") || numir_runtime::loader::resolve(name).is_some()
}

/// Renames a local function that has the name of a library function: LLVM makes calls to `sin`, `memcpy` and others of
/// its own, and they would reach the local one.
///
/// # Safety
/// `function` must be a live function of a module.
unsafe fn keep_apart_from_library(function: LLVMValueRef) {
    // SAFETY: by contract; the name is a C string inside the module, copied before it changes.
    unsafe {
        if !matches!(LLVMGetLinkage(function), LLVMLinkage::LLVMInternalLinkage | LLVMLinkage::LLVMPrivateLinkage) {
            return;
        }
        let mut len = 0;
        let name = CStr::from_ptr(LLVMGetValueName2(function, &mut len));
        if name.to_str().is_ok_and(is_library_name) {
            let apart = [name.to_bytes(), b".local"].concat();
            LLVMSetValueName2(function, apart.as_ptr().cast(), apart.len());
        }
    }
}

fn enum_attribute(context: LLVMContextRef, name: &str) -> LLVMAttributeRef {
    // SAFETY: pointer and length describe live text; the context is alive.
    unsafe {
        let kind = LLVMGetEnumAttributeKindForName(name.as_ptr().cast(), name.len());
        LLVMCreateEnumAttribute(context, kind, 0)
    }
}

/// Runs LLVM's verifier.
pub(crate) fn verify(module: &Module) -> Result<(), Error> {
    let mut message = std::ptr::null_mut();
    // SAFETY: the module is alive; the message, which may be empty, is ours to free.
    let (broken, message) = unsafe {
        let action = LLVMVerifierFailureAction::LLVMReturnStatusAction;
        (LLVMVerifyModule(module.raw(), action, &mut message) != 0, take_message(message))
    };
    if broken { Err(Error::InvalidIr { message: message.trim_end().to_owned() }) } else { Ok(()) }
}

/// Runs `work` and keeps the errors that MLIR reports meanwhile.
fn with_diagnostics<T>(context: &MlirContext, work: impl FnOnce() -> T) -> (T, Vec<Diagnostic>) {
    let seen = std::rc::Rc::new(RefCell::new(Vec::new()));
    let sink = seen.clone();
    let handler = context.attach_diagnostic_handler(move |diagnostic: MlirDiagnostic| {
        if matches!(diagnostic.severity(), DiagnosticSeverity::Error) {
            sink.borrow_mut()
                .push(Diagnostic { location: diagnostic.location().to_string(), message: diagnostic.to_string() });
        }
        true
    });
    let result = work();
    context.detach_diagnostic_handler(handler);
    (result, seen.take())
}
