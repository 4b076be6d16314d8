"""Tests of arguments that are decided while compiling: the same results, and the same errors, as CPython's."""

import math

import numpy as np
import pytest
from numir import _remarks, njit

SPECIAL = [0.0, -0.0, 1.0, -1.5, 1e-320, 1e160, -1e160, 1.7e308, math.inf, -math.inf, math.nan]


def length(x, y):
    return math.sqrt(x * x + y * y)


def turned(x, y):
    return math.cos(x - math.atan2(y, x))


def bell(x, y):
    return math.log(1.0 + x * x) + math.sin(math.atan(y))


def inside(x, y):
    return math.sqrt(1.0 - math.sin(x) * math.sin(x)) + math.acos(math.tanh(y))


def powers(x, y):
    return math.log(math.exp(-abs(x)) + math.cosh(min(abs(y), 5.0)))


def difference(x, y):
    return math.sqrt(x * x - y * y)


def outcome(function, *arguments):
    """The result, or the error."""
    try:
        return function(*arguments)
    except (ValueError, OverflowError, ZeroDivisionError) as error:
        return type(error), str(error).split(",")[0].split(":")[0].split(" got ")[0]


@pytest.mark.parametrize("function", [length, turned, bell, inside, powers, difference])
def test_special_values(function):
    compiled = njit(function)
    for x in SPECIAL:
        for y in SPECIAL:
            expected, got = outcome(function, x, y), outcome(compiled, x, y)
            if isinstance(expected, tuple):
                assert isinstance(got, tuple) and got[0] is expected[0], (x, y, got, expected)
            else:
                assert got == pytest.approx(expected, rel=1e-14, abs=1e-300, nan_ok=True), (x, y)


def test_an_error_inside_of_a_loop_comes_after_the_right_stores():
    def fill(angles, results):
        for i in range(len(angles)):
            results[i] = math.cos(0.5 * angles[i] - math.atan(angles[i]))

    angles = np.linspace(0, 9, 3000)
    angles[2345] = math.inf
    expected, got = np.zeros(3000), np.zeros(3000)
    with pytest.raises(ValueError):
        fill(angles, expected)
    with pytest.raises(ValueError):
        njit(fill)(angles, got)
    np.testing.assert_allclose(got, expected, rtol=1e-14)


def test_loops_over_lengths_and_angles_are_vectorised():
    @njit("(float64[::1], float64[::1], float64, float64[::1])")
    def run(x, y, turn, out):
        for i in range(len(out)):
            out[i] = math.sqrt(x[i] * x[i] + y[i] * y[i]) * math.cos(turn - math.atan2(y[i], x[i]))

    told = _remarks.read(run.py_func, run.inspect("remarks", run.signatures[0]))
    assert any("vectorized loop" in remark.text for remark in told), told
