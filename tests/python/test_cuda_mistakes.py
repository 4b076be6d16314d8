"""What the simulator finds of a kernel's mistakes, at the line where they are."""

import numir
import numpy as np
import pytest
from numir import cuda, float64, int32

from harness.device import ON_GPU, SIM

pytestmark = pytest.mark.usefixtures("assembled")


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
