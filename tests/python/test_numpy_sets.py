"""Sets, histograms and counts."""

import numpy as np
import pytest

from numpy_tables import Table, arrays, filled

DTYPES = ("bool", "int8", "int64", "uint8", "float32", "float64", "complex128")

SETS = [
    "np.unique(a)",
    "np.unique(a, return_index=True)",
    "np.unique(a, return_inverse=True)",
    "np.unique(a, return_counts=True)",
    "np.unique(a, return_index=True, return_counts=True)",
    "np.unique(a, True, True, True)",
    "np.unique_values(a) if a.dtype == np.bool_ else np.unique(a)",
    "np.isin(a, b)",
    "np.isin(a, b, invert=True)",
    "np.isin(a, [1, 2, 3])",
    "np.intersect1d(a, b)",
    "np.intersect1d(a, b, return_indices=True)",
    "np.union1d(a, b)",
    "np.setdiff1d(a, b)",
    "np.setxor1d(a, b)",
]

HISTOGRAMS = [
    "np.histogram(a)",
    "np.histogram(a, 7)",
    "np.histogram(a, bins=5, range=(0, 10))",
    "np.histogram(a, bins=4, density=True)",
    "np.histogram(a, bins=np.array([-5.0, 0.0, 1.0, 30.0]))",
    "np.histogram(a, bins=(0, 1, 4, 9), density=True)",
    "np.histogram(a, weights=a)",
    "np.histogram(a, bins=(0, 2, 5), weights=a * 0.5)",
    "np.histogram_bin_edges(a, 3)",
    "np.digitize(a, np.array([-3.0, 0.0, 2.0]))",
    "np.digitize(a, np.array([4.0, 0.0, -2.0]), right=True)",
    "np.digitize(3, np.array([4.0, 3.0, -2.0]), right=True)",
]


@pytest.mark.parametrize("dtype", DTYPES)
def test_sets(tmp_path, dtype):
    table = Table(tmp_path, "a, b", SETS)
    b = filled(np.random.default_rng(5), dtype, (7,))
    for a in arrays([dtype]):
        table.check(a, b)
    table.check(a[:0], b)
    table.check(a, b[:0])


def test_sets_of_unlike_dtypes(tmp_path):
    table = Table(tmp_path, "a, b", SETS)
    table.check(np.arange(10, dtype=np.int8), np.arange(3, 8) * 1.5)
    table.check(np.array([1.0, np.nan, 2.0, np.nan, -np.inf]), np.array([np.nan, 1.0]))
    Table(tmp_path, "a", ["np.unique(a)", "np.unique(a, equal_nan=False)", "np.unique(a, return_counts=True)"]).check(
        np.array([1.0, np.nan, 2.0, np.nan, -0.0, 0.0])
    )


@pytest.mark.parametrize("dtype", ["int64", "uint8", "float32", "float64"])
def test_histograms(tmp_path, dtype):
    table = Table(tmp_path, "a", HISTOGRAMS)
    for a in arrays([dtype]):
        table.check(a)
    table = Table(tmp_path, "a", HISTOGRAMS[:6])
    table.check(np.zeros(0, dtype))
    table.check(np.full(3, 4, dtype))


def test_items_at_edges(tmp_path):
    table = Table(
        tmp_path, "a", ["np.histogram(a, 49)", "np.histogram(a, 10, (0.0, 1.0))", "np.histogram(a, 7, (-1, 0.7))"]
    )
    table.check(np.linspace(0, 1, 1001))
    table.check(np.random.default_rng(1).random(2000))


def test_pairs(tmp_path):
    expressions = [
        "np.histogram2d(x, y)",
        "np.histogram2d(x, y, 5)",
        "np.histogram2d(x, y, (4, 3), density=True)",
        "np.histogram2d(x, y, (4, 3), ((-1, 1), (-2.0, 2.0)))",
        "np.histogram2d(x, y, (np.array([-1.0, 0, 1]), np.array([-2.0, 1, 2])))",
        "np.histogram2d(x, y, weights=x)",
    ]
    rng = np.random.default_rng(3)
    Table(tmp_path, "x, y", expressions).check(rng.normal(size=100), rng.normal(size=100))


@pytest.mark.parametrize("dtype", ["bool", "int64", "uint8", "int8"])
def test_bincount(tmp_path, dtype):
    expressions = [
        "np.bincount(x)",
        "np.bincount(x, minlength=30)",
        "np.bincount(x, weights=w)",
        "np.bincount(x, w, 9)",
    ]
    table = Table(tmp_path, "x, w", expressions)
    rng = np.random.default_rng(3)
    for count in (1, 50):
        x = rng.integers(0, 2 if dtype == "bool" else 20, count).astype(dtype)
        table.check(x, rng.normal(size=count))
    # Of nothing, NumPy counts in integers even where there are weights.
    Table(tmp_path, "x", expressions[:2]).check(np.zeros(0, dtype))


def test_wrong_arguments(tmp_path):
    expressions = [
        "np.histogram(a, 0)",
        "np.histogram(a, 3, (2, 1))",
        "np.histogram(a, [3.0, 1.0])",
        "np.histogram(a * np.inf)",
        "np.histogram(a, weights=a[:2])",
        "np.bincount(a.astype(np.int64) - 3)",
        "np.bincount(a)",
        "np.bincount(a.astype(np.int64), a[:1])",
        "np.bincount(a.astype(np.int64), minlength=-1)",
        "np.digitize(a, np.array([1.0, 3.0, 2.0]))",
        "np.histogram2d(a, a[:1])",
    ]
    Table(tmp_path, "a", expressions).check(np.arange(5.0))
