"""Products of matrices by loops: as in the textbook, in blocks, rows in parallel, and powers of a matrix."""

import numpy as np
from numir import njit, prange


@njit
def textbook(a, b):
    """Row times column."""
    if a.shape[1] != b.shape[0]:
        raise ValueError("the inner dimensions differ")
    c = np.zeros((a.shape[0], b.shape[1]), a.dtype)
    for i in range(a.shape[0]):
        for j in range(b.shape[1]):
            total = c[i, j]
            for k in range(a.shape[1]):
                total += a[i, k] * b[k, j]
            c[i, j] = total
    return c


@njit(parallel=True)
def parallel(a, b):
    """Rows in parallel, the inner loop along a row of `b`."""
    c = np.zeros((a.shape[0], b.shape[1]))
    for i in prange(a.shape[0]):
        for k in range(a.shape[1]):
            for j in range(b.shape[1]):
                c[i, j] += a[i, k] * b[k, j]
    return c


@njit
def blocked(a, b, block=8):
    """In square blocks."""
    n, inner, m = a.shape[0], a.shape[1], b.shape[1]
    c = np.zeros((n, m))
    for i0 in range(0, n, block):
        for k0 in range(0, inner, block):
            for j0 in range(0, m, block):
                for i in range(i0, min(i0 + block, n)):
                    for k in range(k0, min(k0 + block, inner)):
                        for j in range(j0, min(j0 + block, m)):
                            c[i, j] += a[i, k] * b[k, j]
    return c


@njit
def power(a, exponent: int):
    """a multiplied by itself, by squaring."""
    result = np.zeros_like(a)
    for i in range(len(a)):
        result[i, i] = 1
    while exponent > 0:
        if exponent & 1:
            result = textbook(result, a)
        a = textbook(a, a)
        exponent >>= 1
    return result
