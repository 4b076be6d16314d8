"""Averages of a moving window, by sums of all before."""

import numpy as np


def arguments(random):
    return random.random(1_000_000), 50


def program(x, width):
    total = np.cumsum(x)
    result = total[width - 1 :].copy()
    result[1:] -= total[:-width]
    return result / width
