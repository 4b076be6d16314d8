"""Results that are written over arrays that nobody needs afterwards: NumPy's values, whatever is stretched, kept or raised."""

import pathlib
import resource

import numpy as np
import pytest
from numir import _remarks, njit


def blas(alpha, a, b, beta, c):
    return alpha * (a @ b) + beta * c


def softmax(x):
    e = np.exp(x - x.max())
    return e / e.sum()


def sorted_gaps(x):
    s = np.sort(x)
    return 2.0 * s - s[::-1]


def kept(a, b):
    t = a @ b
    u = t
    r = t + 1.0
    return r - u


def kept_in_a_branch(a, b, which):
    t = a @ b
    u = t if which else a
    r = t * 2.0
    return r + u[0, 0]


def returned_twice(a, b):
    t = a @ b
    return t + 1.0, t


def in_a_loop(a, n):
    x = a.copy()
    for _ in range(n):
        y = x @ a
        x = 0.5 * y + x
    return x


def transposed(a, b):
    t = a @ b
    return t + t.T


def resident():
    """The bytes of memory of this process."""
    return int(pathlib.Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


@pytest.fixture
def random():
    return np.random.default_rng(7)


@pytest.mark.parametrize("parallel", [False, True])
@pytest.mark.parametrize(
    "shapes",
    [
        ((4, 5), (5, 6), (4, 6)),
        ((60, 50), (50, 300), (60, 300)),
        ((1, 5), (5, 6), (3, 6)),
        ((4, 5), (5, 1), (4, 7)),
        ((4, 5), (5, 6), (1, 6)),
        ((4, 5), (5, 6), (6,)),
        ((4, 5), (5, 6), (2, 4, 6)),
        ((0, 5), (5, 6), (0, 6)),
        ((4, 0), (0, 6), (4, 6)),
    ],
)
def test_an_epilogue(random, shapes, parallel):
    a, b, c = (random.random(shape) for shape in shapes)
    before = c.copy()
    got = njit(parallel=parallel)(blas)(1.5, a, b, 0.5, c)
    np.testing.assert_allclose(got, blas(1.5, a, b, 0.5, c), rtol=1e-12)
    np.testing.assert_array_equal(c, before)


def test_an_epilogue_that_does_not_fit(random):
    with pytest.raises(ValueError, match="could not be broadcast together"):
        njit(blas)(1.0, random.random((4, 5)), random.random((5, 6)), 1.0, random.random((3, 6)))


def test_the_product_is_the_only_array(random):
    compiled = njit(blas)
    compiled(1.5, random.random((8, 8)), random.random((8, 8)), 0.5, random.random((8, 8)))
    told = _remarks.read(blas, compiled.inspect("remarks", compiled.signatures[0]))
    assert any("no other array is made" in remark.text for remark in told)


@pytest.mark.parametrize("function", [softmax, sorted_gaps])
def test_chains_after_what_is_not_item_by_item(random, function):
    for size in (1, 7, 1000, 100_000):
        x = random.standard_normal(size)
        np.testing.assert_allclose(njit(function)(x), function(x), rtol=1e-12)


@pytest.mark.parametrize("function", [kept, returned_twice, transposed])
def test_arrays_that_are_still_needed(random, function):
    a, b = random.random((30, 30)), random.random((30, 30))
    for got, expected in zip(np.atleast_3d(njit(function)(a, b)), np.atleast_3d(function(a, b)), strict=True):
        np.testing.assert_allclose(got, expected, rtol=1e-12)


@pytest.mark.parametrize("which", [True, False])
def test_arrays_kept_in_a_branch(random, which):
    a, b = random.random((30, 30)), random.random((30, 30))
    np.testing.assert_allclose(njit(kept_in_a_branch)(a, b, which), kept_in_a_branch(a, b, which), rtol=1e-12)


def test_loops_carry_results_on(random):
    a = random.random((20, 20)) / 20
    for steps in (0, 1, 2, 7):
        np.testing.assert_allclose(njit(in_a_loop)(a, steps), in_a_loop(a, steps), rtol=1e-12)


def test_nothing_leaks(random):
    compiled = njit(blas)
    sides = [((200, 50), (50, 200), (200, 200)), ((1, 50), (50, 200), (200, 200)), ((200, 50), (50, 200), (7, 9))]
    inputs = [[random.random(shape) for shape in shapes] for shapes in sides]

    def once():
        for a, b, c in inputs:
            try:
                compiled(1.5, a, b, 0.5, c)
            except ValueError:
                pass

    for _ in range(50):
        once()
    before = resident()
    for _ in range(300):
        once()
    # A leak of one array per call would be 90 MB.
    assert resident() - before < 20e6
