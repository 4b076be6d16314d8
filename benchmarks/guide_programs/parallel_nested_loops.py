"""prange within prange over what whole-array functions have made."""

import numpy as np
from numba import njit, prange


@njit(parallel=True)
def test(x):
    n = x.shape[0]
    a = np.sin(x)
    b = np.cos(a * a)
    acc = 0
    for i in prange(n - 2):
        for j in prange(n - 1):
            acc += b[i] + b[j + 1]
    return acc


def program():
    return test(np.arange(50.0))
