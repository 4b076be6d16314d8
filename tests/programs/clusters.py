"""A step of k-means by masks: distances to one centre at a time, choices by np.where."""

import numpy as np
from numir import float64, njit


@njit
def nearest(points: float64[:, ::1], centres: float64[:, ::1]):
    """The number of the nearest centre of each point."""
    best = np.full(points.shape[0], np.inf)
    chosen = np.zeros(points.shape[0], np.int64)
    for j in range(centres.shape[0]):
        distance = ((points - centres[j]) ** 2).sum(axis=1)
        chosen = np.where(distance < best, j, chosen)
        best = np.minimum(distance, best)
    return chosen
