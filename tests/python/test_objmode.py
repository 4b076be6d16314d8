"""`objmode`: blocks of compiled functions that Python runs."""

import gc
import sys
import threading
import time
import traceback
import warnings

import numpy as np
import pytest
from numir import njit, objmode, prange, types
from numir.errors import NumbaWarning, TypingError

STATE = {"count": 0}
PAIR = types.UniTuple(types.float64, 2)


def text(x):
    with objmode(y="float64"):
        y = float(str(x)) + 1
    return y


def sorted_copy(a):
    with objmode(b="float64[:]", n="int64"):
        b = np.sort(a)[::-1]
        n = len(b)
    return b.sum() + n, b


def mutated(a):
    with objmode():
        a[0] = 99
    return a[0]


def same_array(a):
    with objmode(b="float64[::1]"):
        b = a
    b[1] = 7
    return b


def several(x):
    with objmode(t=PAIR, o="optional(int64)", p="optional(int64)", n="none", f="boolean", z="complex128"):
        t = (x, x * 2)
        o, p = None, 3
        n = None
        f = x > 1
        z = 1j * x
    return t, o, p, n, f, z


def in_a_loop(n):
    total = 0.0
    for i in range(n):
        with objmode(v="float64"):
            try:
                v = float({"one": i}["one"])
                extra = [j for j in range(3)]
                v += sum(extra)
            except KeyError:
                v = -1.0
        total += v
    return total


def conditional(x):
    y = 1.5
    if x:
        with objmode(y="float64"):
            y += 1
            del x
    return y


def globals_and_closure(x):
    with objmode():
        STATE["count"] += x
    return x


def closure(n):
    def function(x):
        with objmode(y="int64"):
            y = (lambda: n * x)() + len([n for _ in range(2)])
        return y

    return function


def tuples_and_text(t, s):
    with objmode(n="int64"):
        n = len(s) + t[0]
    return n


CASES = [
    (text, (2.5,)),
    (sorted_copy, (np.array([3.0, 1, 2]),)),
    (several, (1.5,)),
    (in_a_loop, (4,)),
    (conditional, (True,)),
    (conditional, (False,)),
    (closure(4), (5,)),
    (tuples_and_text, ((2, 3.5), "abc")),
]


def plain(value):
    if isinstance(value, tuple):
        return tuple(map(plain, value))
    return value.tolist() if isinstance(value, np.ndarray) else value


@pytest.mark.parametrize(
    "function, arguments", CASES, ids=[f"{case[0].__name__}-{place}" for place, case in enumerate(CASES)]
)
def test_as_python(function, arguments):
    assert plain(njit(function)(*arguments)) == plain(function(*arguments))


def test_arrays_are_shared():
    a = np.arange(3.0)
    assert njit(mutated)(a) == 99 == a[0]
    b = njit(same_array)(a)
    assert b is a and a[1] == 7


def test_an_array_that_is_kept_keeps_its_memory():
    kept = []

    @njit
    def function(n):
        a = np.arange(n) * 1.0
        with objmode():
            kept.append(a)
        return a.sum()

    for n in range(100, 120):
        function(n)
    gc.collect()
    assert [array.tolist() for array in kept] == [list(range(n)) for n in range(100, 120)]


def test_globals():
    STATE["count"] = 0
    compiled = njit(globals_and_closure)
    for x in (1, 2, 3):
        compiled(x)
    assert STATE["count"] == 6


def test_exceptions_are_pythons_own():
    class Own(Exception):
        pass

    @njit
    def inner(x):
        with objmode():
            if x:
                raise Own("from inside", x)
        return x

    @njit
    def outer(a, x):
        b = a + 1
        return inner(x) + b[0]

    a = np.zeros(3)
    assert outer(a, 0) == 1
    for _ in range(3):
        with pytest.raises(Own) as raised:
            outer(a, 5)
        assert raised.value.args == ("from inside", 5)
    names = [entry.name for entry in traceback.extract_tb(raised.value.__traceback__)]
    assert names[-3:] == ["outer", "inner", "inner"]
    assert traceback.extract_tb(raised.value.__traceback__)[-1].line == 'raise Own("from inside", x)'


@pytest.mark.parametrize("value", [[1.0], np.zeros(2, "f4"), np.zeros((2, 2)), "text", None])
def test_values_of_other_types(value):
    @njit
    def function():
        with objmode(y="float64[:]"):
            y = value
        return y

    with pytest.raises(TypeError, match=r"objmode says that `y` is float64\[:\], but Python's code has set it to"):
        function()


def test_in_parallel_loops():
    @njit(parallel=True)
    def function(n):
        out = np.zeros(n)
        for i in prange(n):
            with objmode(v="float64"):
                v = float(len(str(i)))
            out[i] = v
        return out

    assert function(200).tolist() == [float(len(str(i))) for i in range(200)]

    @njit(parallel=True)
    def failing(n):
        for i in prange(n):
            with objmode():
                if i >= 50:
                    raise KeyError(i)

    with pytest.raises(KeyError) as raised:
        failing(200)
    assert raised.value.args == (50,)


def test_from_several_threads():
    compiled = njit(in_a_loop)
    results = []
    threads = [threading.Thread(target=lambda: results.append(compiled(500))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert results == [in_a_loop(500)] * 4


def test_nothing_leaks():
    a = np.arange(3.0)
    share, copy = njit(same_array), njit(sorted_copy)

    @njit
    def failing(a):
        with objmode(b="float64[:]"):
            b = a[::-1]
            if len(b):
                raise ValueError(b)
        return b

    def once():
        share(a), copy(a)
        with pytest.raises(ValueError):
            failing(a)

    once()
    gc.collect()
    before = sys.getrefcount(a)
    for _ in range(200):
        once()
    gc.collect()
    assert sys.getrefcount(a) == before


def test_the_interpreter_is_free_around_the_blocks():
    @njit
    def function(n):
        total = 0
        for i in range(n):
            total += i * i % 7
        with objmode():
            time.sleep(0.01)
        return total

    function(10)
    seen = []
    done = threading.Event()

    def watch():
        while not done.is_set():
            seen.append(time.perf_counter())

    thread = threading.Thread(target=watch)
    thread.start()
    function(200_000_000)
    done.set()
    thread.join()
    assert len(seen) > 10


def returns(x):
    with objmode():
        return x


def breaks(x):
    for _ in range(x):
        with objmode():
            break


def undeclared(x):
    with objmode(y="int64"):
        y = x
        z = x
    return y + z


def not_set(x):
    with objmode(y="int64"):
        x = 2
    return x


def strange_type(x):
    with objmode(y="no_such_type"):
        y = x
    return y


def function_inside(x):
    def helper(y):
        return y

    with objmode(y="int64"):
        y = helper(x)
    return y


def not_a_statement(x):
    return objmode()


REFUSED = [
    (returns, r"`return` \(line \d+\) cannot leave the block"),
    (breaks, r"`break` \(line \d+\) cannot leave the block"),
    (undeclared, r"`z` is set by Python's code, and objmode does not say its type(.|\n)*objmode\(z="),
    (not_set, "`y` is declared, but the block does not set it"),
    (strange_type, "the type of `y` is not understood"),
    (function_inside, "`helper` cannot be handed to Python's code: it is function helper"),
    (not_a_statement, "objmode is used in a `with` statement"),
]


@pytest.mark.parametrize("function, message", REFUSED, ids=[case[0].__name__ for case in REFUSED])
def test_refused(function, message):
    with pytest.raises(TypingError, match=message):
        njit(function)(1)


def test_not_kept_on_disk():
    compiled = njit(cache=True)(text)
    with pytest.warns(NumbaWarning, match="cannot be kept in the cache: it uses objmode"):
        compiled(1.5)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert compiled(2.5) == 3.5
