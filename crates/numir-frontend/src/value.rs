//! What an expression evaluates to while a function is compiled: constants, SSA values, and things made of them.
//!
//! Aggregates are kept as trees of their parts, so that a tuple costs nothing and keeps what is known of its elements.
//! A value's *parts* are its SSA values from left to right; a *template* is a value whose parts are placeholders.

use crate::function_ir::{IrType, ValueId};
use crate::registry::Meaning;
use crate::stencil::{Stencil, Window};
use crate::types::{ArrayType, Class, Kind, Layout, RecordLayout, Scalar, Type};
use numir_interface::live::Foreign;
use numir_runtime::DType;
use std::rc::Rc;
use std::sync::Arc;

mod elements;
mod number;
#[cfg(test)]
mod tests;

pub use elements::Elements;
pub use number::{Number, fits};

use number::join_number;

/// A function of the program, by its place in the table of functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FunctionId(pub u32);

/// A module: of the program's files or library, or one whose names stand in the registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ModuleId {
    /// A parsed file, by number.
    File(u32),
    /// A module of the registry, such as `math`.
    Known(&'static str),
    /// An object of a live program that is looked into by name, by number.
    Live(u32),
}

/// What a loop goes over, other than a single array, range or tuple.
#[derive(Clone, Debug)]
pub enum Iteration {
    /// enumerate(iterable, start)
    Enumerate(Value, Value),
    /// zip(iterables…)
    Zip(Vec<Value>),
    /// reversed(sequence)
    Reversed(Value),
    /// a.flat: the items of an array, the last index fastest; or np.ndenumerate(a), where each comes with its indices.
    Items(Value, bool),
    /// np.ndindex(*extents), a tuple: the indices of such an array.
    Indices(Value),
}

impl Iteration {
    /// What it goes over, by the types that `ty` gives.
    fn described(&self, ty: &dyn Fn(&Value) -> Type) -> String {
        match self {
            Self::Enumerate(inner, start) => {
                format!("enumerate of {}, from {}", ty(inner).spelling(), ty(start).spelling())
            }
            Self::Zip(inner) => format!("zip of {}", listed(inner.iter(), ty)),
            Self::Reversed(inner) => format!("reversed {}", ty(inner).spelling()),
            Self::Items(inner, false) => format!("items of {}", ty(inner).spelling()),
            Self::Items(inner, true) => format!("indices and items of {}", ty(inner).spelling()),
            Self::Indices(extents) => format!("indices of {}", ty(extents).spelling()),
        }
    }
}

/// The types of some values, with commas.
fn listed<'v>(values: impl Iterator<Item = &'v Value>, ty: &dyn Fn(&Value) -> Type) -> String {
    values.map(|value| ty(value).spelling()).collect::<Vec<_>>().join(", ")
}

/// A context manager, made of functions of the library.
#[derive(Clone, Debug)]
pub struct Manager {
    /// What users call it.
    pub name: &'static str,
    /// The module of the library.
    pub module: &'static str,
    /// The function that is called with the arguments where the block begins; what it gives is the name's behind `as`.
    pub enter: &'static str,
    /// The function that is called where the block is left, but for exceptions.
    pub leave: &'static str,
    /// Its arguments.
    pub arguments: Vec<Value>,
}

/// The value of an expression while compiling.
#[derive(Clone, Debug)]
pub enum Value {
    /// None.
    None,
    /// A number known now.
    Number(Scalar, Number),
    /// A number known when the function runs.
    Scalar(Scalar, ValueId),
    /// A constant string.
    Text(Rc<str>),
    /// An f-string with parts known only at run time: texts and numbers, one after the other.
    Formatted(Rc<[Value]>),
    /// A tuple.
    Tuple(Elements),
    /// A member of an enumeration, by its value.
    Member(Arc<Class>, Rc<Value>),
    /// An array.
    Array(ArrayType, ValueId),
    /// A record or an array of records: its bytes, the last axis those of one record.
    Records(Arc<RecordLayout>, ArrayType, ValueId),
    /// The dtype of records.
    RecordType(Arc<RecordLayout>),
    /// A generator of random numbers, by the words of its bit generator, an array of [`GENERATOR`].
    Generator(ValueId),
    /// An address of C: of numbers of that type, or of anything.
    Pointer(Option<DType>, ValueId),
    /// `a.ctypes`, by the array.
    Ctypes(ArrayType, ValueId),
    /// A C function.
    Foreign(Rc<Foreign>),
    /// None unless the flag (a bool) is set.
    Optional(ValueId, Rc<Value>),
    /// range(start, stop, step): three ints.
    Range(Rc<[Value; 3]>),
    /// A slice: each part an int or None.
    Slice(Rc<[Value; 3]>),
    /// `...`
    Ellipsis,
    /// A function of the program.
    Function(FunctionId),
    /// A function of a live program whose implementation its arguments' types choose, by number; for a method, with its receiver.
    Overloaded(u32, Option<Rc<Value>>),
    /// A function, type or constant-like name whose meaning stands in the registry.
    Meaning(&'static Meaning),
    /// A method bound to its receiver.
    Bound(Rc<Value>, &'static Meaning),
    /// A method that the library has, bound to its receiver.
    Method(Rc<Value>, FunctionId),
    /// A module.
    Module(ModuleId),
    /// A scalar type used as a value: `np.float32`, `int`.
    ScalarType(Scalar),
    /// A dtype: `a.dtype`, `np.dtype(np.float32)`.
    DType(DType),
    /// A class of named tuples, and the defaults of its last fields.
    TupleClass(Arc<Class>, Rc<[Value]>),
    /// A class of exceptions.
    ExceptionClass(Rc<str>),
    /// An exception made but not raised: its class and arguments.
    Exception(Rc<str>, Rc<[Value]>),
    /// What `with` enters.
    Manager(Rc<Manager>),
    /// Something to loop over.
    Iteration(Rc<Iteration>),
    /// A stencil.
    Stencil(Rc<Stencil>),
    /// An array as a stencil's kernel sees it.
    Window(Rc<Window>),
}

/// The words of a bit generator: the five of NumPy's `bitgen_t`, and perhaps its state.
pub const GENERATOR: ArrayType = ArrayType::new(DType::UInt64, 1, Layout::C);

/// The part of a template.
pub const PLACEHOLDER: ValueId = ValueId(u32::MAX);

impl Value {
    /// A Python int known now.
    pub fn int(value: i128) -> Self {
        Self::Number(Scalar::Int, Number::Integer(value))
    }

    /// A Python bool known now.
    pub fn bool(value: bool) -> Self {
        Self::Number(Scalar::Bool, Number::Bool(value))
    }

    /// A Python float known now.
    pub fn float(value: f64) -> Self {
        Self::Number(Scalar::Float, Number::Float(value))
    }

    /// A tuple.
    pub fn tuple(elements: Vec<Self>) -> Self {
        Self::Tuple(elements.into())
    }

    /// The scalar type, where it is a number.
    pub fn scalar(&self) -> Option<Scalar> {
        match self {
            Self::Number(scalar, _) | Self::Scalar(scalar, _) => Some(*scalar),
            _ => None,
        }
    }

    /// The number, where it is one known now.
    pub fn number(&self) -> Option<Number> {
        match self {
            Self::Number(_, number) => Some(*number),
            _ => None,
        }
    }

    /// The integer, where it is one known now.
    pub fn known_integer(&self) -> Option<i128> {
        self.number()?.as_integer()
    }

    /// Its type, for keys, signatures and messages.
    pub fn ty(&self) -> Type {
        match self {
            Self::None => Type::None,
            Self::Number(scalar, _) | Self::Scalar(scalar, _) => Type::Scalar(*scalar),
            Self::Text(text) => Type::Text(text.to_string()),
            Self::Tuple(elements) => elements.ty(Self::ty),
            Self::Member(class, value) => Type::Member(class.clone(), Box::new(value.ty())),
            Self::Array(array, _) => Type::Array(*array),
            Self::Records(layout, ty, _) => Type::Records(layout.clone(), ty.rank - 1, ty.writable),
            Self::RecordType(layout) => Type::Static(format!("the dtype of {}", layout.described())),
            Self::Generator(_) => Type::Generator,
            Self::Pointer(to, _) => Type::Pointer(*to),
            Self::Ctypes(array, _) => Type::Static(format!("the ctypes of {array}")),
            Self::Foreign(function) => Type::Static(format!("C function {} at {:#x}", function.name, function.address)),
            Self::Optional(_, inner) => Type::Optional(Box::new(inner.ty())),
            Self::Range(_) => Type::Range,
            Self::Slice(parts) => Type::Slice(Box::new([0, 1, 2].map(|part| parts[part].ty()))),
            Self::Formatted(parts) => Type::Formatted(parts.iter().map(Self::ty).collect()),
            Self::Ellipsis => Type::Ellipsis,
            Self::DType(dtype) => Type::DType(*dtype),
            Self::Function(function) => Type::Static(format!("function #{}", function.0)),
            Self::Overloaded(number, None) => Type::Static(format!("overloaded function #{number}")),
            Self::Overloaded(number, Some(receiver)) => {
                Type::Static(format!("overloaded method #{number} of {}", receiver.ty()))
            }
            Self::Meaning(meaning) => Type::Static(format!("function {}", meaning.name)),
            Self::Bound(receiver, meaning) => Type::Static(format!("method {} of {}", meaning.name, receiver.ty())),
            Self::Method(receiver, function) => Type::Static(format!("method #{} of {}", function.0, receiver.ty())),
            Self::Module(ModuleId::Known(name)) => Type::Static(format!("module {name}")),
            Self::Module(ModuleId::File(number)) => Type::Static(format!("module #{number}")),
            Self::Module(ModuleId::Live(number)) => Type::Static(format!("object #{number}")),
            Self::ScalarType(scalar) => Type::Static(format!("type {scalar}")),
            Self::TupleClass(class, _) => Type::Static(format!("class {}", class.name)),
            Self::ExceptionClass(name) | Self::Exception(name, _) => {
                Type::Static(name.split('#').next().unwrap_or_default().into())
            }
            Self::Iteration(iteration) => Type::Static(iteration.described(&Self::ty)),
            Self::Manager(manager) => Type::Static(format!("context manager {}", manager.name)),
            Self::Stencil(stencil) => Type::Static(format!("{stencil:?}")),
            Self::Window(window) => {
                Type::Static(format!("window of {} {:?} {:?}", window.ty, window.border, window.neighborhood))
            }
        }
    }

    /// Its type as the key of an instance: a number known now is part of it.
    pub fn key(&self) -> Type {
        match self {
            Self::Number(scalar, number) => Type::Static(format!("{scalar} {number:?}")),
            Self::Tuple(elements) => elements.ty(Self::key),
            Self::RecordType(layout) => Type::Static(format!("the dtype of {}", layout.spelling())),
            Self::Formatted(parts) => Type::Formatted(parts.iter().map(Self::key).collect()),
            Self::Member(class, value) => Type::Member(class.clone(), Box::new(value.key())),
            Self::Range(bounds) => Type::Tuple(bounds.iter().map(Self::key).collect()),
            Self::Slice(parts) => Type::Slice(Box::new([0, 1, 2].map(|part| parts[part].key()))),
            Self::Iteration(iteration) => Type::Static(iteration.described(&Self::key)),
            Self::Exception(name, arguments) => {
                Type::Static(format!("{name}({})", listed(arguments.iter(), &Self::key)))
            }
            Self::Manager(manager) => {
                Type::Static(format!("{}({})", manager.name, listed(manager.arguments.iter(), &Self::key)))
            }
            Self::Bound(receiver, meaning) => {
                Type::Static(format!("method {} of {}", meaning.name, receiver.key().spelling()))
            }
            Self::Method(receiver, function) => {
                Type::Static(format!("method #{} of {}", function.0, receiver.key().spelling()))
            }
            Self::Overloaded(number, Some(receiver)) => {
                Type::Static(format!("overloaded method #{number} of {}", receiver.key().spelling()))
            }
            other => other.ty(),
        }
    }

    /// A template of a value that comes from outside with this type; None for types that exist only while compiling.
    pub fn template_of(ty: &Type) -> Option<Self> {
        Some(match ty {
            Type::None => Self::None,
            Type::Scalar(scalar) => Self::Scalar(*scalar, PLACEHOLDER),
            Type::Text(text) => Self::Text(text.as_str().into()),
            Type::Tuple(types) => {
                let elements = types.iter().map(Self::template_of).collect::<Option<Vec<_>>>()?;
                Self::Tuple(Elements::new(types.class.clone(), elements))
            }
            Type::Formatted(parts) => Self::Formatted(parts.iter().map(Self::template_of).collect::<Option<_>>()?),
            Type::Member(class, value) => Self::Member(class.clone(), Rc::new(Self::template_of(value)?)),
            Type::Array(array) => Self::Array(*array, PLACEHOLDER),
            Type::Records(layout, rank, writable) => {
                let ty = ArrayType::new(DType::UInt8, rank + 1, Layout::Any);
                Self::Records(layout.clone(), ArrayType { writable: *writable, ..ty }, PLACEHOLDER)
            }
            Type::Generator => Self::Generator(PLACEHOLDER),
            Type::Pointer(to) => Self::Pointer(*to, PLACEHOLDER),
            Type::Optional(inner) => Self::Optional(PLACEHOLDER, Rc::new(Self::template_of(inner)?)),
            Type::Range => {
                let int = || Self::Scalar(Scalar::Int, PLACEHOLDER);
                Self::Range(Rc::new([int(), int(), int()]))
            }
            Type::Slice(parts) => {
                let [start, stop, step] = &**parts;
                let parts = [Self::template_of(start)?, Self::template_of(stop)?, Self::template_of(step)?];
                Self::Slice(Rc::new(parts))
            }
            Type::Ellipsis => Self::Ellipsis,
            Type::DType(dtype) => Self::DType(*dtype),
            Type::Static(_) | Type::Object(_) => return None,
        })
    }

    /// Calls `visit` on every part with its type, left to right.
    pub fn visit_parts(&self, visit: &mut impl FnMut(ValueId, IrType)) {
        match self {
            Self::Scalar(scalar, id) => visit(*id, IrType::Scalar(*scalar)),
            Self::Array(array, id) | Self::Ctypes(array, id) | Self::Records(_, array, id) => {
                visit(*id, IrType::Array(*array))
            }
            Self::Generator(id) => visit(*id, IrType::Array(GENERATOR)),
            Self::Pointer(_, id) => visit(*id, IrType::ADDRESS),
            Self::Optional(flag, inner) => {
                visit(*flag, IrType::BOOL);
                inner.visit_parts(visit);
            }
            Self::Tuple(elements) => elements.iter().for_each(|element| element.visit_parts(visit)),
            Self::Member(_, value) => value.visit_parts(visit),
            Self::Formatted(parts) => parts.iter().for_each(|part| part.visit_parts(visit)),
            Self::Range(bounds) | Self::Slice(bounds) => bounds.iter().for_each(|bound| bound.visit_parts(visit)),
            Self::Bound(receiver, _) | Self::Method(receiver, _) | Self::Overloaded(_, Some(receiver)) => {
                receiver.visit_parts(visit);
            }
            Self::Manager(manager) => manager.arguments.iter().for_each(|argument| argument.visit_parts(visit)),
            Self::Exception(_, arguments) => arguments.iter().for_each(|argument| argument.visit_parts(visit)),
            Self::Iteration(iteration) => match &**iteration {
                Iteration::Enumerate(inner, start) => {
                    inner.visit_parts(visit);
                    start.visit_parts(visit);
                }
                Iteration::Zip(inner) => inner.iter().for_each(|inner| inner.visit_parts(visit)),
                Iteration::Reversed(inner) | Iteration::Items(inner, _) | Iteration::Indices(inner) => {
                    inner.visit_parts(visit);
                }
            },
            Self::Window(window) => {
                visit(window.array, IrType::Array(window.ty));
                window.position.iter().for_each(|position| visit(*position, IrType::INDEX));
            }
            _ => {}
        }
    }

    /// Whether a generator of random numbers is among its parts whose words the test wants.
    pub fn any_generator(&self, test: &impl Fn(ValueId) -> bool) -> bool {
        match self {
            Self::Generator(words) => test(*words),
            Self::Tuple(elements) => elements.iter().any(|element| element.any_generator(test)),
            Self::Optional(_, inner) | Self::Bound(inner, _) | Self::Method(inner, _) => inner.any_generator(test),
            _ => false,
        }
    }

    /// Its parts and their types.
    pub fn parts(&self) -> Vec<(ValueId, IrType)> {
        let mut parts = Vec::new();
        self.visit_parts(&mut |id, ty| parts.push((id, ty)));
        parts
    }

    /// The same value over other parts, asked for left to right.
    pub fn with_parts(&self, next: &mut impl FnMut(IrType) -> ValueId) -> Self {
        fn bounds(bounds: &[Value; 3], next: &mut impl FnMut(IrType) -> ValueId) -> Rc<[Value; 3]> {
            Rc::new([bounds[0].with_parts(next), bounds[1].with_parts(next), bounds[2].with_parts(next)])
        }
        match self {
            Self::Scalar(scalar, _) => Self::Scalar(*scalar, next(IrType::Scalar(*scalar))),
            Self::Records(layout, array, _) => Self::Records(layout.clone(), *array, next(IrType::Array(*array))),
            Self::Array(array, _) => Self::Array(*array, next(IrType::Array(*array))),
            Self::Ctypes(array, _) => Self::Ctypes(*array, next(IrType::Array(*array))),
            Self::Generator(_) => Self::Generator(next(IrType::Array(GENERATOR))),
            Self::Pointer(to, _) => Self::Pointer(*to, next(IrType::ADDRESS)),
            Self::Optional(_, inner) => {
                let flag = next(IrType::BOOL);
                Self::Optional(flag, Rc::new(inner.with_parts(next)))
            }
            Self::Tuple(elements) => {
                Self::Tuple(elements.with(elements.iter().map(|element| element.with_parts(next))))
            }
            Self::Member(class, value) => Self::Member(class.clone(), Rc::new(value.with_parts(next))),
            Self::Formatted(parts) => Self::Formatted(parts.iter().map(|part| part.with_parts(next)).collect()),
            Self::Range(parts) => Self::Range(bounds(parts, next)),
            Self::Slice(parts) => Self::Slice(bounds(parts, next)),
            Self::Bound(receiver, meaning) => Self::Bound(Rc::new(receiver.with_parts(next)), meaning),
            Self::Method(receiver, function) => Self::Method(Rc::new(receiver.with_parts(next)), *function),
            Self::Overloaded(number, Some(receiver)) => {
                Self::Overloaded(*number, Some(Rc::new(receiver.with_parts(next))))
            }
            Self::Exception(name, arguments) => {
                Self::Exception(name.clone(), arguments.iter().map(|argument| argument.with_parts(next)).collect())
            }
            Self::Manager(manager) => {
                let arguments = manager.arguments.iter().map(|argument| argument.with_parts(next)).collect();
                Self::Manager(Rc::new(Manager { arguments, ..(**manager).clone() }))
            }
            Self::Iteration(iteration) => Self::Iteration(Rc::new(match &**iteration {
                Iteration::Enumerate(inner, start) => {
                    Iteration::Enumerate(inner.with_parts(next), start.with_parts(next))
                }
                Iteration::Zip(inner) => Iteration::Zip(inner.iter().map(|inner| inner.with_parts(next)).collect()),
                Iteration::Reversed(inner) => Iteration::Reversed(inner.with_parts(next)),
                Iteration::Items(inner, indexed) => Iteration::Items(inner.with_parts(next), *indexed),
                Iteration::Indices(inner) => Iteration::Indices(inner.with_parts(next)),
            })),
            Self::Window(window) => {
                let array = next(IrType::Array(window.ty));
                let position = window.position.iter().map(|_| next(IrType::INDEX)).collect();
                Self::Window(Rc::new(Window { array, position, ..(**window).clone() }))
            }
            other => other.clone(),
        }
    }

    /// The same value as a template, with numbers known now made unknown: what may change from one iteration to the next.
    pub fn generalized(&self) -> Self {
        match self {
            Self::Number(scalar, _) => Self::Scalar(*scalar, PLACEHOLDER),
            Self::Tuple(elements) => Self::Tuple(elements.with(elements.iter().map(Self::generalized))),
            Self::Formatted(parts) => Self::Formatted(parts.iter().map(Self::generalized).collect()),
            Self::Member(class, value) => Self::Member(class.clone(), Rc::new(value.generalized())),
            Self::Range(bounds) => Self::Range(Rc::new([0, 1, 2].map(|index| bounds[index].generalized()))),
            Self::Slice(parts) => Self::Slice(Rc::new([0, 1, 2].map(|index| parts[index].generalized()))),
            other => other.with_parts(&mut |_| PLACEHOLDER),
        }
    }

    /// The template that holds both values, or None where they do not go together.
    pub fn join(&self, other: &Self) -> Option<Self> {
        if let (Some(left), Some(right)) = (self.scalar(), other.scalar())
            && left.kind().max(right.kind()) == Kind::Time
            && !left.widens_to(right)
            && !right.widens_to(left)
        {
            return None;
        }
        Some(match (self, other) {
            (Self::Number(left, a), Self::Number(right, b)) if left == right && a.is_same(*b) => self.clone(),
            (Self::Number(scalar, number), Self::Scalar(strong, _))
            | (Self::Scalar(strong, _), Self::Number(scalar, number)) => {
                Self::Scalar(join_number(*scalar, *number, *strong), PLACEHOLDER)
            }
            (Self::Number(left, _) | Self::Scalar(left, _), Self::Number(right, _) | Self::Scalar(right, _)) => {
                Self::Scalar(left.join(*right), PLACEHOLDER)
            }
            (Self::Array(left, _), Self::Array(right, _)) if left.dtype == right.dtype && left.rank == right.rank => {
                let layout = if left.layout == right.layout { left.layout } else { Layout::Any };
                Self::Array(ArrayType { layout, writable: left.writable && right.writable, ..*left }, PLACEHOLDER)
            }
            (Self::Tuple(left), Self::Tuple(right)) if left.goes_with(right) => {
                let elements: Option<Vec<_>> =
                    left.iter().zip(right.iter()).map(|(left, right)| left.join(right)).collect();
                Self::Tuple(left.with(elements?))
            }
            (Self::Formatted(left), Self::Formatted(right)) if left.len() == right.len() => {
                let parts = left.iter().zip(right.iter()).map(|(left, right)| left.join(right));
                Self::Formatted(parts.collect::<Option<_>>()?)
            }
            (Self::Records(layout, left, _), Self::Records(other, right, _))
                if layout == other && left.rank == right.rank =>
            {
                let ty = ArrayType { writable: left.writable && right.writable, ..*left };
                Self::Records(layout.clone(), ty, PLACEHOLDER)
            }
            (Self::Generator(_), Self::Generator(_)) => Self::Generator(PLACEHOLDER),
            (Self::Pointer(left, _), Self::Pointer(right, _)) => {
                Self::Pointer(if left == right { *left } else { None }, PLACEHOLDER)
            }
            (Self::Ctypes(left, _), Self::Ctypes(right, _)) if left == right => Self::Ctypes(*left, PLACEHOLDER),
            (Self::Member(class, left), Self::Member(other, right)) if class == other => {
                Self::Member(class.clone(), Rc::new(left.join(right)?))
            }
            (Self::Range(left), Self::Range(right)) | (Self::Slice(left), Self::Slice(right)) => {
                let parts = [left[0].join(&right[0])?, left[1].join(&right[1])?, left[2].join(&right[2])?];
                if matches!(self, Self::Range(_)) { Self::Range(Rc::new(parts)) } else { Self::Slice(Rc::new(parts)) }
            }
            (Self::None, Self::None) => Self::None,
            (Self::Optional(_, left), Self::Optional(_, right)) => {
                Self::Optional(PLACEHOLDER, Rc::new(left.join(right)?))
            }
            (Self::Optional(_, inner), Self::None) | (Self::None, Self::Optional(_, inner)) => {
                Self::Optional(PLACEHOLDER, Rc::new(inner.with_parts(&mut |_| PLACEHOLDER)))
            }
            (Self::Optional(_, inner), one) | (one, Self::Optional(_, inner)) => {
                Self::Optional(PLACEHOLDER, Rc::new(inner.join(one)?))
            }
            (Self::None, one) | (one, Self::None) if one.may_be_optional() => {
                Self::Optional(PLACEHOLDER, Rc::new(one.generalized()))
            }
            (left, right) => {
                let same = match (left, right) {
                    (Self::Text(left), Self::Text(right)) => left == right,
                    (Self::Function(left), Self::Function(right)) => left == right,
                    (Self::Meaning(left), Self::Meaning(right)) => std::ptr::eq(*left, *right),
                    (Self::Module(left), Self::Module(right)) => left == right,
                    (Self::ScalarType(left), Self::ScalarType(right)) => left == right,
                    (Self::DType(left), Self::DType(right)) => left == right,
                    (Self::RecordType(left), Self::RecordType(right)) => left == right,
                    (Self::ExceptionClass(left), Self::ExceptionClass(right)) => left == right,
                    (Self::TupleClass(left, _), Self::TupleClass(right, _)) => left == right,
                    (Self::Ellipsis, Self::Ellipsis) => true,
                    (Self::Foreign(left), Self::Foreign(right)) => left == right,
                    (Self::Stencil(left), Self::Stencil(right)) => Rc::ptr_eq(left, right),
                    _ => false,
                };
                if !same {
                    return None;
                }
                left.clone()
            }
        })
    }

    /// Whether the two have the same form: the same types, and where something is known now, the same.
    pub fn has_form_of(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Number(left, a), Self::Number(right, b)) => left == right && a.is_same(*b),
            (Self::Scalar(left, _), Self::Scalar(right, _)) => left == right,
            (Self::Array(left, _), Self::Array(right, _)) => left == right,
            (Self::Pointer(left, _), Self::Pointer(right, _)) => left == right,
            (Self::Records(layout, left, _), Self::Records(other, right, _)) => layout == other && left == right,
            (Self::Tuple(left), Self::Tuple(right)) => {
                left.goes_with(right) && left.iter().zip(right.iter()).all(|(left, right)| left.has_form_of(right))
            }
            (Self::Formatted(left), Self::Formatted(right)) => {
                left.len() == right.len() && left.iter().zip(right.iter()).all(|(left, right)| left.has_form_of(right))
            }
            (Self::Member(class, left), Self::Member(other, right)) => class == other && left.has_form_of(right),
            (Self::Optional(_, left), Self::Optional(_, right)) => left.has_form_of(right),
            (Self::Range(left), Self::Range(right)) | (Self::Slice(left), Self::Slice(right)) => {
                left.iter().zip(right.iter()).all(|(left, right)| left.has_form_of(right))
            }
            (Self::Number(..) | Self::Scalar(..), _) | (_, Self::Number(..) | Self::Scalar(..)) => false,
            (Self::None, Self::None) => true,
            (Self::None, _) | (_, Self::None) => false,
            _ => self.join(other).is_some(),
        }
    }

    fn may_be_optional(&self) -> bool {
        matches!(
            self,
            Self::Number(..)
                | Self::Scalar(..)
                | Self::Tuple(_)
                | Self::Member(..)
                | Self::Array(..)
                | Self::Pointer(..)
                | Self::Generator(_)
                | Self::Records(..)
        )
    }
}
