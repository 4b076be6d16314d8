"""Sums that lose little: Kahan, Neumaier, in pairs; means and variances in one pass."""

import math

import numpy as np
from numir import float32, njit, prange


@njit
def naive(items: float32[:]):
    """One after the other, in single precision."""
    total = np.float32(0)
    for item in items:
        total += item
    return total


@njit
def kahan(items):
    """With the error of the last addition kept aside."""
    total = items[0] - items[0]
    lost = total
    for item in items:
        corrected = item - lost
        new = total + corrected
        lost = (new - total) - corrected
        total = new
    return total


@njit
def neumaier(items):
    """Kahan's sum that also keeps large items."""
    total = correction = 0.0
    for item in items:
        new = total + item
        if abs(total) >= abs(item):
            correction += (total - new) + item
        else:
            correction += (item - new) + total
        total = new
    return total + correction


@njit
def pairwise(items):
    """Halves added to halves."""
    if len(items) < 8:
        total = 0.0
        for item in items:
            total += item
        return total
    middle = len(items) // 2
    return pairwise(items[:middle]) + pairwise(items[middle:])


@njit
def welford(items):
    """Mean and standard deviation in one pass; nan for nothing."""
    count, mean, squares = 0, 0.0, 0.0
    for item in items:
        count += 1
        delta = item - mean
        mean += delta / count
        squares += delta * (item - mean)
    if not count:
        return math.nan, math.nan
    return mean, math.sqrt(squares / count)


@njit(parallel=True)
def moments(items):
    """Sum, sum of squares, smallest and largest, in one parallel loop."""
    total, squares = 0.0, 0.0
    low, high = math.inf, -math.inf
    for i in prange(items.size):
        total += items[i]
        squares += items[i] * items[i]
        low = min(low, items[i])
        high = max(high, items[i])
    return total, squares, low, high


@njit(parallel=True)
def bit_summary(items):
    """And, or, exclusive or, product and count of odd ones, in one parallel loop over every second item."""
    every, some, odd = -1, 0, 0
    product = 1
    count = 0
    for i in prange(0, len(items), 2):
        every &= items[i]
        some |= items[i]
        odd ^= items[i]
        product *= items[i] | 1
        if items[i] % 2 == 1:
            count += 1
    return every, some, odd, product, count
