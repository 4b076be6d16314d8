"""Distances of all pairs of points: a difference by broadcasting that is never an array."""

import numpy as np
from numir import float64, njit


@njit
def distances(x: float64[:, ::1], y: float64[:, ::1]):
    """The distance of each point of `x` to each of `y`."""
    difference = np.expand_dims(x, 1) - np.expand_dims(y, 0)
    return np.sqrt((difference**2).sum(axis=2))
