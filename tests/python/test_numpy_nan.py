"""Reductions that pass over NaN."""

import numpy as np
import pytest

from numpy_tables import Table, arrays

EXPRESSIONS = [
    f"np.{name}(a{keywords})"
    for name in ("nansum", "nanprod", "nanmean", "nanvar", "nanstd", "nanmin", "nanmax", "nanmedian", "nanargmax")
    for keywords in ("", ", axis=0", ", axis=1, keepdims=True")
] + [
    "np.nanargmin(a, axis=0)",
    "np.nancumsum(a)",
    "np.nancumsum(a, axis=0)",
    "np.nancumprod(a, axis=1)",
    "np.nanpercentile(a, 40)",
    "np.nanpercentile(a, (10.0, 50.0), axis=0)",
    "np.nanquantile(a, 0.3, axis=1)",
    "np.nanvar(a, axis=0, ddof=1)",
    "np.nanstd(a, ddof=3)",
    "np.nanmax(a, initial=3.0)",
]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_some_are_nan(tmp_path, dtype):
    table = Table(tmp_path, "a", EXPRESSIONS)
    for a in arrays([dtype]):
        a[1, 2] = np.nan
        a[2, 3:] = np.nan
        table.check(a)


def test_all_are_nan(tmp_path):
    table = Table(tmp_path, "a", [expression for expression in EXPRESSIONS])
    a = np.arange(12.0).reshape(3, 4)
    a[1] = np.nan
    table.check(a)
    a[:] = np.nan
    table.check(a)


def test_integers(tmp_path):
    table = Table(tmp_path, "a", [expression for expression in EXPRESSIONS if "initial" not in expression])
    table.check(np.arange(12).reshape(3, 4))
