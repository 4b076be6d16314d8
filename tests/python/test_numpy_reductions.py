"""Reductions along axes, with NumPy's keywords, over dtypes and layouts."""

import re

import numpy as np
import pytest
from numir import njit

from numpy_tables import Table, arrays

DTYPES = ("bool", "int8", "int64", "uint8", "float32", "float64", "complex128")
REAL = DTYPES[:-1]

SUMS = [
    "np.sum(a)",
    "a.sum(axis=0)",
    "np.sum(a, -1)",
    "np.sum(a, axis=(0, 1))",
    "np.sum(a, axis=())",
    "np.sum(a, axis=1, keepdims=True)",
    "np.sum(a, axis=None, keepdims=True)",
    "np.sum(a, axis=0, dtype=np.float64) if a.dtype != np.complex128 else a.sum(0)",
    "a.sum(1, initial=3)",
    "np.sum(a, axis=0, where=a != 1)",
    "np.sum(a, where=a != 1)",
    "np.prod(a[:2], axis=0)",
    "a.prod(axis=1, keepdims=True, where=a == 1)",
    "np.any(a, axis=0)",
    "a.any(1, keepdims=True)",
    "np.all(a, axis=1)",
    "a.all(axis=0, where=a != 0)",
    "np.any(a, where=a == 2)",
    "np.count_nonzero(a)",
    "np.count_nonzero(a, axis=0)",
    "np.count_nonzero(a, axis=1, keepdims=True)",
    "np.mean(a)",
    "a.mean(axis=0)",
    "np.mean(a, axis=-1, keepdims=True)",
    "np.mean(a, axis=0, where=a != 1)",
    "np.var(a)",
    "a.var(axis=0)",
    "np.var(a, axis=1, ddof=1)",
    "np.var(a, axis=(0, 1), correction=2)",
    "a.std()",
    "np.std(a, axis=0, keepdims=True)",
    "np.std(a, axis=1, where=a != 1)",
    "np.std(a, axis=1, mean=np.mean(a, axis=1, keepdims=True))",
    "np.cumsum(a)",
    "a.cumsum(axis=0)",
    "np.cumsum(a, axis=-1)",
    "np.cumprod(a[:2], axis=0)",
    "np.cumulative_sum(a, axis=1)",
    "np.cumulative_sum(a, axis=0, include_initial=True)",
    "np.cumulative_prod(a[:2], axis=0, include_initial=True)",
    "np.diff(a)",
    "np.diff(a, axis=0)",
    "np.diff(a, 2, axis=1)",
    "np.diff(a, n=0)",
    "np.ediff1d(a) if a.dtype != np.bool_ else np.diff(a)",
    "np.average(a, axis=0)",
    "np.average(a, weights=np.ones(a.shape))",
]

EXTREMES = [
    "np.min(a)",
    "a.min(axis=0)",
    "np.amax(a, axis=1)",
    "a.max(axis=(0, 1), keepdims=True)",
    "np.max(a, axis=1, initial=1)",
    "np.min(a, initial=1)",
    "np.min(a, axis=0, initial=1, where=a > 1)",
    "np.argmin(a)",
    "a.argmax()",
    "a.argmax(axis=0)",
    "np.argmin(a, axis=1)",
    "np.argmax(a, axis=0, keepdims=True)",
    "np.argmax(a, axis=-1, keepdims=True)",
    "np.median(a)",
    "np.median(a, axis=0)",
    "np.median(a, axis=1, keepdims=True)",
    "np.percentile(a, 30)",
    "np.percentile(a, (0, 25.0, 100), axis=0)",
    "np.quantile(a, 0.4, axis=1, keepdims=True)",
    "np.quantile(a, 0.37, method='weibull')",
    "np.quantile(a, 0.37, axis=0, method='hazen')",
    "np.quantile(a, 0.37, axis=1, method='median_unbiased')",
    "np.quantile(a, 0.37, axis=1, method='normal_unbiased')",
    "np.quantile(a, 0.37, method='interpolated_inverted_cdf')",
    "np.quantile(a, 0.37, axis=1, method='lower')",
    "np.quantile(a, 0.37, axis=1, method='higher')",
    "np.quantile(a, 0.37, axis=0, method='nearest')",
    "np.quantile(a, 0.37, axis=1, method='midpoint')",
]


@pytest.mark.parametrize("dtype", DTYPES)
def test_sums(tmp_path, dtype):
    table = Table(tmp_path, "a", SUMS)
    for a in arrays([dtype]):
        table.check(a)


@pytest.mark.parametrize("dtype", REAL)
def test_extremes(tmp_path, dtype):
    table = Table(tmp_path, "a", EXTREMES if dtype != "bool" else EXTREMES[:13])
    for a in arrays([dtype]):
        table.check(a)


def test_ptp(tmp_path):
    table = Table(tmp_path, "a", ["np.ptp(a)", "np.ptp(a, axis=0)", "np.ptp(a, axis=1, keepdims=True)"])
    for a in arrays(["int8", "float64"]):
        table.check(a)


def test_nan(tmp_path):
    table = Table(tmp_path, "a", [expression for expression in SUMS + EXTREMES if "where" not in expression])
    a = np.arange(20.0).reshape(4, 5)
    a[1, 2] = np.nan
    a[3] = (np.nan, np.inf, -np.inf, 0, np.nan)
    table.check(a)


def test_three_axes(tmp_path):
    expressions = []
    for axis in ("0", "1", "2", "-1", "(0, 1)", "(0, 2)", "(-1, 1)", "None", "(0, 1, 2)"):
        for function in ("sum", "max", "mean", "std", "any", "median"):
            expressions.append(f"np.{function}(a, axis={axis})")
        expressions.append(f"np.min(a, axis={axis}, keepdims=True)")
    for axis in (0, 1, 2, -1):
        expressions += [f"np.{f}(a, axis={axis})" for f in ("argmax", "cumsum", "diff", "sort")]
    table = Table(tmp_path, "a", expressions)
    for a in arrays(["float64"], (3, 4, 5)):
        table.check(a)


def test_one_axis_and_none(tmp_path):
    table = Table(
        tmp_path, "a", ["np.sum(a, axis=0)", "a.max(axis=-1)", "np.mean(a, axis=0)", "a.std(axis=0)", "a.cumsum()"]
    )
    table.check(np.arange(7.0))
    table.check(np.arange(20)[::3])
    table = Table(
        tmp_path, "a", ["np.sum(a)", "a.max()", "np.mean(a)", "np.sum(a, axis=())", "a.std()", "np.median(a)"]
    )
    table.check(np.array(2.5))


def test_nothing(tmp_path):
    table = Table(tmp_path, "a", [expression for expression in SUMS if "[:2]" not in expression])
    table.check(np.zeros((0, 3)))
    table.check(np.zeros((3, 0)))
    extremes = [
        "np.max(a)",
        "np.max(a, axis=0)",
        "a.min(axis=1)",
        "a.argmax()",
        "np.argmin(a, axis=0)",
        "a.argmax(axis=1)",
    ]
    extremes += ["np.max(a, initial=3.0)", "np.max(a, axis=1, initial=3.0)", "np.median(a)", "np.median(a, axis=0)"]
    table = Table(tmp_path, "a", extremes)
    table.check(np.zeros((0, 3)))
    table.check(np.zeros((3, 0)))
    table.check(np.zeros((0, 0)))


def test_wrong_arguments(tmp_path):
    expressions = [
        "np.sum(a, axis=2)",
        "np.sum(a, axis=-3)",
        "a.max(axis=(0, 0))",
        "a.mean(axis=(0, 5))",
        "np.argmax(a, axis=2)",
        "np.cumsum(a, axis=2)",
        "np.sort(a, axis=2)",
        "np.diff(a, axis=2)",
        "np.diff(a, n=-1)",
        "np.percentile(a, 101)",
        "np.quantile(a, -0.5)",
        "np.max(a, where=a > 0)",
        "np.average(a, weights=a * 0)",
        "np.sum(a, axis=0, out=np.empty(3))",
        "np.sum(a, axis=0, out=np.empty((5, 1)))",
        "np.sum(a, axis=0, out=np.empty(5, np.int64))",
        "np.cumulative_sum(a)",
        "np.partition(a, 7)",
    ]
    Table(tmp_path, "a", expressions).check(np.arange(20.0).reshape(4, 5))


def test_out(tmp_path):
    functions = ("sum", "mean", "std", "var", "max", "prod", "median", "any", "ptp")
    table = Table(tmp_path, "a", [f"np.{name}(a, axis=0, out=np.empty(5))" for name in functions])
    table.check(np.arange(20.0).reshape(4, 5))


def test_sums_are_taken_pairwise(tmp_path):
    table = Table(tmp_path, "a", ["np.sum(a, axis=1)", "np.mean(a, axis=1)"])
    table.check(np.full((3, 100_000), 0.1), rtol=1e-15)


@pytest.mark.parametrize("call", ["sum", "prod", "min", "any", "all", "mean", "std", "var", "median", "flip"])
@pytest.mark.parametrize("axis", [None, 0, -1, 1])
@pytest.mark.parametrize("number", ["3.0", "np.float32(2)", "np.array(1.5)"])
def test_axes_of_what_has_none(call, axis, number, tmp_path):
    scope = {"np": np}
    text = f"def f():\n    return np.{call}({number}, axis={axis})\n"
    file = tmp_path / "program.py"
    file.write_text(text)
    exec(compile(text, str(file), "exec"), scope)
    compiled = njit(scope["f"])
    try:
        wanted = scope["f"]()
    except np.exceptions.AxisError as error:
        with pytest.raises(np.exceptions.AxisError, match=re.escape(str(error))):
            compiled()
    else:
        assert compiled() == wanted


@pytest.mark.parametrize("initial", [-9.0, np.nan, 1e30, 2.7, 300.0, -1])
@pytest.mark.parametrize("dtype", [np.uint8, np.int64])
def test_an_initial_value_that_is_no_item_raises(dtype, initial):
    def largest(x, initial):
        return x.max(initial=initial), np.min(x, axis=0, initial=initial)

    x = np.ones((2, 3), dtype)
    try:
        wanted = largest(x, initial)
    except (OverflowError, ValueError) as error:
        with pytest.raises(type(error)):
            njit(largest)(x, initial)
    else:
        got = njit(largest)(x, initial)
        assert got[0] == wanted[0]
        np.testing.assert_array_equal(got[1], wanted[1], strict=True)
