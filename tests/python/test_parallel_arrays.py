"""Array expressions of functions compiled with `parallel=True`: the same results, to the bit, on any number of threads."""

import numpy as np
import numir
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
