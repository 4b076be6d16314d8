"""Functions of numbers that kernels have besides Python's and NumPy's."""

import numpy as np
import pytest
from numir import cuda

from harness.device import SIM

pytestmark = pytest.mark.usefixtures("assembled")


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
