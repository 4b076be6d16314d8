"""What parameters of distributions must be, in NumPy's words: of a number, and of all items of an array."""

import math

import numpy as np
from numir.intrinsics import kind

# The square root of the distance of 1 to the next float.
_TOLERANCE = 1.4901161193847656e-08


def non_negative(x, name):
    if np.any(np.signbit(x) & ~np.isnan(x)):
        raise ValueError(f"{name} < 0")


def positive(x, name):
    if np.any(np.less_equal(x, 0)):
        raise ValueError(f"{name} <= 0")


def positive_not_nan(x, name):
    if np.any(np.isnan(x)):
        raise ValueError(f"{name} must not be NaN")
    positive(x, name)


def probability(x, name):
    if not np.all(np.greater_equal(x, 0) & np.less_equal(x, 1)):
        if kind(x) == "array":
            raise ValueError(f"{name} < 0, {name} > 1 or {name} contains NaNs")
        raise ValueError(f"{name} < 0, {name} > 1 or {name} is NaN")


def positive_probability(x, name):
    if not np.all(np.greater(x, 0) & np.less_equal(x, 1)):
        raise ValueError(f"{name} <= 0, {name} > 1 or {name} contains NaNs")


def less_than_one(x, name):
    if not np.all(np.greater_equal(x, 0) & np.less(x, 1)):
        if kind(x) == "array":
            raise ValueError(f"{name} < 0, {name} >= 1 or {name} contains NaNs")
        raise ValueError(f"{name} < 0, {name} >= 1 or {name} is NaN")


def greater_than_one(x, name):
    if not np.all(np.greater(x, 1)):
        if kind(x) == "array":
            raise ValueError(f"{name} <= 1 or {name} contains NaNs")
        raise ValueError(f"{name} <= 1 or {name} is NaN")


# NumPy's largest mean: ten standard deviations above it are still an int64.
_LARGEST_RATE = 9.223372006484771e18


def rate(x, name):
    if kind(x) == "array":
        if not np.all(np.less_equal(x, _LARGEST_RATE)):
            raise ValueError(f"{name} value too large")
        if not np.all(np.greater_equal(x, 0)):
            raise ValueError(f"{name} < 0 or {name} contains NaNs")
    elif not x >= 0:
        raise ValueError(f"{name} < 0 or {name} is NaN")
    elif not x <= _LARGEST_RATE:
        raise ValueError(f"{name} value too large")


def at_least_one(x, name):
    if not np.all(np.greater_equal(x, 1)):
        if kind(x) == "array":
            raise ValueError(f"{name} < 1 or {name} contains NaNs")
        raise ValueError(f"{name} < 1 or {name} is NaN")


def finite_range(low, high, message):
    width = np.subtract(high, low)
    if not np.all(np.isfinite(width)):
        raise OverflowError(message)


def ordered(left, mode, right):
    if np.any(np.greater(left, mode)):
        raise ValueError("left > mode")
    if np.any(np.greater(mode, right)):
        raise ValueError("mode > right")
    if np.any(np.equal(left, right)):
        raise ValueError("left == right")


def probabilities(p, size):
    """The p of Generator.choice(), for a population of that size."""
    if p.ndim != 1:
        raise ValueError("p must be 1-dimensional")
    if p.size != size:
        raise ValueError("a and p must have same size")
    total = _exact_sum(p.reshape(-1))
    if math.isnan(total):
        raise ValueError("Probabilities contain NaN")
    if np.any(p < 0):
        raise ValueError("Probabilities are not non-negative")
    if abs(total - 1.0) > _TOLERANCE:
        raise ValueError("Probabilities do not sum to 1. See Notes section of docstring for more information.")


def legacy_probabilities(p, size):
    """The same in the words of numpy.random.choice()."""
    if p.ndim != 1:
        raise ValueError("'p' must be 1-dimensional")
    if p.size != size:
        raise ValueError("'a' and 'p' must have same size")
    total = _exact_sum(p.reshape(-1))
    if math.isnan(total):
        raise ValueError("probabilities contain NaN")
    if np.any(p < 0):
        raise ValueError("probabilities are not non-negative")
    if abs(total - 1.0) > _TOLERANCE:
        raise ValueError("probabilities do not sum to 1")


def _exact_sum(p):
    # Kahan's sum, which NumPy takes here.
    total, lost = 0.0, 0.0
    for x in p:
        part = x - lost
        new = total + part
        lost = (new - total) - part
        total = new
    return total
