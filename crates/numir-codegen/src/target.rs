//! Targets: a machine, a CPU of that kind, its features; and LLVM's `TargetMachine` made from one.

use std::ffi::{CStr, CString};
use std::sync::Mutex;

use llvm_sys::target::{LLVMCopyStringRepOfTargetData, LLVMDisposeTargetData};
use llvm_sys::target_machine::{
    LLVMCodeGenOptLevel, LLVMCreateTargetDataLayout, LLVMCreateTargetMachineOptions,
    LLVMCreateTargetMachineWithOptions, LLVMDisposeTargetMachine, LLVMDisposeTargetMachineOptions,
    LLVMGetHostCPUFeatures, LLVMGetHostCPUName, LLVMGetTargetFromTriple, LLVMRelocMode, LLVMTargetMachineOptionsSetCPU,
    LLVMTargetMachineOptionsSetCodeGenOptLevel, LLVMTargetMachineOptionsSetCodeModel,
    LLVMTargetMachineOptionsSetFeatures, LLVMTargetMachineOptionsSetRelocMode, LLVMTargetMachineRef,
};

use crate::error::{Error, Step};
use crate::llvm::take_message;
use crate::machine::{self, MACHINES, Machine};

/// What code is made for.
#[derive(Clone)]
pub struct Target {
    machine: &'static dyn Machine,
    cpu: String,
    features: String,
}

/// The name of this machine's CPU as a target.
const HOST: &str = "host";

/// The name of the CPU that has nothing which others of this machine's kind have not.
const GENERIC: &str = "generic";

impl Target {
    /// The machine this process runs on, with all that its CPU can do.
    pub fn host() -> Result<Self, Error> {
        let machine = machine::host().ok_or_else(|| unknown(std::env::consts::ARCH))?;
        // SAFETY: both functions return messages that are handed over to us.
        let (cpu, features) = unsafe { (take_message(LLVMGetHostCPUName()), take_message(LLVMGetHostCPUFeatures())) };
        Ok(Self { machine, cpu, features })
    }

    /// A target by name: `host`, or one of `Target::names`, e.g. `x86-64-v3`.
    pub fn named(name: &str) -> Result<Self, Error> {
        if name == HOST {
            return Self::host();
        }
        let (machine, cpu) =
            all().find(|(_, known, _)| *known == name).map(|(m, _, cpu)| (m, cpu)).ok_or_else(|| unknown(name))?;
        Ok(Self { machine, cpu: cpu.to_owned(), features: String::new() })
    }

    /// All names that `named` takes.
    pub fn names() -> impl Iterator<Item = &'static str> {
        std::iter::once(HOST).chain(all().map(|(_, name, _)| name))
    }

    /// The name of a CPU of this machine's kind: as `named` takes them, `generic` being the least of them.
    pub fn cpu_named(name: &str) -> Result<&'static str, Error> {
        let cpus = machine::host().map(|machine| machine.cpus()).unwrap_or_default();
        let known = || [HOST, GENERIC].into_iter().chain(cpus.iter().map(|(name, _)| *name));
        let found = known().find(|known| *known == name);
        match (found, cpus.first()) {
            (Some(GENERIC), Some((least, _))) => Ok(least),
            (Some(found), _) => Ok(found),
            (None, _) => Err(Error::UnknownCpu { name: name.to_owned(), known: known().map(str::to_owned).collect() }),
        }
    }

    /// What code for it may use that not every CPU of its kind has, under LLVM's names.
    pub fn needed_features(&self) -> Vec<String> {
        if self.features.is_empty() {
            return self.machine.features(&self.cpu).into_iter().map(str::to_owned).collect();
        }
        self.features.split(',').filter_map(|feature| feature.strip_prefix('+')).map(str::to_owned).collect()
    }

    /// LLVM's triple, e.g. `x86_64-unknown-linux-gnu`.
    pub fn triple(&self) -> &'static str {
        self.machine.triple()
    }

    /// LLVM's name of the CPU, e.g. `znver4`.
    pub fn cpu(&self) -> &str {
        &self.cpu
    }

    /// LLVM's feature string, e.g. `+avx2,-avx512f`; empty for what the CPU's name implies.
    pub fn features(&self) -> &str {
        &self.features
    }
}

fn all() -> impl Iterator<Item = (&'static dyn Machine, &'static str, &'static str)> {
    MACHINES.iter().flat_map(|machine| machine.cpus().iter().map(|(name, cpu)| (*machine, *name, *cpu)))
}

fn unknown(name: &str) -> Error {
    Error::UnknownTarget { name: name.to_owned(), known: Target::names().map(str::to_owned).collect() }
}

/// LLVM's `TargetMachine`: made once, used for every module.
pub(crate) struct TargetMachine {
    raw: LLVMTargetMachineRef,
    /// The data layout that modules for this machine carry.
    pub(crate) data_layout: CString,
    /// The triple that modules for this machine carry.
    pub(crate) triple: CString,
    /// The passes that code for it takes in place of numir's own.
    pub(crate) passes: Option<&'static CStr>,
}

// SAFETY: a TargetMachine has no ties to a thread; `&TargetMachine` is not Sync.
unsafe impl Send for TargetMachine {}

impl TargetMachine {
    pub(crate) fn new(target: &Target, level: LLVMCodeGenOptLevel) -> Result<Self, Error> {
        static REGISTRY: Mutex<()> = Mutex::new(());
        let refused = |message: String| Error::Llvm { step: Step::Target, message };
        let text = |text: &str| CString::new(text).map_err(|error| refused(error.to_string()));
        let (triple, cpu, features) = (text(target.triple())?, text(&target.cpu)?, text(&target.features)?);
        let registry = REGISTRY.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        target.machine.initialize();
        // SAFETY: all strings outlive the calls; options, layout and message are freed here; registering targets and
        // looking them up happens under the lock.
        unsafe {
            let mut llvm_target = std::ptr::null_mut();
            let mut message = std::ptr::null_mut();
            if LLVMGetTargetFromTriple(triple.as_ptr(), &mut llvm_target, &mut message) != 0 {
                return Err(refused(take_message(message)));
            }
            drop(registry);
            let options = LLVMCreateTargetMachineOptions();
            LLVMTargetMachineOptionsSetCPU(options, cpu.as_ptr());
            LLVMTargetMachineOptionsSetFeatures(options, features.as_ptr());
            LLVMTargetMachineOptionsSetCodeGenOptLevel(options, level);
            // Position-independent code serves both the loader, where the runtime may lie anywhere, and `gcc -pie`.
            LLVMTargetMachineOptionsSetRelocMode(options, LLVMRelocMode::LLVMRelocPIC);
            LLVMTargetMachineOptionsSetCodeModel(options, target.machine.code_model());
            let raw = LLVMCreateTargetMachineWithOptions(llvm_target, triple.as_ptr(), options);
            LLVMDisposeTargetMachineOptions(options);
            if raw.is_null() {
                return Err(refused(format!("no code generator for {} {}", target.triple(), target.cpu)));
            }
            let layout = LLVMCreateTargetDataLayout(raw);
            let data_layout = take_message(LLVMCopyStringRepOfTargetData(layout));
            LLVMDisposeTargetData(layout);
            Ok(Self { raw, data_layout: text(&data_layout)?, triple, passes: target.machine.passes() })
        }
    }

    pub(crate) fn raw(&self) -> LLVMTargetMachineRef {
        self.raw
    }
}

impl Drop for TargetMachine {
    fn drop(&mut self) {
        // SAFETY: the machine is ours alone.
        unsafe { LLVMDisposeTargetMachine(self.raw) }
    }
}
