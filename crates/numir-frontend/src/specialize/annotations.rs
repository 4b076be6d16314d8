//! Annotations: the types they name, and bringing an argument to an annotated type.
//!
//! `int64`, `float64`, `complex128` and `boolean` on a scalar mean Python's own numbers, as they do in Numba, whose boxed
//! values are Python's; `np.float64` and the like mean NumPy's. On arrays both name the dtype.

use super::Evaluated;
use super::frame::Frame;
use super::names::Effects;
use crate::diagnostic::{Diagnostic, ErrorKind};
use crate::program::File;
use crate::registry;
use crate::source::Span;
use crate::types::{ArrayType, Kind, Layout, Scalar, Type};
use crate::value::{ModuleId, Value};
use numir_interface::live::{Environment, Object, Settings};
use numir_runtime::DType;
use rustpython_parser::ast::{self, Constant, Expr, Ranged, Stmt};

/// Whether a decorator is njit or jit, called or not, by whatever path.
pub(crate) fn is_jit_decorator(decorator: &Expr) -> bool {
    match decorator {
        Expr::Name(name) => matches!(name.id.as_str(), "njit" | "jit"),
        Expr::Attribute(node) => matches!(node.attr.as_str(), "njit" | "jit"),
        Expr::Call(call) => is_jit_decorator(&call.func),
        _ => false,
    }
}

/// Whether a decorator is stencil, called or not, by whatever path.
pub(crate) fn is_stencil_decorator(decorator: &Expr) -> bool {
    match decorator {
        Expr::Name(name) => name.id.as_str() == "stencil",
        Expr::Attribute(node) => node.attr.as_str() == "stencil",
        Expr::Call(call) => is_stencil_decorator(&call.func),
        _ => false,
    }
}

/// What the names in a file's annotations are looked up in: the file, or what answers for a live program.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'a> {
    pub file: &'a File,
    pub environment: Option<&'a dyn Environment>,
}

/// The type that an annotation names; None where it names none that numir knows, which CPython would not mind either.
///
/// # Errors
/// Where it looks like a numir type and is not one.
pub(crate) fn annotation(scope: Scope<'_>, expression: &Expr) -> Result<Option<Type>, Box<Diagnostic>> {
    if let Expr::Constant(node) = expression
        && let Constant::Str(text) = &node.value
    {
        // A quoted annotation is looked at as if it were not quoted, and numir's types need no import in it.
        return match rustpython_parser::parse(text, rustpython_parser::Mode::Expression, "<annotation>") {
            Ok(ast::Mod::Expression(inner)) => Ok(named(scope, &inner.body).ok().flatten()),
            _ => Ok(None),
        };
    }
    match undefined_name(scope, expression) {
        Some(name) => {
            let span = Span::new(&scope.file.source, name.range);
            Err(Diagnostic::new(ErrorKind::Name, &span, format!("name '{}' is not defined", name.id)))
        }
        None => named(scope, expression),
    }
}

/// The type that an annotation names, whose names are all defined or are numir's.
fn named(scope: Scope<'_>, expression: &Expr) -> Result<Option<Type>, Box<Diagnostic>> {
    match expression {
        Expr::Constant(node) => Ok(node.value.is_none().then_some(Type::None)),
        Expr::Name(_) | Expr::Attribute(_) => Ok(scalar(scope, expression).map(|(scalar, _)| Type::Scalar(scalar))),
        Expr::Subscript(node) => subscripted(scope, node),
        Expr::Tuple(tuple) => elements(scope, &tuple.elts),
        Expr::BinOp(node) if matches!(node.op, ast::Operator::BitOr) => {
            let left = named(scope, &node.left)?;
            let right = named(scope, &node.right)?;
            Ok(match (left, right) {
                (Some(Type::None), Some(other)) | (Some(other), Some(Type::None)) => {
                    Some(Type::Optional(Box::new(other)))
                }
                _ => None,
            })
        }
        _ => Ok(None),
    }
}

fn elements(scope: Scope<'_>, parts: &[Expr]) -> Result<Option<Type>, Box<Diagnostic>> {
    let types: Result<Vec<_>, _> = parts.iter().map(|part| named(scope, part)).collect();
    Ok(types?.into_iter().collect::<Option<Vec<_>>>().map(|types| Type::Tuple(types.into())))
}

fn subscripted(scope: Scope<'_>, node: &ast::ExprSubscript) -> Result<Option<Type>, Box<Diagnostic>> {
    if let Expr::Name(name) = &*node.value
        && matches!(name.id.as_str(), "tuple" | "Tuple")
    {
        return match &*node.slice {
            Expr::Tuple(tuple) => elements(scope, &tuple.elts),
            one => elements(scope, std::slice::from_ref(one)),
        };
    }
    let Some((_, dtype)) = scalar(scope, &node.value) else { return Ok(None) };
    let axes: Vec<&Expr> = match &*node.slice {
        Expr::Tuple(tuple) => tuple.elts.iter().collect(),
        one => vec![one],
    };
    let wrong = |part: &Expr| {
        let span = Span::new(&scope.file.source, part.range());
        Diagnostic::new(ErrorKind::Typing, &span, "an array type is written with slices")
            .help("for example float64[:] (1-D), float64[:, :] (2-D, any layout), float64[:, ::1] (2-D, C-contiguous)")
    };
    let mut contiguous = Vec::new();
    for axis in &axes {
        let Expr::Slice(slice) = axis else { return Err(wrong(axis)) };
        if slice.lower.is_some() || slice.upper.is_some() {
            return Err(wrong(axis));
        }
        contiguous.push(match slice.step.as_deref() {
            None => false,
            Some(Expr::Constant(step)) if matches!(&step.value, Constant::Int(step) if step.to_string() == "1") => true,
            Some(step) => return Err(wrong(step)),
        });
    }
    let rank = axes.len();
    let last = rank - 1;
    let layout = match contiguous.iter().filter(|one| **one).count() {
        0 => Layout::Any,
        1 if contiguous[last] => Layout::C,
        1 if contiguous[0] => Layout::F,
        _ => return Err(wrong(&node.slice)),
    };
    Ok(Some(Type::Array(ArrayType::new(dtype, rank, layout))))
}

/// Types that annotations name and numir gives no meaning to.
const OTHER_TYPES: &[&str] =
    &["bytes", "callable", "dict", "frozenset", "list", "object", "range", "set", "slice", "str", "tuple", "type"];

/// A name in an annotation that CPython would not find.
fn undefined_name<'a>(scope: Scope<'_>, expression: &'a Expr) -> Option<&'a ast::ExprName> {
    match expression {
        Expr::Name(name) => (!is_defined(scope, name.id.as_str())).then_some(name),
        Expr::Attribute(node) => undefined_name(scope, &node.value),
        Expr::Subscript(node) => undefined_name(scope, &node.value).or_else(|| undefined_name(scope, &node.slice)),
        Expr::Tuple(tuple) => tuple.elts.iter().find_map(|part| undefined_name(scope, part)),
        Expr::BinOp(node) => undefined_name(scope, &node.left).or_else(|| undefined_name(scope, &node.right)),
        _ => None,
    }
}

/// Whether a name is bound at the top of a file, or a built-in.
fn is_defined(scope: Scope<'_>, name: &str) -> bool {
    // CPython has looked at a live function's annotations itself.
    scope.file.live.is_some()
        || OTHER_TYPES.contains(&name)
        || registry::scalar_type("builtins", name).is_some()
        || scope
            .file
            .body
            .binding(&scope.file.source, name)
            .is_ok_and(|found| found.into_iter().any(|statements| Effects::of(statements).names.contains(name)))
}

/// The scalar type that a name stands for: as a scalar's annotation and as an array's dtype.
fn scalar(scope: Scope<'_>, expression: &Expr) -> Option<(Scalar, DType)> {
    let (module, name) = match expression {
        Expr::Name(name) => origin(scope, name.id.as_str())?,
        Expr::Attribute(node) => {
            let Expr::Name(module) = &*node.value else { return None };
            (origin(scope, module.id.as_str())?.0, node.attr.to_string())
        }
        _ => return None,
    };
    let scalar = registry::scalar_type(&module, &name)?;
    let dtype = scalar.dtype();
    let on_scalar = match (module.as_str(), dtype) {
        ("numir", DType::Int64) => Scalar::Int,
        ("numir", DType::Float64) => Scalar::Float,
        ("numir", DType::Complex128) => Scalar::Complex,
        ("numir", DType::Bool) => Scalar::Bool,
        _ => scalar,
    };
    Some((on_scalar, dtype))
}

/// The registry's module a name at the top of a file comes from, and its name there; what nothing binds is a built-in or
/// one of numir's types.
fn origin(scope: Scope<'_>, name: &str) -> Option<(String, String)> {
    if let (Some(live), Some(environment)) = (&scope.file.live, scope.environment) {
        let known = |module: &str| match registry::module(module) {
            Some(ModuleId::Known(known)) => Some(known.to_owned()),
            _ => (module == "builtins").then(|| module.to_owned()),
        };
        return match environment.name(live.number, name) {
            Some(Object::Known(module, member)) => Some((known(&module)?, member)),
            Some(Object::Module(module, _)) => Some((known(&module)?, String::new())),
            Some(_) => None,
            None => Some(("numir".to_owned(), name.to_owned())),
        };
    }
    for statement in scope.file.body.binding(&scope.file.source, name).into_iter().flatten().flatten() {
        match statement {
            Stmt::Import(node) => {
                for alias in &node.names {
                    let bound = alias.asname.as_ref().unwrap_or(&alias.name);
                    if bound.as_str() == name
                        && let Some(ModuleId::Known(module)) = registry::module(alias.name.as_str())
                    {
                        return Some((module.to_owned(), String::new()));
                    }
                }
            }
            Stmt::ImportFrom(node) => {
                let module = node.module.as_ref().map_or("", ast::Identifier::as_str);
                for alias in &node.names {
                    let bound = alias.asname.as_ref().unwrap_or(&alias.name);
                    if bound.as_str() == name
                        && let Some(ModuleId::Known(module)) = registry::module(module)
                    {
                        return Some((module.to_owned(), alias.name.to_string()));
                    }
                }
            }
            Stmt::Assign(node) => {
                if let [Expr::Name(target)] = node.targets.as_slice()
                    && target.id.as_str() == name
                    && let Expr::Attribute(value) = &*node.value
                    && let Expr::Name(module) = &*value.value
                    && module.id.as_str() != name
                {
                    return Some((origin(scope, module.id.as_str())?.0, value.attr.to_string()));
                }
            }
            _ => {}
        }
    }
    let module = if is_defined(scope, name) { "builtins" } else { "numir" };
    Some((module.to_owned(), name.to_owned()))
}

impl Frame<'_, '_> {
    /// What the decorator of a live function says; None inside of functions that are defined in it.
    pub fn settings(&self) -> Option<&Settings> {
        let is_outermost = self.specializer.functions[self.function.0 as usize].enclosing.is_none();
        self.file.live.as_ref().map(|live| &live.settings).filter(|_| is_outermost)
    }

    /// A value brought to the type that the decorator declares for the variable: as an assignment in C does, so numbers may lose.
    pub fn declared(&mut self, name: &str, value: Value) -> Evaluated {
        let locals = self.settings().map_or(&[][..], |settings| &settings.locals);
        let Some(ty) = locals.iter().find(|(local, _)| local == name).map(|(_, ty)| ty.clone()) else {
            return Ok(value);
        };
        match (&value, &ty) {
            (Value::Number(from, _) | Value::Scalar(from, _), Type::Scalar(to))
                if from.kind() < Kind::Complex || to.kind() == Kind::Complex =>
            {
                registry::cast(self, &value, *to)
            }
            _ => match self.fitted(&value, &ty)? {
                Some(fitted) => Ok(fitted),
                None => {
                    let seen = self.describe(&value);
                    Err(self.typing(format!("`locals` declares `{name}` as {ty}, the value is {seen}")))
                }
            },
        }
    }

    /// A value brought to an annotated type: numbers are converted as far as nothing is lost in kind.
    pub fn as_annotated(&mut self, value: Value, ty: &Type) -> Evaluated {
        match self.fitted(&value, ty)? {
            Some(fitted) => Ok(fitted),
            None => {
                let seen = self.describe(&value);
                Err(self.typing(format!("the annotation wants {ty}, the value is {seen}")))
            }
        }
    }

    /// The same; None where the value does not fit the type.
    pub fn fitted(&mut self, value: &Value, ty: &Type) -> Evaluated<Option<Value>> {
        Ok(match (value, ty) {
            (Value::Number(from, _) | Value::Scalar(from, _), Type::Scalar(to)) if from.kind() <= to.kind() => {
                Some(registry::cast(self, value, *to)?)
            }
            (Value::Array(from, id), Type::Array(to)) if from.dtype == to.dtype && from.rank == to.rank => {
                if from.layout == to.layout {
                    Some(value.clone())
                } else if to.layout == Layout::Any {
                    Some(Value::Array(ArrayType { writable: from.writable, ..*to }, self.relax_layout(*id, *from)))
                } else {
                    None
                }
            }
            (Value::Tuple(elements), Type::Tuple(types))
                if elements.len() == types.len() && elements.class == types.class =>
            {
                let mut fitted = Vec::with_capacity(elements.len());
                for (element, ty) in elements.iter().zip(types) {
                    match self.fitted(element, ty)? {
                        Some(element) => fitted.push(element),
                        None => return Ok(None),
                    }
                }
                Some(Value::Tuple(elements.with(fitted)))
            }
            (Value::None, Type::None | Type::Optional(_)) => Some(value.clone()),
            (_, Type::Optional(inner)) => self.fitted(value, inner)?,
            _ => None,
        })
    }
}
