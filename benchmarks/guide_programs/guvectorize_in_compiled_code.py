"""A generalised ufunc in a compiled function."""

import numpy as np
from numba import float64, guvectorize, njit


@guvectorize([(float64[:], float64[:])], "(n)->(n)")
def copied(x, res):
    for i in range(x.shape[0]):
        res[i] = x[i]


@njit
def called(a, res):
    copied(a, res)


def program():
    a = np.arange(10.0)
    res = np.zeros_like(a)
    called(a, res)
    return res
