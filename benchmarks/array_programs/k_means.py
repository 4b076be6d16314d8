"""Lloyd's iterations of k-means."""

import numpy as np


def arguments(random):
    points = random.random((20_000, 4))
    return points, points[:8].copy(), 5


def program(points, start, steps):
    centres = start.copy()
    k = centres.shape[0]
    nearest = np.zeros(points.shape[0], np.int64)
    for _ in range(steps):
        best = np.full(points.shape[0], np.inf)
        for j in range(k):
            distance = ((points - centres[j]) ** 2).sum(axis=1)
            nearest = np.where(distance < best, j, nearest)
            best = np.minimum(distance, best)
        for j in range(k):
            mine = points[nearest == j]
            centres[j] = mine.sum(axis=0) / max(len(mine), 1)
    return centres, nearest
