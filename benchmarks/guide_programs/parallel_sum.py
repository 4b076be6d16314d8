"""A sum as a reduction of a prange loop."""

import numpy as np
from numba import njit, prange


@njit(parallel=True)
def prange_test(a):
    s = 0
    for i in prange(a.shape[0]):
        s += a[i]
    return s


def program():
    return prange_test(np.arange(10000))
