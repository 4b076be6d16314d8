"""C functions: the addresses of those that Cython modules export, of which NumPy's own are some, and calls of others in compiled code."""

import ctypes
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numir import config, njit, prange
from numir.errors import NumbaWarning, TypingError, UnsupportedError
from numir.extending import get_cython_function_address

COMMON = "numpy.random._common"


def test_an_exported_function_can_be_called_by_its_address():
    address = get_cython_function_address(COMMON, "kahan_sum")
    total = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.POINTER(ctypes.c_double), ctypes.c_ssize_t)(address)
    # A sum without compensation gives 0.0: each 1.0 is lost beside 1e16, and only the compensation keeps them.
    values = (ctypes.c_double * 4)(1e16, 1.0, 1.0, -1e16)
    assert total(values, 4) == 2.0


def test_an_exported_function_can_be_called_in_compiled_code():
    address = get_cython_function_address(COMMON, "kahan_sum")
    total = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.POINTER(ctypes.c_double), ctypes.c_ssize_t)(address)

    @njit
    def compiled(a):
        return total(a.ctypes, a.size)

    assert compiled(np.array([1e16, 1.0, 1.0, -1e16])) == 2.0


@pytest.mark.parametrize(
    ("module", "name", "words"),
    [
        (COMMON, "no_such", "exports no C function 'no_such'"),
        ("math", "sin", "it has no __pyx_capi__"),
        (COMMON, "MAXSIZE", "is no function but a variable of the type uint64_t"),
    ],
)
def test_what_is_no_exported_function_is_an_error_in_words(module, name, words):
    with pytest.raises(ValueError, match=words):
        get_cython_function_address(module, name)


def test_a_module_that_is_not_there_is_an_import_error():
    with pytest.raises(ImportError):
        get_cython_function_address("no_such_module_of_ours", "f")


# C functions in compiled code: each result is compared with what the same function gives under CPython.

SOURCE = r"""
#include <stdint.h>
#include <stdbool.h>
#include <stdlib.h>
int8_t i8(int8_t a, uint8_t b) { return a + b; }
uint16_t u16(uint16_t a, int16_t b) { return a - b; }
uint64_t u64(uint64_t a) { return a + 1; }
int64_t wide(int8_t a) { return a; }
bool both(bool a, bool b) { return a && b; }
float single(float a, double b) { return a * b; }
double many(double a, int b, float c, int64_t d, double e, double f, double g, double h, double i, double j, uint8_t k,
            int16_t l, int m, int n, int o) { return a + 2*b + 3*c + 5*d + 7*e + 11*f + 13*g + 17*h + 19*i + 23*j + k + l + m + n + o; }
double total(const double *items, int64_t count) { double sum = 0; while (count--) sum += *items++; return sum; }
void fill(double *items, int64_t count, double value) { while (count--) *items++ = value; }
int32_t first(const int32_t *items) { return items ? *items : -1; }
static int calls;
void count(void) { __atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED); }
int counted(void) { return calls; }
typedef double (*function)(double);
double apply(function f, double x) { return f(x); }
struct pair { double x, y; };
double norm(struct pair p) { return p.x + p.y; }
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """A library with a function of each kind, its types declared."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    assert compiler, "these tests need a C compiler"
    folder = tmp_path_factory.mktemp("foreign")
    (folder / "library.c").write_text(SOURCE)
    path = folder / "library.so"
    subprocess.run([compiler, "-O1", "-shared", "-fPIC", "-o", path, folder / "library.c"], check=True)
    found = ctypes.CDLL(str(path))
    items = ctypes.POINTER(ctypes.c_double)
    declared = {
        "i8": (ctypes.c_int8, [ctypes.c_int8, ctypes.c_uint8]),
        "u16": (ctypes.c_uint16, [ctypes.c_uint16, ctypes.c_int16]),
        "u64": (ctypes.c_uint64, [ctypes.c_uint64]),
        "wide": (ctypes.c_int64, [ctypes.c_int8]),
        "both": (ctypes.c_bool, [ctypes.c_bool, ctypes.c_bool]),
        "single": (ctypes.c_float, [ctypes.c_float, ctypes.c_double]),
        "many": (
            ctypes.c_double,
            [ctypes.c_double, ctypes.c_int, ctypes.c_float, ctypes.c_int64]
            + [ctypes.c_double] * 6
            + [ctypes.c_uint8, ctypes.c_int16]
            + [ctypes.c_int] * 3,
        ),
        "total": (ctypes.c_double, [items, ctypes.c_int64]),
        "fill": (None, [ctypes.c_void_p, ctypes.c_int64, ctypes.c_double]),
        "first": (ctypes.c_int32, [ctypes.POINTER(ctypes.c_int32)]),
        "count": (None, []),
        "counted": (ctypes.c_int, []),
        "apply": (ctypes.c_double, [ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double), ctypes.c_double]),
    }
    for name, (result, parameters) in declared.items():
        getattr(found, name).restype, getattr(found, name).argtypes = result, parameters
    return found


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("i8", (100, 100)),
        ("i8", (-128, 255)),
        ("i8", (True, False)),
        ("u16", (1, 2)),
        ("u16", (65535, -32768)),
        ("u64", (2**63 - 1,)),
        ("u64", (-1,)),
        ("wide", (-1,)),
        ("wide", (200,)),
        ("both", (True, 2)),
        ("both", (True, 0)),
        ("single", (0.1, 3)),
        ("many", (0.5, -3, 0.25, 2**40, 1, 2, 3, 4, 5, 6, 255, -7, 8, 9, -10)),
    ],
)
def test_numbers_go_to_c_and_come_back_as_in_python(library, name, arguments):
    function = getattr(library, name)

    @njit
    def compiled(arguments):
        return function(*arguments)

    expected, got = function(*arguments), compiled(arguments)
    assert got == expected and type(got) is type(expected)


def test_numbers_that_numpy_has_go_to_c_too(library):
    single = library.single

    @njit
    def compiled(a, b):
        return single(a, b) + 1

    assert compiled(np.float32(0.1), np.int16(3)) == single(np.float32(0.1), 3) + 1


def test_functions_are_found_in_libraries_closures_and_arguments(library):
    wide = library.wide

    @njit
    def of_library(x):
        return library.wide(x) + library.both(True, x)

    @njit
    def of_argument(function, x):
        return function(x) if x > 0 else function(-x)

    by_address = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_int8)(ctypes.cast(wide, ctypes.c_void_p).value)

    @njit
    def of_closure(x):
        return by_address(x)

    assert of_library(-1) == 0
    assert of_argument(wide, -100) == 100
    assert of_closure(200) == -56


def test_arrays_are_handed_over_by_their_addresses(library):
    @njit
    def summed(a):
        return library.total(a.ctypes, a.size), library.total(a.ctypes.data, a.size)

    @njit
    def filled(n, value):
        a = np.empty(n)
        library.fill(a.ctypes, n, value)
        b = np.zeros(n)
        library.fill(b[1:].ctypes.data, n - 1, value)
        return a, b

    a = np.arange(6.0)
    assert summed(a) == (15.0, 15.0)
    assert summed(a[2:]) == (14.0, 14.0)
    a, b = filled(3, 2.5)
    assert a.tolist() == [2.5, 2.5, 2.5] and b.tolist() == [0, 2.5, 2.5]


def test_an_array_lives_as_long_as_somebody_may_have_its_address(library):
    @njit
    def compiled(n):
        result = 0.0
        for i in range(100):
            a = np.full(n, float(i))
            address = a.ctypes.data
            # Would take the memory of `a`, were that free.
            b = np.zeros(n)
            result += library.total(address, n) + b[0]
        return result

    assert compiled(10) == 10 * sum(range(100))


def test_parameters_may_be_declared_by_numpy(library):
    items = np.ctypeslib.ndpointer(np.float64, flags="C")
    function = ctypes.CFUNCTYPE(ctypes.c_double, items, ctypes.c_int64)
    total = function(ctypes.cast(library.total, ctypes.c_void_p).value)

    @njit
    def compiled(a):
        return total(a.ctypes, a.size)

    assert compiled(np.arange(4.0)) == total(np.arange(4.0), 4) == 6.0


def test_an_array_lives_as_long_as_it_has_a_name(library):
    @njit
    def of_branches(n, flag):
        if flag:
            a = np.full(n, 1.0)
            address = a.ctypes.data
        else:
            b = np.full(n, 2.0)
            address = b.ctypes.data
        other = np.full(n, 7.0)
        return library.total(address, n) + 0 * other[0]

    @njit
    def of_loops(n):
        for i in range(n):
            a = np.full(n, float(i))
            address = a.ctypes.data
        other = np.full(n, 7.0)
        return library.total(address, n) + 0 * other[0]

    @njit
    def of_early_returns(n):
        for i in range(n):
            a = np.full(n, float(i))
            address = a.ctypes.data
            if i == 3:
                other = np.full(n, 7.0)
                return library.total(address, n) + 0 * other[0]
        return 0.0

    assert [of_branches(4, True), of_branches(4, False), of_loops(5), of_early_returns(5)] == [4.0, 8.0, 20.0, 15.0]


def test_none_is_a_null_pointer(library):
    @njit
    def compiled(a):
        return library.first(None), library.first(a.ctypes)

    assert compiled(np.array([7, 8], np.int32)) == (-1, 7)


def test_calls_without_results_are_made_each_time_in_their_order(library):
    before = library.counted()

    @njit
    def serial(n):
        for _ in range(n):
            library.count()
        return library.counted()

    @njit(parallel=True)
    def parallel(n):
        for _ in prange(n):
            library.count()

    assert serial(10) == before + 10
    parallel(1000)
    assert library.counted() == before + 1010


def test_python_functions_behind_c_pointers_are_called_from_any_thread():
    seen = set()

    @ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double)
    def doubled(x):
        seen.add(x)
        return 2 * x

    @njit(parallel=True)
    def compiled(n):
        total = 0.0
        for i in prange(n):
            total += doubled(i)
        return total

    assert compiled(200) == 200 * 199
    assert len(seen) == 200


def test_an_error_in_a_python_function_behind_a_c_pointer_is_told_and_the_result_is_zero():
    @ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double)
    def broken(x):
        raise ValueError("of our own")

    @njit
    def compiled(x):
        return broken(x) + 1

    unraised = []
    hook, sys.unraisablehook = sys.unraisablehook, lambda told: unraised.append(told.exc_value)
    try:
        assert compiled(3.0) == 1.0
    finally:
        sys.unraisablehook = hook
    assert [str(error) for error in unraised] == ["of our own"]


WRONG = {
    "too many": (lambda library, x: library.wide(x, x), 1, r"wide\(\) takes 1 argument, but 2 were given"),
    "too few": (lambda library, x: library.i8(x), 1, r"i8\(\) takes 2 arguments, but 1 were given"),
    "keyword": (lambda library, x: library.wide(a=x), 1, r"takes no argument by the name `a`"),
    "array": (lambda library, x: library.wide(x), np.zeros(3), "argument 1 .* is int8, not float64"),
    "array for a pointer": (lambda library, x: library.total(x, 3), np.zeros(3), "`a.ctypes` is the address"),
    "other items": (lambda library, x: library.total(x.ctypes, 3), np.zeros(3, np.int32), "is CPointer.float64"),
    "a float": (lambda library, x: library.wide(x), 1.5, "argument 1 .* is int8, not float"),
    "a string": (lambda library, x: library.wide("a"), 1, "argument 1 .* is int8, not str"),
    "complex": (lambda library, x: library.single(x, x), 1j, "argument 1 .* is float32, not complex"),
    "undeclared": (
        lambda library, x: library.norm(x),
        1,
        "ctypes function 'norm' doesn't define its argument types: declare them",
    ),
    "not there": (lambda library, x: library.nothing(x), 1, "has no attribute 'nothing'"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_calls_are_errors_at_the_line(library, case):
    function, argument, words = WRONG[case]
    with pytest.raises((TypingError, UnsupportedError), match=words) as caught:
        njit(function)(library, argument)
    assert f"test_foreign.py:{function.__code__.co_firstlineno}:" in str(caught.value)


class Pair(ctypes.Structure):
    _fields_ = [("x", ctypes.c_double), ("y", ctypes.c_double)]


def _by_value(library):
    function = ctypes.CFUNCTYPE(ctypes.c_double, Pair)
    return function(ctypes.cast(library.norm, ctypes.c_void_p).value)


def _checked(library):
    function = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double)(ctypes.cast(library.wide, ctypes.c_void_p).value)
    function.errcheck = lambda result, function, arguments: result
    return function


REFUSED = {
    "struct": (_by_value, "argument 1 of it is a struct, Pair"),
    "errcheck": (_checked, "has an errcheck"),
    "null": (lambda library: ctypes.CFUNCTYPE(ctypes.c_int)(), "is a NULL pointer"),
    "lock": (lambda library: ctypes.PYFUNCTYPE(ctypes.c_int)(1), "needs Python's lock"),
    "object": (lambda library: ctypes.CFUNCTYPE(ctypes.py_object, ctypes.c_int)(1), "the result of it is py_object"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_functions_that_cannot_be_called_are_refused_in_words(library, case):
    make, words = REFUSED[case]
    function = make(library)

    @njit
    def compiled():
        return function(1.0)

    with pytest.raises(TypingError, match=words):
        compiled()


def test_functions_that_call_addresses_are_not_cached(library, tmp_path, monkeypatch):
    monkeypatch.setattr(config, "CACHE_DIR", str(tmp_path))
    wide = library.wide

    @njit(cache=True)
    def compiled(x):
        return wide(x)

    with pytest.warns(NumbaWarning, match=r"it uses a dynamic global \(such as a ctypes pointer\)"):
        assert compiled(3) == 3
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize("number", [0, 1])
def test_the_programs_of_the_documentation_run(number, tmp_path):
    text = (Path(__file__).parents[2] / "docs/foreign.md").read_text()
    script = tmp_path / "script.py"
    script.write_text(re.findall(r"```python\n(.*?)```", text, re.DOTALL)[number])
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ["[0.15865525 0.5        0.84134475]", "[1. 2. 3.]"][number]
