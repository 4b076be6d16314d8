"""Functions that cffi knows, in compiled code: those of libraries that are opened, and those of modules that it compiles."""

import importlib.util

import cffi
import numpy as np
import pytest
from numir import cfunc, njit, prange
from numir.errors import TypingError, UnsupportedError

DECLARED = """
double cos(double); int abs(int); long labs(long); double ldexp(double, int); float cosf(float);
void *memset(void *, int, size_t); int printf(const char *, ...);
"""

SOURCE = """
double square(double x) { return x * x; }
int total(int *items, int count) { int sum = 0; while (count--) sum += *items++; return sum; }
_Bool negated(_Bool a) { return !a; }
uint64_t next(uint64_t a) { return a + 1; }
int8_t small(int8_t a, uint16_t b) { return a + b; }
enum colour { RED, GREEN = 5 };
int shade(enum colour a) { return a + 1; }
typedef struct { int a; } one;
int of_struct(one x) { return x.a; }
double apply(double (*f)(double), double x) { return f(x); }
"""
KNOWN = """
double square(double); int total(int *, int); _Bool negated(_Bool); uint64_t next(uint64_t); int8_t small(int8_t, uint16_t);
enum colour { RED, GREEN, ... }; int shade(enum colour); typedef struct { int a; } one; int of_struct(one);
double apply(double (*)(double), double);
"""


@pytest.fixture(scope="module")
def opened():
    """A library that is opened without compiling anything."""
    ffi = cffi.FFI()
    ffi.cdef(DECLARED)
    return ffi, ffi.dlopen("libm.so.6")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A module that cffi compiles."""
    ffi = cffi.FFI()
    ffi.cdef(KNOWN)
    ffi.set_source("_numir_cffi", "#include <stdint.h>\n" + SOURCE)
    path = ffi.compile(tmpdir=str(tmp_path_factory.mktemp("cffi")))
    spec = importlib.util.spec_from_file_location("_numir_cffi", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("cos", (0.5,)), ("cos", (1,)), ("abs", (-3,)), ("labs", (-(2**40),)), ("ldexp", (0.1, 3)), ("cosf", (0.5,))],
)
def test_functions_of_libraries_are_called(opened, name, arguments):
    _, library = opened
    function = getattr(library, name)

    @njit
    def compiled(arguments):
        return function(*arguments)

    expected, got = function(*arguments), compiled(arguments)
    assert got == expected and type(got) is type(expected)


def test_functions_are_found_in_libraries(opened):
    _, library = opened

    @njit(parallel=True)
    def compiled(n):
        total = 0.0
        for i in prange(n):
            total += library.ldexp(i, 1)
        return total

    assert compiled(100) == 9900.0


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("square", (1.5,)),
        ("negated", (True,)),
        ("next", (2**62,)),
        ("small", (100, 1)),
        ("small", (-100, 1)),
        ("shade", (5,)),
    ],
)
def test_functions_of_compiled_modules_are_called(built, name, arguments):
    library, function = built.lib, getattr(built.lib, name)

    @njit
    def compiled(arguments):
        return function(*arguments)

    assert compiled(arguments) == function(*arguments)
    if name == "square":
        assert njit(lambda x: library.square(x))(3.0) == 9.0


def test_a_buffer_is_a_pointer(opened, built):
    ffi, library = opened
    total = built.lib.total

    @njit
    def cleared(n):
        a = np.ones(n)
        library.memset(ffi.from_buffer(a), 0, 8 * (n - 1))
        return a

    @njit
    def summed(a):
        return total(ffi.from_buffer(a), len(a))

    assert cleared(4).tolist() == [0, 0, 0, 1]
    assert summed(np.arange(5, dtype=np.int32)) == 10
    with pytest.raises(TypingError, match="argument 1 .* is CPointer.int32., not CPointer.float64."):
        summed(np.arange(5.0))
    with pytest.raises(TypingError, match="unsupported on non-contiguous buffers"):
        summed(np.zeros((4, 4), np.int32)[::2, ::2])


def test_functions_for_c_are_handed_over(built):
    cube = cfunc("float64(float64)")(lambda x: x**3)
    pointer = built.ffi.cast("double (*)(double)", cube.cffi)
    assert built.lib.apply(pointer, 2.0) == 8.0
    library = built.lib
    assert njit(lambda x: library.apply(cube.address, x))(3.0) == 27.0
    assert njit(lambda x: pointer(x))(3.0) == 27.0


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (lambda library, x: library.printf(x), TypingError, "takes any number of arguments"),
        (lambda library, x: library.nothing(x), UnsupportedError, "has no attribute 'nothing'"),
        (lambda library, x: library.cos(), TypingError, "takes 1 argument, but 0 were given"),
        (lambda library, x: library.abs(1.5), TypingError, "argument 1 .* is int32, not float"),
    ],
)
def test_wrong_calls_are_errors_in_words(opened, call, kind, words):
    with pytest.raises(kind, match=words):
        njit(call)(opened[1], 1)


def test_structs_are_not_handed_over(built):
    library = built.lib
    with pytest.raises(TypingError, match="of_struct.. cannot be called: argument 1 of it is one"):
        njit(lambda x: library.of_struct(x))(1)
