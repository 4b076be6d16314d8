"""Expressions and assignments of arrays, compiled and compared with what NumPy gives: value, dtype, shape, class of exception."""

import importlib.util
import re

import numir
import numpy as np

PARAMETERS = "a, f, m, v, i, s, b, u"
#: Functions that write to an array and return None.
WRITERS = ("np.fill_diagonal", "np.put(", "np.place", "np.putmask", "np.copyto", "np.put_along_axis")


def _arrays(a, m, strided):
    return (
        a,
        np.asfortranarray(a),
        m,
        np.array([3, 1, 2, 0]),
        np.array([[0, 1], [2, 0]]),
        strided(m),
        (m > 4) | (m == 2),
        np.array([1, 0, 2], np.uint8),
    )


#: Sets of arguments: of several dtypes, C, Fortran, reversed and strided.
ARRAYS = {
    "plain": (np.int64, np.float64, lambda m: m[::-1, ::2]),
    "small": (np.int8, np.float32, lambda m: m[:, ::-2]),
    "unsigned": (np.uint8, np.int16, lambda m: m.T[::3].T),
    "bools": (np.bool_, np.uint64, lambda m: m[1:, 1:3]),
}


def arguments(name):
    first, second, strided = ARRAYS[name]
    a, m = np.arange(24).reshape(2, 3, 4).astype(first), np.arange(12).reshape(3, 4).astype(second)
    return _arrays(a, m, strided)


def _same(expected, found):
    if isinstance(expected, (tuple, list)):
        return isinstance(found, (tuple, list)) and len(expected) == len(found) and all(map(_same, expected, found))
    expected, found = np.asarray(expected), np.asarray(found)
    if expected.dtype != found.dtype or expected.shape != found.shape:
        return False
    if expected.dtype.kind == "f":
        return np.allclose(expected, found, rtol=1e-6, atol=0, equal_nan=True)
    return np.array_equal(expected, found)


def _outcome(function, name):
    try:
        given = arguments(name)
        return function(*given), given
    except Exception as error:
        return error, None


def check(cases, arrays, directory):
    """Compiles each of the cases, and compares the results and what became of the arguments."""
    lines = ["import numpy as np", ""]
    for number, case in enumerate(cases):
        writes = re.match(r"^\w+\[.*\]\s*[+*]?=[^=]", case) or case.startswith(WRITERS)
        lines += [f"def case_{number}({PARAMETERS}):", f"    {case if writes else 'return ' + case}", ""]
    path = directory / "cases.py"
    path.write_text("\n".join(lines))
    spec = importlib.util.spec_from_file_location("cases", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    wrong = []
    for number, case in enumerate(cases):
        function = getattr(module, f"case_{number}")
        expected, left = _outcome(function, arrays)
        found, changed = _outcome(numir.njit(function), arrays)
        if isinstance(expected, Exception) or isinstance(found, Exception):
            fine = isinstance(found, Exception) and isinstance(expected, type(found))
        else:
            fine = _same(expected, found) and _same(left, changed)
        if not fine:
            wrong.append(f"{case}: NumPy gives {expected!r}, numir {found!r}")
    assert not wrong, "\n\n".join(wrong)
