"""Chunk sizes, set by a call and by a context, around calls of a parallel function."""

import numpy as np
from numba import get_parallel_chunksize, njit, parallel_chunksize, prange, set_parallel_chunksize


@njit(parallel=True)
def squares(n):
    result = np.zeros(n)
    for i in prange(n):
        result[i] = i * i
    return result


def program():
    old = set_parallel_chunksize(4)
    first = squares(100)
    set_parallel_chunksize(old)
    with parallel_chunksize(8):
        inside = get_parallel_chunksize()
        second = squares(50)
    return first, second, inside, get_parallel_chunksize()
