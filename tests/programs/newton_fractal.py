"""To which root of z**3 - 1 Newton's method runs from each point of the plane, and roots of polynomials."""

import cmath

import numpy as np
from numir import complex128, njit, prange


@njit
def newton(z: complex128, limit: int):
    """The number of the root, 1 to 3, and the steps; 0 if there is none."""
    first, second = complex(-0.5, 0.75**0.5), complex(-0.5, -(0.75**0.5))
    for step in range(limit):
        if abs(z) < 1e-12:
            return 0, step
        z -= (z * z * z - 1) / (3 * z * z)
        if abs(z - 1) < 1e-6:
            return 1, step
        if abs(z - first) < 1e-6:
            return 2, step
        if abs(z - second) < 1e-6:
            return 3, step
    return 0, limit


@njit(parallel=True)
def basins(size: int, limit: int = 40):
    """Roots and steps over a square of the plane."""
    roots = np.zeros((size, size), np.uint8)
    steps = np.zeros((size, size), np.uint16)
    for row in prange(size):
        for column in range(size):
            z = complex(4.0 * column / size - 2.0, 4.0 * row / size - 2.0)
            roots[row, column], steps[row, column] = newton(z, limit)
    return roots, steps


@njit
def durand_kerner(coefficients: complex128[:], rounds: int):
    """All roots of a monic polynomial at once; the coefficient of the highest power is left out."""
    n = coefficients.size
    roots = np.empty(n, np.complex128)
    for k in range(n):
        roots[k] = (0.4 + 0.9j) ** k
    for _ in range(rounds):
        for k in range(n):
            value = 1 + 0j
            for c in coefficients:
                value = value * roots[k] + c
            for other in range(n):
                if other != k:
                    value /= roots[k] - roots[other]
            roots[k] -= value
    return roots


@njit
def quadratic(a: complex128, b: complex128, c: complex128):
    """Both roots of a quadratic, the one further out first."""
    root = cmath.sqrt(b * b - 4 * a * c)
    if (b.conjugate() * root).real < 0:
        root = -root
    q = -(b + root) / 2
    return q / a, c / q
