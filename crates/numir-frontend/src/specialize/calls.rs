//! Calls: binding arguments to parameters, and calling functions of the program.

use super::frame::{Binding, Frame};
use super::{Definition, Evaluated, Stop, annotations, callee};
use crate::diagnostic::{Diagnostic, ErrorKind, Label};
use crate::function_ir::{IrType, ValueId};
use crate::registry::{self, Meaning};
use crate::source::Span;
use crate::types::{Scalar, Type};
use crate::value::{FunctionId, Value};
use rustpython_parser::ast::{self, Expr, Ranged};
use rustpython_parser::text_size::TextRange;
use std::collections::HashMap;
use std::rc::Rc;

/// Arguments as a call gives them.
#[derive(Default)]
pub(crate) struct Arguments {
    pub positional: Vec<Value>,
    pub keywords: Vec<(String, Value)>,
    /// Where the positional ones and then the keywords' stand in the source, as far as they do.
    pub places: Vec<TextRange>,
}

/// One parameter, wherever it is declared.
pub(super) struct Parameter<'a> {
    name: &'a str,
    required: bool,
    keyword_only: bool,
    positional_only: bool,
}

impl<'a> Parameter<'a> {
    /// One that may be left out.
    pub(super) fn optional(name: &'a str) -> Self {
        Self { name, required: false, keyword_only: false, positional_only: false }
    }
}

impl<'p> Frame<'p, '_> {
    pub fn call(&mut self, node: &'p ast::ExprCall) -> Evaluated {
        let function = self.expression(&node.func)?;
        let mut arguments = Arguments::default();
        for argument in &node.args {
            let known = arguments.positional.len();
            match argument {
                Expr::Starred(starred) => match self.expression(&starred.value)? {
                    Value::Tuple(elements) => arguments.positional.extend(elements.iter().cloned()),
                    other => {
                        let seen = self.describe(&other);
                        return Err(self.unsupported(format!("`*` in a call takes a tuple here, not {seen}")));
                    }
                },
                other => {
                    let value = self.given_argument(&function, other)?;
                    arguments.positional.push(value);
                }
            }
            arguments.places.extend(std::iter::repeat_n(argument.range(), arguments.positional.len() - known));
        }
        for keyword in &node.keywords {
            let Some(name) = &keyword.arg else { return Err(self.unsupported("`**` in a call")) };
            let value = self.given_argument(&function, &keyword.value)?;
            arguments.keywords.push((name.to_string(), value));
            arguments.places.push(keyword.value.range());
        }
        self.apply(&function, arguments)
    }

    /// What is given to a parameter: a list display as its elements, or as an array where a tuple would mean something else.
    fn given_argument(&mut self, function: &Value, argument: &'p Expr) -> Evaluated {
        let value = self.operand(argument)?;
        match (argument, function) {
            (Expr::List(_), Value::Bound(_, meaning)) if meaning.name == registry::UFUNC_AT => {
                self.call_meaning("numpy.array", vec![value])
            }
            _ => Ok(value),
        }
    }

    /// Calls a value.
    pub fn apply(&mut self, function: &Value, arguments: Arguments) -> Evaluated {
        match function {
            Value::Function(function) => self.call_function(*function, arguments),
            Value::Overloaded(number, receiver) => self.call_overloaded(*number, receiver.as_deref(), arguments),
            Value::Meaning(meaning) => {
                let values = self.bind_meaning(meaning, None, arguments)?;
                (meaning.evaluate)(self, &values)
            }
            Value::Bound(receiver, meaning) if meaning.name == registry::named_tuples::REPLACE => match &**receiver {
                Value::Tuple(tuple) => self.replace_fields(tuple, arguments),
                other => Ok(other.clone()),
            },
            Value::Bound(receiver, meaning) => {
                let values = self.bind_meaning(meaning, Some(receiver), arguments)?;
                (meaning.evaluate)(self, &values)
            }
            Value::Method(receiver, function) => {
                let mut arguments = arguments;
                arguments.positional.insert(0, (**receiver).clone());
                arguments.places.insert(0, self.range);
                self.call_function(*function, arguments)
            }
            Value::ScalarType(scalar) => {
                let positional = self.constructor_arguments(*scalar, arguments)?;
                registry::construct_scalar(self, *scalar, &positional)
            }
            Value::Stencil(stencil) => self.call_stencil(stencil, arguments),
            Value::TupleClass(class, defaults) => self.make_named_tuple(class, defaults, arguments),
            Value::Foreign(function) => self.call_foreign(function, arguments),
            Value::ExceptionClass(class) => Ok(Value::Exception(class.clone(), Rc::from(arguments.positional))),
            // The library is handed dtypes where it makes items.
            Value::DType(dtype) if self.file.source.path.starts_with("<library>") => {
                registry::construct_scalar(self, Scalar::Of(*dtype), &arguments.positional)
            }
            other => {
                let seen = self.describe(other);
                Err(self.typing(format!("{seen} is not callable")))
            }
        }
    }

    /// Calls a meaning with positional arguments: for the registry's own use.
    pub fn call_meaning(&mut self, name: &'static str, positional: Vec<Value>) -> Evaluated {
        match registry::meaning(name) {
            Some(meaning) => self.apply(&Value::Meaning(meaning), Arguments { positional, ..Arguments::default() }),
            None => Err(self.unsupported(format!("`{name}`"))),
        }
    }

    /// Calls a function of the library.
    pub fn call_library(&mut self, module: &'static str, name: &'static str, positional: Vec<Value>) -> Evaluated {
        let Some(number) = self.specializer.program.library_file(module) else {
            return Err(self.unsupported(format!("library module {module}")));
        };
        match self.global(number, name)? {
            Some(function) => self.apply(&function, Arguments { positional, ..Arguments::default() }),
            None => Err(self.unsupported(format!("`{module}.{name}`"))),
        }
    }

    /// What the library's module has under that name.
    pub fn library_member(&mut self, module: &'static str, name: &str) -> Evaluated<Option<Value>> {
        let Some(number) = self.specializer.program.library_file(module) else { return Ok(None) };
        let name = self.specializer.program.intern(name.to_owned());
        self.global(number, name)
    }

    /// The arguments of a call of a scalar type: only those of complex numbers have names.
    fn constructor_arguments(&mut self, scalar: Scalar, arguments: Arguments) -> Evaluated<Vec<Value>> {
        if arguments.keywords.is_empty() {
            return Ok(arguments.positional);
        }
        let name = scalar.to_string();
        if scalar != Scalar::Complex {
            return Err(self.error(ErrorKind::Argument, format!("{name}() takes no keyword arguments")));
        }
        let parameters = ["real", "imag"].map(Parameter::optional);
        let (values, _) = self.distribute(&name, &parameters, arguments, false)?;
        Ok(values.into_iter().map(|value| value.unwrap_or(Value::int(0))).collect())
    }

    fn bind_meaning(
        &mut self,
        meaning: &'static Meaning,
        receiver: Option<&Value>,
        mut arguments: Arguments,
    ) -> Evaluated<Vec<Option<Value>>> {
        if let Some(receiver) = receiver {
            arguments.positional.insert(0, receiver.clone());
        }
        let mut keyword_only = false;
        let mut rest = None;
        let mut parameters = Vec::new();
        for part in meaning.parameters.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            match part {
                "*" => keyword_only = true,
                "/" => parameters.iter_mut().for_each(|parameter: &mut Parameter<'_>| parameter.positional_only = true),
                _ if part.starts_with('*') => {
                    rest = Some(parameters.len());
                    keyword_only = true;
                }
                _ => {
                    let (name, required) = match part.split_once('=') {
                        Some((name, _)) => (name, false),
                        None => (part, true),
                    };
                    parameters.push(Parameter { name, required, keyword_only, positional_only: false });
                }
            }
        }
        let short = meaning.name.rsplit('.').next().unwrap_or(meaning.name);
        let (mut values, extra) = self.distribute(short, &parameters, arguments, rest.is_some())?;
        for (parameter, value) in parameters.iter().zip(&values) {
            if parameter.required && value.is_none() {
                let message = format!("{short}() missing required argument: '{}'", parameter.name);
                return Err(self.error(ErrorKind::Argument, message));
            }
        }
        if meaning.name.starts_with("numpy.") {
            for value in values.iter_mut().flatten() {
                *value = registry::records::read_only(self, value.clone())?;
            }
        }
        if let Some(place) = rest {
            values.insert(place, Some(Value::tuple(extra)));
        }
        Ok(values)
    }

    pub(super) fn distribute(
        &mut self,
        function: &str,
        parameters: &[Parameter<'_>],
        arguments: Arguments,
        takes_rest: bool,
    ) -> Evaluated<(Vec<Option<Value>>, Vec<Value>)> {
        let mut values: Vec<Option<Value>> = vec![None; parameters.len()];
        let positional = parameters.iter().filter(|parameter| !parameter.keyword_only).count();
        let mut extra = Vec::new();
        let given = arguments.positional.len();
        for (index, value) in arguments.positional.into_iter().enumerate() {
            if index < positional {
                values[index] = Some(value);
            } else if takes_rest {
                extra.push(value);
            } else {
                let plural = if positional == 1 { "argument" } else { "arguments" };
                let message = format!("{function}() takes {positional} positional {plural} but {given} were given");
                return Err(self.error(ErrorKind::Argument, message));
            }
        }
        for (name, value) in arguments.keywords {
            let place = parameters.iter().position(|parameter| parameter.name == name && !parameter.positional_only);
            let Some(place) = place else {
                let message = format!("{function}() got an unexpected keyword argument '{name}'");
                let Stop::Error(diagnostic) = self.error(ErrorKind::Argument, message) else { return Err(Stop::Dead) };
                let known: Vec<_> = parameters.iter().map(|parameter| parameter.name).collect();
                return Err(diagnostic.help(format!("its parameters are: {}", known.join(", "))).into());
            };
            if values[place].replace(value).is_some() {
                let message = format!("{function}() got multiple values for argument '{name}'");
                return Err(self.error(ErrorKind::Argument, message));
            }
        }
        Ok((values, extra))
    }

    /// The default of a parameter, evaluated where the function is defined.
    pub fn default_of(&mut self, function: FunctionId, parameter: &str) -> Evaluated {
        let entry = &self.specializer.functions[function.0 as usize];
        let (definition, enclosing, file) = (entry.definition, entry.enclosing, entry.file);
        let arguments: &'p ast::Arguments = match definition {
            Definition::Def(definition) => &definition.args,
            Definition::Lambda(lambda) => &lambda.args,
            Definition::Constant(..) | Definition::Module => return Ok(Value::None),
        };
        if arguments.vararg.as_ref().is_some_and(|argument| argument.arg.as_str() == parameter) {
            return Ok(Value::tuple(Vec::new()));
        }
        let missing = |frame: &Self| {
            let name = frame.specializer.function_name(function);
            let message = format!("{name}() missing 1 required positional argument: '{parameter}'");
            frame.error(ErrorKind::Argument, message)
        };
        if enclosing.is_none()
            && let Some(live) = &self.specializer.file(file).live
        {
            let default = live.defaults.iter().find(|(name, _)| name == parameter);
            return match default {
                Some((_, object)) => self.live_value(object, parameter),
                None => Err(missing(self)),
            };
        }
        let mut all = arguments.posonlyargs.iter().chain(&arguments.args).chain(&arguments.kwonlyargs);
        let default = all
            .find(|argument| argument.def.arg.as_str() == parameter)
            .and_then(|argument| argument.default.as_deref());
        let Some(default) = default else { return Err(missing(self)) };
        if enclosing.is_some() {
            return self.expression(default);
        }
        // A default of a function at the top of a file belongs to the file, not to the caller.
        let module = self.specializer.function(file, Definition::Module, None);
        let syntax = self.specializer.file(file);
        let mut frame = Frame::new(self.specializer, module, syntax, default.range());
        let value = frame.expression(default)?;
        let mut parts = 0;
        value.visit_parts(&mut |_, _| parts += 1);
        if parts > 0 { Err(frame.unsupported("a default value that is not a constant")) } else { Ok(value) }
    }

    /// Calls a function of the program.
    pub fn call_function(&mut self, function: FunctionId, arguments: Arguments) -> Evaluated {
        let mut forms = self.bind_function(function, arguments)?;
        let is_library = self.specializer.file(self.specializer.functions[function.0 as usize].file).is_library();
        for (name, value) in &mut forms {
            if is_library && let Value::Records(..) = value {
                *value = registry::records::read_only(self, value.clone())?;
            }
            // A number given to a parameter is not a constant of the function, or each number would make another copy.
            if !self.takes_constant(function, name) {
                *value = self.as_argument(value)?;
            }
        }
        self.call_bound(function, forms)
    }

    /// Whether what is given to a parameter stays a constant: in the library, where it is annotated so.
    fn takes_constant(&self, function: FunctionId, name: &str) -> bool {
        let entry = &self.specializer.functions[function.0 as usize];
        let Definition::Def(definition) = entry.definition else { return false };
        self.specializer.file(entry.file).is_library()
            && super::names::parameter(&definition.args, name)
                .and_then(|parameter| parameter.annotation.as_deref())
                .is_some_and(|annotation| super::names::is_name(annotation, "constant"))
    }

    /// Calls a function of the program with all that it takes, by name.
    pub(super) fn call_bound(&mut self, function: FunctionId, forms: Vec<(&'p str, Value)>) -> Evaluated {
        let mut operands: Vec<ValueId> = Vec::new();
        for (_, value) in &forms {
            value.visit_parts(&mut |id, _| operands.push(id));
        }
        let (range, from) = (self.range, self.file);
        let outer = std::mem::replace(&mut self.specializer.applying, self.element_wise);
        let instance = self.specializer.instance(function, forms, range, from);
        self.specializer.applying = outer;
        let instance = match instance {
            Err(Stop::Error(diagnostic)) => return Err(self.out_of_library(function, diagnostic).into()),
            instance => instance?,
        };
        let Some(result) = instance.result else {
            self.emit_all("func.call", operands, &[], vec![callee(&instance.symbol)], Vec::new());
            return Err(Stop::Dead);
        };
        let types: Vec<IrType> = Self::part_types(&result);
        let is_applied = self.element_wise && matches!(result, Value::Scalar(..));
        let call = if is_applied { "numeric.apply" } else { "func.call" };
        let mut results = self.emit_all(call, operands, &types, vec![callee(&instance.symbol)], Vec::new()).into_iter();
        Ok(result.with_parts(&mut |_| results.next().unwrap_or(crate::value::PLACEHOLDER)))
    }

    /// The forms of a function's parameters and of what it captures, by name, for a call.
    pub(super) fn bind_function(
        &mut self,
        function: FunctionId,
        arguments: Arguments,
    ) -> Evaluated<Vec<(&'p str, Value)>> {
        let entry = &self.specializer.functions[function.0 as usize];
        let (definition, file, name) = (entry.definition, entry.file, entry.name.clone());
        let syntax: &'p ast::Arguments = match definition {
            Definition::Def(definition) => &definition.args,
            Definition::Lambda(lambda) => &lambda.args,
            Definition::Constant(..) | Definition::Module => return Ok(Vec::new()),
        };
        if let Some(kwarg) = &syntax.kwarg {
            return Err(self.unsupported(format!("the parameter `**{}` of {name}", kwarg.arg)));
        }
        let positional_only = syntax.posonlyargs.len();
        let positional = syntax.posonlyargs.iter().chain(&syntax.args).map(|argument| (argument, false));
        let keyword_only = syntax.kwonlyargs.iter().map(|argument| (argument, true));
        let syntax_of: Vec<_> = positional.chain(keyword_only).collect();
        let parameters: Vec<Parameter<'p>> = syntax_of
            .iter()
            .enumerate()
            .map(|(index, (argument, keyword_only))| Parameter {
                name: argument.def.arg.as_str(),
                required: argument.default.is_none(),
                keyword_only: *keyword_only,
                positional_only: index < positional_only,
            })
            .collect();
        let given: Vec<&str> =
            parameters.iter().map(|parameter| parameter.name).take(arguments.positional.len()).collect();
        let by_keyword = arguments.keywords.iter().map(|(name, _)| name.clone());
        let names = given.into_iter().map(str::to_owned).chain(by_keyword);
        let places: HashMap<String, TextRange> = names.zip(arguments.places.iter().copied()).collect();
        let (values, extra) = match self.distribute(&name, &parameters, arguments, syntax.vararg.is_some()) {
            Err(Stop::Error(diagnostic)) => return Err(self.with_definition(function, diagnostic).into()),
            distributed => distributed?,
        };

        let mut bound: Vec<(&'p str, Value)> = Vec::new();
        for ((parameter, (argument, _)), value) in parameters.iter().zip(&syntax_of).zip(values) {
            let value = match value {
                Some(value) => value,
                None => match self.default_of(function, parameter.name) {
                    Err(Stop::Error(diagnostic)) => return Err(self.with_definition(function, diagnostic).into()),
                    default => default?,
                },
            };
            let declared = match &argument.def.annotation {
                Some(annotation) => {
                    annotations::annotation(self.specializer.scope(self.specializer.file(file)), annotation)?
                }
                None => None,
            };
            let value = match declared {
                Some(ty) => match self.fitted(&value, &ty)? {
                    Some(fitted) => fitted,
                    None => {
                        let place = places.get(parameter.name).copied().unwrap_or(self.range);
                        return Err(self.unfit_argument(function, &argument.def, place, &value, &ty));
                    }
                },
                None => value,
            };
            bound.push((parameter.name, value));
        }
        if let Some(vararg) = &syntax.vararg {
            bound.push((vararg.arg.as_str(), Value::tuple(extra)));
        }
        // What nested functions read of their enclosing ones goes along as further arguments.
        for (owner, captured) in self.captures(function) {
            let Some(slot) = self.known_slot((owner, captured)) else {
                let message = format!(
                    "`{name}` uses `{captured}` of the function it is defined in, and can be called only there"
                );
                return Err(self.unsupported(message));
            };
            match self.bindings[slot].clone() {
                Binding::Bound(value) | Binding::Maybe(_, value) => {
                    self.check_generator(captured, &value)?;
                    bound.push((captured, value));
                }
                Binding::Unbound => {}
            }
        }
        Ok(bound)
    }

    /// Adds where a function is defined, if that is in a file of the user's.
    pub(super) fn with_definition(&self, function: FunctionId, diagnostic: Box<Diagnostic>) -> Box<Diagnostic> {
        let entry = &self.specializer.functions[function.0 as usize];
        let file = self.specializer.file(entry.file);
        match entry.definition {
            Definition::Def(definition) if file.directory.is_some() => {
                let mut head = Span::new(&file.source, definition.range);
                head.end = head.start + "def ".len() + definition.name.len();
                diagnostic.also(&head, "defined here")
            }
            _ => diagnostic,
        }
    }

    /// What stands before the parentheses of the call that is being walked; None where it is an operator that calls.
    fn called_as(&self) -> Option<&'p str> {
        let text = self.file.source.text.get(self.range.start().to_usize()..self.range.end().to_usize())?;
        let called = text.split_once('(')?.0.trim();
        called.chars().all(|character| character.is_alphanumeric() || "._".contains(character)).then_some(called)
    }

    /// An error inside of the library is told at the user's call of it.
    fn out_of_library(&self, function: FunctionId, mut diagnostic: Box<Diagnostic>) -> Box<Diagnostic> {
        let entry = &self.specializer.functions[function.0 as usize];
        let library = self.specializer.file(entry.file);
        let inside = diagnostic.labels.first().is_some_and(|label| label.span.source.path.starts_with("<library>"));
        if inside && library.directory.is_none() && self.file.directory.is_some() {
            if let Some(called) = self.called_as() {
                diagnostic.message = format!("{called}(): {}", diagnostic.message);
            }
            diagnostic.labels = vec![Label { span: self.span(), text: String::new() }];
        }
        diagnostic
    }

    /// The error that an argument does not fit a parameter's annotation.
    fn unfit_argument(
        &self,
        function: FunctionId,
        parameter: &ast::Arg,
        place: TextRange,
        value: &Value,
        ty: &Type,
    ) -> Stop {
        let entry = &self.specializer.functions[function.0 as usize];
        let file = self.specializer.file(entry.file);
        let (seen, place) = (self.describe(value), Span::new(&self.file.source, place));
        if file.directory.is_some() {
            let message = format!("{}() takes {ty} as `{}`, not {seen}", entry.name, parameter.arg);
            let declared = Span::new(&file.source, parameter.range);
            return Diagnostic::new(ErrorKind::Typing, &place, message)
                .seen(seen)
                .also(&declared, "declared here")
                .into();
        }
        let called = self.called_as().unwrap_or(&entry.name);
        let message = format!("{called}() takes {ty}, not {seen}");
        let diagnostic = Diagnostic::new(ErrorKind::Typing, &place, message);
        let by_items = registry::member("numpy", &entry.name).is_some() && matches!(value, Value::Array(..));
        if by_items { diagnostic.help(format!("np.{} takes arrays, item by item", entry.name)) } else { diagnostic }
            .into()
    }

    /// A value as it is handed to a function: numbers as SSA values.
    fn as_argument(&mut self, value: &Value) -> Evaluated {
        Ok(match value {
            Value::Number(scalar, number) => Value::Scalar(*scalar, self.materialize_number(*scalar, *number)?),
            Value::Tuple(elements) => {
                let arguments: Result<Vec<_>, _> = elements.iter().map(|element| self.as_argument(element)).collect();
                Value::Tuple(elements.with(arguments?))
            }
            Value::Formatted(parts) => {
                Value::Formatted(parts.iter().map(|part| self.as_argument(part)).collect::<Evaluated<_>>()?)
            }
            Value::Member(class, value) => Value::Member(class.clone(), Rc::new(self.as_argument(value)?)),
            Value::Range(parts) => Value::Range(Rc::new([
                self.as_argument(&parts[0])?,
                self.as_argument(&parts[1])?,
                self.as_argument(&parts[2])?,
            ])),
            other => other.clone(),
        })
    }
}
