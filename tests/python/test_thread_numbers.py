"""Threads of parallel loops, asked about and set by compiled code."""

import numir
import numpy as np
import pytest
from numir import (
    get_num_threads,
    get_parallel_chunksize,
    get_thread_id,
    njit,
    prange,
    set_num_threads,
    set_parallel_chunksize,
)


@pytest.fixture(autouse=True)
def restored():
    before = get_num_threads(), get_parallel_chunksize()
    yield
    set_num_threads(before[0])
    set_parallel_chunksize(before[1])


@njit(parallel=True)
def numbers(n):
    out = np.empty(n, np.int64)
    for i in prange(n):
        out[i] = get_thread_id()
    return out


def test_the_numbers_of_threads():
    found = set(numbers(100_000).tolist())
    assert found <= set(range(get_num_threads()))
    set_num_threads(1)
    assert len(set(numbers(1000).tolist())) == 1


@njit
def limited(n):
    before = numir.get_num_threads()
    set_num_threads(n)
    return before, get_num_threads()


def test_a_function_sets_how_many():
    before = get_num_threads()
    assert limited(1) == (before, 1)
    assert get_num_threads() == 1
    for bad in (0, -1, 10_000):
        with pytest.raises(ValueError, match="number of threads"):
            limited(bad)


@njit(parallel=True)
def chunked(n, size):
    before = set_parallel_chunksize(size)
    total = 0
    for i in prange(n):
        total += i
    return before, set_parallel_chunksize(before), total


def test_chunk_sizes():
    set_parallel_chunksize(3)
    assert chunked(100, 7) == (3, 7, 4950)
    assert get_parallel_chunksize() == 3
    with pytest.raises(ValueError, match="greater than or equal to zero"):
        chunked(1, -1)
