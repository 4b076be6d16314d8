"""Points in groups: k-means by Lloyd."""

import math

import numpy as np
from numir import float64, int64, njit, prange


@njit
def square_distance(a, b):
    """Of two points given as rows."""
    total = 0.0
    for x, y in zip(a, b):
        total += (x - y) ** 2
    return total


@njit(parallel=True)
def assign(points: float64[:, ::1], centers: float64[:, ::1], labels: int64[::1]):
    """Give each point the label of its nearest centre; how many labels changed."""
    changed = 0
    for i in prange(points.shape[0]):
        best, nearest = math.inf, -1
        for c in range(centers.shape[0]):
            distance = square_distance(points[i], centers[c])
            if distance < best:
                best, nearest = distance, c
        if labels[i] != nearest:
            labels[i] = nearest
            changed += 1
    return changed


@njit
def move(points, centers, labels):
    """Put each centre into the middle of its points; one without points stays."""
    counts = np.zeros(len(centers), np.int64)
    sums = np.zeros_like(centers)
    for i in range(len(points)):
        sums[labels[i]] += points[i]
        counts[labels[i]] += 1
    for c in range(len(centers)):
        if counts[c]:
            centers[c] = sums[c] / counts[c]


@njit
def kmeans(points, count: int, rounds: int = 100):
    """Centres, labels, and after how many rounds nothing changed."""
    if count > len(points):
        raise ValueError("more groups than points")
    centers = points[:count].copy()
    labels = np.full(len(points), -1)
    for round in range(rounds):
        if assign(points, centers, labels) == 0:
            break
        move(points, centers, labels)
    return centers, labels, round
