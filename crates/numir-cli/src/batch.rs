//! `numir test-batch`: many cases in one process, each with one line of JSON for its outcome. tests/python/README.md holds the
//! format. A case that goes wrong, in whatever way, costs its own outcome only.

mod outcome;
mod values;

use crate::arguments::{ErrorModel, Language, Switch, TestBatch};
use crate::failure::Failure;
use crate::output;
use clap::ValueEnum;
use numir::{
    Artifact, CompileOptions, Diagnostic, Error, FunctionInfo, Module, Program, Target, Type, Value, bind, types_of,
};
use outcome::Wrong;
use serde_json::{Value as Json, json};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

/// A parsed file, and its functions by name.
struct File {
    program: Program,
    functions: HashMap<String, FunctionInfo>,
}

/// A case ready to be compiled: what is the same for many cases has one key.
struct Prepared {
    function: String,
    types: Vec<Option<Type>>,
    values: Vec<Option<Value>>,
    options: CompileOptions,
    key: String,
}

/// What cases share.
#[derive(Default)]
struct Batch {
    files: HashMap<String, Result<Rc<File>, Wrong>>,
    compiled: HashMap<String, Result<Rc<Artifact>, Wrong>>,
    /// How many cases still need what is compiled under a key.
    uses: HashMap<String, usize>,
}

pub fn test_batch(arguments: &TestBatch) -> Result<(), Failure> {
    let path = &arguments.file;
    let broken = |what: &dyn std::fmt::Display| Failure::plain(format!("{}: {what}", path.display()));
    let text = std::fs::read(path).map_err(|error| Failure::reading(path, &error))?;
    let root: Json = serde_json::from_slice(&text).map_err(|error| broken(&error))?;
    let Some(cases) = root["cases"].as_array() else { return Err(broken(&"there is no list of cases")) };

    let printed = Arc::new(Mutex::new(Vec::new()));
    let sink = printed.clone();
    numir_runtime::print::set_sink(Some(Box::new(move |text| {
        sink.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(text);
    })));
    // A panic is an outcome; the process has nothing to say about it.
    std::panic::set_hook(Box::new(|_| {}));
    let mut batch = Batch::default();
    for case in cases {
        if let Ok(prepared) = guarded(|| batch.prepare(case)) {
            *batch.uses.entry(prepared.key).or_default() += 1;
        }
    }
    for case in cases {
        let mut values = Vec::new();
        let outcome = guarded(|| batch.run(case, &mut values));
        let (name, outcome) = match outcome {
            Ok(value) => ("value", value),
            Err(wrong) => ("error", wrong.json()),
        };
        let text = std::mem::take(&mut *printed.lock().unwrap_or_else(PoisonError::into_inner));
        let arrays: Vec<Json> = values.iter().map(|value| values::array_json(value.as_ref())).collect();
        let line = json!({"id": case["id"], name: outcome, "args": arrays, "stdout": String::from_utf8_lossy(&text)});
        output::print(format!("{line}\n")).map_err(Failure::output)?;
    }
    Ok(())
}

/// Runs `work`; a panic in it is an error of numir's own.
fn guarded<T>(work: impl FnOnce() -> Result<T, Wrong>) -> Result<T, Wrong> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let message = panic.downcast_ref::<String>().cloned();
        let message = message.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        Err(Wrong::internal(message.unwrap_or_else(|| "a panic without a message".to_owned())))
    })
}

impl Batch {
    fn run(&mut self, case: &Json, values: &mut Vec<Option<Value>>) -> Result<Json, Wrong> {
        let prepared = self.prepare(case)?;
        values.clone_from(&prepared.values);
        let artifact = self.compile(case, &prepared);
        if let Some(left) = self.uses.get_mut(&prepared.key) {
            *left -= 1;
            if *left == 0 {
                self.compiled.remove(&prepared.key);
            }
        }
        let result = artifact?.call(&prepared.values).map_err(|error| Wrong::of(&error, "run"))?;
        Ok(values::json(&result))
    }

    fn prepare(&mut self, case: &Json) -> Result<Prepared, Wrong> {
        let text = |name: &str| case[name].as_str().ok_or_else(|| Wrong::argument(format!("a case without `{name}`")));
        let (path, name) = (text("file")?, text("function")?);
        let options = options(&case["options"])?;
        let file = self.file(path)?;
        let Some(function) = file.functions.get(name) else {
            let missing = Diagnostic::without_source(numir::ErrorKind::Name, format!("there is no function `{name}`"));
            return Err(Wrong::of(&missing.into(), "compile"));
        };
        let given = values::arguments(&case["args"]).map_err(Wrong::argument)?;
        let values = bind(function, given, Vec::new()).map_err(|error| Wrong::of(&error.into(), "compile"))?;
        let types = types_of(function, &values).map_err(|error| Wrong::of(&error.into(), "compile"))?;
        let mut key = format!("{path}\n{name}\n{options:?}\n");
        // Writing to a String cannot fail. The debug form tells constant texts apart.
        let _ = write!(key, "{types:?}");
        Ok(Prepared { function: name.to_owned(), types, values, options, key })
    }

    fn file(&mut self, path: &str) -> Result<Rc<File>, Wrong> {
        let load = || -> Result<Rc<File>, Error> {
            let program = Program::load(Path::new(path))?;
            let functions = program.functions()?;
            let functions = functions.into_iter().map(|function| (function.name.clone(), function)).collect();
            Ok(Rc::new(File { program, functions }))
        };
        self.files
            .entry(path.to_owned())
            .or_insert_with(|| guarded(|| load().map_err(|error| Wrong::of(&error, "compile"))))
            .clone()
    }

    fn compile(&mut self, case: &Json, prepared: &Prepared) -> Result<Rc<Artifact>, Wrong> {
        if let Some(known) = self.compiled.get(&prepared.key) {
            return known.clone();
        }
        let path = case["file"].as_str().unwrap_or_default();
        let file = self.file(path)?;
        let compile = || -> Result<Rc<Artifact>, Error> {
            let (types, options) = (&prepared.types, &prepared.options);
            let module = Module::from_program(&file.program, &prepared.function, types, options)?;
            module.load(options).map(Rc::new)
        };
        let outcome = catch_unwind(AssertUnwindSafe(compile));
        let outcome = guarded(|| match outcome {
            Ok(outcome) => outcome.map_err(|error| Wrong::of(&error, "compile")),
            Err(panic) => {
                // The program may be in the midst of a change: it is parsed again for the next case.
                self.files.remove(path);
                std::panic::resume_unwind(panic)
            }
        });
        self.compiled.insert(prepared.key.clone(), outcome.clone());
        outcome
    }
}

/// The options of a case: those of `numir run`, with its defaults.
fn options(options: &Json) -> Result<CompileOptions, Wrong> {
    fn choice<T: ValueEnum>(options: &Json, name: &str, default: T) -> Result<T, Wrong> {
        match &options[name] {
            Json::Null => Ok(default),
            Json::String(text) => T::from_str(text, false).map_err(|_| Wrong::argument(format!("{name}: `{text}`"))),
            other => Err(Wrong::argument(format!("{name}: {other}"))),
        }
    }
    let language = Language {
        boundscheck: choice(options, "boundscheck", Switch::On)?,
        error_model: choice(options, "error_model", ErrorModel::Python)?,
        fastmath: Vec::new(),
        parallel: false,
        opt: options["opt"].as_u64().map_or(3, |level| level.min(3) as u8),
    };
    let target = match &options["target"] {
        Json::String(name) => Target::named(name).map_err(|error| Wrong::argument(error.to_string()))?,
        _ => Target::host(),
    };
    Ok(CompileOptions { target, ..language.options() })
}
