"""Softmax of a long vector."""

import numpy as np


def arguments(random):
    return (random.standard_normal(1_000_000),)


def program(x):
    e = np.exp(x - np.max(x))
    return e / np.sum(e)
