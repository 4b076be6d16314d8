"""Factors that are multiplied within a product: to the bit what the product of an array of them is, and no such array is made."""

import re

import numpy as np
import pytest
from numir import _remarks, njit


def left(x, a, b):
    return x * a @ b


def behind(x, a, b):
    return a * x @ b


def right(x, a, b):
    return a @ (x * b)


def minus(x, a, b):
    return -a @ b


def literal(x, a, b):
    return 2 * a @ b


def by_name(x, a, b):
    t = x * a
    return np.dot(t, b)


def both(x, a, b):
    return (x * a) @ (x * b)


def blas(x, a, b):
    return x * a @ b + x * (a @ b)


def of_a_product(x, a, b):
    return x * a @ (b @ (b.T @ b))


def made(x, a, b):
    return x * a


SHAPES = [(3, 4, 5), (60, 50, 40), (900, 700, 30), (70, 600, 1), (1, 600, 70), (130, 700, 50), (4, 0, 3), (0, 4, 3)]


def matrix(shape, dtype, kind, random):
    """One in C order, in Fortran order, or of every other column of every other row."""
    rows, columns = shape
    own = {"C": shape, "F": (columns, rows), "A": (2 * rows, 2 * columns)}[kind]
    items = random.random(own) - 0.5
    if np.dtype(dtype).kind == "c":
        items = items + 1j * random.random(own)
    items = items.astype(dtype)
    return {"C": items, "F": items.T, "A": items[::2, ::2]}[kind]


FUNCTIONS = [left, behind, right, minus, literal, by_name, both, blas, of_a_product]


@pytest.mark.parametrize(
    ("function", "dtype", "parallel"),
    [(function, "float64", False) for function in FUNCTIONS]
    + [(function, dtype, False) for dtype in ("float32", "complex128", "complex64") for function in FUNCTIONS[1:4]]
    + [(function, "float64", True) for function in (left, right)],
)
def test_as_numpy(function, dtype, parallel):
    random = np.random.default_rng(3)
    compiled = njit(function, parallel=parallel)
    number = 0.7 - 0.3j if dtype.startswith("complex") else 0.7
    error = 1e-4 if dtype in ("float32", "complex64") else 1e-11
    for rows, depth, columns in SHAPES:
        for kinds in ("CC", "CF", "FC", "AA"):
            a = matrix((rows, depth), dtype, kinds[0], random)
            b = matrix((depth, columns), dtype, kinds[1], random)
            want, got = function(number, a, b), compiled(number, a, b)
            assert got.dtype == want.dtype
            size = np.abs(want).max(initial=1.0)
            np.testing.assert_allclose(got, want, rtol=error, atol=error * size)


@pytest.mark.parametrize("parallel", [False, True])
@pytest.mark.parametrize("dtype", ["float64", "float32", "complex128"])
def test_to_the_bit(dtype, parallel):
    """Each item is rounded before it is a factor, and sums are in the same order."""

    def plain(a, b):
        return a @ b

    random = np.random.default_rng(4)
    compiled, times, product = (njit(function, parallel=parallel) for function in (left, made, plain))
    from_right = njit(right, parallel=parallel)
    number = 0.7 - 0.3j if dtype.startswith("complex") else 0.7
    for rows, depth, columns in SHAPES:
        for kinds in ("CC", "CF", "FC", "AA"):
            a = matrix((rows, depth), dtype, kinds[0], random)
            b = matrix((depth, columns), dtype, kinds[1], random)
            assert np.array_equal(compiled(number, a, b), product(times(number, a, b), b))
            assert np.array_equal(from_right(number, a, b), product(a, times(number, b, a)))


def test_special_numbers():
    compiled = njit(left)
    for size in (3, 40):
        a, b = np.ones((size, size)), np.ones((size, size))
        a[0, 0], a[1, 1], b[2, 2] = np.inf, np.nan, -0.0
        for number in (0.0, -0.0, np.inf, np.nan, 5e-324):
            with np.errstate(invalid="ignore"):
                want = left(number, a, b)
            np.testing.assert_array_equal(compiled(number, a, b), want)


def written_between(x, a, b):
    t = x * a
    a[0, 0] = 100.0
    return t @ b


def written_by_a_view(x, a, b):
    t = x * a
    b[0, 0] = 100.0
    return t @ b


def used_again(x, a, b):
    t = x * a
    r = t @ b
    return r + t[0, 0]


def returned(x, a, b):
    t = x * a
    return t @ b, t


def changed(x, a, b):
    t = x * a
    t[0, 0] = 7.0
    return t @ b


def into(x, a, b):
    np.matmul(x * a, b, out=a)
    return a


def assigned(x, a, b):
    a[:] = x * a @ b
    return a


def in_a_loop(x, a, b):
    y = a
    for _ in range(3):
        y = x * y @ b
    return y


def in_a_branch(x, a, b):
    t = x * a
    if x > 0.5:
        return t @ b
    return b


@pytest.mark.parametrize(
    "function",
    [
        written_between,
        written_by_a_view,
        used_again,
        returned,
        changed,
        into,
        assigned,
        in_a_loop,
        in_a_branch,
    ],
)
def test_what_else_is_done_to_the_arrays(function):
    compiled = njit(function)
    random = np.random.default_rng(5)
    for size in (3, 40):
        for overlap in (False, True):
            for number in (0.7, 0.3):
                base = random.random((2 * size, size)) - 0.5
                runs = []
                for run in (function, compiled):
                    whole = base.copy()
                    a, b = whole[:size], whole[size // 2 : size // 2 + size] if overlap else whole[size:]
                    runs.append((run(number, a, b), whole))
                np.testing.assert_allclose(runs[1][0], runs[0][0], rtol=1e-12, atol=1e-12)
                np.testing.assert_allclose(runs[1][1], runs[0][1], rtol=1e-12, atol=1e-12)


def peak():
    with open("/proc/self/status") as status:
        return int(re.search(r"VmHWM:\s*(\d+)", status.read())[1]) * 1024


@pytest.mark.parametrize(
    ("function", "shapes"), [(left, ((8000, 4000), (4000, 4))), (right, ((4, 4000), (4000, 8000)))]
)
def test_no_array_is_made(function, shapes):
    """The peak of the resident set grows by less than a block, not by the array of 256 MB."""
    compiled = njit(function)
    compiled(0.5, np.ones((50, 50)), np.ones((50, 50)))
    a, b = (np.ones(shape) for shape in shapes)
    before = peak()
    result = compiled(0.5, a, b)
    assert peak() - before < 40_000_000
    assert (result == 2000.0).all()


@pytest.mark.parametrize(("function", "wanted"), [(left, True), (by_name, True), (minus, True), (changed, False)])
def test_it_is_seen(function, wanted):
    compiled = njit(function)
    compiled(0.5, np.ones((50, 50)), np.ones((50, 50)))
    told = _remarks.read(function, compiled.inspect("remarks", compiled.signatures[0]))
    assert any("multiplied within the product" in remark.text for remark in told) == wanted
    assert ("numeric.map" in compiled.inspect("numeric")) != wanted
