"""A generalised ufunc whose result is a number per row."""

import numpy as np
from numba import float64, guvectorize


@guvectorize([(float64[:], float64, float64[:])], "(n),()->()")
def g(x, y, res):
    acc = 0.0
    for i in range(x.shape[0]):
        acc += x[i]
    res[0] = acc * y


def program():
    return g(np.arange(12.0).reshape(3, 4), 2.0)
