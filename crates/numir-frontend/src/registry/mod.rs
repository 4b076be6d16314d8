//! The one registry of Python meanings: what every name, operator, method and attribute stands for.
//!
//! An entry holds its parameters as Python writes them, its documentation, and the function that gives its typing and
//! its `numeric` instructions at once. The front end looks names up here and nowhere else. What is not a primitive is
//! Python in `library/` and is found through [`library`].

mod abstract_types;
mod arrays;
mod attribute_names;
mod attributes;
mod axes;
mod builtins;
mod casts;
mod catalogue;
mod constants;
mod contexts;
mod copies;
pub(crate) mod cuda;
mod dtypes;
mod einsum;
mod flags;
mod gathering;
mod indexing;
mod intrinsics;
pub(crate) mod items;
pub(crate) mod kernels;
pub(crate) mod library;
mod limits;
pub(crate) mod named_tuples;
mod nested;
mod numpy;
mod operator_module;
pub(crate) mod operators;
mod pointers;
mod print;
mod record_types;
mod record_values;
pub(crate) mod records;
mod reductions;
mod reflection;
pub(crate) mod refused;
mod reshaping;
mod services;
mod slice_bounds;
mod slices;
pub(crate) mod texts;
pub(crate) mod times;
mod tuples;
mod types;
mod ufuncs;
mod views;
mod whole_powers;
mod windows;

use crate::specialize::{Evaluated, Frame};
use crate::value::{ModuleId, Value};
use std::collections::HashMap;
use std::sync::OnceLock;

pub(crate) use attributes::{attribute, store_attribute};
pub(crate) use casts::{cast, cast_checked, cast_to_index};
pub use catalogue::{Known, catalogue};
pub(crate) use gathering::is_copied;
pub(crate) use indexing::{check_writable, load_item, store_item, subscript};
pub(crate) use record_values::items as record_items;
pub(crate) use records::at as record_at;
pub(crate) use types::{construct_scalar, scalar_type};
pub(crate) use ufuncs::UFUNC_AT;

/// What gives a meaning its typing and its instructions. Arguments come in the order of the parameters; one left out is None.
pub(crate) type Evaluate = fn(&mut Frame<'_, '_>, &[Option<Value>]) -> Evaluated;

/// The meaning of one name.
pub struct Meaning {
    /// The full name, such as `math.sin`, `builtins.len` or `ndarray.sum`.
    pub name: &'static str,
    /// The parameters as Python writes them, such as `a, axis=None, *, keepdims=False`. `*name` takes the rest.
    pub parameters: &'static str,
    /// One sentence of documentation.
    pub doc: &'static str,
    pub(crate) evaluate: Evaluate,
}

impl std::fmt::Debug for Meaning {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.name)
    }
}

/// All tables, one per file.
static TABLES: &[&[Meaning]] = &[
    abstract_types::MEANINGS,
    arrays::MEANINGS,
    copies::MEANINGS,
    attributes::MEANINGS,
    reshaping::MEANINGS,
    axes::MEANINGS,
    builtins::MEANINGS,
    dtypes::MEANINGS,
    flags::MEANINGS,
    gathering::MEANINGS,
    intrinsics::MEANINGS,
    items::MEANINGS,
    kernels::MEANINGS,
    numpy::MEANINGS,
    operator_module::MEANINGS,
    operator_module::OPERATORS,
    pointers::MEANINGS,
    records::MEANINGS,
    record_values::MEANINGS,
    print::MEANINGS,
    services::MEANINGS,
    reductions::MEANINGS,
    reflection::MEANINGS,
    slices::MEANINGS,
    contexts::MEANINGS,
    einsum::MEANINGS,
    limits::MEANINGS,
    named_tuples::MEANINGS,
    texts::MEANINGS,
    times::MEANINGS,
    tuples::MEANINGS,
    types::MEANINGS,
    ufuncs::MEANINGS,
    ufuncs::METHODS,
    std::slice::from_ref(&ufuncs::REDUCE),
    ufuncs::PAIRS,
    windows::MEANINGS,
    views::MEANINGS,
    cuda::TABLES[0],
    cuda::TABLES[1],
    cuda::TABLES[2],
    cuda::TABLES[3],
    cuda::TABLES[4],
    cuda::TABLES[5],
    cuda::TABLES[6],
];

/// Every meaning, in the order of the tables.
pub fn meanings() -> impl Iterator<Item = &'static Meaning> {
    TABLES.iter().flat_map(|table| table.iter())
}

/// The meaning with this full name.
pub fn meaning(name: &str) -> Option<&'static Meaning> {
    static BY_NAME: OnceLock<HashMap<&'static str, &'static Meaning>> = OnceLock::new();
    BY_NAME.get_or_init(|| meanings().map(|meaning| (meaning.name, meaning)).collect()).get(name).copied()
}

/// The modules whose names stand in the registry, each with the names it goes by.
const MODULES: &[(&str, &[&str])] = &[
    ("math", &["math"]),
    ("cmath", &["cmath"]),
    ("numpy", &["numpy"]),
    ("numpy.random", &["numpy.random"]),
    ("numpy.fft", &["numpy.fft"]),
    ("numpy.linalg", &["numpy.linalg"]),
    ("numpy.lib", &["numpy.lib"]),
    ("numpy.lib.stride_tricks", &["numpy.lib.stride_tricks"]),
    ("random", &["random"]),
    ("cffi", &["cffi"]),
    ("numir", &["numir", "numba"]),
    ("operator", &["operator", "_operator"]),
    ("intrinsics", &["numir.intrinsics"]),
    ("typing", &["typing", "__future__"]),
    ("cuda", &["numir.cuda", "numba.cuda"]),
    ("cuda.threadIdx", &["numir.cuda.threadIdx"]),
    ("cuda.blockIdx", &["numir.cuda.blockIdx"]),
    ("cuda.blockDim", &["numir.cuda.blockDim"]),
    ("cuda.gridDim", &["numir.cuda.gridDim"]),
    ("cuda.shared", &["numir.cuda.shared"]),
    ("cuda.local", &["numir.cuda.local"]),
    ("cuda.const", &["numir.cuda.const"]),
    ("cuda.random", &["numir.cuda.random", "numba.cuda.random"]),
    ("cuda.libdevice", &["numir.cuda.libdevice", "numba.cuda.libdevice"]),
    ("cuda.fp16", &["numir.cuda.fp16"]),
    ("cuda.cg", &["numir.cuda.cg", "numba.cuda.cg"]),
    ("cuda.cg.grid", &[]),
    ("cuda.atomic", &["numir.cuda.atomic"]),
];

/// The registry's module of that name.
pub(crate) fn module(name: &str) -> Option<ModuleId> {
    MODULES.iter().find(|(_, names)| names.contains(&name)).map(|(module, _)| ModuleId::Known(module))
}

/// What `name` stands for in a module of the registry, its primitives, types and constants; None where it has no such name.
pub(crate) fn member(module: &str, name: &str) -> Option<Value> {
    if let Some(value) = constants::constant(module, name) {
        return Some(value);
    }
    if let Some(scalar) = types::scalar_type(module, name) {
        return Some(Value::ScalarType(scalar));
    }
    // A module of the registry within another.
    let whole = format!("{module}.{name}");
    if let Some((inner, _)) = MODULES.iter().find(|(inner, names)| *inner == whole || names.contains(&whole.as_str())) {
        return Some(Value::Module(ModuleId::Known(inner)));
    }
    if module == "builtins"
        && let Some(class) = types::exception_class(name)
    {
        return Some(Value::ExceptionClass(class.into()));
    }
    if module == "numpy.linalg" && name == "LinAlgError" {
        return Some(Value::ExceptionClass(name.into()));
    }
    meaning(&format!("{module}.{name}")).map(Value::Meaning)
}

/// The names of functions that the registry has for a module, or for the methods of a type.
pub(crate) fn names(module: &str) -> Vec<&'static str> {
    let prefix = format!("{module}.");
    meanings().filter_map(|meaning| meaning.name.strip_prefix(prefix.as_str())).collect()
}

/// The nearest of some names to one that is not among them, for a helpful message.
pub(crate) fn nearest<'n>(names: impl IntoIterator<Item = &'n str>, name: &str) -> Option<&'n str> {
    let near = names.into_iter().map(|candidate| (distance(candidate, name), candidate));
    near.filter(|(distance, _)| *distance <= 2).min().map(|(_, candidate)| candidate)
}

/// Levenshtein's distance.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in right.iter().enumerate() {
            let next = (row[j] + 1).min(row[j + 1] + 1).min(diagonal + usize::from(a != *b));
            diagonal = row[j + 1];
            row[j + 1] = next;
        }
    }
    row[right.len()]
}
