//! Live programs: functions whose names are asked for, as the Python package's are.

use numir::live::{Environment, File, Function, Object, Settings};
use numir::wire::{Failure, Options, Reply, Request, Wanted};
use numir::{
    Array, ArrayType, Artifact, CompileOptions, DType, Error, LiveProgram, Module, Scalar, Type, Value, answer,
};
use std::collections::HashMap;

/// Functions, files and objects that a table tells.
#[derive(Default)]
struct Fake {
    files: Vec<File>,
    functions: Vec<Function>,
    names: HashMap<(u32, &'static str), Object>,
    attributes: HashMap<(u32, &'static str), Object>,
}

impl Fake {
    fn file(mut self, path: &str, text: &str) -> Self {
        self.files.push(File { path: path.to_owned(), text: text.to_owned() });
        self
    }

    /// A function of the last file.
    fn function(mut self, name: &str, line: u32) -> Self {
        let file = self.files.len() as u32 - 1;
        self.functions.push(Function {
            name: name.to_owned(),
            file,
            line,
            lambda: None,
            defaults: Vec::new(),
            settings: Settings::default(),
        });
        self
    }

    fn lambda(mut self, line: u32, before: u32) -> Self {
        self = self.function("<lambda>", line);
        self.functions.last_mut().expect("one").lambda = Some(before);
        self
    }

    fn with_default(mut self, name: &str, value: Object) -> Self {
        self.functions.last_mut().expect("one").defaults.push((name.to_owned(), value));
        self
    }

    fn name(mut self, function: u32, name: &'static str, object: Object) -> Self {
        self.names.insert((function, name), object);
        self
    }

    fn attribute(mut self, object: u32, name: &'static str, value: Object) -> Self {
        self.attributes.insert((object, name), value);
        self
    }

    fn compile(&self, types: &[Option<Type>]) -> Result<Artifact, Error> {
        let options = CompileOptions::default();
        Module::from_live(&LiveProgram::new(self), 0, types, &options)?.load(&options)
    }

    /// What function 0 returns.
    #[track_caller]
    fn shown(&self, arguments: &[Value]) -> String {
        let types: Vec<_> = arguments.iter().map(|value| Some(numir::type_of(value))).collect();
        let called = self.compile(&types).and_then(|artifact| {
            let mut arguments: Vec<_> = arguments.iter().cloned().map(Some).collect();
            // What is not given is left to its default.
            arguments.resize(artifact.signature().parameters.len(), None);
            artifact.call(&arguments)
        });
        match called {
            Ok(value) => value.repr(),
            Err(error) => panic!("{error}"),
        }
    }

    #[track_caller]
    fn failure(&self, types: &[Option<Type>]) -> Failure {
        match answer(&request(types, Wanted::Object), self) {
            Reply::Failed(failure) => failure,
            other => panic!("{other:?}"),
        }
    }
}

impl Environment for Fake {
    fn function(&self, number: u32) -> Option<Function> {
        self.functions.get(number as usize).cloned()
    }

    fn file(&self, number: u32) -> Option<File> {
        self.files.get(number as usize).cloned()
    }

    fn name(&self, function: u32, name: &str) -> Option<Object> {
        assert_ne!(name, "PANIC", "the environment itself fails");
        let own = self.names.iter().find(|((of, known), _)| *of == function && *known == name);
        own.map(|(_, object)| object.clone()).or_else(|| {
            let builtin = ["abs", "len", "range", "sorted", "float"].contains(&name);
            builtin.then(|| Object::Known("builtins".to_owned(), name.to_owned()))
        })
    }

    fn attribute(&self, object: u32, name: &str) -> Option<Object> {
        self.attributes.iter().find(|((of, known), _)| *of == object && *known == name).map(|(_, value)| value.clone())
    }

    fn names(&self, function: u32) -> Vec<String> {
        self.names.keys().filter(|(of, _)| *of == function).map(|(_, name)| (*name).to_owned()).collect()
    }
}

fn request(types: &[Option<Type>], wanted: Wanted) -> Request {
    let options = Options {
        bounds_check: true,
        python_errors: true,
        interruptible: false,
        c_result: None,
        fast_math: String::new(),
        parallel: false,
        level: 3,
        target: "host".to_owned(),
    };
    Request { function: 0, arguments: types.to_vec(), options, wanted }
}

const INT: Option<Type> = Some(Type::Scalar(Scalar::Int));

fn module(name: &str, number: u32) -> Object {
    Object::Module(name.to_owned(), number)
}

#[test]
fn globals_closures_and_other_files() {
    let program = Fake::default()
        .file(
            "/a/first.py",
            "import other\n\n@njit(cache=True)\ndef f(x):\n    return other.g(x) * SCALE + offset\n\n$ not Python\n",
        )
        .function("f", 3)
        .file("/b/other.py", "SCALE = 'another'\ndef g(x):\n    return h(x) + SCALE\n\ndef h(x):\n    return x * x\n")
        .function("g", 2)
        .function("h", 5)
        .name(0, "other", module("other", 0))
        .name(0, "SCALE", Object::Float(0.5))
        .name(0, "offset", Object::Int(7))
        .attribute(0, "g", Object::Function(1))
        .name(1, "h", Object::Function(2))
        .name(1, "SCALE", Object::Int(100));
    assert_eq!(program.shown(&[Value::Int(4)]), "65.0");
}

#[test]
fn constants_of_every_kind() {
    let double = 2.5_f64.to_bits();
    let program = Fake::default()
        .file(
            "<ipython-input-3-5f2a>",
            "def f():\n    return (a, b, c, d, e, None if n is None else 1, t[1], len(s))\n",
        )
        .function("f", 1)
        .name(0, "a", Object::Bool(true))
        .name(0, "b", Object::Complex(1.0, -2.0))
        .name(0, "c", Object::Scalar("int8".to_owned(), [0xfd, 0]))
        .name(0, "d", Object::Scalar("float64".to_owned(), [double, 0]))
        .name(0, "e", Object::Scalar("float32".to_owned(), [u64::from(1.5_f32.to_bits()), 0]))
        .name(0, "n", Object::None)
        .name(0, "s", Object::Text("four".to_owned()))
        .name(0, "t", Object::Tuple(vec![Object::Int(1), Object::Tuple(vec![Object::Int(2)])]));
    assert_eq!(program.shown(&[]), "(True, (1-2j), -3, 2.5, 1.5, None, (2,), 4)");
}

#[test]
fn methods_and_nested_definitions() {
    let text = "class C:\n    if True:\n        @staticmethod\n        @njit\n        def f(x, \n  y):\n            # a remark\n            def inner(z):\n                return z + x\n            return inner(y) + outer\n\n        def g(self): return 1\n    z = 3\n";
    let program = Fake::default().file("c.py", text).function("f", 3).name(0, "outer", Object::Int(10));
    assert_eq!(program.shown(&[Value::Int(1), Value::Int(2)]), "13");
    let program = Fake::default().file("c.py", text).function("g", 12);
    assert_eq!(program.shown(&[Value::Int(1)]), "1");
}

#[test]
fn lambdas_by_their_place() {
    let text = "x = [lambda: 0]\ntable = (\n    lambda x: x + 1,\n    {1: lambda x, y=(1, 2): x * y[1] if x else\n        -1}, [lambda v: lambda w: v - w for i in z])\n";
    let at = |line, before| Fake::default().file("l.py", text).lambda(line, before);
    assert_eq!(at(1, 0).shown(&[]), "0");
    assert_eq!(at(3, 0).shown(&[Value::Int(4)]), "5");
    let pair = Object::Tuple(vec![Object::Int(1), Object::Int(3)]);
    assert_eq!(at(3, 1).with_default("y", pair.clone()).shown(&[Value::Int(4)]), "12");
    assert_eq!(at(4, 0).with_default("y", pair).shown(&[Value::Int(0)]), "-1");
    let called = Fake::default()
        .file(
            "m.py",
            "def f(x):\n    return apply(twice, x)\ndef apply(g, x):\n    return g(x)\ntwice = lambda x: 2 * x\n",
        )
        .function("f", 1)
        .function("apply", 3)
        .lambda(5, 0)
        .name(0, "apply", Object::Function(1))
        .name(0, "twice", Object::Function(2));
    assert_eq!(called.shown(&[Value::Int(21)]), "42");
}

#[test]
fn defaults_are_those_of_the_object() {
    let program = Fake::default()
        .file("d.py", "def f(x):\n    return g(x)\ndef g(x, y=1, *, z=compute()):\n    return x + y + z\n")
        .function("f", 1)
        .function("g", 3)
        .with_default("y", Object::Int(20))
        .with_default("z", Object::Int(300))
        .name(0, "g", Object::Function(1));
    assert_eq!(program.shown(&[Value::Int(1)]), "321");
    let program = Fake::default().file("d.py", "def f(x=1):\n    return x\n").function("f", 1);
    let failure = program.failure(&[None]);
    assert_eq!(
        (failure.kind.as_str(), failure.message.as_str()),
        ("TypeError", "f() missing 1 required positional argument: 'x'")
    );
}

#[test]
fn captured_arrays_are_written_through() {
    let ty = ArrayType::contiguous(DType::Float64, 1);
    let program = Fake::default()
        .file("a.py", "def f(i):\n    for k in range(2):\n        g(i)\n    return other[0]\ndef g(i):\n    if i:\n        total[i] += 1.5\n    h(i - 1)\ndef h(i):\n    if i > 0:\n        g(i)\n")
        .function("f", 1)
        .function("g", 5)
        .function("h", 9)
        .name(0, "g", Object::Function(1))
        .name(0, "other", Object::Array(ArrayType::contiguous(DType::Int64, 1), 4))
        .name(1, "h", Object::Function(2))
        .name(1, "total", Object::Array(ty, 7))
        .name(2, "g", Object::Function(1));
    let artifact = program.compile(&[INT]).expect("it compiles");
    let numbers: Vec<u32> = artifact.signature().captured.iter().map(|(number, _)| *number).collect();
    assert_eq!(numbers, [4, 7]);
    let other = Array::zeros(DType::Int64, &[1]).expect("room");
    let total = Array::zeros(DType::Float64, &[3]).expect("room");
    let arguments = [Value::Int(2), Value::Array(other), Value::Array(total.clone())].map(Some);
    assert_eq!(artifact.call(&arguments).expect("it returns").repr(), "0");
    assert_eq!(Value::Array(total).repr(), "array([0., 3., 3.])");
    match answer(&request(&[INT], Wanted::Object), &program) {
        Reply::Compiled(compiled) => {
            assert_eq!(compiled.captured, [4, 7]);
            assert_eq!(compiled.entry, "numir_entry_f");
            assert!(compiled.may_take_long && compiled.object.starts_with(b"\x7fELF"));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn recursion_between_live_functions() {
    let program = Fake::default()
        .file("r.py", "def even(n):\n    return True if n == 0 else odd(n - 1)\ndef odd(n):\n    return False if n == 0 else even(n - 1)\n")
        .function("even", 1)
        .function("odd", 3)
        .name(0, "odd", Object::Function(1))
        .name(1, "even", Object::Function(0));
    assert_eq!(program.shown(&[Value::Int(10)]), "True");
}

#[test]
fn chains_of_attributes() {
    let program = Fake::default()
        .file("m.py", "def f(x):\n    return np.sqrt(x) + math.pi * 0 + pack.sub.Config.RATE + sine(0.0)\n")
        .function("f", 1)
        .name(0, "np", module("numpy", 1))
        .name(0, "math", module("math", 2))
        .name(0, "sine", Object::Known("numpy".to_owned(), "sin".to_owned()))
        .name(0, "pack", module("pack", 3))
        .attribute(3, "sub", module("pack.sub", 4))
        .attribute(4, "Config", module("", 5))
        .attribute(5, "RATE", Object::Float(0.25));
    assert_eq!(program.shown(&[Value::Float(4.0)]), "2.25");
    let mut program = program;
    program.attributes.clear();
    let failure = program.failure(&[Some(Type::Scalar(Scalar::Float))]);
    assert_eq!(failure.message, "`pack` has no attribute 'sub' that numir compiles");
}

#[test]
fn annotations_mean_what_their_names_stand_for() {
    let program = Fake::default()
        .file("n.py", "def f(x: 'NDArray[np.float64]') -> Undefined:\n    y: real = x\n    return g(y)\ndef g(x: np.float32, z: Whatever[3] = 1):\n    return x\n")
        .function("f", 1)
        .function("g", 4)
        .with_default("z", Object::Int(1))
        .name(0, "g", Object::Function(1))
        .name(0, "real", Object::Known("builtins".to_owned(), "float".to_owned()))
        .name(1, "np", module("numpy", 1));
    let artifact = program.compile(&[INT]).expect("it compiles");
    assert_eq!(artifact.signature().result, Type::Scalar(Scalar::Of(DType::Float32)));
}

#[test]
fn errors_tell_the_place_in_the_whole_file() {
    let text = "# one\n# two\nclass K:\n    def f(self, x):\n        return undefinde + x\n";
    let program = Fake::default().file("/x/k.py", text).function("f", 4).name(0, "undefined", Object::Int(1));
    let failure = program.failure(&[INT, INT]);
    assert_eq!((failure.kind.as_str(), failure.message.as_str()), ("NameError", "name 'undefinde' is not defined"));
    assert_eq!(failure.place, Some(("/x/k.py".to_owned(), 5, 16, "f".to_owned())));
    let shown = "NameError: name 'undefinde' is not defined\n --> /x/k.py:5:16\n  |\n5 |         return undefinde + x\n  |                ^^^^^^^^^\n  |\n  = help: did you mean `undefined`?\n";
    assert_eq!(failure.rendered, shown);
}

#[test]
fn what_cannot_be_compiled_says_what_works() {
    let with = |body: &str| Fake::default().file("w.py", &format!("def f(x):\n    return {body}\n")).function("f", 1);
    let failure = with("items[x]").name(0, "items", Object::Other("list".to_owned())).failure(&[INT]);
    assert_eq!(failure.kind, "TypingError");
    assert_eq!(failure.message, "`items` is a list object of Python, which compiled code cannot use by its name");
    assert!(failure.rendered.contains("help: a tuple, or a NumPy array, can be used by name"), "{}", failure.rendered);
    let failure = with("sorted(x)").failure(&[INT]);
    assert_eq!((failure.kind.as_str(), failure.message.as_str()), ("UnsupportedError", "`sorted` is not compiled yet"));
    let failure = with("g(x)").name(0, "g", Object::Function(9)).failure(&[INT]);
    assert_eq!(failure.kind, "ImportError");
    assert_eq!(failure.place, Some(("w.py".to_owned(), 2, 12, "f".to_owned())));
    let failure = Fake::default().file("k.py", "def f(**k):\n    return 1\n").function("f", 1).failure(&[None]);
    assert_eq!(failure.message, "the parameter `**k` is not compiled yet");
    let failure = Fake::default().file("k.py", "x = 1\n").function("f", 1).failure(&[INT]);
    assert_eq!(failure.message, "the source of `f` is not known");
}

#[test]
fn texts_and_types() {
    let program = Fake::default()
        .file("t.py", "\ndef f(x):\n    y = x * 0.5\n    for i in range(3):\n        y += i\n    return y\n")
        .function("f", 2);
    let text = |form: &str| match answer(&request(&[INT], Wanted::Text(form.to_owned())), &program) {
        Reply::Text(text) => text,
        other => panic!("{other:?}"),
    };
    assert!(text("numeric").contains("numeric.mul"));
    assert!(text("llvm-ir").contains("define"));
    assert!(text("asm").contains("numir_entry_f"));
    match answer(&request(&[INT], Wanted::Types), &program) {
        Reply::Text(text) => assert_eq!(text, "2\tx\tint\n3\ty\tfloat\n4\ti\tint\n5\ty\tfloat\n"),
        other => panic!("{other:?}"),
    }
    match answer(&request(&[INT], Wanted::Text("soup".to_owned())), &program) {
        Reply::Failed(failure) => assert_eq!(failure.kind, "ValueError"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn short_functions_are_known_to_be_short() {
    let program = Fake::default().file("s.py", "def f(x):\n    return x + 1\n").function("f", 1);
    match answer(&request(&[INT], Wanted::Object), &program) {
        Reply::Compiled(compiled) => assert!(!compiled.may_take_long),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_environment_that_panics_ends_the_compilation() {
    let program = Fake::default().file("p.py", "def f(x):\n    return PANIC\n").function("f", 1);
    let outcome = std::panic::catch_unwind(|| answer(&request(&[INT], Wanted::Object), &program));
    assert!(outcome.is_err(), "the panic is the caller's own");
}
