"""Integrals: adaptive by recursion, by Gauss and Legendre, by Romberg's table."""

import math

import numpy as np
from numir import njit


@njit
def f(x):
    """What is integrated: a bump next to an oscillation."""
    return math.sin(5.0 * x) * math.exp(-x) + 1.0 / (1.0 + 100.0 * (x - 0.3) ** 2)


@njit
def refine(a, fa, b, fb, middle, fm, whole, tolerance, depth):
    """Simpson's rule on both halves, and again where they differ from the whole."""
    left, right = (a + middle) / 2, (middle + b) / 2
    fl, fr = f(left), f(right)
    lower = (middle - a) / 6 * (fa + 4 * fl + fm)
    upper = (b - middle) / 6 * (fm + 4 * fr + fb)
    delta = lower + upper - whole
    if depth <= 0 or abs(delta) <= 15 * tolerance:
        return lower + upper + delta / 15
    first = refine(a, fa, middle, fm, left, fl, lower, tolerance / 2, depth - 1)
    second = refine(middle, fm, b, fb, right, fr, upper, tolerance / 2, depth - 1)
    return first + second


@njit
def adaptive(a: float, b: float, tolerance: float = 1e-9):
    """The integral of f from a to b."""
    middle = (a + b) / 2
    fa, fb, fm = f(a), f(b), f(middle)
    return refine(a, fa, b, fb, middle, fm, (b - a) / 6 * (fa + 4 * fm + fb), tolerance, 40)


@njit
def gauss(a, b, pieces):
    """Three points of Gauss and Legendre on each of some pieces."""
    node = math.sqrt(0.6)
    at = lambda x: x * (b - a) / (2 * pieces)  # noqa: E731
    total = 0.0
    for piece in range(pieces):
        center = a + (2 * piece + 1) * (b - a) / (2 * pieces)
        for x, weight in ((-node, 5 / 9), (0.0, 8 / 9), (node, 5 / 9)):
            total += weight * f(center + at(x))
    return total * (b - a) / (2 * pieces)


@njit
def romberg(a: float, b: float, levels: int):
    """The trapezoidal rule with ever more points, extrapolated."""
    table = np.zeros((levels, levels))
    table[0, 0] = (b - a) * (f(a) + f(b)) / 2
    for n in range(1, levels):
        width = (b - a) / 2**n
        total = 0.0
        for k in range(1, 2**n, 2):
            total += f(a + k * width)
        table[n, 0] = table[n - 1, 0] / 2 + width * total
        for m in range(1, n + 1):
            table[n, m] = table[n, m - 1] + (table[n, m - 1] - table[n - 1, m - 1]) / (4**m - 1)
    return table[-1, -1]
