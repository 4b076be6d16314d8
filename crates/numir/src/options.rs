//! How a program is compiled, and for what.

use crate::error::{Error, Origin};
use numir_codegen as codegen;
use std::sync::Arc;

/// The machine that code is made for: this one, or one by name. A device is one too: what the device does not do is made for this machine's
/// CPU then.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Target {
    name: Arc<str>,
    /// The CPU that is named besides, for what the device does not do.
    cpu: Option<&'static str>,
}

/// The target whose kernels are simulated.
const SIMULATOR: &str = "cuda-sim";

/// The architecture that is taken where a device is named without one.
const USUAL_DEVICE: &str = "cuda:sm_80";

/// Where parallel loops run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// On the CPU, by the thread pool.
    Host,
    /// On a device by CUDA.
    Cuda,
    /// On the CPU, as kernels that are simulated.
    Simulator,
}

impl Target {
    /// This machine, with all that its CPU can do.
    pub fn host() -> Self {
        Self { name: "host".into(), cpu: None }
    }

    /// A target by name: `host`, `x86-64-v3` and the like; `cuda`, `cuda:sm_90` and the like; `cuda-sim`.
    ///
    /// # Errors
    /// [`Error::Target`] with the names that there are.
    pub fn named(name: &str) -> Result<Self, Error> {
        let name = if name == "cuda" { USUAL_DEVICE } else { name };
        if name != SIMULATOR {
            codegen::Target::named(name).map_err(|error| Error::of_codegen(&Origin::FrontEnd, error))?;
        }
        Ok(Self { name: name.into(), cpu: None })
    }

    /// The same with what runs on the CPU made for another one than this machine's, by name: `x86-64-v3` and the like; `generic` for the least of
    /// this machine's kind.
    ///
    /// # Errors
    /// [`Error::Target`] with the names that there are, or if the target is a CPU itself.
    pub fn on_cpu(self, name: &str) -> Result<Self, Error> {
        if !self.has_kernels() && self.name() != "host" {
            return Err(Error::Target(format!("the target {} is a CPU already: name it or another one", self.name())));
        }
        let cpu = codegen::Target::cpu_named(name).map_err(|error| Error::of_codegen(&Origin::FrontEnd, error))?;
        Ok(Self { cpu: Some(cpu), ..self })
    }

    /// What code for its CPU may use that not every CPU of its kind has, under LLVM's names.
    ///
    /// # Errors
    /// [`Error::Target`] where this machine's CPU is unknown.
    pub fn cpu_features(&self) -> Result<Vec<String>, Error> {
        let target = codegen::Target::named(self.machine());
        Ok(target.map_err(|error| Error::of_codegen(&Origin::FrontEnd, error))?.needed_features())
    }

    /// Where its parallel loops run.
    pub(crate) fn place(&self) -> Place {
        match self.name() {
            SIMULATOR => Place::Simulator,
            name if name.starts_with("cuda:") => Place::Cuda,
            _ => Place::Host,
        }
    }

    /// Whether parallel loops become kernels.
    pub fn has_kernels(&self) -> bool {
        self.place() != Place::Host
    }

    /// The scheduler's name of the way to it.
    pub(crate) fn way(&self) -> &'static str {
        match self.place() {
            Place::Host => "cpu",
            Place::Cuda => "cuda",
            Place::Simulator => "cuda-sim",
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The compute capability of the device, times ten, or 0: the simulator does what the usual device can.
    fn capability(&self) -> u32 {
        let device = if self.place() == Place::Simulator { USUAL_DEVICE } else { self.name() };
        device.strip_prefix("cuda:sm_").and_then(|number| number.parse().ok()).unwrap_or(0)
    }

    /// The code generator's name of the machine of what runs on the CPU.
    pub(crate) fn machine(&self) -> &str {
        match self.cpu {
            Some(cpu) => cpu,
            None if self.has_kernels() => "host",
            None => self.name(),
        }
    }

    /// The code generator's name of the machine of the kernels, if they are not run on the CPU.
    pub(crate) fn device(&self) -> Option<&str> {
        (self.place() == Place::Cuda).then(|| self.name())
    }
}

impl Default for Target {
    fn default() -> Self {
        Self::host()
    }
}

/// How a program is compiled.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CompileOptions {
    /// What the language checks at run time.
    pub language: numir_frontend::Options,
    /// How hard numir's passes and LLVM's try, from 0 to 3.
    pub level: u8,
    /// What code is made for.
    pub target: Target,
}

impl Default for CompileOptions {
    /// Everything checked, everything optimised, for this machine.
    fn default() -> Self {
        Self { language: numir_frontend::Options::default(), level: 3, target: Target::default() }
    }
}

impl CompileOptions {
    /// What the front end is told: the language's options, and what the target is.
    pub(crate) fn language(&self) -> numir_frontend::Options {
        numir_frontend::Options { device: self.target.capability(), ..self.language.clone() }
    }

    pub(crate) fn llvm_level(&self) -> codegen::OptLevel {
        match self.level {
            0 => codegen::OptLevel::None,
            1 => codegen::OptLevel::Less,
            2 => codegen::OptLevel::Default,
            _ => codegen::OptLevel::Aggressive,
        }
    }
}
