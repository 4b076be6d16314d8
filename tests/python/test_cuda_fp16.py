"""float16 in kernels: `numir.cuda.fp16` against NumPy's float16, and atomic operations."""

import math
from fractions import Fraction

import numpy as np
import pytest
from numir import cuda
from numir.cuda import fp16

from harness.device import SIM, defined

pytestmark = pytest.mark.usefixtures("assembled")

VALUES = np.array(
    [0.0, -0.0, 1.0, -1.0, 0.333, 2.5, -7.75, 1000.0, 65504.0, -65504.0, 6e-8, 1e-5, math.inf, -math.inf, math.nan],
    np.float16,
)


def called(name, *columns, dtype=np.float16):
    names = ", ".join(f"a{place}" for place in range(len(columns)))
    items = ", ".join(f"a{place}[i]" for place in range(len(columns)))
    source = f"def kernel({names}, out):\n    i = cuda.grid(1)\n    out[i] = fp16.{name}({items})\n"
    kernel = cuda.jit(**SIM)(defined(source, "kernel", cuda=cuda, fp16=fp16))
    out = np.zeros(columns[0].size, dtype)
    kernel[1, out.size](*columns, out)
    return out


PAIRS = {
    "hadd": np.add,
    "hsub": np.subtract,
    "hmul": np.multiply,
    "hdiv": np.divide,
    "hmax": np.fmax,
    "hmin": np.fmin,
    "heq": np.equal,
    "hne": np.not_equal,
    "hgt": np.greater,
    "hge": np.greater_equal,
    "hlt": np.less,
    "hle": np.less_equal,
}


@pytest.mark.parametrize("name", PAIRS)
def test_of_two(name):
    left, right = (part.ravel() for part in np.meshgrid(VALUES, VALUES))
    with np.errstate(all="ignore"):
        expected = PAIRS[name](left, right)
    assert np.array_equal(called(name, left, right, dtype=expected.dtype), expected, equal_nan=expected.dtype != bool)


EXACT = {
    "hneg": np.negative,
    "habs": np.abs,
    "hsqrt": np.sqrt,
    "hfloor": np.floor,
    "hceil": np.ceil,
    "hrint": np.rint,
    "htrunc": np.trunc,
}


@pytest.mark.parametrize("name", EXACT)
def test_exact_ones(name):
    with np.errstate(all="ignore"):
        expected = EXACT[name](VALUES)
    told = called(name, VALUES)
    assert np.array_equal(told, expected, equal_nan=True)
    numbers = ~np.isnan(expected)
    assert np.array_equal(np.signbit(told[numbers]), np.signbit(expected[numbers]))


ROUNDED = {
    "hsin": np.sin,
    "hcos": np.cos,
    "htanh": np.tanh,
    "hexp": np.exp,
    "hexp2": np.exp2,
    "hexp10": lambda x: 10.0**x,
    "hlog": np.log,
    "hlog2": np.log2,
    "hlog10": np.log10,
    "hrsqrt": lambda x: 1 / np.sqrt(x),
    "hrcp": lambda x: 1 / x,
}


@pytest.mark.parametrize("name", ROUNDED)
def test_rounded_ones(name):
    values = VALUES[np.isfinite(VALUES)]
    with np.errstate(all="ignore"):
        expected = ROUNDED[name](values.astype(np.float64)).astype(np.float16)
        told = called(name, values)
        assert np.array_equal(np.isnan(told), np.isnan(expected))
        unit = np.abs(np.spacing(np.where(np.isfinite(expected), expected, np.float16(1)).astype(np.float16))).astype(
            float
        )
        close = (told == expected) | (np.abs(told.astype(float) - expected.astype(float)) <= unit)
    assert (close | np.isnan(expected)).all()


def test_fused_products_are_rounded_once():
    values = VALUES[np.isfinite(VALUES)]
    a, b, c = (part.ravel() for part in np.meshgrid(values, values, values))
    random = np.random.default_rng(3).normal(size=(3, 500)).astype(np.float16)
    a, b, c = (np.concatenate(parts)[: 1024 * 2] for parts in zip((a, b, c), random))
    for k in range(0, a.size, 1024):
        told = called("hfma", a[k : k + 1024], b[k : k + 1024], c[k : k + 1024])
        for x, y, z, got in zip(a[k:], b[k:], c[k:], told):
            exact = Fraction(float(x)) * Fraction(float(y)) + Fraction(float(z))
            with np.errstate(all="ignore"):
                # A float64 holds more of it than the rounding can be in doubt of.
                assert got == np.float16(float(exact)), (x, y, z)


class TestAtomics:
    def test_sums(self):
        @cuda.jit(**SIM)
        def kernel(a, sums):
            i = cuda.grid(1)
            cuda.atomic.add(sums, i % 3, a[i])
            cuda.atomic.sub(sums, 3, a[i])

        a = (np.arange(64) % 5).astype(np.float16)
        sums = np.zeros(4, np.float16)
        kernel[2, 32](a, sums)
        assert sums.tolist() == [*(a[k::3].sum() for k in range(3)), -a.sum()]

    def test_extremes(self):
        @cuda.jit(**SIM)
        def kernel(a, out):
            i = cuda.grid(1)
            cuda.atomic.max(out, 0, a[i])
            cuda.atomic.min(out, 1, a[i])
            cuda.atomic.nanmax(out, 2, a[i])
            cuda.atomic.nanmin(out, 3, a[i])

        a = np.random.default_rng(3).normal(size=64).astype(np.float16)
        out = np.array([a[0]] * 4)
        kernel[2, 32](a, out)
        assert out.tolist() == [a.max(), a.min(), a.max(), a.min()]

    def test_exchanges(self):
        @cuda.jit(**SIM)
        def kernel(out, old):
            i = cuda.grid(1)
            old[i] = cuda.atomic.exch(out, 0, i)
            cuda.atomic.cas(out, 1, 0, i + 1)

        out, old = np.array([-1, 0, 9], np.float16), np.zeros(32, np.float16)
        kernel[1, 32](out, old)
        assert sorted([*old, out[0]]) == [-1, *range(32)]
        # The neighbour in the same word is as it was.
        assert 1 <= out[1] <= 32 and out[2] == 9

    def test_neighbours_in_a_word(self):
        @cuda.jit(**SIM)
        def kernel(out):
            cuda.atomic.add(out, cuda.grid(1) % 7, 1)

        out = np.zeros(7, np.float16)
        kernel[4, 35](out)
        assert (out == 20).all()
