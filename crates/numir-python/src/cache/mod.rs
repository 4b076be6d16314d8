//! Compiled functions on disk, for `@njit(cache=True)`: one file per entry.
//!
//! An entry is found by the function's definition and place, the types of its arguments, the options, the build of numir and the
//! processor. It holds what the compiler asked of the program and what the program answered; it is used where the program of now gives the same
//! answers, whatever else has changed. So there are as many entries for one key as there were programs.
//!
//! **Invariants**: nothing that goes wrong with a file fails a call; a file appears complete or not at all; code from the cache
//! is called without the compiler in the process.

mod entry;
mod identity;
mod list;
mod objects;

pub(crate) use list::read_cache_entry;
pub(crate) use objects::objects_in;

use crate::dispatcher::{State, python_function};
use crate::environment::{Live, Step};
use entry::{Entry, Key, hash};
use identity::Identity;
use numir_interface::Type;
use numir_interface::wire::{Compiled, encode};
use pyo3::prelude::*;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// How entries' names end.
const SUFFIX: &str = ".numir";
/// How many programs one key has entries for; the oldest gives way to another.
const PER_KEY: usize = 32;

/// How often code for some types was found in the cache, or was not.
#[derive(Clone)]
pub(crate) struct Count {
    pub(crate) arguments: Vec<Option<Type>>,
    pub(crate) found: bool,
    pub(crate) times: usize,
}

/// What one function has had from the cache.
#[derive(Default)]
pub(crate) struct Counts(Mutex<Vec<Count>>);

impl Counts {
    fn add(&self, arguments: &[Option<Type>], found: bool) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match counts.iter_mut().find(|count| count.arguments == arguments && count.found == found) {
            Some(count) => count.times += 1,
            None => counts.push(Count { arguments: arguments.to_vec(), found, times: 1 }),
        }
    }

    /// All counts.
    pub(crate) fn all(&self) -> Vec<Count> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// What was found: the code, the program that it refers to, and the paths that have another name now.
pub(crate) struct Found {
    pub(crate) compiled: Compiled,
    pub(crate) live: Live,
    pub(crate) renamed: Vec<(String, String)>,
}

/// Where the entries for one function and some types are.
pub(crate) struct Place {
    key: Key,
    arguments: Vec<Option<Type>>,
    /// The objects among the arguments.
    objects: Vec<u32>,
    /// Folders to look into, the first that can be written to for new entries.
    folders: Vec<PathBuf>,
    /// What the names of the entries begin with.
    prefix: String,
}

impl Place {
    /// None where the function is not cached, or cannot be.
    ///
    /// # Errors
    /// What goes wrong in Python: the source that there is not.
    pub(crate) fn of(
        dispatcher: &Bound<'_, PyAny>,
        state: &State,
        arguments: &[Option<Type>],
    ) -> PyResult<Option<Self>> {
        let py = dispatcher.py();
        if state.cached.is_none() {
            return Ok(None);
        }
        let (Some(function), Some(identity)) = (python_function(dispatcher), Identity::get(py)) else {
            return Ok(None);
        };
        let objects = objects_in(arguments.iter().flatten());
        let mut live = Live::noted(Vec::new());
        live.add_function(&function, Some(dispatcher));
        let Some(step) = live.definition(py, 0)?.cloned() else { return Ok(None) };
        let found = py.import("numir._cache")?.call_method1("place", (&function,))?;
        let (folders, stem): (Vec<PathBuf>, String) = found.extract()?;
        let key = Key {
            identity: identity.clone(),
            function: step,
            arguments: arguments.iter().map(|ty| ty.as_ref().map(|ty| objects::placed(ty, &objects))).collect(),
            options: state.options.clone(),
        };
        let prefix = format!("{stem}.{:016x}.", hash(&encode(&key)));
        Ok(Some(Self { key, arguments: arguments.to_vec(), objects, folders, prefix }))
    }

    /// The code that was compiled for a program like this one.
    pub(crate) fn find(&self, dispatcher: &Bound<'_, PyAny>) -> Option<Found> {
        let function = python_function(dispatcher)?;
        let key = encode(&self.key);
        self.folders.iter().flat_map(|folder| entries(folder, &self.prefix)).find_map(|path| {
            let entry = Entry::read(&path)?;
            if encode(&entry.key) != key {
                return None;
            }
            let mut live = Live::noted(self.objects.clone());
            live.add_function(&function, Some(dispatcher));
            let same = entry.steps.iter().all(|step| is_same(dispatcher.py(), &mut live, step));
            same.then(|| {
                let paths = entry.paths.into_iter().zip(live.paths.iter().cloned());
                let renamed = paths.filter(|(then, now)| then != now).collect();
                Found { compiled: entry.compiled, live, renamed }
            })
        })
    }

    /// Keeps what was compiled. Says so once where no folder can be written to.
    ///
    /// # Errors
    /// A warning that the program wants to be an error.
    pub(crate) fn keep(self, dispatcher: &Bound<'_, PyAny>, compiled: Compiled, live: &Live) -> PyResult<()> {
        let Some(steps) = live.steps.as_ref().filter(|_| self.key.identity.is_open()) else { return Ok(()) };
        // A result that is an object has a number of this process.
        if !objects_in([&compiled.result]).is_empty() {
            return Ok(());
        }
        let name = dispatcher.getattr("__qualname__").map_or_else(|_| "?".to_owned(), |name| name.to_string());
        let answers = hash(&encode(steps));
        let file = format!("{}{answers:016x}{SUFFIX}", self.prefix);
        let entry = Entry { name, key: self.key, steps: steps.clone(), paths: live.paths.clone(), compiled };
        let bytes = entry.to_bytes();
        let mut failed = None;
        for folder in &self.folders {
            match write(folder, &file, &bytes) {
                Ok(()) => {
                    limit(&entries(folder, &self.prefix));
                    return Ok(());
                }
                Err(error) => failed = failed.or(Some(error.to_string())),
            }
        }
        let message = failed.unwrap_or_else(|| "there is no folder for it".to_owned());
        dispatcher.py().import("numir._cache")?.call_method1("warn", (entry.name, message))?;
        Ok(())
    }

    /// Counts a search.
    pub(crate) fn count(&self, state: &State, found: bool) {
        if let Some(counts) = &state.cached {
            counts.add(&self.arguments, found);
        }
    }
}

/// The files whose names begin so.
fn entries(folder: &Path, prefix: &str) -> Vec<PathBuf> {
    let Ok(files) = fs::read_dir(folder) else { return Vec::new() };
    let names = files.filter_map(|file| file.ok()?.file_name().into_string().ok());
    names.filter(|name| name.starts_with(prefix) && name.ends_with(SUFFIX)).map(|name| folder.join(name)).collect()
}

/// Removes the oldest of the entries for one key where there are too many.
fn limit(entries: &[PathBuf]) {
    let Some(surplus) = entries.len().checked_sub(PER_KEY).filter(|surplus| *surplus > 0) else { return };
    let changed = |path: &PathBuf| fs::metadata(path).and_then(|state| state.modified()).ok();
    let mut by_age: Vec<_> = entries.iter().map(|path| (changed(path), path)).collect();
    by_age.sort();
    for (_, path) in by_age.into_iter().take(surplus) {
        // Another process may have removed it.
        let _ = fs::remove_file(path);
    }
}

/// Whether the program gives the same answer as then. Equal bytes, so that 0.0 and -0.0 differ and a nan is itself.
fn is_same(py: Python<'_>, live: &mut Live, step: &Step) -> bool {
    // What cannot be asked is not the same; compiling says what is wrong.
    matches!(live.ask_again(py, step), Ok(Some(now)) if encode(now) == encode(step))
}

/// Writes a file that appears all at once, whoever else writes it.
fn write(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    fs::create_dir_all(folder)?;
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let fresh = folder.join(format!("{name}.{}.{number}.new", std::process::id()));
    let written = File::create_new(&fresh)
        .and_then(|mut file| file.write_all(bytes))
        .and_then(|()| fs::rename(&fresh, folder.join(name)));
    if written.is_err() {
        let _ = fs::remove_file(&fresh);
    }
    written
}
