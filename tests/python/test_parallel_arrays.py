"""Array expressions of functions compiled with `parallel=True`: the same results, to the bit, on any number of threads."""

import os
import subprocess
import sys
import textwrap

import numir
import numpy as np
import pytest

LARGE = 300_007


@pytest.fixture(autouse=True)
def all_threads():
    before = numir.get_num_threads()
    yield
    numir.set_num_threads(before)


def compiled(source_function, **options):
    return numir.njit(**options)(source_function), numir.njit(parallel=True, **options)(source_function)


def same(left, right):
    if isinstance(left, tuple):
        assert len(left) == len(right)
        for one, other in zip(left, right, strict=True):
            same(one, other)
        return
    left, right = np.asarray(left), np.asarray(right)
    assert left.dtype == right.dtype and left.shape == right.shape
    assert left.tobytes() == right.tobytes()


def check(function, *arguments):
    """Compares the serial function with the parallel one on all numbers of threads that there are."""
    serial, parallel = compiled(function)
    fresh = lambda: [item.copy() if isinstance(item, np.ndarray) else item for item in arguments]  # noqa: E731
    expected = serial(*fresh())
    for threads in range(numir.get_num_threads(), 0, -1):
        numir.set_num_threads(threads)
        same(parallel(*fresh()), expected)
    return parallel


def said(dispatcher):
    """What was said of each array operation: whether it may run in parallel, and what was said."""
    from numir import _remarks

    (types,) = dispatcher.signatures
    remarks = _remarks.read(dispatcher.py_func, dispatcher.inspect("remarks", types))
    return [(remark.done, remark.text) for remark in remarks if "array operation" in remark.text]


DATA = np.random.default_rng(7)
FLOATS = DATA.standard_normal(LARGE)


def chain(a, b):
    return np.exp(-a * a) + np.sqrt(np.abs(b)) * 2.0


def total(a, b):
    return np.sum((a - b) ** 2)


@pytest.mark.parametrize("items", [0, 1, 127, 128, 129, 5000, 65536, 2**18, LARGE])
@pytest.mark.parametrize("function", [chain, total])
def test_sizes(function, items):
    check(function, DATA.standard_normal(items), DATA.standard_normal(items))


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", "c8", "c16", "i1", "u2", "i8", "?"])
def test_sums(dtype):
    def f(a):
        return np.sum(a), np.prod(a)

    check(f, (FLOATS * 3).astype(dtype) if dtype != "?" else FLOATS > 0)


@pytest.mark.parametrize("dtype", ["f2", "f8", "i1", "u8"])
def test_orders(dtype):
    def f(a):
        return np.min(a), np.max(a), np.min(a * a - a), np.any(a > 3), np.all(a > 3)

    check(f, (FLOATS * 3).astype(dtype))


def test_special_values():
    def f(a):
        return np.min(a), np.max(a), np.sum(a), np.sum(a * 1.0), np.prod(a * 1.0)

    some_nan, negative_zeros = FLOATS.copy(), np.full(LARGE, -0.0)
    some_nan[LARGE // 3] = np.nan
    check(f, some_nan)
    check(f, negative_zeros)


LAYOUTS = {
    "C": lambda a: a.reshape(600, 500),
    "F": lambda a: a.reshape(500, 600).T,
    "strided": lambda a: np.repeat(a, 2).reshape(600, 1000)[:, ::2],
    "reversed": lambda a: a.reshape(600, 500)[::-1, ::-1],
    "wide": lambda a: a.reshape(2, 150_000),
    "high": lambda a: a.reshape(150_000, 2),
    "one": lambda a: a.reshape(1, 300_000),
    "deep": lambda a: a.reshape(50, 60, 100),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts(layout):
    def f(a):
        b = np.exp(a) * 2.0 + a
        return b, np.sum(a), np.sum(np.exp(a)), np.max(np.exp(a)), np.max(a), np.sum(a > 0.0)

    check(f, LAYOUTS[layout](FLOATS[:300_000]))


def test_broadcasting():
    def f(row, column, k):
        table = np.exp(row + column * k)
        return table, np.sum(row * column), np.max(row - column), np.sum(np.exp(row - column), axis=0)

    check(f, DATA.standard_normal(700), DATA.standard_normal((800, 1)), 0.25)
    check(f, DATA.standard_normal((1, 700)), DATA.standard_normal((800, 1)), 0.25)
    check(f, DATA.standard_normal((1, 1)), DATA.standard_normal((800, 900)), 0.25)


def test_places_that_are_written():
    def f(a, b):
        c = np.empty_like(a)
        c[:] = 1.5
        c[1::2] = np.exp(b[1::2])
        a += np.sin(b)
        return a, c, np.full(a.shape, 7), np.zeros_like(b)

    check(f, FLOATS, FLOATS[::-1])


def test_what_is_read_and_written_at_other_places():
    def f(a):
        a[1:] = a[:-1] * 0.5 + a[1:]
        a[:-3] = np.exp(-a[3:])
        a[::-1] = a * 2.0
        return a

    check(f, FLOATS)


def test_axes():
    def f(a):
        return (
            np.sum(a, axis=0),
            np.mean(np.exp(a), axis=1),
            np.max(a, axis=0),
            np.argmax(a),
            np.std(a),
            np.var(a, axis=1),
        )

    check(f, FLOATS[:300_000].reshape(600, 500))


def test_functions_of_numpy_and_own_ones():
    @numir.vectorize
    def own(x, y):
        return x * y if x > y else y - x

    @numir.njit
    def serial(a):
        return np.sum(np.exp(a))

    def f(a, b):
        return (
            own(a, b),
            np.clip(a, -1, 1),
            np.where(a > b, a, b),
            serial(a),
            (a - a.mean()) / a.std(),
        )

    check(f, FLOATS, FLOATS[::-1])


def test_no_items():
    @numir.njit(parallel=True)
    def largest(a):
        return np.max(a * 2.0)

    @numir.njit(parallel=True)
    def both(a, b):
        return np.sum(a * b)

    with pytest.raises(ValueError, match="zero-size array to reduction operation maximum which has no identity"):
        largest(np.empty(0))
    with pytest.raises(ValueError, match="could not be broadcast"):
        both(np.empty(LARGE), np.empty(LARGE + 1))


def test_chunk_sizes_are_those_of_loops():
    def f(a):
        return np.sum(np.exp(a))

    with numir.parallel_chunksize(1000):
        check(f, FLOATS)
        assert numir.get_parallel_chunksize() == 1000


def test_callers_that_are_serial_leave_callees_parallel():
    @numir.njit(parallel=True)
    def inner(a):
        return np.exp(a) + 1.0

    @numir.njit
    def outer(a):
        return inner(a) * 2.0

    same(outer(FLOATS), numir.njit(inner.py_func)(FLOATS) * 2.0)
    assert (True, "the array operation runs in parallel where it is large") in said(outer)


def test_what_is_said():
    @numir.njit(parallel=True)
    def large(a):
        return np.exp(a)

    @numir.njit
    def serial(a):
        return np.exp(a)

    @numir.njit(parallel=True)
    def within(a):
        total = 0.0
        for i in numir.prange(len(a)):
            total += np.sum(np.exp(a[i]))
        return total

    @numir.njit(parallel=True)
    def ragged(a):
        return np.sum(a[:, 1:])

    ragged(FLOATS[:300_000].reshape(600, 500))
    ((done, text),) = said(ragged)
    assert not done and "rows that do not lie one after the other" in text

    for function, argument in [(large, FLOATS), (serial, FLOATS), (within, FLOATS[:300_000].reshape(600, 500))]:
        function(argument)
    assert said(large) == [(True, "the array operation runs in parallel where it is large")]
    assert said(serial) == []
    assert said(within) == [(False, "the array operation runs on one thread: it is within a parallel loop")]


def in_process(program, **environment):
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_eight_threads():
    program = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", __file__]
    chosen = ["-k", "sizes or sums or layouts or broadcasting or written"]
    done = subprocess.run(program + chosen, env=os.environ | {"NUMIR_NUM_THREADS": "8"}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_interrupt():
    """9·10^10 items of two axes, computed and combined without memory for them."""
    program = """
        import os, signal, threading, time
        import numpy as np
        import numir

        signal.signal(signal.SIGINT, signal.default_int_handler)

        @numir.njit("float64(float64[:, :], float64[:])", parallel=True)
        def largest(column, row):
            return np.max(np.sin(column + row))

        def interrupt():
            time.sleep(0.2)
            os.kill(os.getpid(), signal.SIGINT)

        column, row = np.zeros((300_000, 1)), np.zeros(300_000)
        threading.Thread(target=interrupt).start()
        try:
            largest(column, row)
        except KeyboardInterrupt:
            print("ended")
    """
    assert in_process(program) == ["ended"]


@pytest.mark.parametrize("parallel", [False, True])
def test_memory(parallel):
    """What is summed up is never in memory as a whole."""
    program = f"""
        import resource
        import numpy as np
        import numir

        @numir.njit(parallel={parallel})
        def distance(a, b):
            return np.sum((a - b) ** 2)

        def peak():
            return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

        few, items = np.ones(1000), np.ones(20_000_000)
        distance(few, few), distance(items[::2], items[::2])
        before = peak()
        distance(items, items)
        print(peak() - before)
    """
    (more,) = in_process(program)
    assert int(more) < 16 << 20
