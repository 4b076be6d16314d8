//! The compiler's state in this process: one MLIR context without threads of its own, made when it is first needed.

use crate::error::Error;
use crate::lock::{Guard, lock};
use crate::options::CompileOptions;
use melior::Context;
use melior::dialect::DialectRegistry;
use numir_codegen::CodeGenerator;
use numir_pipeline::dialects::{self, DialectSource};
use numir_pipeline::{Pipeline, Registry};
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::OnceLock;

/// The dialects that a module at any stage may hold. A context loads one of them when it meets it.
const DIALECTS: &[DialectSource] = &[
    numir_numeric::handle,
    dialects::arith,
    dialects::cf,
    dialects::func,
    dialects::gpu,
    dialects::linalg,
    dialects::llvm,
    dialects::math,
    dialects::memref,
    dialects::nvvm,
    dialects::scf,
    dialects::tensor,
];

/// The process-wide compiler. Compiling is done by one thread at a time; calling what was compiled needs no lock.
pub struct Session {
    context: Context,
    /// Pipelines that have run, by their text: parsing them and setting up their patterns costs more than running them on
    /// a small module.
    pipelines: RefCell<HashMap<String, Pipeline<'static>>>,
    /// Code generators by target and level.
    generators: RefCell<HashMap<(String, u8), CodeGenerator>>,
}

// SAFETY: context and caches are reached only by who shows the guard of the process's compile lock.
unsafe impl Sync for Session {}
// SAFETY: a context has no ties to the thread that made it.
unsafe impl Send for Session {}

impl Session {
    /// The session, made on the first call.
    pub fn global() -> &'static Self {
        static SESSION: OnceLock<Session> = OnceLock::new();
        SESSION.get_or_init(|| {
            let _guard = lock();
            let registry = DialectRegistry::new();
            DIALECTS.iter().for_each(|dialect| dialect().insert_dialect(&registry));
            dialects::register_extensions(&registry);
            // Without threads: MLIR's would not survive a fork.
            let context = Context::new_with_registry(&registry, false);
            Self { context, pipelines: RefCell::default(), generators: RefCell::default() }
        })
    }

    /// Takes the compile lock and with it the context.
    pub(crate) fn enter(&'static self) -> (Guard, &'static Context) {
        (lock(), &self.context)
    }

    /// Runs `work` with the pipeline of that text.
    pub(crate) fn with_pipeline<T>(
        &'static self,
        _guard: &Guard,
        text: &str,
        registry: &Registry,
        work: impl FnOnce(&mut Pipeline<'static>) -> T,
    ) -> Result<T, Error> {
        let known = self.pipelines.borrow_mut().remove(text);
        let mut pipeline = match known {
            Some(pipeline) => pipeline,
            None => Pipeline::parse(&self.context, registry, text)?,
        };
        let result = work(&mut pipeline);
        self.pipelines.borrow_mut().insert(text.to_owned(), pipeline);
        Ok(result)
    }

    /// Runs `work` with the code generator of a machine, which goes by the generator's name, at the level of these options.
    pub(crate) fn with_generator<T>(
        &'static self,
        _guard: &Guard,
        machine: &str,
        options: &CompileOptions,
        work: impl FnOnce(&CodeGenerator) -> T,
    ) -> Result<T, numir_codegen::Error> {
        let key = (machine.to_owned(), options.level);
        let known = self.generators.borrow_mut().remove(&key);
        let generator = match known {
            Some(generator) => generator,
            None => CodeGenerator::new(numir_codegen::Target::named(machine)?, options.llvm_level())?,
        };
        let result = work(&generator);
        self.generators.borrow_mut().insert(key, generator);
        Ok(result)
    }
}
