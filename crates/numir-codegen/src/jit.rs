//! Objects placed in executable memory, by ORC's LLJIT; gdb hears of each. One LLJIT per module: dropping it frees all.

use std::ffi::{CStr, CString, c_char, c_void};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use llvm_sys::error::LLVMErrorRef;
use llvm_sys::execution_engine::LLVMCreateGDBRegistrationListener;
use llvm_sys::orc2::ee::{
    LLVMOrcCreateRTDyldObjectLinkingLayerWithSectionMemoryManagerReserveAlloc,
    LLVMOrcRTDyldObjectLinkingLayerRegisterJITEventListener,
};
use llvm_sys::orc2::lljit::{
    LLVMOrcCreateLLJIT, LLVMOrcCreateLLJITBuilder, LLVMOrcDisposeLLJIT, LLVMOrcLLJITAddObjectFile,
    LLVMOrcLLJITBuilderSetJITTargetMachineBuilder, LLVMOrcLLJITBuilderSetObjectLinkingLayerCreator,
    LLVMOrcLLJITGetExecutionSession, LLVMOrcLLJITGetMainJITDylib, LLVMOrcLLJITRef,
};
use llvm_sys::orc2::{
    LLVMJITEvaluatedSymbol, LLVMJITSymbolFlags, LLVMJITSymbolGenericFlags, LLVMOrcAbsoluteSymbols, LLVMOrcCLookupSet,
    LLVMOrcCSymbolMapPair, LLVMOrcCreateCustomCAPIDefinitionGenerator, LLVMOrcDefinitionGeneratorRef,
    LLVMOrcExecutionSessionRef, LLVMOrcExecutionSessionSetErrorReporter, LLVMOrcExecutorAddress,
    LLVMOrcJITDylibAddGenerator, LLVMOrcJITDylibDefine, LLVMOrcJITDylibLookupFlags, LLVMOrcJITDylibRef,
    LLVMOrcJITTargetMachineBuilderCreateFromTargetMachine, LLVMOrcLookupKind, LLVMOrcLookupStateRef,
    LLVMOrcObjectLayerRef, LLVMOrcRetainSymbolStringPoolEntry, LLVMOrcSymbolLookupFlags,
    LLVMOrcSymbolStringPoolEntryStr,
};

use crate::error::{Error, Step};
use crate::llvm::{MemoryBuffer, check};
use crate::optimize::OptLevel;
use crate::symbols::Symbols;
use crate::target::{Target, TargetMachine};

unsafe extern "C-unwind" {
    // Declared here, not taken from llvm-sys, because a fatal error of LLVM unwinds through it (see `fatal`).
    fn LLVMOrcLLJITLookup(
        jit: LLVMOrcLLJITRef,
        result: *mut LLVMOrcExecutorAddress,
        name: *const c_char,
    ) -> LLVMErrorRef;
}

/// A module in executable memory. Dropping it frees the memory: pointers from `lookup` must not outlive it.
pub struct Jit {
    raw: LLVMOrcLLJITRef,
    linker: Arc<Linker>,
}

// SAFETY: ORC's session is guarded by a lock of its own.
unsafe impl Send for Jit {}
// SAFETY: as above; `lookup` takes that lock.
unsafe impl Sync for Jit {}

/// What ORC calls back into: symbols to find, and the names and errors that came of it.
struct Linker {
    symbols: Arc<Symbols>,
    missing: Mutex<Vec<String>>,
}

impl Linker {
    fn missing(&self) -> MutexGuard<'_, Vec<String>> {
        self.missing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Jit {
    /// Links an object at once, so that a missing symbol is an error here and not at a call.
    /// `anchor` is any symbol that the object defines; without one there is nothing to link.
    pub(crate) fn new(
        object: MemoryBuffer,
        anchor: Option<&CStr>,
        symbols: Arc<Symbols>,
        target: &Target,
    ) -> Result<Self, Error> {
        // Left alone, LLJIT asks the CPU for its features each time, to compile IR that we never give it.
        let machine = TargetMachine::new(&target.baseline(), OptLevel::None.codegen_level())?;
        let linker = Arc::new(Linker { symbols, missing: Mutex::default() });
        let mut raw = std::ptr::null_mut();
        // SAFETY: builder and machine are consumed; `Jit` owns what comes out.
        let created = unsafe {
            let builder = LLVMOrcCreateLLJITBuilder();
            let machine = LLVMOrcJITTargetMachineBuilderCreateFromTargetMachine(machine.into_raw());
            LLVMOrcLLJITBuilderSetJITTargetMachineBuilder(builder, machine);
            LLVMOrcLLJITBuilderSetObjectLinkingLayerCreator(builder, object_layer, std::ptr::null_mut());
            check(LLVMOrcCreateLLJIT(&mut raw, builder))
        };
        created.map_err(refused)?;
        let jit = Self { raw, linker };
        // SAFETY: the generator owns one count of `linker`, which `dispose` gives back; the object is handed over.
        let added = unsafe {
            let session = LLVMOrcLLJITGetExecutionSession(raw);
            LLVMOrcExecutionSessionSetErrorReporter(session, drop_error, std::ptr::null_mut());
            let library = LLVMOrcLLJITGetMainJITDylib(raw);
            let context = Arc::into_raw(jit.linker.clone()).cast_mut().cast();
            LLVMOrcJITDylibAddGenerator(library, LLVMOrcCreateCustomCAPIDefinitionGenerator(find, context, dispose));
            check(LLVMOrcLLJITAddObjectFile(raw, library, object.into_raw()))
        };
        added.map_err(refused)?;
        if let Some(anchor) = anchor {
            jit.address(anchor).map_err(|message| {
                let names = std::mem::take(&mut *jit.linker.missing());
                if names.is_empty() { refused(message) } else { Error::UndefinedSymbols { names } }
            })?;
        }
        Ok(jit)
    }

    /// The address of a function or global that the module defines.
    pub fn lookup(&self, symbol: &str) -> Option<*const ()> {
        self.address(&CString::new(symbol).ok()?).ok()
    }

    fn address(&self, symbol: &CStr) -> Result<*const (), String> {
        let mut address = 0;
        // SAFETY: the LLJIT is alive and `symbol` a C string.
        unsafe { check(LLVMOrcLLJITLookup(self.raw, &mut address, symbol.as_ptr()))? };
        Ok(address as *const ())
    }
}

impl Drop for Jit {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            // SAFETY: the LLJIT is ours alone. An error here says that memory could not be given back: a leak.
            let _ = unsafe { check(LLVMOrcDisposeLLJIT(self.raw)) };
        }
    }
}

fn refused(message: String) -> Error {
    Error::Llvm { step: Step::Link, message }
}

extern "C" fn object_layer(
    _: *mut c_void,
    session: LLVMOrcExecutionSessionRef,
    _triple: *const c_char,
) -> LLVMOrcObjectLayerRef {
    // SAFETY: called by the builder with its live session; the listener is a singleton of LLVM.
    unsafe {
        let layer = LLVMOrcCreateRTDyldObjectLinkingLayerWithSectionMemoryManagerReserveAlloc(session, 1);
        LLVMOrcRTDyldObjectLinkingLayerRegisterJITEventListener(layer, LLVMCreateGDBRegistrationListener());
        layer
    }
}

/// ORC reports an error here besides returning it; the returned one is what we use.
extern "C" fn drop_error(_: *mut c_void, error: LLVMErrorRef) {
    // SAFETY: ORC hands the error over.
    let _ = unsafe { check(error) };
}

extern "C" fn dispose(linker: *mut c_void) {
    // SAFETY: gives back the count taken in `Jit::new`.
    drop(unsafe { Arc::from_raw(linker.cast_const().cast::<Linker>()) });
}

/// Defines the symbols that the object needs and the module does not have.
extern "C" fn find(
    _: LLVMOrcDefinitionGeneratorRef,
    linker: *mut c_void,
    _: *mut LLVMOrcLookupStateRef,
    _: LLVMOrcLookupKind,
    library: LLVMOrcJITDylibRef,
    _: LLVMOrcJITDylibLookupFlags,
    set: LLVMOrcCLookupSet,
    len: usize,
) -> LLVMErrorRef {
    // SAFETY: ORC passes the context given in `Jit::new` and `len` live elements; each name is retained before it is
    // given to a definition, which takes ownership of one count.
    unsafe {
        let linker = &*linker.cast_const().cast::<Linker>();
        let mut pairs = Vec::with_capacity(len);
        for element in std::slice::from_raw_parts(set, len) {
            let name = CStr::from_ptr(LLVMOrcSymbolStringPoolEntryStr(element.Name));
            match linker.symbols.resolve(name) {
                Some(address) => {
                    LLVMOrcRetainSymbolStringPoolEntry(element.Name);
                    let flags = LLVMJITSymbolGenericFlags::LLVMJITSymbolGenericFlagsExported as u8;
                    pairs.push(LLVMOrcCSymbolMapPair {
                        Name: element.Name,
                        Sym: LLVMJITEvaluatedSymbol {
                            Address: address as u64,
                            Flags: LLVMJITSymbolFlags { GenericFlags: flags, TargetFlags: 0 },
                        },
                    });
                }
                None if element.LookupFlags == LLVMOrcSymbolLookupFlags::LLVMOrcSymbolLookupFlagsRequiredSymbol => {
                    linker.missing().push(name.to_string_lossy().into_owned());
                }
                None => {}
            }
        }
        if pairs.is_empty() {
            return std::ptr::null_mut();
        }
        LLVMOrcJITDylibDefine(library, LLVMOrcAbsoluteSymbols(pairs.as_mut_ptr(), pairs.len()))
    }
}
