"""Items of arrays that threads change in one step."""

import numir
import numpy as np
import pytest
from numir import cuda, uint32

from harness.device import SIM

pytestmark = pytest.mark.usefixtures("assembled")

INTEGERS = ["int32", "uint32", "int64", "uint64"]
FLOATS = ["float32", "float64"]


class TestAtomics:
    @pytest.mark.parametrize("dtype", [*INTEGERS, *FLOATS])
    def test_sums_and_differences(self, dtype):
        @cuda.jit(**SIM)
        def kernel(a, sums, differences):
            i = cuda.grid(1)
            cuda.atomic.add(sums, i % 3, a[i])
            cuda.atomic.sub(differences, (0, i % 2), a[i])

        a = np.arange(256).astype(dtype)
        sums, differences = np.zeros(3, dtype), np.full((1, 2), 100000, dtype)
        kernel[4, 64](a, sums, differences)
        assert np.array_equal(sums, [a[i::3].sum() for i in range(3)])
        assert np.array_equal(differences, [[100000 - a[i::2].sum() for i in range(2)]])

    @pytest.mark.parametrize("dtype", [*INTEGERS, *FLOATS])
    def test_extremes(self, dtype):
        @cuda.jit(**SIM)
        def kernel(a, out):
            i = cuda.grid(1)
            cuda.atomic.max(out, 0, a[i])
            cuda.atomic.min(out, 1, a[i])
            cuda.atomic.nanmax(out, 2, a[i])
            cuda.atomic.nanmin(out, 3, a[i])

        a = np.random.default_rng(3).integers(0, 2**31, 256).astype(dtype)
        if not dtype.startswith("u"):
            a -= np.array(2**30, dtype)
        out = np.array([a[0]] * 4)
        kernel[4, 64](a, out)
        assert out.tolist() == [a.max(), a.min(), a.max(), a.min()]

    @pytest.mark.parametrize("dtype", FLOATS)
    def test_extremes_with_nan(self, dtype):
        @cuda.jit(**SIM)
        def kernel(a, out):
            i = cuda.grid(1)
            cuda.atomic.max(out, 0, a[i])
            cuda.atomic.min(out, 1, a[i])
            cuda.atomic.nanmax(out, 2, a[i])
            cuda.atomic.nanmin(out, 3, a[i])

        a = np.arange(64, dtype=dtype)
        a[7] = np.nan
        out = np.array([5, 5, np.nan, np.nan], dtype)
        kernel[2, 32](a, out)
        assert np.isnan(out[:2]).all() and out[2:].tolist() == [63, 0]

    @pytest.mark.parametrize("dtype", INTEGERS)
    def test_bits(self, dtype):
        @cuda.jit(**SIM)
        def kernel(a, out):
            i = cuda.grid(1)
            cuda.atomic.and_(out, 0, a[i])
            cuda.atomic.or_(out, 1, a[i])
            cuda.atomic.xor(out, 2, a[i])

        a = np.random.default_rng(4).integers(0, 2**31, 64).astype(dtype)
        out = np.array([-1 if dtype.startswith("i") else 2**31, 0, 0]).astype(dtype)
        start = out[0]
        kernel[2, 32](a, out)
        assert out.tolist() == [start & np.bitwise_and.reduce(a), np.bitwise_or.reduce(a), np.bitwise_xor.reduce(a)]

    @pytest.mark.parametrize("dtype", ["uint32", "uint64"])
    def test_counters_go_round(self, dtype):
        @cuda.jit(**SIM)
        def kernel(up, down, limit):
            cuda.atomic.inc(up, 0, limit)
            cuda.atomic.dec(down, 0, limit)

        up, down = np.zeros(1, dtype), np.zeros(1, dtype)
        kernel[1, 30](up, down, np.dtype(dtype).type(6))
        assert up[0] == 30 % 7 and down[0] == (-30) % 7

    def test_what_was_there_is_told(self):
        @cuda.jit(**SIM)
        def kernel(counter, order, last, flags):
            i = cuda.grid(1)
            order[i] = cuda.atomic.add(counter, 0, 1)
            last[i] = cuda.atomic.exch(counter, 1, i)
            flags[i] = cuda.atomic.cas(counter, 2, 0, i + 1) == 0
            cuda.atomic.compare_and_swap(counter[3:], 0, i + 1)

        counter = np.zeros(4, np.int64)
        order, last, flags = np.full(64, -1), np.full(64, -1), np.zeros(64, bool)
        kernel[2, 32](counter, order, last, flags)
        assert sorted(order) == list(range(64))
        assert sorted([*last, counter[1]]) == sorted([0, *range(64)])
        assert flags.sum() == 1 and flags[counter[2] - 1]
        assert 1 <= counter[3] <= 64

    def test_histogram_in_shared_memory(self):
        @cuda.jit(**SIM)
        def histogram(a, out):
            own = cuda.shared.array(16, uint32)
            x = cuda.threadIdx.x
            if x < 16:
                own[x] = 0
            cuda.syncthreads()
            for i in range(cuda.grid(1), a.size, cuda.gridsize(1)):
                cuda.atomic.add(own, int(a[i]), 1)
            cuda.syncthreads()
            if x < 16:
                cuda.atomic.add(out, x, own[x])

        a = np.random.default_rng(5).integers(0, 16, 5000).astype(np.uint8)
        out = np.zeros(16, np.uint32)
        histogram[4, 64](a, out)
        assert np.array_equal(out, np.bincount(a, minlength=16))

    def test_what_has_none_is_refused(self):
        @cuda.jit(**SIM)
        def bits(a):
            cuda.atomic.and_(a, 0, 1)

        @cuda.jit(**SIM)
        def counter(a):
            cuda.atomic.inc(a, 0, 1)

        @cuda.jit(**SIM)
        def row(a):
            cuda.atomic.add(a, 0, 1)

        with pytest.raises(numir.errors.TypingError, match="works on arrays of integers, not on float64"):
            bits[1, 1](np.zeros(1))
        with pytest.raises(numir.errors.TypingError, match="works on arrays of uint32 or uint64, not on int64"):
            counter[1, 1](np.zeros(1, np.int64))
        with pytest.raises(numir.errors.TypingError, match="give an index for each axis"):
            row[1, 1](np.zeros((2, 2)))
        with pytest.raises(IndexError, match="index 0 is out of bounds"):
            row[1, 1](np.zeros(0))
