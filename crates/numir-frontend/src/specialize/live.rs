//! Live programs: names that are asked for, and the values that the answers stand for.

use super::frame::Frame;
use super::{Definition, Evaluated, Specializer, Stop};
use crate::captured::CAPTURED;
use crate::diagnostic::{Diagnostic, ErrorKind};
use crate::function_ir::{Attribute, IrType};
use crate::live;
use crate::program::TypedModule;
use crate::registry;
use crate::stencil::{Border, Stencil};
use crate::types::{RecordLayout, Scalar, Type};
use crate::value::{Elements, FunctionId, GENERATOR, ModuleId, Number, Value};
use numir_interface::live::{Environment, Object};
use numir_runtime::DType;
use rustpython_parser::ast::{Expr, Stmt};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

/// What answers for a live program, and what it has answered: nothing is asked for twice.
pub(crate) struct Live<'p> {
    pub environment: &'p dyn Environment,
    names: HashMap<(u32, &'p str), Option<Rc<Object>>>,
    attributes: HashMap<(u32, &'p str), Option<Rc<Object>>>,
    pub(super) overloads: HashMap<super::overloads::Call, Option<Rc<Object>>>,
    pub(super) members: HashMap<(String, &'p str), Option<Rc<Object>>>,
    files: live::Files,
    /// What objects that are looked into are called in messages.
    objects: HashMap<u32, String>,
}

impl<'p> Live<'p> {
    pub fn new(environment: &'p dyn Environment) -> Self {
        Self {
            environment,
            names: HashMap::new(),
            attributes: HashMap::new(),
            overloads: HashMap::new(),
            members: HashMap::new(),
            files: live::Files::default(),
            objects: HashMap::new(),
        }
    }
}

impl<'p> Specializer<'p> {
    /// A function of the live program, by its number there.
    pub fn live_function(&mut self, number: u32) -> Result<FunctionId, Box<Diagnostic>> {
        let (file, definition) = self.live_definition(number)?;
        Ok(self.function(file, definition, None))
    }

    fn live_definition(&mut self, number: u32) -> Result<(u32, Definition<'p>), Box<Diagnostic>> {
        let program = self.program;
        let unknown = || Diagnostic::without_source(ErrorKind::Import, format!("there is no function number {number}"));
        let live = self.live.as_mut().ok_or_else(unknown)?;
        let file = live.files.file(program, live.environment, number)?;
        match self.file(file).body.parsed().next() {
            Some(Stmt::FunctionDef(node)) => Ok((file, Definition::Def(node))),
            Some(Stmt::Expr(node)) => match &*node.value {
                Expr::Lambda(lambda) => Ok((file, Definition::Lambda(lambda))),
                _ => Err(unknown()),
            },
            _ => Err(unknown()),
        }
    }

    /// Specialises a function of the live program and all it calls.
    pub fn live_entry(&mut self, number: u32, arguments: &[Option<Type>]) -> Evaluated<TypedModule> {
        let (file, definition) = self.live_definition(number)?;
        self.try_entry(file, definition, arguments)
    }

    /// The names that a function in a live program's file could use.
    pub fn live_names(&self, file: u32) -> Vec<String> {
        match (&self.live, &self.file(file).live) {
            (Some(live), Some(function)) => live.environment.names(function.number),
            _ => Vec::new(),
        }
    }

    /// What an object of the live program is called in messages.
    pub fn live_object_name(&self, object: u32) -> String {
        let name = self.live.as_ref().and_then(|live| live.objects.get(&object));
        name.map_or_else(|| "this object".to_owned(), |name| format!("`{name}`"))
    }
}

/// What works in place of objects that compiled code cannot use by name.
const INSTEAD: &[(&str, &str)] = &[
    ("list", "a tuple, or a NumPy array, can be used by name"),
    ("dict", "constants of their own, or a NumPy array, can be used by name"),
    ("set", "a tuple can be used by name, and works with `in`"),
];

impl<'p> Frame<'p, '_> {
    /// What a name stands for that a live function does not bind itself.
    pub fn live_name(&mut self, function: u32, name: &'p str) -> Evaluated<Option<Value>> {
        let Some(live) = &mut self.specializer.live else { return Ok(None) };
        let environment = live.environment;
        let known = live.names.entry((function, name));
        let object = known.or_insert_with(|| environment.name(function, name).map(Rc::new)).clone();
        object.map(|object| self.live_value(&object, name)).transpose()
    }

    /// An attribute of an object of the live program.
    pub fn live_attribute(&mut self, object: u32, name: &'p str) -> Evaluated<Option<Value>> {
        let Some(live) = &mut self.specializer.live else { return Ok(None) };
        let environment = live.environment;
        let known = live.attributes.entry((object, name));
        let found = known.or_insert_with(|| environment.attribute(object, name).map(Rc::new)).clone();
        found.map(|found| self.live_value(&found, name)).transpose()
    }

    /// The value of an object, which the program calls `name`.
    pub fn live_value(&mut self, object: &Object, name: &str) -> Evaluated {
        Ok(match object {
            Object::None => Value::None,
            Object::Ellipsis => Value::Ellipsis,
            Object::Bool(value) => Value::bool(*value),
            Object::Int(value) => Value::int(*value),
            Object::Float(value) => Value::float(*value),
            Object::Complex(real, imaginary) => Value::Number(Scalar::Complex, Number::Complex(*real, *imaginary)),
            Object::Scalar(dtype, bytes) => match DType::from_name(dtype) {
                Some(dtype) => Value::Number(Scalar::Of(dtype), number(dtype, *bytes)),
                None => return Err(self.unusable(name, &format!("numpy.{dtype}"))),
            },
            Object::Slice(parts) => {
                let [start, stop, step] = &**parts;
                let mut part = |part| self.live_value(part, name);
                Value::Slice(Rc::new([part(start)?, part(stop)?, part(step)?]))
            }
            Object::DType(dtype) => match DType::from_name(dtype) {
                Some(dtype) => Value::DType(dtype),
                None => return Err(self.unusable(name, "dtype")),
            },
            Object::RecordType(layout) => match RecordLayout::read(layout) {
                Some(layout) => Value::RecordType(Arc::new(layout)),
                None => return Err(self.unusable(name, "dtype")),
            },
            Object::Text(text) => Value::Text(text.as_str().into()),
            Object::Tuple(elements) => {
                let elements: Result<Vec<_>, _> =
                    elements.iter().map(|element| self.live_value(element, name)).collect();
                Value::tuple(elements?)
            }
            Object::NamedTuple(class, elements) => {
                let elements: Result<Vec<_>, _> =
                    elements.iter().map(|element| self.live_value(element, name)).collect();
                Value::Tuple(Elements::new(Some(Arc::new(class.clone())), elements?))
            }
            Object::TupleClass(class, defaults) => {
                let defaults: Result<Vec<_>, _> =
                    defaults.iter().map(|default| self.live_value(default, name)).collect();
                Value::TupleClass(Arc::new(class.clone()), defaults?.into())
            }
            Object::Member(class, value) => {
                Value::Member(Arc::new(class.clone()), Rc::new(self.live_value(value, name)?))
            }
            Object::Function(number) => match self.specializer.live_function(*number) {
                Ok(function) => Value::Function(function),
                Err(diagnostic) if diagnostic.labels.is_empty() => {
                    let Stop::Error(mut placed) = self.error(diagnostic.kind, diagnostic.message) else {
                        return Err(Stop::Dead);
                    };
                    placed.help = diagnostic.help;
                    return Err(placed.into());
                }
                Err(diagnostic) => return Err(diagnostic.also(&self.span(), "needed here").into()),
            },
            Object::Stencil(stencil) => return self.live_stencil(stencil, name),
            Object::Module(module, number) => match registry::module(module) {
                Some(known) => Value::Module(known),
                None => {
                    let called = if module.is_empty() { name } else { module };
                    self.name_object(*number, called);
                    Value::Module(ModuleId::Live(*number))
                }
            },
            Object::Overloaded(called, number) | Object::Property(called, number) => {
                self.name_object(*number, called);
                Value::Overloaded(*number, None)
            }
            Object::Exception(class, number) => Value::ExceptionClass(format!("{class}#{number}").into()),
            Object::Foreign(function) => Value::Foreign(Rc::new(function.clone())),
            Object::Refused(why) => return Err(self.typing(why.as_str())),
            Object::Known(module, member) => return self.live_known(module, member),
            Object::Array(ty, number) => {
                let attributes = vec![("number", Attribute::Integer(i64::from(*number)))];
                let array = self.emit(CAPTURED, &[], IrType::Array(*ty), attributes);
                self.name_value(array, name);
                Value::Array(*ty, array)
            }
            Object::Generator(number) => {
                if self.own_values.is_some() {
                    return Err(self.shared_generator(name));
                }
                let attributes = vec![
                    ("number", Attribute::Integer(i64::from(*number))),
                    ("generator", Attribute::Text(name.to_owned())),
                ];
                let words = self.emit(CAPTURED, &[], IrType::Array(GENERATOR), attributes);
                self.name_value(words, name);
                Value::Generator(words)
            }
            Object::Records(layout, ty, number) => {
                let Some(layout) = RecordLayout::read(layout) else { return Err(self.unusable(name, "record")) };
                let attributes = vec![("number", Attribute::Integer(i64::from(*number)))];
                let bytes = self.emit(CAPTURED, &[], IrType::Array(*ty), attributes);
                self.name_value(bytes, name);
                Value::Records(Arc::new(layout), *ty, bytes)
            }
            Object::ArrayAt(ty, address, extents) => {
                let address = Number::Integer((*address).into());
                let mut operands = vec![self.materialize_number(Scalar::Of(DType::UInt64), address)?];
                operands.extend(extents.iter().map(|extent| self.index(*extent)));
                let array = self.emit("numeric.array_at", &operands, IrType::Array(*ty), Vec::new());
                self.name_value(array, name);
                Value::Array(*ty, array)
            }
            Object::Other(ty) => return Err(self.unusable(name, ty)),
        })
    }

    fn name_object(&mut self, number: u32, called: &str) {
        if let Some(live) = &mut self.specializer.live {
            live.objects.insert(number, called.to_owned());
        }
    }

    fn live_stencil(&mut self, stencil: &numir_interface::live::Stencil, name: &str) -> Evaluated {
        let Value::Function(kernel) = self.live_value(&Object::Function(stencil.kernel), name)? else {
            return Err(self.unusable(name, "stencil"));
        };
        let cval = stencil.cval.as_ref().map(|cval| self.live_value(cval, name)).transpose()?;
        Ok(Value::Stencil(Rc::new(Stencil {
            kernel,
            border: Border::of_mode(&stencil.mode),
            cval,
            neighborhood: stencil.neighborhood.as_deref().map(Rc::from),
            standard_indexing: stencil.standard_indexing.clone(),
        })))
    }

    /// A member of a module that the compiler knows.
    fn live_known(&mut self, module: &str, member: &str) -> Evaluated {
        let program = self.specializer.program;
        let known = if module == "builtins" { Some(ModuleId::Known("builtins")) } else { registry::module(module) };
        if let Some(known) = known
            && let Some(value) = self.member_of(known, program.intern(member.to_owned()))?
        {
            return Ok(value);
        }
        if module == "builtins"
            && let Some(reason) = registry::refused::reason(member)
        {
            return Err(self.typing(format!("`{member}` cannot be compiled: {reason}")));
        }
        let spelt = if module == "builtins" { member.to_owned() } else { format!("{module}.{member}") };
        let Stop::Error(diagnostic) = self.unsupported(format!("`{spelt}` is not compiled yet")) else {
            return Err(Stop::Dead);
        };
        Err(match known.and_then(|known| self.help_with_member(known, member)) {
            Some(help) => diagnostic.help(help).into(),
            None => diagnostic.into(),
        })
    }

    /// The error that a name stands for something that compiled code cannot use.
    fn unusable(&self, name: &str, ty: &str) -> Stop {
        let article = if ty.starts_with(['a', 'e', 'i', 'o', 'u', 'A', 'E', 'I', 'O', 'U']) { "an" } else { "a" };
        let message =
            format!("`{name}` is {article} {ty} object of Python, which compiled code cannot use by its name");
        let Stop::Error(diagnostic) = self.typing(message) else { return Stop::Dead };
        let instead = INSTEAD.iter().find(|(of, _)| *of == ty);
        let works = "numbers, strings, tuples, slices, dtypes, NumPy arrays, functions and modules can be used by name";
        diagnostic.help(instead.map_or(works, |(_, works)| works)).into()
    }
}

/// The number in the words of a NumPy scalar.
fn number(dtype: DType, words: [u64; 2]) -> Number {
    match numir_runtime::Scalar::from_words(dtype, words).number() {
        numir_runtime::Number::Bool(value) => Number::Bool(value),
        numir_runtime::Number::Int(value) => Number::Integer(value.into()),
        numir_runtime::Number::UInt(value) => Number::Integer(value.into()),
        numir_runtime::Number::Float(value) => Number::Float(value),
        numir_runtime::Number::Complex(real, imaginary) => Number::Complex(real, imaginary),
    }
}
