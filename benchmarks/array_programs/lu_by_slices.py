"""LU decomposition with a rank-one update at each step."""

import numpy as np


def arguments(random):
    return (random.random((300, 300)) + 300 * np.eye(300),)


def program(a):
    lu = a.copy()
    n = lu.shape[0]
    for k in range(n - 1):
        lu[k + 1 :, k] /= lu[k, k]
        lu[k + 1 :, k + 1 :] -= np.outer(lu[k + 1 :, k], lu[k, k + 1 :])
    return lu
