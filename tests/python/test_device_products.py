"""Products of matrices by kernels: as NumPy's, of all dtypes, layouts, numbers of axes, and of sizes on both sides of a tile's. Items are
small integers, so that sums are exact in any order."""

import numpy as np
import pytest
from numir import njit

from harness.device import TARGET

DTYPES = ["float64", "float32", "float16", "complex128", "complex64", "int64", "int32", "uint8", "bool"]
SHAPES = [
    ((3, 4), (4, 5)),
    ((1, 1), (1, 1)),
    ((65, 17), (17, 63)),
    ((64, 16), (16, 64)),
    ((130, 33), (33, 70)),
    ((4,), (4, 5)),
    ((300,), (300, 70)),
    ((70, 300), (300,)),
    ((501, 4), (4,)),
    ((1000,), (1000,)),
    ((0, 4), (4, 5)),
    ((3, 0), (0, 5)),
    ((3, 4), (4, 0)),
    ((3, 0), (0,)),
    ((0, 4), (4,)),
    ((2, 3, 4), (4, 5)),
    ((2, 3, 0), (0, 5)),
    ((2, 0, 3), (3,)),
    ((2, 70, 4), (2, 4, 5)),
    ((1, 3, 4), (6, 4, 5)),
    ((3, 1, 20, 30), (2, 30, 20)),
    ((4,), (2, 4, 5)),
    ((2, 3, 4), (4,)),
]


def made(shape, dtype, seed):
    items = np.random.default_rng(seed).integers(-4, 5, shape)
    if np.dtype(dtype).kind == "c":
        items = items + 1j * items[..., ::-1]
    return items.astype(dtype)


def variants(array):
    """The same items in other layouts."""
    wide = np.zeros(tuple(2 * extent for extent in array.shape), array.dtype)
    wide[tuple(slice(None, None, 2) for _ in array.shape)] = array
    backwards = array[..., ::-1].copy()[..., ::-1]
    return [array, np.asfortranarray(array), wide[tuple(slice(None, None, 2) for _ in array.shape)], backwards]


def product(a, b):
    return a @ b


@pytest.mark.parametrize("shapes", SHAPES, ids=str)
@pytest.mark.parametrize("dtype", DTYPES)
def test_matmul(dtype, shapes, rng):
    left, right = (made(shape, dtype, seed) for seed, shape in enumerate(shapes))
    expected = left @ right
    a, b = rng.choice(variants(left)), rng.choice(variants(right))
    got = njit(target=TARGET)(product)(a, b)
    assert np.shape(got) == np.shape(expected)
    assert np.ndim(expected) == 0 or got.dtype == expected.dtype
    assert np.array_equal(got, expected)
