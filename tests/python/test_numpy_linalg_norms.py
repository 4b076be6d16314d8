"""Norms and conditions, as NumPy's."""

import numpy as np
import pytest
from numir import njit

VECTORS = [None, np.inf, -np.inf, 0, 1, -1, 2, -2, 3, 0.5]
MATRICES = [None, "fro", "nuc", np.inf, -np.inf, 1, -1, 2, -2]
DTYPES = ["float64", "float32", "complex128", "int64", "bool"]


def made(shape, dtype):
    rng = np.random.default_rng(3)
    items = rng.integers(-4, 5, shape) + rng.integers(0, 2, shape) * 0.5
    return (items + 1j * items[::-1]).astype(dtype) if np.dtype(dtype).kind == "c" else items.astype(dtype)


def same(function, *arguments):
    found, expected = njit(function)(*arguments), function(*arguments)
    assert np.shape(found) == np.shape(expected)
    np.testing.assert_allclose(found, expected, rtol=1e-5 if np.asarray(expected).dtype.itemsize == 4 else 1e-11)


@pytest.mark.parametrize("order", VECTORS, ids=str)
def test_of_vectors(order):
    for dtype in DTYPES:
        a = made((4, 5), dtype)
        if dtype == "bool" and order is not None and order < 0:
            continue
        if order is not None and order < 0:
            a = a + np.dtype(dtype).type(9)
        same(lambda a: np.linalg.norm(a, order, axis=1), a)
        same(lambda a: np.linalg.norm(a[0], order), a)
        same(lambda a: np.linalg.norm(a, order, 0, True), a)


@pytest.mark.parametrize("order", MATRICES, ids=str)
def test_of_matrices(order):
    for dtype in DTYPES[:4]:
        a = made((2, 4, 3), dtype)
        same(lambda a: np.linalg.norm(a[0], order), a)
        same(lambda a: np.linalg.norm(a, order, axis=(1, 2)), a)
        same(lambda a: np.linalg.norm(a, order, axis=(-1, 0), keepdims=True), a)
        if order is not None:
            same(lambda a: np.linalg.matrix_norm(a, ord=order), a)


def test_of_all():
    a = made((2, 4, 3), "float64")
    same(lambda a: np.linalg.norm(a), a)
    same(lambda a: np.linalg.norm(a, keepdims=True), a)
    same(lambda a: np.linalg.vector_norm(a), a)
    same(lambda a: np.linalg.vector_norm(a, axis=1, ord=1), a)
    same(lambda a: np.linalg.norm(a[:, ::2, ::-1]), a)


@pytest.mark.parametrize("order", [None, 2, -2, 1, -1, np.inf, "fro"], ids=str)
def test_condition(order):
    same(lambda a: np.linalg.cond(a, order), made((4, 4), "float64") + 9 * np.eye(4))


def test_wrong_orders():
    a = made((2, 4, 3), "float64")
    for function in (
        lambda a: np.linalg.norm(a, 2),
        lambda a: np.linalg.norm(a[0], 3),
        lambda a: np.linalg.norm(a[0, 0], "fro"),
        lambda a: np.linalg.norm(a, None, (0, 1, 2)),
        lambda a: np.linalg.norm(a, 1, (0, 0)),
    ):
        with pytest.raises(ValueError):
            function(a)
        with pytest.raises(ValueError):
            njit(function)(a)
    with pytest.raises(np.linalg.LinAlgError):
        njit(lambda a: np.linalg.cond(a, 1))(a[0])
