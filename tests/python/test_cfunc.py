"""Functions that C calls: `cfunc`, and arrays over what C's pointers point to. C is ctypes here, and the C library's own functions."""

import ctypes
import os
import subprocess
import sys
import threading

import numpy as np
import pytest
from numir import carray, cfunc, farray, njit, objmode, prange, types
from numir.errors import NumbaWarning, SignatureError, TypingError, UnsupportedError

DOUBLES = ctypes.POINTER(ctypes.c_double)


def add(a, b):
    return a + b


def divided(a, b):
    return a / b


def pointer(a, to=ctypes.c_double):
    return a.ctypes.data_as(ctypes.POINTER(to))


@pytest.fixture
def unraised():
    """The errors that Python could not raise."""
    told = []
    hook, sys.unraisablehook = sys.unraisablehook, told.append
    yield told
    sys.unraisablehook = hook


def test_what_a_function_for_c_is_known_by():
    compiled = cfunc("float64(float64, float64)")(add)
    assert compiled.__name__ == compiled.__qualname__ == "add"
    assert compiled.__wrapped__ is compiled.py_func is add
    assert "add" in compiled.native_name and compiled.native_name in compiled.inspect_llvm()
    assert ctypes.cast(compiled.ctypes, ctypes.c_void_p).value == compiled.address
    assert compiled.ctypes.argtypes == (ctypes.c_double, ctypes.c_double)
    assert compiled.ctypes.restype is ctypes.c_double
    assert compiled(1, 2) == 3 and compiled.ctypes(2.0, 3.5) == 5.5


@pytest.mark.parametrize("name", "int8 int16 int32 int64 uint8 uint16 uint32 uint64 float32 float64 boolean".split())
def test_numbers_of_all_widths_come_from_c_and_go_back(name):
    compiled = cfunc(f"{name}({name}, {name})")(add).ctypes
    kind = compiled.restype
    for a, b in [(1, 2), (127, 1), (-1, -1), (200, 100), (2**31 - 1, 1), (-(2**63), -1)]:
        a, b = kind(a).value, kind(b).value
        with np.errstate(over="ignore"):
            assert compiled(a, b) == kind(a + b).value


def test_a_signature_may_be_made_of_types():
    assert cfunc(types.int32(types.int32, types.int32))(add).ctypes(2, 3) == 5


def test_the_result_becomes_what_the_signature_says():
    assert cfunc("float64(int32)")(lambda a: a).ctypes(3) == 3.0
    assert cfunc("int8(int64)")(lambda a: a + 1).ctypes(127) == -128
    assert cfunc("uint16(int64)")(lambda a: a).ctypes(-1) == 65535


def test_many_arguments_go_through_registers_and_the_stack():
    @cfunc(
        "float64(int8, float32, uint16, float64, int64, int32, float64, uint64, uint8, float64, int16, boolean, float64)"
    )
    def compiled(a, b, c, d, e, f, g, h, i, j, k, l, m):  # noqa: E741
        small = int(a) + 3 * int(c) + 11 * int(f) + 17 * int(h) + 19 * int(i) + 29 * int(k) + 31 * int(l)
        return small + 2 * float(b) + 5 * d + 7 * e + 13 * g + 23 * j + 37 * m

    arguments = (-1, 0.5, 65535, 1.5, -(2**40), -7, 2.0, 3, 255, 4.0, -300, True, 5.0)
    assert compiled.ctypes(*arguments) == compiled.py_func(*arguments)


def test_local_variables_may_have_types():
    def whole(a, b):
        c = a / b
        return c

    assert cfunc("float64(int64, int64)", locals={"c": types.int64})(whole).ctypes(8, 3) == 2.0


def test_an_error_is_told_and_the_result_is_zero(unraised):
    compiled = cfunc("float64(int64, int64)")(divided)
    assert compiled.ctypes(5, 2) == 2.5
    assert not unraised
    assert compiled.ctypes(5, 0) == 0.0
    (told,) = unraised
    assert told.exc_type is ZeroDivisionError and told.object is compiled
    assert told.exc_traceback.tb_frame.f_code.co_name == "divided"


def test_errors_of_ones_own_are_told_with_their_class(unraised):
    class Own(ValueError):
        pass

    @cfunc("int32(int32)")
    def always(a):
        raise Own("of our own", a)

    assert always.ctypes(7) == 0
    assert unraised[0].exc_type is Own and unraised[0].exc_value.args == ("of our own", 7)


def test_an_error_is_printed_where_nobody_takes_it(capfd):
    @cfunc("void(int32)")
    def always(a):
        raise ValueError("of our own")

    hook, sys.unraisablehook = sys.unraisablehook, sys.__unraisablehook__
    try:
        assert always.ctypes(7) is None
    finally:
        sys.unraisablehook = hook
    printed = capfd.readouterr().err
    assert "Exception ignored" in printed and "ValueError: of our own" in printed


def test_c_calls_it_on_threads_that_python_does_not_know(unraised):
    compiled = cfunc("float64(int64, int64)")(divided)
    results = []
    threads = [
        threading.Thread(target=lambda n: results.append(compiled.ctypes(n, n % 2)), args=(n,)) for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [0, 0, 0, 0, 1, 3, 5, 7] and len(unraised) == 4


def test_recursion_that_does_not_end_is_told(unraised):
    @cfunc("int64(int64)")
    def down(n):
        return down_further(n) + 1

    assert down.ctypes(3) == 0
    assert unraised[0].exc_type is RecursionError


@njit
def down_further(n):
    return down_further(n + 1) + n


def test_functions_of_the_c_library_sort_by_it():
    @cfunc(types.intc(types.CPointer(types.double), types.CPointer(types.double)))
    def order(a, b):
        left, right = carray(a, 1)[0], carray(b, (1,))[0]
        return int(left > right) - int(left < right)

    items = np.random.default_rng(1).normal(size=100)
    expected = np.sort(items)
    ctypes.CDLL(None).qsort(
        items.ctypes.data_as(ctypes.c_void_p), ctypes.c_size_t(100), ctypes.c_size_t(8), order.ctypes
    )
    assert items.tolist() == expected.tolist()


def described(make):
    """Tells in eight floats what array `make` makes, in compiled code as in Python."""

    def describe(items, out, m, n):
        a, told = make(items, (m, n)), carray(out, 8)
        told[0] = a.ndim
        told[1:3] = a.shape
        told[3:5] = a.strides
        total = 0.0
        for i, j in np.ndindex(m, n):
            total += a[i, j] * (i - j)
        told[5] = total
        a[0, 1] = -1

    return describe


@pytest.mark.parametrize("make", [carray, farray])
@pytest.mark.parametrize("size", ["int64", "int32", "uint64", "uint32"])
def test_arrays_over_pointers_are_as_in_python(make, size):
    describe = described(make)
    compiled = cfunc(f"void(CPointer(float64), CPointer(float64), {size}, {size})")(describe).ctypes
    results = []
    for function in (describe, compiled):
        items, out = np.arange(6.0), np.zeros(8)
        function(pointer(items), pointer(out), 2, 3)
        results.append((items.tolist(), out.tolist()))
    assert results[0] == results[1]


def test_a_pointer_to_anything_is_told_what_it_points_to():
    @cfunc("float32(voidptr, intp)")
    def total(items, n):
        return carray(items, (n,), np.float32).sum()

    @cfunc("float32(voidptr, intp)")
    def by_keyword(items, n):
        return carray(items, n, dtype=types.float32).sum()

    items = np.arange(5, dtype=np.float32)
    assert total.ctypes(items.ctypes.data, 5) == by_keyword.ctypes(items.ctypes.data_as(ctypes.c_void_p), 5) == 10


def test_pointers_compare_and_are_true_where_they_point():
    @cfunc("int32(voidptr, voidptr)")
    def compared(a, b):
        if not a:
            return -1
        return int(a == b) + 2 * int(a is not b)

    assert [compared.ctypes(None, 1), compared.ctypes(8, 8), compared.ctypes(8, 16)] == [-1, 1, 2]


def test_pointers_come_back():
    compiled = cfunc("voidptr(voidptr, boolean)")(lambda a, keep: a if keep else None)
    assert compiled.ctypes(4096, True) == 4096 and compiled.ctypes(4096, False) is None


def test_compiled_code_calls_functions_for_c():
    compiled = cfunc("float64(float64, float64)")(add)
    as_c = compiled.ctypes

    @cfunc("void(CPointer(float64), int64)")
    def double(items, n):
        a = carray(items, n)
        a *= 2

    @njit
    def caller(x, a):
        double(a.ctypes, a.size)
        return compiled(x, 1), compiled.ctypes(x, 2), as_c(x, 3), a.sum()

    assert caller(1.5, np.arange(4.0)) == (2.5, 3.5, 4.5, 12.0)
    assert njit(lambda function, x: function(x, x))(compiled, 2) == 4.0


def test_loops_in_parallel_call_functions_for_c():
    square = cfunc("float64(float64)")(lambda x: x * x)

    @njit(parallel=True)
    def total(n):
        result = 0.0
        for i in prange(n):
            result += square(i)
        return result

    assert total(1000) == sum(i * i for i in range(1000))


def test_functions_for_c_may_loop_in_parallel_and_print(capfd):
    @cfunc("int64(int64)", parallel=True)
    def total(n):
        result = 0
        for i in prange(n):
            result += i
        print("total", result)
        return result

    assert total.ctypes(1000) == 499500
    sys.stdout.flush()
    assert "total 499500" in capfd.readouterr().out


def test_it_can_be_kept_in_the_cache(tmp_path, monkeypatch):
    from numir import config

    monkeypatch.setattr(config, "CACHE_DIR", str(tmp_path))
    first = cfunc("float64(float64, float64)", cache=True)(add)
    again = cfunc("float64(float64, float64)", cache=True)(add)
    assert (first.cache_hits, again.cache_hits) == (0, 1)
    assert again.ctypes(1, 2) == 3


def test_arrays_over_pointers_in_python():
    for order, make in (("C", carray), ("F", farray)):
        base = np.arange(6, dtype=np.float32).reshape(2, 3).copy(order=order)
        for items in (pointer(base, ctypes.c_float), base.ctypes.data_as(ctypes.c_void_p)):
            made = make(items, base.shape, np.float32)
            assert (
                made.tolist() == base.tolist() and made.ctypes.data == base.ctypes.data and made.strides == base.strides
            )
        assert make(pointer(base, ctypes.c_float), 6).tolist() == base.ravel("K").tolist()
    with pytest.raises(TypeError, match="mismatching dtype 'int32' for pointer"):
        carray(pointer(base, ctypes.c_float), 6, np.int32)
    with pytest.raises(TypeError, match="explicit dtype required"):
        carray(base.ctypes.data_as(ctypes.c_void_p), 6)
    with pytest.raises(TypeError, match="expected a ctypes pointer"):
        carray(base.ctypes.data, 6)


captured = np.arange(3.0)
rows = np.asfortranarray(np.arange(6.0).reshape(2, 3))
gaps = np.arange(9.0)[::2]


def test_arrays_by_name_are_the_arrays_themselves():
    own = np.ones(4)

    @cfunc("float64(int64)")
    def compiled(i):
        own[i] += captured[i] + rows[1, i]
        return own.sum()

    expected = 4 + captured[2] + rows[1, 2]
    assert compiled.ctypes(2) == expected == own.sum()
    own[0] = 100
    assert compiled.ctypes(0) == own.sum()
    with pytest.raises(TypingError, match="read-only"):
        readonly = captured.copy()
        readonly.flags.writeable = False

        @cfunc("void(int64)")
        def writes(i):
            readonly[i] = 0


def test_blocks_of_objmode_run_where_c_calls():
    @cfunc("float64(float64)")
    def compiled(x):
        with objmode(y="float64"):
            y = float(len(str(x)))
        return y

    assert compiled.ctypes(1.25) == 4.0


WRONG = {
    "result": ("float64(float64)", lambda x: "a", TypingError, "returns str, but its signature says float"),
    "nothing": ("float64(float64)", lambda x: None, TypingError, "returns None, but its signature says float"),
    "something": ("void(float64)", lambda x: x, TypingError, "returns float, but its signature says None"),
    "narrower": ("int32(float64)", lambda x: x, TypingError, "returns float, but its signature says int32"),
    "captured": ("float64(float64)", lambda x: gaps[0], UnsupportedError, "uses an array with gaps"),
    "no pointer": ("float64(float64)", lambda x: carray(x, 3)[0], TypingError, "takes a pointer, not float"),
    "no dtype": ("float64(voidptr)", lambda p: carray(p, 3)[0], TypingError, "needs a dtype"),
    "other dtype": (
        "float64(CPointer(float64))",
        lambda p: carray(p, 3, np.float32)[0],
        TypingError,
        "mismatching dtype 'float32' for pointer type 'float64\\*'",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_functions_are_errors_at_the_line(case):
    signature, function, kind, words = WRONG[case]
    with pytest.raises(kind, match=words) as caught:
        cfunc(signature)(function)
    assert f"test_cfunc.py:{function.__code__.co_firstlineno}:" in str(caught.value)


@pytest.mark.parametrize(
    ("signature", "kind", "words"),
    [
        ("float64", SignatureError, "the parameters are missing"),
        ("(float64,)", TypeError, "explicit return type"),
        (["float64(float64)", "int64(int64)"], TypeError, "has one signature"),
        ("float64[:](float64)", TypeError, "neither a number of C nor a pointer"),
        ("complex128(float64)", TypeError, "neither a number of C nor a pointer"),
        ("float64(none)", TypeError, "neither a number of C nor a pointer"),
    ],
)
def test_wrong_signatures_are_refused_in_words(signature, kind, words):
    with pytest.raises(kind, match=words):
        cfunc(signature)


def test_a_caller_of_a_function_for_c_is_not_cached(tmp_path, monkeypatch):
    from numir import config

    monkeypatch.setattr(config, "CACHE_DIR", str(tmp_path))
    compiled = cfunc("float64(float64, float64)")(add)
    with pytest.warns(NumbaWarning, match="it uses a dynamic global"):
        assert njit(cache=True)(lambda x: compiled(x, x))(1.0) == 2.0


def test_without_compiling_it_is_a_python_function_that_c_calls():
    code = (
        "from numir import cfunc, carray, njit\n"
        "add = cfunc('float64(float64, float64)')(lambda a, b: a + b)\n"
        "print(add.ctypes(1, 2), add(1, 2), isinstance(add.address, int), njit(lambda x: add.ctypes(x, x))(2.0))\n"
    )
    environment = {**os.environ, "NUMIR_DISABLE_JIT": "1"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout == "3.0 3 True 4.0\n"
