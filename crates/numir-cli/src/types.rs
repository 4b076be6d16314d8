//! Types on the command line: `f64[:, ::1], i64, (float, int)`, in Numba's names and in short ones.

use numir::{ArrayType, DType, Layout, Scalar, Type};
use rustpython_parser::Parse;
use rustpython_parser::ast::{Constant, Expr};

/// Short names besides the dtypes' own.
const SHORT: &[(&str, DType)] = &[
    ("bool_", DType::Bool),
    ("boolean", DType::Bool),
    ("i8", DType::Int8),
    ("i16", DType::Int16),
    ("i32", DType::Int32),
    ("i64", DType::Int64),
    ("intp", DType::Int64),
    ("u8", DType::UInt8),
    ("u16", DType::UInt16),
    ("u32", DType::UInt32),
    ("u64", DType::UInt64),
    ("uintp", DType::UInt64),
    ("f16", DType::Float16),
    ("f32", DType::Float32),
    ("f64", DType::Float64),
    ("double", DType::Float64),
    ("c64", DType::Complex64),
    ("c128", DType::Complex128),
];

/// Python's own types.
const PYTHON: &[(&str, Scalar)] =
    &[("bool", Scalar::Bool), ("int", Scalar::Int), ("float", Scalar::Float), ("complex", Scalar::Complex)];

/// The types in a text, separated by commas; or what is wrong with it.
pub fn parse(text: &str) -> Result<Vec<Type>, String> {
    let list = Expr::parse(&format!("[{text}\n]"), "<types>").map_err(|_| format!("`{text}` is no list of types"))?;
    match list {
        Expr::List(list) => list.elts.iter().map(one).collect(),
        _ => Err(format!("`{text}` is no list of types")),
    }
}

fn one(expression: &Expr) -> Result<Type, String> {
    match expression {
        Expr::Name(name) => scalar(name.id.as_str()).map(Type::Scalar),
        Expr::Attribute(attribute) => scalar(attribute.attr.as_str()).map(Type::Scalar),
        Expr::Constant(constant) => match &constant.value {
            Constant::None => Ok(Type::None),
            Constant::Str(text) => Ok(Type::Text(text.clone())),
            _ => Err("a number is no type".to_owned()),
        },
        Expr::Tuple(tuple) => tuple.elts.iter().map(one).collect::<Result<_, _>>().map(Type::Tuple),
        Expr::Subscript(subscript) => match one(&subscript.value)? {
            Type::Scalar(scalar) => array(scalar, &subscript.slice).map(Type::Array),
            other => Err(format!("an array holds numbers, not {other}")),
        },
        _ => Err("a type is a name such as f64, an array such as f64[:, :], or a tuple of types".to_owned()),
    }
}

fn scalar(name: &str) -> Result<Scalar, String> {
    let python = PYTHON.iter().find(|(known, _)| *known == name).map(|(_, scalar)| *scalar);
    let short = || SHORT.iter().find(|(known, _)| *known == name).map(|(_, dtype)| Scalar::Of(*dtype));
    let own = || DType::from_name(name).map(Scalar::Of);
    python.or_else(short).or_else(own).ok_or_else(|| format!("there is no type `{name}`"))
}

/// An array of one slice per axis; `::1` marks the axis whose items are neighbours.
fn array(scalar: Scalar, axes: &Expr) -> Result<ArrayType, String> {
    let axes = match axes {
        Expr::Tuple(tuple) => tuple.elts.as_slice(),
        one => std::slice::from_ref(one),
    };
    let contiguous: Option<Vec<bool>> = axes.iter().map(is_contiguous).collect();
    let Some(contiguous) = contiguous else { return Err("the axes of an array are written `:` or `::1`".to_owned()) };
    let (rank, marked) = (contiguous.len(), contiguous.iter().filter(|axis| **axis).count());
    let layout = match (marked, contiguous.as_slice()) {
        (0, _) => Layout::Any,
        (1, [.., true]) => Layout::C,
        (1, [true, ..]) => Layout::F,
        _ => return Err("`::1` stands on the last axis (C order) or on the first (Fortran order)".to_owned()),
    };
    Ok(ArrayType { dtype: scalar.dtype(), rank, layout })
}

/// Whether an axis is `::1`; None if it is neither that nor `:`.
fn is_contiguous(axis: &Expr) -> Option<bool> {
    let Expr::Slice(slice) = axis else { return None };
    if slice.lower.is_some() || slice.upper.is_some() {
        return None;
    }
    match slice.step.as_deref() {
        None => Some(false),
        Some(Expr::Constant(step)) => matches!(&step.value, Constant::Int(step) if *step == 1.into()).then_some(true),
        Some(_) => None,
    }
}
