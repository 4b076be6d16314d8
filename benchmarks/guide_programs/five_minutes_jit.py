"""`jit` with `nopython=True`: a sum over a plane by two loops."""

import numpy as np
from numba import jit


@jit(nopython=True)
def total(a):
    result = 0.0
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            result += a[i, j]
    return result


def program():
    return total(np.arange(12.0).reshape(3, 4))
