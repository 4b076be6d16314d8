"""Vectors of one to four numbers in kernels: `cuda.float32x4` and the like."""

import numir
import numpy as np
import pytest
from numir import cuda

from harness.device import SIM, defined

pytestmark = pytest.mark.usefixtures("assembled")

BASES = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32", "float64"]
C_NAMES = {
    "char": "int8",
    "short": "int16",
    "int": "int32",
    "long": "int64",
    "longlong": "int64",
    "uchar": "uint8",
    "ushort": "uint16",
    "uint": "uint32",
    "ulong": "uint64",
    "ulonglong": "uint64",
    "float": "float32",
    "double": "float64",
}


@pytest.mark.parametrize("base", BASES)
def test_numbers_are_those_of_the_type(base):
    lines = ["def kernel(a, out):"]
    place = 0
    for count in (1, 2, 3, 4):
        lines.append(f"    v = cuda.{base}x{count}({', '.join(f'a[{k}]' for k in range(count))})")
        for item in "xyzw"[:count]:
            lines.append(f"    out[{place}] = v.{item}")
            place += 1
    kernel = cuda.jit(**SIM)(defined("\n".join(lines) + "\n", "kernel", cuda=cuda))
    a = np.array([1.75, 100.0, 7.0, 3.5])
    out = np.zeros(place)
    kernel[1, 1](a, out)
    expected = a.astype(base).astype(float)
    assert out.tolist() == [expected[k] for count in (1, 2, 3, 4) for k in range(count)]


def test_names_of_c_are_the_same_types():
    lines = ["def kernel(out):", "    value = 300.7"]
    for place, (name, base) in enumerate(C_NAMES.items()):
        lines.append(f"    out[{place}] = cuda.{name}2(value, value).y == cuda.{base}x2(value, value).y")
        # Either arm of a choice has the type of the other.
        lines.append(f"    v = cuda.{name}4(1, 2, 3, 4) if value > 1 else cuda.{base}x4(5, 6, 7, 8)")
        lines.append(f"    out[{place}] += v.w")
    kernel = cuda.jit(**SIM)(defined("\n".join(lines) + "\n", "kernel", cuda=cuda))
    out = np.zeros(len(C_NAMES))
    kernel[1, 1](out)
    assert (out == 5).all()


def test_they_are_made_of_vectors_too():
    @cuda.jit(**SIM)
    def kernel(out):
        i = cuda.grid(1)
        pair = cuda.float32x2(i, i + 0.5)
        whole = cuda.float32x4(pair, 7, 8)
        middle = cuda.float64x4(1, pair, 2)
        copy = cuda.int32x4(middle)
        one = cuda.float32x1(3.25)
        three = cuda.float3(one, pair)
        out[i] = whole.x + 10 * whole.y + 100 * whole.z + 1000 * whole.w
        out[i] += 1e5 * (middle.y + middle.z + middle.w + copy.z + three.z)

    out = np.zeros(5)
    kernel[1, 5](out)
    i = np.arange(5.0)
    expected = i + 10 * (i + 0.5) + 700 + 8000 + 1e5 * (i + i + 0.5 + 2 + np.trunc(i + 0.5) + i + 0.5)
    assert np.array_equal(out, expected)


def test_device_functions_take_and_give_them():
    @cuda.jit(device=True)
    def added(a, b):
        return cuda.float64x3(a.x + b.x, a.y + b.y, a.z + b.z)

    @cuda.jit(device=True)
    def dot(a, b):
        return a.x * b.x + a.y * b.y + a.z * b.z

    @cuda.jit(**SIM)
    def kernel(points, out):
        i = cuda.grid(1)
        total = cuda.float64x3(0, 0, 0)
        for k in range(points.shape[1]):
            total = added(total, cuda.float64x3(points[i, k, 0], points[i, k, 1], points[i, k, 2]))
        out[i] = dot(total, total)

    points = np.random.default_rng(9).random((4, 6, 3))
    out = np.zeros(4)
    kernel[1, 4](points, out)
    assert np.allclose(out, (points.sum(axis=1) ** 2).sum(axis=1), rtol=1e-14)


def test_names_may_be_imported():
    from numir.cuda import float32x2, float64x2

    @cuda.jit(**SIM)
    def kernel(out):
        v = float32x2(0.1, 0.2)
        w = float64x2(v)
        out[0], out[1] = w.x, w.y

    out = np.zeros(2)
    kernel[1, 1](out)
    assert np.array_equal(out, np.float32([0.1, 0.2]))


def test_mistakes():
    def refused(expression, message):
        source = f"def kernel(out):\n    v = {expression}\n    out[0] = v.x\n"
        with pytest.raises(numir.errors.TypingError, match=message):
            cuda.jit(**SIM)(defined(source, "kernel", cuda=cuda))[1, 1](np.zeros(1))

    refused(
        "cuda.float32x4(1, 2, 3)",
        "float32x4() takes 4 numbers, alone or in vectors, and gets 3".replace("(", r"\(").replace(")", r"\)"),
    )
    refused("cuda.float32x2(cuda.float32x2(1, 2), 3)", "and gets 3")
    refused("cuda.int32x2((1, 2))", "takes numbers and vectors, not")
    refused("cuda.int32x2(1j, 2)", "takes numbers and vectors, not")
