"""Python's module random: the numbers of CPython for the same seed, and its errors."""

import random

import numpy as np
import pytest
from numir import njit

import random_cases
from random_cases import compare_legacy

CALLS = [
    "random()",
    "uniform(2, 5.5)",
    "triangular(1.0, 4.0, 2.0)",
    "triangular()",
    "betavariate(2.0, 3.0)",
    "betavariate(0.5, 0.5)",
    "expovariate(2.0)",
    "gammavariate(2.5, 2.0)",
    "gammavariate(1.0, 2.0)",
    "gammavariate(0.5, 2.0)",
    "gammavariate(0.0, 1.0)",
    "gauss()",
    "lognormvariate(0.0, 0.25)",
    "normalvariate()",
    "vonmisesvariate(1.0, 2.0)",
    "vonmisesvariate(1.0, 1e-7)",
    "paretovariate(3.0)",
    "weibullvariate(1.0, 1.5)",
    "randrange(10)",
    "randrange(3, 100)",
    "randrange(100, 3, -7)",
    "randrange(0)",
    "randrange(5, 5)",
    "randrange(1, 10, 0)",
    "randrange(1, 10, -1)",
    "randint(-3, 12)",
    "randint(3, 2)",
    "choice((1, 2, 3))",
    "choice(range(5))",
    "getrandbits(45)",
    "getrandbits(0)",
    "getrandbits(-1)",
]
SAMPLES = [
    "choices((1, 2, 3), k=5)",
    "choices((1, 2, 3), (1, 2, 3), k=5)",
    "choices((1.0, 2.0), cum_weights=(1, 4), k=6)",
    "choices(range(10), k=3)",
    "choices((1, 2, 3), (1, 2), k=5)",
    "choices((1, 2), (0, 0), k=5)",
    "choices((1, 2, 3))",
    "sample(range(10), 4)",
    "sample(range(1000), 30)",
    "sample(range(100000), 3000)",
    "sample((1, 2, 3), 3)",
    "sample((1, 2, 3), 4)",
]


@pytest.mark.parametrize("call", CALLS)
def test_numbers(tmp_path, call):
    compare_legacy(tmp_path, f"random.{call}", count=50)


@pytest.mark.parametrize("call", SAMPLES)
def test_samples_are_arrays(tmp_path, call, monkeypatch):
    # CPython's are lists.
    same = random_cases.same_numbers
    monkeypatch.setattr(random_cases, "same_numbers", lambda got, expected: same(got, np.array(expected)))
    compare_legacy(tmp_path, f"random.{call}", count=10)


BINOMIALS = [(0, 0.3), (5, 0.0), (5, 1.0), (1, 0.3), (20, 0.1), (20, 0.9), (1000, 0.4), (1000, 0.75), (10**6, 0.5)]


def binomials(seed, n, p, count):
    random.seed(seed)
    out = np.empty(count, np.int64)
    for i in range(count):
        out[i] = random.binomialvariate(n, p)
    return out


@pytest.mark.parametrize(("n", "p"), BINOMIALS)
def test_binomialvariate(n, p):
    """CPython has it from 3.12 on: there the numbers are its own. Before, their mean and their variance are those of the distribution."""
    count = 20_000
    drawn = njit(binomials)(7, n, p, count)
    assert drawn.min() >= 0 and drawn.max() <= n
    if hasattr(random, "binomialvariate"):
        np.testing.assert_array_equal(drawn, binomials(7, n, p, count))
    # Five standard deviations, of the mean and (for nearly normal numbers) of the variance.
    variance = n * p * (1 - p)
    assert abs(drawn.mean() - n * p) <= 5 * (variance / count) ** 0.5
    assert abs(drawn.var() - variance) <= 5 * variance * (3 / count) ** 0.5


@pytest.mark.parametrize(("n", "p"), [(-1, 0.5), (3, 1.5), (3, -0.1)])
def test_binomialvariate_of_what_is_no_chance(n, p):
    with pytest.raises(ValueError, match="must be"):
        njit(binomials)(7, n, p, 1)
