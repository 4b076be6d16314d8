"""What NumPy does with the ufuncs that `vectorize` and `guvectorize` make: methods, overrides, parallel loops, odd strides."""

import pickle

import numpy as np
import pytest
from numir import guvectorize, vectorize

DECLARED = ["float64(float64, float64)", "int64(int64, int64)"]


def made(declared, target):
    """A sum, and one whose items depend on the order, as ufuncs."""
    decorate = vectorize(DECLARED, target=target) if declared else vectorize(target=target)
    return decorate(lambda x, y: x + y), decorate(lambda x, y: x * 3 - y)


# Long enough for several chunks of a parallel loop.
LONG = np.random.default_rng(5).integers(0, 9, 200_000)


@pytest.mark.parametrize("target", ["cpu", "parallel"])
@pytest.mark.parametrize("declared", [True, False])
def test_items_that_depend_on_each_other_are_taken_in_order(declared, target):
    plus, mixed = made(declared, target)
    expected = np.frompyfunc(lambda x, y: x * 3 - y, 2, 1)
    # The threads' chunks fall otherwise each time.
    for _ in range(5):
        assert plus.reduce(LONG) == LONG.sum()
        np.testing.assert_array_equal(plus.accumulate(LONG), LONG.cumsum())
    floats = LONG.astype(float)
    assert plus.reduce(floats[::2]) == floats[::2].sum()
    np.testing.assert_array_equal(
        plus.reduceat(LONG, [0, 70_000, 150_000]), np.add.reduceat(LONG, [0, 70_000, 150_000])
    )
    short = LONG[:30]
    np.testing.assert_array_equal(mixed.accumulate(short), expected.accumulate(short, dtype=object).astype(np.int64))
    table = LONG.reshape(400, 500)
    for axis in (0, 1):
        np.testing.assert_array_equal(plus.reduce(table, axis=axis), table.sum(axis))
        np.testing.assert_array_equal(plus.accumulate(table, axis=axis), table.cumsum(axis))


@pytest.mark.parametrize("target", ["cpu", "parallel"])
def test_operands_that_overlap_the_result(target):
    plus, _ = made(True, target)
    whole = np.arange(100_000.0)
    expected = whole.copy()
    np.add(expected[:-1], expected[1:], out=expected[1:])
    plus(whole[:-1], whole[1:], out=whole[1:])
    np.testing.assert_array_equal(whole, expected)
    plus(whole, whole, out=whole)
    np.testing.assert_array_equal(whole, expected * 2)
    counts = np.zeros(3, int)
    plus.at(counts, [0, 0, 2], 1)
    assert counts.tolist() == [2, 0, 1]


class Claiming:
    """Takes over what a ufunc does with it."""

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        return ufunc.__name__, method, len(inputs), sorted(options)


class Declining:
    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        return NotImplemented


class Unwilling:
    __array_ufunc__ = None


@pytest.mark.parametrize("declared", [True, False])
def test_operands_that_take_over(declared):
    decorate = vectorize(DECLARED) if declared else vectorize

    @decorate
    def plus(x, y):
        return x + y

    one = Claiming()
    assert plus(one, 1) == plus(1, one) == ("plus", "__call__", 2, [])
    assert plus.reduce(one, axis=0) == ("plus", "reduce", 1, ["axis"])
    assert plus.accumulate(one) == ("plus", "accumulate", 1, [])
    assert plus.outer(1, one) == ("plus", "outer", 2, [])
    assert plus.at(one, [0], 1) == ("plus", "at", 3, [])
    assert plus(Declining(), one) == ("plus", "__call__", 2, [])
    with pytest.raises(TypeError, match="all returned NotImplemented"):
        plus(Declining(), 1)
    with pytest.raises(TypeError, match="does not support ufuncs"):
        plus(1, Unwilling())


@guvectorize(["(float64[:], float64[:], float64[:])"], "(n),(n)->()")
def dot(x, y, result):
    total = 0.0
    for k in range(x.shape[0]):
        total += x[k] * y[k]
    result[0] = total


@guvectorize("(m,n),(n),()->(m)", target="parallel")
def product(matrix, vector, factor, result):
    for i in range(matrix.shape[0]):
        total = factor * 0
        for k in range(matrix.shape[1]):
            total += matrix[i, k] * vector[k]
        result[i] = total * factor


def test_outer_axes_of_all_kinds():
    numbers = np.random.default_rng(3)
    x, y = numbers.random((4, 5, 6)), numbers.random((5, 6))
    np.testing.assert_allclose(dot(x, y), (x * y).sum(-1))
    np.testing.assert_allclose(dot(x[::-1, ::2], y[::2]), (x[::-1, ::2] * y[::2]).sum(-1))
    np.testing.assert_allclose(dot(x.T, x.T), (x.T * x.T).sum(-1))
    np.testing.assert_allclose(dot(x[0, 0], y[0]), x[0, 0] @ y[0])
    np.testing.assert_allclose(dot(x[0], y, axis=0), (x[0] * y).sum(0))
    assert dot(np.zeros((3, 0)), np.zeros(0)).tolist() == [0, 0, 0]
    assert dot(np.zeros((0, 3)), np.zeros(3)).shape == (0,)


@pytest.mark.parametrize("rows", [1, 7, 20_000])
def test_outer_positions_on_all_threads(rows):
    numbers = np.random.default_rng(rows)
    matrix, vector, factor = numbers.random((rows, 3, 4)), numbers.random(4), numbers.random(rows)
    out = np.empty((rows, 3))
    assert product(matrix, vector, factor, out) is out
    np.testing.assert_allclose(out, (matrix @ vector) * factor[:, None])


def test_an_error_at_one_of_many_positions():
    @guvectorize(["(int64[:], int64[:])"], "(n)->(n)", target="parallel")
    def checked(row, result):
        if row[0] == 7:
            raise ValueError("seven at", row[1])
        result[:] = row

    rows = np.zeros((50_000, 2), int)
    assert checked(rows).shape == (50_000, 2)
    rows[40_000] = 7, 40_000
    rows[30_000] = 7, 30_000
    with pytest.raises(ValueError) as info:
        checked(rows)
    assert info.value.args == ("seven at", 30_000)


def test_strides_that_are_no_multiples_of_the_items():
    table = np.zeros(6, [("a", "c16"), ("b", "f8")])
    table["a"] = np.arange(6) + 1j

    @guvectorize(["(complex128[:], complex128, complex128[:])"], "(n),()->(n)")
    def shifted(row, by, result):
        for i in range(row.size):
            result[i] = row[i] + by

    assert not table["a"].strides[0] % 16 == 0
    with pytest.raises(ValueError, match="pass a copy"):
        shifted(table["a"], 1)
    expected = np.arange(3) + table["a"][:, None]
    np.testing.assert_array_equal(shifted(np.arange(3.0), table["a"]), expected)
    twice = vectorize(["complex128(complex128)"])(lambda z: 2 * z)
    np.testing.assert_array_equal(twice(table["a"]), 2 * table["a"])


def test_generalised_ufuncs_are_pickled_also_when_they_were_called():
    out = np.empty(2)
    product(np.ones((2, 3)), np.ones(3), 2.0, out)
    again = pickle.loads(pickle.dumps(product))
    result = again(np.ones((2, 3)), np.ones(3), 2.0, np.empty(2))
    assert result.tolist() == out.tolist() == [6, 6] and again.signature == product.signature


def test_writable_operands_beside_outer_axes():
    @guvectorize("(n),(n)->()", writable_args=("x",))
    def drained(x, y, total):
        total[0] = 0
        for k in range(x.size):
            total[0] += x[k] * y[k]
            x[k] = 0

    x = np.ones((3, 4))
    assert drained(x, np.arange(4.0), np.empty(3)).tolist() == [6, 6, 6]
    assert not x.any()
