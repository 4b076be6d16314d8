//! The pipelines of our targets under names of their own: `numir-opt --numir-cpu='from=linalg to=scf opt=3'`.

use crate::known::NameTaken;
use crate::panics;
use crate::registry::Registry;
use crate::schedule::{Schedule, ScheduleError};
use crate::shim::{RawPipeline, Text, numir_shim_register_pipeline, string_ref};
use crate::stages::{STAGES, Stage};
use crate::target::Target;
use mlir_sys::MlirStringCallback;
use std::ffi::c_void;

/// Why the pipeline of a target cannot be made as asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// There is no such target.
    #[error("there is no target `{name}`; the targets are {}", Target::all().iter().map(|target| target.name).collect::<Vec<_>>().join(", "))]
    UnknownTarget {
        /// The name.
        name: String,
    },
    /// There is no such stage.
    #[error("there is no stage `{name}`; the stages are {}", STAGES.iter().map(Stage::name).collect::<Vec<_>>().join(", "))]
    UnknownStage {
        /// The name.
        name: String,
    },
    /// The stage is not on the way.
    #[error("the way to `{target}` from there does not pass stage `{stage}`")]
    NotOnTheWay {
        /// The target.
        target: String,
        /// The stage.
        stage: String,
    },
    /// The passes do not lead there.
    #[error(transparent)]
    Schedule(#[from] ScheduleError),
}

/// The schedule of a target by names, as a command line gives them: from a stage (the target's own start if None) to a stage
/// (the end if None), at an optimisation level from 0 to 3.
pub fn schedule(
    registry: &Registry,
    target: &str,
    level: u8,
    from: Option<&str>,
    to: Option<&str>,
) -> Result<Schedule, TargetError> {
    let stage = |name: &str| Stage::named(name).ok_or_else(|| TargetError::UnknownStage { name: name.to_owned() });
    let found = Target::named(target).ok_or_else(|| TargetError::UnknownTarget { name: target.to_owned() })?;
    let mut request = found.request(level);
    if let Some(from) = from {
        request = request.from_stage(stage(from)?);
    }
    let schedule = request.schedule(registry)?;
    match to {
        None => Ok(schedule),
        Some(to) => schedule
            .until(stage(to)?.property)
            .ok_or_else(|| TargetError::NotOnTheWay { target: target.to_owned(), stage: to.to_owned() }),
    }
}

/// What the shim holds of a target; `raw` stands first, so that the shim's pointer leads back to the whole.
#[repr(C)]
struct Named {
    raw: RawPipeline,
    target: &'static Target,
    registry: &'static Registry,
}

/// Makes the pipelines of all targets known to MLIR as `numir-` and the target's name. To be called once.
pub(crate) fn make_pipelines_known(registry: &'static Registry) -> Result<(), NameTaken> {
    Target::all().into_iter().try_for_each(|target| {
        let name: &'static str = format!("numir-{}", target.name).leak();
        let raw = RawPipeline { name: Text::of(name), summary: Text::of(target.summary), elements };
        let named: &'static Named = Box::leak(Box::new(Named { raw, target, registry }));
        // SAFETY: the description is leaked, so it lives as long as MLIR's table.
        let fresh = unsafe { numir_shim_register_pipeline(&raw const named.raw) };
        if fresh { Ok(()) } else { Err(NameTaken { name: name.to_owned() }) }
    })
}

unsafe extern "C" fn elements(
    pipeline: *const RawPipeline,
    level: i64,
    from: Text,
    to: Text,
    sink: MlirStringCallback,
    data: *mut c_void,
) -> bool {
    // SAFETY: the shim passes the description that it was given, and texts that are valid for the call.
    let (named, from, to) = unsafe { (&*pipeline.cast::<Named>(), from.to_owned(), to.to_owned()) };
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let outcome = panics::catch(|| {
        let level = u8::try_from(level).unwrap_or(u8::MAX);
        schedule(named.registry, named.target.name, level, given(&from).as_deref(), given(&to).as_deref())
    });
    let (text, succeeded) = match outcome {
        Ok(Ok(schedule)) => (schedule.elements(), true),
        Ok(Err(error)) => (error.to_string(), false),
        Err(panic) => (format!("internal error: {}", panic.message), false),
    };
    if let Some(sink) = sink {
        // SAFETY: the shim's sink copies the text during the call.
        unsafe { sink(string_ref(&text), data) };
    }
    succeeded
}
