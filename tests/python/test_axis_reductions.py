"""Reductions along axes take up what computes their items: results as NumPy's, the same on the pool, and no arrays in between."""

import itertools
import warnings

import numir
import numpy as np
import pytest
from numir import _remarks

DATA = np.random.default_rng(5)


def squares(a, b):
    return np.sum((a - b) ** 2, axis=1), np.sum((a - b) ** 2, axis=0)


def mixed(a, b):
    return (a * b).sum(axis=(0, 2)), np.abs(a - b).max(axis=(1, 2)), (a + b).min(axis=(0, 1), keepdims=True)


def inner(a, b):
    return (a * b).sum(axis=1), (a < b).any(axis=(0, 1)), np.all(a < b + 1, axis=-1), (a * b).prod(axis=0)


def shapes(rank):
    """Shapes that broadcast to (4, 3), or (5, 4, 3), in every way."""
    whole = (5, 4, 3)[-rank:]
    singles = itertools.product([False, True], repeat=rank)
    stretched = [tuple(1 if single else size for size, single in zip(whole, row, strict=True)) for row in singles]
    return stretched + [whole[1:], (1,) * (rank - 1)]


def layouts(array):
    """The array as it is, column by column, with gaps, and backwards."""
    gaps = np.zeros(tuple(2 * size for size in array.shape), array.dtype)[
        tuple(slice(None, None, 2) for _ in array.shape)
    ]
    gaps[...] = array
    return [array, np.asfortranarray(array), gaps, array[..., ::-1]]


def same(got, wanted, exact=False):
    for one, other in zip(got, wanted, strict=True):
        assert one.dtype == other.dtype and one.shape == other.shape
        if exact:
            assert one.tobytes() == other.tobytes()
        else:
            np.testing.assert_allclose(one, other, rtol=1e-6 if other.dtype.itemsize <= 4 else 1e-12, atol=1e-12)


@pytest.mark.parametrize("program, rank", [(squares, 2), (mixed, 3), (inner, 3)])
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int32])
def test_broadcasting(program, rank, dtype):
    compiled = numir.njit(program)
    whole = (5, 4, 3)[-rank:]
    left = (DATA.random(whole) * 10).astype(dtype)
    for shape in shapes(rank):
        right = (DATA.random(shape) * 10).astype(dtype)
        same(compiled(left, right), program(left, right))
        if right.ndim == rank:
            same(compiled(right, left), program(right, left))


@pytest.mark.parametrize("program, rank", [(squares, 2), (mixed, 3)])
def test_layouts(program, rank):
    compiled = numir.njit(program)
    whole = (5, 4, 3)[-rank:]
    left, right = DATA.random(whole), DATA.random(whole)
    for one, other in itertools.product(layouts(left), layouts(right)):
        same(compiled(one, other), program(one, other))


def test_complex():
    def program(a, b):
        return (a * b).sum(axis=0), (a + b).sum(axis=1), a.prod(axis=1)

    left, right = DATA.random((2, 30, 40)).view(complex)
    same(numir.njit(program)(left, right), program(left, right))


def test_nothing():
    def sums(a):
        return a.sum(axis=0), a.sum(axis=1), (a * 2).prod(axis=0), (a > 0).all(axis=1), a.sum(axis=()), a.mean(axis=0)

    def least(a):
        return (a * 2).min(axis=0)

    for shape in [(0, 3), (3, 0), (0, 0)]:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            wanted = sums(np.zeros(shape))
        same(numir.njit(sums)(np.zeros(shape)), wanted)
    same([numir.njit(least)(np.zeros((3, 0)))], [least(np.zeros((3, 0)))])
    with pytest.raises(ValueError, match="zero-size array to reduction operation minimum which has no identity"):
        numir.njit(least)(np.zeros((0, 3)))


def test_signs_of_zero():
    def sums(a):
        return a.sum(axis=0), a.sum(axis=1), np.asarray(a.sum()), np.asarray((a * 1).sum())

    for array in [np.full((3, 2), -0.0), np.array([[-0.0, 0.0], [-0.0, -0.0]]), np.full((1, 1), -0.0)]:
        same(numir.njit(sums)(array), sums(array), exact=True)


def test_nan_wins():
    def extremes(a):
        return (a * 1).max(axis=0), (a * 1).min(axis=1)

    array = np.array([[1.0, np.nan, 3.0], [np.inf, 2.0, -np.inf]])
    same(numir.njit(extremes)(array), extremes(array))


@pytest.mark.parametrize("shape", [(2, 300_001), (300_001, 2), (700, 900)])
def test_the_pool_changes_nothing(shape):
    left, right = DATA.random(shape), DATA.random(shape)
    same(numir.njit(parallel=True)(squares)(left, right), numir.njit(squares)(left, right), exact=True)


def test_reductions_of_reductions():
    """What one reduction gives is an input of the next."""

    def program(a, b):
        shares = (a / a.sum(axis=0)).sum(axis=0)
        spread = ((a - a.mean(axis=1, keepdims=True)) ** 2).mean(axis=1)
        scores = np.exp(a - a.max(axis=1, keepdims=True))
        softmax = scores / scores.sum(axis=1, keepdims=True)
        return shares, spread, softmax.max(axis=0), (b * (b / b.sum(axis=0)).sum(axis=0)).min(axis=1)

    for shape in [(5, 5), (1, 4), (4, 1), (300, 40)]:
        left, right = DATA.random(shape), DATA.random(shape)
        for parallel in (False, True):
            same(numir.njit(parallel=parallel)(program)(left, right), program(left, right))


def test_mismatch():
    compiled = numir.njit(squares)
    with pytest.raises(ValueError, match=r"operands could not be broadcast together with shapes \(4,3\) \(4,2\)"):
        compiled(np.zeros((4, 3)), np.zeros((4, 2)))


def test_no_array_in_between():
    def program(a, b):
        return np.sum((a - b) ** 2, axis=1)

    dispatcher = numir.njit(program)
    dispatcher(np.zeros((2, 2)), np.zeros((2, 2)))
    (types,) = dispatcher.signatures
    remarks = [remark.text for remark in _remarks.read(program, dispatcher.inspect("remarks", types))]
    assert any("no array is made" in text for text in remarks)
    assert "numeric.map " not in dispatcher.inspect("numeric", types)


def test_rows_of_any_length():
    """Vectors, masked ends and blocks: rows of each length come to what NumPy says, and to the bit to what their sums by themselves do."""

    def program(a, b):
        return a.sum(axis=1), ((a + b[0]) * b).sum(axis=1), a[:, :40].prod(axis=1), np.exp(a - 1).sum(axis=1)

    def alone(row):
        return np.sum(row)

    compiled, alone = numir.njit(program), numir.njit(alone)
    for dtype in (np.float64, np.float32):
        for length in [*range(36), 63, 64, 65, 127, 128, 129, 136, 255, 256, 300]:
            left, right = (0.9 + 0.2 * DATA.random((2, 3, length))).astype(dtype)
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                got = compiled(left, right)
            same(got, program(left, right))
            same([got[0]], [np.array([alone(row) for row in left], dtype).reshape(3)], exact=True)


def test_rows_that_calls_are_made_for():
    """An item behind the end of a row is not computed where that would be a call."""

    @numir.vectorize
    def steps(n):
        count = 0
        while n != 1:
            n = 3 * n + 1 if n % 2 else n // 2
            count += 1
        return float(count)

    def program(a):
        return steps(a).sum(axis=1)

    for length in (1, 3, 8, 11, 130):
        numbers = DATA.integers(1, 1000, (4, length))
        same([numir.njit(program)(numbers)], [program(numbers)])
