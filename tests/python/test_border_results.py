"""Results on their way out: which object comes back, what keeps memory alive, and that nothing is left behind."""

import gc
import sys
import weakref

import numpy as np
import pytest
from numir import njit


@njit
def same(x):
    return x


@njit
def twice(x):
    return x, x


@njit
def fresh(n):
    return np.ones(n)


@njit
def tail(x):
    return x[1:]


@njit
def mixed(x):
    return x, (x[1:], 2.0), None, "text"


@njit
def two_views(n):
    whole = np.zeros(n)
    return whole, whole[1:]


@njit
def failing(x):
    if x > 0:
        raise ValueError("positive")
    return x


@njit
def failing_with_arrays(x, n):
    made = np.zeros(10)
    view = x[1:]
    made[n] = view[0]
    return made


def test_arguments_come_back_as_themselves():
    array = np.arange(3.0)
    assert same(array) is array
    assert all(part is array for part in twice(array))


def test_views_keep_what_they_show():
    array = np.arange(3.0)
    view = tail(array)
    assert view.base is array
    known = weakref.ref(array)
    del array
    gc.collect()
    np.testing.assert_array_equal(view, [1, 2])
    del view
    gc.collect()
    assert known() is None


def test_two_views_of_one_new_array_share_it():
    whole, view = two_views(3)
    whole[1] = 5
    assert view[0] == 5
    del whole
    gc.collect()
    assert view[0] == 5


def test_arrays_outlive_the_function():
    @njit
    def temporary(n):
        return np.arange(n)

    result = temporary(4)
    known = weakref.ref(temporary)
    del temporary
    gc.collect()
    assert known() is None
    np.testing.assert_array_equal(result, np.arange(4))


def test_a_function_in_its_own_closure_is_collected():
    def make():
        @njit
        def factorial(n):
            return 1 if n == 0 else n * factorial(n - 1)

        return factorial

    factorial = make()
    assert factorial(5) == 120
    known = weakref.ref(factorial)
    del factorial
    gc.collect()
    assert known() is None


ARRAY = np.arange(10.0)


def catching(error, call):
    def caught():
        with pytest.raises(error):
            call()

    return caught


CALLS = {
    "new arrays": lambda: fresh(100),
    "views": lambda: tail(ARRAY),
    "tuples": lambda: mixed(ARRAY),
    "shared": lambda: two_views(100),
    "strings": lambda: same("text"),
    "nested tuples": lambda: same((1, (ARRAY, 2.0), None)),
    "keywords": lambda: same(x=ARRAY),
    "array-like": lambda: same(memoryview_like()),
    "exceptions": catching(ValueError, lambda: failing(1)),
    "exceptions with arrays": catching(IndexError, lambda: failing_with_arrays(ARRAY, 100)),
    "wrong counts": catching(TypeError, lambda: same(1, 2)),
    "refused": catching(TypeError, lambda: same([])),
    "too large": catching(OverflowError, lambda: same(2**70)),
}


class memoryview_like:
    __array_interface__ = ARRAY.__array_interface__


def resident():
    """Memory of this process in bytes."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096


@pytest.mark.parametrize("name", CALLS)
def test_a_million_calls_leave_nothing_behind(name, full):
    call = CALLS[name]
    count = 1_000_000 if full else 30_000
    for _ in range(2000):
        call()
    gc.collect()
    references, before = sys.getrefcount(ARRAY), resident()
    for _ in range(count):
        call()
    gc.collect()
    assert sys.getrefcount(ARRAY) == references
    # The smallest object has 16 bytes; the allocators themselves move by some pages.
    assert resident() - before < 16 * count
