"""Kernels by hand, on the simulator or a GPU: what their threads are told, share and do together, against what NumPy makes of the same."""

import numir
import numpy as np
import pytest
from numir import cuda, float32, float64, int32, int64, uint32

from harness.device import ON_GPU, TARGET

SIM = {"target": TARGET}
BLOCK = 32
TILE = 8


def launched(kernel, grid, *arrays):
    """Copies of arrays, after a launch on them."""
    copies = [array.copy() if isinstance(array, np.ndarray) else array for array in arrays]
    kernel[grid](*copies)
    return copies


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


class TestLaunches:
    def test_saxpy(self):
        @cuda.jit(**SIM)
        def saxpy(a, x, y, out):
            i = cuda.grid(1)
            if i < out.size:
                out[i] = a * x[i] + y[i]

        random = np.random.default_rng(0)
        x, y = random.random((2, 1001), np.float32)
        out = np.zeros_like(x)
        saxpy[8, 128](np.float32(3), x, y, out)
        assert np.array_equal(out, np.float32(3) * x + y)
        saxpy.forall(x.size)(np.float32(2), x, y, out)
        assert np.array_equal(out, np.float32(2) * x + y)
        saxpy[8, 128](np.float32(5), cuda.In(x), cuda.InOut(y), cuda.Out(out))
        assert np.array_equal(out, np.float32(5) * x + y)

    def test_device_functions_and_kernels_are_called(self):
        @cuda.jit(device=True)
        def twice(x):
            return 2 * x

        def thrice(x):
            return 3 * x

        @numir.njit
        def next_of(x):
            return x + 1

        @cuda.jit(**SIM)
        def inner(out, i):
            out[i] += 1000

        @cuda.jit(**SIM)
        def kernel(out):
            i = cuda.grid(1)
            out[i] = next_of(thrice(twice(i)))
            inner(out, i)

        out = np.zeros(8, np.int64)
        kernel[2, 4](out)
        assert np.array_equal(out, 6 * np.arange(8) + 1001)

    def test_signatures_are_compiled_at_once(self):
        @cuda.jit("void(float32[::1], float32)", **SIM)
        def kernel(out, value):
            out[cuda.grid(1)] = value

        assert [str(ty) for ty in kernel.signatures[0]] == ["array(float32, 1d, C)", "float32"]
        out = np.zeros(4, np.float32)
        kernel[1, 4](out, np.float32(2.5))
        assert (out == 2.5).all()

    def test_extents_that_make_no_grid(self):
        @cuda.jit(**SIM)
        def kernel(out):
            out[0] = 1

        out = np.zeros(1)
        with pytest.raises(ValueError, match="needs blocks and threads"):
            kernel(out)
        with pytest.raises(ValueError, match="needs blocks and threads"):
            kernel[1]
        with pytest.raises(ValueError, match="griddim must be an integer or a tuple of 1 to 3 integers"):
            kernel[(1, 1, 1, 1), 1]
        with pytest.raises(TypeError, match="blockdim must be an integer or a tuple of 1 to 3 integers"):
            kernel[1, 2.5]
        with pytest.raises(ValueError, match="of 1024 at most"):
            kernel[1, 2048](out)
        with pytest.raises(ValueError, match="the grid's second extent is 70000"):
            kernel[(1, 70000), 1](out)
        assert out[0] == 0
        kernel[0, 32](out)
        assert out[0] == 0

    def test_arguments_are_counted(self):
        @cuda.jit(**SIM)
        def kernel(out, value, more=1):
            out[0] = value + more

        out = np.zeros(1)
        for arguments in [(), (out,), (out, 1, 2, 3)]:
            message = rf"kernel\(\) takes 2 to 3 arguments; {len(arguments)} were given"
            with pytest.raises(TypeError, match=message):
                kernel[1, 1](*arguments)
        with pytest.raises(TypeError, match="by their places"):
            kernel[1, 1](out=out, value=1)
        with pytest.raises(TypeError, match="dtype object"):
            kernel[1, 1](np.array([None]), 1)
        kernel[1, 1](out, 2)
        assert out[0] == 3

    def test_a_kernel_returns_nothing(self):
        @cuda.jit(**SIM)
        def kernel(out):
            return out[0]

        with pytest.raises(numir.errors.TypingError, match="a kernel returns nothing, and `kernel` returns float64"):
            kernel[1, 1](np.zeros(1))

    def test_names_of_kernels_mean_nothing_elsewhere(self):
        @numir.njit
        def f():
            return cuda.grid(1)

        with pytest.raises(numir.errors.TypingError, match="means something in a kernel only"):
            f()
        with pytest.raises(RuntimeError, match="means something in a kernel only"):
            cuda.syncthreads()

    def test_arrays_by_name_are_handed_down(self):
        table = np.array([10.0, 20.0, 30.0, 40.0])

        @cuda.jit(**SIM)
        def kernel(out):
            constants = cuda.const.array_like(table)
            i = cuda.grid(1)
            out[i] = constants[i % 4] + table[0]

        out = np.zeros(8)
        kernel[2, 4](out)
        assert np.array_equal(out, np.tile(table, 2) + 10)

    def test_errors_are_told_at_their_line(self):
        @cuda.jit(**SIM)
        def kernel(out):
            i = cuda.grid(1)
            out[i] = 1 / (out.size - i)

        out = np.zeros(4)
        with pytest.raises(ZeroDivisionError, match="float division by zero") as raised:
            kernel[1, 8](out)
        last = raised.traceback[-1]
        assert last.path.name == "test_cuda_kernels.py" and str(last.statement).strip() == "out[i] = 1 / (out.size - i)"
        # The threads before it have done their work.
        assert np.array_equal(out, 1 / (4 - np.arange(4)))

    def test_kernels_are_launched_by_compiled_functions(self):
        @cuda.jit
        def fill(out, value):
            i = cuda.grid(1)
            if i < out.size:
                out[i] += value

        @numir.njit(**SIM)
        def twice(n):
            out = np.zeros(n)
            blocks = (n + 31) // 32
            fill[blocks, 32](out, 1.5)
            fill[(blocks, 1, 1), (32,)](out, 2.0)
            return out + 1

        assert np.array_equal(twice(70), np.full(70, 4.5))

        @numir.njit
        def nowhere(out):
            fill[1, 32](out, 1.0)

        with pytest.raises(numir.errors.TypingError, match="device"):
            nowhere(np.zeros(4))

    def test_launches_go_to_streams(self, monkeypatch):
        monkeypatch.setattr(numir.config, "ENABLE_CUDASIM", not ON_GPU)

        @cuda.jit
        def double(a):
            i = cuda.grid(1)
            if i < a.size:
                a[i] *= 2

        stream = cuda.stream()
        a = cuda.to_device(np.arange(10.0), stream=stream)
        double[1, 32, stream](a)
        double[1, 32, stream](a)
        assert np.array_equal(a.copy_to_host(stream=stream), 4 * np.arange(10.0))


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


class TestBits:
    @pytest.mark.parametrize("dtype", ["int8", "uint8", "int32", "uint32", "int64", "uint64"])
    def test_bits_of_integers(self, dtype):
        @cuda.jit(**SIM)
        def kernel(a, out):
            i = cuda.grid(1)
            out[i, 0] = cuda.popc(a[i])
            out[i, 1] = cuda.clz(a[i])
            out[i, 2] = cuda.ffs(a[i])
            out[i, 3] = cuda.brev(a[i])

        width = 8 * np.dtype(dtype).itemsize
        numbers = [0, 1, 2, 3, 64, 100, 127, *([-1, -128, -77] if dtype.startswith("i") else [128, 255])]
        if width > 8:
            numbers += [2**31 - 1, 123456789]
        a = np.array(numbers, dtype)
        out = np.zeros((a.size, 4), np.int64)
        kernel[1, a.size](a, out)
        for item, told in zip(a, out):
            text = format(int(item) % 2**width, f"0{width}b")
            leading = len(text) - len(text.lstrip("0"))
            first = text[::-1].find("1") + 1
            reversed_bits = int(text[::-1], 2)
            reversed_bits -= 2**64 if reversed_bits >= 2**63 else 0
            assert told.tolist() == [text.count("1"), leading, first, reversed_bits], item

    def test_small_functions(self):
        @cuda.jit(**SIM)
        def kernel(out):
            i = cuda.grid(1)
            out[i, 0] = cuda.fma(2.0, float(i), 0.5)
            out[i, 1] = cuda.cbrt(float(i))
            out[i, 2] = cuda.selp(i > 2, 10, 20)
            cuda.nanosleep(32)
            out[i, 3] = cuda.warpsize

        out = np.zeros((6, 4))
        kernel[1, 6](out)
        x = np.arange(6.0)
        assert np.array_equal(out[:, 0], 2 * x + 0.5)
        assert np.allclose(out[:, 1], np.cbrt(x), rtol=1e-15)
        assert np.array_equal(out[:, 2], np.where(x > 2, 10, 20))
        assert (out[:, 3] == 32).all()


class TestMistakes:
    """What the simulator finds, at the line where it is."""

    @pytest.mark.skipif(ON_GPU, reason="the simulator finds this, and a GPU does not tell")
    def test_a_race_in_shared_memory(self):
        @cuda.jit(**SIM)
        def kernel(out):
            tile = cuda.shared.array(32, float64)
            x = cuda.threadIdx.x
            tile[x] = x
            out[x] = tile[(x + 1) % 32]

        with pytest.raises(numir.errors.RaceError, match="with no barrier in between"):
            kernel[1, 32](np.zeros(32))

    @pytest.mark.skipif(ON_GPU, reason="the simulator finds this, and a GPU does not tell")
    def test_a_barrier_that_not_all_come_to(self):
        @cuda.jit(**SIM)
        def kernel(out):
            if cuda.threadIdx.x < 16:
                cuda.syncthreads()
            out[cuda.threadIdx.x] = 1

        with pytest.raises(numir.errors.BarrierError, match="have ended while others wait at a barrier"):
            kernel[1, 32](np.zeros(32))

    def test_an_index_out_of_bounds(self):
        @cuda.jit(**SIM)
        def kernel(out):
            tile = cuda.shared.array(8, int32)
            tile[cuda.threadIdx.x] = 1
            cuda.syncthreads()
            out[cuda.threadIdx.x] = tile[0]

        with pytest.raises(IndexError, match="index 8 is out of bounds for axis 0 with size 8"):
            kernel[1, 9](np.zeros(9))

    @pytest.mark.skipif(ON_GPU, reason="the simulator finds this, and a GPU does not tell")
    def test_memory_outside_of_arrays_without_checks(self):
        @cuda.jit(boundscheck=False, **SIM)
        def kernel(out):
            out[cuda.grid(1) + 1000] = 1

        with pytest.raises(IndexError, match="outside of the device's memory"):
            kernel[1, 4](np.zeros(4))

    def test_what_a_device_cannot_do(self):
        @cuda.jit(**SIM)
        def kernel(out):
            scratch = np.zeros(4)
            out[0] = scratch[cuda.threadIdx.x]

        with pytest.raises(numir.errors.TypingError, match="a kernel cannot make an array"):
            kernel[1, 4](np.zeros(4))
