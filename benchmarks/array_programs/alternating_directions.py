"""A step of the alternating-direction method: tridiagonal systems by sweeps over slices."""

import numpy as np


def arguments(random):
    return random.random((500, 500)), 0.3, 4


def program(start, r, steps):
    u = start.copy()
    n = u.shape[0]
    c = np.zeros(n)
    c[0] = -r / (1.0 + 2.0 * r)
    for i in range(1, n):
        c[i] = -r / (1.0 + 2.0 * r + r * c[i - 1])
    for _ in range(steps):
        u[0, :] /= 1.0 + 2.0 * r
        for i in range(1, n):
            u[i, :] = (u[i, :] + r * u[i - 1, :]) / (1.0 + 2.0 * r + r * c[i - 1])
        for i in range(n - 2, -1, -1):
            u[i, :] -= c[i] * u[i + 1, :]
        u = u.T.copy()
    return u
