"""A 7-point stencil in three dimensions, and how far the result is from harmonic."""

import math

import numpy as np
from numir import njit, prange


@njit(parallel=True)
def smooth(u, omega):
    """One damped Jacobi step on the inside of a box."""
    nx, ny, nz = u.shape
    v = u.copy()
    for i in prange(1, nx - 1):
        for j in range(1, ny - 1):
            for k in range(1, nz - 1):
                near = u[i - 1, j, k] + u[i + 1, j, k]
                near += u[i, j - 1, k] + u[i, j + 1, k]
                near += u[i, j, k - 1] + u[i, j, k + 1]
                v[i, j, k] = (1.0 - omega) * u[i, j, k] + omega * near / 6.0
    return v


@njit
def residual(u):
    """The root mean square of the discrete Laplacian."""
    total = 0.0
    count = 0
    nx, ny, nz = u.shape
    for i in range(1, nx - 1):
        for j in range(1, ny - 1):
            for k in range(1, nz - 1):
                laplacian = (
                    u[i - 1, j, k]
                    + u[i + 1, j, k]
                    + u[i, j - 1, k]
                    + u[i, j + 1, k]
                    + u[i, j, k - 1]
                    + u[i, j, k + 1]
                    - 6 * u[i, j, k]
                )
                total += laplacian**2
                count += 1
    return math.sqrt(total / count)


@njit
def relax(size: int, steps: int):
    """The residual before and after some steps, from a box with one warm face."""
    u = np.zeros((size, size, size))
    u[0] = 1.0
    u[-1, :, ::2] = -1.0
    before = residual(u)
    for _ in range(steps):
        u = smooth(u, 0.8)
    return before, residual(u)
