//! Specialising functions: an abstract walk over a function's syntax with the types of its arguments at hand.
//!
//! Typing and building are one walk: an expression's meaning, found in the registry, looks at the types of its operands
//! and appends typed instructions. Each function is specialised once per tuple of argument types. A recursive call whose
//! result is not known yet counts as not returning, so that the first walk types the function by its other returns; the
//! walk is repeated until the result's type holds.

mod annotations;
mod assignment;
mod callbacks;
mod calls;
mod contexts;
mod control;
mod entry;
mod exceptions;
mod expressions;
mod fixpoint;
mod footprint;
mod foreign;
mod frame;
mod globals;
mod host_code;
mod launches;
mod live;
mod loops;
mod named_tuples;
mod names;
mod nesting;
mod overloads;
mod parallel;
mod patterns;
mod statements;
mod stencils;
mod updates;

pub(crate) use annotations::{Scope, annotation, is_jit_decorator};
pub(crate) use frame::{Binding, Frame};
pub(crate) use nesting::check_nesting;

use crate::diagnostic::{Diagnostic, ErrorKind};
use crate::function_ir::{Attribute, Function, Instruction, IrType};
use crate::program::{File, HostCall, Options, Program};
use crate::prune::prune;
use crate::registry::cuda::{is_libdevice, name_in_libdevice};
use crate::registry::kernels::is_kernel_module;
use crate::source::Span;
use crate::stencil::Reach;
use crate::types::Type;
use crate::value::{FunctionId, Number, Value};
pub(crate) use calls::Arguments;
use globals::Globals;
use live::Live;
use names::Effects;
use numir_interface::live::Environment;
use rustpython_parser::ast::{self, Ranged};
use rustpython_parser::text_size::TextRange;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Why a walk stops.
pub(crate) enum Stop {
    /// The program is wrong.
    Error(Box<Diagnostic>),
    /// What follows is not reached when the program runs.
    Dead,
}

impl From<Box<Diagnostic>> for Stop {
    fn from(diagnostic: Box<Diagnostic>) -> Self {
        Self::Error(diagnostic)
    }
}

/// The outcome of walking something.
pub(crate) type Evaluated<T = Value> = Result<T, Stop>;

/// How deep calls may nest while specialising, which bounds the compiler's own stack.
const CALL_DEPTH: usize = 200;
/// How often a recursive function is walked before its result's type must hold: types of numbers widen a few times only.
const RESULT_WALKS: usize = 12;

/// The syntax of a function.
#[derive(Clone, Copy)]
pub(crate) enum Definition<'p> {
    Def(&'p ast::StmtFunctionDef),
    Lambda(&'p ast::ExprLambda),
    /// A number computed at the top of a file, and its name.
    Constant(&'p str, &'p ast::Expr),
    /// The top of a file, for constants.
    Module,
}

/// A function of the program.
pub(crate) struct FunctionEntry<'p> {
    pub name: String,
    pub file: u32,
    pub definition: Definition<'p>,
    pub enclosing: Option<FunctionId>,
    pub locals: BTreeSet<&'p str>,
}

type Key = (FunctionId, Vec<Type>, bool);

/// A specialised function.
#[derive(Clone)]
pub(crate) struct Instance {
    pub symbol: String,
    /// The template of its result; None where it never returns.
    pub result: Option<Value>,
    /// How far its accesses to the windows of stencils reach.
    pub reach: Reach,
}

/// An instance whose walk has begun and not ended.
struct Active {
    key: Key,
    /// What is known of its result so far: nothing, that it never returns, or a template.
    result: Option<Option<Value>>,
    /// The lowest place on the stack that its walk has called back to.
    calls_back: usize,
}

/// The state of specialising one entry and all it calls.
pub(crate) struct Specializer<'p> {
    pub program: &'p Program,
    pub options: Options,
    pub functions: Vec<FunctionEntry<'p>>,
    pub globals: Globals<'p>,
    /// What answers for a live program, and what it has answered.
    pub live: Option<Live<'p>>,
    /// The entry, and the types of the names that its source binds, by line.
    entry: Option<FunctionId>,
    bindings: BTreeMap<(usize, &'p str), Type>,
    by_syntax: HashMap<usize, FunctionId>,
    instances: HashMap<Key, Instance>,
    active: Vec<Active>,
    /// How far the active functions have reached so far, beginning with the outermost.
    reaching: Vec<Reach>,
    /// Instances that stand on the unknown result of an active one, with the functions built for them.
    provisional: Vec<(Key, Instance, Function)>,
    finished: Vec<Function>,
    /// The blocks that the host runs.
    pub(super) hosts: Vec<HostCall>,
    symbols: HashMap<Key, String>,
    taken: HashSet<String>,
    /// Whether the function that is asked for is to be applied element by element.
    pub(super) applying: bool,
    /// Functions of the library that are called on paths that are seldom taken.
    pub(crate) rare: HashSet<FunctionId>,
}

impl<'p> Specializer<'p> {
    pub fn new(program: &'p Program, environment: Option<&'p dyn Environment>, options: Options) -> Self {
        Self {
            program,
            options,
            functions: Vec::new(),
            globals: Globals::default(),
            live: environment.map(Live::new),
            entry: None,
            bindings: BTreeMap::new(),
            by_syntax: HashMap::new(),
            instances: HashMap::new(),
            active: Vec::new(),
            reaching: Vec::new(),
            provisional: Vec::new(),
            finished: Vec::new(),
            hosts: Vec::new(),
            symbols: HashMap::new(),
            taken: HashSet::new(),
            applying: false,
            rare: HashSet::new(),
        }
    }

    pub fn file(&self, number: u32) -> &'p File {
        &self.program.files[number as usize]
    }

    /// The number of a function, given once per definition in the source.
    pub fn function(&mut self, file: u32, definition: Definition<'p>, enclosing: Option<FunctionId>) -> FunctionId {
        let (address, name) = match definition {
            Definition::Def(definition) => (std::ptr::from_ref(definition) as usize, definition.name.to_string()),
            Definition::Lambda(lambda) => (std::ptr::from_ref(lambda) as usize, "<lambda>".to_owned()),
            Definition::Constant(name, expression) => (std::ptr::from_ref(expression) as usize, name.to_owned()),
            Definition::Module => (std::ptr::from_ref(self.file(file)) as usize, "<module>".to_owned()),
        };
        if let Some(function) = self.by_syntax.get(&address) {
            return *function;
        }
        let locals = match definition {
            Definition::Def(definition) => {
                let mut effects = Effects::of(&definition.body);
                effects.names.extend(names::parameter_names(&definition.args));
                effects.names
            }
            Definition::Lambda(lambda) => names::parameter_names(&lambda.args).into_iter().collect(),
            Definition::Constant(..) | Definition::Module => BTreeSet::new(),
        };
        let function = FunctionId(self.functions.len() as u32);
        self.functions.push(FunctionEntry { name, file, definition, enclosing, locals });
        self.by_syntax.insert(address, function);
        function
    }

    pub fn function_name(&self, function: FunctionId) -> &str {
        &self.functions[function.0 as usize].name
    }

    /// What annotations in a file are looked up in.
    pub fn scope(&self, file: &'p File) -> Scope<'p> {
        Scope { file, environment: self.live.as_ref().map(|live| live.environment) }
    }

    /// The instance of a function for arguments of these forms; walked now if there is none yet.
    pub fn instance(
        &mut self,
        function: FunctionId,
        arguments: Vec<(&'p str, Value)>,
        range: TextRange,
        file: &'p File,
    ) -> Evaluated<Instance> {
        self.reaching.push(Reach::default());
        let instance = self.found_instance(function, arguments, range, file);
        self.reaching.pop();
        let instance = instance?;
        self.reaches(&instance.reach.0);
        Ok(instance)
    }

    fn found_instance(
        &mut self,
        function: FunctionId,
        arguments: Vec<(&'p str, Value)>,
        range: TextRange,
        file: &'p File,
    ) -> Evaluated<Instance> {
        let key: Key = (function, arguments.iter().map(|(_, value)| value.key()).collect(), self.applying);
        if let Some(instance) = self.instances.get(&key) {
            return Ok(instance.clone());
        }
        if let Some((_, instance, _)) = self.provisional.iter().find(|(other, ..)| *other == key) {
            return Ok(instance.clone());
        }
        if let Some(place) = self.active.iter().position(|active| active.key == key) {
            for active in &mut self.active[place..] {
                active.calls_back = active.calls_back.min(place);
            }
            let result = self.active[place].result.clone();
            return match result {
                Some(result) => Ok(Instance { symbol: self.symbol(&key), result, reach: Reach::default() }),
                None => Err(Stop::Dead),
            };
        }
        if self.active.len() >= CALL_DEPTH {
            let message = format!("calls nest deeper than {CALL_DEPTH} functions, each with types of its own");
            return Err(Diagnostic::new(ErrorKind::Typing, &Span::new(&file.source, range), message).into());
        }

        let symbol = self.symbol(&key);
        let place = self.active.len();
        let first_provisional = self.provisional.len();
        self.active.push(Active { key: key.clone(), result: None, calls_back: usize::MAX });
        let mut walks = 0;
        let walked = loop {
            let walked = self.walk_function(function, &arguments, &symbol);
            let (mut built, result) = match walked {
                Ok(walked) => walked,
                Err(stop) => {
                    self.active.truncate(place);
                    return Err(stop);
                }
            };
            walks += 1;
            let recursive = self.active[place].calls_back <= place;
            let stable = match (&self.active[place].result, &result) {
                (Some(Some(guess)), Some(result)) => guess.has_form_of(result),
                (Some(None), None) => true,
                _ => false,
            };
            if !recursive || stable {
                if recursive {
                    let check = Instruction {
                        name: "numeric.check_recursion",
                        operands: Vec::new(),
                        results: Vec::new(),
                        attributes: Vec::new(),
                        regions: Vec::new(),
                        span: built.span.clone(),
                    };
                    built.body.instructions.insert(0, check);
                }
                break (built, result);
            }
            let guess = match (&self.active[place].result, result) {
                (Some(Some(guess)), Some(result)) => guess.join(&result).map(Some),
                (Some(Some(guess)), None) => Some(Some(guess.clone())),
                (_, result) => Some(result.map(|result| result.generalized())),
            };
            if guess.is_none() || walks > RESULT_WALKS {
                let name = self.function_name(function);
                let message = match guess {
                    None => format!("`{name}` returns values that have no common type"),
                    Some(_) => format!("the type of what `{name}` returns grows with every call of itself"),
                };
                self.active.truncate(place);
                return Err(Diagnostic::new(ErrorKind::Typing, &built.span, message).into());
            }
            self.active[place].result = guess;
            self.provisional.truncate(first_provisional);
        };
        let (built, result) = walked;
        let active = self.active.pop();
        let reach = self.reaching.last().cloned().unwrap_or_default();
        let instance = Instance { symbol, result, reach };
        if active.is_some_and(|active| active.calls_back < place) {
            self.provisional.push((key, instance.clone(), built));
        } else {
            for (key, instance, built) in self.provisional.drain(first_provisional..) {
                self.instances.insert(key, instance);
                self.finished.push(built);
            }
            self.instances.insert(key, instance.clone());
            self.finished.push(built);
        }
        Ok(instance)
    }

    fn symbol(&mut self, key: &Key) -> String {
        if let Some(symbol) = self.symbols.get(key) {
            return symbol.clone();
        }
        let entry = &self.functions[key.0.0 as usize];
        let plain = if entry.name == "<lambda>" { "lambda" } else { &entry.name };
        let base = if entry.file == 0 { plain.to_owned() } else { format!("{}.{plain}", self.file(entry.file).name) };
        let symbol = std::iter::once(base.clone())
            .chain((1..).map(|number| format!("{base}.{number}")))
            .find(|candidate| !self.taken.contains(candidate) && !is_c_symbol(candidate))
            .unwrap_or(base);
        self.taken.insert(symbol.clone());
        self.symbols.insert(key.clone(), symbol.clone());
        symbol
    }

    fn walk_function(
        &mut self,
        id: FunctionId,
        arguments: &[(&'p str, Value)],
        symbol: &str,
    ) -> Evaluated<(Function, Option<Value>)> {
        let entry = &self.functions[id.0 as usize];
        let (definition, enclosing, python_name) = (entry.definition, entry.enclosing, entry.name.clone());
        let file = self.file(entry.file);
        let range = match definition {
            Definition::Def(definition) => definition.range,
            Definition::Lambda(lambda) => lambda.range,
            Definition::Constant(_, expression) => expression.range(),
            Definition::Module => TextRange::default(),
        };
        let mut frame = Frame::new(self, id, file, range);
        frame.element_wise = frame.specializer.applying;
        let mut region_arguments = Vec::new();
        for (name, value) in arguments {
            let value = value.with_parts(&mut |ty| {
                let part = frame.fresh_value(ty);
                region_arguments.push(part);
                part
            });
            let owner = frame.owner_of(id, enclosing, name);
            let slot = frame.slot((owner, name));
            let place = match definition {
                Definition::Def(definition) => names::parameter(&definition.args, name).map(|argument| argument.range),
                _ => None,
            };
            frame.at(place.unwrap_or(range), |frame| frame.bind(slot, value));
        }
        match definition {
            Definition::Def(definition) => frame.block(&definition.body)?,
            Definition::Lambda(lambda) => frame.returned_expression(&lambda.body)?,
            Definition::Constant(_, expression) => frame.returned_expression(expression)?,
            Definition::Module => {}
        }
        let result = frame.finish_result()?;
        let result = frame.c_result(id, result)?;
        frame.keep_addressed(&region_arguments);
        let parts = result.as_ref().map_or_else(Vec::new, Value::parts);
        frame.terminate("func.return", parts.iter().map(|(id, _)| *id).collect());
        let body = frame.close_region(region_arguments);
        let settings = frame.settings();
        let (fast_math, inline) =
            (settings.and_then(|settings| settings.fast_math.clone()), settings.and_then(|settings| settings.inline));
        let in_libdevice = name_in_libdevice(frame.file, &python_name, arguments).filter(|_| parts.len() == 1);
        let kernel = settings.map(|settings| settings.kernel.clone()).unwrap_or_default();
        let is_exact = is_kernel_module(frame.file) || is_libdevice(frame.file);
        let fast_math = if is_exact { Some(String::new()) } else { fast_math };
        let parallel = settings.and_then(|settings| settings.parallel);
        let function = Function {
            symbol: symbol.to_owned(),
            python_name,
            is_entry: false,
            c_result: None,
            fast_math: fast_math.unwrap_or_else(|| frame.specializer.options.fast_math.clone()),
            parallel: parallel.unwrap_or(frame.specializer.options.parallel),
            inline,
            kernel,
            is_applied: false,
            in_libdevice,
            is_rare: frame.specializer.rare.contains(&id),
            body,
            results: parts.iter().map(|(_, ty)| *ty).collect(),
            values: std::mem::take(&mut frame.values),
            span: frame.span(),
        };
        Ok((prune(function), result.map(|result| result.with_parts(&mut |_| crate::value::PLACEHOLDER))))
    }
}

impl<'p> Frame<'p, '_> {
    /// Walks a body that is one expression, whose value is the result.
    fn returned_expression(&mut self, body: &'p ast::Expr) -> Evaluated<()> {
        match self.expression(body) {
            Ok(value) => {
                let (returned, result) = (self.returned, self.result);
                self.bind(returned, Value::bool(true));
                self.bind(result, value);
                Ok(())
            }
            Err(Stop::Dead) => {
                self.dead = true;
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// What the function returns once its body has been walked; None where every way ends in a raise.
    fn finish_result(&mut self) -> Evaluated<Option<Value>> {
        let result = match self.bindings[self.result].clone() {
            Binding::Bound(value) | Binding::Maybe(_, value) => value,
            Binding::Unbound => Value::None,
        };
        if self.dead {
            return Ok(None);
        }
        let returned = match self.bindings[self.returned].clone() {
            Binding::Bound(value) | Binding::Maybe(_, value) => value,
            Binding::Unbound => Value::bool(false),
        };
        match returned.number() {
            Some(Number::Bool(true)) => self.known_parts(&result).map(Some),
            Some(_) => Ok(Some(Value::None)),
            None if matches!(result, Value::None) => Ok(Some(Value::None)),
            None => {
                let flag = self.materialize(&returned)?;
                self.conditional(flag, &[], |_| Ok(result), |_| Ok(Value::None)).map(Some)
            }
        }
    }

    /// The same value with numbers known now as SSA values: what leaves a function is no constant.
    pub(super) fn known_parts(&mut self, value: &Value) -> Evaluated {
        Ok(match value {
            Value::Number(scalar, number) => Value::Scalar(*scalar, self.materialize_number(*scalar, *number)?),
            Value::Tuple(elements) => {
                let parts: Result<Vec<_>, _> = elements.iter().map(|element| self.known_parts(element)).collect();
                Value::Tuple(elements.with(parts?))
            }
            Value::Formatted(parts) => {
                Value::Formatted(parts.iter().map(|part| self.known_parts(part)).collect::<Evaluated<_>>()?)
            }
            Value::Member(class, value) => Value::Member(class.clone(), std::rc::Rc::new(self.known_parts(value)?)),
            Value::Range(parts) | Value::Slice(parts) => {
                let mut part = |index: usize| self.known_parts(&parts[index]);
                let parts = std::rc::Rc::new([part(0)?, part(1)?, part(2)?]);
                if matches!(value, Value::Range(_)) { Value::Range(parts) } else { Value::Slice(parts) }
            }
            other => other.clone(),
        })
    }

    /// The IR types of a template's parts.
    pub fn part_types(template: &Value) -> Vec<IrType> {
        template.parts().iter().map(|(_, ty)| *ty).collect()
    }
}

/// Whether compiled code may call a C function of that name.
fn is_c_symbol(name: &str) -> bool {
    numir_runtime::libm::lookup(name).is_some() || numir_runtime::builtins::lookup(name).is_some()
}

/// An attribute that names a function.
pub(crate) fn callee(symbol: &str) -> (&'static str, Attribute) {
    ("callee", Attribute::Symbol(symbol.to_owned()))
}
