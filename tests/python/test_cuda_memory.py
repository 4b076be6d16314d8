"""Memory of a block and of a thread in kernels by hand."""

import numir
import numpy as np
import pytest
from numir import cuda, float32, float64, int32, int64

from harness.device import SIM

pytestmark = pytest.mark.usefixtures("assembled")

TILE = 8


class TestMemory:
    def test_shared_tiles_transpose(self):
        @cuda.jit(**SIM)
        def transpose(a, out):
            tile = cuda.shared.array((TILE, TILE + 1), float64)
            x, y = cuda.threadIdx.x, cuda.threadIdx.y
            i, j = cuda.blockIdx.y * TILE + y, cuda.blockIdx.x * TILE + x
            if i < a.shape[0] and j < a.shape[1]:
                tile[y, x] = a[i, j]
            cuda.syncthreads()
            i, j = cuda.blockIdx.x * TILE + y, cuda.blockIdx.y * TILE + x
            if i < out.shape[0] and j < out.shape[1]:
                out[i, j] = tile[x, y]

        a = np.random.default_rng(1).random((21, 30))
        out = np.zeros((30, 21))
        transpose[(4, 3), (TILE, TILE)](a, out)
        assert np.array_equal(out, a.T)

    def test_matrix_product_by_tiles(self):
        @cuda.jit(**SIM)
        def product(a, b, out):
            left = cuda.shared.array((TILE, TILE), float32)
            right = cuda.shared.array((TILE, TILE), float32)
            x, y = cuda.threadIdx.x, cuda.threadIdx.y
            j, i = cuda.grid(2)
            total = np.float32(0)
            for block in range((a.shape[1] + TILE - 1) // TILE):
                k = block * TILE
                left[y, x] = a[i, k + x] if i < a.shape[0] and k + x < a.shape[1] else 0
                right[y, x] = b[k + y, j] if k + y < b.shape[0] and j < b.shape[1] else 0
                cuda.syncthreads()
                for step in range(TILE):
                    total += left[y, step] * right[step, x]
                cuda.syncthreads()
            if i < out.shape[0] and j < out.shape[1]:
                out[i, j] = total

        random = np.random.default_rng(2)
        a, b = random.random((19, 13), np.float32), random.random((13, 23), np.float32)
        out = np.zeros((19, 23), np.float32)
        product[(3, 3), (TILE, TILE)](a, b, out)
        assert np.allclose(out, a @ b, rtol=1e-5)

    def test_dynamic_shared_memory(self):
        @cuda.jit(**SIM)
        def reverse(a):
            items = cuda.shared.array(0, int32)
            x = cuda.threadIdx.x
            items[x] = a[cuda.blockIdx.x, x]
            cuda.syncthreads()
            a[cuda.blockIdx.x, x] = items[cuda.blockDim.x - 1 - x] + 1000 * items.size

        a = np.arange(40, dtype=np.int32).reshape(2, 20)
        expected = a[:, ::-1] + 1000 * 20
        reverse[2, 20, 0, 80](a)
        assert np.array_equal(a, expected)

    def test_static_and_dynamic_memory_lie_apart(self):
        @cuda.jit(**SIM)
        def kernel(out):
            fixed = cuda.shared.array(3, np.uint8)
            sized = cuda.shared.array(0, float64)
            x = cuda.threadIdx.x
            if x < 3:
                fixed[x] = x + 1
            sized[x] = 0.5 * x
            cuda.syncthreads()
            out[x] = fixed[x % 3] + sized[x]

        out = np.zeros(16)
        kernel[1, 16, 0, 16 * 8](out)
        assert np.array_equal(out, np.arange(16) % 3 + 1 + 0.5 * np.arange(16))

    def test_local_memory_is_a_threads_own(self):
        @cuda.jit(**SIM)
        def kernel(out):
            own = cuda.local.array((2, 3), int64)
            i = cuda.grid(1)
            for j in range(2):
                for k in range(3):
                    own[j, k] = i * (3 * j + k)
            total = 0
            for j in range(2):
                for k in range(3):
                    total += own[j, k]
            out[i] = total

        out = np.zeros(64, np.int64)
        kernel[2, 32](out)
        assert np.array_equal(out, 15 * np.arange(64))

    @pytest.mark.parametrize("shape", ["n", "(2, n)"])
    def test_shapes_are_known_when_compiled(self, shape):
        scope = {"cuda": cuda, "float32": float32}
        # The text is compiled from a file of its own, as kernels are compiled from their source.
        source = f"def kernel(out, n):\n    tile = cuda.shared.array({shape}, float32)\n    out[0] = tile.size\n"
        import linecache

        path = f"<kernel with shape {shape}>"
        linecache.cache[path] = (len(source), None, source.splitlines(keepends=True), path)
        exec(compile(source, path, "exec"), scope)
        with pytest.raises(numir.errors.TypingError, match="must be known when the kernel is compiled"):
            cuda.jit(**SIM)(scope["kernel"])[1, 1](np.zeros(1), 4)
