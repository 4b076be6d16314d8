"""Launches of kernels by hand: their grids, arguments, signatures and streams, what they refuse, and what they raise."""

import linecache

import numir
import numpy as np
import pytest
from numir import cuda

from harness.device import ON_GPU, SIM

pytestmark = pytest.mark.usefixtures("assembled")


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
        assert (
            last.path.name == "test_cuda_launches.py" and str(last.statement).strip() == "out[i] = 1 / (out.size - i)"
        )
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


def test_the_text_of_a_launch_is_not_lost():
    """What `linecache` knows may be cleared by anybody; a kernel that has not been launched yet still can be."""

    @cuda.jit(**SIM)
    def fill(out):
        out[cuda.grid(1)] = 7.0

    linecache.clearcache()
    out = np.zeros(32)
    fill[1, 32](out)
    assert np.array_equal(out, np.full(32, 7.0))
