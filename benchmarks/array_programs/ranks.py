"""The ranks of values, by sorting their places."""

import numpy as np


def arguments(random):
    return (random.random(300_000),)


def program(x):
    order = np.argsort(x)
    ranks = np.empty(len(x), np.int64)
    ranks[order] = np.arange(len(x))
    return ranks
