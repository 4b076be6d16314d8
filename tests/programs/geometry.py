"""Polygons, whose corners are the rows of an array; points in them, and their hull."""

import math

import numpy as np
from numir import njit


@njit
def area(corners):
    """Positive if the corners go against the clock."""
    total = 0.0
    for i in range(len(corners)):
        total += corners[i - 1, 0] * corners[i, 1] - corners[i, 0] * corners[i - 1, 1]
    return total / 2


@njit
def perimeter(corners):
    """The length of all sides."""
    total = 0.0
    for i in range(len(corners)):
        total += math.dist((corners[i, 0], corners[i, 1]), (corners[i - 1, 0], corners[i - 1, 1]))
    return total


@njit
def centroid(corners):
    """The centre of mass."""
    x = y = 0.0
    for i in range(len(corners)):
        cross = corners[i - 1, 0] * corners[i, 1] - corners[i, 0] * corners[i - 1, 1]
        x += (corners[i - 1, 0] + corners[i, 0]) * cross
        y += (corners[i - 1, 1] + corners[i, 1]) * cross
    whole = 6 * area(corners)
    return x / whole, y / whole


@njit
def contains(corners, x: float, y: float):
    """Whether a point lies inside: does a ray from it cross an odd number of sides?"""
    inside = False
    for i in range(len(corners)):
        (ax, ay), (bx, by) = corners[i - 1], corners[i]
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            inside = not inside
    return inside


@njit
def turn(a, b, c):
    """Positive if a, b, c turn left."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


@njit
def hull(points):
    """The convex hull after Jarvis, starting at the leftmost point."""
    start = 0
    for i in range(len(points)):
        if points[i, 0] < points[start, 0] or (points[i, 0] == points[start, 0] and points[i, 1] < points[start, 1]):
            start = i
    corners = np.empty_like(points)
    count = 0
    here = start
    while True:
        corners[count] = points[here]
        count += 1
        following = (here + 1) % len(points)
        for i in range(len(points)):
            if turn(points[here], points[i], points[following]) > 0:
                following = i
        here = following
        if here == start or count == len(points):
            break
    return corners[:count]
