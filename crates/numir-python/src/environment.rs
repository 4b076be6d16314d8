//! A live program: functions as Python objects, their sources, and what their globals and closures stand for. Everything the
//! compiler asks is noted where the result is to be kept, since it depends on just that.

use crate::classes::class_of;
use crate::generators::{holds_generator, is_generator};
use crate::numpy_api::{ArrayView, Types, scalar_words};
use numir_interface::live::{File, Foreign, Function, HostCode, HostNames, KernelSettings, Object, Settings, Stencil};
use numir_interface::{ArrayType, Layout, Type};
use numir_runtime::DType;
use pyo3::exceptions::{PyBaseException, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyComplex, PyDict, PyFloat, PyInt, PyModule, PySlice, PyString, PyTuple, PyType};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Something that the compiler asked, and what the program answered. Functions, objects and arrays are numbered in the order in which
/// the program meets them, so that the same questions to an equal program have equal answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Step {
    /// A function, with neither the number of its file nor its place among the file's lambdas: its text says more.
    Function(u32, Function, Definition),
    /// What a name stands for in a function.
    Name(u32, String, Option<Object>),
    /// What an attribute of an object is.
    Attribute(u32, String, Option<Object>),
    /// An argument that is known when the function is compiled, by its place among those.
    Argument(u32, Option<Object>),
    /// What an overloaded function is for arguments of these types.
    Overload(u32, Vec<String>, Vec<(String, String)>, Option<Object>),
    /// What an attribute of the values of a type stands for.
    Member(String, String, Option<Object>),
}

/// What a function was made from.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Definition {
    /// Where its text stands; None for a notebook's cell and the like, which has another name each time.
    pub(crate) path: Option<String>,
    /// The lines of its definition.
    text: String,
    /// What Python has made of them, as text: two lambdas on one line have the same lines.
    code: String,
}

/// The functions, files and objects that one compilation has met, by number.
#[derive(Default)]
pub(crate) struct Live {
    functions: Vec<Py<PyAny>>,
    /// What calls them where they are compiled functions of their own.
    dispatchers: Vec<Option<Py<PyAny>>>,
    by_function: HashMap<usize, u32>,
    files: Vec<Py<PyAny>>,
    file_numbers: HashMap<String, u32>,
    objects: Vec<Py<PyAny>>,
    /// The objects among the arguments, by the numbers that they have in this process.
    arguments: Vec<u32>,
    /// Classes of exceptions that are none of Python's own, as the compiler calls them.
    pub(crate) exceptions: Vec<(String, Py<PyAny>)>,
    /// C functions and arrays that the code knows by their addresses, which are theirs as long as they live.
    pub(crate) addressed: Vec<Py<PyAny>>,
    /// Whether C calls the code, which hands over no captured arrays.
    pub(crate) is_c: bool,
    /// Arrays and generators of random numbers that are captured by reference.
    pub(crate) arrays: Vec<Py<PyAny>>,
    /// What keeps the compiled code from being kept on disk.
    pub(crate) unkept: Option<&'static str>,
    /// What was asked and answered, where it is noted.
    pub(crate) steps: Option<Vec<Step>>,
    /// The paths of the functions in the steps, in their order.
    pub(crate) paths: Vec<String>,
}

impl Live {
    /// The number of a Python function. What its dispatcher says of it counts where it is first met.
    pub(crate) fn add_function(&mut self, function: &Bound<'_, PyAny>, dispatcher: Option<&Bound<'_, PyAny>>) -> u32 {
        *self.by_function.entry(function.as_ptr().addr()).or_insert_with(|| {
            self.functions.push(function.clone().unbind());
            self.dispatchers.push(dispatcher.map(|dispatcher| dispatcher.clone().unbind()));
            self.functions.len() as u32 - 1
        })
    }

    /// A program whose answers are noted, for arguments with these objects.
    pub(crate) fn noted(arguments: Vec<u32>) -> Self {
        Self { steps: Some(Vec::new()), arguments, ..Self::default() }
    }

    /// What the compiler is told about a function.
    pub(crate) fn function(&mut self, py: Python<'_>, number: u32) -> PyResult<Option<Function>> {
        let Some(function) = self.functions.get(number as usize) else { return Ok(None) };
        let function = function.bind(py).clone();
        let source = py.import("numir._source")?.call_method1("locate", (&function,))?;
        let (path, line, lambda): (String, u32, Option<u32>) = source.extract()?;
        let file = match self.file_numbers.get(&path) {
            Some(number) => *number,
            None => {
                self.files.push(function.clone().unbind());
                let number = self.files.len() as u32 - 1;
                self.file_numbers.insert(path, number);
                number
            }
        };
        let told = self.told(number, &function, line)?;
        if self.steps.is_some() {
            self.note_function(number, &function, told.clone())?;
        }
        Ok(Some(Function { file, lambda, ..told }))
    }

    /// What the compiler is told about a function but where it stands in its file.
    fn told(&mut self, number: u32, function: &Bound<'_, PyAny>, line: u32) -> PyResult<Function> {
        let mut defaults = Vec::new();
        let code = function.getattr("__code__")?;
        if let Ok(values) = function.getattr("__defaults__")?.cast::<PyTuple>() {
            let names = code.getattr("co_varnames")?.cast_into::<PyTuple>()?;
            let positional: usize = code.getattr("co_argcount")?.extract()?;
            let first = positional.saturating_sub(values.len());
            for (place, value) in values.iter().enumerate() {
                defaults.push((names.get_item(first + place)?.extract()?, self.describe(&value)?));
            }
        }
        if let Ok(values) = function.getattr("__kwdefaults__")?.cast::<PyDict>() {
            for (name, value) in values.iter() {
                defaults.push((name.extract()?, self.describe(&value)?));
            }
        }
        // The name in the source; `__name__` may have been changed, as functools.wraps does.
        let name = code.getattr("co_name")?.extract()?;
        let settings = self.settings(number, function)?;
        Ok(Function { name, file: 0, line, lambda: None, defaults, settings })
    }

    /// What the decorator of a function says of it.
    fn settings(&self, number: u32, function: &Bound<'_, PyAny>) -> PyResult<Settings> {
        let py = function.py();
        let options = match self.dispatchers.get(number as usize).and_then(Option::as_ref) {
            Some(dispatcher) => dispatcher.bind(py).getattr_opt("options")?,
            None => function.getattr_opt("__numir_options__")?,
        };
        let Some(options) = options else { return Ok(Settings::default()) };
        type OfKernel = (Option<u32>, Option<u32>, Option<u32>, bool);
        type Told = (Option<String>, bool, Option<bool>, Vec<(String, String)>, OfKernel);
        let (fast_math, parallel, inline, locals, kernel): Told = options.call_method0("settings")?.extract()?;
        let parse = |(name, ty): (String, String)| match ty.parse() {
            Ok(ty) => Ok((name, ty)),
            Err(error) => Err(PyValueError::new_err(format!("locals: {name}: {error}"))),
        };
        let locals = locals.into_iter().map(parse).collect::<PyResult<_>>()?;
        let (max_registers, max_threads, min_blocks, line_info) = kernel;
        let kernel = KernelSettings { max_registers, max_threads, min_blocks, line_info };
        Ok(Settings { fast_math, parallel: Some(parallel), inline, locals, kernel })
    }

    /// Notes what a function is made from, without looking for its place among its file's lambdas.
    pub(crate) fn definition(&mut self, py: Python<'_>, number: u32) -> PyResult<Option<&Step>> {
        let Some(function) = self.functions.get(number as usize) else { return Ok(None) };
        let function = function.bind(py).clone();
        let line = function.getattr("__code__")?.getattr("co_firstlineno")?.extract()?;
        let told = self.told(number, &function, line)?;
        self.note_function(number, &function, told)?;
        Ok(self.steps.as_ref().and_then(|steps| steps.last()))
    }

    fn note_function(&mut self, number: u32, function: &Bound<'_, PyAny>, told: Function) -> PyResult<()> {
        let found = function.py().import("numir._source")?.call_method1("definition", (function,))?;
        let (path, is_cell, text, code): (String, bool, String, String) = found.extract()?;
        let definition = Definition { path: (!is_cell).then(|| path.clone()), text, code };
        self.paths.push(path);
        self.note(Step::Function(number, told, definition));
        Ok(())
    }

    fn note(&mut self, step: Step) {
        if let Some(steps) = &mut self.steps {
            steps.push(step);
        }
    }

    /// Asks again what a step asked, and notes the answer of now; None where there is nothing of that number.
    pub(crate) fn ask_again(&mut self, py: Python<'_>, step: &Step) -> PyResult<Option<&Step>> {
        match step {
            Step::Function(number, ..) => return self.definition(py, *number),
            Step::Name(function, name, _) => {
                self.name(py, *function, name)?;
            }
            Step::Attribute(object, name, _) => {
                self.attribute(py, *object, name)?;
            }
            Step::Overload(object, positional, keywords, _) => {
                self.overload(py, *object, positional, keywords)?;
            }
            Step::Member(of, name, _) => {
                self.member(py, of, name)?;
            }
            Step::Argument(place, _) => {
                let Some(number) = self.arguments.get(*place as usize) else { return Ok(None) };
                self.argument(py, *number)?;
            }
        }
        Ok(self.steps.as_ref().and_then(|steps| steps.last()))
    }

    /// The text of a file.
    pub(crate) fn file(&self, py: Python<'_>, number: u32) -> PyResult<Option<File>> {
        let Some(function) = self.files.get(number as usize) else { return Ok(None) };
        let (path, text) = py.import("numir._source")?.call_method1("text", (function,))?.extract()?;
        Ok(Some(File { path, text }))
    }

    /// What a name stands for in a function that does not bind it.
    pub(crate) fn name(&mut self, py: Python<'_>, number: u32, name: &str) -> PyResult<Option<Object>> {
        let Some(function) = self.functions.get(number as usize) else { return Ok(None) };
        let function = function.bind(py).clone();
        let found = match lookup(&function, name)? {
            Some(value) => Some(self.describe(&value)?),
            // A function that is compiled while it is decorated is not bound to its name yet.
            None if function.getattr("__name__")?.eq(name)? => Some(Object::Function(number)),
            None => None,
        };
        self.note(Step::Name(number, name.to_owned(), found.clone()));
        Ok(found)
    }

    /// An argument that is known when the function is compiled.
    pub(crate) fn argument(&mut self, py: Python<'_>, number: u32) -> PyResult<Option<Object>> {
        let found = match crate::codes::object_of(py, number) {
            Some(object) => Some(self.describe(object.bind(py))?),
            None => None,
        };
        match self.arguments.iter().position(|argument| *argument == number) {
            Some(place) => self.note(Step::Argument(place as u32, found.clone())),
            // It is none of this process's arguments: nothing could ask for it again.
            None => self.steps = None,
        }
        Ok(found)
    }

    /// The names that a function can look up, for a proposal in place of one that is not there.
    pub(crate) fn names(&self, py: Python<'_>, number: u32) -> PyResult<Vec<String>> {
        let Some(function) = self.functions.get(number as usize) else { return Ok(Vec::new()) };
        let function = function.bind(py);
        let mut names: Vec<String> = function.getattr("__code__")?.getattr("co_freevars")?.extract()?;
        for scope in [function.getattr("__globals__")?, py.import("builtins")?.getattr("__dict__")?] {
            names.extend(scope.cast_into::<PyDict>()?.keys().iter().filter_map(|name| name.extract().ok()));
        }
        Ok(names)
    }

    /// An attribute of an object.
    pub(crate) fn attribute(&mut self, py: Python<'_>, number: u32, name: &str) -> PyResult<Option<Object>> {
        let Some(object) = self.objects.get(number as usize) else { return Ok(None) };
        let object = object.bind(py).clone();
        let found = match object.getattr_opt(name)? {
            Some(value) => Some(self.describe(&value)?),
            None => None,
        };
        self.note(Step::Attribute(number, name.to_owned(), found.clone()));
        Ok(found)
    }

    /// The implementation of an overloaded function for arguments of these types.
    pub(crate) fn overload(
        &mut self,
        py: Python<'_>,
        number: u32,
        positional: &[String],
        keywords: &[(String, String)],
    ) -> PyResult<Option<Object>> {
        let Some(object) = self.objects.get(number as usize) else { return Ok(None) };
        let chosen = py.import("numir._overloads")?.call_method1("choose", (object, positional, keywords))?;
        let found = match chosen.cast::<PyString>() {
            Ok(why) => Object::Refused(why.extract()?),
            Err(_) => self.describe(&chosen)?,
        };
        self.note(Step::Overload(number, positional.to_vec(), keywords.to_vec(), Some(found.clone())));
        Ok(Some(found))
    }

    /// What an attribute of the values of a type, or of a module, stands for that the compiler does not know.
    pub(crate) fn member(&mut self, py: Python<'_>, of: &str, name: &str) -> PyResult<Option<Object>> {
        let member = py.import("numir._overloads")?.call_method1("member", (of, name))?;
        let found = if member.is_none() { None } else { Some(self.describe(&member)?) };
        self.note(Step::Member(of.to_owned(), name.to_owned(), found.clone()));
        Ok(found)
    }

    /// The names that the block of a `with objmode()` statement reads and sets, or why it cannot run.
    pub(crate) fn host_names(
        &mut self,
        py: Python<'_>,
        function: u32,
        (line, column): (u32, u32),
    ) -> PyResult<Result<HostNames, String>> {
        let Some(function) = self.functions.get(function as usize) else {
            return Ok(Err("the function is not known".to_owned()));
        };
        let names = py.import("numir._objmode")?.call_method1("names_of", (function, line, column))?;
        if let Ok(why) = names.extract::<String>() {
            return Ok(Err(why));
        }
        let (read, written) = names.extract()?;
        Ok(Ok(HostNames { read, written }))
    }

    /// The block of a `with objmode()` statement, or why there is none.
    pub(crate) fn host_code(
        &mut self,
        py: Python<'_>,
        function: u32,
        place: (u32, u32),
        inputs: &[(String, Type)],
    ) -> PyResult<Result<HostCode, String>> {
        let Some(function) = self.functions.get(function as usize) else {
            return Ok(Err("the function is not known".to_owned()));
        };
        if let Some((name, _)) = inputs.iter().find(|(_, ty)| holds_generator(ty)) {
            return Ok(Err(format!("`{name}` is a Generator, which Python's code cannot be handed")));
        }
        let names: Vec<&str> = inputs.iter().map(|(name, _)| name.as_str()).collect();
        let made = py.import("numir._objmode")?.call_method1("block_of", (function, place.0, place.1, names))?;
        if let Ok(why) = made.extract::<String>() {
            return Ok(Err(why));
        }
        let (body, outputs): (Py<PyAny>, Vec<(String, String)>) = made.extract()?;
        let mut typed = Vec::with_capacity(outputs.len());
        for (name, spelling) in outputs {
            match spelling.parse::<Type>() {
                Ok(ty) => typed.push((name, ty)),
                Err(error) => return Ok(Err(error.to_string())),
            }
        }
        self.unkept = Some("objmode");
        Ok(Ok(crate::host::add(body, inputs.iter().map(|(_, ty)| ty.clone()).collect(), typed)))
    }

    /// Keeps what the code knows by its address, which means nothing to another process.
    fn keep_address(&mut self, object: &Bound<'_, PyAny>) {
        self.addressed.push(object.clone().unbind());
        self.unkept = Some("a dynamic global (such as a ctypes pointer)");
    }

    fn add_object(&mut self, object: &Bound<'_, PyAny>) -> u32 {
        self.objects.push(object.clone().unbind());
        self.objects.len() as u32 - 1
    }

    /// What an object is to the compiler.
    pub(crate) fn describe(&mut self, object: &Bound<'_, PyAny>) -> PyResult<Object> {
        let py = object.py();
        if object.is_none() {
            return Ok(Object::None);
        }
        if object.is(py.Ellipsis()) {
            return Ok(Object::Ellipsis);
        }
        if let Ok(value) = object.cast_exact::<PyBool>() {
            return Ok(Object::Bool(value.is_true()));
        }
        let types = Types::get(py)?;
        if types.is_scalar(object.as_ptr()) {
            return Ok(match types.scalar(object.as_ptr()) {
                // SAFETY: a live scalar of that dtype.
                Some(dtype) => Object::Scalar(dtype.name().to_owned(), unsafe { scalar_words(py, object.as_ptr()) }),
                None => self.records(object)?,
            });
        }
        if let Ok(value) = object.cast::<PyInt>() {
            return Ok(value.extract().map_or_else(|_| other(object), Object::Int));
        }
        if let Ok(value) = object.cast::<PyFloat>() {
            return Ok(Object::Float(value.value()));
        }
        if let Ok(value) = object.cast::<PyComplex>() {
            return Ok(Object::Complex(value.getattr("real")?.extract()?, value.getattr("imag")?.extract()?));
        }
        if let Ok(value) = object.cast::<PyString>() {
            return Ok(Object::Text(value.extract()?));
        }
        if let Ok(value) = object.cast::<PySlice>() {
            let mut part = |name| self.index(&value.getattr(name)?);
            return Ok(match (part("start")?, part("stop")?, part("step")?) {
                (Some(start), Some(stop), Some(step)) => Object::Slice(Box::new([start, stop, step])),
                _ => other(object),
            });
        }
        if let Some(dtype) = dtype(object)? {
            return Ok(Object::DType(dtype.name().to_owned()));
        }
        if object.is_instance(&object.py().import("numpy")?.getattr("dtype")?)? {
            let layout = object.py().import("numir._records")?.call_method1("layout_of", (object,))?.extract()?;
            return Ok(Option::map_or_else(layout, || other(object), Object::RecordType));
        }
        if let Ok(value) = object.cast::<PyTuple>() {
            let items = value.iter().map(|item| self.describe(&item)).collect::<PyResult<_>>()?;
            return Ok(match class_of(&value.get_type())? {
                Some(class) => Object::NamedTuple((*class).clone(), items),
                None => Object::Tuple(items),
            });
        }
        if let Ok(module) = object.cast::<PyModule>() {
            let name = module.name()?.extract()?;
            return Ok(Object::Module(name, self.add_object(object)));
        }
        if types.is_array_like(object.as_ptr()) {
            // SAFETY: it is an array.
            return Ok(match unsafe { ArrayView::new(object.as_ptr()) }.ty() {
                Ok(ty) if self.is_c && ty.layout != Layout::Any => {
                    // SAFETY: it is an array.
                    let view = unsafe { ArrayView::new(object.as_ptr()) };
                    let extents = view.shape().iter().map(|extent| *extent as i64).collect();
                    let address = view.data().expose_provenance() as u64;
                    self.keep_address(object);
                    Object::ArrayAt(ty, address, extents)
                }
                Ok(ty) => {
                    self.arrays.push(object.clone().unbind());
                    Object::Array(ty, self.arrays.len() as u32 - 1)
                }
                Err(_) => self.records(object)?,
            });
        }
        if is_generator(object)? {
            if self.is_c {
                let message = "a Generator that C code uses by name: C hands over none";
                return Ok(Object::Refused(message.to_owned()));
            }
            self.arrays.push(object.clone().unbind());
            return Ok(Object::Generator(self.arrays.len() as u32 - 1));
        }
        if let Some(function) = crate::dispatcher::python_function(object) {
            return Ok(Object::Function(self.add_function(&function, Some(object))));
        }
        self.named(object)
    }

    /// A record or an array of records, captured by reference; any other object is none of the compiler's.
    fn records(&mut self, object: &Bound<'_, PyAny>) -> PyResult<Object> {
        let Some(layout) = layout_of(object)? else { return Ok(other(object)) };
        if self.is_c {
            let message = "records that C code uses by name: C hands over no records";
            return Ok(Object::Refused(message.to_owned()));
        }
        let (bytes, writable): (Py<PyAny>, bool) =
            object.py().import("numir._records")?.call_method1("bytes_of", (object,))?.extract()?;
        let rank = bytes.bind(object.py()).getattr("ndim")?.extract()?;
        self.arrays.push(bytes);
        let ty = ArrayType { writable, ..ArrayType::new(DType::UInt8, rank, Layout::Any) };
        Ok(Object::Records(layout, ty, self.arrays.len() as u32 - 1))
    }

    /// What `numir.stencil` makes: the type says so, by an attribute that describes its objects.
    fn stencil(&mut self, object: &Bound<'_, PyAny>) -> PyResult<Option<Stencil>> {
        const DESCRIPTION: &str = "__numir_stencil__";
        if object.get_type().getattr_opt(DESCRIPTION)?.is_none() {
            return Ok(None);
        }
        let (kernel, mode, cval, neighborhood, standard_indexing): (
            Bound<'_, PyAny>,
            _,
            Option<Bound<'_, PyAny>>,
            _,
            _,
        ) = object.getattr(DESCRIPTION)?.extract()?;
        let cval = cval.map(|cval| self.describe(&cval)).transpose()?;
        Ok(Some(Stencil { kernel: self.add_function(&kernel, None), mode, cval, neighborhood, standard_indexing }))
    }

    /// What belongs to C: a function, or a library that is looked into.
    fn foreign(&mut self, object: &Bound<'_, PyAny>) -> PyResult<Option<Object>> {
        let told = object.py().import("numir._foreign")?.call_method1("described", (object,))?;
        if told.is_none() {
            return Ok(None);
        }
        let kind: String = told.get_item(0)?.extract()?;
        Ok(Some(match kind.as_str() {
            "module" => Object::Module(String::new(), self.add_object(object)),
            "known" => Object::Known(told.get_item(1)?.extract()?, told.get_item(2)?.extract()?),
            "refused" => Object::Refused(told.get_item(1)?.extract()?),
            _ => {
                let (_, name, address, parameters, result): (String, String, u64, Vec<String>, String) =
                    told.extract()?;
                let parse = |spelling: &str| {
                    spelling.parse().map_err(|error| PyValueError::new_err(format!("{name}: {error}")))
                };
                let parameters = parameters.iter().map(|spelling| parse(spelling)).collect::<PyResult<_>>()?;
                let result = parse(&result)?;
                self.keep_address(object);
                Object::Foreign(Foreign { name, address, parameters, result })
            }
        }))
    }

    /// A part of a slice: None, or an integer that fits 64 bits; None for what is neither.
    fn index(&mut self, part: &Bound<'_, PyAny>) -> PyResult<Option<Object>> {
        if part.is_none() {
            return Ok(Some(Object::None));
        }
        Ok(part.extract::<i64>().ok().map(|value| Object::Int(value.into())))
    }

    /// What has a name in a module that the compiler knows; Python functions; classes that are looked into.
    fn named(&mut self, object: &Bound<'_, PyAny>) -> PyResult<Object> {
        let py = object.py();
        if object.is_instance(&py.import("enum")?.getattr("Enum")?)?
            && let Some(class) = class_of(&object.get_type())?
        {
            let value = self.describe(&object.getattr("_value_")?)?;
            return Ok(Object::Member((*class).clone(), Box::new(value)));
        }
        // A kernel is the function that it runs.
        if let Some(function) = object.getattr_opt("__numir_function__")? {
            return Ok(Object::Function(self.add_function(&function, None)));
        }
        if let Some(stencil) = self.stencil(object)? {
            return Ok(Object::Stencil(Box::new(stencil)));
        }
        if let Some(told) = self.foreign(object)? {
            return Ok(told);
        }
        let overloaded = py.import("numir._source")?.call_method1("overloaded", (object,))?;
        if let Ok((name, is_property)) = overloaded.extract::<(String, bool)>() {
            let number = self.add_object(object);
            return Ok(if is_property { Object::Property(name, number) } else { Object::Overloaded(name, number) });
        }
        let known = py.import("numir._source")?.call_method1("known", (object,))?;
        if let Ok((module, name)) = known.extract::<(String, String)>() {
            return Ok(Object::Known(module, name));
        }
        if object.get_type().name()? == "function" {
            return Ok(Object::Function(self.add_function(object, None)));
        }
        if let Ok(class) = object.cast::<PyType>()
            && class.is_subclass(&py.import("enum")?.getattr("Enum")?)?
        {
            return Ok(Object::Module(String::new(), self.add_object(object)));
        }
        if let Ok(class) = object.cast::<PyType>()
            && let Some(described) = class_of(class)?
        {
            let defaults = class.getattr("_field_defaults")?;
            let defaults = defaults.cast::<PyDict>().map_err(PyErr::from)?.values();
            let defaults = defaults.iter().map(|default| self.describe(&default)).collect::<PyResult<_>>()?;
            return Ok(Object::TupleClass((*described).clone(), defaults));
        }
        if let Ok(class) = object.cast::<PyType>()
            && class.is_subclass_of::<PyBaseException>()?
        {
            let (name, number) = (class.name()?.to_string(), self.add_object(object));
            self.exceptions.push((format!("{name}#{number}"), object.clone().unbind()));
            return Ok(Object::Exception(name, number));
        }
        Ok(other(object))
    }
}

/// The dtype that an object of NumPy is, if the language has it and its bytes are in this machine's order.
pub(crate) fn dtype(object: &Bound<'_, PyAny>) -> PyResult<Option<DType>> {
    if !object.is_instance(&object.py().import("numpy")?.getattr("dtype")?)?
        || !object.getattr("isnative")?.is_truthy()?
    {
        return Ok(None);
    }
    Ok(DType::from_name(&object.getattr("name")?.extract::<String>()?))
}

fn other(object: &Bound<'_, PyAny>) -> Object {
    Object::Other(object.get_type().name().map_or_else(|_| "?".to_owned(), |name| name.to_string()))
}

/// The value of a name in a function's closure, its globals, or the built-ins.
fn lookup<'py>(function: &Bound<'py, PyAny>, name: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
    let free = function.getattr("__code__")?.getattr("co_freevars")?.cast_into::<PyTuple>()?;
    for (place, candidate) in free.iter().enumerate() {
        if candidate.cast::<PyString>()?.to_str()? == name {
            let contents = function.getattr("__closure__")?.get_item(place)?.getattr("cell_contents");
            // An empty cell has no contents yet.
            let is_empty = |error: &PyErr| error.is_instance_of::<PyValueError>(function.py());
            return contents.map(Some).or_else(|error| if is_empty(&error) { Ok(None) } else { Err(error) });
        }
    }
    let globals = function.getattr("__globals__")?.cast_into::<PyDict>()?;
    if let Some(value) = globals.get_item(name)? {
        return Ok(Some(value));
    }
    function.py().import("builtins")?.getattr_opt(name)
}

/// The layout of a record, or of an array of records, as it is spelt; None of anything else.
pub(crate) fn layout_of(object: &Bound<'_, PyAny>) -> PyResult<Option<String>> {
    object.py().import("numir._records")?.call_method1("layout_of", (object.getattr("dtype")?,))?.extract()
}
