"""Shortest ways between all places of a map, with the next place to go to."""

import math

import numpy as np
from numir import float64, njit, prange


@njit
def shortest(distance: float64[:, ::1]):
    """Distances and next places; NumPy's inf where there is no way."""
    n = distance.shape[0]
    best = distance.copy()
    following = np.full((n, n), -1, np.int64)
    for i in range(n):
        for j in range(n):
            if i != j and not math.isinf(distance[i, j]):
                following[i, j] = j
    for k in range(n):
        for i in range(n):
            for j in range(n):
                through = best[i, k] + best[k, j]
                if through < best[i, j]:
                    best[i, j] = through
                    following[i, j] = following[i, k]
    return best, following


@njit(parallel=True)
def distances(graph):
    """The distances alone, rows in parallel, on integers with a value for no way."""
    far = 1_000_000
    best = graph.copy()
    n = len(best)
    for k in range(n):
        for i in prange(n):
            if best[i, k] == far:
                continue
            for j in range(n):
                best[i, j] = min(best[i, j], best[i, k] + best[k, j])
    return best


@njit
def path(following, start: int, goal: int):
    """The places from start to goal; an error if there is no way."""
    if start != goal and following[start, goal] < 0:
        raise LookupError("no way leads there")
    places = np.empty(following.shape[0], np.int64)
    places[0] = start
    count = 1
    while (here := places[count - 1]) != goal:
        places[count] = following[here, goal]
        count += 1
    return places[:count]


@njit
def route(distance, start, goal):
    """How far it is, and by which places."""
    best, following = shortest(distance)
    return best[start, goal], path(following, start, goal)
