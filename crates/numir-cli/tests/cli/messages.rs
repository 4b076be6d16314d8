//! What users read, reviewed as snapshots.

use crate::support::Folder;

/// A name, a program, and the call of it that goes wrong.
const CASES: &[(&str, &str, &[&str])] = &[
    ("syntax", "def f(x):\n    return x +\n", &["f", "1"]),
    ("missing_name", "def f(x):\n    return y + x\n", &["f", "1"]),
    ("missing_function", "def f(x):\n    return x\n", &["g", "1"]),
    ("unsupported", "def f(x):\n    with x:\n        pass\n", &["f", "1"]),
    ("types_that_do_not_fit", "def f(x):\n    y = None\n    return x + y\n", &["f", "1"]),
    ("missing_argument", "def f(x, y, z):\n    return x\n", &["f", "1"]),
    ("wrong_dtype", "from numir import float32\n\ndef f(x: float32[::1]):\n    return x\n", &["f", "x.npy"]),
    ("wrong_rank", "from numir import float64\n\ndef f(x: float64[:, ::1]):\n    return x\n", &["f", "x.npy"]),
    ("wrong_kind", "def f(count: int):\n    return count\n", &["f", "1.5"]),
    ("not_a_literal", "def f(x):\n    return x\n", &["f", "hello"]),
    ("missing_file", "def f(x):\n    return x\n", &["f", "none.npy"]),
    ("index", "def f(a, i: int):\n    return a[i]\n", &["f", "[1, 2, 3]", "10"]),
    ("division", "def g(a: int, b: int):\n    return a // b\n\n\ndef f(a: int):\n    return g(a, 0)\n", &["f", "1"]),
    (
        "raised",
        "def f(x: float):\n    if x < 0.0:\n        raise ValueError('x must not be negative')\n    return x\n",
        &["f", "-1"],
    ),
    ("missing_import", "import nowhere\n\ndef f(x):\n    return nowhere.g(x)\n", &["f", "1"]),
];

#[test]
fn messages() {
    for (name, program, arguments) in CASES {
        let folder = Folder::with_program(program);
        folder.write("x.npy", one_dimension());
        let text = format!("$ numir run p.py {}\n{}", arguments.join(" "), folder.refused(arguments));
        insta::assert_snapshot!(*name, text);
    }
}

#[test]
fn a_missing_program() {
    let folder = Folder::with_program("");
    insta::assert_snapshot!("missing_program", folder.fails(&["run", "none.py", "f"]));
}

/// The bytes of `np.zeros(1)`.
fn one_dimension() -> Vec<u8> {
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }\n";
    [b"\x93NUMPY\x01\x00", &(header.len() as u16).to_le_bytes()[..], header.as_bytes(), &[0; 8]].concat()
}
