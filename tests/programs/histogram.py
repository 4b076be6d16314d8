"""Histograms: serial, with an array as the result of a parallel loop, of two variables, and equalised pictures."""

import numpy as np
from numir import njit, prange, uint8


@njit
def histogram(values, low, high, bins):
    """How many values fall into each of some equal intervals."""
    if bins < 1:
        raise ValueError("at least one bin is needed")
    counts = np.zeros(bins, np.int64)
    for value in values:
        if low <= value < high:
            counts[int((value - low) / (high - low) * bins)] += 1
        elif value == high:
            counts[-1] += 1
    return counts


@njit(parallel=True)
def histogram_parallel(values, low, high, bins):
    """The same; each thread counts on its own."""
    counts = np.zeros(bins, np.int64)
    for i in prange(len(values)):
        value = values[i]
        if low <= value < high:
            counts[int((value - low) / (high - low) * bins)] += 1
    return counts


@njit
def histogram2d(x, y, bins: int):
    """Counts over the unit square."""
    counts = np.zeros((bins, bins), np.uint32)
    for a, b in zip(x, y):
        if 0 <= a < 1 and 0 <= b < 1:
            counts[int(a * bins), int(b * bins)] += 1
    return counts


@njit
def equalise(image: uint8[:, :]):
    """Spread the grey levels of a picture evenly."""
    counts = np.zeros(256, np.int64)
    for value in image.ravel():
        counts[value] += 1
    seen = 0
    levels = np.empty(256, np.uint8)
    for level in range(256):
        seen += counts[level]
        levels[level] = 255 * seen // image.size
    result = np.empty_like(image)
    for i in range(image.shape[0]):
        for j in range(image.shape[1]):
            result[i, j] = levels[image[i, j]]
    return result
