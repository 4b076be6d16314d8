"""`vectorize`, `guvectorize` and `cuda.reduce` on the device, against NumPy and the CPU's."""

import math

import numir
import numpy as np
import pytest
from numir import config, cuda, guvectorize, vectorize

from harness.device import ON_GPU, TARGET


@vectorize(target=TARGET)
def hypotenuse(a, b):
    return math.sqrt(a * a + b * b)


SHAPES = [((), ()), ((5,), (5,)), ((5,), ()), ((3, 4), (4,)), ((3, 1), (1, 4)), ((2, 3, 4), (3, 1)), ((0, 4), (4,))]


@pytest.mark.parametrize("shapes", SHAPES)
def test_operands_are_broadcast(shapes):
    random = np.random.default_rng(0)
    a, b = (random.random(shape) for shape in shapes)
    result = hypotenuse(a, b)
    expected = np.sqrt(a * a + b * b)
    assert np.shape(result) == expected.shape and np.array_equal(result, expected)


def test_the_loop_is_a_kernel():
    hypotenuse(np.ones((3, 4)), np.ones(4))
    (text,) = {hypotenuse._loops[2, 1].inspect("gpu")}
    assert "gpu.launch_func" in text and "scf.for" not in text.split("gpu.module")[0]


def test_results_are_written_to_what_is_given():
    a = np.arange(6.0).reshape(2, 3)
    out = np.zeros((2, 3))
    assert hypotenuse(a, 1.0, out=out) is out
    assert np.array_equal(out, np.sqrt(a * a + 1))
    assert hypotenuse(a, a, out) is out
    with pytest.raises(ValueError, match="has the shape"):
        hypotenuse(a, a, out=np.zeros(3))
    with pytest.raises(ValueError, match="broadcast"):
        hypotenuse(a, np.ones(4))
    with pytest.raises(TypeError, match="takes 2 operands; 1 were given"):
        hypotenuse(a)


def test_declared_loops_are_chosen_as_numpy_does():
    @vectorize(["float32(float32, float32)", "float64(float64, float64)"], target=TARGET)
    def plus(a, b):
        return a + b

    for left, right, wanted in [("f4", "f4", "f4"), ("f4", "f8", "f8"), ("i2", "f4", "f4"), ("i8", "i8", "f8")]:
        a, b = np.arange(4).astype(left), np.arange(4).astype(right)
        result = plus(a, b)
        assert result.dtype == wanted and np.array_equal(result, (a + b).astype(wanted))
    with pytest.raises(numir.errors.TypingError, match="no loop"):
        plus(np.ones(3, complex), np.ones(3))


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 5000])
def test_a_function_reduces(size):
    @vectorize(["int64(int64, int64)"], target=TARGET)
    def plus(a, b):
        return a + b

    a = np.random.default_rng(1).integers(-1000, 1000, size)
    assert plus.reduce(a) == a.sum()


@guvectorize(["(float64[:, :], float64[:], float64[:])"], "(m,n),(n)->(m)", target=TARGET)
def product(a, x, out):
    for i in range(a.shape[0]):
        total = 0.0
        for j in range(a.shape[1]):
            total += a[i, j] * x[j]
        out[i] = total


def test_functions_of_arrays_over_further_axes():
    random = np.random.default_rng(2)
    a, x = random.random((4, 3, 5)), random.random(5)
    assert np.allclose(product(a, x), a @ x)
    assert np.allclose(product(a[0], x), a[0] @ x)
    out = np.zeros((4, 3))
    product(a, x, out)
    assert np.allclose(out, a @ x)
    spread = np.zeros((4, 6))[:, ::2]
    product(a, x, spread)
    assert np.allclose(spread, a @ x)
    with pytest.raises(ValueError, match="has the shape"):
        product(a, x, np.zeros(3))
    with pytest.raises(ValueError, match="does not fit"):
        product(a, np.ones(4))
    with pytest.raises(ValueError, match="needs 2 axes"):
        product(x, x)


def test_numbers_are_operands_of_functions_of_arrays():
    @guvectorize("(n),()->(n)", target=TARGET)
    def shifted(x, by, out):
        for i in range(x.shape[0]):
            out[i] = x[i] + by

    x = np.arange(12.0).reshape(3, 4)
    out = np.zeros((3, 4))
    shifted(x, np.arange(3.0), out)
    assert np.array_equal(out, x + np.arange(3.0)[:, None])
    with pytest.raises(TypeError, match="pass arrays for the results"):
        shifted(x, 1.0)


@pytest.mark.parametrize("size", [0, 1, 31, 256, 1000, 300_000])
@pytest.mark.parametrize("dtype", ["int32", "float64"])
def test_reductions(size, dtype):
    @cuda.reduce(target=TARGET)
    def plus(a, b):
        return a + b

    greatest = cuda.Reduce(lambda a, b: a if a > b else b, target=TARGET)
    a = np.random.default_rng(3).integers(-100, 100, size).astype(dtype)
    assert plus(a) == a.sum() and plus(a, init=7) == a.sum() + 7
    assert plus(a).dtype == dtype
    assert greatest(a, init=-1000) == max([*a, -1000])
    assert plus(a, size=size // 2) == a[: size // 2].sum()


def test_other_targets_are_refused():
    with pytest.raises(ValueError, match="knows the targets 'cpu', 'parallel' and 'cuda', not 'roc'"):
        vectorize(target="roc")


def test_arrays_on_the_device_stay_there(monkeypatch):
    monkeypatch.setattr(config, "ENABLE_CUDASIM", not ON_GPU)
    stream = cuda.stream()
    a, x = np.arange(12.0).reshape(2, 2, 3), np.arange(3.0)
    on_device = cuda.to_device(a, stream=stream)
    result = hypotenuse(on_device, on_device, stream=stream)
    assert isinstance(result, cuda.DeviceNDArray)
    assert np.array_equal(result.copy_to_host(stream=stream), np.sqrt(a * a + a * a))
    rows = product(on_device, np.broadcast_to(x, (2, 3)).copy(), stream=stream)
    assert isinstance(rows, cuda.DeviceNDArray) and np.allclose(rows.copy_to_host(stream=stream), a @ x)
