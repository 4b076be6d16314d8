"""A histogram of bins of one width."""

import numpy as np


def arguments(random):
    return (random.standard_normal(1_000_000),)


def program(x):
    counts, edges = np.histogram(x, 100)
    return counts, edges
