//! Names outside a function's own: enclosing functions, the top of the file, imported modules, built-ins.

use super::calls::Arguments;
use super::frame::{Binding, Frame};
use super::names;
use super::{Definition, Evaluated, Stop};
use crate::body::Body;
use crate::diagnostic::ErrorKind;
use crate::function_ir::IrType;
use crate::registry;
use crate::source::Span;
use crate::value::{FunctionId, ModuleId, Value};
use rustpython_parser::ast::{self, Expr, Ranged, Stmt};
use rustpython_parser::text_size::TextRange;
use std::collections::{BTreeSet, HashMap};

/// What a name at the top of a file stands for, before it is looked at.
#[derive(Clone, Copy)]
enum Global<'p> {
    Function(&'p ast::StmtFunctionDef),
    /// The value assigned, and the place in a tuple target, if it is one.
    Assigned(&'p Expr, Option<usize>),
    Module(&'p str, TextRange),
    Member(&'p str, &'p str, u32, TextRange),
}

impl Global<'_> {
    /// Where it is defined or imported.
    fn place(&self) -> TextRange {
        match self {
            Self::Function(definition) => definition.range,
            Self::Assigned(value, _) => value.range(),
            Self::Module(_, place) | Self::Member(.., place) => *place,
        }
    }
}

/// The names at the tops of files.
#[derive(Default)]
pub(crate) struct Globals<'p> {
    indices: HashMap<u32, HashMap<&'p str, Global<'p>>>,
    values: HashMap<(u32, &'p str), Value>,
    /// Numbers that are computed at the top of a file, as functions without parameters.
    computed: HashMap<(u32, &'p str), FunctionId>,
    /// Names whose values are being found, against definitions that go in a circle.
    pending: Vec<(u32, &'p str)>,
}

fn index<'p>(body: &'p [Stmt], names: &mut HashMap<&'p str, Global<'p>>) {
    for statement in body {
        match statement {
            Stmt::FunctionDef(definition) => {
                names.insert(definition.name.as_str(), Global::Function(definition));
            }
            Stmt::Assign(node) => {
                for target in &node.targets {
                    match target {
                        Expr::Name(name) => {
                            names.insert(name.id.as_str(), Global::Assigned(&node.value, None));
                        }
                        Expr::Tuple(tuple) => {
                            for (place, element) in tuple.elts.iter().enumerate() {
                                if let Expr::Name(name) = element {
                                    names.insert(name.id.as_str(), Global::Assigned(&node.value, Some(place)));
                                }
                            }
                        }
                        _ => {}
                    }
                }
            }
            Stmt::AnnAssign(node) => {
                if let (Expr::Name(name), Some(value)) = (&*node.target, &node.value) {
                    names.insert(name.id.as_str(), Global::Assigned(value, None));
                }
            }
            Stmt::Import(node) => {
                for alias in &node.names {
                    let whole = alias.name.as_str();
                    let bound = alias
                        .asname
                        .as_ref()
                        .map_or_else(|| whole.split('.').next().unwrap_or(whole), ast::Identifier::as_str);
                    let module = if alias.asname.is_some() { whole } else { bound };
                    names.insert(bound, Global::Module(module, node.range));
                }
            }
            Stmt::ImportFrom(node) => {
                let level = node.level.map_or(0, |level| level.to_u32());
                let module = node.module.as_ref().map_or("", ast::Identifier::as_str);
                for alias in &node.names {
                    let bound = alias.asname.as_ref().unwrap_or(&alias.name);
                    names.insert(bound.as_str(), Global::Member(module, alias.name.as_str(), level, node.range));
                }
            }
            Stmt::Try(node) => index(&node.body, names),
            _ => {}
        }
    }
}

impl<'p> Frame<'p, '_> {
    /// The function to whose names `name` belongs, seen from `function`: itself or one that encloses it.
    pub fn owner_of(&self, function: FunctionId, enclosing: Option<FunctionId>, name: &str) -> FunctionId {
        let functions = &self.specializer.functions;
        if functions[function.0 as usize].locals.contains(name) {
            return function;
        }
        let mut next = enclosing;
        while let Some(outer) = next {
            let entry = &functions[outer.0 as usize];
            if entry.locals.contains(name) {
                return outer;
            }
            next = entry.enclosing;
        }
        function
    }

    /// The value of a name.
    pub fn name(&mut self, name: &'p str) -> Evaluated {
        let entry = &self.specializer.functions[self.function.0 as usize];
        let (file, enclosing) = (entry.file, entry.enclosing);
        let owner = self.owner_of(self.function, enclosing, name);
        if self.specializer.functions[owner.0 as usize].locals.contains(name) {
            return self.variable(owner, name);
        }
        if let Some(value) = self.global(file, name)? {
            return Ok(value);
        }
        if let Some(value) = self.member_of(ModuleId::Known("builtins"), name)? {
            return Ok(value);
        }
        if let Some(reason) = registry::refused::reason(name) {
            return Err(self.typing(format!("`{name}` cannot be compiled: {reason}")));
        }
        let similar = registry::nearest(registry::names("builtins"), name)
            .map(str::to_owned)
            .or_else(|| self.similar_name(file, name));
        let Stop::Error(diagnostic) = self.error(ErrorKind::Name, format!("name '{name}' is not defined")) else {
            return Err(Stop::Dead);
        };
        Err(match similar {
            Some(similar) => diagnostic.help(format!("did you mean `{similar}`?")).into(),
            None => diagnostic.into(),
        })
    }

    /// What helps where a module does not have a name.
    pub fn help_with_member(&self, module: ModuleId, name: &str) -> Option<String> {
        let refused = match module {
            ModuleId::Known(known) => registry::refused::help(known, name),
            _ => None,
        };
        refused
            .map(str::to_owned)
            .or_else(|| self.similar_member(module, name).map(|similar| format!("did you mean `{similar}`?")))
    }

    /// A name of a module that is near to one that it does not have.
    fn similar_member(&self, module: ModuleId, name: &str) -> Option<String> {
        let number = match module {
            ModuleId::File(number) => Some(number),
            ModuleId::Known(known) => self.specializer.program.library_file(known),
            ModuleId::Live(_) => None,
        };
        let mut names = HashMap::new();
        if let Some(number) = number {
            let file = self.specializer.file(number);
            file.body.all(&file.source).into_iter().flatten().for_each(|statements| index(statements, &mut names));
        }
        let own = names.into_keys().filter(|candidate| !candidate.starts_with('_'));
        let known = match module {
            ModuleId::Known(known) => registry::names(known),
            ModuleId::File(_) | ModuleId::Live(_) => Vec::new(),
        };
        registry::nearest(own.chain(known), name).map(str::to_owned)
    }

    fn similar_name(&self, file: u32, name: &str) -> Option<String> {
        let entry = &self.specializer.functions[self.function.0 as usize];
        let globals = self.specializer.globals.indices.get(&file).into_iter().flat_map(|names| names.keys().copied());
        let live = self.specializer.live_names(file);
        let all = entry.locals.iter().copied().chain(globals).chain(live.iter().map(String::as_str));
        registry::nearest(all, name).map(str::to_owned)
    }

    fn variable(&mut self, owner: FunctionId, name: &'p str) -> Evaluated {
        let slot = self.slot((owner, name));
        match self.bindings[slot].clone() {
            Binding::Bound(value) => {
                self.check_generator(name, &value)?;
                Ok(value)
            }
            Binding::Maybe(flag, value) => {
                self.check_generator(name, &value)?;
                self.unbound_reads.push(slot);
                let message = format!("cannot access local variable '{name}' where it is not associated with a value");
                self.check(flag, "UnboundLocalError", &message, &[]);
                Ok(value)
            }
            Binding::Unbound => Err(self.unbound(slot)),
        }
    }

    /// What a name at the top of a file stands for.
    pub fn global(&mut self, file: u32, name: &'p str) -> Evaluated<Option<Value>> {
        if let Some(live) = &self.specializer.file(file).live {
            return self.live_name(live.number, name);
        }
        if let Some(value) = self.specializer.globals.values.get(&(file, name)) {
            return Ok(Some(value.clone()));
        }
        if let Some(function) = self.specializer.globals.computed.get(&(file, name)).copied() {
            return self.call_function(function, Arguments::default()).map(Some);
        }
        let top = self.specializer.file(file);
        let indices = &mut self.specializer.globals.indices;
        let is_indexed = matches!(top.body, Body::Whole(_)) && indices.contains_key(&file);
        let names = indices.entry(file).or_default();
        if !is_indexed && !names.contains_key(name) {
            top.body.binding(&top.source, name)?.into_iter().for_each(|statements| index(statements, names));
        }
        let Some(global) = names.get(name).copied() else { return Ok(None) };
        if self.specializer.globals.pending.contains(&(file, name)) {
            return Err(self.error(ErrorKind::Name, format!("the definition of `{name}` goes in a circle")));
        }
        self.specializer.globals.pending.push((file, name));
        // Imports are looked up from the file that they stand in.
        let reader = std::mem::replace(&mut self.file, self.specializer.file(file));
        let reading = Span::new(&reader.source, self.range);
        let value = self.at(global.place(), |frame| frame.global_value(file, name, global));
        self.file = reader;
        self.specializer.globals.pending.pop();
        let value = match value {
            Err(Stop::Error(diagnostic)) if matches!(global, Global::Module(..) | Global::Member(..)) => {
                return Err(diagnostic.also(&reading, "needed here").into());
            }
            other => other?,
        };
        let Some(value) = value else {
            let Global::Assigned(expression, None) = global else {
                let message = format!("`{name}` is unpacked at the top of the file from what is not a constant tuple");
                return Err(self.unsupported(message));
            };
            // A number that is computed at the top of the file is computed where it is read: a function without parameters.
            let function = self.specializer.function(file, Definition::Constant(name, expression), None);
            self.specializer.globals.computed.insert((file, name), function);
            return self.call_function(function, Arguments::default()).map(Some);
        };
        // Where a thread is, each function reads itself.
        if value.parts().is_empty() {
            self.specializer.globals.values.insert((file, name), value.clone());
        }
        Ok(Some(value))
    }

    /// The value of a name at the top of a file; None for a number that is no constant there.
    fn global_value(&mut self, file: u32, name: &'p str, global: Global<'p>) -> Evaluated<Option<Value>> {
        Ok(Some(match global {
            Global::Function(definition) => {
                let function = self.specializer.function(file, Definition::Def(definition), None);
                self.decorated(function, &definition.decorator_list, |frame, decorator| {
                    Ok(frame.module_constant(file, decorator)?.unwrap_or(Value::None))
                })?
            }
            Global::Module(module, _) => self.import(file, module, 0)?,
            Global::Member(module, member, level, _) => self.import_member(file, module, member, level)?,
            Global::Assigned(value, place) => {
                let value = self.module_constant(file, value)?;
                match (place, &value) {
                    (None, Some(value)) => value.clone(),
                    (Some(place), Some(Value::Tuple(elements))) if place < elements.len() => elements[place].clone(),
                    (_, None) => return Ok(None),
                    _ => {
                        let message = format!("`{name}` is unpacked from something that is not a constant tuple");
                        return Err(self.unsupported(message));
                    }
                }
            }
        }))
    }

    /// Evaluates an expression at the top of a file; None where it is a number, but not one known now.
    fn module_constant(&mut self, file: u32, expression: &'p Expr) -> Evaluated<Option<Value>> {
        let module = self.specializer.function(file, Definition::Module, None);
        let syntax = self.specializer.file(file);
        let mut frame = Frame::new(self.specializer, module, syntax, expression.range());
        let value = frame.expression(expression)?;
        let mut scalars = true;
        let mut parts = 0;
        value.visit_parts(&mut |_, ty| {
            parts += 1;
            scalars &= matches!(ty, IrType::Scalar(_));
        });
        match (parts, scalars) {
            (0, _) => Ok(Some(value)),
            (_, true) => Ok(None),
            _ => Err(frame.unsupported("an array made at the top of the file")),
        }
    }

    /// The module that a file imports by that name: of the registry, or a file beside it.
    fn import(&mut self, file: u32, module: &'p str, level: u32) -> Evaluated {
        let importer = self.specializer.file(file).directory.clone();
        if level == 0
            && let Some(known) = registry::module(module)
        {
            return Ok(Value::Module(known));
        }
        // Modules of the library go before files only where the library itself or the registry names them.
        let within_library = importer.is_none();
        if level == 0
            && within_library
            && let Some(number) = self.specializer.program.library_file(module)
        {
            return Ok(Value::Module(ModuleId::File(number)));
        }
        let missing = |frame: &Self| {
            let message = format!("numir knows no module named '{module}'");
            let Stop::Error(diagnostic) = frame.error(ErrorKind::Import, message) else { return Stop::Dead };
            diagnostic.help("it compiles math, cmath, numpy and Python files beside this one").into()
        };
        let Some(mut directory) = importer else { return Err(missing(self)) };
        for _ in 1..level {
            directory.pop();
        }
        let path = directory.join(module.replace('.', "/")).with_extension("py");
        if module.is_empty() || !path.is_file() {
            return Err(missing(self));
        }
        Ok(Value::Module(ModuleId::File(self.specializer.program.file(&path)?)))
    }

    fn import_member(&mut self, file: u32, module: &'p str, member: &'p str, level: u32) -> Evaluated {
        if module.is_empty() {
            return self.import(file, member, level);
        }
        let module_value = self.import(file, module, level)?;
        let Value::Module(id) = module_value else { return Ok(module_value) };
        match self.member_of(id, member)? {
            Some(value) => Ok(value),
            None => {
                let message = format!("cannot import name '{member}' from '{module}'");
                let Stop::Error(diagnostic) = self.error(ErrorKind::Import, message) else { return Err(Stop::Dead) };
                Err(match self.help_with_member(id, member) {
                    Some(help) => diagnostic.help(help),
                    None => diagnostic,
                }
                .into())
            }
        }
    }

    /// What a module calls `name`; of a known module first the registry's entry, then the library's Python.
    pub fn member_of(&mut self, module: ModuleId, name: &'p str) -> Evaluated<Option<Value>> {
        match module {
            ModuleId::File(number) => self.global(number, name),
            ModuleId::Live(object) => self.live_attribute(object, name),
            ModuleId::Known(known) => {
                if let Some(place) = registry::cuda::place(self, known, name)? {
                    return Ok(Some(place));
                }
                if let Some(value) = registry::member(known, name) {
                    return Ok(Some(value));
                }
                let Some(number) = self.specializer.program.library_file(known) else { return Ok(None) };
                if name.starts_with('_') { Ok(None) } else { self.global(number, name) }
            }
        }
    }

    pub fn import_statement(&mut self, node: &'p ast::StmtImport) -> Evaluated<()> {
        let file = self.specializer.functions[self.function.0 as usize].file;
        for alias in &node.names {
            let whole = alias.name.as_str();
            let bound =
                alias.asname.as_ref().map_or_else(|| whole.split('.').next().unwrap_or(whole), ast::Identifier::as_str);
            let value = self.import(file, if alias.asname.is_some() { whole } else { bound }, 0)?;
            let slot = self.slot((self.function, bound));
            self.bind(slot, value);
        }
        Ok(())
    }

    pub fn import_from_statement(&mut self, node: &'p ast::StmtImportFrom) -> Evaluated<()> {
        let file = self.specializer.functions[self.function.0 as usize].file;
        let level = node.level.map_or(0, |level| level.to_u32());
        let module = node.module.as_ref().map_or("", ast::Identifier::as_str);
        for alias in &node.names {
            let value = self.import_member(file, module, alias.name.as_str(), level)?;
            let slot = self.slot((self.function, alias.asname.as_ref().unwrap_or(&alias.name).as_str()));
            self.bind(slot, value);
        }
        Ok(())
    }

    /// The names of enclosing functions that a function needs, its own nested functions' and those of the functions it
    /// names included.
    pub fn captures(&self, function: FunctionId) -> Vec<(FunctionId, &'p str)> {
        let mut captured = BTreeSet::new();
        let mut seen = BTreeSet::new();
        self.collect_captures(function, &mut captured, &mut seen);
        captured.into_iter().collect()
    }

    fn collect_captures(
        &self,
        function: FunctionId,
        captured: &mut BTreeSet<(FunctionId, &'p str)>,
        seen: &mut BTreeSet<FunctionId>,
    ) {
        let entry = &self.specializer.functions[function.0 as usize];
        if entry.enclosing.is_none() || !seen.insert(function) {
            return;
        }
        let mut mentioned = BTreeSet::new();
        match entry.definition {
            Definition::Def(definition) => names::mentioned(&definition.body, &mut mentioned),
            Definition::Lambda(lambda) => names::mentioned_in(&lambda.body, &mut mentioned),
            Definition::Constant(..) | Definition::Module => {}
        }
        for name in mentioned {
            let owner = self.owner_of(function, entry.enclosing, name);
            if owner == function || !self.specializer.functions[owner.0 as usize].locals.contains(name) {
                continue;
            }
            captured.insert((owner, name));
            let bound = self.known_slot((owner, name)).map(|slot| &self.bindings[slot]);
            if let Some(Binding::Bound(Value::Function(other))) = bound {
                self.collect_captures(*other, captured, seen);
            }
        }
    }
}
