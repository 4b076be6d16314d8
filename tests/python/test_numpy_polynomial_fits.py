"""polyfit and roots, as NumPy's."""

import numpy as np
import pytest
from numir import njit


@pytest.mark.parametrize("degree", [0, 1, 3, 6])
@pytest.mark.parametrize("dtype", ["float64", "int64", "float32"])
def test_polyfit(degree, dtype):
    rng = np.random.default_rng(1)
    x = np.arange(12).astype(dtype)
    y = (rng.integers(-9, 9, 12)).astype(dtype)
    fit = njit(lambda x, y, n: np.polyfit(x, y, n))
    tolerance = 2e-2 if dtype == "float32" else 1e-7
    np.testing.assert_allclose(fit(x, y, degree), np.polyfit(x, y, degree), rtol=tolerance, atol=tolerance)


def test_polyfit_of_columns_and_with_weights():
    rng = np.random.default_rng(1)
    x, y, w = rng.random(20), rng.random((20, 3)), rng.random(20)
    np.testing.assert_allclose(njit(lambda x, y: np.polyfit(x, y, 2))(x, y), np.polyfit(x, y, 2))
    weighted = njit(lambda x, y, w: np.polyfit(x, y, 2, w=w))
    np.testing.assert_allclose(weighted(x, y, w), np.polyfit(x, y, 2, w=w))
    np.testing.assert_allclose(weighted(x, y[:, 0], w), np.polyfit(x, y[:, 0], 2, w=w))


def test_polyfit_of_what_does_not_fit():
    fit = njit(lambda x, y: np.polyfit(x, y, 1))
    with pytest.raises(TypeError, match="same length"):
        fit(np.ones(3), np.ones(4))
    with pytest.raises(TypeError, match="non-empty"):
        fit(np.ones(0), np.ones(0))


@pytest.mark.parametrize(
    "p",
    [
        [1.0, -3.0, 2.0],
        [1.0, 0.0, 1.0],
        [0.0, 0.0, 2.0, -4.0, 0.0, 0.0],
        [5.0],
        [0.0, 0.0],
        [],
        [3, 1, -7, 2, 9],
        [1j, 2, 3],
    ],
    ids=str,
)
def test_roots(p):
    p = np.array(p)
    found = njit(lambda p: np.roots(p))(p)
    expected = np.roots(p).astype(complex)
    assert found.dtype == np.complex128 and found.shape == expected.shape
    order = lambda z: np.lexsort((np.round(z.imag, 6), np.round(z.real, 6)))  # noqa: E731
    np.testing.assert_allclose(found[order(found)], expected[order(expected)], atol=1e-9)
