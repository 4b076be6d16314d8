//! Types written as text: `f64[:, ::1], i64, (float, int), int | None, f64[:] readonly`, in Numba's names and in short ones.

use super::{ArrayType, Class, Layout, RecordLayout, Scalar, TupleType, Type};
use numir_runtime::DType;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// Names besides the dtypes' own.
const NAMES: &[(&str, Scalar)] = &[
    ("bool", Scalar::Bool),
    ("int", Scalar::Int),
    ("float", Scalar::Float),
    ("complex", Scalar::Complex),
    ("bool_", Scalar::Of(DType::Bool)),
    ("boolean", Scalar::Of(DType::Bool)),
    ("i8", Scalar::Of(DType::Int8)),
    ("i16", Scalar::Of(DType::Int16)),
    ("i32", Scalar::Of(DType::Int32)),
    ("i64", Scalar::Of(DType::Int64)),
    ("intp", Scalar::Of(DType::Int64)),
    ("u8", Scalar::Of(DType::UInt8)),
    ("u16", Scalar::Of(DType::UInt16)),
    ("u32", Scalar::Of(DType::UInt32)),
    ("u64", Scalar::Of(DType::UInt64)),
    ("uintp", Scalar::Of(DType::UInt64)),
    ("f16", Scalar::Of(DType::Float16)),
    ("f32", Scalar::Of(DType::Float32)),
    ("f64", Scalar::Of(DType::Float64)),
    ("double", Scalar::Of(DType::Float64)),
    ("c64", Scalar::Of(DType::Complex64)),
    ("c128", Scalar::Of(DType::Complex128)),
];

/// How deep brackets may nest, which bounds the parser's stack.
const NESTING: usize = 100;

/// What is wrong with the text of a type: the fault of who wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeError(pub(super) String);

impl fmt::Display for TypeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for TypeError {}

/// The types in a text, separated by commas.
///
/// # Errors
/// What is wrong with the text.
pub fn parse_types(text: &str) -> Result<Vec<Type>, TypeError> {
    let mut parser = Parser { text, rest: text, depth: 0 };
    let (types, _) = parser.list()?;
    if parser.next().is_empty() { Ok(types) } else { Err(parser.unreadable()) }
}

impl FromStr for Type {
    type Err = TypeError;

    fn from_str(text: &str) -> Result<Self, TypeError> {
        let mut types = parse_types(text)?;
        match (types.pop(), types.is_empty()) {
            (Some(ty), true) => Ok(ty),
            _ => Err(TypeError(format!("`{text}` is not one type"))),
        }
    }
}

/// A text as Python writes it in double quotes.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// What is left of a text to be read.
struct Parser<'t> {
    text: &'t str,
    rest: &'t str,
    depth: usize,
}

impl<'t> Parser<'t> {
    /// What is left after blanks.
    fn next(&mut self) -> &'t str {
        self.rest = self.rest.trim_start();
        self.rest
    }

    /// Takes a token if it comes next.
    fn eat(&mut self, token: &str) -> bool {
        let rest = self.next().strip_prefix(token);
        rest.is_some_and(|rest| {
            self.rest = rest;
            true
        })
    }

    fn expect(&mut self, token: &str) -> Result<(), TypeError> {
        if self.eat(token) { Ok(()) } else { Err(self.unreadable()) }
    }

    fn unreadable(&self) -> TypeError {
        TypeError(format!("`{}` is no list of types", self.text))
    }

    /// Types with commas between them, and whether there was a comma.
    fn list(&mut self) -> Result<(Vec<Type>, bool), TypeError> {
        let (mut types, mut comma) = (Vec::new(), false);
        while !self.next().is_empty() && !self.rest.starts_with([')', ']']) {
            types.push(self.optional()?);
            if !self.eat(",") {
                break;
            }
            comma = true;
        }
        Ok((types, comma))
    }

    fn optional(&mut self) -> Result<Type, TypeError> {
        let ty = self.one()?;
        if !self.eat("|") {
            return Ok(ty);
        }
        match (ty, self.optional()?) {
            (Type::None, other) | (other, Type::None) if other != Type::None => Ok(Type::Optional(Box::new(other))),
            (left, right) => Err(TypeError(format!("`{left} | {right}`: a union is of one type and None"))),
        }
    }

    fn one(&mut self) -> Result<Type, TypeError> {
        self.depth += 1;
        if self.depth > NESTING {
            return Err(TypeError(format!("types nest deeper than {NESTING}")));
        }
        let ty = self.at_depth();
        self.depth -= 1;
        ty
    }

    fn at_depth(&mut self) -> Result<Type, TypeError> {
        if self.eat("(") {
            let (mut types, comma) = self.list()?;
            self.expect(")")?;
            return match types.pop() {
                Some(only) if types.is_empty() && !comma => Ok(only),
                last => {
                    types.extend(last);
                    Ok(Type::Tuple(types.into()))
                }
            };
        }
        if let Some(quote) = self.next().chars().next().filter(|first| matches!(first, '"' | '\'')) {
            return self.quoted(quote).map(Type::Text);
        }
        let name = self.name()?;
        match name {
            "None" | "none" | "void" => return Ok(Type::None),
            "voidptr" => return Ok(Type::Pointer(None)),
            "Generator" => return Ok(Type::Generator),
            "range" => return Ok(Type::Range),
            "ellipsis" => return Ok(Type::Ellipsis),
            "slice" | "dtype" | "NamedTuple" | "Member" | "formatted" | "CPointer" | "records" if self.eat("(") => {
                return self.made(name);
            }
            "object" => return self.name()?.parse().map(Type::Object).map_err(|_| self.unreadable()),
            _ => {}
        }
        let scalar = match name {
            "datetime64" | "timedelta64" => self.time(name)?,
            _ => scalar(name)?,
        };
        if self.eat("[") { self.array(scalar).map(Type::Array) } else { Ok(Type::Scalar(scalar)) }
    }

    /// Dates or spans of time: the unit in brackets, which are no array's.
    fn time(&mut self, name: &str) -> Result<Scalar, TypeError> {
        let rest = self.next();
        let unit = rest.strip_prefix('[').filter(|unit| unit.starts_with(char::is_alphanumeric));
        let written = match unit.and_then(|unit| unit.find(']')) {
            Some(end) => &rest[..end + 2],
            None => "",
        };
        self.rest = &rest[written.len()..];
        scalar(&format!("{name}{written}"))
    }

    /// What is written like a call, from behind the parenthesis.
    fn made(&mut self, name: &str) -> Result<Type, TypeError> {
        let (types, _) = self.list()?;
        self.expect(")")?;
        match (name, types.as_slice()) {
            ("slice", [start, stop, step]) => Ok(Type::Slice(Box::new([start.clone(), stop.clone(), step.clone()]))),
            ("NamedTuple", [Type::Tuple(items), Type::Text(identity), Type::Text(name), Type::Text(fields)]) => {
                let fields: Vec<String> = fields.split_whitespace().map(str::to_owned).collect();
                if fields.len() != items.len() {
                    return Err(self.unreadable());
                }
                let class = Class { identity: identity.clone(), name: name.clone(), fields };
                Ok(Type::Tuple(TupleType::new(Some(Arc::new(class)), items.to_vec())))
            }
            ("Member", [value, Type::Text(identity), Type::Text(name)]) => {
                let class = Class { identity: identity.clone(), name: name.clone(), fields: Vec::new() };
                Ok(Type::Member(Arc::new(class), Box::new(value.clone())))
            }
            ("records", [Type::Text(layout), Type::Text(form)]) => {
                let (rank, readonly) = form.split_once(' ').map_or((form.as_str(), false), |(rank, _)| (rank, true));
                match (RecordLayout::read(layout), rank.parse()) {
                    (Some(layout), Ok(rank)) => Ok(Type::Records(Arc::new(layout), rank, !readonly)),
                    _ => Err(self.unreadable()),
                }
            }
            ("formatted", parts) => Ok(Type::Formatted(parts.to_vec())),
            ("CPointer", [Type::Scalar(scalar)]) => Ok(Type::Pointer(Some(scalar.dtype()))),
            ("CPointer", [Type::None]) => Ok(Type::Pointer(None)),
            ("dtype", [Type::Scalar(scalar)]) => Ok(Type::DType(scalar.dtype())),
            _ => Err(self.unreadable()),
        }
    }

    /// A name, of a path of names the last one; `np.bool` is NumPy's and not Python's.
    fn name(&mut self) -> Result<&'t str, TypeError> {
        let rest = self.next();
        let end = rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_' && letter != '.');
        let (path, after) = rest.split_at(end.unwrap_or(rest.len()));
        if path.is_empty() {
            return Err(self.unreadable());
        }
        self.rest = after;
        Ok(match path.rsplit('.').next() {
            Some("bool") if path != "bool" => "bool_",
            Some(name) => name,
            None => path,
        })
    }

    fn quoted(&mut self, quote: char) -> Result<String, TypeError> {
        let mut text = String::new();
        let mut letters = self.rest.char_indices().skip(1);
        while let Some((at, letter)) = letters.next() {
            match letter {
                '\\' => text.extend(letters.next().map(|(_, letter)| letter)),
                letter if letter == quote => {
                    self.rest = &self.rest[at + quote.len_utf8()..];
                    return Ok(text);
                }
                letter => text.push(letter),
            }
        }
        Err(self.unreadable())
    }

    /// The axes of an array up to the bracket: `:` each; `::1` marks the one whose items are neighbours, `()` says that there are none.
    fn array(&mut self, scalar: Scalar) -> Result<ArrayType, TypeError> {
        let dtype = scalar.dtype();
        if self.eat("()") {
            self.expect("]")?;
            return Ok(self.readonly(ArrayType::contiguous(dtype, 0)));
        }
        let mut neighbours = Vec::new();
        loop {
            if self.next().is_empty() {
                return Err(self.unreadable());
            }
            if !self.eat(":") {
                return Err(TypeError("the axes of an array are written `:` or `::1`".to_owned()));
            }
            let stepped = self.eat(":");
            neighbours.push(stepped && self.eat("1"));
            if !self.eat(",") {
                break;
            }
        }
        self.expect("]")?;
        let marked = neighbours.iter().filter(|axis| **axis).count();
        let layout = match (marked, neighbours.as_slice()) {
            (0, _) => Layout::Any,
            (1, [.., true]) => Layout::C,
            (1, [true, ..]) => Layout::F,
            _ => {
                let message = "`::1` stands on the last axis (C order) or on the first (Fortran order)";
                return Err(TypeError(message.to_owned()));
            }
        };
        Ok(self.readonly(ArrayType::new(dtype, neighbours.len(), layout)))
    }

    /// An array that is followed by `readonly` cannot be written.
    fn readonly(&mut self, ty: ArrayType) -> ArrayType {
        ArrayType { writable: !self.eat("readonly"), ..ty }
    }
}

fn scalar(name: &str) -> Result<Scalar, TypeError> {
    let named = NAMES.iter().find(|(known, _)| *known == name).map(|(_, scalar)| *scalar);
    let own = || DType::from_name(name).map(Scalar::Of);
    named.or_else(own).ok_or_else(|| TypeError(format!("there is no type `{name}`")))
}
