"""Sorting and searching, over dtypes and layouts."""

import numpy as np
import pytest
from numir import njit

from numpy_tables import Table, arrays

DTYPES = ("bool", "int8", "int64", "uint8", "float32", "float64", "complex128")

EXPRESSIONS = [
    "np.sort(a)",
    "np.sort(a, axis=0)",
    "np.sort(a, axis=None)",
    "np.sort(a, kind='mergesort')",
    "np.sort(a, stable=True)",
    "np.argsort(a, kind='stable')",
    "np.argsort(a, axis=0, kind='stable')",
    "a.argsort(axis=-1, kind='stable')",
    "np.argsort(a, axis=None, stable=True)",
    "np.searchsorted(np.sort(a, axis=None), a)",
    "np.searchsorted(np.sort(a, axis=None), a, side='right')",
    "np.searchsorted(np.sort(a, axis=None), a[0, 0])",
    "np.sort(a, axis=None).searchsorted(a[0], 'right')",
    "np.searchsorted(a[0], a[1], sorter=np.argsort(a[0], kind='stable'))",
    "np.lexsort((a[0], a[1], a[2]))",
    "np.lexsort(a)",
]


@pytest.mark.parametrize("dtype", DTYPES)
def test_orders(tmp_path, dtype):
    table = Table(tmp_path, "a", EXPRESSIONS)
    for a in arrays([dtype]):
        table.check(a)


def test_special_numbers(tmp_path):
    table = Table(tmp_path, "a", EXPRESSIONS)
    special = [np.nan, -np.inf, np.inf, 0.0, -0.0, 1.0, np.nan, -1.0, 5e-324, 3.0, np.nan, 2.0]
    table.check(np.array(special).reshape(3, 4))
    rng = np.random.default_rng(1)
    pairs = [complex(*rng.choice(special, 2)) for _ in range(12)]
    table.check(np.array(pairs).reshape(3, 4))
    table.check(np.zeros((3, 4)))


@pytest.mark.parametrize("order", ["random", "sorted", "reversed", "equal", "few", "organ", "saw"])
@pytest.mark.parametrize("count", [0, 1, 2, 15, 16, 17, 31, 33, 1000, 4097])
def test_long_rows(order, count):
    a = np.random.default_rng(count).integers(0, 10**6, count)
    rows = {
        "random": a,
        "sorted": np.sort(a),
        "reversed": np.sort(a)[::-1].copy(),
        "equal": a * 0,
        "few": a % 3,
        "organ": np.concatenate([np.sort(a[::2]), np.sort(a[1::2])[::-1]]),
        "saw": a % 3 * 100 + np.arange(count) % 10,
    }
    row = rows[order]
    np.testing.assert_array_equal(sort(row), np.sort(row))
    np.testing.assert_array_equal(argsort(row), np.argsort(row, kind="stable"))
    if count:
        assert median(row) == np.median(row)
        places = np.unique(np.linspace(0, count - 1, 7).astype(int))
        for place in places:
            got = partition(row, place)
            assert got[place] == np.sort(row)[place]
            assert (got[:place] <= got[place]).all() and (got[place:] >= got[place]).all()
            order = argpartition(row, place)
            assert row[order[place]] == got[place] and len(set(order)) == count


@njit
def sort(a):
    return np.sort(a)


@njit
def argsort(a):
    return np.argsort(a)


@njit
def median(a):
    return np.median(a)


@njit
def partition(a, k):
    return np.partition(a, k)


@njit
def argpartition(a, k):
    return np.argpartition(a, k)


@njit
def sort_in_place(a, k):
    a.sort()
    b = a[::-1].copy()
    b.sort(axis=0)
    c = a.copy()
    c.partition(k)
    return b, c


def test_in_place():
    a = np.array([[3, 1, 2], [9, 7, 8]])
    b, c = sort_in_place(a, 1)
    np.testing.assert_array_equal(a, [[1, 2, 3], [7, 8, 9]])
    np.testing.assert_array_equal(b, [[1, 2, 3], [7, 8, 9]])
    np.testing.assert_array_equal(c, a)


def test_sort_leaves_its_argument():
    a = np.array([3, 1, 2])
    sort(a)
    np.testing.assert_array_equal(a, [3, 1, 2])


def test_wrong_arguments(tmp_path):
    expressions = [
        "np.sort(a, axis=2)",
        "np.searchsorted(a[0], a, side='middle')",
        "np.partition(a, 4)",
        "np.partition(a, -5)",
        "np.argpartition(a, 12, axis=None)",
    ]
    Table(tmp_path, "a", expressions).check(np.arange(12.0).reshape(3, 4))


@pytest.mark.parametrize("dtype", ["int8", "uint16", "int32", "uint64", "float16", "float32", "float64"])
def test_many_numbers(dtype):
    """Few, many and plenty of numbers take different ways; places show that all are stable, and signs that zeros keep their order."""
    rng = np.random.default_rng(3)
    for count in (63, 65, 500, 7000):
        row = (rng.standard_normal(count) * 50).astype(dtype)
        if row.dtype.kind == "f":
            row[rng.integers(0, count, count // 3)] = rng.choice([0.0, -0.0, np.nan, np.inf, -np.inf], count // 3)
        order = np.argsort(row, kind="stable")
        np.testing.assert_array_equal(argsort(row), order)
        np.testing.assert_array_equal(argsort(row[::-2]), np.argsort(row[::-2], kind="stable"))
        got = sort(row)
        np.testing.assert_array_equal(got, row[order])
        if row.dtype.kind == "f":
            np.testing.assert_array_equal(np.signbit(got), np.signbit(row[order]))


@pytest.mark.parametrize("dtype", ["bool", "int16", "float32", "float64", "complex128"])
def test_extremes_of_rows(dtype):
    """The place of the first extreme, or of the first NaN: side by side in very short rows, by vectors in others."""
    extremes = njit(lambda a: (np.argmin(a, axis=1), np.argmax(a, axis=-1), np.argmax(a[0])))
    rng = np.random.default_rng(4)
    for rows, length in [(1, 1), (3, 2), (600, 3), (513, 4), (40, 5), (30, 17), (5, 300)]:
        a = rng.integers(-3, 4, (rows, length)).astype(dtype)
        if a.dtype.kind == "f":
            a[rng.random(a.shape) < 0.05] = np.nan
        for b in (a, np.asfortranarray(a), a[:, ::-1]):
            for got, wanted in zip(extremes(b), (b.argmin(axis=1), b.argmax(axis=1), b[0].argmax()), strict=True):
                np.testing.assert_array_equal(got, wanted)
