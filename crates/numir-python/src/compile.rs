//! From the types of a call to a specialisation: one that was declared and fits, or a new one.

use crate::cache;
use crate::cast;
use crate::codes::{self, Code};
use crate::compiler;
use crate::dispatcher::{State, python_function, state};
use crate::environment::Live;
use crate::lock::lock;
use crate::raised;
use crate::specialisation::Specialisation;
use numir_interface::types::{Kind, Layout, TypeError};
use numir_interface::wire::{Reply, Request, Wanted};
use numir_interface::{Scalar, Type};
use numir_runtime::device::Place;
use pyo3::exceptions::{PyOverflowError, PySystemError, PyTypeError};
use pyo3::prelude::*;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

/// The specialisation for arguments of these codes, made now.
///
/// # Errors
/// What is wrong with the program; TypeError where only declared types are taken and none fits.
pub(crate) fn specialise<'s>(
    dispatcher: &Bound<'_, PyAny>,
    state: &'s State,
    codes: &[Code],
) -> PyResult<&'s Specialisation> {
    let types: Vec<Option<Type>> = codes.iter().map(|code| codes::type_of(*code)).collect();
    let specialisation = if state.closed.load(Ordering::Acquire) {
        declared(state, &types)
            .ok_or_else(|| too_long(&types).unwrap_or_else(|| no_match(dispatcher, state, &types)))?
    } else {
        if let Some(error) = too_long(&types) {
            return Err(error);
        }
        let _guard = lock(dispatcher.py());
        // Another thread may have made it meanwhile.
        if let Some(found) = state.table.find(codes) {
            return Ok(found);
        }
        Arc::new(compiled(dispatcher, state, types)?)
    };
    state.table.insert(codes, specialisation);
    let found = state.table.find(codes).map(|found| &**found);
    found.ok_or_else(|| PySystemError::new_err("a specialisation was lost"))
}

/// What is said of arguments with an int beyond 64 bits.
fn too_long(types: &[Option<Type>]) -> Option<PyErr> {
    let long = types.iter().flatten().any(codes::has_long);
    long.then(|| PyOverflowError::new_err("Python int too large for compiled code, whose ints have 64 bits"))
}

fn ask(
    dispatcher: &Bound<'_, PyAny>,
    state: &State,
    types: &[Option<Type>],
    wanted: Wanted,
) -> PyResult<(Reply, Live)> {
    let function = python_function(dispatcher);
    let function = function.ok_or_else(|| PySystemError::new_err("the function is gone"))?;
    let mut live = match wanted {
        Wanted::Object if state.cached.is_some() => Live::noted(cache::objects_in(types.iter().flatten())),
        _ => Live::default(),
    };
    live.is_c = state.options.c_result.is_some();
    let function = live.add_function(&function, Some(dispatcher));
    let request = Request { function, arguments: types.to_vec(), options: state.options.clone(), wanted };
    let reply = compiler::compile(dispatcher.py(), &request, &mut live);
    let reply = reply.map_err(|error| raised::at_function(dispatcher, error))?;
    Ok((reply, live))
}

fn compiled(dispatcher: &Bound<'_, PyAny>, state: &State, types: Vec<Option<Type>>) -> PyResult<Specialisation> {
    let py = dispatcher.py();
    print_stage(dispatcher, state, &types)?;
    let on_device = Place::of_target(&state.options.target).is_some();
    let place = cache::Place::of(dispatcher, state, &types)?;
    if let Some(place) = &place {
        let began = Instant::now();
        let found = place.find(dispatcher).and_then(|found| {
            let mut loaded =
                Specialisation::load(py, found.compiled, types.clone(), &found.live, found.renamed, on_device).ok()?;
            loaded.phases = vec![("cache".to_owned(), began.elapsed().as_secs_f64())];
            Some(loaded)
        });
        place.count(state, found.is_some());
        if let Some(found) = found {
            return Ok(found);
        }
    }
    match ask(dispatcher, state, &types, Wanted::Object)? {
        (Reply::Compiled(compiled), live) => {
            let kept = place.map(|place| (place, compiled.clone()));
            let loaded = Specialisation::load(py, compiled, types, &live, Vec::new(), on_device)?;
            if let Some(what) = live.unkept.filter(|_| kept.is_some()) {
                let message = format!("it uses {what}, which belongs to this process");
                py.import("numir._cache")?.call_method1("warn", (name_of(dispatcher), message))?;
            } else if let Some((place, compiled)) = kept {
                place.keep(dispatcher, compiled, &live)?;
            }
            Ok(loaded)
        }
        (Reply::Failed(failure), _) => Err(raised::failure(py, &name_of(dispatcher), &failure)),
        (Reply::Text(_), _) => Err(PySystemError::new_err("the compiler gave text for an object")),
    }
}

/// Prints what is compiled at the stage that NUMIR_PRINT names.
fn print_stage(dispatcher: &Bound<'_, PyAny>, state: &State, types: &[Option<Type>]) -> PyResult<()> {
    let py = dispatcher.py();
    let stage: Option<String> = py.import("numir.config")?.getattr("PRINT")?.extract()?;
    let Some(stage) = stage else { return Ok(()) };
    match ask(dispatcher, state, types, Wanted::Text(stage))?.0 {
        Reply::Text(text) => py.import("builtins")?.call_method1("print", (text,)).map(|_| ()),
        Reply::Failed(failure) => Err(raised::failure(py, &name_of(dispatcher), &failure)),
        Reply::Compiled(_) => Err(PySystemError::new_err("the compiler gave an object for text")),
    }
}

/// The declared specialisation that takes arguments of these types, with the fewest conversions.
fn declared(state: &State, types: &[Option<Type>]) -> Option<Arc<Specialisation>> {
    let mut best: Option<(usize, Arc<Specialisation>)> = None;
    state.table.each(|_, candidate| {
        if candidate.parameters.len() != types.len() {
            return;
        }
        let costs = types.iter().zip(&candidate.parameters).map(|(given, wanted)| match (given, wanted) {
            (Some(given), Some(wanted)) => conversion(given, wanted),
            (None, None) => Some(0),
            _ => None,
        });
        if let Some(cost) = costs.sum::<Option<usize>>()
            && best.as_ref().is_none_or(|(least, _)| cost < *least)
        {
            best = Some((cost, candidate.clone()));
        }
    });
    best.map(|(_, specialisation)| specialisation)
}

/// What it costs to hand a value of one type to a parameter of another; None where it cannot be done.
fn conversion(given: &Type, wanted: &Type) -> Option<usize> {
    match (given, wanted) {
        (given, wanted) if given == wanted => Some(0),
        (Type::Scalar(given), Type::Scalar(wanted)) if given.kind().max(wanted.kind()) == Kind::Time => {
            given.widens_to(*wanted).then_some(1)
        }
        (Type::Scalar(given), Type::Scalar(wanted)) => {
            let steps = (wanted.kind() as usize).checked_sub(given.kind() as usize);
            // A float is no int, but an int of another width is: it wraps, as in Numba.
            steps.map(|steps| 1 + 2 * steps + usize::from(is_narrower(*given, *wanted)))
        }
        (long, Type::Scalar(wanted)) if *long == codes::long() => (wanted.kind() >= Kind::Float).then_some(1),
        (Type::Array(given), Type::Array(wanted)) => {
            let same = given.dtype == wanted.dtype && given.rank == wanted.rank && (given.writable || !wanted.writable);
            (same && (wanted.layout == Layout::Any || wanted.layout == given.layout)).then_some(1)
        }
        (Type::Tuple(given), Type::Tuple(wanted)) if given.class == wanted.class && given.len() == wanted.len() => {
            given.iter().zip(wanted).map(|(given, wanted)| conversion(given, wanted)).sum()
        }
        (Type::Slice(given), Type::Slice(wanted)) => {
            given.iter().zip(&**wanted).map(|(given, wanted)| conversion(given, wanted)).sum()
        }
        (Type::None, Type::Optional(_)) => Some(1),
        (given, Type::Optional(wanted)) => conversion(given, wanted).map(|cost| cost + 1),
        _ => None,
    }
}

fn is_narrower(given: Scalar, wanted: Scalar) -> bool {
    wanted.dtype().size() < given.dtype().size()
}

fn no_match(dispatcher: &Bound<'_, PyAny>, state: &State, types: &[Option<Type>]) -> PyErr {
    let list = |types: &[Option<Type>]| {
        let types: Vec<String> =
            types.iter().map(|ty| ty.as_ref().map_or("(default)".to_owned(), Type::to_string)).collect();
        format!("({})", types.join(", "))
    };
    let known: Vec<String> = known(state).iter().map(|specialisation| list(&specialisation.parameters)).collect();
    PyTypeError::new_err(format!(
        "No matching definition of {}() for arguments of types {}; it was declared for {}",
        name_of(dispatcher),
        list(types),
        known.join(", ")
    ))
}

fn name_of(dispatcher: &Bound<'_, PyAny>) -> String {
    dispatcher.getattr("__name__").map_or_else(|_| "?".to_owned(), |name| name.to_string())
}

/// The specialisations there are, each once, in the order in which they were made.
fn known(state: &State) -> Vec<Arc<Specialisation>> {
    let mut known: Vec<Arc<Specialisation>> = Vec::new();
    state.table.each(|_, specialisation| known.push(specialisation.clone()));
    known.sort_by_key(|specialisation| specialisation.serial);
    known.dedup_by_key(|specialisation| specialisation.serial);
    known
}

/// How a parameter that is left to its default is written among types.
const OMITTED: &str = "omitted";

/// Declared types, one per parameter, each written as text; those left out at the end are left to their defaults.
fn declared_types(state: &State, texts: &[String]) -> PyResult<Vec<Option<Type>>> {
    let (count, parameters) = (texts.len(), &state.parameters);
    if count > parameters.count() && !parameters.has_rest() {
        let message = format!("a signature of {count} types for a function of {} parameters", parameters.count());
        return Err(PyTypeError::new_err(message));
    }
    let parse = |text: &String| match text.as_str() {
        OMITTED => Ok(None),
        text => text.parse().map(Some).map_err(|error: TypeError| PyTypeError::new_err(error.to_string())),
    };
    let mut types = texts.iter().map(parse).collect::<PyResult<Vec<_>>>()?;
    types.resize(types.len().max(parameters.count()), None);
    Ok(types)
}

fn code_of(ty: Option<&Type>) -> Code {
    match ty {
        None => codes::MISSING,
        Some(Type::None) => codes::NONE,
        Some(Type::Generator) => codes::GENERATOR,
        Some(Type::Scalar(Scalar::Bool)) => codes::BOOL,
        Some(Type::Scalar(Scalar::Int | Scalar::Index)) => codes::INT,
        Some(Type::Scalar(Scalar::Float)) => codes::FLOAT,
        Some(Type::Scalar(Scalar::Complex)) => codes::COMPLEX,
        Some(Type::Scalar(Scalar::Of(dtype))) => codes::scalar(*dtype),
        Some(Type::Array(array)) => codes::array(*array),
        Some(Type::Text(text)) => codes::text(text),
        Some(Type::Records(layout, rank, writable)) => codes::records(layout.spelling(), *rank, *writable),
        Some(Type::Ellipsis) => codes::ELLIPSIS,
        Some(Type::Slice(parts)) => codes::slice([0, 1, 2].map(|part| code_of(Some(&parts[part])))),
        Some(Type::Object(number)) => codes::numbered(*number),
        Some(Type::Tuple(items)) => {
            codes::tuple(items.class.clone(), items.iter().map(|item| code_of(Some(item))).collect())
        }
        Some(Type::Member(class, value)) => codes::member(class.clone(), code_of(Some(value))),
        // No argument has these codes: a call comes here by `declared`.
        Some(other) => codes::text(&format!("<{}>", other.spelling())),
    }
}

/// The specialisation for declared types; compiled if there is none yet.
pub(crate) fn specialisation_for(dispatcher: &Bound<'_, PyAny>, types: &[String]) -> PyResult<Arc<Specialisation>> {
    let state = state(dispatcher)?;
    let types = declared_types(state, types)?;
    let codes: Vec<Code> = types.iter().map(|ty| code_of(ty.as_ref())).collect();
    let _guard = lock(dispatcher.py());
    if let Some(found) = state.table.find(&codes) {
        return Ok(found.clone());
    }
    let specialisation = Arc::new(compiled(dispatcher, state, types)?);
    state.table.insert(&codes, specialisation.clone());
    Ok(specialisation)
}

/// Compiles for declared types; gives what it returns, written as a type. With a declared result calls return that; TypeError
/// where what the function returns cannot be turned into it.
#[pyfunction]
#[pyo3(signature = (dispatcher, types, declared=None))]
pub(crate) fn compile(dispatcher: &Bound<'_, PyAny>, types: Vec<String>, declared: Option<&str>) -> PyResult<String> {
    let specialisation = specialisation_for(dispatcher, &types)?;
    if let Some(declared) = declared {
        let wanted: Type = declared.parse().map_err(|error: TypeError| PyTypeError::new_err(error.to_string()))?;
        if !cast::is_castable(&specialisation.result, &wanted) {
            let (name, result) = (name_of(dispatcher), &specialisation.result);
            let message = format!("{name}() returns {result}, but its signature says {wanted}");
            return Err(raised::of_kind(dispatcher.py(), "TypingError", message));
        }
        if cast::changes(&specialisation.result, &wanted) {
            // A second declaration for the same arguments changes nothing.
            let _ = specialisation.declared.set(wanted);
        }
    }
    Ok(specialisation.result.spelling())
}

/// The text of a stage on the way down, for declared types.
#[pyfunction]
pub(crate) fn inspect(dispatcher: &Bound<'_, PyAny>, types: Vec<String>, stage: &str) -> PyResult<String> {
    let state = state(dispatcher)?;
    let types = declared_types(state, &types)?;
    let wanted = match stage {
        "types" => Wanted::Types,
        "remarks" => Wanted::Remarks,
        stage => Wanted::Text(stage.to_owned()),
    };
    let _guard = lock(dispatcher.py());
    match ask(dispatcher, state, &types, wanted)?.0 {
        Reply::Text(text) => Ok(text),
        Reply::Failed(failure) => Err(raised::failure(dispatcher.py(), &name_of(dispatcher), &failure)),
        Reply::Compiled(_) => Err(PySystemError::new_err("the compiler gave an object for text")),
    }
}

/// The parameters and the result of a specialisation, and the steps of compiling with their seconds.
type Described = (Vec<String>, String, Vec<(String, f64)>);

/// The specialisations there are: parameters and result, written as types, and the seconds that each step of compiling took.
#[pyfunction]
pub(crate) fn specialisations(dispatcher: &Bound<'_, PyAny>) -> PyResult<Vec<Described>> {
    let describe = |specialisation: &Arc<Specialisation>| {
        let parameters = specialisation.parameters.iter();
        let parameters = parameters.map(|ty| ty.as_ref().map_or_else(|| OMITTED.to_owned(), Type::spelling)).collect();
        let result = specialisation.declared.get().unwrap_or(&specialisation.result);
        (parameters, result.spelling(), specialisation.phases.clone())
    };
    Ok(known(state(dispatcher)?).iter().map(describe).collect())
}

/// What the cache on disk was searched for: the types, whether they were found, how often.
#[pyfunction]
pub(crate) fn cache_counts(dispatcher: &Bound<'_, PyAny>) -> PyResult<Vec<(Vec<String>, bool, usize)>> {
    let counts = state(dispatcher)?.cached.as_ref().map_or_else(Vec::new, cache::Counts::all);
    let spelt = |types: &[Option<Type>]| {
        types.iter().map(|ty| ty.as_ref().map_or_else(|| OMITTED.to_owned(), Type::spelling)).collect()
    };
    Ok(counts.iter().map(|count| (spelt(&count.arguments), count.found, count.times)).collect())
}

/// Forgets all specialisations.
#[pyfunction]
pub(crate) fn forget(dispatcher: &Bound<'_, PyAny>) -> PyResult<()> {
    state(dispatcher)?.table.clear();
    Ok(())
}
