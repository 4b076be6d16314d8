"""Products of matrices by kernels: as NumPy's, of all dtypes, layouts, numbers of axes, and of sizes on both sides of a tile's. Items are
small integers, so that sums are exact in any order."""

import functools

import numpy as np
import pytest
from numir import njit

from harness.device import TARGET
from harness.matrices import made, variants

DTYPES = ["float64", "float32", "float16", "complex128", "complex64", "int64", "int32", "uint8", "bool"]
# Those whose kernels are compiled for other layouts, too.
LAID_OUT = ["float32", "float16"]
SHAPES = [
    ((3, 4), (4, 5)),
    ((1, 1), (1, 1)),
    ((65, 17), (17, 63)),
    ((64, 16), (16, 64)),
    ((130, 33), (33, 70)),
    ((140, 100), (100, 270)),
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


@pytest.fixture
def draws(rng):
    """Random numbers."""
    return np.random.default_rng(rng.getrandbits(32))


def product(a, b):
    return a @ b


@functools.cache
def compiled(*flags):
    """The product for a device."""
    return njit(target=TARGET, fastmath=set(flags))(product)


@pytest.mark.parametrize("shapes", SHAPES, ids=str)
@pytest.mark.parametrize("dtype", DTYPES)
def test_matmul(dtype, shapes, rng):
    left, right = (made(shape, dtype, seed) for seed, shape in enumerate(shapes))
    expected = left @ right
    a, b = (rng.choice(variants(each)) if dtype in LAID_OUT else each for each in (left, right))
    got = compiled()(a, b)
    assert np.shape(got) == np.shape(expected)
    assert np.ndim(expected) == 0 or got.dtype == expected.dtype
    assert np.array_equal(got, expected)


def rounded(array, bits):
    """Positive floats of so many bits of fraction, nearest to others: of 7 bits the even one of two, of more the larger one."""
    scale = np.exp2(np.floor(np.log2(array)) - bits)
    return (np.round(array / scale) if bits == 7 else np.floor(array / scale + 0.5)) * scale


@pytest.mark.parametrize(("flag", "bits"), [("tf32", 10), ("bf16", 7)])
@pytest.mark.parametrize("shapes", [((130, 33), (33, 70)), ((1, 1), (1, 1)), ((2, 40, 100), (100, 129))], ids=str)
def test_factors_are_rounded_for_tensor_cores(flag, bits, shapes, draws, rng):
    a, b = (draws.uniform(0.5, 8, shape).astype(np.float32) for shape in shapes)
    expected = rounded(a.astype(np.float64), bits) @ rounded(b.astype(np.float64), bits)
    got = compiled(flag)(rng.choice(variants(a)), rng.choice(variants(b)))
    assert got.dtype == np.float32
    np.testing.assert_allclose(got, expected, rtol=1e-5)
    exact = a.astype(np.float64) @ b
    assert np.abs(got / exact - 1).max() > 2.0 ** -(bits + 8), "nothing was rounded"


@pytest.mark.parametrize("flag", ["tf32", "bf16"])
@pytest.mark.parametrize("bits", [0x7FC00000, 0x7FFFFFFF, 0xFFFFFFFF])
def test_numbers_that_are_none_stay_so_when_rounded(flag, bits):
    a = np.array([[bits], [0x3F800000]], np.uint32).view(np.float32)
    got = compiled(flag)(a, np.ones((1, 1), np.float32))
    assert np.isnan(got[0, 0]) and got[1, 0] == 1


@pytest.mark.parametrize("start", range(0, 17, 3))
def test_factors_begin_anywhere(start):
    """What tensor cores are fed with begins at multiples of 16 bytes: else a factor is copied."""
    wide = np.arange(60 * 64, dtype=np.float32).reshape(60, 64) % 7
    for dtype in (np.float16, np.float32):
        a = wide.astype(dtype)[1:50, start : start + 40]
        b = wide.astype(dtype).ravel()[start : start + 40 * 24].reshape(40, 24)
        got = compiled("tf32")(a, b)
        assert np.array_equal(got, a @ b)
