"""What a prange loop accumulates is not read in it: iterations run in any order."""

import numir
import numpy as np
import pytest
from numir import njit, prange


def adds_itself(x):
    s = 3.0
    for _ in prange(len(x)):
        s += s
    return s


def reads_in_its_own_update(x):
    s = 3.0
    for i in prange(len(x)):
        s = s + x[i] * s
    return s


def stores_what_it_has(x):
    n = 0
    out = np.zeros(len(x))
    for i in prange(len(x)):
        n += 1
        out[i] = n
    return out


def decides_by_it(x):
    n, c = 0, 0
    for _ in prange(len(x)):
        n += 1
        if n > 2:
            c += 1
    return c


def calls_with_it(x):
    y = np.zeros(3)
    for i in prange(len(x)):
        y += x[i]
        x[i] = y.sum()
    return y


def hides_it_in_a_function(x):
    s = 0.0

    def so_far():
        return s

    for i in prange(len(x)):
        s += x[i]
        x[i] = so_far()
    return s


REFUSED = [adds_itself, reads_in_its_own_update, stores_what_it_has, decides_by_it, calls_with_it]


@pytest.mark.parametrize("parallel", [False, True])
@pytest.mark.parametrize("function", REFUSED, ids=lambda function: function.__name__)
def test_an_accumulator_that_is_read_is_refused(function, parallel):
    with pytest.raises(numir.TypingError, match="is read in the prange loop that accumulates it"):
        njit(parallel=parallel)(function)(np.arange(6.0))


def test_a_function_that_reads_it_is_refused():
    with pytest.raises(numir.TypingError):
        njit(hides_it_in_a_function)(np.arange(6.0))


def largest(x):
    s = -1.0
    for i in prange(len(x)):
        s = max(s, x[i])
    return s


def by_shape(x):
    y = np.zeros(3)
    for i in prange(len(x)):
        y += x[i]
        y[i % 3] += len(y) + y.size
    return y


def of_inner_sums(x):
    s = 0.0
    for i in prange(len(x)):
        t = 0.0
        for _ in range(3):
            t += t * 0.5 + x[i]
        s = t + s
    return s


def in_nested_loops(x):
    s, p = 0.0, 1.0
    for i in prange(len(x)):
        for _ in prange(4):
            s += x[i]
        if x[i] > 2.0:
            p *= 2.0
    return s + p


@pytest.mark.parametrize("function", [largest, by_shape, of_inner_sums, in_nested_loops])
def test_what_only_accumulates_is_as_python(function):
    x = np.arange(6.0)
    np.testing.assert_allclose(njit(function)(x), function(x))
