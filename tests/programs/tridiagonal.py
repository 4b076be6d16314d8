"""Equations with three diagonals by Thomas, and a cubic spline and implicit heat that need them."""

import numpy as np
from numir import float64, njit


@njit
def thomas(lower: float64[:], diagonal: float64[:], upper: float64[:], right: float64[:]):
    """Solve the system; the diagonals stay as they are."""
    n = len(diagonal)
    c, d = np.zeros(n), np.zeros(n)
    c[0] = upper[0] / diagonal[0]
    d[0] = right[0] / diagonal[0]
    for i in range(1, n):
        pivot = diagonal[i] - lower[i] * c[i - 1]
        c[i] = upper[i] / pivot
        d[i] = (right[i] - lower[i] * d[i - 1]) / pivot
    for i in range(n - 2, -1, -1):
        d[i] -= c[i] * d[i + 1]
    return d


@njit
def spline(x, y):
    """The second derivatives of the natural cubic spline at its knots."""
    n = x.size
    if n < 3:
        raise ValueError("a spline needs at least three knots")
    h = x[1:] - x[:-1]
    slope = (y[1:] - y[:-1]) / h
    lower, diagonal, upper, right = np.zeros(n), np.ones(n), np.zeros(n), np.zeros(n)
    lower[1:-1] = h[:-1]
    diagonal[1:-1] = 2 * (h[:-1] + h[1:])
    upper[1:-1] = h[1:]
    right[1:-1] = 6 * (slope[1:] - slope[:-1])
    return thomas(lower, diagonal, upper, right)


@njit
def evaluate(x, y, at):
    """The spline at one place; beyond the knots an error."""
    if not x[0] <= at <= x[-1]:
        raise ValueError("outside of the knots")
    second = spline(x, y)
    k = 0
    while x[k + 1] < at:
        k += 1
    h = x[k + 1] - x[k]
    a, b = (x[k + 1] - at) / h, (at - x[k]) / h
    curve = ((a**3 - a) * second[k] + (b**3 - b) * second[k + 1]) * h * h / 6
    return a * y[k] + b * y[k + 1] + curve


@njit
def implicit_heat(rod, rate: float, steps: int):
    """Steps of Crank and Nicolson on a rod with cold ends; in place."""
    inner = len(rod) - 2
    side, middle = np.full(inner, -rate / 2), np.full(inner, 1 + rate)
    for _ in range(steps):
        right = rod[1:-1] + rate / 2 * (rod[:-2] - 2 * rod[1:-1] + rod[2:])
        rod[1:-1] = thomas(side, middle, side, right)
