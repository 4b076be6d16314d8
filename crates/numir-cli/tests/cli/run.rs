//! `numir run`: literals in, Python's texts out.

use crate::support::Folder;

const SAME: &str = "def same(x):\n    return x\n";

#[test]
fn literals_come_back_as_python_prints_them() {
    let folder = Folder::with_program(SAME);
    for (literal, printed) in [
        ("1", "1"),
        ("-1", "-1"),
        ("1_000", "1000"),
        ("0x10", "16"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("18446744073709551615", "18446744073709551615"),
        ("1e-3", "0.001"),
        ("-1e22", "-1e+22"),
        ("1e16", "1e+16"),
        ("-0.0", "-0.0"),
        ("inf", "inf"),
        ("-inf", "-inf"),
        ("nan", "nan"),
        ("2j", "2j"),
        ("1+2j", "(1+2j)"),
        ("-1.5-2j", "(-1.5-2j)"),
        ("True", "True"),
        ("(1, 2.5)", "(1, 2.5)"),
        ("(1,)", "(1,)"),
        ("(1, (2, -3.0), True)", "(1, (2, -3.0), True)"),
        ("'it\\'s'", "it's"),
    ] {
        assert_eq!(folder.run(&["same", literal]), format!("{printed}\n"), "{literal}");
    }
    assert_eq!(folder.run(&["same", "None"]), "");
}

#[test]
fn lists_are_arrays() {
    let folder = Folder::with_program(SAME);
    let shown = folder.run(&["same", "[1, 2, -3]"]);
    assert_eq!(shown, "int64 array of shape (3,), min -3, max 2, mean 0.0\n[ 1  2 -3]\n");
    let shown = folder.run(&["same", "[[1, 2.5], [nan, 4]]"]);
    assert_eq!(
        shown,
        "float64 array of shape (2, 2), min 1.0, max 4.0, mean 2.5, 1 of 4 items are nan\n[[1.  2.5]\n [nan 4. ]]\n"
    );
    assert_eq!(folder.run(&["same", "[]"]), "float64 array of shape (0,)\n[]\n");
    assert_eq!(folder.run(&["same", "[True]"]), "bool array of shape (1,)\n[ True]\n");
    let refused = folder.refused(&["same", "[[1], [2, 3]]"]);
    assert!(refused.contains("different lengths"), "{refused}");
    let refused = folder.refused(&["same", "['a']"]);
    assert!(refused.contains("numbers only"), "{refused}");
}

#[test]
fn a_list_takes_the_declared_dtype() {
    let folder = Folder::with_program(
        "from numir import float32, uint8\n\ndef f(x: float32[:]):\n    return x\n\ndef u(x: uint8[:]):\n    return x\n",
    );
    assert!(folder.run(&["f", "[1, 2.5]"]).starts_with("float32 array of shape (2,)"));
    assert!(folder.run(&["u", "[0, 255]"]).starts_with("uint8 array of shape (2,)"));
    for list in ["[256]", "[-1]", "[1.5]", "[1j]"] {
        let refused = folder.refused(&["u", list]);
        assert!(refused.contains("does not fit the declared uint8"), "{refused}");
    }
}

#[test]
fn arguments_are_bound_as_python_binds_them() {
    let program = "def f(a: int, b: int = 2, *, c: int = 3):\n    return (a, b, c)\n";
    let folder = Folder::with_program(program);
    assert_eq!(folder.run(&["f", "1"]), "(1, 2, 3)\n");
    assert_eq!(folder.run(&["f", "1", "5"]), "(1, 5, 3)\n");
    assert_eq!(folder.run(&["f", "b=-7", "a=1"]), "(1, -7, 3)\n");
    assert_eq!(folder.run(&["f", "1", "c=4"]), "(1, 2, 4)\n");
    for (arguments, words) in [
        (&["f"][..], "missing 1 required positional argument: 'a'"),
        (&["f", "1", "2", "3"], "takes from 1 to 2 positional arguments but 3 were given"),
        (&["f", "1", "a=1"], "got multiple values for argument 'a'"),
        (&["f", "1", "d=1"], "got an unexpected keyword argument 'd'"),
    ] {
        let refused = folder.refused(arguments);
        assert!(refused.contains(words), "{refused}");
        assert!(refused.contains("--> p.py:1:1"), "{refused}");
    }
    assert_eq!(folder.numir(&["run", "p.py", "f", "a=1", "2"]).code, Some(2));
}

#[test]
fn further_arguments_go_to_the_starred_parameter() {
    let folder = Folder::with_program(
        "def f(a, *rest, k=2):\n    return a, rest, k\n\n\ndef g(*xs: float):\n    return sum(xs), len(xs)\n",
    );
    for (arguments, printed) in [
        (&["f", "1"][..], "(1, (), 2)"),
        (&["f", "1", "2", "(3.5, None)"], "(1, (2, (3.5, None)), 2)"),
        (&["f", "1", "2j", "k=5"], "(1, (2j,), 5)"),
        (&["g"], "(0, 0)"),
        (&["g", "1", "2.5"], "(3.5, 2)"),
    ] {
        assert_eq!(folder.run(arguments), format!("{printed}\n"), "{arguments:?}");
    }
    assert!(folder.refused(&["f", "k=1"]).contains("missing 1 required positional argument: 'a'"));
    assert!(folder.refused(&["g", "1j"]).contains("`xs` is declared as float"));
    assert_eq!(folder.numir(&["compile", "p.py:f", "--types", "i64, f64, f64"]).code, Some(0));
}

#[test]
fn annotations_take_what_fits() {
    let program = "from numir import int8, uint64, float32\n\
        def i(x: int):\n    return x\n\
        def b(x: int8):\n    return x\n\
        def u(x: uint64):\n    return x\n\
        def f(x: float):\n    return x\n\
        def s(x: float32):\n    return x\n\
        def c(x: complex):\n    return x\n\
        def t(x: bool):\n    return x\n";
    let folder = Folder::with_program(program);
    for (function, argument, printed) in [
        ("i", "True", "1"),
        ("b", "-128", "-128"),
        ("u", "18446744073709551615", "18446744073709551615"),
        ("f", "3", "3.0"),
        ("s", "0.1", "0.10000000149011612"),
        ("c", "1.5", "(1.5+0j)"),
        ("t", "True", "True"),
    ] {
        assert_eq!(folder.run(&[function, argument]), format!("{printed}\n"));
    }
    for (function, argument) in
        [("i", "1.0"), ("i", "1j"), ("b", "128"), ("u", "-1"), ("f", "1j"), ("t", "1"), ("i", "'a'")]
    {
        let refused = folder.refused(&[function, argument]);
        assert!(refused.contains("TypeError") && refused.contains("`x` is declared as"), "{refused}");
    }
}

#[test]
fn what_a_program_prints_comes_before_its_result() {
    let folder = Folder::with_program("def f(x):\n    print('one', x)\n    print('two')\n    return x + 1\n");
    assert_eq!(folder.run(&["f", "1"]), "one 1\ntwo\n2\n");
}

#[test]
fn error_models_and_checks_can_be_chosen() {
    let folder = Folder::with_program("def f(a: float, b: float):\n    return a / b\n");
    assert!(folder.refused(&["f", "1", "0"]).contains("ZeroDivisionError"));
    assert_eq!(folder.run(&["f", "1", "0", "--error-model", "numpy"]), "inf\n");
    assert_eq!(folder.run(&["--threads", "1", "--boundscheck=off", "--opt", "0", "f", "1", "2"]), "0.5\n");
}
