//! Makes passes known to MLIR by name: once per process, and only those that a pipeline mentions.

use crate::counts;
use crate::diagnostic::blaming;
use crate::error::{Blame, PassError};
use crate::named::make_pipelines_known;
use crate::option::{OptionDefault, OptionValue};
use crate::panics::{self, Panic};
use crate::pass::{Pass, PassContext};
use crate::registry::{Entry, Registry};
use crate::shim::*;
use melior::ContextRef;
use mlir_sys::{
    MlirDialectRegistry, MlirLocation, MlirOperation, mlirDialectHandleInsertDialect, mlirOperationGetContext,
    mlirOperationGetLocation,
};
use numir_numeric::ir::Op;
use std::collections::HashSet;
use std::ffi::CString;
use std::sync::{LazyLock, Mutex, MutexGuard};

/// A name that MLIR already knows as another pass's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("MLIR already has a pass or pipeline named `{name}`")]
pub struct NameTaken {
    /// The name.
    pub name: String,
}

/// MLIR's table of names, locked. It has no lock of its own, so that who changes it and who looks names up holds this.
pub(crate) struct Known(MutexGuard<'static, HashSet<&'static str>>);

impl Known {
    /// Waits for the table.
    pub(crate) fn lock() -> Self {
        static KNOWN: LazyLock<Mutex<HashSet<&'static str>>> = LazyLock::new(Mutex::default);
        Self(KNOWN.lock().unwrap_or_else(|poisoned| poisoned.into_inner()))
    }

    /// Makes the passes of `registry` that `pipeline` mentions known to MLIR. Other names are left to MLIR.
    pub(crate) fn add_mentioned(&mut self, registry: &Registry, pipeline: &str) -> Result<(), NameTaken> {
        words(pipeline).filter_map(|word| registry.by_word(word)).try_for_each(|entry| self.add(entry))
    }

    /// Makes all passes of `registry` and the pipelines of all targets known to MLIR.
    pub(crate) fn add_all(&mut self, registry: &'static Registry) -> Result<(), NameTaken> {
        registry.entries().try_for_each(|entry| self.add(entry))?;
        make_pipelines_known(registry)
    }

    /// Makes a pass known to MLIR, once per process.
    pub(crate) fn add(&mut self, entry: &Entry) -> Result<(), NameTaken> {
        if self.0.contains(entry.name()) {
            return Ok(());
        }
        match entry {
            // SAFETY: a registration function of MLIR's C API, which takes nothing and may be called again.
            Entry::Upstream(pass) => unsafe { (pass.register)() },
            Entry::Rust(pass) => {
                // SAFETY: the description is leaked, so it lives as long as MLIR's table.
                let fresh = unsafe { numir_shim_register_pass(&raw const describe(*pass).raw) };
                if !fresh {
                    return Err(NameTaken { name: pass.name().to_owned() });
                }
            }
        }
        self.0.insert(entry.name());
        Ok(())
    }
}

/// The words outside of option braces: names of passes and of operations.
pub(crate) fn words(pipeline: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0;
    pipeline
        .split(move |character: char| {
            match character {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            depth > 0 || matches!(character, '(' | ')' | ',' | '{' | '}') || character.is_whitespace()
        })
        .filter(|word| !word.is_empty())
}

/// What the shim holds of a pass; `raw` stands first, so that the shim's pointer leads back to the whole.
#[repr(C)]
struct Description {
    raw: RawPass,
    pass: &'static dyn Pass,
}

/// Leaks the description of a pass: MLIR keeps it until the process ends.
fn describe(pass: &'static dyn Pass) -> &'static Description {
    let options: Vec<RawOption> = pass.options().iter().map(raw_option).collect();
    let statistics: Vec<RawStatistic> = pass
        .statistics()
        .iter()
        .map(|spec| RawStatistic { name: c_text(spec.name), summary: c_text(spec.summary) })
        .collect();
    let (options, statistics) = (options.leak(), statistics.leak());
    Box::leak(Box::new(Description {
        raw: RawPass {
            name: Text::of(pass.name()),
            summary: Text::of(pass.summary()),
            anchor: Text::of(pass.anchor().operation_name()),
            options: options.as_ptr(),
            option_count: options.len(),
            statistics: statistics.as_ptr(),
            statistic_count: statistics.len(),
            dialects,
            run,
        },
        pass,
    }))
}

fn raw_option(spec: &crate::option::OptionSpec) -> RawOption {
    let (kind, number, text) = match spec.default {
        OptionDefault::Bool(value) => (KIND_BOOL, i64::from(value), ""),
        OptionDefault::Int(value) => (KIND_INT, value, ""),
        OptionDefault::Text(value) => (KIND_TEXT, 0, value),
    };
    RawOption { name: Text::of(spec.name), summary: Text::of(spec.summary), kind, number, text: Text::of(text) }
}

/// A leaked C string; a NUL inside of the text ends it.
fn c_text(text: &str) -> *const std::ffi::c_char {
    let text = text.split('\0').next().unwrap_or("");
    CString::new(text).unwrap_or_default().into_raw()
}

unsafe extern "C" fn dialects(description: *const RawPass, registry: MlirDialectRegistry) {
    // SAFETY: the shim passes the description that it was given, and a live registry of MLIR's.
    unsafe {
        let pass = (*description.cast::<Description>()).pass;
        pass.dialects().iter().for_each(|dialect| mlirDialectHandleInsertDialect(dialect().to_raw(), registry));
    }
}

unsafe extern "C" fn run(
    description: *const RawPass,
    operation: MlirOperation,
    values: *const RawValue,
    counts: *mut u64,
) -> bool {
    // SAFETY: the shim passes the description that it was given, a live operation, and as many values and counters as the
    // description declares.
    let (pass, operation, values, counts) = unsafe {
        let description = &*description.cast::<Description>();
        let raw = &description.raw;
        let values = if raw.option_count == 0 { &[] } else { std::slice::from_raw_parts(values, raw.option_count) };
        let counts = if raw.statistic_count == 0 {
            &mut []
        } else {
            std::slice::from_raw_parts_mut(counts, raw.statistic_count)
        };
        (description.pass, Op::from_raw(operation), values, counts)
    };
    // SAFETY: the operation is live, and so is its context. melior's reference to a context is the address of such a handle, so
    // the handle stays here until the pass is done.
    let handle = unsafe { ContextRef::from_raw(mlirOperationGetContext(operation.raw())) };
    // SAFETY: as above.
    let mlir = unsafe { handle.to_ref() };
    let outcome = panics::catch(|| {
        let values = pass.options().iter().zip(values).map(|(spec, value)| option_value(spec.default, value)).collect();
        let context = PassContext::new(mlir, pass, values);
        let outcome = pass.run(operation, &context);
        context.counts().zip(counts).for_each(|((_, count), slot)| *slot = count);
        counts::add(mlir.to_raw(), pass.name(), context.counts());
        outcome
    });
    // SAFETY: the location of the operation that the pass ran on was read before any panic could leave it in disorder.
    let fallback = unsafe { mlirOperationGetLocation(operation.raw()) };
    match outcome {
        Ok(Ok(())) => return true,
        Ok(Err(error)) => emit(pass, fallback, &error),
        Err(panic) => emit_panic(pass, fallback, &panic),
    }
    false
}

fn option_value(kind: OptionDefault, value: &RawValue) -> OptionValue {
    match kind {
        OptionDefault::Bool(_) => OptionValue::Bool(value.number != 0),
        OptionDefault::Int(_) => OptionValue::Int(value.number),
        // SAFETY: the shim's text is valid for the call.
        OptionDefault::Text(_) => OptionValue::Text(unsafe { value.text.to_owned() }),
    }
}

fn emit(pass: &dyn Pass, fallback: MlirLocation, error: &PassError) {
    let location = error.location.unwrap_or(fallback);
    let message = match error.blame() {
        Blame::Program => error.message().to_owned(),
        Blame::Compiler => format!("internal error in pass `{}`: {}", pass.name(), error.message()),
    };
    let notes: Vec<RawNote> = error
        .notes
        .iter()
        .map(|(place, message)| RawNote { location: place.unwrap_or(location), message: Text::of(message) })
        .collect();
    blaming(error.blame(), || {
        // SAFETY: locations live as long as the context; texts and notes outlive the call.
        unsafe { numir_shim_emit_error(location, Text::of(&message), notes.as_ptr(), notes.len()) }
    });
}

fn emit_panic(pass: &dyn Pass, location: MlirLocation, panic: &Panic) {
    let place = panic.place.as_ref().map(|place| format!(" ({place})")).unwrap_or_default();
    let message = format!("internal error in pass `{}`: {}{place}; this is a bug in numir", pass.name(), panic.message);
    blaming(Blame::Compiler, || {
        // SAFETY: as in `emit`.
        unsafe { numir_shim_emit_error(location, Text::of(&message), std::ptr::null(), 0) }
    });
}
