"""What kernels print: on the simulator as Python does, a block's lines in the order of its threads; on a GPU by CUDA's `vprintf`."""

import re

import numir
import numpy as np
import pytest
from numir import cuda

from harness.device import ON_GPU, SIM

pytestmark = [
    pytest.mark.usefixtures("assembled"),
    pytest.mark.skipif(ON_GPU, reason="a GPU prints to the process's output, and numbers as C does"),
]


def test_lines_as_python_writes_them(capsys):
    @cuda.jit(**SIM)
    def kernel(a):
        i = cuda.grid(1)
        print("thread", i, "has", a[i], a[i] > 1, np.float32(0.1), 1j * a[i], sep=", ", end=";\n")

    a = np.array([0.5, 1.25, -3.0])
    kernel[1, 3](a)
    expected = [f"thread, {i}, has, {x}, {x > 1}, 0.1, {1j * x};\n" for i, x in enumerate(a.tolist())]
    assert capsys.readouterr().out == "".join(expected)


def test_threads_of_a_block_are_in_order(capsys):
    @cuda.jit(**SIM)
    def kernel():
        print("block", cuda.blockIdx.x, "thread", cuda.threadIdx.x)

    kernel[3, 40]()
    lines = capsys.readouterr().out.splitlines()
    for block in range(3):
        own = [line for line in lines if line.startswith(f"block {block} ")]
        assert own == [f"block {block} thread {thread}" for thread in range(40)]
    assert len(lines) == 120


def test_functions_below_a_kernel_print(capsys):
    @cuda.jit(device=True)
    def told(x):
        print("100% of", x)
        return x

    @cuda.jit(**SIM)
    def kernel(a):
        a[0] = told(a[0]) + 1
        cuda.syncthreads()
        print("behind the barrier")

    a = np.array([7])
    kernel[1, 1](a)
    assert capsys.readouterr().out == "100% of 7\nbehind the barrier\n" and a[0] == 8


def test_a_line_goes_to_cuda_in_one_piece():
    @cuda.jit("void(float64[::1], int32, float32)", target="cuda")
    def kernel(a, n, x):
        i = cuda.grid(1)
        print("item", i, "of", n, "is", a[i], x, n > 3)
        print("100%")

    text = kernel.inspect("ptx")
    assert len(re.findall(r"call\.uni \(retval0\), vprintf", text)) == 2
    stored = bytes(
        int(byte) for array in re.findall(r"\.b8 [\w$]+\[\d+\] = \{([^}]*)\}", text) for byte in array.split(",")
    )
    for line in (b"item %lld of %lld is %.17g %.9g %s\n", b"100%%\n", b"True", b"False"):
        assert line in stored


def test_too_many_numbers_in_a_line():
    with pytest.raises(numir.errors.TypingError, match="prints 32 numbers in a line at most"):

        @cuda.jit("void(float64[::1])", target="cuda")
        def kernel(a):
            x = a[0]
            print(x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x)

        kernel.inspect("ptx")
