"""A sparse matrix (CSR) times a vector."""

import numpy as np


def arguments(random):
    n, each = 100_000, 12
    return np.arange(0, n * each + 1, each), random.integers(0, n, n * each), random.random(n * each), random.random(n)


def program(starts, columns, values, x):
    y = np.zeros(len(starts) - 1)
    for i in range(len(y)):
        part = slice(starts[i], starts[i + 1])
        y[i] = np.sum(values[part] * x[columns[part]])
    return y
