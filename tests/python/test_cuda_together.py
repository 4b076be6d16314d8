"""What threads of a block, a warp and a grid do together."""

import numpy as np
import pytest
from numir import cuda, float64

from harness.device import SIM

pytestmark = pytest.mark.usefixtures("assembled")

BLOCK = 32


class TestBarriers:
    def test_counts_and_votes_of_a_block(self):
        @cuda.jit(**SIM)
        def kernel(a, out):
            x = cuda.threadIdx.x
            count = cuda.syncthreads_count(a[x] > 0)
            every = cuda.syncthreads_and(a[x] > 0)
            one = cuda.syncthreads_or(a[x] > 0)
            out[x, 0], out[x, 1], out[x, 2] = count, every, one

        for a in (np.array([1, 0, 3, 0, 5]), np.zeros(5, int), np.ones(5, int)):
            out = np.full((5, 3), -1)
            kernel[1, 5](a, out)
            assert (out == [(a > 0).sum(), (a > 0).all(), (a > 0).any()]).all()

    def test_sum_of_a_block_by_a_tree(self):
        @cuda.jit(**SIM)
        def kernel(a, out):
            tile = cuda.shared.array(BLOCK, float64)
            x = cuda.threadIdx.x
            tile[x] = a[cuda.grid(1)]
            half = BLOCK // 2
            while half > 0:
                cuda.syncthreads()
                if x < half:
                    tile[x] += tile[x + half]
                half //= 2
            if x == 0:
                out[cuda.blockIdx.x] = tile[0]

        a = np.arange(4.0 * BLOCK)
        out = np.zeros(4)
        kernel[4, BLOCK](a, out)
        assert np.array_equal(out, a.reshape(4, BLOCK).sum(axis=1))

    def test_a_grid_waits_for_all_of_it(self):
        @cuda.jit(**SIM)
        def kernel(a, out):
            i = cuda.grid(1)
            a[i] = i
            grid = cuda.cg.this_grid()
            grid.sync()
            out[i] = a[a.size - 1 - i]

        a, out = np.full(96, -1), np.full(96, -1)
        kernel[3, 32](a, out)
        assert np.array_equal(out, np.arange(96)[::-1])


class TestWarps:
    @pytest.mark.parametrize(
        "dtype", ["bool", "int8", "uint16", "int32", "uint32", "int64", "float16", "float32", "float64"]
    )
    def test_shuffles(self, dtype):
        @cuda.jit(**SIM)
        def kernel(a, out):
            x = cuda.threadIdx.x
            out[0, x] = cuda.shfl_sync(0xFFFFFFFF, a[x], 5)
            out[1, x] = cuda.shfl_up_sync(0xFFFFFFFF, a[x], 3)
            out[2, x] = cuda.shfl_down_sync(0xFFFFFFFF, a[x], 2)
            out[3, x] = cuda.shfl_xor_sync(0xFFFFFFFF, a[x], 7)
            out[4, x] = cuda.shfl_sync(-1, a[x], x + 1, 8)

        a = (np.arange(32) % 2 if dtype == "bool" else np.arange(32) * 3 + 1).astype(dtype)
        out = np.zeros((5, 32), dtype)
        kernel[1, 32](a, out)
        x = np.arange(32)
        lanes = [np.full(32, 5), np.where(x < 3, x, x - 3), np.where(x > 29, x, x + 2), x ^ 7, x // 8 * 8 + (x + 1) % 8]
        assert np.array_equal(out, a[np.array(lanes)])

    def test_votes_and_matches(self):
        @cuda.jit(**SIM)
        def kernel(a, out):
            x = cuda.threadIdx.x
            everyone = 0xFFFFFFFF
            out[0, x] = cuda.all_sync(everyone, a[x] >= 0)
            out[1, x] = cuda.any_sync(everyone, a[x] == 3)
            out[2, x] = cuda.eq_sync(everyone, a[x] > 100)
            out[3, x] = cuda.ballot_sync(everyone, a[x] > 1)
            out[4, x] = cuda.match_any_sync(everyone, a[x])
            mask, same = cuda.match_all_sync(everyone, a[x])
            out[5, x], out[6, x] = mask, same
            mask, same = cuda.match_all_sync(everyone, a[0])
            out[7, x], out[8, x] = mask, same
            out[9, x] = cuda.lanemask_lt()
            if x % 2 == 1:
                out[10, x] = cuda.activemask()
                cuda.syncwarp(0xAAAAAAAA)

        a = np.arange(32) % 4
        out = np.zeros((11, 32), np.int64)
        kernel[1, 32](a, out)

        def bits(holds):
            return sum(1 << int(lane) for lane in np.flatnonzero(holds))

        assert (out[0] == 1).all() and (out[1] == 1).all() and (out[2] == 1).all()
        assert (out[3] == bits(a > 1)).all()
        assert out[4].tolist() == [bits(a == item) for item in a]
        assert (out[5] == 0).all() and (out[6] == 0).all()
        assert (out[7] == 0xFFFFFFFF).all() and (out[8] == 1).all()
        assert out[9].tolist() == [(1 << lane) - 1 for lane in range(32)]
        assert (out[10, 1::2] == 0xAAAAAAAA).all()

    def test_sum_of_a_warp(self):
        @cuda.jit(**SIM)
        def kernel(a, out):
            total = a[cuda.grid(1)]
            for distance in (16, 8, 4, 2, 1):
                total += cuda.shfl_down_sync(0xFFFFFFFF, total, distance)
            if cuda.laneid == 0:
                out[cuda.grid(1) // 32] = total

        a = np.arange(128.0)
        out = np.zeros(4)
        kernel[2, 64](a, out)
        assert np.array_equal(out, a.reshape(4, 32).sum(axis=1))
