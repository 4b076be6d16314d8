"""Fewer threads for some calls."""

import numpy as np
from numba import get_num_threads, njit, prange, set_num_threads


@njit(parallel=True)
def doubled(a):
    result = np.empty_like(a)
    for i in prange(a.size):
        result[i] = 2 * a[i]
    return result


def program():
    before = get_num_threads()
    set_num_threads(1)
    result = doubled(np.arange(100.0))
    fewer = get_num_threads()
    set_num_threads(before)
    return result, fewer, get_num_threads() == before
