"""Chunk sizes set within the compiled function."""

import numpy as np
from numba import njit, parallel_chunksize, prange, set_parallel_chunksize


@njit(parallel=True)
def squares(n):
    result = np.zeros(n)
    old = set_parallel_chunksize(4)
    for i in prange(n):
        result[i] = i * i
    set_parallel_chunksize(old)
    with parallel_chunksize(8):
        for i in prange(n):
            result[i] += 1
    return result


def program():
    return squares(100)
