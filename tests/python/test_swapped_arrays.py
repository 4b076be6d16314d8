"""Arrays that loops carry, swap, replace and alias: NumPy's values, whatever may lie in the same memory, and however shapes change."""

import numpy as np
import pytest
from numir import njit


def swapped(a, n):
    u = a.copy()
    v = a.copy()
    for _ in range(n):
        v[1:-1] = 0.25 * (u[:-2] + 2.0 * u[1:-1] + u[2:])
        u, v = v, u
    return u, v


def swapped_planes(a, n):
    u = a.copy()
    v = np.zeros_like(a)
    for _ in range(n):
        v[1:-1, 1:] = u[:-2, 1:] + u[2:, 1:] - u[1:-1, :-1]
        v[:] = v * 0.5 + u[:, ::-1]
        u, v = v, u
    return u


def rotated(a, n):
    u, v, w = a.copy(), a * 2.0, a - 1.0
    for _ in range(n):
        w[:-1] = u[1:] - v[:-1]
        u, v, w = v, w, u
    return u + 10.0 * v + 100.0 * w


def one_array_first(a, n):
    u = a.copy()
    v = u
    for _ in range(n):
        v[1:] = u[:-1] + 1.0
        u, v = v, u
    return u


def a_part_first(a, n):
    u = a.copy()
    v = u[::-1]
    for _ in range(n):
        v[1:] = u[:-1] + 1.0
        u, v = v, u
    return u.copy()


def one_array_later(a, n):
    u, v = a.copy(), a + 1.0
    for i in range(n):
        v[1:] = u[:-1] * 0.5
        if i % 2 == 0:
            u = v
    return u + v


def made_in_the_loop(a, n):
    u = a.copy()
    v = a.copy()
    for _ in range(n):
        w = u * 0.5 + v
        v[1:] = u[:-1]
        u, v = w, u
    return u - v


def given_ones(a, b, n):
    for _ in range(n):
        b[1:] = a[:-1] + 1.0
        a, b = b, a
    return a.copy()


def growing(a, n):
    u = a.copy()
    v = a.copy()
    for _ in range(n):
        v[1:] = u[:-1] + 1.0
        u, v = np.append(v, v[-1]), np.append(u, 0.0)
    return u * v


def shrinking_views(a, n):
    u = a.copy()
    v = a.copy()
    for _ in range(n):
        v[1:] = u[:-1] + 1.0
        u, v = v[1:], u[1:]
    return u + v


def while_swapped(a, n):
    u, v = a.copy(), a.copy()
    i = 0
    while i < n:
        v[1:] = u[:-1] + 1.0
        u, v = v, u
        i += 1
    return u


def nested(a, n):
    u, v = a.copy(), a.copy()
    for _ in range(n):
        for _ in range(2):
            v[1:-1] = u[2:] - u[:-2]
            u, v = v, u
        v[:] = u[::-1]
    return u + v


ONES = [
    swapped,
    rotated,
    one_array_first,
    a_part_first,
    one_array_later,
    made_in_the_loop,
    growing,
    shrinking_views,
    while_swapped,
    nested,
]


@pytest.mark.parametrize("function", ONES, ids=lambda function: function.__name__)
@pytest.mark.parametrize("size", [9, 10, 300])
@pytest.mark.parametrize("n", [0, 1, 2, 5])
def test_as_numpy(function, size, n):
    a = np.random.default_rng(size + n).random(size)
    np.testing.assert_array_equal(njit(function)(a, n), function(a, n))


@pytest.mark.parametrize("shape", [(3, 2), (5, 7), (40, 30), (3, 1), (2, 4)])
def test_planes(shape):
    a = np.random.default_rng(1).random(shape)
    np.testing.assert_array_equal(njit(swapped_planes)(a, 4), swapped_planes(a, 4))


def test_given_arrays_may_be_one():
    compiled = njit(given_ones)
    for offset in range(-2, 3):
        base = np.arange(20.0)
        expected = base.copy()

        def views(memory, offset=offset):
            return memory[4:14], memory[4 + offset : 14 + offset]

        want = given_ones(*views(expected), 3)
        np.testing.assert_array_equal(compiled(*views(base), 3), want)
        np.testing.assert_array_equal(base, expected)


def test_shapes_that_do_not_fit_raise():
    def wrong(a, b, n):
        u, v = a.copy(), b.copy()
        for _ in range(n):
            v[1:] = u[:-1]
            u, v = v, u
        return u

    compiled = njit(wrong)
    with pytest.raises(ValueError, match="could not broadcast"):
        compiled(np.ones(5), np.ones(7), 2)
    np.testing.assert_array_equal(compiled(np.ones(2), np.zeros(7), 1), wrong(np.ones(2), np.zeros(7), 1))
