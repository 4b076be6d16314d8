//! A program that is alive in another process's or language's hands: functions whose globals are objects there.
//!
//! The compiler asks for what it meets, name by name, and gets descriptions: constants are frozen into the code, functions
//! and files are given by number and asked for in turn. Who answers can thereby note what a compilation depends on.

use crate::types::{ArrayType, Class, Type};
use serde::{Deserialize, Serialize};

/// What a name or an attribute stands for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Object {
    /// None.
    None,
    /// `...`
    Ellipsis,
    /// A Python bool.
    Bool(bool),
    /// A Python int.
    Int(i128),
    /// A Python float.
    Float(f64),
    /// A Python complex number: real and imaginary part.
    Complex(f64, f64),
    /// A NumPy scalar: the dtype's name, and its bytes from the lowest on, zero-extended.
    Scalar(String, [u64; 2]),
    /// A string.
    Text(String),
    /// A slice: start, stop and step.
    Slice(Box<[Object; 3]>),
    /// A dtype, by its name.
    DType(String),
    /// A dtype of records, by its layout as it is spelt.
    RecordType(String),
    /// A tuple.
    Tuple(Vec<Object>),
    /// A named tuple: its class and its items.
    NamedTuple(Class, Vec<Object>),
    /// A class of named tuples, and the defaults of its last fields.
    TupleClass(Class, Vec<Object>),
    /// A member of an enumeration: its class and its value.
    Member(Class, Box<Object>),
    /// A function in Python: its number, by which the environment tells its source.
    Function(u32),
    /// A stencil.
    Stencil(Box<Stencil>),
    /// A module or another object that is looked into by name: its full name where it is a module, and its number for
    /// [`Environment::attribute`].
    Module(String, u32),
    /// Something that the compiler knows: a module of its own, and the name in it, as ("numpy", "sin") or ("builtins", "ValueError").
    Known(String, String),
    /// An array, captured by reference: its type, and its number among the arrays that a call hands over after its arguments.
    Array(ArrayType, u32),
    /// Records, captured by reference: their layout as it is spelt, the type of their bytes, and their number among the arrays.
    Records(String, ArrayType, u32),
    /// A generator of random numbers, captured by reference: its number among the arrays.
    Generator(u32),
    /// An array without gaps where nobody hands one over: its type, its address and its extents. It stays there.
    ArrayAt(ArrayType, u64, Vec<i64>),
    /// A function whose implementation is chosen by the types of its arguments: its name, and its number for
    /// [`Environment::overload`].
    Overloaded(String, u32),
    /// The same of an attribute: it is called with the receiver when the attribute is read.
    Property(String, u32),
    /// A class of exceptions that is none of Python's own: its name and its number. What it raises says `name#number`.
    Exception(String, u32),
    /// A C function.
    Foreign(Foreign),
    /// Something that compiled code may not use, and why.
    Refused(String),
    /// Something else: its Python type, for the message.
    Other(String),
}

/// A C function of this process.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Foreign {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub address: u64,
    /// What it takes: numbers of C's types and pointers.
    pub parameters: Vec<Type>,
    /// What it gives: such a one, or None.
    pub result: Type,
}

/// A stencil of a live program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stencil {
    /// The number of its kernel.
    pub kernel: u32,
    /// What it makes of the border: `constant`, `wrap`, `nearest` or `reflect`.
    pub mode: String,
    /// What stands in a constant border, where that is said.
    pub cval: Option<Object>,
    /// Lowest and highest offset per axis, where they are said.
    pub neighborhood: Option<Vec<(i64, i64)>>,
    /// The parameters whose arrays are indexed as arrays are.
    pub standard_indexing: Vec<String>,
}

/// A function of a live program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// The number of its file.
    pub file: u32,
    /// The line that its definition starts on, decorators included, counted from 1.
    pub line: u32,
    /// For a lambda: how many lambdas begin before it from that line on.
    pub lambda: Option<u32>,
    /// The values of its parameters' defaults, by the parameters' names.
    pub defaults: Vec<(String, Object)>,
    /// What its decorator says of it.
    pub settings: Settings,
}

/// What the decorator of a function says of that function alone, wherever it is called from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// LLVM's fast-math flags, separated by commas; None where nothing is said.
    pub fast_math: Option<String>,
    /// Whether its whole-array operations run on all threads where they are large; None where nothing is said.
    pub parallel: Option<bool>,
    /// Whether its calls are replaced by its body; None leaves it to the compiler.
    pub inline: Option<bool>,
    /// The types of some of its local variables.
    pub locals: Vec<(String, Type)>,
    /// What holds for it as a kernel.
    pub kernel: KernelSettings,
}

/// What the decorator of a function says of it as a kernel, wherever it is launched from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KernelSettings {
    /// The most registers that a thread may have; None leaves it to CUDA's assembler.
    pub max_registers: Option<u32>,
    /// The most threads that a block has in any launch.
    pub max_threads: Option<u32>,
    /// How many blocks are to fit on a multiprocessor at once, at least.
    pub min_blocks: Option<u32>,
    /// Whether the code for a device tells which line of the program it is of.
    pub line_info: bool,
}

/// The names that code of the program's own language shares with the function that it stands in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostNames {
    /// Those that it reads.
    pub read: Vec<String>,
    /// Those that it sets.
    pub written: Vec<String>,
}

/// Code of the program's own language that runs within a compiled function.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HostCode {
    /// The number that the host runs it by.
    pub number: i64,
    /// The names that it sets for the compiled function, with their types.
    pub outputs: Vec<(String, Type)>,
}

/// A file of a live program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// The path as Python knows it; `<ipython-input-3-…>` and the like for what is no file.
    pub path: String,
    /// Its text, or as much of it as is known; the lines must stand where they do in the file.
    pub text: String,
}

/// What answers for the live program.
pub trait Environment {
    /// A function.
    fn function(&self, number: u32) -> Option<Function>;

    /// A file.
    fn file(&self, number: u32) -> Option<File>;

    /// What a name stands for that a function does not bind itself: in the functions that enclose it, then in its globals,
    /// then among the built-ins. None where there is no such name.
    fn name(&self, function: u32, name: &str) -> Option<Object>;

    /// An attribute of an object. None where it has none of that name.
    fn attribute(&self, object: u32, name: &str) -> Option<Object>;

    /// What an argument is that is known when the function is compiled: [`Type::Object`](crate::Type::Object).
    fn argument(&self, number: u32) -> Option<Object> {
        let _ = number;
        None
    }

    /// The implementation of an overloaded function for arguments of these types, as the types are spelt: a function, or why
    /// there is none.
    fn overload(&self, object: u32, positional: &[String], keywords: &[(String, String)]) -> Option<Object> {
        let _ = (object, positional, keywords);
        None
    }

    /// What an attribute stands for that the compiler does not know, of values of a type as it is spelt, or of a module: then
    /// the type is `module` and its name. Methods are overloaded functions that take their receiver first.
    fn member(&self, of: &str, name: &str) -> Option<Object> {
        let _ = (of, name);
        None
    }

    /// The names that a block reads and those that it sets, which runs in the program's own language; or why it cannot. It is known by
    /// the place of its statement: line and column, counted from 1 and 0.
    fn host_names(&self, function: u32, place: (u32, u32)) -> Result<HostNames, String> {
        let _ = (function, place);
        Err("there is no interpreter that it could run in".to_owned())
    }

    /// That block, where the names that it reads have these types; or why there is none.
    fn host_code(&self, function: u32, place: (u32, u32), inputs: &[(String, Type)]) -> Result<HostCode, String> {
        let _ = (function, place, inputs);
        Err("there is no interpreter that it could run in".to_owned())
    }

    /// The names that [`Self::name`] would find for a function, to propose one in place of a name that is not there.
    fn names(&self, function: u32) -> Vec<String> {
        let _ = function;
        Vec::new()
    }
}
