"""Poisson's equation by Jacobi, Gauss and Seidel, and over-relaxation, until nothing moves."""

import math

import numpy as np
from numir import float64, njit


@njit
def jacobi(source: float64[:, :], tolerance: float = 1e-6, limit: int = 1000):
    """The potential, and after how many sweeps it stood still; slices only."""
    u = np.zeros_like(source)
    for sweep in range(1, limit + 1):
        new = u.copy()
        new[1:-1, 1:-1] = (u[:-2, 1:-1] + u[2:, 1:-1] + u[1:-1, :-2] + u[1:-1, 2:] - source[1:-1, 1:-1]) / 4
        change = new - u
        u = new
        if (change * change).max() < tolerance * tolerance:
            return u, sweep
    return u, limit


@njit
def gauss_seidel(source, omega=1.0, tolerance=1e-6, limit=1000):
    """The same in place, cell after cell."""
    u = np.zeros(source.shape)
    rows, columns = source.shape
    sweep = 0
    while True:
        sweep += 1
        largest = 0.0
        for i in range(1, rows - 1):
            for j in range(1, columns - 1):
                around = u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1]
                change = omega * ((around - source[i, j]) / 4 - u[i, j])
                u[i, j] += change
                largest = max(largest, abs(change))
        if largest < tolerance or sweep >= limit:
            break
    return u, sweep


@njit
def red_black(source, sweeps: int):
    """Red cells first, then black ones."""
    u = np.zeros(source.shape)
    for _ in range(sweeps):
        for colour in (0, 1):
            for i in range(1, source.shape[0] - 1):
                for j in range(1 + (i + colour) % 2, source.shape[1] - 1, 2):
                    around = u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1]
                    u[i, j] = (around - source[i, j]) / 4
    return u


@njit
def best_omega(n: int):
    """The factor at which over-relaxation is fastest on a square of n cells."""
    return 2 / (1 + math.sin(math.pi / n))


@njit
def sweeps_saved(source):
    """How many sweeps over-relaxation spares."""
    _, plain = gauss_seidel(source)
    _, quick = gauss_seidel(source, best_omega(source.shape[0]))
    return plain - quick
