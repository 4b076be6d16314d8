"""Distances of all pairs of points by broadcasting."""

import numpy as np


def arguments(random):
    return random.random((700, 3)), random.random((600, 3))


def program(x, y):
    difference = np.expand_dims(x, 1) - np.expand_dims(y, 0)
    return np.sqrt((difference**2).sum(axis=2))
