"""`with` in compiled code: chunk sizes hold within the block, however it is left."""

import numpy as np
import pytest
from numir import get_parallel_chunksize, njit, parallel_chunksize, prange, set_parallel_chunksize
from numir.errors import UnsupportedError


@njit
def sizes(n):
    before = get_parallel_chunksize()
    with parallel_chunksize(n) as former:
        inside = get_parallel_chunksize()
        with parallel_chunksize(n + 1):
            deeper = get_parallel_chunksize()
        again = get_parallel_chunksize()
    return before, former, inside, deeper, again, get_parallel_chunksize()


@njit
def left_early(n, how):
    for i in range(3):
        with parallel_chunksize(n), parallel_chunksize(n + 1) as inner:
            if how == i:
                return get_parallel_chunksize()
            if how == i + 10:
                break
            if how == i + 20:
                continue
            if how == i + 30:
                raise ValueError("left")
        if get_parallel_chunksize() != 2 or inner != n:
            return -1
    else:
        return -2
    return get_parallel_chunksize()


@njit(parallel=True)
def filled(n, size):
    a = np.zeros(n)
    total = 0.0
    with parallel_chunksize(size):
        for i in prange(n):
            a[i] += i
            total += i
    return a, total


@njit(parallel=True)
def raising_within(n):
    for i in prange(n):
        with parallel_chunksize(7):
            if i == 5:
                raise KeyError(i)


@pytest.fixture(autouse=True)
def two():
    former = set_parallel_chunksize(2)
    yield
    assert get_parallel_chunksize() == 2
    set_parallel_chunksize(former)


def test_nested():
    assert sizes(8) == sizes.py_func(8) == (2, 2, 8, 9, 8, 2)


@pytest.mark.parametrize("how", [0, 1, 10, 12, 20, 22, 99])
def test_left_early(how):
    assert left_early(5, how) == left_early.py_func(5, how)


@pytest.mark.parametrize("how", [30, 31])
def test_left_by_an_exception(how):
    for _ in range(3):
        with pytest.raises(ValueError, match="left"):
            left_early(5, how)
        assert get_parallel_chunksize() == 2


def test_exceptions_in_parallel_loops():
    for _ in range(5):
        with pytest.raises(KeyError):
            raising_within(100)
        assert get_parallel_chunksize() == 2


@pytest.mark.parametrize("size", [0, 1, 3, 1000])
def test_loops_of_chunks(size):
    a, total = filled(100, size)
    assert a.tolist() == list(range(100)) and total == 4950


def test_a_size_below_zero():
    with pytest.raises(ValueError, match="chunksize must be greater than or equal to zero"):
        filled(3, -1)


def test_other_managers_are_refused():
    def opened(n):
        with open("x"):
            return n

    def number(n):
        with n:
            return n

    with pytest.raises((UnsupportedError, TypeError), match="open"):
        njit(opened)(1)
    with pytest.raises(UnsupportedError, match=r"`with` of int[^`]*(.|\n)*parallel_chunksize"):
        njit(number)(1)
