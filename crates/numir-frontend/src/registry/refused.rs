//! What compiled code cannot have by its nature, and why, or what does the same there: there is no interpreter behind it, it has neither
//! lists nor bytes, and it reads no files.

const NAMES: &str = "compiled code keeps no dictionary of names";
const SOURCE: &str = "compiled code holds no compiler";
const FILES: &str = "compiled code reads and writes arrays; files and consoles are read before it is called";

/// Built-ins and reasons.
static BUILTINS: &[(&str, &str)] = &[
    ("locals", NAMES),
    ("globals", NAMES),
    ("vars", NAMES),
    ("dir", NAMES),
    ("eval", SOURCE),
    ("exec", SOURCE),
    ("compile", SOURCE),
    ("__import__", SOURCE),
    ("open", FILES),
    ("input", FILES),
];

const BYTES: &str = "compiled code has no bytes: `a.view(np.uint8)` of an array in C order are its bytes as numbers";
const DRAWN_BYTES: &str = "compiled code has no bytes: draw integers from 0 to 255 instead";
const TEXTS: &str = "`print(a)` shows an array; compiled code makes no other texts of it";
const LOOPS: &str = "loop over the items, or over `np.ndenumerate(a)` and `np.ndindex(a.shape)`";
const POLYNOMIALS: &str = "`np.polyval`, `np.polyfit`, `np.polymul` and the like work on arrays of coefficients";
const WIDTHS: &str = "the widest floats of compiled code are `np.float64` and `np.complex128`";
const STATE: &str = "make the generators before the call, and pass them";
const FLAGS: &str = "whether an array can be written is part of its type: pass it as it should be";
const FIELDS: &str = "`a.view(dtype)` is the memory of an array as items of another dtype";

/// Attributes of modules, arrays and generators: the owner, the name, and what helps.
static MEMBERS: &[(&str, &[&str], &str)] = &[
    (
        "ndarray",
        &["tolist"],
        "compiled code has no lists: loop over the array, or return it and ask for its list outside",
    ),
    ("ndarray", &["tobytes", "dumps", "dump", "tofile"], BYTES),
    (
        "ndarray",
        &["resize"],
        "an array keeps its shape in compiled code: `np.resize(a, shape)` gives another one, with the items repeated as needed",
    ),
    ("ndarray", &["setflags"], FLAGS),
    ("ndarray", &["getfield", "setfield"], FIELDS),
    ("ndarray", &["to_device", "device"], "arrays of compiled code lie in the memory of the CPU"),
    ("ndarray", &["base"], "`np.shares_memory(a, b)` tells whether arrays have items in common"),
    (
        "numpy",
        &[
            "save",
            "load",
            "savez",
            "savez_compressed",
            "savetxt",
            "loadtxt",
            "genfromtxt",
            "fromfile",
            "memmap",
            "fromregex",
        ],
        FILES,
    ),
    ("numpy", &["fromstring", "frompyfunc"], "call it before, and pass the result"),
    ("numpy", &["array2string", "array_repr", "array_str", "base_repr", "binary_repr", "set_printoptions"], TEXTS),
    ("numpy", &["format_float_positional", "format_float_scientific", "get_printoptions", "printoptions"], TEXTS),
    (
        "numpy",
        &["vectorize"],
        "a function that `numir.vectorize` makes can be called here, and so can any function in a loop",
    ),
    ("numpy", &["fromiter"], "make an array such as `np.empty(n)`, and fill it in a loop"),
    ("numpy", &["nditer", "nested_iters", "broadcast", "flatiter"], LOOPS),
    ("numpy", &["poly1d", "polynomial"], POLYNOMIALS),
    ("numpy", &["matrix", "asmatrix", "bmat"], "arrays of two axes are matrices: `a @ b` is their product"),
    ("numpy", &["ma"], "keep the mask as an array of truth values of its own, or NaN where items are missing"),
    ("numpy", &["char", "strings", "rec", "recarray"], "pass arrays that were made before"),
    ("numpy", &["longdouble", "clongdouble", "float128", "complex256", "float96", "complex192"], WIDTHS),
    (
        "numpy",
        &["seterr", "geterr", "seterrcall", "geterrcall"],
        "compiled code neither raises nor reports NumPy's arithmetic errors",
    ),
    ("numpy", &["min_scalar_type", "common_type"], "`np.result_type` and `np.promote_types` give dtypes"),
    ("numpy", &["einsum_path"], "`np.einsum(..., optimize=True)` chooses the order itself"),
    ("numpy", &["datetime_as_string", "busdaycalendar"], "pass what it gives"),
    ("numpy", &["float_", "longfloat"], "NumPy 2 has `np.float64`"),
    ("numpy", &["complex_", "cfloat", "longcomplex", "clongfloat", "singlecomplex"], "NumPy 2 has `np.complex128`"),
    ("numpy", &["NaN", "NAN"], "NumPy 2 has `np.nan`"),
    ("numpy", &["Inf", "Infinity", "infty", "PINF", "NINF"], "NumPy 2 has `np.inf`"),
    ("numpy", &["product"], "NumPy 2 has `np.prod`"),
    ("numpy", &["cumproduct"], "NumPy 2 has `np.cumprod`"),
    ("numpy", &["in1d"], "NumPy 2 has `np.isin`"),
    ("numpy", &["trapz"], "NumPy 2 has `np.trapezoid`"),
    ("numpy", &["alltrue"], "NumPy 2 has `np.all`"),
    ("numpy", &["sometrue"], "NumPy 2 has `np.any`"),
    ("numpy", &["round_"], "NumPy 2 has `np.round`"),
    ("numpy", &["msort"], "NumPy 2 has `np.sort(a, axis=0)`"),
    ("numpy", &["asfarray"], "NumPy 2 has `np.asarray(a, dtype=np.float64)`"),
    ("numpy", &["find_common_type"], "NumPy 2 has `np.promote_types` and `np.result_type`"),
    ("numpy", &["obj2sctype", "sctype2char", "issctype", "issubclass_"], "NumPy 2 has `np.issubdtype`"),
    ("Generator", &["bytes"], DRAWN_BYTES),
    ("Generator", &["spawn", "bit_generator"], STATE),
    ("numpy.random", &["bytes"], DRAWN_BYTES),
    (
        "numpy.random",
        &["get_state", "set_state", "RandomState", "Generator", "PCG64", "MT19937", "SeedSequence"],
        STATE,
    ),
    ("random", &["randbytes"], DRAWN_BYTES),
    (
        "random",
        &["getstate", "setstate", "Random", "SystemRandom"],
        "compiled code has one generator of Python's kind, which `random.seed(n)` sets",
    ),
];

/// Why a built-in is not compiled; None for those that may be one day.
pub(crate) fn reason(name: &str) -> Option<&'static str> {
    BUILTINS.iter().find(|(refused, _)| *refused == name).map(|(_, reason)| *reason)
}

/// What helps whoever asks a module, or what else the owner is, for something that compiled code does not have.
pub(crate) fn help(owner: &str, name: &str) -> Option<&'static str> {
    MEMBERS.iter().find(|(of, names, _)| *of == owner && names.contains(&name)).map(|(.., help)| *help)
}
