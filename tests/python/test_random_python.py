"""Python's module random: the numbers of CPython for the same seed, and its errors."""

import numpy as np
import pytest

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
