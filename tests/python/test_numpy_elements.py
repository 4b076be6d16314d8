"""Functions of items, comparisons within tolerances and products of arrays."""

import numpy as np
import pytest

from numpy_tables import Table, arrays

DTYPES = ("bool", "int8", "int64", "uint8", "float32", "float64", "complex128")

ELEMENTS = [
    "np.around(a)",
    "np.round(a, 1)",
    "np.around(a, -1)",
    "a.round(2)",
    "np.nan_to_num(a)",
    "np.isclose(a, a + 1)",
    "np.isclose(a, a, equal_nan=True)",
    "np.allclose(a, a)",
    "np.array_equal(a, a)",
    "np.array_equal(a, a[:2])",
    "np.array_equal(a, a[0])",
    "np.array_equal(a, a, equal_nan=True)",
    "np.array_equiv(a, a[0])",
    "np.array_equiv(a, a[:2])",
    "np.outer(a[0], a[:, 1])",
    "np.inner(a, a)",
    "np.inner(a[0], a[1])",
    "np.vdot(a, a)",
    "np.tensordot(a, a)",
    "np.tensordot(a, a[0], axes=1)",
    "np.tensordot(a, a, axes=((0, 1), (0, 1)))",
    "np.tensordot(a, a, (1, 1))",
    "np.tensordot(a, a, 0)",
    "np.kron(a, a[:2])",
    "np.kron(a[0], a[1])",
    "np.trace(a)",
    "np.trace(a, 1)",
    "a.trace(-2)",
    "np.trace(a, axis1=1, axis2=0)",
]

REAL = [
    "np.clip(a, 1, 5)",
    "a.clip(2, 4)",
    "np.clip(a, 2, None)",
    "np.clip(a, None, 3)",
    "np.clip(a, min=1, max=2)",
    "np.clip(a, a[0], 7)",
    "np.fix(a)",
    "np.cross(a[:, :3], a[:, 1:4])",
    "np.cross(a[0, :3], a[1, :3])",
]

FLOATS = [
    "np.heaviside(a, 0.5)",
    "np.sinc(a)",
    "np.angle(a)",
    "np.angle(a, deg=True)",
    "np.unwrap(a)",
    "np.unwrap(a, axis=0)",
    "np.unwrap(a, discont=4.0)",
    "np.unwrap(a, period=3)",
]


@pytest.mark.parametrize("dtype", DTYPES)
def test_elements(tmp_path, dtype):
    expressions = list(ELEMENTS)
    if dtype not in ("bool", "complex128"):
        expressions += REAL
    if dtype in ("float32", "float64"):
        expressions += FLOATS
    table = Table(tmp_path, "a", expressions)
    for a in arrays([dtype]):
        table.check(a, rtol=1e-10)


def test_special_numbers(tmp_path):
    expressions = [
        "np.nan_to_num(a)",
        "np.nan_to_num(a, nan=3, posinf=4.0, neginf=5)",
        "np.nan_to_num(a * (1 + 2j))",
        "np.nan_to_num(np.nan)",
        "np.isclose(a, a)",
        "np.isclose(a, a[::-1])",
        "np.isclose(a, a, equal_nan=True)",
        "np.isclose(a, 1.0000001)",
        "np.isclose(1.0, 1.0000001)",
        "np.allclose(a, a)",
        "np.allclose(a, a, equal_nan=True)",
        "np.array_equal(a, a, equal_nan=True)",
        "np.array_equal(a, a)",
        "np.heaviside(a, 0.5)",
        "np.around(a, 1)",
        "np.clip(a, -1, 1)",
        "np.sinc(a[3:5])",
        "np.sinc(0.0)",
        "np.angle(1 + 1j)",
        "np.clip(3, 0, 2)",
        "np.heaviside(0.0, 0.5)",
        "np.around(2.567, 2)",
    ]
    table = Table(tmp_path, "a", expressions)
    table.check(np.array([np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, 1.25, -3.35, 1e300]))


def test_wrong_arguments(tmp_path):
    expressions = [
        "np.inner(a, a[:2])",
        "np.vdot(a, a[:2])",
        "np.cross(a, a)",
        "np.tensordot(a, a[:2], axes=1)",
        "np.trace(np.ones((2, 2)), axis1=0, axis2=0)",
    ]
    Table(tmp_path, "a", expressions).check(np.arange(5.0))
