"""Cholesky's decomposition, row by row."""

import numpy as np


def arguments(random):
    a = random.random((300, 300))
    return (a @ a.T + 300 * np.eye(300),)


def program(a):
    n = a.shape[0]
    lower = np.zeros_like(a)
    for j in range(n):
        lower[j, j] = np.sqrt(a[j, j] - np.sum(lower[j, :j] ** 2))
        for i in range(j + 1, n):
            lower[i, j] = (a[i, j] - np.sum(lower[i, :j] * lower[j, :j])) / lower[j, j]
    return lower
