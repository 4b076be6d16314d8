"""Where a thread is in its grid, as kernels are told."""

import numpy as np
import pytest
from numir import cuda

from harness.device import SIM

pytestmark = pytest.mark.usefixtures("assembled")


class TestPlaces:
    def test_a_thread_knows_where_it_is(self):
        @cuda.jit(**SIM)
        def kernel(out):
            x, y, z = cuda.grid(3)
            place = (z * out.shape[1] + y) * out.shape[2] + x
            out[z, y, x, 0] = place
            out[z, y, x, 1] = cuda.threadIdx.x + 100 * cuda.threadIdx.y + 10000 * cuda.threadIdx.z
            out[z, y, x, 2] = cuda.blockIdx.x + 100 * cuda.blockIdx.y + 10000 * cuda.blockIdx.z
            out[z, y, x, 3] = cuda.blockDim.x + 100 * cuda.blockDim.y + 10000 * cuda.blockDim.z
            out[z, y, x, 4] = cuda.gridDim.x + 100 * cuda.gridDim.y + 10000 * cuda.gridDim.z
            out[z, y, x, 5] = cuda.laneid

        grid, block = (2, 3, 2), (4, 2, 3)
        shape = tuple(g * b for g, b in zip(grid, block))[::-1]
        out = np.full((*shape, 6), -1)
        kernel[grid, block](out)
        z, y, x = np.indices(shape)
        assert np.array_equal(out[..., 0], (z * shape[1] + y) * shape[2] + x)
        within = [x % 4, y % 2, z % 3]
        assert np.array_equal(out[..., 1], within[0] + 100 * within[1] + 10000 * within[2])
        assert np.array_equal(out[..., 2], x // 4 + 100 * (y // 2) + 10000 * (z // 3))
        assert (out[..., 3] == 4 + 100 * 2 + 10000 * 3).all()
        assert (out[..., 4] == 2 + 100 * 3 + 10000 * 2).all()
        assert np.array_equal(out[..., 5], (within[0] + 4 * (within[1] + 2 * within[2])) % 32)

    def test_grids_of_one_and_two_axes(self):
        @cuda.jit(**SIM)
        def one(out):
            start, step = cuda.grid(1), cuda.gridsize(1)
            for i in range(start, out.size, step):
                out[i] += i

        @cuda.jit(**SIM)
        def two(out):
            i, j = cuda.grid(2)
            m, n = cuda.gridsize(2)
            if i < out.shape[0] and j < out.shape[1]:
                out[i, j] = i * 1000 + j + m * n / 1e6

        out = np.zeros(1000)
        one[3, 32](out)
        assert np.array_equal(out, np.arange(1000.0))
        out = np.zeros((5, 9))
        two[(2, 3), (4, 4)](out)
        i, j = np.indices(out.shape)
        assert np.array_equal(out, i * 1000 + j + 96 / 1e6)

    def test_names_may_be_imported_one_by_one(self):
        from numir.cuda import blockDim, blockIdx, grid, threadIdx

        @cuda.jit(**SIM)
        def kernel(out):
            out[grid(1)] = threadIdx.x + blockIdx.x * blockDim.x

        out = np.zeros(12)
        kernel[3, 4](out)
        assert np.array_equal(out, np.arange(12.0))
