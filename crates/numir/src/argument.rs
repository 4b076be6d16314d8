//! Arguments of a call: which parameter each belongs to, what type it has, and whether it fits an annotation.

use numir_frontend::types::Kind;
use numir_frontend::{ArrayType, Diagnostic, ErrorKind, FunctionInfo, Layout, Parameter, Scalar, Span, Type};
use numir_runtime::{Array, DType, Number, Value};

/// The type that a function is specialised for when it is called with a value and its parameter has no annotation.
pub fn type_of(value: &Value) -> Type {
    match value {
        Value::None => Type::None,
        Value::Bool(_) => Type::Scalar(Scalar::Bool),
        Value::Int(_) => Type::Scalar(Scalar::Int),
        Value::Float(_) => Type::Scalar(Scalar::Float),
        Value::Complex(..) => Type::Scalar(Scalar::Complex),
        Value::Scalar(scalar) => Type::Scalar(Scalar::Of(scalar.dtype())),
        Value::Str(text) => Type::Text(text.clone()),
        Value::Tuple(items) => Type::Tuple(items.iter().map(type_of).collect()),
        Value::Array(array) => Type::Array(array_type(array)),
    }
}

fn array_type(array: &Array) -> ArrayType {
    let layout = match (array.is_c_contiguous(), array.is_f_contiguous()) {
        (true, _) => Layout::C,
        (false, true) => Layout::F,
        (false, false) => Layout::Any,
    };
    // Compiled code counts strides in items: an array whose strides are not whole items has no type here.
    ArrayType::new(array.dtype(), array.rank(), layout)
}

/// The type to specialise for, when a value is given to a parameter of that annotation: the annotation itself, with the
/// layout of an array that it leaves open. None if the value does not fit.
pub fn fit(value: &Value, annotation: &Type) -> Option<Type> {
    match (annotation, value) {
        (Type::None, Value::None) => Some(Type::None),
        (Type::Optional(_), Value::None) => Some(annotation.clone()),
        (Type::Optional(inner), value) => fit(value, inner).map(|inner| Type::Optional(Box::new(inner))),
        (Type::Scalar(scalar), value) => scalar_fits(value, *scalar).then(|| annotation.clone()),
        (Type::Tuple(types), Value::Tuple(items)) if types.len() == items.len() => {
            let types: Option<Vec<_>> = items.iter().zip(types).map(|(item, ty)| fit(item, ty)).collect();
            types.map(|types| Type::Tuple(types.into()))
        }
        (Type::Array(wanted), Value::Array(array)) => {
            let has_layout = match wanted.layout {
                Layout::C => array.is_c_contiguous(),
                Layout::F => array.is_f_contiguous(),
                Layout::Any => true,
            };
            let same = wanted.dtype == array.dtype() && wanted.rank == array.rank() && has_layout;
            let layout = if wanted.layout == Layout::Any { array_type(array).layout } else { wanted.layout };
            same.then_some(Type::Array(ArrayType { layout, ..*wanted }))
        }
        // The text itself is what such a function is specialised for.
        (Type::Text(_), Value::Str(text)) => Some(Type::Text(text.clone())),
        _ => None,
    }
}

/// Whether a number may be given where `scalar` is declared: no kind is lost, and an integer is in range.
fn scalar_fits(value: &Value, scalar: Scalar) -> bool {
    let (kind, integer) = match value {
        Value::Bool(_) => (Kind::Bool, None),
        Value::Int(value) => (Kind::Integer, Some(i128::from(*value))),
        Value::Float(_) => (Kind::Float, None),
        Value::Complex(..) => (Kind::Complex, None),
        Value::Scalar(given) => match given.number() {
            Number::Bool(_) => (Kind::Bool, None),
            Number::Int(value) => (Kind::Integer, Some(i128::from(value))),
            Number::UInt(value) => (Kind::Integer, Some(i128::from(value))),
            Number::Float(_) => (Kind::Float, None),
            Number::Complex(..) => (Kind::Complex, None),
        },
        _ => return false,
    };
    let in_range = |value: i128| {
        let bits = scalar.dtype().bits();
        let (low, high) = if scalar.is_unsigned() { (0, 1 << bits) } else { (-1 << (bits - 1), 1 << (bits - 1)) };
        (low..high).contains(&value)
    };
    kind <= scalar.kind().min(Kind::Complex)
        && scalar.kind() != Kind::Time
        && (scalar.kind() != Kind::Integer || integer.is_none_or(in_range))
}

/// Which argument each parameter gets: None where it is left to its default. What goes to `*args` follows. Python's rules, and
/// its words.
///
/// # Errors
/// TypeError for a wrong number or wrong names of arguments.
pub fn bind<T>(
    function: &FunctionInfo,
    positional: Vec<T>,
    keywords: Vec<(String, T)>,
) -> Result<Vec<Option<T>>, Box<Diagnostic>> {
    let (name, parameters) = (&function.name, &function.parameters);
    let refuse = |message: String| Err(wrong_call(function, message));
    let places: Vec<usize> = (0..parameters.len()).filter(|index| !parameters[*index].keyword_only).collect();
    if positional.len() > places.len() && function.rest.is_none() {
        let optional = places.iter().filter(|index| parameters[**index].has_default).count();
        let (most, given) = (places.len(), positional.len());
        let takes = if optional > 0 { format!("from {} to {most}", most - optional) } else { most.to_string() };
        let (s, were) = (if most == 1 { "" } else { "s" }, if given == 1 { "was" } else { "were" });
        return refuse(format!("{name}() takes {takes} positional argument{s} but {given} {were} given"));
    }
    let mut bound: Vec<Option<T>> = parameters.iter().map(|_| None).collect();
    let mut positional = positional.into_iter();
    for (place, value) in places.into_iter().zip(positional.by_ref()) {
        bound[place] = Some(value);
    }
    for (keyword, value) in keywords {
        let Some(place) = parameters.iter().position(|parameter| parameter.name == keyword) else {
            return refuse(format!("{name}() got an unexpected keyword argument '{keyword}'"));
        };
        if bound[place].replace(value).is_some() {
            return refuse(format!("{name}() got multiple values for argument '{keyword}'"));
        }
    }
    for (kind, keyword_only) in [("positional", false), ("keyword-only", true)] {
        let is_missing = |(parameter, value): &(&Parameter, &Option<T>)| {
            parameter.keyword_only == keyword_only && !parameter.has_default && value.is_none()
        };
        let missing: Vec<String> = parameters
            .iter()
            .zip(&bound)
            .filter(is_missing)
            .map(|(parameter, _)| format!("'{}'", parameter.name))
            .collect();
        if !missing.is_empty() {
            let (count, s) = (missing.len(), if missing.len() == 1 { "" } else { "s" });
            return refuse(format!("{name}() missing {count} required {kind} argument{s}: {}", listed(&missing)));
        }
    }
    bound.extend(positional.map(Some));
    Ok(bound)
}

/// `a`, `a and b`, `a, b, and c`: as Python lists names.
fn listed(names: &[String]) -> String {
    match names {
        [rest @ .., last] if rest.len() > 1 => format!("{}, and {last}", rest.join(", ")),
        _ => names.join(" and "),
    }
}

/// The types to specialise for, one per parameter, then those of `*args`; None for parameters left to their defaults.
///
/// # Errors
/// TypeError that names the parameter, the type it was given and the type it declares.
pub fn types_of(function: &FunctionInfo, arguments: &[Option<Value>]) -> Result<Vec<Option<Type>>, Box<Diagnostic>> {
    let parameters = function.parameters.iter().chain(function.rest.iter().cycle());
    let typed = parameters.zip(arguments).map(|(parameter, value)| match (value, &parameter.annotation) {
        (None, _) => Ok(None),
        (Some(value), None) => Ok(Some(type_of(value))),
        (Some(value), Some(annotation)) => match fit(value, annotation) {
            Some(ty) => Ok(Some(ty)),
            None => Err(does_not_fit(function, parameter, value, annotation)),
        },
    });
    typed.collect()
}

fn does_not_fit(function: &FunctionInfo, parameter: &Parameter, value: &Value, annotation: &Type) -> Box<Diagnostic> {
    let given = match value {
        Value::Int(_) | Value::Float(_) | Value::Str(_) => format!("{} ({})", type_of(value), value.repr()),
        _ => type_of(value).to_string(),
    };
    let message =
        format!("{}(): `{}` is declared as {annotation}, but is given {given}", function.name, parameter.name);
    let error = Diagnostic::new(ErrorKind::Argument, &parameter.span, message);
    match hint(value, annotation) {
        Some(help) => error.help(help),
        None => error,
    }
}

/// What would make the value fit.
fn hint(value: &Value, annotation: &Type) -> Option<String> {
    match (value, annotation) {
        (Value::Array(array), Type::Array(wanted)) if array.dtype() != wanted.dtype => {
            Some(format!("convert it with `.astype(np.{})`, or change the annotation", numpy_name(wanted.dtype)))
        }
        (Value::Array(array), Type::Array(wanted)) if array.rank() == wanted.rank => Some(match wanted.layout {
            Layout::C => {
                "make it contiguous with `np.ascontiguousarray`, or declare any layout with `:` alone".to_owned()
            }
            _ => "make it contiguous with `np.asfortranarray`, or declare any layout with `:` alone".to_owned(),
        }),
        _ => None,
    }
}

fn numpy_name(dtype: DType) -> &'static str {
    if dtype == DType::Bool { "bool_" } else { dtype.name() }
}

/// A TypeError at the head of the function that is called wrongly.
fn wrong_call(function: &FunctionInfo, message: String) -> Box<Diagnostic> {
    let span = &function.span;
    let head = span.text().lines().next().map_or(0, |line| line.trim_end().len());
    let head = Span { source: span.source.clone(), start: span.start, end: span.start + head };
    Diagnostic::new(ErrorKind::Argument, &head, message)
}
