"""Bodies that attract each other: several sums over one chain of vectors."""

import numpy as np
from numir import float64, njit


@njit
def accelerations(position: float64[:, ::1], mass: float64[::1]):
    """What each body is accelerated by."""
    result = np.zeros_like(position)
    x, y = position[0], position[1]
    for i in range(len(mass)):
        dx, dy = x - x[i], y - y[i]
        distance = dx**2 + dy**2 + 1e-4
        pull = mass / (distance * np.sqrt(distance))
        result[0, i] = np.sum(pull * dx)
        result[1, i] = np.sum(pull * dy)
    return result
