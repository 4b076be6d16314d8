"""np.pad in all its modes, and np.trim_zeros; as NumPy."""

import numpy as np
import pytest

from numpy_tables import Table, filled

MODES = ["edge", "reflect", "symmetric", "wrap", "maximum", "minimum", "mean", "median", "linear_ramp", "constant"]
WIDTHS = ["1", "0", "(2, 1)", "(1,)", "((1, 2),)"]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("dtype", ["int64", "float32", "complex128"])
def test_modes(tmp_path, dtype, mode):
    if dtype == "complex128" and mode in ("maximum", "minimum", "median"):
        pytest.skip("complex numbers have no order")
    expressions = [f"np.pad(a, {width}, '{mode}')" for width in [*WIDTHS, "9", "(0, 13)"]]
    expressions += [f"np.pad(b, {width}, mode='{mode}')" for width in [*WIDTHS, "((1, 2), (0, 3))", "((1,), (2,))"]]
    expressions += [f"np.pad(b.T[::-1], 2, '{mode}')", f"np.pad(b[:, :1], 2, '{mode}')"]
    rng = np.random.default_rng(6)
    a, b = filled(rng, dtype, (5,)), filled(rng, dtype, (3, 4))
    Table(tmp_path, "a, b", expressions).check(a, b, rtol=1e-5 if dtype == "float32" else 1e-12)


def test_keywords(tmp_path):
    expressions = [
        "np.pad(a, 2)",
        "np.pad(a, 2, constant_values=3)",
        "np.pad(a, 2, constant_values=(3, 4.5))",
        "np.pad(b, ((1, 2), (3, 4)), constant_values=((1, 2), (3, 4)))",
        "np.pad(b, 1, 'linear_ramp', end_values=(5, -4))",
        "np.pad(b, 3, 'linear_ramp', end_values=((5, -4), (1, 2)))",
        "np.pad(a, 3, 'maximum', stat_length=2)",
        "np.pad(a, 3, 'mean', stat_length=(1, 3))",
        "np.pad(b, 2, 'median', stat_length=((1, 2), (3, 9)))",
        "np.pad(a, 3, 'reflect', reflect_type='odd')",
        "np.pad(b, 2, 'symmetric', reflect_type='odd')",
        "np.pad(b, 2, 'symmetric', reflect_type='even')",
        "np.pad(a[:0], 2)",
        "np.pad(b[:, :0], ((1, 1), (0, 0)), 'edge')",
        "np.pad(a, 2, 'empty')[2:-2]",
        "np.pad(np.ones((2, 1, 3)), ((1, 0), (0, 2), (1, 1)), 'reflect')",
    ]
    rng = np.random.default_rng(6)
    for dtype in ("int64", "float64"):
        table = Table(tmp_path, "a, b", expressions)
        table.check(filled(rng, dtype, (5,)), filled(rng, dtype, (3, 4)))


def test_wrong_arguments(tmp_path):
    expressions = [
        "np.pad(a, 1, 'wrong')",
        "np.pad(a, -1)",
        "np.pad(a, 1.5)",
        "np.pad(a, (1, 2, 3))",
        "np.pad(a, ((1, 2), (3, 4)))",
        "np.pad(a, 1, 'edge', constant_values=3)",
        "np.pad(a, 1, reflect_type='odd')",
        "np.pad(a[:0], 1, 'edge')",
        "np.pad(a, 1, 'maximum', stat_length=0)",
        "np.pad(a, 1, 'mean', stat_length=-1)",
        "np.trim_zeros(a, 'x')",
    ]
    Table(tmp_path, "a", expressions).check(np.arange(5.0))


def test_zeros_are_trimmed(tmp_path):
    expressions = [
        "np.trim_zeros(a)",
        "np.trim_zeros(a, 'f')",
        "np.trim_zeros(a, 'B')",
        "np.trim_zeros(a[::-1], trim='bf')",
    ]
    table = Table(tmp_path, "a", expressions)
    for items in ([0, 0, 1, 0, 2, 0], [1, 2], [0, 0], []):
        table.check(np.array(items, np.float64))
        table.check(np.array(items, np.int16))
    b = np.zeros((5, 6))
    b[1, 2] = b[3, 3] = 1
    Table(tmp_path, "b", ["np.trim_zeros(b)", "np.trim_zeros(b, 'f')", "np.trim_zeros(b, axis=1)"]).check(b)
