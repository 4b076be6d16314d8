"""A product of whole two-dimensional arrays as a reduction."""

import numpy as np
from numba import njit, prange


@njit(parallel=True)
def two_d_array_reduction_prod(n):
    shp = (13, 17)
    result1 = 2 * np.ones(shp, np.int_)
    tmp = 2 * np.ones_like(result1)
    for _ in prange(n):
        result1 *= tmp
    return result1


def program():
    return two_d_array_reduction_prod(7)
