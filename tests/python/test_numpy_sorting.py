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
