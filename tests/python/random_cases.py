"""Calls of random functions, as text, for both numpy.random's legacy functions and Generator; and how they are compared with NumPy's.

Numbers are equal within a unit in the last place or two, where both take logarithms and powers; that the streams stay in step is seen by what is drawn next.
"""

import importlib.util
import itertools
import random

import numpy as np
from numir import njit

# Parameters by distribution: every branch of its algorithm.
DISTRIBUTIONS = {
    "uniform": ["-2.5, 7.0"],
    "normal": ["1.0, 2.0", "0.0, 0.0"],
    "lognormal": ["0.5, 0.25"],
    "exponential": ["3.0"],
    "standard_gamma": ["0.3", "1.0", "2.5", "0.0"],
    "gamma": ["0.7, 2.0", "5.0, 1.5"],
    "beta": ["0.5, 0.7", "2.0, 3.0", "1e-3, 1e-3"],
    "chisquare": ["1.5", "7.0"],
    "f": ["3.0, 5.0"],
    "noncentral_chisquare": ["3.0, 2.0", "0.5, 2.0", "3.0, 0.0"],
    "noncentral_f": ["3.0, 5.0, 1.5"],
    "standard_cauchy": [""],
    "standard_t": ["4.0"],
    "vonmises": ["0.5, 4.0", "0.1, 1e-9", "3.0, 1e-6", "1.0, 1e7"],
    "pareto": ["3.0"],
    "weibull": ["1.5", "0.0"],
    "power": ["2.5"],
    "laplace": ["0.5, 2.0"],
    "gumbel": ["0.5, 2.0"],
    "logistic": ["0.5, 2.0"],
    "rayleigh": ["2.0"],
    "wald": ["1.5, 2.0"],
    "triangular": ["1.0, 2.0, 4.0"],
    "poisson": ["3.0", "50.0", "0.0", "1e6"],
    "binomial": ["10, 0.3", "100, 0.5", "1000, 0.4", "100000, 0.9", "20, 0.9", "0, 0.5", "10, 0.0"],
    "negative_binomial": ["5.0, 0.5", "100.0, 0.1"],
    "geometric": ["0.5", "0.1", "1e-5"],
    "logseries": ["0.3", "0.95"],
    "zipf": ["2.0", "4.0", "1.1"],
    "hypergeometric": ["15, 10, 5", "100, 200, 50", "200, 100, 250", "1000, 900, 500", "20, 5, 23"],
    "multinomial": ["20, np.array([0.2, 0.3, 0.5])", "100, np.array([0.1, 0.0, 0.9])"],
    "dirichlet": ["np.array([1.0, 2.0, 3.0])", "np.array([0.01, 0.02, 0.05])"],
}

# What raises, and arrays of parameters, of which some raise.
PARAMETERS = {
    "uniform": ["5.0, 1.0", "0.0, np.inf", "np.array([0.0, 1.0]), np.array([2.0, 5.0])", "np.array([5.0, 1.0]), 1.0"],
    "normal": [
        "0.0, -1.0",
        "0.0, -0.0",
        "np.arange(3.0)",
        "np.arange(3.0), np.ones((2, 1))",
        "0.0, np.array([1.0, -1.0])",
    ],
    "lognormal": ["0.0, -1.0"],
    "exponential": ["-1.0", "np.array([1.0, 2.0])"],
    "standard_gamma": ["-1.0", "np.array([0.3, 2.0])"],
    "gamma": ["-1.0, 2.0", "1.0, -2.0", "np.array([0.5, 1.0, 2.0]), 2.0"],
    "beta": ["0.0, 1.0", "1.0, -1.0", "np.array([0.5, 1.0]), np.array([0.5, 3.0])", "np.array([0.5, 0.0]), 1.0"],
    "chisquare": ["0.0"],
    "f": ["0.0, 1.0", "1.0, 0.0", "np.array([1.0, 2.0]), 2.0"],
    "noncentral_chisquare": ["0.0, 1.0", "1.0, -1.0"],
    "noncentral_f": ["0.0, 1.0, 1.0", "1.0, 0.0, 1.0", "1.0, 1.0, -1.0"],
    "standard_t": ["0.0", "np.array([1.0, 2.0])"],
    "vonmises": ["0.0, -1.0", "0.0, np.array([1.0, 2.0])"],
    "pareto": ["0.0"],
    "weibull": ["-1.0"],
    "power": ["0.0"],
    "laplace": ["0.0, -1.0", "np.array([0.0, 1.0]), 2.0"],
    "gumbel": ["0.0, -1.0"],
    "logistic": ["0.0, -1.0"],
    "rayleigh": ["-1.0"],
    "wald": ["0.0, 1.0", "1.0, 0.0"],
    "triangular": ["2.0, 1.0, 3.0", "1.0, 4.0, 3.0", "1.0, 1.0, 1.0", "np.array([0.0, 3.0]), 2.0, 3.0"],
    "poisson": ["-1.0", "1e20", "np.nan", "np.array([1.0, 20.0])", "np.array([1.0, -1.0])", "np.array([1.0, np.nan])"],
    "binomial": [
        "-1, 0.5",
        "1, 1.5",
        "1, np.nan",
        "np.array([5, 100]), np.array([0.5, 0.7])",
        "np.array([5, -1]), 0.5",
    ],
    "negative_binomial": ["0.0, 0.5", "1.0, 1.5", "np.array([1.0, 2.0]), 0.5"],
    "geometric": ["0.0", "1.5", "np.nan", "np.array([0.5, 0.1])", "np.array([0.5, 0.0])"],
    "logseries": ["1.0", "-0.1", "np.nan", "np.array([0.5, 1.0])"],
    "zipf": ["1.0", "np.nan", "np.array([1.5, 2.0])", "np.array([1.5, 1.0])"],
    "hypergeometric": [
        "-1, 2, 3",
        "-1, 2, 1",
        "1, 2, -3",
        "1, 2, 4",
        "np.array([10, 20]), 20, np.array([5, 15])",
        "9, 9, 0",
    ],
    "multinomial": ["-1, np.array([0.5, 0.5])", "2, np.array([0.9, 0.9, 0.1])", "2, np.array([-0.1, 1.1])"],
    "dirichlet": ["np.array([-1.0, 1.0])"],
}

CHOICES = [
    "10",
    "10, 5",
    "10, (2, 3)",
    "10, 5, False",
    "1000, 300, False",
    "20000, 10, False",
    "20000, 5000, False",
    "np.arange(10.0), 4",
    "np.arange(10.0)",
    "np.array([1.5, 2.5, 3.5]), 3, False",
    "5, 10, True, np.array([0.1, 0.2, 0.3, 0.2, 0.2])",
    "5, p=np.array([0.1, 0.2, 0.3, 0.2, 0.2])",
    "5, 3, False, np.array([0.1, 0.2, 0.3, 0.2, 0.2])",
    "5, (2, 2), False, np.array([0.1, 0.2, 0.3, 0.2, 0.2])",
    "5, 10, True, np.array([0.1, 0.2, 0.3, 0.2, 0.1])",
    "5, 10, True, np.array([0.5, 0.5])",
    "5, 10, True, np.array([-0.1, 0.6, 0.3, 0.1, 0.1])",
    "5, 4, False, np.array([0.5, 0.5, 0.0, 0.0, 0.0])",
    "5, 6, False, np.array([0.1, 0.2, 0.3, 0.2, 0.2])",
    "5, 10, True, np.array([np.nan, 0.5, 0.3, 0.1, 0.1])",
    "3, 4, replace=False",
    "0",
    "-1",
    "0, 3",
    "np.empty(0)",
    "0, 0",
]

# Of ranges, with the dtype of the result.
RANGES = {
    "int8": ["0, 2", "1", "0, 100, 7", "-128, 128, 99", "-200, 5", "0, 300"],
    "uint8": ["0, 2", "0, 100, 1001", "0, 256, 99", "0, 300", "-1, 5"],
    "int16": ["0, 100, 1001", "-32768, 32768, 99"],
    "uint16": ["3, 100, (3, 5)", "0, 65536, 99", "0, 70000"],
    "int32": ["0, 100, 50", "-2**31, 2**31, 99"],
    "uint32": ["0, 2**31 + 5, 50", "0, 2**32, 99"],
    "int64": [
        "10",
        "-5, 2**33, 100",
        "0, 2**62 + 1, 1000",
        "0, 2**32, 100",
        "0, 2**32 + 1, 100",
        "0",
        "-1",
        "5, 5",
        "5, 3",
    ],
    "uint64": ["0, 2**40, 50", "-1, 3"],
    "bool_": ["0, 2, 101", "0, 1, 3", "0, 3"],
}

_numbers = itertools.count()


def function(folder, body, parameters=""):
    """A function of Python that returns an expression, in a file of its own, which compiling needs."""
    name = f"case_{next(_numbers)}"
    path = folder / f"{name}.py"
    path.write_text(f"import random\n\nimport numpy as np\n\n\ndef case({parameters}):\n    return {body}\n")
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.case


@njit
def seed(value):
    np.random.seed(value)
    random.seed(value)


@njit
def next_numbers():
    return np.random.random(), random.random()


def outcome(call, count):
    """What some calls give, or the error that the first one raises."""
    try:
        return [call() for _ in range(count)], None
    except Exception as error:
        return None, (type(error).__name__, str(error).split("\n")[0])


def same_numbers(got, expected):
    got, expected = np.asarray(got), np.asarray(expected)
    assert got.shape == expected.shape
    if expected.dtype.kind == "f":
        np.testing.assert_array_max_ulp(got, expected.astype(got.dtype), 2)
    else:
        np.testing.assert_array_equal(got, expected)


def compare(results, expected):
    """That compiled and interpreted calls gave the same."""
    (values, error), (expected_values, expected_error) = results, expected
    assert error == expected_error
    for got, wanted in zip(values or [], expected_values or []):
        if isinstance(wanted, np.ndarray):
            assert got.dtype == wanted.dtype
        same_numbers(got, wanted)


def compare_legacy(folder, body, count=3, value=11):
    """A call of numpy.random or random, of the same seed in both."""
    call = function(folder, body)
    np.random.seed(value)
    random.seed(value)
    seed(value)
    got, expected = outcome(njit(call), count), outcome(call, count)
    compare(got, expected)
    if expected[1] is None:
        assert next_numbers() == (np.random.random(), random.random())


def compare_generator(folder, body, count=3, value=11):
    """A call of a Generator's method: each draws from one of the same seed."""
    call = function(folder, body, "rng")
    ours, theirs = np.random.default_rng(value), np.random.default_rng(value)
    compiled = njit(call)
    got, expected = outcome(lambda: compiled(ours), count), outcome(lambda: call(theirs), count)
    compare(got, expected)
    if expected[1] is None:
        assert ours.bit_generator.state == theirs.bit_generator.state
