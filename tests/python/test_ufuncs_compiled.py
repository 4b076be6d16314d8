"""Ufuncs of the program called by compiled functions: broadcast as NumPy does, and compiled with their callers."""

import linecache

import numpy as np
import pytest
from numir import float64, guvectorize, int64, njit, vectorize
from numir.errors import TypingError


@vectorize
def scaled(x, y):
    return x * 2 + y


@vectorize([float64(float64, float64), int64(int64, int64)])
def declared(x, y):
    return x * 2 + y


@guvectorize("(n),()->(n)")
def shifted(x, by, out):
    for i in range(x.shape[0]):
        out[i] = x[i] + by


@guvectorize([(float64[:], float64[:])], "(n)->()")
def total(x, out):
    out[0] = 0.0
    for i in range(x.shape[0]):
        out[0] += x[i]


SHAPES = [((3,), (3,)), ((2, 3), (3,)), ((3,), (2, 1)), ((4, 1, 3), (2, 1)), ((), (3,)), ((0,), (1,)), ((1,), (5,))]


@pytest.mark.parametrize("function", [scaled, declared], ids=["dynamic", "declared"])
@pytest.mark.parametrize("shapes", SHAPES, ids=str)
@pytest.mark.parametrize(
    "dtypes", [(float, float), (np.int64, np.int64), (np.int64, float), (np.int32, np.int32)], ids=str
)
def test_arrays(function, shapes, dtypes):
    a, b = (np.arange(np.prod(shape), dtype=dtype).reshape(shape) + 1 for shape, dtype in zip(shapes, dtypes))

    @njit
    def f(a, b):
        return function(a, b)

    result, expected = f(a, b), function(a, b)
    np.testing.assert_array_equal(result, expected)
    assert np.asarray(result).dtype == np.asarray(expected).dtype


def test_numbers_and_mixtures():
    @njit
    def f(x, a):
        return scaled(x, 1), scaled(a, x), declared(x, 2.5), declared(3, 4)

    a = np.arange(4.0)
    one, two, three, four = f(1.5, a)
    assert (one, three, four) == (4.0, 5.5, 10)
    np.testing.assert_array_equal(two, a * 2 + 1.5)


def test_a_strided_array_and_a_place_for_the_result():
    @njit
    def f(a, b, out):
        return scaled(a[::2], b, out)

    a, b, out = np.arange(8.0), np.arange(4.0), np.empty(4)
    f(a, b, out)
    np.testing.assert_array_equal(out, a[::2] * 2 + b)


def test_shapes_that_do_not_go_together():
    @njit
    def f(a, b):
        return scaled(a, b)

    with pytest.raises(ValueError, match="could not be broadcast together"):
        f(np.zeros(3), np.zeros(4))
    with pytest.raises(TypingError, match="has no loop for"):
        njit(lambda z: declared(z, z))(1j)
    with pytest.raises(TypingError, match="takes 2 operands"):
        njit(lambda z: declared(z))(1.0)


def test_generalised():
    @njit
    def f(a, by, sums):
        out = np.empty_like(a)
        shifted(a, by, out)
        total(out, sums)
        return out

    for shape in [(4,), (3, 4), (2, 3, 4)]:
        a = np.arange(float(np.prod(shape))).reshape(shape)
        sums = np.empty(shape[:-1])
        out = f(a, 2.0, sums)
        np.testing.assert_array_equal(out, a + 2)
        np.testing.assert_array_equal(sums, out.sum(-1))


def test_generalised_with_axes_that_are_missing():
    with pytest.raises(TypingError, match="operand 1 needs 1 axes"):
        njit(lambda a: total(a, a))(np.zeros(()))
    with pytest.raises(TypingError, match="results included"):
        njit(lambda a: total(a))(np.zeros(3))


def test_inputs_that_are_written_to():
    @guvectorize([(float64[:], float64[:], float64[:])], "(n),(n)->()", writable_args=("y",))
    def moved(x, y, out):
        for i in range(x.shape[0]):
            y[i] += x[i]
        out[0] = y[0]

    x, y = np.arange(6.0).reshape(2, 3), np.ones((2, 3))
    np.testing.assert_array_equal(moved(x, y), [1.0, 4.0])
    np.testing.assert_array_equal(y, x + 1)
    # Of another type NumPy hands over a copy, and writes it back.
    y = np.ones((2, 3), dtype=np.float32)
    with pytest.raises(TypeError):
        moved(x, y.astype(complex))
    with pytest.raises(ValueError, match="no operand 'z'"):
        guvectorize("(n)->()", writable_args=("z",))(lambda x, out: None)


def test_the_types_of_loops():
    shifted(np.zeros(3), 1.0, np.zeros(3))
    assert "dd->d" in shifted.types
    assert shifted.ntypes == len(shifted.types)


def test_results_are_not_broadcast():
    @guvectorize("(n)->(n)")
    def copied(x, out):
        for i in range(len(x)):
            out[i] = x[i]

    @njit
    def called(x, out):
        copied(x, out)
        return out.sum()

    for given, result in [((3, 5), (3, 5)), ((5,), (5,)), ((2, 3, 5), (2, 3, 5)), ((1, 5), (3, 5)), ((5,), (3, 5))]:
        assert called(np.ones(given), np.zeros(result)) == np.prod(result)
    for given, result in [((1, 5), (5,)), ((3, 5), (5,)), ((3, 5), (1, 5))]:
        with pytest.raises(ValueError, match="Loop and array shapes are incompatible"):
            called(np.ones(given), np.zeros(result))


@pytest.mark.parametrize(
    "part",
    [
        "[:-1], a[1:], a[1:]",
        "[1:], a[:-1], a[1:]",
        ", a, a",
        "[::-1], a, a",
        "[:5], a[0], a[5:10]",
        "[:0], a[:0], a[:0]",
    ],
)
def test_results_that_overlap_operands(part):
    @vectorize
    def mixed(x, y):
        return x * 2 - y

    scope = {"mixed": mixed, "njit": njit}
    text = f"def f(a):\n    mixed(a{part})\n    return a\n"
    path = f"<overlap {part}>"
    linecache.cache[path] = (len(text), None, text.splitlines(keepends=True), path)
    exec(compile(text, path, "exec"), scope)
    expected = scope["f"](np.arange(10.0))
    np.testing.assert_array_equal(njit(scope["f"])(np.arange(10.0)), expected)
    table = np.arange(30.0).reshape(10, 3)
    np.testing.assert_array_equal(njit(scope["f"])(table.copy()), scope["f"](table.copy()))
