"""Parallel loops and operations on whole arrays as kernels: what the simulated device gives is what the CPU gives, to the bit, and
errors are those of the CPU, with the Python line."""

import pathlib

import numir
import numpy as np
import pytest
from numir import errors, njit, prange

from harness.device import TARGET


@pytest.fixture
def draws(rng):
    """Arrays of random numbers."""
    return np.random.default_rng(rng.getrandbits(32))


SIZES = [0, 1, 7, 31, 32, 33, 127, 128, 129, 4095, 4096, 4097, 20000]


def both(function):
    """A function for the CPU, and for the simulated device."""
    return njit(function), njit(target=TARGET)(function)


def check(function, *arguments, of=lambda array: array):
    """Compares result, bits included, and what has been written to the arguments; `of` makes the arguments of arrays."""
    cpu, device = both(function)
    given = [[np.copy(each) if isinstance(each, np.ndarray) else each for each in arguments] for _ in range(2)]
    expected, got = [function(*map(of, own)) for function, own in zip((cpu, device), given, strict=True)]
    for left, right in zip([*flat(expected), *given[0]], [*flat(got), *given[1]], strict=True):
        left, right = np.asarray(left), np.asarray(right)
        assert left.dtype == right.dtype and left.shape == right.shape
        assert left.tobytes() == right.tobytes()


def flat(result):
    """The parts of a tuple, or the one result."""
    return result if isinstance(result, tuple) else (result,)


def expression(a, b, k):
    return np.sin(a) * k + a * b - np.sqrt(np.abs(b))


def stretched(a, b):
    return a[:, None] * b + a.sum()


def assigned(a, b):
    a[1:-1] = 0.25 * (a[:-2] + 2 * a[1:-1] + a[2:])
    a[::2] = b[::2]
    return a[::-1] + 1


@pytest.mark.parametrize("size", SIZES)
def test_expressions(size, draws):
    check(expression, draws.random(size), draws.random(size), 3.0)


@pytest.mark.parametrize("shape", [(0, 3), (1, 1), (5, 1), (1, 7), (40, 33)])
def test_stretched_axes(shape, draws):
    check(stretched, draws.random(shape[0]), draws.random(shape))
    check(stretched, draws.random(shape[0]), draws.random((1, shape[1])))


@pytest.mark.parametrize("size", [2, 3, 300, 1000])
def test_statements_that_overlap(size, draws):
    check(assigned, draws.random(size), draws.random(size))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "int64", "int32", "uint8", "bool"])
def test_sums(size, dtype, draws):
    check(lambda x: x.sum(), (draws.random(size) * 100).astype(dtype))


@pytest.mark.parametrize("size", SIZES[1:])
@pytest.mark.parametrize("dtype", ["float64", "float32", "int64", "int16", "uint8"])
def test_other_reductions(size, dtype, draws):
    x = (draws.random(size) * 100).astype(dtype)
    check(lambda x: (x.min(), x.max(), x.prod(), (x > 50).any(), (x > 50).all(), np.sum(x * x)), x)


def test_reductions_of_what_lies_with_gaps(draws):
    x = draws.random((90, 71))
    for part in (lambda x: x.T, lambda x: x[::3], lambda x: x[:, ::-2], np.asfortranarray):
        check(lambda x: (x.sum(), (x * x).sum(), x.max()), x, of=part)
        check(lambda x: x.sum(axis=0) + 1, x, of=part)
        check(lambda x: x - x.mean(axis=1)[:, None], x, of=part)


def along_rows(x):
    return x.sum(axis=1), x.max(axis=1), (x * x + 1).sum(axis=-1), (x > 50).any(axis=1), x.prod(axis=1)


def along_columns(x):
    return x.sum(axis=0), x.min(axis=0), (x * x + 1).sum(axis=0), (x > 50).all(axis=0)


# Rows of which a thread, and of which a warp makes a sum, in one piece and in several.
@pytest.mark.parametrize("shape", [(1, 1), (300, 3), (7, 16), (33, 128), (3, 4095), (2, 4096), (5, 20001)], ids=str)
@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "int32", "uint8"])
def test_reductions_along_axes(shape, dtype, draws):
    x = (draws.random(shape) * 100).astype(dtype)
    check(along_rows, x)
    check(along_columns, x)


def softmax(x):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def normalised(x):
    return (x - x.mean(axis=1, keepdims=True)) / x.std(axis=1, keepdims=True), x.var(axis=0)


@pytest.mark.parametrize("shape", [(4, 1), (40, 7), (3, 128), (2, 8192)], ids=str)
def test_operations_along_rows(shape, draws):
    check(softmax, draws.random(shape))
    check(normalised, draws.random(shape))


def of_three_axes(x):
    return x.sum(axis=1), x.min(axis=2), x.sum(axis=(1, 2)), x.max(axis=0), x.sum(axis=(0, 1)), x.sum(axis=(0, 2))


@pytest.mark.parametrize("shape", [(5, 3, 4), (3, 2, 40), (2, 3, 5000), (40, 2, 2)], ids=str)
def test_reductions_along_several_axes(shape, draws):
    for part in (lambda x: x, lambda x: x[:, ::-1], np.asfortranarray):
        check(of_three_axes, draws.random(shape), of=part)


def test_complex_numbers_are_reduced_on_the_host(draws):
    x = draws.random((30, 40)) + 1j * draws.random((30, 40))
    check(lambda x: (x.sum(axis=1), x.sum(axis=0)), x)


def loop(x, k):
    out = np.zeros(len(k))
    for i in prange(len(k)):
        if x[k[i]] > 0.5:
            out[i] = x[k[i]] / 2
        else:
            for j in range(3):
                out[i] += x[k[i] - j]
    return out


def test_loops(draws):
    check(loop, draws.random(500), draws.integers(0, 500, 2000))
    check(loop, draws.random(1), np.zeros(0, np.int64))


def accumulated(x):
    total, most, least, count, product = 0.0, -np.inf, np.inf, 0, 1.0
    for i in prange(len(x)):
        total += x[i] * x[i]
        most = max(most, x[i])
        least = min(least, x[i])
        if x[i] > 0.5:
            count += i
        product *= 1 + x[i] / len(x)
    return total, most, least, count, product


@pytest.mark.parametrize("size", [*SIZES, 70000])
def test_loops_that_reduce(size, draws):
    x = draws.random(size)
    cpu, device = (function(x) for function in both(accumulated))
    # Sums and products are combined in another order.
    np.testing.assert_allclose(device, cpu, rtol=1e-13)
    assert device[1:4] == cpu[1:4]
    assert device == both(accumulated)[1](x)


def smaller(x, flags):
    total, some, every = np.int8(3), False, np.uint8(255)
    for i in prange(len(x)):
        total += x[i]
        some |= flags[i]
        every &= x[i].view(np.uint8) | 1
    return total, some, every


@pytest.mark.parametrize("size", [0, 1, 40, 3000])
def test_loops_that_reduce_small_numbers(size, draws):
    check(smaller, draws.integers(-100, 100, size).astype(np.int8), draws.random(size) > 0.99)


def test_errors_of_loops_that_reduce(draws):
    def summed(x, k):
        total = 0.0
        for i in prange(len(k)):
            total += x[k[i]]
        return total

    k = draws.integers(0, 50, 5000)
    k[[4000, 70]] = [60, -70]
    with pytest.raises(IndexError, match="index (-70|60) is out of bounds for axis 0 with size 50"):
        both(summed)[1](draws.random(50), k)


def nested(x):
    out = np.zeros_like(x)
    for i in prange(x.shape[0]):
        for j in prange(x.shape[1]):
            out[i, j] = x[i, j] + x[i, 0]
    return out


@pytest.mark.parametrize("shape", [(0, 4), (4, 0), (1, 1), (30, 5)])
def test_loops_in_loops(shape, draws):
    check(nested, draws.random(shape))


def test_errors_are_those_of_the_smallest_iteration(draws):
    _, device = both(loop)
    k = draws.integers(0, 500, 3000)
    k[[400, 2500]] = [-900, 7000]
    with pytest.raises(IndexError, match="index -900 is out of bounds for axis 0 with size 500") as caught:
        device(draws.random(500), k)
    frame = caught.traceback[-1]
    assert frame.path.name == "test_devices.py" and frame.name == "loop"
    # The process goes on, and so does the device.
    k[[400, 2500]] = 0
    check(loop, draws.random(500), k)


def divided(x, y):
    out = np.empty_like(x)
    for i in prange(len(x)):
        out[i] = x[i] // y[i] if y[i] else int(x[i]) // int(y[i])
    return out


def test_errors_with_a_message(draws):
    _, device = both(divided)
    with pytest.raises(ZeroDivisionError, match="integer division or modulo by zero"):
        device(np.arange(10), np.arange(10) - 5)


def several(x, n):
    total = 0.0
    for i in range(n):
        x = np.cos(x) + x[0]
        total += x[i]
    return x, total


def test_host_and_device_take_turns(draws):
    check(several, draws.random(300), 5)


def read_by_the_host(x):
    y = x * 2
    for i in range(len(y)):
        y[i] += i
    z = y + 1
    return z, y


def test_the_host_sees_what_the_device_wrote(draws):
    check(read_by_the_host, draws.random(50))


def test_python_sees_what_the_device_wrote(draws):
    from numir import objmode

    @njit(target=TARGET)
    def handed_over(x):
        y = x * 2
        with objmode(total="float64"):
            total = float(np.asarray(y).sum())
            y[0] = 7.0
        return y + total

    x = draws.random(40)
    y = x * 2
    total = y.sum()
    y[0] = 7.0
    np.testing.assert_array_equal(handed_over(x), y + total)


def test_columns_and_views_of_one_array(draws):
    def columns(a):
        a[:, 0] = a[:, 1] + 1
        a[2] = a[3] * 2
        b = a[1:3]
        b[:] = b + b
        return a.T.copy()

    check(columns, draws.random((6, 5)))


def test_arguments_that_share_memory(draws):
    def shifted(a, b):
        for i in prange(len(b)):
            b[i] = a[i] + 1
        return a.sum() + b.sum()

    base = draws.random(900)
    # One array twice, and parts that overlap where no iteration reads what another one writes.
    for first, second in [(slice(0, 900),) * 2, (slice(0, 900, 2), slice(1, 900, 2)), (slice(450, 900), slice(0, 450))]:
        results = []
        for function in both(shifted):
            own = base.copy()
            results.append((function(own[first], own[second]), own.tobytes()))
        assert results[0] == results[1]


def test_what_stays_on_the_host_is_told(capsys):
    @njit(target=TARGET)
    def drawn(n):
        out = np.empty(n)
        for i in prange(n):
            out[i] = np.random.random()
        return out

    drawn(3)
    drawn.parallel_diagnostics(level=4)
    assert "the loop stays on the host: it draws random numbers" in capsys.readouterr().out


@pytest.mark.skipif(pathlib.Path("/dev/nvidiactl").exists(), reason="this machine has a driver")
def test_without_a_driver_there_is_an_error_that_says_what_to_do(draws):
    compiled = njit(target="cuda")(expression)
    with pytest.raises(errors.DeviceError, match="driver"):
        compiled(draws.random(5), draws.random(5), 2.0)
    # Nothing else is lost.
    check(expression, draws.random(5), draws.random(5), 2.0)


def test_targets_have_names():
    with pytest.raises(numir.UnsupportedError, match="'cuda-sim'"):
        njit(target="rocm")(several)
