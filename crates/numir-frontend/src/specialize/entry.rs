//! The function that is compiled: found, its arguments laid out, and specialised with all that it calls.

use super::annotations::is_stencil_decorator;
use super::frame::Frame;
use super::parallel::GENERATOR_OF_ITERATION;
use super::{Definition, Evaluated, Specializer, Stop, names};
use crate::diagnostic::{Diagnostic, ErrorKind};
use crate::program::TypedModule;
use crate::source::Span;
use crate::types::Type;
use crate::value::{Elements, Value};
use crate::{applied, captured, registry};
use numir_interface::Signature;
use rustpython_parser::ast::Stmt;
use rustpython_parser::text_size::{TextRange, TextSize};

impl<'p> Specializer<'p> {
    /// Specialises an entry and all it calls, as `walk` says.
    pub fn entry(
        mut self,
        name: &str,
        walk: impl FnOnce(&mut Self) -> Evaluated<TypedModule>,
    ) -> Result<TypedModule, Box<Diagnostic>> {
        match walk(&mut self) {
            Ok(module) => Ok(module),
            Err(Stop::Error(diagnostic)) => Err(diagnostic),
            Err(Stop::Dead) => Err(Diagnostic::without_source(
                ErrorKind::Typing,
                format!("`{name}` ends before it begins: a default value raises"),
            )),
        }
    }

    /// The function of that name at the top of the first file.
    pub fn named(&self, name: &str) -> Evaluated<Definition<'p>> {
        let file = self.file(0);
        let definitions = file.body.parsed().filter_map(|statement| match statement {
            Stmt::FunctionDef(definition) if definition.name.as_str() == name => Some(definition),
            _ => None,
        });
        let definition = definitions.last();
        if let Some(definition) = definition
            && definition.decorator_list.iter().any(is_stencil_decorator)
        {
            let span = Span::new(&file.source, definition.range);
            let message = format!("`{name}` is a stencil, which can be run by a function that calls it");
            return Err(Diagnostic::new(ErrorKind::Unsupported, &span, message).into());
        }
        if let Some(definition) = definition {
            return Ok(Definition::Def(definition));
        }
        let names = file.body.parsed().filter_map(|statement| match statement {
            Stmt::FunctionDef(definition) => Some(definition.name.as_str()),
            _ => None,
        });
        let names: Vec<_> = names.collect();
        let diagnostic = Diagnostic::without_source(
            ErrorKind::Name,
            format!("{} has no function named `{name}`", file.source.path.display()),
        );
        let none = names.is_empty();
        Err(if none { diagnostic } else { diagnostic.help(format!("it has: {}", names.join(", "))) }.into())
    }

    /// Specialises a function and all it calls.
    pub fn try_entry(
        &mut self,
        file: u32,
        definition: Definition<'p>,
        arguments: &[Option<Type>],
    ) -> Evaluated<TypedModule> {
        let function = self.function(file, definition, None);
        let file = self.file(file);
        let name = self.function_name(function).to_owned();
        let (syntax, range, keyword) = match definition {
            Definition::Def(node) => (&*node.args, node.range, "def "),
            Definition::Lambda(node) => (&*node.args, node.range, "lambda"),
            Definition::Constant(..) | Definition::Module => return Err(Stop::Dead),
        };
        if let Some(kwarg) = &syntax.kwarg {
            let message = format!("the parameter `**{}` is not compiled yet", kwarg.arg);
            return Err(Diagnostic::new(ErrorKind::Unsupported, &Span::new(&file.source, kwarg.range), message).into());
        }
        let header = TextRange::new(range.start(), range.start() + TextSize::of(keyword));
        self.entry = Some(function);
        let mut frame = Frame::new(self, function, file, header);
        let mut values = Vec::new();
        let mut parameters = Vec::new();
        let parameter_names = names::parameter_names(syntax);
        let rest = syntax.vararg.as_ref().map(|rest| rest.arg.as_str());
        for (index, parameter) in parameter_names.iter().enumerate() {
            if rest == Some(parameter) {
                // `*args` comes last: what is left is its.
                let types = arguments.iter().skip(index).flatten();
                let elements: Result<Vec<_>, _> = types.clone().map(|ty| frame.argument(parameter, ty)).collect();
                parameters.extend(types.cloned());
                values.push((*parameter, Value::tuple(elements?)));
                continue;
            }
            let value = match arguments.get(index).and_then(Option::as_ref) {
                Some(ty) => frame.argument(parameter, ty)?,
                None => frame.default_of(function, parameter)?,
            };
            if arguments.get(index).and_then(Option::as_ref).is_none() && !value.parts().is_empty() {
                let message = format!("the default of `{parameter}` is an array, which a call has to hand over");
                return Err(frame.typing(message));
            }
            parameters.push(arguments.get(index).cloned().flatten().unwrap_or(Type::None));
            values.push((*parameter, value));
        }
        let instance = self.instance(function, values, header, file)?;
        let Some(entry) = self.finished.iter().position(|function| function.symbol == instance.symbol) else {
            return Err(Diagnostic::without_source(ErrorKind::Typing, format!("`{name}` could not be typed")).into());
        };
        self.finished.swap(0, entry);
        let mut functions = std::mem::take(&mut self.finished);
        functions[0].is_entry = true;
        functions[0].c_result = self.c_result_name();
        let result = instance.result.unwrap_or(Value::None);
        if let Some(part) = static_part(&result) {
            let span = Span::new(&file.source, header);
            let message = format!("`{name}` returns {}, which only exists while compiling", self.describe(part));
            return Err(Diagnostic::new(ErrorKind::Argument, &span, message).into());
        }
        let result = result.ty();
        if has_generator(&result) {
            let span = Span::new(&file.source, header);
            let message =
                format!("`{name}` returns a Generator, which lives in compiled code alone: return what it draws");
            return Err(Diagnostic::new(ErrorKind::Unsupported, &span, message).into());
        }
        if let Err(name) = applied::mark(&mut functions) {
            let message = format!("{name}() is applied element by element, but does more than compute");
            return Err(Diagnostic::new(ErrorKind::Unsupported, &Span::new(&file.source, header), message).into());
        }
        if let Some(diagnostic) = registry::cuda::outside_of_kernels(&functions) {
            return Err(diagnostic.into());
        }
        if let Some(generator) = captured::shared_generator(&functions) {
            let span = Span::new(&file.source, header);
            let message =
                format!("the iterations of a prange loop would all draw from the Generator `{generator}` at once");
            let diagnostic = Diagnostic::new(ErrorKind::Unsupported, &span, message);
            return Err(diagnostic.help(GENERATOR_OF_ITERATION).into());
        }
        let captured = captured::hand_down(&mut functions);
        if functions[0].c_result.is_some() && !captured.is_empty() {
            let span = Span::new(&file.source, header);
            let message = format!(
                "`{name}` uses an array with gaps by its name, which C cannot hand over: make it one without, by `np.ascontiguousarray`"
            );
            return Err(Diagnostic::new(ErrorKind::Unsupported, &span, message).into());
        }
        let signature = Signature { symbol: instance.symbol, parameters, result, captured };
        let bindings = std::mem::take(&mut self.bindings).into_iter();
        let bindings = bindings.map(|((line, name), ty)| (line, name.to_owned(), ty)).collect();
        let hosts = std::mem::take(&mut self.hosts);
        Ok(TypedModule { signature, functions, hosts, bindings, interruptible: self.options.interruptible })
    }
}

/// Whether a type is that of a generator of random numbers, or of something with one.
fn has_generator(ty: &Type) -> bool {
    match ty {
        Type::Generator => true,
        Type::Tuple(items) => items.iter().any(has_generator),
        Type::Optional(inner) => has_generator(inner),
        _ => false,
    }
}

/// What of a value exists only while compiling.
fn static_part(value: &Value) -> Option<&Value> {
    match value {
        Value::Tuple(elements) => elements.iter().find_map(static_part),
        Value::Formatted(parts) => parts.iter().find(|part| !matches!(part, Value::Text(_) | Value::Scalar(..))),
        Value::Optional(_, inner) | Value::Member(_, inner) => static_part(inner),
        other => matches!(other.ty(), Type::Static(_)).then_some(other),
    }
}

impl Frame<'_, '_> {
    /// An argument of the entry: known now, or a template of what a call hands over.
    fn argument(&mut self, parameter: &str, ty: &Type) -> Evaluated {
        match ty {
            Type::Object(number) => {
                let object = self.specializer.live.as_ref().and_then(|live| live.environment.argument(*number));
                match object {
                    Some(object) => self.live_value(&object, parameter),
                    None => Err(self.error(ErrorKind::Argument, format!("there is no object for `{parameter}`"))),
                }
            }
            Type::Tuple(types) => {
                let elements: Result<Vec<_>, _> = types.iter().map(|ty| self.argument(parameter, ty)).collect();
                Ok(Value::Tuple(Elements::new(types.class.clone(), elements?)))
            }
            other => Value::template_of(other).ok_or_else(|| {
                self.error(ErrorKind::Argument, format!("`{parameter}` cannot be given from outside as {other}"))
            }),
        }
    }
}
