//! What there is: the functions of a module, or the methods of a type, that compiled code knows, for people and for the reference pages.

use super::library;
use crate::value::ModuleId;
use rustpython_parser::Parse;
use rustpython_parser::ast::{Arg, ArgWithDefault, Arguments, Ranged, Stmt, Suite};
use std::collections::{BTreeMap, HashMap};

/// A function of a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its name in the module.
    pub name: String,
    /// Its parameters as Python writes them.
    pub parameters: String,
}

/// The functions of a module such as `numpy` or `numpy.random`, or the methods of `ndarray`, by name: those of the registry's tables and
/// those of the library. Empty where there is no such module.
pub fn catalogue(module: &str) -> Vec<Known> {
    // A module of the registry may be called by another name in programs, as `numir.cuda` is.
    let module = match super::module(module) {
        Some(ModuleId::Known(known)) => known,
        _ => module,
    };
    let mut found = BTreeMap::new();
    let mut texts = Texts::default();
    for definition in texts.definitions(module).into_values() {
        found.insert(definition.name.clone(), definition);
    }
    let prefix = format!("{module}.");
    for meaning in super::meanings() {
        if let Some(name) = meaning.name.strip_prefix(prefix.as_str())
            && !name.contains('.')
        {
            let known = Known { name: name.to_owned(), parameters: meaning.parameters.to_owned() };
            found.insert(name.to_owned(), known);
        }
    }
    found.into_values().filter(|known| !known.name.starts_with('_')).collect()
}

/// The functions of the library's modules, each module parsed once.
#[derive(Default)]
struct Texts {
    modules: HashMap<String, BTreeMap<String, Known>>,
}

impl Texts {
    fn definitions(&mut self, module: &str) -> BTreeMap<String, Known> {
        if let Some(known) = self.modules.get(module) {
            return known.clone();
        }
        let found = library::text(module).map(|text| self.read(text)).unwrap_or_default();
        self.modules.insert(module.to_owned(), found.clone());
        found
    }

    fn read(&mut self, text: &str) -> BTreeMap<String, Known> {
        let mut found = BTreeMap::new();
        for statement in Suite::parse(text, "<library>").unwrap_or_default() {
            match statement {
                Stmt::FunctionDef(function) => {
                    let name = function.name.to_string();
                    found.insert(name.clone(), Known { name, parameters: spelt(&function.args, text) });
                }
                // A module of the library takes names from modules of the library only.
                Stmt::ImportFrom(import) => {
                    let Some(module) = &import.module else { continue };
                    let there = self.definitions(module.as_str());
                    for alias in &import.names {
                        if let Some(known) = there.get(alias.name.as_str()) {
                            let name = alias.asname.as_ref().unwrap_or(&alias.name).to_string();
                            found.insert(name.clone(), Known { name, parameters: known.parameters.clone() });
                        }
                    }
                }
                _ => {}
            }
        }
        found
    }
}

/// Parameters as Python writes them, without annotations.
fn spelt(arguments: &Arguments, text: &str) -> String {
    let mut parts = Vec::new();
    let one = |part: &ArgWithDefault| match &part.default {
        Some(default) => format!("{}={}", part.def.arg, &text[std::ops::Range::<usize>::from(default.range())]),
        None => part.def.arg.to_string(),
    };
    parts.extend(arguments.posonlyargs.iter().map(one));
    if !parts.is_empty() {
        parts.push("/".to_owned());
    }
    parts.extend(arguments.args.iter().map(one));
    let starred = |stars: &str, arg: &Arg| format!("{stars}{}", arg.arg);
    match &arguments.vararg {
        Some(rest) => parts.push(starred("*", rest)),
        None if !arguments.kwonlyargs.is_empty() => parts.push("*".to_owned()),
        None => {}
    }
    parts.extend(arguments.kwonlyargs.iter().map(one));
    parts.extend(arguments.kwarg.iter().map(|rest| starred("**", rest)));
    parts.join(", ")
}
