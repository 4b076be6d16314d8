"""The Mandelbrot set with `break` inside a parallel loop, on complex numbers and on pairs of reals."""

import numpy as np
from numir import complex128, int64, njit, prange


@njit
def escape(c: complex128, limit: int64):
    """After how many steps z*z + c leaves the circle of radius 2; `limit` if it does not."""
    z = 0j
    for step in range(limit):
        if abs(z) > 2.0:
            return step
        z = z * z + c
    return limit


@njit(parallel=True)
def picture(width, height, limit):
    """The steps to escape over the plane, row by row."""
    image = np.zeros((height, width), np.int32)
    for row in prange(height):
        for column in range(width):
            image[row, column] = escape(complex(-2 + 3 * column / width, -1 + 2 * row / height), limit)
    return image


@njit(parallel=True)
def inside(points, limit):
    """How many points of the set each row of the plane has, and how many there are in all."""
    rows = np.zeros(points, np.int64)
    total = 0
    for row in prange(points):
        y = -1.25 + 2.5 * row / points
        for column in range(points):
            x = -2.0 + 2.5 * column / points
            u, v = 0.0, 0.0
            for _ in range(limit):
                u, v = u * u - v * v + x, 2.0 * u * v + y
                if u * u + v * v > 4.0:
                    break
            else:
                rows[row] += 1
                total += 1
    return rows, total
