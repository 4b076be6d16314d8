//! What MLIR and the passes have to say, as values with places. Nothing is printed.

use crate::error::Blame;
use crate::shim::{append, from_string_ref};
use melior::Context;
use mlir_sys::*;
use std::cell::Cell;
use std::ffi::c_void;
use std::fmt;
use std::sync::Mutex;

/// A place in a source file. Lines and columns count from 1; MLIR's columns count bytes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The file, as the location names it.
    pub file: String,
    /// The line.
    pub line: u32,
    /// The column; 0 where it is not known.
    pub column: u32,
    /// The line and column behind the last character, where the location is a range.
    pub end: Option<(u32, u32)>,
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Severity {
    /// Compilation fails.
    Error,
    /// Something is probably not meant.
    Warning,
    /// More about another diagnostic.
    Note,
    /// What the compiler did, for who asked.
    Remark,
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
            Self::Remark => "remark",
        })
    }
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// Whom it blames; None where MLIR itself speaks (its parser, its verifier, its passes).
    pub blame: Option<Blame>,
    /// Where; None for an operation without a source.
    pub place: Option<Place>,
    /// The places from which the code at `place` was called or inlined, innermost first.
    pub callers: Vec<Place>,
    /// What.
    pub message: String,
    /// More about it.
    pub notes: Vec<Diagnostic>,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(formatter, "{place}: ")?;
        }
        write!(formatter, "{}: {}", self.severity, self.message)?;
        self.notes.iter().try_for_each(|note| write!(formatter, "\n{note}"))
    }
}

thread_local! {
    /// Whom the error that is being emitted on this thread blames.
    static BLAME: Cell<Option<Blame>> = const { Cell::new(None) };
}

/// Marks what `emit` emits as blaming `blame`.
pub(crate) fn blaming(blame: Blame, emit: impl FnOnce()) {
    BLAME.set(Some(blame));
    emit();
    BLAME.set(None);
}

/// Runs `body` and returns with its result all that was said in `context` meanwhile, in order. Nothing reaches handlers that
/// were attached before.
pub fn collect<T>(context: &Context, body: impl FnOnce() -> T) -> (T, Vec<Diagnostic>) {
    /// Detaches the handler even where `body` panics.
    struct Attached(MlirContext, MlirDiagnosticHandlerID);
    impl Drop for Attached {
        fn drop(&mut self) {
            // SAFETY: the context outlives this guard; the handler is attached.
            unsafe { mlirContextDetachDiagnosticHandler(self.0, self.1) }
        }
    }

    let collected: Mutex<Vec<Diagnostic>> = Mutex::new(Vec::new());
    let result = {
        let data = (&raw const collected).cast_mut().cast::<c_void>();
        // SAFETY: `collected` outlives the guard, which detaches the handler; it is only reached through the mutex.
        let id = unsafe { mlirContextAttachDiagnosticHandler(context.to_raw(), Some(handle), data, None) };
        let _attached = Attached(context.to_raw(), id);
        body()
    };
    (result, collected.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner()))
}

unsafe extern "C" fn handle(diagnostic: MlirDiagnostic, data: *mut c_void) -> MlirLogicalResult {
    // SAFETY: `collect` passes its mutex; MLIR's diagnostic is valid for the call.
    unsafe {
        let collected = &*data.cast::<Mutex<Vec<Diagnostic>>>();
        let value = read(diagnostic);
        collected.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).push(value);
    }
    MlirLogicalResult { value: 1 }
}

/// Copies a diagnostic and its notes.
///
/// # Safety
/// The diagnostic must be valid.
unsafe fn read(diagnostic: MlirDiagnostic) -> Diagnostic {
    let mut message = String::new();
    let mut places = Vec::new();
    // SAFETY: the diagnostic is valid, and so are its notes below their number.
    let (severity, notes) = unsafe {
        mlirDiagnosticPrint(diagnostic, Some(append), (&raw mut message).cast());
        places_of(mlirDiagnosticGetLocation(diagnostic), &mut places);
        let notes = 0..mlirDiagnosticGetNumNotes(diagnostic);
        let notes = notes.map(|index| read(mlirDiagnosticGetNote(diagnostic, index))).collect();
        (mlirDiagnosticGetSeverity(diagnostic), notes)
    };
    #[allow(non_upper_case_globals)]
    let severity = match severity {
        MlirDiagnosticSeverity_MlirDiagnosticWarning => Severity::Warning,
        MlirDiagnosticSeverity_MlirDiagnosticNote => Severity::Note,
        MlirDiagnosticSeverity_MlirDiagnosticRemark => Severity::Remark,
        _ => Severity::Error,
    };
    let mut places = places.into_iter();
    Diagnostic { severity, blame: BLAME.get(), place: places.next(), callers: places.collect(), message, notes }
}

/// The place a location stands for.
pub fn place_of(location: melior::ir::Location<'_>) -> Option<Place> {
    places_from(location).into_iter().next()
}

/// The place a location stands for, and those it was called or inlined from, innermost first.
pub(crate) fn places_from(location: melior::ir::Location<'_>) -> Vec<Place> {
    let mut places = Vec::new();
    // SAFETY: the location is valid.
    unsafe { places_of(location.to_raw(), &mut places) };
    places
}

/// Appends the places of a location: its own first, then its callers. Of fused locations the first known one counts.
///
/// # Safety
/// The location must be valid.
unsafe fn places_of(location: MlirLocation, places: &mut Vec<Place>) {
    // SAFETY: each accessor is called on a location of the kind that was just tested.
    unsafe {
        if mlirLocationIsAFileLineColRange(location) {
            let number = |value: i32| u32::try_from(value).unwrap_or(0);
            let (line, column) = (
                number(mlirLocationFileLineColRangeGetStartLine(location)),
                number(mlirLocationFileLineColRangeGetStartColumn(location)),
            );
            let end = (
                number(mlirLocationFileLineColRangeGetEndLine(location)),
                number(mlirLocationFileLineColRangeGetEndColumn(location)),
            );
            let file = from_string_ref(mlirIdentifierStr(mlirLocationFileLineColRangeGetFilename(location)));
            // Line 0 is what MLIR gives to the file as a whole.
            if line > 0 {
                places.push(Place { file, line, column, end: (end > (line, column)).then_some(end) });
            }
        } else if mlirLocationIsACallSite(location) {
            places_of(mlirLocationCallSiteGetCallee(location), places);
            places_of(mlirLocationCallSiteGetCaller(location), places);
        } else if mlirLocationIsAName(location) {
            places_of(mlirLocationNameGetChildLoc(location), places);
        } else if mlirLocationIsAFused(location) {
            let mut parts = vec![location; mlirLocationFusedGetNumLocations(location) as usize];
            mlirLocationFusedGetLocations(location, parts.as_mut_ptr());
            let before = places.len();
            for part in parts {
                places_of(part, places);
                if places.len() > before {
                    break;
                }
            }
        }
    }
}
